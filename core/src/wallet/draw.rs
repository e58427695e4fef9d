//! The one routine that takes money from sources, whatever they are and in whatever order.
//!
//! It knows no rows: a [`Purse`] shows what it has, step by step, and keeps the legs in a form of its own. One is
//! the funds of a single call ([`Sources`](super::sources::Sources)), the other a payer among columns
//! ([`bulk`](super::bulk)).

use super::{Shortfall, SourceKind, Step};
use crate::{
    error::{MoneyError, WalletError},
    exact::decimal::{self, Sum},
    money::{Currency, Money},
};
use rust_decimal::Decimal;
use std::ops::ControlFlow;

/// What pays: the sources of one payer, as far as they may pay one charge.
///
/// All amounts are of one currency.
pub(super) trait Purse {
    /// A leg in the form in which it is kept.
    type Leg: Drawn;

    /// In which order kinds of sources pay.
    fn steps(&self) -> &[Step];

    /// What the account holds.
    fn balance(&self) -> Money;

    /// What is owed beside it.
    fn debt(&self) -> Money;

    /// What live locks hold of the balance, if anything.
    fn locked_balance(&self) -> Result<Option<Decimal>, MoneyError>;

    /// Shows the sources of a step in order, until the visitor has seen enough.
    fn visit(
        &self,
        step: &Step,
        visitor: &mut impl Visitor<<Self::Leg as Drawn>::Source>,
    ) -> Result<ControlFlow<()>, WalletError>;

