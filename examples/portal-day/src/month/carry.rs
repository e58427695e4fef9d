//! Carries a month out in the store, day by day: what is due, what happens, what was used, what was known
//! too late. Each step is one transaction that does nothing the second time.

use super::{bills::MonthBills, dunning::Dunned, standing::Standing};
use crate::{
    bill::DayBill,
    events::{Event, Purchase, Timeline, What},
    ledger::{Ledger, is_refusal},
    problem::Fault,
};
use anyhow::Result;
use counterfoil::{
    money::Money,
    order::{DeliveryEvent, ItemStatus, OrderStatus},
    statement::{ChargedReading, Statement, StatementStatus, daily},
    time::{BillingDay, Instant},
    units::Name,
    wallet::{Charge, Coupons, Funding, GiveBack, LockState, Owner, RefundRequest, ReturnOrder},
};
use counterfoil_store::{
    Act, OrderTerms, OrderedItem, Put, StatementFilter, StoreError, StoredOrder, StoredPayment, TopUp, UndeliveredTerms,
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// What every part of a refund is a multiple of: a cent.
const STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

impl Ledger<'_> {
    /// Carries out the days of a month; `done` is called after each.
    pub(crate) async fn month(
        &mut self,
        timeline: &Timeline,
        bills: &MonthBills,
        dunned: &mut Dunned,
        done: impl Fn(BillingDay),
    ) -> Result<()> {
        let days: Vec<BillingDay> = bills.days().collect();
        let standing = Standing::read(self.store, &days).await?;
        for (index, day) in days.iter().enumerate() {
            self.morning(timeline, &standing, *day, dunned).await?;
            for event in timeline.within(day.period()) {
                if !self.portfolio.left_out.contains(&event.owner) {
                    self.happen(timeline, event, standing.is_done(&event.owner, *day)).await?;
                }
            }
            self.changes.events += self.store.release_expired(day.period().end()).await?.len();
            self.close(bills, &standing, index, *day).await?;
            self.correct(bills, &standing, &days, index).await?;
            done(*day);
        }
        self.mend(bills, &days).await
    }

    /// Gives waiting coupons their codes. A code that does not fit the store is reported.
    pub(crate) async fn issue(&mut self, timeline: &Timeline) -> Result<()> {
        for coupon in &self.portfolio.waiting {
            let Some(code) = timeline.codes.get(coupon.id()) else { continue };
            match self.store.issue_coupon(coupon, code).await {
                Ok(Put::Inserted) => self.changes.loaded += 1,
                Ok(Put::Unchanged) => {}
                Err(error) if is_refusal(&error) => {
                    let message = format!("coupon `{}` could not get its code: {error}", coupon.id());
                    self.problems.push(Fault { code: error.code(), message }.at("codes.csv", 0));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Carries out one event. What is refused is reported, and others of its owner go on.
    async fn happen(&mut self, timeline: &Timeline, event: &Event, is_done: bool) -> Result<()> {
        let outcome = if is_done { self.stands(timeline, event).await } else { self.carry_out(timeline, event).await };
        match outcome {
            Ok(is_new) => self.changes.events += usize::from(is_new),
            Err(error) if is_refusal(&error) => {
                let what = format!("{} `{}` was refused", event.what.name(), event.what.subject());
                let fault = Fault { code: error.code(), message: format!("{what}: {error}") };
                self.problems.push(fault.at(event.origin.file, event.origin.line));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whether it changed something.
    async fn carry_out(&self, timeline: &Timeline, event: &Event) -> Result<bool, StoreError> {
        let (store, owner, at) = (self.store, &event.owner, event.at);
        match &event.what {
            What::TopUp { id, amount } => {
                let top_up = TopUp { id: id.clone(), owner: owner.clone(), amount: *amount };
                Ok(!store.top_up(&top_up, at).await?.is_replay)
            }
            What::Redeem { coupon, code } => Ok(!store.redeem(coupon, code, owner, at).await?.is_replay),
            What::Order(purchase) => self.buy(owner, purchase, at).await,
            What::Settle { order } => self.settle_order(timeline, order, at).await,
            What::Refund { id, order, amount } => {
                let payment = self.paid(order).await?;
                let request = refund(id, &payment, *amount);
                Ok(!store.refund(&request, at).await?.is_replay)
            }
            What::Authorise { order, unit, amount, expires } => {
                let charge = self.charge_of(order, owner, unit, *amount);
                Ok(!store.authorise(&charge, *expires, at).await?.is_replay)
            }
            What::Capture { order, amount } => {
                let application = self.locked(timeline, order)?;
                Ok(!store.capture(&application, order, *amount, at).await?.is_replay)
            }
            What::Void { order } => {
                let application = self.locked(timeline, order)?;
                Ok(!store.void(&application, order, at).await?.is_replay)
            }
            What::Deliver { order, item } => {
                let Some(kept) = self.kept(timeline, order).await? else { return Ok(false) };
                let Some(item) = kept.terms.items.get(*item) else { return Ok(false) };
                let act = act("delivered", at);
                let change = store.deliver(&kept.terms.application, order, &item.id, DeliveryEvent::Deliver, &act);
                Ok(!change.await?.is_replay)
            }
        }
    }

    /// The application that an order's lock is of.
    fn locked(&self, timeline: &Timeline, order: &str) -> Result<String, StoreError> {
        let unit = timeline.events.iter().find_map(|event| match &event.what {
            What::Authorise { order: of, unit, .. } if of == order => Some(unit),
            _ => None,
        });
        let missing = || StoreError::NotFound { what: "lock", id: order.to_owned() };
        unit.map(|unit| self.application(unit)).ok_or_else(missing)
    }

    /// Places an order and pays it; one that can not be paid is withdrawn, and so is not tried again.
    async fn buy(&self, owner: &Owner, purchase: &Purchase, at: Instant) -> Result<bool, StoreError> {
        let application = self.application(&purchase.unit);
        let items = purchase.items.iter();
        let terms = OrderTerms {
            application: application.clone(),
            order: purchase.order.clone(),
            order_type: purchase.order_type,
            owner: owner.clone(),
            unit: purchase.unit.to_string(),
            amount: purchase.amount,
            items: items.map(|item| OrderedItem { id: item.id.clone(), weight: item.price.amount() }).collect(),
            step: STEP,
            pay_within_s: None,
        };
        self.store.create_order(&terms, &act("placed", at)).await?;
        let (coupons, funding) = (Coupons::Automatic, Funding::EnoughFunds);
        match self.store.pay_order(&application, &purchase.order, coupons, funding, &act("paid", at)).await {
            Ok(paid) => Ok(!paid.paid.is_replay),
            Err(error) if is_refusal(&error) => {
                self.store.cancel_order(&application, &purchase.order, &act("it could not be paid", at)).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Says of an order's things that did not arrive that they will not, and gives back what they cost (R-W17).
    async fn settle_order(&self, timeline: &Timeline, order: &str, at: Instant) -> Result<bool, StoreError> {
        let Some(kept) = self.kept(timeline, order).await? else { return Ok(false) };
        let application = &kept.terms.application;
        let mut undelivered = false;
        for (item, status) in kept.terms.items.iter().zip(kept.order.items()) {
            if *status == ItemStatus::Delivered {
                continue;
            }
            undelivered = true;
            let act = act("it did not arrive", at);
            self.store.deliver(application, order, &item.id, DeliveryEvent::Fail, &act).await?;
        }
        if !undelivered {
            return Ok(false);
        }
        let terms = UndeliveredTerms {
            refund: format!("{order}/undelivered"),
            returned: ReturnOrder::Proportional,
            give_back: GiveBack::SameCoupon,
        };
        let refunded = self.store.refund_undelivered(application, order, &terms, &act("undelivered", at)).await?;
        Ok(!refunded.refunded.is_replay)
    }

    /// An order as it is kept; none for one that was refused.
    async fn kept(&self, timeline: &Timeline, order: &str) -> Result<Option<StoredOrder>, StoreError> {
        let Some((_, purchase)) = timeline.purchases().find(|(_, purchase)| purchase.order == order) else {
            return Ok(None);
        };
        let kept = self.store.order(&self.application(&purchase.unit), order).await?;
        Ok(kept.filter(|kept| kept.order.status() != OrderStatus::Cancelled))
    }

    /// Nothing, where an event of a day that is done is in the books; else the error.
    async fn stands(&self, timeline: &Timeline, event: &Event) -> Result<bool, StoreError> {
        let (store, owner) = (self.store, &event.owner);
        let stands = match &event.what {
            What::TopUp { id, .. } => store.top_ups(owner).await?.iter().any(|stored| stored.top_up.id == *id),
            What::Redeem { coupon, .. } => store.coupons(owner).await?.iter().any(|held| held.id() == coupon),
            What::Order(Purchase { order, .. }) => self.paid(order).await.is_ok(),
            What::Refund { id, order, .. } => match self.paid(order).await {
                Ok(payment) => {
                    let application = &payment.payment.charge().application;
                    store.refund_of(application, id).await?.is_some()
                }
                Err(_) => false,
            },
            What::Capture { order, .. } => self.paid(order).await.is_ok(),
            What::Authorise { order, .. } => store.lock(&self.locked(timeline, order)?, order).await?.is_some(),
            What::Void { order } => {
                let lock = store.lock(&self.locked(timeline, order)?, order).await?;
                lock.is_some_and(|stored| stored.lock.state_at(event.at) == LockState::Voided)
            }
            What::Deliver { .. } | What::Settle { .. } => true,
        };
        if stands {
            Ok(false)
        } else {
            Err(StoreError::NotFound { what: "event of a day that is closed", id: event.what.subject().to_owned() })
        }
    }

    /// States and charges a day of those whose day is not done.
    async fn close(&mut self, bills: &MonthBills, standing: &Standing, index: usize, day: BillingDay) -> Result<()> {
        let end = day.period().end();
        let Some(bill) = bills.known(index, end, |_| true) else { return Ok(()) };
        let own = statements_of(&bill)?;
        let open = bills.known(index, end, |owner| !standing.is_stated(owner, day));
        if let Some(open) = open.filter(|open| !open.owners.is_empty()) {
            self.state(&open).await?;
        }
        self.settle(day, end, |id, _| own.contains(id)).await
    }

    /// Corrects earlier days by what came to be known on a day.
    async fn correct(
        &mut self,
        bills: &MonthBills,
        standing: &Standing,
        days: &[BillingDay],
        index: usize,
    ) -> Result<()> {
        let Some(today) = days.get(index).map(|day| day.period()) else { return Ok(()) };
        for (late, changed) in bills.late_within(today, index) {
            if self.portfolio.left_out.contains(&late.owner) {
                continue;
            }
            for place in changed {
                let Some(day) = days.get(place).copied() else { continue };
                let reading = late.days.get(place).and_then(Option::as_ref);
                if !standing.holds(&late.owner, day, &late.id, reading) {
                    let bill = bills.known(place, late.known, |owner| *owner == late.owner);
                    if let Some(bill) = bill {
                        self.state(&bill).await?;
                    }
                }
                self.settle(day, today.end(), |_, owner| *owner == late.owner).await?;
            }
        }
        Ok(())
    }

    /// States what is otherwise than it stands, because rows were mended since, and settles it at the end.
    async fn mend(&mut self, bills: &MonthBills, days: &[BillingDay]) -> Result<()> {
        let Some(end) = days.last().map(|day| day.period().end()) else { return Ok(()) };
        let standing = Standing::read(self.store, days).await?;
        for (index, day) in days.iter().enumerate() {
            let left_out = self.portfolio.left_out.clone();
            let Some(bill) = bills.known(index, end, |owner| !left_out.contains(owner)) else { continue };
            let bill = standing.differing(bill);
            if !bill.owners.is_empty() {
                self.state(&bill).await?;
                self.settle(*day, end, |_, owner| bill.owners.contains_key(owner)).await?;
            }
        }
        Ok(())
    }

    /// Settles statements of a day that are open: charges them, or gives back what they correct.
    async fn settle(&mut self, day: BillingDay, now: Instant, which: impl Fn(&str, &Owner) -> bool) -> Result<()> {
        let filter = StatementFilter { zone: Some(day.zone()), ..StatementFilter::dated(day.date()..=day.date()) };
        for statement in self.store.statements(&filter.with_status(StatementStatus::Unpaid)).await? {
            if which(&statement.id, &statement.key.owner) {
                self.settle_one(&statement.id, &statement.key.owner, &statement.key.unit, now).await?;
            }
        }
        Ok(())
    }

    /// What an order asks for: coupons that fit, then a balance that holds enough.
    pub(crate) fn charge_of(&self, order: &str, payer: &Owner, unit: &Name, amount: Money) -> Charge {
        Charge {
            application: self.application(unit),
            order: order.to_owned(),
            unit: unit.to_string(),
            payer: payer.clone(),
            amount,
            coupons: Coupons::Automatic,
            funding: Funding::EnoughFunds,
        }
    }

    /// The payment of an order, of whichever application.
    pub(crate) async fn paid(&self, order: &str) -> Result<StoredPayment, StoreError> {
        let applications: BTreeSet<&str> =
            self.portfolio.units.values().map(|unit| unit.application.as_str()).collect();
        for application in applications {
            if let Some(payment) = self.store.payment(application, order).await? {
                return Ok(payment);
            }
        }
        Err(StoreError::NotFound { what: "payment", id: order.to_owned() })
    }

    /// The application that a service unit belongs to.
    fn application(&self, unit: &Name) -> String {
        self.portfolio.units.get(unit).map(|unit| unit.application.clone()).unwrap_or_default()
    }
}

/// The portal's refund: in proportion to what each source paid, coupons to the same coupons (R-W15, R-W16).
fn refund(id: &str, payment: &StoredPayment, amount: Money) -> RefundRequest {
    let charge = payment.payment.charge();
    RefundRequest {
        id: id.to_owned(),
        application: charge.application.clone(),
        order: charge.order.clone(),
        amount,
        fee: Money::zero(amount.currency()),
        step: STEP,
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}

/// Who does what is read from the input, for the history of an order.
fn act(reason: &str, now: Instant) -> Act {
    Act { by: "portal-day".to_owned(), reason: reason.to_owned(), now }
}

/// The ids of a day's own statements.
fn statements_of(bill: &DayBill) -> Result<BTreeSet<String>> {
    let charged = bill.owners.values().flatten().map(|billed| ChargedReading {
        reading: billed.reading.id(),
        owner: billed.owner.clone(),
        unit: billed.unit.clone(),
        kind: billed.reading.kind().clone(),
        original: billed.original,
        payable: billed.payable,
    });
    Ok(daily(bill.day, charged)?.iter().map(Statement::id).collect())
}
