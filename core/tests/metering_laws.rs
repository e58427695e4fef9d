//! The laws of metering: R-U1, R-U4 … R-U9 for any history, any window, any samples, any events.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    exact::Exact,
    metering::{
        Aggregation, ChargeMode, Event, History, Kind, Part, QuotaCharge, Reading, Sample, SamplePolicy, Samples, Span,
        Spec, Usage, aggregate, late_delta,
    },
    time::{BillingDay, Instant, MICROS_PER_HOUR, MICROS_PER_MINUTE, Period, Zone, parse_date},
    units::{Quantity, Unit},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

const MODES: [ChargeMode; 3] = [ChargeMode::PostPaid, ChargeMode::PrePaid, ChargeMode::Quota];

/// The parts that a span may have, each in a unit of its family.
const PARTS: [(Part, [Unit; 2]); 3] = [
    (Part::CPU, [Unit::Core, Unit::MilliCore]),
    (Part::RAM, [Unit::GiB, Unit::Byte]),
    (Part::SIZE, [Unit::TB, Unit::Byte]),
];

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

fn period(start: i64, end: i64) -> Period {
    Period::new(at(start), at(end)).unwrap()
}

/// Instants near each other, or centuries apart.
fn instants() -> impl Strategy<Value = i64> {
    let all = Instant::MIN.micros()..=Instant::MAX.micros();
    prop_oneof![6 => -200..200_i64, 3 => -MICROS_PER_HOUR * 100..MICROS_PER_HOUR * 100, 1 => all]
}

fn specs() -> impl Strategy<Value = Spec> {
    let amount = prop_oneof![
        (0..1_000_u64, 0..4_u32).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa.into(), scale)),
        (any::<u64>(), 0..=28_u32).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa.into(), scale)),
        Just(Decimal::MAX),
    ];
    let parts = PARTS.map(|(part, units)| {
        let quantity =
            (amount.clone(), 0..2_usize).prop_map(move |(amount, unit)| Quantity::new(amount, units[unit]).unwrap());
        proptest::option::weighted(0.8, quantity).prop_map(move |quantity| Some((part.clone(), quantity?)))
    });
    parts.prop_map(|parts| Spec::new(parts.into_iter().flatten()).unwrap())
}

/// Spans in order, with gaps or without; the last may be open.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (specs(), 0..3_usize, any::<bool>());
    (proptest::collection::vec(span, 1..5), proptest::collection::vec(instants(), 10), any::<bool>()).prop_map(
        |(parts, mut cuts, open)| {
            cuts.sort_unstable();
            let count = parts.len();
            let span = |(index, (spec, mode, touches)): (usize, (Spec, usize, bool))| {
                let end = cuts[if touches { 2 * index + 2 } else { 2 * index + 1 }];
                let end = if open && index + 1 == count { None } else { Some(at(end)) };
                Span::new(at(cuts[2 * index]), end, spec, MODES[mode])
            };
            parts.into_iter().enumerate().map(span).collect()
        },
    )
}

/// All that was used and all that is payable, by part; nothing where nothing lived.
fn values(usage: Option<&Usage>) -> BTreeMap<Part, (Exact, Exact)> {
    let Some(usage) = usage else { return BTreeMap::new() };
    let in_family = |part: &Part| PARTS.iter().find(|(known, _)| known == part).unwrap().1[1];
    let read = |part: &Part| {
        // In the smallest unit of the family: it depends on the spans in which unit a usage is kept.
        let smallest = |of: counterfoil::metering::UsageOf| {
            let factor = Quantity::whole(1, of.unit()).exact_in(in_family(part)).unwrap();
            of.value().times(&factor).unwrap()
        };
        (smallest(usage.used(part).unwrap()), smallest(usage.payable(part).unwrap()))
    };
    let all = usage.parts().map(|part| (part.clone(), read(part)));
    all.filter(|(_, (used, payable))| !used.is_zero() || !payable.is_zero()).collect()
}

