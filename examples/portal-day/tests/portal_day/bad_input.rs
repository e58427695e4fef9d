//! Bad rows: each is reported with its file and line, leaves its owner out as a whole, and harms nobody else.

use crate::portal::{DAYS, Portal, Ran, Record};
use std::{collections::BTreeSet, fs, io::Write, sync::LazyLock};

/// One day is enough for these, and which one does not matter.
const ONE_DAY: [&str; 4] = ["--from", DAYS[0], "--to", DAYS[0]];

/// What the sample comes to with nothing wrong in it.
static CLEAN: LazyLock<Tables> = LazyLock::new(|| {
    let portal = Portal::with_sample();
    portal.done(&ONE_DAY);
    Tables::of(&portal)
});

/// The tables that name an owner.
#[derive(Clone)]
struct Tables {
    statements: Vec<Record>,
    readings: Vec<Record>,
    payments: Vec<Record>,
}

impl Tables {
    fn of(portal: &Portal) -> Self {
        let [statements, readings, payments] =
            ["statements.csv", "readings.csv", "payments.csv"].map(|name| portal.table(name));
        Self { statements, readings, payments }
    }

    /// Without some owners, each as `kind,id`.
    fn without(&self, owners: &BTreeSet<String>) -> Self {
        let keep = |rows: &[Record], kind: &str, id: &str| -> Vec<Record> {
            let others = rows.iter().filter(|row| !owners.contains(&format!("{},{}", row[kind], row[id])));
            others.cloned().collect()
        };
        Self {
            statements: keep(&self.statements, "owner_kind", "owner"),
            readings: keep(&self.readings, "owner_kind", "owner"),
            payments: keep(&self.payments, "payer_kind", "payer"),
        }
    }
}

/// A sample with one thing wrong.
struct Case {
    portal: Portal,
    file: &'static str,
    line: usize,
    owners: BTreeSet<String>,
}

impl Case {
    fn new(file: &'static str) -> Self {
        Self { portal: Portal::with_sample(), file, line: 0, owners: BTreeSet::new() }
    }

    /// Changes the first line that begins so.
    fn change(mut self, begin: &str, from: &str, to: &str) -> Self {
        let (line, text) = self.portal.find(self.file, begin);
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        self.portal.edit(self.file, |at, text| if at == line { changed.clone() } else { text.to_owned() });
        self.line = line;
        self
    }

    /// Adds a line at the end.
    fn add(mut self, text: &[u8]) -> Self {
        let path = self.portal.input().join(self.file);
        self.line = fs::read_to_string(&path).unwrap().lines().count() + 1;
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(text).unwrap();
        file.write_all(b"\n").unwrap();
        self
    }

    fn of(mut self, owner: &str) -> Self {
        self.owners.insert(owner.to_owned());
        self
    }

    /// Whoever owns a resource.
    fn of_resource(self, id: &str) -> Self {
        let owner = owner_of(&self.portal, id);
        self.of(&owner)
    }

    /// The run reports it, leaves its owners out, and does all others as if nothing were wrong.
    fn leaves_out(self, code: &str, words: &str) -> Self {
        let ran = self.portal.run(&ONE_DAY);
        assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
        assert!(!ran.stdout.contains('✗'), "{}", ran.stdout);
        let problem = self.reported(&ran.stdout, code);
        assert!(problem.contains(words), "{problem}");
        let (found, expected) = (Tables::of(&self.portal), CLEAN.without(&self.owners));
        assert!(expected.statements.len() > 100);
        assert_eq!(found.statements, expected.statements);
        assert_eq!(found.readings, expected.readings);
        assert_eq!(found.payments, expected.payments);
        let dump = self.portal.dump();
        for owner in &self.owners {
            let owner = format!("'{}'", owner.replace(',', ":"));
            assert!(!dump.contains(&owner), "{owner} is in the store");
        }
        self
    }

