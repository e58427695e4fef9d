//! What was written once is never edited nor removed, whoever tries.

use super::{books::keep_books, ranging::campus, support::*};
use counterfoil_store::{Act, Reports, SqlStore};
use std::collections::BTreeSet;

/// Something in every table.
async fn filled(database: &Database) -> (SqlStore, Beside) {
    let store = database.open().await;
    keep_books(&store).await;
    campus(&store).await;
    let mut beside = database.beside().await;
    beside.execute("insert into withdrawals values (1)").await.unwrap();
    beside.execute("update accounts set balance = '0' where owner = 'user:ada'").await.unwrap();
    let repair = store.verify().await.unwrap().repairs.remove(0);
    store.repair(&repair, &Act { by: "operator".into(), reason: String::new(), now: terms().now }).await.unwrap();
    (store, beside)
}

/// Whether a trigger refuses a change, which is not made.
async fn is_refused_by_a_trigger(beside: &mut Beside, change: &str) -> bool {
    beside.execute("begin").await.unwrap();
    let said = beside.execute(change).await.map_or_else(|error| error.to_string(), |_| String::new());
    beside.execute("rollback").await.unwrap();
    said.contains("never") || said.contains("only an unpaid")
}

/// The same of a change of any row by itself: which row of a table comes first is not the same everywhere.
async fn is_refused_for_a_row(beside: &mut Beside, change: &str, table: &str, numbers: &[&str]) -> bool {
    let keys: Vec<String> = numbers.iter().map(|column| format!("'\"{column}\" = ' || \"{column}\"")).collect();
    let rows = match &keys[..] {
        [] => vec!["1 = 1".to_owned()],
        keys => beside.texts(&format!("select {} from {table}", keys.join(" || ' and ' || "))).await,
    };
    let mut is_refused = false;
    for row in rows {
        is_refused |= is_refused_by_a_trigger(beside, &format!("{change} where {row}")).await;
    }
    is_refused
}

#[tokio::test]
async fn what_was_charged_can_not_be_edited_by_accident() {
    let database = Database::new().await;
    let (_store, mut beside) = filled(&database).await;
    for change in [
        "update rate_cards set source = ''",
        "delete from rate_cards",
        "update readings set payable = '0'",
        "delete from readings",
        "update statements set payable = '0'",
        "update statements set status = 'unpaid' where status = 'paid'",
        "delete from statements",
        "update statement_lines set payable = '0'",
        "delete from statement_lines",
        "update payments set amount = '0'",
        "delete from payments",
        "update legs set amount = '0'",
        "delete from legs",
        "update entries set delta = '0'",
        "delete from entries",
        "update top_ups set amount = '0'",
        "delete from top_ups",
        "update accounts set opening = '0'",
        "delete from accounts",
        "update coupons set face_value = '0'",
        "delete from coupons",
        "update coupon_codes set digest = null",
        "delete from coupon_codes",
        "update coupon_changes set \"change\" = 'cancel'",
        "delete from coupon_changes",
        "update refunds set amount = '0'",
        "update refunds set state = 'wait' where refund = 'R1'",
        "delete from refunds",
        "update refund_legs set amount = '0'",
        "delete from refund_legs",
        "update refund_steps set state_after = 'error'",
        "delete from refund_steps",
        "update locks set amount = '0'",
        "update locks set status = 'voided' where order_id = 'L1'",
        "delete from locks",
        "update lock_legs set amount = '0'",
        "delete from lock_legs",
        "update orders set amount = '0'",
        "delete from orders",
        "update order_items set weight = '0'",
        "update order_items set status = 'delivered' where item = 'i1'",
        "update order_items set refund = null where refund is not null",
        "delete from order_items",
        "update order_steps set actor = ''",
        "delete from order_steps",
        "update plans set price = '0'",
        "update plans set renewals = 0",
        "delete from plans",
        "update plan_steps set actor = ''",
        "delete from plan_steps",
        "update settled_with set leader = 1",
        "delete from settled_with",
    ] {
        assert!(is_refused_by_a_trigger(&mut beside, change).await, "{change}");
    }
    // What is no number is refused by the column.
    for amount in ["", "1e3", "abc", "1,00", "--", "NaN", "+1"] {
        let fault = beside.refused(&format!("update accounts set balance = '{amount}'")).await;
        assert!(is_of_a_check(&fault), "{amount}: {fault}");
    }
}

#[tokio::test]
async fn what_sqlite_refuses_to_edit_every_engine_does() {
    let (file, database) = (Database::file(), Database::new().await);
    let (_kept, mut sqlite) = filled(&file).await;
    let (_store, mut beside) = filled(&database).await;
    // Each column with its table, its type, and whether it is of the primary key.
    let columns = sqlite
        .texts(
            "select t.name || ' ' || c.name || ' ' || c.type || ' ' || (c.pk > 0) \
             from pragma_table_list t, pragma_table_info(t.name) c where t.schema = 'main' and t.type = 'table' \
             and t.name not glob 'sqlite_*' and t.name not glob '_sqlx_*'",
        )
        .await;
    let columns: Vec<[&str; 4]> =
        columns.iter().map(|column| column.split(' ').collect::<Vec<_>>().try_into().unwrap()).collect();
    let mut changes = BTreeSet::new();
    for [table, column, kind, _] in &columns {
        // Another value, whatever stands there, of the right length.
        let value = match *kind {
            "TEXT" => "'XXX'".to_owned(),
            "INTEGER" => "7777".to_owned(),
            _ => format!("x'{}'", "77".repeat(if *column == "digest" { 32 } else { 16 })),
        };
        changes.insert((*table, format!("update {table} set \"{column}\" = {value}")));
        changes.insert((*table, format!("delete from {table}")));
    }
    let mut refused = BTreeSet::new();
    for (table, change) in &changes {
        let numbers = columns.iter().filter(|[of, _, kind, key]| of == table && *kind == "INTEGER" && *key == "1");
        let numbers: Vec<&str> = numbers.map(|[_, column, ..]| *column).collect();
        let is_refused = is_refused_for_a_row(&mut sqlite, change, table, &numbers).await;
        assert_eq!(is_refused_for_a_row(&mut beside, change, table, &numbers).await, is_refused, "{change}");
        if is_refused {
            refused.insert((*table, change.starts_with("delete")));
        }
    }
    // Each trigger had something to refuse.
    let triggers = "select tbl_name from sqlite_master where type = 'trigger' and sql like '%before ' || ";
    for table in sqlite.texts(&format!("{triggers} 'update%'")).await {
        assert!(refused.contains(&(&*table, false)), "{table}");
    }
    for table in sqlite.texts(&format!("{triggers} 'delete%'")).await {
        assert!(refused.contains(&(&*table, true)), "{table}");
    }
}
