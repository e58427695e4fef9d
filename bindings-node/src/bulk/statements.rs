use super::{
    arguments::{choice, day, money_type, unpacked},
    job::{self, Stopper, Told, Watch},
    table::{Handle, Table},
};
use crate::border::{Fault, Result};
use arrow_array::RecordBatch;
use counterfoil::{error::WireError, statement::bulk::DailyTerms, time::Zone};
use counterfoil_arrow::{BatchError, BatchStatements, DaySource, LineColumns, LineCounts, Progress, Run, StateSource};
use napi::{
    Env,
    bindgen_prelude::{External, Object},
};
use napi_derive::napi;
use serde::Deserialize;
use serde_json::json;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Groups charged lines into statements.
pub(crate) struct Statements {
    /// Reads lines one by one, and has none itself: so that nobody waits for a table that is being added.
    reader: BatchStatements,
    sums: Arc<Mutex<Sums>>,
    counts: Arc<Mutex<LineCounts>>,
}

struct Sums {
    inner: BatchStatements,
    /// Of the lines so far; nobody has them for longer than it takes to read them.
    counts: Arc<Mutex<LineCounts>>,
    /// How many rows had been added when one of the calls was stopped: the sums are of no whole table.
    stopped: Option<usize>,
}

/// What `lib/bulk/statements.js` says of the tables.
#[derive(Deserialize)]
struct Said {
    days: Vec<String>,
    zone: String,
    by: Option<String>,
    currency: String,
    scale: u32,
    state: String,
    resources: usize,
}

/// Statements of which nothing is stated yet, of what is said of the tables in JSON.
#[napi(catch_unwind)]
pub(crate) fn bulk_statements(said: String) -> Result<External<Statements>> {
    let said: Said = unpacked("options", &said)?;
    let zone: Zone = said.zone.parse()?;
    let by = match said.by {
        Some(by) => choice("by", &by, &[("day", DaySource::Dates), ("window", DaySource::Windows)])?,
        None => DaySource::All(0),
    };
    let state = choice("state", &said.state, &[("column", StateSource::Column), ("all", StateSource::All)])?;
    let terms = DailyTerms {
        days: said.days.iter().map(|date| day(date, zone)).collect::<Result<_>>()?,
        currency: said.currency.parse()?,
        scale: said.scale,
        resources: said.resources,
    };
    let columns = LineColumns { day: by, state };
    let counts = Arc::new(Mutex::new(LineCounts::default()));
    let sums = Sums { inner: BatchStatements::new(columns, terms.clone())?, counts: counts.clone(), stopped: None };
    let reader = BatchStatements::new(columns, terms)?;
    Ok(External::new(Statements { reader, sums: Arc::new(Mutex::new(sums)), counts }))
}

/// A table without rows that has the columns that tables have, each of the plainest of the types that it may have.
#[napi(catch_unwind)]
pub(crate) fn bulk_statements_schema(statements: &External<Statements>) -> External<Handle> {
    Table::new(Arc::new(statements.reader.schema()), vec![]).into_external()
}

/// Adds a table, each line to its statement: the promise of where the lines went. One call is made after the other.
#[napi(catch_unwind, ts_return_type = "Promise<External<'Handle'>>")]
pub(crate) fn bulk_add<'env>(
    env: &'env Env,
    statements: &External<Statements>,
    table: &External<Handle>,
    is_kept: bool,
    stopper: &External<Stopper>,
    #[napi(ts_arg_type = "((rows: number, of: number) => void) | null")] progress: Option<Told>,
) -> Result<Object<'env>> {
    let table = if is_kept { table.get()? } else { table.take()? };
    let sums = statements.sums.clone();
    let watch = Watch::new(stopper, progress, table.rows());
    job::promise(env, move || locked(&sums).add(&table, watch), Table::into_external)
}

