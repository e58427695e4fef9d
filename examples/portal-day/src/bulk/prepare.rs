//! Before rating: names and days by their places, the tariff of each row, and what is wrong with rows of this kind.

use super::{
    columns::{self, KIND, OWNER, RESOURCE, UNIT, WINDOW_END, WINDOW_START},
    source::Raw,
    terms::{Terms, is_null, no_tariff},
};
use crate::problem::Fault;
use anyhow::{Context, Result, bail};
use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray, UInt32Array, cast::AsArray, types::TimestampMicrosecondType,
};
use arrow_schema::{DataType, SchemaRef};
use counterfoil::{
    metering::Kind,
    time::{Instant, Period},
    units::Name,
    wallet::{Owner, OwnerKind},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The place of what is not known.
const UNKNOWN: u32 = u32::MAX;
/// Between the code and the message of a fault in its column.
const BETWEEN: char = '\u{1f}';

/// The names that came so far: those who state readings take them by their places.
#[derive(Default)]
pub(super) struct Names {
    lists: Mutex<Lists>,
}

#[derive(Default)]
pub(super) struct Lists {
    pub(super) owners: Vec<Owner>,
    pub(super) units: Vec<Name>,
}

/// Prepares batches.
pub(super) struct Preparer<'a> {
    terms: &'a Terms,
    names: &'a Names,
    schema: SchemaRef,
    owners: Places,
    units: Places,
    kinds: Places,
    days: Vec<(i64, i64)>,
}

/// The place of each text that came, or what is wrong with it.
#[derive(Default)]
struct Places(BTreeMap<String, Result<u32, Fault>>);

impl Names {
    pub(super) fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Preparer<'a> {
    pub(super) fn new(terms: &'a Terms, names: &'a Names, input: &SchemaRef) -> Self {
        let days = terms.days.iter().map(|day| (day.period().start().micros(), day.period().end().micros()));
        Self {
            terms,
            names,
            schema: columns::with_added(input),
            owners: Places::default(),
            units: Places::default(),
            kinds: Places::default(),
            days: days.collect(),
        }
    }

    /// The schema of batches that are prepared.
    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Adds what is found of each row. A row with a fault has no tariff, and so is not rated.
    pub(super) fn prepare(&mut self, raw: Raw) -> Result<RecordBatch> {
        let Raw { batch, faults } = raw;
        let column = |name: &str| batch.column_by_name(name).with_context(|| format!("column `{name}` is gone"));
        // The first fault of a row stands.
        let mut faults: BTreeMap<usize, Fault> = faults.into_iter().collect();
        let resource = column(RESOURCE)?;
        for row in (0..batch.num_rows()).filter(|row| resource.is_null(*row)) {
            faults.entry(row).or_insert_with(|| is_null(RESOURCE));
        }
        let names = self.names;
        let owners = self.owners.of(column(OWNER)?, OWNER, &mut faults, |text| {
            let owner = owner(text)?;
            Ok(names.lists().owners.place_of(owner))
        })?;
        let units = self.units.of(column(UNIT)?, UNIT, &mut faults, |text| {
            let unit: Name = text.parse().map_err(Fault::from)?;
            Ok(names.lists().units.place_of(unit))
        })?;
        let known = &self.terms.kinds;
        let kinds = self.kinds.of(column(KIND)?, KIND, &mut faults, |text| {
            let kind = text.parse::<Kind>().ok().and_then(|kind| known.iter().position(|known| *known == kind));
            kind.and_then(|place| u32::try_from(place).ok()).ok_or_else(|| no_tariff(text))
        })?;
        let days = self.days_of(column(WINDOW_START)?, column(WINDOW_END)?, &mut faults)?;
        let tariffs = self.tariffs(&kinds, &days, &mut faults);
        let texts: ArrayRef = if faults.is_empty() {
            Arc::new(StringArray::new_null(batch.num_rows()))
        } else {
            let text = |row| faults.get(&row).map(|Fault { code, message }| format!("{code}{BETWEEN}{message}"));
            Arc::new(StringArray::from_iter((0..batch.num_rows()).map(text)))
        };
        let places = |places: Vec<u32>| -> ArrayRef { Arc::new(UInt32Array::from(places)) };
        let mut all = batch.columns().to_vec();
        all.push(Arc::new(tariffs));
        all.extend([places(days), places(owners), places(units), places(kinds), texts]);
        Ok(RecordBatch::try_new(self.schema(), all)?)
    }

