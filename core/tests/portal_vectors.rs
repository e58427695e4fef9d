//! The portal's days and the portal's prices against the shared worked cases: `meter_*.json` under R-U10,
//! the original and the trade amounts of `price_*.json` (D-P1), and the metering and tier cases of `worked_examples.json`.
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
    exact::{Exact, decimal},
    metering::{
        ChargeMode, History, Kind, Part, Sample, SamplePolicy, Samples, Span, Spec, Usage,
        portal::{self, ArchiveRow, Change, CurrentRow, RowsOf},
    },
    money::{Ratio, RoundAt, Rounding},
    pricing::{
        RateCard, Shape, Tariff, Tier, ZeroUsage,
        discount::{DiscountFacts, Discounts, Listed, ResellerMode, Sale},
    },
    time::{Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Period},
    units::{Quantity, Unit},
};
use serde_json::Value;

/// R-U10 for servers: amounts to the cent, hours exactly.
#[test]
fn every_day_of_a_server() {
    let Some(cases) = shared::cases("meter_server.json", "cases", 100) else { return };
    let (mut readings, mut none) = (0, 0);
    for case in &cases {
        let tariff = tariff(&case["price"], Kind::Server);
        let row = &case["server"];
        let current = CurrentRow {
            created: instant(&row["creation_time"]),
            start: instant(&row["start_time"]),
            deleted: maybe_instant(&row["deleted_time"]),
            mode: mode(&row["pay_type"]),
            spec: server(row),
        };
        let archive: Vec<ArchiveRow> = list(&case["history"])
            .map(|row| ArchiveRow {
                change: text(&row["type"]).parse().unwrap(),
                start: instant(&row["start_time"]),
                end: instant(&row["deleted_time"]),
                spec: server(row),
                mode: Some(mode(&row["pay_type"])),
            })
            .collect();
        let Some(segments) = portal::usage(RowsOf::Server, day(case), &current, &archive).unwrap() else {
            assert!(case["expected"].is_null(), "a reading where there is none: {case}");
            none += 1;
            continue;
        };
        let (exact, expected) = (&case["exact"], &case["expected"]);
        let [usage] = segments.as_slice() else { panic!("a server is rounded together: {case}") };
        for (part, name) in [
            (Part::BASE, "hours"),
            (Part::CPU, "cpu_hours"),
            (Part::RAM, "ram_hours"),
            (Part::DISK, "disk_hours"),
            (Part::PUBLIC_IP, "ip_hours"),
        ] {
            let hours = usage.used(&part).unwrap().hours();
            assert_eq!(hours, text(&exact[name]).parse().unwrap(), "{name} of {case}");
            if let Some(stored) = expected.get(name) {
                assert_near(&hours, stored);
                assert_near(&hours, &exact[&format!("{name}_f64")]);
            }
        }
        assert_amounts(&tariff, &segments, exact, case);
        readings += 1;
    }
    assert_eq!((readings, none), (99, 1));
}

/// R-U10 for disks: own part and rows rounded apart (D-U3), expansions left out (D-U4), quota charged (D-U5).
#[test]
fn every_day_of_a_disk() {
    let Some(cases) = shared::cases("meter_disk.json", "cases", 66) else { return };
    for case in &cases {
        let tariff = tariff(&case["price"], Kind::Disk);
        let row = &case["disk"];
        let current = CurrentRow {
            created: instant(&row["creation_time"]),
            start: instant(&row["start_time"]),
            deleted: maybe_instant(&row["deleted_time"]).filter(|_| row["deleted"] == true),
            mode: mode(&row["pay_type"]),
            spec: disk(row),
        };
        let archive: Vec<ArchiveRow> = list(&case["history"])
            .map(|row| ArchiveRow {
                change: text(&row["type"]).parse::<Change>().unwrap(),
                start: instant(&row["start_time"]),
                end: instant(&row["change_time"]),
                spec: disk(row),
                mode: None,
            })
            .collect();
        let segments = portal::usage(RowsOf::Disk, day(case), &current, &archive).unwrap().expect("a reading");
        let hours: Vec<Exact> = segments.iter().map(|usage| usage.used(&Part::SIZE).unwrap().hours()).collect();
        let hours = Exact::sum(&hours).unwrap();
        assert_eq!(hours, text(&case["exact"]["size_hours"]).parse().unwrap(), "{case}");
        assert_near(&hours, &case["expected"]["size_hours"]);
        assert_near(&hours, &case["exact"]["size_hours_f64"]);
        assert_amounts(&tariff, &segments, &case["exact"], case);
    }
}