    /// Shows the sources of all steps.
    #[inline]
    fn each(&self, visitor: &mut impl Visitor<<Self::Leg as Drawn>::Source>) -> Result<(), WalletError> {
        for step in self.steps() {
            if self.visit(step, visitor)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Who is shown sources.
///
/// Amounts are handed over where they stand, and the answer is one bit: ten coupons are shown for each payment, and it
/// is the copies that cost.
pub(super) trait Visitor<S> {
    /// A source that has something to pay with: what it holds, and what of that it has to keep.
    fn able(&mut self, source: S, holds: &Money, kept: Option<&Decimal>) -> ControlFlow<()>;

    /// A source, which may have nothing to pay with.
    #[inline(always)]
    fn see(&mut self, source: S, holds: &Money, kept: Option<&Decimal>) -> ControlFlow<()> {
        let is_able = match kept {
            None => !holds.is_zero() && !holds.is_negative(),
            Some(kept) => holds.amount() > *kept,
        };
        if is_able { self.able(source, holds, kept) } else { ControlFlow::Continue(()) }
    }
}

/// A leg in the form in which a [`Purse`] keeps it.
pub(super) trait Drawn {
    /// What names a source.
    type Source: Copy;
    /// The account's balance.
    const BALANCE: Self::Source;
    /// What is owed beside it.
    const DEBT: Self::Source;

    fn drawn(source: Self::Source, part: Part, currency: Currency) -> Self;

    fn kind(&self) -> SourceKind;

    fn part(&self) -> &Part;

    fn currency(&self) -> Currency;
}

/// What a source pays, and how it stood before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) amount: Decimal,
    pub(super) before: Decimal,
    pub(super) after: Decimal,
}

/// Takes an amount from a purse; the legs are put behind those that are there.
///
/// # Errors
/// As [`Charge::deduct`](super::Charge::deduct), of the funds.
#[inline]
pub(super) fn draw<P: Purse>(
    purse: &P,
    amount: Money,
    shortfall: Shortfall,
    legs: &mut Vec<P::Leg>,
) -> Result<(), WalletError> {
    let mut drawing = Drawing { rest: Sum::from(amount.amount()), legs, outcome: Ok(()) };
    if !drawing.rest.is_zero() {
        purse.each(&mut drawing)?;
        drawing.outcome?;
    }
    let Drawing { rest, legs, .. } = drawing;
    if !rest.is_zero() {
        let rest = Money::new(rest.total()?, amount.currency());
        Short { purse, amount, rest, shortfall }.settle(legs)?;
    }
    Ok(())
}

/// Takes from each source that is shown, as long as something is left to be taken.
struct Drawing<'l, L> {
    rest: Sum,
    legs: &'l mut Vec<L>,
    outcome: Result<(), MoneyError>,
}

impl<L: Drawn> Visitor<L::Source> for Drawing<'_, L> {
    #[inline(always)]
    fn able(&mut self, source: L::Source, holds: &Money, kept: Option<&Decimal>) -> ControlFlow<()> {
        let (before, currency) = (holds.amount(), holds.currency());
        // Nearly always a source has nothing to keep, is used up, and there is room for its leg: then the leg is made
        // where it stays, and not copied.
        let has_room = self.legs.len() < self.legs.capacity();
        if kept.is_none() && has_room && self.rest.take(before) {
            self.legs.push(L::drawn(source, Part::all(before), currency));
        } else {
            match Part::drawn(before, kept.copied(), &mut self.rest) {
                Ok(part) => self.legs.push(L::drawn(source, part, currency)),
                Err(error) => self.outcome = Err(error),
            }
        }
        if self.rest.is_zero() || self.outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// What coupons and their like pay of an amount, and what the account pays, if the legs add up to it (promise 2).
///
/// # Errors
/// `money.not_conserved`, `money.currency_mismatch`, `money.overflow`.
#[inline]
pub(super) fn sides<L: Drawn>(amount: Money, legs: &[L]) -> Result<(Decimal, Decimal), MoneyError> {
    let (whole, currency) = (amount.amount(), amount.currency());
    // Nothing, with the digits of the amount: `0.00` beside `12.30`.
    let nothing = Sum::from(decimal::zero(whole.scale()));
    let (mut from_coupons, mut from_account) = (nothing, nothing);
    for leg in legs {
        leg.currency().same_as(currency)?;
        let side = if leg.kind().is_coupon() { &mut from_coupons } else { &mut from_account };
        side.add(leg.part().amount)?;
    }
    let mut parts = from_coupons;
    parts.add_sum(from_account)?;
    if !parts.is(whole) {
        return Err(MoneyError::NotConserved { whole, parts: parts.total()? });
    }
    Ok((from_coupons.total()?, from_account.total()?))
}

impl Part {
    /// A source that is used up.
    #[inline]
    fn all(before: Decimal) -> Self {
        Self { amount: before, before, after: decimal::zero(before.scale()) }
    }

    /// What a source pays of `rest`, both above zero and of one currency; it leaves what is left.
    ///
    /// What it has to keep, as because a lock holds it, is less than what it holds. One subtraction says
    /// it all: below zero, the difference is what the source keeps of what it could have paid.
    #[inline(never)]
    pub(super) fn drawn(before: Decimal, kept: Option<Decimal>, rest: &mut Sum) -> Result<Self, MoneyError> {
        let spare = match kept {
            None => before,
            Some(kept) => decimal::subtract(before, kept)?,
        };
        let nothing = decimal::zero(spare.scale());
        rest.subtract(spare)?;
        let (amount, left) = if rest.is_negative() {
            let missing = std::mem::replace(rest, Sum::from(nothing)).total()?;
            (decimal::add(spare, missing)?, decimal::negate(missing))
        } else {
            (spare, nothing)
        };
        let after = match kept {
            None => left,
            Some(kept) => decimal::add(kept, left)?,
        };
        Ok(Self { amount, before, after })
    }
}

/// A payment that its sources do not cover: every one is used up, and `rest` is left, above zero.
struct Short<'p, P> {
    purse: &'p P,
    amount: Money,
    rest: Money,
    shortfall: Shortfall,
}

impl<P: Purse> Short<'_, P> {
    /// The rest from the balance, as debt, or an error.
    #[cold]
    fn settle(&self, legs: &mut Vec<P::Leg>) -> Result<(), WalletError> {
        let (rest, currency) = (self.rest, self.rest.currency());
        let free = self.free_balance(legs)?;
        let (overdrawn, owed) = match self.shortfall {
            Shortfall::Refuse => return Err(self.refusal(free, None, legs)?),
            Shortfall::Overdraft { limit: None } => (rest, None),
            Shortfall::Overdraft { limit: Some(limit) } => {
                if rest.compare(free.plus(limit)?)?.is_gt() {
                    return Err(self.refusal(free, Some(limit), legs)?);
                }
                (rest, None)
            }
            Shortfall::Debt { overdraft: None } => (Money::zero(currency), Some(rest)),
            Shortfall::Debt { overdraft: Some(limit) } => {
                let room = free.plus(limit)?;
                let part = match rest.compare(room)? {
                    _ if room.is_negative() => Money::zero(currency),
                    order if order.is_gt() => room,
                    _ => rest,
                };
                (part, Some(rest.minus(part)?))
            }
        };
        if !overdrawn.is_zero() {
            let taken = legs.iter_mut().find(|leg| leg.kind() == SourceKind::Balance);
            let (amount, before) = match &taken {
                Some(leg) => (decimal::add(leg.part().amount, overdrawn.amount())?, leg.part().before),
                None => (overdrawn.amount(), self.purse.balance().amount()),
            };
            let part = Part { amount, before, after: decimal::subtract(before, amount)? };
            let leg = P::Leg::drawn(P::Leg::BALANCE, part, currency);
            match taken {
                Some(taken) => *taken = leg,
                None => legs.push(leg),
            }
        }
        if let Some(owed) = owed.filter(|owed| !owed.is_zero()) {
            let (amount, before) = (owed.amount(), self.purse.debt().amount());
            let part = Part { amount, before, after: decimal::add(before, amount)? };
            legs.push(P::Leg::drawn(P::Leg::DEBT, part, currency));
        }
        Ok(())
    }

