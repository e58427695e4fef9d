//! The bars of sets of addresses, each beside the best crate for it in the same run.
//!
//! Prefixes have the lengths of those that are announced in China where their list lies beside the project, and else
//! a fixed distribution like it.

use counterfoil::{
    error::Error,
    ipam::{Interval, IpSet, Ipv4, LookupTable, Overlaps, Prefix, PrefixLen},
};
use counterfoil_benches::numbers::{Numbers, usual_lengths};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ipnet::Ipv4Net;
use std::{fs, hint::black_box, ops::RangeInclusive, path::Path, time::Duration};

/// A million prefixes or ranges.
const MANY: usize = 1_000_000;
const LOOKUPS: usize = 10_000_000;

/// The prefixes that are announced in China, where their list is there.
fn announced() -> Option<Vec<Prefix<Ipv4>>> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/prefixes/china.txt");
    let Ok(text) = fs::read_to_string(list) else {
        println!("no list of prefixes beside the project: a fixed distribution of lengths instead");
        return None;
    };
    Some(text.lines().filter_map(|line| line.trim().parse().ok()).collect())
}

/// A length for each of some prefixes.
fn lengths() -> Vec<u8> {
    match announced() {
        Some(prefixes) => prefixes.iter().map(|prefix| prefix.length().get()).collect(),
        None => usual_lengths(),
    }
}

fn nets(prefixes: &[Prefix<Ipv4>]) -> Vec<Ipv4Net> {
    prefixes.iter().copied().map(Ipv4Net::from).collect()
}

fn ends(interval: &Interval<Ipv4>) -> RangeInclusive<u32> {
    interval.first().get()..=interval.last().get()
}

fn aggregate(c: &mut Criterion) -> Result<(), Error> {
    let mut numbers = Numbers::from(88_172_645_463_325_252);
    let (announced, long) = (lengths(), (20..=32).collect::<Vec<u8>>());
    // Lengths from /18 on leave something between them; those as announced cover everything a million times over.
    let short: Vec<u8> = announced.iter().copied().filter(|length| (18..=24).contains(length)).collect();
    for (name, lengths) in [("lengths as announced", announced), ("/18 to /24", short), ("/20 to /32", long)] {
        let prefixes = numbers.prefixes(MANY, &lengths)?;
        let nets = nets(&prefixes);
        assert!(IpSet::aggregate(&prefixes).into_iter().map(Ipv4Net::from).eq(Ipv4Net::aggregate(&nets)));
        let mut group = c.benchmark_group(format!("aggregate 1 M prefixes, {name}"));
        group.bench_function("counterfoil", |b| b.iter(|| IpSet::aggregate(black_box(&prefixes))));
        group.bench_function("ipnet", |b| b.iter(|| Ipv4Net::aggregate(black_box(&nets))));
        if lengths.contains(&18) {
            let mut sorted = prefixes.clone();
            sorted.sort();
            group.bench_function("counterfoil, sorted already", |b| b.iter(|| IpSet::aggregate(black_box(&sorted))));
            group.bench_function("iprange", |b| {
                b.iter(|| {
                    let mut range: iprange::IpRange<Ipv4Net> = black_box(&nets).iter().copied().collect();
                    range.simplify();
                    range
                });
            });
        }
    }
    Ok(())
}

fn cidrs(c: &mut Criterion) -> Result<(), Error> {
    let ranges = Numbers::from(7).ranges(MANY, 1 << 19)?;
    let mut group = c.benchmark_group("1 M ranges to prefixes");
    // Looked at one by one, as a program would that writes them somewhere.
    group.bench_function("counterfoil", |b| {
        b.iter(|| {
            let mut seen = 0_u64;
            for range in black_box(&ranges) {
                for prefix in range.cidrs() {
                    seen = seen.wrapping_add(u64::from(prefix.first().get() ^ u32::from(prefix.length().get())));
                }
            }
            seen
        });
    });
    group.bench_function("ip_network", |b| {
        b.iter(|| {
            let mut seen = 0_u64;
            for range in black_box(&ranges) {
                let (first, last) = (range.first().into(), range.last().into());
                for prefix in ip_network::Ipv4Network::summarize_address_range(first, last) {
                    let first = u32::from(prefix.network_address());
                    seen = seen.wrapping_add(u64::from(first ^ u32::from(prefix.netmask())));
                }
            }
            seen
        });
    });
    group.bench_function("ipnet", |b| {
        b.iter(|| {
            let mut seen = 0_u64;
            for range in black_box(&ranges) {
                for prefix in ipnet::Ipv4Subnets::new(range.first().into(), range.last().into(), 0) {
                    let first = u32::from(prefix.addr());
                    seen = seen.wrapping_add(u64::from(first ^ u32::from(prefix.prefix_len())));
                }
            }
            seen
        });
    });
    Ok(())
}

