//! The sample: what is shipped is what the generator makes, and it holds what it promises.

use crate::portal::{Portal, records};
use std::{collections::BTreeSet, fs, path::Path};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample");

#[test]
fn what_is_shipped_is_what_the_generator_makes() {
    let portal = Portal::with_sample();
    let mut files: Vec<_> = fs::read_dir(SHIPPED).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files.len(), 18);
    for file in files {
        let shipped = fs::read_to_string(Path::new(SHIPPED).join(&file)).unwrap();
        let made = fs::read_to_string(portal.input().join(&file)).unwrap();
        assert!(shipped == made, "{}: run `portal-day sample --out examples/portal-day/sample`", file.display());
    }
}

#[test]
fn another_seed_is_another_sample_that_reconciles_too() {
    let portal = Portal::new();
    let made = portal.run(&["sample", "--seed", "8"]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    fs::rename(portal.out(), portal.input()).unwrap();
    assert_ne!(
        fs::read_to_string(portal.input().join("spans.csv")).unwrap(),
        fs::read_to_string(Path::new(SHIPPED).join("spans.csv")).unwrap()
    );
    portal.done(&[]);
}

#[test]
fn it_holds_what_a_portal_has() {
    let table = |file: &str| records(&Path::new(SHIPPED).join(file));
    let resources = table("resources.csv");
    assert_eq!(resources.len(), 400);
    let kinds: BTreeSet<&str> = resources.iter().map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["bucket", "disk", "scan", "server", "site", "snapshot"]));
    let accounts = table("accounts.csv");
    assert_eq!(accounts.len(), 60);
    assert!(accounts.iter().filter(|row| row["owner_kind"] == "group").count() >= 10);
    assert!(accounts.iter().filter(|row| row["balance"].starts_with('-')).count() >= 3, "owners in debt");

    let spans = table("spans.csv");
    let modes: BTreeSet<&str> = spans.iter().map(|row| row["mode"].as_str()).collect();
    assert_eq!(modes, BTreeSet::from(["post_paid", "pre_paid", "quota"]));
    let ended =
        |row: &&crate::portal::Record| row["end"].as_str() >= "2024-03-30" && row["end"].as_str() < "2024-04-02";
    assert!(spans.iter().filter(ended).count() >= 100, "rebuilds, expansions, conversions and deletions");

    let coupons = table("coupons.csv");
    assert!(coupons.iter().any(|row| !row["order"].is_empty()), "coupons for one order");
    let expiring = |row: &&crate::portal::Record| row["expiration"].starts_with("2024-03-31");
    assert!(coupons.iter().filter(expiring).count() >= 5, "coupons about to expire");
    let statuses: BTreeSet<&str> = coupons.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(statuses, BTreeSet::from(["available", "cancelled", "wait"]));
}
