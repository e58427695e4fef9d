//! Refunds: what the core plans against what was given back before, carried out in the same transaction.

pub(super) mod rows;

use super::{
    SqlStore, charging,
    engine::{Connection, Turn},
    entries::{self, By, Posting},
    orders, redemptions, wallets,
};
use crate::{Act, Refunded, Refunding, StoreError, StoredPayment, StoredRefund, texts};
use async_trait::async_trait;
use counterfoil::{
    time::Instant,
    wallet::{
        Coupon, CouponTerms, Destination, Payment, REFUND_TRANSITIONS, Refund, RefundBooks, RefundEvent, RefundLeg,
        RefundOutcome, RefundRequest, RefundState, Refunds, Source,
    },
};
use rows::Known;

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
            let mut known = rows::find(&mut transaction, application, refund).await?.ok_or_else(missing)?;
            let paid = charging::payment_of_number(&mut transaction, known.payment).await?;
            if transaction.take(&[Turn::Owner(&paid.payment.charge().payer)]).await? {
                known = rows::find(&mut transaction, application, refund).await?.ok_or_else(missing)?;
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
        Ok(rows::find(&mut snapshot, application, refund).await?.map(|known| known.stored))
    }

    async fn refunds(&self, application: &str, order: &str) -> Result<Vec<StoredRefund>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let Some((number, _)) = charging::find(&mut snapshot, application, order).await? else { return Ok(Vec::new()) };
        Ok(rows::of_payment(&mut snapshot, number).await?.into_iter().map(|known| known.stored).collect())
    }
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
    let elsewhere = rows::find(connection, &request.application, &request.id).await?;
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
            let known = begin(connection, payment, plan.into_refund(), correction, act).await?;
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
    let refunds = rows::of_payment(connection, number).await?.into_iter().map(|known| known.stored.refund);
    Ok(Refunds::new(payment, refunds.collect())?)
}

/// Writes a new refund with its legs; an order that is kept follows.
async fn begin(
    connection: &mut Connection,
    payment: i64,
    refund: Refund,
    correction: Option<i64>,
    act: &Act,
) -> Result<Known, StoreError> {
    let known = rows::insert(connection, payment, refund, correction, act.now).await?;
    let refund = &known.stored.refund;
    orders::refund_began(connection, refund.request(), act).await?;
    if refund.state() == RefundState::Success {
        orders::refund_ended(connection, refund.request(), payment, act).await?;
    }
    Ok(known)
}

/// Takes a refund on by an event; one that succeeds is given back.
async fn step(connection: &mut Connection, known: Known, event: RefundEvent, act: &Act) -> Result<Known, StoreError> {
    let before = known.stored.refund.state();
    let refund = known.stored.refund.clone().after(event)?;
    rows::take_on(connection, known.number, (before, refund.state()), event, act.now).await?;
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
