//! Orders: their states follow from their history, and agree with the money.

use super::super::engine::{Connection, Row, sql};
use super::{
    super::{
        orders::rows::{self, ORDERS},
        rows::Fields,
    },
    Auditor,
};
use crate::{OrderTerms, StoreError};
use counterfoil::{
    money::Money,
    order::{DeliveryEvent, ItemStatus, Machine, OrderEvent, OrderStatus, Refunded},
    wallet::{ItemShares, OrderItem, Refund, RefundState},
};
use std::collections::{BTreeMap, BTreeSet};

/// The states that the histories lead to: by order, and by order and item.
#[derive(Default)]
struct Reached {
    orders: BTreeMap<i64, OrderStatus>,
    items: BTreeMap<(i64, i64), ItemStatus>,
}

/// The payment of an order: its number, and whether it is of the order's owner, unit and amount.
type PaymentOf = BTreeMap<i64, (i64, bool)>;

impl Auditor {
    pub(super) async fn orders(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let reached = self.order_steps(connection).await?;
        let mut items = order_items(connection).await?;
        let payments = payments(connection).await?;
        let mut rows = sql(ORDERS).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let number = Fields::of("orders", "order_id", &row).integer("id")?;
            let items = items.remove(&number).unwrap_or_default();
            self.order(&row, &items, &reached, payments.get(&number).copied())?;
        }
        Ok(())
    }

    fn order(
        &mut self,
        row: &Row,
        items: &[Row],
        reached: &Reached,
        payment: Option<(i64, bool)>,
    ) -> Result<(), StoreError> {
        let Some(known) = self.sound(rows::order_of(row, items))? else { return Ok(()) };
        let (order, OrderTerms { order: id, amount, .. }) = (&known.stored.order, &known.stored.terms);
        let mut faults = Vec::new();
        if reached.orders.get(&known.number) != Some(&order.status()) {
            faults.push(format!("it is `{}`, and its history does not lead there", order.status()));
        }
        for (position, status) in (0..).zip(order.items()) {
            let reached = reached.items.get(&(known.number, position)).unwrap_or(&ItemStatus::Pending);
            if reached != status {
                faults.push(format!("item {position} is `{status}`, and its history leads to `{reached}`"));
            }
        }
        let refunds = payment.and_then(|(number, _)| self.refunds.get(&number));
        let expected = match payment {
            Some((_, true)) => by_money(*amount, refunds.map_or(&[], Vec::as_slice)),
            Some((_, false)) => {
                faults.push("its payment is of another owner, unit or amount".to_owned());
                None
            }
            None => None,
        };
        match (order.status(), payment) {
            (OrderStatus::Unpaid | OrderStatus::Cancelled, None) => {}
            (OrderStatus::Unpaid | OrderStatus::Cancelled, Some(_)) => {
                faults.push(format!("it is `{}`, and a payment paid it", order.status()));
            }
            (_, None) => faults.push(format!("it is `{}`, and no payment paid it", order.status())),
            (status, Some(_)) => faults.extend(
                expected
                    .filter(|expected| *expected != status)
                    .map(|expected| format!("it is `{status}`, and its refunds make it `{expected}`")),
            ),
        }
        faults.extend(self.given_back(&known, payment.map(|(number, _)| number)).map(str::to_owned));
        for fault in faults {
            self.find("orders", &**id, fault);
        }
        Ok(())
    }

    /// The items that a refund gave back are its amount (R-W17).
    fn given_back(&self, known: &rows::Known, payment: Option<i64>) -> Option<&'static str> {
        let OrderTerms { amount, items, step, .. } = &known.stored.terms;
        let refunds: BTreeSet<i64> = known.refunds.iter().flatten().copied().collect();
        for refund in refunds {
            let parts = items.iter().zip(&known.refunds).map(|(item, by)| OrderItem {
                id: item.id.clone(),
                weight: item.weight,
                delivered: *by != Some(refund),
            });
            let shares = ItemShares::new(*amount, &parts.collect::<Vec<_>>(), *step).map(|shares| shares.undelivered());
            let given_back =
                self.refunded.get(&refund).filter(|(_, of)| Some(*of) == payment).map(|(amount, _)| *amount);
            if shares.ok() != given_back {
                return Some("its items are not what a refund gave back for them");
            }
        }
        None
    }

    async fn order_steps(&mut self, connection: &mut Connection) -> Result<Reached, StoreError> {
        let mut rows =
            sql("select h.order_number, o.order_id, h.item, h.at_us, h.event, h.state_before, h.state_after \
             from order_steps h left join orders o on o.id = h.order_number order by h.id")
            .stream(connection)?;
        let mut reached = Reached::default();
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("order_steps", "order_id", &row);
            let number = row.integer("order_number")?;
            let read = || {
                row.instant("at_us")?;
                let event = row.optional_text("event")?;
                Ok(match row.optional_integer("item")? {
                    None => {
                        let after: OrderStatus = row.parse("state_after")?;
                        let by = event.map(|_| row.parse::<OrderEvent>("event")).transpose()?;
                        let before = reached.orders.insert(number, after);
                        let legal = match (before, by) {
                            (None, None) => after == OrderStatus::Unpaid,
                            (Some(before), Some(by)) => before.after(by).is_ok_and(|to| to == after),
                            _ => false,
                        };
                        legal && before.map(OrderStatus::name) == row.optional_text("state_before")?
                    }
                    Some(item) => {
                        let after: ItemStatus = row.parse("state_after")?;
                        let by: DeliveryEvent = row.parse("event")?;
                        let before = reached.items.insert((number, item), after).unwrap_or(ItemStatus::Pending);
                        before.after(by).is_ok_and(|to| to == after)
                            && Some(before.name()) == row.optional_text("state_before")?
                    }
                })
            };
            let mut read = read;
            if self.sound(read())? == Some(false) {
                self.find("order_steps", row.name(), "it does not follow from the step before it");
            }
        }
        Ok(reached)
    }
}

