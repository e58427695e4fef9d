//! Inquiries against the shared worked cases: `price_*.json` with their trades, and the inquiries of
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
    exact::decimal,
    metering::{Kind, Part, Spec},
    money::Ratio,
    pricing::{
        RateCard,
        inquiry::{
            BucketInquiry, PayMode, Portal, PortalOrder, PortalRenewal, Quote, RenewBy, ResellerAnswer,
            ResellerInquiry, Resource, Term, TermMonths, Widget, reseller_unit,
        },
    },
    time::{Instant, Zone},
    units::{Quantity, Unit},
};
use serde_json::Value;
use std::collections::BTreeMap;

fn card(price: &Value) -> RateCard {
    let rates = shared::PORTAL_PRICES.iter().filter_map(|(kind, part, per, every, name)| {
        let price = price.get(name)?.as_str()?;
        Some(format!(
            "[[rates]]\nkind = \"{kind}\"\npart = \"{part}\"\nper = \"{per}\"\nevery = \"{every}\"\nprice = \"{price}\"\n"
        ))
    });
    RateCard::from_toml(&format!("revision = \"1\"\ncurrency = \"CNY\"\n{}", rates.collect::<String>())).unwrap()
}

fn percent(price: &Value) -> Ratio {
    Ratio::percent(decimal::parse(&price["prepaid_discount"].to_string()).unwrap()).unwrap()
}

fn now() -> Instant {
    "2024-02-20T08:00:00Z".parse().unwrap()
}

fn count(value: &Value) -> u32 {
    value.as_u64().unwrap().try_into().unwrap()
}

fn mode(pre_paid: bool) -> PayMode {
    if pre_paid { PayMode::PrePaid } else { PayMode::PostPaid }
}

/// `days = 30 × period (month) or period (day)`, plus days and seconds up to an instant.
fn term(case: &Value) -> Term {
    let mut term = match (&case["period"], case["period_unit"].as_str()) {
        (Value::Null, _) => Term::NONE,
        (period, Some("month")) => Term::months(count(period)),
        (period, Some("day")) => Term::days(count(period)).unwrap(),
        other => panic!("{other:?}"),
    };
    match &case["days_from_delta"] {
        Value::Null => {
            let days = count(&serde_json::from_str(&case["days"].to_string().replace(".0", "")).unwrap());
            term = term.and(Term::days(days).unwrap()).unwrap();
        }
        delta => {
            term = term.and(Term::days(count(&delta["days"])).unwrap()).unwrap();
            term = term.and(Term::seconds(count(&delta["seconds"])).unwrap()).unwrap();
        }
    }
    term
}

/// R-P5: every case of a price list, both amounts, and the derivation computes them again.
fn check(name: &str, kind: &Kind, spec: impl Fn(&Value) -> Spec) {
    let Some(file) = shared::file(name) else { return };
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let (card, ratio) = (card(&case["price"]), percent(&case["price"]));
        let portal = Portal::new(&card, ratio).unwrap();
        let pay = mode(case.get("is_prepaid").is_none_or(|mode| mode.as_bool().unwrap()));
        let asked = term(case);
        let order = PortalOrder { term: Some(asked).filter(|term| !term.is_none()), count: 1, pay };
        let quote = portal.order(kind, spec(case), order, now()).unwrap();
        assert_eq!(quote.original().to_string(), case["exact_original"], "{name}: {case}");
        assert_eq!(quote.payable().to_string(), case["exact_trade"], "{name}: {case}");
        adds_up(&quote);
    }
    assert!(cases.len() > 40, "{name}");
}

fn adds_up(quote: &Quote) {
    assert_eq!(quote.explain().recompute().unwrap(), (quote.original(), quote.payable()));
    let subtotals = quote.subtotals().unwrap();
    let lines = subtotals.lines.iter().fold(subtotals.limit, |sum, line| decimal::add(sum, *line).unwrap());
    assert_eq!(lines, quote.payable());
}

#[test]
fn every_server() {
    check("price_server.json", &Kind::Server, |case| {
        let ip = u64::from(case["public_ip"].as_bool().unwrap());
        Spec::new([
            (Part::BASE, Quantity::whole(1, Unit::Count)),
            (Part::CPU, Quantity::whole(case["cpu"].as_u64().unwrap(), Unit::Core)),
            (Part::RAM, Quantity::whole(case["ram_mib"].as_u64().unwrap(), Unit::MiB)),
            (Part::DISK, Quantity::whole(case["disk_gib"].as_u64().unwrap(), Unit::GiB)),
            (Part::PUBLIC_IP, Quantity::whole(ip, Unit::Count)),
        ])
        .unwrap()
    });
}

