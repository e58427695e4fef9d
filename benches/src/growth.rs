//! How the cost of a row grows with the number of rows: what `cargo xtask bench --growth` runs.
//!
//! Rows come in chunks out of a pool that a worker makes before the clock starts, so memory is bounded by the pools
//! whatever the number of rows; what is timed is the work alone, on the wall, from the moment when every worker is ready
//! to the moment when the last is done.

use crate::{
    columns::{Servers, rater},
    kernels::Fault,
    portal_card,
    report::ReportDays,
};
use counterfoil::{
    metering::{History, Kind, Span, Spec},
    money::Rounding,
    pricing::bulk::RatedColumns,
    time::{Instant as Moment, Period},
};
use std::{
    hint::black_box,
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Something of which the cost of a row is told.
pub struct Subject {
    /// What the chart calls it.
    pub name: &'static str,
    /// What is timed, and on which rows: a sentence for the page.
    pub what: &'static str,
    /// How many rows are done at once; the last chunk may be shorter.
    pub chunk: u64,
    /// Makes a worker with its pool of rows. Called once in each thread, before the clock starts.
    pub worker: Box<dyn Fn() -> Result<Worker, Fault> + Sync>,
}

/// Does a chunk of rows, and answers with a number that its results are in.
///
/// The number must depend on the chunk alone, and not on the worker: their sum tells that one thread and two did the
/// same.
pub type Worker = Box<dyn FnMut(Chunk) -> Result<u64, Fault>>;

/// Which rows.
#[derive(Debug, Clone, Copy)]
pub struct Chunk {
    /// The number of the chunk, from 0.
    pub index: u64,
    /// How many rows it has.
    pub rows: u64,
}

/// How long it took.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// From when all workers were ready until the last was done.
    pub elapsed: Duration,
    /// The sum of what the chunks answered, modulo 2^64.
    pub seen: u64,
}

impl Subject {
    /// Does so many rows in so many threads.
    ///
    /// # Errors
    /// Where a worker can not be made, or fails.
    pub fn time(&self, rows: u64, threads: usize) -> Result<Timing, Fault> {
        let (next, ready) = (AtomicU64::new(0), Barrier::new(threads + 1));
        let work = || -> Result<(u64, Instant), Fault> {
            let made = (self.worker)().and_then(|mut worker| {
                // One chunk beforehand, so that buffers are as large as they get.
                worker(Chunk { index: 0, rows: self.chunk.min(rows) })?;
                Ok(worker)
            });
            ready.wait();
            let mut worker = made?;
            let mut seen = 0_u64;
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let left = rows.saturating_sub(index.saturating_mul(self.chunk));
                if left == 0 {
                    return Ok((seen, Instant::now()));
                }
                seen = seen.wrapping_add(black_box(worker(Chunk { index, rows: left.min(self.chunk) })?));
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            ready.wait();
            let start = Instant::now();
            let mut timing = Timing { elapsed: Duration::ZERO, seen: 0 };
            for worker in workers {
                let (seen, end) = worker.join().map_err(|_| "a worker panicked")??;
                timing.seen = timing.seen.wrapping_add(seen);
                timing.elapsed = timing.elapsed.max(end.saturating_duration_since(start));
            }
            Ok(timing)
        })
    }
}

/// What is measured today. A further one is a line here.
pub fn subjects() -> Vec<Subject> {
    vec![in_columns(), one_by_one(), month_report()]
}

/// The bulk path: columns in, columns out.
fn in_columns() -> Subject {
    Subject {
        name: "meter and rate, in columns",
        what: "the day of a server without changes, metered and rated in chunks of 16,384 rows from columns of 131,072, into columns of time, original and payable",
        chunk: 16_384,
        worker: Box::new(|| {
            let (servers, rater, mut rated) = (Servers::new(131_072)?, rater()?, RatedColumns::default());
            Ok(Box::new(move |chunk| {
                let first = chunk.index as usize % 8 * 16_384;
                let (lives, tariffs) = servers.rows(first..first + chunk.rows as usize)?;
                rater.rate(&lives, tariffs, &mut rated)?;
                if let Some(fault) = rated.faults.first() {
                    return Err(format!("row {} has the fault {}", fault.row, fault.code).into());
                }
                // A sample: the sum of all of them would be in the time.
                Ok(rated
                    .payable
                    .iter()
                    .step_by(64)
                    .fold(chunk.rows, |seen, payable| seen.wrapping_add(*payable as u64)))
            }))
        }),
    }
}

