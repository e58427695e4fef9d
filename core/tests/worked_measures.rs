//! What is measured, against the shared worked cases: free packages, guarantees and maxima, bandwidth, funds gates, numbered
//! measures, truncation (R-P7, R-P12 … R-P14, R-P16), and the conventions of other billing systems that these rules
//! meet: each is reproduced, or the reason why it is refused stands beside it.
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
    money::{CNY, Money, RoundAt, Rounding},
    pricing::{
        Cap, Every, FundsGate, GatedOrder, Guarantee, MeasuredValue, OnDemand, OnDemandPrice, Rate, Shape, Tier,
        ZeroUsage,
        bandwidth::{BandwidthPrice, Classic95, GuaranteedDays, MonthGuarantee, UsedDays},
        package::{Covered, FreePackage, FreePackageTerms, PackageState, PackageUse, Packages, Reset},
    },
    time::{Instant, Zone},
    units::{MeasureTable, Unit},
};
use rust_decimal::Decimal;
use serde_json::Value;

#[test]
fn packages_in_their_order_and_over_their_term() {
    let midnight = |date: &Value| -> Instant { format!("{}T00:00:00+08:00", text(date)).parse().unwrap() };
    let months = |term: &Value| match text(term) {
        "1y" => 12,
        "1m" => 1,
        other => panic!("a term of {other}"),
    };
    let reset = |reset: &Value| match reset.as_str() {
        Some("month") => Reset::EveryMonths(1),
        None => Reset::Never,
        other => panic!("a reset of {other:?}"),
    };
    let traffic = Covered { kind: "cdn".parse().unwrap(), part: "traffic".parse().unwrap() };
    let package = |id: &str, quota: &str, effective: Instant, term: &Value, of: &Value| {
        let terms = FreePackageTerms {
            id: id.parse().unwrap(),
            covers: vec![traffic.clone()],
            quota: quota.parse().unwrap(),
            effective,
            purchased: effective,
            term_months: months(term),
            reset: reset(of),
            zone: "Asia/Shanghai".parse::<Zone>().unwrap(),
        };
        FreePackage::new(terms).unwrap()
    };
    for id in ["bss-pkg-01", "bss-pkg-02"] {
        let Some((inputs, expected)) = example(id) else { return };
        let packages = list(&inputs["packages"]).map(|row| {
            package(&row["id"].to_string(), "1 GB", midnight(&row["effective"]), &row["term"], &row["reset"])
        });
        let packages = Packages::new(packages).unwrap();
        let order = packages.order(&traffic, midnight(&inputs["at"])).unwrap();
        let order: Vec<&str> = order.iter().map(|of| of.package.id().as_str()).collect();
        assert_eq!(order, list(&expected["order"]).map(Value::to_string).collect::<Vec<_>>(), "{id}");
    }
    let Some((inputs, expected)) = example("bss-pkg-03") else { return };
    let quota = format!("{} {}", inputs["total"], text(&inputs["unit"]));
    let effective = "2019-10-10T00:00:00+08:00".parse().unwrap();
    let monthly = package("p", &quota, effective, &inputs["term"], &inputs["reset"]);
    assert_eq!(monthly.total_quota().unwrap().amount(), &exact(&expected["total_over_term"]));
    let once = package("p", &quota, effective, &inputs["term"], &Value::Null);
    assert_eq!(once.total_quota().unwrap().to_string(), quota); // "non-resettable would be 40"
}

#[test]
fn a_minimum_guarantee_is_a_line_of_its_own() {
    let Some((inputs, expected)) = example("bss-min-04") else { return };
    let line = Guarantee::parse(text(&inputs["guaranteed"])).unwrap();
    let line = line.charge(&exact(&inputs["actual"]), Rounding::BSS).unwrap();
    assert_eq!(line.amount().to_string(), text(&expected["amount"]));
    assert_eq!(line.bill_type().bss_number().to_string(), expected["bill_type"].to_string());
}

#[test]
fn bandwidth_enhanced_and_classic() {
    let Some((inputs, expected)) = example("bss-min-01") else { return };
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let days = UsedDays { used: number(&inputs["exist_days"]), in_month: number(&inputs["days_in_month"]) };
    let price = BandwidthPrice::parse(text(&inputs["price"]), days).unwrap();
    let fee = price.charge(&exact(&inputs["peak_mbps"]), Rounding::BSS).unwrap();
    assert_eq!(fee.fee().to_string(), text(&expected["fee"]));

    let Some((inputs, expected)) = example("bss-min-03") else { return };
    let days: Vec<GuaranteedDays> = list(&inputs["daily"])
        .map(|row| GuaranteedDays { guarantee: row[0].as_u64().unwrap().into(), days: number(&row[1]) })
        .collect();
    let month = MonthGuarantee::of(&days, 30).unwrap();
    assert_eq!(Exact::from(month.guarantee()), exact(&expected["guarantee_mbps"]));

    let Some((inputs, expected)) = example("bss-p95-01") else { return };
    let samples: Vec<Decimal> = (1..=8_640).map(Decimal::from).collect();
    let days = UsedDays { used: number(&inputs["valid_days"]), in_month: number(&inputs["days"]) };
    let price = BandwidthPrice::new(Decimal::ONE, days).unwrap();
    let month = Classic95 { samples: &samples, price }.charge(Rounding::BSS).unwrap();
    assert_eq!(Exact::from(month.peak()), exact(&expected["peak"]));
}

