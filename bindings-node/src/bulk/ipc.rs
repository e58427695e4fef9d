//! Arrow's own bytes, streams and files, in and out.
//!
//! What comes in may be anything. Before a batch is read, each message is found and its lengths are held against the
//! bytes that there are: nothing is allocated because a length says so, and no bytes are read twice.

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::{
    Block, Endianness, Footer, Message, MessageHeader, MetadataVersion,
    convert::fb_to_schema,
    reader::{FileDecoder, StreamDecoder},
    root_as_footer, root_as_message,
    writer::StreamWriter,
};
use arrow_schema::{Schema, SchemaRef};
use counterfoil_arrow::BatchError;
use std::{
    cell::Cell,
    collections::VecDeque,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    sync::{Arc, Once},
    vec::IntoIter,
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
    layout: Layout,
    rows: usize,
}

#[derive(Debug)]
enum Layout {
    /// One message after the other, and where the last one ends.
    Stream(usize),
    /// Those that the footer names; the dictionaries are read first, wherever they stand.
    File { version: MetadataVersion, dictionaries: Vec<Block>, batches: Vec<Block> },
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

    /// The batches, each read when it is asked for.
    pub(super) fn batches(&self) -> Batches {
        match &self.layout {
            Layout::Stream(end) => {
                // A message without a body is read when something follows it.
                let parts = [self.bytes.slice_with_length(0, *end), Buffer::from(&END_OF_STREAM)];
                Batches::Stream { decoder: Box::default(), parts: VecDeque::from(parts) }
            }
            Layout::File { version, dictionaries, batches } => Batches::File {
                decoder: FileDecoder::new(self.schema.clone(), *version),
                bytes: self.bytes.clone(),
                dictionaries: dictionaries.clone().into_iter(),
                batches: batches.clone().into_iter(),
            },
        }
    }

    fn of_stream(bytes: &Buffer) -> Result<Self> {
        let first = Found::at(bytes, 0)?.ok_or_else(|| malformed("it is empty"))?;
        let message = message(bytes, &first.metadata)?;
        let schema = message.header_as_schema().ok_or_else(|| malformed("it does not begin with a schema"))?;
        let (mut end, mut rows) = (first.end, 0_usize);
        while let Some(found) = Found::at(bytes, end)? {
            rows = rows.checked_add(found.rows).ok_or_else(too_long)?;
            end = found.end;
        }
        Ok(Self { bytes: bytes.clone(), schema: schema_of(schema)?, layout: Layout::Stream(end), rows })
    }

    fn of_file(bytes: &Buffer) -> Result<Self> {
        let (footer, footer_start) = footer(bytes)?;
        let schema = schema_of(footer.schema().ok_or_else(|| malformed("the file has no schema"))?)?;
        let dictionaries: Vec<Block> = footer.dictionaries().iter().flatten().copied().collect();
        let batches: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        let (mut rows, mut length) = (0_usize, 0_usize);
        for block in dictionaries.iter().chain(&batches) {
            let range = range_of(block, footer_start)?;
            let found = Found::at(bytes, range.start)?.filter(|found| found.end <= range.end);
            rows = found.and_then(|found| rows.checked_add(found.rows)).ok_or_else(too_long)?;
            // Each byte is of one block, as in a stream.
            length = length.checked_add(range.len()).filter(|length| *length <= bytes.len()).ok_or_else(too_long)?;
        }
        let layout = Layout::File { version: footer.version(), dictionaries, batches };
        Ok(Self { bytes: bytes.clone(), schema, layout, rows })
    }
}

/// The batches of bytes, each read when it is asked for.
pub(super) enum Batches {
    Stream {
        decoder: Box<StreamDecoder>,
        parts: VecDeque<Buffer>,
    },
    File {
        decoder: FileDecoder,
        bytes: Buffer,
        dictionaries: IntoIter<Block>,
        batches: IntoIter<Block>,
    },
    /// Behind bytes that are malformed nothing is read.
    Malformed,
}

impl Batches {
    fn read(&mut self) -> Result<Option<RecordBatch>> {
        match self {
            Self::Stream { decoder, parts } => {
                while let Some(part) = parts.front_mut() {
                    match decoder.decode(part).map_err(malformed)? {
                        Some(batch) => return Ok(Some(batch)),
                        None => parts.pop_front(),
                    };
                }
                Ok(None)
            }
            Self::File { decoder, bytes, dictionaries, batches } => {
                for block in dictionaries {
                    decoder.read_dictionary(&block, &part(bytes, &block)?).map_err(malformed)?;
                }
                match batches.next() {
                    Some(block) => decoder.read_record_batch(&block, &part(bytes, &block)?).map_err(malformed),
                    None => Ok(None),
                }
            }
            Self::Malformed => Ok(None),
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = guarded(|| self.read());
        if read.is_err() {
            *self = Self::Malformed;
        }
        read.transpose()
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
    metadata: Range<usize>,
    /// Where its body ends.
    end: usize,
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

fn schema_of(schema: arrow_ipc::Schema<'_>) -> Result<SchemaRef> {
    match schema.endianness() {
        Endianness::Little => Ok(Arc::new(fb_to_schema(schema))),
        _ => Err(malformed("its numbers are big-endian")),
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
    let range = start
        .zip(lengths)
        .and_then(|(start, (metadata, body))| Some(start..start.checked_add(metadata)?.checked_add(body)?));
    range.filter(|range| range.end <= most).ok_or_else(too_long)
}

/// The bytes of a block.
fn part(bytes: &Buffer, block: &Block) -> Result<Buffer> {
    let range = range_of(block, bytes.len())?;
    Ok(bytes.slice_with_length(range.start, range.len()))
}

fn too_long() -> BatchError {
    malformed("a length says more than there are bytes")
}

fn malformed(fault: impl ToString) -> BatchError {
    BatchError::SourceFailed { fault: fault.to_string() }
}

/// What is read of foreign bytes; where Arrow's reader panics, they are malformed, and nobody hears of it otherwise.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    static SILENT: Once = Once::new();
    SILENT.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_READING.get() {
                loud(panic);
            }
        }));
    });
    IS_READING.set(true);
    let read = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(malformed("it is malformed")));
    IS_READING.set(false);
    read
}

thread_local! {
    /// Whether foreign bytes are read on this thread.
    static IS_READING: Cell<bool> = const { Cell::new(false) };
}
