//! Generated usage: any row by itself from the seed and its number, so that ten million need no memory.

use super::columns;
use anyhow::{Context, Result};
use arrow_array::{
    ArrayRef, Decimal64Array, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt32Array, types::Int32Type,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use counterfoil::{metering::ChargeMode, time::BillingDay};
use std::{ops::Range, sync::Arc};

/// How many owners there are, of which a fifth are groups.
const OWNERS: u32 = 2_000;
const KINDS: [&str; 5] = ["server", "disk", "bucket", "site", "balloon"];
/// The service unit of each kind.
const UNITS: [&str; 5] = ["unit-compute", "unit-compute", "unit-objects", "unit-security", "unit-compute"];
const MODES: [ChargeMode; 3] = [ChargeMode::PostPaid, ChargeMode::PrePaid, ChargeMode::Quota];
/// What there is of parts: whole numbers, or decimals of two digits after the point.
const QUANTITIES: [(&str, Digits); 8] = [
    ("base:count", Digits::None),
    ("cpu:core", Digits::Two),
    ("ram:GiB", Digits::Two),
    ("disk:GiB", Digits::None),
    ("public_ip:count", Digits::None),
    ("size:GiB", Digits::Two),
    ("tamper:count", Digits::None),
    ("security:count", Digits::None),
];
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// The kind that no price list has.
const BALLOON: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    None,
    Two,
}

/// Which rows there are: every resource on the first day, then on the second, and so on.
#[derive(Debug, Clone)]
pub(crate) struct Generator {
    seed: u64,
    rows: u64,
    days: Vec<BillingDay>,
    resources: u64,
    /// How many of a million rows have a fault.
    faults: u32,
    schema: SchemaRef,
    owners: ArrayRef,
    units: ArrayRef,
    kinds: ArrayRef,
    modes: ArrayRef,
}

/// One row.
struct Row {
    resource: u32,
    owner: i32,
    kind: usize,
    mode: usize,
    window: (i64, i64),
    start: Option<i64>,
    end: Option<i64>,
    quantities: [Option<i64>; 8],
}