/// The single call in a loop: what the bulk path is to be compared with.
fn one_by_one() -> Subject {
    Subject {
        name: "meter and rate, one call a row",
        what: "the day of a server with none to three changes, metered and rated by the single calls in a loop, from a pool of 16,384 histories",
        chunk: 4_096,
        worker: Box::new(|| {
            let (day, card) = (crate::day()?, portal_card()?);
            let pool = (0..POOL).map(|number| history(number, day)).collect::<Result<Vec<_>, Fault>>()?;
            Ok(Box::new(move |chunk| {
                let tariff = card.tariff(&Kind::Server, day.start())?;
                let first = chunk.index * 4_096 % POOL;
                let mut seen = 0_u64;
                for history in pool.iter().skip(first as usize).take(chunk.rows as usize) {
                    let usage = black_box(history).usage(day)?.ok_or("it lived that day")?;
                    let payable = tariff.rate(&usage, Rounding::PORTAL)?.payable();
                    seen = seen.wrapping_add(payable.mantissa() as u64);
                }
                Ok(seen)
            }))
        }),
    }
}

/// How many histories a pool has: a whole number of chunks.
const POOL: u64 = 16_384;

/// The life of a server that was changed `number` modulo 4 times during the day.
fn history(number: u64, day: Period) -> Result<History, Fault> {
    let spec = |size: u64| {
        let [cpu, ram, disk] = [1 + size % 16, 2 * (1 + size % 32), 20 + size % 480].map(|amount| amount.to_string());
        Spec::server(&cpu, &ram, &disk, size.is_multiple_of(2))
    };
    let changes = (number % 4) as i64;
    let at = |change: i64| -> Result<Moment, Fault> {
        let micros = 86_400_000_000 / (changes + 1) * change + (number as i64 * 7_919) % 1_000_000_007;
        Ok(day.start().plus_micros(micros)?)
    };
    let mut spans = Vec::new();
    let mut start: Moment = "2024-01-05T08:30:00Z".parse()?;
    for change in 1..=changes {
        let end = at(change)?;
        spans.push(Span::post_paid(start, Some(end), spec(number + change as u64)?));
        start = end;
    }
    spans.push(Span::post_paid(start, None, spec(number)?));
    Ok(History::new(spans)?)
}

/// The rows of a month report.
fn month_report() -> Subject {
    Subject {
        name: "month report, a reading a row",
        what: "readings with the hours of their parts read into month reports, a report for each 30,000 readings of 1,000 servers of 30 owners",
        chunk: 30_000,
        worker: Box::new(|| {
            let days = ReportDays::new(1_000, 30)?;
            Ok(Box::new(move |chunk| Ok(days.report(chunk.rows, true)?.total.readings)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_done_once_by_any_number_of_threads() {
        let rows = || Subject {
            name: "rows",
            what: "",
            chunk: 7,
            worker: Box::new(|| Ok(Box::new(|chunk| Ok(chunk.rows * 1_000_000 + chunk.index)))),
        };
        for (count, seen) in [(0, 0), (1, 1_000_000), (7, 7_000_000), (8, 8_000_001), (100, 100_000_105)] {
            for threads in [1, 2, 3] {
                assert_eq!(rows().time(count, threads).unwrap().seen, seen, "{count} rows, {threads} threads");
            }
        }
    }

    #[test]
    fn what_a_worker_answers_depends_on_the_chunk_alone() {
        for subject in subjects() {
            let [one, two] = [1, 2].map(|threads| subject.time(3 * subject.chunk / 2 + 1, threads).unwrap().seen);
            assert_eq!(one, two, "{}", subject.name);
        }
    }

    #[test]
    fn a_fault_is_told_and_nobody_waits() {
        let faulty = Subject { name: "", what: "", chunk: 1, worker: Box::new(|| Err("no pool".into())) };
        assert_eq!(faulty.time(10, 2).unwrap_err().to_string(), "no pool");
    }
}
