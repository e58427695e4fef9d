use super::{by_family, row::row_of};
use crate::input::{Answer, Fault, Members, all, text};
use counterfoil::{
    error::IpamError,
    exact::RoundingMode,
    ipam::{Address, Interval, Prefix, Row, SupernetUsage},
};
use serde_json::{Value, json};

pub(crate) fn usage(input: Members<'_>) -> Answer {
    let first = input.list("supernets")?.first().map_or(Ok(""), text)?;
    by_family!(first, usage_in(input))
}

/// One supernet at a time: the wire asks an index of all rows.
fn usage_in<A: Address>(input: Members<'_>) -> Answer {
    let texts = input.list("supernets")?.iter().map(text).collect::<Result<Vec<&str>, Fault>>()?;
    let interval =
        |text: &&str| if text.contains('-') { text.parse() } else { Ok(text.parse::<Prefix<A>>()?.interval()) };
    let supernets = texts.iter().map(interval).collect::<Result<Vec<Interval<A>>, IpamError>>()?;
    let rows = all(input.list("rows")?, row_of::<A>)?;
    let percent = input.members("percent", &["digits", "mode"])?;
    let (digits, mode) = (percent.number::<u32>("digits")?, percent.parse::<RoundingMode>("mode")?);
    let shown = texts.iter().zip(supernets).map(|(text, supernet)| one(text, supernet, &rows, digits, mode));
    Ok(Value::Array(shown.collect::<Result<_, Fault>>()?))
}

fn one<A: Address>(text: &str, supernet: Interval<A>, rows: &[Row<A>], digits: u32, mode: RoundingMode) -> Answer {
    let usage = SupernetUsage::of(supernet, rows)?;
    let over = usage.straddling().iter().map(|over| json!({ "id": over.id, "inside": over.inside.to_string() }));
    Ok(json!({
        "supernet": text,
        "size": usage.size().to_string(),
        "rows": usage.rows(),
        "assigned": usage.assigned().to_string(),
        "reserved": usage.reserved().to_string(),
        "wait": usage.wait().to_string(),
        "free": usage.free().to_string(),
        "used": usage.used().to_string(),
        "left": usage.left().to_string(),
        "ratio": usage.ratio()?.to_string(),
        "percent": usage.percent(digits, mode)?.to_string(),
        "state": usage.state().to_string(),
        "straddling": over.collect::<Vec<_>>(),
    }))
}
