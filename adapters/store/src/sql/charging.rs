//! Charging: what the core plans against the books of this moment, carried out in the same transaction.

use super::{
    SqlStore,
    engine::{Connection, Query, Row, Turn, sql},
    entries::{self, By, Posting, source_name, source_of},
    locks, orders,
    rows::{Fields, amount, insert_all},
    wallets,
};
use crate::{Account, Act, Paid, Payments, StoreError, StoredPayment, texts};
use async_trait::async_trait;
use counterfoil::{
    money::{Currency, Money},
    time::Instant,
    wallet::{Books, Charge, Coupon, Coupons, Funding, Funds, Leg, Lock, Outcome, Payment, Plan, Source},
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
    let held = Held::of(connection, charge).await?;
    let funds = held.funds()?;
    let outcome = charge.plan(&held.books(&funds), act.now)?;
    if let (Outcome::Replay(_), Some((number, payment))) = (&outcome, &held.earlier) {
        return Ok((Paid { payment: payment.clone(), is_replay: true }, *number));
    }
    let payment = Payment::new(charge.clone(), outcome.plan().clone())?;
    let payment = StoredPayment { payment, paid_at: act.now };
    let number = pay(connection, &payment, act).await?;
    Ok((Paid { payment, is_replay: false }, number))
}

/// Writes a payment with its legs, takes them from their sources, and gives its number.
///
/// An order that is kept goes along with it.
pub(super) async fn pay(connection: &mut Connection, payment: &StoredPayment, act: &Act) -> Result<i64, StoreError> {
    orders::paid(connection, payment, act).await?;
    let number = insert(connection, payment).await?;
    let owner = &payment.payment.charge().payer;
    for (position, leg) in (0..).zip(payment.payment.plan().legs()) {
        let delta = match leg.source() {
            Source::Debt => leg.amount(),
            _ => leg.amount().negated(),
        };
        let (by, source, before, after) = (By::Payment(number), leg.source(), leg.before(), leg.after());
        entries::post(connection, &Posting { by, position, source, owner, delta, before, after }).await?;
    }
    Ok(number)
}

/// What stands in the books when a charge comes in, read from the store.
pub(super) struct Held {
    application: Option<String>,
    /// The payment of its order, with its number.
    earlier: Option<(i64, StoredPayment)>,
    account: Account,
    coupons: Vec<Coupon>,
    locks: Vec<Lock>,
}

impl Held {
    pub(super) async fn of(connection: &mut Connection, charge: &Charge) -> Result<Self, StoreError> {
        connection.take(&[Turn::Owner(&charge.payer), Turn::Order(&charge.application, &charge.order)]).await?;
        let application = wallets::application_of(connection, &charge.unit).await?;
        let earlier = find(connection, &charge.application, &charge.order).await?;
        let Some(account) = wallets::account(connection, &charge.payer).await? else {
            return Err(StoreError::NotFound { what: "account", id: charge.payer.to_string() });
        };
        let coupons = wallets::coupons(connection, &charge.payer).await?;
        let locks = locks::concerning(connection, charge).await?;
        Ok(Self { application, earlier, account, coupons, locks })
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

/// Writes a payment with its legs, and gives its number.
async fn insert(connection: &mut Connection, payment: &StoredPayment) -> Result<i64, StoreError> {
    let (charge, plan) = (payment.payment.charge(), payment.payment.plan());
    let (funding, overdraft) = funding_to_text(&charge.funding)?;
    let number =
        sql("insert into payments (application, order_id, unit, payer, currency, amount, method, coupons, funding, \
         overdraft, paid_us) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(charge.application.clone())
        .bind(charge.order.clone())
        .bind(charge.unit.clone())
        .bind(charge.payer.to_string())
        .bind(charge.amount.currency().code())
        .bind(amount(charge.amount))
        .bind(plan.method().name())
        .bind(coupons_to_text(&charge.coupons))
        .bind(funding)
        .bind(overdraft)
        .bind(payment.paid_at.micros())
        .insert(connection)
        .await?;
    let sources = plan.legs().iter().map(|leg| source_name(leg.source())).collect::<Result<Vec<_>, _>>()?;
    let legs: Vec<(i64, &'static str, &Leg<'_>)> =
        (0..).zip(sources).zip(plan.legs()).map(|((position, source), leg)| (position, source, leg)).collect();
    let bind = |sql: Query, (position, source, leg): &(i64, &'static str, &Leg<'_>)| {
        let coupon = match leg.source() {
            Source::Coupon(id) => Some(id.to_string()),
            _ => None,
        };
        sql.bind(number)
            .bind(*position)
            .bind(*source)
            .bind(coupon)
            .bind(amount(leg.amount()))
            .bind(amount(leg.before()))
            .bind(amount(leg.after()))
    };
    let insert = "insert into legs (payment, position, source, coupon, amount, held_before, held_after) values";
    insert_all(connection, insert, 7, &legs, bind).await?;
    Ok(number)
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
    let charge = charge_of(row)?;
    let plan = row.checked("amount", Plan::new(charge.amount, legs))?;
    let payment = row.checked("amount", Payment::new(charge, plan))?;
    Ok(StoredPayment { payment, paid_at: row.instant("paid_us")? })
}

/// What was asked, of a payment or a lock.
pub(super) fn charge_of(row: Fields<'_>) -> Result<Charge, StoreError> {
    let amount = row.money("amount")?;
    Ok(Charge {
        application: row.text("application")?.to_owned(),
        order: row.text("order_id")?.to_owned(),
        unit: row.text("unit")?.to_owned(),
        payer: row.owner("payer")?,
        amount,
        coupons: coupons_of(row)?,
        funding: funding_of(row, amount.currency())?,
    })
}

/// None for the automatic choice.
pub(super) fn coupons_to_text(coupons: &Coupons) -> Option<String> {
    match coupons {
        Coupons::Automatic => None,
        Coupons::Named(ids) => Some(serde_json::json!(ids).to_string()),
    }
}

fn coupons_of(row: Fields<'_>) -> Result<Coupons, StoreError> {
    let Some(text) = row.optional_text("coupons")? else { return Ok(Coupons::Automatic) };
    Ok(Coupons::Named(row.checked("coupons", serde_json::from_str(text))?))
}

/// The name, and how far below zero the balance may go.
pub(super) fn funding_to_text(funding: &Funding) -> Result<(&'static str, Option<String>), StoreError> {
    match funding {
        Funding::CouponsOnly => Ok(("coupons_only", None)),
        Funding::EnoughFunds => Ok(("enough_funds", None)),
        Funding::Overdraft { limit } => Ok(("overdraft", limit.map(amount))),
        Funding::Debt => Ok(("debt", None)),
        other => Err(StoreError::Unsupported { what: "funding", text: format!("{other:?}") }),
    }
}

fn funding_of(row: Fields<'_>, currency: Currency) -> Result<Funding, StoreError> {
    let limit = row.optional_text("overdraft")?.map(|limit| Money::parse(limit, currency)).transpose();
    let limit = row.checked("overdraft", limit)?;
    match row.text("funding")? {
        "coupons_only" => Ok(Funding::CouponsOnly),
        "enough_funds" => Ok(Funding::EnoughFunds),
        "overdraft" => Ok(Funding::Overdraft { limit }),
        "debt" => Ok(Funding::Debt),
        other => Err(row.corrupt("funding", &format!("there is no funding `{other}`"))),
    }
}
