//! What the life of money costs: refunds in parts.

use counterfoil::{error::Error, wallet::Refunds};
use counterfoil_benches::refund::{refund_books, refund_request, two_refunds};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

fn refund_split(c: &mut Criterion) -> Result<(), Error> {
    let (books, refunds, third) = (refund_books()?, two_refunds()?, refund_request("r-3", "33.33")?);
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
