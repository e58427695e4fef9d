//! What is to be metered and who pays for it, however it was read.

use chrono::NaiveDate;
use counterfoil::{
    error::MeteringError,
    metering::{History, Kind, Part, QuotaCharge, SamplePolicy, Samples, Span, Spec, Usage},
    money::{Currency, Money, Rounding},
    pricing::RateCard,
    time::{BillingDay, Instant, Period, Zone},
    units::Name,
    wallet::{Category, Coupon, Owner},
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Portfolio {
    /// The price list.
    pub(crate) card: RateCard,
    /// Its text, as the store keeps it.
    pub(crate) card_source: String,
    /// The service units that are paid, by id.
    pub(crate) units: BTreeMap<Name, ServiceUnit>,
    /// Who pays, with what they have.
    pub(crate) owners: BTreeMap<Owner, Holding>,
    /// The owners that are left out because something of theirs is wrong.
    pub(crate) left_out: BTreeSet<Owner>,
    /// Coupons that nobody has redeemed yet.
    pub(crate) waiting: Vec<Coupon>,
    /// What was read and costs nothing, in words for the summary.
    pub(crate) remarks: Vec<String>,
}

/// What is paid: a data centre, a storage service, a scanner.
#[derive(Debug, Clone)]
pub(crate) struct ServiceUnit {
    /// The application that settles it.
    pub(crate) application: String,
    /// What kind of coupons a group may hold for it.
    pub(crate) category: Category,
}

/// What one owner has.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    /// The account; without one nothing can be charged.
    pub(crate) balance: Option<Money>,
    /// Its coupons.
    pub(crate) coupons: Vec<Coupon>,
    /// Its resources, by id.
    pub(crate) resources: BTreeMap<Name, Resource>,
}

/// Something that is metered.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Its kind: what the rate card prices by.
    pub(crate) kind: Kind,
    /// The service unit that is paid for it.
    pub(crate) unit: Name,
    /// Where it was read.
    pub(crate) origin: Origin,
    /// How it is metered.
    pub(crate) life: Life,
}

/// A line of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    /// The file.
    pub(crate) file: &'static str,
    /// The line, from 1.
    pub(crate) line: u64,
}

/// How a resource is metered.
#[derive(Debug)]
pub(crate) enum Life {
    /// By its spans.
    Spans {
        /// The spans.
        history: History,
        /// Where each was read.
        origins: Vec<Origin>,
    },
    /// By its spans, and by samples of its size (R-U8).
    Sampled {
        /// When it lived, and what it is made of beside its size.
        spans: Vec<Span>,
        /// Its sizes.
        samples: Samples,
        /// What they say about the time between them.
        policy: Sampling,
    },
    /// Once, as a task.
    Task {
        /// When it was done.
        at: Instant,
        /// What was done.
        spec: Spec,
        /// Where it was read.
        origin: Origin,
    },
}

/// The policies of samples; the metering time of a point sample is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// The size at the day's end counts for all of it.
    Point,
    /// Each size lasts until the next.
    TimeWeighted,
    /// The largest size counts for all of it.
    Maximum,
    /// The last size counts for all of it.
    Last,
}

/// How a run is done.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// The first day.
    pub(crate) from: NaiveDate,
    /// The last day.
    pub(crate) to: NaiveDate,
    /// Whose days they are.
    pub(crate) zone: Zone,
    /// How amounts are rounded.
    pub(crate) rounding: Rounding,
    /// The kinds whose quota spans are charged (D-U5).
    pub(crate) quota: BTreeMap<Kind, QuotaCharge>,
    /// When statements are charged; without it each at the end of its day.
    pub(crate) now: Option<Instant>,
}

impl Portfolio {
    /// Nothing yet, at the prices of a card.
    pub(crate) fn new(card: RateCard, card_source: String) -> Self {
        Self {
            card,
            card_source,
            units: BTreeMap::new(),
            owners: BTreeMap::new(),
            left_out: BTreeSet::new(),
            waiting: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// The currency of the card, in which everything is stated.
    pub(crate) const fn currency(&self) -> Currency {
        self.card.currency()
    }

    /// A resource and its owner.
    pub(crate) fn resource(&self, id: &Name) -> Option<(&Owner, &Resource)> {
        self.owners.iter().find_map(|(owner, holding)| holding.resources.get(id).map(|resource| (owner, resource)))
    }

    /// The owners that nothing is wrong with.
    pub(crate) fn sound(&self) -> impl Iterator<Item = (&Owner, &Holding)> {
        self.owners.iter().filter(|(owner, _)| !self.left_out.contains(*owner))
    }
}

impl Resource {
    /// Its usage of a day; none if it did not live then.
    pub(crate) fn usage(&self, day: BillingDay, quota: QuotaCharge) -> Result<Option<Usage>, MeteringError> {
        match &self.life {
            Life::Spans { history, .. } => history.usage_under(day.period(), quota),
            Life::Sampled { spans, samples, policy } => {
                let mut day_spans = Vec::new();
                for span in spans {
                    day_spans.extend(sampled(span, samples, *policy, day.period())?);
                }
                if day_spans.is_empty() {
                    return Ok(None);
                }
                History::new(day_spans)?.usage_under(day.period(), quota)
            }
            Life::Task { at, spec, .. } => Ok(day.period().contains(*at).then(|| Usage::counted(day.period(), spec))),
        }
    }

    /// The line that says the most about a part of it.
    pub(crate) fn origin_of(&self, part: Option<&Part>) -> Origin {
        let has = |spec: &Spec| part.is_some_and(|part| spec.quantity(part).is_some());
        match &self.life {
            Life::Spans { history, origins } => {
                let place = history.spans().iter().position(|span| has(span.spec()));
                place.and_then(|place| origins.get(place)).copied().unwrap_or(self.origin)
            }
            Life::Task { spec, origin, .. } if has(spec) => *origin,
            Life::Task { .. } | Life::Sampled { .. } => self.origin,
        }
    }
}

/// What one span with its samples comes to in a window.
fn sampled(span: &Span, samples: &Samples, policy: Sampling, window: Period) -> Result<Vec<Span>, MeteringError> {
    let life = Period::new(span.start(), span.end().unwrap_or(Instant::MAX))?.intersection(window);
    if life.is_empty() {
        return Ok(Vec::new());
    }
    let policy = match policy {
        Sampling::Point => SamplePolicy::Point { at: window.end() },
        Sampling::TimeWeighted => SamplePolicy::TimeWeighted,
        Sampling::Maximum => SamplePolicy::Maximum,
        Sampling::Last => SamplePolicy::Last,
    };
    let spec = |size| span.spec().clone().with(Part::SIZE, size);
    Ok(samples.history(life, policy, span.mode(), spec)?.spans().to_vec())
}

impl Sampling {
    /// The name, as `time_weighted`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::TimeWeighted => "time_weighted",
            Self::Maximum => "maximum",
            Self::Last => "last",
        }
    }
}

impl Terms {
    /// The days, in order.
    pub(crate) fn days(&self) -> Result<Vec<BillingDay>, counterfoil::error::TimeError> {
        Ok(BillingDay::days(self.from..=self.to, self.zone)?.collect())
    }

    /// When the statements of a day are charged.
    pub(crate) fn charged_at(&self, day: BillingDay) -> Instant {
        self.now.unwrap_or(day.period().end())
    }

    /// Whether quota spans of a kind are charged.
    pub(crate) fn quota(&self, kind: &Kind) -> QuotaCharge {
        self.quota.get(kind).copied().unwrap_or_default()
    }
}
