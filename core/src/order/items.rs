use super::words::words;
use super::{Machine, OrderEvent, OrderStatus, OrderType, Transition};
use crate::{
    error::OrderError,
    money::Money,
    wallet::{ItemShares, OrderItem},
};
use rust_decimal::Decimal;

/// The most things that one order may be for.
pub const MOST_ITEMS: usize = 10_000;

words! {
    /// What became of an order's things.
    ///
    /// # Rule
    /// R-O1
    TradingStatus, "trading status" {
        /// Something is still to be delivered.
        Opening = "opening",
        /// All were delivered.
        Completed = "completed",
        /// None was delivered.
        Undelivered = "undelivered",
        /// Some were delivered and some were not.
        PartDeliver = "partdeliver",
        /// Nothing will be delivered any more, because the order is over.
        Closed = "closed",
    }
}

words! {
    /// What settles an order's things.
    TradingEvent, "event of trading" {
        /// The last of them was delivered, as all before it.
        DeliverAll = "deliver_all",
        /// Each of them failed.
        DeliverNone = "deliver_none",
        /// Some were delivered and the others failed.
        DeliverSome = "deliver_some",
        /// The order was cancelled, or given back before all was settled.
        Close = "close",
    }
}

words! {
    /// Whether one thing of an order was delivered.
    ItemStatus, "status of an item" {
        /// Not yet.
        Pending = "pending",
        /// It was.
        Delivered = "delivered",
        /// It was not, and will not be.
        Undelivered = "undelivered",
    }
}

words! {
    /// What happens to one thing of an order.
    DeliveryEvent, "event of a delivery" {
        /// It is delivered.
        Deliver = "deliver",
        /// It can not be delivered.
        Fail = "fail",
    }
}

const TRADING: &[Transition<TradingStatus, TradingEvent>] = &[
    trading(TradingEvent::DeliverAll, TradingStatus::Completed),
    trading(TradingEvent::DeliverNone, TradingStatus::Undelivered),
    trading(TradingEvent::DeliverSome, TradingStatus::PartDeliver),
    trading(TradingEvent::Close, TradingStatus::Closed),
];

const DELIVERY: &[Transition<ItemStatus, DeliveryEvent>] = &[
    Transition { from: ItemStatus::Pending, event: DeliveryEvent::Deliver, to: ItemStatus::Delivered },
    Transition { from: ItemStatus::Pending, event: DeliveryEvent::Fail, to: ItemStatus::Undelivered },
];

const fn trading(event: TradingEvent, to: TradingStatus) -> Transition<TradingStatus, TradingEvent> {
    Transition { from: TradingStatus::Opening, event, to }
}

/// An order of the portal: what is paid of it, and what of its things is delivered.
///
/// The trading status is never stored beside the items; it follows from them.
///
/// # Examples
/// ```
/// use counterfoil::order::{DeliveryEvent, Order, OrderEvent, OrderStatus, OrderType, TradingStatus};
///
/// let order = Order::new(OrderType::New, 3)?.after(OrderEvent::Pay)?;
/// let order = order.deliver(0, DeliveryEvent::Deliver)?.deliver(2, DeliveryEvent::Fail)?;
/// assert_eq!(order.trading(), TradingStatus::Opening);
///
/// let order = order.deliver(1, DeliveryEvent::Deliver)?;
/// assert_eq!(order.trading(), TradingStatus::PartDeliver);
/// assert_eq!(order.undelivered(), [2]); // what `wallet` gives back by R-W17
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    order_type: OrderType,
    status: OrderStatus,
    items: Vec<ItemStatus>,
}

impl Order {
    /// An unpaid order for so many things.
    ///
    /// # Errors
    /// `order.bad_item_count` for none, and for more than [`MOST_ITEMS`].
    pub fn new(order_type: OrderType, items: usize) -> Result<Self, OrderError> {
        check_count(items)?;
        Ok(Self { order_type, status: OrderStatus::Unpaid, items: vec![ItemStatus::Pending; items] })
    }

    /// An order as it was stored.
    ///
    /// # Errors
    /// `order.bad_item_count`; `order.not_paid` where something is settled of an order that was never
    /// paid.
    pub fn stored(order_type: OrderType, status: OrderStatus, items: Vec<ItemStatus>) -> Result<Self, OrderError> {
        check_count(items.len())?;
        if let Some(item) = items.iter().position(|item| *item != ItemStatus::Pending)
            && matches!(status, OrderStatus::Unpaid | OrderStatus::Cancelled)
        {
            return Err(OrderError::NotPaid { item, status: status.name() });
        }
        Ok(Self { order_type, status, items })
    }

