//! What the charges of many payers take: columns beside the single call.

use counterfoil::{
    error::Error,
    money::{CNY, Money, bulk::Amounts},
    time::Instant,
    wallet::{
        CouponStatus, Funding, Funds, Owner,
        bulk::{ChargeColumns, CouponColumns, DeductedColumns, DeductionTerms, PayerColumns, Wallets},
    },
};
use counterfoil_benches::{charge_of_ten_coupons, ten_coupons};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const PAYERS: usize = 10_000;
const COUPONS_EACH: usize = 10;

fn deduction(c: &mut Criterion) -> Result<(), Error> {
    let rows = PAYERS * COUPONS_EACH;
    let ids: Vec<String> = (0..rows).map(|row| format!("coupon-{row}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let owners: Vec<Owner> = (0..PAYERS).map(|payer| Owner::User(format!("user-{payer}"))).collect();
    let orders: Vec<String> = (0..PAYERS).map(|payer| format!("2024-02-20/user-{payer}")).collect();
    let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
    let now = "2024-02-21T00:00:00Z".parse::<Instant>()?;
    // The next to expire are not the first of a list.
    let expiration: Vec<i64> = (0_i64..).take(rows).map(|row| now.micros() + (row * 7) % 10 + 1).collect();
    let offsets: Vec<usize> = (0..=PAYERS).map(|payer| payer * COUPONS_EACH).collect();
    let coupons = CouponColumns {
        id: &ids,
        balance: Amounts::Narrow(&vec![1_000; rows]),
        status: &vec![CouponStatus::Available; rows],
        effective: &vec![0; rows],
        expiration: &expiration,
        created: &vec![0; rows],
        unit: &vec![0; rows],
        only_order: None,
    };
    let payers = PayerColumns {
        owner: &owners,
        balance: Amounts::Narrow(&vec![100_000; PAYERS]),
        debt: None,
        coupons: &offsets,
    };
    let payer: Vec<u32> = (0..).take(PAYERS).collect();
    let charges = ChargeColumns {
        payer: &payer,
        unit: &vec![0; PAYERS],
        order: &orders,
        amount: Amounts::Narrow(&vec![9_999; PAYERS]),
        named: None,
    };
    let terms = DeductionTerms { application: "portal".into(), funding: Funding::EnoughFunds, now };
    let mut group = c.benchmark_group("deduction of 10,000 payers from 10 coupons each");
    group.throughput(Throughput::Elements(PAYERS as u64));
    let wallets = Wallets::new(coupons, payers, &["vm"], CNY, 2)?;
    let mut out = DeductedColumns::default();
    group.bench_function("columns", |b| {
        b.iter(|| black_box(&wallets).deduct(black_box(&charges), &terms, &mut out));
    });
    group.bench_function("columns, with their wallets prepared", |b| {
        b.iter(|| Wallets::new(black_box(coupons), payers, &["vm"], CNY, 2)?.deduct(&charges, &terms, &mut out));
    });
    let (charge, coupons) = (charge_of_ten_coupons()?, ten_coupons()?);
    let funds = Funds::new(Money::parse("1000.00", CNY)?, &coupons)?;
    group.bench_function("single calls on the same funds", |b| {
        b.iter(|| {
            for _ in 0..PAYERS {
                black_box(black_box(&charge).deduct(black_box(&funds), now).is_ok());
            }
        });
    });
    group.finish();
    Ok(())
}

fn all(c: &mut Criterion) {
    if let Err(error) = deduction(c) {
        eprintln!("a bench could not run: {error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
