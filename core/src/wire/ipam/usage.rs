//! Usage of supernets.

use super::{Repeated, by_family, row::RowIn};
use crate::wire::text::{Show, Shown, Word};
use crate::{
    error::{Error, IpamError},
    exact::{Exact, RoundingMode},
    ipam::{Address, Interval, IpInterval, Prefix, Row, Straddling, SupernetState, SupernetUsage, UsageIndex},
};
use rust_decimal::Decimal;
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
    size: Shown<u128>,
    rows: usize,
    assigned: Shown<u128>,
    reserved: Shown<u128>,
    wait: Shown<u128>,
    free: Shown<u128>,
    used: Shown<u128>,
    left: Shown<u128>,
    ratio: Shown<Exact>,
    percent: Shown<Decimal>,
    state: Word<SupernetState>,
    straddling: Vec<StraddlingOut>,
}

#[derive(Serialize)]
struct StraddlingOut {
    id: String,
    inside: Shown<IpInterval>,
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
    let out = |over: &Straddling<A>| StraddlingOut { id: over.id.clone(), inside: over.inside.shown() };
    Ok(UsageOut {
        supernet: text.to_owned(),
        size: usage.size().shown(),
        rows: usage.rows(),
        assigned: usage.assigned().shown(),
        reserved: usage.reserved().shown(),
        wait: usage.wait().shown(),
        free: usage.free().shown(),
        used: usage.used().shown(),
        left: usage.left().shown(),
        ratio: usage.ratio()?.shown(),
        percent: usage.percent(digits, mode)?.shown(),
        state: Word(usage.state()),
        straddling: usage.straddling().iter().map(out).collect(),
    })
}
