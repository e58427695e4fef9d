//! A store of an earlier version goes on where it stood.

use super::support::*;
use counterfoil::{
    time::BillingDay,
    wallet::{Charge, Coupons, Funding},
};
use counterfoil_store::{Book, Cause, Payments, Reports, SqlStore, Statements, TopUp, TopUps, Wallets};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, migrate::Migrator, sqlite::SqliteConnectOptions};

/// Books as the first two schemas kept them: a statement that a coupon and the balance paid, an order on debt.
const BOOKS: [&str; 10] = [
    "insert into service_units values ('vm', 'portal')",
    "insert into readings (id, resource, start_us, end_us, version, owner, unit, kind, revision, usage, currency, original, \
     payable) values (1, 's-1', ?1, ?2, 0, 'user:ada', 'vm', 'server', '2024-02', \
     '[[\"cpu\",\"STANDARD\",\"core\",\"timed\",\"86400000000\",\"86400000000\"]]', 'CNY', '1.58', '1.58')",
    "insert into accounts values ('user:ada', 'CNY', '10.00', '0.00', '9.42', '0.00'), \
     ('user:bob', 'CNY', '1.00', '0', '0.00', '0.58')",
    "insert into coupons values ('C1', 'CNY', '1.00', '1.00', '0.00', 'available', 0, 4102444800000000, 0, 'user:ada', 'vm', \
     null, 'server')",
    "insert into payments values \
     (1, 'portal', '2024-02-20/UTC/user/ada/vm/server/0', 'vm', 'user:ada', 'CNY', '1.58', 'mixed', null, 'overdraft', null, 0), \
     (2, 'portal', 'o1', 'vm', 'user:bob', 'CNY', '1.58', 'balance', '[]', 'debt', null, 0)",
    "insert into legs values (1, 0, 'coupon', 'C1', '1.00', '1.00', '0.00'), (1, 1, 'balance', null, '0.58', '10.00', '9.42'), \
     (2, 0, 'balance', null, '1.00', '1.00', '0.00'), (2, 1, 'debt', null, '0.58', '0', '0.58')",
    "insert into account_entries values (1, 'user:ada', 'balance', 1, '-0.58', '9.42'), \
     (2, 'user:bob', 'balance', 2, '-1.00', '0.00'), (3, 'user:bob', 'debt', 2, '0.58', '0.58')",
    "insert into statements values (1, '2024-02-20/UTC/user/ada/vm/server/0', '2024-02-20', 'UTC', 'user:ada', 'vm', \
     'server', 0, 'CNY', '1.58', '1.58', 'paid', 1)",
    "insert into statement_lines values (1, 0, 1, 0, '1.58', '1.58')",
    "insert into resources values (1, 's-1', 'server', 'user:ada', 'vm')",
];

/// A file of schema 2 with the books.
async fn written_by_an_earlier_version(path: &str) {
    let all = sqlx::migrate!("./migrations/sqlite");
    let migrations: Vec<_> = all.iter().filter(|migration| migration.version <= 2).cloned().collect();
    let earlier = Migrator { migrations: migrations.into(), ..Migrator::DEFAULT };
    let mut file = SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap();
    earlier.run_direct(None, &mut file, false).await.unwrap();
    sqlx::query("insert into rate_cards (revision, currency, source, digest) values ('2024-02', 'CNY', ?, ?)")
        .bind(CARD)
        .bind(Sha256::digest(CARD).to_vec())
        .execute(&mut file)
        .await
        .unwrap();
    let day: BillingDay = day("2024-02-20");
    for sql in BOOKS {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        if sql.contains("?1") {
            query = query.bind(day.period().start().micros()).bind(day.period().end().micros());
        }
        query.execute(&mut file).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    file.close().await.unwrap();
}

#[tokio::test]
async fn books_of_schema_two_are_sound_and_go_on() {
    let (_folder, path) = folder();
    written_by_an_earlier_version(&path).await;
    let store = SqlStore::open(&path).await.unwrap();
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
    let [sums] = &audit.sums[..] else { panic!("{:?}", audit.sums) };
    assert_eq!([&sums.put_in, &sums.held, &sums.payments].map(ToString::to_string), ["12", "8.84", "3.16"]);

    let entries = store.account_entries(&user("bob")).await.unwrap();
    let cause = || Cause::Payment { application: APPLICATION.into(), order: "o1".into() };
    let shown: Vec<_> =
        entries.iter().map(|entry| (entry.book, entry.cause.clone(), entry.delta.to_string())).collect();
    assert_eq!(shown, [(Book::Balance, cause(), "-1.00".into()), (Book::Debt, cause(), "0.58".into())]);

    // It goes on: the same charge is the first one, another is a new one.
    let id = "2024-02-20/UTC/user/ada/vm/server/0";
    let again = store.settle_statement(id, &terms()).await.unwrap();
    assert_eq!(again.payment().unwrap().payment.plan().legs().len(), 2);
    store.top_up(&TopUp { id: "T1".into(), owner: user("ada"), amount: cny("1") }, terms().now).await.unwrap();
    let charge = Charge {
        application: APPLICATION.into(),
        order: "o2".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("10.42"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    store.charge(&charge, terms().now).await.unwrap();
    store.close().await;
    let store = SqlStore::open(&path).await.unwrap();
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
}

#[tokio::test]
async fn what_was_wrong_before_is_found_after() {
    // A migration neither hides a fault nor stops at one.
    for (change, table) in [
        ("insert into account_entries values (4, 'user:ada', 'debt', 1, '1.00', '1.00')", "entries"),
        ("update accounts set balance = '9.43' where owner = 'user:ada'", "accounts"),
        ("update coupons set balance = '0.01'", "coupons"),
    ] {
        let (_folder, path) = folder();
        written_by_an_earlier_version(&path).await;
        let mut file = beside(&path).await;
        sqlx::query(change).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
        let findings = SqlStore::open(&path).await.unwrap().verify().await.unwrap().findings;
        assert!(findings.iter().any(|finding| finding.table == table), "{change}: {findings:#?}");
    }
}
