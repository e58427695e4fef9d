//! What the payer of a single call has, for the routine that draws.

use super::{
    Coupon, Fund, Funds, Leg, Purpose, Source, SourceKind, Step,
    choice::{automatic, pays},
    draw::{Drawn, Part, Purse, Visitor},
    funding_order::{BY_EXPIRY, sort},
    lock::Held,
};
use crate::{
    error::{MoneyError, WalletError},
    exact::decimal,
    money::{Currency, Money},
    time::Instant,
};
use rust_decimal::Decimal;
use std::ops::ControlFlow;

/// Which sources may pay, and in which order.
pub(super) struct Sources<'f, 'a> {
    pub(super) steps: &'f [Step],
    /// The coupons that were named, each fit to pay; none means the automatic choice.
    pub(super) named: Option<&'f [&'a Coupon]>,
    pub(super) funds: &'f Funds<'a>,
    /// What live locks hold.
    pub(super) held: &'f Held<'f>,
    pub(super) purpose: &'f Purpose<'f>,
    pub(super) now: Instant,
}

/// Where a source stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    Coupon(&'a Coupon),
    Fund(&'a Fund),
    Balance,
    Debt,
}

impl<'a> Purse for Sources<'_, 'a> {
    type Leg = Leg<'a>;

    fn steps(&self) -> &[Step] {
        self.steps
    }

    fn balance(&self) -> Money {
        self.funds.balance()
    }

    fn debt(&self) -> Money {
        self.funds.debt()
    }

    fn locked_balance(&self) -> Result<Option<Decimal>, MoneyError> {
        self.held.of(&Source::Balance)
    }

    #[inline]
    fn visit(&self, step: &Step, visitor: &mut impl Visitor<At<'a>>) -> Result<ControlFlow<()>, WalletError> {
        match step.kind {
            SourceKind::Coupon => self.coupons(step, visitor),
            SourceKind::Balance => {
                let kept = self.held.of(&Source::Balance)?;
                Ok(visitor.see(At::Balance, &self.funds.balance(), kept.as_ref()))
            }
            kind => self.others(kind, step, visitor),
        }
    }
}

impl<'a> Sources<'_, 'a> {
    #[inline]
    fn coupons(&self, step: &Step, visitor: &mut impl Visitor<At<'a>>) -> Result<ControlFlow<()>, WalletError> {
        let mut sorted: Vec<&'a Coupon> = Vec::new();
        let (rows, are_chosen) = match self.named {
            Some(named) => (named, true),
            None if *step.keys == BY_EXPIRY => (self.funds.in_order(), false), // funds have them in this order
            None => {
                sorted.extend(automatic(self.funds, self.purpose, self.now));
                sort(&mut sorted, &step.keys);
                (sorted.as_slice(), true)
            }
        };
        let are_free = self.held.is_empty();
        for coupon in rows {
            if !are_chosen && !pays(coupon, self.purpose, self.now) {
                continue;
            }
            let kept = if are_free { None } else { self.held.of_coupon(coupon)? };
            if visitor.see(At::Coupon(coupon), &coupon.terms().balance, kept.as_ref()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn others(
        &self,
        kind: SourceKind,
        step: &Step,
        visitor: &mut impl Visitor<At<'a>>,
    ) -> Result<ControlFlow<()>, WalletError> {
        let of_kind = self.funds.others().iter().filter(|fund| fund.terms().kind.source_kind() == kind);
        let usable = of_kind.filter(|fund| fund.is_in_force(self.now) && fund.is_usable_for(self.purpose));
        let mut rows: Vec<&'a Fund> = usable.collect();
        sort(&mut rows, &step.keys);
        for fund in rows {
            let mut kept = self.held.of(&fund.source())?;
            if let Some(most) = fund.terms().most {
                let beyond = decimal::subtract(fund.balance().amount(), most.amount())?;
                kept = kept.max(Some(beyond)).filter(|kept| kept.is_sign_positive() && !kept.is_zero());
            }
            if visitor.see(At::Fund(fund), &fund.terms().balance, kept.as_ref()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl<'a> At<'a> {
    /// What a leg calls it.
    #[inline]
    pub(super) fn source(self) -> Source<'a> {
        match self {
            Self::Coupon(coupon) => Source::Coupon(coupon.id().into()),
            Self::Fund(fund) => fund.source(),
            Self::Balance => Source::Balance,
            Self::Debt => Source::Debt,
        }
    }
}

impl<'a> Drawn for Leg<'a> {
    type Source = At<'a>;
    const BALANCE: At<'a> = At::Balance;
    const DEBT: At<'a> = At::Debt;

    #[inline]
    fn drawn(at: At<'a>, part: Part, currency: Currency) -> Self {
        Self::of(at.source(), part, currency)
    }

    #[inline]
    fn kind(&self) -> SourceKind {
        self.source().kind()
    }

    #[inline]
    fn part(&self) -> &Part {
        self.as_part()
    }

    #[inline]
    fn currency(&self) -> Currency {
        self.amount().currency()
    }
}