fn add(a: BTreeMap<Part, (Exact, Exact)>, b: BTreeMap<Part, (Exact, Exact)>) -> BTreeMap<Part, (Exact, Exact)> {
    let mut sum = a;
    for (part, (used, payable)) in b {
        let entry = sum.entry(part).or_insert((Exact::ZERO, Exact::ZERO));
        *entry = (entry.0.plus(&used).unwrap(), entry.1.plus(&payable).unwrap());
    }
    sum
}

/// The same spans by way of their text.
fn through_text(spans: &[Span]) -> Vec<Span> {
    let instant = |instant: Instant| instant.to_string().parse::<Instant>().unwrap();
    let spec = |spec: &Spec| {
        let again = |(part, quantity): (&Part, Quantity)| {
            let unit = quantity.unit().to_string().parse().unwrap();
            (part.to_string().parse().unwrap(), Quantity::parse(&quantity.amount().to_string(), unit).unwrap())
        };
        Spec::new(spec.parts().map(again)).unwrap()
    };
    let again = |span: &Span| {
        let mode = span.mode().to_string().parse().unwrap();
        Span::new(instant(span.start()), span.end().map(instant), spec(span.spec()), mode)
    };
    spans.iter().map(again).collect()
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(300))]

    /// R-U7: for every b, wherever it lies.
    #[test]
    fn usage_is_additive_over_any_cut(
        spans in spans(),
        mut cuts in proptest::array::uniform3(instants()),
        quota in any::<bool>(),
    ) {
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        let quota = if quota { QuotaCharge::LikePostPaid } else { QuotaCharge::Free };
        let history = History::new(spans).unwrap();
        let usage = |window| history.usage_under(window, quota).unwrap();
        let (whole, left, right) = (usage(period(a, c)), usage(period(a, b)), usage(period(b, c)));
        prop_assert_eq!(values(whole.as_ref()), add(values(left.as_ref()), values(right.as_ref())));
        if let (Some(whole), Some(left), Some(right)) = (whole, left, right) {
            prop_assert_eq!(&left.plus(&right).unwrap(), &whole);
            if a < b && b < c {
                prop_assert_eq!(right.plus(&left).unwrap_err().code(), "metering.windows_apart");
            }
        }
    }

    /// R-U6: bit for bit, also of a history that was written down and read again.
    #[test]
    fn metering_again_is_the_same_reading(spans in spans(), mut cuts in proptest::array::uniform2(instants())) {
        cuts.sort_unstable();
        let window = period(cuts[0], cuts[1]);
        let read = |spans: Vec<Span>| {
            let usage = History::new(spans).unwrap().usage(window).unwrap()?;
            Some(Reading::new("r-1".parse().unwrap(), Kind::Server, usage))
        };
        let (first, again, written) = (read(spans.clone()), read(spans.clone()), read(through_text(&spans)));
        prop_assert_eq!(&first, &again);
        prop_assert_eq!(&first, &written);
        prop_assert_eq!(format!("{first:?}"), format!("{again:?}"));
        prop_assert_eq!(format!("{first:?}"), format!("{written:?}"));
        if let (Some(first), Some(again)) = (first, again) {
            prop_assert_eq!(first.id().to_string(), again.id().to_string());
            prop_assert!(again.delta(&first).unwrap().is_nothing());
        }
    }

    /// R-U6: stored reading + delta = corrected reading, whatever the correction.
    #[test]
    fn a_correction_is_a_delta(
        stored in spans(),
        corrected in spans(),
        mut cuts in proptest::array::uniform2(instants()),
    ) {
        cuts.sort_unstable();
        let window = period(cuts[0], cuts[1]);
        let reading = |spans: Vec<Span>, resource: &str| {
            let usage = History::new(spans).unwrap().usage(window).unwrap()?;
            Some(Reading::new(resource.parse().unwrap(), Kind::Server, usage))
        };
        let (stored, corrected) = (reading(stored, "r-1"), reading(corrected, "r-1"));
        let (Some(stored), Some(corrected)) = (stored, corrected) else { return Ok(()) };
        let delta = corrected.delta(&stored).unwrap();
        let sum: BTreeMap<_, _> = add(values(Some(stored.usage())), values(Some(&delta)))
            .into_iter()
            .filter(|(_, (used, payable))| !used.is_zero() || !payable.is_zero())
            .collect();
        prop_assert_eq!(sum, values(Some(corrected.usage())));
        let stranger = Reading::new("r-2".parse().unwrap(), Kind::Server, stored.usage().clone());
        prop_assert_eq!(corrected.delta(&stranger).unwrap_err().code(), "metering.other_reading");
    }

    /// R-U1: out of order, reversed, overlapping or open in the middle is an error that says where.
    #[test]
    fn spans_out_of_order_are_named(spans in spans(), swap in 0..4_usize) {
        let mut swapped = spans.clone();
        let swap = swap % spans.len();
        swapped.swap(0, swap);
        let in_order = swapped.windows(2).all(|pair| pair[0].end().is_some_and(|end| end <= pair[1].start()));
        match History::new(swapped) {
            Ok(_) => prop_assert!(in_order),
            Err(error) => {
                prop_assert!(!in_order);
                prop_assert!(["metering.overlapping_spans", "metering.open_span"].contains(&error.code()), "{}", error);
            }
        }
        let (start, end) = (spans[0].start(), spans[0].start().plus_micros(-1));
        if let Ok(end) = end {
            let reversed = History::new([Span::post_paid(start, Some(end), Spec::default())]);
            prop_assert_eq!(reversed.unwrap_err().code(), "metering.reversed_span");
        }
    }

    /// R-U1, R-M2: a gap uses nothing; spans by themselves, and segments, add up to the whole.
    #[test]
    fn spans_and_segments_add_up(
        spans in spans(),
        mut cuts in proptest::array::uniform2(instants()),
        quota in any::<bool>(),
    ) {
        cuts.sort_unstable();
        let window = period(cuts[0], cuts[1]);
        let quota = if quota { QuotaCharge::LikePostPaid } else { QuotaCharge::Free };
        let history = History::new(spans.clone()).unwrap();
        let whole = values(history.usage_under(window, quota).unwrap().as_ref());
        let segments = history.segments(window, quota).unwrap();
        let of_segments = segments.iter().fold(BTreeMap::new(), |sum, segment| add(sum, values(Some(segment))));
        prop_assert_eq!(&of_segments, &whole);
        let alone = spans.into_iter().map(|span| History::new([span]).unwrap().usage_under(window, quota).unwrap());
        prop_assert_eq!(alone.fold(BTreeMap::new(), |sum, usage| add(sum, values(usage.as_ref()))), whole);
    }

    /// R-U4, R-U5: nothing payable that was not used; a free quota pays less, and never more.
    #[test]
    fn payable_is_part_of_what_was_used(spans in spans(), mut cuts in proptest::array::uniform2(instants())) {
        cuts.sort_unstable();
        let window = period(cuts[0], cuts[1]);
        let history = History::new(spans.clone()).unwrap();
        let created_in_time = spans[0].start() < window.end();
        let deleted_in_time = spans[spans.len() - 1].end().is_none_or(|end| end > window.start());
        let free = history.usage(window).unwrap();
        prop_assert_eq!(free.is_some(), created_in_time && deleted_in_time);
        let charged = values(history.usage_under(window, QuotaCharge::LikePostPaid).unwrap().as_ref());
        for (part, (used, payable)) in values(free.as_ref()) {
            let (same, more) = &charged[&part];
            prop_assert!(used == *same && payable <= *more && *more <= used && !payable.is_negative());
        }
        if spans.iter().all(|span| span.mode() == ChargeMode::PostPaid) {
            prop_assert!(values(free.as_ref()).values().all(|(used, payable)| used == payable));
        }
    }
}

