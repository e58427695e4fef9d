//! What the store holds of a month besides readings and statements, read back.

use super::dunning::{Dunned, renewal_of};
use crate::{
    books::Books,
    events::{Timeline, What},
    ledger::Ledger,
};
use anyhow::Result;
use counterfoil::{
    money::Money,
    units::Name,
    wallet::{Coupon, Destination, Owner, RefundState, Source},
};
use counterfoil_store::{StoreError, StoredLock, StoredOrder, StoredPayment, StoredRefund, StoredTopUp};
use std::collections::{BTreeMap, BTreeSet};

/// Money that came in, payments of orders, and everything that was given back.
#[derive(Debug)]
pub(crate) struct MonthBooks {
    /// Top-ups, by owner and then from the first on.
    pub(crate) top_ups: Vec<StoredTopUp>,
    /// Coupons that owners hold, as they stand.
    pub(crate) coupons: BTreeMap<Owner, Vec<Coupon>>,
    /// Locks, by owner and then from the first on.
    pub(crate) locks: Vec<StoredLock>,
    /// Orders, by owner and then from the first on.
    pub(crate) orders: Vec<StoredOrder>,
    /// Payments of orders and plans that were made in the month: what they are of, and the payment.
    pub(crate) payments: Vec<(OrderKind, StoredPayment)>,
    /// Payments of other months, of orders and plans of which something came back in this one.
    pub(crate) earlier: Vec<StoredPayment>,
    /// Every refund of the month's statements, and those of orders that were asked for in the month.
    pub(crate) refunds: Vec<MonthRefund>,
}

/// What an order that was paid is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderKind {
    /// Something that was bought.
    Order,
    /// Funds that were locked first.
    Lock,
    /// A cycle of a plan.
    Renewal,
}

/// A refund, and to whom it went.
#[derive(Debug)]
pub(crate) struct MonthRefund {
    /// The refund.
    pub(crate) stored: StoredRefund,
    /// To whom.
    pub(crate) owner: Owner,
    /// The service unit that had been paid.
    pub(crate) unit: Name,
    /// What the order was of; none for a statement.
    pub(crate) kind: Option<OrderKind>,
    /// Whether what is refunded was invoiced with another month.
    pub(crate) of_earlier: bool,
}

impl OrderKind {
    /// The name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Lock => "lock",
            Self::Renewal => "renewal",
        }
    }
}

impl MonthRefund {
    /// How much of a payment it undid; nothing where it did not succeed.
    pub(crate) fn amount(&self) -> Money {
        match self.stored.refund.state() {
            RefundState::Success => self.stored.refund.request().amount,
            _ => Money::zero(self.stored.refund.request().amount.currency()),
        }
    }

    /// What of it came back to a coupon, or to the balance.
    pub(crate) fn returned(&self) -> impl Iterator<Item = (Source<'_>, Money)> {
        let succeeded = self.stored.refund.state() == RefundState::Success;
        let legs = self.stored.refund.legs().iter().filter(move |_| succeeded);
        legs.filter_map(|leg| match leg.to() {
            Destination::Source | Destination::SourceUntil(_) => Some((leg.source().borrowed(), leg.amount())),
            Destination::Balance => Some((Source::Balance, leg.amount())),
            Destination::Recorded => None,
        })
    }

    /// Whether it is of a correction.
    pub(crate) const fn is_correction(&self) -> bool {
        self.stored.correction.is_some()
    }
}

impl MonthBooks {
    /// Reads them.
    pub(crate) async fn read(ledger: &Ledger<'_>, timeline: &Timeline, dunned: &Dunned, books: &Books) -> Result<Self> {
        let store = ledger.store;
        let (mut top_ups, mut locks, mut orders, mut coupons) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        for owner in books.balances.keys() {
            top_ups.extend(store.top_ups(owner).await?);
            locks.extend(store.locks(owner).await?);
            orders.extend(store.orders(owner).await?);
            coupons.insert(owner.clone(), store.coupons(owner).await?);
        }
        let (mut payments, mut earlier, mut refunds) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, order) in paid_ahead(timeline, dunned) {
            let payment = match ledger.paid(&order).await {
                Ok(payment) => payment,
                Err(StoreError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            // The files and the store go on from month to month; an invoice is of one.
            let of_earlier = !books.is_within(payment.paid_at);
            let charge = payment.payment.charge();
            let back = store.refunds(&charge.application, &charge.order).await?;
            let before = refunds.len();
            for stored in back.into_iter().filter(|stored| books.is_within(stored.asked_at)) {
                let unit = charge.unit.parse()?;
                refunds.push(MonthRefund { stored, owner: charge.payer.clone(), unit, kind: Some(kind), of_earlier });
            }
            if !of_earlier {
                payments.push((kind, payment));
            } else if refunds.len() > before {
                earlier.push(payment);
            }
        }
        for stated in &books.statements {
            let key = stated.statement.key();
            refunds.extend(stated.refunds.iter().map(|stored| MonthRefund {
                stored: stored.clone(),
                owner: key.owner.clone(),
                unit: key.unit.clone(),
                kind: None,
                of_earlier: false,
            }));
        }
        // Refunds of the month's statements that no correction asked for.
        let of_statements: BTreeSet<String> = books.statements.iter().map(|stated| stated.statement.id()).collect();
        for event in &timeline.events {
            let What::Refund { id, order, .. } = &event.what else { continue };
            if !of_statements.contains(order) {
                continue;
            }
            let known = |refund: &MonthRefund| refund.stored.refund.id() == id;
            let Ok(payment) = ledger.paid(order).await else { continue };
            if refunds.iter().any(known) {
                continue;
            }
            let charge = payment.payment.charge();
            if let Some(stored) = store.refund_of(&charge.application, id).await? {
                let unit = charge.unit.parse()?;
                let owner = charge.payer.clone();
                refunds.push(MonthRefund { stored, owner, unit, kind: None, of_earlier: false });
            }
        }
        refunds.sort_by(|a, b| {
            let key = |refund: &MonthRefund| (refund.stored.asked_at, refund.stored.refund.id().to_owned());
            key(a).cmp(&key(b))
        });
        Ok(Self { top_ups, coupons, locks, orders, payments, earlier, refunds })
    }
}

/// The ids of everything besides statements that may have been paid.
fn paid_ahead(timeline: &Timeline, dunned: &Dunned) -> Vec<(OrderKind, String)> {
    let mut orders = Vec::new();
    for event in &timeline.events {
        match &event.what {
            What::Order(purchase) => orders.push((OrderKind::Order, purchase.order.clone())),
            What::Authorise { order, .. } => orders.push((OrderKind::Lock, order.clone())),
            _ => {}
        }
    }
    for plan in &timeline.plans {
        let renewed = plan.order.renewals().saturating_add(1)..=dunned.renewals(plan);
        orders.extend(renewed.map(|number| (OrderKind::Renewal, renewal_of(&plan.id, number))));
    }
    orders
}
