//! After rating: readings go to their statements, and what is wrong with rows is noted.

use super::{
    columns::{KIND, OWNER, RESOURCE, UNIT, WINDOW_END, WINDOW_START},
    prepare::{Names, fault_of},
    terms::Terms,
};
use anyhow::{Context, Result, bail};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, Decimal64Array, DictionaryArray, Int64Array, RecordBatch, StringArray,
    builder::StringDictionaryBuilder,
    cast::AsArray,
    types::{Int8Type, Int16Type, Int64Type, UInt32Type},
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use counterfoil::{
    metering::bulk::Ids,
    money::bulk::Amounts,
    pricing::bulk::RowState,
    statement::bulk::{ChargedColumns, DailySums, Placed, StatementColumns},
    units::Name,
};
use counterfoil_arrow::{BatchRater, metadata};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// The most digits of an amount in the file of rated rows.
const DIGITS: u8 = 18;
const MOST: i64 = 999_999_999_999_999_999;
/// The columns of the file of rated rows.
const WRITTEN: [&str; 12] = [
    RESOURCE,
    OWNER,
    UNIT,
    KIND,
    WINDOW_START,
    WINDOW_END,
    "state",
    "micros",
    "payable_micros",
    "original",
    "payable",
    "code",
];

/// What became of all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) rated: u64,
    pub(crate) absent: u64,
    pub(crate) faulty: u64,
    #[serde(skip)]
    pub(crate) original: i128,
    #[serde(skip)]
    pub(crate) payable: i128,
}

/// The rows with one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OfCode {
    pub(crate) rows: u64,
    /// The first of them, from 0.
    pub(crate) first_row: u64,
    /// What is wrong with the first, and what to do.
    pub(crate) message: String,
}

/// A row with a fault.
pub(crate) struct Listed {
    pub(crate) row: u64,
    pub(crate) resource: Option<u32>,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// Takes batches that are rated.
pub(crate) struct Settler<'a> {
    rater: &'a BatchRater,
    names: &'a Names,
    terms: &'a Terms,
    sums: DailySums,
    placed: Placed,
    pub(crate) tally: Tally,
    pub(crate) codes: BTreeMap<String, OfCode>,
    /// The first rows that have a fault, so many at most.
    pub(crate) listed: Vec<Listed>,
    most_listed: usize,
    schema: SchemaRef,
}

