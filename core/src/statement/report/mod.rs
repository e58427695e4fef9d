//! What the days of a month came to (R-S3): rows in, one at a time, and figures out.

mod figures;
mod hours;
mod rows;
mod slots;
#[cfg(test)]
mod tests;

pub use figures::{KindReport, OwnerReport, Report, ReportFigures, TopItem, UnitReport};
pub use rows::{PaidLeg, PaymentRow, RefundReason, RefundRow, ReportRow, StatementRow};

use super::{BillingDays, Statement, StatementStatus};
use crate::{
    error::{MoneyError, StatementError},
    exact::decimal::{self, Sum},
    metering::{Kind, ReadingId},
    money::{Currency, Money},
    time::{Instant, Period},
    units::Name,
    wallet::Owner,
};
use figures::{Tally, too_much};
use hours::Hours;
use slots::Slots;
use std::{cmp::Reverse, collections::BTreeMap};

/// A report that is being made: rows go in, in any order, and [`finish`](Self::finish) gives the
/// figures.
///
/// It keeps sums for each resource and nothing of the rows, so a million readings fit. After an error
/// of a row it should be given up.
///
/// # Examples
/// ```
/// use counterfoil::money::{CNY, Money};
/// use counterfoil::wallet::SourceKind;
/// use counterfoil::statement::{MonthlyReport, PaidLeg, PaymentRow, ReportRow, ReportTerms};
/// use counterfoil::statement::{StatementRow, StatementStatus};
/// use counterfoil::time::{BillingDay, Zone, parse_date};
/// use counterfoil::wallet::{Owner, OwnerKind};
/// use counterfoil::metering::Kind;
///
/// let cny = |text| Money::parse(text, CNY);
/// let days = "2024-02".parse::<counterfoil::statement::Month>()?.days(Zone::UTC)?;
/// let mut report = MonthlyReport::new(ReportTerms { days, currency: CNY, top: 3 });
/// let (ada, bob) = (Owner::new(OwnerKind::User, "ada"), Owner::new(OwnerKind::User, "bob"));
/// let (unit, server) = ("vm".parse()?, "s-1".parse()?);
/// let window = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?.period();
///
/// report.owner(&bob, "2024-03-01T00:00:00Z".parse()?)?; // too late for February
/// report.read(&ReportRow {
///     owner: &ada, unit: &unit, kind: &Kind::Server, resource: &server, window,
///     usage: None, lifetime_micros: Some(window.micros()), original: cny("3.00")?, payable: cny("2.06")?,
/// })?;
/// let of = |status| StatementRow { owner: &ada, unit: &unit, window, payable: Money::zero(CNY), status };
/// report.state(&StatementRow { payable: cny("2.06")?, ..of(StatementStatus::Paid) })?;
/// report.pay(&PaymentRow { owner: &ada, unit: &unit, window, legs: &[
///     PaidLeg { by: SourceKind::Coupon, amount: cny("2.00")? },
///     PaidLeg { by: SourceKind::Balance, amount: cny("0.06")? },
/// ] })?;
///
/// let report = report.finish()?;
/// assert_eq!((report.owners.len(), report.left_out), (1, 1));
/// let total = &report.total;
/// assert_eq!([total.original, total.payable, total.open], [cny("3.00")?, cny("2.06")?, cny("0")?]);
/// assert_eq!((total.by_coupon(), total.by_balance()), (cny("2.00")?, cny("0.06")?));
/// assert_eq!((total.hours().to_string(), total.resources), ("24".into(), 1));
/// total.check_settled()?;
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S3
#[derive(Debug, Clone)]
pub struct MonthlyReport {
    terms: ReportTerms,
    owners: Slots<Owner, OwnerSums>,
    /// What all rows came to, beside what each resource did: the two are compared in the end.
    all: Tally,
}

/// What a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportTerms {
    /// The days.
    pub days: BillingDays,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How many of the most expensive resources it lists.
    pub top: usize,
}

#[derive(Debug, Clone, Default)]
struct OwnerSums {
    created: Option<Instant>,
    /// Whether there is any row of it.
    has_rows: bool,
    units: Slots<Name, UnitSums>,
}

#[derive(Debug, Clone, Default)]
struct UnitSums {
    /// What was stated, paid and refunded; what was used is summed by resource.
    settled: Tally,
    kinds: Slots<Kind, KindSums>,
}

#[derive(Debug, Clone, Default)]
struct KindSums {
    hours: Hours,
    resources: Slots<Name, ResourceSums>,
}

#[derive(Debug, Clone)]
struct ResourceSums {
    original: Sum,
    payable: Sum,
    lifetime_micros: i128,
    readings: u64,
}

impl Default for ResourceSums {
    fn default() -> Self {
        let nothing = Sum::from(decimal::zero(0));
        Self { original: nothing, payable: nothing, lifetime_micros: 0, readings: 0 }
    }
}

