//! A run on a thread of its own: a promise of what it comes to, a word that stops it, and how far it is.

use crate::border::{Fault, Result};
use counterfoil_arrow::{BatchError, Cancel, Progress};
use napi::{
    Env, JsError, Status,
    bindgen_prelude::{External, FnArgs, Object, ToNapiValue, Unknown},
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use napi_derive::napi;
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// How often JavaScript is told how far a run is.
const EVERY: Duration = Duration::from_millis(50);

/// What stops a run.
pub(crate) struct Stopper(Arc<Cancel>);

/// A function of JavaScript that is told how many rows of how many are done.
pub(crate) type Told = ThreadsafeFunction<FnArgs<(f64, f64)>, Unknown<'static>, FnArgs<(f64, f64)>, Status, false>;

/// What a settled promise is made of, on the main thread.
type Answer<A> = Box<dyn FnOnce(Env) -> napi::Result<A> + Send>;

/// A new word that stops a run, not said yet.
#[napi(catch_unwind)]
pub(crate) fn stopper() -> External<Stopper> {
    External::new(Stopper(Arc::new(Cancel::new())))
}

/// Stops the run that has it, between two chunks.
#[napi(catch_unwind)]
pub(crate) fn stop(stopper: &External<Stopper>) {
    stopper.0.cancel();
}

/// Does some work on a thread of its own; the promise of it, which is rejected with what is thrown otherwise.
pub(super) fn promise<'env, T: Send + 'static, A: ToNapiValue + 'static>(
    env: &'env Env,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    answer: fn(T) -> A,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred::<A, Answer<A>>()?;
    let settled = move |ended: Result<T>| -> Answer<A> {
        Box::new(move |env| ended.map(answer).map_err(|fault| JsError::from(fault).into_unknown(env).into()))
    };
    let own = deferred.clone();
    let run = move || {
        let ended = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(BatchError::WorkerFailed.into()));
        own.resolve(settled(ended));
    };
    if thread::Builder::new().name("counterfoil".to_owned()).spawn(run).is_err() {
        deferred.resolve(settled(Err(BatchError::WorkerFailed.into())));
    }
    Ok(promise)
}

/// Who is told how far a run is, and may stop it.
pub(super) struct Watch {
    cancel: Arc<Cancel>,
    progress: Option<Told>,
    of: usize,
    last: Option<Instant>,
}

impl Watch {
    pub(super) fn new(stopper: &Stopper, progress: Option<Told>, of: usize) -> Self {
        Self { cancel: stopper.0.clone(), progress, of, last: None }
    }

    pub(super) fn cancel(&self) -> Arc<Cancel> {
        self.cancel.clone()
    }

    /// Tells it, now and then.
    pub(super) fn tell(&mut self, progress: Progress) -> ControlFlow<()> {
        if let Some(told) = &self.progress
            && self.last.is_none_or(|last| last.elapsed() >= EVERY)
        {
            self.last = Some(Instant::now());
            told.call((progress.rows as f64, self.of as f64).into(), ThreadsafeFunctionCallMode::NonBlocking);
        }
        ControlFlow::Continue(())
    }

    /// Whether somebody said stop, which a run that has no rows yet does not ask.
    pub(super) fn check(cancel: &Cancel, rows: usize) -> Result<()> {
        match cancel.is_cancelled() {
            true => Err(Fault::from(BatchError::Cancelled { rows })),
            false => Ok(()),
        }
    }
}
