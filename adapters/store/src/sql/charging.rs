//! Charging: what the core plans against the books of this moment, carried out in the same transaction.

use super::{
    SqlStore, charges,
    engine::{Connection, Query, Row, Turn, sql},
    entries::{self, By, Posting, coupon_name, source_name, source_of},
    locks, orders,
    rows::{Fields, amount, insert_all, insert_numbered},
    wallets,
};
use crate::{Account, Act, Paid, Payments, StoreError, StoredPayment, texts};
use async_trait::async_trait;
use counterfoil::{
    time::Instant,
    wallet::{Books, Charge, Coupon, Funds, Leg, Lock, Outcome, Payment, Plan, Source},
};

#[async_trait]
impl Payments for SqlStore {
    async fn charge(&self, charge: &Charge, now: Instant) -> Result<Paid, StoreError> {
        texts::charge(charge)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let (paid, _) = carry_out(&mut transaction, charge, &Act::of_the_store("charge", now)).await?;
            if !paid.is_replay {
                transaction.commit().await?;
            }
            Ok(paid)
        })
        .await
    }

    async fn payment(&self, application: &str, order: &str) -> Result<Option<StoredPayment>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(find(&mut snapshot, application, order).await?.map(|(_, payment)| payment))
    }
}

/// Plans a charge against what stands now and writes the plan, unless it was paid before.
///
/// Gives the number of the payment too.
pub(super) async fn carry_out(
    connection: &mut Connection,
    charge: &Charge,
    act: &Act,
) -> Result<(Paid, i64), StoreError> {
    match Held::of(connection, charge, act.now).await?.plan(charge, act.now)? {
        Planned::Replay(number, payment) => Ok((Paid { payment, is_replay: true }, number)),
        Planned::New(payment) => {
            let number = pay(connection, &payment, act).await?;
            Ok((Paid { payment, is_replay: false }, number))
        }
    }
}

/// Writes a payment with its legs, takes them from their sources, and gives its number.
///
/// An order that is kept goes along with it.
pub(super) async fn pay(connection: &mut Connection, payment: &StoredPayment, act: &Act) -> Result<i64, StoreError> {
    orders::paid(connection, payment, act).await?;
    let number = insert(connection, std::slice::from_ref(payment)).await?.into_iter().next();
    let number = number.ok_or_else(StoreError::overtaken)?;
    for posting in postings(number, payment) {
        entries::post(connection, &posting).await?;
    }
    Ok(number)
}

/// What a payment changes: a source for each leg.
pub(super) fn postings(number: i64, payment: &StoredPayment) -> impl Iterator<Item = Posting<'_>> {
    let owner = &payment.payment.charge().payer;
    (0..).zip(payment.payment.plan().legs()).map(move |(position, leg)| {
        let delta = match leg.source() {
            Source::Debt => leg.amount(),
            _ => leg.amount().negated(),
        };
        let (by, source, before, after) = (By::Payment(number), leg.source(), leg.before(), leg.after());
        Posting { by, position, source, owner, delta, before, after }
    })
}

/// What stands in the books when a charge comes in, read from the store.
pub(super) struct Held {
    /// The application of its settlement unit.
    pub(super) application: Option<String>,
    /// The payment of its order, with its number.
    pub(super) earlier: Option<(i64, StoredPayment)>,
    pub(super) account: Account,
    pub(super) coupons: Vec<Coupon>,
    pub(super) locks: Vec<Lock>,
}

/// What a charge comes to.
pub(super) enum Planned {
    /// It was paid before: by the payment of this number.
    Replay(i64, StoredPayment),
    /// It is to be paid so.
    New(StoredPayment),
}

impl Held {
    pub(super) async fn of(connection: &mut Connection, charge: &Charge, now: Instant) -> Result<Self, StoreError> {
        connection.take(&[Turn::Owner(&charge.payer), Turn::Order(&charge.application, &charge.order)]).await?;
        let application = wallets::application_of(connection, &charge.unit).await?;
        let earlier = find(connection, &charge.application, &charge.order).await?;
        let Some(account) = wallets::account(connection, &charge.payer).await? else {
            return Err(StoreError::NotFound { what: "account", id: charge.payer.to_string() });
        };
        let coupons = wallets::coupons(connection, &charge.payer).await?;
        let locks = locks::rows::concerning(connection, charge).await?;
        let locks = locks::ended(connection, locks, now).await?;
        Ok(Self { application, earlier, account, coupons, locks })
    }

    /// What a charge comes to, by the core.
    pub(super) fn plan(&self, charge: &Charge, now: Instant) -> Result<Planned, StoreError> {
        let funds = self.funds()?;
        let outcome = charge.plan(&self.books(&funds), now)?;
        if let (Outcome::Replay(_), Some((number, payment))) = (&outcome, &self.earlier) {
            return Ok(Planned::Replay(*number, payment.clone()));
        }
        let payment = Payment::new(charge.clone(), outcome.plan().clone())?;
        Ok(Planned::New(StoredPayment { payment, paid_at: now }))
    }