#[test]
fn every_disk_and_snapshot() {
    let size = |key: &'static str| move |case: &Value| Spec::size_gib(&case[key].to_string()).unwrap();
    check("price_disk.json", &Kind::Disk, size("size_gib"));
    check("price_snapshot.json", &Kind::Snapshot, size("disk_gib"));
}

/// A scan is always discounted, and not by time.
#[test]
fn every_scan() {
    let Some(file) = shared::file("price_scan.json") else { return };
    for case in file["cases"].as_array().unwrap() {
        let (card, ratio) = (card(&case["price"]), percent(&case["price"]));
        let spec = Spec::scan(case["has_web"].as_bool().unwrap(), case["has_host"].as_bool().unwrap());
        for pay in [PayMode::PrePaid, PayMode::PostPaid] {
            let order = PortalOrder { term: None, count: 1, pay };
            let quote = Portal::new(&card, ratio).unwrap().order(&Kind::Scan, spec.clone(), order, now()).unwrap();
            assert_eq!(quote.original().to_string(), case["exact_original"], "{case}");
            assert_eq!(quote.payable().to_string(), case["exact_trade"], "{case}");
            adds_up(&quote);
        }
    }
}

/// D-P2: the portal's inquiry for a bucket is 24 times the day's price; ours is by the rate of metering.
#[test]
fn every_bucket_inquiry() {
    let Some(file) = shared::file("price_bucket.json") else { return };
    let cases = file["cases"].as_array().unwrap().iter().filter(|case| case["fn"] == "describe_bucket_price");
    let mut seen = 0;
    for case in cases {
        let card = card(&case["price"]);
        let order = PortalOrder { term: None, count: 1, pay: PayMode::PostPaid };
        let spec = Spec::size_gib("1").unwrap();
        let portal = Portal::new(&card, percent(&case["price"])).unwrap();
        let same = portal.order(&Kind::Bucket, spec.clone(), order, now()).unwrap();
        let portal = portal.asking_buckets(BucketInquiry::Legacy);
        let legacy = portal.order(&Kind::Bucket, spec, order, now()).unwrap();
        assert_eq!(legacy.original().to_string(), case["exact_original"], "{case}");
        assert_eq!(legacy.payable().to_string(), case["exact_trade"], "{case}");
        let (day, hours) = (same.original_rounded().exact(), legacy.original_rounded().exact());
        assert_eq!(day.times(&24.into()).unwrap(), *hours);
        seen += 1;
    }
    assert!(seen > 5);
}

#[test]
fn the_worked_inquiries() {
    let Some(file) = shared::file("worked_examples.json") else { return };
    let mut seen = BTreeMap::new();
    for case in file["examples"].as_array().unwrap() {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let op = case["op"].as_str().unwrap();
        match op {
            "vm_inquiry" => check_portal(case, &Kind::Server, &card(&inputs["price"]), percent(&inputs["price"])),
            "disk_inquiry" => {
                let price = serde_json::json!({ "disk_size": inputs["price_per_gib_day"] });
                check_portal(case, &Kind::Disk, &card(&price), percent(inputs));
            }
            "bucket_inquiry" => {
                let card = card(inputs);
                let portal = Portal::new(&card, Ratio::ONE).unwrap().asking_buckets(BucketInquiry::Legacy);
                let order = PortalOrder { term: None, count: 1, pay: PayMode::PostPaid };
                let quote = portal.order(&Kind::Bucket, Spec::size_gib("1").unwrap(), order, now()).unwrap();
                assert_eq!(quote.original().to_string(), expected["original"]);
            }
            "widget_inquiry" => check_parts(case),
            "convert_quantity" => {
                let text = |key: &str| inputs[key].as_str().unwrap();
                let given = Quantity::parse(text("value"), reseller_unit(text("from")).unwrap()).unwrap();
                let there = given.to(reseller_unit(text("to")).unwrap()).unwrap();
                assert_eq!(there.amount().to_string(), expected["value"]);
            }
            _ => continue,
        }
        *seen.entry(op).or_insert(0) += 1;
    }
    let wanted =
        [("bucket_inquiry", 1), ("convert_quantity", 1), ("disk_inquiry", 3), ("vm_inquiry", 5), ("widget_inquiry", 8)];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), wanted);
}

