//! What the tests of the store are about: the application `portal`, its unit `vm`, a card of one rate, users.

use chrono::NaiveDate;
use counterfoil::{
    metering::{History, Kind, Part, Reading, Span, Spec},
    money::{CNY, Money, Rounding},
    pricing::RateCard,
    time::{BillingDay, Instant, Zone, parse_date},
    units::{Name, Quantity, Unit},
    wallet::{Category, Coupon, CouponStatus, CouponTerms, Owner, Scope},
};
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use counterfoil_store::{Account, ChargeTerms, DayReading, DayRecord, RateCards, SqlStore, Wallets};

pub(crate) const APPLICATION: &str = "portal";
pub(crate) const UNIT: &str = "vm";
pub(crate) const CARD: &str = r#"
revision = "2024-02"
currency = "CNY"

[[rates]]
kind = "server"
part = "cpu"
price = "0.066"
per = "core"
every = "hour"
"#;

pub(crate) fn cny(text: &str) -> Money {
    Money::parse(text, CNY).unwrap()
}

pub(crate) fn user(id: &str) -> Owner {
    Owner::User(id.into())
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

pub(crate) fn day(text: &str) -> BillingDay {
    BillingDay::new(date(text), Zone::UTC).unwrap()
}

/// After every day of the tests.
pub(crate) fn terms() -> ChargeTerms {
    ChargeTerms::daily(APPLICATION, at("2024-03-01T00:00:00Z"))
}

/// An empty folder, and the path of a store in it.
pub(crate) fn folder() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a store.sqlite").to_str().unwrap().to_owned();
    (folder, path)
}

/// A connection beside the store, for what the store itself never does.
pub(crate) async fn beside(path: &str) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).foreign_keys(false).connect().await.unwrap()
}

/// A store in memory with the card and the unit.
pub(crate) async fn store() -> SqlStore {
    furnished(SqlStore::open("sqlite::memory:").await.unwrap()).await
}

pub(crate) async fn furnished(store: SqlStore) -> SqlStore {
    store.put_rate_card(CARD).await.unwrap();
    store.put_unit(UNIT, APPLICATION).await.unwrap();
    store
}

pub(crate) async fn open_accounts(store: &SqlStore, accounts: &[(&str, &str)]) {
    let accounts: Vec<Account> =
        accounts.iter().map(|(owner, balance)| Account::new(user(owner), cny(balance))).collect();
    store.put_accounts(&accounts).await.unwrap();
}

/// A server of some cores that runs all day.
pub(crate) fn metered(resource: &str, day: BillingDay, cores: &str) -> Reading {
    let spec = Spec::new([(Part::CPU, Quantity::parse(cores, Unit::Core).unwrap())]).unwrap();
    let history = History::new([Span::post_paid(Instant::MIN, None, spec)]).unwrap();
    Reading::new(name(resource), Kind::Server, history.usage(day.period()).unwrap().unwrap())
}

/// The same, rated by the card: 24 hours of 1 core are 1.58.
pub(crate) fn server(resource: &str, owner: &str, day: BillingDay, cores: &str) -> DayReading {
    let reading = metered(resource, day, cores);
    let card = RateCard::from_toml(CARD).unwrap();
    let tariff = card.tariff(&Kind::Server, day.period().start()).unwrap();
    let rated = tariff.rate(reading.usage(), Rounding::PORTAL).unwrap();
    let (original, payable) = (Money::new(rated.original(), CNY), rated.payable_money());
    let revision = card.revision().clone();
    DayReading { reading, owner: user(owner), unit: name(UNIT), original, payable, revision }
}

/// The same reading with another amount.
pub(crate) fn at_price(reading: DayReading, payable: &str) -> DayReading {
    DayReading { original: cny(payable), payable: cny(payable), ..reading }
}

/// The whole day of the owners of these readings.
pub(crate) fn record(day: BillingDay, readings: Vec<DayReading>) -> DayRecord {
    DayRecord { day, owners: readings.iter().map(|reading| reading.owner.clone()).collect(), readings }
}

pub(crate) fn coupon(id: &str, owner: &str, balance: &str) -> Coupon {
    Coupon::new(CouponTerms {
        id: id.into(),
        face_value: cny(balance),
        balance: cny(balance),
        status: CouponStatus::Available,
        effective: at("2024-01-01T00:00:00Z"),
        expiration: at("2024-06-01T00:00:00Z"),
        created: at("2023-12-01T00:00:00Z"),
        owner: Some(user(owner)),
        unit: Some(UNIT.into()),
        scope: Scope::Unit,
        category: Category::Server,
    })
    .unwrap()
}
