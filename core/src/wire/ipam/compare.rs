//! Many ranges beside each other: trees, lookups, overlaps, plans before and after.

use super::{
    Repeated, by_family,
    set::{first, member, texts},
};
use crate::wire::text::{Show, Shown};
use crate::{
    error::Error,
    ipam::{
        Address, Interval, IpInterval, IpPrefix, IpRange, LookupTable, Match, Overlap, Overlaps, PlanDiff, Prefix,
        Range, RangeNode, RangeTree,
    },
};
use serde::{Deserialize, Serialize};

/// The most pairs of an answer, and how many it has if nothing is said.
const MOST_PAIRS: usize = 10_000;
const PAIRS: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Ranges {
    ranges: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::wire) struct Tree {
    nodes: Vec<Node>,
    duplicates: Vec<[usize; 2]>,
    crossings: Vec<[usize; 2]>,
}

#[derive(Serialize)]
struct Node {
    range: Shown<IpRange>,
    /// Its place among the ranges that were given.
    row: usize,
    /// The place of the one that it is right below, likewise.
    parent: Option<usize>,
    depth: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    prefix: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Addresses {
    table: Vec<Entry>,
    addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct OneAddress {
    table: Vec<Entry>,
    address: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct Longest {
    matches: Vec<Option<Found>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct All {
    matches: Vec<Found>,
}

#[derive(Serialize)]
struct Found {
    prefix: Shown<IpPrefix>,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct OverlapsOf {
    ranges: Vec<String>,
    limit: Option<u32>,
}

#[derive(Serialize)]
pub(in crate::wire) struct OverlapsOut {
    /// How many pairs there are, also where not all of them follow.
    count: Shown<u128>,
    pairs: Vec<Pair>,
}

#[derive(Serialize)]
struct Pair {
    earlier: usize,
    later: usize,
    shared: Shown<IpInterval>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Plans {
    old: Vec<String>,
    new: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct PlansAndNow {
    old: Vec<String>,
    new: Vec<String>,
    plan: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::wire) struct Diff {
    keep: Vec<Shown<IpRange>>,
    delete: Vec<Shown<IpRange>>,
    create: Vec<Shown<IpRange>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct Applied {
    plan: Vec<Shown<IpRange>>,
}

pub(in crate::wire) fn tree(input: Ranges) -> Result<Tree, Error> {
    by_family!(first(&input.ranges), tree_in(&input))
}

fn tree_in<A: Address>(input: &Ranges) -> Result<Tree, Error> {
    let tree = RangeTree::new(ranges::<A>(&input.ranges)?);
    let rows = |pair: [&RangeNode<A>; 2]| pair.map(RangeNode::row);
    let node = |node: &RangeNode<A>| Node {
        range: node.range().shown(),
        row: node.row(),
        parent: node.parent().and_then(|place| tree.nodes().get(place)).map(RangeNode::row),
        depth: node.depth(),
    };
    Ok(Tree {
        nodes: tree.nodes().iter().map(node).collect(),
        duplicates: tree.duplicates().map(rows).collect(),
        crossings: tree.crossings().map(rows).collect(),
    })
}

pub(in crate::wire) fn lookup(input: Addresses) -> Result<Longest, Error> {
    by_family!(first(input.table.iter().map(|entry| &entry.prefix).chain(&input.addresses)), lookup_in(&input))
}

fn lookup_in<A: Address>(input: &Addresses) -> Result<Longest, Error> {
    let table = table::<A>(&input.table)?;
    let mut repeated = Repeated::default();
    let found = |text: &String| {
        let found = table.longest_match(A::parse(text)?);
        repeated.add(found.map_or(0, |found| found.value().len()))?;
        Ok(found.map(Found::of))
    };
    Ok(Longest { matches: input.addresses.iter().map(found).collect::<Result<_, Error>>()? })
}

pub(in crate::wire) fn matches(input: OneAddress) -> Result<All, Error> {
    by_family!(&input.address, matches_in(&input))
}

fn matches_in<A: Address>(input: &OneAddress) -> Result<All, Error> {
    let address = A::parse(&input.address)?;
    Ok(All { matches: table::<A>(&input.table)?.matches(address).map(Found::of).collect() })
}

pub(in crate::wire) fn overlaps(input: OverlapsOf) -> Result<OverlapsOut, Error> {
    by_family!(first(&input.ranges), overlaps_in(&input))
}

fn overlaps_in<A: Address>(input: &OverlapsOf) -> Result<OverlapsOut, Error> {
    let rows: Vec<Interval<A>> = input.ranges.iter().map(|text| member(text)).collect::<Result<_, Error>>()?;
    let overlaps = Overlaps::among(rows);
    let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAIRS).min(MOST_PAIRS);
    let pair = |pair: Overlap<A>| Pair { earlier: pair.earlier, later: pair.later, shared: pair.shared.shown() };
    Ok(OverlapsOut { count: overlaps.count().shown(), pairs: overlaps.pairs().take(limit).map(pair).collect() })
}

pub(in crate::wire) fn diff(input: Plans) -> Result<Diff, Error> {
    by_family!(first(input.old.iter().chain(&input.new)), diff_in(&input))
}

fn diff_in<A: Address>(input: &Plans) -> Result<Diff, Error> {
    let diff = PlanDiff::between(&ranges::<A>(&input.old)?, &ranges(&input.new)?)?;
    Ok(Diff { keep: texts(diff.keep()), delete: texts(diff.delete()), create: texts(diff.create()) })
}

pub(in crate::wire) fn apply(input: PlansAndNow) -> Result<Applied, Error> {
    by_family!(first(input.old.iter().chain(&input.new).chain(&input.plan)), apply_in(&input))
}

fn apply_in<A: Address>(input: &PlansAndNow) -> Result<Applied, Error> {
    let diff = PlanDiff::between(&ranges::<A>(&input.old)?, &ranges(&input.new)?)?;
    Ok(Applied { plan: texts(&diff.apply(&ranges(&input.plan)?)?) })
}

impl Found {
    fn of<A: Address>(found: Match<'_, A, String>) -> Self {
        Self { prefix: found.prefix().shown(), value: found.value().clone() }
    }
}

fn ranges<A: Address>(texts: &[String]) -> Result<Vec<Range<A>>, Error> {
    texts.iter().map(|text| Ok(text.parse()?)).collect()
}

fn table<A: Address>(entries: &[Entry]) -> Result<LookupTable<A, String>, Error> {
    let read = |entry: &Entry| Ok((entry.prefix.parse::<Prefix<A>>()?, entry.value.clone()));
    Ok(LookupTable::new(entries.iter().map(read).collect::<Result<Vec<_>, Error>>()?)?)
}
