use super::{
    Batches, Schema,
    arguments::{self, Counted, choice, word},
    capsule::Source,
    rater::{found, money_type},
    watch::Watch,
};
use crate::{
    border::{
        Fault, Result,
        number::count_of,
        text::{parsed, text_of},
    },
    value::Money,
};
use arrow_array::RecordBatch;
use counterfoil::statement::bulk::DailyTerms;
use counterfoil_arrow::{BatchError, BatchStatements, DaySource, LineColumns, Progress, Run, StateSource};
use pyo3::{prelude::*, types::PyDict};
use std::sync::Arc;

/// Groups charged lines into the statements of each day, owner, service unit and kind: table after table goes in.
///
/// A table has the columns ``owner`` (as ``user:ada``), ``unit``, ``kind``, ``original``, ``payable``, and ``state``
/// unless ``state="all"``: what a ``Rater`` gives, with ``owner``, ``unit``, ``kind`` and the day passed through.
/// ``days`` are the days that are stated, in ``zone``: one ``date``, and then all rows are of it; or a list, and then
/// ``by="day"`` finds them by the column ``day``, a date32, and ``by="window"`` by ``window_start`` and ``window_end``.
/// ``scale`` is how many digits after the point amounts have. With ``resources``, how many are numbered from 0 in the
/// column ``resource``, the same resource and day is stated once.
///
/// >>> import datetime, pyarrow
/// >>> from counterfoil import bulk
/// >>> statements = bulk.Statements(datetime.date(2024, 2, 20), currency="CNY", scale=2, state="all")
/// >>> lines = pyarrow.table({
/// ...     "owner": ["user:bob", "user:ada", "ada"],
/// ...     "unit": ["vm", "vm", "vm"],
/// ...     "kind": ["server", "server", "server"],
/// ...     "original": [317, 317, 317],
/// ...     "payable": [317, 0, 317],
/// ... })
/// >>> placed = statements.add(lines)
/// >>> print(bulk.faults(placed))
/// row | code
/// 2   | arrow.bad_owner
/// >>> statements.counts
/// {'stated': 2, 'passed_over': 0, 'faulty': 1}
/// >>> stated = pyarrow.table(statements.statements())
/// >>> list(zip(stated["statement"].to_pylist(), stated["payable"].to_pylist()))
/// [('2024-02-20/UTC/user/ada/vm/server/0', Decimal('0.00')), ('2024-02-20/UTC/user/bob/vm/server/0', Decimal('3.17'))]
#[pyclass(module = "counterfoil.bulk")]
pub(crate) struct Statements {
    inner: BatchStatements,
    counts: Counts,
    /// How many rows had been added when one of the calls was stopped: the sums are of no whole table.
    stopped: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    stated: usize,
    passed_over: usize,
    faulty: usize,
}

