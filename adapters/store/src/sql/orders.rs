//! Orders: their states move by the core's tables, with the money and in its transaction.

use super::{
    SqlStore, charging,
    engine::{Connection, Query, Row, Turn, sql},
    refunding,
    rows::{Fields, amount, insert_all},
    wallets,
};
use crate::{
    Act, OrderChange, OrderStep, OrderTerms, OrderedItem, Orders, PaidOrder, RefundedOrder, StoreError, StoredOrder,
    StoredPayment, UndeliveredTerms, texts,
};
use async_trait::async_trait;
use counterfoil::{
    error::WalletError,
    money::Money,
    order::{DeliveryEvent, ItemStatus, Machine, Order, OrderEvent, OrderStatus, PaymentWindow, Refunded},
    time::Instant,
    wallet::{Charge, Coupons, Funding, ItemShares, OrderItem, Owner, RefundRequest, RefundState},
};
use rust_decimal::Decimal;

/// A query for orders.
macro_rules! orders {
    ($rest:literal) => {
        concat!(
            "select o.id, o.application, o.order_id, o.order_type, o.owner, o.unit, o.currency, o.amount, o.step, ",
            "o.created_us, o.pay_s, o.status from orders o ",
            $rest
        )
    };
}
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
            if let Some(known) = find(&mut transaction, &terms.application, &terms.order).await? {
                known.stored.terms.same_as(terms)?;
                return Ok(OrderChange { order: known.stored, is_replay: true });
            }
            if charging::find(&mut transaction, &terms.application, &terms.order).await?.is_some() {
                return Err(StoreError::Conflict { what: "order", id: terms.order.clone(), fact: "payment" });
            }
            let stored = StoredOrder { terms: terms.clone(), created_at: act.now, order: order.clone() };
            insert(&mut transaction, &stored, act).await?;
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
                held(&mut transaction, application, order).await?.stored.terms;
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
            let order = existing(&mut transaction, &charge.application, &charge.order).await?.stored;
            transaction.commit().await?;
            Ok(PaidOrder { order, paid })
        })
        .await
    }

    async fn cancel_order(&self, application: &str, order: &str, act: &Act) -> Result<OrderChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = held(&mut transaction, application, order).await?;
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
            let rows = sql(orders!("where o.status = 'unpaid' and o.pay_s is not null order by o.created_us, o.id"))
                .fetch_all(&mut transaction)
                .await?;
            let mut over = Vec::new();
            for known in all_of(&mut transaction, rows).await? {
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
            let mut known = held(&mut transaction, application, order).await?;
            let Some(place) = known.stored.terms.items.iter().position(|known| known.id == item) else {
                return Err(StoreError::NotFound { what: "item", id: format!("{item} of {order} of {application}") });
            };
            let before = known.stored.order.items().get(place).copied().unwrap_or(ItemStatus::Pending);
            if ItemStatus::transitions().iter().any(|row| (row.event, row.to) == (event, before)) {
                return Ok(OrderChange { order: known.stored, is_replay: true });
            }
            known.stored.order = known.stored.order.deliver(place, event)?;
            let after = before.after(event)?;
            let position = position(place)?;
            sql("update order_items set status = ? where order_number = ? and position = ? and status = ?")
                .bind(after.name())
                .bind(known.number)
                .bind(position)
                .bind(before.name())
                .change_one(&mut transaction)
                .await?;
            let by = Some((before.name(), event.name()));
            write_step(&mut transaction, known.number, Some(position), by, after.name(), act).await?;
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
            let known = held(&mut transaction, application, order).await?;
            let refunded = refund_undelivered(&mut transaction, &known, terms, act).await?;
            let order = existing(&mut transaction, application, order).await?.stored;
            transaction.commit().await?;
            Ok(RefundedOrder { order, refunded })
        })
        .await
    }

    async fn order(&self, application: &str, order: &str) -> Result<Option<StoredOrder>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(find(&mut snapshot, application, order).await?.map(|known| known.stored))
    }

    async fn orders(&self, owner: &Owner) -> Result<Vec<StoredOrder>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let rows =
            sql(orders!("where o.owner = ? order by o.id")).bind(owner.to_string()).fetch_all(&mut snapshot).await?;
        Ok(all_of(&mut snapshot, rows).await?.into_iter().map(|known| known.stored).collect())
    }

    async fn order_history(&self, application: &str, order: &str) -> Result<Vec<OrderStep>, StoreError> {
        let rows = sql("select h.id, i.item, h.at_us, h.actor, h.reason, h.event, h.state_before, h.state_after \
             from order_steps h join orders o on o.id = h.order_number \
             left join order_items i on i.order_number = h.order_number and i.position = h.item \
             where o.application = ? and o.order_id = ? order by h.id")
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_all(&mut self.read().await?)
        .await?;
        rows.iter().map(|row| step_of(Fields::of("order_steps", "id", row))).collect()
    }
}

