//! Orders: their states move by the core's tables, with the money and in its transaction.

pub(super) mod rows;
mod terms;

use super::{
    SqlStore, charging,
    engine::{Connection, Turn},
    refunding, wallets,
};
use crate::{
    Act, OrderChange, OrderStep, OrderTerms, Orders, PaidOrder, RefundedOrder, StoreError, StoredOrder, StoredPayment,
    UndeliveredTerms, texts,
};
use async_trait::async_trait;
use counterfoil::{
    money::Money,
    order::{DeliveryEvent, ItemStatus, Machine, OrderEvent, OrderStatus, Refunded},
    wallet::{Charge, Coupons, Funding, ItemShares, OrderItem, Owner, RefundRequest, RefundState},
};
use rows::Known;

#[async_trait]
impl Orders for SqlStore {
    async fn create_order(&self, terms: &OrderTerms, act: &Act) -> Result<OrderChange, StoreError> {
        texts::act(act)?;
        terms.check_texts()?;
        let order = terms.check(act.now)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let turns = [Turn::Owner(&terms.owner), Turn::Order(&terms.application, &terms.order)];
            transaction.take(&turns).await?;
            if let Some(known) = rows::find(&mut transaction, &terms.application, &terms.order).await? {
                known.stored.terms.same_as(terms)?;
                return Ok(OrderChange { order: known.stored, is_replay: true });
            }
            if charging::find(&mut transaction, &terms.application, &terms.order).await?.is_some() {
                return Err(StoreError::Conflict { what: "order", id: terms.order.clone(), fact: "payment" });
            }
            let stored = StoredOrder { terms: terms.clone(), created_at: act.now, order: order.clone() };
            rows::insert(&mut transaction, &stored, act).await?;
            transaction.commit().await?;
            Ok(OrderChange { order: stored, is_replay: false })
        })
        .await
    }

    async fn pay_order(
        &self,
        application: &str,
        order: &str,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidOrder, StoreError> {
        texts::coupons(&coupons)?;
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let OrderTerms { application, order, owner, unit, amount, .. } =
                rows::held(&mut transaction, application, order).await?.stored.terms;
            let charge = Charge {
                application,
                order,
                unit,
                payer: owner,
                amount,
                coupons: coupons.clone(),
                funding: funding.clone(),
            };
            let (paid, _) = charging::carry_out(&mut transaction, &charge, act).await?;
            let order = rows::existing(&mut transaction, &charge.application, &charge.order).await?.stored;
            transaction.commit().await?;
            Ok(PaidOrder { order, paid })
        })
        .await
    }

    async fn cancel_order(&self, application: &str, order: &str, act: &Act) -> Result<OrderChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, order).await?;
            if known.stored.order.status() == OrderStatus::Cancelled {
                return Ok(OrderChange { order: known.stored, is_replay: true });
            }
            let known = advance(&mut transaction, known, OrderEvent::Cancel, act).await?;
            transaction.commit().await?;
            Ok(OrderChange { order: known.stored, is_replay: false })
        })
        .await
    }

    async fn time_out_orders(&self, act: &Act) -> Result<Vec<StoredOrder>, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let mut over = Vec::new();
            for known in rows::overdue(&mut transaction, act.now).await? {
                if known.stored.window()?.is_some_and(|window| window.is_over(act.now)) {
                    over.push(advance(&mut transaction, known, OrderEvent::TimeOut, act).await?.stored);
                }
            }
            transaction.commit().await?;
            Ok(over)
        })
        .await
    }

    async fn deliver(
        &self,
        application: &str,
        order: &str,
        item: &str,
        event: DeliveryEvent,
        act: &Act,
    ) -> Result<OrderChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let mut known = rows::held(&mut transaction, application, order).await?;
            let Some(place) = known.stored.terms.items.iter().position(|known| known.id == item) else {
                return Err(StoreError::NotFound { what: "item", id: format!("{item} of {order} of {application}") });
            };
            let before = known.stored.order.items().get(place).copied().unwrap_or(ItemStatus::Pending);
            if ItemStatus::transitions().iter().any(|row| (row.event, row.to) == (event, before)) {
                return Ok(OrderChange { order: known.stored, is_replay: true });
            }
            known.stored.order = known.stored.order.deliver(place, event)?;
            let after = before.after(event)?;
            rows::take_item_on(&mut transaction, (known.number, place), (before, after), event, act).await?;
            transaction.commit().await?;
            Ok(OrderChange { order: known.stored, is_replay: false })
        })
        .await
    }

    async fn refund_undelivered(
        &self,
        application: &str,
        order: &str,
        terms: &UndeliveredTerms,
        act: &Act,
    ) -> Result<RefundedOrder, StoreError> {
        texts::name("refund", &terms.refund)?;
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, order).await?;
            let refunded = refund_undelivered(&mut transaction, &known, terms, act).await?;
            let order = rows::existing(&mut transaction, application, order).await?.stored;
            transaction.commit().await?;
            Ok(RefundedOrder { order, refunded })
        })
        .await
    }

    async fn order(&self, application: &str, order: &str) -> Result<Option<StoredOrder>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(rows::find(&mut snapshot, application, order).await?.map(|known| known.stored))
    }

    async fn orders(&self, owner: &Owner) -> Result<Vec<StoredOrder>, StoreError> {
        let orders = rows::of_owner(&mut self.snapshot().await?, owner).await?;
        Ok(orders.into_iter().map(|known| known.stored).collect())
    }

    async fn order_history(&self, application: &str, order: &str) -> Result<Vec<OrderStep>, StoreError> {
        rows::history(&mut self.read().await?, application, order).await
    }
}

