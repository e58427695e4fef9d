//! How much of a refund goes to which source (R-W15, R-W18).

use super::{GiveBack, ReturnOrder};
use crate::{
    error::{MoneyError, WalletError},
    exact::{RoundingMode, decimal},
    money::{RoundAt, Rounding, allocate_between},
    wallet::Source,
};
use rust_decimal::Decimal;
use smallvec::SmallVec;

/// What kind of money a source is, for a refund.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceClass {
    /// The account's: money that it held, as a balance or on stored-value cards.
    Held,
    /// The account's: what the payer came to owe, on a credit line or as debt.
    Owed,
    /// Free money with an id, that a give-back policy decides about: coupons, cash coupons, bonuses.
    Free,
}

impl SourceClass {
    /// The class of a source.
    pub const fn of(source: &Source<'_>) -> Self {
        // Without `_`: a kind of money that is added must be thought of here.
        match source {
            Source::Coupon(_) | Source::CashCoupon(_) | Source::Bonus(_) => Self::Free,
            Source::Balance | Source::StoredCard(_) => Self::Held,
            Source::Credit(_) | Source::Debt => Self::Owed,
        }
    }
}

/// What one source paid of a payment, and got back of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::wallet) struct Share {
    pub(in crate::wallet) class: SourceClass,
    pub(in crate::wallet) paid: Decimal,
    pub(in crate::wallet) returned: Decimal,
}

/// A payment as its refunds see it: one of the books, or a row of many.
#[derive(Debug, Clone, Copy)]
pub(in crate::wallet) struct Shares<'a> {
    pub(in crate::wallet) of_sources: &'a [Share],
    pub(in crate::wallet) paid: Decimal,
    /// All that was refunded of it, with fees.
    pub(in crate::wallet) refunded: Decimal,
    pub(in crate::wallet) fees: Decimal,
}

/// How much is refunded, and how.
#[derive(Debug, Clone, Copy)]
pub(in crate::wallet) struct Asked {
    pub(in crate::wallet) amount: Decimal,
    pub(in crate::wallet) fee: Decimal,
    pub(in crate::wallet) step: Decimal,
    pub(in crate::wallet) order: ReturnOrder,
    pub(in crate::wallet) give_back: GiveBack,
}

impl Asked {
    pub(super) fn check_signs(&self) -> Result<(), WalletError> {
        let is_below_zero = |amount: &Decimal| amount.is_sign_negative() && !amount.is_zero();
        match [self.amount, self.fee].into_iter().find(is_below_zero) {
            Some(amount) => Err(WalletError::NegativeAmount { amount }),
            None => Ok(()),
        }
    }

    /// What is wrong with it by itself.
    pub(in crate::wallet) fn check(&self) -> Result<(), WalletError> {
        self.check_signs()?;
        if self.fee > self.amount {
            return Err(WalletError::FeeAboveRefund { fee: self.fee, amount: self.amount });
        }
        let step = Rounding::new(RoundingMode::HalfEven, self.step, RoundAt::Total)?;
        step.check(self.amount)?;
        Ok(step.check(self.fee)?)
    }
}

impl Shares<'_> {
    /// What an amount takes of each source, by its place, in the order in which they return; parts of
    /// nothing among them. It is checked by itself before.
    ///
    /// # Errors
    /// `money.not_a_multiple`, `wallet.refund_above_rest`, `money.overflow`.
    pub(in crate::wallet) fn split(&self, asked: &Asked, parts: &mut Vec<(usize, Decimal)>) -> Result<(), WalletError> {
        self.check_steps(asked.step)?;
        let left = self.left_under(asked.give_back)?;
        if asked.amount > left {
            let Self { paid, refunded, .. } = *self;
            return Err(WalletError::RefundAboveRest { amount: asked.amount, paid, refunded, left });
        }
        let split = Split {
            shares: self.of_sources,
            amount: decimal::subtract(asked.amount, asked.fee)?,
            step: asked.step,
            order: asked.order,
            coupons: asked.give_back != GiveBack::NotCoupons,
        };
        parts.clear();
        Ok(split.parts(parts)?)
    }

    /// What can still be refunded under a policy.
    pub(in crate::wallet) fn left_under(&self, give_back: GiveBack) -> Result<Decimal, MoneyError> {
        let left = decimal::subtract(self.paid, self.refunded)?;
        match give_back {
            GiveBack::NotCoupons => {}
            GiveBack::SameCoupon
            | GiveBack::SameCouponUntil(_)
            | GiveBack::BalanceIfExpired
            | GiveBack::Balance
            | GiveBack::RecordedOnly => return Ok(left),
        }
        let mut account = decimal::zero(left.scale());
        for share in self.of_sources.iter().filter(|share| share.class != SourceClass::Free) {
            account = decimal::add(account, decimal::subtract(share.paid, share.returned)?)?;
        }
        let account = decimal::subtract(account, self.fees)?;
        Ok(account.min(left).max(decimal::zero(left.scale())))
    }

    /// Every source must come out even, or refunding everything would not restore it.
    fn check_steps(&self, step: Decimal) -> Result<(), MoneyError> {
        let step = Rounding::new(RoundingMode::HalfEven, step, RoundAt::Total)?;
        self.of_sources.iter().try_for_each(|share| {
            step.check(share.paid)?;
            step.check(share.returned)
        })
    }
}