    /// What the balance still has beside what is locked and taken; below zero where it is overdrawn.
    fn free_balance(&self, legs: &[P::Leg]) -> Result<Money, WalletError> {
        let balance = self.purse.balance();
        let now = self.taken(legs).map_or(balance.amount(), |part| part.after);
        let locked = self.purse.locked_balance()?.unwrap_or_default();
        Ok(Money::new(decimal::subtract(now, locked)?, balance.currency()))
    }

    /// What was taken from the balance, if anything.
    fn taken(&self, legs: &[P::Leg]) -> Option<Part> {
        legs.iter().find(|leg| leg.kind() == SourceKind::Balance).map(|leg| *leg.part())
    }

    /// Why it can not be paid, in the terms of the sources that were asked.
    fn refusal(&self, free: Money, limit: Option<Money>, legs: &[P::Leg]) -> Result<WalletError, WalletError> {
        let steps = self.purse.steps();
        let asks = |kind| steps.iter().any(|step| step.kind == kind);
        let only = |kinds: &[SourceKind]| steps.iter().all(|step| kinds.contains(&step.kind));
        let from_coupons = || -> Result<Decimal, MoneyError> {
            let legs = legs.iter().filter(|leg| leg.kind() == SourceKind::Coupon);
            let mut total = Sum::from(decimal::zero(self.amount.amount().scale()));
            legs.map(|leg| leg.part().amount).try_for_each(|part| total.add(part))?;
            total.total()
        };
        let (amount, rest) = (self.amount.amount(), self.rest.amount());
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
        let taken = self.taken(legs).map(|part| part.amount);
        let balance = decimal::add(free.amount(), taken.unwrap_or_default())?;
        Ok(if is_overdraft {
            WalletError::OverdraftExceeded { amount, coupons, balance, limit, missing }
        } else {
            WalletError::FundsNotEnough { amount, coupons, balance, missing }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Authorisation, Books, Charge, CostBasis, Coupon, CouponTerms, Coupons, Fund, FundKind, FundTerms, Funding,
            FundingOrder, Funds, Method, Scope, testing::*,
        },
        *,
    };

    const EVERY_KIND: [FundKind; 3] = [FundKind::CashCoupon, FundKind::Bonus, FundKind::Credit];

    fn of_kind(kind: FundKind, id: &str, balance: &str) -> FundTerms {
        FundTerms { kind, ..card(id, balance) }
    }

    /// What each source pays, in order, or the code of the error.
    fn pay(
        amount: &str,
        balance: &str,
        coupons: &[Coupon],
        others: &[Fund],
        order: &str,
    ) -> Result<String, WalletError> {
        let funds = Funds::new(cny(balance), coupons)?.with(others)?;
        let charge = Charge { funding: Funding::Order(order.parse()?), ..charge(amount) };
        let plan = charge.deduct(&funds, at(100))?;
        let legs = plan
            .legs()
            .iter()
            .map(|leg| format!("{} {}", leg.source().id().unwrap_or(leg.source().kind().name()), leg.amount()));
        Ok(legs.collect::<Vec<_>>().join(", "))
    }

    fn code(paid: Result<String, WalletError>) -> &'static str {
        paid.unwrap_err().code()
    }

