use super::{
    by_family,
    set::{first, members},
};
use crate::input::{Answer, Fault, Members, all, text, texts};
use counterfoil::ipam::{
    Address, LookupTable, Match, Overlap, Overlaps, PlanDiff, Prefix, Range, RangeNode, RangeTree,
};
use serde_json::{Value, json};

pub(crate) fn tree(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("ranges")?])?, tree_in(input))
}

fn tree_in<A: Address>(input: Members<'_>) -> Answer {
    let tree = RangeTree::new(ranges::<A>(input.list("ranges")?)?);
    let rows = |pair: [&RangeNode<A>; 2]| pair.map(RangeNode::row);
    let node = |node: &RangeNode<A>| {
        json!({
            "range": node.range().to_string(),
            "row": node.row(),
            "parent": node.parent().map(|place| tree.nodes()[place].row()),
            "depth": node.depth(),
        })
    };
    Ok(json!({
        "nodes": tree.nodes().iter().map(node).collect::<Vec<_>>(),
        "duplicates": tree.duplicates().map(rows).collect::<Vec<_>>(),
        "crossings": tree.crossings().map(rows).collect::<Vec<_>>(),
    }))
}

pub(crate) fn lookup(input: Members<'_>) -> Answer {
    let table = input.list("table")?;
    let text = match table.first() {
        Some(entry) => Members::of(entry, &["prefix", "value"])?.text("prefix")?,
        None => first(&[input.list("addresses")?])?,
    };
    by_family!(text, lookup_in(input))
}

fn lookup_in<A: Address>(input: Members<'_>) -> Answer {
    let table = table::<A>(input)?;
    let addresses = all(input.list("addresses")?, |address| Ok(A::parse(text(address)?)?))?;
    let matches: Vec<Option<Value>> =
        addresses.into_iter().map(|address| table.longest_match(address).map(found)).collect();
    Ok(json!({ "matches": matches }))
}

pub(crate) fn matches(input: Members<'_>) -> Answer {
    by_family!(input.text("address")?, matches_in(input))
}

fn matches_in<A: Address>(input: Members<'_>) -> Answer {
    let address = A::parse(input.text("address")?)?;
    Ok(json!({ "matches": table::<A>(input)?.matches(address).map(found).collect::<Vec<_>>() }))
}

fn found<A: Address>(found: Match<'_, A, String>) -> Value {
    json!({ "prefix": found.prefix().to_string(), "value": found.value() })
}

fn table<A: Address>(input: Members<'_>) -> Result<LookupTable<A, String>, Fault> {
    let entries = all(input.list("table")?, |entry| {
        let entry = Members::of(entry, &["prefix", "value"])?;
        Ok((entry.text("prefix")?.parse::<Prefix<A>>()?, entry.text("value")?.to_owned()))
    })?;
    Ok(LookupTable::new(entries)?)
}

pub(crate) fn overlaps(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("ranges")?])?, overlaps_in(input))
}

fn overlaps_in<A: Address>(input: Members<'_>) -> Answer {
    let overlaps = Overlaps::among(members::<A>(input.list("ranges")?)?);
    let limit = input.optional_count("limit")?.unwrap_or(1_000);
    let pair = |Overlap { earlier, later, shared }: Overlap<A>| json!({ "earlier": earlier, "later": later, "shared": shared.to_string() });
    let pairs: Vec<Value> = overlaps.pairs().take(limit as usize).map(pair).collect();
    Ok(json!({ "count": overlaps.count().to_string(), "pairs": pairs }))
}

pub(crate) fn diff(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("old")?, input.list("new")?])?, diff_in(input))
}

fn diff_in<A: Address>(input: Members<'_>) -> Answer {
    let diff = of_plans::<A>(input)?;
    Ok(json!({ "keep": texts(diff.keep()), "delete": texts(diff.delete()), "create": texts(diff.create()) }))
}

pub(crate) fn apply(input: Members<'_>) -> Answer {
    by_family!(first(&[input.list("old")?, input.list("new")?, input.list("plan")?])?, apply_in(input))
}

fn apply_in<A: Address>(input: Members<'_>) -> Answer {
    let plan = of_plans::<A>(input)?.apply(&ranges(input.list("plan")?)?)?;
    Ok(json!({ "plan": texts(&plan) }))
}

fn of_plans<A: Address>(input: Members<'_>) -> Result<PlanDiff<A>, Fault> {
    Ok(PlanDiff::between(&ranges(input.list("old")?)?, &ranges(input.list("new")?)?)?)
}

fn ranges<A: Address>(ranges: &[Value]) -> Result<Vec<Range<A>>, Fault> {
    all(ranges, |range| Ok(text(range)?.parse()?))
}
