//! What the days came to: by kind, by owner, by day, and in all.

use crate::books::Books;
use anyhow::Result;
use chrono::NaiveDate;
use counterfoil::{
    error::MeteringError,
    exact::Exact,
    metering::{Kind, Measure, Part, Usage},
    money::{Currency, Money},
    statement::{Statement, StatementStatus},
    time::MICROS_PER_HOUR,
    units::{Name, Quantity, Unit},
    wallet::{Leg, Owner, Source},
};
use counterfoil_store::StoredPayment;
use std::collections::BTreeMap;

/// What the days came to.
#[derive(Debug)]
pub(crate) struct Summary {
    /// By kind of resource.
    pub(crate) by_kind: BTreeMap<Kind, Sums>,
    /// By service unit.
    pub(crate) by_unit: BTreeMap<Name, Sums>,
    /// By owner.
    pub(crate) by_owner: BTreeMap<Owner, Sums>,
    /// By day.
    pub(crate) by_day: BTreeMap<NaiveDate, Sums>,
    /// In all.
    pub(crate) total: Sums,
}

/// What a reading or a statement is of.
#[derive(Clone, Copy)]
struct Of<'a> {
    kind: &'a Kind,
    unit: &'a Name,
    owner: &'a Owner,
    day: Option<NaiveDate>,
}

/// Sums of readings, statements and payments.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    /// How many readings.
    pub(crate) readings: usize,
    /// How many statements.
    pub(crate) statements: usize,
    /// What was used, by part.
    pub(crate) usage: BTreeMap<Part, UsedSum>,
    /// What all that was used costs.
    pub(crate) original: Money,
    /// What is to be paid.
    pub(crate) payable: Money,
    /// What coupons paid of it.
    pub(crate) coupon: Money,
    /// What balances paid of it, arrears among that.
    pub(crate) balance: Money,
    /// The part of it that took a balance below zero, or further below.
    pub(crate) arrears: Money,
    /// What is not paid: corrections below zero, which are refunds, and what was not charged yet.
    pub(crate) open: Money,
}

/// What was used of a part.
#[derive(Debug, Clone)]
pub(crate) struct UsedSum {
    /// In the unit, times microseconds where it is timed.
    value: Exact,
    /// The unit for people: cores, not milli-cores.
    unit: Unit,
    measure: Measure,
}

impl Summary {
    /// Adds up what the books hold.
    pub(crate) fn of(books: &Books) -> Result<Self> {
        let nothing = Sums::nothing(books.currency);
        let mut summary = Self {
            by_kind: BTreeMap::new(),
            by_unit: BTreeMap::new(),
            by_owner: books.balances.keys().map(|owner| (owner.clone(), nothing.clone())).collect(),
            by_day: books.days.iter().map(|day| (day.date(), nothing.clone())).collect(),
            total: nothing,
        };
        for stored in &books.readings {
            let (reading, window) = (&stored.reading.reading, stored.reading.reading.usage().window());
            let day = books.days.iter().find(|day| day.period() == window).map(|day| day.date());
            let of = Of { kind: reading.kind(), unit: &stored.reading.unit, owner: &stored.reading.owner, day };
            summary.each(of, books.currency, |sums| sums.read(reading.usage()))?;
        }
        for stored in &books.statements {
            let key = stored.statement.key();
            let of = Of { kind: &key.kind, unit: &key.unit, owner: &key.owner, day: Some(key.date()) };
            summary.each(of, books.currency, |sums| sums.state(&stored.statement, stored.payment.as_ref()))?;
        }
        Ok(summary)
    }

    /// Owners by what they have to pay, the most first.
    pub(crate) fn owners_by_payable(&self) -> Vec<(&Owner, &Sums)> {
        let mut owners: Vec<_> = self.by_owner.iter().collect();
        owners.sort_by(|(a, x), (b, y)| y.payable.amount().cmp(&x.payable.amount()).then_with(|| a.cmp(b)));
        owners
    }

    fn each(&mut self, of: Of<'_>, currency: Currency, add: impl Fn(&mut Sums) -> Result<()>) -> Result<()> {
        let nothing = || Sums::nothing(currency);
        add(self.by_kind.entry(of.kind.clone()).or_insert_with(nothing))?;
        add(self.by_unit.entry(of.unit.clone()).or_insert_with(nothing))?;
        add(self.by_owner.entry(of.owner.clone()).or_insert_with(nothing))?;
        if let Some(day) = of.day {
            add(self.by_day.entry(day).or_insert_with(nothing))?;
        }
        add(&mut self.total)
    }
}

impl Sums {
    fn nothing(currency: Currency) -> Self {
        let nothing = Money::new(rust_decimal::Decimal::new(0, 2), currency);
        Self {
            readings: 0,
            statements: 0,
            usage: BTreeMap::new(),
            original: nothing,
            payable: nothing,
            coupon: nothing,
            balance: nothing,
            arrears: nothing,
            open: nothing,
        }
    }

    fn read(&mut self, usage: &Usage) -> Result<()> {
        self.readings += 1;
        for part in usage.parts() {
            let Some(used) = usage.used(part) else { continue };
            let unit = for_people(used.unit());
            let value = used.value().times(&Quantity::whole(1, used.unit()).exact_in(unit)?)?;
            match self.usage.get_mut(part) {
                Some(sum) => sum.value = sum.value.plus(&value)?,
                None => drop(self.usage.insert(part.clone(), UsedSum { value, unit, measure: used.measure() })),
            }
        }
        Ok(())
    }

    fn state(&mut self, statement: &Statement, payment: Option<&StoredPayment>) -> Result<()> {
        self.statements += 1;
        self.original = self.original.plus(statement.original())?;
        self.payable = self.payable.plus(statement.payable())?;
        if statement.status() == StatementStatus::Unpaid {
            self.open = self.open.plus(statement.payable())?;
        }
        let Some(payment) = payment else { return Ok(()) };
        for leg in payment.payment.plan().legs() {
            match leg.source() {
                Source::Coupon(_) => self.coupon = self.coupon.plus(leg.amount())?,
                _ => {
                    self.balance = self.balance.plus(leg.amount())?;
                    self.arrears = self.arrears.plus(arrears(leg)?)?;
                }
            }
        }
        Ok(())
    }
}

impl UsedSum {
    /// In hours of the unit, or as a count.
    pub(crate) fn shown(&self) -> Result<Exact, MeteringError> {
        Ok(match self.measure {
            Measure::Timed => self.value.divided_by(&Exact::from(MICROS_PER_HOUR))?,
            Measure::Counted => self.value.clone(),
        })
    }

    /// The unit of that, as `core·h`; hours alone for what is there or not.
    pub(crate) fn unit(&self) -> String {
        match (self.measure, self.unit) {
            (Measure::Timed, Unit::Count) => "h".to_owned(),
            (Measure::Timed, unit) => format!("{unit}·h"),
            (Measure::Counted, Unit::Count) => String::new(),
            (Measure::Counted, unit) => unit.to_string(),
        }
    }
}

/// How much of a leg the account did not have.
fn arrears(leg: &Leg) -> Result<Money> {
    let nothing = Money::zero(leg.amount().currency());
    let had = if leg.before().is_negative() { nothing } else { leg.before() };
    let missing = leg.amount().minus(had)?;
    Ok(if missing.is_negative() { nothing } else { missing })
}

/// The unit of the family that people read.
const fn for_people(unit: Unit) -> Unit {
    match unit {
        Unit::MilliCore => Unit::Core,
        Unit::MilliCard => Unit::Card,
        Unit::Byte | Unit::KiB | Unit::MiB => Unit::GiB,
        unit => unit,
    }
}
