//! What is compared with what is asked for: a lane is a resource, or one of the two ways to count the cards of a model.

use crate::placement::{Resource, request::CARD};
use crate::units::Name;

/// A lane. Every node has a [`Cell`] in it, listed or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::placement) enum Lane {
    /// Pods that the node still takes.
    Slots,
    /// A resource that is not cards.
    Amount(Resource),
    /// Wholly free cards of a model, in milli-cards.
    Whole(Name),
    /// The largest share that one card of a model still takes, in milli-cards.
    Share(Name),
}

impl Lane {
    /// The lane in which an amount is judged.
    pub(in crate::placement) fn of(resource: &Resource, amount: u64) -> Self {
        match resource {
            Resource::Gpu(model) if amount < CARD => Self::Share(model.clone()),
            Resource::Gpu(model) => Self::Whole(model.clone()),
            _ => Self::Amount(resource.clone()),
        }
    }

    /// All lanes that a resource has.
    pub(in crate::placement) fn all_of(resource: &Resource) -> impl Iterator<Item = Self> {
        let share = matches!(resource, Resource::Gpu(_)).then(|| Self::of(resource, 1));
        share.into_iter().chain([Self::of(resource, CARD)])
    }

    pub(in crate::placement) const fn is_cards(&self) -> bool {
        matches!(self, Self::Whole(_) | Self::Share(_))
    }
}

/// What a node has in a lane: so much for sure, and with what nobody knows so much at most.
///
/// An amount is *enough* up to the level, *unknown* up to the ceiling, and *short* beyond. Where all is known both are the
/// same; where nothing is, they are the ends of the numbers, which no request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::placement) struct Cell {
    pub(in crate::placement) level: i64,
    pub(in crate::placement) ceiling: i64,
}

impl Cell {
    pub(in crate::placement) const NOTHING: Self = Self::known(0);
    pub(in crate::placement) const UNLIMITED: Self = Self::known(i64::MAX);
    pub(in crate::placement) const UNKNOWN: Self = Self { level: i64::MIN, ceiling: i64::MAX };

    pub(in crate::placement) const fn known(level: i64) -> Self {
        Self { level, ceiling: level }
    }

    /// Cards of a model beside so many whose model nobody knows.
    pub(in crate::placement) fn cards(level: i64, of_unknown_model: u64) -> Self {
        if of_unknown_model == 0 {
            return Self::known(level);
        }
        let more = i64::try_from(of_unknown_model).unwrap_or(i64::MAX).saturating_mul(CARD.cast_signed());
        Self { level, ceiling: level.max(0).saturating_add(more) }
    }
}
