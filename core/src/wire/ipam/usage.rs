//! Usage of supernets.

use super::{Repeated, by_family, row::RowIn};
use crate::{
    error::{Error, IpamError},
    exact::RoundingMode,
    ipam::{Address, Interval, Prefix, Row, Size, Straddling, SupernetUsage, UsageIndex},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct UsageCall {
    supernets: Vec<String>,
    rows: Vec<RowIn>,
    percent: PercentIn,
}

/// How the percentage is rounded, as `{"digits": 1, "mode": "down"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PercentIn {
    digits: u32,
    mode: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct UsageOut {
    supernet: String,
    size: Size,
    rows: usize,
    assigned: Size,
    reserved: Size,
    wait: Size,
    free: Size,
    used: Size,
    left: Size,
    ratio: String,
    percent: String,
    state: &'static str,
    straddling: Vec<StraddlingOut>,
}

#[derive(Serialize)]
struct StraddlingOut {
    id: String,
    inside: String,
}

pub(in crate::wire) fn usage(input: UsageCall) -> Result<Vec<UsageOut>, Error> {
    let first = input.supernets.first().or(input.rows.first().map(|row| &row.range)).map_or("", String::as_str);
    by_family!(first, usage_in(&input))
}

fn usage_in<A: Address>(input: &UsageCall) -> Result<Vec<UsageOut>, Error> {
    let supernets = input.supernets.iter().map(|text| supernet::<A>(text)).collect::<Result<Vec<_>, _>>()?;
    let rows = input.rows.iter().map(RowIn::read).collect::<Result<Vec<Row<A>>, Error>>()?;
    let mode: RoundingMode = input.percent.mode.parse()?;
    let index = UsageIndex::new(&rows)?;
    let mut repeated = Repeated::default();
    let usage = |(text, supernet): (&String, Interval<A>)| {
        let usage = index.usage(supernet)?;
        repeated.add(usage.straddling().iter().fold(0, |sum, over| sum.saturating_add(over.id.len())))?;
        written(text, &usage, input.percent.digits, mode)
    };
    input.supernets.iter().zip(supernets).map(usage).collect()
}

/// A network, or any other interval.
fn supernet<A: Address>(text: &str) -> Result<Interval<A>, IpamError> {
    if text.contains('-') { text.parse() } else { text.parse::<Prefix<A>>().map(Prefix::interval) }
}

fn written<A: Address>(
    text: &str,
    usage: &SupernetUsage<A>,
    digits: u32,
    mode: RoundingMode,
) -> Result<UsageOut, Error> {
    let out = |over: &Straddling<A>| StraddlingOut { id: over.id.clone(), inside: over.inside.to_string() };
    Ok(UsageOut {
        supernet: text.to_owned(),
        size: usage.size(),
        rows: usage.rows(),
        assigned: usage.assigned(),
        reserved: usage.reserved(),
        wait: usage.wait(),
        free: usage.free(),
        used: usage.used(),
        left: usage.left(),
        ratio: usage.ratio()?.to_string(),
        percent: usage.percent(digits, mode)?.to_string(),
        state: usage.state().name(),
        straddling: usage.straddling().iter().map(out).collect(),
    })
}
