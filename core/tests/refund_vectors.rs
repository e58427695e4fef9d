//! R-W14 … R-W16 against the shared worked cases: every refund of `refund.json`, and the refunds of
//! `worked_examples.json`.
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
    error::WalletError,
    money::{CNY, Money, Ratio, Rounding},
    pricing::change::{PaidPlan, PlanCycle},
    time::{Instant, Period, Zone},
    wallet::{
        Charge, Coupons, Destination, Funding, GiveBack, Leg, Owner, Payment, Plan, Refund, RefundBooks, RefundOutcome,
        RefundRequest, RefundState, Refunds, ReturnOrder, Source,
    },
};
use rust_decimal::Decimal;
use serde_json::Value;

/// How the portal and R-W15 compare over all cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    refunds: usize,
    errors: usize,
    /// The portal made coupon money, lost some, or gave a source more than it paid (D-W1).
    portal_is_wrong: usize,
    /// Both say the same for every source.
    same: usize,
    /// The odd cent went elsewhere.
    odd_cent: usize,
    unrounded: usize,
    restored: usize,
}

#[test]
fn every_refund_of_the_portal() {
    let Some(file) = shared::file("refund.json") else { return };
    let cases = file["cases"].as_array().expect("`cases`");
    assert_eq!(cases.len(), 75);
    let mut tally = Tally::default();
    for case in cases {
        check_case(case, &mut tally);
    }
    println!("{tally:?}");
    let expected =
        Tally { refunds: 156, errors: 19, portal_is_wrong: 54, same: 102, odd_cent: 0, unrounded: 7, restored: 47 };
    assert_eq!(tally, expected);
}

fn check_case(case: &Value, tally: &mut Tally) {
    let id = &case["id"];
    let paid = &case["payment"];
    let mut refunds = Refunds::new(payment(paid), vec![]).unwrap();
    let (mut total, mut total_real, mut wrong) = (cny("0"), cny("0"), false);
    for (number, expected) in case["refunds"].as_array().unwrap().iter().enumerate() {
        let asked = money(&expected["refund_amount"]);
        let amount = Money::new(Rounding::PORTAL.round(asked.exact()).unwrap().amount(), CNY);
        if amount != asked {
            assert_eq!(case["mode"], "unquantized", "case {id}");
            let unrounded = plan(&refunds, &request(case, number, asked)).unwrap_err();
            assert_eq!(unrounded.code(), "money.not_a_multiple", "case {id}");
            tally.unrounded += 1;
        }
        let planned = plan(&refunds, &request(case, number, amount));
        if expected.get("error").is_some() {
            assert_eq!(expected["error"]["code"], "RefundAmountsExceedTotal", "case {id}");
            assert_eq!(planned.unwrap_err().code(), "wallet.refund_above_rest", "case {id}");
            tally.errors += 1;
            continue;
        }
        let refund = planned.unwrap_or_else(|error| panic!("case {id}: {error}"));
        tally.refunds += 1;
        assert_eq!(amount, money(&expected["stored_refund_amounts"]), "case {id}");
        total = total.plus(amount).unwrap();
        let real = part(&refund, |source| *source == Source::Balance);
        let by_coupons = part(&refund, |source| *source != Source::Balance);
        // The totals agree exactly.
        let theirs = money(&expected["real_refund"]).plus(money(&expected["coupon_refund"])).unwrap();
        assert_eq!(real.plus(by_coupons).unwrap(), theirs, "case {id}");
        total_real = total_real.plus(real).unwrap();

        let coupons = expected["per_coupon"].as_array().unwrap();
        let recorded = case["is_refund_coupon"] == false;
        assert!(!recorded || coupons.is_empty(), "case {id}");
        let to = if recorded { Destination::Recorded } else { Destination::Source };
        assert!(refund.legs().iter().all(|leg| *leg.source() == Source::Balance || leg.to() == to), "case {id}");

        let mut cents = vec![difference(real, money(&expected["real_refund"]))];
        cents.push(difference(by_coupons, money(&expected["coupon_refund"])));
        for coupon in coupons {
            let name = coupon["coupon_id"].as_str().unwrap();
            let ours = part(&refund, |source| matches!(source, Source::Coupon(id) if id == name));
            cents.push(difference(ours, money(&coupon["amounts"])));
        }
        let created = expected.get("coupon_money_created").map_or(cny("0"), money);
        wrong |= !created.is_zero();
        if wrong || exceeds(case) {
            tally.portal_is_wrong += 1;
        } else if cents.iter().all(|cents| cents.is_zero()) {
            tally.same += 1;
        } else {
            // To within the odd cent for each source.
            let odd = Decimal::new(1, 2);
            assert!(cents.iter().all(|cents| cents.abs() <= odd), "case {id}, refund {number}: {cents:?}");
            tally.odd_cent += 1;
        }
        refunds = refunds.with(refund).unwrap();
        for standing in refunds.standings() {
            assert!(!standing.left().unwrap().is_negative(), "case {id}");
        }
    }
    assert_eq!(total, money(&case["totals"]["refund_amounts"]), "case {id}");
    if refunds.left().unwrap().is_zero() {
        // Everything is refunded: every source has exactly what it paid.
        assert!(refunds.standings().iter().all(|standing| standing.returned() == standing.paid()), "case {id}");
        assert_eq!(total_real, money(&paid["balance_paid"]), "case {id}");
        tally.restored += 1;
    }
}

