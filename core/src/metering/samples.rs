use super::{ChargeMode, History, Span, Spec};
use crate::{
    error::{MeteringError, excerpt},
    time::{Instant, Period},
    units::Quantity,
};
use std::str::FromStr;

/// A size that was seen at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When it was seen.
    pub at: Instant,
    /// How large it was.
    pub size: Quantity,
}

/// What samples say about the time between them.
///
/// # Rule
/// R-U8
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamplePolicy {
    /// The size at one instant, the metering time, counts for the whole window (portal).
    Point {
        /// The metering time.
        at: Instant,
    },
    /// Each size lasts until the next sample; before the first there is nothing.
    TimeWeighted,
    /// The largest size of the window counts for all of it.
    Maximum,
    /// The last size of the window counts for all of it.
    Last,
}

/// The sizes of one resource, by time.
///
/// # Examples
/// ```
/// use counterfoil::metering::{ChargeMode, Part, Sample, SamplePolicy, Samples, Spec};
/// use counterfoil::time::Period;
/// use counterfoil::units::{Quantity, Unit};
///
/// let samples = Samples::new([
///     Sample { at: "2024-02-20T00:00:00Z".parse()?, size: Quantity::whole(1, Unit::GiB) },
///     Sample { at: "2024-02-20T12:00:00Z".parse()?, size: Quantity::whole(3, Unit::GiB) },
/// ])?;
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let hours = |policy| {
///     let history = samples.history(day, policy, ChargeMode::PostPaid, |size| Spec::new([(Part::SIZE, size)]))?;
///     let usage = history.usage(day)?.expect("it lived that day");
///     Ok::<_, counterfoil::error::MeteringError>(usage.used(&Part::SIZE).expect("sized").hours().to_string())
/// };
/// assert_eq!(hours(SamplePolicy::TimeWeighted)?, "48");
/// assert_eq!(hours(SamplePolicy::Maximum)?, "72");
/// assert_eq!(hours(SamplePolicy::Point { at: day.start() })?, "24");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-U8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    /// Sorted by instant, one for each.
    samples: Vec<Sample>,
}

impl Samples {
    /// Samples in any order.
    ///
    /// # Errors
    /// `metering.no_sample` without any; `metering.repeated_sample` where two of one instant differ
    /// (two that agree are one).
    pub fn new(samples: impl IntoIterator<Item = Sample>) -> Result<Self, MeteringError> {
        let mut samples: Vec<Sample> = samples.into_iter().collect();
        samples.sort_by_key(|sample| sample.at);
        samples.dedup();
        let repeated = samples.windows(2).find_map(|pair| match pair {
            [a, b] if a.at == b.at => Some(a.at),
            _ => None,
        });
        match (samples.first(), repeated) {
            (None, _) => Err(MeteringError::NoSample { what: "the resource has none" }),
            (_, Some(at)) => Err(MeteringError::RepeatedSample { at: at.to_chrono() }),
            _ => Ok(Self { samples }),
        }
    }

    /// The samples, by time.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The size in force at an instant: of the last sample that is not later.
    pub fn at(&self, instant: Instant) -> Option<Quantity> {
        let later = self.samples.partition_point(|sample| sample.at <= instant);
        later.checked_sub(1).and_then(|last| self.samples.get(last)).map(|sample| sample.size)
    }

    /// The history that the samples tell of a stretch of life, to be metered like any other.
    ///
    /// `life` is the part of the window in which the resource existed; `spec` says what it is made
    /// of at a size, its base for instance.
    ///
    /// # Errors
    /// `metering.no_sample` where the policy finds none, and those of [`History::new`].
    ///
    /// # Rule
    /// R-U8
    pub fn history(
        &self,
        life: Period,
        policy: SamplePolicy,
        mode: ChargeMode,
        spec: impl Fn(Quantity) -> Result<Spec, MeteringError>,
    ) -> Result<History, MeteringError> {
        let whole =
            |size: Quantity| Ok::<_, MeteringError>(vec![Span::new(life.start(), Some(life.end()), spec(size)?, mode)]);
        let spans = match policy {
            SamplePolicy::Point { at } => {
                whole(self.at(at).ok_or(MeteringError::NoSample { what: "none is that early" })?)?
            }
            SamplePolicy::Last => whole(self.last_before(life.end())?)?,
            SamplePolicy::Maximum => whole(self.largest_of(life)?)?,
            SamplePolicy::TimeWeighted => self.steps(life, mode, spec)?,
        };
        History::new(spans)
    }

    fn last_before(&self, end: Instant) -> Result<Quantity, MeteringError> {
        let before = self.samples.iter().rev().find(|sample| sample.at < end);
        before.map(|sample| sample.size).ok_or(MeteringError::NoSample { what: "none is before the window's end" })
    }

    fn largest_of(&self, life: Period) -> Result<Quantity, MeteringError> {
        let inside = self.samples.iter().filter(|sample| life.contains(sample.at)).map(|sample| sample.size);
        let mut largest: Option<Quantity> = None;
        for size in self.at(life.start()).into_iter().chain(inside) {
            largest = match largest {
                Some(known) if known.exact_in(size.unit())? >= size.exact_in(size.unit())? => Some(known),
                _ => Some(size),
            };
        }
        largest.ok_or(MeteringError::NoSample { what: "none is before the window's end" })
    }

    fn steps(
        &self,
        life: Period,
        mode: ChargeMode,
        spec: impl Fn(Quantity) -> Result<Spec, MeteringError>,
    ) -> Result<Vec<Span>, MeteringError> {
        let nexts = self.samples.iter().skip(1).map(|sample| sample.at).chain([Instant::MAX]);
        let mut spans = Vec::new();
        for (sample, next) in self.samples.iter().zip(nexts) {
            let step = Period::new(sample.at, next)?.intersection(life);
            if !step.is_empty() {
                spans.push(Span::new(step.start(), Some(step.end()), spec(sample.size)?, mode));
            }
        }
        if spans.is_empty() {
            return Err(MeteringError::NoSample { what: "none is before the window's end" });
        }
        Ok(spans)
    }
}

impl SamplePolicy {
    /// The policy of a name; `point` takes the metering time.
    ///
    /// # Errors
    /// `metering.unknown_policy`.
    pub fn named(name: &str, metered_at: Instant) -> Result<Self, MeteringError> {
        match name {
            "point" => Ok(Self::Point { at: metered_at }),
            "time_weighted" => Ok(Self::TimeWeighted),
            "maximum" => Ok(Self::Maximum),
            "last" => Ok(Self::Last),
            _ => Err(MeteringError::UnknownPolicy { text: excerpt(name) }),
        }
    }
}

impl FromStr for super::QuotaCharge {
    type Err = MeteringError;

    fn from_str(text: &str) -> Result<Self, MeteringError> {
        match text {
            "free" => Ok(Self::Free),
            "like_post_paid" => Ok(Self::LikePostPaid),
            _ => Err(MeteringError::UnknownPolicy { text: excerpt(text) }),
        }
    }
}
