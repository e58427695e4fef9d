//! Changes in the middle of a period against the shared worked cases: R-P8, R-P9 and R-P10 of
//! `worked_examples.json`, plan changes and proration of `billing_peers.json`.
//!
//! The folder is not part of the project: without it these tests say that they skip.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{
    exact::{Exact, RoundingMode, decimal},
    money::{Ratio, RoundAt, Rounded, Rounding},
    pricing::change::{
        Change, ChangeTerms, Counts, CountsBy, FeeTable, Legs, Months, OrderTerm, Paid, PaidPlan, PartOfMonth,
        PlanCycle, Remaining, Subscription,
    },
    time::{Instant, Period, Zone, parse_date},
};
use rust_decimal::Decimal;
use serde_json::Value;

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn dec(value: &Value) -> Decimal {
    decimal::parse(text(value)).unwrap()
}

fn whole(value: &Value) -> Exact {
    Exact::from(value.as_i64().expect("a whole number"))
}

/// The usage service has no zone; `+00:00` is as good as any.
fn utc(value: &Value) -> Instant {
    format!("{}Z", text(value)).parse().unwrap()
}

fn date(value: &Value) -> Instant {
    Zone::UTC.start_of(parse_date(text(value)).unwrap()).unwrap()
}

/// What a case prints, rounded to the digits that it prints.
fn shown(exact: &Exact, digits: u32) -> String {
    exact.round_digits(digits, RoundingMode::HalfEven).unwrap().to_string()
}

fn of_days(days: Exact, of: Exact) -> PartOfMonth {
    PartOfMonth { days, of }
}

/// R-P8
#[test]
fn changes_of_specification() {
    let ops = ["upgrade_fee", "upgrade_fee_days", "expand_fee"];
    let Some(cases) = shared::examples("worked_examples.json", "op", &ops, 5) else { return };
    for case in &cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let remaining = if let Some(parts) = inputs["remaining"].as_array() {
            Remaining::of_days(parts.iter().map(|part| of_days(whole(&part[0]), whole(&part[1]))))
        } else if let Some(days) = inputs["remaining_days"].as_i64() {
            Remaining::of_days([of_days(days.into(), whole(&inputs["month_days"]))])
        } else {
            let end = utc(&inputs["expires"]);
            let order = Period::new("2026-01-01T00:00:00Z".parse().unwrap(), end).unwrap();
            Remaining::of_order(order, utc(&inputs["now"]), Months::Natural, Zone::UTC)
        };
        let change = if inputs["extra_gb"].is_i64() {
            Change::expansion(inputs["extra_gb"].as_i64().unwrap().into(), dec(&inputs["unit_price"]))
        } else {
            Change::Price { old: dec(&inputs["old"]), new: dec(&inputs["new"]) }
        };
        let cost = change.cost(&remaining.unwrap(), ChangeTerms::BSS).unwrap();
        assert_eq!(cost.payable().to_string(), text(&expected["fee"]), "{case}");
        if case["id"] == "bss-up-04" {
            // Its raw fee is of 6.41666667 days; the days are 6 and 10 hours.
            assert_eq!(shown(cost.derivation().value("days").unwrap(), 8), text(&inputs["first_partial_days"]));
            let of_shown_days: Exact = text(&inputs["first_partial_days"]).parse().unwrap();
            let months = of_shown_days.divided_by(&31.into()).unwrap().plus(&Exact::ONE).unwrap();
            let raw = months.times(&Exact::from(dec(&inputs["new"]))).unwrap();
            assert!(shown(&raw, 5) == shown(cost.exact(), 5) && &raw != cost.exact());
        }
    }
}

