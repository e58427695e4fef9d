//! Blocks out of free space.

use super::by_family;
use crate::wire::{
    shown::address,
    text::{Show, Shown},
};
use crate::{
    error::Error,
    ipam::{
        Address, Answer, Hosts, Interval, IpAddress, IpInterval, IpPrefix, Placement, Pool, Prefix, Range, Request,
        Size,
        rfc3531::{Order, Sequence},
    },
};
use serde::{Deserialize, Serialize};

/// The free addresses: those of a range that are not used, or a list of them.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Free {
    Within { range: String, used: Vec<String> },
    Free(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Wanted {
    Length(u8),
    Block(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Asked {
    pool: Free,
    requests: Vec<Wanted>,
    policy: String,
    #[serde(default)]
    prefer: Option<Vec<String>>,
    #[serde(default)]
    avoid: Option<Vec<String>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct Allocated {
    blocks: Vec<Shown<IpPrefix>>,
    free: Vec<Shown<IpInterval>>,
}

/// Where it fits, what would be allocated; where it does not, what there is of the length that lacks.
#[derive(Serialize, Default)]
pub(in crate::wire) struct Tried {
    fits: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<Shown<IpPrefix>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Vec<Shown<IpInterval>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Summed {
    pool: Free,
}

#[derive(Serialize)]
pub(in crate::wire) struct Summary {
    network: Shown<IpPrefix>,
    addresses: Shown<u128>,
    intervals: usize,
    largest: Option<u8>,
    by_length: Vec<OfLength>,
}

#[derive(Serialize)]
struct OfLength {
    length: u8,
    networks: usize,
    fit: Shown<u128>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct HostOf {
    pool: Free,
    hosts: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct Host {
    address: Option<Shown<IpAddress>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Field {
    order: String,
    bits: u8,
    from: String,
    take: u16,
}

#[derive(Serialize)]
pub(in crate::wire) struct Numbers {
    count: Shown<u128>,
    numbers: Vec<Shown<u128>>,
}

impl Free {
    /// The first text of it.
    fn text(&self) -> &str {
        match self {
            Self::Within { range, .. } => range,
            Self::Free(free) => free.first().map_or("", String::as_str),
        }
    }

    fn pool<A: Address>(&self) -> Result<Pool<A>, Error> {
        Ok(match self {
            Self::Within { range, used } => Pool::within_range(range.parse()?, intervals(used)?),
            Self::Free(free) => Pool::of_free(intervals(free)?),
        })
    }
}

pub(in crate::wire) fn allocate(input: Asked) -> Result<Allocated, Error> {
    by_family!(input.pool.text(), allocate_in(&input))
}

fn allocate_in<A: Address>(input: &Asked) -> Result<Allocated, Error> {
    let (pool, requests, placement) = asked::<A>(input)?;
    let allocation = pool.allocate(&requests, &placement)?;
    Ok(Allocated { blocks: texts(allocation.blocks()), free: texts(allocation.after().free()) })
}

pub(in crate::wire) fn try_out(input: Asked) -> Result<Tried, Error> {
    by_family!(input.pool.text(), try_out_in(&input))
}

fn try_out_in<A: Address>(input: &Asked) -> Result<Tried, Error> {
    let (pool, requests, placement) = asked::<A>(input)?;
    Ok(match pool.try_out(&requests, &placement)? {
        Answer::Fits(allocation) => {
            let (blocks, free) = (texts(allocation.blocks()), texts(allocation.after().free()));
            Tried { fits: true, blocks: Some(blocks), free: Some(free), ..Tried::default() }
        }
        Answer::Lacks(lacks) => {
            let (asked, available) = (Some(lacks.asked), Some(lacks.available));
            Tried { length: Some(lacks.length.get()), asked, available, ..Tried::default() }
        }
    })
}

pub(in crate::wire) fn summary(input: Summed) -> Result<Summary, Error> {
    by_family!(input.pool.text(), summary_in(&input))
}

fn summary_in<A: Address>(input: &Summed) -> Result<Summary, Error> {
    let pool: Pool<A> = input.pool.pool()?;
    let summary = pool.summary();
    let of_length = |of: crate::ipam::FreeOfLength<A>| OfLength {
        length: of.length.get(),
        networks: of.networks,
        fit: of.fit.shown(),
    };
    Ok(Summary {
        network: pool.network().shown(),
        addresses: summary.addresses.shown(),
        intervals: summary.intervals,
        largest: summary.largest.map(|length| length.get()),
        by_length: summary.by_length.into_iter().map(of_length).collect(),
    })
}

pub(in crate::wire) fn first_host(input: HostOf) -> Result<Host, Error> {
    by_family!(input.pool.text(), first_host_in(&input))
}

fn first_host_in<A: Address>(input: &HostOf) -> Result<Host, Error> {
    let pool: Pool<A> = input.pool.pool()?;
    let hosts: Hosts = input.hosts.parse()?;
    Ok(Host { address: pool.first_host(hosts).map(address) })
}

pub(in crate::wire) fn rfc3531(input: Field) -> Result<Numbers, Error> {
    let order: Order = input.order.parse()?;
    let sequence = Sequence::new(order, input.bits)?;
    let from: Size = input.from.parse()?;
    let numbers = from.to_u128().map(|from| sequence.starting_at(from).take(input.take.into()));
    Ok(Numbers {
        count: sequence.count().shown(),
        numbers: numbers.into_iter().flatten().map(|number| number.shown()).collect(),
    })
}

type AskedOf<A> = (Pool<A>, Vec<Request<A>>, Placement<A>);

fn asked<A: Address>(input: &Asked) -> Result<AskedOf<A>, Error> {
    let pool = input.pool.pool()?;
    let request = |wanted: &Wanted| -> Result<Request<A>, Error> {
        Ok(match wanted {
            Wanted::Length(length) => Request::Any((*length).try_into()?),
            Wanted::Block(block) => Request::Pinned(block.parse::<Prefix<A>>()?),
        })
    };
    let requests = input.requests.iter().map(request).collect::<Result<_, _>>()?;
    let placement = Placement::by(input.policy.parse()?)
        .preferring(intervals(input.prefer.as_deref().unwrap_or_default())?)
        .avoiding(intervals(input.avoid.as_deref().unwrap_or_default())?);
    Ok((pool, requests, placement))
}

fn intervals<A: Address>(texts: &[String]) -> Result<Vec<Interval<A>>, Error> {
    texts.iter().map(|text| interval(text)).collect()
}

/// A network or a labelled range, an interval, or one address.
fn interval<A: Address>(text: &str) -> Result<Interval<A>, Error> {
    if text.contains('/') {
        return Ok(text.parse::<Range<A>>()?.interval());
    }
    Ok(if text.contains('-') { text.parse()? } else { Interval::of(A::parse(text)?) })
}

fn texts<T: Show>(values: &[T]) -> Vec<Shown<T::As>> {
    values.iter().map(Show::shown).collect()
}