/// The status that the refunds of its payment make of an order; none where they come to no status.
fn by_money(paid: Money, refunds: &[Refund]) -> Option<OrderStatus> {
    if refunds.iter().any(|refund| refund.state() == RefundState::Wait) {
        return Some(OrderStatus::Refunding);
    }
    if refunds.is_empty() {
        return Some(OrderStatus::Paid);
    }
    let done = refunds.iter().filter(|refund| refund.state() == RefundState::Success);
    let given_back = Money::sum(done.map(|refund| refund.request().amount), paid.currency()).ok()?;
    let event = OrderEvent::refund_ended(Refunded { paid, given_back }).ok()?;
    OrderStatus::Refunding.after(event).ok()
}

async fn order_items(connection: &mut Connection) -> Result<BTreeMap<i64, Vec<Row>>, StoreError> {
    let mut rows =
        sql("select order_number, item, weight, status, refund from order_items order by order_number, position")
            .stream(connection)?;
    let mut all: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    while let Some(row) = rows.try_next().await? {
        let number = Fields::of("order_items", "item", &row).integer("order_number")?;
        all.entry(number).or_default().push(row);
    }
    Ok(all)
}

async fn payments(connection: &mut Connection) -> Result<PaymentOf, StoreError> {
    let mut rows = sql("select o.id, p.id as payment, o.amount, o.currency, p.amount as paid, \
         p.payer = o.owner and p.unit = o.unit and p.currency = o.currency as same \
         from orders o join payments p on p.application = o.application and p.order_id = o.order_id")
    .stream(connection)?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.try_next().await? {
        let row = Fields::of("orders", "id", &row);
        // An amount that is damaged is found with its row.
        let same = matches!((row.money("amount"), row.money("paid")), (Ok(asked), Ok(paid)) if asked == paid);
        all.insert(row.integer("id")?, (row.integer("payment")?, same && row.integer("same")? != 0));
    }
    Ok(all)
}