/// R-P9
#[test]
fn plans() {
    let Some(cases) = shared::examples("worked_examples.json", "op", &["switch_remaining", "end_order"], 5) else {
        return;
    };
    for case in &cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let rounding = Rounding::USAGE_REMAINING;
        if case["op"] == "end_order" {
            let end: Instant = "2016-11-01T00:00:00Z".parse().unwrap();
            let days = |days: i64| days * counterfoil::time::MICROS_PER_DAY;
            let now = end.plus_micros(-days(inputs["days_left"].as_i64().unwrap())).unwrap();
            let period = Period::new(end.plus_micros(-days(31)).unwrap(), end).unwrap();
            let plan = PaidPlan::new([PlanCycle { period, price: dec(&inputs["price_paid"]) }], Zone::UTC).unwrap();
            assert_eq!(case["policy"]["cancel_refund"], "none");
            let refund = plan.cancel(Ratio::ZERO, now, rounding).unwrap();
            assert_eq!(refund.amount().to_string(), text(&expected["refund"]), "{case}");
            continue;
        }
        let period = Period::new(utc(&inputs["consume_time"]), utc(&inputs["deadline"])).unwrap();
        let plan = PaidPlan::new([PlanCycle { period, price: dec(&inputs["money"]) }], Zone::UTC).unwrap();
        let left = plan.remaining(utc(&inputs["now"]), rounding).unwrap();
        assert_eq!(left.amount().to_string(), text(&expected["remaining"]), "{case}");
    }
}

/// R-P10
#[test]
fn unsubscriptions() {
    let ops = ["refund_duration", "refund_duration_days", "refund_yearly_monthly", "handling_fee"];
    let Some(cases) = shared::examples("worked_examples.json", "op", &ops, 7) else { return };
    let table = FeeTable::bss_intl();
    for case in &cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        match text(&case["op"]) {
            "refund_duration" => {
                let period = Period::new(utc(&inputs["purchased"]), utc(&inputs["expires"])).unwrap();
                let order = Subscription::new(period, Zone::UTC);
                let counts = order.counts(utc(&inputs["unsubscribed"]), CountsBy::Hours).unwrap();
                assert_eq!(counts.ordered(), &whole(&expected["order_hours"]), "{case}");
                assert_eq!(counts.used(), &whole(&expected["used_hours"]), "{case}");
            }
            "refund_duration_days" => {
                // Expiry is the last second of its date.
                let end = date(&inputs["expires"]).plus_micros(86_399_000_000).unwrap();
                let order = Subscription::new(Period::new(date(&inputs["purchased"]), end).unwrap(), Zone::UTC);
                let counts = order.counts(date(&inputs["unsubscribed"]), CountsBy::Days).unwrap();
                assert_eq!(counts.ordered(), &whole(&expected["order_days"]), "{case}");
                assert_eq!(counts.used(), &whole(&expected["used_days"]), "{case}");
            }
            "refund_yearly_monthly" => {
                let unit = if inputs["order_hours"].is_null() { "days" } else { "hours" };
                let count = |what: &str| whole(&inputs[format!("{what}_{unit}").as_str()]);
                let counts = Counts::new(count("used"), count("order")).unwrap();
                let ratio = table.ratio(text(&inputs["term"]).parse().unwrap(), 1).unwrap();
                let paid = Paid::new(dec(&inputs["paid"])).unwrap();
                let refund = paid.refund(&counts, ratio, Rounding::BSS).unwrap();
                assert_eq!(refund.amount().to_string(), text(&expected["refund"]), "{case}");
                assert_eq!(refund.fee(), &Exact::from(dec(&expected["handling_fee"])), "{case}");
                let consumed = text(&expected["consumed"]);
                let digits = consumed.split_once('.').map_or(0, |(_, digits)| u32::try_from(digits.len()).unwrap());
                assert_eq!(shown(refund.consumed(), digits), consumed, "{case}");
            }
            _ => {
                assert_eq!(inputs["used_years"], "<=1");
                let years = text(&inputs["term"]).strip_suffix('y').unwrap().parse().unwrap();
                let fee = table.fee(dec(&inputs["paid"]), OrderTerm::Years(years), 1, Rounding::BSS).unwrap();
                assert_eq!(fee.amount().to_string(), text(&expected["fee"]), "{case}");
            }
        }
    }
}

