//! Arrow's own bytes, streams and files, in and out.
//!
//! What comes in may be anything. Before a batch is read, each message is found and its lengths are held against the
//! bytes that there are: nothing is allocated because a length says so, and no bytes are read twice.

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::{
    Block, Endianness, Footer, Message, MessageHeader, convert::fb_to_schema, reader::StreamDecoder, root_as_footer,
    root_as_message, writer::StreamWriter,
};
use arrow_schema::{Schema, SchemaRef};
use counterfoil_arrow::BatchError;
use std::{
    collections::VecDeque,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// What a file of Arrow begins and ends with.
const MAGIC: &[u8] = b"ARROW1";

/// Where the stream begins that a file has inside.
const FILE_BEGIN: usize = 8;

/// How long the length of the footer and the magic behind it are.
const FILE_END: usize = 10;

/// What stands before the length of a message, and with a length of zero at the end of a stream.
const CONTINUATION: [u8; 4] = [0xff; 4];
const END_OF_STREAM: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

type Result<T> = std::result::Result<T, BatchError>;

/// Bytes whose messages were found.
#[derive(Debug)]
pub(super) struct Ipc {
    bytes: Buffer,
    schema: SchemaRef,
    /// What is read, in order.
    parts: Vec<Range<usize>>,
    rows: usize,
}

impl Ipc {
    /// A stream or a file.
    ///
    /// # Errors
    /// `arrow.source_failed`.
    pub(super) fn new(bytes: Buffer) -> Result<Self> {
        guarded(|| match bytes.starts_with(MAGIC) {
            true => Self::of_file(&bytes),
            false => Self::of_stream(&bytes),
        })
    }

    pub(super) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many rows the batches say that they have.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// How many bytes there are.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn batches(&self) -> Batches {
        let mut parts: VecDeque<Buffer> =
            self.parts.iter().map(|part| self.bytes.slice_with_length(part.start, part.len())).collect();
        // A message without a body is read when something follows it.
        parts.push_back(Buffer::from(&END_OF_STREAM));
        Batches { decoder: StreamDecoder::new(), parts }
    }

    fn of_stream(bytes: &Buffer) -> Result<Self> {
        let first = Found::at(bytes, 0)?.ok_or_else(|| malformed("it is empty"))?;
        let schema = first.schema(bytes)?;
        let (mut end, mut rows) = (first.range.end, 0_usize);
        while let Some(found) = Found::at(bytes, end)? {
            rows = rows.checked_add(found.rows).ok_or_else(too_long)?;
            end = found.range.end;
        }
        Ok(Self { bytes: bytes.clone(), schema, parts: vec![0..end], rows })
    }

    /// The batches of a file are those that its footer names, and their dictionaries may stand behind them.
    fn of_file(bytes: &Buffer) -> Result<Self> {
        let (footer, footer_start) = footer(bytes)?;
        let first = Found::at(bytes, FILE_BEGIN)?.ok_or_else(|| malformed("the file has no schema"))?;
        let schema = first.schema(bytes)?;
        let (mut parts, mut rows, mut length) = (vec![first.range], 0_usize, 0_usize);
        let blocks = [footer.dictionaries(), footer.recordBatches()];
        for block in blocks.iter().flatten().flatten() {
            let range = range_of(block, footer_start)?;
            let found = Found::at(bytes, range.start)?.filter(|found| found.range.end <= range.end);
            let found = found.ok_or_else(|| malformed("a block of the footer is no message"))?;
            length = length.checked_add(range.len()).filter(|length| *length <= bytes.len()).ok_or_else(too_long)?;
            rows = rows.checked_add(found.rows).ok_or_else(too_long)?;
            parts.push(found.range);
        }
        Ok(Self { bytes: bytes.clone(), schema, parts, rows })
    }
}