    /// Nothing can be done with such input, and nothing is.
    fn stops_the_run(self, code: &str, words: &str) {
        let ran = self.portal.run(&ONE_DAY);
        assert_eq!(ran.code, Some(4), "{}\n{}", ran.stdout, ran.stderr);
        let problem = self.reported(&ran.stderr, code);
        assert!(problem.contains(words), "{problem}");
        assert!(!self.portal.out().exists(), "something was written");
    }

    fn reported(&self, output: &str, code: &str) -> String {
        let place = format!("{}:{}", self.file, self.line);
        let has_place =
            |line: &&str| line.split([' ', ':']).collect::<Vec<_>>().windows(2).any(|pair| pair.join(":") == place);
        let found = output.lines().find(|line| has_place(line) && line.contains(code));
        found.unwrap_or_else(|| panic!("no `{code}` at {place} in\n{output}")).to_owned()
    }
}

/// The owner of a resource of the sample, as `kind,id`.
fn owner_of(portal: &Portal, id: &str) -> String {
    let (_, row) = portal.find("resources.csv", &format!("{id},"));
    row.split(',').skip(2).take(2).collect::<Vec<_>>().join(",")
}

#[test]
fn spans_that_overlap() {
    // One that is open still, and another after it: the open one is at fault, and the other is named.
    let case = Case::new("spans.csv").add(b"srv-0001,2024-03-30T10:00:00Z,,post_paid,1,2,4,50,1,,,,,");
    let (open, after) = (case.portal.find("spans.csv", "srv-0001,").0, case.line);
    let case = Case { line: open, ..case }.of_resource("srv-0001");
    case.leaves_out("metering.open_span", &format!("the one in line {after} starts after it"));
    // Closed, and begun before the one that it overlaps ends: both lines are named.
    let case = Case::new("spans.csv").change("srv-0002,", "2024-03-30T06:09:17Z", "2024-03-30T23:09:17Z");
    let first = case.line;
    let case = Case { line: first + 1, ..case };
    case.of_resource("srv-0002").leaves_out("metering.overlapping_spans", &format!("the one in line {first} ends"));
}

#[test]
fn a_span_that_ends_before_it_starts() {
    let case = Case::new("spans.csv").change("srv-0002,", "2024-03-30T06:09:17Z", "2023-03-30T06:09:17Z");
    case.of_resource("srv-0002").leaves_out("metering.reversed_span", "`srv-0002`");
}

#[test]
fn a_negative_quantity() {
    let case = Case::new("spans.csv").change("srv-0001,", ",1,2,4,50,", ",1,-2,4,50,");
    case.of_resource("srv-0001").leaves_out("units.negative", "column `cpu:core`");
    let case = Case::new("samples.csv").change("bkt-0003,", "Z,", "Z,-");
    case.of_resource("bkt-0003").leaves_out("units.negative", "column `size`");
}

#[test]
fn an_unknown_kind() {
    let case = Case::new("resources.csv").change("dsk-0001,", ",disk,", ",drum,");
    let case = case.of_resource("dsk-0001").leaves_out("input.unknown_kind", "`drum`");
    // Its spans are not reported as well.
    let ran = case.portal.run(&ONE_DAY);
    assert!(!ran.stdout.contains("spans.csv"), "{}", ran.stdout);
}

#[test]
fn a_missing_rate() {
    // The column of T4 cards becomes one of a model that the card has no price for.
    let mut case = Case::new("spans.csv");
    case.portal
        .edit("spans.csv", |at, text| if at == 1 { text.replace("gpu[T4]", "gpu[H100]") } else { text.to_owned() });
    let with_card = |row: &&Record| row["gpu[H100]:card"] == "1" && row["start"].as_str() < "2024-03-31";
    let spans = crate::portal::records(&case.portal.input().join("spans.csv"));
    let mut resources: Vec<&str> = spans.iter().filter(with_card).map(|row| row["resource"].as_str()).collect();
    resources.dedup();
    assert!(resources.len() >= 5);
    // One that was deleted before the day, or began after it, needs no price.
    let readings = CLEAN.readings.clone();
    resources.retain(|id| {
        readings.iter().any(|row| {
            row["resource"] == *id && row["usage"].contains("gpu[T4]=") && !row["usage"].contains("gpu[T4]=0 ")
        })
    });
    for id in &resources {
        case.owners.insert(owner_of(&case.portal, id));
    }
    case.line = case.portal.find("spans.csv", &format!("{},", resources[0])).0;
    let case = case.leaves_out("pricing.no_rate", "H100");
    for id in resources {
        let line = case.portal.find("spans.csv", &format!("{id},")).0;
        Case { line, file: "spans.csv", portal: Portal::new(), owners: BTreeSet::new() }
            .reported(&case.portal.run(&ONE_DAY).stdout, "pricing.no_rate");
    }
}

