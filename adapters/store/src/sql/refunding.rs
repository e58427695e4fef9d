//! Refunds: what the core plans against what was given back before, carried out in the same transaction.

use super::{
    SqlStore, charging,
    engine::{Connection, Query, Row, Turn, sql},
    entries::{self, By, Posting, coupon_name, source_name, source_of},
    orders, redemptions,
    rows::{Fields, amount, insert_all},
    wallets,
};
use crate::{Act, Refunded, Refunding, StoreError, StoredPayment, StoredRefund, texts};
use async_trait::async_trait;
use counterfoil::{
    money::Money,
    time::Instant,
    wallet::{
        Coupon, CouponTerms, Destination, GiveBack, Payment, REFUND_TRANSITIONS, Refund, RefundBooks, RefundEvent,
        RefundLeg, RefundOutcome, RefundRequest, RefundState, Refunds, Source,
    },
};

#[async_trait]
impl Refunding for SqlStore {
    async fn refund(&self, request: &RefundRequest, now: Instant) -> Result<Refunded, StoreError> {
        texts::refund(request)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let refunded = carry_out(&mut transaction, request, None, &Act::of_the_store("refund", now)).await?;
            transaction.commit().await?;
            Ok(refunded)
        })
        .await
    }

    async fn plan_refund(&self, request: &RefundRequest, now: Instant) -> Result<Refunded, StoreError> {
        texts::refund(request)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let (_, refunded) = plan(&mut transaction, request, None, &Act::of_the_store("refund", now)).await?;
            transaction.commit().await?;
            Ok(refunded)
        })
        .await
    }

    async fn refund_event(
        &self,
        application: &str,
        refund: &str,
        event: RefundEvent,
        now: Instant,
    ) -> Result<Refunded, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let missing = || StoreError::NotFound { what: "refund", id: refund.to_owned() };
            let mut known = find(&mut transaction, application, refund).await?.ok_or_else(missing)?;
            let paid = charging::payment_of_number(&mut transaction, known.payment).await?;
            if transaction.take(&[Turn::Owner(&paid.payment.charge().payer)]).await? {
                known = find(&mut transaction, application, refund).await?.ok_or_else(missing)?;
            }
            if REFUND_TRANSITIONS.iter().any(|(_, by, to)| (*by, *to) == (event, known.stored.refund.state())) {
                return Ok(Refunded { refund: known.stored, is_replay: true });
            }
            let after = step(&mut transaction, known, event, &Act::of_the_store(event.name(), now)).await?;
            transaction.commit().await?;
            Ok(Refunded { refund: after.stored, is_replay: false })
        })
        .await
    }

    async fn refund_of(&self, application: &str, refund: &str) -> Result<Option<StoredRefund>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(find(&mut snapshot, application, refund).await?.map(|known| known.stored))
    }

    async fn refunds(&self, application: &str, order: &str) -> Result<Vec<StoredRefund>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let Some((number, _)) = charging::find(&mut snapshot, application, order).await? else { return Ok(Vec::new()) };
        Ok(of_payment(&mut snapshot, number).await?.into_iter().map(|known| known.stored).collect())
    }
}

/// A refund with its number.
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) payment: i64,
    pub(super) stored: StoredRefund,
}

/// Plans a refund and gives it back, once.
pub(super) async fn carry_out(
    connection: &mut Connection,
    request: &RefundRequest,
    correction: Option<i64>,
    act: &Act,
) -> Result<Refunded, StoreError> {
    let (known, refunded) = plan(connection, request, correction, act).await?;
    // A replay stands as it stands; what waits because of this call is carried out by it.
    if refunded.is_replay || refunded.refund.refund.state() != RefundState::Wait {
        return Ok(refunded);
    }
    let after = step(connection, known, RefundEvent::Succeed, act).await?;
    Ok(Refunded { refund: after.stored, is_replay: false })
}

/// A new refund that waits, one that failed and waits again, or the one that is there.
async fn plan(
    connection: &mut Connection,
    request: &RefundRequest,
    correction: Option<i64>,
    act: &Act,
) -> Result<(Known, Refunded), StoreError> {
    let Some((payment, StoredPayment { payment: paid, .. })) =
        charging::find(connection, &request.application, &request.order).await?
    else {
        let id = format!("{} of {}", request.order, request.application);
        return Err(StoreError::NotFound { what: "payment", id });
    };
    connection.take(&[Turn::Owner(&paid.charge().payer)]).await?;
    let elsewhere = find(connection, &request.application, &request.id).await?;
    let coupons = coupons_of(connection, &paid).await?;
    let refunds = refunds_of(connection, payment, paid).await?;
    let books = RefundBooks {
        elsewhere: elsewhere.as_ref().map(|known| &known.stored.refund),
        coupons: &coupons,
        funds: &[], // the store keeps accounts and coupons
        now: act.now,
    };
    match (refunds.plan(request, &books)?, elsewhere) {
        (RefundOutcome::New(plan), None) => {
            let known = insert(connection, payment, plan.into_refund(), correction, act).await?;
            let refund = known.stored.clone();
            Ok((known, Refunded { refund, is_replay: false }))
        }
        (RefundOutcome::Retry(_), Some(known)) => {
            let known = step(connection, known, RefundEvent::Retry, act).await?;
            let refund = known.stored.clone();
            Ok((known, Refunded { refund, is_replay: false }))
        }
        (RefundOutcome::Replay(_), Some(known)) => {
            let refund = known.stored.clone();
            Ok((known, Refunded { refund, is_replay: true }))
        }
        // The core compares a refund of this id on another payment, which differs in it.
        (RefundOutcome::New(_), Some(_)) | (RefundOutcome::Retry(_) | RefundOutcome::Replay(_), None) => {
            Err(StoreError::Conflict { what: "refund", id: request.id.clone(), fact: "payment" })
        }
    }
}