    fn wealth() -> (Vec<Coupon>, Vec<Fund>) {
        let coupons = vec![coupon(terms("V", "30"))];
        let others = [
            of_kind(FundKind::CashCoupon, "K", "20"),
            FundTerms { expiration: Some(at(900)), ..card("A", "15") },
            FundTerms { expiration: Some(at(500)), ..card("B", "10") },
            of_kind(FundKind::Credit, "L", "50"),
        ];
        (coupons, others.map(fund).into())
    }

    #[test]
    fn the_order_of_the_public_cloud() {
        // R-W9, bss-pay-01, bss-pay-02
        let (coupons, others) = wealth();
        let paid = pay("100", "12", &coupons, &others, "bss_on_demand").unwrap();
        assert_eq!(paid, "V 30, K 20, B 10, A 15, balance 12, L 13");
        let credit = [fund(of_kind(FundKind::Credit, "L", "50"))];
        assert_eq!(pay("100", "40", &[], &credit, "bss_on_demand").unwrap(), "balance 40, L 50, debt 10");
        assert_eq!(pay("0", "40", &coupons, &others, "bss_on_demand").unwrap(), "");
    }

    #[test]
    fn auto_renewal_takes_the_largest_coupon_first() {
        // R-W9
        let coupons = [coupon(terms("C1", "5")), coupon(CouponTerms { expiration: at(999), ..terms("C2", "9") })];
        let paid = |order| pay("6", "0", &coupons, &[], order).unwrap();
        assert_eq!(paid("bss_auto_renew"), "C2 6");
        assert_eq!(paid("bss_on_demand"), "C2 6"); // it expires first, too
        let later = [coupon(terms("C1", "5")), coupon(CouponTerms { expiration: at(1_001), ..terms("C2", "9") })];
        assert_eq!(pay("6", "0", &later, &[], "bss_on_demand").unwrap(), "C1 5, C2 1");
        assert_eq!(pay("6", "0", &later, &[], "bss_auto_renew").unwrap(), "C2 6");
    }

    #[test]
    fn restricted_coupons_go_before_the_others() {
        // R-W9
        let of_the_order = CouponTerms { scope: Scope::Order("o1".into()), expiration: at(1_500), ..terms("C2", "5") };
        let coupons = [coupon(terms("C1", "5")), coupon(of_the_order)];
        assert_eq!(pay("6", "0", &coupons, &[], "bss_on_demand").unwrap(), "C2 5, C1 1");
        assert_eq!(pay("6", "0", &coupons, &[], "portal").unwrap(), "C1 5, C2 1");
    }

