//! The hot kernels, each to be run so many times: what `cargo xtask instructions` counts.
//!
//! Inputs are fixed and of this crate: a count must not depend on what lies beside the project.

use crate::{
    centre, charge_of_ten_coupons,
    columns::{Servers, rater},
    day, four_parts, four_stocks, four_tiers,
    numbers::{Numbers, usual_lengths},
    placement::{nodes, products},
    portal_card,
    refund::{refund_books, refund_request, two_refunds},
    report::ReportDays,
    server_with_three_changes, server_without_changes, ten_coupons,
};
use counterfoil::{
    exact::{Exact, RoundingMode, decimal},
    ipam::{Interval, IpSet, Ipv4, LookupTable, MiniSplitDiff, Overlaps, PrefixLen, Range},
    metering::{History, Kind},
    money::{CNY, Money, Rounding},
    placement::{Checking, Rules, Sharing, Snapshot},
    pricing::{
        Terms, ZeroUsage,
        bulk::RatedColumns,
        inquiry::{PartInquiry, Term, TermMonths},
    },
    wallet::Funds,
};
use std::{hint::black_box, iter::zip};

/// Why a kernel could not be run.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A kernel.
pub struct Kernel {
    /// What the committed figures call it.
    pub name: &'static str,
    /// How many runs are counted: enough that one of them is no accident, few enough that it takes a second.
    pub runs: u32,
    /// Prepares its input, and runs it so many times.
    ///
    /// Whatever is done besides must not depend on how many times: the cost of a run is told from the difference
    /// between two counts.
    pub repeat: fn(runs: u32) -> Result<(), Fault>,
}

/// All of them. A new one is a row here; `cargo xtask instructions --accept` writes its first figure.
pub const KERNELS: &[Kernel] = &[
    Kernel {
        name: "server-day with 3 changes, metered and rated",
        runs: 1_000,
        repeat: |runs| meter_and_rate(runs, &server_with_three_changes()?),
    },
    Kernel {
        name: "server-day without changes, metered and rated",
        runs: 1_000,
        repeat: |runs| meter_and_rate(runs, &server_without_changes()?),
    },
    Kernel { name: "10,000 server-days in columns, metered and rated", runs: 5, repeat: bulk_rating },
    Kernel { name: "four graduated tiers, rounded", runs: 2_000, repeat: graduated_tiers },
    Kernel { name: "deduction from 10 coupons", runs: 200, repeat: deduction },
    Kernel { name: "inquiry of 4 parts with stock, explained", runs: 200, repeat: inquiry },
    Kernel { name: "refund split over 11 legs after two refunds", runs: 50, repeat: refund },
    Kernel { name: "verdicts of 500 products x 5,000 nodes", runs: 2, repeat: |runs| check(runs, Checking::VERDICTS) },
    Kernel { name: "reasons of 500 products x 5,000 nodes", runs: 2, repeat: |runs| check(runs, Checking::REASONS) },
    Kernel { name: "aggregate 20,000 prefixes", runs: 5, repeat: aggregate },
    Kernel { name: "5,000 ranges to prefixes", runs: 5, repeat: ranges_to_prefixes },
    Kernel { name: "overlaps of 10,000 ranges", runs: 5, repeat: overlaps },
    Kernel { name: "10,000 lookups among 10,000 prefixes", runs: 10, repeat: lookups },
    Kernel { name: "mini_split of a /8 into /24", runs: 200, repeat: mini_split },
    Kernel { name: "split of a /8 tail into /24, one address", runs: 2_000, repeat: split_tail },
    Kernel { name: "month report of 3,000 readings", runs: 5, repeat: report },
];

/// Runs something so many times; neither its input nor its answer can be foreseen by the compiler.
fn repeat<T, E: Into<Fault>>(runs: u32, mut once: impl FnMut() -> Result<T, E>) -> Result<(), Fault> {
    for _ in 0..runs {
        black_box(once().map_err(Into::into)?);
    }
    Ok(())
}

fn meter_and_rate(runs: u32, history: &History) -> Result<(), Fault> {
    let (day, card) = (day()?, portal_card()?);
    let tariff = card.tariff(&Kind::Server, day.start())?;
    repeat(runs, || {
        let usage = black_box(history).usage(black_box(day))?.ok_or("it lived that day")?;
        Ok::<_, Fault>(tariff.rate(&usage, Rounding::PORTAL)?.payable())
    })
}

fn bulk_rating(runs: u32) -> Result<(), Fault> {
    let (servers, rater, mut rated) = (Servers::new(10_000)?, rater()?, RatedColumns::default());
    let (lives, tariffs) = servers.rows(0..10_000)?;
    repeat(runs, || rater.rate(black_box(&lives), black_box(tariffs), &mut rated))?;
    if rated.faults.is_empty() { Ok(()) } else { Err("a row has a fault".into()) }
}

fn graduated_tiers(runs: u32) -> Result<(), Fault> {
    let (shape, cent) = (four_tiers()?, decimal::parse("0.01")?);
    let units = Exact::from(decimal::parse("1234.5")?);
    repeat(runs, || {
        let amount = black_box(&shape).amount(black_box(&units), ZeroUsage::Free)?;
        Ok::<_, Fault>(amount.round_to(cent, RoundingMode::HalfEven)?)
    })
}

