//! Usage of supernets (R-I11), against counting addresses one by one.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test: a fault must stop it")]

use counterfoil::{
    exact::{Exact, RoundingMode},
    ipam::{
        Address, Interval, Ipv4, Ipv6, PrefixLen, Range, Row, RowStatus, Size, SupernetState, SupernetUsage, Toy,
        UsageIndex,
    },
};
use proptest::prelude::*;

fn row<A: Address>(id: usize, interval: Interval<A>, status: RowStatus) -> Row<A> {
    let owner = (status != RowStatus::Wait).then(|| "lab".to_owned());
    let range = Range::new(interval, PrefixLen::WHOLE).unwrap();
    Row { id: format!("r{id}"), range, status, asn: None, owner }
}

fn toy(first: u8, last: u8) -> Interval<Toy> {
    Interval::new(Toy::new(first), Toy::new(last)).unwrap()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }
}

/// Which rows have each address, and how many addresses below each are in which state.
struct Model {
    rows_of: Vec<Vec<usize>>,
    below: Vec<[u64; 4]>,
}

impl Model {
    fn of(rows: &[Row<Toy>]) -> Self {
        let has = |address: u8| {
            let address = Toy::new(address);
            (0..rows.len()).filter(move |index| rows[*index].range.interval().contains(address))
        };
        let rows_of: Vec<Vec<usize>> = (0..=255).map(|address| has(address).collect()).collect();
        let mut below = vec![[0; 4]];
        for of in &rows_of {
            let mut counts = *below.last().unwrap();
            counts[of.first().map_or(3, |index| rows[*index].status as usize)] += 1;
            below.push(counts);
        }
        Self { rows_of, below }
    }

    /// Waiting, reserved, assigned, free.
    fn counts(&self, supernet: Interval<Toy>) -> [u64; 4] {
        let (begin, end) = (usize::from(supernet.first().get()), usize::from(supernet.last().get()) + 1);
        [0, 1, 2, 3].map(|state| self.below[end][state] - self.below[begin][state])
    }

    fn first_shared(&self, supernet: Interval<Toy>) -> Option<u8> {
        (supernet.first().get()..=supernet.last().get()).find(|address| self.rows_of[usize::from(*address)].len() > 1)
    }
}

fn agrees(usage: &SupernetUsage<Toy>, rows: &[Row<Toy>], model: &Model, supernet: Interval<Toy>) {
    let size = |count: u64| Size::from(u128::from(count));
    let [wait, reserved, assigned, free] = model.counts(supernet);
    assert_eq!(
        [usage.wait(), usage.reserved(), usage.assigned(), usage.free(), usage.used(), usage.left()],
        [wait, reserved, assigned, free, reserved + assigned, wait + free].map(size),
        "{supernet}: {rows:?}"
    );
    let touching: Vec<&Row<Toy>> = rows.iter().filter(|row| row.range.interval().overlaps(supernet)).collect();
    assert_eq!(usage.rows(), touching.len());
    let mut over: Vec<(Interval<Toy>, &str)> = touching
        .iter()
        .filter(|row| !supernet.covers(row.range.interval()))
        .map(|row| (row.range.interval().overlap(supernet).unwrap(), row.id.as_str()))
        .collect();
    over.sort_unstable();
    let told: Vec<(Interval<Toy>, &str)> =
        usage.straddling().iter().map(|over| (over.inside, over.id.as_str())).collect();
    assert_eq!(told, over, "{supernet}: {rows:?}");
    let is_whole = touching.is_empty() || touching.len() == 1 && free == 0;
    let state = match (wait + free, is_whole) {
        (0, _) => SupernetState::OutOfStock,
        (_, true) => SupernetState::InStock,
        (_, false) => SupernetState::Split,
    };
    assert_eq!(usage.state(), state);
}

fn every_supernet() -> impl Iterator<Item = Interval<Toy>> {
    (0..=255).flat_map(|first| (first..=255).map(move |last| toy(first, last)))
}

