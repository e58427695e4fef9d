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
use std::sync::{Arc, OnceLock};

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

    /// For JavaScript, whose collector learns how large it is.
    pub(super) fn into_external(self) -> External<Self> {
        let size = match &self.0.source {
            Source::Batches(list) => list.iter().map(RecordBatch::get_array_memory_size).sum(),
            Source::Ipc(ipc, _) => ipc.size(),
        };
        External::new_with_size_hint(self, size)
    }
}

/// A table of columns that are described in JSON, over a copy of their bytes.
#[napi(catch_unwind)]
pub(crate) fn table_of_columns(
    described: String,
    #[napi(ts_arg_type = "Uint8Array[]")] bytes: Vec<Uint8ArraySlice<'_>>,
) -> Result<External<Table>> {
    let described: Vec<Described> = unpacked("table", &described)?;
    let bytes: Vec<&[u8]> = bytes.iter().map(|bytes| &**bytes).collect();
    let batch = columns::batch(described, &bytes)?;
    Ok(Table::new(batch.schema(), vec![batch]).into_external())
}

/// A table of Arrow IPC, a stream or a file, over a copy of its bytes.
#[napi(catch_unwind)]
pub(crate) fn table_of_ipc(#[napi(ts_arg_type = "Uint8Array")] bytes: &[u8]) -> Result<External<Table>> {
    let ipc = Ipc::new(Buffer::from(bytes))?;
    Ok(Table(Arc::new(Kept { schema: ipc.schema().clone(), source: Source::Ipc(ipc, OnceLock::new()) }))
        .into_external())
}

/// How many rows there are.
#[napi(catch_unwind)]
pub(crate) fn table_rows(table: &External<Table>) -> f64 {
    table.rows() as f64
}

/// The columns by name, type and metadata, as JSON.
#[napi(catch_unwind)]
pub(crate) fn table_schema(table: &External<Table>) -> String {
    let fields = table.schema().fields().iter().map(|field| {
        json!({
            "name": field.name(),
            "type": field.data_type().to_string(),
            "metadata": field.metadata(),
        })
    });
    serde_json::Value::Array(fields.collect()).to_string()
}

/// The table as a stream of Arrow IPC.
#[napi(catch_unwind)]
pub(crate) fn table_to_ipc(table: &External<Table>) -> Result<Uint8Array> {
    Ok(Uint8Array::new(ipc::stream_of(table.schema(), table.list()?.iter())?))
}

/// The faulty rows of what came out: a table of `row`, from 0 over all batches, and `code`.
#[napi(catch_unwind)]
pub(crate) fn table_faults(table: &External<Table>) -> Result<External<Table>> {
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
