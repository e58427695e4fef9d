use super::by_family;
use crate::input::{Answer, Fault, Members, all, text, texts};
use counterfoil::ipam::{Address, Demand, MinimalPlan, Run};
use serde_json::{Value, json};

pub(crate) fn of_range(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, of_range_in(input))
}

pub(crate) fn of_blocks(input: Members<'_>) -> Answer {
    by_family!(input.list("free")?.first().map_or(Ok(""), text)?, of_blocks_in(input))
}

fn of_range_in<A: Address>(input: Members<'_>) -> Answer {
    let range = input.parse("range")?;
    shown(&MinimalPlan::<A>::of(range, &all(input.list("demands")?, demand)?)?, input)
}

fn of_blocks_in<A: Address>(input: Members<'_>) -> Answer {
    let free = all(input.list("free")?, |block| Ok(text(block)?.parse()?))?;
    shown(&MinimalPlan::<A>::of_blocks(&free, &all(input.list("demands")?, demand)?)?, input)
}

fn demand<A: Address>(value: &Value) -> Result<Demand<A>, Fault> {
    let demand = Members::of(value, &["length", "count"])?;
    Ok(Demand { length: demand.number::<u8>("length")?.try_into()?, count: demand.parse("count")? })
}

fn shown<A: Address>(plan: &MinimalPlan<A>, input: Members<'_>) -> Answer {
    let run = |run: &Run<A>| {
        json!({
            "first": run.interval().first().to_string(),
            "last": run.interval().last().to_string(),
            "length": run.length().get(),
            "count": run.count().to_string(),
            "purpose": run.purpose().name(),
        })
    };
    let limit = input.optional_count("limit")?.map(|limit| usize::try_from(limit).expect("32 bits"));
    Ok(json!({
        "pieces": plan.pieces().to_string(),
        "wanted": plan.wanted().to_string(),
        "splits": plan.splits().to_string(),
        "runs": plan.runs().iter().map(run).collect::<Vec<_>>(),
        "plan": limit.map(|limit| plan.ranges(limit)).transpose()?.map(|pieces| texts(&pieces)),
    }))
}
