//! The laws of changes: R-P8 … R-P11 for any order, any price, any instant.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    exact::Exact,
    money::{Derivation, Ratio, Rounding},
    pricing::change::{
        Basis, Change, ChangeTerms, CountsBy, Fee, FeeTable, Legs, Months, OrderTerm, Paid, PaidPlan, PlanCycle,
        RefundPolicy, Remaining, Subscription, to_month_end,
    },
    time::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_SECOND, Period, Proration, Zone},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const ZONES: [&str; 6] =
    ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"];

fn zones() -> impl Strategy<Value = Zone> {
    proptest::sample::select(ZONES.to_vec()).prop_map(|name| name.parse().unwrap())
}

/// 2000 to 2050, often on a whole hour, a midnight of UTC or a second before one.
fn instants() -> impl Strategy<Value = Instant> {
    let all = 946_684_800_000_000..2_524_608_000_000_000_i64;
    let of = |step: i64, less: i64| move |at: i64| at - at.rem_euclid(step) - less;
    prop_oneof![
        2 => all.clone(),
        2 => all.clone().prop_map(of(MICROS_PER_HOUR, 0)),
        1 => all.clone().prop_map(of(MICROS_PER_DAY, 0)),
        1 => all.prop_map(of(MICROS_PER_DAY, MICROS_PER_SECOND)),
    ]
    .prop_map(|micros| Instant::from_micros(micros).unwrap())
}

/// Up to about three years.
fn spans() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => 0..MICROS_PER_DAY,
        3 => 0..100 * MICROS_PER_DAY,
        1 => 0..1_100 * MICROS_PER_DAY,
    ]
}

fn months() -> impl Strategy<Value = Months> {
    prop_oneof![
        Just(Months::Natural),
        instants().prop_map(|anchor| Months::Anchored { anchor }),
        Just(Months::Fixed30),
        Just(Months::ThirtyDays),
    ]
}

fn cents() -> impl Strategy<Value = Decimal> {
    (0..1_000_000_i64).prop_map(|cents| Decimal::new(cents, 2))
}

fn ratios() -> impl Strategy<Value = Ratio> {
    (0..=1_000_i64).prop_map(|thousandths| Ratio::new(Decimal::new(thousandths, 3)).unwrap())
}

fn period(start: Instant, length: i64) -> Period {
    Period::new(start, start.plus_micros(length).unwrap()).unwrap()
}

/// An end that is counted as it is: not in the last second of a day.
fn is_plain(at: Instant, zone: Zone) -> bool {
    zone.local(at).time() < chrono::NaiveTime::from_hms_opt(23, 59, 59).unwrap()
}

fn is_sound(derivation: &Derivation) -> bool {
    let shown: Vec<Exact> = derivation.steps().iter().map(|step| step.value.clone()).collect();
    derivation.recompute().unwrap() == shown
}

