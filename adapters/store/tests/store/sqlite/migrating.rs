//! A store of an earlier version goes on where it stood.

use super::super::{ranging::campus, support::*};
use counterfoil::{
    pricing::{CardFormat, Validity},
    time::BillingDay,
    wallet::{Charge, Coupons, Funding},
};
use counterfoil_store::{Book, Cause, Payments, RateCards, Reports, Statements, TopUp, TopUps, Wallets};
use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions,
};

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

/// A file of an earlier schema.
async fn of_schema(version: i64, database: &Database) -> SqliteConnection {
    let all = sqlx::migrate!("./migrations/sqlite");
    let migrations: Vec<_> = all.iter().filter(|migration| migration.version <= version).cloned().collect();
    let earlier = Migrator { migrations: migrations.into(), ..Migrator::DEFAULT };
    let options = SqliteConnectOptions::new().filename(database.url()).create_if_missing(true);
    let mut file = options.connect().await.unwrap();
    earlier.run_direct(None, &mut file, false).await.unwrap();
    file
}

/// A file of schema 2 with the books.
async fn written_by_an_earlier_version(database: &Database) {
    let mut file = of_schema(2, database).await;
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
    let database = Database::file();
    written_by_an_earlier_version(&database).await;
    let store = database.open().await;
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
    let store = database.open().await;
    sound(&store).await;
}

#[tokio::test]
async fn what_was_wrong_before_is_found_after() {
    // A migration neither hides a fault nor stops at one.
    for (change, table) in [
        ("insert into account_entries values (4, 'user:ada', 'debt', 1, '1.00', '1.00')", "entries"),
        ("update accounts set balance = '9.43' where owner = 'user:ada'", "accounts"),
        ("update coupons set balance = '0.01'", "coupons"),
    ] {
        let database = Database::file();
        written_by_an_earlier_version(&database).await;
        database.beside().await.execute(change).await.unwrap();
        let findings = database.open().await.verify().await.unwrap().findings;
        assert!(findings.iter().any(|finding| finding.table == table), "{change}: {findings:#?}");
    }
}

#[tokio::test]
async fn a_store_from_before_there_were_validities_is_brought_up_to_date() {
    let database = Database::file();
    let mut old = of_schema(1, &database).await;
    for revision in ["2024-02", "2024-03"] {
        let source = CARD.replace("2024-02", revision);
        sqlx::query("insert into rate_cards (revision, currency, source, digest) values (?, 'CNY', ?, ?)")
            .bind(revision)
            .bind(&source)
            .bind(Sha256::digest(&source).to_vec())
            .execute(&mut old)
            .await
            .unwrap();
    }
    old.close().await.unwrap();
    let store = database.open().await;
    let listed = store.rate_cards().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|card| card.format == CardFormat::Toml && card.validity == Validity::ALWAYS));
    assert!(store.rate_card(&name("2024-02")).await.unwrap().is_some());
    sound(&store).await;
}

#[tokio::test]
async fn a_file_of_an_earlier_schema_takes_ranges() {
    let database = Database::file();
    of_schema(5, &database).await.close().await.unwrap();
    let store = database.open().await;
    campus(&store).await;
    sound(&store).await;
}
