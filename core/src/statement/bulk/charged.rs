use super::DailyTerms;
use crate::{
    bulk::{check_lengths, exact_decimal, no_such},
    error::{BulkError, Error, StatementError},
    metering::{
        Kind, ReadingId,
        bulk::{Ids, Windows},
    },
    money::{Money, bulk::Amounts},
    pricing::bulk::RowState,
    statement::{ChargedReading, daily::is_of},
    time::{BillingDay, Instant, Period},
    units::Name,
    wallet::Owner,
};
use rust_decimal::Decimal;

/// A batch of readings that are rated, as columns: who pays, for what, and how much.
///
/// # Units
/// Amounts are `number × 10^−scale` of a currency; both are in the [`DailyTerms`], for they hold for all
/// batches.
///
/// # Rule
/// R-S1
#[derive(Debug, Clone, Copy)]
pub struct ChargedColumns<'a> {
    /// The owners that `owner` names by their places. A name may stand in it twice, or not be used.
    pub owners: &'a [Owner],
    /// The service units that `unit` names.
    pub units: &'a [Name],
    /// The kinds that `kind` names.
    pub kinds: &'a [Kind],
    /// The day of each reading, by its place among the days of the terms.
    pub day: Ids<'a>,
    /// Who pays for each.
    pub owner: Ids<'a>,
    /// The service unit of each.
    pub unit: Ids<'a>,
    /// The kind of each.
    pub kind: Ids<'a>,
    /// The resource of each, by a number that is its own in all batches; none where each row is a reading
    /// by itself, and so none can come twice.
    pub resource: Option<&'a [u32]>,
    /// The window of each, where it is to be compared with the day.
    pub windows: Option<Windows<'a>>,
    /// What became of each in rating: only [`RowState::Rated`] is stated, and the others are passed over.
    /// None means that all are rated.
    pub state: Option<&'a [RowState]>,
    /// What all that was used costs.
    pub original: Amounts<'a>,
    /// What is to be paid.
    pub payable: Amounts<'a>,
}

/// One row, read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charged {
    /// The places of the names in their lists.
    pub(super) day: usize,
    pub(super) owner: usize,
    pub(super) unit: usize,
    pub(super) kind: usize,
    pub(super) original: Decimal,
    pub(super) payable: Decimal,
}

impl ChargedColumns<'_> {
    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.original.len()
    }

    /// One row as a reading with its amounts, as [`daily`](crate::statement::daily) takes it: what a fault
    /// of the row is told by. The resource is named by the caller, for columns number resources only.
    ///
    /// That a reading comes twice is no fault of one row; the other row has the same day and resource.
    ///
    /// # Errors
    /// In this order: `bulk.unknown_id` for a row, a day, an owner, a unit, a kind or a resource that is
    /// not there; `money.too_many_digits`; `time.out_of_range`, `time.reversed` of the window;
    /// `statement.other_day`.
    pub fn reading(&self, terms: &DailyTerms, row: usize, resource: Name) -> Result<ChargedReading, Error> {
        let known = self.rows();
        if row >= known {
            return Err(no_such("row", row, known).into());
        }
        let name = |window| ReadingId { resource: resource.clone(), window }.to_string();
        let charged = self.charged(terms, row, name)?;
        let (Some(owner), Some(unit), Some(kind), Some(day)) = (
            self.owners.get(charged.owner),
            self.units.get(charged.unit),
            self.kinds.get(charged.kind),
            terms.days.get(charged.day),
        ) else {
            return Err(no_such("row", row, known).into()); // they were found just now
        };
        Ok(ChargedReading {
            owner: owner.clone(),
            unit: unit.clone(),
            kind: kind.clone(),
            original: Money::new(charged.original, terms.currency),
            payable: Money::new(charged.payable, terms.currency),
            reading: ReadingId { resource, window: day.period() },
        })
    }

    /// The error, unless all columns have one length.
    pub(super) fn check(&self) -> Result<(), BulkError> {
        let (window_start, window_end) = match self.windows {
            Some(Windows::Each { start, end }) => (Some(start.len()), Some(end.len())),
            Some(Windows::One(_)) | None => (None, None),
        };
        let columns = [
            ("payable", Some(self.payable.len())),
            ("day", self.day.len()),
            ("owner", self.owner.len()),
            ("unit", self.unit.len()),
            ("kind", self.kind.len()),
            ("resource", self.resource.map(<[u32]>::len)),
            ("window start", window_start),
            ("window end", window_end),
            ("state", self.state.map(<[RowState]>::len)),
        ];
        check_lengths(self.rows(), columns)
    }

    /// Whether a row is stated at all.
    #[inline]
    pub(super) fn is_rated(&self, row: usize) -> bool {
        self.state.is_none_or(|state| state.get(row) == Some(&RowState::Rated))
    }

    /// One row, with a name for its reading where it has a fault.
    #[inline]
    pub(super) fn charged(
        &self,
        terms: &DailyTerms,
        row: usize,
        reading: impl Fn(Period) -> String,
    ) -> Result<Charged, Error> {
        let day = self.day.at(row, "day", terms.days.len())?;
        let owner = self.owner.at(row, "owner", self.owners.len())?;
        let unit = self.unit.at(row, "unit", self.units.len())?;
        let kind = self.kind.at(row, "kind", self.kinds.len())?;
        if let Some(resource) = self.resource {
            Ids::Each(resource).at(row, "resource", terms.resources)?;
        }
        let amount = |column: Amounts<'_>| exact_decimal(column.at(row), terms.scale);
        let (original, payable) = (amount(self.original)?, amount(self.payable)?);
        if let (Some(windows), Some(of)) = (self.windows, terms.days.get(day)) {
            check_window(windows, row, *of, reading)?;
        }
        Ok(Charged { day, owner, unit, kind, original, payable })
    }
}

#[inline]
fn check_window(
    windows: Windows<'_>,
    row: usize,
    day: BillingDay,
    reading: impl Fn(Period) -> String,
) -> Result<(), Error> {
    let window = match windows {
        Windows::One(window) => window,
        Windows::Each { start, end } => {
            let ends = (start.get(row).copied().unwrap_or(i64::MAX), end.get(row).copied().unwrap_or(i64::MIN));
            if ends == day.period().micros_of_ends() {
                return Ok(()); // as nearly always
            }
            Period::new(Instant::from_micros(ends.0)?, Instant::from_micros(ends.1)?)?
        }
    };
    if is_of(day, window) {
        return Ok(());
    }
    Err(StatementError::OtherDay { reading: reading(window), day: day.period().to_string() }.into())
}