proptest! {
    /// R-T5: what remains by natural months is what the proration policy of that name measures.
    #[test]
    fn natural_months_are_those_of_the_proration(start in instants(), length in spans(), zone in zones()) {
        let period = period(start, length);
        let remaining = Remaining::of_period(period, Months::Natural, zone).unwrap();
        prop_assert_eq!(remaining.months(), &Proration::MonthFractions.measure(period, zone).unwrap());
    }

    #[test]
    fn what_remains_in_two_parts_is_what_remains(
        start in instants(), first in spans(), second in spans(), months in months(), zone in zones(),
    ) {
        let (first, second) = (period(start, first), period(start.plus_micros(first).unwrap(), second));
        prop_assume!(is_plain(first.end(), zone));
        let of = |period| Remaining::of_period(period, months, zone).unwrap().months().clone();
        let whole = of(Period::new(first.start(), second.end()).unwrap());
        prop_assert!(!whole.is_negative());
        // A 31st counts as a 30th in 30/360, from whichever side: its parts add up too.
        prop_assert_eq!(of(first).plus(&of(second)).unwrap(), whole);
    }

    /// R-P8: later is never dearer, and nothing more remains than the whole order.
    #[test]
    fn less_remains_as_time_goes_on(
        start in instants(), length in 1..100 * MICROS_PER_DAY, at in spans(), later in spans(), zone in zones(),
        months in months(),
    ) {
        let order = period(start, length);
        let of = |elapsed: i64| {
            let at = start.plus_micros(elapsed.rem_euclid(length)).unwrap();
            (at, Remaining::of_order(order, at, months, zone).unwrap().months().clone())
        };
        let ((at, left), (later, then)) = (of(at), of(later));
        prop_assert!(at > later || left >= then);
        prop_assert!(left <= *Remaining::of_period(order, months, zone).unwrap().months());
    }

    /// R-P8: up and down by the same facts cancel before rounding, and by legs also after it.
    #[test]
    fn up_and_down_cancel(
        old in cents(), new in cents(), discount in ratios(), start in instants(), length in spans(), zone in zones(),
    ) {
        let remaining = Remaining::of_period(period(start, length), Months::Natural, zone).unwrap();
        for legs in [Legs::Net, Legs::Each] {
            let terms = ChangeTerms { discount, legs, ..ChangeTerms::BSS };
            let up = Change::Price { old, new }.cost(&remaining, terms).unwrap();
            let down = Change::Price { old: new, new: old }.cost(&remaining, terms).unwrap();
            prop_assert!(up.exact().plus(down.exact()).unwrap().is_zero());
            prop_assert_eq!(up.payable(), -down.payable()); // truncation is the same on both sides of zero
            prop_assert!(is_sound(up.derivation()) && is_sound(down.derivation()));
        }
    }

    /// R-P8: one and the other is both, before rounding.
    #[test]
    fn changes_add_up(a in cents(), b in cents(), c in cents(), start in instants(), length in spans()) {
        let remaining = Remaining::of_period(period(start, length), Months::Natural, Zone::UTC).unwrap();
        let of = |old, new| {
            Change::Price { old, new }.cost(&remaining, ChangeTerms::BSS).unwrap().exact().clone()
        };
        prop_assert_eq!(of(a, b).plus(&of(b, c)).unwrap(), of(a, c));
        let seats = Change::Amount { old: a, new: b, price: c }.cost(&remaining, ChangeTerms::BSS).unwrap();
        prop_assert_eq!(seats.exact(), &of(a, b).times(&Exact::from(c)).unwrap());
    }

    /// R-P9: never below zero, never above what was paid, and less as time goes on.
    #[test]
    fn a_plan_is_worth_less_every_day(
        start in instants(), first in MICROS_PER_DAY..100 * MICROS_PER_DAY, next in MICROS_PER_DAY..100 * MICROS_PER_DAY,
        prices in [cents(), cents()], at in spans(), later in spans(), zone in zones(), price in cents(),
    ) {
        let running = period(start, first);
        let ahead = period(running.end(), next);
        let cycles = [running, ahead].into_iter().zip(prices).map(|(period, price)| PlanCycle { period, price });
        let plan = PaidPlan::new(cycles, zone).unwrap();
        let of = |elapsed: i64| {
            let now = start.plus_micros(elapsed).unwrap();
            let value = plan.remaining(now, Rounding::USAGE_REMAINING).unwrap();
            assert!(is_sound(value.derivation()));
            (now, value)
        };
        let ((now, left), (then, later)) = (of(at.min(later)), of(at.max(later)));
        prop_assert!(left.amount() >= later.amount());
        prop_assert!(later.amount() >= Decimal::ZERO && left.amount() <= prices.iter().sum());
        prop_assert!(then < ahead.end() || later.amount().is_zero());
        match plan.switch(price, now, Rounding::USAGE_REMAINING) {
            Ok(switch) => {
                prop_assert!(is_sound(switch.derivation()));
                prop_assert_eq!(switch.payment() + switch.remaining().amount(), price);
            }
            Err(error) => {
                prop_assert_eq!(error.code(), "pricing.switch_refused");
                prop_assert!(left.amount() > price);
            }
        }
    }

    /// R-P10: the refund lies between nothing and what was paid, and nothing is lost on the way to it.
    #[test]
    fn refunds_are_conserved(
        start in instants(), length in 2 * MICROS_PER_DAY..1_000 * MICROS_PER_DAY, elapsed in spans(), ahead in spans(),
        amount in cents(), vouchers in cents(), share in ratios(), by_table in any::<bool>(), by_days in any::<bool>(),
        zone in zones(), in_full_days in proptest::option::of(0..9_u32),
    ) {
        let purchased = start.plus_micros(-ahead).unwrap();
        let order = Subscription::new(period(start, length), zone).purchased(purchased).unwrap();
        let at = purchased.plus_micros(elapsed.rem_euclid(length + ahead + 1)).unwrap();
        let by = if by_days { CountsBy::Days } else { CountsBy::Hours };
        let table = FeeTable::bss_intl();
        let fee = if by_table { Fee::Table { table, term: OrderTerm::Years(3) } } else { Fee::Share(share) };
        let policy = RefundPolicy { by, fee, in_full_days, rounding: Rounding::BSS };
        let paid = Paid::new(amount).unwrap().by_vouchers(vouchers.min(amount)).unwrap();
        let refund = order.refund(paid, at, &policy).unwrap();

        let counted = amount - vouchers.min(amount);
        prop_assert_eq!(refund.paid(), &Exact::from(counted));
        prop_assert!(refund.amount() >= Decimal::ZERO && refund.amount() <= counted);
        let whole = refund.paid().plus(refund.uncovered()).unwrap();
        prop_assert_eq!(Exact::sum([refund.consumed(), refund.fee(), refund.rounded().exact()]).unwrap(), whole);
        prop_assert!(refund.uncovered().is_zero() || refund.rounded().exact().is_zero());
        prop_assert!(refund.consumed() <= refund.paid() && !refund.consumed().is_negative());
        prop_assert!(is_sound(refund.derivation()));
        prop_assert_eq!(refund.basis() == Basis::NotStarted, at < start);
        let early = in_full_days.is_some_and(|days| {
            at.micros_since(purchased) <= i64::from(days) * MICROS_PER_DAY
        });
        prop_assert_eq!(refund.basis() == Basis::EarlyEnough, early && at >= start);
        prop_assert!(refund.basis() == Basis::Use || refund.amount() == counted);
    }

    /// R-P10: what is used never goes down, and never beyond what was ordered.
    #[test]
    fn use_grows(
        start in instants(), length in 2 * MICROS_PER_DAY..100 * MICROS_PER_DAY, one in spans(), other in spans(),
        zone in zones(),
    ) {
        let order = Subscription::new(period(start, length), zone);
        let of = |elapsed: i64, by| {
            order.counts(start.plus_micros(elapsed.rem_euclid(length + 1)).unwrap(), by).unwrap()
        };
        let (one, other) = (one.rem_euclid(length + 1), other.rem_euclid(length + 1));
        for by in [CountsBy::Hours, CountsBy::Days] {
            let (before, after) = (of(one.min(other), by), of(one.max(other), by));
            prop_assert!(before.used() <= after.used() && after.used() <= after.ordered());
            let all = of(length, by);
            prop_assert_eq!(all.used(), all.ordered());
        }
    }

    /// R-P11: the days left are the days of the month, less those that are over.
    #[test]
    fn the_rest_of_a_month(at in instants(), price in cents(), zone in zones()) {
        let paid = to_month_end(price, at, zone, Rounding::BSS).unwrap();
        prop_assert!(is_sound(paid.derivation()));
        let next = to_month_end(price, at.plus_micros(40 * MICROS_PER_DAY).unwrap(), zone, Rounding::BSS).unwrap();
        for paid in [&paid, &next] {
            let (left, of) = (paid.derivation().value("days_left").unwrap(), paid.derivation().value("month_days").unwrap());
            prop_assert!(*left >= Exact::ONE && left <= of);
            prop_assert!(paid.amount() <= price);
        }
    }
}
