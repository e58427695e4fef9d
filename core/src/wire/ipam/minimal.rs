//! The fewest pieces.

use super::{MOST_PIECES, by_family};
use crate::wire::{
    shown::address,
    text::{Show, Shown, Word},
};
use crate::{
    error::Error,
    ipam::{Address, Demand, IpAddress, IpRange, MinimalPlan, Purpose},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct OfRange {
    range: String,
    demands: Vec<Wanted>,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct OfBlocks {
    free: Vec<String>,
    demands: Vec<Wanted>,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    length: u8,
    count: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct Plan {
    pieces: Shown<u128>,
    wanted: Shown<u128>,
    splits: Shown<u128>,
    runs: Vec<Run>,
    /// The pieces, where a limit says that they are to be listed; never more than [`MOST_PIECES`].
    plan: Option<Vec<Shown<IpRange>>>,
}

#[derive(Serialize)]
struct Run {
    first: Shown<IpAddress>,
    last: Shown<IpAddress>,
    length: u8,
    count: Shown<u128>,
    purpose: Word<Purpose>,
}

pub(in crate::wire) fn of_range(input: OfRange) -> Result<Plan, Error> {
    by_family!(&input.range, of_range_in(&input))
}

pub(in crate::wire) fn of_blocks(input: OfBlocks) -> Result<Plan, Error> {
    by_family!(input.free.first().map_or("", String::as_str), of_blocks_in(&input))
}

fn of_range_in<A: Address>(input: &OfRange) -> Result<Plan, Error> {
    shown(&MinimalPlan::<A>::of(input.range.parse()?, &demands(&input.demands)?)?, input.limit)
}

fn of_blocks_in<A: Address>(input: &OfBlocks) -> Result<Plan, Error> {
    let free = input.free.iter().map(|block| block.parse()).collect::<Result<Vec<_>, _>>()?;
    shown(&MinimalPlan::<A>::of_blocks(&free, &demands(&input.demands)?)?, input.limit)
}

fn demands<A: Address>(wanted: &[Wanted]) -> Result<Vec<Demand<A>>, Error> {
    let demand = |wanted: &Wanted| Ok(Demand { length: wanted.length.try_into()?, count: wanted.count.parse()? });
    wanted.iter().map(demand).collect()
}

fn shown<A: Address>(plan: &MinimalPlan<A>, limit: Option<usize>) -> Result<Plan, Error> {
    let run = |run: &crate::ipam::Run<A>| Run {
        first: address(run.interval().first()),
        last: address(run.interval().last()),
        length: run.length().get(),
        count: run.count().shown(),
        purpose: Word(run.purpose()),
    };
    let listed = limit.map(|limit| plan.ranges(limit.min(MOST_PIECES))).transpose()?;
    Ok(Plan {
        pieces: plan.pieces().shown(),
        wanted: plan.wanted().shown(),
        splits: plan.splits().shown(),
        runs: plan.runs().iter().map(run).collect(),
        plan: listed.map(|pieces| pieces.iter().map(Show::shown).collect()),
    })
}
