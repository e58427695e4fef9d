//! R-P8 … R-P11 and R-T5 against models that walk: day by day, hour by hour, year by year, by clocks that are moved and
//! by clocks that are not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{MODES, fraction, of};
use counterfoil::{
    exact::Exact,
    money::{Ratio, Rounding},
    pricing::change::{
        Basis, Change, ChangeTerms, CountsBy, Downgrade, Fee, FeeTable, Legs, Months, OrderTerm, Paid, PaidPlan,
        PlanCycle, RefundPolicy, Remaining, Subscription, to_month_end,
    },
    time::{Instant, Period, Zone},
};
use counterfoil_reference::{
    Fraction,
    calendar::{Clock, DAY, Date, HOUR},
    change as model,
    number::{ratio, read, whole},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The beginning of 2019 by UTC, where instants of the models are counted from.
const EPOCH: i64 = 1_546_300_800_000_000;
const SECOND: i64 = 1_000_000;

fn instant(at: i64) -> Instant {
    Instant::from_micros(EPOCH + at).unwrap()
}

fn period(start: i64, end: i64) -> Period {
    Period::new(instant(start), instant(end)).unwrap()
}

/// Zones whose clocks are not moved, and one whose clock is.
const ZONES: [&str; 4] = ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York"];

fn zone(index: usize) -> Zone {
    ZONES[index].parse().unwrap()
}

fn clock(index: usize) -> Clock {
    let utc = Clock(vec![(0, 0)]);
    // New York: on these days of March at 7:00, and of November at 6:00, by UTC.
    let moved = [
        (2019, 10, 3),
        (2020, 8, 1),
        (2021, 14, 7),
        (2022, 13, 6),
        (2023, 12, 5),
        (2024, 10, 3),
        (2025, 9, 2),
        (2026, 8, 1),
    ];
    let new_york = moved.into_iter().flat_map(|(year, march, november)| {
        [
            (utc.instant(Date { year, month: 3, day: march }, 7 * HOUR), -4 * HOUR),
            (utc.instant(Date { year, month: 11, day: november }, 6 * HOUR), -5 * HOUR),
        ]
    });
    match ZONES[index] {
        "UTC" => utc,
        "Asia/Shanghai" => Clock(vec![(0, 8 * HOUR)]),
        "Asia/Kathmandu" => Clock(vec![(0, 5 * HOUR + 45 * SECOND * 60)]),
        _ => Clock([(0, -5 * HOUR)].into_iter().chain(new_york).collect()),
    }
}

/// Instants of 2019 to 2025: anywhere, at whole hours, and in the last seconds of days of any of the zones.
fn instants() -> impl Strategy<Value = i64> {
    let day = 10..2_500_i64;
    let in_a_day = prop_oneof![
        2 => 0..DAY,
        1 => (0..24_i64).prop_map(|hour| hour * HOUR),
        1 => (0..96_i64).prop_map(|quarter| quarter * HOUR / 4),
        2 => (0..96_i64, 1..=1_200_000_i64).prop_map(|(quarter, before)| quarter * HOUR / 4 + HOUR / 4 - before),
        1 => (0..96_i64).prop_map(|quarter| quarter * HOUR / 4 + HOUR / 4 - SECOND),
    ];
    (day, in_a_day).prop_map(|(day, in_a_day)| day * DAY + in_a_day)
}

/// Lengths of orders: hours, days, months.
fn lengths() -> impl Strategy<Value = i64> {
    prop_oneof![
        1..3 * DAY,
        (1..40_i64).prop_map(|days| days * DAY),
        (1..40_i64).prop_map(|days| days * DAY - SECOND),
        1..100 * DAY,
        (1..100_i64, 0..96_i64).prop_map(|(days, quarters)| days * DAY + quarters * HOUR / 4),
    ]
}

/// An order, and an instant inside of it, at its start, or near its start.
fn orders() -> impl Strategy<Value = (i64, i64, i64)> {
    (instants(), lengths(), prop_oneof![2 => 0..1_000_i64, 1 => Just(0), 1 => Just(1_000)], 0..DAY).prop_map(
        |(start, length, mills, near)| {
            let at = match mills {
                1_000 => start + near.min(length - 1),
                mills => start + i64::try_from(i128::from(length) * i128::from(mills) / 1_000).unwrap(),
            };
            (start, start + length, at)
        },
    )
}

fn prices() -> impl Strategy<Value = Decimal> {
    (0..10_000_000_i64, 0..5_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn roundings() -> impl Strategy<Value = (&'static str, &'static str)> {
    (prop::sample::select(MODES.to_vec()), prop::sample::select(vec!["0.01", "0.0001", "1", "0.05"]))
}

fn rounding(mode: &str, step: &str) -> Rounding {
    format!("{mode} {step} total").parse().unwrap()
}

proptest! {
    #![proptest_config(common::cases(400))]

    /// R-P8, R-T5: what is left of an order, day by day.
    #[test]
    fn r_p8_remaining_months_are_those_of_the_walk((start, end, at) in orders(), place in 0..ZONES.len()) {
        let (clock, zone) = (clock(place), zone(place));
        let counted = model::left_of_order(&clock, (start, end), at);
        let natural = Remaining::of_order(period(start, end), instant(at), Months::Natural, zone).unwrap();
        prop_assert_eq!(natural.counted(), Some(period(counted.0, counted.1)));
        prop_assert_eq!(fraction(natural.months()), model::natural_months(&clock, counted));
        let thirty = Remaining::of_order(period(start, end), instant(at), Months::Fixed30, zone).unwrap();
        prop_assert_eq!(fraction(thirty.months()), model::months_of_30_days(counted));
    }

    /// R-P8: (new − old) × discount × what remains, the net or each leg rounded; a downgrade by policy.
    #[test]
    fn r_p8_a_change_of_specification_costs_what_the_model_says(
        (start, end, at) in orders(), place in 0..ZONES.len(), (old, new) in (prices(), prices()),
        discount in 0..=1_000_i64, (mode, step) in roundings(), (each, refuses) in (any::<bool>(), any::<bool>()),
    ) {
        let clock = clock(place);
        let months = model::natural_months(&clock, model::left_of_order(&clock, (start, end), at));
        let remaining = Remaining::of_order(period(start, end), instant(at), Months::Natural, zone(place)).unwrap();
        let discount = Decimal::new(discount, 3);
        let terms = ChangeTerms {
            discount: Ratio::new(discount).unwrap(),
            downgrade: if refuses { Downgrade::Refuse } else { Downgrade::Refund },
            legs: if each { Legs::Each } else { Legs::Net },
            rounding: rounding(mode, step),
        };
        let cost = Change::Price { old, new }.cost(&remaining, terms);
        if refuses && of(new) < of(old) {
            prop_assert_eq!(cost.unwrap_err().code(), "pricing.downgrade_refused");
            return Ok(());
        }
        let wanted = if each { model::legs } else { model::net };
        let wanted = wanted(&of(old), &of(new), &of(discount), &months, &read(step), mode);
        prop_assert_eq!(of(cost.unwrap().payable()), wanted);
    }

    /// R-P9: a plan with cycles ahead, at an instant before, in and after them.
    #[test]
    fn r_p9_a_plan_is_worth_its_whole_days(
        start in instants(),
        cycles in proptest::collection::vec((lengths(), prop_oneof![2 => Just(0), 1 => 0..DAY], prices()), 1..4),
        now in prop_oneof![3 => -DAY..200 * DAY, 1 => (0..40_i64).prop_map(|days| days * DAY)],
        seconds in -1..=1_i64,
        new_price in prices(),
        place in 0..3_usize, // clocks that are not moved
    ) {
        let mut end = start;
        let cycles: Vec<(i64, i64, Decimal)> = cycles.into_iter().map(|(length, gap, price)| {
            let from = end + gap;
            end = from + length.max(DAY / 2);
            (from, end, price)
        }).collect();
        let now = start + now + seconds * SECOND;
        let paid = cycles.iter().map(|(from, end, price)| PlanCycle { period: period(*from, *end), price: *price });
        let plan = PaidPlan::new(paid, zone(place)).unwrap();
        let model_cycles: Vec<(i64, i64, Fraction)> =
            cycles.iter().map(|(from, end, price)| (*from, *end, of(*price))).collect();
        let left = model::plan_left(&model_cycles, now);

        let value = plan.remaining(instant(now), Rounding::USAGE_REMAINING).unwrap();
        prop_assert_eq!(of(value.amount()), left.clone());
        match plan.switch(new_price, instant(now), Rounding::USAGE_REMAINING) {
            Ok(switch) => {
                prop_assert!(left <= of(new_price));
                prop_assert_eq!(of(switch.payment()), of(new_price) - left);
            }
            Err(error) => {
                prop_assert_eq!(error.code(), "pricing.switch_refused");
                prop_assert!(left > of(new_price));
            }
        }
    }

    /// R-P10, R-T5: used and ordered, hour by hour and date by date.
    #[test]
    fn r_p10_hours_and_days_are_those_of_the_walk(
        (start, end, at) in orders(), at_the_end in prop::bool::weighted(0.1), place in 0..ZONES.len(),
    ) {
        let (clock, at) = (clock(place), if at_the_end { end } else { at });
        let order = Subscription::new(period(start, end), zone(place));
        for (by, (used, ordered)) in [
            (CountsBy::Hours, model::hours(&clock, (start, end), at)),
            (CountsBy::Days, model::days(&clock, (start, end), at)),
        ] {
            match order.counts(instant(at), by) {
                Ok(counts) => {
                    prop_assert_eq!((counts.used(), counts.ordered()), (&Exact::from(used), &Exact::from(ordered)));
                }
                Err(error) => prop_assert_eq!((error.code(), ordered), ("time.empty_cycle", 0)),
            }
        }
    }

    /// R-P10: what is refunded, with a fee by the year of use; in full before the start and within days of the purchase.
    #[test]
    fn r_p10_a_refund_is_what_the_model_says(
        start in instants(),
        (years, months, gone) in (0..4_i64, 1..12_i64, 0..=1_000_i64),
        bought_before in prop_oneof![2 => Just(0), 1 => 0..20 * DAY],
        (paid, vouchers) in (prices(), prices()),
        (in_full_days, by_days) in (proptest::option::of(0..8_u32), any::<bool>()),
        place in 0..3_usize, // clocks that are not moved
    ) {
        let clock = clock(place);
        let (date, time) = clock.shows(start);
        let ends = match years {
            0 => start + months * 30 * DAY,
            years => clock.instant(Date { year: date.year + years, day: date.day.min(28), ..date }, time),
        };
        let purchased = start - bought_before;
        let at = purchased + i64::try_from(i128::from(ends - purchased) * i128::from(gone) / 1_000).unwrap();
        let vouchers = vouchers.min(paid);
        let order = Subscription::new(period(start, ends), zone(place)).purchased(instant(purchased)).unwrap();
        let term = if years == 0 { OrderTerm::Monthly } else { OrderTerm::Years(u32::try_from(years).unwrap()) };
        let policy = RefundPolicy {
            by: if by_days { CountsBy::Days } else { CountsBy::Hours },
            fee: Fee::Table { table: FeeTable::bss_intl(), term },
            in_full_days,
            rounding: Rounding::BSS,
        };
        let refund = order.refund(Paid::new(paid).unwrap().by_vouchers(vouchers).unwrap(), instant(at), &policy).unwrap();

        let cash = of(paid) - of(vouchers);
        let is_early = in_full_days.is_some_and(|days| at - purchased <= i64::from(days) * DAY);
        let (basis, wanted) = if at < start {
            (Basis::NotStarted, model::refund(&cash, (0, 1), &whole(0)))
        } else if is_early {
            (Basis::EarlyEnough, model::refund(&cash, (0, 1), &whole(0)))
        } else {
            let counts = if by_days { model::days } else { model::hours };
            let year = model::year_of_use(&clock, start, at);
            prop_assert_eq!(i64::from(order.year_of_use(instant(at)).unwrap()), year);
            let percent = model::fee_percent(years, year).expect("within the term");
            (Basis::Use, model::refund(&cash, counts(&clock, (start, ends), at), &ratio(percent, 100)))
        };
        prop_assert_eq!((refund.basis(), of(refund.amount())), (basis, wanted));
    }

    /// R-P11: the days of the month that are left, today counted.
    #[test]
    fn r_p11_to_the_end_of_the_month(
        at in instants(), price in prices(), (mode, step) in roundings(), place in 0..ZONES.len(),
    ) {
        let paid = to_month_end(price, instant(at), zone(place), rounding(mode, step)).unwrap();
        let wanted = model::to_month_end(&clock(place), &of(price), at, &read(step), mode);
        prop_assert_eq!(of(paid.amount()), wanted);
    }
}

/// The models themselves give the figures of the rules.
#[test]
fn the_models_know_the_figures() {
    let shanghai = clock(1);
    let at = |year, month, day, hour: i64, minute: i64, second: i64| {
        shanghai.instant(Date { year, month, day }, hour * HOUR + minute * 60 * SECOND + second * SECOND)
    };
    // R-P8: 12/31 + 17/30
    let order = (at(2024, 5, 1, 0, 0, 0), at(2024, 6, 17, 23, 59, 59));
    let left = model::left_of_order(&shanghai, order, at(2024, 5, 19, 23, 30, 0));
    assert_eq!(model::natural_months(&shanghai, left), read("887/930"));
    let cents = read("0.01");
    let net = model::net(&whole(3_000), &whole(6_000), &whole(1), &read("887/930"), &cents, "down");
    assert_eq!(net, read("2861.29"));
    assert_eq!(model::legs(&whole(10), &whole(20), &whole(1), &ratio(17, 31), &cents, "half_up"), read("5.49"));
    // R-P9: 20 whole days of 31
    let utc = clock(0);
    let october =
        (utc.midnight(Date { year: 2020, month: 10, day: 1 }), utc.midnight(Date { year: 2020, month: 11, day: 1 }));
    let now = utc.instant(Date { year: 2020, month: 10, day: 11 }, 12 * HOUR);
    assert_eq!(model::plan_left(&[(october.0, october.1, whole(300))], now), read("193.54"));
    // R-P10: 344 of 758 hours
    let month = (at(2024, 1, 1, 10, 30, 0), at(2024, 2, 1, 23, 59, 59));
    let counts = model::hours(&shanghai, month, at(2024, 1, 15, 18, 40, 0));
    assert_eq!(counts, (344, 758));
    assert_eq!(model::refund(&whole(100), counts, &read("0.1")), read("44.61"));
    // R-P11: 10 of 29 days
    let paid =
        model::to_month_end(&utc, &whole(100), utc.midnight(Date { year: 2024, month: 2, day: 20 }), &cents, "down");
    assert_eq!(paid, read("34.48"));
}