#[pymethods]
impl Statements {
    #[new]
    #[pyo3(
        signature = (days, *, currency, scale, zone=None, by=None, state=None, resources=None),
        text_signature = "(days, *, currency, scale, zone='UTC', by=None, state='column', resources=None)"
    )]
    fn new(
        days: &Bound<'_, PyAny>,
        currency: &Bound<'_, PyAny>,
        scale: &Bound<'_, PyAny>,
        zone: Option<&Bound<'_, PyAny>>,
        by: Option<&Bound<'_, PyAny>>,
        state: Option<&Bound<'_, PyAny>>,
        resources: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let (zone, state) = (word(zone, "zone", "UTC")?, word(state, "state", "column")?);
        let (days, counted) = arguments::days(days, zone.parse()?)?;
        let day = match by {
            Some(by) => {
                choice("by", &text_of(by, "by")?, &[("day", DaySource::Dates), ("window", DaySource::Windows)])?
            }
            None if counted == Counted::One => DaySource::All(0),
            None => return Err(Fault::bad_input("by", "there are several days: say `day` or `window`")),
        };
        let state = choice("state", &state, &[("column", StateSource::Column), ("all", StateSource::All)])?;
        let terms = DailyTerms {
            days,
            currency: parsed(currency, "currency")?,
            scale: count_of(scale, "scale")?,
            resources: resources.map_or(Ok(0), |resources| count_of(resources, "resources"))?,
        };
        let inner = BatchStatements::new(LineColumns { day, state }, terms)?;
        Ok(Self { inner, counts: Counts::default(), stopped: None })
    }

    /// Adds a table, each line to its statement, and says where the lines went: a table of ``group``, the number of
    /// the statement, and ``code``, what is wrong with the line; a line with neither was not rated.
    ///
    /// ``progress`` is as in ``Rater.rate``. Where it raises, Ctrl-C stops it, or the table ends with an error, some
    /// of its lines may have been added: then every later call raises ``arrow.cancelled``, and the statements have to
    /// be made anew.
    #[pyo3(signature = (table, *, progress=None))]
    fn add(&mut self, table: &Bound<'_, PyAny>, progress: Option<&Bound<'_, PyAny>>) -> Result<Batches> {
        self.check()?;
        let mut watch = Watch::new(progress, table)?;
        let source = Source::of(table)?;
        let before = self.counts.rows();
        let ended = table.py().detach(|| self.add_all(source, &mut watch));
        let ended = watch.end(Batches::rows, ended);
        let rows = self.counts.rows();
        if ended.is_err() && rows > before {
            self.stopped = Some(rows);
        }
        ended
    }

    /// The statements of all tables so far, in the order of day, owner, unit and kind.
    #[pyo3(signature = (*, money=None), text_signature = "($self, *, money='decimal')")]
    fn statements(&self, py: Python<'_>, money: Option<&Bound<'_, PyAny>>) -> Result<Batches> {
        self.check()?;
        let money = money_type(&word(money, "money", "decimal")?)?;
        let stated = py.detach(|| self.inner.statements(money))?;
        Ok(Batches::new(stated.schema(), vec![stated]))
    }

    /// One line as it is read, or None if it was not rated. Where ``add`` tells a code, this raises the whole error.
    fn line<'py>(&self, table: &Bound<'py, PyAny>, row: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyDict>>> {
        let (batch, row) = found(table, row)?;
        let Some(line) = self.inner.line(&batch, row)? else { return Ok(None) };
        let members = PyDict::new(table.py());
        members.set_item("owner", line.owner.to_string())?;
        members.set_item("unit", line.unit.to_string())?;
        members.set_item("kind", line.kind.to_string())?;
        members.set_item("original", Money::from(line.original))?;
        members.set_item("payable", Money::from(line.payable))?;
        Ok(Some(members))
    }

    /// How many lines so far are ``stated``, were ``passed_over`` as not rated, or are ``faulty``.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("stated", self.counts.stated)?;
        members.set_item("passed_over", self.counts.passed_over)?;
        members.set_item("faulty", self.counts.faulty)?;
        Ok(members)
    }

    /// The columns that tables have, each of the plainest of the types that it may have.
    #[getter]
    fn schema(&self) -> Schema {
        Arc::new(self.inner.schema()).into()
    }

    fn __repr__(&self) -> String {
        format!("<counterfoil.bulk.Statements of {} lines>", self.counts.stated)
    }
}

impl Statements {
    fn check(&self) -> Result<()> {
        match self.stopped {
            Some(rows) => Err(BatchError::Cancelled { rows }.into()),
            None => Ok(()),
        }
    }

    fn add_all(&mut self, source: Source, watch: &mut Watch) -> Result<Batches> {
        let mut list = Vec::new();
        // Of a table without rows too it is said that it lacks a column, and there is a schema.
        let none = self.inner.add(&RecordBatch::new_empty(source.schema().clone()))?;
        let mut progress = |progress: Progress| watch.tell(progress);
        let Self { inner, counts, .. } = self;
        let keep = |placed: RecordBatch| {
            counts.add(&placed);
            list.push(placed);
            Ok::<_, BatchError>(())
        };
        inner.add_batches(source, keep, Run::here().watched_by(&mut progress))?;
        Ok(Batches::new(none.schema(), list))
    }
}

impl Counts {
    const fn rows(self) -> usize {
        self.stated.saturating_add(self.passed_over).saturating_add(self.faulty)
    }

    /// A line has a group, a code, or neither.
    fn add(&mut self, placed: &RecordBatch) {
        let there =
            |column: usize| placed.columns().get(column).map_or(0, |all| all.len().saturating_sub(all.null_count()));
        let (stated, faulty) = (there(0), there(1));
        let passed_over = placed.num_rows().saturating_sub(stated).saturating_sub(faulty);
        self.stated = self.stated.saturating_add(stated);
        self.faulty = self.faulty.saturating_add(faulty);
        self.passed_over = self.passed_over.saturating_add(passed_over);
    }
}