    /// What it is for.
    pub const fn order_type(&self) -> OrderType {
        self.order_type
    }

    /// What of it is paid and given back.
    pub const fn status(&self) -> OrderStatus {
        self.status
    }

    /// Its things, in the order in which they were ordered.
    pub fn items(&self) -> &[ItemStatus] {
        &self.items
    }

    /// The order after an event.
    ///
    /// # Errors
    /// `order.illegal_transition`.
    pub fn after(self, event: OrderEvent) -> Result<Self, OrderError> {
        Ok(Self { status: self.status.after(event)?, ..self })
    }

    /// The order after one of its things was delivered, or could not be.
    ///
    /// # Errors
    /// In this order: `order.no_such_item`; `order.not_paid` unless it is paid, or given back in part;
    /// `order.illegal_transition` for an item that is settled.
    ///
    /// # Rule
    /// R-O1
    pub fn deliver(mut self, item: usize, event: DeliveryEvent) -> Result<Self, OrderError> {
        let count = self.items.len();
        let Some(place) = self.items.get_mut(item) else {
            return Err(OrderError::NoSuchItem { item, count });
        };
        if !matches!(self.status, OrderStatus::Paid | OrderStatus::PartRefund) {
            return Err(OrderError::NotPaid { item, status: self.status.name() });
        }
        *place = place.after(event)?;
        Ok(self)
    }

    /// What became of its things.
    ///
    /// `closed` when the order was cancelled, or given back in whole while something was still to be
    /// delivered.
    ///
    /// # Rule
    /// R-O1
    pub fn trading(&self) -> TradingStatus {
        let settled = |status: ItemStatus| self.items.iter().filter(|item| **item == status).count();
        let (delivered, failed) = (settled(ItemStatus::Delivered), settled(ItemStatus::Undelivered));
        let all_settled = delivered.saturating_add(failed) == self.items.len();
        let event = match self.status {
            OrderStatus::Cancelled => TradingEvent::Close,
            OrderStatus::Refund if !all_settled => TradingEvent::Close,
            _ if !all_settled => return TradingStatus::Opening,
            _ if failed == 0 => TradingEvent::DeliverAll,
            _ if delivered == 0 => TradingEvent::DeliverNone,
            _ => TradingEvent::DeliverSome,
        };
        TradingStatus::Opening.after(event).unwrap_or(TradingStatus::Opening) // a test walks the table
    }

    /// The indices of what was not delivered and will not be: what is to be given back by R-W17.
    ///
    /// Those that are still pending count once the order is closed.
    pub fn undelivered(&self) -> Vec<usize> {
        let closed = self.trading() == TradingStatus::Closed;
        let failed = |item: &ItemStatus| match item {
            ItemStatus::Undelivered => true,
            ItemStatus::Pending => closed,
            ItemStatus::Delivered => false,
        };
        self.items.iter().enumerate().filter(|(_, item)| failed(item)).map(|(index, _)| index).collect()
    }

    /// What was paid, split over the things by weights, and what of it comes back: the parts of those that
    /// are [`undelivered`](Self::undelivered). Their ids are their indices.
    ///
    /// # Errors
    /// `order.other_weights` unless there is a weight for each; as [`ItemShares::new`].
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{CNY, Money};
    /// use counterfoil::order::{DeliveryEvent, Order, OrderEvent, OrderType};
    ///
    /// let order = Order::new(OrderType::New, 3)?.after(OrderEvent::Pay)?;
    /// let order = order.deliver(0, DeliveryEvent::Deliver)?.deliver(1, DeliveryEvent::Fail)?;
    /// let shares = order.shares(Money::parse("100.00", CNY)?, &[1.into(), 1.into(), 1.into()], "0.01".parse()?)?;
    /// assert_eq!(shares.undelivered().to_string(), "33.33"); // the third is still to come
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-O1, R-W17
    pub fn shares(&self, paid: Money, weights: &[Decimal], step: Decimal) -> Result<ItemShares, OrderError> {
        if weights.len() != self.items.len() {
            return Err(OrderError::OtherWeights { weights: weights.len(), items: self.items.len() });
        }
        let back = self.undelivered();
        let items: Vec<OrderItem> = weights
            .iter()
            .enumerate()
            .map(|(index, weight)| OrderItem {
                id: index.to_string(),
                weight: *weight,
                delivered: back.binary_search(&index).is_err(),
            })
            .collect();
        Ok(ItemShares::new(paid, &items, step)?)
    }
}

