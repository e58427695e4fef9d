use crate::{
    BatchError, Counts, Progress, Run,
    read::{Bound, Inputs},
    run::in_order,
    schema::{MoneyType, Output, Places, TariffSource, UsageSchema},
    write::{ChunkSummary, OutChunk, OutColumns, passed},
};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use counterfoil::{
    error::BulkError,
    pricing::{
        Explanation,
        bulk::{RatedColumns, Rater, UsageDetail},
    },
};
use rust_decimal::Decimal;
use std::{ops::Range, sync::Arc};

/// Rates batches of usage.
///
/// What comes out for each row, behind the columns that are handed through:
///
/// | column | type | unit | null | is |
/// |---|---|---|---|---|
/// | `state` | dictionary of text, int8 keys | | never | `rated`, `absent` (it did not live in its window: nothing to pay) or `faulty` |
/// | `micros` | int64 | µs | not rated | how long it lived in its window |
/// | `payable_micros` | int64 | µs | not rated | how long of that is payable |
/// | `original` | [`MoneyType`] | the tariffs' currency | not rated | what all that was used costs, rounded |
/// | `payable` | [`MoneyType`] | the tariffs' currency | not rated | what is to be paid, rounded |
/// | `<quantity>_used` | decimal128(38, its scale) | its unit × µs | not rated | all that was used, with [`UsageDetail::Parts`]; 0 for a part that is not there |
/// | `<quantity>_payable` | decimal128(38, its scale) | its unit × µs | not rated | what of that is payable, likewise |
/// | `code` | dictionary of text, int16 keys | | not faulty | the stable code of what is wrong with the row |
///
/// Units and scales stand in the metadata of the fields as well ([`metadata`](crate::metadata)).
///
/// # Rounding
/// As [`Rater::rate`], whose kernel this is.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray, cast::AsArray, types::Decimal128Type};
/// use counterfoil::metering::{ChargeMode, Kind, Part, QuotaCharge};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{RateCard, bulk::{Rater, RatingTerms, UsageDetail}};
/// use counterfoil::time::Period;
/// use counterfoil::units::Unit;
/// use counterfoil_arrow::{
///     BatchRater, ModeSource, MoneyType, QuantityField, Run, SpanLayout, TariffSource, UsageColumns, UsageSchema, WindowSource,
/// };
///
/// let card = RateCard::from_toml(r#"
///     revision = "2024-02"
///     currency = "CNY"
///     rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
/// "#)?;
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let terms = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::None };
/// let rater = Rater::new(vec![card.tariff(&Kind::Server, day.start())?], terms)?;
/// let schema = UsageSchema::new(UsageColumns {
///     spans: SpanLayout::Flat,
///     mode: ModeSource::All(ChargeMode::PostPaid),
///     quantities: vec![QuantityField::column("cpu", Part::CPU, Unit::Core)],
///     window: WindowSource::All(day),
///     tariff: TariffSource::All(0),
///     passed: vec!["resource".into()],
/// })?;
/// let rater = BatchRater::new(schema, rater, MoneyType::Decimal)?;
///
/// let batch = RecordBatch::try_from_iter([
///     ("resource", Arc::new(StringArray::from(vec!["i-1", "i-2"])) as ArrayRef),
///     ("start", Arc::new(TimestampMicrosecondArray::from(vec![Some(0), None]).with_timezone("UTC"))),
///     ("end", Arc::new(TimestampMicrosecondArray::from(vec![None, None]).with_timezone("UTC"))),
///     ("cpu", Arc::new(Decimal128Array::from(vec![200, 400]).with_precision_and_scale(9, 2)?)),
/// ])?;
/// let rated = rater.rate_batch(&batch, Run::here())?;
/// let payable = rated.column_by_name("payable").unwrap().as_primitive::<Decimal128Type>();
/// assert_eq!(payable.iter().collect::<Vec<_>>(), [Some(317), None]);   // 24 h × 2 × 0.066 = 3.168 → 3.17
/// assert_eq!(rater.row(&batch, 1).unwrap_err().to_string(), "column `start` is null in this row: fill it in");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct BatchRater {
    schema: UsageSchema,
    rater: Rater,
    output: Output,
}

/// Memory of a thread for its chunks.
#[derive(Debug, Default)]
struct Memory {
    inputs: Inputs,
    rated: RatedColumns,
}

/// Some rows of a batch, and what its schema says.
#[derive(Debug)]
struct Piece {
    batch: RecordBatch,
    plan: Arc<Plan>,
}

/// Where the columns of a schema stand, and the schema of what comes out.
#[derive(Debug)]
struct Plan {
    input: SchemaRef,
    places: Places,
    output: SchemaRef,
}

