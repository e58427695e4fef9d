//! Deadlines, renewals, ends, days, lease rates and stored amounts of the shared worked cases (R-O2 … R-O7).
//!
//! The folder is not part of the project: without it this test says that it skips.

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
    exact::{RoundingMode, decimal},
    money::{CNY, Money},
    order::{
        AccountFunds, AutoRenew, CycleLength, Dunning, DunningAction, DunningFacts, Expiring, ExpiryDays, ExpiryPolicy,
        LeaseDay, PlanOrder, PlanState, Renewal, Scaled,
    },
    pricing::Locked,
    time::{Instant, Zone, parse_date},
};
use serde_json::Value;

const OPERATIONS: [&str; 6] =
    ["next_deadline_chain", "renew_decision", "end_order", "days_to_expiry", "lease_rates", "money_scale"];

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().expect(name)
}

/// The cases write instants of UTC without saying so.
fn instant(of: &Value, name: &str) -> Instant {
    format!("{}Z", text(of, name)).parse().unwrap()
}

fn count(of: &Value, name: &str) -> u32 {
    of[name].as_u64().and_then(|count| u32::try_from(count).ok()).expect(name)
}

#[test]
fn every_worked_case_of_orders() {
    let Some(cases) = shared::examples("worked_examples.json", "op", &OPERATIONS, 13) else { return };
    for case in cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        match text(&case, "op") {
            "next_deadline_chain" => chain(inputs, expected),
            "renew_decision" => decision(inputs, expected),
            "end_order" => ended_order(),
            "days_to_expiry" => {
                let at = |name: &str| format!("{}T00:00:00Z", text(inputs, name)).parse::<Instant>().unwrap();
                let days = ExpiryDays { warn_before: 7, freeze_after: 7, release_after: 14 };
                let thing = Expiring { id: "case".into(), expiry: at("expire") };
                let stands = ExpiryPolicy::new(days).unwrap().at(&thing, at("now"), Zone::UTC).unwrap();
                assert_eq!(stands.days_left, expected["days"].as_i64().unwrap());
            }
            "lease_rates" => {
                let day = LeaseDay {
                    date: parse_date("2025-06-01").unwrap(),
                    total: count(inputs, "total"),
                    leased: count(inputs, "leased"),
                    locked: count(inputs, "locked"),
                };
                assert!(!case["policy"]["locked_is_idle"].as_bool().unwrap());
                let rates = day.rates(Locked::IsNotIdle).unwrap();
                for (rate, name) in [(rates.idle(), "idle_rate"), (rates.leased(), "rent_rate")] {
                    let shown = rate.round_digits(6, RoundingMode::HalfUp).unwrap().to_string();
                    assert_eq!(shown, text(expected, name));
                }
            }
            "money_scale" => {
                // Where the source truncates a binary float, the exact figure stands beside its own.
                let exact = expected.get("exact").unwrap_or(&expected["scaled"]).as_i64().unwrap();
                let scaled = Scaled::of(decimal::parse(text(inputs, "money")).unwrap()).unwrap();
                assert_eq!(scaled.stored(), exact);
                assert_eq!(Scaled::from_stored(exact), scaled);
            }
            other => panic!("no case {other}"),
        }
    }
}

fn chain(inputs: &Value, expected: &Value) {
    assert_eq!(text(inputs, "cycle"), "m");
    let mut order = PlanOrder::new(instant(inputs, "start"), CycleLength::Monthly, Zone::UTC).unwrap().start().unwrap();
    for deadline in expected["deadlines"].as_array().unwrap() {
        assert_eq!(order.deadline().unwrap().to_string(), format!("{}Z", deadline.as_str().unwrap()));
        let Renewal::Renewed(next) = order.renew(order.renewals()).unwrap() else { panic!("it is not old") };
        order = next;
    }
}

fn decision(inputs: &Value, expected: &Value) {
    let deadline = instant(inputs, "deadline");
    assert_eq!(deadline.to_string(), "2016-11-01T00:00:00Z");
    let order = PlanOrder::new("2016-10-01T00:00:00Z".parse().unwrap(), CycleLength::Monthly, Zone::UTC).unwrap();
    let policy = Dunning {
        opens_days: count(inputs, "renew_margin_days"),
        grace_days: count(inputs, "end_margin_days"),
        ..Dunning::USAGE
    };
    let facts = DunningFacts {
        id: "case".into(),
        order: order.start().unwrap(),
        auto_renew: AutoRenew::On,
        price: Money::parse("1", CNY).unwrap(),
        account: "case".into(),
        last_warned: None,
        retries: 0,
    };
    let funds = [AccountFunds { account: "case".into(), usable: Money::zero(CNY) }];
    let steps = policy.steps(&[facts], &funds, instant(inputs, "now")).unwrap();
    let action = match text(expected, "action") {
        "wait" => DunningAction::Wait,
        text if text.starts_with("insufficient: warn") => DunningAction::Warn,
        text if text.ends_with("end") => DunningAction::End,
        other => panic!("no action {other}"),
    };
    assert_eq!(steps[0].action(), action);
}

/// usage-end-01: an end gives nothing back; it is a state, and no money moves by it.
fn ended_order() {
    let order = PlanOrder::new("2016-10-01T00:00:00Z".parse().unwrap(), CycleLength::Monthly, Zone::UTC).unwrap();
    let ended = order.start().unwrap().end().unwrap();
    assert_eq!(ended.state(), PlanState::Ended);
    assert_eq!(ended.end().unwrap_err().code(), "order.illegal_transition");
}
