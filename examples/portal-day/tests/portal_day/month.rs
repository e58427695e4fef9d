//! A month of a small portal: what is shown is recomputed from the tables and the input, with nothing of the
//! library; a second run changes nothing; bad rows harm nobody else; `kill -9` anywhere is finished by the next run.

use crate::portal::{Portal, Record, cents, records, sum};
use std::{collections::BTreeMap, fs, process::Stdio, sync::LazyLock, thread, time::Instant};

/// Who is in the small portal: everybody to whom something happens, with few resources each.
const OWNERS: [&str; 12] = [
    "user,edsger",
    "user,noether",
    "group,earth",
    "user,lynn",
    "user,radia",
    "user,mary",
    "user,sophie",
    "user,karen",
    "user,guido",
    "user,niklaus",
    "group,linguistics",
    "user,barbara",
];
/// How many resources of each owner stay.
const RESOURCES: usize = 2;
/// Whose lives are corrected.
const LATE: [&str; 2] = ["srv-0015", "srv-0032"];

/// A portal with a few owners of the sample, and what happens to them.
fn small() -> Portal {
    let portal = Portal::with_sample();
    let of_owner = |row: &Record| OWNERS.contains(&format!("{},{}", row["owner_kind"], row["owner"]).as_str());
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    let resources = portal.keep("resources.csv", |row| {
        let count = kept.entry(row["owner"].clone()).or_default();
        let is_late = LATE.contains(&row["resource"].as_str());
        *count += usize::from(!is_late);
        of_owner(row) && (is_late || *count <= RESOURCES)
    });
    let resources: Vec<String> = resources.into_iter().map(|row| row["resource"].clone()).collect();
    for file in ["spans.csv", "samples.csv", "scans.csv", "late.csv"] {
        portal.keep(file, |row| resources.contains(&row["resource"]));
    }
    for file in ["accounts.csv", "topups.csv", "redeems.csv", "orders.csv", "locks.csv", "plans.csv", "refunds.csv"] {
        portal.keep(file, of_owner);
    }
    portal.keep("coupons.csv", |row| row["owner"].is_empty() || of_owner(row));
    let orders: Vec<String> =
        records(&portal.input().join("orders.csv")).into_iter().map(|row| row["order"].clone()).collect();
    portal.keep("items.csv", |row| orders.contains(&row["order"]));
    portal
}

