//! What the life of money costs: refunds in parts.

use counterfoil::{
    error::Error,
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundOutcome, RefundRequest,
        Refunds, ReturnOrder, Source,
    },
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// A payment by ten coupons and the balance.
fn payment() -> Result<Payment, Error> {
    let cny = |text: &str| Money::parse(text, CNY);
    let mut legs = Vec::new();
    for (number, paid) in
        ["3.33", "20.00", "0.01", "17.50", "9.99", "50.00", "1.25", "8.00", "6.67", "33.25"].iter().enumerate()
    {
        legs.push(Leg::new(Source::Coupon(format!("C{number}").into()), cny(paid)?, cny(paid)?)?);
    }
    legs.push(Leg::new(Source::Balance, cny("303.30")?, cny("1000.00")?)?);
    let amount = Money::sum(legs.iter().map(Leg::amount), CNY)?;
    let charge = Charge {
        application: "portal".into(),
        order: "o-1".into(),
        unit: "vm".into(),
        payer: Owner::User("zhang".into()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    Ok(Payment::new(charge, Plan::new(amount, legs)?)?)
}

fn request(id: &str, amount: &str) -> Result<RefundRequest, Error> {
    Ok(RefundRequest {
        id: id.into(),
        application: "portal".into(),
        order: "o-1".into(),
        amount: Money::parse(amount, CNY)?,
        fee: Money::parse("0.00", CNY)?,
        step: counterfoil::exact::decimal::parse("0.01")?,
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    })
}

fn refund_split(c: &mut Criterion) -> Result<(), Error> {
    let now: Instant = "2025-03-14T15:09:26Z".parse()?;
    let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now };
    let mut refunds = Refunds::new(payment()?, vec![])?;
    for (id, amount) in [("r-1", "111.11"), ("r-2", "77.77")] {
        let request = request(id, amount)?;
        let refund = match refunds.plan(&request, &books)? {
            RefundOutcome::New(plan) => plan.into_refund(),
            RefundOutcome::Retry(_) | RefundOutcome::Replay(_) => continue,
        };
        refunds = refunds.with(refund)?;
    }
    let third = request("r-3", "33.33")?;
    c.bench_function("refund split: ten coupons and the balance, after two refunds", |b| {
        b.iter(|| black_box(&refunds).plan(black_box(&third), &books).map(|outcome| outcome.refund().legs().len()));
    });
    let (payment, kept) = (refunds.payment().clone(), refunds.refunds().to_vec());
    c.bench_function("refund split, with its refunds read back and checked", |b| {
        b.iter(|| {
            let refunds = Refunds::new(payment.clone(), kept.clone())?;
            refunds.plan(black_box(&third), &books).map(|outcome| outcome.refund().legs().len())
        });
    });
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [refund_split] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
