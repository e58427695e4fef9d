//! Networks, and for any address the longest that it is in. What each network stands for is kept in JavaScript, by its
//! place among the networks in order.

use super::{
    block::{ranges_at, texts_of, written},
    family::{Either, each},
};
use crate::border::Result;
use counterfoil::ipam::{self, Address, IpAddress, Ipv4, Ipv6, Prefix, Range};
use napi::bindgen_prelude::{External, Int32Array, Uint32Array};
use napi_derive::napi;

/// Networks of one family, each with the place at which it was given; of no networks there is no family.
pub(crate) struct LookupTable {
    inner: Option<AnyTable>,
}

type AnyTable = Either<Table<Ipv4>, Table<Ipv6>>;
type Table<A> = ipam::LookupTable<A, u32>;

/// About how many bytes a network takes, with the stretches of addresses that it cuts and their index.
const BYTES: usize = 128;

/// What is answered for an address that is in none of the networks.
const NONE: i32 = -1;

/// A table of networks.
#[napi(catch_unwind)]
pub(crate) fn table_of(block: String, count: u32) -> Result<External<LookupTable>> {
    let inner = match ranges_at(&block, count, "networks")? {
        Either::V4(ranges) if ranges.is_empty() => None,
        Either::V4(ranges) => Some(Either::V4(table(ranges)?)),
        Either::V6(ranges) => Some(Either::V6(table(ranges)?)),
    };
    let size = inner.as_ref().map_or(0, |table| each!(table, table => table.len())).saturating_mul(BYTES);
    // JavaScript collects what it knows to be large.
    Ok(External::new_with_size_hint(LookupTable { inner }, size))
}

fn table<A: Address>(ranges: Vec<Range<A>>) -> Result<Table<A>> {
    let prefixes: Vec<Prefix<A>> = ranges.into_iter().map(Prefix::try_from).collect::<std::result::Result<_, _>>()?;
    Ok(Table::new(prefixes.into_iter().zip(0..))?)
}

/// At which places its networks were given, in their order.
#[napi(catch_unwind)]
pub(crate) fn table_order(table: &External<LookupTable>) -> Uint32Array {
    let Some(table) = &table.inner else { return Vec::new().into() };
    each!(table, table => table.iter().map(|(_, given)| *given).collect::<Vec<_>>()).into()
}

/// Its networks, in order.
#[napi(catch_unwind)]
pub(crate) fn table_networks(table: &External<LookupTable>) -> String {
    let Some(table) = &table.inner else { return String::new() };
    each!(table, table => written(table.iter().map(|(prefix, _)| prefix)))
}

/// The family of its networks, or an empty text where there are none.
#[napi(catch_unwind)]
pub(crate) fn table_family(table: &External<LookupTable>) -> &'static str {
    match &table.inner {
        None => "",
        Some(Either::V4(_)) => ipam::Family::Ipv4.name(),
        Some(Either::V6(_)) => ipam::Family::Ipv6.name(),
    }
}

/// The place of the longest network that an address is in, or -1.
#[napi(catch_unwind)]
pub(crate) fn table_find(table: &External<LookupTable>, address: String) -> Result<i32> {
    match &table.inner {
        Some(table) => each!(table, table => find(table, &address)),
        None => nowhere(&address),
    }
}

/// The places of the longest networks of many addresses; -1 of those that are in none.
#[napi(catch_unwind)]
pub(crate) fn table_find_each(table: &External<LookupTable>, block: String, count: u32) -> Result<Int32Array> {
    let addresses = texts_of(&block, count, "addresses")?;
    let places: Vec<i32> = match &table.inner {
        Some(table) => each!(table, table => addresses.map(|address| find(table, address)).collect::<Result<_>>()?),
        None => addresses.map(nowhere).collect::<Result<_>>()?,
    };
    Ok(places.into())
}

/// The places of all networks that an address is in, the longest first.
#[napi(catch_unwind)]
pub(crate) fn table_matches(table: &External<LookupTable>, address: String) -> Result<Vec<i32>> {
    let Some(table) = &table.inner else { return nowhere(&address).map(|_| Vec::new()) };
    each!(table, table => {
        Ok(table.matches(address.parse()?).map(|found| place(&found)).collect())
    })
}

fn find<A: Address>(table: &Table<A>, address: &str) -> Result<i32> {
    let found = table.longest_match(A::parse(address)?);
    Ok(found.map_or(NONE, |found| place(&found)))
}

/// An address of either family is in none of no networks.
fn nowhere(address: &str) -> Result<i32> {
    address.parse::<IpAddress>()?;
    Ok(NONE)
}

/// There are at most 2^30.
fn place<A: Address>(found: &ipam::Match<'_, A, u32>) -> i32 {
    i32::try_from(found.place()).unwrap_or(NONE)
}
