//! What a durable charge takes, beside sqlx alone sending the same statements; and of eight writers at one time. All of
//! them are tasks of a runtime, as the requests of a portal are: to wake the thread that waits for a runtime takes longer.
//!
//! SQLite always; a server where the environment names one: `COUNTERFOIL_POSTGRES_URL`, `COUNTERFOIL_MARIADB_URL`, each
//! of an empty database.

use counterfoil::{
    money::{CNY, Money},
    time::Instant as Moment,
    wallet::{Charge, Coupons, Funding, Owner},
};
use counterfoil_store::{Account, Payments, SqlStore, Wallets};
use criterion::{Criterion, criterion_group, criterion_main};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    env,
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, sync::Mutex, task::JoinSet};

const OWNERS: u64 = 64;
const WRITERS: u64 = 8;

/// The next order, of all runs.
static NEXT: AtomicU64 = AtomicU64::new(0);

fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A charge of 1.00 that a balance pays.
fn charge(number: u64) -> Charge {
    Charge {
        application: "portal".into(),
        order: format!("order-{number}"),
        unit: "vm".into(),
        payer: Owner::User(format!("u{}", number % OWNERS)),
        amount: Money::new(rust_decimal::Decimal::ONE, CNY),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// A store with an account for each owner, which no bench empties.
async fn filled(url: &str) -> Result<SqlStore, Box<dyn Error>> {
    let store = SqlStore::open(url).await?;
    store.put_unit("vm", "portal").await?;
    let balance = Money::parse("1000000000.00", CNY)?;
    let accounts: Vec<Account> =
        (0..OWNERS).map(|owner| Account::new(Owner::User(format!("u{owner}")), balance)).collect();
    store.put_accounts(&accounts).await?;
    Ok(store)
}

async fn of_store(store: SqlStore, now: Moment, count: u64) -> Duration {
    let began = Instant::now();
    for _ in 0..count {
        let paid = store.charge(&charge(next()), now).await;
        assert!(paid.is_ok_and(|paid| !paid.is_replay));
    }
    began.elapsed()
}

async fn of_writers(store: SqlStore, now: Moment, count: u64) -> Duration {
    let began = Instant::now();
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(of_store(store.clone(), now, count.div_ceil(WRITERS)));
    }
    writers.join_all().await;
    // As if each had done its own part of the count.
    began.elapsed().mul_f64(count as f64 / (count.div_ceil(WRITERS) * WRITERS) as f64)
}

async fn of_alone<C: Alone>(alone: Arc<Mutex<(C, Statements)>>, count: u64) -> Duration {
    let (connection, words) = &mut *alone.lock().await;
    let began = Instant::now();
    for _ in 0..count {
        assert!(connection.charge(words, next()).await.is_ok());
    }
    began.elapsed()
}

/// What a task of a runtime measures.
fn task(runtime: &Runtime, work: impl Future<Output = Duration> + Send + 'static) -> Duration {
    let mut task = JoinSet::new();
    task.spawn_on(work, runtime.handle());
    runtime.block_on(task.join_all()).into_iter().sum()
}

/// The statements of a charge, as the store sends them, in words of an engine; each a prepared one.
struct Statements {
    begin: &'static str,
    turns: Vec<String>,
    unit: String,
    payment: String,
    account: String,
    coupons: String,
    locks: String,
    order: String,
    pay: String,
    leg: String,
    take: String,
    entry: String,
}

impl Statements {
    fn new(begin: &'static str, is_server: bool, place: impl Fn(&str) -> String) -> Self {
        let turn = place("select turn from turns where turn = ? for update");
        Self {
            begin,
            turns: if is_server { vec![turn.clone(), turn] } else { vec![] },
            unit: place("select application from service_units where unit = ?"),
            payment: place(
                "select id, application, order_id, unit, payer, currency, amount, coupons, funding, overdraft, paid_us \
                 from payments where application = ? and order_id = ?",
            ),
            account: place("select owner, currency, balance, debt from accounts where owner = ?"),
            coupons: place(
                "select coupon, currency, face_value, balance, status, effective_us, expiration_us, created_us, owner, \
                 unit, scope_order, category from coupons where owner = ? order by coupon",
            ),
            locks: place(
                "select k.id, k.application, k.order_id, k.unit, k.payer, k.currency, k.amount, k.coupons, k.funding, \
                 k.overdraft, k.made_us, k.expires_us, k.status, k.ended_us, k.payment, p.amount as captured from locks k \
                 left join payments p on p.id = k.payment where k.payer = ? and k.status = 'authorised' or k.application \
                 = ? and k.order_id = ? order by k.id",
            ),
            order: place(
                "select o.id, o.application, o.order_id, o.order_type, o.owner, o.unit, o.currency, o.amount, o.step, \
                 o.created_us, o.pay_s, o.status from orders o where o.application = ? and o.order_id = ?",
            ),
            pay: place(
                "insert into payments (application, order_id, unit, payer, currency, amount, method, coupons, funding, \
                 overdraft, paid_us) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ),
            leg: place(
                "insert into legs (payment, position, source, coupon, amount, held_before, held_after) \
                 values (?, ?, ?, ?, ?, ?, ?)",
            ),
            take: place("update accounts set balance = ? where owner = ? and balance = ?"),
            entry: place(
                "insert into entries (source, account, coupon, payment, top_up, refund, position, delta, held_after) \
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ),
        }
    }
}

/// A connection of sqlx, without a store.
trait Alone: Send + 'static {
    /// Sends the statements of one charge.
    fn charge(&mut self, words: &Statements, number: u64) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

macro_rules! alone {
    ($connection:ty, $driver:ty, $number:ident) => {
        impl Alone for $connection {
            async fn charge(&mut self, words: &Statements, number: u64) -> Result<(), sqlx::Error> {
                use sqlx::Row;
                let query = |text: &str| sqlx::query::<$driver>(AssertSqlSafe(text.to_owned()));
                let (owner, order) = (format!("user:u{}", number % OWNERS), format!("order-{number}"));
                let mut transaction = self.begin_with(words.begin).await?;
                for (turn, statement) in (1_i64..).zip(&words.turns) {
                    query(statement).bind(turn).fetch_one(&mut *transaction).await?;
                }
                query(&words.unit).bind("vm").fetch_optional(&mut *transaction).await?;
                query(&words.payment).bind("portal").bind(&order).fetch_optional(&mut *transaction).await?;
                let account = query(&words.account).bind(&owner).fetch_one(&mut *transaction).await?;
                let before = account.try_get_unchecked::<String, _>("balance")?;
                query(&words.coupons).bind(&owner).fetch_all(&mut *transaction).await?;
                query(&words.locks).bind(&owner).bind("portal").bind(&order).fetch_all(&mut *transaction).await?;
                query(&words.order).bind("portal").bind(&order).fetch_all(&mut *transaction).await?;
                let after =
                    before.parse::<rust_decimal::Decimal>().map_err(|error| sqlx::Error::Decode(error.into()))?;
                let after = (after - rust_decimal::Decimal::ONE).to_string();
                let none = None::<String>;
                let insert = query(&words.pay)
                    .bind("portal")
                    .bind(&order)
                    .bind("vm")
                    .bind(&owner)
                    .bind("CNY")
                    .bind("1.00")
                    .bind("balance")
                    .bind(&none)
                    .bind("enough_funds")
                    .bind(&none)
                    .bind(1_700_000_000_000_000_i64);
                let payment: i64 = $number(insert, &mut *transaction).await?;
                query(&words.leg)
                    .bind(payment)
                    .bind(0_i64)
                    .bind("balance")
                    .bind(&none)
                    .bind("1.00")
                    .bind(&before)
                    .bind(&after)
                    .execute(&mut *transaction)
                    .await?;
                query(&words.take).bind(&after).bind(&owner).bind(&before).execute(&mut *transaction).await?;
                query(&words.entry)
                    .bind("balance")
                    .bind(&owner)
                    .bind(&none)
                    .bind(payment)
                    .bind(None::<i64>)
                    .bind(None::<i64>)
                    .bind(0_i64)
                    .bind("-1.00")
                    .bind(&after)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await
            }
        }
    };
}

type Sent<'q, D> = sqlx::query::Query<'q, D, <D as sqlx::Database>::Arguments>;

async fn sqlite_number(insert: Sent<'_, sqlx::Sqlite>, connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    Ok(insert.execute(connection).await?.last_insert_rowid())
}

async fn postgres_number(insert: Sent<'_, sqlx::Postgres>, connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    use sqlx::Row;
    insert.fetch_one(connection).await?.try_get(0)
}

async fn mysql_number(insert: Sent<'_, sqlx::MySql>, connection: &mut MySqlConnection) -> Result<i64, sqlx::Error> {
    let done = insert.execute(connection).await?;
    i64::try_from(done.last_insert_id()).map_err(|error| sqlx::Error::Decode(error.into()))
}

alone!(SqliteConnection, sqlx::Sqlite, sqlite_number);
alone!(PgConnection, sqlx::Postgres, postgres_number);
alone!(MySqlConnection, sqlx::MySql, mysql_number);

/// `$1` for each `?`.
fn numbered(text: &str) -> String {
    let mut pieces = text.split('?');
    let first = pieces.next().unwrap_or_default().to_owned();
    let numbered = (1..).zip(pieces).fold(first, |text, (number, piece)| format!("{text}${number}{piece}"));
    if text.contains("into payments") { format!("{numbered} returning id") } else { numbered }
}

/// The store and sqlx alone on one engine, one after another in the same database.
fn engine<C: Alone>(
    c: &mut Criterion,
    name: &str,
    (runtime, store): (&Runtime, SqlStore),
    (connection, words): (C, Statements),
) -> Result<(), Box<dyn Error>> {
    let now: Moment = "2024-02-21T00:00:00Z".parse()?;
    let alone = Arc::new(Mutex::new((connection, words)));
    let mut group = c.benchmark_group(format!("store, {name}"));
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("charge", |b| {
        b.iter_custom(|count| task(runtime, of_store(store.clone(), now, count)));
    });
    group.bench_function("charge: sqlx alone", |b| {
        b.iter_custom(|count| task(runtime, of_alone(alone.clone(), count)));
    });
    group.bench_function("charge, 8 writers", |b| {
        b.iter_custom(|count| task(runtime, of_writers(store.clone(), now, count)));
    });
    group.finish();
    let audit = runtime.block_on(counterfoil_store::Reports::verify(&store))?;
    assert!(audit.is_sound(), "what was measured is right: {:?}", audit.findings);
    runtime.block_on(store.close());
    Ok(())
}

fn sqlite(c: &mut Criterion, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    // Beside what is built: a disk, where `/tmp` may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let path = folder.path().join("store.sqlite");
    let url = path.to_str().ok_or("the target folder has a name that is no UTF-8")?;
    let store = runtime.block_on(filled(url))?;
    let options = SqliteConnectOptions::new()
        .filename(url)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(60))
        .pragma("cache_size", "-32768")
        .statement_cache_capacity(256);
    let connection = runtime.block_on(SqliteConnection::connect_with(&options))?;
    engine(c, "SQLite", (runtime, store), (connection, Statements::new("begin immediate", false, str::to_owned)))
}

fn servers(c: &mut Criterion, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    if let Ok(url) = env::var("COUNTERFOIL_POSTGRES_URL") {
        let store = runtime.block_on(filled(&url))?;
        let connection = runtime.block_on(PgConnection::connect(&url))?;
        engine(c, "PostgreSQL", (runtime, store), (connection, Statements::new("begin", true, numbered)))?;
    }
    if let Ok(url) = env::var("COUNTERFOIL_MARIADB_URL") {
        let store = runtime.block_on(filled(&url))?;
        let connection = runtime.block_on(MySqlConnection::connect(&url))?;
        let words = Statements::new("start transaction", true, str::to_owned);
        engine(c, "MariaDB", (runtime, store), (connection, words))?;
    }
    Ok(())
}

fn engines(c: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    sqlite(c, &runtime)?;
    servers(c, &runtime)
}

fn store(c: &mut Criterion) {
    if let Err(error) = engines(c) {
        eprintln!("a bench could not run: {error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, store);
criterion_main!(benches);
