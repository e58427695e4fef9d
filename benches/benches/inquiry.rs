//! The bars of inquiries: four parts with stock and explained, a server, a catalogue re-priced.

use counterfoil::{
    error::{Error, Language},
    exact::decimal,
    metering::{Kind, Spec},
    money::{Ratio, Rounding},
    pricing::{
        Terms,
        discount::{DiscountFacts, Discounts},
        inquiry::{Asked, PartInquiry, PayMode, Portal, PortalOrder, Term, TermMonths},
    },
    units::{Quantity, Unit},
};
use counterfoil_benches::{centre, four_parts, four_stocks, portal_card};
use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::{Decimal, RoundingStrategy};
use std::hint::black_box;

fn parts(c: &mut Criterion) -> Result<(), Error> {
    let start = "2025-07-01T00:00:00Z".parse()?;
    let tariff = centre()?.tariff(&"container".parse()?, start)?;
    let (requests, stock) = (four_parts()?, four_stocks()?);
    let window = Term::hours(1)?.period(start, TermMonths::Fixed30)?;
    let terms = Terms::list(Rounding::RESELLER);
    c.bench_function("inquiry of 4 parts, stock, explained", |b| {
        b.iter(|| {
            let inquiry = PartInquiry::new(black_box(&requests), window).against(&stock, None);
            tariff.inquire_parts(&inquiry, terms)
        });
    });
    c.bench_function("inquiry of 4 parts, stock, explained, as text", |b| {
        b.iter(|| {
            let inquiry = PartInquiry::new(black_box(&requests), window).against(&stock, None);
            Ok::<_, Error>(tariff.inquire_parts(&inquiry, terms)?.quote().text(Language::English))
        });
    });
    // The peer, in the same run: the bare arithmetic with `rust_decimal`, no stock, nothing explained.
    let lines = [("1.5", "4"), ("0.005", "8192"), ("0.01", "512"), ("6", "2")];
    let parse = |(price, amount)| Ok::<_, Error>((decimal::parse(price)?, decimal::parse(amount)?));
    let lines = lines.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    c.bench_function("inquiry of 4 parts: rust_decimal by hand, the sum only", |b| {
        b.iter(|| {
            let line = |(price, amount): &(Decimal, Decimal)| {
                (price * amount).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
            };
            black_box(&lines).iter().map(line).sum::<Decimal>()
        });
    });
    Ok(())
}

fn server(c: &mut Criterion) -> Result<(), Error> {
    let now = "2024-02-20T08:00:00Z".parse()?;
    let card = portal_card()?;
    let tariff = card.tariff(&Kind::Server, now)?;
    let window = Term::months(8).period(now, TermMonths::Fixed30)?;
    let asked = Asked::new(Spec::server("2", "4", "100", true)?, window);
    let prepaid = Discounts::unified("prepaid".parse()?, Ratio::parse("0.66")?);
    let facts = DiscountFacts::anybody(now);
    c.bench_function("inquiry of a server, explained", |b| {
        b.iter(|| tariff.inquire(black_box(&asked), Terms::list(Rounding::PORTAL)));
    });
    c.bench_function("inquiry of a server, discounted, explained", |b| {
        b.iter(|| tariff.inquire(black_box(&asked), Terms::discounted(&prepaid, &facts, Rounding::PORTAL)));
    });
    let portal = Portal::new(&card, Ratio::parse("0.66")?)?;
    let order = PortalOrder { term: Some(Term::months(8)), count: 1, pay: PayMode::PrePaid };
    c.bench_function("inquiry of a server by the portal's rules, from its rate card", |b| {
        b.iter(|| portal.order(&Kind::Server, black_box(asked.spec()).clone(), order, now));
    });
    Ok(())
}

fn catalogue(c: &mut Criterion) -> Result<(), Error> {
    let now = "2024-02-20T08:00:00Z".parse()?;
    let card = portal_card()?;
    let window = Term::months(1).period(now, TermMonths::Fixed30)?;
    let product = |index: u64| {
        let spec = Spec::new([
            ("base".parse()?, Quantity::whole(1, Unit::Count)),
            ("cpu".parse()?, Quantity::whole(1 + index % 64, Unit::Core)),
            ("ram".parse()?, Quantity::whole(512 * (1 + index % 100), Unit::MiB)),
            ("disk".parse()?, Quantity::whole(40 + index, Unit::GiB)),
            ("public_ip".parse()?, Quantity::whole(index % 2, Unit::Count)),
        ])?;
        Ok::<_, Error>(Asked::new(spec, window))
    };
    let products = (0..1_000).map(product).collect::<Result<Vec<_>, _>>()?;
    c.bench_function("a catalogue of 1,000 products re-priced, explained", |b| {
        b.iter(|| {
            let tariff = black_box(&card).tariff(&Kind::Server, now)?;
            let mut quotes = Vec::with_capacity(products.len());
            for product in black_box(&products) {
                quotes.push(tariff.inquire(product, Terms::list(Rounding::PORTAL))?);
            }
            Ok::<_, Error>(quotes)
        });
    });
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [parts, server, catalogue] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
