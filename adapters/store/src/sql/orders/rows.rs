//! Orders, their items and their steps in rows of SQL.

use super::super::{
    engine::{Connection, Query, Row, Turn, sql},
    rows::{Fields, amount, insert_all},
};
use crate::{Act, OrderStep, OrderTerms, OrderedItem, StoreError, StoredOrder};
use counterfoil::{
    order::{DeliveryEvent, ItemStatus, Order, OrderEvent, OrderStatus},
    time::Instant,
    wallet::Owner,
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

/// An order with its number, and which items were given back by which refund.
pub(in super::super) struct Known {
    pub(in super::super) number: i64,
    pub(in super::super) stored: StoredOrder,
    pub(in super::super) refunds: Vec<Option<i64>>,
}

pub(super) async fn insert(connection: &mut Connection, stored: &StoredOrder, act: &Act) -> Result<(), StoreError> {
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

/// An order goes from one status to another by an event, unless it is not there any more.
pub(super) async fn take_on(
    connection: &mut Connection,
    order: i64,
    (before, after): (OrderStatus, OrderStatus),
    event: OrderEvent,
    act: &Act,
) -> Result<(), StoreError> {
    sql("update orders set status = ? where id = ? and status = ?")
        .bind(after.name())
        .bind(order)
        .bind(before.name())
        .change_one(connection)
        .await?;
    write_step(connection, order, None, Some((before.name(), event.name())), after.name(), act).await
}

/// So does an item, named by its order and its place in it.
pub(super) async fn take_item_on(
    connection: &mut Connection,
    (order, place): (i64, usize),
    (before, after): (ItemStatus, ItemStatus),
    event: DeliveryEvent,
    act: &Act,
) -> Result<(), StoreError> {
    let position = position(place)?;
    sql("update order_items set status = ? where order_number = ? and position = ? and status = ?")
        .bind(after.name())
        .bind(order)
        .bind(position)
        .bind(before.name())
        .change_one(connection)
        .await?;
    write_step(connection, order, Some(position), Some((before.name(), event.name())), after.name(), act).await
}

/// An item is given back by a refund, once.
pub(super) async fn give_item_back(
    connection: &mut Connection,
    (order, place): (i64, usize),
    refund: i64,
) -> Result<(), StoreError> {
    sql("update order_items set refund = ? where order_number = ? and position = ? and refund is null")
        .bind(refund)
        .bind(order)
        .bind(position(place)?)
        .change_one(connection)
        .await
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
pub(in super::super) const ORDERS: &str = orders!("order by o.id");

pub(super) async fn existing(connection: &mut Connection, application: &str, order: &str) -> Result<Known, StoreError> {
    find(connection, application, order)
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "order", id: format!("{order} of {application}") })
}

/// An order whose owner's turn this transaction holds: nobody else changes it.
pub(super) async fn held(connection: &mut Connection, application: &str, order: &str) -> Result<Known, StoreError> {
    let known = existing(connection, application, order).await?;
    if connection.take(&[Turn::Owner(&known.stored.terms.owner)]).await? {
        return existing(connection, application, order).await;
    }
    Ok(known)
}

pub(super) async fn find(
    connection: &mut Connection,
    application: &str,
    order: &str,
) -> Result<Option<Known>, StoreError> {
    let rows = sql(orders!("where o.application = ? and o.order_id = ?"))
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_all(connection)
        .await?;
    Ok(all_of(connection, rows).await?.pop())
}

/// Those that are not paid and whose time to pay is over, from the first that was made on.
pub(super) async fn overdue(connection: &mut Connection, now: Instant) -> Result<Vec<Known>, StoreError> {
    let rows =
        sql(orders!("where o.status = 'unpaid' and o.created_us + o.pay_s * 1000000 <= ? order by o.created_us, o.id"))
            .bind(now.micros())
            .fetch_all(connection)
            .await?;
    all_of(connection, rows).await
}

pub(super) async fn of_owner(connection: &mut Connection, owner: &Owner) -> Result<Vec<Known>, StoreError> {
    let rows = sql(orders!("where o.owner = ? order by o.id")).bind(owner.to_string()).fetch_all(connection).await?;
    all_of(connection, rows).await
}

/// The steps of an order and of its items, in their order.
pub(super) async fn history(
    connection: &mut Connection,
    application: &str,
    order: &str,
) -> Result<Vec<OrderStep>, StoreError> {
    let rows = sql("select h.id, i.item, h.at_us, h.actor, h.reason, h.event, h.state_before, h.state_after \
         from order_steps h join orders o on o.id = h.order_number \
         left join order_items i on i.order_number = h.order_number and i.position = h.item \
         where o.application = ? and o.order_id = ? order by h.id")
    .bind(application.to_owned())
    .bind(order.to_owned())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| step_of(Fields::of("order_steps", "id", row))).collect()
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
pub(in super::super) fn order_of(row: &Row, items: &[Row]) -> Result<Known, StoreError> {
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
