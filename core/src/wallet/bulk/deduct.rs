use super::{
    columns::{ChargeColumns, DeductedColumns, DeductionTerms, NO_COUPON, PaymentState},
    wallets::{CouponAt, Wallets},
};
use crate::{
    bulk::number_at,
    error::{Error, MoneyError, RowFault, WalletError},
    money::{Currency, Money},
    wallet::{
        Shortfall, SourceKind, Step,
        choice::{Aim, Voucher, check_step},
        draw::{Drawn, Part, Purse, Visitor, draw, sides},
        funding_order::{BY_EXPIRY, compare},
    },
};
use rust_decimal::Decimal;
use std::{cell::Cell, ops::ControlFlow};

impl Wallets<'_> {
    /// Deducts charges one after another.
    ///
    /// What is wrong with a charge is among `faults`, with the code that [`row`](Self::row) fails by.
    ///
    /// # Errors
    /// `bulk.column_length`, `bulk.bad_offsets` for columns that do not belong together, before any
    /// charge is looked at; `money.not_conserved` unless what the legs took from each source is what it
    /// has less (promise 2), where nothing of the output may be used.
    ///
    /// # Rule
    /// R-W3, R-W4, R-W6, R-W7, R-W10
    pub fn deduct(
        &self,
        charges: &ChargeColumns<'_>,
        terms: &DeductionTerms,
        into: &mut DeductedColumns,
    ) -> Result<(), Error> {
        charges.check()?;
        let (steps, shortfall) = terms.funding.terms();
        into.clear(self, charges.payer.len());
        let mut work = Work::default();
        for row in 0..charges.payer.len() {
            let sides = match self.fault_of_payer(charges, row) {
                Some(code) => Err(code),
                None => self
                    .pay(charges, terms, steps, shortfall, row, into, &mut work)
                    .and_then(|(payer, sides)| self.write(payer, &work.legs, into).map(|()| sides))
                    .map_err(|error| error.code()),
            };
            let (state, sides) = match sides {
                Ok(sides) => (PaymentState::Paid, sides),
                Err(code) => {
                    into.faults.push(RowFault { row, code });
                    (PaymentState::Failed, (0, 0))
                }
            };
            into.state.push(state);
            into.from_coupons.push(sides.0);
            into.from_account.push(sides.1);
            into.legs.push(into.leg_kind.len());
        }
        self.conserved(charges, into)
    }

    /// What is wrong with the rows of a charge's payer, if anything.
    #[inline]
    fn fault_of_payer(&self, charges: &ChargeColumns<'_>, row: usize) -> Option<&'static str> {
        let payer = charges.payer.get(row).and_then(|payer| usize::try_from(*payer).ok())?;
        self.faults.get(payer).copied().flatten()
    }

    /// What a charge takes: the legs, and what coupons and the account pay; nothing is taken yet.
    #[expect(clippy::too_many_arguments, reason = "what holds for all rows is not worth a type of its own")]
    fn pay(
        &self,
        charges: &ChargeColumns<'_>,
        terms: &DeductionTerms,
        steps: &[Step],
        shortfall: Shortfall,
        row: usize,
        now: &DeductedColumns,
        work: &mut Work,
    ) -> Result<(usize, (i128, i128)), Error> {
        let payer = self.payer(charges.payer.get(row).copied().unwrap_or(u32::MAX))?;
        let unit = charges.unit.get(row).copied().unwrap_or(u32::MAX);
        self.unit(unit)?;
        let named = charges.names(row);
        for id in named.unwrap_or_default() {
            self.name(*id)?;
        }
        let order = charges.order.get(row).copied().unwrap_or_default();
        let amount = self.money(charges.amount.at(row))?;
        terms.funding.check(&terms.application, order, amount)?;
        let at = |column: &[i128]| self.money(column.get(payer).copied().unwrap_or_default());
        let purse = Payer {
            wallets: self,
            steps,
            payer,
            unit,
            named,
            aim: Aim { order: Some(order), currency: amount.currency(), now: terms.now },
            left: &now.coupon_left,
            balance: at(&now.balance_left)?,
            debt: at(&now.debt_left)?,
            sorted: Cell::new(std::mem::take(&mut work.sorted)),
        };
        work.legs.clear();
        let drawn = match purse.check_named() {
            Ok(()) => draw(&purse, amount, shortfall, &mut work.legs),
            Err(error) => Err(error),
        };
        work.sorted = purse.sorted.take();
        drawn?;
        let (coupons, account) = sides(amount, &work.legs)?; // promise 2: checked at run time too
        Ok((payer, (self.value(coupons)?, self.value(account)?)))
    }

    /// Takes the legs: writes them down, and what their sources have left.
    fn write(&self, payer: usize, legs: &[RowLeg], into: &mut DeductedColumns) -> Result<(), Error> {
        let first = into.leg_kind.len();
        for leg in legs {
            let Part { amount, before, after } = leg.part;
            let values = self.value(amount).and_then(|amount| Ok((amount, self.value(before)?, self.value(after)?)));
            let (amount, before, after) = match values {
                Ok(values) => values,
                Err(error) => {
                    into.shorten(first);
                    return Err(error.into());
                }
            };
            into.leg_kind.push(leg.at.kind());
            into.leg_coupon.push(if let At::Coupon(id) = leg.at { id } else { NO_COUPON });
            into.leg_amount.push(amount);
            into.leg_before.push(before);
            into.leg_after.push(after);
        }
        for (leg, after) in legs.iter().zip(into.leg_after.iter().skip(first)) {
            let place = match leg.at {
                At::Coupon(id) => usize::try_from(id).ok().and_then(|place| into.coupon_left.get_mut(place)),
                At::Balance => into.balance_left.get_mut(payer),
                At::Debt => into.debt_left.get_mut(payer),
            };
            if let Some(place) = place {
                *place = *after;
            }
        }
        Ok(())
    }

    /// A decimal at the scale of the batch.
    #[inline]
    fn value(&self, amount: Decimal) -> Result<i128, MoneyError> {
        number_at(amount, self.money.scale)
    }

    /// Whether each source has less what the legs took from it, and more of debt: nothing else, and nothing twice.
    fn conserved(&self, charges: &ChargeColumns<'_>, out: &DeductedColumns) -> Result<(), Error> {
        let mut coupons: Vec<i128> = (0..self.coupons.id.len()).map(|place| self.coupons.balance.at(place)).collect();
        let mut balances: Vec<i128> = (0..self.payers()).map(|payer| self.payers.balance.at(payer)).collect();
        let debt = |payer| self.payers.debt.map_or(0, |debt| debt.at(payer));
        let mut debts: Vec<i128> = (0..self.payers()).map(debt).collect();
        let overflow = || MoneyError::Overflow { operation: "the sum of a batch" };
        for (row, bounds) in out.legs.windows(2).enumerate() {
            let &[from, to] = bounds else { continue };
            let payer = charges.payer.get(row).and_then(|payer| usize::try_from(*payer).ok()).unwrap_or(usize::MAX);
            for leg in from..to {
                let amount = out.leg_amount.get(leg).copied().unwrap_or_default();
                let kind = out.leg_kind.get(leg).copied().unwrap_or(SourceKind::Debt);
                let coupon = out.leg_coupon.get(leg).and_then(|coupon| usize::try_from(*coupon).ok());
                let source = match kind {
                    SourceKind::Coupon => coupons.get_mut(coupon.unwrap_or(usize::MAX)),
                    SourceKind::Debt => debts.get_mut(payer),
                    _ => balances.get_mut(payer),
                };
                let Some(source) = source else {
                    return Err(MoneyError::NotConserved { whole: Decimal::ZERO, parts: Decimal::ONE }.into());
                };
                let now =
                    if kind == SourceKind::Debt { source.checked_add(amount) } else { source.checked_sub(amount) };
                *source = now.ok_or_else(overflow)?;
            }
        }
        let pairs = [(&coupons, &out.coupon_left), (&balances, &out.balance_left), (&debts, &out.debt_left)];
        for (due, left) in pairs.into_iter().flat_map(|(due, left)| due.iter().zip(left)) {
            if due != left {
                let amount = |value| self.money(value).map(Money::amount);
                return Err(MoneyError::NotConserved { whole: amount(*due)?, parts: amount(*left)? }.into());
            }
        }
        Ok(())
    }
}