/// An order with its number, and which items were given back by which refund.
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) stored: StoredOrder,
    pub(super) refunds: Vec<Option<i64>>,
}

/// An order that is kept is paid by its payment, or the payment is refused.
pub(super) async fn paid(connection: &mut Connection, paid: &StoredPayment, act: &Act) -> Result<(), StoreError> {
    let charge = paid.payment.charge();
    let Some(known) = find(connection, &charge.application, &charge.order).await? else { return Ok(()) };
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
    let Some(known) = find(connection, &request.application, &request.order).await? else { return Ok(()) };
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
    let Some(known) = find(connection, &request.application, &request.order).await? else { return Ok(()) };
    if known.stored.order.status() != OrderStatus::Refunding {
        return Ok(()); // what failed is given up: it ended before
    }
    let refunds = refunding::of_payment(connection, payment).await?;
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
    sql("update orders set status = ? where id = ? and status = ?")
        .bind(order.status().name())
        .bind(known.number)
        .bind(before.name())
        .change_one(connection)
        .await?;
    let by = Some((before.name(), event.name()));
    write_step(connection, known.number, None, by, order.status().name(), act).await?;
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
    let earlier = refunding::find(connection, application, &terms.refund).await?;
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
        let Some(refund) = refunding::find(connection, application, &terms.refund).await? else { return Ok(refunded) };
        for place in due {
            sql("update order_items set refund = ? where order_number = ? and position = ? and refund is null")
                .bind(refund.number)
                .bind(known.number)
                .bind(position(place)?)
                .change_one(connection)
                .await?;
        }
    }
    Ok(refunded)
}

impl OrderTerms {
    fn check_texts(&self) -> Result<(), StoreError> {
        texts::name("application", &self.application)?;
        texts::order(&self.order)?;
        texts::name("settlement unit", &self.unit)?;
        texts::owner(&self.owner)?;
        self.items.iter().try_for_each(|item| texts::name("item", &item.id))
    }

    /// The order, unpaid, if it makes sense.
    fn check(&self, created: Instant) -> Result<Order, StoreError> {
        let ids = [("application", &self.application), ("order", &self.order), ("settlement unit", &self.unit)];
        if let Some((what, _)) = ids.into_iter().find(|(_, id)| id.is_empty()) {
            return Err(WalletError::EmptyId { what }.into());
        }
        let order = Order::new(self.order_type, self.items.len())?;
        if let Some(length_s) = self.pay_within_s {
            PaymentWindow::new(created, length_s)?;
        }
        let items =
            self.items.iter().map(|item| OrderItem { id: item.id.clone(), weight: item.weight, delivered: false });
        ItemShares::new(self.amount, &items.collect::<Vec<_>>(), self.step)?;
        Ok(order)
    }

    fn same_as(&self, again: &Self) -> Result<(), StoreError> {
        // Without `..`: a field that is added must be thought of here.
        let Self { application: _, order, order_type, owner, unit, amount, items, step, pay_within_s } = self;
        let facts = [
            ("type", *order_type == again.order_type),
            ("owner", *owner == again.owner),
            ("settlement unit", *unit == again.unit),
            ("currency", amount.currency() == again.amount.currency()),
            ("amount", *amount == again.amount),
            ("list of items", *items == again.items),
            ("step", *step == again.step),
            ("time to pay", *pay_within_s == again.pay_within_s),
        ];
        wallets::unchanged("order", order.clone(), &facts)?;
        Ok(())
    }
}