impl BatchRater {
    /// A rater of batches of a schema.
    ///
    /// # Errors
    /// `bulk.unknown_id` where the schema names a tariff that the rater has not.
    pub fn new(schema: UsageSchema, rater: Rater, money: MoneyType) -> Result<Self, BatchError> {
        let known = rater.tariffs().len();
        let named: Vec<u32> = match &schema.columns().tariff {
            TariffSource::Column => vec![],
            TariffSource::All(tariff) => vec![*tariff],
            TariffSource::ByKind(by_kind) => by_kind.values().copied().collect(),
        };
        for id in named {
            if usize::try_from(id).map_or(true, |id| id >= known) {
                return Err(BulkError::UnknownId { column: "tariff", id, known }.into());
            }
        }
        let output = Output::new(&rater, money);
        Ok(Self { schema, rater, output })
    }

    /// What batches must look like.
    pub const fn schema(&self) -> &UsageSchema {
        &self.schema
    }

    /// Who rates the rows.
    pub const fn rater(&self) -> &Rater {
        &self.rater
    }

    /// The schema of what comes out for batches of a schema.
    ///
    /// # Errors
    /// As [`UsageSchema::check`]; `arrow.repeated_column` where a column that is handed through has the
    /// name of one of the results.
    pub fn output_schema(&self, input: &Schema) -> Result<SchemaRef, BatchError> {
        self.output.schema(&self.schema, input)
    }

    /// Rates one batch, its chunks on the threads of the run.
    ///
    /// # Errors
    /// As [`output_schema`](Self::output_schema); `arrow.cancelled`, and then there is no result at
    /// all. What is wrong with a row is in the column `code`.
    pub fn rate_batch(&self, batch: &RecordBatch, mut run: Run<'_>) -> Result<RecordBatch, BatchError> {
        let plan = self.plan(batch.schema())?;
        let bound = Bound::new(&self.schema, &plan.places, batch)?;
        let rows = bound.rows();
        run.check(0)?;
        let mut columns = OutColumns::new(rows, &self.output, &self.usage_scales(&plan));
        let mut summaries = Vec::new();
        let mut rated = 0_usize;
        let (threads, chunk_rows) = (run.threads, run.chunk_rows.get());
        let mut first = 0_usize;
        let mut chunks = columns.chunks(chunk_rows).map(|chunk| {
            let rows = first..first.saturating_add(chunk.rows());
            first = rows.end;
            Ok((rows, chunk))
        });
        in_order::<_, _, BatchError, _>(
            threads,
            Memory::default,
            || chunks.next(),
            |(rows, chunk), memory| self.rate_chunk(&bound, rows, chunk, memory),
            |summary| {
                rated = rated.saturating_add(summary.counts.rows());
                summaries.push(summary);
                run.tell(Progress { rows: rated, of: Some(rows) })
            },
        )?;
        drop(chunks);
        columns.finish(chunk_rows, &summaries, plan.output.clone(), passed(batch, &plan.places.passed, 0..rows))
    }

    /// Rates batches as they come, and hands the results over in order: those of a batch in pieces of
    /// the run's chunks, none of them larger. Both are done on the calling thread, and no more than
    /// two chunks for each thread are under way, so memory is bounded by the chunks and the batches
    /// that they are of.
    ///
    /// # Errors
    /// The first of these in the order of the batches, and all before it is handed over: what `batches`
    /// or `sink` say; `arrow.cancelled`; as [`output_schema`](Self::output_schema). What is wrong with
    /// a row is in the column `code`.
    pub fn rate_batches<E: From<BatchError>>(
        &self,
        batches: impl IntoIterator<Item = Result<RecordBatch, E>>,
        mut sink: impl FnMut(RecordBatch) -> Result<(), E>,
        mut run: Run<'_>,
    ) -> Result<Counts, E> {
        run.check(0)?;
        let (threads, chunk_rows) = (run.threads, run.chunk_rows.get());
        let mut pieces = Pieces { rater: self, batches: batches.into_iter(), current: None, chunk_rows };
        let mut counts = Counts::default();
        in_order(
            threads,
            Memory::default,
            || pieces.next(),
            |piece, memory| self.rate_piece(&piece, memory),
            |(batch, summary): (RecordBatch, Counts)| {
                sink(batch)?;
                counts.add(summary);
                Ok(run.tell(Progress { rows: counts.rows(), of: None })?)
            },
        )?;
        Ok(counts)
    }

    /// What one row alone comes to, original and payable; none if it did not live in its window. It
    /// tells the whole error of a row of which a batch tells the code.
    ///
    /// # Errors
    /// `arrow.null_in_column`, `arrow.no_tariff`; as [`Rater::row`] and [`UsageSchema::check`];
    /// `bulk.unknown_id` for a row that is not there. An amount that is too wide for its column is
    /// no error here.
    pub fn row(&self, batch: &RecordBatch, row: usize) -> Result<Option<(Decimal, Decimal)>, BatchError> {
        self.with_row(batch, row, |chunk| Ok(self.rater.row(&chunk.lives, chunk.tariffs, 0)?))
    }