/// R-T2, R-U3: days of 23, 24 and 25 hours, and a day that was skipped, add up to the week.
#[test]
fn billing_days_of_any_length_add_up() {
    for (zone, from, to, hours) in [
        ("Europe/Berlin", "2024-03-30", "2024-04-01", ["24", "23", "24"]),
        ("Europe/Berlin", "2024-10-26", "2024-10-28", ["24", "25", "24"]),
        ("Australia/Lord_Howe", "2024-04-06", "2024-04-08", ["24", "24.5", "24"]),
        ("UTC", "2024-02-28", "2024-03-01", ["24", "24", "24"]),
    ] {
        let zone: Zone = zone.parse().unwrap();
        let history =
            History::new([Span::post_paid(Instant::MIN, None, Spec::server("1", "2", "3", false).unwrap())]).unwrap();
        let days: Vec<Period> = BillingDay::days(parse_date(from).unwrap()..=parse_date(to).unwrap(), zone)
            .unwrap()
            .map(|day| day.period())
            .collect();
        let usages: Vec<Usage> = days.iter().map(|day| history.usage(*day).unwrap().unwrap()).collect();
        let of_days: Vec<String> =
            usages.iter().map(|usage| usage.used(&Part::CPU).unwrap().hours().to_string()).collect();
        assert_eq!(of_days, hours, "{zone}");
        let whole = Period::new(days[0].start(), days[2].end()).unwrap();
        let sum = usages[0].plus(&usages[1]).unwrap().plus(&usages[2]).unwrap();
        assert_eq!(sum, history.usage(whole).unwrap().unwrap());
    }
}