impl Machine for TradingStatus {
    type Event = TradingEvent;

    fn transitions() -> &'static [Transition<Self, TradingEvent>] {
        TRADING
    }
}

impl Machine for ItemStatus {
    type Event = DeliveryEvent;

    fn transitions() -> &'static [Transition<Self, DeliveryEvent>] {
        DELIVERY
    }
}

const fn check_count(items: usize) -> Result<(), OrderError> {
    if items == 0 || items > MOST_ITEMS {
        return Err(OrderError::BadItemCount { items, limit: MOST_ITEMS });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryEvent::{Deliver, Fail};

    fn paid(items: usize) -> Order {
        Order::new(OrderType::New, items).unwrap().after(OrderEvent::Pay).unwrap()
    }

    /// R-O1, over every way in which up to four items can end.
    #[test]
    fn trading_follows_from_the_items() {
        for count in 1..=4_usize {
            for ways in 0..3_usize.pow(u32::try_from(count).unwrap()) {
                let kind = |item: usize| ways / 3_usize.pow(u32::try_from(item).unwrap()) % 3;
                let mut order = paid(count);
                for item in 0..count {
                    order = match kind(item) {
                        0 => order,
                        1 => order.deliver(item, Deliver).unwrap(),
                        _ => order.deliver(item, Fail).unwrap(),
                    };
                }
                let any = |wanted| (0..count).any(|item| kind(item) == wanted);
                let expected = match (any(0), any(1), any(2)) {
                    (true, ..) => TradingStatus::Opening,
                    (false, true, false) => TradingStatus::Completed,
                    (false, false, _) => TradingStatus::Undelivered,
                    (false, true, true) => TradingStatus::PartDeliver,
                };
                assert_eq!(order.trading(), expected);
                let failed: Vec<usize> = (0..count).filter(|item| kind(*item) == 2).collect();
                assert_eq!(order.undelivered(), failed);
            }
        }
    }

    #[test]
    fn an_order_that_is_over_is_closed() {
        let cancelled = Order::new(OrderType::New, 2).unwrap().after(OrderEvent::TimeOut).unwrap();
        assert_eq!((cancelled.trading(), cancelled.undelivered()), (TradingStatus::Closed, vec![0, 1]));

        let back = |order: Order| {
            order.after(OrderEvent::StartRefund).and_then(|order| order.after(OrderEvent::RefundWhole)).unwrap()
        };
        assert_eq!(back(paid(2).deliver(0, Deliver).unwrap()).trading(), TradingStatus::Closed);
        assert_eq!(back(paid(1).deliver(0, Deliver).unwrap()).trading(), TradingStatus::Completed);
        assert_eq!(back(paid(1).deliver(0, Fail).unwrap()).trading(), TradingStatus::Undelivered);
    }

    /// The order of the faults.
    #[test]
    fn what_can_not_be_delivered_is_refused() {
        let code = |order: Order, item| order.deliver(item, Deliver).map(|_| ()).unwrap_err().code();
        let unpaid = Order::new(OrderType::Renewal, 2).unwrap();
        assert_eq!(code(unpaid.clone(), 2), "order.no_such_item");
        assert_eq!(code(unpaid.clone(), 1), "order.not_paid");
        assert_eq!(
            code(unpaid.after(OrderEvent::Pay).unwrap().deliver(1, Fail).unwrap(), 1),
            "order.illegal_transition"
        );
        assert_eq!(code(paid(1).after(OrderEvent::StartRefund).unwrap(), 0), "order.not_paid");
        for count in [0, MOST_ITEMS + 1, usize::MAX] {
            assert_eq!(Order::new(OrderType::New, count).unwrap_err().code(), "order.bad_item_count");
        }
        let stored = Order::stored(OrderType::New, OrderStatus::Unpaid, vec![ItemStatus::Delivered]);
        assert_eq!(stored.unwrap_err().code(), "order.not_paid");
    }
}