/// Sites through the general model: days × (base + tamper + security), nothing of a site without a user.
#[test]
fn every_day_of_a_site() {
    let Some(cases) = shared::cases("meter_site.json", "cases", 50) else { return };
    let (mut readings, mut none, mut userless) = (0, 0, 0);
    for case in &cases {
        let row = &case["site"];
        if row["has_user"] == false {
            assert!(case["expected"].is_null(), "R-U10: a site without a user has no reading: {case}");
            userless += 1;
            continue;
        }
        let created = instant(&row["creation"]);
        // Two cases are deleted before they are created: the portal meters no time, and so does an empty span.
        let deleted = maybe_instant(&row["record_time"]).filter(|_| row["deleted"] == true).map(|at| at.max(created));
        let history =
            History::new([Span::post_paid(created, deleted, Spec::site(row["is_tamper_resistant"] == true, false))]);
        let Some(usage) = history.unwrap().usage(day(case)).unwrap() else {
            assert!(case["expected"].is_null(), "no reading where there is one: {case}");
            none += 1;
            continue;
        };
        let (exact, expected) = (&case["exact"], &case["expected"]);
        let hours = usage.used(&Part::BASE).unwrap().hours();
        assert_eq!(hours, text(&exact["hours"]).parse().unwrap(), "{case}");
        assert_near(&hours, &expected["hours"]);
        assert_near(&hours, &exact["hours_f64"]);
        assert_original_is_all(&tariff(&case["price"], Kind::Site), &usage, exact, case);
        readings += 1;
    }
    assert_eq!((readings, none, userless), (45, 3, 2));
}

/// Buckets: the size at metering time for the whole life in the day (R-U8, point sample), and the fee by time.
#[test]
fn every_day_of_a_bucket() {
    let Some(cases) = shared::cases("meter_bucket.json", "cases", 50) else { return };
    let (mut readings, mut without_size) = (0, 0);
    for case in &cases {
        let row = &case["bucket"];
        let (day, created) = (day(case), instant(&row["creation_time"]));
        let metered_at = day.end();
        let seen = row["storage_byte"].as_u64().map(|bytes| Quantity::whole(bytes, Unit::Byte));
        let samples = match Samples::new(seen.map(|size| Sample { at: metered_at, size })) {
            Ok(samples) => samples,
            Err(error) => {
                assert_eq!(error.code(), "metering.no_sample");
                assert!(case["expected"].is_null(), "no size where there is a reading: {case}");
                without_size += 1;
                continue;
            }
        };
        let life = Period::new(created, Instant::MAX).unwrap();
        let spec = |size| Spec::new([(Part::BASE, Quantity::whole(1, Unit::Count)), (Part::SIZE, size)]);
        let history = samples.history(life, SamplePolicy::Point { at: metered_at }, ChargeMode::PostPaid, spec);
        let usage = history.unwrap().usage(day).unwrap().expect("a reading");
        let gib_hours = usage.used(&Part::SIZE).unwrap().hours().divided_by(&Exact::from(1 << 30)).unwrap();
        assert_near(&gib_hours, &case["expected"]["storage_gib_hours"]);
        assert_near(&gib_hours, &case["exact"]["storage_gib_hours_f64"]);
        assert_original_is_all(&tariff(&case["price"], Kind::Bucket), &usage, &case["exact"], case);
        readings += 1;
    }
    assert_eq!((readings, without_size), (41, 9));
}