/// An order that is kept is paid by its payment, or the payment is refused.
pub(super) async fn paid(connection: &mut Connection, paid: &StoredPayment, act: &Act) -> Result<(), StoreError> {
    let charge = paid.payment.charge();
    let Some(known) = rows::find(connection, &charge.application, &charge.order).await? else { return Ok(()) };
    let OrderTerms { owner, unit, amount, .. } = &known.stored.terms;
    let facts = [
        ("owner", *owner == charge.payer),
        ("settlement unit", *unit == charge.unit),
        ("currency", amount.currency() == charge.amount.currency()),
        ("amount", *amount == charge.amount),
    ];
    wallets::unchanged("order", charge.order.clone(), &facts)?;
    // One whose time is over is cancelled, whether somebody wrote that down or not.
    if let Some(window) = known.stored.window()? {
        window.status(known.stored.order.status(), act.now).after(OrderEvent::Pay)?;
    }
    advance(connection, known, OrderEvent::Pay, act).await?;
    Ok(())
}

/// An order that is kept is being refunded while a refund of its payment waits.
pub(super) async fn refund_began(
    connection: &mut Connection,
    request: &RefundRequest,
    act: &Act,
) -> Result<(), StoreError> {
    let Some(known) = rows::find(connection, &request.application, &request.order).await? else { return Ok(()) };
    advance(connection, known, OrderEvent::StartRefund, act).await?;
    Ok(())
}

/// When a refund has ended, well or not, an order that is kept is where the money says.
pub(super) async fn refund_ended(
    connection: &mut Connection,
    request: &RefundRequest,
    payment: i64,
    act: &Act,
) -> Result<(), StoreError> {
    let Some(known) = rows::find(connection, &request.application, &request.order).await? else { return Ok(()) };
    if known.stored.order.status() != OrderStatus::Refunding {
        return Ok(()); // what failed is given up: it ended before
    }
    let refunds = refunding::rows::of_payment(connection, payment).await?;
    if refunds.iter().any(|known| known.stored.refund.state() == RefundState::Wait) {
        return Ok(()); // one that failed is given up while another waits: that one ends it
    }
    let done = refunds.iter().map(|known| &known.stored.refund).filter(|refund| refund.state() == RefundState::Success);
    let paid = known.stored.terms.amount;
    let given_back = Money::sum(done.map(|refund| refund.request().amount), paid.currency())?;
    let event = OrderEvent::refund_ended(Refunded { paid, given_back })?;
    advance(connection, known, event, act).await?;
    Ok(())
}

/// Takes an order on by an event.
async fn advance(connection: &mut Connection, known: Known, event: OrderEvent, act: &Act) -> Result<Known, StoreError> {
    let before = known.stored.order.status();
    let order = known.stored.order.after(event)?;
    rows::take_on(connection, known.number, (before, order.status()), event, act).await?;
    Ok(Known { stored: StoredOrder { order, ..known.stored }, ..known })
}

/// R-W17: the parts of the items that failed and were not given back yet.
async fn refund_undelivered(
    connection: &mut Connection,
    known: &Known,
    terms: &UndeliveredTerms,
    act: &Act,
) -> Result<crate::Refunded, StoreError> {
    let OrderTerms { application, order, amount, items, step, .. } = &known.stored.terms;
    let earlier = refunding::rows::find(connection, application, &terms.refund).await?;
    let undelivered = known.stored.order.undelivered();
    let due = |place: &usize| known.refunds.get(*place).is_some_and(Option::is_none);
    // What is done is replayed as it is; what only was planned, or failed, must be what is due now.
    let earlier = earlier.filter(|earlier| earlier.stored.refund.state() == RefundState::Success);
    let due: Vec<usize> = undelivered.into_iter().filter(due).collect();
    let parts = items.iter().enumerate().map(|(place, item)| OrderItem {
        id: item.id.clone(),
        weight: item.weight,
        delivered: !due.contains(&place),
    });
    let shares = ItemShares::new(*amount, &parts.collect::<Vec<_>>(), *step)?;
    let request = RefundRequest {
        id: terms.refund.clone(),
        application: application.clone(),
        order: order.clone(),
        amount: earlier.map_or(shares.undelivered(), |earlier| earlier.stored.refund.request().amount),
        fee: Money::zero(amount.currency()),
        step: *step,
        returned: terms.returned,
        give_back: terms.give_back,
    };
    let refunded = refunding::carry_out(connection, &request, None, act).await?;
    if !refunded.is_replay {
        let Some(refund) = refunding::rows::find(connection, application, &terms.refund).await? else {
            return Ok(refunded);
        };
        for place in due {
            rows::give_item_back(connection, (known.number, place), refund.number).await?;
        }
    }
    Ok(refunded)
}
