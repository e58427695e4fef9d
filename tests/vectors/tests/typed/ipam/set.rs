use super::by_family;
use crate::input::{Answer, Fault, Members, all, shape, text, texts};
use counterfoil::{
    error::IpamError,
    ipam::{Address, Interval, IpSet, Prefix, Range, Reading, Shapes},
};
use serde_json::{Value, json};

const MEMBER: Reading = Reading { shapes: Shapes::Any, ..Reading::STRICT };

pub(crate) fn aggregate(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("ranges")?])?, aggregate_in(input))
}

fn aggregate_in<A: Address>(input: Members<'_>) -> Answer {
    prefixes_of(&set::<A>(input.list("ranges")?)?, input)
}

pub(crate) fn cidrs(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, cidrs_in(input))
}

fn cidrs_in<A: Address>(input: Members<'_>) -> Answer {
    let range: Range<A> = MEMBER.read(input.text("range")?)?;
    prefixes_of(&range.into(), input)
}

fn prefixes_of<A: Address>(set: &IpSet<A>, input: Members<'_>) -> Answer {
    let limit = input.optional_count("limit")?.map_or(100_000, |limit| limit as usize);
    let prefixes: Vec<Prefix<A>> = set.to_cidrs(limit)?;
    Ok(json!({ "count": prefixes.len(), "size": set.size().to_string(), "prefixes": texts(&prefixes) }))
}

pub(crate) fn run(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("program")?])?, run_in(input))
}

fn run_in<A: Address>(input: Members<'_>) -> Answer {
    let mut set = IpSet::<A>::EMPTY;
    for step in input.list("program")? {
        let step = text(step)?;
        let member = || MEMBER.read::<Range<A>>(&step[1..]).map(IpSet::from);
        set = match step.chars().next() {
            Some('!') if step.len() == 1 => set.complement(),
            Some('+') => set.union(&member()?),
            Some('-') => set.difference(&member()?),
            Some('&') => set.intersection(&member()?),
            _ => {
                let shape = "`+`, `-` or `&` and a range, or `!`";
                return Err(IpamError::Format { text: step.to_owned(), shape }.into());
            }
        };
    }
    Ok(described(&set))
}

pub(crate) fn combine(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("left")?, input.list("right")?])?, combine_in(input))
}

fn combine_in<A: Address>(input: Members<'_>) -> Answer {
    let how = input.text("how")?;
    let known = ["union", "intersection", "difference", "symmetric_difference"];
    if !known.contains(&how) {
        let what = "way to combine sets";
        let known = "union, intersection, difference, symmetric_difference";
        return Err(IpamError::UnknownWord { what, text: how.to_owned(), known }.into());
    }
    let (left, right) = (set::<A>(input.list("left")?)?, set(input.list("right")?)?);
    Ok(described(&match how {
        "union" => left.union(&right),
        "intersection" => left.intersection(&right),
        "difference" => left.difference(&right),
        _ => left.symmetric_difference(&right),
    }))
}

pub(crate) fn compare(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("left")?, input.list("right")?])?, compare_in(input))
}

fn compare_in<A: Address>(input: Members<'_>) -> Answer {
    let (left, right) = (set::<A>(input.list("left")?)?, set(input.list("right")?)?);
    Ok(json!({
        "equal": left == right,
        "overlap": !left.intersection(&right).is_empty(),
        "left_covers_right": left.is_superset(&right),
        "right_covers_left": right.is_superset(&left),
    }))
}

pub(crate) fn free(input: Members<'_>) -> Answer {
    by_family!(input.text("parent")?, free_in(input))
}

fn free_in<A: Address>(input: Members<'_>) -> Answer {
    let parent: Range<A> = MEMBER.read(input.text("parent")?)?;
    let space = set(input.list("used")?)?.free_within(parent.interval());
    Ok(json!({ "free": described(&space.free), "stray": described(&space.stray) }))
}

fn described<A: Address>(set: &IpSet<A>) -> Value {
    json!({
        "ranges": texts(set.intervals()),
        "size": set.size().to_string(),
        "prefix_count": set.cidrs().len(),
    })
}

fn set<A: Address>(members: &[Value]) -> Result<IpSet<A>, Fault> {
    Ok(self::members::<A>(members)?.into_iter().collect())
}

pub(super) fn members<A: Address>(members: &[Value]) -> Result<Vec<Interval<A>>, Fault> {
    all(members, |member| Ok(MEMBER.read::<Range<A>>(text(member)?)?.interval()))
}

/// The text by which a call has its family.
pub(super) fn first<'a>(lists: &[&'a [Value]]) -> Result<&'a str, Fault> {
    match lists.iter().find_map(|list| list.first()) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => shape(format!("{other} is no text")),
        None => Ok(""),
    }
}