#[test]
fn a_bad_date() {
    let case = Case::new("spans.csv").change("srv-0001,", "2024-02-01T", "2024-02-31T");
    case.of_resource("srv-0001").leaves_out("time.not_an_instant", "column `start`");
    let case = Case::new("scans.csv").change("scn-0001,", "Z,", ",");
    case.of_resource("scn-0001").leaves_out("time.not_an_instant", "column `at`");
}

#[test]
fn an_account_in_another_currency() {
    let case = Case::new("accounts.csv").change("user,ada,", "EUR", "USD").of("user,ada");
    case.leaves_out("money.currency_mismatch", "user:ada");
}

#[test]
fn an_account_twice_and_a_resource_without_one() {
    let case = Case::new("accounts.csv").add(b"user,ada,1.00,EUR").of("user,ada");
    case.leaves_out("input.repeated", "user:ada");
    let case = Case::new("resources.csv").add(b"srv-9999,server,user,nobody,hpc-nord,spans");
    case.leaves_out("input.no_account", "user:nobody");
}

#[test]
fn text_that_is_not_utf8() {
    let case = Case::new("coupons.csv").add(
        b"C-9999,user,ada,hpc-nord,\xff\xfe,5.00,5.00,EUR,available,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z,2024-01-01T00:00:00Z",
    );
    case.of("user,ada").leaves_out("input.not_utf8", "column `order`");
}

#[test]
fn a_coupon_of_more_than_its_face_value_and_one_that_a_group_may_not_hold() {
    let facts = "EUR,available,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z,2024-01-01T00:00:00Z";
    let case = Case::new("coupons.csv").add(format!("C-9999,user,ada,hpc-nord,,5.00,5.01,{facts}").as_bytes());
    case.of("user,ada").leaves_out("wallet.coupon_balance", "C-9999");
    let case = Case::new("coupons.csv").add(format!("C-9999,group,hep,objects,,5.00,5.00,{facts}").as_bytes());
    case.of("group,hep").leaves_out("wallet.group_category", "C-9999"); // R-W5
}

#[test]
fn rows_that_contradict_each_other() {
    let case = Case::new("samples.csv").add(b"bkt-0003,2024-03-29T00:00:00Z,5,byte");
    case.of_resource("bkt-0003").leaves_out("metering.repeated_sample", "`bkt-0003`");
    let case = Case::new("resources.csv").change("srv-0004,", "srv-0004,", "srv-0003,");
    let third = owner_of(&Portal::with_sample(), "srv-0003");
    let fourth = owner_of(&Portal::with_sample(), "srv-0004");
    case.of(&third).of(&fourth).leaves_out("input.repeated", "`srv-0003`");
    let case = Case::new("scans.csv").add(b"scn-0001,2024-03-30T00:00:00Z,1,0");
    case.of_resource("scn-0001").leaves_out("input.repeated", "done once");
}

