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

/// From when and until when something is in force; always, unless it says otherwise.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// The first instant at which it is in force; none for always.
    pub from: Option<Instant>,
    /// The first instant at which it is no more; none for ever.
    pub to: Option<Instant>,
}

impl Validity {
    /// Without a beginning and without an end.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// Whether it is in force at an instant.
    pub fn holds_at(self, at: Instant) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// The first instant that lies in both, if there is one.
    pub fn overlap(self, other: Self) -> Option<Instant> {
        let begins = self.from.max(other.from).unwrap_or(Instant::MIN);
        (self.holds_at(begins) && other.holds_at(begins)).then_some(begins)
    }

    fn is_nothing(self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to <= from)
    }
}

/// The least and the most that one reading or quote of a kind costs.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The least; but nothing for what comes to nothing: not used, free, or not payable.
    pub minimum: Option<Decimal>,
    /// The most.
    pub maximum: Option<Decimal>,
}

impl Limits {
    /// Whether there is neither.
    #[inline]
    pub(super) const fn are_none(self) -> bool {
        self.minimum.is_none() && self.maximum.is_none()
    }
}

/// A price list: one currency, one revision, at most one rate in force for each part at any instant.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCard {
    revision: Name,
    currency: Currency,
    validity: Validity,
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
        Ok(Self { revision, currency, validity: Validity::ALWAYS, entries, limits: BTreeMap::new() })
    }

    /// The same card with limits for the readings and quotes of a kind.
    ///
    /// # Errors
    /// `pricing.bad_rate` where the minimum is above the maximum, and where one of them is below zero.
    pub fn with_limits(mut self, kind: Kind, limits: Limits) -> Result<Self, PricingError> {
        if [limits.minimum, limits.maximum].into_iter().flatten().any(|limit| limit < Decimal::ZERO) {
            return Err(PricingError::BadRate { entry: kind.to_string(), fault: "its limits may not be below zero" });
        }
        if let Limits { minimum: Some(minimum), maximum: Some(maximum) } = limits
            && minimum > maximum
        {
            return Err(PricingError::BadRate { entry: kind.to_string(), fault: "its minimum is above its maximum" });
        }
        self.limits.insert(kind, limits);
        Ok(self)
    }

    /// The same card, in force from an instant and until another. Its entries may be in force for a part of that.
    ///
    /// # Errors
    /// `pricing.bad_validity` where it ends before it begins.
    ///
    /// # Rule
    /// R-P1
    pub fn with_validity(self, validity: Validity) -> Result<Self, PricingError> {
        match (validity.from, validity.to) {
            (Some(from), Some(to)) if validity.is_nothing() => {
                Err(PricingError::BadValidity { from: from.to_chrono(), to: to.to_chrono() })
            }
            _ => Ok(Self { validity, ..self }),
        }
    }

    /// What tells it from other revisions; every result names it.
    pub const fn revision(&self) -> &Name {
        &self.revision
    }

    /// The currency of its prices.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// From when and until when the whole card is in force.
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    /// The limits of readings and quotes, by kind.
    pub fn all_limits(&self) -> impl ExactSizeIterator<Item = (&Kind, Limits)> {
        self.limits.iter().map(|(kind, limits)| (kind, *limits))
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
    /// `pricing.not_in_force` where the card as a whole is not; `money.overflow`; and where a month is of no
    /// length at that instant, the error of its policy.
    ///
    /// # Rule
    /// R-P1
    pub fn tariff(&self, kind: &Kind, at: Instant) -> Result<Tariff, PricingError> {
        if !self.validity.holds_at(at) {
            return Err(PricingError::NotInForce { revision: self.revision.to_string(), at: at.to_chrono() });
        }
        self.tariff_of_rates(kind, at)
    }

    /// The same, whether the card as a whole is in force or not: what it would cost by this revision.
    pub(super) fn tariff_of_rates(&self, kind: &Kind, at: Instant) -> Result<Tariff, PricingError> {
        // They are sorted by kind first: what is of others is not looked at.
        let begins = self.entries.partition_point(|entry| entry.kind < *kind);
        let of_kind = self.entries.iter().skip(begins).take_while(|entry| entry.kind == *kind);
        let in_force = of_kind.filter(|entry| entry.holds_at(at));
        let limits = self.limits.get(kind).copied().unwrap_or_default();
        Tariff::new(self, kind.clone(), at, in_force, limits)
    }
}

impl Entry {
    /// From when and until when it is in force.
    pub const fn validity(&self) -> Validity {
        Validity { from: self.from, to: self.to }
    }

    fn holds_at(&self, at: Instant) -> bool {
        self.validity().holds_at(at)
    }

    pub(super) fn check(&self) -> Result<(), PricingError> {
        if self.validity().is_nothing() {
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