/// fp-upgrade and fp-seats: the net rounded once, and each leg by itself as the peer does.
#[test]
fn plan_changes_of_a_peer() {
    let Some(cases) = shared::examples("billing_peers.json", "topic", &["plan_change"], 2) else { return };
    let net = ChangeTerms { rounding: Rounding::RESELLER, ..ChangeTerms::BSS };
    let each = ChangeTerms { legs: Legs::Each, ..net };
    for case in &cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let left = Remaining::of_days([of_days(whole(&inputs["days_left"]), whole(&inputs["period_days"]))]).unwrap();
        let change = if inputs["old_qty"].is_i64() {
            let amount = |key: &str| inputs[key].as_i64().unwrap().into();
            Change::Amount { old: amount("old_qty"), new: amount("new_qty"), price: dec(&inputs["unit"]) }
        } else {
            Change::Price { old: dec(&inputs["old"]), new: dec(&inputs["new"]) }
        };
        let (once, twice) = (change.cost(&left, net).unwrap(), change.cost(&left, each).unwrap());
        assert_eq!(once.exact().to_string(), text(&case["exact"]), "{case}");
        assert_eq!(twice.payable().to_string(), text(&expected["net"]), "{case}");
        let amount = |leg: Option<&Rounded>| leg.unwrap().amount();
        if expected["credit"].is_string() {
            assert_eq!(amount(twice.credit()), decimal::negate(dec(&expected["credit"])), "{case}");
            assert_eq!(amount(twice.charge()), dec(&expected["charge"]), "{case}");
            assert_eq!(once.payable().to_string(), "5.48"); // 170/31 = 5.4838…: the peer's 5.49 is two roundings
        }
    }
}

/// kb-*: the exact factor. The peer rounds it to nine digits before it multiplies, which is not offered: it
/// is a second rounding, and loses a cent of 0.35 × 2/28.
#[test]
fn proration_of_a_peer() {
    let Some(cases) = shared::examples("billing_peers.json", "topic", &["proration", "proration_fixed30"], 6) else {
        return;
    };
    for case in &cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let measured = |from: &str, to: &str, months| {
            let period = Period::new(date(&inputs[from]), date(&inputs[to])).unwrap();
            Remaining::of_period(period, months, Zone::UTC).unwrap().months().clone()
        };
        let exact: Exact = text(&case["exact"]).parse().unwrap();
        match text(&case["id"]) {
            "kb-0.35" => {
                let left = Remaining::of_days([of_days(whole(&inputs["days"]), whole(&inputs["period_days"]))]);
                let change = Change::Price { old: Decimal::ZERO, new: dec(&inputs["amount"]) };
                let half_up = Rounding::new(RoundingMode::HalfUp, "0.01".parse().unwrap(), RoundAt::Total).unwrap();
                let terms = ChangeTerms { rounding: half_up, ..ChangeTerms::BSS };
                let cost = change.cost(&left.unwrap(), terms).unwrap();
                assert_eq!((cost.exact(), cost.payable().to_string().as_str()), (&exact, "0.03"));
                assert_eq!(text(&expected["exact_half_up"]), "0.03");
            }
            "kb-double-proration" => {
                let anchor = "2011-01-15T00:00:00Z".parse().unwrap();
                assert_eq!(inputs["billing_day"], 15);
                assert_eq!(measured("start", "end", Months::Anchored { anchor }), exact);
                // The peer's stubs, each rounded to nine digits: the same to the ninth, and not equal.
                assert_eq!(shown(&exact, 9), "1.880184332");
                assert_eq!(shown(&exact, 9), text(&expected["cycles_9dp_stubs"]));
            }
            id => {
                let months = if id.starts_with("kb-prorate30-") {
                    Months::ThirtyDays
                } else {
                    Months::Anchored { anchor: date(&inputs["from"]) }
                };
                let factor = measured("from", "to", months);
                assert_eq!(factor, exact, "{case}");
                assert_eq!(shown(&factor, 9), text(&expected["factor_9dp"]), "{case}");
            }
        }
    }
}
