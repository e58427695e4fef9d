//! Where the messages of Arrow's bytes stand, each length held against the bytes that there are.

use arrow_buffer::Buffer;
use arrow_ipc::{
    Block, Endianness, Footer, Message, MessageHeader, Schema, convert::fb_to_schema, root_as_footer, root_as_message,
};
use arrow_schema::SchemaRef;
use counterfoil_arrow::BatchError;
use std::{ops::Range, sync::Arc};

pub(super) type Result<T> = std::result::Result<T, BatchError>;

/// What a file of Arrow begins and ends with.
pub(super) const MAGIC: &[u8] = b"ARROW1";

/// Where the stream begins that a file has inside.
const FILE_BEGIN: usize = 8;

/// How long the length of the footer and the magic behind it are.
const FILE_END: usize = 10;

/// What stands before the length of a message.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// A message among bytes that it fits in.
pub(super) struct Found {
    pub(super) metadata: Range<usize>,
    /// Where its body ends.
    pub(super) end: usize,
    pub(super) rows: usize,
}

impl Found {
    /// The message that begins here; none at the end of a stream.
    pub(super) fn at(bytes: &[u8], at: usize) -> Result<Option<Self>> {
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
            _ => return Ok(Some(Self { metadata, end, rows: 0 })),
        };
        let (batch, rows) = rows.ok_or_else(|| malformed("a message is not what it says"))?;
        // Each byte of a body is of one buffer, so that what is read is not more than what came.
        let mut body = end.saturating_sub(metadata.end);
        for buffer in batch.buffers().iter().flatten() {
            let length = usize::try_from(buffer.length()).ok();
            body = length.and_then(|length| body.checked_sub(length)).ok_or_else(too_long)?;
        }
        let rows = usize::try_from(rows).map_err(|_| too_long())?;
        Ok(Some(Self { metadata, end, rows }))
    }
}

pub(super) fn schema_of(schema: Schema<'_>) -> Result<SchemaRef> {
    match schema.endianness() {
        Endianness::Little => Ok(Arc::new(fb_to_schema(schema))),
        _ => Err(malformed("its numbers are big-endian")),
    }
}

pub(super) fn message<'b>(bytes: &'b [u8], metadata: &Range<usize>) -> Result<Message<'b>> {
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
pub(super) fn footer(bytes: &[u8]) -> Result<(Footer<'_>, usize)> {
    let cut_off = || malformed("it begins as an Arrow file, and does not end as one: it is cut off");
    let end = bytes.len().checked_sub(FILE_END).filter(|_| bytes.ends_with(MAGIC)).ok_or_else(cut_off)?;
    let length = usize::try_from(u32::from_le_bytes(word(bytes, end)?.0)).ok();
    let start = length.and_then(|length| end.checked_sub(length)).ok_or_else(too_long)?;
    let footer = root_as_footer(bytes.get(start..end).unwrap_or_default()).map_err(malformed)?;
    Ok((footer, start))
}

/// Where a block of the footer stands.
pub(super) fn range_of(block: &Block, most: usize) -> Result<Range<usize>> {
    let start = usize::try_from(block.offset()).ok().filter(|start| *start >= FILE_BEGIN);
    let lengths = usize::try_from(block.metaDataLength()).ok().zip(usize::try_from(block.bodyLength()).ok());
    let range = start
        .zip(lengths)
        .and_then(|(start, (metadata, body))| Some(start..start.checked_add(metadata)?.checked_add(body)?));
    range.filter(|range| range.end <= most).ok_or_else(too_long)
}

/// The bytes of a block.
pub(super) fn part(bytes: &Buffer, block: &Block) -> Result<Buffer> {
    let range = range_of(block, bytes.len())?;
    Ok(bytes.slice_with_length(range.start, range.len()))
}

pub(super) fn too_long() -> BatchError {
    malformed("a length says more than there are bytes")
}

pub(super) fn malformed(fault: impl ToString) -> BatchError {
    BatchError::SourceFailed { fault: fault.to_string() }
}