    #[test]
    fn each_vendor_has_its_own_order() {
        // R-W9. P: priority 1, paid, late. F: free, no priority, never expires. S: scoped. E: the next to expire.
        let base = FundTerms { priority: Some(5), expiration: Some(at(600)), ..card("", "1") };
        let rows = [
            FundTerms { id: "P".into(), priority: Some(1), expiration: Some(at(900)), ..base.clone() },
            FundTerms { id: "F".into(), priority: None, expiration: None, basis: CostBasis::Free, ..base.clone() },
            FundTerms { id: "S".into(), units: vec![UNIT.into()], ..base.clone() },
            FundTerms { id: "G".into(), basis: CostBasis::Free, created: at(9), ..base.clone() },
            FundTerms { id: "E".into(), expiration: Some(at(500)), created: at(5), ..base.clone() },
            FundTerms { id: "O".into(), effective: Some(at(1)), created: at(-1), ..base },
        ]
        .map(fund);
        let paid = |order| pay("6", "0", &[], &rows, order).unwrap().replace(" 1", "");
        assert_eq!(paid("orb"), "E, S, G, O, P, F");
        assert_eq!(paid("metronome"), "P, S, E, G, O, F");
        assert_eq!(paid("stigg"), "P, E, G, S, O, F");
        assert_eq!(paid("flexprice"), "P, E, O, S, G, F");
    }

    #[test]
    fn one_payment_takes_at_most_its_cap() {
        // R-W9, ns-cap
        let capped = |most| [fund(FundTerms { most: Some(cny(most)), ..card("A", "1000") }), fund(card("B", "1000"))];
        let paid = |most| pay("100", "0", &[], &capped(most), "stored_card(id) > refuse").unwrap();
        assert_eq!(paid("40"), "A 40, B 60");
        assert_eq!(paid("0"), "B 100");
        assert_eq!(paid("1001"), "A 100");
    }

    #[test]
    fn what_a_lock_holds_counts_against_what_is_there_and_not_against_the_cap() {
        // R-W12: of 100 with 70 locked and a cap of 40, 30 can be taken; with 50 locked, 40.
        for (locked, expected) in [("70", "30"), ("50", "40"), ("60", "40")] {
            let others = [fund(card("A", "100"))];
            let funds = Funds::new(cny("0"), &[]).unwrap().with(&others).unwrap();
            let order: FundingOrder = "stored_card(id) > refuse".parse().unwrap();
            let charge = Charge { funding: Funding::Order(order.clone()), ..charge(locked) };
            let books = Books { unit_application: Some(APPLICATION), earlier: None, funds: &funds };
            let Authorisation::New(lock) = charge.authorise(&books, at(200), at(100)).unwrap() else { panic!("new") };
            let (locks, capped) = ([lock], [fund(FundTerms { most: Some(cny("40")), ..card("A", "100") })]);
            let funds = Funds::new(cny("0"), &[]).unwrap().with(&capped).unwrap().with_locks(&locks).unwrap();
            let available = funds.available(&order, &charge.purpose(), at(100)).unwrap();
            assert_eq!((available.len(), available[0].available), (1, cny(expected)), "{locked}");
        }
    }

    #[test]
    fn every_shortfall() {
        // R-W10, ns-overdraft-bound
        let (coupons, others) = wealth();
        let steps = "coupon(expiry created id) > stored_card(expiry id) > balance";
        let all = |amount, balance, shortfall: &str| {
            pay(amount, balance, &coupons, &others, &format!("{steps} > {shortfall}"))
        };
        assert_eq!(all("60", "5", "refuse").unwrap(), "V 30, B 10, A 15, balance 5");
        let refused = all("61", "5", "refuse").unwrap_err();
        let details = [("amount", "61"), ("found", "60"), ("missing", "1")].map(|(name, fact)| (name, fact.to_owned()));
        assert_eq!((refused.code(), refused.details()), ("wallet.sources_not_enough", details.into()));
        assert_eq!(all("56", "-5", "refuse").unwrap_err().details().pop().unwrap().1, "6"); // and to bring it to zero
        assert_eq!(all("61", "5", "overdraft").unwrap(), "V 30, B 10, A 15, balance 6");
        assert_eq!(all("65", "5", "overdraft(5 CNY)").unwrap(), "V 30, B 10, A 15, balance 10");
        assert_eq!(code(all("65.01", "5", "overdraft(5 CNY)")), "wallet.sources_not_enough");
        assert_eq!(all("61", "5", "debt").unwrap(), "V 30, B 10, A 15, balance 5, debt 1");
        assert_eq!(all("61", "-5", "debt").unwrap(), "V 30, B 10, A 15, debt 6");
        let bounded = |balance| pay("10", balance, &[], &[], "balance > overdraft(5 CNY) and debt").unwrap();
        assert_eq!(bounded("-2"), "balance 3, debt 7");
        assert_eq!(bounded("-6"), "debt 10");
        assert_eq!(bounded("7"), "balance 10");
        assert_eq!(code(pay("1", "1", &[], &[], "balance > overdraft(5 USD)")), "money.currency_mismatch");
        // An overdraft is of the balance wherever that stands, and the leg stays where it is.
        let early = "balance > coupon(expiry created id) > overdraft";
        assert_eq!(pay("40", "5", &coupons, &[], early).unwrap(), "balance 10, V 30");
        assert_eq!(pay("40", "5", &coupons, &[], "coupon(id) > overdraft").unwrap(), "V 30, balance 10");
    }

