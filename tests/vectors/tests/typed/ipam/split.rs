use super::by_family;
use crate::input::{Answer, Fault, Members};
use counterfoil::{
    error::IpamError,
    ipam::{Address, MiniSplitDiff, PrefixLen, Range, Row, Split, SplitLimits, split_row},
};
use serde_json::{Value, json};

pub(crate) fn split(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, split_in(input))
}

pub(crate) fn split_a_row(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, split_row_in(input))
}

pub(crate) fn mini_split(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, mini_split_in(input))
}

fn split_in<A: Address>(input: Members<'_>) -> Answer {
    let length = input.number::<u8>("length")?;
    let range: Range<A> = input.text("range")?.parse()?;
    let mut limits = limits(input)?;
    if let Some(most) = input.optional("most_pieces") {
        limits = limits.with_pieces(count(crate::input::text(most)?)?);
    }
    if let Some(most) = input.optional("most_longer_by") {
        limits = limits.with_longer_by(crate::input::number(most)?);
    }
    page(&range.split_within(PrefixLen::new(length)?, limits)?, input)
}

fn split_row_in<A: Address>(input: Members<'_>) -> Answer {
    let (range, status) = (input.text("range")?.parse()?, input.parse("status")?);
    let row = Row::<A> { id: input.text("id")?.to_owned(), range, status, asn: None, owner: None };
    page(&split_row(&row, input.number("length")?, limits(input)?)?, input)
}

fn mini_split_in<A: Address>(input: Members<'_>) -> Answer {
    let diff = match input.optional("diff") {
        Some(diff) => MiniSplitDiff::new(crate::input::number(diff)?)?,
        None => MiniSplitDiff::default(),
    };
    let length = PrefixLen::<A>::new(input.number("length")?)?;
    let range: Range<A> = input.text("range")?.parse()?;
    let pieces = range.mini_split(length, diff)?.into_ranges();
    Ok(json!({
        "count": pieces.len(),
        "of_length": pieces.iter().filter(|piece| piece.length() == length).count(),
        "pieces": pieces.iter().map(Range::to_string).collect::<Vec<_>>(),
    }))
}

fn limits<A: Address>(input: Members<'_>) -> Result<SplitLimits<A>, Fault> {
    match input.optional("limits").and_then(Value::as_str) {
        None | Some("none") => Ok(SplitLimits::NONE),
        Some("portal") => Ok(SplitLimits::PORTAL),
        Some(text) => {
            Err(IpamError::UnknownWord { what: "limits", text: text.to_owned(), known: "none, portal" }.into())
        }
    }
}

/// The pieces one by one, by their places.
fn page<A: Address>(split: &Split<A>, input: Members<'_>) -> Answer {
    let from = input.optional("from").map_or(Ok(0), |from| count(crate::input::text(from)?))?;
    let take = u128::from(input.optional_count("take")?.unwrap_or(10_000).min(10_000));
    let pieces = (0..take).map_while(|place| split.piece(from.checked_add(place)?).map(|piece| piece.to_string()));
    let pieces: Vec<String> = pieces.collect();
    let next = from.checked_add(pieces.len() as u128).filter(|next| split.piece(*next).is_some());
    Ok(json!({
        "count": split.pieces().to_string(),
        "unchanged": split.is_unchanged(),
        "pieces": pieces,
        "next": next.map(|next| next.to_string()),
    }))
}

fn count(text: &str) -> Result<u128, Fault> {
    let shape = "`18446744073709551616`, a whole number";
    let wrong = || IpamError::Format { text: text.to_owned(), shape };
    Ok(text.parse::<u128>().ok().filter(|count| count.to_string() == text).ok_or_else(wrong)?)
}