#[test]
fn a_post_paid_order_passes_its_gate() {
    let Some((inputs, expected)) = example("portal-pay-06") else { return };
    let gate = FundsGate { floor: yuan(&inputs["floor"]), ..FundsGate::PORTAL };
    assert_eq!(gate, FundsGate::PORTAL);
    let existing = u32::try_from(inputs["existing"].as_u64().unwrap()).unwrap();
    let order = GatedOrder::PostPaid { day_price: yuan(&inputs["day_price"]), existing };
    let required = yuan(&expected["required_funds"]);
    let verdict = gate.check(order, required).unwrap();
    assert!(verdict.is_enough() && verdict.required() == required);
    let a_cent_less = required.minus(Money::parse("0.01", CNY).unwrap()).unwrap();
    assert!(!gate.check(order, a_cent_less).unwrap().is_enough());
}

#[test]
fn measures_convert_and_charges_are_truncated() {
    let Some((inputs, expected)) = example("bss-conv-01") else { return };
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let bss = MeasureTable::bss().unwrap();
    let converted = bss.convert(&exact(&inputs["value"]), number(&inputs["from_id"]), number(&inputs["to_id"]));
    assert_eq!(converted.unwrap(), exact(&expected["value"]));

    let Some((inputs, expected)) = example("bss-rate-02") else { return };
    let one_hour = OnDemand {
        factor: "Duration".parse().unwrap(),
        usage: MeasuredValue { value: Decimal::ONE, measure: MeasureTable::BSS_HOUR },
        size: None,
        price: OnDemandPrice::parse(text(&inputs["amount"]), MeasureTable::BSS_HOUR).unwrap(),
    };
    let charge = one_hour.charge(&bss).unwrap();
    assert_eq!(charge.charged().to_string(), text(&expected["billed"]));
    assert_eq!(charge.truncated().to_string(), text(&expected["truncated"]));
}

#[test]
fn a_prorated_commitment_is_rounded_once() {
    let Some((inputs, expected)) = peer("lago-trueup-25of28") else { return };
    let cents: Rounding = "half_up 1 line".parse().unwrap();
    let number = |key: &str| inputs[key].as_i64().unwrap();
    let share = Exact::ratio(number("days"), number("period_days")).unwrap();
    let guarantee = Guarantee::new(number("minimum_cents").into()).unwrap().prorated(share).unwrap();
    let used = Exact::from(number("used_cents"));
    let line = guarantee.charge(&used, cents).unwrap();
    assert_eq!(Exact::from(line.amount()), exact(&expected["true_up_cents"]));
    // The taxes are of each line.
    let fifth = Exact::ratio(1, 5).unwrap();
    let fees = [used, line.amount().into()];
    let taxes = fees.each_ref().map(|fee| fee.times(&fifth).unwrap());
    let taxes: Vec<Exact> = cents.round_lines(&taxes).unwrap().into_iter().map(Exact::from).collect();
    assert_eq!(taxes, [exact(&expected["tax_20pct_on_usage"]), exact(&expected["tax_20pct_on_trueup"])]);
    let sum = |lines: &[Exact]| Exact::sum(lines).unwrap();
    assert_eq!(sum(&fees), exact(&expected["fees_cents"]));
    assert_eq!(sum(&taxes), exact(&expected["taxes_cents"]));
    assert_eq!(sum(&fees).plus(&sum(&taxes)).unwrap(), exact(&expected["total_cents"]));
}

#[test]
fn a_commitment_of_nothing_used_is_due_in_full() {
    let Some((inputs, expected)) = peer("om-package-min") else { return };
    let shape = Shape::package(number(&inputs["package_size"]), number(&inputs["package_price"])).unwrap();
    let actual = shape.amount(&exact(&inputs["units"]), ZeroUsage::Free).unwrap();
    let line = Guarantee::new(number(&inputs["minimum"])).unwrap().charge(&actual, Rounding::PORTAL).unwrap();
    assert_eq!(Exact::from(line.amount()), exact(&expected["minimum_line"]));
}