/// Whether the portal gave a source more than it paid, all in all.
fn exceeds(case: &Value) -> bool {
    let totals = &case["totals"];
    let over = money(&totals["real_over_balance_paid"]);
    let coupons = totals["coupons_over_refunded"].as_object().unwrap();
    (!over.is_zero() && !over.is_negative()) || !coupons.is_empty()
}

fn difference(ours: Money, theirs: Money) -> Decimal {
    ours.minus(theirs).unwrap().amount()
}

fn part(refund: &Refund, of: impl Fn(&Source<'_>) -> bool) -> Money {
    Money::sum(refund.legs().iter().filter(|leg| of(leg.source())).map(|leg| leg.amount()), CNY).unwrap()
}

fn payment(paid: &Value) -> Payment {
    let coupons = paid["coupons"].as_array().unwrap().iter().map(|coupon| {
        (Source::Coupon(coupon["coupon_id"].as_str().unwrap().to_owned().into()), money(&coupon["paid"]))
    });
    let sources: Vec<_> = coupons.chain([(Source::Balance, money(&paid["balance_paid"]))]).collect();
    paid_by(money(&paid["paid_total"]), sources)
}

fn paid_by(amount: Money, sources: Vec<(Source<'static>, Money)>) -> Payment {
    let sources = sources.into_iter().filter(|(_, paid)| !paid.is_zero());
    let legs = sources.map(|(source, paid)| Leg::new(source, paid, paid).unwrap()).collect();
    let charge = Charge {
        application: "portal".to_owned(),
        order: "order1".to_owned(),
        unit: "svc1".to_owned(),
        payer: Owner::User("payer".to_owned()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    Payment::new(charge, Plan::new(amount, legs).unwrap()).unwrap()
}

fn request(case: &Value, number: usize, amount: Money) -> RefundRequest {
    let give_back = if case["is_refund_coupon"] == false { GiveBack::RecordedOnly } else { GiveBack::SameCoupon };
    RefundRequest {
        id: format!("refund{number}"),
        application: "portal".to_owned(),
        order: "order1".to_owned(),
        amount,
        fee: cny("0"),
        step: Decimal::new(1, 2),
        returned: ReturnOrder::Proportional,
        give_back,
    }
}

fn plan(refunds: &Refunds, request: &RefundRequest) -> Result<Refund, WalletError> {
    let now = "2025-03-14T15:09:26.535897Z".parse::<Instant>().unwrap();
    match refunds.plan(request, &RefundBooks { elsewhere: None, coupons: &[], funds: &[], now })? {
        RefundOutcome::New(plan) => Ok(plan.into_refund()),
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn the_refunds_of_the_worked_examples() {
    let Some(file) = shared::file("worked_examples.json") else { return };
    let examples = file["examples"].as_array().unwrap();
    let example = |id: &str| examples.iter().find(|example| example["id"] == id).expect(id);
    let coupons = serde_json::json!({ "is_refund_coupon": true });

    // R-W15
    let case = example("portal-ref-03");
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let mut sources: Vec<_> = inputs["paid_coupons"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(number, paid)| (Source::Coupon(format!("C{number}").into()), money(paid)))
        .collect();
    sources.push((Source::Balance, money(&inputs["paid_balance"])));
    let amount = Money::sum(sources.iter().map(|(_, paid)| *paid), CNY).unwrap();
    let refunds = Refunds::new(paid_by(amount, sources), vec![]).unwrap();
    let refund = plan(&refunds, &request(&coupons, 0, money(&inputs["refund"]))).unwrap();
    assert_eq!(part(&refund, |source| *source == Source::Balance), money(&expected["balance"]));
    assert_eq!(part(&refund, |source| *source != Source::Balance), money(&expected["coupon"]));
    let parts: Vec<Money> = refund.legs()[1..].iter().map(|leg| leg.amount()).collect();
    assert_eq!(parts, expected["coupons"].as_array().unwrap().iter().map(money).collect::<Vec<_>>());

    // R-W14
    let case = example("portal-ref-05");
    let inputs = &case["inputs"];
    assert_eq!(case["expected"]["error"], "RefundAmountsExceedTotal");
    let paid = money(&inputs["paid_total"]);
    let refunds = Refunds::new(paid_by(paid, vec![(Source::Balance, paid)]), vec![]).unwrap();
    let first = plan(&refunds, &request(&coupons, 0, money(&inputs["already_refunded"]))).unwrap();
    let refunds = refunds.with(first).unwrap();
    let error = plan(&refunds, &request(&coupons, 1, money(&inputs["refund"]))).unwrap_err();
    assert_eq!(error.code(), "wallet.refund_above_rest");
    assert_eq!(plan(&refunds, &request(&coupons, 1, cny("20"))).unwrap().legs().len(), 1);

    // An order that ends and credits nothing: nothing is given back of the plan, and a refund of that
    // is settled at once.
    let case = example("usage-end-01");
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let paid = money(&inputs["price_paid"]);
    let period = Period::parse("2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z").unwrap();
    let now = "2024-04-11T00:00:00Z".parse().unwrap();
    assert_eq!(inputs["days_left"], 20);
    assert_eq!(case["policy"]["cancel_refund"], "none");
    let back = cancelled(paid, period, now);
    assert_eq!(back, money(&expected["refund"]));
    let refunds = Refunds::new(paid_by(paid, vec![(Source::Balance, paid)]), vec![]).unwrap();
    let refund = plan(&refunds, &request(&coupons, 0, back)).unwrap();
    assert!(refund.legs().is_empty());
    assert_eq!(refund.state(), RefundState::Success);
}

/// What is given back of a plan that is cancelled: by the policy of the usage service, nothing (R-P9).
fn cancelled(paid: Money, period: Period, now: Instant) -> Money {
    let plan = PaidPlan::new([PlanCycle { period, price: paid.amount() }], Zone::UTC).unwrap();
    let left = plan.remaining(now, Rounding::USAGE_REMAINING).unwrap();
    assert_eq!(left.amount(), Decimal::from(200)); // 20 days of 30
    Money::new(plan.cancel(Ratio::ZERO, now, Rounding::USAGE_REMAINING).unwrap().amount(), CNY)
}

fn cny(text: &str) -> Money {
    Money::parse(text, CNY).unwrap()
}

fn money(text: &Value) -> Money {
    cny(text.as_str().unwrap())
}
