//! The ledger: what every source was opened with, what changed it and why, and what it holds.

use super::{
    super::{
        engine::{Connection, Row, sql},
        entries::{LedgerRow, cause_of},
        redemptions::{Change, State},
        rows::{Fields, amount},
        top_ups, wallets,
    },
    Auditor,
};
use crate::{Repair, StoreError};
use counterfoil::{money::Money, wallet::Source};
use std::collections::BTreeMap;

/// Where a source stands.
pub(super) struct Stand {
    /// As it was loaded, then as each entry left it.
    reached: Money,
    /// As its table says it is.
    kept: Money,
    /// The owner, as text; none of a coupon that nobody redeemed.
    owner: String,
}

impl Auditor {
    pub(super) async fn accounts(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows =
            sql("select owner, currency, opening, opening_debt, balance, debt from accounts").stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("accounts", "owner", &row);
            let read = || {
                row.owner("owner")?;
                Ok((row.money("opening")?, row.money("balance")?, row.money("opening_debt")?, row.money("debt")?))
            };
            let Some((opening, balance, opening_debt, debt)) = self.sound(read())? else { continue };
            let sums = self.sums(balance.currency());
            sums.accounts = sums.accounts.plus(&balance.exact().minus(&opening.exact())?)?;
            sums.debts = sums.debts.plus(&debt.exact().minus(&opening_debt.exact())?)?;
            sums.put_in = sums.put_in.plus(&opening.exact())?.minus(&opening_debt.exact())?;
            sums.held = sums.held.plus(&balance.exact())?.minus(&debt.exact())?;
            let owner = row.name();
            let stand = |reached, kept| Stand { reached, kept, owner: owner.clone() };
            self.stand.insert(("balance", owner.clone()), stand(opening, balance));
            self.stand.insert(("debt", owner.clone()), stand(opening_debt, debt));
        }
        Ok(())
    }

    pub(super) async fn coupons(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut reached = self.coupon_changes(connection).await?;
        let mut rows = sql(
            "select coupon, currency, face_value, opening, balance, status, effective_us, expiration_us, created_us, \
             owner, unit, scope_order, category from coupons",
        )
        .stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("coupons", "coupon", &row);
            let read = wallets::coupon_of(&row).and_then(|coupon| Ok((coupon, fields.money("opening")?)));
            let Some((coupon, opening)) = self.sound(read)? else { continue };
            let sums = self.sums(opening.currency());
            sums.coupons = sums.coupons.plus(&coupon.balance().exact().minus(&opening.exact())?)?;
            sums.put_in = sums.put_in.plus(&opening.exact())?;
            sums.held = sums.held.plus(&coupon.balance().exact())?;
            if reached.remove(coupon.id()).is_some_and(|reached| reached != State::of(&coupon)) {
                self.find("coupons", coupon.id(), "its status, owner or expiration is not what its history leaves");
            }
            let owner = coupon.owner().map(ToString::to_string).unwrap_or_default();
            let stand = Stand { reached: opening, kept: coupon.balance(), owner };
            self.stand.insert(("coupon", coupon.id().to_string()), stand);
        }
        Ok(())
    }

    /// What the history of each coupon that has one leaves.
    async fn coupon_changes(&mut self, connection: &mut Connection) -> Result<BTreeMap<String, State>, StoreError> {
        let mut rows =
            sql("select coupon, \"change\", at_us, status_before, status_after, owner_before, owner_after, \
             expiration_before_us, expiration_after_us from coupon_changes order by id")
            .stream(connection)?;
        let mut reached: BTreeMap<String, State> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let Some(change) = self.sound(Change::of(&row))? else { continue };
            if let Some(fault) = change.fault() {
                self.find("coupon_changes", &*change.coupon, fault);
            }
            if reached.get(&change.coupon).is_some_and(|reached| *reached != change.before) {
                self.find("coupon_changes", &*change.coupon, "it does not begin where the change before it ended");
            }
            reached.insert(change.coupon, change.after);
        }
        Ok(reached)
    }

    pub(super) async fn top_ups(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows = sql("select t.top_up, t.account, t.currency, t.amount, t.at_us, \
             exists (select 1 from entries e where e.top_up = t.id) as posted from top_ups t")
        .stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("top_ups", "top_up", &row);
            let Some(known) = self.sound(top_ups::top_up_of(&row))? else { continue };
            let amount = known.top_up.amount;
            let sums = self.sums(amount.currency());
            sums.top_ups = sums.top_ups.plus(&amount.exact())?;
            sums.put_in = sums.put_in.plus(&amount.exact())?;
            if fields.integer("posted")? == 0 {
                self.doubted.insert(("balance", known.top_up.owner.to_string()));
                self.find("top_ups", known.top_up.id, "it was never put on the account");
            }
        }
        Ok(())
    }

    /// Nothing proves what a source holds of which a leg has no entry.
    pub(super) fn doubt(&mut self, source: &Source<'_>, owner: &str) {
        self.doubted.insert(match source {
            Source::Coupon(id) => ("coupon", id.to_string()),
            Source::Debt => ("debt", owner.to_owned()),
            _ => ("balance", owner.to_owned()),
        });
    }

    /// Every entry, with the leg of its cause, from the first on.
    pub(super) async fn entries(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows = sql("select e.id, e.source, e.account, e.coupon, e.delta, e.held_after, \
             coalesce(p.currency, t.currency) as currency, p.application, p.order_id, t.top_up, r.refund, \
             coalesce(p.payer, t.account) as payer, \
             l.source as leg_source, l.coupon as leg_coupon, l.amount as leg_amount, l.held_after as leg_after, \
             t.amount as top_up_amount, r.state, g.destination, g.source as back_source, g.coupon as back_coupon, \
             g.amount as back_amount \
             from entries e left join refunds r on r.id = e.refund \
             left join payments p on p.id = coalesce(e.payment, r.payment) \
             left join legs l on l.payment = e.payment and l.position = e.position \
             left join refund_legs g on g.refund = e.refund and g.position = e.position \
             left join top_ups t on t.id = e.top_up and e.position = 0 order by e.id")
        .stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            self.entry(&row)?;
        }
        Ok(())
    }

    fn entry(&mut self, row: &Row) -> Result<(), StoreError> {
        let fields = Fields::of("entries", "id", row);
        let read = || Ok((cause_of(fields)?.to_string(), LedgerRow::of(row)?, expected(fields)?));
        let Some((cause, entry, expected)) = self.sound(read())? else { return Ok(()) };
        let LedgerRow { source, holder, delta, after } = &entry;
        let kind = match source {
            Source::Coupon(_) => "coupon",
            Source::Debt => "debt",
            _ => "balance",
        };
        if kind == "balance" {
            let sums = self.sums(delta.currency());
            sums.entries = sums.entries.plus(&delta.exact())?;
        }
        let mut faults = Vec::new();
        let payer = fields.optional_text("payer")?.unwrap_or_default();
        match self.stand.get_mut(&(kind, holder.clone())) {
            None => faults.push(format!("{source} of `{holder}` does not exist")),
            Some(stand) => {
                match stand.reached.plus(*delta) {
                    Ok(reached) if reached == *after => {}
                    Ok(reached) => faults.push(format!("it leaves {after} on {source}, and comes to {reached}")),
                    Err(error) => faults.push(error.to_string()),
                }
                if stand.owner != payer {
                    faults.push(format!("{source} is not of {payer}"));
                }
                stand.reached = *after;
            }
        }
        faults.extend(expected.fault(&entry).map(str::to_owned));
        if !faults.is_empty() {
            self.doubted.insert((kind, holder.clone()));
        }
        for fault in faults {
            self.find("entries", &*cause, fault);
        }
        Ok(())
    }

    /// What the sources hold is what the entries leave; where they prove it, that is how to mend the source.
    pub(super) fn holdings(&mut self) {
        for ((source, id), Stand { reached, kept, .. }) in std::mem::take(&mut self.stand) {
            if reached == kept {
                continue;
            }
            let is_proven = !self.is_unreadable && !self.doubted.contains(&(source, id.clone()));
            let (table, column) = match source {
                "coupon" => ("coupons", "balance"),
                source => ("accounts", source),
            };
            let fault = format!("its {source} is {kept}, and its entries leave {reached}");
            if is_proven {
                let (from, to) = (amount(kept), amount(reached));
                let why = format!("each of its entries goes on from the one before, and the last leaves {reached}");
                self.repairs.push(Repair { table, row: id.clone(), column, from, to, why });
            }
            self.find(table, id, fault);
        }
    }
}

