use super::words::words;
use super::{Machine, Transition};
use crate::{error::OrderError, money::Money};
use std::cmp::Ordering;

words! {
    /// What an order of the portal is for.
    ///
    /// # Rule
    /// R-O1
    OrderType, "type of order" {
        /// Something new.
        New = "new",
        /// More time for what is there.
        Renewal = "renewal",
        /// A larger specification.
        Upgrade = "upgrade",
        /// A smaller one.
        Downgrade = "downgrade",
        /// What is paid by the day is paid ahead from now on.
        Post2Pre = "post2pre",
    }
}

words! {
    /// What of an order is paid and given back.
    ///
    /// ```text
    /// unpaid ─ pay ─► paid ─ start_refund ─► refunding ─ refund_whole ─► refund
    ///   │               ▲                      │  │  ▲
    ///   │               └──── refund_none ─────┘  │  └─ start_refund ─┐
    ///   └ cancel, time_out ─► cancelled           └─ refund_part ─► partrefund
    /// ```
    ///
    /// A refund that ends leaves the order where the money says, whether it succeeded or not: nothing
    /// given back so far is `paid`, a part `partrefund`, all of it `refund`
    /// ([`OrderEvent::refund_ended`]). So a first refund that fails leads back to `paid` and a second
    /// one to `partrefund`, and an order that was refunded in part may be refunded further, as R-W14
    /// has it: up to what was paid.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::order::{Machine, OrderEvent::*, OrderStatus};
    ///
    /// let mut order = OrderStatus::Unpaid;
    /// for event in [Pay, StartRefund, RefundPart, StartRefund, RefundWhole] {
    ///     order = order.after(event)?;
    /// }
    /// assert_eq!(order, OrderStatus::Refund);
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O1
    OrderStatus, "status of an order" {
        /// It waits for its payment.
        Unpaid = "unpaid",
        /// It is paid.
        Paid = "paid",
        /// Something is being given back.
        Refunding = "refunding",
        /// All of it was given back.
        Refund = "refund",
        /// A part of it was given back.
        PartRefund = "partrefund",
        /// It was never paid, and will not be.
        Cancelled = "cancelled",
    }
}

words! {
    /// What happens to an order.
    ///
    /// # Rule
    /// R-O1
    OrderEvent, "event of an order" {
        /// Its payment is carried out.
        Pay = "pay",
        /// Its owner withdraws it.
        Cancel = "cancel",
        /// The time to pay it is over.
        TimeOut = "time_out",
        /// A refund begins.
        StartRefund = "start_refund",
        /// A refund ended, and nothing is given back so far.
        RefundNone = "refund_none",
        /// A refund ended, and a part is given back so far.
        RefundPart = "refund_part",
        /// A refund ended, and all is given back.
        RefundWhole = "refund_whole",
    }
}

/// The table of R-O1.
const TRANSITIONS: &[Transition<OrderStatus, OrderEvent>] = &[
    row(OrderStatus::Unpaid, OrderEvent::Pay, OrderStatus::Paid),
    row(OrderStatus::Unpaid, OrderEvent::Cancel, OrderStatus::Cancelled),
    row(OrderStatus::Unpaid, OrderEvent::TimeOut, OrderStatus::Cancelled),
    row(OrderStatus::Paid, OrderEvent::StartRefund, OrderStatus::Refunding),
    row(OrderStatus::PartRefund, OrderEvent::StartRefund, OrderStatus::Refunding),
    row(OrderStatus::Refunding, OrderEvent::RefundNone, OrderStatus::Paid),
    row(OrderStatus::Refunding, OrderEvent::RefundPart, OrderStatus::PartRefund),
    row(OrderStatus::Refunding, OrderEvent::RefundWhole, OrderStatus::Refund),
];

const fn row(from: OrderStatus, event: OrderEvent, to: OrderStatus) -> Transition<OrderStatus, OrderEvent> {
    Transition { from, event, to }
}

impl Machine for OrderStatus {
    type Event = OrderEvent;

    fn transitions() -> &'static [Transition<Self, OrderEvent>] {
        TRANSITIONS
    }
}

/// What was paid for an order, and what of it was given back so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refunded {
    /// What was paid.
    pub paid: Money,
    /// What was given back so far, by all refunds together.
    pub given_back: Money,
}

impl OrderEvent {
    /// What a refund that ended, well or not, says of its order.
    ///
    /// An order for which nothing had to be paid is given back whole.
    ///
    /// # Errors
    /// `order.negative_amount` for what was paid, then for what was given back;
    /// `money.currency_mismatch`; `order.over_refunded` where more was given back than was paid.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, order::{OrderEvent, Refunded}};
    ///
    /// let ended = |given_back| {
    ///     let (paid, given_back) = (Money::parse("30.00", CNY)?, Money::parse(given_back, CNY)?);
    ///     OrderEvent::refund_ended(Refunded { paid, given_back })
    /// };
    /// assert_eq!(ended("0.00")?, OrderEvent::RefundNone); // it failed
    /// assert_eq!(ended("29.99")?, OrderEvent::RefundPart);
    /// assert_eq!(ended("30")?, OrderEvent::RefundWhole);
    /// assert_eq!(ended("30.01").unwrap_err().code(), "order.over_refunded");
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O1, R-W14
    pub fn refund_ended(refunded: Refunded) -> Result<Self, OrderError> {
        let Refunded { paid, given_back } = refunded;
        not_negative("what was paid", paid)?;
        not_negative("what was given back", given_back)?;
        match given_back.compare(paid)? {
            Ordering::Greater => Err(OrderError::OverRefunded { paid: paid.amount(), given_back: given_back.amount() }),
            Ordering::Equal => Ok(Self::RefundWhole),
            Ordering::Less if given_back.is_zero() => Ok(Self::RefundNone),
            Ordering::Less => Ok(Self::RefundPart),
        }
    }
}

/// The error, if an amount is below zero.
pub(super) fn not_negative(what: &'static str, amount: Money) -> Result<(), OrderError> {
    if amount.is_negative() {
        return Err(OrderError::NegativeAmount { what, amount: amount.amount() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::CNY;

    fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    /// R-O1: a refund that fails leads back to where the money stands.
    #[test]
    fn a_failed_refund_leads_back_to_where_the_money_stands() {
        let after = |given_back| {
            let event = OrderEvent::refund_ended(Refunded { paid: cny("303.30"), given_back: cny(given_back) });
            OrderStatus::Refunding.after(event.unwrap()).unwrap()
        };
        assert_eq!(after("0"), OrderStatus::Paid);
        assert_eq!(after("222.20"), OrderStatus::PartRefund);
        assert_eq!(after("303.3"), OrderStatus::Refund);
    }

    #[test]
    fn what_can_not_have_been_given_back_is_refused_in_order() {
        let code = |paid: Money, given_back: Money| {
            OrderEvent::refund_ended(Refunded { paid, given_back }).map_err(|error| error.code())
        };
        let usd = Money::parse("-1", "USD".parse().unwrap()).unwrap();
        assert_eq!(code(cny("-1"), usd), Err("order.negative_amount"));
        assert_eq!(code(cny("1"), usd), Err("order.negative_amount"));
        assert_eq!(code(cny("1"), usd.negated()), Err("money.currency_mismatch"));
        assert_eq!(code(cny("1"), cny("1.01")), Err("order.over_refunded"));
        assert_eq!(code(cny("0"), cny("0.00")), Ok(OrderEvent::RefundWhole));
    }
}