#[test]
fn a_maximum_is_shown_as_discounts_of_lines() {
    let Some((inputs, expected)) = peer("om-graduated-max") else { return };
    let tiers: Vec<Tier> = list(&inputs["tiers_up_to"])
        .map(|tier| Tier {
            up_to: tier["up_to"].as_str().map(|bound| decimal::parse(bound).unwrap()),
            price: number(&tier["unit"]),
            flat: number(&tier["flat"]),
        })
        .collect();
    let shape = Shape::graduated(&tiers).unwrap();
    let until = |units: &Exact| shape.amount(units, ZeroUsage::Free).unwrap();
    // What the new units add in each tier: from 12 to 15 in the third, on to 22 in the fourth.
    let before = exact(&inputs["units_before"]);
    let (end, third) = (before.plus(&exact(&inputs["units"])).unwrap(), Exact::from(tiers[2].up_to.unwrap()));
    let lines = [until(&third).minus(&until(&before)).unwrap(), until(&end).minus(&until(&third)).unwrap()];
    assert_eq!(until(&before), exact(&inputs["already_billed"]));
    let cap = Cap::new(number(&inputs["maximum"])).unwrap();
    let capped = cap.apply(&exact(&inputs["already_billed"]), &lines, Rounding::PORTAL).unwrap();
    for (line, (amount, discount)) in
        capped.lines().iter().zip([("line_tier3", "discount_tier3"), ("line_tier4", "discount_tier4")])
    {
        assert_eq!((line.amount(), line.discount()), (&exact(&expected[amount]), &exact(&expected[discount])));
    }
    assert_eq!(capped.rounded().exact(), &exact(&expected["billed"]));
}

#[test]
fn a_fee_has_a_cap() {
    let Some((inputs, expected)) = peer("ns-fee-cap") else { return };
    let percent = decimal::parse(text(&inputs["fee"]).strip_suffix('%').unwrap()).unwrap();
    let amount = exact(&inputs["amount"]);
    let fee = amount.times(&Exact::from(percent)).unwrap().divided_by(&Exact::from(100)).unwrap();
    let cap = Cap::new(number(&inputs["cap"])).unwrap();
    let capped = cap.apply(&Exact::ZERO, &[fee], "down 1 total".parse().unwrap()).unwrap();
    assert_eq!(Exact::from(capped.amount()), exact(&expected["fee"]));
    assert_eq!(amount.minus(&capped.amount().into()).unwrap(), exact(&expected["rest"]));
}

/// Refused as a rate of its own: blocks of another size in each tier. A tier of a volume rate has a price for each unit
/// and no size of a block, so that no unit lies between two tiers. What decides the case is the block of the top tier alone.
#[test]
fn blocks_of_another_size_in_each_tier_are_the_top_tier_s_blocks() {
    let Some((inputs, expected)) = peer("kb-toptier-blocks-300000") else { return };
    let units = exact(&inputs["units"]);
    let tiers: Vec<(Decimal, i64, Decimal)> = list(&inputs["tiers_blocks"])
        .map(|tier| (number(&tier["block"]), text(&tier["max_blocks"]).parse().unwrap(), number(&tier["price"])))
        .collect();
    // The tier in which the units end, or the last: 300,000 units are above all three.
    let mut until = Exact::ZERO;
    let reached = tiers.iter().find(|(block, most, _)| {
        until = until.plus(&Exact::from(*block).times(&Exact::from(*most)).unwrap()).unwrap();
        units <= until
    });
    let (block, _, price) = reached.unwrap_or(tiers.last().unwrap());
    let amount = |units: &Exact| Shape::package(*block, *price).unwrap().amount(units, ZeroUsage::Free).unwrap();
    assert_eq!(amount(&units), exact(&expected["amount"]));
    // By a volume rate with the same price for each unit, a started block would cost less: the two are no one convention.
    let per_unit = decimal::parse("0.0005").unwrap();
    let volume = Shape::volume(&[Tier { up_to: None, price: per_unit, flat: Decimal::ZERO }]).unwrap();
    let started = units.plus(&Exact::ONE).unwrap();
    assert_eq!(volume.amount(&units, ZeroUsage::Free).unwrap(), amount(&units));
    assert_ne!(volume.amount(&started, ZeroUsage::Free).unwrap(), amount(&started));
}