impl MonthlyReport {
    /// A report of nothing yet.
    pub fn new(terms: ReportTerms) -> Self {
        Self { terms, owners: Slots::default(), all: Tally::default() }
    }

    /// Says when an owner came to be, so that it stands in the report also if it used nothing, and
    /// does not if it came too late.
    ///
    /// An owner of whom nobody says so stands in it if there is a row of it.
    ///
    /// # Errors
    /// `statement.owner_created_twice` where two instants are given for one owner.
    ///
    /// # Rule
    /// R-S3
    pub fn owner(&mut self, owner: &Owner, created: Instant) -> Result<(), StatementError> {
        self.owners.with(owner, |sums| match sums.created {
            Some(known) if known != created => Err(StatementError::OwnerCreatedTwice {
                owner: owner.to_string(),
                first: known.min(created).to_chrono(),
                second: known.max(created).to_chrono(),
            }),
            _ => {
                sums.created = Some(created);
                Ok(())
            }
        })
    }

    /// Reads a reading, or a line of a statement.
    ///
    /// # Errors
    /// `statement.outside_days` for a window that is not within the days; `statement.other_window`
    /// for usage of another one; `statement.lifetime_out_of_range` for more than the window;
    /// `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Rule
    /// R-S3
    pub fn read(&mut self, row: &ReportRow<'_>) -> Result<(), StatementError> {
        self.check(row)?;
        let (original, payable) = (row.original.amount(), row.payable.amount());
        self.all.original.add(original)?;
        self.all.payable.add(payable)?;
        self.all.readings = one_more(self.all.readings)?;
        self.owners.with(row.owner, |owner| {
            owner.has_rows = true;
            owner.units.with(row.unit, |unit| unit.kinds.with(row.kind, |kind| kind.read(row)))
        })
    }

    /// Reads how a statement stands. A withdrawn one asks for nothing and does not count; its lines
    /// should not be read either.
    ///
    /// # Errors
    /// `statement.outside_days`, `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Rule
    /// R-S3
    pub fn state(&mut self, row: &StatementRow<'_>) -> Result<(), StatementError> {
        self.check_window(row.window, || format!("a statement of {}", row.owner))?;
        self.terms.currency.same_as(row.payable.currency())?;
        if row.status == StatementStatus::Cancelled {
            return Ok(());
        }
        let mut tally = Tally { statements: 1, ..Tally::default() };
        if row.status == StatementStatus::Unpaid {
            tally.open = Sum::from(row.payable.amount());
        }
        self.settle(row.owner, row.unit, &tally)
    }

    /// Reads a statement with its lines: a row for each, and how it stands.
    ///
    /// # Errors
    /// As [`read`](Self::read) and [`state`](Self::state).
    ///
    /// # Rule
    /// R-S3
    pub fn read_statement(&mut self, statement: &Statement) -> Result<(), StatementError> {
        let key = statement.key();
        if statement.status() != StatementStatus::Cancelled {
            for line in statement.lines() {
                self.read(&ReportRow {
                    owner: &key.owner,
                    unit: &key.unit,
                    kind: &key.kind,
                    resource: &line.reading.resource,
                    window: line.reading.window,
                    usage: None,
                    lifetime_micros: None,
                    original: line.original,
                    payable: line.payable,
                })?;
            }
        }
        self.state(&StatementRow {
            owner: &key.owner,
            unit: &key.unit,
            window: key.day.period(),
            payable: statement.payable(),
            status: statement.status(),
        })
    }

    /// Reads a payment.
    ///
    /// # Errors
    /// `statement.outside_days`; `statement.negative_amount` of a leg; `money.currency_mismatch`,
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-S3
    pub fn pay(&mut self, row: &PaymentRow<'_>) -> Result<(), StatementError> {
        self.check_window(row.window, || format!("a payment of {}", row.owner))?;
        let mut tally = Tally::default();
        for PaidLeg { by, amount } in row.legs {
            self.check_amount("leg of a payment", *amount)?;
            tally.pay(*by, Sum::from(amount.amount()))?;
        }
        self.settle(row.owner, row.unit, &tally)
    }

    /// Reads a refund.
    ///
    /// # Errors
    /// `statement.outside_days`, `statement.negative_amount`, `money.currency_mismatch`,
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-S3
    pub fn refund(&mut self, row: &RefundRow<'_>) -> Result<(), StatementError> {
        self.check_window(row.window, || format!("a refund to {}", row.owner))?;
        self.check_amount("refund", row.amount)?;
        let refunded = Sum::from(row.amount.amount());
        let mut tally = Tally { refunded, ..Tally::default() };
        if row.because == RefundReason::Correction {
            tally.corrected = refunded;
        }
        self.settle(row.owner, row.unit, &tally)
    }

