//! Stock, quotas and lease rates of the shared worked cases (R-P17).
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
    error::Language,
    exact::RoundingMode,
    metering::Part,
    pricing::{Catalogue, CatalogueChange, Every, IfListed, Lease, Locked, NewPart, PartKey, Rate, Stock, StockChange},
    units::{Quantity, Unit},
};
use serde_json::Value;

#[test]
fn every_worked_case_of_the_catalogue() {
    let Some(file) = shared::file("worked_examples.json") else { return };
    let mut held = Vec::new();
    for case in file["examples"].as_array().unwrap() {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        match case["op"].as_str().unwrap() {
            "gpu_stock" => gpu_stock(inputs, expected),
            "quota_free" => {
                let gib = |value: &Value| Quantity::whole(value.as_u64().unwrap(), Unit::GiB);
                let quota = Stock::new(gib(&inputs["total"]), gib(&inputs["used"])).unwrap();
                assert_eq!(quota.free(), gib(&expected["free"]));
            }
            "lease_rates" => {
                let count = |name: &str| u32::try_from(inputs[name].as_u64().unwrap()).unwrap();
                let lease = Lease::new(count("total")).and_then(|lease| lease.leased(count("leased")));
                let locked = match case["policy"]["locked_is_idle"].as_bool().unwrap() {
                    true => Locked::IsIdle,
                    false => Locked::IsNotIdle,
                };
                let rates = lease.and_then(|lease| lease.locked(count("locked"))).unwrap().rates(locked).unwrap();
                for (rate, name) in [(rates.idle(), "idle_rate"), (rates.leased(), "rent_rate")] {
                    let shown = rate.round_digits(6, RoundingMode::HalfUp).unwrap().to_string();
                    assert_eq!(shown, expected[name].as_str().unwrap(), "{name}");
                }
            }
            _ => continue,
        }
        held.push(case["id"].as_str().unwrap());
    }
    assert_eq!(held, ["reseller-gpu-01", "reseller-quota-01", "reseller-lease-01"]);
}

fn gpu_stock(inputs: &Value, expected: &Value) {
    let key = |model: &str| PartKey { centre: "centre".parse().unwrap(), part: Part::gpu(model.parse().unwrap()) };
    let mut catalogue = Catalogue::default();
    for entry in inputs["entries"].as_array().unwrap() {
        let key = key(entry["model"].as_str().unwrap());
        let rate = Rate::per_unit(6.into(), Unit::Card, Every::Hour);
        let new = NewPart { key: key.clone(), rate, unit: Unit::Card };
        let quantity = Quantity::whole(entry["stock"].as_u64().unwrap(), Unit::Card);
        let cluster = entry["cluster"].as_str().unwrap().parse().unwrap();
        let added = CatalogueChange::Add { new, if_listed: IfListed::AddStock };
        let supplied = CatalogueChange::Supply(StockChange { key, cluster, quantity });
        catalogue = catalogue.after([added, supplied]).unwrap();
    }
    for (model, count) in expected["by_model"].as_object().unwrap() {
        let stock = catalogue.stock(&key(model), None).unwrap();
        assert_eq!(stock.stock(), Quantity::whole(count.as_u64().unwrap(), Unit::Card), "{model}");
        assert_eq!(stock.text(Language::Chinese) == "缺货", count == 0);
    }
}
