//! R-P1, R-P2, R-P3, R-P15, R-U3, R-U4 against exact fractions: Σ price × quantity × time of any size, in any
//! unit, by any rounding; and that an amount, its derivation, the narrow path and the wide one agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{MODES, decimals, fraction, of, steps};
use counterfoil::{
    exact::Exact,
    metering::{ChargeMode, Dimension, History, Kind, Part, QuotaCharge, Span, Spec, Usage},
    money::{CNY, RoundAt, Rounding},
    pricing::{Entry, Every, Limits, Rate, RateCard, Shape, Tariff, Tier, ZeroUsage},
    time::{Instant, MonthLength, Period},
    units::{Quantity, Unit},
};
use counterfoil_reference::{
    Fraction, metering,
    number::{fits_at, whole, zero},
    rating, rounding, tiers,
};
use proptest::{prelude::*, sample::Index};
use rust_decimal::Decimal;

/// A part of a resource, how it is measured in each span, and what it costs.
#[derive(Debug, Clone)]
struct Line {
    per: Unit,
    every: usize,
    shape: ShapeCase,
    /// For each span its quantity, in a unit of the family; none where the span has no such part.
    quantities: Vec<Option<(Decimal, Unit)>>,
}

#[derive(Debug, Clone)]
enum ShapeCase {
    PerUnit(Decimal),
    Graduated(Vec<(Decimal, Decimal, Decimal)>, Decimal),
    Package(Decimal, Decimal),
}

#[derive(Debug, Clone)]
struct Case {
    lines: Vec<Line>,
    spans: Vec<(i64, Option<i64>, ChargeMode)>,
    window: (i64, i64),
    step: Decimal,
}

const EVERY: [&str; 5] = ["second", "minute", "hour", "day", "month"];
const MODES_OF_SPANS: [ChargeMode; 3] = [ChargeMode::PostPaid, ChargeMode::PrePaid, ChargeMode::Quota];

/// Units that convert into this one and into each other: a byte is of two families, which are kept apart.
fn family(per: Unit, by_1000: bool) -> Vec<Unit> {
    let apart = if by_1000 { Unit::KiB } else { Unit::KB };
    let converts = |from: Unit, to: Unit| rating::conversion(from.name(), to.name()).is_some();
    let one_family = |unit: &Unit| per != Unit::Byte || *unit == Unit::Byte || !converts(*unit, apart);
    Unit::all().filter(|unit| converts(*unit, per)).filter(one_family).collect()
}

fn units() -> impl Strategy<Value = Unit> {
    proptest::sample::select(Unit::all().collect::<Vec<_>>())
}

fn above_zero() -> impl Strategy<Value = Decimal> {
    decimals().prop_filter("above zero", |value| !value.is_zero())
}

/// Prices: every digit that a decimal has.
fn shapes() -> impl Strategy<Value = ShapeCase> {
    let tier = (above_zero(), decimals(), decimals());
    prop_oneof![
        6 => decimals().prop_map(ShapeCase::PerUnit),
        1 => (proptest::collection::vec(tier, 0..4), decimals()).prop_map(|(mut tiers, rest)| {
            tiers.sort_by_key(|tier| tier.0);
            tiers.dedup_by_key(|tier| tier.0);
            ShapeCase::Graduated(tiers, rest)
        }),
        1 => (above_zero(), decimals()).prop_map(|(size, price)| ShapeCase::Package(size, price)),
    ]
}

/// Quantities: small ones, 10^15, and whatever a decimal can be.
fn quantities() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0..100_i64).prop_map(Decimal::from),
        (0..=10_i64.pow(15)).prop_map(Decimal::from),
        Just(Decimal::from(10_i64.pow(15))),
        decimals(),
    ]
}

fn lines(spans: usize) -> impl Strategy<Value = Line> {
    let quantity = proptest::option::weighted(0.9, (quantities(), any::<Index>()));
    (units(), 0..EVERY.len(), shapes(), proptest::collection::vec(quantity, spans), any::<bool>()).prop_map(
        |(per, every, shape, quantities, by_1000)| {
            let family = family(per, by_1000);
            let quantities = quantities
                .into_iter()
                .map(|quantity| quantity.map(|(amount, unit)| (amount, *unit.get(&family))))
                .collect();
            Line { per, every, shape, quantities }
        },
    )
}

