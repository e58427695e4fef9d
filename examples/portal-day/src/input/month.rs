//! What happens in a month: `codes.csv`, `topups.csv`, `redeems.csv`, `orders.csv` with `items.csv`,
//! `locks.csv`, `plans.csv` and `refunds.csv`. Each may be missing.

use super::{
    Reading,
    owners::{money, no_account, no_unit, owner},
    source::Source,
    table::{Layout, Row, Table},
};
use crate::{
    events::{Event, Item, Plan, Purchase, What},
    portfolio::Origin,
    problem::{Fault, Problem},
};
use counterfoil::{
    error::{MoneyError, excerpt},
    money::{Currency, Money},
    order::{AutoRenew, CycleLength, OrderType, PlanOrder, PlanState},
    time::{Instant, Zone},
    units::Name,
    wallet::Owner,
};
use std::collections::BTreeMap;

const CODES: Layout = Layout { file: "codes.csv", columns: &["coupon", "code"], parts: false };
const TOP_UPS: Layout =
    Layout { file: "topups.csv", columns: &["topup", "at", "owner_kind", "owner", "amount", "currency"], parts: false };
const REDEEMS: Layout =
    Layout { file: "redeems.csv", columns: &["at", "owner_kind", "owner", "coupon", "code"], parts: false };
const ORDERS: Layout = Layout {
    file: "orders.csv",
    columns: &["order", "at", "owner_kind", "owner", "unit", "type", "settled"],
    parts: false,
};
const ITEMS: Layout =
    Layout { file: "items.csv", columns: &["order", "item", "price", "currency", "delivered"], parts: false };
const LOCKS: Layout = Layout {
    file: "locks.csv",
    columns: &["order", "at", "owner_kind", "owner", "event", "unit", "amount", "currency", "expires"],
    parts: false,
};
const PLANS: Layout = Layout {
    file: "plans.csv",
    columns: &["plan", "start", "owner_kind", "owner", "unit", "cycle", "renewals", "auto_renew", "price", "currency"],
    parts: false,
};
const REFUNDS: Layout = Layout {
    file: "refunds.csv",
    columns: &["refund", "at", "owner_kind", "owner", "order", "amount", "currency"],
    parts: false,
};
const LATE: Layout = Layout { file: "late.csv", columns: &["known", "resource", "start", "end", "mode"], parts: true };

/// The tables of a month, each with a good header, or empty where there is none.
pub(super) struct MonthTables {
    codes: Table,
    top_ups: Table,
    redeems: Table,
    orders: Table,
    items: Table,
    locks: Table,
    plans: Table,
    refunds: Table,
    /// Lives that were known too late.
    pub(super) late: Table,
}

impl MonthTables {
    /// Reads those that are there.
    pub(super) fn read(source: &Source) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut table = |layout| Table::read_if_there(source, layout).map_err(|problem| problems.push(problem)).ok();
        let tables = (
            (table(CODES), table(TOP_UPS), table(REDEEMS)),
            (table(ORDERS), table(ITEMS), table(LOCKS)),
            (table(PLANS), table(REFUNDS), table(LATE)),
        );
        match tables {
            (
                (Some(codes), Some(top_ups), Some(redeems)),
                (Some(orders), Some(items), Some(locks)),
                (Some(plans), Some(refunds), Some(late)),
            ) => Ok(Self { codes, top_ups, redeems, orders, items, locks, plans, refunds, late }),
            _ => Err(problems),
        }
    }
}

/// An order that is still being read.
struct Draft {
    event: Event,
    purchase: Purchase,
    settled: Instant,
}

impl Reading {
    /// Reads what happens in the month; plans are counted in a zone.
    pub(super) fn month(&mut self, tables: &MonthTables, zone: Zone) {
        self.codes(&tables.codes);
        self.events(&tables.top_ups, Reading::top_up);
        self.events(&tables.redeems, Reading::redeem);
        self.orders(&tables.orders, &tables.items);
        self.events(&tables.locks, Reading::lock);
        self.plans(&tables.plans, zone);
        self.events(&tables.refunds, Reading::refund);
        self.timeline.sort();
    }

    fn codes(&mut self, table: &Table) {
        for row in table.rows() {
            let code = row.check_width().and_then(|()| {
                let coupon = row.value::<Name>("coupon")?;
                if !self.portfolio.waiting.iter().any(|waiting| waiting.id() == coupon.as_str()) {
                    let message = format!("no coupon `{coupon}` waits for a code: add one to coupons.csv");
                    return Err(Fault::new("input.no_coupon", message));
                }
                Ok((coupon.to_string(), required(row, "code")?))
            });
            match code {
                Ok((coupon, code)) if !self.timeline.codes.contains_key(&coupon) => {
                    self.timeline.codes.insert(coupon, code);
                }
                Ok((coupon, _)) => self.note(row, None, repeated("the code of coupon", &coupon)),
                Err(fault) => self.note(row, None, fault),
            }
        }
    }