    /// The figures of all that was read, each sum compared with that of the rows.
    ///
    /// # Errors
    /// `statement.owner_too_new` where there are rows of an owner that did not exist before the end
    /// of the days; `metering.mixed_measures` where a part was timed once and counted once,
    /// `units.incompatible` where its units do not convert; `money.not_conserved`, `money.overflow`.
    ///
    /// # Rule
    /// R-S3
    pub fn finish(self) -> Result<Report, StatementError> {
        let Self { terms, owners, all } = self;
        let end = terms.days.period().end();
        let (mut reports, mut left_out) = (Vec::new(), 0_usize);
        let mut whole = Scope::default();
        let mut units: BTreeMap<Name, Scope> = BTreeMap::new();
        for (owner, sums) in owners.into_sorted() {
            if let Some(created) = sums.created.filter(|created| *created >= end) {
                if sums.has_rows {
                    let (created, end) = (created.to_chrono(), end.to_chrono());
                    return Err(StatementError::OwnerTooNew { owner: owner.to_string(), created, end });
                }
                left_out = left_out.saturating_add(1);
                continue;
            }
            let (report, scope) = sums.report(owner, &terms, &mut units)?;
            whole.add(&scope)?;
            reports.push(report);
        }
        let total = whole.figures(terms.currency)?;
        conserved(all.original, total.original)?;
        conserved(all.payable, total.payable)?;
        if all.readings != total.readings {
            return Err(too_much().into()); // each reading is counted where it is summed
        }
        let of_units = units.into_iter().map(|(unit, mut scope)| Ok((unit, scope.figures(terms.currency)?)));
        let top = reports.iter().flat_map(|owner| owner.top.iter().cloned()).collect();
        Ok(Report {
            days: terms.days,
            currency: terms.currency,
            units: of_units.collect::<Result<_, StatementError>>()?,
            top: most_expensive(top, terms.top),
            owners: reports,
            total,
            left_out,
        })
    }

    fn settle(&mut self, owner: &Owner, unit: &Name, tally: &Tally) -> Result<(), StatementError> {
        self.owners.with(owner, |owner| {
            owner.has_rows = true;
            Ok(owner.units.with(unit, |unit| unit.settled.add(tally))?)
        })
    }

    fn check(&self, row: &ReportRow<'_>) -> Result<(), StatementError> {
        let reading = || ReadingId { resource: row.resource.clone(), window: row.window }.to_string();
        self.check_window(row.window, reading)?;
        if let Some(usage) = row.usage.filter(|usage| usage.window() != row.window) {
            return Err(StatementError::OtherWindow { reading: reading(), window: usage.window().to_string() });
        }
        // A correction may take back as much as was said before.
        if let Some(micros) = row.lifetime_micros
            && i128::from(micros).abs() > i128::from(row.window.micros())
        {
            return Err(StatementError::LifetimeOutOfRange {
                reading: reading(),
                lifetime_micros: micros,
                limit: row.window.micros(),
            });
        }
        self.terms.currency.same_as(row.original.currency())?;
        Ok(self.terms.currency.same_as(row.payable.currency())?)
    }

    fn check_window(&self, window: Period, row: impl Fn() -> String) -> Result<(), StatementError> {
        if self.terms.days.contain(window) {
            return Ok(());
        }
        Err(StatementError::OutsideDays { row: row(), window: window.to_string(), days: self.terms.days.to_string() })
    }

    fn check_amount(&self, what: &'static str, amount: Money) -> Result<(), StatementError> {
        self.terms.currency.same_as(amount.currency())?;
        if amount.is_negative() {
            return Err(StatementError::NegativeAmount { what, amount: amount.amount() });
        }
        Ok(())
    }
}

impl KindSums {
    fn read(&mut self, row: &ReportRow<'_>) -> Result<(), StatementError> {
        if let Some(usage) = row.usage {
            self.hours.add(usage)?;
        }
        let lifetime = i128::from(row.lifetime_micros.unwrap_or_default());
        Ok(self.resources.with(row.resource, |sums| {
            sums.original.add(row.original.amount())?;
            sums.payable.add(row.payable.amount())?;
            sums.lifetime_micros = sums.lifetime_micros.checked_add(lifetime).ok_or_else(too_much)?;
            sums.readings = one_more(sums.readings)?;
            Ok::<_, MoneyError>(())
        })?)
    }
}

/// Something that figures are of: sums, and which resources they are of.
#[derive(Debug, Default)]
struct Scope {
    tally: Tally,
    /// In any order and as often as they came, until they are counted.
    resources: Vec<Name>,
}

impl Scope {
    fn add(&mut self, other: &Self) -> Result<(), StatementError> {
        self.tally.add(&other.tally)?;
        self.resources.extend_from_slice(&other.resources);
        Ok(())
    }

