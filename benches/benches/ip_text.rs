//! What reading addresses costs: one by one beside the parsers of the standard library and of `ipnet`,
//! and blocks of a million lines.

use counterfoil::ipam::{
    Address, Ipv4, Ipv6, Prefix, PrefixLen, Readable, Reading,
    bulk::{Ends, Sorted, lines, write_lines},
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::{
    hint::black_box,
    net::{Ipv4Addr, Ipv6Addr},
};

const LINES: u32 = 1_000_000;

/// The same spread of numbers each time.
fn spread(seed: u32) -> u128 {
    let mix = |word: u32| u128::from((word ^ word >> 15).wrapping_mul(0x2c1b_3c6d) ^ seed.rotate_left(13));
    let word = seed.wrapping_mul(0x9e37_79b9);
    mix(word) << 96 | mix(!word) << 64 | mix(word ^ 0x5555) << 32 | mix(word ^ 0xaaaa)
}

/// Networks as a routing table has them: most of one length, some longer and shorter.
fn networks<A: Address>(count: u32, usual: u8) -> Vec<Prefix<A>> {
    let network = |seed: u32| {
        let bits = spread(seed) >> (128 - u32::from(A::WIDTH));
        let length = usual - u8::try_from(seed % 8).unwrap_or(0) / 2;
        Some(Prefix::containing(A::from_bits(bits)?, PrefixLen::new(length).ok()?))
    };
    (0..count).filter_map(network).collect()
}

fn block<A: Address>(usual: u8) -> String {
    let mut block = String::new();
    write_lines(networks::<A>(LINES, usual), &mut block);
    block
}

fn read_block<A: Address>(c: &mut Criterion, name: &str, usual: u8)
where
    Prefix<A>: Readable,
{
    let block = block::<A>(usual);
    let mut group = c.benchmark_group(format!("a block of a million {name} networks"));
    group.sample_size(10).throughput(Throughput::Elements(LINES.into()));
    group.bench_function("read", |b| {
        b.iter(|| Sorted::<Prefix<A>>::of(lines(black_box(&block), Reading::STRICT), 10).good.len());
    });
    let networks = networks::<A>(LINES, usual);
    group.bench_function("written", |b| {
        b.iter_batched_ref(
            || String::with_capacity(block.len()),
            |block| write_lines(networks.iter().copied(), block),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// A thousand texts, so that no branch is learnt by heart.
fn parse(c: &mut Criterion) {
    let four: Vec<String> = networks::<Ipv4>(1_000, 32).iter().map(|net| net.first().to_string()).collect();
    let six: Vec<String> = networks::<Ipv6>(1_000, 48).iter().map(|net| net.first().to_string()).collect();
    let nets: Vec<String> = networks::<Ipv4>(1_000, 24).iter().map(ToString::to_string).collect();
    let nets_of_six: Vec<String> = networks::<Ipv6>(1_000, 48).iter().map(ToString::to_string).collect();
    let mut group = c.benchmark_group("a thousand texts");
    group.throughput(Throughput::Elements(1_000));
    macro_rules! parser {
        ($name:literal, $texts:ident, $type:ty) => {
            group.bench_function($name, |b| {
                b.iter(|| black_box(&$texts).iter().filter(|text| text.parse::<$type>().is_ok()).count());
            });
        };
    }
    parser!("IPv4 address", four, Ipv4);
    parser!("IPv4 address: std", four, Ipv4Addr);
    parser!("IPv6 address", six, Ipv6);
    parser!("IPv6 address: std", six, Ipv6Addr);
    parser!("IPv4 network", nets, Prefix<Ipv4>);
    parser!("IPv4 network: ipnet", nets, ipnet::Ipv4Net);
    parser!("IPv6 network", nets_of_six, Prefix<Ipv6>);
    parser!("IPv6 network: ipnet", nets_of_six, ipnet::Ipv6Net);
    group.finish();
}

fn blocks(c: &mut Criterion) {
    read_block::<Ipv4>(c, "IPv4", 24);
    read_block::<Ipv6>(c, "IPv6", 48);
}

fn columns(c: &mut Criterion) {
    let intervals: Vec<_> = networks::<Ipv4>(LINES, 24).into_iter().map(Prefix::interval).collect();
    let table = Ends::<Vec<u32>>::of(&intervals);
    let mut group = c.benchmark_group("columns of a million IPv4 intervals");
    group.sample_size(10).throughput(Throughput::Elements(LINES.into()));
    group.bench_function("read", |b| {
        b.iter(|| black_box(&table).rows::<u32>().map(|rows| Sorted::of(rows, 10).good.len()));
    });
    group.finish();
}

criterion_group!(benches, parse, blocks, columns);
criterion_main!(benches);
