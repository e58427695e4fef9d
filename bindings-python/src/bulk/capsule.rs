//! The Arrow C interface: batches from any library that exports them, and to any that imports them, without a copy.
//!
//! An object exports by `__arrow_c_stream__` or `__arrow_c_array__`, as the Arrow PyCapsule interface says; the
//! struct in a capsule is moved out of it, so that it is released once, whoever goes first. As everywhere in that
//! interface, a producer is trusted to hand over what its schema says; what can be seen to be otherwise is refused.

use super::Batches;
use crate::border::{Fault, Result, number::shown};
use arrow_array::{
    Array, RecordBatch, RecordBatchOptions, RecordBatchReader, StructArray,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type},
    ffi_stream::FFI_ArrowArrayStream,
};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use counterfoil_arrow::BatchError;
use pyo3::{
    prelude::*,
    types::{PyCapsule, PyCapsuleMethods, PyTuple},
};
use std::{
    ffi::CStr,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::NonNull,
    sync::Arc,
};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// Batches from Python, one after another.
pub(super) struct Source {
    schema: SchemaRef,
    batches: Origin,
}

enum Origin {
    /// Another library makes them as they are asked for.
    Stream(FFI_ArrowArrayStream),
    /// They are here already.
    Batches(std::vec::IntoIter<RecordBatch>),
}

impl Source {
    /// The batches of a table, whoever made it.
    pub(super) fn of(table: &Bound<'_, PyAny>) -> Result<Self> {
        if let Ok(batches) = table.cast::<Batches>() {
            let batches = batches.get();
            let list: Vec<RecordBatch> = batches.list().to_vec();
            return Ok(Self { schema: batches.schema_ref().clone(), batches: Origin::Batches(list.into_iter()) });
        }
        if let Some(export) = table.getattr_opt("__arrow_c_stream__")? {
            return Self::of_stream(&export.call0()?);
        }
        if let Some(export) = table.getattr_opt("__arrow_c_array__")? {
            return Self::of_array(&export.call0()?);
        }
        let fault = format!("pass a table of pyarrow, polars, pandas or duckdb, not {}", shown(table));
        Err(Fault::bad_input("table", fault))
    }

    pub(super) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn of_stream(capsule: &Bound<'_, PyAny>) -> Result<Self> {
        let pointer = content::<FFI_ArrowArrayStream>(capsule, STREAM)?;
        #[expect(unsafe_code, reason = "the Arrow C interface")]
        // SAFETY: a capsule of this name holds a stream, aligned, and ours to move: it was made for this call.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        if stream.release.is_none() {
            return Err(Fault::bad_input("table", "its stream was read before: pass a new one"));
        }
        // Python is let go meanwhile: the producer may need it on another thread.
        let (schema, stream) = capsule.py().detach(move || (stream_schema(&mut stream), stream));
        Ok(Self { schema: schema?, batches: Origin::Stream(stream) })
    }

    fn of_array(pair: &Bound<'_, PyAny>) -> Result<Self> {
        let pair = pair.cast::<PyTuple>().map_err(|_| no_capsule(ARRAY))?;
        let (schema, array) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().map_err(|_| no_capsule(ARRAY))?;
        let pointer = content::<FFI_ArrowArray>(&array, ARRAY)?;
        #[expect(unsafe_code, reason = "the Arrow C interface")]
        // SAFETY: a capsule of this name holds an array, aligned, and ours to move: it was made for this call.
        let array = unsafe { FFI_ArrowArray::from_raw(pointer.as_ptr()) };
        if array.is_released() {
            return Err(Fault::bad_input("table", "its array was read before: pass a new one"));
        }
        let schema = Arc::new(schema_of_capsule(&schema)?);
        let batch = batch_of(array, &schema)?;
        Ok(Self { schema, batches: Origin::Batches(vec![batch].into_iter()) })
    }
}

impl Iterator for Source {
    type Item = std::result::Result<RecordBatch, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match &mut self.batches {
            Origin::Batches(list) => return list.next().map(Ok),
            Origin::Stream(stream) => next_of_stream(stream, &self.schema).transpose(),
        };
        // What has ended or failed is not asked again, and lets go of what it holds.
        if !matches!(batch, Some(Ok(_))) {
            self.batches = Origin::Batches(vec![].into_iter());
        }
        batch
    }
}

/// The schema of an object that tells one, or has batches.
pub(super) fn schema_of(table: &Bound<'_, PyAny>) -> Result<SchemaRef> {
    match table.getattr_opt("__arrow_c_schema__")? {
        Some(export) => Ok(Arc::new(schema_of_capsule(&export.call0()?)?)),
        None => Ok(Source::of(table)?.schema),
    }
}

/// Hands batches to another library.
pub(super) fn stream_capsule<'py>(
    py: Python<'py>,
    batches: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}

/// Hands a schema to another library.
pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> Result<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(BatchError::from)?;
    Ok(PyCapsule::new_with_value(py, schema, SCHEMA)?)
}

/// What a capsule holds, by its name.
fn content<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> Result<NonNull<T>> {
    let capsule = capsule.cast::<PyCapsule>().map_err(|_| no_capsule(name))?;
    let pointer = capsule.pointer_checked(Some(name)).map_err(|_| no_capsule(name))?.cast::<T>();
    if pointer.is_aligned() { Ok(pointer) } else { Err(no_capsule(name)) }
}