const DAY: i64 = 24 * 60;

fn minute(minute: i64) -> Instant {
    at(minute * MICROS_PER_MINUTE)
}

proptest! {
    #![proptest_config(cases(100))]

    /// R-U8: each policy against a clock that looks at the bucket every minute.
    #[test]
    fn samples_by_every_policy(
        seen in proptest::collection::btree_map(-DAY..2 * DAY, 0..1_000_000_u64, 1..8),
        (from, until) in (0..DAY, 0..DAY),
        metered_at in -DAY..2 * DAY,
        at_samples in proptest::array::uniform3(proptest::option::of(any::<proptest::sample::Index>())),
        reversed in any::<bool>(),
    ) {
        // The instants of samples themselves, which chance seldom meets.
        let instants: Vec<i64> = seen.keys().copied().collect();
        let or_a_sample = |instant: i64, place: usize| at_samples[place].map_or(instant, |index| *index.get(&instants));
        let metered_at = or_a_sample(metered_at, 0);
        let (from, until) = (or_a_sample(from, 1).clamp(0, DAY), or_a_sample(until, 2).clamp(0, DAY));
        let (from, until) = (from.min(until), from.max(until));
        let life = Period::new(minute(from), minute(until)).unwrap();
        let sample = |(at, size): (&i64, &u64)| Sample { at: minute(*at), size: Quantity::whole(*size, Unit::Byte) };
        let mut samples: Vec<Sample> = seen.iter().map(sample).collect();
        if reversed {
            samples.reverse();
        }
        samples.push(samples[0]); // the same twice is once
        let samples = Samples::new(samples).unwrap();
        let in_force = |at: i64| seen.range(..=at).next_back().map(|(_, size)| i64::try_from(*size).unwrap());
        let used = |policy| {
            let history = samples.history(life, policy, ChargeMode::PostPaid, |size| Spec::new([(Part::SIZE, size)]))?;
            let usage = history.usage(period(0, DAY * MICROS_PER_MINUTE)).unwrap();
            let of_size = |usage: Usage| usage.used(&Part::SIZE).unwrap().value().clone();
            let minutes = Exact::ratio(1, MICROS_PER_MINUTE).unwrap();
            Ok::<_, counterfoil::error::MeteringError>(usage.map_or(Exact::ZERO, of_size).times(&minutes).unwrap())
        };
        let check = |policy, wanted: Option<i64>| {
            match (used(policy), wanted) {
                (Ok(used), Some(wanted)) => prop_assert_eq!(used, Exact::from(wanted)),
                (Err(error), None) => prop_assert_eq!(error.code(), "metering.no_sample"),
                (used, wanted) => prop_assert!(false, "{:?}: {:?} and {:?}", policy, used, wanted),
            }
            Ok(())
        };
        let minutes = until - from;
        check(SamplePolicy::Point { at: minute(metered_at) }, in_force(metered_at).map(|size| size * minutes))?;
        let last = seen.range(..until).next_back();
        check(SamplePolicy::Last, last.map(|(_, size)| i64::try_from(*size).unwrap() * minutes))?;
        if minutes > 0 {
            let each: Vec<Option<i64>> = (from..until).map(in_force).collect();
            let known = each.iter().any(Option::is_some);
            check(SamplePolicy::TimeWeighted, known.then(|| each.iter().flatten().sum()))?;
            check(SamplePolicy::Maximum, each.iter().flatten().max().map(|size| size * minutes))?;
        }
    }

    /// R-U9: each aggregation by its definition; order, duplicates and lateness change what they should.
    #[test]
    fn events_by_every_aggregation(
        mut events in proptest::collection::vec((0..12_u8, -3..30_i64, -50..50_i64), 0..20),
        twice in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        split in any::<proptest::sample::Index>(),
        shuffle in any::<u64>(),
    ) {
        events.sort_by_key(|event| event.0);
        events.dedup_by_key(|event| event.0); // an id tells one fact
        let window = period(0, 24);
        let make = |(id, second, value): &(u8, i64, i64)| Event {
            id: format!("e{id:02}").parse().unwrap(), at: at(*second), value: Decimal::new(*value, 1),
        };
        let mut sent: Vec<Event> = events.iter().map(make).collect();
        for index in twice.iter().filter(|_| !events.is_empty()) {
            sent.push(make(index.get(&events)));
        }
        let mut order: Vec<usize> = (0..sent.len()).collect();
        order.sort_by_key(|index| (u64::try_from(*index).unwrap() + 1).wrapping_mul(shuffle | 1));
        let shuffled: Vec<Event> = order.iter().map(|index| sent[*index].clone()).collect();

        let inside: Vec<&(u8, i64, i64)> = events.iter().filter(|(_, second, _)| (0..24).contains(second)).collect();
        let tenths = |tenths: i64| Exact::ratio(tenths, 10).unwrap();
        let count = |count: usize| Exact::from(i64::try_from(count).unwrap());
        for (name, wanted) in [
            ("sum", Some(tenths(inside.iter().map(|(_, _, value)| value).sum()))),
            ("maximum", inside.iter().map(|(_, _, value)| *value).max().map(tenths)),
            ("count", Some(count(inside.len()))),
            ("unique_count", Some(count(inside.iter().map(|(_, _, value)| value).collect::<BTreeSet<_>>().len()))),
            ("latest", inside.iter().max_by_key(|(id, second, _)| (second, id)).map(|(_, _, value)| tenths(*value))),
            ("time_weighted_sum", Some(tenths(inside.iter().map(|(_, second, value)| value * (24 - second)).sum()))),
        ] {
            let how: Aggregation = name.parse().unwrap();
            let (whole, again) = (aggregate(&sent, window, how).unwrap(), aggregate(&shuffled, window, how).unwrap());
            prop_assert_eq!(&whole, &again, "R-U9: the order changes nothing");
            prop_assert_eq!(&whole.value, &wanted, "{}", name);
            prop_assert_eq!(whole.counted, inside.len());
            let in_window = sent.iter().filter(|event| window.contains(event.at)).count();
            prop_assert_eq!(whole.duplicates, in_window - inside.len());

            let (known, late) = shuffled.split_at(if shuffled.is_empty() { 0 } else { split.index(shuffled.len()) });
            let before = aggregate(known, window, how).unwrap().value.unwrap_or(Exact::ZERO);
            let delta = late_delta(known, late, window, how).unwrap();
            let after = before.plus(&delta).unwrap();
            prop_assert_eq!(after, whole.value.unwrap_or(Exact::ZERO), "late events are a delta");
        }
        if let Some(first) = sent.iter().find(|event| window.contains(event.at)) {
            let other = Event { value: first.value + Decimal::ONE, ..first.clone() };
            let conflict: Vec<Event> = sent.iter().cloned().chain([other]).collect();
            for how in ["sum", "latest", "count"] {
                let error = aggregate(&conflict, window, how.parse().unwrap()).unwrap_err();
                prop_assert_eq!(error.code(), "metering.event_conflict");
            }
        }
    }
}