    #[test]
    fn a_list_of_coupons_stands_in_its_step() {
        // R-W4, R-W9
        let (coupons, others) = (["C1", "C2"].map(|id| coupon(terms(id, "5"))), [fund(card("A", "5"))]);
        let funds = Funds::new(cny("0"), &coupons).unwrap().with(&others).unwrap();
        let named = |ids: &[&str], order: &str| {
            let coupons = Coupons::Named(ids.iter().map(|id| (*id).to_owned()).collect());
            let charge = Charge { coupons, funding: Funding::Order(order.parse().unwrap()), ..charge("12") };
            charge.deduct(&funds, at(100)).map(|plan| plan.to_string())
        };
        let order = "stored_card(id) > coupon(larger id) > debt";
        assert_eq!(
            named(&["C2", "C1"], order).unwrap(),
            "12 CNY = 5 of stored-value card `A` (5 → 0) + 5 of coupon `C2` (5 → 0) + 2 of coupon `C1` (5 → 3)"
        );
        assert!(named(&[], order).unwrap().ends_with("+ 7 as debt (0 → 7)"));
        assert_eq!(named(&["C2"], "stored_card(id) > debt").unwrap_err().code(), "wallet.coupon_not_applicable");
    }

    #[test]
    fn what_does_not_fit_is_passed_over() {
        let other_kinds = EVERY_KIND.map(|kind| of_kind(kind, "A", "5"));
        let mut rows = vec![
            FundTerms { owner: user("b"), ..card("A", "5") },
            FundTerms { units: vec!["disk".into()], ..card("B", "5") },
            FundTerms { expiration: Some(at(100)), ..card("C", "5") },
            FundTerms { effective: Some(at(100)), ..card("D", "5") },
            card("E", "0"),
            card("F", "5"),
        ];
        rows.extend(other_kinds);
        let rows: Vec<Fund> = rows.into_iter().map(fund).collect();
        assert_eq!(pay("9", "0", &[], &rows, "stored_card(id) > debt").unwrap(), "F 5, debt 4");
        let twice = [fund(card("A", "5")), fund(card("A", "5"))];
        assert_eq!(code(pay("9", "0", &[], &twice, "debt")), "wallet.fund_held_twice");
    }

    #[test]
    fn the_preset_of_the_portal_is_its_deduction() {
        // R-W7, R-W9
        let (coupons, others) = wealth();
        let funds = Funds::new(cny("12"), &coupons).unwrap().with(&others).unwrap();
        for amount in ["0", "29.99", "30", "30.01", "42", "42.01"] {
            let by = |funding| Charge { funding, ..charge(amount) }.deduct(&funds, at(100));
            assert_eq!(by(Funding::Order(FundingOrder::PORTAL)), by(Funding::EnoughFunds), "{amount}");
        }
        let mixed = charge("31").deduct(&funds, at(100)).unwrap();
        assert_eq!(mixed.method(), Method::Mixed);
    }
}