/// What is used again for each row.
#[derive(Default)]
struct Work {
    legs: Vec<RowLeg>,
    sorted: Vec<u32>,
}

/// A payer among columns, for one charge.
struct Payer<'b, 'a> {
    wallets: &'b Wallets<'a>,
    steps: &'b [Step],
    payer: usize,
    unit: u32,
    named: Option<&'b [u32]>,
    aim: Aim<'b>,
    left: &'b [i128],
    balance: Money,
    debt: Money,
    /// Room to put coupons in another order than that of the automatic choice.
    sorted: Cell<Vec<u32>>,
}

/// Where a source of a row stands.
#[derive(Debug, Clone, Copy)]
enum At {
    Coupon(u32),
    Balance,
    Debt,
}

/// A leg of a row.
#[derive(Debug, Clone, Copy)]
struct RowLeg {
    at: At,
    part: Part,
    currency: Currency,
}

impl<'b, 'a> Payer<'b, 'a> {
    #[inline]
    fn coupon(&self, id: u32) -> CouponAt<'b, 'a> {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        CouponAt { of: self.wallets, place, left: Some(self.left) }
    }

    #[inline]
    fn takes(&self, coupon: &CouponAt<'_, '_>) -> bool {
        self.aim.takes(coupon, || true, || coupon.is_of_unit(self.unit)) // the list is the payer's
    }