impl Generator {
    pub(crate) fn new(seed: u64, rows: u64, days: &[BillingDay], faults: u32) -> Self {
        let mut fields = columns::fixed_fields();
        fields.extend(QUANTITIES.iter().map(|(name, digits)| {
            let data_type = if *digits == Digits::Two { DataType::Decimal64(12, 2) } else { DataType::Int64 };
            Field::new(*name, data_type, true)
        }));
        let text = |names: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(names)) };
        let owner = |owner: u32| match owner % 5 {
            0 => format!("group:project-{owner:04}"),
            _ => format!("user:account-{owner:04}"),
        };
        let count = u64::try_from(days.len()).unwrap_or(u64::MAX).max(1);
        Self {
            seed,
            rows,
            days: days.to_vec(),
            resources: rows.div_ceil(count).max(1),
            faults,
            schema: Arc::new(Schema::new(fields)),
            owners: text((0..OWNERS).map(owner).collect()),
            units: text(UNITS.iter().map(|unit| (*unit).to_owned()).collect()),
            kinds: text(KINDS.iter().map(|kind| (*kind).to_owned()).collect()),
            modes: text(MODES.iter().map(|mode| mode.name().to_owned()).collect()),
        }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Some of the rows.
    pub(crate) fn batch(&self, rows: Range<u64>) -> Result<RecordBatch> {
        let rows: Vec<Row> = (rows.start..rows.end.min(self.rows)).map(|row| self.row(row)).collect();
        let key = |place: usize| i32::try_from(place).unwrap_or_default();
        let words = |keys: Vec<i32>, values: &ArrayRef| -> Result<ArrayRef> {
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), values.clone())?))
        };
        let instants = |instants: Vec<Option<i64>>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from(instants).with_timezone("UTC"))
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.resource))),
            words(rows.iter().map(|row| row.owner).collect(), &self.owners)?,
            words(rows.iter().map(|row| key(row.kind)).collect(), &self.units)?,
            words(rows.iter().map(|row| key(row.kind)).collect(), &self.kinds)?,
            words(rows.iter().map(|row| key(row.mode)).collect(), &self.modes)?,
            instants(rows.iter().map(|row| Some(row.window.0)).collect()),
            instants(rows.iter().map(|row| Some(row.window.1)).collect()),
            instants(rows.iter().map(|row| row.start).collect()),
            instants(rows.iter().map(|row| row.end).collect()),
        ];
        for (place, (_, digits)) in QUANTITIES.iter().enumerate() {
            let values = rows.iter().map(|row| row.quantities.get(place).copied().flatten());
            columns.push(match digits {
                Digits::None => Arc::new(Int64Array::from_iter(values)),
                Digits::Two => Arc::new(Decimal64Array::from_iter(values).with_precision_and_scale(12, 2)?),
            });
        }
        RecordBatch::try_new(self.schema.clone(), columns).context("generated columns do not fit together")
    }

    fn row(&self, number: u64) -> Row {
        let day = usize::try_from(number / self.resources).unwrap_or(usize::MAX);
        let resource = number % self.resources;
        let window = self.days.get(day).map_or((0, DAY), |day| ends(*day));
        let mut row = self.resource(u32::try_from(resource).unwrap_or(u32::MAX), window);
        let mut random = Random::of(self.seed ^ 0xFA17, number);
        if random.below(1_000_000) < self.faults.into() {
            row.spoil(random.below(7), window);
        }
        row
    }

    /// A resource as it is on any day; when it lived is its own, whichever day is asked for.
    fn resource(&self, resource: u32, window: (i64, i64)) -> Row {
        let mut random = Random::of(self.seed, u64::from(resource));
        let first = self.days.first().map_or(0, |day| ends(*day).0);
        let owner = i32::try_from(random.below(OWNERS.into())).unwrap_or_default();
        // Of a hundred: 62 servers, 22 disks, 11 buckets, 5 sites.
        let kind = match random.below(100) {
            0..62 => 0,
            62..84 => 1,
            84..95 => 2,
            _ => 3,
        };
        let mode = match random.below(100) {
            0..80 => 0,
            80..95 => 1,
            _ => 2,
        };
        let month = i64::try_from(self.days.len()).unwrap_or(1).saturating_mul(DAY);
        let within = |random: &mut Random| {
            let micros = u64::try_from(month).unwrap_or(1);
            first + i64::try_from(random.below(micros)).unwrap_or_default()
        };
        // Most are older than the month; of a hundred, three begin in it and three end.
        let start = match random.below(100) {
            0..3 => within(&mut random),
            _ => first - i64::try_from(random.below(1_000)).unwrap_or_default() * DAY - 7 * SECOND,
        };
        let end = match random.below(100) {
            0..3 => Some(within(&mut random).max(start)),
            _ => None,
        };
        let mut one_of = |choices: &[i64]| {
            let most = u64::try_from(choices.len()).unwrap_or(1);
            let place = usize::try_from(random.below(most)).unwrap_or_default();
            Some(choices.get(place).copied().unwrap_or(1))
        };
        let quantities = match kind {
            0 => {
                let cores = one_of(&[50, 100, 200, 400, 800, 1_600, 3_200]);
                let ram = cores.zip(one_of(&[1, 2, 4, 8])).map(|(cores, each)| cores * each);
                [Some(1), cores, ram, one_of(&[20, 40, 80, 100, 200]), one_of(&[0, 0, 0, 1]), None, None, None]
            }
            1 => [None, None, None, None, None, one_of(&[1_000, 5_000, 10_000, 50_000, 102_400]), None, None],
            2 => [Some(1), None, None, None, None, one_of(&[12, 7_325, 40_050, 250_000, 1_000_001]), None, None],
            _ => [Some(1), None, None, None, None, None, one_of(&[0, 1]), one_of(&[0, 1])],
        };
        Row { resource, owner, kind, mode, window, start: Some(start), end, quantities }
    }
}

impl Row {
    /// Puts one of the faults into it that files really have.
    fn spoil(&mut self, fault: u64, (start, _): (i64, i64)) {
        match fault {
            0 => self.start = None,
            1 => (self.start, self.end) = (Some(start), Some(start - 3_600 * SECOND)),
            2 => self.kind = BALLOON,
            3 => self.quantities = self.quantities.map(|quantity| quantity.map(|quantity| -quantity - 1)),
            4 => (self.window, self.start) = ((start + 3_600 * SECOND, start + 25 * 3_600 * SECOND), Some(start)),
            // A part that its kind has no price for, where it lives in its window at all.
            5 => {
                (self.start, self.end, self.quantities) =
                    (Some(start), None, [Some(1), Some(100), Some(100), Some(1), Some(1), Some(100), Some(1), Some(1)])
            }
            // The number of another resource, of which there is a reading already.
            _ => (self.resource, self.start, self.end) = (self.resource / 2, Some(start), None),
        }
    }
}

fn ends(day: BillingDay) -> (i64, i64) {
    (day.period().start().micros(), day.period().end().micros())
}

/// SplitMix64: good enough to look real, and the same everywhere.
struct Random(u64);

impl Random {
    fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0xD134_2543_DE82_EF95));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }
}