/// A payment with its refunds.
pub(super) async fn refunds_of(
    connection: &mut Connection,
    number: i64,
    payment: Payment,
) -> Result<Refunds, StoreError> {
    let refunds = of_payment(connection, number).await?.into_iter().map(|known| known.stored.refund);
    Ok(Refunds::new(payment, refunds.collect())?)
}

/// Writes a refund with its legs.
async fn insert(
    connection: &mut Connection,
    payment: i64,
    refund: Refund,
    correction: Option<i64>,
    act: &Act,
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
    write_step(connection, number, None, refund.state(), act.now).await?;
    orders::refund_began(connection, refund.request(), act).await?;
    if refund.state() == RefundState::Success {
        orders::refund_ended(connection, refund.request(), payment, act).await?;
    }
    let now = act.now;
    let correction = statement_of(connection, correction).await?;
    Ok(Known { number, payment, stored: StoredRefund { refund, asked_at: now, changed_at: now, correction } })
}

/// Takes a refund on by an event; one that succeeds is given back.
async fn step(connection: &mut Connection, known: Known, event: RefundEvent, act: &Act) -> Result<Known, StoreError> {
    let before = known.stored.refund.state();
    let refund = known.stored.refund.clone().after(event)?;
    sql("update refunds set state = ? where id = ? and state = ?")
        .bind(refund.state().name())
        .bind(known.number)
        .bind(before.name())
        .change_one(connection)
        .await?;
    write_step(connection, known.number, Some((before, event)), refund.state(), act.now).await?;
    if refund.state() == RefundState::Success {
        let paid = charging::payment_of_number(connection, known.payment).await?;
        for (position, leg) in (0..).zip(refund.legs()) {
            give_back(connection, &paid.payment, known.number, position, leg, act.now).await?;
        }
    }
    match refund.state() {
        RefundState::Wait => orders::refund_began(connection, refund.request(), act).await?,
        RefundState::Success | RefundState::Error | RefundState::Closed => {
            orders::refund_ended(connection, refund.request(), known.payment, act).await?;
        }
    }
    Ok(Known { stored: StoredRefund { refund, changed_at: act.now, ..known.stored }, ..known })
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

/// Gives a leg back to where it goes.
async fn give_back(
    connection: &mut Connection,
    paid: &Payment,
    refund: i64,
    position: i64,
    leg: &RefundLeg,
    now: Instant,
) -> Result<(), StoreError> {
    let owner = &paid.charge().payer;
    let to = match leg.to() {
        Destination::Recorded => return Ok(()),
        Destination::Balance => &Source::Balance,
        Destination::Source | Destination::SourceUntil(_) => leg.source(),
    };
    let (delta, before, after) = match to {
        Source::Coupon(id) => {
            let Some(coupon) = wallets::coupon(connection, id).await? else {
                return Err(StoreError::NotFound { what: "coupon", id: id.to_string() });
            };
            let held = coupon.balance();
            let balance = held.plus(leg.amount())?;
            // The coupon checks what it may hold.
            let coupon = Coupon::new(CouponTerms { balance, ..coupon.terms().clone() })?;
            if let Destination::SourceUntil(until) = leg.to()
                && coupon.terms().expiration < until
            {
                let longer = Coupon::new(CouponTerms { expiration: until, ..coupon.terms().clone() })?;
                redemptions::change(connection, "extend", &coupon, &longer, now).await?;
            }
            (leg.amount(), held, balance)
        }
        to => {
            let Some(account) = wallets::account(connection, owner).await? else {
                return Err(StoreError::NotFound { what: "account", id: owner.to_string() });
            };
            match to {
                Source::Debt => (leg.amount().negated(), account.debt, account.debt.minus(leg.amount())?),
                _ => (leg.amount(), account.balance, account.balance.plus(leg.amount())?),
            }
        }
    };
    let by = By::Refund(refund);
    entries::post(connection, &Posting { by, position, source: to, owner, delta, before, after }).await
}

/// The coupons that paid, as they stand.
async fn coupons_of(connection: &mut Connection, payment: &Payment) -> Result<Vec<Coupon>, StoreError> {
    let mut coupons = Vec::new();
    for leg in payment.plan().legs() {
        if let Source::Coupon(id) = leg.source() {
            coupons.extend(wallets::coupon(connection, id).await?);
        }
    }
    Ok(coupons)
}

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

/// Every refund, for the audit.
pub(super) const REFUNDS: &str = refunds!("order by r.id");

/// The refund of an id of an application.
pub(super) async fn find(
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
pub(super) async fn of_payment(connection: &mut Connection, payment: i64) -> Result<Vec<Known>, StoreError> {
    let rows = sql(refunds!("where r.payment = ? order by r.id")).bind(payment).fetch_all(connection).await?;
    all_of(connection, rows).await
}

/// The refunds that settle a correction, from the first on.
pub(super) async fn of_correction(connection: &mut Connection, statement: i64) -> Result<Vec<Known>, StoreError> {
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
pub(super) fn refund_of(row: &Row, legs: Vec<LegRow>) -> Result<Known, StoreError> {
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
pub(super) struct LegRow {
    source: Source<'static>,
    amount: String,
    destination: String,
}

impl LegRow {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
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
