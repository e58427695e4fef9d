//! What a range is.

use super::by_family;
use crate::{
    error::Error,
    ipam::{Address, Range, Size},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Described {
    range: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct Description {
    range: String,
    family: &'static str,
    first: String,
    last: String,
    length: u8,
    network: String,
    size: Size,
    tightest_length: u8,
    is_full: bool,
}

pub(in crate::wire) fn describe(input: Described) -> Result<Description, Error> {
    by_family!(&input.range, describe_in(&input))
}

fn describe_in<A: Address>(input: &Described) -> Result<Description, Error> {
    let range: Range<A> = input.range.parse()?;
    Ok(Description {
        range: range.to_string(),
        family: A::FAMILY.name(),
        first: range.first().to_string(),
        last: range.last().to_string(),
        length: range.length().get(),
        network: range.network().to_string(),
        size: range.size(),
        tightest_length: range.tightest_length().get(),
        is_full: range.is_full(),
    })
}
