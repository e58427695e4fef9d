//! Read, rate, state, write: each on its own thread where there are several, with a bounded number of batches under way.

use super::{
    output::{self, Check, Partial, Sink},
    prepare::{Names, Preparer},
    report::{Outcome, Phase},
    settle::Settler,
    source::Source,
    terms::Terms,
};
use anyhow::{Context, Result, anyhow};
use arrow_array::RecordBatch;
use counterfoil_arrow::{Cancel, Run};
use indicatif::ProgressBar;
use std::{
    num::NonZeroUsize,
    ops::ControlFlow,
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant as Clock},
};

/// How many batches wait between two threads.
const WAITING: usize = 2;
/// Rows that a thread rates at a time.
const CHUNK: NonZeroUsize = match NonZeroUsize::new(1 << 15) {
    Some(rows) => rows,
    None => NonZeroUsize::MIN,
};
/// Rows that are read at a time, at most.
const READ: usize = 1 << 16;

/// How a run is done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) threads: NonZeroUsize,
    pub(super) row_group: usize,
    pub(super) resources: u32,
    pub(super) listed: usize,
}

/// Carries it out: all files are there at its end, or none.
pub(super) fn run(
    source: &Source,
    (name, out): (&str, &Path),
    terms: &Terms,
    plan: Plan,
    (bar, cancel): (&ProgressBar, &Cancel),
) -> Result<Outcome> {
    let started = Clock::now();
    let names = Names::default();
    let input = source.schema();
    let rater = terms.rater(name, &input)?;
    let mut preparer = Preparer::new(terms, &names, &input);
    let mut settler = Settler::new(terms, &rater, &names, &preparer.schema(), (plan.resources, plan.listed))?;

    crate::report::folder(out)?;
    let mut partial = Partial::default();
    let rated = partial.create(&out.join("rated.parquet"))?;
    let mut sink = Sink::parquet(rated, settler.schema(), plan.row_group)?;

    let batches = source.batches(plan.row_group.min(READ))?;
    let times = thread::scope(|scope| -> Result<Times> {
        let mut times = Times::default();
        let (to_rate, read) = sync_channel::<Result<RecordBatch>>(WAITING);
        let (to_write, written) = sync_channel::<RecordBatch>(WAITING);
        let reader = scope.spawn(move || read_all(batches, &mut preparer, &to_rate));
        let writer = scope.spawn(move || -> Result<(Duration, u64)> {
            let done = write_all(&mut sink, &written)?;
            let finishing = Clock::now();
            sink.finish()?;
            Ok((done.0 + finishing.elapsed(), done.1))
        });
        let mut waited = Duration::ZERO;
        let waiting = std::cell::Cell::new(Duration::ZERO);
        let began = Clock::now();
        let mut told = |progress: counterfoil_arrow::Progress| {
            bar.set_position(u64::try_from(progress.rows).unwrap_or(u64::MAX));
            ControlFlow::Continue(())
        };
        let rating = Run::on_threads(plan.threads).in_chunks_of(CHUNK).cancelled_by(cancel).watched_by(&mut told);
        let result = rater.rate_batches(
            std::iter::from_fn(|| {
                let since = Clock::now();
                let batch = read.recv().ok();
                waiting.set(waiting.get() + since.elapsed());
                batch
            }),
            |piece| {
                let since = Clock::now();
                let settled = settler.settle(&piece)?;
                times.group += since.elapsed();
                let since = Clock::now();
                // A writer that is gone says why when it is asked.
                let sent = to_write.send(settled).map_err(|_| anyhow!("the writer stopped"));
                waited += since.elapsed();
                sent
            },
            rating,
        );
        times.rate = began.elapsed().saturating_sub(waited + waiting.get() + times.group);
        drop((to_write, read)); // so that both come to their end
        let written = writer.join().map_err(|_| anyhow!("the writer failed"))?;
        let (spent, rows) = reader.join().map_err(|_| anyhow!("the reader failed"))?;
        (times.write, times.written) = written.context("the rated rows can not be written")?;
        (times.read, times.rows) = (spent, rows);
        result?;
        Ok(times)
    })?;

    let stating = Clock::now();
    let (columns, sums) = settler.statements()?;
    let batch = output::statements(&columns, sums)?;
    let stated = stating.elapsed();
    let file = partial.create(&out.join("statements.parquet"))?;
    let mut sink = Sink::parquet(file, batch.schema(), plan.row_group)?;
    sink.write(&batch)?;
    sink.finish()?;
    output::faults(partial.create(&out.join("faults.csv"))?, &settler.listed)?;
    let checks = output::checks(times.rows, times.written, settler.tally, &columns, terms.scale());
    if checks.iter().all(|check| check.ok) {
        partial.keep()?;
    }
    let write = times.write + stating.elapsed().saturating_sub(stated);
    let phase = |name, spent: Duration, rows| Phase { name, rows, seconds: spent.as_secs_f64() };
    let rows = times.rows;
    let read = if matches!(source, Source::Generated(_)) { "generate" } else { "read" };
    Ok(Outcome {
        phases: vec![
            phase(read, times.read, rows),
            phase("rate", times.rate, rows),
            phase("group", times.group + stated, rows),
            phase("write", write, rows),
        ],
        seconds: started.elapsed().as_secs_f64(),
        tally: settler.tally,
        statements: columns.lines.len(),
        owners: sums.owners().len(),
        listed: settler.listed.len(),
        codes: settler.codes,
        checks,
    })
}