#[test]
fn a_row_of_another_width_and_a_life_that_is_missing() {
    let case = Case::new("spans.csv").change("srv-0001,", ",post_paid", "");
    case.of_resource("srv-0001").leaves_out("input.wrong_width", "13 fields");
    // Its only span is somebody else's, by a slip of the pen.
    let case = Case::new("spans.csv").change("sit-0001,", "sit-0001,", "sit-9999,");
    let case = case.of_resource("sit-0001").leaves_out("input.no_resource", "`sit-9999`");
    let (line, _) = case.portal.find("resources.csv", "sit-0001,");
    let case = Case { file: "resources.csv", line, ..case };
    case.reported(&case.portal.run(&ONE_DAY).stdout, "metering.no_spans");
}

#[test]
fn a_row_that_is_nobodys_harms_nobody() {
    let case = Case::new("spans.csv").add(b"srv-9999,2024-03-30T10:00:00Z,,post_paid,1,2,4,50,1,,,,,");
    case.leaves_out("input.no_resource", "`srv-9999`");
}

#[test]
fn once_mended_what_was_left_out_is_done() {
    let case = Case::new("spans.csv").change("srv-0001,", ",1,2,4,50,", ",1,-2,4,50,");
    let owner = owner_of(&case.portal, "srv-0001");
    let case = case.of(&owner).leaves_out("units.negative", "cpu");
    case.portal
        .edit("spans.csv", |at, text| if at == case.line { text.replace(",-2,", ",2,") } else { text.to_owned() });
    case.portal.done(&ONE_DAY);
    let (found, expected) = (Tables::of(&case.portal), CLEAN.clone());
    assert_eq!(found.statements, expected.statements);
    assert_eq!(found.readings, expected.readings);
    assert_eq!(found.payments, expected.payments);
}

#[test]
fn a_wrong_header() {
    let wrong = |file, from: &str, to: &str| Case { line: 1, ..Case::new(file).change("", from, to) };
    wrong("accounts.csv", "owner,balance", "balance,owner")
        .stops_the_run("input.wrong_header", "column 2 is `balance`");
    wrong("spans.csv", "cpu:core", "cpu:horses").stops_the_run("input.wrong_header", "column 6 is `cpu:horses`");
    wrong("spans.csv", "ram:GiB", "cpu:core").stops_the_run("input.wrong_header", "a second one for `cpu`");
    wrong("coupons.csv", ",created", "").stops_the_run("input.wrong_header", "column 12 is missing");
}

#[test]
fn a_quote_that_is_never_closed() {
    // It would swallow the rows of others.
    let case = Case::new("spans.csv").change("srv-0002,", "srv-0002", "\"srv-0002");
    case.stops_the_run("input.open_quote", "close its quote");
}

#[test]
fn a_price_list_with_a_fault() {
    let case = Case::new("rates.toml");
    let path = case.portal.input().join("rates.toml");
    let text = fs::read_to_string(&path).unwrap();
    let place = text.find("price = \"0.012\"").unwrap();
    let line = text[..place].matches('\n').count() + 1;
    fs::write(&path, text.replacen("price = \"0.012\"", "price = 0.012", 1)).unwrap();
    Case { line, ..case }.stops_the_run("pricing.bad_card", "as text");
}

#[test]
fn a_missing_file_and_all_such_faults_together() {
    let case = Case::new("scans.csv").change("", "resource", "resorts");
    fs::remove_file(case.portal.input().join("samples.csv")).unwrap();
    let ran: Ran = case.portal.run(&ONE_DAY);
    assert_eq!(ran.code, Some(4));
    for found in ["samples.csv: there is no such file", "scans.csv:1: wrong header"] {
        assert!(ran.stderr.contains(found), "{}", ran.stderr);
    }
}

#[test]
fn days_that_are_none() {
    let portal = Portal::with_sample();
    let reversed = portal.run(&["--from", "2024-04-01", "--to", "2024-03-30"]);
    assert_eq!(reversed.code, Some(4));
    fs::remove_file(portal.input().join("portal.toml")).unwrap();
    let none = portal.run(&[]);
    assert_eq!(none.code, Some(4));
    assert!(none.stderr.contains("--zone"), "{}", none.stderr);
    let ran = portal.run(&["--from", "2024-03-30", "--to", "2024-03-30", "--zone", "Europe/Berlin"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}
