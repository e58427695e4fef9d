//! What is shown is what stands in the tables, and what stands there adds up.

use crate::portal::{DAYS, Portal, Record, cents, sum};
use serde_json::Value;
use std::{collections::BTreeMap, fs};

/// Sums of statements and legs by a key, in cents: original, payable, by coupon, by balance, arrears.
type Sums = BTreeMap<String, [i128; 5]>;

/// Adds up the tables, knowing nothing but their columns.
fn recomputed(portal: &Portal, key: impl Fn(&Record) -> String) -> Sums {
    let statements = portal.table("statements.csv");
    let by_id: BTreeMap<&str, &Record> = statements.iter().map(|row| (row["statement"].as_str(), row)).collect();
    let mut sums = Sums::new();
    for row in &statements {
        let of_key = sums.entry(key(row)).or_default();
        of_key[0] += cents(&row["original"]);
        of_key[1] += cents(&row["payable"]);
    }
    for leg in portal.table("legs.csv") {
        let of_key = sums.entry(key(by_id[leg["order"].as_str()])).or_default();
        let amount = cents(&leg["amount"]);
        if leg["source"] == "coupon" {
            of_key[2] += amount;
        } else {
            of_key[3] += amount;
            of_key[4] += amount - cents(&leg["before"]).max(0).min(amount);
        }
    }
    sums
}

fn shown(of: &Value) -> [i128; 5] {
    ["original", "payable", "paid_by_coupon", "paid_by_balance", "arrears"]
        .map(|name| cents(of[name].as_str().unwrap()))
}

#[test]
fn the_summary_is_the_sum_of_the_tables() {
    let portal = Portal::new();
    let summary = portal.done(&["--json"]).json();

    let by_kind = recomputed(&portal, |row| row["kind"].clone());
    assert_eq!(by_kind.len(), 6);
    let by_owner = recomputed(&portal, |row| format!("{}:{}", row["owner_kind"], row["owner"]));
    let by_unit = recomputed(&portal, |row| row["unit"].clone());
    let by_day = recomputed(&portal, |row| row["date"].clone());
    assert_eq!(by_day.keys().collect::<Vec<_>>(), DAYS.iter().collect::<Vec<_>>());
    for (name, sums) in [("by_kind", by_kind), ("by_owner", by_owner), ("by_unit", by_unit), ("by_day", by_day)] {
        let table = summary[name].as_object().unwrap();
        for (key, of_key) in table {
            assert_eq!(shown(of_key), sums.get(key).copied().unwrap_or_default(), "{name} {key}");
        }
        assert!(sums.keys().all(|key| table.contains_key(key)), "{name}");
    }
    let total = recomputed(&portal, |_| String::new());
    assert_eq!(shown(&summary["total"]), total[""]);
    assert_eq!(summary["total"]["readings"], portal.table("readings.csv").len());
    assert_eq!(summary["by_owner"].as_object().unwrap().len(), 60);
}

