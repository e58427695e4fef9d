//! Refunds, their legs and their steps in rows of SQL.

use super::super::{
    engine::{Connection, Query, Row, sql},
    entries::{coupon_name, source_name, source_of},
    rows::{Fields, amount, insert_all},
};
use crate::{StoreError, StoredRefund};
use counterfoil::{
    money::Money,
    time::Instant,
    wallet::{Destination, GiveBack, Refund, RefundEvent, RefundLeg, RefundRequest, RefundState, Source},
};

/// A query for refunds.
macro_rules! refunds {
    ($rest:literal) => {
        concat!(
            "select r.id, r.application, r.refund, r.payment, p.order_id, r.currency, r.amount, r.fee, r.step, ",
            "r.returned, r.give_back, r.give_until_us, r.state, s.statement as correction, ",
            "r.correction as correction_number, p.application as paid_application, p.payer as paid_by, ",
            "(select at_us from refund_steps h where h.refund = r.id order by position limit 1) as asked_us, ",
            "(select at_us from refund_steps h where h.refund = r.id order by position desc limit 1) as changed_us ",
            "from refunds r join payments p on p.id = r.payment left join statements s on s.id = r.correction ",
            $rest
        )
    };
}

/// A refund with its number.
pub(in super::super) struct Known {
    pub(in super::super) number: i64,
    pub(in super::super) payment: i64,
    pub(in super::super) stored: StoredRefund,
}

