use super::{
    arguments::unpacked,
    columns::{self, Described},
    ipc::{self, Ipc},
};
use crate::border::{Fault, Result};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_schema::SchemaRef;
use counterfoil::error::BulkError;
use counterfoil_arrow::BatchError;
use napi::bindgen_prelude::{External, Uint8Array, Uint8ArraySlice};
use napi_derive::napi;
use serde_json::json;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A table: what came in, or what came out.
#[derive(Clone)]
pub(crate) struct Table(Arc<Kept>);

struct Kept {
    schema: SchemaRef,
    source: Source,
}

enum Source {
    Batches(Vec<RecordBatch>),
    /// Bytes are read by whoever needs their batches, on whichever thread; once, if that is the main one.
    Ipc(Ipc, OnceLock<Vec<RecordBatch>>),
}

/// The batches of a table, one after another.
pub(super) type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, BatchError>> + Send>;

impl Table {
    pub(super) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self(Arc::new(Kept { schema, source: Source::Batches(batches) }))
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        &self.0.schema
    }

    /// How many rows there are, or are said to be in bytes that were not read yet.
    pub(super) fn rows(&self) -> usize {
        match &self.0.source {
            Source::Batches(list) => list.iter().map(RecordBatch::num_rows).sum(),
            Source::Ipc(ipc, _) => ipc.rows(),
        }
    }

    /// The batches, read while they are asked for.
    pub(super) fn batches(&self) -> Batches {
        match &self.0.source {
            Source::Batches(list) => Box::new(list.clone().into_iter().map(Ok)),
            Source::Ipc(ipc, read) => match read.get() {
                Some(list) => Box::new(list.clone().into_iter().map(Ok)),
                None => Box::new(ipc.batches()),
            },
        }
    }

    /// All batches.
    ///
    /// # Errors
    /// `arrow.source_failed`.
    pub(super) fn list(&self) -> Result<&[RecordBatch]> {
        match &self.0.source {
            Source::Batches(list) => Ok(list),
            Source::Ipc(ipc, read) => match read.get() {
                Some(list) => Ok(list),
                None => {
                    let list = ipc.batches().collect::<std::result::Result<Vec<_>, BatchError>>()?;
                    Ok(read.get_or_init(|| list))
                }
            },
        }
    }

    /// The batch that a row is in, and its place there.
    pub(super) fn found(&self, wanted: u32) -> Result<(&RecordBatch, usize)> {
        let (row, mut known) = (usize::try_from(wanted).unwrap_or(usize::MAX), 0_usize);
        for batch in self.list()? {
            match row.checked_sub(known) {
                Some(row) if row < batch.num_rows() => return Ok((batch, row)),
                _ => known = known.saturating_add(batch.num_rows()),
            }
        }
        Err(BulkError::UnknownId { column: "row", id: wanted, known }.into())
    }

    /// For JavaScript to keep: its collector learns how large it is.
    pub(super) fn into_external(self) -> External<Handle> {
        let size = match &self.0.source {
            Source::Batches(list) => list.iter().map(RecordBatch::get_array_memory_size).sum(),
            Source::Ipc(ipc, _) => ipc.size(),
        };
        External::new_with_size_hint(Handle(Mutex::new(Some(self))), size)
    }

    /// For one run, which takes it: the collector is not asked to look for it.
    fn into_passed(self) -> External<Handle> {
        External::new(Handle(Mutex::new(Some(self))))
    }
}

/// What JavaScript has of a table.
///
/// A copy that is made for one run is taken by that run, and its memory is used again when it ends and not when the
/// collector comes by; so is what JavaScript disposes of.
pub(crate) struct Handle(Mutex<Option<Table>>);

impl Handle {
    pub(super) fn get(&self) -> Result<Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(taken)
    }

    pub(super) fn take(&self) -> Result<Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(taken)
    }
}

fn taken() -> Fault {
    Fault::bad_input("table", "it was disposed of")
}

/// A table of columns that are described in JSON, over a copy of their bytes: to be kept, or for one run.
#[napi(catch_unwind)]
pub(crate) fn table_of_columns(
    described: String,
    #[napi(ts_arg_type = "Uint8Array[]")] bytes: Vec<Uint8ArraySlice<'_>>,
    is_kept: bool,
) -> Result<External<Handle>> {
    let described: Vec<Described> = unpacked("table", &described)?;
    let bytes: Vec<&[u8]> = bytes.iter().map(|bytes| &**bytes).collect();
    let batch = columns::batch(described, &bytes)?;
    Ok(handed(Table::new(batch.schema(), vec![batch]), is_kept))
}

/// A table of Arrow IPC, a stream or a file, over a copy of its bytes: to be kept, or for one run.
#[napi(catch_unwind)]
pub(crate) fn table_of_ipc(
    #[napi(ts_arg_type = "Uint8Array")] bytes: &[u8],
    is_kept: bool,
) -> Result<External<Handle>> {
    let ipc = Ipc::new(Buffer::from(bytes))?;
    let kept = Kept { schema: ipc.schema().clone(), source: Source::Ipc(ipc, OnceLock::new()) };
    Ok(handed(Table(Arc::new(kept)), is_kept))
}

fn handed(table: Table, is_kept: bool) -> External<Handle> {
    match is_kept {
        true => table.into_external(),
        false => table.into_passed(),
    }
}

/// Lets go of a table now; a run that has it has it to its end.
#[napi(catch_unwind)]
pub(crate) fn table_dispose(table: &External<Handle>) {
    table.0.lock().unwrap_or_else(PoisonError::into_inner).take();
}

/// How many rows there are.
#[napi(catch_unwind)]
pub(crate) fn table_rows(table: &External<Handle>) -> Result<f64> {
    Ok(table.get()?.rows() as f64)
}

/// The columns by name, type and metadata, as JSON.
#[napi(catch_unwind)]
pub(crate) fn table_schema(table: &External<Handle>) -> Result<String> {
    let table = table.get()?;
    let fields = table.schema().fields().iter().map(|field| {
        json!({
            "name": field.name(),
            "type": field.data_type().to_string(),
            "metadata": field.metadata(),
        })
    });
    Ok(serde_json::Value::Array(fields.collect()).to_string())
}

/// The table as a stream of Arrow IPC.
#[napi(catch_unwind)]
pub(crate) fn table_to_ipc(table: &External<Handle>) -> Result<Uint8Array> {
    let table = table.get()?;
    Ok(Uint8Array::new(ipc::stream_of(table.schema(), table.list()?.iter())?))
}

/// The faulty rows of what came out: a table of `row`, from 0 over all batches, and `code`.
#[napi(catch_unwind)]
pub(crate) fn table_faults(table: &External<Handle>) -> Result<External<Handle>> {
    let table = table.get()?;
    // Of a table without rows too it is said that it has no such column, and there is a schema.
    let none = counterfoil_arrow::faults(&RecordBatch::new_empty(table.schema().clone()), 0)?;
    let (mut first, mut list) = (0_u64, Vec::new());
    for batch in table.list()? {
        list.push(counterfoil_arrow::faults(batch, first)?);
        first =
            first.saturating_add(u64::try_from(batch.num_rows()).map_err(|_| Fault::bad_input("table", "too long"))?);
    }
    Ok(Table::new(none.schema(), list).into_external())
}