    pub(super) fn funds(&self) -> Result<Funds<'_>, StoreError> {
        let funds = Funds::new(self.account.balance, &self.coupons)?.owing(self.account.debt)?;
        Ok(funds.with_locks(&self.locks)?)
    }

    pub(super) fn books<'a>(&'a self, funds: &'a Funds<'a>) -> Books<'a> {
        Books {
            unit_application: self.application.as_deref(),
            earlier: self.earlier.as_ref().map(|(_, earlier)| &earlier.payment),
            funds,
        }
    }
}

/// Writes payments with their legs, and gives their numbers.
pub(super) async fn insert(connection: &mut Connection, payments: &[StoredPayment]) -> Result<Vec<i64>, StoreError> {
    let fundings = payments.iter().map(|payment| charges::funding_to_text(&payment.payment.charge().funding));
    let rows: Vec<_> =
        fundings.zip(payments).map(|(funding, payment)| Ok((funding?, payment))).collect::<Result<_, StoreError>>()?;
    let bind = |query: Query, ((funding, overdraft), payment): &((&'static str, Option<String>), &StoredPayment)| {
        let (charge, plan) = (payment.payment.charge(), payment.payment.plan());
        query
            .bind(&*charge.application)
            .bind(&*charge.order)
            .bind(&*charge.unit)
            .bind(charge.payer.to_string())
            .bind(charge.amount.currency().code())
            .bind(amount(charge.amount))
            .bind(plan.method().name())
            .bind(charges::coupons_to_text(&charge.coupons))
            .bind(*funding)
            .bind(overdraft.clone())
            .bind(payment.paid_at.micros())
    };
    let insert = "insert into payments (application, order_id, unit, payer, currency, amount, method, coupons, funding, \
                  overdraft, paid_us) values";
    let numbers = insert_numbered(connection, insert, 11, &rows, bind).await?;
    insert_legs(connection, &numbers, payments).await?;
    Ok(numbers)
}

async fn insert_legs(
    connection: &mut Connection,
    numbers: &[i64],
    payments: &[StoredPayment],
) -> Result<(), StoreError> {
    let mut legs: Vec<(i64, i64, &'static str, &Leg<'_>)> = Vec::new();
    for (number, payment) in numbers.iter().zip(payments) {
        for (position, leg) in (0..).zip(payment.payment.plan().legs()) {
            legs.push((*number, position, source_name(leg.source())?, leg));
        }
    }
    let bind = |query: Query, (number, position, source, leg): &(i64, i64, &'static str, &Leg<'_>)| {
        query
            .bind(*number)
            .bind(*position)
            .bind(*source)
            .bind(coupon_name(leg.source()))
            .bind(amount(leg.amount()))
            .bind(amount(leg.before()))
            .bind(amount(leg.after()))
    };
    let insert = "insert into legs (payment, position, source, coupon, amount, held_before, held_after) values";
    insert_all(connection, insert, 7, &legs, bind).await
}

/// A query for payments.
macro_rules! payments {
    ($rest:literal) => {
        concat!(
            "select id, application, order_id, unit, payer, currency, amount, coupons, funding, overdraft, paid_us ",
            "from payments ",
            $rest
        )
    };
}

/// The payment of an order of an application, with its number.
pub(super) async fn find(
    connection: &mut Connection,
    application: &str,
    order: &str,
) -> Result<Option<(i64, StoredPayment)>, StoreError> {
    let row = sql(payments!("where application = ? and order_id = ?"))
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let number = Fields::of("payments", "order_id", &row).integer("id")?;
    let legs = legs(connection, number).await?;
    Ok(Some((number, payment_of(&row, legs)?)))
}

/// The payment of a number.
pub(super) async fn payment_of_number(connection: &mut Connection, number: i64) -> Result<StoredPayment, StoreError> {
    let row = sql(payments!("where id = ?")).bind(number).fetch_one(connection).await?;
    let legs = legs(connection, number).await?;
    payment_of(&row, legs)
}

async fn legs(connection: &mut Connection, payment: i64) -> Result<Vec<Leg<'static>>, StoreError> {
    let rows = sql("select l.payment, l.source, l.coupon, l.amount, l.held_before, l.held_after, p.currency \
         from legs l join payments p on p.id = l.payment where l.payment = ? order by l.position")
    .bind(payment)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| leg_of(row, "amount")).collect()
}

/// A leg, whose amount stands in a column.
pub(super) fn leg_of(row: &Row, amount: &'static str) -> Result<Leg<'static>, StoreError> {
    let row = Fields::of("legs", "payment", row);
    let source = source_of(row)?;
    let leg = row.checked("amount", Leg::new(source, row.money(amount)?, row.money("held_before")?))?;
    if leg.after() != row.money("held_after")? {
        return Err(row.corrupt("held_after", &format!("the leg comes to {}", leg.after())));
    }
    Ok(leg)
}

pub(super) fn payment_of(row: &Row, legs: Vec<Leg<'_>>) -> Result<StoredPayment, StoreError> {
    let row = Fields::of("payments", "order_id", row);
    let charge = charges::charge_of(row)?;
    let plan = row.checked("amount", Plan::new(charge.amount, legs))?;
    let payment = row.checked("amount", Payment::new(charge, plan))?;
    Ok(StoredPayment { payment, paid_at: row.instant("paid_us")? })
}
