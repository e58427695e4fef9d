use super::{Rate, Tariff};
use crate::{
    error::PricingError,
    metering::{Kind, Part},
    money::Currency,
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, fmt};

/// One rate of a card: for a part of a kind of resource, from an instant and until another.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The kind of resource.
    pub kind: Kind,
    /// The part of it.
    pub part: Part,
    /// What it costs.
    pub rate: Rate,
    /// The first instant at which it is in force; none for always.
    pub from: Option<Instant>,
    /// The first instant at which it is no more; none for ever.
    pub to: Option<Instant>,
}

/// The least and the most that one reading or quote of a kind costs.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The least; where anything was used at all.
    pub minimum: Option<Decimal>,
    /// The most.
    pub maximum: Option<Decimal>,
}

/// A price list: one currency, one revision, at most one rate in force for each part at any instant.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCard {
    revision: Name,
    currency: Currency,
    /// Sorted by kind, part and begin of validity.
    entries: Vec<Entry>,
    limits: BTreeMap<Kind, Limits>,
}

impl RateCard {
    /// A card of entries in any order.
    ///
    /// # Errors
    /// `pricing.two_in_force` where two entries of one part are in force at one instant;
    /// `pricing.bad_rate` where a rate contradicts itself.
    ///
    /// # Rule
    /// R-P1
    pub fn new(
        revision: Name,
        currency: Currency,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<Self, PricingError> {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by(|a, b| (&a.kind, &a.part, a.from).cmp(&(&b.kind, &b.part, b.from)));
        for entry in &entries {
            entry.check()?;
        }
        for pair in entries.windows(2) {
            let [first, second] = pair else { continue };
            let same = first.kind == second.kind && first.part == second.part;
            let begins = second.from.unwrap_or(Instant::MIN);
            if same && first.to.is_none_or(|to| begins < to) {
                return Err(PricingError::TwoInForce {
                    kind: first.kind.to_string(),
                    part: first.part.to_string(),
                    at: begins.to_chrono(),
                });
            }
        }
        Ok(Self { revision, currency, entries, limits: BTreeMap::new() })
    }

    /// The same card with limits for the readings and quotes of a kind.
    ///
    /// # Errors
    /// `pricing.bad_rate` where the minimum is above the maximum.
    pub fn with_limits(mut self, kind: Kind, limits: Limits) -> Result<Self, PricingError> {
        if let Limits { minimum: Some(minimum), maximum: Some(maximum) } = limits
            && minimum > maximum
        {
            return Err(PricingError::BadRate { entry: kind.to_string(), fault: "its minimum is above its maximum" });
        }
        self.limits.insert(kind, limits);
        Ok(self)
    }

    /// What tells it from other revisions; every result names it.
    pub const fn revision(&self) -> &Name {
        &self.revision
    }

    /// The currency of its prices.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Its entries by kind, part and begin of validity.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The rates of a kind that are in force at an instant, ready to rate with.
    ///
    /// A tariff is made once and used for as many readings as one likes.
    ///
    /// # Errors
    /// `money.overflow`; and where a month is of no length at that instant, the error of its policy.
    ///
    /// # Rule
    /// R-P1
    pub fn tariff(&self, kind: &Kind, at: Instant) -> Result<Tariff, PricingError> {
        let in_force = self.entries.iter().filter(|entry| entry.kind == *kind && entry.holds_at(at));
        let limits = self.limits.get(kind).copied().unwrap_or_default();
        Tariff::new(self, kind.clone(), at, in_force, limits)
    }
}

impl Entry {
    fn holds_at(&self, at: Instant) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    fn check(&self) -> Result<(), PricingError> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to <= from
        {
            return Err(PricingError::BadRate { entry: self.to_string(), fault: "it ends before it begins" });
        }
        self.rate.check(self)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.part)
    }
}