    /// Why one row costs what it costs; none if it did not live in its window.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    ///
    /// # Rule
    /// R-P15
    pub fn explain(&self, batch: &RecordBatch, row: usize) -> Result<Option<Explanation>, BatchError> {
        self.with_row(batch, row, |chunk| Ok(self.rater.explain(&chunk.lives, chunk.tariffs, 0)?))
    }

    fn with_row<T>(
        &self,
        batch: &RecordBatch,
        row: usize,
        answer: impl FnOnce(&crate::read::Chunk<'_>) -> Result<T, BatchError>,
    ) -> Result<T, BatchError> {
        if row >= batch.num_rows() {
            let id = u32::try_from(row).unwrap_or(u32::MAX);
            return Err(BulkError::UnknownId { column: "row", id, known: batch.num_rows() }.into());
        }
        let places = self.schema.places(&batch.schema())?;
        let one = batch.slice(row, 1);
        let bound = Bound::new(&self.schema, &places, &one)?;
        let mut inputs = Inputs::default();
        let chunk = bound.chunk(0..1, &mut inputs)?;
        match chunk.faults.first() {
            Some((_, fault)) => Err(bound.error(*fault, 0)),
            None => answer(&chunk),
        }
    }

    fn plan(&self, input: SchemaRef) -> Result<Plan, BatchError> {
        let places = self.schema.places(&input)?;
        let output = self.output_schema(&input)?;
        Ok(Plan { input, places, output })
    }

    /// The scales of the usage columns that are written.
    fn usage_scales(&self, plan: &Plan) -> Vec<u32> {
        match self.output.usage {
            UsageDetail::None => vec![],
            UsageDetail::Parts => plan.places.quantities.iter().map(|(_, scale)| *scale).collect(),
        }
    }

    /// Rates the rows of a chunk into their place.
    fn rate_chunk(
        &self,
        bound: &Bound<'_>,
        rows: Range<usize>,
        into: OutChunk<'_>,
        memory: &mut Memory,
    ) -> Result<ChunkSummary, BatchError> {
        let chunk = bound.chunk(rows, &mut memory.inputs)?;
        self.rater.rate(&chunk.lives, chunk.tariffs, &mut memory.rated)?;
        Ok(into.fill(&memory.rated, chunk.faults))
    }

    /// Rates a piece by itself.
    fn rate_piece(&self, piece: &Piece, memory: &mut Memory) -> Result<(RecordBatch, Counts), BatchError> {
        let Piece { batch, plan } = piece;
        let bound = Bound::new(&self.schema, &plan.places, batch)?;
        let rows = bound.rows();
        let mut columns = OutColumns::new(rows, &self.output, &self.usage_scales(plan));
        let mut summaries = Vec::new();
        for chunk in columns.chunks(rows) {
            summaries.push(self.rate_chunk(&bound, 0..rows, chunk, memory)?);
        }
        let counts = summaries.first().map(|summary| summary.counts).unwrap_or_default();
        let passed = passed(batch, &plan.places.passed, 0..rows);
        Ok((columns.finish(rows, &summaries, plan.output.clone(), passed)?, counts))
    }
}

/// Batches cut into pieces.
struct Pieces<'r, I> {
    rater: &'r BatchRater,
    batches: I,
    /// The batch that is being cut, and its first row that is left.
    current: Option<(RecordBatch, Arc<Plan>, usize)>,
    chunk_rows: usize,
}

impl<E: From<BatchError>, I: Iterator<Item = Result<RecordBatch, E>>> Iterator for Pieces<'_, I> {
    type Item = Result<Piece, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((batch, plan, first)) = &mut self.current
                && *first < batch.num_rows()
            {
                let rows = self.chunk_rows.min(batch.num_rows().saturating_sub(*first));
                let piece = Piece { batch: batch.slice(*first, rows), plan: plan.clone() };
                *first = first.saturating_add(rows);
                return Some(Ok(piece));
            }
            let batch = match self.batches.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            // Batches of one source share their schema: it is looked at once.
            let known = self.current.take().map(|(_, plan, _)| plan);
            let plan = match known.filter(|plan| Arc::ptr_eq(&plan.input, batch.schema_ref())) {
                Some(plan) => plan,
                None => match self.rater.plan(batch.schema()) {
                    Ok(plan) => Arc::new(plan),
                    Err(error) => return Some(Err(error.into())),
                },
            };
            self.current = Some((batch, plan, 0));
        }
    }
}
