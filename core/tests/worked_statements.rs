//! The corrections of the shared worked cases (R-S2): usage that came late is charged as a difference.
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
    metering::{Kind, ReadingId},
    money::{CNY, Money},
    statement::{
        ChargedReading, CorrectionAction, GroupStatement, Stated, Statement, StatementStatus, correct, daily, restate,
    },
    time::{BillingDay, Zone, parse_date},
    wallet::Owner,
};
use serde_json::Value;

#[test]
fn every_correction_holds() {
    let Some(file) = shared::file("billing_peers.json") else { return };
    let corrections: Vec<&Value> =
        file["examples"].as_array().unwrap().iter().filter(|case| case["topic"] == "correction").collect();
    let ids: Vec<&str> = corrections.iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["kb-late-usage-delta"]);
    late_usage(&corrections[0]["inputs"], &corrections[0]["expected"]);
}

/// Blocks of 100 at 1 each: one was billed, all usage comes to five, so four are billed now.
fn late_usage(inputs: &Value, expected: &Value) {
    let number = |value: &Value| decimal::parse(value.as_str().unwrap()).unwrap();
    let points: Vec<Exact> = inputs["usage_points"].as_array().unwrap().iter().map(|at| number(at).into()).collect();
    let blocks = Exact::sum(&points).unwrap().divided_by(&number(&inputs["block"]).into()).unwrap();
    let blocks = blocks.round_digits(0, RoundingMode::Ceiling).unwrap();
    assert_eq!(blocks.to_string(), expected["blocks"].to_string());
    let amount = decimal::multiply(blocks, number(&inputs["price"])).unwrap();
    assert_eq!(amount, number(&expected["amount_total"]));

    let day = BillingDay::new(parse_date("2024-02-20").unwrap(), Zone::UTC).unwrap();
    let charged = |amount| ChargedReading {
        reading: ReadingId { resource: "u-1".parse().unwrap(), window: day.period() },
        owner: Owner::User("ada".into()),
        unit: "usage".parse().unwrap(),
        kind: Kind::Scan,
        original: Money::new(amount, CNY),
        payable: Money::new(amount, CNY),
    };
    let billed = charged(number(&inputs["already_billed"]));
    let first = daily(day, [billed.clone()]).unwrap().remove(0).pay().unwrap();
    let stated = [Stated { charged: billed, sequence: 0 }];
    let [correction] =
        <[Statement; 1]>::try_from(restate(day, &stated, [charged(amount)]).unwrap().statements).unwrap();
    let to_bill = Money::new(number(&expected["to_bill_now"]), CNY);
    assert_eq!((correction.payable(), correction.status()), (to_bill, StatementStatus::Unpaid));

    // It is charged under an order of its own, and the paid statement stays as it is.
    let of = |statement: &Statement| GroupStatement { statement: statement.clone(), paid_as: None };
    let settled = correct(&[of(&first), of(&correction)]).unwrap();
    assert_eq!(settled.amount(), to_bill);
    assert_eq!(*settled.action(), CorrectionAction::Charge { order: correction.id() });
}
