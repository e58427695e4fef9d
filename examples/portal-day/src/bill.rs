//! Meter and rate: from lives to readings with their amounts. Pure, and before anything is written, so
//! that an owner whom something is wrong with is left out as a whole.

use crate::{
    portfolio::{Holding, Portfolio, Resource, Terms},
    problem::{Fault, Problem},
};
use counterfoil::{
    error::PricingError,
    metering::{Kind, Reading},
    money::Money,
    pricing::Tariff,
    time::BillingDay,
    units::Name,
    wallet::Owner,
};
use std::collections::BTreeMap;

/// A reading with what it costs and who pays for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Billed {
    /// What was used.
    pub(crate) reading: Reading,
    /// Who pays.
    pub(crate) owner: Owner,
    /// The service unit that is paid.
    pub(crate) unit: Name,
    /// What all that was used costs.
    pub(crate) original: Money,
    /// What is to be paid.
    pub(crate) payable: Money,
}

/// The readings of one day, by owner.
#[derive(Debug)]
pub(crate) struct DayBill {
    /// The day.
    pub(crate) day: BillingDay,
    /// Every sound owner; one without readings of the day has none.
    pub(crate) owners: BTreeMap<Owner, Vec<Billed>>,
}

/// The tariffs of one day.
#[derive(Debug)]
pub(crate) struct Tariffs {
    by_kind: BTreeMap<Kind, Tariff>,
}

/// Meters and rates every day of every sound owner.
///
/// What can not be metered or rated is a problem, and its owner is left out from then on. `done` is called
/// after each owner.
pub(crate) fn bill(
    portfolio: &mut Portfolio,
    terms: &Terms,
    days: &[BillingDay],
    done: impl Fn(),
) -> Result<(Vec<DayBill>, Vec<Problem>), Problem> {
    let tariffs = days.iter().map(|day| Tariffs::of(portfolio, *day)).collect::<Result<Vec<_>, _>>()?;
    let mut bills: Vec<DayBill> = days.iter().map(|day| DayBill { day: *day, owners: BTreeMap::new() }).collect();
    let mut problems = Vec::new();
    for (owner, holding) in portfolio.sound() {
        match bill_owner(owner, holding, terms, days, &tariffs) {
            Ok(readings) => {
                for (bill, readings) in bills.iter_mut().zip(readings) {
                    bill.owners.insert(owner.clone(), readings);
                }
            }
            Err(found) => problems.extend(found),
        }
        done();
    }
    portfolio.left_out.extend(problems.iter().filter_map(|problem| problem.owner.clone()));
    Ok((bills, problems))
}

/// The days of one owner, or everything that is wrong with them.
fn bill_owner(
    owner: &Owner,
    holding: &Holding,
    terms: &Terms,
    days: &[BillingDay],
    tariffs: &[Tariffs],
) -> Result<Vec<Vec<Billed>>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut bills: Vec<Vec<Billed>> = days.iter().map(|_| Vec::new()).collect();
    for (id, resource) in &holding.resources {
        for ((day, tariffs), bill) in days.iter().zip(tariffs).zip(&mut bills) {
            match tariffs.bill(owner, id, resource, *day, terms) {
                Ok(billed) => bill.extend(billed),
                Err(problem) => {
                    problems.push(problem.of(Some(owner)));
                    break; // the other days would say the same again
                }
            }
        }
    }
    if problems.is_empty() { Ok(bills) } else { Err(problems) }
}

impl Tariffs {
    /// The rates that are in force when a day begins.
    pub(crate) fn of(portfolio: &Portfolio, day: BillingDay) -> Result<Self, Problem> {
        let mut by_kind = BTreeMap::new();
        for entry in portfolio.card.entries() {
            if !by_kind.contains_key(&entry.kind) {
                let tariff = portfolio.card.tariff(&entry.kind, day.period().start());
                let tariff = tariff.map_err(|error| Fault::from(error).at(crate::input::RATES, 0))?;
                by_kind.insert(entry.kind.clone(), tariff);
            }
        }
        Ok(Self { by_kind })
    }

    /// The rates of a kind.
    pub(crate) fn kind(&self, kind: &Kind) -> Option<&Tariff> {
        self.by_kind.get(kind)
    }

    /// The reading of a resource of a day with its amounts; none if it did not live then.
    pub(crate) fn bill(
        &self,
        owner: &Owner,
        id: &Name,
        resource: &Resource,
        day: BillingDay,
        terms: &Terms,
    ) -> Result<Option<Billed>, Problem> {
        let at = |fault: Fault, origin: crate::portfolio::Origin| {
            fault.about(&format!("`{id}` on {day}")).at(origin.file, origin.line)
        };
        let usage = resource.usage(day, terms.quota(&resource.kind));
        let Some(usage) = usage.map_err(|error| at(error.into(), resource.origin))? else {
            return Ok(None);
        };
        let Some(tariff) = self.kind(&resource.kind) else {
            return Ok(None); // kinds are checked when resources are read
        };
        let rated = tariff.rate(&usage, terms.rounding).map_err(|error| {
            let part = match &error {
                PricingError::NoRate { part, model, .. } => {
                    usage.parts().find(|known| known.dimension.as_str() == part && known.model.as_str() == model)
                }
                _ => None,
            };
            at(Fault::from(error.clone()), resource.origin_of(part))
        })?;
        let (original, payable) =
            (Money::new(rated.original(), tariff.currency()), Money::new(rated.payable(), tariff.currency()));
        Ok(Some(Billed {
            reading: Reading::new(id.clone(), resource.kind.clone(), usage),
            owner: owner.clone(),
            unit: resource.unit.clone(),
            original,
            payable,
        }))
    }
}