fn subtract(c: &mut Criterion) -> Result<(), Error> {
    let mut numbers = Numbers::from(11);
    let parent: Prefix<Ipv4> = "10.0.0.0/8".parse()?;
    // Subnets of a campus: as announced, each eight bits longer, inside 10.0.0.0/8.
    let lengths: Vec<u8> = lengths().into_iter().filter(|length| (16..=24).contains(length)).collect();
    let inside = |prefix: Prefix<Ipv4>| -> Result<Prefix<Ipv4>, Error> {
        let length = PrefixLen::new(prefix.length().get() + 8)?;
        Ok(Prefix::containing(Ipv4::new(prefix.first().get() >> 8 | 10 << 24), length))
    };
    let used = numbers.prefixes(100_000, &lengths)?.into_iter().map(inside).collect::<Result<Vec<_>, _>>()?;
    let ranges: Vec<Interval<Ipv4>> = used.iter().map(|prefix| prefix.interval()).collect();
    let set = IpSet::from(used.as_slice());
    let mut group = c.benchmark_group("/8 minus 100 k prefixes");
    group.bench_function("counterfoil, prefixes in any order", |b| {
        b.iter(|| IpSet::from(parent).difference(&IpSet::from(black_box(used.as_slice()))));
    });
    group.bench_function("counterfoil, a set", |b| b.iter(|| IpSet::from(parent).difference(black_box(&set))));
    group.bench_function("rangemap", |b| {
        b.iter(|| {
            let mut free = rangemap::RangeInclusiveSet::new();
            free.insert(ends(&parent.interval()));
            black_box(&ranges).iter().for_each(|range| free.remove(ends(range)));
            free
        });
    });
    Ok(())
}

fn overlaps(c: &mut Criterion) -> Result<(), Error> {
    let ranges = Numbers::from(13).ranges(MANY, 4_000)?;
    let mut group = c.benchmark_group("overlaps of 1 M ranges");
    group.bench_function("counterfoil, the first", |b| {
        b.iter(|| Overlaps::among(black_box(&ranges).iter().copied()).first());
    });
    group.bench_function("counterfoil, the count", |b| {
        b.iter(|| Overlaps::among(black_box(&ranges).iter().copied()).count());
    });
    group.bench_function("counterfoil, all pairs", |b| {
        b.iter(|| {
            let pairs = Overlaps::among(black_box(&ranges).iter().copied());
            pairs.pairs().fold(0, |seen, pair| seen ^ pair.earlier ^ pair.later)
        });
    });
    // It keeps of what overlaps the later one only, so it finds fewer pairs.
    group.bench_function("rangemap", |b| {
        b.iter(|| {
            let (mut map, mut pairs) = (rangemap::RangeInclusiveMap::new(), 0);
            for (place, range) in black_box(&ranges).iter().enumerate() {
                pairs += map.overlapping(ends(range)).count();
                map.insert(ends(range), place);
            }
            pairs
        });
    });
    Ok(())
}

fn lookup(c: &mut Criterion) -> Result<(), Error> {
    let mut numbers = Numbers::from(17);
    let all = numbers.prefixes(MANY, &lengths())?;
    let some = all.get(..100_000).unwrap_or_default().to_vec();
    let real = announced();
    for (name, prefixes) in
        [("as announced", real.unwrap_or_default()), ("100 k prefixes", some), ("1 M prefixes", all)]
    {
        let mut prefixes = prefixes;
        prefixes.sort();
        prefixes.dedup();
        if prefixes.is_empty() {
            continue;
        }
        // Half of the addresses anywhere, half inside one of the prefixes.
        let inside = |prefix: Prefix<Ipv4>, word: u32| prefix.first().get() | word & !prefix.length().netmask().get();
        let mut address = |place: usize| {
            let (word, prefix) = (numbers.word(), numbers.below(prefixes.len()));
            let prefix = prefixes.get(prefix).filter(|_| place.is_multiple_of(2));
            prefix.map_or(word, |prefix| inside(*prefix, word))
        };
        let addresses: Vec<u32> = (0..LOOKUPS).map(&mut address).collect();
        let table = LookupTable::new(prefixes.iter().copied().zip(0_u32..))?;
        let trie: prefix_trie::PrefixMap<Ipv4Net, u32> = nets(&prefixes).into_iter().zip(0_u32..).collect();
        let mut group = c.benchmark_group(format!("10 M lookups, {name}"));
        group.bench_function("counterfoil", |b| {
            b.iter(|| {
                let value = |address: &u32| table.longest_match(Ipv4::new(*address)).map_or(0, |found| *found.value());
                black_box(&addresses).iter().map(|address| u64::from(value(address))).sum::<u64>()
            });
        });
        group.bench_function("prefix-trie", |b| {
            b.iter(|| {
                let value = |address: &u32| {
                    trie.get_lpm(&Ipv4Net::new_assert((*address).into(), 32)).map_or(0, |(_, value)| *value)
                };
                black_box(&addresses).iter().map(|address| u64::from(value(address))).sum::<u64>()
            });
        });
        group.bench_function("counterfoil, building the table", |b| {
            b.iter_batched(
                || prefixes.clone(),
                |prefixes| LookupTable::new(prefixes.into_iter().zip(0_u32..)),
                BatchSize::LargeInput,
            );
        });
    }
    Ok(())
}

fn all(c: &mut Criterion) {
    let done = aggregate(c).and_then(|()| cidrs(c)).and_then(|()| subtract(c)).and_then(|()| overlaps(c));
    if let Err(error) = done.and_then(|()| lookup(c)) {
        eprintln!("{error}");
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = all
}
criterion_main!(benches);
