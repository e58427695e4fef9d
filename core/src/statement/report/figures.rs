use crate::{
    error::{MoneyError, StatementError},
    exact::{
        Exact,
        decimal::{self, Sum},
    },
    metering::{Kind, Usage},
    money::{Currency, Money},
    statement::BillingDays,
    time::MICROS_PER_HOUR,
    units::Name,
    wallet::{Owner, SourceKind},
};
use std::collections::BTreeMap;

/// What the days of a report came to: by owner, by service, and in all.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The days that it is of.
    pub days: BillingDays,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// Each owner that existed before the end of the days, in order.
    pub owners: Vec<OwnerReport>,
    /// Each service unit over all owners, in order.
    pub units: Vec<(Name, ReportFigures)>,
    /// The most expensive resources of all.
    pub top: Vec<TopItem>,
    /// Everything together.
    pub total: ReportFigures,
    /// How many owners were left out: they did not exist yet.
    pub left_out: usize,
}

/// What an owner's services came to.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerReport {
    /// Whose.
    pub owner: Owner,
    /// Service by service, in order.
    pub units: Vec<UnitReport>,
    /// The most expensive resources of the owner.
    pub top: Vec<TopItem>,
    /// Everything of the owner.
    pub total: ReportFigures,
}

/// What an owner's resources of a service unit came to.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitReport {
    /// The service unit.
    pub unit: Name,
    /// Kind by kind, in order.
    pub kinds: Vec<KindReport>,
    /// Everything of the unit.
    pub total: ReportFigures,
}

/// What an owner's resources of a kind came to.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindReport {
    /// The kind.
    pub kind: Kind,
    /// How much of each part was used over the days; its hours are those of the portal.
    pub usage: Usage,
    /// How long the resources were there, where the readings say so, in microseconds.
    pub lifetime_micros: i128,
    /// What all that was used costs.
    pub original: Money,
    /// What is to be paid of it.
    pub payable: Money,
    /// How many readings.
    pub readings: u64,
    /// How many resources.
    pub resources: u64,
}

/// A resource that is among the most expensive.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopItem {
    /// Whose.
    pub owner: Owner,
    /// The service unit.
    pub unit: Name,
    /// Its kind.
    pub kind: Kind,
    /// Which.
    pub resource: Name,
    /// What all that was used of it costs.
    pub original: Money,
    /// What is to be paid of it.
    pub payable: Money,
    /// How long it was there, where the readings say so, in microseconds.
    pub lifetime_micros: i128,
}

/// The figures of a service, an owner, or everything.
///
/// # Units
/// `lifetime_micros` is in microseconds; [`hours`](Self::hours) are exact hours.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFigures {
    /// How long resources were there, where the readings say so, in microseconds.
    pub lifetime_micros: i128,
    /// What all that was used costs.
    pub original: Money,
    /// What is to be paid of it.
    pub payable: Money,
    /// What was paid, by the kind of source.
    pub paid: BTreeMap<SourceKind, Money>,
    /// What was given back of it.
    pub refunded: Money,
    /// Of that, what negative corrections gave back.
    pub corrected: Money,
    /// What statements still ask for; below zero where corrections are still to be given back.
    pub open: Money,
    /// How many readings.
    pub readings: u64,
    /// How many statements; withdrawn ones do not count.
    pub statements: u64,
    /// How many resources.
    pub resources: u64,
}

impl ReportFigures {
    /// What coupons paid.
    pub fn by_coupon(&self) -> Money {
        self.by(SourceKind::Coupon)
    }

    /// What the balance paid.
    pub fn by_balance(&self) -> Money {
        self.by(SourceKind::Balance)
    }

    /// What a kind of source paid.
    pub fn by(&self, source: SourceKind) -> Money {
        let nothing = Money::new(decimal::zero(self.payable.amount().scale()), self.payable.currency());
        self.paid.get(&source).copied().unwrap_or(nothing)
    }

