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
use std::collections::BTreeMap;

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
    /// Payments of orders and plans: what they are of, and the payment.
    pub(crate) payments: Vec<(OrderKind, StoredPayment)>,
    /// Every refund, of statements and of orders.
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
        let mut payments = Vec::new();
        for (kind, order) in paid_ahead(timeline, dunned) {
            match ledger.paid(&order).await {
                Ok(payment) => payments.push((kind, payment)),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut refunds = Vec::new();
        for (kind, payment) in &payments {
            let charge = payment.payment.charge();
            for stored in store.refunds(&charge.application, &charge.order).await? {
                let unit = charge.unit.parse()?;
                refunds.push(MonthRefund { stored, owner: charge.payer.clone(), unit, kind: Some(*kind) });
            }
        }
        for stated in &books.statements {
            let key = stated.statement.key();
            refunds.extend(stated.refunds.iter().map(|stored| MonthRefund {
                stored: stored.clone(),
                owner: key.owner.clone(),
                unit: key.unit.clone(),
                kind: None,
            }));
        }
        // Refunds of a statement's payment that no correction asked for.
        for event in &timeline.events {
            let What::Refund { id, order, .. } = &event.what else { continue };
            let known = |refund: &MonthRefund| refund.stored.refund.id() == id;
            let Ok(payment) = ledger.paid(order).await else { continue };
            if refunds.iter().any(known) {
                continue;
            }
            let charge = payment.payment.charge();
            if let Some(stored) = store.refund_of(&charge.application, id).await? {
                let unit = charge.unit.parse()?;
                refunds.push(MonthRefund { stored, owner: charge.payer.clone(), unit, kind: None });
            }
        }
        refunds.sort_by(|a, b| {
            let key = |refund: &MonthRefund| (refund.stored.asked_at, refund.stored.refund.id().to_owned());
            key(a).cmp(&key(b))
        });
        Ok(Self { top_ups, coupons, locks, orders, payments, refunds })
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
