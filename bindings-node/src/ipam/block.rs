//! Many ranges as one text, with a line break after each or between them.

use super::family::{Either, READING, each};
use crate::border::{Fault, Result};
use counterfoil::{
    error::IpamError,
    ipam::{self, IpRange, IpSet, Ipv4, Ipv6, Range, Readable, Size, bulk},
};
use napi_derive::napi;

/// Ranges of one family.
pub(super) type AnyRanges = Either<Vec<Range<Ipv4>>, Vec<Range<Ipv6>>>;

/// Writes one after the other, with line breaks between them.
pub(super) fn written<T: Readable>(rows: impl IntoIterator<Item = T>) -> String {
    let mut block = String::new();
    bulk::write_lines(rows, &mut block);
    block.pop();
    block
}

/// Reads the texts of a block, of which so many were put into it.
pub(super) fn read_all<T: Readable>(block: &str, count: u32, at: &str) -> Result<Vec<T>> {
    let read: std::result::Result<Vec<T>, _> = bulk::texts(block, READING).map(|line| line.value).collect();
    match read {
        Ok(read) if u32::try_from(read.len()) == Ok(count) => Ok(read),
        Ok(_) => Err(broken(at)),
        Err(error) => Err(refused(error, block, count, at)),
    }
}

/// What is wrong with a text of a block, unless it is half of one that was put into it.
fn refused(error: IpamError, block: &str, count: u32, at: &str) -> Fault {
    match texts_of(block, count, at) {
        Ok(_) => error.into(),
        Err(broken) => broken,
    }
}

/// The texts of a block, which are as many as were put into it: a line break in one of them would make two of it.
pub(super) fn texts_of<'a>(block: &'a str, count: u32, at: &str) -> Result<impl Iterator<Item = &'a str>> {
    match u32::try_from(texts(block).count()) == Ok(count) {
        true => Ok(texts(block)),
        false => Err(broken(at)),
    }
}

fn texts(block: &str) -> impl Iterator<Item = &str> {
    block.split_terminator('\n')
}

fn broken(at: &str) -> Fault {
    Fault::misfit(at, ["there is a line break in one of the texts".to_owned(), "其中一个文本含有换行符".to_owned()])
}

/// Reads ranges of one family, which is that of the first.
pub(super) fn ranges_of(block: &str, count: u32) -> Result<AnyRanges> {
    ranges_at(block, count, "ranges")
}

/// The same, of an argument that is not called `ranges`.
pub(super) fn ranges_at(block: &str, count: u32, at: &str) -> Result<AnyRanges> {
    let first = texts(block).next().map(|first| READING.read(first)).transpose();
    Ok(match first.map_err(|error| refused(error, block, count, at))? {
        Some(IpRange::V6(_)) => Either::V6(read_all(block, count, at)?),
        Some(IpRange::V4(_)) | None => Either::V4(read_all(block, count, at)?),
    })
}

/// The canonical texts of ranges of one family.
#[napi(catch_unwind)]
pub(crate) fn ranges_read(block: String, count: u32) -> Result<String> {
    Ok(each!(ranges_of(&block, count)?, ranges => written(ranges)))
}

/// How many addresses ranges have together, counting each by itself.
#[napi(catch_unwind)]
pub(crate) fn ranges_size(block: String, count: u32) -> Result<String> {
    each!(ranges_of(&block, count)?, ranges => {
        let size = ranges.iter().try_fold(Size::ZERO, |sum, range| sum.plus(range.size()))?;
        Ok(size.to_string())
    })
}

/// The one range that ranges make together, in whatever order they are.
#[napi(catch_unwind)]
pub(crate) fn merge_ranges(block: String, count: u32, length: Option<f64>) -> Result<String> {
    each!(ranges_of(&block, count)?, ranges => {
        let length = length.map(super::family::length_of).transpose()?;
        Ok(ipam::merge_ranges(&ranges, length)?.to_string())
    })
}

/// The fewest networks that have exactly the addresses of ranges.
#[napi(catch_unwind)]
pub(crate) fn aggregate(block: String, count: u32) -> Result<String> {
    each!(ranges_of(&block, count)?, ranges => {
        let set: IpSet<_> = ranges.into_iter().collect();
        Ok(written(set.cidrs()))
    })
}

/// More pieces than are put into memory at once.
pub(super) fn too_many(range: String, length: u8, pieces: Size, limit: u128) -> Fault {
    IpamError::TooManyPieces { range, length, pieces: pieces.to_string(), limit: limit.to_string() }.into()
}
