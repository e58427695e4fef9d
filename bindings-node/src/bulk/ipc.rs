//! Arrow's own bytes, streams and files, in and out.
//!
//! What comes in may be anything. Before a batch is read, each message is found and its lengths are held against the
//! bytes that there are: nothing is allocated because a length says so, and no bytes are read twice.

use super::framing::{Found, MAGIC, Result, footer, malformed, message, part, range_of, schema_of, too_long};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::{
    Block, MetadataVersion,
    reader::{FileDecoder, StreamDecoder},
    writer::StreamWriter,
};
use arrow_schema::{Schema, SchemaRef};
use std::{
    cell::Cell,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    sync::Once,
    vec::IntoIter,
};

/// What stands at the end of a stream.
const END_OF_STREAM: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

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
