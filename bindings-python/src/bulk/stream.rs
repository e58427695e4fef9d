use super::{
    Batches, Schema,
    capsule::{self, Source},
    watch::Watch,
};
use crate::border::{Fault, Result};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use counterfoil_arrow::{BatchError, BatchRater, Progress, Run};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyCapsule};
use std::{
    num::NonZeroUsize,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, TryLockError},
};

/// Batches that are rated when somebody asks for the next one.
///
/// It is read once: by ``for batch in stream``, which gives ``Batches`` of one batch each, or by whatever reads
/// ``__arrow_c_stream__``, as ``pyarrow.RecordBatchReader.from_stream(stream)``. An error has its class and code in the
/// first case; in the second the reader raises its own, and the code stands in the text.
#[pyclass(frozen, module = "counterfoil.bulk")]
pub(crate) struct BatchStream {
    schema: SchemaRef,
    /// None once it was handed over.
    rated: Mutex<Option<Rated>>,
}

/// Rates the batches of a source one by one.
pub(super) struct Rated {
    pub(super) source: Source,
    pub(super) rater: Arc<BatchRater>,
    pub(super) threads: NonZeroUsize,
    pub(super) schema: SchemaRef,
}

impl BatchStream {
    pub(super) fn new(rated: Rated) -> Self {
        Self { schema: rated.schema.clone(), rated: Mutex::new(Some(rated)) }
    }

    fn with_rated<T>(&self, ask: impl FnOnce(&mut Option<Rated>) -> Result<T>) -> Result<T> {
        match self.rated.try_lock() {
            Ok(mut rated) => ask(&mut rated),
            Err(TryLockError::Poisoned(rated)) => ask(&mut rated.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(PyValueError::new_err("the stream is being read already").into()) // as of a generator
            }
        }
    }
}

#[pymethods]
impl BatchStream {
    /// The columns of its batches.
    #[getter]
    fn schema(&self) -> Schema {
        self.schema.clone().into()
    }

    fn __iter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> Result<Option<Batches>> {
        let mut watch = Watch::signals();
        let next = py.detach(|| {
            self.with_rated(|rated| match rated {
                Some(rated) => Ok(rated.next_batch(|progress| watch.tell(progress)).transpose()?),
                None => Err(handed_over()),
            })
        });
        watch.stopped()?;
        Ok(next?.map(|batch| Batches::new(self.schema.clone(), vec![batch])))
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> Result<Bound<'py, PyCapsule>> {
        let _ = requested_schema; // a wish: whoever has it casts
        let rated = self.with_rated(|rated| rated.take().ok_or_else(handed_over))?;
        Ok(capsule::stream_capsule(py, Box::new(rated))?)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyCapsule>> {
        capsule::schema_capsule(py, &self.schema)
    }

    fn __repr__(&self) -> String {
        format!("<counterfoil.bulk.BatchStream of {}>", self.schema().names_text())
    }
}

fn handed_over() -> Fault {
    Fault::bad_input("table", "the stream was handed over before: make a new one")
}

impl Rated {
    fn next_batch(
        &mut self,
        mut tell: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Option<std::result::Result<RecordBatch, BatchError>> {
        let run = Run::on_threads(self.threads).watched_by(&mut tell);
        Some(self.source.next()?.and_then(|batch| self.rater.rate_batch(&batch, run)))
    }
}

/// For a reader in C, which knows neither panics nor our errors.
impl Iterator for Rated {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = catch_unwind(AssertUnwindSafe(|| self.next_batch(|_| ControlFlow::Continue(()))));
        let next = next.unwrap_or(Some(Err(BatchError::WorkerFailed)));
        // A zero would end the text there.
        let text = |error: BatchError| format!("{}: {error}", error.code()).replace('\0', "\u{fffd}");
        next.map(|batch| batch.map_err(|error| ArrowError::InvalidArgumentError(text(error))))
    }
}

impl RecordBatchReader for Rated {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
