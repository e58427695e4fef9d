//! R-W1 … R-W8, R-W11 against the shared worked cases: every plan and every error of `deduct.json`, and
//! the payments of `worked_examples.json`.
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
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Books, Category, Charge, Coupon, CouponTerms, Coupons, Funding, Funds, Outcome, Owner, Plan, Purpose, Scope,
        Source,
    },
};
use serde_json::Value;

/// The portal's error codes and ours. `InvalidAppServiceId` is two faults here.
const CODES: [(&str, &[&str]); 10] = [
    ("InvalidAppServiceId", &["wallet.no_such_unit", "wallet.foreign_unit"]),
    ("NoSuchCoupon", &["wallet.no_such_coupon"]),
    ("NotAvailable", &["wallet.coupon_not_available"]),
    ("NotEffective", &["wallet.coupon_not_effective"]),
    ("ExpiredCoupon", &["wallet.coupon_expired"]),
    ("CouponNotApplicable", &["wallet.coupon_not_applicable"]),
    ("CouponNoBalance", &["wallet.coupon_no_balance"]),
    ("CouponBalanceNotEnough", &["wallet.coupons_not_enough"]),
    ("BalanceNotEnough", &["wallet.funds_not_enough"]),
    ("DeductFormCouponsNotEnough", &[]), // only ever the portal's stumble over a repeated id (D-W3)
];

/// The portal's payment methods and ours (R-W8).
const METHODS: [(&str, &str); 3] = [("coupon", "coupon"), ("balance", "balance"), ("balance+coupon", "mixed")];

#[test]
fn every_deduction_of_the_portal() {
    let Some(file) = shared::file("deduct.json") else { return };
    let cases = file["cases"].as_array().expect("`cases`");
    assert_eq!(cases.len(), 125);
    let (mut plans, mut errors, mut repeated) = (0, 0, 0);
    for case in cases {
        let id = &case["id"];
        let rows: Vec<Coupon> = case["coupons"].as_array().unwrap().iter().map(coupon).collect();
        let charge = charge(case);
        let funds = Funds::new(cny(&case["account_balance"]), &rows).unwrap();
        let books = Books { unit_application: case["app_service_owner_app_id"].as_str(), earlier: None, funds: &funds };
        assert_eq!(case["order_id_already_paid"], false, "case {id}");
        let answer = charge.plan(&books, instant(&case["now"]));

        if repeats(&charge.coupons) {
            // R-W4, D-W3: counted twice there, an error here.
            assert_eq!(answer.unwrap_err().code(), "wallet.coupon_named_twice", "case {id}");
            repeated += 1;
            continue;
        }
        match case["expected"].get("error") {
            Some(error) => {
                check_error(case, error, &answer.expect_err(&format!("case {id} is `{error}`")), &rows);
                errors += 1;
            }
            None => {
                let Ok(Outcome::New(plan)) = answer else { panic!("case {id}: {answer:?}") };
                check_plan(case, &plan, &rows);
                plans += 1;
            }
        }
    }
    assert_eq!((plans, errors, repeated), (56, 67, 2));
}