#[test]
fn every_sum_has_its_equal() {
    let portal = Portal::new();
    let ran = portal.done(&[]);
    assert!(ran.stdout.contains("Reconciliation") && !ran.stdout.contains('✗'), "{}", ran.stdout);

    let [readings, statements, payments, legs] =
        ["readings.csv", "statements.csv", "payments.csv", "legs.csv"].map(|name| portal.table(name));
    let payable = sum(&readings, "payable");
    assert!(payable > 0);
    assert_eq!(sum(&statements, "payable"), payable);
    assert_eq!(sum(&payments, "amount"), payable);
    assert_eq!(sum(&legs, "amount"), payable);
    assert_eq!(sum(&statements, "original"), sum(&readings, "original"));
    // Each statement is the sum of its readings, each payment of its legs.
    for statement in &statements {
        let of_it = readings.iter().filter(|row| row["statement"] == statement["statement"]);
        assert_eq!(sum(of_it, "payable"), cents(&statement["payable"]), "{statement:?}");
    }
    for payment in &payments {
        let of_it = legs.iter().filter(|row| row["order"] == payment["order"]);
        assert_eq!(sum(of_it, "amount"), cents(&payment["amount"]), "{payment:?}");
    }
    // Balances went down by what the legs took, from the opening in the input.
    let shipped = crate::portal::records(concat!(env!("CARGO_MANIFEST_DIR"), "/sample/accounts.csv").as_ref());
    let closing = portal.done(&["--json"]).json();
    let closing: i128 =
        closing["by_owner"].as_object().unwrap().values().map(|row| cents(row["balance"].as_str().unwrap())).sum();
    let from_balance = legs.iter().filter(|row| row["source"] == "balance");
    assert_eq!(sum(&shipped, "balance") - closing, sum(from_balance, "amount"));
    let checks = portal.table("reconciliation.csv");
    assert!(checks.len() > 200 && checks.iter().all(|row| row["ok"] == "yes" && row["sum"] == row["other_sum"]));
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let portal = Portal::new();
    let first = portal.done(&["--json"]).json();
    assert_eq!(first["unchanged"], false);
    let dump = portal.dump();
    assert!(dump.lines().count() > 3_000);
    let second = portal.done(&[]);
    assert!(second.stdout.contains("Nothing changed"), "{}", second.stdout);
    assert_eq!(portal.dump(), dump);
    let third = portal.done(&["--json"]).json();
    assert_eq!(third["unchanged"], true);
    for same in ["total", "by_kind", "by_owner", "by_day"] {
        assert_eq!(third[same], first[same]);
    }
    assert_eq!(portal.dump(), dump);
}

#[test]
fn days_are_those_of_the_zone() {
    // R-T2: the second day has 23 hours in Berlin and 24 in UTC.
    for (zone, start, end) in [
        ("Europe/Berlin", "2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z"),
        ("UTC", "2024-03-31T00:00:00Z", "2024-04-01T00:00:00Z"),
    ] {
        let portal = Portal::new();
        portal.done(&["--zone", zone]);
        let readings = portal.table("readings.csv");
        let of_day: Vec<&Record> = readings.iter().filter(|row| row["start"] == start).collect();
        assert!(of_day.len() > 300 && of_day.iter().all(|row| row["end"] == end), "{zone}");
        // A coupon of one order pays that statement: the sample has one for each zone.
        let order =
            |row: &&Record| row["order"].starts_with(&format!("2024-03-31/{zone}/")) && !row["coupon"].is_empty();
        let (legs, coupons) = (
            portal.table("legs.csv"),
            crate::portal::records(concat!(env!("CARGO_MANIFEST_DIR"), "/sample/coupons.csv").as_ref()),
        );
        let scoped: Vec<&Record> =
            coupons.iter().filter(|row| row["order"].starts_with(&format!("2024-03-31/{zone}/"))).collect();
        let used =
            legs.iter().filter(order).filter(|leg| scoped.iter().any(|coupon| coupon["coupon"] == leg["coupon"]));
        let used: Vec<_> = used.collect();
        assert!(!used.is_empty(), "{zone}");
        assert!(used.iter().all(|leg| {
            scoped.iter().any(|coupon| coupon["coupon"] == leg["coupon"] && coupon["order"] == leg["order"])
        }));
    }
}

#[test]
fn hours_are_not_charged_twice_by_the_calendar_of_another_zone() {
    let portal = Portal::new();
    portal.done(&[]);
    let dump = portal.dump();
    let again = portal.run(&["--zone", "UTC"]);
    assert_eq!(again.code, Some(4));
    assert!(again.stderr.contains("Europe/Berlin"), "{}", again.stderr);
    assert_eq!(portal.dump(), dump);
}

