//! What the tests of the store are about: the application `portal`, its unit `vm`, a card of one rate, users.

use chrono::NaiveDate;
use counterfoil::{
    metering::{History, Kind, Part, Reading, Span, Spec},
    money::{CNY, Money, Rounding},
    pricing::RateCard,
    time::{BillingDay, Instant, Zone, parse_date},
    units::{Name, Quantity, Unit},
    wallet::{Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Owner, Scope},
};
use counterfoil_store::{Account, ChargeTerms, DayReading, DayRecord, Payments, RateCards, Reports, SqlStore, Wallets};
use tokio::task::JoinSet;

pub(crate) use super::database::{Beside, Database, Engine, is_of_a_check};

pub(crate) const APPLICATION: &str = "portal";
pub(crate) const UNIT: &str = "vm";
/// How many tasks run at one time.
pub(crate) const TASKS: usize = 16;
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

/// A store in a database of its own, with the card and the unit.
pub(crate) async fn store() -> (Database, SqlStore) {
    let (database, store) = empty_store().await;
    furnish(&store).await;
    (database, store)
}

pub(crate) async fn furnish(store: &SqlStore) {
    store.put_rate_card(CARD).await.unwrap();
    store.put_unit(UNIT, APPLICATION).await.unwrap();
}

/// A store in a database of its own, with nothing in it.
pub(crate) async fn empty_store() -> (Database, SqlStore) {
    let database = Database::new().await;
    let store = database.open().await;
    (database, store)
}

/// How many cases of a property are tried: fewer on a server, where a database takes half a second.
pub(crate) fn cases(in_a_file: u32) -> u32 {
    match Engine::of_the_tests() {
        Engine::Sqlite => in_a_file,
        Engine::Postgres | Engine::MySql => in_a_file.div_ceil(4),
    }
}

/// What many tasks come to that run at one time, each with a store of its own, as processes would have.
pub(crate) async fn at_one_time<T, F>(database: &Database, call: impl Fn(usize, SqlStore) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(call(task, database.open().await));
    }
    tasks.join_all().await
}

/// `verify` finds nothing.
pub(crate) async fn sound(store: &SqlStore) {
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
}

pub(crate) async fn open_accounts(store: &SqlStore, accounts: &[(&str, &str)]) {
    let accounts: Vec<Account> =
        accounts.iter().map(|(owner, balance)| Account::new(user(owner), cny(balance))).collect();
    store.put_accounts(&accounts).await.unwrap();
}

/// A charge of 1.00 to ada.
pub(crate) fn small_charge(order: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("1.00"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

pub(crate) async fn is_paid(store: &SqlStore, order: &str) -> bool {
    store.payment(APPLICATION, order).await.unwrap().is_some()
}

/// The books add up, and so many small charges are in them, each once.
pub(crate) async fn balanced(store: &SqlStore, opening: i64, charges: i64) {
    sound(store).await;
    let account = store.account(&user("ada")).await.unwrap().unwrap();
    assert_eq!(account.balance, cny(&format!("{}.00", opening - charges)));
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
