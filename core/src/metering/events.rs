use crate::{
    error::{MeteringError, MoneyError, excerpt},
    exact::Exact,
    time::{Instant, Period},
    units::Name,
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// Something that happened once, with a value: a request, a transfer, a change of level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What tells it from others; a second one of the same id is dropped.
    pub id: Name,
    /// When it happened.
    pub at: Instant,
    /// Its value; may be negative.
    pub value: Decimal,
}

/// How the events of a window become one number.
///
/// # Rule
/// R-U9
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// The sum of the values.
    Sum,
    /// The largest value.
    Maximum,
    /// How many events.
    Count,
    /// How many different values.
    UniqueCount,
    /// The value of the latest event; of two at one instant, the one with the larger id.
    Latest,
    /// Values are changes of a level: Σ level × time until the window's end, in value × microseconds.
    TimeWeightedSum,
}

/// What events came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregated {
    /// The number; none where there is nothing to take a maximum or a latest of.
    pub value: Option<Exact>,
    /// How many events of the window were counted.
    pub counted: usize,
    /// How many were dropped as duplicates.
    pub duplicates: usize,
}

/// Aggregates the events of a window. Events outside of it are left out, repeated ids dropped, and
/// the order of the events changes nothing.
///
/// # Errors
/// `metering.event_conflict` where two events of one id differ, `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::metering::{aggregate, Aggregation, Event};
/// use counterfoil::time::Period;
///
/// let event = |id: &str, at: &str, value: i64| {
///     Ok::<_, counterfoil::error::Error>(Event { id: id.parse()?, at: at.parse()?, value: value.into() })
/// };
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let events = [
///     event("a", "2024-02-20T06:00:00Z", 10)?,
///     event("b", "2024-02-20T18:00:00Z", -4)?,
///     event("a", "2024-02-20T06:00:00Z", 10)?, // sent twice
/// ];
/// let sum = aggregate(&events, day, Aggregation::Sum)?;
/// assert_eq!((sum.value.expect("a sum").to_string(), sum.duplicates), ("6".to_owned(), 1));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-U9
pub fn aggregate(events: &[Event], window: Period, how: Aggregation) -> Result<Aggregated, MeteringError> {
    let (mut known, mut duplicates) = (BTreeMap::new(), 0_usize);
    for event in events.iter().filter(|event| window.contains(event.at)) {
        match known.insert(&event.id, event) {
            None => {}
            Some(first) if first == event => duplicates = duplicates.saturating_add(1),
            Some(_) => return Err(MeteringError::EventConflict { event: event.id.to_string() }),
        }
    }
    let events = || known.values().copied();
    let values = || events().map(|event| event.value);
    let value = match how {
        Aggregation::Sum => Some(Exact::sum(values().map(Exact::from).collect::<Vec<_>>().iter())?),
        Aggregation::Maximum => values().max().map(Exact::from),
        Aggregation::Count => Some(count(known.len())?),
        Aggregation::UniqueCount => Some(count(values().collect::<BTreeSet<_>>().len())?),
        Aggregation::Latest => events().max_by_key(|event| (event.at, &event.id)).map(|event| Exact::from(event.value)),
        Aggregation::TimeWeightedSum => Some(time_weighted(events(), window)?),
    };
    Ok(Aggregated { value, counted: known.len(), duplicates })
}

/// What events that came late change: the aggregate with them less the one without.
///
/// Nothing that could be taken counts as zero.
///
/// # Errors
/// As [`aggregate`].
///
/// # Rule
/// R-U9
pub fn late_delta(known: &[Event], late: &[Event], window: Period, how: Aggregation) -> Result<Exact, MeteringError> {
    let before = aggregate(known, window, how)?.value.unwrap_or(Exact::ZERO);
    let all: Vec<Event> = known.iter().chain(late).cloned().collect();
    let after = aggregate(&all, window, how)?.value.unwrap_or(Exact::ZERO);
    Ok(after.minus(&before)?)
}

fn count(number: usize) -> Result<Exact, MoneyError> {
    i64::try_from(number).map(Exact::from).map_err(|_| MoneyError::Overflow { operation: "a count" })
}

/// Each change lasts from its instant to the window's end.
fn time_weighted<'a>(events: impl Iterator<Item = &'a Event>, window: Period) -> Result<Exact, MoneyError> {
    let mut sum = Exact::ZERO;
    for event in events {
        let lasting = Exact::from(window.end().micros_since(event.at));
        sum = sum.plus(&Exact::from(event.value).times(&lasting)?)?;
    }
    Ok(sum)
}

impl FromStr for Aggregation {
    type Err = MeteringError;

    fn from_str(text: &str) -> Result<Self, MeteringError> {
        Ok(match text {
            "sum" => Self::Sum,
            "maximum" => Self::Maximum,
            "count" => Self::Count,
            "unique_count" => Self::UniqueCount,
            "latest" => Self::Latest,
            "time_weighted_sum" => Self::TimeWeightedSum,
            _ => return Err(MeteringError::UnknownPolicy { text: excerpt(text) }),
        })
    }
}