/// R-P2, R-P15: what an inquiry says is what metering that long would charge.
#[test]
fn every_price_of_servers_disks_and_snapshots() {
    let files = [
        ("price_server.json", 75, Kind::Server),
        ("price_disk.json", 58, Kind::Disk),
        ("price_snapshot.json", 50, Kind::Snapshot),
    ];
    let mut refused_by_the_portal = 0;
    for (name, count, kind) in files {
        let Some(cases) = shared::cases(name, "cases", count) else { return };
        for case in &cases {
            let spec = if kind == Kind::Server { server(case) } else { disk(case) };
            let usage = constant(spec, asked_for(case)).expect("a period");
            assert_original(&tariff(&case["price"], kind.clone()), &usage, case);
            refused_by_the_portal += usize::from(!case["original"].is_string());
        }
    }
    assert_eq!(refused_by_the_portal, 18, "amounts of 10^8 and more, which have an exact value all the same");
}

#[test]
fn every_price_of_buckets_sites_and_scans() {
    let Some(cases) = shared::cases("price_bucket.json", "cases", 50) else { return };
    let (mut metered, mut legacy) = (0, 0);
    for case in &cases {
        if case["fn"] == "calculate_bucket_amounts" {
            let spec = Spec::bucket(case["storage_byte"].as_u64().unwrap());
            let usage = constant(spec, micros(&case["hours_us"])).expect("a period");
            assert_original(&tariff(&case["price"], Kind::Bucket), &usage, case);
            metered += 1;
        } else {
            // D-P2: the portal's inquiry takes the price of a day for that of an hour, and no fee.
            let card = card(&[("bucket", "size", "GiB", "hour", text(&case["price"]["obj_size"]))]);
            let usage = constant(Spec::size_gib("1").unwrap(), MICROS_PER_DAY).expect("a day");
            assert_original(&card.tariff(&Kind::Bucket, start()).unwrap(), &usage, case);
            legacy += 1;
        }
    }
    assert_eq!((metered, legacy), (40, 10));

    let Some(cases) = shared::cases("price_site.json", "cases", 41) else { return };
    for case in &cases {
        // Only whether a count is above zero counts.
        let on = |name: &str| case[name].as_i64().unwrap() > 0;
        let spec = Spec::site(on("tamper_count"), on("security_count"));
        let Some(usage) = constant(spec, micros(&case["duration_us"])) else {
            assert_eq!(case["exact_original"], "0.00", "R-U5: nothing lives in a window of no length: {case}");
            continue;
        };
        assert_original(&tariff(&case["price"], Kind::Site), &usage, case);
    }

    let Some(cases) = shared::cases("price_scan.json", "cases", 41) else { return };
    for case in &cases {
        let spec = Spec::scan(case["has_web"] == true, case["has_host"] == true);
        let usage = Usage::counted(Period::new(start(), start()).unwrap(), &spec);
        assert_original(&tariff(&case["price"], Kind::Scan), &usage, case);
    }
}