    /// The day of each window, by its place.
    fn days_of(&self, starts: &ArrayRef, ends: &ArrayRef, faults: &mut BTreeMap<usize, Fault>) -> Result<Vec<u32>> {
        let (Some(from), Some(to)) = (
            starts.as_primitive_opt::<TimestampMicrosecondType>(),
            ends.as_primitive_opt::<TimestampMicrosecondType>(),
        ) else {
            bail!("windows are no timestamps any more");
        };
        let mut last = (None, UNKNOWN);
        let mut places = Vec::with_capacity(from.len());
        for (row, window) in from.values().iter().copied().zip(to.values().iter().copied()).enumerate() {
            if from.is_null(row) || to.is_null(row) {
                let column = if from.is_null(row) { WINDOW_START } else { WINDOW_END };
                faults.entry(row).or_insert_with(|| is_null(column));
                places.push(UNKNOWN);
                continue;
            }
            if last.0 != Some(window) {
                let place = self.days.binary_search(&window).ok();
                last = (Some(window), place.and_then(|place| u32::try_from(place).ok()).unwrap_or(UNKNOWN));
            }
            if last.1 == UNKNOWN {
                faults.entry(row).or_insert_with(|| self.not_a_day(window));
            }
            places.push(last.1);
        }
        Ok(places)
    }

    fn not_a_day(&self, (start, end): (i64, i64)) -> Fault {
        let window = Instant::from_micros(start).and_then(|start| Period::new(start, Instant::from_micros(end)?));
        let window = match window {
            Ok(window) => window,
            Err(error) => return error.into(),
        };
        let Terms { month, zone, .. } = self.terms;
        let message = format!(
            "window {} .. {} is no day of {month} in {zone}: meter each day by itself, or say --month and --zone",
            window.start(),
            window.end()
        );
        Fault::new("input.not_a_day", message)
    }

    fn tariffs(&self, kinds: &[u32], days: &[u32], faults: &mut BTreeMap<usize, Fault>) -> UInt32Array {
        let place = |id: u32| usize::try_from(id).unwrap_or(usize::MAX);
        let tariffs = kinds.iter().zip(days).enumerate().map(|(row, (kind, day))| {
            if !faults.is_empty() && faults.contains_key(&row) {
                return None;
            }
            match self.terms.tariff(place(*kind), place(*day)) {
                Some(Ok(tariff)) => Some(*tariff),
                Some(Err(fault)) => {
                    faults.insert(row, fault.clone());
                    None
                }
                None => None, // both were found, or the row has a fault
            }
        });
        UInt32Array::from_iter(tariffs)
    }
}

/// The fault of a row in its column.
pub(super) fn fault_of(text: &str) -> (&str, &str) {
    text.split_once(BETWEEN).unwrap_or((text, ""))
}

impl Places {
    /// The place of the text of each row, each text looked up once for a dictionary.
    fn of(
        &mut self,
        column: &ArrayRef,
        name: &str,
        faults: &mut BTreeMap<usize, Fault>,
        mut find: impl FnMut(&str) -> Result<u32, Fault>,
    ) -> Result<Vec<u32>> {
        let mut look_up = |text: &str| match self.0.get(text) {
            Some(known) => known.clone(),
            None => {
                let found = find(text);
                self.0.insert(text.to_owned(), found.clone());
                found
            }
        };
        let mut places = Vec::with_capacity(column.len());
        let mut put = |row: usize, found: Option<&Result<u32, Fault>>| match found {
            Some(Ok(place)) => places.push(*place),
            wrong => {
                let fault = wrong.and_then(|wrong| wrong.as_ref().err().cloned());
                faults.entry(row).or_insert_with(|| fault.unwrap_or_else(|| is_null(name)));
                places.push(UNKNOWN);
            }
        };
        if let Some(dictionary) = column.as_any_dictionary_opt() {
            let values = texts(dictionary.values())?.map(|text| text.map(&mut look_up)).collect::<Vec<_>>();
            if values.is_empty() {
                (0..column.len()).for_each(|row| put(row, None));
                return Ok(places);
            }
            for (row, key) in dictionary.normalized_keys().into_iter().enumerate() {
                put(row, if column.is_null(row) { None } else { values.get(key).and_then(Option::as_ref) });
            }
        } else {
            for (row, text) in texts(column)?.enumerate() {
                put(row, text.map(&mut look_up).as_ref());
            }
        }
        Ok(places)
    }
}

/// The texts of a column.
fn texts(column: &dyn Array) -> Result<Box<dyn Iterator<Item = Option<&str>> + '_>> {
    Ok(match column.data_type() {
        DataType::Utf8 => Box::new(column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Box::new(column.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(column.as_string_view().iter()),
        other => bail!("{other} is no text"),
    })
}

fn owner(text: &str) -> Result<Owner, Fault> {
    let Some((kind, id)) = text.split_once(':').filter(|(_, id)| !id.is_empty()) else {
        let text = counterfoil::error::excerpt(text);
        let message = format!("`{text}` is no owner: write it like `user:ada` or `group:physics`");
        return Err(Fault::new("input.bad_owner", message));
    };
    Ok(Owner::new(kind.parse::<OwnerKind>()?, id))
}

/// A list in which every name stands once, since every text is looked up once and names are their texts.
trait PlaceOf<T> {
    fn place_of(&mut self, name: T) -> u32;
}

impl<T> PlaceOf<T> for Vec<T> {
    fn place_of(&mut self, name: T) -> u32 {
        self.push(name);
        u32::try_from(self.len() - 1).unwrap_or(UNKNOWN)
    }
}
