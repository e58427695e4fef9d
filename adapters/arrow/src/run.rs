//! Chunks over threads, in order, with a bounded number of them under way.

use crate::BatchError;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    num::NonZeroUsize,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// How a run is done: never what comes out of it.
///
/// # Examples
/// ```
/// use counterfoil_arrow::{Cancel, Run};
/// use std::num::NonZeroUsize;
/// use std::ops::ControlFlow;
///
/// let cancel = Cancel::new();
/// let mut seen = 0;
/// let mut progress = |progress: counterfoil_arrow::Progress| {
///     seen = progress.rows;
///     ControlFlow::Continue(())
/// };
/// let run = Run::on_threads(NonZeroUsize::MIN.saturating_add(1)).watched_by(&mut progress).cancelled_by(&cancel);
/// assert_eq!(run.threads.get(), 2);
/// ```
pub struct Run<'a> {
    /// How many threads rate, the calling one among them: with one, none is started.
    pub threads: NonZeroUsize,
    /// How many rows a thread takes at a time.
    pub chunk_rows: NonZeroUsize,
    /// Says from elsewhere that it should stop.
    pub cancel: Option<&'a Cancel>,
    /// Is told how far it is, on the calling thread, and may stop it.
    pub progress: Option<&'a mut dyn FnMut(Progress) -> ControlFlow<()>>,
}

/// Rows that fit in a cache with all that is written about them.
const CHUNK_ROWS: NonZeroUsize = match NonZeroUsize::new(1 << 14) {
    Some(rows) => rows,
    None => NonZeroUsize::MIN,
};

impl<'a> Run<'a> {
    /// On the calling thread alone.
    pub const fn here() -> Self {
        Self::on_threads(NonZeroUsize::MIN)
    }

    /// On so many threads.
    pub const fn on_threads(threads: NonZeroUsize) -> Self {
        Self { threads, chunk_rows: CHUNK_ROWS, cancel: None, progress: None }
    }

    /// In chunks of so many rows.
    #[must_use]
    pub const fn in_chunks_of(mut self, rows: NonZeroUsize) -> Self {
        self.chunk_rows = rows;
        self
    }