/// Rows without a shared address, in no order.
fn disjoint(dice: &mut Dice) -> Vec<Row<Toy>> {
    let mut rows = Vec::new();
    let mut next = dice.below(2) * dice.below(40);
    while next < 256 {
        let longest = [3, 20, 90][dice.below(3)];
        let last = (next + dice.below(longest)).min(255);
        let interval = toy(u8::try_from(next).unwrap(), u8::try_from(last).unwrap());
        let place = dice.below(rows.len() + 1);
        rows.insert(place, row(rows.len(), interval, RowStatus::ALL[dice.below(3)]));
        next = last + 1 + dice.below(2) * dice.below(30);
    }
    rows
}

#[test]
fn every_toy_supernet_over_rows_agrees_with_counting() {
    let mut dice = Dice(7);
    let mut sets: Vec<Vec<Row<Toy>>> = (0..14).map(|_| disjoint(&mut dice)).collect();
    sets.push(vec![]);
    sets.extend(RowStatus::ALL.map(|status| vec![row(0, Interval::WHOLE, status)]));
    for rows in &sets {
        let (model, index) = (Model::of(rows), UsageIndex::new(rows).unwrap());
        for supernet in every_supernet() {
            let usage = index.usage(supernet).unwrap();
            agrees(&usage, rows, &model, supernet);
            if supernet.first().get() % 16 == 3 {
                assert_eq!(SupernetUsage::of(supernet, rows).unwrap(), usage);
            }
        }
    }
}

#[test]
fn no_address_is_counted_twice() {
    let mut dice = Dice(11);
    let mut refused = 0;
    for _ in 0..10 {
        let rows: Vec<Row<Toy>> = (0..2 + dice.below(7))
            .map(|id| {
                let first = dice.below(256);
                let last = (first + dice.below(40)).min(255);
                let interval = toy(u8::try_from(first).unwrap(), u8::try_from(last).unwrap());
                row(id, interval, RowStatus::ALL[dice.below(3)])
            })
            .collect();
        let (model, index) = (Model::of(&rows), UsageIndex::new(&rows).unwrap());
        for supernet in every_supernet() {
            match (index.usage(supernet), model.first_shared(supernet)) {
                (Ok(usage), None) => agrees(&usage, &rows, &model, supernet),
                (Err(error), Some(address)) => {
                    refused += 1;
                    assert_eq!(error.code(), "ipam.rows_overlap");
                    let facts = error.details();
                    assert_eq!(facts[2].1, address.to_string(), "{supernet}: {rows:?}");
                    for (_, id) in &facts[..2] {
                        let named = rows.iter().find(|row| row.id == *id).unwrap();
                        assert!(named.range.interval().contains(Toy::new(address)), "{supernet}: {error}");
                    }
                    assert_ne!(facts[0].1, facts[1].1);
                    if supernet.first().get() % 16 == 3 {
                        assert_eq!(SupernetUsage::of(supernet, &rows), Err(error));
                    }
                }
                (answer, shared) => panic!("{supernet}: {answer:?}, {shared:?}: {rows:?}"),
            }
        }
    }
    assert!(refused > 1_000);
}