async fn insert(connection: &mut Connection, stored: &StoredOrder, act: &Act) -> Result<(), StoreError> {
    let terms = &stored.terms;
    let number = sql(
        "insert into orders (application, order_id, order_type, owner, unit, currency, amount, step, created_us, pay_s, \
         status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(terms.application.clone())
    .bind(terms.order.clone())
    .bind(terms.order_type.name())
    .bind(terms.owner.to_string())
    .bind(terms.unit.clone())
    .bind(terms.amount.currency().code())
    .bind(amount(terms.amount))
    .bind(terms.step.to_string())
    .bind(stored.created_at.micros())
    .bind(terms.pay_within_s.map(i64::from))
    .bind(stored.order.status().name())
    .insert(connection)
    .await?;
    let items: Vec<(i64, &OrderedItem)> = (0..).zip(&terms.items).collect();
    let bind = |sql: Query, (position, item): &(i64, &OrderedItem)| {
        let (id, weight) = (item.id.clone(), item.weight.to_string());
        sql.bind(number).bind(*position).bind(id).bind(weight).bind(ItemStatus::Pending.name())
    };
    let insert = "insert into order_items (order_number, position, item, weight, status) values";
    insert_all(connection, insert, 5, &items, bind).await?;
    write_step(connection, number, None, None, stored.order.status().name(), act).await
}

async fn write_step(
    connection: &mut Connection,
    order: i64,
    item: Option<i64>,
    by: Option<(&'static str, &'static str)>,
    after: &'static str,
    act: &Act,
) -> Result<(), StoreError> {
    sql("insert into order_steps (order_number, item, at_us, actor, reason, event, state_before, state_after) \
         values (?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(order)
    .bind(item)
    .bind(act.now.micros())
    .bind(act.by.clone())
    .bind(act.reason.clone())
    .bind(by.map(|(_, event)| event))
    .bind(by.map(|(before, _)| before))
    .bind(after)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every order, for the audit.
pub(super) const ORDERS: &str = orders!("order by o.id");

async fn existing(connection: &mut Connection, application: &str, order: &str) -> Result<Known, StoreError> {
    find(connection, application, order)
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "order", id: format!("{order} of {application}") })
}

/// An order whose owner's turn this transaction holds: nobody else changes it.
async fn held(connection: &mut Connection, application: &str, order: &str) -> Result<Known, StoreError> {
    let known = existing(connection, application, order).await?;
    if connection.take(&[Turn::Owner(&known.stored.terms.owner)]).await? {
        return existing(connection, application, order).await;
    }
    Ok(known)
}

async fn find(connection: &mut Connection, application: &str, order: &str) -> Result<Option<Known>, StoreError> {
    let rows = sql(orders!("where o.application = ? and o.order_id = ?"))
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_all(connection)
        .await?;
    Ok(all_of(connection, rows).await?.pop())
}

async fn all_of(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Known>, StoreError> {
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        let number = Fields::of("orders", "order_id", &row).integer("id")?;
        let items = sql(
            "select order_number, item, weight, status, refund from order_items where order_number = ? order by position",
        )
        .bind(number)
        .fetch_all(connection)
        .await?;
        orders.push(order_of(&row, &items)?);
    }
    Ok(orders)
}

/// An order of a row of the query, with its items.
pub(super) fn order_of(row: &Row, items: &[Row]) -> Result<Known, StoreError> {
    let row = Fields::of("orders", "order_id", row);
    let (mut ordered, mut states, mut refunds) = (Vec::new(), Vec::new(), Vec::new());
    for item in items {
        let item = Fields::of("order_items", "item", item);
        ordered.push(OrderedItem { id: item.text("item")?.to_owned(), weight: decimal(item, "weight")? });
        states.push(item.parse::<ItemStatus>("status")?);
        refunds.push(item.optional_integer("refund")?);
    }
    let order_type = row.parse("order_type")?;
    let order = row.checked("status", Order::stored(order_type, row.parse("status")?, states))?;
    let pay_within_s = match row.optional_integer("pay_s")? {
        Some(_) => Some(row.count("pay_s")?),
        None => None,
    };
    let terms = OrderTerms {
        application: row.text("application")?.to_owned(),
        order: row.text("order_id")?.to_owned(),
        order_type,
        owner: row.owner("owner")?,
        unit: row.text("unit")?.to_owned(),
        amount: row.money("amount")?,
        items: ordered,
        step: decimal(row, "step")?,
        pay_within_s,
    };
    let stored = StoredOrder { terms, created_at: row.instant("created_us")?, order };
    Ok(Known { number: row.integer("id")?, stored, refunds })
}

fn decimal(row: Fields<'_>, column: &'static str) -> Result<Decimal, StoreError> {
    row.checked(column, counterfoil::exact::decimal::parse(row.text(column)?))
}

fn step_of(row: Fields<'_>) -> Result<OrderStep, StoreError> {
    let text = |column| Ok::<_, StoreError>(row.optional_text(column)?.map(str::to_owned));
    Ok(OrderStep {
        item: text("item")?,
        act: Act {
            by: row.text("actor")?.to_owned(),
            reason: row.text("reason")?.to_owned(),
            now: row.instant("at_us")?,
        },
        event: text("event")?,
        from: text("state_before")?,
        to: row.text("state_after")?.to_owned(),
    })
}

/// The place of an item as it is kept; an order has few.
fn position(place: usize) -> Result<i64, StoreError> {
    i64::try_from(place).map_err(|_| StoreError::NotFound { what: "item", id: place.to_string() })
}
