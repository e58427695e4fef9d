//! What happens in a month besides use: money that comes in, orders, locks, plans, refunds, and rows that
//! were known too late.

use crate::portfolio::{Origin, Resource};
use counterfoil::{
    money::Money,
    order::{AutoRenew, OrderType, PlanOrder},
    time::{Instant, Period},
    units::Name,
    wallet::Owner,
};
use std::collections::BTreeMap;

/// Everything that was read of it.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The codes of coupons that wait for whoever knows them.
    pub(crate) codes: BTreeMap<String, String>,
    /// What happens, by instant.
    pub(crate) events: Vec<Event>,
    /// What is paid ahead, cycle by cycle.
    pub(crate) plans: Vec<Plan>,
    /// Lives that were corrected, by the instant at which that was known.
    pub(crate) late: Vec<Late>,
}

/// One thing that happens to one owner.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// When.
    pub(crate) at: Instant,
    /// To whom.
    pub(crate) owner: Owner,
    /// Where it was read.
    pub(crate) origin: Origin,
    /// What.
    pub(crate) what: What,
}

/// What can happen; of one instant, in this order.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Money is put on the account.
    TopUp {
        /// Its id.
        id: String,
        /// How much.
        amount: Money,
    },
    /// A coupon is redeemed.
    Redeem {
        /// The coupon.
        coupon: String,
        /// The code that the owner has.
        code: String,
    },
    /// Funds are locked for an order that is not paid yet.
    Authorise {
        /// The order.
        order: String,
        /// The service unit.
        unit: Name,
        /// How much.
        amount: Money,
        /// The last instant at which the lock holds.
        expires: Instant,
    },
    /// The order of a lock is paid, in part or whole.
    Capture {
        /// The order.
        order: String,
        /// How much.
        amount: Money,
    },
    /// A lock is given up.
    Void {
        /// The order.
        order: String,
    },
    /// An order is placed and paid.
    Order(Purchase),
    /// One thing of an order arrives.
    Deliver {
        /// The order.
        order: String,
        /// Which of its items, from 0.
        item: usize,
    },
    /// No more of an order will arrive: what did not comes back.
    Settle {
        /// The order.
        order: String,
    },
    /// A part of a payment is given back.
    Refund {
        /// Its id.
        id: String,
        /// The order that was paid.
        order: String,
        /// How much.
        amount: Money,
    },
}

/// An order of several items.
#[derive(Debug, Clone)]
pub(crate) struct Purchase {
    /// Its id.
    pub(crate) order: String,
    /// What it is for.
    pub(crate) order_type: OrderType,
    /// The service unit.
    pub(crate) unit: Name,
    /// Its items, in order.
    pub(crate) items: Vec<Item>,
    /// Their sum.
    pub(crate) amount: Money,
}

/// One thing of an order.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Its id.
    pub(crate) id: String,
    /// Its price.
    pub(crate) price: Money,
    /// When it arrived, if it did.
    pub(crate) delivered: Option<Instant>,
}

/// Something that is paid ahead, cycle by cycle.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Its id.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) owner: Owner,
    /// The service unit.
    pub(crate) unit: Name,
    /// Its start, its cycle, and how often it was renewed before the month.
    pub(crate) order: PlanOrder,
    /// Whether it is renewed by itself.
    pub(crate) auto_renew: AutoRenew,
    /// What a cycle costs.
    pub(crate) price: Money,
    /// Where it was read.
    pub(crate) origin: Origin,
}

/// The life of a resource as it really was, known from an instant on.
#[derive(Debug)]
pub(crate) struct Late {
    /// Since when it is known.
    pub(crate) known: Instant,
    /// Whose resource.
    pub(crate) owner: Owner,
    /// Its id.
    pub(crate) id: Name,
    /// The resource, with its life as it really was.
    pub(crate) resource: Resource,
}

impl Timeline {
    /// What happens in a period, in order.
    pub(crate) fn within(&self, period: Period) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| period.contains(event.at))
    }

    /// The orders that are placed, by id.
    pub(crate) fn purchases(&self) -> impl Iterator<Item = (&Event, &Purchase)> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Order(purchase) => Some((event, purchase)),
            _ => None,
        })
    }

    /// Puts events in order: by instant, then as [`What`] says, then by owner and as they were read.
    pub(crate) fn sort(&mut self) {
        self.events.sort_by(|a, b| {
            let key = |event: &Event| (event.at, event.what.rank());
            key(a).cmp(&key(b)).then_with(|| a.owner.cmp(&b.owner)).then(a.origin.line.cmp(&b.origin.line))
        });
        self.plans.sort_by(|a, b| a.id.cmp(&b.id));
        self.late.sort_by(|a, b| (a.known, &a.id).cmp(&(b.known, &b.id)));
    }
}

impl What {
    /// Its name, as `top_up`.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::TopUp { .. } => "top_up",
            Self::Redeem { .. } => "redeem",
            Self::Authorise { .. } => "authorise",
            Self::Capture { .. } => "capture",
            Self::Void { .. } => "void",
            Self::Order(_) => "order",
            Self::Deliver { .. } => "deliver",
            Self::Settle { .. } => "settle",
            Self::Refund { .. } => "refund",
        }
    }

    /// What it is about: a top-up, a coupon, an order, a refund.
    pub(crate) fn subject(&self) -> &str {
        match self {
            Self::TopUp { id, .. } | Self::Refund { id, .. } => id,
            Self::Redeem { coupon, .. } => coupon,
            Self::Authorise { order, .. }
            | Self::Capture { order, .. }
            | Self::Void { order }
            | Self::Deliver { order, .. }
            | Self::Settle { order } => order,
            Self::Order(purchase) => &purchase.order,
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::TopUp { .. } => 0,
            Self::Redeem { .. } => 1,
            Self::Authorise { .. } => 2,
            Self::Capture { .. } => 3,
            Self::Void { .. } => 4,
            Self::Order(_) => 5,
            Self::Deliver { .. } => 6,
            Self::Settle { .. } => 7,
            Self::Refund { .. } => 8,
        }
    }
}