/// Instants of a stretch of time: a second, a day, a month, centuries, all there is.
fn instants(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<i64>> {
    let (first, last) = (Instant::MIN.micros(), Instant::MAX.micros());
    let extent = prop_oneof![
        Just(1_000_000),
        Just(86_400_000_000),
        Just(2_592_000_000_000),
        Just(31_557_600_000_000_000),
        Just(last - first)
    ];
    let offsets =
        proptest::collection::vec(prop_oneof![8 => 0..=1_000_000_i64, 1 => Just(0), 1 => Just(1_000_000_i64)], count);
    (first..=last, extent, offsets).prop_map(move |(origin, extent, offsets)| {
        let origin = origin.min(last - extent);
        let at = |offset: i64| origin + i64::try_from(i128::from(extent) * i128::from(offset) / 1_000_000).unwrap();
        offsets.into_iter().map(at).collect()
    })
}

fn cases() -> impl Strategy<Value = Case> {
    let span_count = 1..4_usize;
    span_count.prop_flat_map(|count| {
        let lines = proptest::collection::vec(lines(count), 1..5);
        let modes = proptest::collection::vec((0..3_usize, any::<bool>()), count);
        (lines, instants(2 * count + 2..2 * count + 3), modes, any::<bool>(), steps()).prop_map(
            move |(lines, mut at, modes, open, step)| {
                let mut window = [at.pop().unwrap(), at.pop().unwrap()];
                window.sort_unstable();
                at.sort_unstable();
                let spans = modes.iter().enumerate().map(|(index, (mode, touches))| {
                    let next = if *touches && index + 1 < count { at[2 * index + 2] } else { at[2 * index + 1] };
                    let end = if open && index + 1 == count { None } else { Some(next) };
                    (at[2 * index], end, MODES_OF_SPANS[*mode])
                });
                Case { lines, spans: spans.collect(), window: (window[0], window[1]), step }
            },
        )
    })
}

fn part(index: usize) -> Part {
    Part::standard(format!("part{index}").parse::<Dimension>().unwrap())
}

fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

impl Case {
    fn history(&self) -> History {
        let span = |(index, (start, end, mode)): (usize, &(i64, Option<i64>, ChargeMode))| {
            let parts = self.lines.iter().enumerate().filter_map(|(place, line)| {
                let (amount, unit) = line.quantities[index]?;
                Some((part(place), Quantity::new(amount, unit).unwrap()))
            });
            Span::new(instant(*start), end.map(instant), Spec::new(parts).unwrap(), *mode)
        };
        History::new(self.spans.iter().enumerate().map(span)).unwrap()
    }

    fn window(&self) -> Period {
        Period::new(instant(self.window.0), instant(self.window.1)).unwrap()
    }

    fn tariff(&self) -> Tariff {
        let entries = self.lines.iter().enumerate().map(|(place, line)| Entry {
            kind: Kind::Server,
            part: part(place),
            rate: Rate { shape: line.shape.shape(), ..Rate::per_unit(Decimal::ZERO, line.per, every(line.every)) },
            from: None,
            to: None,
        });
        let card = RateCard::new("1".parse().unwrap(), CNY, entries).unwrap();
        card.tariff(&Kind::Server, instant(self.window.0)).unwrap()
    }

    /// Usage by the model, in units of each line's price × microseconds.
    fn model_usage(&self) -> Option<metering::Usage> {
        let span = |(index, (start, end, mode)): (usize, &(i64, Option<i64>, ChargeMode))| metering::Span {
            start: *start,
            end: *end,
            pays: *mode == ChargeMode::PostPaid,
            spec: self
                .lines
                .iter()
                .enumerate()
                .filter_map(|(place, line)| {
                    let (amount, unit) = line.quantities[index]?;
                    let converted = of(amount) * rating::conversion(unit.name(), line.per.name()).unwrap();
                    Some((part(place).to_string(), converted))
                })
                .collect(),
        };
        let spans: Vec<metering::Span> = self.spans.iter().enumerate().map(span).collect();
        metering::usage(&spans, self.window)
    }

    /// What each line costs by the model: original and payable, in order of parts.
    fn model_amounts(&self, usage: &metering::Usage) -> Vec<(Fraction, Fraction)> {
        let amounts = self.lines.iter().enumerate().filter_map(|(place, line)| {
            let name = part(place).to_string();
            let (used, payable) = (usage.used.get(&name)?, usage.payable.get(&name)?);
            let units = |sum: &Fraction| rating::units(sum, line.per.name(), line.per.name(), EVERY[line.every]);
            Some((line.shape.amount(&units(used)), line.shape.amount(&units(payable))))
        });
        amounts.collect()
    }
}

fn every(index: usize) -> Every {
    [Every::Second, Every::Minute, Every::Hour, Every::Day, Every::Month(MonthLength::Fixed30)][index].clone()
}

impl ShapeCase {
    fn shape(&self) -> Shape {
        match self {
            Self::PerUnit(price) => Shape::per_unit(*price),
            Self::Graduated(tiers, rest) => {
                let bounded =
                    tiers.iter().map(|(up_to, price, flat)| Tier { up_to: Some(*up_to), price: *price, flat: *flat });
                let rest = Tier { up_to: None, price: *rest, flat: Decimal::ZERO };
                Shape::graduated(&bounded.chain([rest]).collect::<Vec<_>>()).unwrap()
            }
            Self::Package(size, price) => Shape::package(*size, *price).unwrap(),
        }
    }

    fn amount(&self, units: &Fraction) -> Fraction {
        match self {
            Self::PerUnit(price) => units * of(*price),
            Self::Graduated(tiers, rest) => tiers::graduated(&model_tiers(tiers, *rest), units),
            Self::Package(size, price) => tiers::package(&of(*size), &of(*price), units),
        }
    }
}

fn model_tiers(tiers: &[(Decimal, Decimal, Decimal)], rest: Decimal) -> Vec<tiers::Tier> {
    let bounded = tiers.iter().map(|(up_to, price, flat)| tiers::Tier {
        up_to: Some(of(*up_to)),
        price: of(*price),
        flat: of(*flat),
    });
    bounded.chain([tiers::Tier { up_to: None, price: of(rest), flat: zero() }]).collect()
}

fn sums(lines: &[(Fraction, Fraction)]) -> (Fraction, Fraction) {
    (lines.iter().map(|line| &line.0).sum(), lines.iter().map(|line| &line.1).sum())
}

/// What a rounding makes of lines by the model (R-M2, R-M3).
fn model_rounded(lines: &[Vec<Fraction>], rounding: Rounding) -> Fraction {
    let round = |value: &Fraction| rounding::round(value, &of(rounding.step()), rounding.mode().name());
    match rounding.at() {
        RoundAt::Line => lines.iter().flatten().map(round).sum(),
        RoundAt::Segment => lines.iter().map(|segment| round(&segment.iter().sum())).sum(),
        _ => round(&lines.iter().flatten().sum()),
    }
}

/// A rated amount, its derivation and the model: equal, or `money.overflow` where the amount has no room.
fn assert_rated(
    tariff: &Tariff,
    usages: &[Usage],
    lines: &[Vec<(Fraction, Fraction)>],
    rounding: Rounding,
) -> Result<(), TestCaseError> {
    let side = |pick: fn(&(Fraction, Fraction)) -> Fraction| -> Vec<Vec<Fraction>> {
        lines.iter().map(|segment| segment.iter().map(pick).collect()).collect()
    };
    let wanted =
        (model_rounded(&side(|line| line.0.clone()), rounding), model_rounded(&side(|line| line.1.clone()), rounding));
    let rated = match rounding.at() {
        RoundAt::Segment => tariff.rate_segments(usages, rounding),
        _ => tariff.rate(&usages[0], rounding),
    };
    match rated {
        Ok(rated) => {
            prop_assert_eq!((of(rated.original()), of(rated.payable())), wanted);
            // R-M6: the digits of the step, unless a sum of lines has only room without zeros at its end.
            let scale = rounding.step().scale();
            prop_assert!(rated.original().scale() == scale || !fits_at(&of(rated.original()), scale));
            let explanation = rated.explain().unwrap();
            prop_assert_eq!(explanation.recompute().unwrap(), (rated.original(), rated.payable()));
            let shown: Vec<_> =
                explanation.lines().iter().map(|line| (fraction(&line.original), fraction(&line.payable))).collect();
            prop_assert_eq!(shown, lines.iter().flatten().cloned().collect::<Vec<_>>());
            prop_assert!(!explanation.to_string().is_empty());
        }
        Err(error) => {
            prop_assert_eq!(error.code(), "money.overflow");
            let scale = rounding.step().scale();
            prop_assert!(!fits_at(&wanted.0, scale) || !fits_at(&wanted.1, scale), "{} fits", wanted.0);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::cases(120))]

    /// R-P2, R-U3: whatever the price, the quantity, the units and the time.
    #[test]
    fn amounts_are_sums_of_price_quantity_and_time(case in cases()) {
        let (tariff, history) = (case.tariff(), case.history());
        let usage = history.usage(case.window()).unwrap();
        let model = case.model_usage();
        prop_assert_eq!(usage.is_some(), model.is_some());
        let (Some(usage), Some(model)) = (usage, model) else { return Ok(()) };

        for (place, line) in case.lines.iter().enumerate() {
            let name = part(place).to_string();
            let in_price_units = |of: Option<counterfoil::metering::UsageOf>| of.map(|of| {
                fraction(of.value()) * rating::conversion(of.unit().name(), line.per.name()).unwrap()
            });
            prop_assert_eq!(in_price_units(usage.used(&part(place))), model.used.get(&name).cloned());
            prop_assert_eq!(in_price_units(usage.payable(&part(place))), model.payable.get(&name).cloned());
        }

        let lines = case.model_amounts(&model);
        let exact = tariff.exact(&usage).unwrap();
        prop_assert_eq!((fraction(&exact.original), fraction(&exact.payable)), sums(&lines));

        for mode in MODES {
            for at in [RoundAt::Line, RoundAt::LineCarry, RoundAt::Total] {
                let rounding = Rounding::new(mode.parse().unwrap(), case.step, at).unwrap();
                assert_rated(&tariff, std::slice::from_ref(&usage), std::slice::from_ref(&lines), rounding)?;
            }
        }
    }

    /// R-M2 at the segment: spans by themselves, which add up to the whole.
    #[test]
    fn segments_are_rounded_apart_and_add_up(case in cases(), mode in 0..7_usize) {
        let (tariff, history) = (case.tariff(), case.history());
        let segments = history.segments(case.window(), QuotaCharge::Free).unwrap();
        let mut of_spans = Vec::new();
        for index in 0..case.spans.len() {
            let mut alone = case.clone();
            // A part that the span has not is there all the same, with nothing of it.
            for line in &mut alone.lines {
                if line.quantities.iter().any(Option::is_some) {
                    let own = line.quantities[index].or(Some((Decimal::ZERO, line.per)));
                    line.quantities[index] = own;
                }
            }
            alone.spans = vec![case.spans[index]];
            for line in &mut alone.lines {
                line.quantities = vec![line.quantities[index]];
            }
            let (start, end, _) = case.spans[index];
            let reaches = case.window.0.max(start) < end.unwrap_or(i64::MAX).min(case.window.1);
            if let (true, Some(usage)) = (reaches, alone.model_usage()) {
                of_spans.push(alone.model_amounts(&usage));
            }
        }
        prop_assert_eq!(segments.len(), of_spans.len());
        let rounding = Rounding::new(MODES[mode].parse().unwrap(), case.step, RoundAt::Segment).unwrap();
        assert_rated(&tariff, &segments, &of_spans, rounding)?;
    }

    /// The same figures written with zeros at their ends are too long for the narrow path, and mean the same.
    #[test]
    fn the_narrow_path_and_the_wide_one_agree(
        figures in proptest::collection::vec((0..1_000_000_i64, 1..10_000_i64, 0..3_u32), 1..6),
        cut in 1..86_400_000_000_i64,
        mode in 0..7_usize,
        graduated in any::<bool>(),
    ) {
        let made_of = |wide: bool| {
            let long = |mantissa: i64, scale: u32| {
                let room = if wide { 22 } else { 0 };
                let mantissa = i128::from(mantissa) * 10_i128.pow(room);
                Decimal::try_from_i128_with_scale(mantissa, scale + room).unwrap()
            };
            let shape = |price: Decimal| match graduated {
                true => ShapeCase::Graduated(vec![(long(10, 0), price, long(1, 2))], long(3, 1)),
                false => ShapeCase::PerUnit(price),
            };
            let line = |(price, quantity, scale): &(i64, i64, u32)| Line {
                per: Unit::GiB,
                every: 2,
                shape: shape(long(*price, scale + 1)),
                quantities: vec![
                    Some((long(*quantity, *scale), Unit::MiB)),
                    Some((long(quantity + 1, *scale), Unit::GiB)),
                ],
            };
            Case {
                lines: figures.iter().map(line).collect(),
                spans: vec![(0, Some(cut), ChargeMode::PostPaid), (cut, None, ChargeMode::PrePaid)],
                window: (0, 86_400_000_000),
                step: common::decimal("0.01"),
            }
        };
        let (narrow, wide) = (made_of(false), made_of(true));
        let (narrow_tariff, wide_tariff) = (narrow.tariff(), wide.tariff());
        let usage = |case: &Case| case.history().usage(case.window()).unwrap().unwrap();
        let (narrow_usage, wide_usage) = (usage(&narrow), usage(&wide));
        prop_assert_eq!(&narrow_usage, &wide_usage);
        prop_assert_eq!(narrow_tariff.exact(&narrow_usage).unwrap(), wide_tariff.exact(&wide_usage).unwrap());
        prop_assert_eq!(narrow_tariff.exact(&wide_usage).unwrap(), wide_tariff.exact(&narrow_usage).unwrap());
        for at in [RoundAt::Line, RoundAt::LineCarry, RoundAt::Total] {
            let rounding = Rounding::new(MODES[mode].parse().unwrap(), narrow.step, at).unwrap();
            let a = narrow_tariff.rate(&narrow_usage, rounding).unwrap();
            let b = wide_tariff.rate(&wide_usage, rounding).unwrap();
            prop_assert_eq!((a.original(), a.payable()), (b.original(), b.payable()));
            let (a, b) = (a.explain().unwrap(), b.explain().unwrap());
            prop_assert_eq!(a.recompute().unwrap(), b.recompute().unwrap());
            for (a, b) in a.lines().iter().zip(b.lines()) {
                prop_assert_eq!((&a.used, &a.payable_units), (&b.used, &b.payable_units));
                prop_assert_eq!((&a.original, &a.payable), (&b.original, &b.payable));
            }
        }
    }

    /// R-P3: tiers, volumes, stairs and blocks of any size; free units, least and most.
    #[test]
    fn shapes_are_by_definition(
        tiers in proptest::collection::vec((above_zero(), decimals(), decimals()), 0..5),
        rest in decimals(),
        numerator in decimals(),
        denominator in prop_oneof![Just(1_i64), 1..1_000_000_i64],
        on_a_bound in proptest::option::of(any::<Index>()),
        free in prop_oneof![Just(Decimal::ZERO), decimals()],
        (least, most) in (proptest::option::of(decimals()), proptest::option::of(decimals())),
    ) {
        let mut tiers = tiers;
        tiers.sort_by_key(|tier| tier.0);
        tiers.dedup_by_key(|tier| tier.0);
        let units = match on_a_bound {
            Some(index) if !tiers.is_empty() => Exact::from(index.get(&tiers).0),
            _ => Exact::from(numerator).divided_by(&Exact::from(denominator)).unwrap(),
        };
        let count = fraction(&units);
        let model = model_tiers(&tiers, rest);
        let given: Vec<Tier> = tiers
            .iter()
            .map(|(up_to, price, flat)| Tier { up_to: Some(*up_to), price: *price, flat: *flat })
            .chain([Tier { up_to: None, price: rest, flat: Decimal::ZERO }])
            .collect();
        let graduated = Shape::graduated(&given).unwrap();
        let amount = graduated.amount(&units, ZeroUsage::Free).unwrap();
        prop_assert_eq!(fraction(&amount), tiers::graduated(&model, &count));
        let volume = Shape::volume(&given).unwrap().amount(&units, ZeroUsage::Free).unwrap();
        prop_assert_eq!(fraction(&volume), tiers::volume(&model, &count));
        let stairs: Vec<Tier> = given.iter().map(|tier| Tier { price: Decimal::ZERO, ..*tier }).collect();
        let step = |tier: &tiers::Tier| tiers::Tier { price: zero(), ..tier.clone() };
        let model_stairs: Vec<tiers::Tier> = model.iter().map(step).collect();
        let stairs = Shape::stair_step(&stairs).unwrap().amount(&units, ZeroUsage::Free).unwrap();
        prop_assert_eq!(fraction(&stairs), tiers::volume(&model_stairs, &count));
        if let Some((size, price, _)) = tiers.first() {
            let package = Shape::package(*size, *price).unwrap().amount(&units, ZeroUsage::Free).unwrap();
            prop_assert_eq!(fraction(&package), tiers::package(&of(*size), &of(*price), &count));
        }

        let (least, most) = match (least, most) {
            (Some(least), Some(most)) if most < least => (Some(most), Some(least)),
            limits => limits,
        };
        let plain = Rate::per_unit(rest, Unit::GiB, Every::Day);
        let rate = Rate { shape: graduated, free, minimum: least, maximum: most, ..plain };
        let mut wanted = tiers::graduated(&model, &(&count - of(free)).max(zero()));
        if count > zero() {
            wanted = least.map_or(wanted.clone(), |least| wanted.max(of(least)));
            wanted = most.map_or(wanted.clone(), |most| wanted.min(of(most)));
        }
        prop_assert_eq!(fraction(&rate.amount(&units).unwrap()), wanted);
    }

    /// R-P3: the least and the most of a whole reading; nothing stays nothing.
    #[test]
    fn limits_of_a_reading(case in cases(), least in decimals(), more in decimals()) {
        let (least, most) = if least < more { (least, more) } else { (more, least) };
        let entries = case.lines.iter().enumerate().map(|(place, line)| Entry {
            kind: Kind::Server,
            part: part(place),
            rate: Rate { shape: line.shape.shape(), ..Rate::per_unit(Decimal::ZERO, line.per, every(line.every)) },
            from: None,
            to: None,
        });
        let card = RateCard::new("1".parse().unwrap(), CNY, entries).unwrap();
        let card = card.with_limits(Kind::Server, Limits { minimum: Some(least), maximum: Some(most) }).unwrap();
        let tariff = card.tariff(&Kind::Server, Instant::MIN).unwrap();
        let usage = case.history().usage(case.window()).unwrap();
        let (Some(usage), Some(model)) = (usage, case.model_usage()) else { return Ok(()) };
        let (original, payable) = sums(&case.model_amounts(&model));
        let limited = |sum: Fraction| if sum == zero() { sum } else { sum.max(of(least)).min(of(most)) };
        let cents = |sum: &Fraction| rounding::round(sum, &of(common::decimal("0.01")), "half_even");
        let wanted = (cents(&limited(original)), cents(&limited(payable)));
        match tariff.rate(&usage, Rounding::PORTAL) {
            Ok(rated) => {
                prop_assert_eq!((of(rated.original()), of(rated.payable())), wanted);
                prop_assert_eq!(rated.explain().unwrap().recompute().unwrap(), (rated.original(), rated.payable()));
            }
            Err(error) => {
                prop_assert_eq!(error.code(), "money.overflow");
                prop_assert!(!fits_at(&wanted.0, 2) || !fits_at(&wanted.1, 2));
            }
        }
    }
}

/// The largest of everything at once: 28 digits × 28 digits × ten thousand years, in the largest unit by the
/// smallest. The exact amount always stands; rounded, it is itself or `money.overflow`, and nothing else.
#[test]
fn the_largest_of_everything() {
    let largest = Decimal::MAX;
    for (unit, per) in
        [(Unit::EiB, Unit::Byte), (Unit::Byte, Unit::EiB), (Unit::EB, Unit::Byte), (Unit::Card, Unit::MilliCard)]
    {
        for scale in [0, 28] {
            let value = Decimal::from_i128_with_scale(largest.mantissa(), scale);
            let case = Case {
                lines: vec![Line {
                    per,
                    every: 0,
                    shape: ShapeCase::PerUnit(value),
                    quantities: vec![Some((value, unit))],
                }],
                spans: vec![(Instant::MIN.micros(), None, ChargeMode::PostPaid)],
                window: (Instant::MIN.micros(), Instant::MAX.micros()),
                step: common::decimal("0.01"),
            };
            let usage = case.history().usage(case.window()).unwrap().unwrap();
            let tariff = case.tariff();
            let years =
                Fraction::from_integer((Instant::MAX.micros() - Instant::MIN.micros()).into()) / whole(1_000_000);
            let wanted = of(value) * of(value) * years * rating::conversion(unit.name(), per.name()).unwrap();
            assert_eq!(fraction(&tariff.exact(&usage).unwrap().original), wanted);
            match tariff.rate(&usage, Rounding::PORTAL) {
                Ok(rated) => assert_eq!(of(rated.original()), rounding::round(&wanted, &of(case.step), "half_even")),
                Err(error) => {
                    assert_eq!(error.code(), "money.overflow");
                    assert!(!fits_at(&rounding::round(&wanted, &of(case.step), "half_even"), 2));
                }
            }
        }
    }
}

/// The two conversions agree for every pair of units.
#[test]
fn units_convert_as_the_model_says() {
    for from in Unit::all() {
        for to in Unit::all() {
            let converted = Quantity::whole(1, from).exact_in(to);
            let wanted = rating::conversion(from.name(), to.name());
            match converted {
                Ok(exact) => assert_eq!(Some(fraction(&exact)), wanted, "{from} to {to}"),
                Err(error) => assert_eq!((error.code(), wanted), ("units.incompatible", None), "{from} to {to}"),
            }
        }
    }
}
