//! What a range is.

use super::by_family;
use crate::wire::{
    shown::address,
    text::{Show, Shown, Word},
};
use crate::{
    error::Error,
    ipam::{Address, Family, IpAddress, IpPrefix, IpRange, Range},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Described {
    range: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct Description {
    range: Shown<IpRange>,
    family: Word<Family>,
    first: Shown<IpAddress>,
    last: Shown<IpAddress>,
    length: u8,
    network: Shown<IpPrefix>,
    size: Shown<u128>,
    tightest_length: u8,
    is_full: bool,
}

pub(in crate::wire) fn describe(input: Described) -> Result<Description, Error> {
    by_family!(&input.range, describe_in(&input))
}

fn describe_in<A: Address>(input: &Described) -> Result<Description, Error> {
    let range: Range<A> = input.range.parse()?;
    Ok(Description {
        range: range.shown(),
        family: Word(A::FAMILY),
        first: address(range.first()),
        last: address(range.last()),
        length: range.length().get(),
        network: range.network().shown(),
        size: range.size().shown(),
        tightest_length: range.tightest_length().get(),
        is_full: range.is_full(),
    })
}