/// What the small portal comes to with nothing wrong in it.
static CLEAN: LazyLock<(Portal, serde_json::Value)> = LazyLock::new(|| {
    let portal = small();
    let ran = portal.run(&["month", "--json"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let summary = ran.json();
    (portal, summary)
});

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn what_came_in_is_what_is_held_and_what_was_spent() {
    let (portal, summary) = &*CLEAN;
    let input = |file: &str| records(&portal.input().join(file));
    let [payments, legs, refunds, refund_legs, statements, top_ups] =
        ["payments.csv", "legs.csv", "refunds.csv", "refund_legs.csv", "statements.csv", "topups.csv"]
            .map(|table| portal.table(table));

    // Every leg and every part adds up to what it is of.
    let mut paid: BTreeMap<&str, i128> = BTreeMap::new();
    for payment in &payments {
        paid.insert(&payment["order"], cents(&payment["amount"]));
        let of_it = legs.iter().filter(|leg| leg["order"] == payment["order"]);
        assert_eq!(sum(of_it, "amount"), cents(&payment["amount"]), "{payment:?}");
    }
    for refund in &refunds {
        assert_eq!(refund["state"], "success");
        let of_it =
            refund_legs.iter().filter(|leg| (&leg["refund"], &leg["order"]) == (&refund["refund"], &refund["order"]));
        assert_eq!(sum(of_it, "amount"), cents(&refund["amount"]), "{refund:?}");
        *paid.get_mut(refund["order"].as_str()).unwrap() -= cents(&refund["amount"]);
    }
    assert!(paid.values().all(|left| *left >= 0), "more was refunded than paid");

    // Balances: opening + top-ups − legs + parts, owner by owner.
    let payer: BTreeMap<&str, String> =
        payments.iter().map(|row| (row["order"].as_str(), format!("{}:{}", row["payer_kind"], row["payer"]))).collect();
    let mut balances: BTreeMap<String, i128> = BTreeMap::new();
    for row in input("accounts.csv") {
        balances.insert(format!("{}:{}", row["owner_kind"], row["owner"]), cents(&row["balance"]));
    }
    for row in &top_ups {
        *balances.get_mut(&format!("{}:{}", row["owner_kind"], row["owner"])).unwrap() += cents(&row["amount"]);
    }
    assert_eq!(sum(&top_ups, "amount"), sum(&input("topups.csv"), "amount"));
    for leg in legs.iter().filter(|leg| leg["source"] == "balance") {
        *balances.get_mut(&payer[leg["order"].as_str()]).unwrap() -= cents(&leg["amount"]);
    }
    for leg in refund_legs.iter().filter(|leg| leg["source"] == "balance" || leg["to"] == "balance") {
        *balances.get_mut(&payer[leg["order"].as_str()]).unwrap() += cents(&leg["amount"]);
    }
    for (owner, balance) in &balances {
        assert_eq!(cents(text(&summary["by_owner"][owner]["balance"])), *balance, "{owner}");
    }

    // Statements and corrections are payments less refunds: nothing is open.
    let orders: Vec<String> = input("orders.csv").into_iter().map(|row| row["order"].clone()).collect();
    let is_statement = |order: &str| order.starts_with("2024-03-");
    let of_statements = payments.iter().filter(|row| is_statement(&row["order"]));
    let corrected: Vec<&Record> = refunds.iter().filter(|row| !row["correction"].is_empty()).collect();
    assert!(statements.iter().all(|row| row["status"] == "paid"));
    assert_eq!(sum(&statements, "payable"), sum(of_statements, "amount") - sum(corrected.iter().copied(), "amount"));
    assert!(orders.iter().all(|order| paid.contains_key(order.as_str())));

    // The report is the statements, by owner and by service.
    let report = portal.table("report.csv");
    for row in report.iter().filter(|row| !row["owner"].is_empty()) {
        let of_row = statements.iter().filter(|statement| {
            statement["owner"] == row["owner"]
                && statement["owner_kind"] == row["owner_kind"]
                && (row["unit"].is_empty() || statement["unit"] == row["unit"])
        });
        assert_eq!(sum(of_row, "payable"), cents(&row["payable"]), "{row:?}");
    }
    assert_eq!(cents(text(&summary["month"]["report"]["payable"])), sum(&statements, "payable"));

    // The FOCUS file is what is payable of each owner.
    let mut payable: BTreeMap<String, i128> = BTreeMap::new();
    for row in &statements {
        *payable.entry(format!("2024-03/{}:{}", row["owner_kind"], row["owner"])).or_default() +=
            cents(&row["payable"]);
    }
    for row in payments.iter().filter(|row| !is_statement(&row["order"])) {
        *payable.entry(format!("2024-03/{}:{}", row["payer_kind"], row["payer"])).or_default() += cents(&row["amount"]);
    }
    for row in refunds.iter().filter(|row| row["correction"].is_empty()) {
        *payable.entry(format!("2024-03/{}:{}", row["owner_kind"], row["owner"])).or_default() -= cents(&row["amount"]);
    }
    let mut billed: BTreeMap<String, i128> = BTreeMap::new();
    for row in portal.table("focus.csv") {
        *billed.entry(row["InvoiceId"].clone()).or_default() += cents(&row["BilledCost"]);
    }
    payable.retain(|_, payable| *payable != 0);
    billed.retain(|_, billed| *billed != 0);
    assert_eq!(billed, payable);
    assert_eq!(summary["reconciled"], true);
    assert_eq!(summary["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn each_thing_that_happens_comes_out_as_it_must() {
    let (portal, summary) = &*CLEAN;
    let happened = |what: &str| {
        let of = &summary["month"]["happened"][what];
        (of["count"].as_u64().unwrap(), text(&of["amount"]).to_owned())
    };
    assert_eq!(happened("orders paid"), (5, "1239.80".into())); // 480.00 + 100.00 + 180.10 + 179.70 + 300.00
    assert_eq!(happened("locks captured"), (1, "64.40".into()));
    assert_eq!(happened("locks given up"), (1, "80.00".into()));
    assert_eq!(happened("locks expired"), (1, "55.55".into()));
    assert_eq!(happened("plans renewed"), (1, "150.00".into()));
    // 480.00 in three parts, 0.01 + 60.00, 14.40; one of three things, 33.33, and both of two, 300.00.
    assert_eq!(happened("refunds of orders"), (8, "887.74".into()));

    // R-W15: O-0001 was paid by a coupon and the balance; in three parts each gets back what it paid, to the cent.
    let of_order = |table: &str| -> Vec<Record> {
        portal.table(table).into_iter().filter(|row| row["order"] == "O-0001").collect()
    };
    let by = |rows: &[Record], source: &str| sum(rows.iter().filter(|row| row["source"] == source), "amount");
    let (legs, parts) = (of_order("legs.csv"), of_order("refund_legs.csv"));
    assert_eq!((by(&legs, "coupon") + by(&legs, "balance"), by(&legs, "coupon") > 0), (48_000, true));
    for source in ["coupon", "balance"] {
        assert_eq!(by(&parts, source), by(&legs, source), "{source}");
    }

    // R-O1, R-W17: what did not arrive came back, and the orders say so.
    let orders = portal.table("orders.csv");
    let states: BTreeMap<&str, (&str, &str)> =
        orders.iter().map(|row| (row["order"].as_str(), (row["status"].as_str(), row["trading"].as_str()))).collect();
    assert_eq!(states["O-0001"], ("refund", "completed"));
    assert_eq!(states["O-0002"], ("partrefund", "partdeliver"));
    assert_eq!(states["O-0003"], ("partrefund", "completed"));
    assert_eq!(states["O-0004"], ("paid", "completed"));
    assert_eq!(states["O-0005"], ("refund", "undelivered"));

    // R-O3: P-0003 of guido waits for the top-up of 27 March, and is renewed the morning after; P-0004 ends.
    let dunning = portal.table("dunning.csv");
    let of_plan = |plan: &str| -> Vec<(String, String)> {
        let of_plan = dunning.iter().filter(|row| row["plan"] == plan);
        of_plan.map(|row| (row["at"].clone(), row["action"].clone())).collect()
    };
    let guido = of_plan("P-0003");
    assert_eq!(guido.first().unwrap(), &("2024-03-19T23:00:00Z".into(), "warn".into()));
    assert_eq!(guido.last().unwrap(), &("2024-03-27T23:00:00Z".into(), "renew".into()));
    assert_eq!(guido.len(), 9);
    let niklaus = of_plan("P-0004"); // 10 March 06:00Z + 7 days, seen on the morning of the 18th
    assert_eq!(niklaus.last().unwrap(), &("2024-03-17T23:00:00Z".into(), "end".into()));

    // R-S2: what was known on the 18th corrects the days from the 9th on; one goes up, one comes back.
    let corrections: Vec<Record> =
        portal.table("statements.csv").into_iter().filter(|row| row["sequence"] != "0").collect();
    let dates: Vec<&str> = corrections.iter().map(|row| row["date"].as_str()).collect();
    assert_eq!((dates.iter().min(), dates.iter().max()), (Some(&"2024-03-09"), Some(&"2024-03-17")));
    let [up, down] =
        ["barbara", "linguistics"].map(|owner| corrections.iter().filter(|row| row["owner"] == owner).count());
    assert_eq!((corrections.len(), up, down), (18, 9, 9));
    assert!(corrections.iter().all(|row| (row["owner"] == "barbara") == (cents(&row["payable"]) > 0)));
    let refunded = summary["month"]["happened"]["refunds of corrections"]["count"].as_u64();
    assert_eq!(refunded, Some(9));
    // The 31st has 23 hours.
    let last_day = |row: &&Record| row["start"] == "2024-03-30T23:00:00Z";
    let readings = portal.table("readings.csv");
    assert!(readings.iter().filter(last_day).count() > 10);
    assert!(readings.iter().filter(last_day).all(|row| row["end"] == "2024-03-31T22:00:00Z"));
}

#[test]
fn a_plan_of_the_31st_is_renewed_to_the_end_of_the_next_month() {
    // R-T4: 31 January 11:00 in Berlin → 29 February → 31 March 11:00, by then in summer time → 30 April.
    let portal = small();
    let accounts = portal.input().join("accounts.csv");
    fs::write(&accounts, fs::read_to_string(&accounts).unwrap() + "user,carl,1788.74,EUR\n").unwrap();
    let plans = portal.input().join("plans.csv");
    let row = "P-0001,2024-01-31T10:00:00Z,user,carl,hpc-nord,monthly,1,on,120.00,EUR\n";
    fs::write(&plans, fs::read_to_string(&plans).unwrap() + row).unwrap();
    let ran = portal.done(&["month"]);
    assert!(!ran.stdout.contains('✗'), "{}", ran.stdout);
    let dunning = portal.table("dunning.csv");
    let renewed: Vec<&Record> = dunning.iter().filter(|row| row["plan"] == "P-0001").collect();
    assert_eq!(renewed.len(), 1);
    assert_eq!(renewed[0]["deadline"], "2024-03-31T09:00:00Z");
    assert_eq!(renewed[0]["renewed_to"], "2024-04-30T09:00:00Z");
    let page = fs::read_to_string(portal.out().join("report.html")).unwrap();
    assert!(page.contains("Report of 2024-03") && page.contains("P-0001 of user:carl"));

    // A second run changes nothing and says so; the tables are the same.
    let dump = portal.dump();
    let again = portal.done(&["month"]);
    assert!(again.stdout.contains("Nothing changed"), "{}", again.stdout);
    assert!(portal.dump() == dump, "the second run changed the store");
    assert_eq!(portal.table("dunning.csv"), dunning);
}

/// A row is added to a file of the month: it is reported with its place, and whoever it names is left out.
#[test]
fn a_bad_row_in_each_file_of_a_month() {
    let clean = CLEAN.0.table("statements.csv");
    let portal = small();
    let mut places = Vec::new();
    for (file, row, code) in [
        ("codes.csv", "C-9999,ROSE", "input.no_coupon"),
        ("topups.csv", "T-9999,2024-03-04T09:12:00Z,user,lynn,-1.00,EUR", "input.below_zero"),
        ("redeems.csv", "yesterday,user,radia,C-0069,DAFFODIL-2024", "time.not_an_instant"),
        (
            "orders.csv",
            "O-9999,2024-03-06T10:00:00Z,user,karen,hpc-nord,gift,2024-03-08T10:00:00Z",
            "order.unknown_word",
        ),
        ("items.csv", "O-0003,larger,180.10,EUR,", "input.repeated"),
        ("locks.csv", "L-9999,2024-03-07T09:00:00Z,user,sophie,borrow,hpc-nord,1.00,EUR,", "input.unknown_event"),
        ("plans.csv", "P-9999,2024-01-31T10:00:00Z,user,guido,hpc-nord,weekly,1,on,1.00,EUR", "order.unknown_word"),
        ("refunds.csv", "R-9999,2024-03-10T12:00:00Z,user,noether,O-0002,1.00,USD", "money.currency_mismatch"),
        (
            "late.csv",
            "2024-03-19T08:00:00Z,srv-0015,2023-12-25T17:45:08Z,,post_paid,1,4,16,50,0,,,,,",
            "input.corrected_twice",
        ),
    ] {
        let path = portal.input().join(file);
        let text = fs::read_to_string(&path).unwrap();
        places.push((format!("{file}:{}", text.lines().count() + 1), code));
        fs::write(&path, format!("{text}{row}\n")).unwrap();
    }
    let ran = portal.run(&["month"]);
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains('✗'), "{}", ran.stdout);
    for (place, code) in places {
        assert!(ran.stdout.lines().any(|line| line.contains(&place) && line.contains(code)), "{place}\n{}", ran.stdout);
    }
    let left_out = ["lynn", "radia", "karen", "earth", "sophie", "guido", "noether", "linguistics"];
    let others: Vec<&Record> = clean.iter().filter(|row| !left_out.contains(&row["owner"].as_str())).collect();
    assert!(others.len() > 100);
    assert_eq!(portal.table("statements.csv").iter().collect::<Vec<_>>(), others);
    let dump = portal.dump();
    assert!(left_out.iter().all(|owner| !dump.contains(&format!(":{owner}'"))));
}

#[test]
fn what_is_refused_harms_nothing_else_and_stays_refused() {
    let portal = small();
    let mut places = Vec::new();
    for (file, row, code) in [
        ("redeems.csv", "2024-03-02T10:00:00Z,user,lynn,C-0069,TULIP", "wallet.wrong_code"),
        (
            "orders.csv",
            "O-9999,2024-03-02T10:00:00Z,user,guido,hpc-nord,new,2024-03-03T10:00:00Z",
            "wallet.funds_not_enough",
        ),
        ("locks.csv", "L-0002,2024-03-13T16:00:00Z,user,sophie,capture,,1.00,EUR,", "wallet.lock_transition"),
        ("refunds.csv", "R-9999,2024-03-30T12:00:00Z,user,edsger,O-0001,0.01,EUR", "wallet.refund_above_rest"),
        ("refunds.csv", "R-9998,2024-03-30T12:00:00Z,user,edsger,O-7777,0.01,EUR", "store.not_found"),
    ] {
        let path = portal.input().join(file);
        let text = fs::read_to_string(&path).unwrap();
        places.push((format!("{file}:{}", text.lines().count() + 1), code));
        fs::write(&path, format!("{text}{row}\n")).unwrap();
    }
    let items = portal.input().join("items.csv");
    let text = fs::read_to_string(&items).unwrap();
    fs::write(&items, text + "O-9999,dear,9999.00,EUR,2024-03-02T11:00:00Z\n").unwrap();
    let ran = portal.run(&["month"]);
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    for (place, code) in places {
        assert!(
            ran.stdout.lines().any(|line| line.contains(&place) && line.contains(code)),
            "{place} {code}\n{}",
            ran.stdout
        );
    }
    let orders = portal.table("orders.csv");
    let refused = orders.iter().find(|row| row["order"] == "O-9999").unwrap();
    assert_eq!((refused["status"].as_str(), refused["trading"].as_str()), ("cancelled", "closed"));
    for table in ["statements.csv", "payments.csv", "refunds.csv", "dunning.csv", "report.csv", "focus.csv"] {
        assert!(portal.table(table) == CLEAN.0.table(table), "{table}");
    }
    // Money comes in later: what was refused on a day that is over is not tried again with it.
    let dump = portal.dump();
    let again = portal.run(&["month"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stdout.contains("Nothing changed"), "{}", again.stdout);
    assert!(portal.dump() == dump);
}

#[test]
fn killed_anywhere_a_month_is_finished_by_the_next_run() {
    const KILLS: usize = 6;
    const SEED: u64 = 20_240_318;
    let reference = CLEAN.0.dump();
    let mut portal = small();
    let started = Instant::now();
    portal.done(&["month"]);
    let whole = started.elapsed(); // here and now
    let mut random = SEED;
    let (mut half_way, mut finished) = (0, true);
    for kill in 1..=KILLS {
        if finished {
            // Nothing is left to be killed: a new one.
            assert!(portal.dump() == reference, "before kill {kill} of seed {SEED} the store is another one");
            portal = small();
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (random >> 33) as f64 / f64::from(1_u32 << 31);
        let delay = whole.mul_f64(0.05 + share * 0.4);
        let mut command = portal.command(&["month"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
        let rows = if portal.store().exists() { portal.dump().lines().count() } else { 0 };
        finished = rows == reference.lines().count();
        half_way += usize::from(rows > 0 && !finished);
        println!("kill {kill} after {delay:?}: {rows} rows");
    }
    portal.done(&["month"]);
    assert!(portal.dump() == reference, "after {KILLS} kills of seed {SEED} the store is another one");
    println!("{half_way} of {KILLS} kills between the first row and the last; a run takes {whole:?}");
    assert!(half_way > 0);
}

#[test]
fn the_days_of_a_month_are_its_own() {
    let portal = Portal::new();
    for argument in [["--from", "2024-03-01"], ["--now", "2024-03-01T00:00:00Z"]] {
        let ran = portal.run(&["month", argument[0], argument[1]]);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(argument[0]));
    }
    let ran = portal.run(&["month", "--month", "2024-13"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    let help = portal.run(&["month", "--help"]);
    for word in ["Exit codes", "late.csv", "plans.csv", "focus.csv"] {
        assert!(help.stdout.contains(word), "{word}");
    }
}