#[test]
fn the_metered_days_and_the_tiers_of_the_worked_examples() {
    let Some(examples) = shared::cases("worked_examples.json", "examples", 86) else { return };
    let of = |op: &str| examples.iter().filter(|case| case["op"] == op).cloned().collect::<Vec<_>>();

    let servers = of("vm_day_metering");
    for case in &servers {
        let inputs = &case["inputs"];
        let window = Period::parse(
            &format!("{}T00:00:00Z", text(&inputs["day"])),
            &format!("{}T00:00:00Z", inputs["day"].as_str().unwrap().replace("-20", "-21")),
        );
        let span = Span::new(
            instant(&inputs["start"]),
            maybe_instant(&inputs["end"]),
            server(inputs),
            mode(&inputs["pay_type"]),
        );
        let usage = History::new([span]).unwrap().usage(window.unwrap()).unwrap().unwrap();
        let tariff = tariff(&inputs["price"], Kind::Server);
        let rated = tariff.rate(&usage, Rounding::PORTAL).unwrap();
        assert_eq!(rated.original().to_string(), text(&case["expected"]["original"]), "{case}");
        assert_eq!(rated.payable().to_string(), text(&case["expected"]["trade"]), "{case}");
    }

    let sites = of("site_day_metering");
    for case in &sites {
        let inputs = &case["inputs"];
        let price = |part, name: &str| ("site", part, "count", "day", text(&inputs[name]));
        let card = card(&[price("base", "base"), price("tamper", "tamper"), price("security", "security")]);
        let spec = Spec::site(inputs["has_tamper"] == true, inputs["has_security"] == true);
        let usage = constant(spec, inputs["hours"].as_i64().unwrap() * 3_600 * MICROS_PER_SECOND).unwrap();
        let tariff = card.tariff(&Kind::Site, start()).unwrap();
        let rated = tariff.rate(&usage, Rounding::PORTAL).unwrap();
        assert_eq!(rated.original().to_string(), text(&case["expected"]["amount"]), "{case}");
    }

    // R-P3. The last bound of these tables is where they stop printing prices; here the last tier takes the rest.
    let tiered = of("tiered_price");
    for case in &tiered {
        let inputs = &case["inputs"];
        let tiers = list(&inputs["tiers"]).map(|tier| (text(&tier[0]), text(&tier[1]))).collect::<Vec<_>>();
        let (last, before) = tiers.split_last().unwrap();
        let before = before.iter().map(|(bound, price)| Tier::up_to(bound, price).unwrap());
        let tiers: Vec<Tier> = before.chain([Tier::rest(last.1).unwrap()]).collect();
        let shape = match text(&inputs["mode"]) {
            "graduated" => Shape::graduated(&tiers).unwrap(),
            "volume" => Shape::volume(&tiers).unwrap(),
            other => panic!("tiers of `{other}`"),
        };
        let amount = shape.amount(&text(&inputs["quantity"]).parse().unwrap(), ZeroUsage::Free).unwrap();
        assert_eq!(amount, text(&case["expected"]["amount"]).parse().unwrap(), "{case}");
    }
    assert_eq!((servers.len(), sites.len(), tiered.len()), (1, 1, 2));
}

#[test]
fn the_reseller_prices_of_the_worked_examples() {
    let Some(examples) = shared::cases("worked_examples.json", "examples", 86) else { return };
    let mut figures = 0;
    for case in examples.iter().filter(|case| case["op"] == "reseller_price") {
        let input = |name: &str| case["inputs"].get(name).map(|value| decimal::parse(text(value)).unwrap());
        let mode = text(&case["inputs"]["mode"]).parse().unwrap();
        let mode = ResellerMode::from_row(mode, input("discount"), input("floor")).unwrap();
        let sale = Sale {
            list: input("list").unwrap().into(),
            sold_at: input("sold_at").map(Exact::from),
            commission_rate: input("commission_rate").map(|rate| Ratio::new(rate).unwrap()),
        };
        let settled = mode.settle(&sale, Rounding::PORTAL).unwrap();
        for (name, figure) in case["expected"].as_object().unwrap() {
            let computed = match name.as_str() {
                "price" | "reseller_pays" => settled.reseller_pays(),
                "reseller_margin" => settled.margin(),
                "customer_pays" => Some(settled.customer_pays()),
                "commission" => settled.commission(),
                other => panic!("{other}: {case}"),
            };
            assert_eq!(computed.map(ToString::to_string).as_deref(), figure.as_str(), "{name} of {case}");
            figures += 1;
        }
    }
    assert_eq!(figures, 5);
}

