//! Of which day lines are.

use super::{
    bound::{column, not_found},
    cells::Cells,
    lines::{LineFault, NOWHERE, Notes},
};
use crate::{
    BatchError,
    schema::{DAY, DayPlaces, DaySource, WINDOW_END, WINDOW_START},
};
use arrow_array::{RecordBatch, cast::AsArray, types::Date32Type};
use counterfoil::{
    error::BulkError,
    metering::bulk::Ids,
    statement::bulk::DailyTerms,
    time::{BillingDay, Instant, Period},
};
use std::collections::BTreeMap;

/// The days of the terms, by what rows name them by.
#[derive(Debug, Clone)]
pub(crate) enum Days {
    Dates(BTreeMap<i32, u32>),
    Windows(BTreeMap<(i64, i64), u32>),
    All(u32),
}

impl Days {
    /// # Errors
    /// `arrow.ambiguous_day`; `bulk.unknown_id` for a day that is not among those of the terms.
    pub(crate) fn new(source: DaySource, terms: &DailyTerms) -> Result<Self, BatchError> {
        Ok(match source {
            DaySource::Dates => Self::Dates(by(&terms.days, "date", |day| day.date().to_epoch_days())?),
            DaySource::Windows => Self::Windows(by(&terms.days, "window", |day| {
                (day.period().start().micros(), day.period().end().micros())
            })?),
            DaySource::All(id) => {
                let known = terms.days.len();
                if usize::try_from(id).map_or(true, |id| id >= known) {
                    return Err(BulkError::UnknownId { column: "day", id, known }.into());
                }
                Self::All(id)
            }
        })
    }

    /// The day of each row of a batch.
    pub(super) fn read<'a>(
        &self,
        places: DayPlaces,
        batch: &RecordBatch,
        into: &'a mut Vec<u32>,
        notes: &mut Notes<'_>,
    ) -> Result<Ids<'a>, BatchError> {
        let (columns, rows) = (batch.columns(), 0..batch.num_rows());
        into.clear();
        match (self, places) {
            (Self::All(day), _) => return Ok(Ids::All(*day)),
            (Self::Dates(known), DayPlaces::Dates(place)) => {
                let dates = Cells::of::<Date32Type>(&**column(columns, place)?)?;
                dates.each_null(rows.clone(), |row| notes.add(row, LineFault::Null(DAY)));
                into.extend(dates.values(rows).iter().map(|date| known.get(date).copied().unwrap_or(NOWHERE)));
            }
            (Self::Windows(known), DayPlaces::Windows(start, end)) => {
                let start = Cells::instants(&**column(columns, start)?)?;
                let end = Cells::instants(&**column(columns, end)?)?;
                start.each_null(rows.clone(), |row| notes.add(row, LineFault::Null(WINDOW_START)));
                end.each_null(rows.clone(), |row| notes.add(row, LineFault::Null(WINDOW_END)));
                // Neighbours are of one day as a rule.
                let mut last = None;
                let windows = start.values(rows.clone()).iter().copied().zip(end.values(rows).iter().copied());
                into.extend(windows.map(|window| match last {
                    Some((known, day)) if known == window => day,
                    _ => {
                        let day = known.get(&window).copied().unwrap_or(NOWHERE);
                        last = Some((window, day));
                        day
                    }
                }));
            }
            _ => return Err(not_found()),
        }
        let missing = into.iter().enumerate().filter(|(_, day)| **day == NOWHERE);
        missing.for_each(|(row, _)| notes.add(row, LineFault::Day));
        Ok(Ids::Each(into))
    }
}

/// Days by what rows name them by.
fn by<K: Ord>(
    days: &[BillingDay],
    by: &'static str,
    key: impl Fn(&BillingDay) -> K,
) -> Result<BTreeMap<K, u32>, BatchError> {
    let mut known = BTreeMap::<K, (u32, BillingDay)>::new();
    for (place, day) in (0_u32..).zip(days) {
        let (_, first) = *known.entry(key(day)).or_insert((place, *day));
        if first != *day {
            return Err(BatchError::AmbiguousDay { by, first: first.to_string(), second: day.to_string() });
        }
    }
    Ok(known.into_iter().map(|(key, (place, _))| (key, place)).collect())
}

/// The day of a row as text.
pub(super) fn day_text(places: DayPlaces, batch: &RecordBatch, row: usize) -> Option<String> {
    let at = |place: usize| {
        Cells::instants(&**batch.columns().get(place)?).ok()?.values(row..row.saturating_add(1)).first().copied()
    };
    match places {
        DayPlaces::All => None,
        DayPlaces::Dates(place) => {
            let dates = batch.columns().get(place)?.as_primitive_opt::<Date32Type>()?;
            let number = dates.values().get(row)?;
            Some(dates.value_as_date(row).map_or_else(|| format!("day {number} from 1970"), |date| date.to_string()))
        }
        DayPlaces::Windows(start, end) => {
            let (start, end) = (at(start)?, at(end)?);
            let window = || Period::new(Instant::from_micros(start)?, Instant::from_micros(end)?);
            Some(window().map_or_else(|_| format!("{start} µs .. {end} µs"), |window| window.to_string()))
        }
    }
}
