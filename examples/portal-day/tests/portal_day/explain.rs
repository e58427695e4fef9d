//! `explain`: the derivation of an amount, in both languages.

use crate::portal::{Portal, cents};

#[test]
fn a_conversion_on_a_short_day_is_explained() {
    let portal = Portal::new();
    for (language, expected) in [("en", include_str!("explain.en.txt")), ("zh", include_str!("explain.zh.txt"))] {
        let ran = portal.done(&["explain", "srv-0006", "2024-03-31", "--lang", language]);
        assert_eq!(ran.stdout, expected);
    }
    assert!(!portal.store().exists(), "explaining writes nothing");
}

#[test]
fn what_is_explained_is_what_is_stated() {
    let portal = Portal::new();
    portal.done(&[]);
    let readings = portal.table("readings.csv");
    for resource in ["srv-0001", "srv-0020", "dsk-0005", "bkt-0001", "bkt-0002", "sit-0003", "snp-0002"] {
        let of_day =
            |row: &&crate::portal::Record| row["resource"] == resource && row["start"] == "2024-03-30T23:00:00Z";
        let stated = readings.iter().find(of_day).unwrap();
        let ran = portal.done(&["explain", resource, "2024-03-31"]);
        let rounded = ran.stdout.lines().find(|line| line.trim_start().starts_with("rounded")).unwrap();
        let amounts: Vec<i128> = rounded.split_whitespace().filter(|word| word.contains('.')).map(cents).collect();
        assert_eq!(amounts, [cents(&stated["original"]), cents(&stated["payable"])], "{resource}");
    }
}

#[test]
fn what_can_not_be_explained_says_why() {
    let portal = Portal::new();
    let unknown = portal.run(&["explain", "srv-9999", "2024-03-31"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("no resource `srv-9999`"), "{}", unknown.stderr);
    let too_early = portal.done(&["explain", "srv-0001", "2019-01-01"]);
    assert!(too_early.stdout.contains("did not live"), "{}", too_early.stdout);
}