/// Amounts of segments that the portal rounds apart.
fn assert_amounts(tariff: &Tariff, segments: &[Usage], exact: &Value, case: &Value) {
    let rated = tariff.rate_segments(segments, Rounding::PORTAL.rounding_at(RoundAt::Segment)).unwrap();
    assert_eq!(rated.original().to_string(), text(&exact["original_amount"]), "{case}");
    assert_eq!(rated.payable().to_string(), text(&exact["trade_amount"]), "{case}");
    let again = rated.explain().unwrap().recompute().unwrap(); // R-P15
    assert_eq!(again, (rated.original(), rated.payable()), "{case}");
}

fn assert_original_is_all(tariff: &Tariff, usage: &Usage, exact: &Value, case: &Value) {
    let rated = tariff.rate(usage, Rounding::PORTAL).unwrap();
    assert_eq!(rated.original().to_string(), text(&exact["original_amount"]), "{case}");
    assert_eq!(rated.payable(), rated.original(), "{case}");
    let again = rated.explain().unwrap().recompute().unwrap(); // R-P15
    assert_eq!(again, (rated.original(), rated.payable()), "{case}");
}

fn assert_original(tariff: &Tariff, usage: &Usage, case: &Value) {
    let rated = tariff.rate(usage, Rounding::PORTAL).unwrap();
    assert_eq!(rated.original().to_string(), text(&case["exact_original"]), "{case}");
    let again = rated.explain().unwrap().recompute().unwrap(); // R-P15
    assert_eq!(again, (rated.original(), rated.payable()), "{case}");
    assert_trade(tariff, rated.original_rounded().exact(), case);
}

/// D-P1: a share of the exact amount, in which no double has moved half a cent. What is not paid before use has no
/// discount, and a scan always has (R-P5).
fn assert_trade(tariff: &Tariff, original: &Exact, case: &Value) {
    let percent = decimal::parse(&case["price"]["prepaid_discount"].to_string()).unwrap();
    let discounts = match case["is_prepaid"] == true || *tariff.kind() == Kind::Scan {
        true => Discounts::unified("pre-paid".parse().unwrap(), Ratio::percent(percent).unwrap()),
        false => Discounts::NONE,
    };
    let listed = Listed { kind: tariff.kind(), part: None, units: Exact::ONE, amount: original.clone() };
    let discounted = discounts.apply(&DiscountFacts::anybody(start()), &listed).unwrap();
    assert_eq!(discounted.trace().recompute().unwrap(), *discounted.amount(), "{case}");
    let trade = Rounding::PORTAL.round(discounted.into_amount()).unwrap();
    assert_eq!(trade.to_string(), text(&case["exact_trade"]), "{case}");
}

/// Within 1e-9 of a stored double, relative to it.
fn assert_near(exact: &Exact, stored: &Value) {
    let stored = double(stored);
    let apart = exact.minus(&stored).unwrap();
    let apart = if apart.is_negative() { apart.negated().unwrap() } else { apart };
    assert!(apart.times(&Exact::from(1_000_000_000)).unwrap() <= stored, "{exact} and {stored}");
}

/// A number of JSON as the shortest decimal that means the same double.
fn double(number: &Value) -> Exact {
    let text = number.as_number().unwrap().to_string();
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = Exact::from(decimal::parse(digits).unwrap());
    let exponent: i32 = exponent.parse().unwrap();
    let power = Exact::from(10_i64.pow(exponent.unsigned_abs()));
    if exponent < 0 { digits.divided_by(&power).unwrap() } else { digits.times(&power).unwrap() }
}

/// The portal's price list as a rate card, with the fee of a bucket as a rate of it.
fn tariff(price: &Value, kind: Kind) -> Tariff {
    let listed = |name: &str| price.get(name).map_or("0", text);
    let mut rates: Vec<_> = shared::PORTAL_PRICES
        .iter()
        .map(|(kind, part, per, every, name)| (*kind, *part, *per, *every, listed(name)))
        .collect();
    rates.push(("bucket", "base", "count", "day", "0.06"));
    card(&rates).tariff(&kind, start()).unwrap()
}