fn deduction(runs: u32) -> Result<(), Fault> {
    let (charge, coupons) = (charge_of_ten_coupons()?, ten_coupons()?);
    let funds = Funds::new(Money::parse("1000.00", CNY)?, &coupons)?;
    let now = "2024-02-21T00:00:00Z".parse()?;
    repeat(runs, || black_box(&charge).deduct(black_box(&funds), now))
}

fn inquiry(runs: u32) -> Result<(), Fault> {
    let start = "2025-07-01T00:00:00Z".parse()?;
    let tariff = centre()?.tariff(&"container".parse()?, start)?;
    let (requests, stock) = (four_parts()?, four_stocks()?);
    let window = Term::hours(1)?.period(start, TermMonths::Fixed30)?;
    repeat(runs, || {
        let inquiry = PartInquiry::new(black_box(&requests), window).against(&stock, None);
        tariff.inquire_parts(&inquiry, Terms::list(Rounding::RESELLER))
    })
}

fn refund(runs: u32) -> Result<(), Fault> {
    let (books, refunds, third) = (refund_books()?, two_refunds()?, refund_request("r-3", "33.33")?);
    repeat(runs, || black_box(&refunds).plan(black_box(&third), &books).map(|outcome| outcome.refund().legs().len()))
}

fn check(runs: u32, checking: Checking) -> Result<(), Fault> {
    let (products, rules) = (products()?, Rules::strict());
    let snapshot = Snapshot::new(nodes()?, [], Sharing::Named)?;
    repeat(runs, || snapshot.check(black_box(&products), &rules, checking))
}

fn aggregate(runs: u32) -> Result<(), Fault> {
    let short: Vec<u8> = usual_lengths().into_iter().filter(|length| (18..=24).contains(length)).collect();
    let prefixes = Numbers::from(1).prefixes(20_000, &short)?;
    repeat(runs, || Ok::<_, Fault>(IpSet::aggregate(black_box(&prefixes))))
}

fn ranges_to_prefixes(runs: u32) -> Result<(), Fault> {
    let ranges = Numbers::from(7).ranges(5_000, 1 << 19)?;
    let word =
        |range: &Interval<Ipv4>| -> u32 { range.cidrs().map(|prefix| prefix.first().get()).fold(0, |a, b| a ^ b) };
    repeat(runs, || Ok::<_, Fault>(black_box(&ranges).iter().map(word).fold(0, |a, b| a ^ b)))
}

fn overlaps(runs: u32) -> Result<(), Fault> {
    let ranges = Numbers::from(13).ranges(10_000, 400_000)?;
    repeat(runs, || {
        let found = Overlaps::among(black_box(&ranges).iter().copied());
        Ok::<_, Fault>(found.pairs().fold(0, |seen, pair| seen ^ pair.earlier ^ pair.later))
    })
}

fn lookups(runs: u32) -> Result<(), Fault> {
    let mut numbers = Numbers::from(17);
    let mut prefixes = numbers.prefixes(10_000, &usual_lengths())?;
    prefixes.sort();
    prefixes.dedup();
    let inside = |number: u32, place: usize| {
        let prefix = prefixes.get(place).filter(|_| place.is_multiple_of(2));
        prefix.map_or(number, |prefix| prefix.first().get() | number & !prefix.length().netmask().get())
    };
    let addresses: Vec<u32> = (0..10_000).map(|_| inside(numbers.word(), numbers.below(prefixes.len()))).collect();
    let table = LookupTable::new(zip(prefixes.iter().copied(), 0_u32..))?;
    let value = |address: &u32| table.longest_match(Ipv4::new(*address)).map_or(0, |found| *found.value());
    repeat(runs, || Ok::<_, Fault>(black_box(&addresses).iter().map(|address| u64::from(value(address))).sum::<u64>()))
}

fn mini_split(runs: u32) -> Result<(), Fault> {
    let (range, length): (Range<Ipv4>, PrefixLen<Ipv4>) = ("10.0.0.0/8".parse()?, "24".parse()?);
    repeat(runs, || black_box(range).mini_split(length, MiniSplitDiff::default()))
}

fn split_tail(runs: u32) -> Result<(), Fault> {
    let length: PrefixLen<Ipv4> = "24".parse()?;
    let clipped = Range::new(Interval::of("10.255.255.255".parse::<Ipv4>()?), "8".parse()?)?;
    repeat(runs, || Ok::<Vec<_>, Fault>(black_box(clipped).split(length)?.collect()))
}

fn report(runs: u32) -> Result<(), Fault> {
    let days = ReportDays::new(100, 10)?;
    repeat(runs, || days.report(u64::MAX, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_kernel_runs_under_a_name_of_its_own() {
        let names: BTreeSet<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
        assert_eq!(names.len(), KERNELS.len());
        for kernel in KERNELS {
            assert!(kernel.runs > 0 && !kernel.name.contains(['\t', '\n', '"']), "{}", kernel.name);
            (kernel.repeat)(1).unwrap();
        }
    }
}
