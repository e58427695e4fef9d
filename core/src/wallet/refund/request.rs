use super::{Destination, split::Asked};
use crate::{
    error::{WalletError, excerpt},
    money::Money,
    time::Instant,
};
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// Something that is to be refunded of a payment.
///
/// # Units
/// `amount` and `fee` in the currency of the payment, both multiples of `step`.
///
/// # Rule
/// R-W14, R-W19
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// What identifies the refund, within the application: asked again, it is the same refund.
    pub id: String,
    /// The application that was paid.
    pub application: String,
    /// The order or statement that was paid; with the application, it names the payment.
    pub order: String,
    /// How much of the payment is undone, zero or more, with the fee.
    pub amount: Money,
    /// What of it is kept before anything is returned (R-P10); zero for none.
    pub fee: Money,
    /// What every part is a multiple of, as `0.01`.
    pub step: Decimal,
    /// What is returned to first.
    pub returned: ReturnOrder,
    /// Where the part goes that coupons paid.
    pub give_back: GiveBack,
}

/// Which sources get back first.
///
/// What is owed comes before what was held, always: a debt of this payment is lowered before money is
/// handed out for it. Refunds of one payment may differ in it, and each source still gets back what
/// it paid and no more.
///
/// # Rule
/// R-W15, R-W18
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnOrder {
    /// Each as it paid (portal): account and coupons in proportion, and the coupons among each other.
    Proportional,
    /// The last that paid first.
    ReverseDeduction,
    /// The account before the coupons; each group within itself in proportion.
    PaidFirst,
    /// The coupons before the account; each group within itself in proportion.
    FreeFirst,
}

/// Where the part goes that coupons paid.
///
/// # Rule
/// R-W16
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GiveBack {
    /// To the same coupon. If that is expired it holds the amount and stays unusable.
    SameCoupon,
    /// To the same coupon, which then expires no earlier than this.
    SameCouponUntil(Instant),
    /// To the same coupon, or to the balance if the coupon is expired.
    BalanceIfExpired,
    /// To the balance.
    Balance,
    /// Nowhere: the part is written down as refunded and nobody gets it (the portal's
    /// `is_refund_coupon: false`).
    RecordedOnly,
    /// Coupons take no part: what is refunded is of the account's share of the payment alone, and
    /// comes back whole.
    ///
    /// The difference to [`RecordedOnly`](Self::RecordedOnly): there a refund of 100 of a payment
    /// that coupons paid to a half returns 50; here it returns 100, and no more than what the account
    /// paid can be asked for.
    NotCoupons,
}

impl RefundRequest {
    /// What is returned: the amount without the fee.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn net(&self) -> Result<Money, WalletError> {
        Ok(self.amount.minus(self.fee)?)
    }

    /// What is wrong with it by itself.
    pub(super) fn check(&self) -> Result<(), WalletError> {
        let ids = [("refund", &self.id), ("application", &self.application), ("order", &self.order)];
        if let Some((what, _)) = ids.into_iter().find(|(_, id)| id.is_empty()) {
            return Err(WalletError::EmptyId { what });
        }
        let asked = self.asked();
        asked.check_signs()?;
        self.fee.currency().same_as(self.amount.currency())?;
        asked.check()
    }

    /// How much is refunded, and how.
    pub(super) fn asked(&self) -> Asked {
        let (amount, fee, step) = (self.amount.amount(), self.fee.amount(), self.step);
        Asked { amount, fee, step, order: self.returned, give_back: self.give_back }
    }

    /// The first fact in which another request of the same id differs.
    pub(super) fn differs(&self, again: &Self) -> Option<&'static str> {
        // Without `..`: a field that is added must be thought of here.
        let Self { id: _, application, order, amount, fee, step, returned, give_back } = self;
        let facts = [
            ("payment", (application, order) == (&again.application, &again.order)),
            ("amount", *amount == again.amount),
            ("fee", *fee == again.fee),
            ("step", *step == again.step),
            ("return order", *returned == again.returned),
            ("give-back policy", *give_back == again.give_back),
        ];
        facts.into_iter().find(|(_, same)| !same).map(|(fact, _)| fact)
    }
}

impl ReturnOrder {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Proportional, Self::ReverseDeduction, Self::PaidFirst, Self::FreeFirst];

    /// The name, as `paid_first`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proportional => "proportional",
            Self::ReverseDeduction => "reverse_deduction",
            Self::PaidFirst => "paid_first",
            Self::FreeFirst => "free_first",
        }
    }
}

impl fmt::Display for ReturnOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ReturnOrder {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|order| order.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "return order",
            text: excerpt(text),
            known: "proportional, reverse_deduction, paid_first, free_first",
        })
    }
}

impl GiveBack {
    /// The name, as `same_coupon`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SameCoupon => "same_coupon",
            Self::SameCouponUntil(_) => "same_coupon_until",
            Self::BalanceIfExpired => "balance_if_expired",
            Self::Balance => "balance",
            Self::RecordedOnly => "recorded_only",
            Self::NotCoupons => "not_coupons",
        }
    }

    /// Whether what a coupon paid may go there.
    pub(super) fn allows(self, to: Destination) -> bool {
        match self {
            Self::SameCoupon => to == Destination::Source,
            Self::SameCouponUntil(until) => to == Destination::SourceUntil(until),
            Self::BalanceIfExpired => matches!(to, Destination::Source | Destination::Balance),
            Self::Balance => to == Destination::Balance,
            Self::RecordedOnly => to == Destination::Recorded,
            Self::NotCoupons => false,
        }
    }
}

impl fmt::Display for GiveBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameCouponUntil(until) => write!(f, "{} {until}", self.name()),
            _ => f.write_str(self.name()),
        }
    }
}