/// The batches of bytes, each read when it is asked for.
pub(super) struct Batches {
    decoder: StreamDecoder,
    parts: VecDeque<Buffer>,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(part) = self.parts.front_mut() {
            match guarded(|| self.decoder.decode(part).map_err(malformed)) {
                Ok(Some(batch)) => return Some(Ok(batch)),
                Ok(None) => {
                    self.parts.pop_front();
                }
                Err(error) => {
                    self.parts.clear();
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Batches as a stream of Arrow.
///
/// # Errors
/// `arrow.not_a_batch`.
pub(super) fn stream_of<'b>(schema: &Schema, batches: impl Iterator<Item = &'b RecordBatch>) -> Result<Vec<u8>> {
    let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
    for batch in batches {
        writer.write(batch)?;
    }
    Ok(writer.into_inner()?)
}

/// A message among bytes that it fits in.
struct Found {
    /// From its length to the end of its body.
    range: Range<usize>,
    metadata: Range<usize>,
    rows: usize,
}

impl Found {
    /// The message that begins here; none at the end of a stream.
    fn at(bytes: &[u8], at: usize) -> Result<Option<Self>> {
        if at == bytes.len() {
            return Ok(None);
        }
        let (mut length, mut metadata_start) = word(bytes, at)?;
        if length == CONTINUATION {
            (length, metadata_start) = word(bytes, metadata_start)?;
        }
        let metadata = metadata_start..end_of(bytes, metadata_start, i64::from(u32::from_le_bytes(length)))?;
        if metadata.is_empty() {
            return Ok(None);
        }
        let message = message(bytes, &metadata)?;
        let end = end_of(bytes, metadata.end, message.bodyLength())?;
        let rows = match message.header_type() {
            MessageHeader::RecordBatch => message.header_as_record_batch().map(|batch| (batch, batch.length())),
            MessageHeader::DictionaryBatch => {
                message.header_as_dictionary_batch().and_then(|words| Some((words.data()?, 0)))
            }
            _ => return Ok(Some(Self { range: at..end, metadata, rows: 0 })),
        };
        let (batch, rows) = rows.ok_or_else(|| malformed("a message is not what it says"))?;
        // Each byte of a body is of one buffer, so that what is read is not more than what came.
        let mut body = end.saturating_sub(metadata.end);
        for buffer in batch.buffers().iter().flatten() {
            let length = usize::try_from(buffer.length()).ok();
            body = length.and_then(|length| body.checked_sub(length)).ok_or_else(too_long)?;
        }
        let rows = usize::try_from(rows).map_err(|_| too_long())?;
        Ok(Some(Self { range: at..end, metadata, rows }))
    }

    /// The schema that the message is.
    fn schema(&self, bytes: &[u8]) -> Result<SchemaRef> {
        let message = message(bytes, &self.metadata)?;
        let schema = message.header_as_schema().ok_or_else(|| malformed("it does not begin with a schema"))?;
        match schema.endianness() {
            Endianness::Little => Ok(Arc::new(fb_to_schema(schema))),
            _ => Err(malformed("its numbers are big-endian")),
        }
    }
}

fn message<'b>(bytes: &'b [u8], metadata: &Range<usize>) -> Result<Message<'b>> {
    root_as_message(bytes.get(metadata.clone()).unwrap_or_default()).map_err(malformed)
}

/// Four bytes, and where they end.
fn word(bytes: &[u8], at: usize) -> Result<([u8; 4], usize)> {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        Some(word) => Ok((*word, at.saturating_add(4))),
        None => Err(malformed("it ends within a message: it is cut off, or no Arrow IPC")),
    }
}

/// Where so many bytes end.
fn end_of(bytes: &[u8], start: usize, length: i64) -> Result<usize> {
    let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
    end.filter(|end| *end <= bytes.len()).ok_or_else(too_long)
}

/// The footer of a file, and where it begins.
fn footer(bytes: &[u8]) -> Result<(Footer<'_>, usize)> {
    let cut_off = || malformed("it begins as an Arrow file, and does not end as one: it is cut off");
    let end = bytes.len().checked_sub(FILE_END).filter(|_| bytes.ends_with(MAGIC)).ok_or_else(cut_off)?;
    let length = usize::try_from(u32::from_le_bytes(word(bytes, end)?.0)).ok();
    let start = length.and_then(|length| end.checked_sub(length)).ok_or_else(too_long)?;
    let footer = root_as_footer(bytes.get(start..end).unwrap_or_default()).map_err(malformed)?;
    Ok((footer, start))
}

/// Where a block of the footer stands.
fn range_of(block: &Block, most: usize) -> Result<Range<usize>> {
    let start = usize::try_from(block.offset()).ok().filter(|start| *start >= FILE_BEGIN);
    let lengths = usize::try_from(block.metaDataLength()).ok().zip(usize::try_from(block.bodyLength()).ok());
    let range = start.zip(lengths).and_then(|(start, (metadata, body))| {
        Some(start..start.checked_add(metadata)?.checked_add(body)?)
    });
    range.filter(|range| range.end <= most).ok_or_else(too_long)
}

fn too_long() -> BatchError {
    malformed("a length says more than there are bytes")
}

fn malformed(fault: impl ToString) -> BatchError {
    BatchError::SourceFailed { fault: fault.to_string() }
}

/// What is read of foreign bytes; where Arrow's reader panics, they are malformed.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(malformed("it is malformed")))
}
