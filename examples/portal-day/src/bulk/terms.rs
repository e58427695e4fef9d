//! What holds for all rows: days, prices, rounding.

use super::columns::{self, TARIFF};
use crate::problem::{Fault, Unusable};
use anyhow::Result;
use arrow_schema::Schema;
use counterfoil::{
    metering::{Kind, QuotaCharge},
    money::{Currency, Rounding},
    pricing::{
        RateCard, Tariff,
        bulk::{Rater, RatingTerms, UsageDetail},
    },
    statement::{Month, bulk::DailyTerms},
    time::{BillingDay, Zone},
};
use counterfoil_arrow::{BatchError, BatchRater, MoneyType};
use std::{collections::BTreeMap, fs, path::Path};

/// The price list where none is named.
const RATES: &str = include_str!("../../sample/rates.toml");

/// What holds for all rows of a run.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) month: Month,
    pub(crate) zone: Zone,
    pub(crate) days: Vec<BillingDay>,
    pub(crate) rounding: Rounding,
    pub(crate) quota: QuotaCharge,
    pub(crate) card: RateCard,
    /// The kinds of the price list, in its order.
    pub(crate) kinds: Vec<Kind>,
    tariffs: Vec<Tariff>,
    /// The place of the tariff of each kind on each day, or why there is none.
    places: Vec<Vec<Result<u32, Fault>>>,
}

impl Terms {
    /// Reads the price list, and finds the rates that are in force when each day of the month begins.
    pub(crate) fn new(
        month: Month,
        zone: Zone,
        rounding: Rounding,
        quota: QuotaCharge,
        rates: Option<&Path>,
    ) -> Result<Self, Unusable> {
        let file = rates.map_or_else(|| "rates.toml".to_owned(), |path| path.display().to_string());
        let of_card = |fault: Fault| Unusable::from(fault.at(&file, 0));
        let text = match rates {
            None => RATES.to_owned(),
            Some(path) => fs::read_to_string(path)
                .map_err(|error| of_card(Fault::new("input.unreadable", format!("can not be read: {error}"))))?,
        };
        let card = RateCard::from_toml(&text).map_err(|error| of_card(error.into()))?;
        let of_days = |fault: Fault| Unusable::from(fault.at("--month", 0));
        let days = month.first()..=month.last();
        let days = BillingDay::days(days, zone).map_err(|error| of_days(error.into()))?.collect();
        let mut terms =
            Self { month, zone, days, rounding, quota, card, kinds: vec![], tariffs: vec![], places: vec![] };
        terms.find_tariffs();
        Ok(terms)
    }

    /// One tariff for all days on which the same entries hold.
    fn find_tariffs(&mut self) {
        let mut known: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        for entry in self.card.entries() {
            if self.kinds.contains(&entry.kind) {
                continue;
            }
            let places = self.days.iter().map(|day| {
                let at = day.period().start();
                let tariff = self.card.tariff(&entry.kind, at)?;
                let entries = self.card.entries().iter().enumerate();
                let holding: Vec<usize> = entries
                    .filter(|(_, other)| other.kind == entry.kind && other.validity().holds_at(at))
                    .map(|(place, _)| place)
                    .collect();
                let next = u32::try_from(self.tariffs.len()).unwrap_or(u32::MAX);
                let place = *known.entry(holding).or_insert(next);
                if place == next {
                    self.tariffs.push(tariff);
                }
                Ok(place)
            });
            let places = places.collect();
            self.places.push(places);
            self.kinds.push(entry.kind.clone());
        }
    }

    /// The place of the tariff of a kind on a day, each by its own place.
    pub(super) fn tariff(&self, kind: usize, day: usize) -> Option<&Result<u32, Fault>> {
        self.places.get(kind)?.get(day)
    }

    /// The currency of all amounts.
    pub(crate) fn currency(&self) -> Currency {
        self.card.currency()
    }

    /// How many digits after the point amounts have.
    pub(crate) fn scale(&self) -> u32 {
        self.rounding.step().scale()
    }

    /// Who rates batches of a schema.
    pub(super) fn rater(&self, file: &str, schema: &Schema) -> Result<BatchRater, Unusable> {
        let usage = columns::usage_schema(file, schema)?;
        let terms = RatingTerms { rounding: self.rounding, quota: self.quota, usage: UsageDetail::None };
        let of_rates = |fault: Fault| Unusable::from(fault.at("rates.toml", 0));
        let rater = Rater::new(self.tariffs.clone(), terms).map_err(|error| of_rates(error.into()))?;
        BatchRater::new(usage, rater, MoneyType::Scaled).map_err(|error| of_rates(error.into()))
    }

    /// What holds for the statements. Resources are numbered below a bound, so that what is kept of them is.
    pub(super) fn daily(&self, resources: u32) -> DailyTerms {
        let resources = usize::try_from(resources).unwrap_or(usize::MAX);
        DailyTerms { days: self.days.clone(), currency: self.currency(), scale: self.scale(), resources }
    }
}

impl From<BatchError> for Fault {
    fn from(error: BatchError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

/// What is wrong where a row has no tariff of its kind.
pub(super) fn no_tariff(kind: &str) -> Fault {
    BatchError::NoTariff { kind: kind.to_owned() }.into()
}

/// What is wrong where a row has no value.
pub(super) fn is_null(column: &str) -> Fault {
    debug_assert!(column != TARIFF, "a tariff is found here");
    BatchError::NullInColumn { column: column.to_owned() }.into()
}
