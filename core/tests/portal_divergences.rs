//! The general model and the portal's own (R-U10) on the same rows: equal wherever no listed divergence
//! (D-U1 … D-U5) applies, and what each divergence is worth where it does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    exact::{Exact, RoundingMode, decimal},
    metering::{
        ChargeMode, Kind, Part, QuotaCharge, Spec, Usage,
        portal::{self, ArchiveRow, Change, CurrentRow, RowsOf},
    },
    money::{RoundAt, Rounding},
    pricing::{RateCard, Tariff},
    time::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR, Period},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Rounded apart, as the portal rounds.
const APART: Rounding = Rounding::PORTAL.rounding_at(RoundAt::Segment);

fn tariff(kind: Kind) -> Tariff {
    let card = r#"
        revision = "portal"
        currency = "CNY"
        rates = [
            { kind = "server", part = "base", price = "0.05", per = "count", every = "hour" },
            { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
            { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
            { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
            { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
            { kind = "disk", part = "size", price = "1.02", per = "GiB", every = "day" },
        ]
    "#;
    RateCard::from_toml(card).unwrap().tariff(&kind, Instant::MIN).unwrap()
}

/// An instant of the day that is metered, or of one near it.
fn at(micros: i64) -> Instant {
    "2024-02-20T00:00:00Z".parse::<Instant>().unwrap().plus_micros(micros).unwrap()
}

fn hour(hour: i64) -> Instant {
    at(hour * MICROS_PER_HOUR)
}

/// The portal's day is one of UTC, so of 24 hours; on the 25 hours of another zone its cap would be one more
/// difference.
fn day() -> Period {
    Period::new(at(0), at(MICROS_PER_DAY)).unwrap()
}

/// A life as the portal's rows tell it: created, changed some times, converted to pre-paid at most once.
#[derive(Debug, Clone)]
struct Life {
    current: CurrentRow,
    archive: Vec<ArchiveRow>,
}

/// What happened to a resource, by time.
#[derive(Debug, Clone)]
struct Draft {
    cuts: Vec<i64>,
    sizes: Vec<u8>,
    convert_at: Option<usize>,
    born_as: ChargeMode,
    deleted: Option<i64>,
}

/// Instants of the day, of days near it, and its very ends.
fn instants() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => 0..MICROS_PER_DAY,
        2 => -2 * MICROS_PER_DAY..3 * MICROS_PER_DAY,
        1 => proptest::sample::select(vec![-1, 0, 1, MICROS_PER_DAY - 1, MICROS_PER_DAY, MICROS_PER_DAY + 1]),
    ]
}

fn drafts() -> impl Strategy<Value = Draft> {
    let born = prop_oneof![Just(ChargeMode::PostPaid), Just(ChargeMode::PrePaid), Just(ChargeMode::Quota)];
    (
        proptest::collection::vec(instants(), 1..5),
        any::<[u8; 5]>(),
        proptest::option::of(0..4_usize),
        born,
        proptest::option::of(0..2 * MICROS_PER_DAY),
    )
        .prop_map(|(mut cuts, sizes, convert_at, born_as, lasted)| {
            cuts.sort_unstable();
            cuts.dedup();
            let last = cuts[cuts.len() - 1];
            let convert_at = convert_at.filter(|index| *index + 1 < cuts.len() && born_as == ChargeMode::PostPaid);
            Draft { deleted: lasted.map(|lasted| last + lasted), sizes: sizes.to_vec(), cuts, convert_at, born_as }
        })
}

impl Draft {
    /// The rows: each change ends one and starts the next.
    fn life(&self, change: Change, spec: fn(u8) -> Spec) -> Life {
        let last = self.cuts.len() - 1;
        let archive = (0..last).map(|index| ArchiveRow {
            change: if self.convert_at == Some(index) { Change::PostToPre } else { change },
            start: at(self.cuts[index]),
            end: at(self.cuts[index + 1]),
            spec: spec(self.sizes[index]),
            mode: None,
        });
        let mode = if self.convert_at.is_some() { ChargeMode::PrePaid } else { self.born_as };
        let current = CurrentRow {
            created: at(self.cuts[0]),
            start: at(self.cuts[last]),
            deleted: self.deleted.map(at),
            mode,
            spec: spec(self.sizes[last]),
        };
        Life { current, archive: archive.collect() }
    }
}

fn server(size: u8) -> Spec {
    Spec::server(&(size % 8).to_string(), &(size % 32).to_string(), &size.to_string(), size % 2 == 1).unwrap()
}

fn disk(size: u8) -> Spec {
    Spec::size_gib(&size.to_string()).unwrap()
}

/// Used and payable by part; nothing where nothing was used.
fn values<'a>(usages: impl IntoIterator<Item = &'a Usage>) -> BTreeMap<Part, (Exact, Exact)> {
    let mut sum: BTreeMap<Part, (Exact, Exact)> = BTreeMap::new();
    for usage in usages {
        for part in usage.parts() {
            let entry = sum.entry(part.clone()).or_insert((Exact::ZERO, Exact::ZERO));
            let (used, payable) = (usage.used(part).unwrap(), usage.payable(part).unwrap());
            *entry = (entry.0.plus(used.value()).unwrap(), entry.1.plus(payable.value()).unwrap());
        }
    }
    sum.into_iter().filter(|(_, (used, _))| !used.is_zero()).collect()
}

impl Life {
    fn general(&self, quota: QuotaCharge) -> Vec<Usage> {
        let adapted = portal::history(&self.current, &self.archive).unwrap();
        adapted.history.segments(day(), quota).unwrap()
    }

    fn compat(&self, rows_of: RowsOf) -> Vec<Usage> {
        portal::usage(rows_of, day(), &self.current, &self.archive).unwrap().unwrap_or_default()
    }

    fn reaches_into_the_day(row: &ArchiveRow) -> bool {
        row.start < day().end() && row.end > day().start() && row.start < row.end
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_global_rejects: 100_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Servers. D-U2 is kept out: no rebuild of before the conversion reaches into the day. Nothing else is: a
    /// server's rows are rounded together (no D-U3), has no expansions (no D-U4), and a quota is free in both
    /// (no D-U5). A server that was deleted before the day has a reading of nothing there and none here.
    #[test]
    fn servers_agree(draft in drafts()) {
        let life = draft.life(Change::Rebuild, server);
        let conversion = life.archive.iter().find(|row| row.change == Change::PostToPre);
        let before_it = |row: &ArchiveRow| conversion.is_some_and(|conversion| row.end <= conversion.start);
        let forgotten = |row: &ArchiveRow| before_it(row) && Life::reaches_into_the_day(row);
        prop_assume!(!life.archive.iter().any(forgotten));
        let (general, compat) = (life.general(QuotaCharge::Free), life.compat(RowsOf::Server));
        prop_assert_eq!(values(&general), values(&compat));

        let tariff = tariff(Kind::Server);
        let rate = |usages| tariff.rate_segments(usages, Rounding::PORTAL).unwrap();
        let (general, compat) = (rate(&general), rate(&compat));
        prop_assert_eq!((general.original(), general.payable()), (compat.original(), compat.payable()));
    }

    /// Disks. D-U4 is kept out: no expansion reaches into the day. D-U5 is answered by its policy: quotas are
    /// charged. D-U3 does not show in usage, nor in amounts that are rounded once; and with one row in the day at
    /// most, nor in amounts that are rounded apart, for then the spans are the portal's two parts.
    #[test]
    fn disks_agree(draft in drafts()) {
        let life = draft.life(Change::Expansion, disk);
        let left_out = |row: &ArchiveRow| row.change == Change::Expansion && Life::reaches_into_the_day(row);
        prop_assume!(!life.archive.iter().any(left_out));
        let (general, compat) = (life.general(QuotaCharge::LikePostPaid), life.compat(RowsOf::Disk));
        prop_assert_eq!(values(&general), values(&compat));

        let tariff = tariff(Kind::Disk);
        for rounding in [Rounding::PORTAL, APART] {
            let rate = |usages| tariff.rate_segments(usages, rounding).unwrap();
            let (general, compat) = (rate(&general), rate(&compat));
            prop_assert_eq!((general.original(), general.payable()), (compat.original(), compat.payable()));
        }
    }

    /// The adapter: the history it builds is in order, within the life, and each row is in it or named.
    #[test]
    fn every_row_is_in_the_history_or_named(
        draft in drafts(),
        strays in proptest::collection::vec((-3 * MICROS_PER_DAY..-2 * MICROS_PER_DAY, 0..MICROS_PER_DAY), 0..3),
    ) {
        let mut life = draft.life(Change::Rebuild, server);
        let rows = life.archive.len();
        let before_all = |(start, length): &(i64, i64)| (at(*start), at((*start + *length).min(draft.cuts[0])));
        for (start, end) in strays.iter().map(before_all) {
            prop_assume!(start <= end);
            life.archive.push(ArchiveRow { change: Change::Rebuild, start, end, spec: server(1), mode: None });
        }
        let adapted = portal::history(&life.current, &life.archive).unwrap();
        prop_assert_eq!(adapted.history.created(), Some(life.current.created));
        prop_assert_eq!(adapted.history.deleted(), life.current.deleted);
        prop_assert_eq!(adapted.history.spans().len() - 1 + adapted.ignored.len(), life.archive.len());
        prop_assert!(adapted.ignored.iter().all(|(index, _)| *index >= rows));
    }
}

/// D-U1: 50 GiB for 23 h at 1.02 a day is 48.875, and half-even makes it 48.88. In binary floats 1150 ÷ 24 days is
/// the double below, and the product is under the tie: a cent less.
#[test]
fn d_u1_binary_floats_miss_a_tie() {
    let life = Life {
        current: CurrentRow {
            created: hour(1),
            start: hour(1),
            deleted: None,
            mode: ChargeMode::PostPaid,
            spec: disk(50),
        },
        archive: vec![],
    };
    let (tariff, usage) = (tariff(Kind::Disk), life.compat(RowsOf::Disk));
    assert_eq!(tariff.rate_segments(&usage, APART).unwrap().payable().to_string(), "48.88");

    let double: Exact = "47.91666666666666429819088080".parse().unwrap(); // of 1150.0 / 24.0
    let product = double.times(&Exact::from(decimal::parse("1.02").unwrap())).unwrap();
    assert_eq!(product.round_digits(2, RoundingMode::HalfEven).unwrap().to_string(), "48.87");
}

/// D-U2: rebuilt at 06:00, converted to pre-paid at 12:00: the portal forgets the six hours before the rebuild.
#[test]
fn d_u2_hours_before_a_rebuild_are_payable() {
    let row = |change, start, end, spec| ArchiveRow { change, start: hour(start), end: hour(end), spec, mode: None };
    let one_core = Spec::server("1", "0", "0", false).unwrap();
    let two_cores = Spec::server("2", "0", "0", false).unwrap();
    let life = Life {
        current: CurrentRow {
            created: hour(-5),
            start: hour(12),
            deleted: None,
            mode: ChargeMode::PrePaid,
            spec: two_cores.clone(),
        },
        archive: vec![row(Change::Rebuild, -5, 6, one_core), row(Change::PostToPre, 6, 12, two_cores)],
    };
    let tariff = tariff(Kind::Server);
    let (general, compat) = (life.general(QuotaCharge::Free), life.compat(RowsOf::Server));
    let general = tariff.rate_segments(&general, Rounding::PORTAL).unwrap();
    let compat = tariff.rate_segments(&compat, Rounding::PORTAL).unwrap();
    // 24 h × 0.05 + (6 + 12 + 24) core-hours × 0.066
    assert_eq!((general.original().to_string(), compat.original().to_string()), ("3.97".to_owned(), "3.97".to_owned()));
    // here 12 h × 0.05 + 18 core-hours × 0.066, there 6 h × 0.05 + 12 core-hours × 0.066
    assert_eq!((general.payable().to_string(), compat.payable().to_string()), ("1.79".to_owned(), "1.09".to_owned()));
}

/// D-U3: two parts of 0.085 each: 0.08 + 0.08 apart, 0.17 together.
#[test]
fn d_u3_parts_that_are_rounded_apart() {
    let life = Life {
        current: CurrentRow {
            created: hour(0),
            start: hour(2),
            deleted: Some(hour(4)),
            mode: ChargeMode::PrePaid,
            spec: disk(1),
        },
        archive: vec![ArchiveRow {
            change: Change::PostToPre,
            start: hour(0),
            end: hour(2),
            spec: disk(1),
            mode: None,
        }],
    };
    let tariff = tariff(Kind::Disk);
    let (general, compat) = (life.general(QuotaCharge::Free), life.compat(RowsOf::Disk));
    let original = |usage: &[Usage], rounding| tariff.rate_segments(usage, rounding).unwrap().original().to_string();
    assert_eq!(original(&compat, APART), "0.16");
    assert_eq!(original(&general, Rounding::PORTAL), "0.17");
    assert_eq!(original(&general, APART), "0.16"); // at = segment reproduces it
}

/// D-U4: expanded from 10 to 20 GiB at 12:00: the portal drops the first half of the day.
#[test]
fn d_u4_an_expansion_leaves_its_spans() {
    let life = Life {
        current: CurrentRow {
            created: hour(-5),
            start: hour(12),
            deleted: None,
            mode: ChargeMode::PostPaid,
            spec: disk(20),
        },
        archive: vec![ArchiveRow {
            change: Change::Expansion,
            start: hour(-5),
            end: hour(12),
            spec: disk(10),
            mode: None,
        }],
    };
    let tariff = tariff(Kind::Disk);
    let (general, compat) = (life.general(QuotaCharge::Free), life.compat(RowsOf::Disk));
    assert_eq!(tariff.rate_segments(&general, Rounding::PORTAL).unwrap().payable().to_string(), "15.30"); // 15 GiB-days
    assert_eq!(tariff.rate_segments(&compat, APART).unwrap().payable().to_string(), "10.20"); // 10 GiB-days
}

/// D-U5: a disk that was given for free is charged by the portal; here it is a policy, and free by default.
#[test]
fn d_u5_a_quota_disk_is_free_unless_it_is_not() {
    let life = Life {
        current: CurrentRow {
            created: hour(-5),
            start: hour(-5),
            deleted: None,
            mode: ChargeMode::Quota,
            spec: disk(10),
        },
        archive: vec![],
    };
    let tariff = tariff(Kind::Disk);
    let payable = |usage: &[Usage]| tariff.rate_segments(usage, APART).unwrap().payable().to_string();
    assert_eq!(payable(&life.compat(RowsOf::Disk)), "10.20");
    assert_eq!(payable(&life.general(QuotaCharge::LikePostPaid)), "10.20");
    assert_eq!(payable(&life.general(QuotaCharge::Free)), "0.00");

    let server = Life { current: CurrentRow { spec: server(9), ..life.current }, archive: vec![] };
    let tariff = self::tariff(Kind::Server);
    let compat = server.compat(RowsOf::Server);
    assert_eq!(tariff.rate_segments(&compat, Rounding::PORTAL).unwrap().payable().to_string(), "0.00");
}