/// The promise of the statements of all tables so far, in the order of day, owner, unit and kind.
#[napi(catch_unwind, ts_return_type = "Promise<External<'Handle'>>")]
pub(crate) fn bulk_stated<'env>(
    env: &'env Env,
    statements: &External<Statements>,
    money: String,
) -> Result<Object<'env>> {
    let (sums, money) = (statements.sums.clone(), money_type(&money)?);
    let state = move || {
        let sums = locked(&sums);
        sums.check()?;
        let stated = sums.inner.statements(money)?;
        Ok(Table::new(stated.schema(), vec![stated]))
    };
    job::promise(env, state, Table::into_external)
}

/// How many lines so far are stated, were passed over, or are faulty.
#[napi(catch_unwind)]
pub(crate) fn bulk_counts(statements: &External<Statements>) -> Vec<f64> {
    let counts = *locked(&statements.counts);
    [counts.stated, counts.passed_over, counts.faulty].map(|count| count as f64).to_vec()
}

/// One line as it is read, in JSON, or nothing if it was not rated.
#[napi(catch_unwind)]
pub(crate) fn bulk_line(
    statements: &External<Statements>,
    table: &External<Handle>,
    row: u32,
) -> Result<Option<String>> {
    let table = table.get()?;
    let (batch, row) = table.found(row)?;
    let Some(line) = statements.reader.line(batch, row)? else { return Ok(None) };
    let told = json!({
        "owner": line.owner.to_string(),
        "unit": line.unit.to_string(),
        "kind": line.kind.to_string(),
        "original": line.original.amount().to_string(),
        "payable": line.payable.amount().to_string(),
        "currency": line.payable.currency().to_string(),
    });
    Ok(Some(serde_json::to_string(&told).map_err(|_| WireError::NotWritten {})?))
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sums {
    fn check(&self) -> Result<()> {
        match self.stopped {
            Some(rows) => Err(BatchError::Cancelled { rows }.into()),
            None => Ok(()),
        }
    }

    /// Adds a table; where that ends before its last row, some of its lines may have been added, and nothing is stated
    /// any more.
    fn add(&mut self, table: &Table, watch: Watch) -> Result<Table> {
        self.check()?;
        let before = self.rows();
        let ended = self.add_all(table, watch);
        let rows = self.rows();
        if ended.is_err() && rows > before {
            self.stopped = Some(rows);
        }
        ended
    }

    fn rows(&self) -> usize {
        locked(&self.counts).rows()
    }

    fn add_all(&mut self, table: &Table, mut watch: Watch) -> Result<Table> {
        let mut list = Vec::new();
        // Of a table without rows too it is said that it lacks a column, and there is a schema.
        let none = self.inner.add(&RecordBatch::new_empty(table.schema().clone()))?;
        let cancel = watch.cancel();
        let mut progress = |progress: Progress| watch.tell(progress);
        let run = Run::here().watched_by(&mut progress).cancelled_by(&cancel);
        let batches = table.batches().map(|batch| batch.map_err(Fault::from));
        let Self { inner, counts, .. } = self;
        let keep = |placed: RecordBatch| {
            add_counts(&mut locked(counts), &placed);
            list.push(placed);
            Ok::<_, Fault>(())
        };
        inner.add_batches(batches, keep, run)?;
        Ok(Table::new(none.schema(), list))
    }
}

/// A line has a group, a code, or neither.
fn add_counts(counts: &mut LineCounts, placed: &RecordBatch) {
    let there =
        |column: usize| placed.columns().get(column).map_or(0, |cells| cells.len().saturating_sub(cells.null_count()));
    let (stated, faulty) = (there(0), there(1));
    let passed_over = placed.num_rows().saturating_sub(stated).saturating_sub(faulty);
    counts.stated = counts.stated.saturating_add(stated);
    counts.faulty = counts.faulty.saturating_add(faulty);
    counts.passed_over = counts.passed_over.saturating_add(passed_over);
}