    /// Stopped from elsewhere.
    #[must_use]
    pub const fn cancelled_by(mut self, cancel: &'a Cancel) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// With somebody who is told how far it is.
    #[must_use]
    pub fn watched_by(mut self, progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Tells how far it is.
    ///
    /// # Errors
    /// `arrow.cancelled` where somebody says stop.
    pub(crate) fn tell(&mut self, progress: Progress) -> Result<(), BatchError> {
        let stop = match &mut self.progress {
            Some(watch) => watch(progress).is_break(),
            None => false,
        };
        match stop {
            true => Err(BatchError::Cancelled { rows: progress.rows }),
            false => self.check(progress.rows),
        }
    }

    /// Whether it may go on.
    ///
    /// # Errors
    /// `arrow.cancelled`.
    pub(crate) fn check(&self, rows: usize) -> Result<(), BatchError> {
        match self.cancel.is_some_and(Cancel::is_cancelled) {
            true => Err(BatchError::Cancelled { rows }),
            false => Ok(()),
        }
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("threads", &self.threads)
            .field("chunk_rows", &self.chunk_rows)
            .field("cancel", &self.cancel)
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many rows are done, with all before them.
    pub rows: usize,
    /// How many there are, where that is known.
    pub of: Option<usize>,
}

/// A word that stops a run between two chunks, from any thread; once said, it stays.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// Not said yet.
    pub const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Says it.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was said.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Does jobs on some threads and hands the results over in order, on the calling one, which takes the
/// jobs, hands over, and works where neither is to be done. At most two jobs for each thread are
/// under way.
///
/// # Errors
/// The first error in the order of the jobs, whoever made it: `next`, `work` or `done`.
pub(crate) fn in_order<J: Send, R: Send, E: From<BatchError>, M>(
    threads: NonZeroUsize,
    memory: impl Fn() -> M + Sync,
    mut next: impl FnMut() -> Option<Result<J, E>>,
    work: impl Fn(J, &mut M) -> Result<R, BatchError> + Sync,
    mut done: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let desk = Desk::new();
    let most = threads.get().saturating_mul(2);
    thread::scope(|scope| {
        // Whatever ends this scope lets the others go home.
        let _closing = Closing(&desk);
        let mut others = threads.get().saturating_sub(1);
        let mut own = memory();
        let (mut taken, mut handed) = (0_usize, 0_usize);
        let mut end = None;
        loop {
            while let Some(result) = desk.result(handed) {
                done(result?)?;
                handed = handed.saturating_add(1);
            }
            if end.is_none() && taken.saturating_sub(handed) < most {
                match next() {
                    Some(Ok(job)) => {
                        desk.add(taken, job);
                        taken = taken.saturating_add(1);
                        // A thread is started when there is work for it; where the system gives none, we work alone.
                        if others > 0 && taken > 1 {
                            others = match thread::Builder::new().spawn_scoped(scope, || desk.serve(&memory, &work)) {
                                Ok(_) => others.saturating_sub(1),
                                Err(_) => 0,
                            };
                        }
                    }
                    Some(Err(error)) => end = Some(Err(error)),
                    None => end = Some(Ok(())),
                }
            } else if handed == taken {
                return end.unwrap_or(Ok(()));
            } else if let Some((place, job)) = desk.try_take() {
                desk.put(place, guarded(|| work(job, &mut own)));
            } else {
                desk.wait(handed);
            }
        }
    })
}

/// Where jobs and results lie.
struct Desk<J, R> {
    lying: Mutex<Lying<J, R>>,
    /// A job lies here, or it is closed.
    work: Condvar,
    /// A result lies here.
    result: Condvar,
}

struct Lying<J, R> {
    jobs: VecDeque<(usize, J)>,
    results: BTreeMap<usize, Result<R, BatchError>>,
    is_closed: bool,
}

/// Closes a desk when it goes.
struct Closing<'d, J, R>(&'d Desk<J, R>);

impl<J, R> Drop for Closing<'_, J, R> {
    fn drop(&mut self) {
        let mut lying = self.0.lock();
        lying.is_closed = true;
        lying.jobs.clear();
        drop(lying);
        self.0.work.notify_all();
    }
}

impl<J, R> Desk<J, R> {
    fn new() -> Self {
        let lying = Lying { jobs: VecDeque::new(), results: BTreeMap::new(), is_closed: false };
        Self { lying: Mutex::new(lying), work: Condvar::new(), result: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Lying<J, R>> {
        self.lying.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, place: usize, job: J) {
        self.lock().jobs.push_back((place, job));
        self.work.notify_one();
    }

    fn try_take(&self) -> Option<(usize, J)> {
        self.lock().jobs.pop_front()
    }

    fn put(&self, place: usize, result: Result<R, BatchError>) {
        self.lock().results.insert(place, result);
        self.result.notify_one();
    }

    fn result(&self, place: usize) -> Option<Result<R, BatchError>> {
        self.lock().results.remove(&place)
    }

    /// Until the result of a place lies there.
    fn wait(&self, place: usize) {
        let mut lying = self.lock();
        while !lying.results.contains_key(&place) {
            lying = self.result.wait(lying).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Works until the desk is closed.
    fn serve<M>(&self, memory: impl Fn() -> M, work: impl Fn(J, &mut M) -> Result<R, BatchError>) {
        let mut own = memory();
        loop {
            let mut lying = self.lock();
            let (place, job) = loop {
                if lying.is_closed {
                    return;
                }
                match lying.jobs.pop_front() {
                    Some(job) => break job,
                    None => lying = self.work.wait(lying).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(lying);
            self.put(place, guarded(|| work(job, &mut own)));
        }
    }
}

/// A job that panics has an error as its result, on whichever thread: so nobody waits for it in vain.
fn guarded<R>(work: impl FnOnce() -> Result<R, BatchError>) -> Result<R, BatchError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(BatchError::WorkerFailed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn number(value: usize) -> NonZeroUsize {
        NonZeroUsize::new(value).unwrap()
    }

    #[test]
    fn results_come_in_order_whoever_is_slow() {
        for threads in 1..=4 {
            let (mut jobs, mut done) = (0..40_u64, vec![]);
            let work = |job: u64, memory: &mut u64| {
                // Every seventh is slow, and memory is of one thread.
                thread::sleep(Duration::from_millis(if job.is_multiple_of(7) { 3 } else { 0 }));
                *memory += 1;
                Ok(job * 2)
            };
            let next = || jobs.next().map(Ok);
            let end = in_order::<_, _, BatchError, _>(
                number(threads),
                || 0,
                next,
                work,
                |result| {
                    done.push(result);
                    Ok(())
                },
            );
            assert_eq!((end, done), (Ok(()), (0..40).map(|job| job * 2).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn a_job_that_panics_is_an_error_in_its_place() {
        for threads in 1..=4 {
            let (mut jobs, mut done) = (0..40, vec![]);
            let work = |job: i32, _: &mut ()| if job == 11 { panic!("as a test") } else { Ok(job) };
            let end = in_order(
                number(threads),
                || (),
                || jobs.next().map(Ok),
                work,
                |result| {
                    done.push(result);
                    Ok(())
                },
            );
            assert_eq!((end, done), (Err(BatchError::WorkerFailed), (0..11).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn one_thread_starts_none_and_more_start_no_more_than_they_need() {
        for (threads, jobs, most) in [(1, 50, 1), (4, 1, 1), (4, 50, 4)] {
            let seen = Mutex::new(std::collections::BTreeSet::new());
            let mut left = 0..jobs;
            let work = |_: i32, _: &mut ()| {
                thread::sleep(Duration::from_millis(1));
                seen.lock().unwrap().insert(format!("{:?}", thread::current().id()));
                Ok(())
            };
            in_order::<_, _, BatchError, _>(number(threads), || (), || left.next().map(Ok), work, |()| Ok(())).unwrap();
            let seen = seen.into_inner().unwrap();
            assert!(seen.len() <= most);
            let own = format!("{:?}", thread::current().id());
            assert!(threads > 1 || seen.contains(&own));
        }
    }
}