#[test]
fn a_day_at_a_time_is_the_same_as_all_at_once() {
    let [at_once, by_day] = [Portal::new(), Portal::new()];
    at_once.done(&[]);
    for day in DAYS {
        by_day.done(&["--from", day, "--to", day]);
    }
    let last = by_day.done(&["--json"]).json();
    assert_eq!(last["unchanged"], true);
    for table in ["readings.csv", "statements.csv", "payments.csv", "legs.csv", "reconciliation.csv"] {
        assert_eq!(by_day.table(table), at_once.table(table), "{table}");
    }
}

#[test]
fn a_corrected_life_is_a_correction_statement() {
    // R-S2: nothing that stands is edited; what is negative stays open, for it is a refund.
    let portal = Portal::with_sample();
    portal.done(&[]);
    let before = portal.table("statements.csv");
    let (line, span) = portal.find("spans.csv", "srv-0001,");
    let cells: Vec<&str> = span.split(',').collect();
    assert_eq!((cells[2], cells[3]), ("", "post_paid"), "the sample has another first server now");
    let shorter = span.replacen(",,post_paid", ",2024-03-30T12:00:00Z,post_paid", 1);
    portal.edit("spans.csv", |at, text| if at == line { shorter.clone() } else { text.to_owned() });
    let after = portal.done(&["--json"]).json();
    assert_eq!(after["reconciled"], true);
    assert_eq!((&after["changes"]["corrected"], &after["changes"]["withdrawn"]), (&1.into(), &2.into()));
    let statements = portal.table("statements.csv");
    assert!(before.iter().all(|row| statements.contains(row)));
    let new: Vec<&Record> = statements.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!(new.len(), 3);
    assert!(new.iter().all(|row| row["sequence"] == "1" && row["status"] == "unpaid" && cents(&row["payable"]) < 0));
    assert_eq!(
        cents(after["total"]["open"].as_str().unwrap()),
        new.iter().map(|row| cents(&row["payable"])).sum::<i128>()
    );
    portal.done(&[]);
}

#[test]
fn a_cent_that_is_off_is_an_exit_code_of_its_own() {
    let portal = Portal::new();
    portal.done(&[]);
    portal.tamper("update accounts set balance = '1000000.01' where owner = 'user:ada'");
    let ran = portal.run(&[]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains('✗'));
}

#[test]
fn the_report_needs_no_network() {
    let portal = Portal::new();
    portal.done(&[]);
    let page = fs::read_to_string(portal.out().join("report.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 3);
    for outside in ["<script", "<link", "<img", "src=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let addresses: Vec<_> = page.match_indices("http").map(|(place, _)| &page[place..place + 26]).collect();
    assert!(addresses.iter().all(|address| *address == "http://www.w3.org/2000/svg"), "{addresses:?}");
    assert!(page.contains("reconciled to the cent"));
}

#[test]
fn when_it_is_charged_decides_what_expired() {
    // R-W3: charged a year later, no coupon of the sample pays any more.
    let portal = Portal::new();
    let late = portal.done(&["--json", "--now", "2025-03-30T00:00:00Z"]).json();
    assert_eq!(late["total"]["paid_by_coupon"], "0.00");
    assert!(portal.table("payments.csv").iter().all(|row| row["paid_at"] == "2025-03-30T00:00:00Z"));
}

#[test]
fn the_command_line_is_checked() {
    let portal = Portal::new();
    for (arguments, hint) in [
        (&["--zone", "Mars/Olympus"][..], "Mars/Olympus"),
        (&["--from", "2024-02-30"], "2024-02-30"),
        (&["--rounding", "half_even 0.01 month"], "line_carry"),
        (&["--input", "a", "--trace", "b"], "--trace"),
        (&["explain", "srv-0001"], "DAY"),
    ] {
        let ran = portal.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
    let help = portal.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["Exit codes", "spans.csv", "--trace", "--json", "explain"] {
        assert!(help.stdout.contains(word), "{word}");
    }
    let ran = portal.run(&["--store", "postgres://localhost/portal"]);
    assert_eq!(ran.code, Some(5), "{}", ran.stderr);
}
