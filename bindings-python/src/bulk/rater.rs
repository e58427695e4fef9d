use super::{
    Batches, Explanation, Schema,
    arguments::{self, choice, word},
    capsule::{self, Source},
    stream::{BatchStream, Rated},
    watch::Watch,
};
use crate::border::{
    Fault, Rebuilt, Result,
    number::{count_of, decimal_out},
    text::parsed,
};
use arrow_array::RecordBatch;
use counterfoil::{
    error::BulkError,
    pricing::bulk::{Rater as CoreRater, RatingTerms, UsageDetail},
};
use counterfoil_arrow::{
    BatchError, BatchRater, MoneyType, Progress, QuantityField, Run, SpanLayout, UsageColumns, UsageSchema,
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::{num::NonZeroUsize, sync::Arc};

/// Rates tables of usage: make it once, and rate as many tables as you like, from as many threads as you like.
///
/// ``card`` is a ``RateCard``, or its text in TOML or JSON. ``quantities`` says which columns are amounts of what:
/// ``{"cpu": "core", "ram": "GiB"}`` are columns of the parts ``cpu`` and ``ram`` in these units,
/// ``Column("card", part="gpu[A100]", scale=2)`` says more of one, and ``Constant(1, "count")`` is the same number
/// for all rows, in no column. The other columns are found by their names:
///
/// - ``start``, ``end``: when a span begins and ends; timestamps in microseconds with a zone. A null ``end`` is open.
/// - ``mode``: ``post_paid``, ``pre_paid`` or ``quota``; not where ``mode`` is said here, for all.
/// - ``history``: with ``spans="lists"`` each row has a list of structs of the above.
/// - ``window_start``, ``window_end``: what a row is metered for; not where ``window`` is said here, for all: a
///   ``Period``, or a ``date`` in ``zone``.
/// - ``kind``: by which tariff a row is rated; not where ``kind`` is said here, for all.
/// - ``tariff``: with ``tariffs``, a list of each a ``Tariff`` or a pair of kind and instant, the place of a row's own
///   in it. For a month in which prices change.
///
/// ``at`` says when rates are in force; the start of the one window where it is left out. Columns that are ``passed``
/// are handed through. ``rounding`` is a preset or text as ``half_even 0.01 total``. With ``usage="parts"`` there are
/// columns of the usage of each part; with ``money="scaled"`` amounts are int64, as cents, and else decimal128.
///
/// What is wrong with a table is an error (``arrow.float_column``, ``arrow.missing_column``, …); what is wrong with a
/// row is a code in its column ``code``, and costs no other row.
///
/// >>> import datetime, pyarrow
/// >>> from counterfoil import bulk
/// >>> card = '''
/// ... revision = "2024-02"
/// ... currency = "CNY"
/// ... rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
/// ... '''
/// >>> day = datetime.date(2024, 2, 20)
/// >>> rater = bulk.Rater(
/// ...     card, quantities={"cpu": "core"}, rounding="portal", window=day, kind="server", mode="post_paid", passed=["resource"]
/// ... )
/// >>> start = datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone.utc)
/// >>> instant = pyarrow.timestamp("us", "UTC")
/// >>> usage = pyarrow.table({
/// ...     "resource": ["i-1", "i-2"],
/// ...     "start": pyarrow.array([start, None], instant),
/// ...     "end": pyarrow.array([None, None], instant),
/// ...     "cpu": [2, 4],
/// ... })
/// >>> rated = pyarrow.table(rater.rate(usage))
/// >>> rated["payable"].to_pylist(), rated["code"].to_pylist()
/// ([Decimal('3.17'), None], [None, 'arrow.null_in_column'])
/// >>> rater.row(usage, 0)
/// (Decimal('3.17'), Decimal('3.17'))
#[pyclass(frozen, module = "counterfoil.bulk")]
pub(crate) struct Rater {
    inner: Arc<BatchRater>,
    /// What it was made of, to be made again in another process.
    made_of: (Option<Py<PyAny>>, Py<PyDict>),
}

#[pymethods]
impl Rater {
    #[new]
    #[pyo3(
        signature = (
            card, *, quantities, rounding, window=None, zone=None, at=None, kind=None, tariffs=None, mode=None,
            spans=None, passed=None, quota=None, usage=None, money=None
        ),
        text_signature = "(card, *, quantities, rounding, window=None, zone='UTC', at=None, kind=None, tariffs=None, \
            mode=None, spans='flat', passed=None, quota='free', usage='none', money='decimal')"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn new(
        card: Option<&Bound<'_, PyAny>>,
        quantities: &Bound<'_, PyAny>,
        rounding: &Bound<'_, PyAny>,
        window: Option<&Bound<'_, PyAny>>,
        zone: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
        kind: Option<&Bound<'_, PyAny>>,
        tariffs: Option<&Bound<'_, PyAny>>,
        mode: Option<&Bound<'_, PyAny>>,
        spans: Option<&Bound<'_, PyAny>>,
        passed: Option<&Bound<'_, PyAny>>,
        quota: Option<&Bound<'_, PyAny>>,
        usage: Option<&Bound<'_, PyAny>>,
        money: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let (py, said) = (quantities.py(), PyDict::new(quantities.py()));
        let (zone, spans) = (word(zone, "zone", "UTC")?, word(spans, "spans", "flat")?);
        let (quota, usage, money) =
            (word(quota, "quota", "free")?, word(usage, "usage", "none")?, word(money, "money", "decimal")?);
        let (fields, passed) = (arguments::quantities(quantities)?, arguments::names(passed)?);
        said.set_item("quantities", copied(quantities)?)?;
        said.set_item("passed", PyTuple::new(py, &passed)?)?;
        for (name, word) in
            [("zone", &zone), ("spans", &spans), ("quota", &quota), ("usage", &usage), ("money", &money)]
        {
            said.set_item(name, word)?;
        }
        for (name, value) in
            [("rounding", Some(rounding)), ("window", window), ("at", at), ("kind", kind), ("mode", mode)]
        {
            said.set_item(name, value)?;
        }
        let tariffs = tariffs.map(|listed| arguments::listed(listed, "tariffs")).transpose()?;
        said.set_item("tariffs", &tariffs)?;

        let terms = RatingTerms {
            rounding: parsed(rounding, "rounding")?,
            quota: quota.parse()?,
            usage: choice("usage", &usage, &[("none", UsageDetail::None), ("parts", UsageDetail::Parts)])?,
        };
        let window = arguments::window(window, &zone)?;
        let at = arguments::at(at, &window)?;
        let (tariffs, tariff) = arguments::tariffs(card, kind, tariffs.as_ref(), at)?;
        let columns = UsageColumns {
            spans: choice("spans", &spans, &[("flat", SpanLayout::Flat), ("lists", SpanLayout::Lists)])?,
            mode: arguments::mode(mode)?,
            quantities: fields,
            window,
            tariff,
            passed,
        };
        let money = money_type(&money)?;
        let inner = BatchRater::new(UsageSchema::new(columns)?, CoreRater::new(tariffs, terms)?, money)?;
        Ok(Self { inner: Arc::new(inner), made_of: (card.map(|card| card.clone().unbind()), said.unbind()) })
    }

    /// Rates a table: anything that exports Arrow, as of pyarrow, polars, pandas or duckdb.
    ///
    /// What comes out has a row for each row, in their order: the passed columns, ``state`` (``rated``, ``absent``,
    /// ``faulty``), ``micros``, ``payable_micros``, ``original``, ``payable``, the usage of parts if it was asked for,
    /// and ``code``. It is the same for every number of ``threads``.
    ///
    /// Python runs on meanwhile. ``progress(rows, of)`` is called now and then, with ``of`` as None where the table
    /// does not know; what it raises stops the run, and so does Ctrl-C: then there is no result.
    /// It may rate another table itself, whose ``progress`` may do so again, and so on, a few times.
    #[pyo3(signature = (table, *, threads=None, progress=None))]
    fn rate(
        &self,
        table: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> Result<Batches> {
        let threads = arguments::threads(threads)?;
        let mut watch = Watch::new(progress, table)?;
        let source = Source::of(table)?;
        let ended = table.py().detach(|| rate(&self.inner, source, threads, &mut watch));
        watch.end(Batches::rows, ended)
    }

    /// Rates a table batch by batch as it is asked for them: for what does not fit in memory.
    ///
    /// The stream is read once: by ``for batch in stream``, or by whatever reads ``__arrow_c_stream__``.
    ///
    /// >>> import pyarrow
    /// >>> from counterfoil import bulk
    /// >>> card = 'revision = "1"\ncurrency = "CNY"\nrates = []'
    /// >>> rater = bulk.Rater(card, quantities={}, rounding="portal", window=("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z"))
    /// >>> words = pyarrow.array([], pyarrow.string())
    /// >>> instants = pyarrow.array([], pyarrow.timestamp("us", "UTC"))
    /// >>> usage = pyarrow.table({"start": instants, "end": instants, "mode": words, "kind": words})
    /// >>> pyarrow.RecordBatchReader.from_stream(rater.stream(usage)).read_all().num_rows
    /// 0
    #[pyo3(signature = (table, *, threads=None))]
    fn stream(&self, table: &Bound<'_, PyAny>, threads: Option<&Bound<'_, PyAny>>) -> Result<BatchStream> {
        let threads = arguments::threads(threads)?;
        let source = Source::of(table)?;
        let schema = self.inner.output_schema(source.schema())?;
        Ok(BatchStream::new(Rated { source, rater: self.inner.clone(), threads, schema }))
    }

    /// What one row alone comes to, original and payable, or None if it did not live in its window.
    ///
    /// Where ``rate`` tells a code, this raises the whole error. A reader, which gives its rows once, is refused: pass a
    /// table, as ``reader.read_all()``.
    fn row<'py>(
        &self,
        table: &Bound<'py, PyAny>,
        row: &Bound<'py, PyAny>,
    ) -> Result<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        let (batch, row) = found(table, row)?;
        let Some((original, payable)) = self.inner.row(&batch, row)? else { return Ok(None) };
        Ok(Some((decimal_out(table.py(), original)?, decimal_out(table.py(), payable)?)))
    }

    /// Why one row costs what it costs, or None if it did not live in its window. It takes what ``row`` takes.
    fn explain(&self, table: &Bound<'_, PyAny>, row: &Bound<'_, PyAny>) -> Result<Option<Explanation>> {
        let (batch, row) = found(table, row)?;
        Ok(self.inner.explain(&batch, row)?.map(Explanation::from))
    }

    /// The columns that tables have, each of the plainest of the types that it may have.
    #[getter]
    fn schema(&self) -> Schema {
        Arc::new(self.inner.schema().schema()).into()
    }

    /// The columns of what comes out for a table, or for a schema as of ``pyarrow.schema``.
    fn output_schema(&self, table: &Bound<'_, PyAny>) -> Result<Schema> {
        Ok(self.inner.output_schema(&*capsule::schema_of(table)?)?.into())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(Option<Py<PyAny>>,)>> {
        let (card, said) = &self.made_of;
        let made = (py.get_type::<Self>(),);
        let again = py.import("functools")?.getattr("partial")?.call(made, Some(said.bind(py)))?;
        Ok((again.unbind(), (card.as_ref().map(|card| card.clone_ref(py)),)))
    }

    fn __repr__(&self) -> String {
        let rater = self.inner.rater();
        format!("<counterfoil.bulk.Rater: {} tariffs, {}>", rater.tariffs().len(), rater.terms().rounding)
    }
}

/// The quantities that the metadata of a table's columns describe, as ``Rater`` takes them: the unit under
/// ``counterfoil.unit``, the part under ``counterfoil.part`` or by the column's name, and under ``counterfoil.scale``
/// the digits after the point of whole numbers.
///
/// >>> import pyarrow
/// >>> from counterfoil import bulk
/// >>> bulk.quantities(pyarrow.schema([pyarrow.field("cpu", pyarrow.int64(), metadata={"counterfoil.unit": "core"})]))
/// {'cpu': Column(unit='core', part='cpu', scale=None)}
#[pyfunction]
pub(crate) fn quantities<'py>(table: &Bound<'py, PyAny>) -> Result<Bound<'py, PyDict>> {
    let found = PyDict::new(table.py());
    for field in QuantityField::of_schema(&*capsule::schema_of(table)?)? {
        found.set_item(&field.name, arguments::quantity_out(table.py(), &field)?)?;
    }
    Ok(found)
}