/// What an entry must be, by its cause.
struct Expected {
    /// The kind of source, the coupon, the change; none where the cause changes nothing there.
    change: Option<(String, Option<String>, Money)>,
    /// What its leg says is held after it; of a top-up nothing is said.
    after: Option<Money>,
}

fn expected(row: Fields<'_>) -> Result<Expected, StoreError> {
    if row.optional_text("top_up_amount")?.is_some() {
        let change = ("balance".to_owned(), None, row.money("top_up_amount")?);
        return Ok(Expected { change: Some(change), after: None });
    }
    if let Some(destination) = row.optional_text("destination")? {
        let amount = row.money("back_amount")?;
        let source = row.text("back_source")?;
        let change = match (row.text("state")?, destination) {
            ("success", "balance") => Some(("balance".to_owned(), None, amount)),
            ("success", "source" | "source_until") => {
                let delta = if source == "debt" { amount.negated() } else { amount };
                Some((source.to_owned(), row.optional_text("back_coupon")?.map(str::to_owned), delta))
            }
            _ => None,
        };
        return Ok(Expected { change, after: None });
    }
    let Some(source) = row.optional_text("leg_source")? else { return Ok(Expected { change: None, after: None }) };
    let amount = row.money("leg_amount")?;
    let delta = if source == "debt" { amount } else { amount.negated() };
    let change = (source.to_owned(), row.optional_text("leg_coupon")?.map(str::to_owned), delta);
    Ok(Expected { change: Some(change), after: Some(row.money("leg_after")?) })
}

impl Expected {
    fn fault(&self, entry: &LedgerRow) -> Option<&'static str> {
        let Some((source, coupon, delta)) = &self.change else {
            return Some("its cause changes nothing there");
        };
        let (kind, id) = match &entry.source {
            Source::Coupon(id) => ("coupon", Some(&**id)),
            Source::Debt => ("debt", None),
            _ => ("balance", None),
        };
        if kind != source || id != coupon.as_deref() {
            Some("its cause changes another source")
        } else if entry.delta != *delta {
            Some("it is not the amount of its cause")
        } else if self.after.is_some_and(|after| after != entry.after) {
            Some("it leaves another sum than its cause")
        } else {
            None
        }
    }
}
