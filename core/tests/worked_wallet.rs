//! R-W9, R-W10 against the shared worked cases: the payments of `worked_examples.json` by the public cloud,
//! and the credit cases of `billing_peers.json`.
//!
//! Of the latter none is refused: `credit_order`, `credit_scope` and `overdraft` are all orders that can be
//! declared. The folder is not part of the project: without it these tests say that they skip.

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
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Category, Charge, CostBasis, Coupon, CouponStatus, CouponTerms, Coupons, Fund, FundKind, FundTerms, Funding,
        FundingOrder, Funds, Leg, Owner, Plan, Scope, SourceKind,
    },
};
use serde_json::Value;

const NOW: &str = "2024-03-01T00:00:00Z";

#[test]
fn the_payments_of_the_public_cloud() {
    let Some(file) = shared::file("worked_examples.json") else { return };
    let mut seen = 0;
    for case in file["examples"].as_array().unwrap().iter().filter(|case| case["op"] == "deduct_on_demand") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let coupons: Vec<Coupon> = text(&inputs["coupon"]).map(|held| coupon("V", &held)).into_iter().collect();
        let mut others = Vec::new();
        others.extend(text(&inputs["cash_coupon"]).map(|held| terms(FundKind::CashCoupon, "K", &held)));
        for card in inputs["stored_cards"].as_array().into_iter().flatten() {
            let month = card[2].as_str().unwrap().strip_prefix("exp ").unwrap();
            let expiration = Some(format!("{month}-28T00:00:00Z").parse().unwrap());
            let (id, held) = (card[0].as_str().unwrap(), card[1].as_str().unwrap());
            others.push(FundTerms { expiration, ..terms(FundKind::StoredCard, id, held) });
        }
        others.extend(text(&inputs["credit"]).map(|held| terms(FundKind::Credit, "L", &held)));
        let others: Vec<Fund> = others.into_iter().map(|terms| Fund::new(terms).unwrap()).collect();
        let funds = Funds::new(cny(&inputs["cash"]), &coupons).unwrap().with(&others).unwrap();
        let charge = charge(&inputs["amount"], FundingOrder::BSS_ON_DEMAND);
        let plan = charge.deduct(&funds, NOW.parse().unwrap()).unwrap();

        let of = |kind| plan.from_kind(kind).unwrap();
        let kinds = [
            ("coupon", SourceKind::Coupon),
            ("cash_coupon", SourceKind::CashCoupon),
            ("cash", SourceKind::Balance),
            ("credit", SourceKind::Credit),
            ("debt", SourceKind::Debt),
        ];
        for (name, kind) in kinds.into_iter().filter(|(name, _)| !expected[*name].is_null()) {
            assert_eq!(of(kind), cny(&expected[name]), "{}: {name}", case["id"]);
        }
        let cards = plan.legs().iter().filter(|leg| leg.source().kind() == SourceKind::StoredCard);
        let cards: Vec<(String, Money)> =
            cards.map(|leg| (leg.source().id().unwrap().to_owned(), leg.amount())).collect();
        let wanted = expected["stored"].as_array().into_iter().flatten();
        let wanted: Vec<(String, Money)> =
            wanted.map(|card| (card[0].as_str().unwrap().to_owned(), cny(&card[1]))).collect();
        assert_eq!(cards, wanted, "{}", case["id"]);
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn the_credit_cases_of_other_systems() {
    let Some(file) = shared::file("billing_peers.json") else { return };
    let topics = ["credit_order", "credit_scope", "overdraft"];
    let cases = file["examples"].as_array().unwrap();
    let mut seen = Vec::new();
    for case in cases.iter().filter(|case| topics.contains(&case["topic"].as_str().unwrap())) {
        let (id, inputs, drawn) = (case["id"].as_str().unwrap(), &case["inputs"], &case["expected"]["drawn"]);
        match id {
            "ns-cascade" | "ns-cap" => in_order(inputs, drawn),
            "lago-wallet-scope" => scoped(inputs, drawn),
            "ns-overdraft-bound" => overdrawn(inputs, drawn),
            unknown => panic!("case {unknown} is neither met nor refused"),
        }
        seen.push(id);
    }
    seen.sort_unstable();
    assert_eq!(seen, ["lago-wallet-scope", "ns-cap", "ns-cascade", "ns-overdraft-bound"]);
}

/// Sources in the order of a list, some with a cap: cards with their place as priority.
fn in_order(inputs: &Value, drawn: &Value) {
    let sources = inputs["sources_in_order"].as_array().unwrap().iter().zip(0..);
    let card = |(source, place): (&Value, u32)| {
        let held = if source.is_object() { &source["balance"] } else { source };
        let most = source.get("max").map(|most| money(&most.to_string()));
        let id = format!("S{}", 9 - place); // the order of the ids is another
        Fund::new(FundTerms { priority: Some(place), most, ..terms(FundKind::StoredCard, &id, &held.to_string()) })
            .unwrap()
    };
    let others: Vec<Fund> = sources.map(card).collect();
    let funds = Funds::new(money("0"), &[]).unwrap().with(&others).unwrap();
    let order = "stored_card(priority id) > refuse".parse().unwrap();
    let plan = charge(&inputs["amount"].to_string().into(), order).deduct(&funds, NOW.parse().unwrap()).unwrap();
    assert_eq!(amounts(&plan), wanted(drawn));
}

/// Several lines, each a unit; wallets that are for one line before the one that is for all.
fn scoped(inputs: &Value, drawn: &Value) {
    let mut wallets: Vec<FundTerms> = inputs["wallets_in_order"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wallet| FundTerms {
            units: wallet["scope"].as_str().map(str::to_owned).into_iter().collect(),
            ..terms(FundKind::StoredCard, wallet["name"].as_str().unwrap(), &wallet["balance"].to_string())
        })
        .collect();
    let mut taken = Vec::new();
    for line in inputs["lines"].as_array().unwrap() {
        let unit = line.get("metric").unwrap_or(&line["type"]).as_str().unwrap().to_owned();
        let rows: Vec<Fund> = wallets.iter().cloned().map(|terms| Fund::new(terms).unwrap()).collect();
        let funds = Funds::new(money("0"), &[]).unwrap().with(&rows).unwrap();
        let order: FundingOrder = "stored_card(scoped id) > refuse".parse().unwrap();
        let charge = Charge { unit, ..charge(&line["cents"].to_string().into(), order) };
        let plan = charge.deduct(&funds, NOW.parse().unwrap()).unwrap();
        for leg in plan.legs() {
            let id = leg.source().id().unwrap().to_owned();
            wallets.iter_mut().find(|wallet| wallet.id == id).unwrap().balance = leg.after();
            taken.push((id, leg.amount()));
        }
    }
    let wanted: Vec<(String, Money)> =
        drawn.as_object().unwrap().iter().map(|(name, cents)| (name.clone(), money(&cents.to_string()))).collect();
    taken.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(taken, wanted);
}

/// A balance below zero with a bound, then a source without end: here a debt.
fn overdrawn(inputs: &Value, drawn: &Value) {
    let (source, limit) = (&inputs["source"], inputs["source"]["overdraft_limit"].to_string());
    let order = format!("balance > overdraft({limit} CNY) and debt").parse().unwrap();
    let funds = Funds::new(money(&source["balance"].to_string()), &[]).unwrap();
    let plan = charge(&inputs["amount"].to_string().into(), order).deduct(&funds, NOW.parse().unwrap()).unwrap();
    assert_eq!(amounts(&plan), wanted(drawn));
}

fn amounts(plan: &Plan<'_>) -> Vec<Money> {
    plan.legs().iter().map(Leg::amount).collect()
}

fn wanted(drawn: &Value) -> Vec<Money> {
    drawn.as_array().unwrap().iter().map(|amount| money(&amount.to_string())).collect()
}

fn charge(amount: &Value, order: FundingOrder) -> Charge {
    Charge {
        application: "app".into(),
        order: "o1".into(),
        unit: "vm".into(),
        payer: Owner::User("payer".into()),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::Order(order),
    }
}

fn terms(kind: FundKind, id: &str, balance: &str) -> FundTerms {
    FundTerms {
        kind,
        id: id.into(),
        owner: Owner::User("payer".into()),
        balance: money(balance),
        priority: None,
        effective: None,
        expiration: None,
        created: long_ago(),
        basis: CostBasis::Paid,
        units: vec![],
        order: None,
        most: None,
    }
}

fn coupon(id: &str, balance: &str) -> Coupon {
    Coupon::new(CouponTerms {
        id: id.into(),
        face_value: money(balance),
        balance: money(balance),
        status: CouponStatus::Available,
        effective: long_ago(),
        expiration: "2025-01-01T00:00:00Z".parse().unwrap(),
        created: long_ago(),
        owner: Some(Owner::User("payer".into())),
        unit: Some("vm".into()),
        scope: Scope::Unit,
        category: Category::Server,
    })
    .unwrap()
}

fn long_ago() -> Instant {
    "2024-01-01T00:00:00Z".parse().unwrap()
}

fn money(text: &str) -> Money {
    Money::parse(text, CNY).unwrap()
}

fn cny(text: &Value) -> Money {
    money(text.as_str().unwrap())
}