/// How long each thread was busy, and with how many rows.
#[derive(Debug, Default)]
struct Times {
    read: Duration,
    rate: Duration,
    group: Duration,
    write: Duration,
    rows: u64,
    written: u64,
}

/// Reads and prepares until it is over, something is wrong, or nobody wants more.
fn read_all(
    batches: impl Iterator<Item = Result<super::source::Raw>>,
    preparer: &mut Preparer<'_>,
    to: &SyncSender<Result<RecordBatch>>,
) -> (Duration, u64) {
    let (mut spent, mut rows) = (Duration::ZERO, 0);
    let mut since = Clock::now();
    for raw in batches {
        let batch = raw.and_then(|raw| preparer.prepare(raw));
        spent += since.elapsed();
        rows += batch.as_ref().map_or(0, |batch| u64::try_from(batch.num_rows()).unwrap_or_default());
        if to.send(batch).is_err() {
            break;
        }
        since = Clock::now();
    }
    (spent, rows)
}

fn write_all(sink: &mut Sink, from: &Receiver<RecordBatch>) -> Result<(Duration, u64)> {
    let (mut spent, mut rows) = (Duration::ZERO, 0);
    for batch in from {
        let since = Clock::now();
        sink.write(&batch)?;
        spent += since.elapsed();
        rows += u64::try_from(batch.num_rows())?;
    }
    Ok((spent, rows))
}

/// Writes the rows of a source into a file, and gives how many there were.
pub(super) fn write_source(
    source: &Source,
    path: &Path,
    row_group: usize,
    (bar, cancel): (&ProgressBar, &Cancel),
) -> Result<u64> {
    let mut partial = Partial::default();
    let file = partial.create(path)?;
    let mut sink = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Sink::csv(file, &source.schema())?,
        _ => Sink::parquet(file, source.schema(), row_group)?,
    };
    let mut rows = 0;
    for raw in source.batches(row_group.min(READ))? {
        if cancel.is_cancelled() {
            return Err(counterfoil_arrow::BatchError::Cancelled { rows: usize::try_from(rows)? }.into());
        }
        let batch = raw?.batch;
        sink.write(&batch)?;
        rows += u64::try_from(batch.num_rows())?;
        bar.set_position(rows);
    }
    sink.finish()?;
    partial.keep()?;
    Ok(rows)
}

/// Whether all checks hold.
pub(super) fn holds(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.ok)
}
