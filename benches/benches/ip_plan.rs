//! The operations of a portal's planner: split, minimal split, merge, and a plan that is checked.

use counterfoil::{
    error::{Error, IpamError},
    ipam::{
        Interval, Ipv4, Ipv6, Merge, MiniSplitDiff, PlanDraft, PrefixLen, Range, Row, RowStatus, SplitLimits,
        UncheckedRange,
    },
};
use criterion::{Criterion, criterion_group, criterion_main};
use ipnet::{Ipv4Net, Ipv6Net};
use std::{
    hint::black_box,
    net::{Ipv4Addr, Ipv6Addr},
};

fn split(c: &mut Criterion) -> Result<(), Error> {
    let (range, length): (Range<Ipv4>, PrefixLen<Ipv4>) = ("10.0.0.0/16".parse()?, "24".parse()?);
    c.bench_function("split /16 into /24, collected", |b| {
        b.iter(|| Ok::<Vec<_>, Error>(black_box(range).split_within(length, SplitLimits::PORTAL)?.collect()));
    });
    let peer = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 16);
    c.bench_function("split /16 into /24, collected: ipnet", |b| {
        b.iter(|| black_box(peer).subnets(24).map(Iterator::collect::<Vec<_>>));
    });
    let (range, length): (Range<Ipv6>, PrefixLen<Ipv6>) = ("2001:db8::/48".parse()?, "56".parse()?);
    c.bench_function("split a /48 into /56, collected", |b| {
        b.iter(|| Ok::<Vec<_>, Error>(black_box(range).split_within(length, SplitLimits::PORTAL)?.collect()));
    });
    let peer = Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 48);
    c.bench_function("split a /48 into /56, collected: ipnet", |b| {
        b.iter(|| black_box(peer).subnets(56).map(Iterator::collect::<Vec<_>>));
    });
    Ok(())
}

/// One address off the end of a /8. The portal walks 65,536 networks for it.
fn tail(c: &mut Criterion) -> Result<(), Error> {
    let length: PrefixLen<Ipv4> = "24".parse()?;
    let last = Interval::of("10.255.255.255".parse::<Ipv4>()?);
    let clipped = Range::new(last, "8".parse()?)?;
    c.bench_function("tail of a /8 into /24, one address, collected", |b| {
        b.iter(|| Ok::<Vec<_>, Error>(black_box(clipped).split(length)?.collect()));
    });
    let whole: Range<Ipv4> = "10.0.0.0/8".parse()?;
    c.bench_function("a /8 into /24, the last by nth", |b| {
        b.iter(|| Ok::<_, Error>(black_box(whole).split(length)?.nth(black_box(65_535))));
    });
    let peer = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8);
    c.bench_function("a /8 into /24, the last by nth: ipnet", |b| {
        b.iter(|| black_box(peer).subnets(24).map(|mut subnets| subnets.nth(black_box(65_535))));
    });
    Ok(())
}

fn mini_split(c: &mut Criterion) -> Result<(), Error> {
    let (range, length): (Range<Ipv4>, PrefixLen<Ipv4>) = ("10.0.0.0/8".parse()?, "24".parse()?);
    c.bench_function("mini_split of a /8 into /24", |b| {
        b.iter(|| black_box(range).mini_split(length, MiniSplitDiff::default()));
    });
    let (range, length): (Range<Ipv6>, PrefixLen<Ipv6>) = ("2001::/16".parse()?, "127".parse()?);
    c.bench_function("mini_split of a /16 into /127", |b| {
        b.iter(|| black_box(range).mini_split(length, MiniSplitDiff::default()));
    });
    Ok(())
}

fn merge(c: &mut Criterion) -> Result<(), Error> {
    let range: Range<Ipv4> = "10.0.0.0/16".parse()?;
    let row = |(place, range)| Row {
        id: format!("{place:05}"),
        range,
        status: RowStatus::Wait,
        asn: Some(64_512),
        owner: None,
    };
    let rows: Vec<Row<Ipv4>> = range.split("24".parse()?)?.enumerate().map(row).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let merge = Merge { rows: &rows, ids: &ids, length: 16 };
    c.bench_function("merge of 256 rows", |b| b.iter(|| black_box(merge).merge()));
    c.bench_function("merge of 256 rows, compat", |b| b.iter(|| black_box(merge).merge_in_portal_order()));
    Ok(())
}

fn plan(c: &mut Criterion) -> Result<(), Error> {
    let range: Range<Ipv4> = "10.0.0.0/16".parse()?;
    let entries: Vec<UncheckedRange<Ipv4>> = range.split("26".parse()?)?.map(UncheckedRange::from).collect();
    let draft = PlanDraft::new(range, &entries);
    c.bench_function("plan of 1,024, validated", |b| b.iter(|| black_box(draft).check()));
    c.bench_function("plan of 1,024, validated, compat", |b| b.iter(|| black_box(draft).check_in_portal_order()));
    let mut wrong = entries.clone();
    if let Some(last) = wrong.last_mut() {
        last.length = 24; // as short as nothing before it, and yet in one network
        last.last = "10.0.255.254".parse::<Ipv4>()?;
    }
    let draft = PlanDraft::new(range, &wrong);
    c.bench_function("plan of 1,024, the last entry wrong", |b| {
        b.iter(|| -> Result<_, Vec<IpamError>> { black_box(draft).check() })
    });
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [split, tail, mini_split, merge, plan] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