fn check_portal(case: &Value, kind: &Kind, card: &RateCard, ratio: Ratio) {
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let spec = match kind {
        Kind::Server => {
            let text = |key: &str| inputs[key].to_string();
            let server =
                Spec::server(&text("vcpus"), &text("ram_gib"), &text("disk_gib"), inputs["public_ip"] == true).unwrap();
            match inputs["price"].get("vm_base") {
                Some(_) => server,
                None => Spec::new(
                    server.parts().filter(|(part, _)| **part != Part::BASE).map(|(part, of)| (part.clone(), of)),
                )
                .unwrap(),
            }
        }
        _ => Spec::size_gib(&inputs["size_gib"].to_string()).unwrap(),
    };
    let term = Term::days(count(&inputs["days"])).unwrap();
    let order =
        PortalOrder { term: Some(term), count: count(&inputs["number"]), pay: mode(inputs["pay_type"] == "prepaid") };
    let portal = Portal::new(card, ratio).unwrap();
    let quote = portal.order(kind, spec.clone(), order, now()).unwrap();
    assert_eq!(quote.original().to_string(), expected["original"], "{case}");
    assert_eq!(quote.payable().to_string(), expected["trade"], "{case}");
    adds_up(&quote);
    if order.count == 1 && order.pay == PayMode::PrePaid {
        let until = term.period(now(), TermMonths::Fixed30).unwrap().end();
        for by in [RenewBy::Term(term), RenewBy::Until(until)] {
            let renewed = portal.renew(kind, spec.clone(), PortalRenewal { expiry: now(), by }, now()).unwrap();
            assert_eq!(renewed.payable(), quote.payable());
        }
    }
}

fn check_parts(case: &Value) {
    let (inputs, expected, policy) = (&case["inputs"], &case["expected"], &case["policy"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let widget = |widget: &Value| {
        let price = decimal::parse(widget["unit_price"].as_str().unwrap()).unwrap();
        let unit = |key: &str| text(&widget[key]);
        let model = widget["model"].as_str();
        let (price_unit, charge_unit, account_unit) = (unit("price_unit"), unit("charge_unit"), unit("account_unit"));
        Widget::new(&unit("type"), model, price, &price_unit, &charge_unit, &account_unit).unwrap()
    };
    let resource = |resource: &Value| {
        let (kind, unit) = (text(&resource["type"]), text(&resource["unit"]));
        Resource::new(&kind, resource["model"].as_str(), resource["amount"].as_u64().unwrap(), &unit).unwrap()
    };
    let stock = inputs["stock"].as_object().map(|stock| {
        let row = |(name, amount): (&String, &Value)| {
            let (kind, model) = name.split_once('/').unwrap();
            let part = Part { dimension: kind.parse().unwrap(), model: model.parse().unwrap() };
            (part, amount.as_u64().unwrap())
        };
        stock.iter().map(row).collect()
    });
    let calendar = policy["month"] == "calendar";
    let start = policy["start"].as_str().map_or_else(now, |date| format!("{date}T00:00:00Z").parse().unwrap());
    let inquiry = ResellerInquiry {
        widgets: inputs["widgets"].as_array().unwrap().iter().map(widget).collect(),
        resources: inputs["resources"].as_array().unwrap().iter().map(resource).collect(),
        duration: count(&inputs["duration"]),
        duration_unit: inputs["duration_unit"].as_str().unwrap().parse().unwrap(),
        months: if calendar { TermMonths::Calendar(Zone::UTC) } else { TermMonths::Fixed30 },
        start,
        stock,
    };
    let quote = inquiry.quote().unwrap();
    adds_up(quote.quote());
    let answer = ResellerAnswer::from(&quote);
    assert_eq!(answer.status, expected["status"], "{case}");
    assert_eq!(answer.total.to_string(), expected["total"], "{case}");
    for (key, found) in [("message", &answer.message), ("currency", &answer.currency)] {
        assert!(expected.get(key).is_none_or(|wanted| wanted == found), "{case}: {found}");
    }
    if let Some(wanted) = expected["subtotals"].as_array() {
        let found: Vec<String> = answer.subtotals.iter().map(ToString::to_string).collect();
        assert_eq!(Value::from(found), Value::from(wanted.clone()), "{case}");
    }
    let errors: BTreeMap<String, String> =
        answer.line_errors.iter().map(|(place, message)| (place.to_string(), message.clone())).collect();
    let wanted = expected.get("line_errors").cloned().unwrap_or_else(|| serde_json::json!({}));
    assert_eq!(serde_json::to_value(&errors).unwrap(), wanted, "{case}");
}
