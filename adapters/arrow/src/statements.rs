use crate::{
    BatchError, MoneyType, Progress, Run,
    read::{Days, LineInputs, Lines, line_error},
    schema::{LineColumns, LinePlaces},
    statement_batch::{placed_batch, statement_batch},
};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use counterfoil::{
    error::BulkError,
    pricing::bulk::RowState,
    statement::{
        ChargedReading,
        bulk::{DailySums, DailyTerms, NO_GROUP, Placed, StatementColumns},
    },
};

/// Groups batches of charged lines into the statements of each day, owner, service unit and kind.
///
/// Batches go in, as [`LineColumns`] says; of each comes out where its lines went, and of all of them
/// the statements, as [`statement_batch`] says. Kept are two sums for each statement, and one bit for
/// each resource and day.
///
/// Where the lines of a batch went:
///
/// | column | type | null | is |
/// |---|---|---|---|
/// | `group` | uint64 | not stated | the statement that the line is of, by the number that stands in its column `group`; it stays what it is from batch to batch |
/// | `code` | dictionary of text, int16 keys | not faulty | the stable code of what is wrong with the row, as of a batch that is rated: [`faults`](crate::faults) takes it |
///
/// A row without either was passed over, for it is not rated. All amounts are of one currency: each
/// currency is stated by itself, and the batches of statements can be put together.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// use arrow_array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, UInt32Array, cast::AsArray, types::{Decimal128Type, UInt64Type}};
/// use counterfoil::{money::CNY, statement::bulk::DailyTerms, time::{BillingDay, Zone, parse_date}};
/// use counterfoil_arrow::{BatchStatements, DaySource, LineColumns, MoneyType, StateSource};
///
/// let days = vec![BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?];
/// let terms = DailyTerms { days, currency: CNY, scale: 2, resources: 100 };
/// let columns = LineColumns { day: DaySource::All(0), state: StateSource::All };
/// let mut statements = BatchStatements::new(columns, terms)?;
///
/// let text = |texts: [&'static str; 4]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("owner", text(["user:bob", "user:ada", "ada", "user:ada"])),
///     ("unit", text(["vm"; 4])),
///     ("kind", text(["server"; 4])),
///     ("resource", Arc::new(UInt32Array::from(vec![1, 2, 3, 4]))),
///     ("original", Arc::new(Int64Array::from(vec![3_00; 4]))),
///     ("payable", Arc::new(Int64Array::from(vec![1_10, 2_05, 3_00, 1_10]))),
/// ])?;
/// let placed = statements.add(&batch)?;
/// let groups = placed.column(0).as_primitive::<UInt64Type>();
/// assert_eq!(groups.iter().collect::<Vec<_>>(), [Some(0), Some(1), None, Some(1)]);
/// let fault = statements.line(&batch, 2).unwrap_err();
/// assert_eq!(fault.to_string(), "`ada` is no owner: write it as `user:ada` or `group:physics`");
///
/// let stated = statements.statements(MoneyType::Decimal)?;
/// let ids: Vec<_> = stated.column_by_name("statement").unwrap().as_string::<i32>().iter().flatten().collect();
/// assert_eq!(ids, ["2024-02-20/UTC/user/ada/vm/server/0", "2024-02-20/UTC/user/bob/vm/server/0"]);
/// let payable = stated.column_by_name("payable").unwrap().as_primitive::<Decimal128Type>();
/// assert_eq!(payable.values(), &[3_15, 1_10]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-S1
#[derive(Debug)]
pub struct BatchStatements {
    columns: LineColumns,
    days: Days,
    sums: DailySums,
    inputs: LineInputs,
    placed: Placed,
}

/// How many lines became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineCounts {
    /// Those that are in a statement.
    pub stated: usize,
    /// Those that were not rated.
    pub passed_over: usize,
    /// Those with a fault.
    pub faulty: usize,
}

impl LineCounts {
    /// All rows.
    pub const fn rows(self) -> usize {
        self.stated.saturating_add(self.passed_over).saturating_add(self.faulty)
    }

    const fn add(&mut self, other: Self) {
        self.stated = self.stated.saturating_add(other.stated);
        self.passed_over = self.passed_over.saturating_add(other.passed_over);
        self.faulty = self.faulty.saturating_add(other.faulty);
    }
}

impl BatchStatements {
    /// Nothing stated yet.
    ///
    /// # Errors
    /// `bulk.bad_scale`; `bulk.unknown_id` for a day that is not among those of the terms;
    /// `arrow.ambiguous_day` where two of them, of two zones, have one date or window by which rows
    /// name them.
    pub fn new(columns: LineColumns, terms: DailyTerms) -> Result<Self, BatchError> {
        let days = Days::new(columns.day, &terms)?;
        let sums = DailySums::new(terms)?;
        Ok(Self { columns, days, sums, inputs: LineInputs::default(), placed: Placed::default() })
    }

    /// Which columns batches have.
    pub const fn columns(&self) -> LineColumns {
        self.columns
    }

    /// The sums so far, and what holds for all batches.
    pub const fn sums(&self) -> &DailySums {
        &self.sums
    }

    /// The schema of batches in its plainest form: names as dictionaries, amounts as
    /// `decimal128(38, scale)`. [`check`](Self::check) says which others do as well.
    pub fn schema(&self) -> Schema {
        self.columns.schema(self.sums.terms())
    }

    /// Whether batches of a schema can be read.
    ///
    /// A null where none may be is no fault of a schema: it is one of its row.
    ///
    /// # Errors
    /// The first of these, in the order of [`LineColumns`]' table, each with the column's name:
    /// `arrow.missing_column`, `arrow.repeated_column`, `arrow.column_type`, `arrow.float_column`,
    /// `arrow.column_scale`, `arrow.column_metadata`.
    pub fn check(&self, schema: &Schema) -> Result<(), BatchError> {
        self.places(schema).map(|_| ())
    }