    /// What is wrong with the coupons that are named.
    fn check_named(&self) -> Result<(), WalletError> {
        let Some(named) = self.named else { return Ok(()) };
        // By their ids, as the single call: places that are not there have one and the same.
        let name = |id: u32| self.wallets.name(id).unwrap_or_default();
        let mut sorted = self.sorted.take();
        sorted.clear();
        sorted.extend(named);
        sorted.sort_unstable_by(|a, b| name(*a).cmp(name(*b)));
        let twice = sorted.windows(2).find_map(|pair| match pair {
            [a, b] if name(*a) == name(*b) => Some(*a),
            _ => None,
        });
        self.sorted.set(sorted);
        if let Some(twice) = twice {
            return Err(WalletError::CouponNamedTwice { coupon: name(twice).to_owned() });
        }
        let theirs = self.wallets.places(self.payer);
        let find = |id: &u32| {
            let coupon = self.coupon(*id);
            let is_theirs = theirs.contains(&coupon.place);
            is_theirs.then_some(coupon).ok_or_else(|| WalletError::NoSuchCoupon { coupon: name(*id).to_owned() })
        };
        self.aim.admits(named.iter().map(find), |coupon| coupon.is_of_unit(self.unit), |_| Ok(None))?;
        check_step(self.steps, named.first().map(|id| name(*id)))
    }

    #[inline(always)]
    fn show(&self, id: u32, visitor: &mut impl Visitor<At>) -> ControlFlow<()> {
        visitor.see(At::Coupon(id), &Voucher::balance(&self.coupon(id)), None)
    }
}

impl Purse for Payer<'_, '_> {
    type Leg = RowLeg;

    fn steps(&self) -> &[Step] {
        self.steps
    }

    fn balance(&self) -> Money {
        self.balance
    }

    fn debt(&self) -> Money {
        self.debt
    }

    fn locked_balance(&self) -> Result<Option<Decimal>, MoneyError> {
        Ok(None)
    }

    #[inline]
    fn visit(&self, step: &Step, visitor: &mut impl Visitor<At>) -> Result<ControlFlow<()>, WalletError> {
        match step.kind {
            SourceKind::Coupon => {}
            SourceKind::Balance => return Ok(visitor.see(At::Balance, &self.balance, None)),
            _ => return Ok(ControlFlow::Continue(())), // columns have none
        }
        if let Some(named) = self.named {
            return Ok(named.iter().try_for_each(|id| self.show(*id, visitor)));
        }
        let theirs = self.wallets.in_order.get(self.wallets.places(self.payer)).unwrap_or_default();
        let mut able = theirs.iter().copied().filter(|id| self.takes(&self.coupon(*id)));
        if *step.keys == BY_EXPIRY {
            return Ok(able.try_for_each(|id| self.show(id, visitor)));
        }
        let mut sorted = self.sorted.take();
        sorted.clear();
        sorted.extend(able);
        sorted.sort_unstable_by(|a, b| compare(&step.keys, &self.coupon(*a), &self.coupon(*b)));
        let flow = sorted.iter().try_for_each(|id| self.show(*id, visitor));
        self.sorted.set(sorted);
        Ok(flow)
    }
}

impl At {
    const fn kind(self) -> SourceKind {
        match self {
            Self::Coupon(_) => SourceKind::Coupon,
            Self::Balance => SourceKind::Balance,
            Self::Debt => SourceKind::Debt,
        }
    }
}

impl Drawn for RowLeg {
    type Source = At;
    const BALANCE: At = At::Balance;
    const DEBT: At = At::Debt;

    #[inline]
    fn drawn(at: At, part: Part, currency: Currency) -> Self {
        Self { at, part, currency }
    }

    #[inline]
    fn kind(&self) -> SourceKind {
        self.at.kind()
    }

    #[inline]
    fn part(&self) -> &Part {
        &self.part
    }

    #[inline]
    fn currency(&self) -> Currency {
        self.currency
    }
}

impl DeductedColumns {
    fn clear(&mut self, wallets: &Wallets<'_>, rows: usize) {
        self.shorten(0);
        self.scale = wallets.money.scale;
        self.state.clear();
        self.faults.clear();
        self.legs.clear();
        self.legs.reserve(rows.saturating_add(1));
        self.legs.push(0);
        self.from_coupons.clear();
        self.from_account.clear();
        let refill = |column: &mut Vec<i128>, values: &mut dyn Iterator<Item = i128>| {
            column.clear();
            column.extend(values);
        };
        let (coupons, payers) = (&wallets.coupons, &wallets.payers);
        refill(&mut self.coupon_left, &mut (0..coupons.id.len()).map(|place| coupons.balance.at(place)));
        refill(&mut self.balance_left, &mut (0..wallets.payers()).map(|payer| payers.balance.at(payer)));
        let debt = |payer| payers.debt.map_or(0, |debt| debt.at(payer));
        refill(&mut self.debt_left, &mut (0..wallets.payers()).map(debt));
    }

    /// Drops the legs from this one on.
    fn shorten(&mut self, legs: usize) {
        self.leg_kind.truncate(legs);
        self.leg_coupon.truncate(legs);
        self.leg_amount.truncate(legs);
        self.leg_before.truncate(legs);
        self.leg_after.truncate(legs);
    }
}
