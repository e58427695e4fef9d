//! Sets of addresses.
//!
//! A member of a set is written as a network, an interval, a labelled range or one address.

use super::by_family;
use crate::wire::text::{Show, Shown};
use crate::{
    error::{Error, IpamError, excerpt},
    ipam::{Address, Interval, IpInterval, IpPrefix, IpSet, Prefix, Range, Reading, Shapes},
};
use serde::{Deserialize, Serialize};

/// The most prefixes of an answer, and so the highest limit.
const MOST_PREFIXES: usize = 100_000;

/// The most steps of a program: each may go through the whole set.
const MOST_STEPS: usize = 10_000;

/// As strict as ever, but in the shape of any of them.
const MEMBER: Reading = Reading { shapes: Shapes::Any, ..Reading::STRICT };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Aggregated {
    ranges: Vec<String>,
    limit: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CidrsOf {
    range: String,
    limit: Option<u32>,
}

#[derive(Serialize)]
pub(in crate::wire) struct Prefixes {
    count: usize,
    size: Shown<u128>,
    prefixes: Vec<Shown<IpPrefix>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Program {
    program: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Combined {
    how: String,
    left: Vec<String>,
    right: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Compared {
    left: Vec<String>,
    right: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct FreeOf {
    parent: String,
    used: Vec<String>,
}

/// A set, by its maximal intervals.
#[derive(Serialize)]
pub(in crate::wire) struct SetOut {
    ranges: Vec<Shown<IpInterval>>,
    size: Shown<u128>,
    /// How many prefixes its aggregate has.
    prefix_count: usize,
}

#[derive(Serialize)]
pub(in crate::wire) struct Comparison {
    equal: bool,
    overlap: bool,
    left_covers_right: bool,
    right_covers_left: bool,
}

#[derive(Serialize)]
pub(in crate::wire) struct Space {
    free: SetOut,
    stray: SetOut,
}

pub(in crate::wire) fn aggregate(input: Aggregated) -> Result<Prefixes, Error> {
    by_family!(first(&input.ranges), aggregate_in(&input))
}

fn aggregate_in<A: Address>(input: &Aggregated) -> Result<Prefixes, Error> {
    prefixes_of(&set::<A>(&input.ranges)?, input.limit)
}

pub(in crate::wire) fn cidrs(input: CidrsOf) -> Result<Prefixes, Error> {
    by_family!(&input.range, cidrs_in(&input))
}

fn cidrs_in<A: Address>(input: &CidrsOf) -> Result<Prefixes, Error> {
    prefixes_of(&IpSet::from(member::<A>(&input.range)?), input.limit)
}

pub(in crate::wire) fn run(input: Program) -> Result<SetOut, Error> {
    // A complement is of any family: what it is followed by tells which.
    by_family!(first(input.program.iter().filter(|step| *step != "!")), run_in(&input))
}

fn run_in<A: Address>(input: &Program) -> Result<SetOut, Error> {
    if input.program.len() > MOST_STEPS {
        return Err(crate::error::WireError::TooManySteps { steps: input.program.len(), limit: MOST_STEPS }.into());
    }
    let mut set = IpSet::<A>::EMPTY;
    for step in &input.program {
        match step.split_at_checked(1) {
            Some(("!", "")) => set = set.complement(),
            Some(("+", added)) => set.insert(member(added)?),
            Some(("-", removed)) => set.remove(member(removed)?),
            Some(("&", kept)) => set = set.intersection(&member(kept)?.into()),
            _ => {
                return Err(
                    IpamError::Format { text: excerpt(step), shape: "`+`, `-` or `&` and a range, or `!`" }.into()
                );
            }
        }
    }
    Ok(SetOut::of(&set))
}

pub(in crate::wire) fn combine(input: Combined) -> Result<SetOut, Error> {
    by_family!(first(input.left.iter().chain(&input.right)), combine_in(&input))
}

fn combine_in<A: Address>(input: &Combined) -> Result<SetOut, Error> {
    let combine = match input.how.as_str() {
        "union" => IpSet::<A>::union,
        "intersection" => IpSet::intersection,
        "difference" => IpSet::difference,
        "symmetric_difference" => IpSet::symmetric_difference,
        other => {
            let known = "union, intersection, difference, symmetric_difference";
            return Err(IpamError::UnknownWord { what: "way to combine sets", text: excerpt(other), known }.into());
        }
    };
    Ok(SetOut::of(&combine(&set(&input.left)?, &set(&input.right)?)))
}

pub(in crate::wire) fn compare(input: Compared) -> Result<Comparison, Error> {
    by_family!(first(input.left.iter().chain(&input.right)), compare_in(&input))
}

fn compare_in<A: Address>(input: &Compared) -> Result<Comparison, Error> {
    let (left, right) = (set::<A>(&input.left)?, set(&input.right)?);
    Ok(Comparison {
        equal: left == right,
        overlap: !left.is_disjoint(&right),
        left_covers_right: left.is_superset(&right),
        right_covers_left: right.is_superset(&left),
    })
}

pub(in crate::wire) fn free(input: FreeOf) -> Result<Space, Error> {
    by_family!(&input.parent, free_in(&input))
}

fn free_in<A: Address>(input: &FreeOf) -> Result<Space, Error> {
    let parent = member::<A>(&input.parent)?;
    let space = set(&input.used)?.free_within(parent);
    Ok(Space { free: SetOut::of(&space.free), stray: SetOut::of(&space.stray) })
}

impl SetOut {
    fn of<A: Address>(set: &IpSet<A>) -> Self {
        Self { ranges: texts(set.intervals()), size: set.size().shown(), prefix_count: set.cidrs().len() }
    }
}

fn prefixes_of<A: Address>(set: &IpSet<A>, limit: Option<u32>) -> Result<Prefixes, Error> {
    let limit =
        limit.and_then(|limit| usize::try_from(limit).ok()).map_or(MOST_PREFIXES, |limit| limit.min(MOST_PREFIXES));
    let prefixes: Vec<Prefix<A>> = set.to_cidrs(limit)?;
    Ok(Prefixes { count: prefixes.len(), size: set.size().shown(), prefixes: texts(&prefixes) })
}

fn set<A: Address>(members: &[String]) -> Result<IpSet<A>, Error> {
    members.iter().map(|text| member(text)).collect::<Result<Vec<Interval<A>>, Error>>().map(IpSet::from_iter)
}

pub(super) fn member<A: Address>(text: &str) -> Result<Interval<A>, Error> {
    Ok(MEMBER.read::<Range<A>>(text)?.interval())
}

/// The text by which a call has its family; without one, nothing has a family.
pub(super) fn first<'a>(texts: impl IntoIterator<Item = &'a String>) -> &'a str {
    texts.into_iter().next().map_or("", String::as_str)
}

pub(super) fn texts<T: Show>(values: &[T]) -> Vec<Shown<T::As>> {
    values.iter().map(T::shown).collect()
}