fn no_capsule(name: &CStr) -> Fault {
    Fault::bad_input(
        "table",
        format!("its export is no capsule `{}`: report it to whoever made it", name.to_string_lossy()),
    )
}

fn schema_of_capsule(capsule: &Bound<'_, PyAny>) -> Result<Schema> {
    let pointer = content::<FFI_ArrowSchema>(capsule, SCHEMA)?;
    #[expect(unsafe_code, reason = "the Arrow C interface")]
    // SAFETY: a capsule of this name holds a schema, aligned, and ours to move: it was made for this call.
    let schema = unsafe { FFI_ArrowSchema::from_raw(pointer.as_ptr()) };
    Ok(schema_of_columns(&schema)?)
}

/// The schema of a table: a struct of its columns.
fn schema_of_columns(schema: &FFI_ArrowSchema) -> std::result::Result<Schema, BatchError> {
    guarded(|| match schema.format() {
        "+s" => Schema::try_from(schema),
        _ => Err(ArrowError::SchemaError("it is one column, and no table".to_owned())),
    })
}

fn stream_schema(stream: &mut FFI_ArrowArrayStream) -> std::result::Result<SchemaRef, BatchError> {
    let get_schema = stream.get_schema.ok_or_else(|| failed("it has no schema"))?;
    let mut schema = FFI_ArrowSchema::empty();
    #[expect(unsafe_code, reason = "the Arrow C interface")]
    // SAFETY: the stream is not released, and its own function writes a schema into ours, which is empty.
    let fault = unsafe { get_schema(stream, &raw mut schema) };
    match fault {
        0 => Ok(Arc::new(schema_of_columns(&schema)?)),
        fault => Err(last_error(stream, fault)),
    }
}

/// The next batch; none at the end.
fn next_of_stream(
    stream: &mut FFI_ArrowArrayStream,
    schema: &SchemaRef,
) -> std::result::Result<Option<RecordBatch>, BatchError> {
    let get_next = stream.get_next.ok_or_else(|| failed("it has no batches"))?;
    let mut array = FFI_ArrowArray::empty();
    #[expect(unsafe_code, reason = "the Arrow C interface")]
    // SAFETY: the stream is not released, and its own function writes an array into ours, which is empty.
    let fault = unsafe { get_next(stream, &raw mut array) };
    match fault {
        0 if array.is_released() => Ok(None),
        0 => batch_of(array, schema).map(Some),
        fault => Err(last_error(stream, fault)),
    }
}

/// The rows of an array of structs.
fn batch_of(array: FFI_ArrowArray, schema: &SchemaRef) -> std::result::Result<RecordBatch, BatchError> {
    guarded(|| {
        let rows = DataType::Struct(schema.fields().clone());
        #[expect(unsafe_code, reason = "the Arrow C interface")]
        // SAFETY: the array is not released, and is of the schema that came with it, as its producer promises.
        let rows = StructArray::from(unsafe { from_ffi_and_data_type(array, rows) }?);
        if rows.null_count() > 0 {
            let fault = "a row is null as a whole, and has no values: leave it out";
            return Err(ArrowError::CDataInterface(fault.to_owned()));
        }
        // What is text is looked through: not every library does before it calls bytes text, and reading others as such
        // is undefined.
        for column in rows.columns().iter().filter(|column| has_text(column.data_type())) {
            column.to_data().validate_full()?;
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(schema.clone(), rows.into_parts().1, &options)
    })
}

/// Whether values of a type hold text.
fn has_text(of: &DataType) -> bool {
    match of {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => true,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => has_text(item.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| has_text(field.data_type())),
        DataType::RunEndEncoded(_, values) => has_text(values.data_type()),
        DataType::Union(fields, _) => fields.iter().any(|(_, field)| has_text(field.data_type())),
        _ => false,
    }
}

/// What a stream says of its last call.
fn last_error(stream: &mut FFI_ArrowArrayStream, fault: i32) -> BatchError {
    let told = stream.get_last_error.map(|get_last_error| {
        #[expect(unsafe_code, reason = "the Arrow C interface")]
        // SAFETY: the stream is not released, and its last call failed, as this function wants.
        unsafe {
            get_last_error(stream)
        }
    });
    match told {
        Some(text) if !text.is_null() => {
            #[expect(unsafe_code, reason = "the Arrow C interface")]
            // SAFETY: it is the stream's text, which ends with a zero and stays until its next call.
            let text = unsafe { CStr::from_ptr(text) };
            failed(&text.to_string_lossy())
        }
        _ => failed(&format!("error {fault}")),
    }
}

/// What the Arrow crates assert of their input is said as an error.
fn guarded<T>(import: impl FnOnce() -> std::result::Result<T, ArrowError>) -> std::result::Result<T, BatchError> {
    match catch_unwind(AssertUnwindSafe(import)) {
        Ok(imported) => imported.map_err(|error| failed(&told(&error))),
        Err(_) => Err(failed("its arrays are not what its schema says")),
    }
}

/// Without the name of the variant before it, which says nothing to a caller.
fn told(error: &ArrowError) -> String {
    match error {
        ArrowError::CDataInterface(fault)
        | ArrowError::InvalidArgumentError(fault)
        | ArrowError::SchemaError(fault) => fault.clone(),
        error => error.to_string(),
    }
}

fn failed(fault: &str) -> BatchError {
    BatchError::SourceFailed { fault: fault.to_owned() }
}
