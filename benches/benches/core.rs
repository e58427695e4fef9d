//! The bars of part 1: metering and rating a server-day, tiers, deduction.

use counterfoil::{
    error::Error,
    exact::{Exact, RoundingMode, decimal},
    metering::Kind,
    money::{CNY, Money, Rounding},
    pricing::ZeroUsage,
    wallet::Funds,
};
use counterfoil_benches::{
    charge_of_ten_coupons, charge_of_ten_funds, day, four_tiers, portal_card, server_with_three_changes,
    server_without_changes, ten_coupons, ten_funds,
};
use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::{Decimal, RoundingStrategy};
use std::hint::black_box;

fn metering(c: &mut Criterion) -> Result<(), Error> {
    let (day, card) = (day()?, portal_card()?);
    let tariff = card.tariff(&Kind::Server, day.start())?;
    for (name, history) in
        [("server-day, 3 changes", server_with_three_changes()?), ("server-day, no change", server_without_changes()?)]
    {
        c.bench_function(name, |b| {
            b.iter(|| {
                let usage = black_box(&history).usage(black_box(day))?;
                usage.map(|usage| Ok::<_, Error>(tariff.rate(&usage, Rounding::PORTAL)?.payable())).transpose()
            });
        });
        c.bench_function(&format!("{name}, metered only"), |b| {
            b.iter(|| black_box(&history).usage(black_box(day)));
        });
    }
    c.bench_function("server-day, 3 changes, with its history built from spans", |b| {
        b.iter(|| {
            let usage = black_box(server_with_three_changes())?.usage(black_box(day))?;
            usage.map(|usage| Ok::<_, Error>(tariff.rate(&usage, Rounding::PORTAL)?.payable())).transpose()
        });
    });
    Ok(())
}

fn tiers(c: &mut Criterion) -> Result<(), Error> {
    let shape = four_tiers()?;
    let units = Exact::from(decimal::parse("1234.5")?);
    let cent = decimal::parse("0.01")?;
    c.bench_function("four graduated tiers, rounded", |b| {
        b.iter(|| {
            let amount = black_box(&shape).amount(black_box(&units), ZeroUsage::Free)?;
            Ok::<_, Error>(amount.round_to(cent, RoundingMode::HalfEven)?)
        });
    });
    // The peer, in the same run: what one would write with `rust_decimal` alone.
    let units = decimal::parse("1234.5")?;
    let bounds = [decimal::parse("100")?, decimal::parse("200")?, decimal::parse("1000")?, Decimal::MAX];
    let prices = [decimal::parse("1.00")?, decimal::parse("0.80")?, decimal::parse("0.50")?, decimal::parse("0.25")?];
    c.bench_function("four graduated tiers, rounded: rust_decimal by hand", |b| {
        b.iter(|| {
            let (mut amount, mut from) = (Decimal::ZERO, Decimal::ZERO);
            for (bound, price) in black_box(&bounds).iter().zip(&prices) {
                amount += (black_box(units).min(*bound) - from) * price;
                if units <= *bound {
                    break;
                }
                from = *bound;
            }
            amount.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
        });
    });
    Ok(())
}

fn deduction(c: &mut Criterion) -> Result<(), Error> {
    let (charge, coupons) = (charge_of_ten_coupons()?, ten_coupons()?);
    let (balance, now) = (Money::parse("1000.00", CNY)?, "2024-02-21T00:00:00Z".parse()?);
    let funds = Funds::new(balance, &coupons)?;
    c.bench_function("deduction from 10 coupons", |b| {
        b.iter(|| black_box(&charge).deduct(black_box(&funds), now));
    });
    c.bench_function("deduction from 10 coupons, with their funds prepared", |b| {
        b.iter(|| {
            let funds = Funds::new(balance, black_box(&coupons))?;
            Ok::<_, Error>(black_box(&charge).deduct(&funds, now)?.legs().len())
        });
    });
    let (charge, others) = (charge_of_ten_funds()?, ten_funds()?);
    let funds = Funds::new(balance, &[])?.with(&others)?;
    c.bench_function("deduction from 10 funds of mixed kinds, bss_on_demand", |b| {
        b.iter(|| black_box(&charge).deduct(black_box(&funds), now));
    });
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [metering, tiers, deduction] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
