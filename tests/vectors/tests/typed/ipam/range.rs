use super::by_family;
use crate::input::{Answer, Members};
use counterfoil::ipam::{Address, Range};
use serde_json::json;

pub(crate) fn describe(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, range_in(input))
}

fn range_in<A: Address>(input: Members<'_>) -> Answer {
    let range: Range<A> = input.text("range")?.parse()?;
    Ok(json!({
        "range": range.to_string(),
        "family": A::FAMILY.name(),
        "first": range.first().to_string(),
        "last": range.last().to_string(),
        "length": range.length().get(),
        "network": range.network().to_string(),
        "size": range.size().to_string(),
        "tightest_length": range.tightest_length().get(),
        "is_full": range.is_full(),
    }))
}