    /// What was paid in all.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn paid_in_all(&self) -> Result<Money, MoneyError> {
        Money::sum(self.paid.values().copied(), self.payable.currency())
    }

    /// How many hours resources were there, exactly.
    pub fn hours(&self) -> Exact {
        hours(self.lifetime_micros)
    }

    /// What is payable and neither paid, still open, nor given back by a correction:
    /// `payable − (paid − corrected + open)`.
    ///
    /// It is nothing where all readings are stated and the report read every statement, payment and
    /// refund of its days.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-S2, R-S3
    pub fn unsettled(&self) -> Result<Money, MoneyError> {
        self.payable.minus(self.paid_in_all()?.minus(self.corrected)?.plus(self.open)?)
    }

    /// The error, unless nothing is [`unsettled`](Self::unsettled).
    ///
    /// # Errors
    /// `money.not_conserved`, `money.overflow`.
    ///
    /// # Rule
    /// R-S2, R-S3
    pub fn check_settled(&self) -> Result<(), MoneyError> {
        let unsettled = self.unsettled()?;
        if unsettled.is_zero() {
            return Ok(());
        }
        let (whole, parts) = (self.payable, self.payable.minus(unsettled)?);
        Err(MoneyError::NotConserved { whole: whole.amount(), parts: parts.amount() })
    }
}

impl KindReport {
    /// How many hours the resources were there, exactly.
    pub fn hours(&self) -> Exact {
        hours(self.lifetime_micros)
    }
}

impl TopItem {
    /// How many hours it was there, exactly.
    pub fn hours(&self) -> Exact {
        hours(self.lifetime_micros)
    }
}

/// Microseconds as hours.
fn hours(micros: i128) -> Exact {
    Exact::above_zero(micros, i128::from(MICROS_PER_HOUR))
}

/// Figures that are being added up.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) lifetime_micros: i128,
    pub(super) original: Sum,
    pub(super) payable: Sum,
    pub(super) paid: BTreeMap<SourceKind, Sum>,
    pub(super) refunded: Sum,
    pub(super) corrected: Sum,
    pub(super) open: Sum,
    pub(super) readings: u64,
    pub(super) statements: u64,
}

impl Default for Tally {
    fn default() -> Self {
        let nothing = Sum::from(decimal::zero(0));
        Self {
            lifetime_micros: 0,
            original: nothing,
            payable: nothing,
            paid: BTreeMap::new(),
            refunded: nothing,
            corrected: nothing,
            open: nothing,
            readings: 0,
            statements: 0,
        }
    }
}

impl Tally {
    pub(super) fn pay(&mut self, by: SourceKind, amount: Sum) -> Result<(), MoneyError> {
        if let Some(paid) = self.paid.get_mut(&by) {
            return paid.add_sum(amount);
        }
        self.paid.insert(by, amount);
        Ok(())
    }

    /// Adds what others came to.
    pub(super) fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.original.add_sum(other.original)?;
        self.payable.add_sum(other.payable)?;
        self.refunded.add_sum(other.refunded)?;
        self.corrected.add_sum(other.corrected)?;
        self.open.add_sum(other.open)?;
        for (by, amount) in &other.paid {
            self.pay(*by, *amount)?;
        }
        self.lifetime_micros = self.lifetime_micros.checked_add(other.lifetime_micros).ok_or_else(too_much)?;
        self.readings = self.readings.checked_add(other.readings).ok_or_else(too_much)?;
        self.statements = self.statements.checked_add(other.statements).ok_or_else(too_much)?;
        Ok(())
    }

    pub(super) fn figures(&self, currency: Currency, resources: u64) -> Result<ReportFigures, StatementError> {
        let money = |sum: Sum| Ok::<_, MoneyError>(Money::new(sum.total()?, currency));
        let paid = self.paid.iter().map(|(by, sum)| Ok((*by, money(*sum)?)));
        Ok(ReportFigures {
            lifetime_micros: self.lifetime_micros,
            original: money(self.original)?,
            payable: money(self.payable)?,
            paid: paid.collect::<Result<_, MoneyError>>()?,
            refunded: money(self.refunded)?,
            corrected: money(self.corrected)?,
            open: money(self.open)?,
            readings: self.readings,
            statements: self.statements,
            resources,
        })
    }
}

#[cold]
pub(super) fn too_much() -> MoneyError {
    MoneyError::Overflow { operation: "a report" }
}