#[test]
fn late_usage_is_billed_as_what_it_adds_to_the_total() {
    let Some((inputs, expected)) = peer("kb-late-usage-delta") else { return };
    let (block, price) = (number(&inputs["block"]), number(&inputs["price"]));
    let points: Vec<Exact> = list(&inputs["usage_points"]).map(exact).collect();
    let rate = Rate { shape: Shape::package(block, price).unwrap(), ..Rate::per_unit(price, Unit::Count, Every::Once) };
    // Here blocks of the whole and blocks of each point come to the same: 4.01 → 5, and 2 + 3.
    let total = rate.amount(&Exact::sum(&points).unwrap()).unwrap();
    let each = Exact::sum(&points.iter().map(|point| rate.amount(point).unwrap()).collect::<Vec<_>>()).unwrap();
    assert_eq!((&total, &each), (&exact(&expected["amount_total"]), &exact(&expected["amount_total"])));
    assert_eq!(total.divided_by(&Exact::from(price)).unwrap(), exact(&expected["blocks"]));
    assert_eq!(total.minus(&exact(&inputs["already_billed"])).unwrap(), exact(&expected["to_bill_now"]));
}

/// Refused: the sum of rounded lines. What is exact is rounded once, and what is included is a free package.
#[test]
fn lines_are_not_rounded_before_what_is_included_is_taken_off() {
    let Some((inputs, expected)) = peer("autumn-3407") else { return };
    let credits = Covered { kind: "credits".parse().unwrap(), part: "count".parse().unwrap() };
    let at: Instant = "2024-02-20T00:00:00Z".parse().unwrap();
    let included = FreePackage::new(FreePackageTerms {
        id: "included".parse().unwrap(),
        covers: vec![credits.clone()],
        quota: format!("{} count", text(&inputs["included"])).parse().unwrap(),
        effective: at,
        purchased: at,
        term_months: 1,
        reset: Reset::Never,
        zone: Zone::UTC,
    })
    .unwrap();
    let amount = format!("{} count", text(&inputs["exact_credits_used"])).parse().unwrap();
    let plan = Packages::new([included])
        .unwrap()
        .consume(&PackageUse { of: credits, at, amount }, &PackageState::NOTHING_CONSUMED)
        .unwrap();
    let cents: Rounding = "half_up 0.01 total".parse().unwrap();
    let overage = cents.round(plan.excess().amount().clone()).unwrap();
    assert_eq!(overage.amount().to_string(), text(&expected["exact_overage"]));
    let credit = cents.round(plan.taken()[0].amount.amount().clone()).unwrap();
    assert_eq!(credit.amount().to_string(), text(&expected["credit_line_must_show"]));
    // The convention that is refused loses two cents, and they are nobody's.
    let rounded = exact(&expected["sum_of_rounded_lines"]).minus(&exact(&inputs["included"])).unwrap();
    assert_eq!(Exact::from(overage.amount()).minus(&rounded).unwrap().to_string(), "0.02");
    // Lines that carry their remainder add up to what one rounding gives, however many there are.
    let lines = usize::try_from(inputs["lines"].as_u64().unwrap()).unwrap();
    let all = exact(&inputs["exact_credits_used"]);
    let line = all.divided_by(&Exact::from(i64::try_from(lines).unwrap())).unwrap();
    let carried = cents.rounding_at(RoundAt::LineCarry).round_lines(&vec![line; lines]).unwrap();
    let carried: Vec<Exact> = carried.into_iter().map(Exact::from).collect();
    assert_eq!(Exact::sum(&carried).unwrap(), Exact::from(cents.round(all).unwrap().amount()));
}

/// A sum of products, exactly; the peer's own figure has the noise of a binary float in it.
#[test]
fn fees_thresholds_and_rates_are_an_exact_sum_of_products() {
    let Some((inputs, expected)) = peer("ck-hashmap-2") else { return };
    let of = |key: &str| exact(&inputs[key]);
    let field = of("field_flat").plus(&of("threshold")).unwrap().times(&of("rate")).unwrap();
    let price = field.plus(&of("service_flat")).unwrap().times(&of("qty")).unwrap();
    assert_eq!(price, exact(&expected["price"]));
    assert_ne!(text(&expected["peer_golden"]).parse::<Exact>().unwrap(), price);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// A number that is written as text, or as a whole number.
fn exact(value: &Value) -> Exact {
    match value {
        Value::Number(number) => number.as_i64().unwrap().into(),
        _ => text(value).parse().unwrap(),
    }
}

fn number(value: &Value) -> Decimal {
    exact(value).to_decimal().unwrap()
}

fn yuan(value: &Value) -> Money {
    Money::parse(text(value), CNY).unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn example(id: &str) -> Option<(Value, Value)> {
    read("worked_examples.json", id)
}

fn peer(id: &str) -> Option<(Value, Value)> {
    read("billing_peers.json", id)
}

/// The inputs and the expected figures of a case; none, and a line that says so, where the folder is not there.
fn read(name: &str, id: &str) -> Option<(Value, Value)> {
    let file = shared::file(name)?;
    let case = list(&file["examples"]).find(|case| case["id"] == id);
    let case = case.unwrap_or_else(|| panic!("{name} has no `{id}`"));
    Some((case["inputs"].clone(), case["expected"].clone()))
}