fn check_error(case: &Value, expected: &Value, error: &WalletError, rows: &[Coupon]) {
    let id = &case["id"];
    let theirs = expected["code"].as_str().unwrap();
    let (_, ours) = CODES.iter().find(|(code, _)| *code == theirs).expect(theirs);
    assert!(ours.contains(&error.code()), "case {id}: `{theirs}`, and here {error}");
    let Some((_, coupon)) = error.details().into_iter().find(|(name, _)| *name == "coupon") else { return };
    if theirs == "CouponNoBalance" {
        // D-W2: the portal names another one; ours is the first of the list that holds nothing.
        let listed = case["coupon_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
        let held = |id: &str| rows.iter().find(|row| row.id() == id).unwrap().balance();
        assert_eq!(listed.into_iter().find(|id| held(id).is_zero()), Some(coupon.as_str()), "case {id}");
    } else {
        let message = expected["message"].as_str().unwrap();
        assert!(message.contains(&coupon), "case {id}: `{message}`, and here {error}");
    }
}

fn check_plan(case: &Value, plan: &Plan<'_>, rows: &[Coupon]) {
    let (id, expected) = (&case["id"], &case["expected"]);
    let theirs = expected["payment_method"].as_str().unwrap();
    let method = METHODS.iter().find(|(method, _)| *method == theirs).expect(theirs).1;
    assert_eq!(plan.method().name(), method, "case {id}");
    assert_eq!(plan.amount(), cny(&expected["payable_amounts"]), "case {id}");
    assert_eq!(plan.amount().negated(), cny(&expected["bill_trade_amounts"]), "case {id}");
    assert_eq!(plan.from_coupons().negated(), cny(&expected["coupon_amount"]), "case {id}");
    assert_eq!(plan.from_account().negated(), cny(&expected["amounts"]), "case {id}");

    let account = plan.legs().iter().find(|leg| *leg.source() == Source::Balance);
    assert_eq!(account.is_some(), expected["has_payment_account"].as_bool().unwrap(), "case {id}");
    let balance_after = account.map_or(cny(&case["account_balance"]), |leg| leg.after());
    assert_eq!(balance_after, cny(&expected["balance_after"]), "case {id}");
    assert_eq!(balance_after, cny(&expected["bill_after_balance"]), "case {id}");

    if case["expiration_ties"] == true {
        return; // R-W3 orders them; the portal leaves it open which of them pays.
    }
    let mut after: Vec<(String, Money)> = rows.iter().map(|row| (row.id().to_string(), row.balance())).collect();
    let mut taken = Vec::new();
    for leg in plan.legs() {
        let Source::Coupon(coupon) = leg.source() else { continue };
        taken.push((coupon.to_string(), leg.amount().negated(), leg.before(), leg.after()));
        after.iter_mut().find(|(id, _)| id == coupon).unwrap().1 = leg.after();
    }
    let deductions = expected["deductions"].as_array().unwrap().iter().map(|deduction| {
        let coupon = deduction["coupon_id"].as_str().unwrap().to_owned();
        (coupon, cny(&deduction["amounts"]), cny(&deduction["before"]), cny(&deduction["after"]))
    });
    assert_eq!(taken, deductions.collect::<Vec<_>>(), "case {id}");
    let balances = expected["coupon_balances_after"].as_object().unwrap();
    assert_eq!(balances.len(), after.len(), "case {id}");
    for (coupon, balance) in after {
        assert_eq!(balance, cny(&balances[&coupon]), "case {id}, coupon {coupon}");
    }
}

fn charge(case: &Value) -> Charge {
    let text = |name: &str| case[name].as_str().unwrap().to_owned();
    let ids = |ids: &Vec<Value>| ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    Charge {
        application: text("app_id"),
        order: text("order_id"),
        unit: text("app_service_id"),
        payer: owner(&case["payer"]),
        amount: cny(&case["amount"]),
        coupons: case["coupon_ids"].as_array().map_or(Coupons::Automatic, |list| Coupons::Named(ids(list))),
        funding: funding(case["only_coupon"].as_bool().unwrap(), case["required_enough_balance"].as_bool().unwrap()),
    }
}

/// The portal's flags (R-W7).
fn funding(only_coupon: bool, required_enough_balance: bool) -> Funding {
    match (only_coupon, required_enough_balance) {
        (true, _) => Funding::CouponsOnly,
        (false, true) => Funding::EnoughFunds,
        (false, false) => Funding::Overdraft { limit: None },
    }
}

fn coupon(row: &Value) -> Coupon {
    let text = |name: &str| row[name].as_str().unwrap();
    let effective = instant(&row["effective_time"]);
    Coupon::new(CouponTerms {
        id: text("id").into(),
        face_value: cny(&row["balance"]), // not told
        balance: cny(&row["balance"]),
        status: text("status").parse().unwrap(),
        effective,
        expiration: instant(&row["expiration_time"]),
        created: effective, // not told; it only orders ties
        owner: Some(owner(&row["owner"])),
        unit: row["app_service_id"].as_str().map(str::to_owned),
        scope: match text("use_scope") {
            "service" => Scope::Unit,
            "order" => Scope::Order(text("order_id").to_owned()),
            // A scope that the portal does not know pays for nothing; no such word gets in here.
            "weird" => Scope::Order(String::new()),
            unknown => panic!("scope `{unknown}`"),
        },
        category: Category::Server,
    })
    .unwrap()
}

fn owner(kind: &Value) -> Owner {
    match kind.as_str().unwrap() {
        "user" => Owner::User("payer".to_owned()),
        "vo" => Owner::Group("payer".to_owned()),
        "other" => Owner::User("somebody else".to_owned()),
        unknown => panic!("owner `{unknown}`"),
    }
}

fn repeats(coupons: &Coupons) -> bool {
    let Coupons::Named(ids) = coupons else { return false };
    ids.iter().enumerate().any(|(index, id)| ids[..index].contains(id))
}

#[test]
fn the_payments_of_the_worked_examples() {
    let Some(file) = shared::file("worked_examples.json") else { return };
    let examples = file["examples"].as_array().unwrap();
    let example = |id: &str| examples.iter().find(|example| example["id"] == id).expect(id);
    let payer = Owner::User("payer".to_owned());
    let now = "2025-03-14T15:09:26.535897Z".parse().unwrap();

    // A daily statement without coupons may push the balance below zero (R-W7).
    let case = example("portal-pay-02");
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let charge = Charge {
        application: "app1".to_owned(),
        order: "order1".to_owned(),
        unit: "svc1".to_owned(),
        payer: payer.clone(),
        amount: cny(&inputs["amount"]),
        coupons: Coupons::Named(vec![]),
        funding: funding(false, inputs["required_enough_balance"].as_bool().unwrap()),
    };
    let plan = charge.deduct(&Funds::new(cny(&inputs["balance"]), &[]).unwrap(), now).unwrap();
    assert_eq!(plan.from_coupons(), cny(&expected["coupon"]));
    assert_eq!(plan.from_account(), cny(&expected["balance"]));
    assert_eq!(plan.legs()[0].after(), cny(&expected["balance_after"]));
    assert_eq!(plan.method().name(), expected["method"]);

    // What is owed is not netted against coupons (R-W11).
    for id in ["portal-pay-04", "portal-pay-05"] {
        let (inputs, expected) = (&example(id)["inputs"], &example(id)["expected"]);
        let rows = [coupon(&serde_json::json!({
            "id": "C00", "balance": inputs["coupons_total"], "status": "available", "use_scope": "service",
            "order_id": "", "app_service_id": "svc1", "owner": "user",
            "effective_time": "2025-03-01T00:00:00Z", "expiration_time": "2025-04-01T00:00:00Z",
        }))];
        let funds = Funds::new(cny(&inputs["balance"]), &rows).unwrap();
        let purpose = Purpose { payer: &payer, unit: "svc1", order: None, currency: CNY };
        let enough = funds.has_enough(cny(&inputs["need"]), &purpose, now).unwrap();
        assert_eq!(enough, expected["enough"].as_bool().unwrap(), "{id}");
    }
}

fn cny(text: &Value) -> Money {
    Money::parse(text.as_str().unwrap(), CNY).unwrap()
}

fn instant(text: &Value) -> Instant {
    text.as_str().unwrap().parse().unwrap()
}
