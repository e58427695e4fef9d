//! A run of Rust code that Python watches: its signals, and a callback that is told how far it is.

use crate::border::{Fault, Result, number::shown};
use counterfoil_arrow::Progress;
use pyo3::prelude::*;
use std::{
    cell::Cell,
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// How often Python is asked: a person does not wait, and other threads of Python lose nothing.
const EVERY: Duration = Duration::from_millis(50);

/// How many callbacks may run within each other: each takes a piece of the stack.
const DEEPEST: usize = 16;

thread_local! {
    /// How many callbacks run on this thread, one within the other.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// What is told, and what Python said to it.
pub(super) struct Watch {
    progress: Option<Py<PyAny>>,
    /// How many rows there are, where the table knows.
    of: Option<usize>,
    last: Option<Instant>,
    raised: Option<PyErr>,
}

impl Watch {
    pub(super) fn new(progress: Option<&Bound<'_, PyAny>>, table: &Bound<'_, PyAny>) -> Result<Self> {
        if let Some(progress) = progress.filter(|progress| !progress.is_callable()) {
            return Err(Fault::bad_input("progress", format!("{} can not be called", shown(progress))));
        }
        if progress.is_some() && DEPTH.get() >= DEEPEST {
            let fault = format!("{DEEPEST} callbacks run within each other: `progress` calls what calls it");
            return Err(Fault::bad_input("progress", fault));
        }
        let of = match progress {
            Some(_) => rows_of(table)?,
            None => None,
        };
        Ok(Self { progress: progress.map(|progress| progress.clone().unbind()), of, last: None, raised: None })
    }

    /// For signals alone.
    pub(super) const fn signals() -> Self {
        Self { progress: None, of: None, last: None, raised: None }
    }

    /// What Python said, if it said stop.
    pub(super) fn stopped(self) -> PyResult<()> {
        self.raised.map_or(Ok(()), Err)
    }

    /// Asks Python, now and then, whether to go on.
    pub(super) fn tell(&mut self, progress: Progress) -> ControlFlow<()> {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return ControlFlow::Continue(());
        }
        self.last = Some(Instant::now());
        match self.ask(progress.rows) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.raised = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// What a run came to, told for the last time: all of its rows are done.
    ///
    /// # Errors
    /// Before that of the run, what Python said.
    pub(super) fn end<T>(mut self, rows: impl FnOnce(&T) -> usize, ended: Result<T>) -> Result<T> {
        if let Some(error) = self.raised.take() {
            return Err(error.into());
        }
        let done = ended?;
        let rows = rows(&done);
        self.of = Some(rows);
        self.ask(rows)?;
        Ok(done)
    }

    fn ask(&self, rows: usize) -> PyResult<()> {
        Python::attach(|py| {
            py.check_signals()?;
            match &self.progress {
                Some(progress) => {
                    let _deeper = Deeper::new();
                    progress.call1(py, (rows, self.of)).map(|_| ())
                }
                None => Ok(()),
            }
        })
    }
}

/// That a callback runs, until it is dropped.
struct Deeper;

impl Deeper {
    fn new() -> Self {
        DEPTH.set(DEPTH.get().saturating_add(1));
        Self
    }
}

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// How many rows a table says it has.
fn rows_of(table: &Bound<'_, PyAny>) -> Result<Option<usize>> {
    for name in ["num_rows", "height"] {
        if let Some(rows) = table.getattr_opt(name)? {
            return Ok(rows.extract().ok());
        }
    }
    Ok(None)
}
