use super::{RefundEvent, RefundRequest, RefundState, SourceClass};
use crate::{
    error::{MoneyError, WalletError},
    exact::decimal::{self, Sum},
    money::Money,
    time::Instant,
    wallet::Source,
};
use std::{collections::BTreeSet, fmt};

/// A refund that was planned: what was asked, what goes where, and what became of it.
///
/// # Rule
/// R-W15, R-W19
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    request: RefundRequest,
    legs: Vec<RefundLeg>,
    state: RefundState,
}

/// What one source gets back.
///
/// # Rule
/// R-W15, R-W16
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundLeg {
    source: Source<'static>,
    amount: Money,
    to: Destination,
}

/// Where what a source paid goes.
///
/// # Rule
/// R-W16
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// To where it came from. What was owed is owed no more; what of it the payer has repaid since is his, and
    /// whoever carries it out puts that to his balance.
    Source,
    /// To the coupon that it came from, which then expires no earlier than this.
    SourceUntil(Instant),
    /// To the balance instead.
    Balance,
    /// Nowhere; it is written down.
    Recorded,
}

impl Refund {
    /// A refund as it was kept.
    ///
    /// [`Refunds::plan`](super::Refunds::plan) makes one; this is how a store reads one back.
    ///
    /// # Errors
    /// What is wrong with the request by itself (`wallet.empty_id`, `wallet.negative_amount`,
    /// `wallet.fee_above_refund`, `money.bad_step`, `money.not_a_multiple`);
    /// `wallet.refund_source_twice`; `wallet.refund_destination` for a coupon's leg that the
    /// give-back policy does not send there; `money.not_conserved` unless the legs add up to the
    /// amount without the fee; `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Rule
    /// R-W15
    pub fn new(request: RefundRequest, legs: Vec<RefundLeg>, state: RefundState) -> Result<Self, WalletError> {
        request.check()?;
        let net = request.net()?;
        let mut seen = BTreeSet::new();
        let mut parts = Sum::from(decimal::zero(net.amount().scale()));
        for leg in &legs {
            if !seen.insert(&leg.source) {
                return Err(WalletError::RefundSourceTwice {
                    refund: request.id.clone(),
                    origin: leg.source.to_string(),
                });
            }
            let free = SourceClass::of(&leg.source) == SourceClass::Free;
            if free && !request.give_back.allows(leg.to) {
                return Err(leg.misplaced());
            }
            leg.amount.currency().same_as(net.currency())?;
            parts.add(leg.amount.amount())?;
        }
        let (whole, parts) = (net.amount(), parts.total()?);
        if whole != parts {
            return Err(MoneyError::NotConserved { whole, parts }.into());
        }
        Ok(Self { request, legs, state })
    }

    /// What was asked.
    pub const fn request(&self) -> &RefundRequest {
        &self.request
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.request.id
    }

    /// What goes where, in the order in which it is returned; none returns nothing.
    pub fn legs(&self) -> &[RefundLeg] {
        &self.legs
    }

    /// What became of it.
    pub const fn state(&self) -> RefundState {
        self.state
    }

    /// The same refund after an event.
    ///
    /// # Errors
    /// `wallet.refund_transition`.
    ///
    /// # Rule
    /// R-W19
    pub fn after(self, event: RefundEvent) -> Result<Self, WalletError> {
        Ok(Self { state: self.state.after(event)?, ..self })
    }
}

impl RefundLeg {
    /// So much of what a source paid.
    ///
    /// # Errors
    /// `wallet.empty_refund_leg` unless the amount is above zero; `wallet.refund_destination` where
    /// what no coupon paid would go elsewhere than back.
    pub fn new(source: Source<'static>, amount: Money, to: Destination) -> Result<Self, WalletError> {
        let leg = Self { source, amount, to };
        if amount.is_zero() || amount.is_negative() {
            return Err(WalletError::EmptyRefundLeg { origin: leg.source.to_string(), amount: amount.amount() });
        }
        match SourceClass::of(&leg.source) {
            SourceClass::Held | SourceClass::Owed if to != Destination::Source => Err(leg.misplaced()),
            SourceClass::Held | SourceClass::Owed | SourceClass::Free => Ok(leg),
        }
    }

    /// Whose payment it undoes.
    pub const fn source(&self) -> &Source<'static> {
        &self.source
    }

    /// How much.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// Where it goes.
    pub const fn to(&self) -> Destination {
        self.to
    }

    fn misplaced(&self) -> WalletError {
        WalletError::RefundDestination { origin: self.source.to_string(), destination: self.to.name() }
    }
}

impl fmt::Display for RefundLeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, amount, to } = self;
        let owed = SourceClass::of(source) == SourceClass::Owed;
        match to {
            Destination::Source if owed => write!(f, "{amount} off {source}"),
            Destination::Source => write!(f, "{amount} to {source}"),
            Destination::SourceUntil(until) => write!(f, "{amount} to {source} until {until}"),
            Destination::Balance => write!(f, "{amount} of {source} to the balance"),
            Destination::Recorded => write!(f, "{amount} of {source}, recorded only"),
        }
    }
}

impl Destination {
    /// The name, as `source`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::SourceUntil(_) => "source_until",
            Self::Balance => "balance",
            Self::Recorded => "recorded",
        }
    }
}