/// What sources paid together, and got back of it.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    paid: Decimal,
    returned: Decimal,
}

/// Places of sources: more than these few are rare.
type Places = SmallVec<[usize; 16]>;

/// The parts of an amount by the places of their sources.
///
/// The amount is at most what is left of the sources, so the parts add up to it.
struct Split<'a> {
    shares: &'a [Share],
    amount: Decimal,
    step: Decimal,
    order: ReturnOrder,
    /// Whether the coupons take part.
    coupons: bool,
}

impl Split<'_> {
    fn parts(&self, parts: &mut Vec<(usize, Decimal)>) -> Result<(), MoneyError> {
        if self.order == ReturnOrder::ReverseDeduction {
            let places: Places =
                (0..self.shares.len()).rev().filter(|place| self.coupons || !self.is_free(*place)).collect();
            self.one_after_the_other(&places, self.amount, parts)?;
            return Ok(());
        }
        let of = |class| (0..self.shares.len()).filter(move |place| self.class(*place) == Some(class));
        let owed: Places = of(SourceClass::Owed).rev().collect();
        let held: Places = of(SourceClass::Held).collect();
        let free: Places = of(SourceClass::Free).collect();
        let account = self.group(&owed)?.and(self.group(&held)?)?;
        let coupons = self.group(&free)?;
        let to_account = match self.order {
            _ if !self.coupons => self.amount,
            ReturnOrder::Proportional => self.first_of_two(account, coupons, self.amount)?,
            ReturnOrder::PaidFirst | ReturnOrder::ReverseDeduction => self.amount.min(account.left()?),
            ReturnOrder::FreeFirst => decimal::subtract(self.amount, self.amount.min(coupons.left()?))?,
        };
        let to_coupons = decimal::subtract(self.amount, to_account)?;
        if self.order == ReturnOrder::FreeFirst {
            self.nested(&free, to_coupons, parts)?;
        }
        let to_held = self.one_after_the_other(&owed, to_account, parts)?;
        self.nested(&held, to_held, parts)?;
        if self.order != ReturnOrder::FreeFirst {
            self.nested(&free, to_coupons, parts)?;
        }
        Ok(())
    }

    /// Each to its end, in this order; the answer is what they do not take.
    fn one_after_the_other(
        &self,
        places: &[usize],
        amount: Decimal,
        parts: &mut Vec<(usize, Decimal)>,
    ) -> Result<Decimal, MoneyError> {
        let mut rest = amount;
        for place in places {
            let part = rest.min(self.one(*place).left()?);
            rest = decimal::subtract(rest, part)?;
            parts.push((*place, part));
        }
        Ok(rest)
    }

    /// Each and those after it, by two (R-W15).
    fn nested(&self, places: &[usize], amount: Decimal, parts: &mut Vec<(usize, Decimal)>) -> Result<(), MoneyError> {
        let mut rest = amount;
        let mut after = self.group(places)?;
        for place in places {
            let one = self.one(*place);
            after = after.without(one)?;
            let part = self.first_of_two(one, after, rest)?;
            rest = decimal::subtract(rest, part)?;
            parts.push((*place, part));
        }
        Ok(())
    }

    /// The first's part of an amount: what brings it to its share of all that came back to both.
    ///
    /// The share by R-M4 never falls when more comes back to the two, so it needs no bounds as long
    /// as nothing but such shares was returned. After a refund was closed, or came in another order,
    /// the bounds hold it: no part is negative, and neither gets more than it paid.
    fn first_of_two(&self, first: Group, second: Group, amount: Decimal) -> Result<Decimal, MoneyError> {
        let paid = [first.paid, second.paid];
        if amount.is_zero() || first.paid.is_zero() {
            return Ok(decimal::zero(self.step.scale()));
        }
        if second.paid.is_zero() {
            return Ok(amount); // as the last of several always does
        }
        let returned = decimal::add(decimal::add(first.returned, second.returned)?, amount)?;
        let [share, _] = allocate_between(returned, paid, self.step)?;
        let wanted = decimal::subtract(share, first.returned)?;
        let least = decimal::subtract(amount, second.left()?)?.max(decimal::zero(self.step.scale()));
        let most = amount.min(first.left()?);
        Ok(wanted.max(least).min(most))
    }

    fn class(&self, place: usize) -> Option<SourceClass> {
        self.shares.get(place).map(|share| share.class)
    }

    fn is_free(&self, place: usize) -> bool {
        self.class(place) == Some(SourceClass::Free)
    }

    fn one(&self, place: usize) -> Group {
        let share = self.shares.get(place);
        share.map_or_else(Group::default, |share| Group { paid: share.paid, returned: share.returned })
    }

    fn group(&self, places: &[usize]) -> Result<Group, MoneyError> {
        places.iter().try_fold(Group::default(), |group, place| group.and(self.one(*place)))
    }
}

impl Group {
    fn left(self) -> Result<Decimal, MoneyError> {
        decimal::subtract(self.paid, self.returned)
    }

    fn and(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { paid: decimal::add(self.paid, other.paid)?, returned: decimal::add(self.returned, other.returned)? })
    }

    fn without(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            paid: decimal::subtract(self.paid, other.paid)?,
            returned: decimal::subtract(self.returned, other.returned)?,
        })
    }
}
