//! The judge finds what is wrong: each test bends one thing, in the diaries or in the store.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A bank where one client worked for some rounds.
struct Bank {
    folder: TempDir,
}

impl Bank {
    fn worked() -> Self {
        let bank = Self { folder: tempfile::tempdir().unwrap() };
        for arguments in [&["open"][..], &["work", "--client=0", "--seconds=600", "--rounds=150"]] {
            let output = bank.run(arguments);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        bank
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil-bank"));
        command.args(arguments).args(["--seed=5", "--clients=1", "--wallets=10", "--url"]).arg(self.store());
        command.arg("--folder").arg(self.folder.path()).output().unwrap()
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("bank.sqlite")
    }

    fn diary(&self) -> PathBuf {
        self.folder.path().join("client-0.jsonl")
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.diary()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn write(&self, lines: &[Value]) {
        fs::write(self.diary(), lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    }

    /// The place of an answer of a kind that was no replay.
    fn place_of(&self, answer: &str) -> Value {
        let is_first = |line: &&Value| line["done"]["done"]["answer"][answer]["is_replay"] == false;
        self.lines().iter().find(is_first).unwrap()["done"]["place"].clone()
    }

    /// Changes the lines of a place.
    fn bend(&self, place: &Value, change: impl Fn(&mut Value)) {
        let mut lines = self.lines();
        let of_place = |line: &&mut Value| line["asked"]["place"] == *place || line["done"]["place"] == *place;
        lines.iter_mut().filter(of_place).for_each(change);
        self.write(&lines);
    }

    /// Changes the store behind its back.
    async fn tamper(&self, statement: &'static str) {
        let mut file: SqliteConnection =
            SqliteConnectOptions::new().filename(self.store()).foreign_keys(false).connect().await.unwrap();
        let triggers = sqlx::query_scalar::<_, String>("select name from sqlite_master where type = 'trigger'");
        for trigger in triggers.fetch_all(&mut file).await.unwrap() {
            let drop = sqlx::AssertSqlSafe(format!("drop trigger \"{trigger}\""));
            sqlx::query(drop).execute(&mut file).await.unwrap();
        }
        assert!(sqlx::query(statement).execute(&mut file).await.unwrap().rows_affected() > 0);
        file.close().await.unwrap();
    }

    /// What the judge says of books that are wrong.
    fn finding(&self) -> String {
        let output = self.run(&["judge"]);
        assert!(!output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    fn is_found(&self, words: &str) {
        let said = self.finding();
        assert!(said.contains("WRONG: ") && said.contains(words), "no `{words}` in {said}");
    }
}

#[test]
fn books_that_are_right_are_said_to_be() {
    let output = Bank::worked().run(&["judge"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.ends_with("verdict: the books are right\n"), "{said}");
}

#[test]
fn an_acknowledged_charge_that_is_lost_is_found() {
    let bank = Bank::worked();
    let place = json!({ "client": 0, "writer": 0, "round": 1_000_000 });
    let charge = json!({ "order": "lost", "wallet": 0, "cents": 1, "coupons": null, "only_coupons": false });
    let answer = json!({ "paid": { "parts": [["the balance", "0.01"]], "is_replay": false } });
    let mut lines = bank.lines();
    lines.push(json!({ "asked": { "place": place, "operation": { "charge": charge } } }));
    lines.push(json!({ "done": { "place": place, "done": { "answer": answer, "micros": 1 } } }));
    bank.write(&lines);
    bank.is_found("there is no such payment");
}

#[test]
fn what_nobody_asked_for_is_found() {
    for (answer, words) in [("topped_up", "nobody asked for the top-up"), ("paid", "all payments come to")] {
        let bank = Bank::worked();
        let place = bank.place_of(answer);
        let of_other = |line: &Value| line["asked"]["place"] != place && line["done"]["place"] != place;
        bank.write(&bank.lines().into_iter().filter(of_other).collect::<Vec<_>>());
        bank.is_found(words);
    }
}

#[test]
fn days_settlements_and_ranges_that_nobody_asked_for_are_found() {
    for (kinds, words) in [
        (["record_day", "correct_day"], "nobody recorded"),
        (["settle_statement", "settle_day"], "nobody asked for the payment of 2024-"),
        (["change_range", "change_range"], "no change left the row"),
    ] {
        let bank = Bank::worked();
        let is_other = |line: &Value| kinds.iter().all(|kind| line["asked"]["operation"][kind].is_null());
        bank.write(&bank.lines().into_iter().filter(is_other).collect::<Vec<_>>());
        bank.is_found(words);
    }
}

#[test]
fn an_answer_that_is_not_what_stands_is_found() {
    let members = [
        ("paid", "parts"),
        ("locked", "parts"),
        ("captured", "parts"),
        ("refunded", "state"),
        ("recorded", "statements"),
        ("settled", "by"),
        ("changed", "rows"),
    ];
    for (answer, member) in members {
        let bank = Bank::worked();
        let bent = match member {
            "state" => json!("wait"),
            "rows" => json!(["another 10.0.0.0/24 wait"]),
            _ => json!([["debt", "3.00"]]),
        };
        bank.bend(&bank.place_of(answer), |line| {
            if let Some(told) = line.pointer_mut(&format!("/done/done/answer/{answer}/{member}")) {
                *told = bent.clone();
            }
        });
        bank.is_found("was answered by");
    }
}

#[test]
fn a_charge_above_all_funds_must_be_refused() {
    let bank = Bank::worked();
    let lines = bank.lines();
    let above = lines.iter().find(|line| line["asked"]["operation"]["charge"]["cents"] == 1_000_000_000_000_u64);
    bank.bend(&above.unwrap()["asked"]["place"], |line| {
        if let Some(answer) = line.pointer_mut("/done/done/answer") {
            *answer = json!({ "paid": { "parts": [], "is_replay": false } });
        }
    });
    bank.is_found("it should have been refused");
}

#[tokio::test]
async fn a_balance_that_was_changed_by_hand_is_found() {
    let bank = Bank::worked();
    bank.tamper("update accounts set balance = '1.00' where owner = 'user:wallet-3'").await;
    bank.is_found("the balance of user:wallet-3 of wallet 3 holds 1.00");
}

#[tokio::test]
async fn an_entry_that_is_there_twice_is_found() {
    let bank = Bank::worked();
    bank.tamper(
        "insert into entries (source, account, payment, position, delta, held_after) \
         select source, account, payment, 1000, delta, held_after from entries where payment is not null \
         and account is not null limit 1",
    )
    .await;
    bank.is_found("only the ledger has");
}

#[tokio::test]
async fn an_entry_that_is_gone_is_found() {
    let bank = Bank::worked();
    bank.tamper("delete from entries where id = (select min(id) from entries where account is not null)").await;
    bank.is_found("the ledger has not");
}

#[tokio::test]
async fn a_reading_that_costs_something_else_is_found() {
    let bank = Bank::worked();
    bank.tamper(
        "update readings set payable = '7.77' where id = (select max(id) from readings \
         where id not in (select reading from statement_lines where taken_back = 1))",
    )
    .await;
    bank.is_found("nobody recorded 2024-");
}

#[tokio::test]
async fn a_statement_that_is_settled_and_not_paid_is_found() {
    let bank = Bank::worked();
    bank.tamper(
        "update statements set status = 'paid' \
         where id = (select max(id) from statements where status = 'unpaid' and payable <> '0')",
    )
    .await;
    bank.is_found("was paid for it");
}

#[tokio::test]
async fn a_plan_that_was_renewed_and_not_paid_is_found() {
    let bank = Bank::worked();
    bank.tamper("update plans set renewals = 2 where id = (select min(id) from plans where renewals < 2)").await;
    bank.is_found("at 3 cycles");
}
