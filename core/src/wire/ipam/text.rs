//! Texts and what they mean.

use crate::{
    error::{Error, IpamError, Language, excerpt},
    ipam::{
        Address, Family, Hexadecimal, Interval, IpAddress, Ipv4, Ipv6, Prefix, PrefixLen, Range, Readable, Reading,
        bulk::{self, Sorted},
    },
    wire::{
        shown::address as shown,
        text::{Show, Shown, Text, Word, optional},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Faults of a block that are told where the call does not say how many.
const MOST_FAULTS: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct ParseIn {
    text: String,
    #[serde(rename = "as")]
    kind: Text<Kind>,
    family: Option<Text<Family>>,
    reading: Option<Text<Reading>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct BytesIn {
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct BlockIn {
    block: String,
    #[serde(rename = "as")]
    kind: Text<Kind>,
    family: Text<Family>,
    reading: Option<Text<Reading>>,
    most_faults: Option<usize>,
}

/// What a text is read as.
#[derive(Clone, Copy)]
pub(in crate::wire) enum Kind {
    Address,
    Network,
    Interval,
    Range,
}

impl std::str::FromStr for Kind {
    type Err = IpamError;

    fn from_str(text: &str) -> Result<Self, IpamError> {
        match text {
            "address" => Ok(Self::Address),
            "network" => Ok(Self::Network),
            "interval" => Ok(Self::Interval),
            "range" => Ok(Self::Range),
            _ => Err(IpamError::UnknownWord {
                what: "kind",
                text: excerpt(text),
                known: "address, network, interval, range",
            }),
        }
    }
}

#[derive(Serialize)]
pub(in crate::wire) struct Parsed {
    text: String,
    family: Word<Family>,
    first: AddressOut,
    last: AddressOut,
    size: Shown<u128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netmask: Option<Shown<IpAddress>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostmask: Option<Shown<IpAddress>>,
}

/// An address in every notation.
#[derive(Serialize)]
struct AddressOut {
    text: Shown<IpAddress>,
    number: Shown<u128>,
    hexadecimal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapped_ipv4: Option<Shown<IpAddress>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct BlockOut {
    rows: Vec<String>,
    fault_count: usize,
    faults: Vec<FaultOut>,
}

#[derive(Serialize)]
struct FaultOut {
    line: usize,
    error: ErrorOut,
}

#[derive(Serialize)]
struct ErrorOut {
    code: &'static str,
    message: String,
    message_zh: String,
    details: BTreeMap<&'static str, String>,
}

/// Reads in the family that is named, or else in that of the text, where it shows one.
pub(in crate::wire) fn parse(input: ParseIn) -> Result<Parsed, Error> {
    let reading = optional(&input.reading)?.unwrap_or(Reading::STRICT);
    let kind = input.kind.read()?;
    let text = &input.text;
    match optional(&input.family)? {
        Some(Family::Ipv6) => parse_in::<Ipv6>(text, kind, reading),
        Some(_) => parse_in::<Ipv4>(text, kind, reading),
        None => parse_either(text, kind, reading),
    }
}

fn parse_either(text: &str, kind: Kind, reading: Reading) -> Result<Parsed, Error> {
    use crate::ipam::{IpInterval, IpPrefix, IpRange};
    Ok(match kind {
        Kind::Address => match reading.read(text)? {
            IpAddress::V4(address) => Parsed::address(address),
            IpAddress::V6(address) => Parsed::address(address),
        },
        Kind::Network => match reading.read(text)? {
            IpPrefix::V4(prefix) => Parsed::network(prefix),
            IpPrefix::V6(prefix) => Parsed::network(prefix),
        },
        Kind::Interval => match reading.read(text)? {
            IpInterval::V4(interval) => Parsed::interval(interval),
            IpInterval::V6(interval) => Parsed::interval(interval),
        },
        Kind::Range => match reading.read(text)? {
            IpRange::V4(range) => Parsed::range(range),
            IpRange::V6(range) => Parsed::range(range),
        },
    })
}

fn parse_in<A: Address + Readable>(text: &str, kind: Kind, reading: Reading) -> Result<Parsed, Error> {
    Ok(match kind {
        Kind::Address => Parsed::address(reading.read::<A>(text)?),
        Kind::Network => Parsed::network(reading.read::<Prefix<A>>(text)?),
        Kind::Interval => Parsed::interval(reading.read::<Interval<A>>(text)?),
        Kind::Range => Parsed::range(reading.read::<Range<A>>(text)?),
    })
}

pub(in crate::wire) fn parse_bytes(input: BytesIn) -> Result<Parsed, Error> {
    Ok(match IpAddress::of_bytes(&input.bytes)? {
        IpAddress::V4(address) => Parsed::address(address),
        IpAddress::V6(address) => Parsed::address(address),
    })
}

pub(in crate::wire) fn read_block(input: BlockIn) -> Result<BlockOut, Error> {
    match input.family.read()? {
        Family::Ipv6 => read_block_in::<Ipv6>(&input),
        _ => read_block_in::<Ipv4>(&input),
    }
}

fn read_block_in<A: Address + Readable>(input: &BlockIn) -> Result<BlockOut, Error> {
    let reading = optional(&input.reading)?.unwrap_or(Reading::STRICT);
    Ok(match input.kind.read()? {
        Kind::Address => BlockOut::read::<A>(input, reading),
        Kind::Network => BlockOut::read::<Prefix<A>>(input, reading),
        Kind::Interval => BlockOut::read::<Interval<A>>(input, reading),
        Kind::Range => BlockOut::read::<Range<A>>(input, reading),
    })
}

impl Parsed {
    fn address<A: Address>(address: A) -> Self {
        Self::of(address.to_string(), Interval::of(address), None)
    }

    fn network<A: Address>(prefix: Prefix<A>) -> Self {
        Self::of(prefix.to_string(), prefix.interval(), Some(prefix.length()))
    }

    fn interval<A: Address>(interval: Interval<A>) -> Self {
        Self::of(interval.to_string(), interval, None)
    }

    fn range<A: Address>(range: Range<A>) -> Self {
        Self::of(range.to_string(), range.interval(), Some(range.length()))
    }

    fn of<A: Address>(text: String, interval: Interval<A>, length: Option<PrefixLen<A>>) -> Self {
        let masked = length.filter(|_| A::FAMILY == Family::Ipv4);
        Self {
            text,
            family: Word(A::FAMILY),
            first: interval.first().into(),
            last: interval.last().into(),
            size: interval.size().shown(),
            length: length.map(PrefixLen::get),
            netmask: masked.map(|length| shown(length.netmask())),
            hostmask: masked.map(|length| shown(length.hostmask())),
        }
    }
}

impl<A: Address> From<A> for AddressOut {
    fn from(address: A) -> Self {
        let mapped = Some(address.to_bits()).filter(|_| A::FAMILY == Family::Ipv6).and_then(Ipv6::from_bits);
        Self {
            text: shown(address),
            number: address.to_bits().shown(),
            hexadecimal: Hexadecimal(address).to_string(),
            mapped_ipv4: mapped.and_then(Ipv6::to_mapped_ipv4).map(shown),
        }
    }
}

impl BlockOut {
    fn read<T: Readable>(input: &BlockIn, reading: Reading) -> Self {
        let most_faults = input.most_faults.unwrap_or(MOST_FAULTS);
        let read: Sorted<T> = Sorted::of(bulk::lines(&input.block, reading), most_faults);
        let fault = |bulk::Fault { at, error }: bulk::Fault| FaultOut {
            line: at,
            error: ErrorOut {
                code: error.code(),
                message: error.message(Language::English),
                message_zh: error.message(Language::Chinese),
                details: error.details().into_iter().collect(),
            },
        };
        Self {
            rows: read.good.iter().map(T::to_string).collect(),
            fault_count: read.fault_count,
            faults: read.faults.into_iter().map(fault).collect(),
        }
    }
}
