//! Who pays and with what: `units.csv`, `accounts.csv`, `coupons.csv`.

use super::{
    Reading,
    table::{Row, Table},
};
use crate::{portfolio::ServiceUnit, problem::Fault};
use counterfoil::{
    error::{MoneyError, excerpt},
    money::{Currency, Money},
    units::Name,
    wallet::{Category, Coupon, CouponTerms, Owner, OwnerKind, Scope},
};
use std::collections::BTreeMap;

impl Reading {
    /// Reads the service units.
    pub(super) fn units(&mut self, table: &Table) {
        for row in table.rows() {
            match self.unit(row) {
                Ok((id, unit)) => drop(self.portfolio.units.insert(id, unit)),
                Err(fault) => self.note(row, None, fault),
            }
        }
    }

    fn unit(&self, row: Row<'_>) -> Result<(Name, ServiceUnit), Fault> {
        row.check_width()?;
        let id = row.value::<Name>("unit")?;
        if self.portfolio.units.contains_key(&id) {
            return Err(Fault::new("input.repeated", format!("service unit `{id}` stands twice")));
        }
        let application = row.value::<Name>("application")?.to_string();
        let category = match row.text("category")? {
            "server" => Category::Server,
            "other" => Category::Other,
            text => {
                let message = format!("no category `{}`: use server or other", excerpt(text));
                return Err(Fault::new("input.unknown_category", message).about("column `category`"));
            }
        };
        Ok((id, ServiceUnit { application, category }))
    }

    /// Reads the accounts: each makes an owner.
    pub(super) fn accounts(&mut self, table: &Table) {
        for row in table.rows() {
            match owner(row) {
                Ok(owner) => {
                    let balance = self.balance(row, &owner);
                    let holding = self.portfolio.owners.entry(owner.clone()).or_default();
                    match balance {
                        Ok(balance) => holding.balance = Some(balance),
                        Err(fault) => self.note(row, Some(&owner), fault),
                    }
                }
                Err(fault) => self.note(row, None, fault),
            }
        }
    }

    fn balance(&self, row: Row<'_>, owner: &Owner) -> Result<Money, Fault> {
        row.check_width()?;
        if self.portfolio.owners.contains_key(owner) {
            return Err(Fault::new("input.repeated", format!("the account of {owner} stands twice")));
        }
        let currency = row.value::<Currency>("currency")?;
        if currency != self.portfolio.currency() {
            let (left, right) = (currency.to_string(), self.portfolio.currency().to_string());
            let fault = Fault::from(MoneyError::CurrencyMismatch { left, right });
            return Err(fault.about(&format!("the account of {owner} is not in the currency of the rate card")));
        }
        money(row, "balance", currency)
    }

    /// Reads the coupons.
    pub(super) fn coupons(&mut self, table: &Table) {
        let mut seen = BTreeMap::new();
        for row in table.rows() {
            let holder = holder(row);
            let owner = holder.as_ref().ok().cloned().flatten();
            let coupon = holder.and_then(|holder| self.coupon(row, holder)).and_then(|coupon| {
                match seen.insert(coupon.id().to_string(), row.line()) {
                    None => Ok(coupon),
                    Some(line) => {
                        let message = format!("coupon `{}` stands in line {line} already", coupon.id());
                        Err(Fault::new("input.repeated", message))
                    }
                }
            });
            match (coupon, owner) {
                (Ok(coupon), None) => self.portfolio.waiting.push(coupon),
                (Ok(coupon), Some(owner)) => match self.portfolio.owners.get_mut(&owner) {
                    Some(holding) => holding.coupons.push(coupon),
                    None => self.note(row, None, no_account(&owner)),
                },
                (Err(fault), owner) => self.note(row, owner.as_ref(), fault),
            }
        }
    }

    fn coupon(&self, row: Row<'_>, owner: Option<Owner>) -> Result<Coupon, Fault> {
        row.check_width()?;
        let unit = row.optional::<Name>("unit")?;
        let category = match &unit {
            None => Category::Other,
            Some(unit) => {
                let known = self.portfolio.units.get(unit);
                known.ok_or_else(|| no_unit(unit).about("column `unit`"))?.category
            }
        };
        let currency = row.value::<Currency>("currency")?;
        let order = row.text("order")?;
        Ok(Coupon::new(CouponTerms {
            id: row.value::<Name>("coupon")?.as_str().into(),
            face_value: money(row, "face_value", currency)?,
            balance: money(row, "balance", currency)?,
            status: row.value("status")?,
            effective: row.value("effective")?,
            expiration: row.value("expiration")?,
            created: row.value("created")?,
            owner,
            unit: unit.map(|unit| unit.to_string()),
            scope: if order.is_empty() { Scope::Unit } else { Scope::Order(order.to_owned()) },
            category,
        })?)
    }
}

/// The owner of a row.
pub(super) fn owner(row: Row<'_>) -> Result<Owner, Fault> {
    let kind = row.value::<OwnerKind>("owner_kind")?;
    Ok(Owner::new(kind, row.value::<Name>("owner")?.as_str()))
}

/// The holder of a coupon; nobody where both columns are empty.
fn holder(row: Row<'_>) -> Result<Option<Owner>, Fault> {
    let nobody = row.text("owner_kind")?.is_empty() && row.text("owner")?.is_empty();
    if nobody { Ok(None) } else { owner(row).map(Some) }
}

/// The amount of a column.
pub(super) fn money(row: Row<'_>, column: &'static str, currency: Currency) -> Result<Money, Fault> {
    Money::parse(row.text(column)?, currency).map_err(|error| Fault::from(error).about(&format!("column `{column}`")))
}

/// An owner whom `accounts.csv` does not know.
pub(super) fn no_account(owner: &Owner) -> Fault {
    Fault::new("input.no_account", format!("{owner} has no account: add one to accounts.csv"))
}

/// A service unit that `units.csv` does not know.
pub(super) fn no_unit(unit: &Name) -> Fault {
    Fault::new("input.no_unit", format!("no service unit `{unit}`: add it to units.csv"))
}
