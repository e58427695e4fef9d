//! Cutting a range or a row: counted at once, and answered in pages.

use super::{MOST_PIECES, by_family};
use crate::wire::text::{Show, Shown};
use crate::{
    error::{Error, IpamError, excerpt},
    ipam::{Address, IpRange, MiniSplitDiff, PrefixLen, Range, Row, RowStatus, Split, SplitLimits, split_row},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct SplitCall {
    range: String,
    length: u8,
    limits: Option<String>,
    most_pieces: Option<String>,
    most_longer_by: Option<u8>,
    from: Option<String>,
    take: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct SplitRowCall {
    id: String,
    range: String,
    status: String,
    length: u8,
    limits: Option<String>,
    from: Option<String>,
    take: Option<u32>,
}

/// A page of pieces.
#[derive(Serialize)]
pub(in crate::wire) struct SplitOut {
    /// How many pieces there are, exactly.
    count: Shown<u128>,
    /// Whether the only piece is the range itself.
    unchanged: bool,
    pieces: Vec<Shown<IpRange>>,
    /// The place of the first piece that is not in this page.
    next: Option<Shown<u128>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct MiniSplitCall {
    range: String,
    length: u8,
    diff: Option<u8>,
}

#[derive(Serialize)]
pub(in crate::wire) struct MiniSplitOut {
    count: usize,
    /// How many pieces have the length that was asked for.
    of_length: usize,
    pieces: Vec<Shown<IpRange>>,
}

pub(in crate::wire) fn split(input: SplitCall) -> Result<SplitOut, Error> {
    by_family!(&input.range, split_in(&input))
}

pub(in crate::wire) fn split_a_row(input: SplitRowCall) -> Result<SplitOut, Error> {
    by_family!(&input.range, split_row_in(&input))
}

pub(in crate::wire) fn mini_split(input: MiniSplitCall) -> Result<MiniSplitOut, Error> {
    by_family!(&input.range, mini_split_in(&input))
}

fn split_in<A: Address>(input: &SplitCall) -> Result<SplitOut, Error> {
    let range: Range<A> = input.range.parse()?;
    let mut limits = limits(&input.limits)?;
    if let Some(most) = &input.most_pieces {
        limits = limits.with_pieces(count(most)?);
    }
    if let Some(most) = input.most_longer_by {
        limits = limits.with_longer_by(most);
    }
    page(range.split_within(PrefixLen::new(input.length)?, limits)?, &input.from, input.take)
}

fn split_row_in<A: Address>(input: &SplitRowCall) -> Result<SplitOut, Error> {
    let row = Row::<A> {
        id: input.id.clone(),
        range: input.range.parse()?,
        status: input.status.parse::<RowStatus>()?,
        asn: None,
        owner: None,
    };
    page(split_row(&row, input.length, limits(&input.limits)?)?, &input.from, input.take)
}

fn mini_split_in<A: Address>(input: &MiniSplitCall) -> Result<MiniSplitOut, Error> {
    let diff = input.diff.map_or_else(|| Ok(MiniSplitDiff::default()), MiniSplitDiff::new)?;
    let length = PrefixLen::new(input.length)?;
    let plan = input.range.parse::<Range<A>>()?.mini_split(length, diff)?;
    let pieces = plan.ranges();
    Ok(MiniSplitOut {
        count: pieces.len(),
        of_length: pieces.iter().filter(|piece| piece.length() == length).count(),
        pieces: pieces.iter().map(Show::shown).collect(),
    })
}

fn limits<A: Address>(name: &Option<String>) -> Result<SplitLimits<A>, IpamError> {
    name.as_deref().map_or(Ok(SplitLimits::NONE), str::parse)
}

fn page<A: Address>(split: Split<A>, from: &Option<String>, take: Option<u32>) -> Result<SplitOut, Error> {
    let (count_of_all, unchanged) = (split.pieces(), split.is_unchanged());
    let from = from.as_deref().map_or(Ok(0), count)?;
    let take = take.and_then(|take| usize::try_from(take).ok()).map_or(MOST_PIECES, |take| take.min(MOST_PIECES));
    let mut rest = split.starting_at(from);
    let pieces = rest.by_ref().take(take).map(|piece| piece.shown()).collect();
    let next = count_of_all.minus(rest.pieces())?;
    let next = (!rest.pieces().is_zero()).then(|| next.shown());
    Ok(SplitOut { count: count_of_all.shown(), unchanged, pieces, next })
}

/// A count or a place, up to 2^128 - 1: digits without leading zeros.
fn count(text: &str) -> Result<u128, IpamError> {
    let wrong = || IpamError::Format { text: excerpt(text), shape: "`18446744073709551616`, a whole number" };
    text.parse::<u128>().ok().filter(|count| count.to_string() == text).ok_or_else(wrong)
}