/// As what amounts are written.
pub(super) fn money_type(word: &str) -> Result<MoneyType> {
    choice("money", word, &[("decimal", MoneyType::Decimal), ("scaled", MoneyType::Scaled)])
}

/// Rates all batches of a source: one by itself stays one, and its chunks are rated beside each other; of several the
/// pieces are.
fn rate(rater: &BatchRater, mut source: Source, threads: NonZeroUsize, watch: &mut Watch) -> Result<Batches> {
    let schema = rater.output_schema(source.schema())?;
    let mut progress = |progress: Progress| watch.tell(progress);
    let run = Run::on_threads(threads).watched_by(&mut progress);
    let mut rated = Vec::new();
    let first = source.next().transpose()?;
    match (first, source.next().transpose()?) {
        (None, _) => {}
        (Some(only), None) => rated.push(rater.rate_batch(&only, run)?),
        (Some(first), Some(second)) => {
            let batches = [first, second].map(Ok).into_iter().chain(source);
            let keep = |piece| {
                rated.push(piece);
                Ok::<_, BatchError>(())
            };
            rater.rate_batches(batches, keep, run)?;
        }
    }
    Ok(Batches::new(schema, rated))
}

/// The batch that a row of a table is in, and its place there.
///
/// Of an iterator, which is read once, no row is looked for: the rows before it would be missing where the rest is rated.
pub(super) fn found(table: &Bound<'_, PyAny>, row: &Bound<'_, PyAny>) -> Result<(RecordBatch, usize)> {
    let wanted: usize = count_of(row, "row")?;
    if table.hasattr("__next__")? {
        return Err(Fault::bad_input("table", "a reader would lose its rows: pass a table of them"));
    }
    let source = Source::of(table)?;
    table.py().detach(|| {
        let mut known = 0_usize;
        for batch in source {
            let batch = batch?;
            match wanted.checked_sub(known) {
                Some(row) if row < batch.num_rows() => return Ok((batch, row)),
                _ => known = known.saturating_add(batch.num_rows()),
            }
        }
        let id = u32::try_from(wanted).unwrap_or(u32::MAX);
        Err(Fault::from(BulkError::UnknownId { column: "row", id, known }))
    })
}

/// A dict of what a mapping has now.
fn copied<'py>(mapping: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let copy = PyDict::new(mapping.py());
    for name in mapping.try_iter()? {
        let name = name?;
        copy.set_item(&name, mapping.get_item(&name)?)?;
    }
    Ok(copy)
}