fn card(rates: &[(&str, &str, &str, &str, &str)]) -> RateCard {
    let rate = |(kind, part, per, every, price): &(&str, &str, &str, &str, &str)| {
        format!(
            "[[rates]]\nkind = \"{kind}\"\npart = \"{part}\"\nper = \"{per}\"\nevery = \"{every}\"\nprice = \"{price}\"\n"
        )
    };
    let rates: String = rates.iter().map(rate).collect();
    RateCard::from_toml(&format!("revision = \"portal\"\ncurrency = \"CNY\"\n{rates}")).unwrap()
}

/// Usage of something that does not change for so long; none for no time at all.
fn constant(spec: Spec, micros: i64) -> Option<Usage> {
    let window = Period::new(start(), start().plus_micros(micros).unwrap()).unwrap();
    let history = History::new([Span::post_paid(start(), None, spec)]).unwrap();
    history.usage(window).unwrap()
}

fn start() -> Instant {
    "2024-01-01T00:00:00Z".parse().unwrap()
}

/// How long an inquiry is for: 30 days a month, or days, and days by a difference without its microseconds.
fn asked_for(case: &Value) -> i64 {
    let period = case["period"].as_i64().unwrap_or(0);
    let of_period = match text(&case["period_unit"]) {
        "month" => period * 30 * MICROS_PER_DAY,
        "day" => period * MICROS_PER_DAY,
        other => panic!("a period in `{other}`"),
    };
    let delta = &case["days_from_delta"];
    let of_days = match delta.is_null() {
        true => case["days"].as_i64().expect("whole days") * MICROS_PER_DAY,
        false => micros(&delta["days"]) * MICROS_PER_DAY + micros(&delta["seconds"]) * MICROS_PER_SECOND,
    };
    of_period + of_days
}

fn micros(number: &Value) -> i64 {
    number.as_i64().unwrap()
}

fn server(row: &Value) -> Spec {
    let number = |names: &[&str]| names.iter().find_map(|name| row.get(name)).and_then(Value::as_u64).unwrap();
    // An inquiry says its memory in MiB, a row in GiB: the rate does not mind.
    let ram = match row.get("ram_mib") {
        Some(mib) => Quantity::whole(mib.as_u64().unwrap(), Unit::MiB),
        None => Quantity::whole(number(&["ram_gib"]), Unit::GiB),
    };
    Spec::new([
        (Part::BASE, Quantity::whole(1, Unit::Count)),
        (Part::CPU, Quantity::whole(number(&["vcpus", "cpu"]), Unit::Core)),
        (Part::RAM, ram),
        (Part::DISK, Quantity::whole(number(&["disk_gib"]), Unit::GiB)),
        (Part::PUBLIC_IP, Quantity::whole(u64::from(row["public_ip"] == true), Unit::Count)),
    ])
    .unwrap()
}

fn disk(row: &Value) -> Spec {
    let size = row.get("size_gib").or_else(|| row.get("disk_gib")).unwrap();
    Spec::size_gib(&size.to_string()).unwrap()
}

fn mode(pay_type: &Value) -> ChargeMode {
    match text(pay_type) {
        "postpaid" => ChargeMode::PostPaid,
        "prepaid" => ChargeMode::PrePaid,
        "quota" => ChargeMode::Quota,
        other => panic!("paid by `{other}`"),
    }
}

fn day(case: &Value) -> Period {
    Period::parse(text(&case["day_start"]), text(&case["day_end"])).unwrap()
}

fn instant(text: &Value) -> Instant {
    text.as_str().unwrap().parse().unwrap()
}

fn maybe_instant(text: &Value) -> Option<Instant> {
    text.as_str().map(|text| text.parse().unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}