/// Writes a refund with its legs.
pub(super) async fn insert(
    connection: &mut Connection,
    payment: i64,
    refund: Refund,
    correction: Option<i64>,
    now: Instant,
) -> Result<Known, StoreError> {
    let request = refund.request();
    let until = match request.give_back {
        GiveBack::SameCouponUntil(until) => Some(until.micros()),
        _ => None,
    };
    let number =
        sql("insert into refunds (application, refund, payment, currency, amount, fee, step, returned, give_back, \
         give_until_us, state, correction) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(request.application.clone())
        .bind(request.id.clone())
        .bind(payment)
        .bind(request.amount.currency().code())
        .bind(amount(request.amount))
        .bind(amount(request.fee))
        .bind(request.step.to_string())
        .bind(request.returned.name())
        .bind(request.give_back.name())
        .bind(until)
        .bind(refund.state().name())
        .bind(correction)
        .insert(connection)
        .await?;
    let sources = refund.legs().iter().map(|leg| source_name(leg.source())).collect::<Result<Vec<_>, _>>()?;
    let legs: Vec<(i64, &'static str, &RefundLeg)> =
        (0..).zip(sources).zip(refund.legs()).map(|((position, source), leg)| (position, source, leg)).collect();
    let bind = |sql: Query, (position, source, leg): &(i64, &'static str, &RefundLeg)| {
        sql.bind(number)
            .bind(*position)
            .bind(*source)
            .bind(coupon_name(leg.source()))
            .bind(amount(leg.amount()))
            .bind(leg.to().name())
    };
    let insert = "insert into refund_legs (refund, position, source, coupon, amount, destination) values";
    insert_all(connection, insert, 6, &legs, bind).await?;
    write_step(connection, number, None, refund.state(), now).await?;
    let correction = statement_of(connection, correction).await?;
    Ok(Known { number, payment, stored: StoredRefund { refund, asked_at: now, changed_at: now, correction } })
}

/// A refund goes from one state to another by an event, unless it is not there any more.
pub(super) async fn take_on(
    connection: &mut Connection,
    refund: i64,
    (before, after): (RefundState, RefundState),
    event: RefundEvent,
    now: Instant,
) -> Result<(), StoreError> {
    sql("update refunds set state = ? where id = ? and state = ?")
        .bind(after.name())
        .bind(refund)
        .bind(before.name())
        .change_one(connection)
        .await?;
    write_step(connection, refund, Some((before, event)), after, now).await
}

async fn write_step(
    connection: &mut Connection,
    refund: i64,
    by: Option<(RefundState, RefundEvent)>,
    after: RefundState,
    now: Instant,
) -> Result<(), StoreError> {
    sql("insert into refund_steps (refund, position, at_us, event, state_before, state_after) \
         select ?1, count(*), ?2, ?3, ?4, ?5 from refund_steps where refund = ?1")
    .bind(refund)
    .bind(now.micros())
    .bind(by.map(|(_, event)| event.name()))
    .bind(by.map(|(before, _)| before.name()))
    .bind(after.name())
    .execute(connection)
    .await?;
    Ok(())
}

/// Every refund, for the audit.
pub(in super::super) const REFUNDS: &str = refunds!("order by r.id");

/// The refund of an id of an application.
pub(in super::super) async fn find(
    connection: &mut Connection,
    application: &str,
    id: &str,
) -> Result<Option<Known>, StoreError> {
    let row = sql(refunds!("where r.application = ? and r.refund = ?"))
        .bind(application.to_owned())
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    match row {
        Some(row) => Ok(Some(known_of(connection, &row).await?)),
        None => Ok(None),
    }
}

/// The refunds of a payment, from the first on.
pub(in super::super) async fn of_payment(connection: &mut Connection, payment: i64) -> Result<Vec<Known>, StoreError> {
    let rows = sql(refunds!("where r.payment = ? order by r.id")).bind(payment).fetch_all(connection).await?;
    all_of(connection, rows).await
}

/// The refunds that settle a correction, from the first on.
pub(in super::super) async fn of_correction(
    connection: &mut Connection,
    statement: i64,
) -> Result<Vec<Known>, StoreError> {
    let rows = sql(refunds!("where r.correction = ? order by r.id")).bind(statement).fetch_all(connection).await?;
    all_of(connection, rows).await
}

async fn all_of(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Known>, StoreError> {
    let mut refunds = Vec::with_capacity(rows.len());
    for row in rows {
        refunds.push(known_of(connection, &row).await?);
    }
    Ok(refunds)
}

async fn known_of(connection: &mut Connection, row: &Row) -> Result<Known, StoreError> {
    let number = Fields::of("refunds", "refund", row).integer("id")?;
    let legs = legs(connection, number).await?;
    refund_of(row, legs)
}

/// A refund of a row of the query, with its legs.
pub(in super::super) fn refund_of(row: &Row, legs: Vec<LegRow>) -> Result<Known, StoreError> {
    let row = Fields::of("refunds", "refund", row);
    let amount = row.money("amount")?;
    let give_back = give_back_of(row)?;
    let request = RefundRequest {
        id: row.text("refund")?.to_owned(),
        application: row.text("application")?.to_owned(),
        order: row.text("order_id")?.to_owned(),
        amount,
        fee: row.money("fee")?,
        step: row.checked("step", Money::parse(row.text("step")?, amount.currency()))?.amount(),
        returned: row.parse("returned")?,
        give_back,
    };
    let legs = legs.into_iter().map(|leg| leg.read(row, amount, give_back)).collect::<Result<Vec<_>, _>>()?;
    let state: RefundState = row.parse("state")?;
    let refund = row.checked("amount", Refund::new(request, legs, state))?;
    let stored = StoredRefund {
        refund,
        asked_at: row.instant("asked_us")?,
        changed_at: row.instant("changed_us")?,
        correction: row.optional_text("correction")?.map(str::to_owned),
    };
    Ok(Known { number: row.integer("id")?, payment: row.integer("payment")?, stored })
}

/// A leg as it is kept; its currency and its instant stand in its refund.
pub(in super::super) struct LegRow {
    source: Source<'static>,
    amount: String,
    destination: String,
}

impl LegRow {
    pub(in super::super) fn of(row: &Row) -> Result<Self, StoreError> {
        let row = Fields::of("refund_legs", "refund", row);
        let (amount, destination) = (row.text("amount")?.to_owned(), row.text("destination")?.to_owned());
        Ok(Self { source: source_of(row)?, amount, destination })
    }

    fn read(self, row: Fields<'_>, whole: Money, give_back: GiveBack) -> Result<RefundLeg, StoreError> {
        let to = match (&*self.destination, give_back) {
            ("source", _) => Destination::Source,
            ("source_until", GiveBack::SameCouponUntil(until)) => Destination::SourceUntil(until),
            ("balance", _) => Destination::Balance,
            ("recorded", _) => Destination::Recorded,
            (other, _) => return Err(row.corrupt("give_back", &format!("a leg goes to `{other}`"))),
        };
        let amount = row.checked("amount", Money::parse(&self.amount, whole.currency()))?;
        row.checked("amount", RefundLeg::new(self.source, amount, to))
    }
}

async fn legs(connection: &mut Connection, refund: i64) -> Result<Vec<LegRow>, StoreError> {
    let rows =
        sql("select refund, source, coupon, amount, destination from refund_legs where refund = ? order by position")
            .bind(refund)
            .fetch_all(connection)
            .await?;
    rows.iter().map(LegRow::of).collect()
}

fn give_back_of(row: Fields<'_>) -> Result<GiveBack, StoreError> {
    match (row.text("give_back")?, row.optional_instant("give_until_us")?) {
        ("same_coupon", None) => Ok(GiveBack::SameCoupon),
        ("same_coupon_until", Some(until)) => Ok(GiveBack::SameCouponUntil(until)),
        ("balance_if_expired", None) => Ok(GiveBack::BalanceIfExpired),
        ("balance", None) => Ok(GiveBack::Balance),
        ("recorded_only", None) => Ok(GiveBack::RecordedOnly),
        ("not_coupons", None) => Ok(GiveBack::NotCoupons),
        (other, _) => Err(row.corrupt("give_back", &format!("there is no policy `{other}`"))),
    }
}

/// The id of a statement of a number.
async fn statement_of(connection: &mut Connection, number: Option<i64>) -> Result<Option<String>, StoreError> {
    let Some(number) = number else { return Ok(None) };
    sql("select statement from statements where id = ?").bind(number).text(connection).await
}