impl<'a> Settler<'a> {
    pub(super) fn new(
        terms: &'a Terms,
        rater: &'a BatchRater,
        names: &'a Names,
        prepared: &Schema,
        (resources, most_listed): (u32, usize),
    ) -> Result<Self> {
        let rated = rater.output_schema(prepared)?;
        let field = |name: &str| -> Result<Arc<Field>> {
            let field = rated.field_with_name(name)?;
            let is_amount = ["original", "payable"].contains(&name);
            let scale = i8::try_from(terms.scale())?;
            Ok(Arc::new(match is_amount {
                true => {
                    let about = field.metadata().iter().filter(|(key, _)| *key != metadata::SCALE);
                    let about = about.map(|(key, value)| (key.clone(), value.clone())).collect();
                    Field::new(name, DataType::Decimal64(DIGITS, scale), true).with_metadata(about)
                }
                false => field.clone(),
            }))
        };
        let fields = WRITTEN.iter().map(|name| field(name)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            rater,
            names,
            terms,
            sums: DailySums::new(terms.daily(resources))?,
            placed: Placed::default(),
            tally: Tally::default(),
            codes: BTreeMap::new(),
            listed: Vec::new(),
            most_listed,
            schema: Arc::new(Schema::new(fields)),
        })
    }

    /// The schema of the file of rated rows.
    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// What all readings come to.
    pub(super) fn statements(&self) -> Result<(StatementColumns, &DailySums)> {
        let mut statements = StatementColumns::default();
        self.sums.statements(&mut statements)?;
        if let Some(fault) = statements.faults.first() {
            let key = statements.group.get(fault.row).and_then(|group| self.sums.key(*group));
            let key = key.map(|key| key.to_string()).unwrap_or_default();
            bail!("the sum of statement `{key}` has more than 28 digits ({})", fault.code);
        }
        Ok((statements, &self.sums))
    }

    /// States the readings of a piece, and gives what is written of it.
    pub(super) fn settle(&mut self, piece: &RecordBatch) -> Result<RecordBatch> {
        let column = |name: &str| piece.column_by_name(name).with_context(|| format!("column `{name}` is gone"));
        let states: Vec<RowState> = dictionary::<Int8Type>(column("state")?)?
            .keys()
            .values()
            .iter()
            .map(|key| match key {
                0 => RowState::Rated,
                1 => RowState::Absent,
                _ => RowState::Faulty,
            })
            .collect();
        let mut faults = self.faults_before(piece, &states)?;
        let (original, payable) = (whole(column("original")?)?, whole(column("payable")?)?);
        let mut states = states;
        // More digits than the file has room for.
        let wide = |amount: &i64| !(-MOST..=MOST).contains(amount);
        for (row, state) in states.iter_mut().enumerate() {
            if *state == RowState::Rated
                && [original, payable].iter().any(|amounts| amounts.values().get(row).is_some_and(wide))
            {
                *state = RowState::Faulty;
                let message = format!("an amount has more than {DIGITS} digits: correct the quantities or the prices");
                faults.insert(row, ("money.overflow".to_owned(), message));
            }
        }
        self.add(piece, &mut states, (original, payable), &mut faults)?;
        self.count(&states, original.values(), payable.values());
        let resources = column(RESOURCE)?.as_primitive::<UInt32Type>();
        for (row, (code, message)) in &faults {
            self.note(*row, resources.is_valid(*row).then(|| resources.value(*row)), code, message);
        }
        let written = self.written(piece, &states, &faults);
        self.tally.rows += u64::try_from(piece.num_rows())?;
        written
    }

    /// What was found wrong before and while rating: row, code, message. The message is made for those that are shown.
    fn faults_before(&self, piece: &RecordBatch, states: &[RowState]) -> Result<BTreeMap<usize, (String, String)>> {
        let mut faults = BTreeMap::new();
        if !states.contains(&RowState::Faulty) {
            return Ok(faults);
        }
        let before = piece.column_by_name("#fault").map(|column| column.as_string::<i32>());
        let codes = piece.column_by_name("code").context("column `code` is gone")?;
        let codes = dictionary::<Int16Type>(codes)?;
        let words = codes.values().as_string::<i32>();
        for (row, _) in states.iter().enumerate().filter(|(_, state)| **state == RowState::Faulty) {
            if let Some(before) = before.filter(|before| before.is_valid(row)) {
                let (code, message) = fault_of(before.value(row));
                faults.insert(row, (code.to_owned(), message.to_owned()));
                continue;
            }
            let code = codes.key(row).map(|key| words.value(key).to_owned()).unwrap_or_default();
            let is_shown = self.listed.len() + faults.len() < self.most_listed || !self.codes.contains_key(&code);
            let message = match is_shown {
                true => self.rater.row(piece, row).err().map(|error| error.to_string()).unwrap_or_default(),
                false => String::new(),
            };
            faults.insert(row, (code, message));
        }
        Ok(faults)
    }

    /// Adds the readings to their statements; what is refused there is faulty.
    fn add(
        &mut self,
        piece: &RecordBatch,
        states: &mut [RowState],
        (original, payable): (&Int64Array, &Int64Array),
        faults: &mut BTreeMap<usize, (String, String)>,
    ) -> Result<()> {
        let places = |name: &str| -> Result<&[u32]> {
            let column = piece.column_by_name(name).and_then(|column| column.as_primitive_opt::<UInt32Type>());
            Ok(column.with_context(|| format!("column `{name}` is gone"))?.values())
        };
        let names = self.names.lists();
        let charged = ChargedColumns {
            owners: &names.owners,
            units: &names.units,
            kinds: &self.terms.kinds,
            day: Ids::Each(places("#day")?),
            owner: Ids::Each(places("#owner")?),
            unit: Ids::Each(places("#unit")?),
            kind: Ids::Each(places("#kind")?),
            resource: Some(places(RESOURCE)?),
            windows: None, // the day was found by the window
            state: Some(states),
            original: Amounts::Narrow(original.values()),
            payable: Amounts::Narrow(payable.values()),
        };
        self.sums.add(&charged, &mut self.placed)?;
        for fault in &self.placed.faults {
            let resource = charged.resource.and_then(|resource| resource.get(fault.row)).copied().unwrap_or_default();
            let name = |text: String| -> Result<Name> { Ok(text.parse()?) };
            let told = charged.reading(self.sums.terms(), fault.row, name(format!("resource-{resource}"))?);
            let message = match told {
                Err(error) => error.to_string(),
                Ok(reading) => {
                    let reading = reading.reading.to_string();
                    counterfoil::error::StatementError::RepeatedReading { reading }.to_string()
                }
            };
            faults.insert(fault.row, (fault.code.to_owned(), message));
        }
        for fault in &self.placed.faults {
            if let Some(state) = states.get_mut(fault.row) {
                *state = RowState::Faulty;
            }
        }
        Ok(())
    }

    fn count(&mut self, states: &[RowState], original: &[i64], payable: &[i64]) {
        for ((state, original), payable) in states.iter().zip(original).zip(payable) {
            match state {
                RowState::Rated => {
                    self.tally.rated += 1;
                    self.tally.original += i128::from(*original);
                    self.tally.payable += i128::from(*payable);
                }
                RowState::Absent => self.tally.absent += 1,
                RowState::Faulty => self.tally.faulty += 1,
            }
        }
    }

    fn note(&mut self, row: usize, resource: Option<u32>, code: &str, message: &str) {
        let row = self.tally.rows + u64::try_from(row).unwrap_or_default();
        let of_code = self.codes.entry(code.to_owned()).or_insert_with(|| OfCode {
            rows: 0,
            first_row: row,
            message: message.to_owned(),
        });
        of_code.rows += 1;
        if self.listed.len() < self.most_listed {
            self.listed.push(Listed { row, resource, code: code.to_owned(), message: message.to_owned() });
        }
    }

    /// The columns of a piece that are written; of a row with a fault nothing but its code.
    fn written(
        &self,
        piece: &RecordBatch,
        states: &[RowState],
        faults: &BTreeMap<usize, (String, String)>,
    ) -> Result<RecordBatch> {
        let scale = i8::try_from(self.terms.scale())?;
        let is_rated = |row: usize| states.get(row) == Some(&RowState::Rated);
        let numbers = |column: &ArrayRef| -> Result<Int64Array> {
            let numbers = whole(column)?;
            if faults.is_empty() {
                return Ok(numbers.clone());
            }
            Ok(numbers.iter().enumerate().map(|(row, number)| number.filter(|_| is_rated(row))).collect())
        };
        let columns = WRITTEN.iter().map(|name| -> Result<ArrayRef> {
            let column = piece.column_by_name(name).with_context(|| format!("column `{name}` is gone"))?;
            Ok(match *name {
                "state" if !faults.is_empty() => {
                    let keys = states.iter().map(|state| match state {
                        RowState::Rated => 0,
                        RowState::Absent => 1,
                        RowState::Faulty => 2,
                    });
                    let values: ArrayRef = Arc::new(StringArray::from(vec!["rated", "absent", "faulty"]));
                    Arc::new(DictionaryArray::<Int8Type>::try_new(keys.collect(), values)?)
                }
                "code" if !faults.is_empty() => {
                    let mut codes = StringDictionaryBuilder::<Int16Type>::new();
                    for row in 0..states.len() {
                        match faults.get(&row) {
                            Some((code, _)) => {
                                codes.append(code)?;
                            }
                            None => codes.append_null(),
                        }
                    }
                    Arc::new(codes.finish())
                }
                "micros" | "payable_micros" => Arc::new(numbers(column)?),
                "original" | "payable" => {
                    let (_, values, nulls) = numbers(column)?.into_parts();
                    Arc::new(Decimal64Array::new(values, nulls).with_precision_and_scale(DIGITS, scale)?)
                }
                _ => column.clone(),
            })
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }
}

fn whole(column: &ArrayRef) -> Result<&Int64Array> {
    column.as_primitive_opt::<Int64Type>().context("a column is no int64 any more")
}

fn dictionary<K: arrow_array::types::ArrowDictionaryKeyType>(column: &ArrayRef) -> Result<&DictionaryArray<K>> {
    column
        .as_dictionary_opt::<K>()
        .with_context(|| format!("a column is no dictionary of {}", <K as ArrowPrimitiveType>::DATA_TYPE))
}
