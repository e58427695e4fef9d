//! The answers of Rust, in this program.

use super::{
    cases::Case,
    folder::{Folder, create},
};
use anyhow::{Context, Result, anyhow};
use counterfoil::wire::evaluate;
use indicatif::ProgressBar;
use std::{
    io::Write,
    panic::catch_unwind,
    thread,
    time::{Duration, Instant},
};

/// What stands in the place of an answer where there is none: no language has it.
const PANICKED: &str = "Rust panicked";

/// How long it took.
pub(super) struct Answered {
    pub(super) took: Duration,
    /// The longest, and the case.
    pub(super) slowest: (Duration, usize),
}

/// Answers all cases, on all cores.
///
/// # Errors
/// Where the answers can not be written.
pub(super) fn answer(cases: &[Case], folder: &Folder, bar: &ProgressBar) -> Result<Answered> {
    let started = Instant::now();
    let slowest = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..folder.parts).map(|part| scope.spawn(move || answer_part(cases, folder, part, bar))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().map_err(|_| anyhow!("a thread ended"))?;
        threads.into_iter().map(join).collect::<Result<Vec<_>>>()
    })?;
    bar.finish_and_clear();
    let slowest = slowest.into_iter().max().context("no part of the cases")?;
    Ok(Answered { took: started.elapsed(), slowest })
}

fn answer_part(cases: &[Case], folder: &Folder, part: usize, bar: &ProgressBar) -> Result<(Duration, usize)> {
    let mut file = create(&folder.answers("Rust", part))?;
    let mut slowest = (Duration::ZERO, 0);
    for (number, case) in cases.iter().enumerate().skip(part).step_by(folder.parts) {
        let started = Instant::now();
        let answer = catch_unwind(|| evaluate(&case.operation, &case.input)).unwrap_or_else(|_| PANICKED.to_owned());
        slowest = slowest.max((started.elapsed(), number));
        file.write_all(answer.as_bytes())?;
        file.write_all(b"\n")?;
        bar.inc(1);
    }
    file.flush()?;
    Ok(slowest)
}