    fn figures(&mut self, currency: Currency) -> Result<ReportFigures, StatementError> {
        self.resources.sort(); // runs that are sorted already: a stable sort merges them
        self.resources.dedup();
        self.tally.figures(currency, count(self.resources.len()))
    }
}

impl OwnerSums {
    /// What it came to, with its most expensive resources; each unit is added to those of all owners.
    fn report(
        self,
        owner: Owner,
        terms: &ReportTerms,
        all_units: &mut BTreeMap<Name, Scope>,
    ) -> Result<(OwnerReport, Scope), StatementError> {
        let (mut units, mut items, mut whole) = (Vec::new(), Vec::new(), Scope::default());
        for (unit, sums) in self.units.into_sorted() {
            let mut scope = Scope { tally: sums.settled, resources: Vec::new() };
            let mut kinds = Vec::new();
            for (kind, sums) in sums.kinds.into_sorted() {
                let resources = sums.resources.into_sorted();
                let mut tally = Tally::default();
                for (resource, sums) in &resources {
                    tally.add(&sums.tally())?;
                    scope.resources.push(resource.clone());
                }
                scope.tally.add(&tally)?;
                let figures = tally.figures(terms.currency, count(resources.len()))?;
                kinds.push(KindReport {
                    usage: sums.hours.into_usage(terms.days.period())?,
                    lifetime_micros: figures.lifetime_micros,
                    original: figures.original,
                    payable: figures.payable,
                    readings: figures.readings,
                    resources: figures.resources,
                    kind: kind.clone(),
                });
                // No more than the most expensive of each kind can be among those of the owner.
                let item =
                    |(resource, sums): (Name, ResourceSums)| sums.item(&owner, &unit, &kind, resource, terms.currency);
                let few = few_most_expensive(resources, terms.top)?;
                items.extend(few.into_iter().map(item).collect::<Result<Vec<_>, _>>()?);
            }
            let total = scope.figures(terms.currency)?;
            whole.add(&scope)?;
            all_units.entry(unit.clone()).or_default().add(&scope)?;
            units.push(UnitReport { unit, kinds, total });
        }
        let total = whole.figures(terms.currency)?;
        Ok((OwnerReport { owner, units, top: most_expensive(items, terms.top), total }, whole))
    }
}

impl ResourceSums {
    fn tally(&self) -> Tally {
        let Self { original, payable, lifetime_micros, readings } = *self;
        Tally { original, payable, lifetime_micros, readings, ..Tally::default() }
    }

    fn item(
        self,
        owner: &Owner,
        unit: &Name,
        kind: &Kind,
        resource: Name,
        currency: Currency,
    ) -> Result<TopItem, StatementError> {
        Ok(TopItem {
            owner: owner.clone(),
            unit: unit.clone(),
            kind: kind.clone(),
            resource,
            original: Money::new(self.original.total()?, currency),
            payable: Money::new(self.payable.total()?, currency),
            lifetime_micros: self.lifetime_micros,
        })
    }
}

/// The most expensive of resources of one owner, unit and kind, which are sorted by name.
fn few_most_expensive(
    resources: Vec<(Name, ResourceSums)>,
    count: usize,
) -> Result<Vec<(Name, ResourceSums)>, StatementError> {
    let amounts = |sums: &ResourceSums| Ok::<_, MoneyError>((sums.payable.total()?, sums.original.total()?));
    let keyed = resources.into_iter().map(|(resource, sums)| Ok((Reverse(amounts(&sums)?), resource, sums)));
    let mut keyed = keyed.collect::<Result<Vec<_>, StatementError>>()?;
    keyed.sort_by_key(|(amounts, ..)| *amounts); // stable: equal ones stay sorted by name
    keyed.truncate(count);
    Ok(keyed.into_iter().map(|(_, resource, sums)| (resource, sums)).collect())
}

/// The first of them by what is to be paid, then by what it costs, both falling; then by owner, unit,
/// kind and resource, so that no two are alike.
fn most_expensive(mut items: Vec<TopItem>, count: usize) -> Vec<TopItem> {
    items.sort_by(|a, b| {
        let amounts = |item: &TopItem| (Reverse(item.payable.amount()), Reverse(item.original.amount()));
        let names = (&a.owner, &a.unit, &a.kind, &a.resource).cmp(&(&b.owner, &b.unit, &b.kind, &b.resource));
        amounts(a).cmp(&amounts(b)).then(names)
    });
    items.truncate(count);
    items
}

fn conserved(rows: Sum, total: Money) -> Result<(), StatementError> {
    let whole = rows.total()?;
    if whole == total.amount() {
        return Ok(());
    }
    Err(MoneyError::NotConserved { whole, parts: total.amount() }.into())
}

fn one_more(count: u64) -> Result<u64, MoneyError> {
    count.checked_add(1).ok_or_else(too_much)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
