//! Files that are put in, and what is wrong with them.

use crate::{ACCOUNTS, Place, call, done};

#[test]
fn a_column_that_nobody_reads_is_refused() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    for (what, header, said_of_it) in [
        ("accounts", "owner,currency,balance,dept", "`dept`: there are `owner`, `currency`, `balance`, `debt`"),
        ("accounts", "owner,currency,balance,Debt", "no column is called `Debt`"),
        ("accounts", "owner,currency,balance, debt", "no column is called ` debt`"),
        ("accounts", "owner,currency,balance,", "no column is called ``"),
        ("accounts", "owner,currency,balance,balance", "the column `balance` is there twice"),
        ("accounts", "user:ada,CNY,1.00,2.00", "no column is called `user:ada`"),
        ("coupons", "coupon,currency,balance,debt", "no column is called `debt`"),
        ("units", "unit,owner", "`owner`: there are `unit`, `application`"),
    ] {
        let file = place.file("rows.csv", format!("{header}\nuser:ada,CNY,1.00,2.00\n"));
        let (code, said) = call(&["import", &store, what, &file]);
        assert!(code == 2 && said.contains("line 1: ") && said.contains(said_of_it), "{header}: {code} {said}");
    }
    assert!(done(&["export", &store, "accounts", &place.path("out.csv")]).contains("0 rows"));
    // Spreadsheets begin a file in UTF-8 with its mark.
    done(&["import", &store, "accounts", &place.file("accounts.csv", format!("\u{feff}{ACCOUNTS}"))]);
}

/// A column, with a cell that is right, and one that is wrong.
type Column = (&'static str, &'static str, &'static str);

const COLUMNS: [(&str, &[Column]); 3] = [
    (
        "accounts",
        &[("owner", "user:ada", "ada"), ("currency", "CNY", "yuan"), ("balance", "1.00", "1e3"), ("debt", "", "-")],
    ),
    (
        "coupons",
        &[
            ("coupon", "C1", ""),
            ("currency", "CNY", "yuan"),
            ("face_value", "5.00", "5.00 CNY"),
            ("balance", "5.00", ""),
            ("status", "available", "new"),
            ("effective", "2024-01-01T00:00:00Z", "2024-01-01"),
            ("expiration", "2025-01-01T00:00:00Z", "2025-02-30T00:00:00Z"),
            ("created", "2024-01-01T00:00:00Z", "yesterday"),
            ("category", "server", "sever"),
            ("owner", "", "bot:ada"),
        ],
    ),
    ("units", &[("unit", "vm", ""), ("application", "portal", "")]),
];

#[test]
fn a_fault_in_a_cell_names_its_line_and_its_column() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    for (what, columns) in COLUMNS {
        let names: Vec<_> = columns.iter().map(|(name, ..)| *name).collect();
        let right: Vec<_> = columns.iter().map(|(_, right, _)| format!("\"{right}\"")).collect();
        let (header, right_line) = (names.join(","), right.join(","));
        for (index, (name, _, wrong)) in columns.iter().enumerate() {
            for wrong in [wrong.as_bytes(), b"\xff"] {
                let cells =
                    |(other, right): (usize, &String)| if other == index { wrong } else { right.as_bytes() }.to_vec();
                let wrong_line = right.iter().enumerate().map(cells).collect::<Vec<_>>().join(&b","[..]);
                let file = [header.as_bytes(), right_line.as_bytes(), &wrong_line].join(&b"\r\n"[..]);
                let (code, said) = call(&["import", &store, what, &place.file("rows.csv", file)]);
                assert!(
                    code == 2 && said.contains(&format!("store: line 3: column `{name}`: ")),
                    "{name}: {code} {said}"
                );
            }
        }
        let file = place.file("rows.csv", format!("{header}\n{right_line}\n"));
        assert!(done(&["import", &store, what, &file]).contains(if what == "units" { "0 put in" } else { "1 put in" }));
    }
}

#[test]
fn a_fault_of_a_row_names_its_line() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    for (file, said_of_it) in [
        (
            "owner,currency,balance\nuser:ada,CNY,1.00\nuser:bob,CNY,1,00\n",
            "line 3: 4 columns, where the first line has 3",
        ),
        ("owner,balance\nuser:ada,1\n", "line 2: column `currency`: nothing is there"),
        ("owner,currency,balance\nuser:ada,CNY,1\n\nuser:bob,CNY,1\nuser:ada,CNY,2\nuser:joe,CNY,1\n", "line 5: "),
        ("owner,currency,balance\n\"user:a\nda\",CNY,1\nuser:joe,CNY,1\nuser:joe,CNY,-1\n", "line 5: "),
        ("owner,currency,balance\n\n\nada,CNY,1\n", "line 4: column `owner`"),
        ("owner,currency,balance\r\n\r\nuser:ada,CNY,1\r\nada,CNY,1", "line 4: column `owner`"),
        ("owner,currency,balance\r\n\"user:a\r\nda\",CNY,1\r\nada,CNY,\"1\"\r\n", "line 4: column `owner`"),
        ("owner,currency,balance\nada,CNY,1", "line 2: column `owner`"),
        ("owner,currency,balance\nuser:ada,CNY,\"1\nuser:bob,CNY,2\n", "line 2: the last column ends with a line feed"),
        ("owner,currency,balance\n\"user:ada,CNY,1\nuser:bob,CNY,2\n", "line 2: the last column ends with a line feed"),
        ("", "nothing is there"),
    ] {
        let (code, said) = call(&["import", &store, "accounts", &place.file("accounts.csv", file)]);
        assert!(code == 2 && said.contains(&format!("store: {said_of_it}")), "{said_of_it}: {code} {said}");
    }
    let long = format!("owner,currency,balance\nuser:{},CNY,1\n", "x".repeat(10 << 20));
    let (code, said) = call(&["import", &store, "accounts", &place.file("long.csv", long)]);
    assert!(code == 2 && said.contains("at most 255 bytes") && said.len() < 500, "{code} {}", said.len());
    assert!(done(&["verify", &store]).contains("the books add up"));
}