#[test]
fn the_whole_of_ipv6_adds_up() {
    let half = |text: &str| text.parse::<Interval<Ipv6>>().unwrap();
    let whole = Interval::<Ipv6>::WHOLE;
    let assigned = row(0, half("::-7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), RowStatus::Assigned);
    let usage = SupernetUsage::of(whole, std::slice::from_ref(&assigned)).unwrap();
    assert_eq!(
        (usage.size(), usage.assigned(), usage.free()),
        (Size::WHOLE, Size::power_of_two(127), Size::power_of_two(127))
    );
    assert_eq!((usage.ratio().unwrap().to_string(), usage.state()), ("0.5".into(), SupernetState::Split));
    let rest = row(1, half("8000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), RowStatus::Reserved);
    let usage = SupernetUsage::of(whole, &[rest, assigned]).unwrap();
    assert_eq!(usage.free(), Size::from(1));
    assert_eq!(
        usage.ratio().unwrap().to_string(),
        "340282366920938463463374607431768211455/340282366920938463463374607431768211456"
    );
    // Rounded down, only all of it is 100.
    assert_eq!(usage.percent(2, RoundingMode::Down).unwrap().to_string(), "99.99");
    assert_eq!(usage.percent(2, RoundingMode::HalfEven).unwrap().to_string(), "100.00");
    assert_eq!(usage.percent(60, RoundingMode::Down).unwrap_err().code(), "money.overflow");
    let all = SupernetUsage::of(whole, &[row(0, whole, RowStatus::Assigned)]).unwrap();
    assert_eq!((all.used(), all.ratio().unwrap(), all.state()), (Size::WHOLE, Exact::ONE, SupernetState::OutOfStock));
    assert_eq!(SupernetUsage::<Ipv6>::of(whole, &[]).unwrap().ratio().unwrap(), Exact::ZERO);
}

fn parts_add_up<A: Address>(bits: &[(u128, u128)], cut: u128) {
    let at = |bits: u128| A::from_bits(bits.checked_shr(u32::from(128 - A::WIDTH)).unwrap_or(0)).unwrap();
    let mut ends: Vec<A> = bits.iter().flat_map(|(a, b)| [at(*a), at(*b)]).collect();
    ends.sort_unstable();
    ends.dedup();
    let rows: Vec<Row<A>> = ends
        .chunks_exact(2)
        .zip(RowStatus::ALL.into_iter().cycle())
        .enumerate()
        .map(|(id, (ends, status))| row(id, Interval::new(ends[0], ends[1]).unwrap(), status))
        .collect();
    let index = UsageIndex::new(&rows).unwrap();
    let usage = |first, last| index.usage(Interval::new(first, last).unwrap()).unwrap();
    let numbers = |usage: &SupernetUsage<A>| [usage.wait(), usage.reserved(), usage.assigned(), usage.free()];
    let whole = usage(A::FIRST, A::LAST);
    let sum = numbers(&whole).into_iter().try_fold(Size::ZERO, Size::plus).unwrap();
    assert_eq!(sum, Size::power_of_two(A::WIDTH));
    assert!(whole.straddling().is_empty());
    assert_eq!(whole.rows(), rows.len());
    // Two parts are together the whole, wherever it is cut.
    let cut = at(cut);
    if let Some(after) = cut.next() {
        let (left, right) = (usage(A::FIRST, cut), usage(after, A::LAST));
        for (both, (left, right)) in numbers(&whole).into_iter().zip(numbers(&left).into_iter().zip(numbers(&right))) {
            assert_eq!(left.plus(right).unwrap(), both);
        }
        assert_eq!(left.rows() + right.rows() - left.straddling().len(), rows.len());
        assert_eq!(left.straddling().len(), right.straddling().len());
    }
    for (a, b) in bits {
        let (first, last) = (at(*a).min(at(*b)), at(*a).max(at(*b)));
        let supernet = Interval::new(first, last).unwrap();
        let usage = usage(first, last);
        assert_eq!(usage, SupernetUsage::of(supernet, &rows).unwrap());
        let ratio = usage.ratio().unwrap();
        assert!(Exact::ZERO <= ratio && ratio <= Exact::ONE);
        assert_eq!(usage.used().plus(usage.left()).unwrap(), supernet.size());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn parts_of_any_supernet_add_up(bits in prop::collection::vec(any::<(u128, u128)>(), 0..30), cut: u128) {
        parts_add_up::<Ipv4>(&bits, cut);
        parts_add_up::<Ipv6>(&bits, cut);
        let ends: Vec<_> = bits.into_iter().chain([(0, 5), (u128::MAX, u128::MAX - 9)]).collect();
        parts_add_up::<Ipv6>(&ends, cut);
    }
}
