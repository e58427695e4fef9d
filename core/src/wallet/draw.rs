//! The one routine that takes money from sources, whatever they are and in whatever order.

use super::{
    Coupon, Fund, Funds, Leg, Plan, Purpose, Shortfall, Source, SourceKind, Step,
    choice::automatic,
    funding_order::{BY_EXPIRY, sort},
    lock::Held,
};
use crate::{
    error::{MoneyError, WalletError},
    exact::decimal::{self, Sum},
    money::Money,
    time::Instant,
};
use rust_decimal::Decimal;
use std::ops::ControlFlow;

/// The legs that are made room for at first: ten coupons and the balance.
const USUAL_LEGS: usize = 11;

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

impl<'a> Sources<'_, 'a> {
    /// Takes an amount from them.
    ///
    /// # Errors
    /// As [`Charge::deduct`](super::Charge::deduct), of the funds.
    pub(super) fn draw(&self, amount: Money, shortfall: Shortfall) -> Result<Plan<'a>, WalletError> {
        let mut legs = Vec::with_capacity(USUAL_LEGS);
        let mut rest = Sum::from(amount.amount());
        if !rest.is_zero() {
            self.each(|source, before, kept| {
                legs.push(Leg::drawn(source, before, kept, &mut rest)?);
                Ok(if rest.is_zero() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        if !rest.is_zero() {
            let rest = Money::new(rest.total()?, amount.currency());
            self.fall_short(amount, rest, shortfall, &mut legs)?;
        }
        Plan::conserved(amount, legs) // promise 2: checked at run time too
    }

    /// Visits each source that has something to pay with, in order: what it holds, and what of that it
    /// has to keep.
    pub(super) fn each(
        &self,
        mut visit: impl FnMut(Source<'a>, Money, Option<Decimal>) -> Result<ControlFlow<()>, WalletError>,
    ) -> Result<(), WalletError> {
        for step in self.steps {
            let flow = match step.kind {
                SourceKind::Coupon => match self.named {
                    Some(named) => self.coupons(named.iter().copied(), &mut visit)?,
                    // Funds have them in this order.
                    None if *step.keys == BY_EXPIRY => {
                        self.coupons(automatic(self.funds, self.purpose, self.now), &mut visit)?
                    }
                    None => {
                        let mut rows: Vec<&'a Coupon> = automatic(self.funds, self.purpose, self.now).collect();
                        sort(&mut rows, &step.keys);
                        self.coupons(rows, &mut visit)?
                    }
                },
                SourceKind::Balance => self.balance(&mut visit)?,
                kind => self.others(kind, step, &mut visit)?,
            };
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }

    #[inline]
    fn coupons(
        &self,
        coupons: impl IntoIterator<Item = &'a Coupon>,
        visit: &mut impl FnMut(Source<'a>, Money, Option<Decimal>) -> Result<ControlFlow<()>, WalletError>,
    ) -> Result<ControlFlow<()>, WalletError> {
        for coupon in coupons {
            let source = Source::Coupon(coupon.id().into());
            let kept = self.held.of(&source)?;
            if kept.is_some_and(|kept| kept >= coupon.balance().amount()) {
                continue;
            }
            if visit(source, coupon.balance(), kept)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn balance(
        &self,
        visit: &mut impl FnMut(Source<'a>, Money, Option<Decimal>) -> Result<ControlFlow<()>, WalletError>,
    ) -> Result<ControlFlow<()>, WalletError> {
        let balance = self.funds.balance();
        let kept = self.held.of(&Source::Balance)?;
        if balance.amount() <= kept.unwrap_or_default() {
            return Ok(ControlFlow::Continue(()));
        }
        visit(Source::Balance, balance, kept)
    }

    fn others(
        &self,
        kind: SourceKind,
        step: &Step,
        visit: &mut impl FnMut(Source<'a>, Money, Option<Decimal>) -> Result<ControlFlow<()>, WalletError>,
    ) -> Result<ControlFlow<()>, WalletError> {
        let of_kind = self.funds.others().iter().filter(|fund| fund.terms().kind.source_kind() == kind);
        let usable = of_kind.filter(|fund| fund.is_in_force(self.now) && fund.is_usable_for(self.purpose));
        let mut rows: Vec<&'a Fund> = usable.collect();
        sort(&mut rows, &step.keys);
        for fund in rows {
            let (source, balance) = (fund.source(), fund.balance());
            let mut kept = self.held.of(&source)?;
            if let Some(most) = fund.terms().most {
                let beyond = decimal::subtract(balance.amount(), most.amount())?;
                kept = kept.max(Some(beyond)).filter(|kept| kept.is_sign_positive() && !kept.is_zero());
            }
            if balance.amount() <= kept.unwrap_or_default() {
                continue;
            }
            if visit(source, balance, kept)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// What is left when every source is used up, above zero: from the balance, as debt, or an error.
    #[cold]
    fn fall_short(
        &self,
        amount: Money,
        rest: Money,
        shortfall: Shortfall,
        legs: &mut Vec<Leg<'a>>,
    ) -> Result<(), WalletError> {
        let free = self.free_balance(legs)?;
        let (overdrawn, owed) = match shortfall {
            Shortfall::Refuse => return Err(self.refusal(amount, rest, free, None, legs)?),
            Shortfall::Overdraft { limit: None } => (rest, None),
            Shortfall::Overdraft { limit: Some(limit) } => {
                if rest.compare(free.plus(limit)?)?.is_gt() {
                    return Err(self.refusal(amount, rest, free, Some(limit), legs)?);
                }
                (rest, None)
            }
            Shortfall::Debt { overdraft: None } => (Money::zero(rest.currency()), Some(rest)),
            Shortfall::Debt { overdraft: Some(limit) } => {
                let room = free.plus(limit)?;
                let part = match rest.compare(room)? {
                    _ if room.is_negative() => Money::zero(rest.currency()),
                    order if order.is_gt() => room,
                    _ => rest,
                };
                (part, Some(rest.minus(part)?))
            }
        };
        if !overdrawn.is_zero() {
            let leg = legs.iter_mut().find(|leg| *leg.source() == Source::Balance);
            match leg {
                Some(leg) => *leg = Leg::new(Source::Balance, leg.amount().plus(overdrawn)?, leg.before())?,
                None => legs.push(Leg::new(Source::Balance, overdrawn, self.funds.balance())?),
            }
        }
        match owed {
            Some(owed) if !owed.is_zero() => legs.push(Leg::new(Source::Debt, owed, self.funds.debt())?),
            _ => {}
        }
        Ok(())
    }

    /// What the balance still has beside what is locked and taken; below zero where it is overdrawn.
    fn free_balance(&self, legs: &[Leg<'_>]) -> Result<Money, WalletError> {
        let balance = self.funds.balance();
        let taken = legs.iter().find(|leg| *leg.source() == Source::Balance);
        let now = taken.map_or(balance, Leg::after);
        let locked = self.held.of(&Source::Balance)?.unwrap_or_default();
        Ok(now.minus(Money::new(locked, balance.currency()))?)
    }

    /// Why it can not be paid, in the terms of the sources that were asked.
    fn refusal(
        &self,
        amount: Money,
        rest: Money,
        free: Money,
        limit: Option<Money>,
        legs: &[Leg<'_>],
    ) -> Result<WalletError, WalletError> {
        let asks = |kind| self.steps.iter().any(|step| step.kind == kind);
        let only = |kinds: &[SourceKind]| self.steps.iter().all(|step| kinds.contains(&step.kind));
        let from_coupons = || -> Result<Decimal, MoneyError> {
            let legs = legs.iter().filter(|leg| leg.source().kind() == SourceKind::Coupon);
            let mut total = Sum::from(decimal::zero(amount.amount().scale()));
            legs.map(|leg| leg.amount().amount()).try_for_each(|part| total.add(part))?;
            total.total()
        };
        let (amount, rest) = (amount.amount(), rest.amount());
        let is_overdraft = limit.is_some();
        if !is_overdraft && only(&[SourceKind::Coupon]) {
            return Ok(WalletError::CouponsNotEnough { amount, coupons: from_coupons()?, missing: rest });
        }
        let limit = limit.map_or(Decimal::ZERO, Money::amount);
        let asks_balance = is_overdraft || asks(SourceKind::Balance);
        // A balance below zero has to be topped up to zero, or to its bound, before it pays anything.
        let short = decimal::add(free.amount(), limit)?;
        let missing = if asks_balance && (is_overdraft || short.is_sign_negative()) {
            decimal::subtract(rest, short)?
        } else {
            rest
        };
        if !only(&[SourceKind::Coupon, SourceKind::Balance]) {
            return Ok(WalletError::SourcesNotEnough { amount, found: decimal::subtract(amount, rest)?, missing });
        }
        let coupons = from_coupons()?;
        // What the balance had for this, before it paid.
        let taken = legs.iter().find(|leg| *leg.source() == Source::Balance).map(|leg| leg.amount().amount());
        let balance = decimal::add(free.amount(), taken.unwrap_or_default())?;
        Ok(if is_overdraft {
            WalletError::OverdraftExceeded { amount, coupons, balance, limit, missing }
        } else {
            WalletError::FundsNotEnough { amount, coupons, balance, missing }
        })
    }
}