    /// Adds a batch, each line to its statement, and says where the lines went.
    ///
    /// Of two lines with one day and resource the first stands, in this batch or one before.
    ///
    /// # Errors
    /// As [`check`](Self::check), and then nothing is added. What is wrong with a row is in the column
    /// `code`: as [`line`](Self::line) says; `statement.repeated_reading`.
    ///
    /// # Rule
    /// R-S1
    pub fn add(&mut self, batch: &RecordBatch) -> Result<RecordBatch, BatchError> {
        let places = self.places(batch.schema_ref())?;
        Ok(self.add_piece(batch, &places)?.0)
    }

    /// Adds batches as they come, and hands over where their lines went, in order: those of a batch in
    /// pieces of the run's chunks. Whose line comes first decides, so all is done on the calling thread,
    /// whatever number the run has.
    ///
    /// # Errors
    /// The first of these in the order of the batches, and the sums are those of all pieces before it:
    /// what `batches` or `sink` say, where the piece that `sink` refused is in the sums;
    /// `arrow.cancelled`; as [`check`](Self::check). What is wrong with a row is in the column `code`.
    pub fn add_batches<E: From<BatchError>>(
        &mut self,
        batches: impl IntoIterator<Item = Result<RecordBatch, E>>,
        mut sink: impl FnMut(RecordBatch) -> Result<(), E>,
        mut run: Run<'_>,
    ) -> Result<LineCounts, E> {
        let mut counts = LineCounts::default();
        run.check(0)?;
        // Batches of one source share their schema: it is looked at once.
        let mut known: Option<(SchemaRef, LinePlaces)> = None;
        for batch in batches {
            let batch = batch?;
            let places = match known.take().filter(|(schema, _)| std::sync::Arc::ptr_eq(schema, batch.schema_ref())) {
                Some((_, places)) => places,
                None => self.places(batch.schema_ref())?,
            };
            known = Some((batch.schema(), places));
            let mut first = 0_usize;
            while first < batch.num_rows() {
                let rows = run.chunk_rows.get().min(batch.num_rows().saturating_sub(first));
                let (placed, of_piece) = self.add_piece(&batch.slice(first, rows), &places)?;
                sink(placed)?;
                counts.add(of_piece);
                run.tell(Progress { rows: counts.rows(), of: None })?;
                first = first.saturating_add(rows);
            }
        }
        Ok(counts)
    }

    /// One row as a reading with its amounts; none if it is not rated. It tells the whole error of a row
    /// of which a batch tells the code.
    ///
    /// That a reading comes twice is no fault of one row; the other row has the same day and resource.
    ///
    /// # Errors
    /// In the order of [`LineColumns`]' table: `arrow.null_in_column`, `arrow.unknown_state`,
    /// `arrow.no_day`, `arrow.bad_owner`, and what is wrong with a name; then `bulk.unknown_id` for a resource
    /// or a row that is not there, `money.too_many_digits`. As [`check`](Self::check).
    pub fn line(&self, batch: &RecordBatch, row: usize) -> Result<Option<ChargedReading>, BatchError> {
        if row >= batch.num_rows() {
            let id = u32::try_from(row).unwrap_or(u32::MAX);
            return Err(BulkError::UnknownId { column: "row", id, known: batch.num_rows() }.into());
        }
        let places = self.places(batch.schema_ref())?;
        let one = batch.slice(row, 1);
        let mut inputs = LineInputs::default();
        let Lines { charged, faults } = inputs.read(&places, &self.days, &one)?;
        if let Some((_, fault)) = faults.first() {
            return Err(line_error(*fault, &places, &one, 0));
        }
        if charged.state.is_some_and(|state| state != [RowState::Rated]) {
            return Ok(None);
        }
        let resource = match charged.resource.and_then(|resource| resource.first()) {
            Some(resource) => format!("resource-{resource}"),
            None => format!("row-{row}"),
        };
        Ok(Some(charged.reading(self.sums.terms(), 0, resource.parse()?)?))
    }

    /// The statements of all batches so far.
    ///
    /// # Errors
    /// As [`statement_batch`].
    ///
    /// # Rule
    /// R-S1
    pub fn statements(&self, money: MoneyType) -> Result<RecordBatch, BatchError> {
        let mut columns = StatementColumns::default();
        self.sums.statements(&mut columns)?;
        statement_batch(&self.sums, &columns, money)
    }

    fn places(&self, schema: &Schema) -> Result<LinePlaces, BatchError> {
        self.columns.places(self.sums.terms(), schema)
    }

    fn add_piece(&mut self, piece: &RecordBatch, places: &LinePlaces) -> Result<(RecordBatch, LineCounts), BatchError> {
        let Self { days, sums, inputs, placed, .. } = self;
        let Lines { charged, faults: before } = inputs.read(places, days, piece)?;
        sums.add(&charged, placed)?;
        // The core passes over what has a fault before, so no row is in both.
        let mut faults: Vec<(usize, &'static str)> = before.iter().map(|(row, fault)| (*row, fault.code())).collect();
        faults.extend(placed.faults.iter().map(|fault| (fault.row, fault.code)));
        faults.sort_unstable();
        let stated = placed.group.iter().filter(|group| **group != NO_GROUP).count();
        let passed_over = placed.group.len().saturating_sub(stated).saturating_sub(faults.len());
        let counts = LineCounts { stated, passed_over, faulty: faults.len() };
        Ok((placed_batch(&placed.group, &faults)?, counts))
    }
}