    /// Reads the rows of a file, each with an owner.
    fn events(&mut self, table: &Table, read: impl Fn(&Self, Row<'_>) -> Result<What, Fault>) {
        let mut seen = BTreeMap::new();
        for row in table.rows() {
            let who = owner(row);
            let known = who.as_ref().ok().cloned();
            let event = who.and_then(|owner| {
                row.check_width()?;
                self.has_account(&owner)?;
                let what = read(self, row)?;
                let identity = (what.name(), what.subject().to_owned());
                if let Some(line) = seen.insert(identity, row.line()) {
                    let message = format!("`{}` stands in line {line} already", what.subject());
                    return Err(Fault::new("input.repeated", message));
                }
                Ok(Event { at: row.value("at")?, owner, origin: origin(table, row), what })
            });
            match event {
                Ok(event) => self.timeline.events.push(event),
                Err(fault) => self.note(row, known.as_ref(), fault),
            }
        }
    }

    fn top_up(&self, row: Row<'_>) -> Result<What, Fault> {
        Ok(What::TopUp { id: row.value::<Name>("topup")?.to_string(), amount: self.amount(row, "amount")? })
    }

    fn redeem(&self, row: Row<'_>) -> Result<What, Fault> {
        Ok(What::Redeem { coupon: row.value::<Name>("coupon")?.to_string(), code: required(row, "code")? })
    }

    fn refund(&self, row: Row<'_>) -> Result<What, Fault> {
        let (id, order) = (row.value::<Name>("refund")?.to_string(), required(row, "order")?);
        Ok(What::Refund { id, order, amount: self.amount(row, "amount")? })
    }

    fn lock(&self, row: Row<'_>) -> Result<What, Fault> {
        let order = row.value::<Name>("order")?.to_string();
        Ok(match row.text("event")? {
            "authorise" => What::Authorise {
                order,
                unit: self.unit_of(row)?,
                amount: self.amount(row, "amount")?,
                expires: row.value("expires")?,
            },
            "capture" => What::Capture { order, amount: self.amount(row, "amount")? },
            "void" => What::Void { order },
            text => {
                let message = format!("no event `{}` of a lock: use authorise, capture or void", excerpt(text));
                return Err(Fault::new("input.unknown_event", message).about("column `event`"));
            }
        })
    }

    /// Reads orders with their items; what was delivered, and that no more will be, are events of their own.
    fn orders(&mut self, orders: &Table, items: &Table) {
        let mut drafts: BTreeMap<String, Option<Draft>> = BTreeMap::new();
        for row in orders.rows() {
            let who = owner(row);
            let known = who.as_ref().ok().cloned();
            let id = row.value::<Name>("order").map(|id| id.to_string());
            let draft =
                id.clone().and_then(|id| if drafts.contains_key(&id) { Err(repeated("order", &id)) } else { Ok(id) });
            let draft = draft.and_then(|id| self.order(orders, row, id, who?));
            let good = draft.map_err(|fault| self.note(row, known.as_ref(), fault)).ok();
            if let Ok(id) = id {
                drafts.entry(id).and_modify(|first| *first = None).or_insert(good);
            }
        }
        for row in items.rows() {
            let id = match required(row, "order") {
                Ok(id) => id,
                Err(fault) => {
                    self.note(row, None, fault);
                    continue;
                }
            };
            let Some(known) = drafts.get_mut(&id) else {
                let message = format!("no order `{id}`: add it to {}", ORDERS.file);
                self.note(row, None, Fault::new("input.no_order", message));
                continue;
            };
            let Some(draft) = known else { continue };
            if let Err(fault) = self.item(row, draft) {
                let owner = draft.event.owner.clone();
                *known = None;
                self.note(row, Some(&owner), fault.about(&format!("order `{id}`")));
            }
        }
        for (id, draft) in drafts {
            let Some(Draft { event, purchase, settled }) = draft else { continue };
            if purchase.items.is_empty() {
                let fault = Fault::new("input.no_items", format!("order `{id}` has no row in {}", ITEMS.file));
                self.note_problem(fault.at(ORDERS.file, event.origin.line), Some(&event.owner));
                continue;
            }
            let of_order = |at, what| Event { at, what, ..event.clone() };
            for (item, delivered) in purchase.items.iter().enumerate() {
                if let Some(at) = delivered.delivered {
                    self.timeline.events.push(of_order(at, What::Deliver { order: id.clone(), item }));
                }
            }
            self.timeline.events.push(of_order(settled, What::Settle { order: id }));
            self.timeline.events.push(Event { what: What::Order(purchase), ..event });
        }
    }

    fn order(&self, table: &Table, row: Row<'_>, order: String, owner: Owner) -> Result<Draft, Fault> {
        row.check_width()?;
        self.has_account(&owner)?;
        let (at, settled) = (row.value::<Instant>("at")?, row.value::<Instant>("settled")?);
        if settled <= at {
            let message = format!("column `settled`: {settled} is not after {at}");
            return Err(Fault::new("input.reversed", message));
        }
        let nothing = Money::zero(self.portfolio.currency());
        let (order_type, unit) = (row.value::<OrderType>("type")?, self.unit_of(row)?);
        let purchase = Purchase { order: order.clone(), order_type, unit, items: Vec::new(), amount: nothing };
        let event = Event { at, owner, origin: origin(table, row), what: What::Settle { order } };
        Ok(Draft { event, purchase, settled })
    }

    fn item(&self, row: Row<'_>, draft: &mut Draft) -> Result<(), Fault> {
        row.check_width()?;
        let id = row.value::<Name>("item")?.to_string();
        let (price, delivered) = (self.amount(row, "price")?, row.optional::<Instant>("delivered")?);
        if draft.purchase.items.iter().any(|item| item.id == id) {
            return Err(repeated("item", &id));
        }
        if let Some(at) = delivered.filter(|at| *at <= draft.event.at || *at >= draft.settled) {
            let message = format!("item `{id}` arrives at {at}, which is not between order and settlement");
            return Err(Fault::new("input.reversed", message));
        }
        draft.purchase.amount = draft.purchase.amount.plus(price)?;
        draft.purchase.items.push(Item { id, price, delivered });
        Ok(())
    }

    fn plans(&mut self, table: &Table, zone: Zone) {
        for row in table.rows() {
            let who = owner(row);
            let known = who.as_ref().ok().cloned();
            match who.and_then(|owner| self.plan(table, row, owner, zone)) {
                Ok(plan) => self.timeline.plans.push(plan),
                Err(fault) => self.note(row, known.as_ref(), fault),
            }
        }
    }

    fn plan(&self, table: &Table, row: Row<'_>, owner: Owner, zone: Zone) -> Result<Plan, Fault> {
        row.check_width()?;
        self.has_account(&owner)?;
        let id = row.value::<Name>("plan")?.to_string();
        if self.timeline.plans.iter().any(|known| known.id == id) {
            return Err(repeated("plan", &id));
        }
        let renewals: u32 = row
            .text("renewals")?
            .parse()
            .map_err(|_| Fault::new("input.not_whole", "column `renewals`: it is no whole number of zero or more"))?;
        let auto_renew = match row.text("auto_renew")? {
            "on" => AutoRenew::On,
            "off" => AutoRenew::Off,
            text => {
                let message = format!("column `auto_renew`: `{}` is neither on nor off", excerpt(text));
                return Err(Fault::new("input.not_on_or_off", message));
            }
        };
        let order = PlanOrder::new(row.value("start")?, row.value::<CycleLength>("cycle")?, zone)?;
        let order = order.stored(PlanState::Consuming, renewals);
        order.deadline()?;
        let (unit, price) = (self.unit_of(row)?, self.amount(row, "price")?);
        Ok(Plan { id, owner, unit, order, auto_renew, price, origin: origin(table, row) })
    }

    fn has_account(&self, owner: &Owner) -> Result<(), Fault> {
        if self.portfolio.owners.contains_key(owner) { Ok(()) } else { Err(no_account(owner)) }
    }

    fn unit_of(&self, row: Row<'_>) -> Result<Name, Fault> {
        let unit = row.value::<Name>("unit")?;
        if self.portfolio.units.contains_key(&unit) { Ok(unit) } else { Err(no_unit(&unit).about("column `unit`")) }
    }

    /// An amount of zero or more in the currency of the rate card.
    fn amount(&self, row: Row<'_>, column: &'static str) -> Result<Money, Fault> {
        let (currency, ours) = (row.value::<Currency>("currency")?, self.portfolio.currency());
        if currency != ours {
            let (left, right) = (currency.to_string(), ours.to_string());
            return Err(Fault::from(MoneyError::CurrencyMismatch { left, right }).about("column `currency`"));
        }
        let amount = money(row, column, currency)?;
        if amount.is_negative() {
            let message = format!("column `{column}`: {amount} is below zero");
            return Err(Fault::new("input.below_zero", message));
        }
        Ok(amount)
    }
}

fn origin(table: &Table, row: Row<'_>) -> Origin {
    Origin { file: table.file(), line: row.line() }
}

fn required(row: Row<'_>, column: &'static str) -> Result<String, Fault> {
    match row.text(column)? {
        "" => Err(Fault::new("input.empty", format!("column `{column}` is empty"))),
        text => Ok(text.to_owned()),
    }
}

fn repeated(what: &str, id: &str) -> Fault {
    Fault::new("input.repeated", format!("{what} `{id}` stands twice"))
}
