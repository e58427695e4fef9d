use super::text::{Object, PeriodIn, PeriodOut, Show, Shown, SpecIn, Text, Word, all_of, null_as_default, optional};
use crate::{
    error::{Error, MeteringError, WireError},
    exact::Exact,
    metering::{
        Aggregation, ChargeMode, Event, History, Kind, Measure, Part, PartUsage, QuotaCharge, Reading, Sample,
        SamplePolicy, Samples, Span, Spec, Usage, aggregate, late_delta,
        portal::{self, ArchiveRow, Change, CurrentRow, Ignored, RowsOf},
    },
    time::{Instant, MICROS_PER_HOUR, Period},
    units::{Name, Quantity},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A span of a history; one without an end is still open.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpanIn {
    start: Text<Instant>,
    end: Option<Text<Instant>>,
    mode: Text<ChargeMode>,
    spec: SpecIn,
}

impl Object<SpanIn> {
    fn read(&self) -> Result<Span, Error> {
        let Self(SpanIn { start, end, mode, spec }) = self;
        Ok(Span::new(start.read()?, optional(end)?, spec.read()?, mode.read()?))
    }
}

/// What a usage is of.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Of {
    /// A life of spans.
    Spans(Vec<Object<SpanIn>>),
    /// What is counted and not timed.
    Counted(SpecIn),
}

impl Of {
    /// The usage of a window; none where there is no reading.
    pub(super) fn usage(&self, window: Period, quota: QuotaCharge) -> Result<Option<Usage>, Error> {
        match self {
            Self::Spans(spans) => Ok(history(spans)?.usage_under(window, quota)?),
            Self::Counted(spec) => Ok(Some(Usage::counted(window, &spec.read()?))),
        }
    }
}

pub(super) fn history(spans: &[Object<SpanIn>]) -> Result<History, Error> {
    check_cells(spans.len(), spans.iter().flat_map(|span| span.0.spec.names()))?;
    Ok(History::new(all_of(spans, Object::<SpanIn>::read)?)?)
}

/// A history is a table of spans × parts: a call of few bytes may not ask for a huge one.
fn check_cells<'a>(rows: usize, parts: impl Iterator<Item = &'a str>) -> Result<(), WireError> {
    const MOST_CELLS: usize = 100_000;
    let parts = parts.collect::<BTreeSet<_>>().len();
    match rows.checked_mul(parts) {
        Some(cells) if cells <= MOST_CELLS => Ok(()),
        _ => Err(WireError::TooMany { rows, parts, limit: MOST_CELLS }),
    }
}

/// A usage, written: quantity × hours for what is timed, the quantity for what is counted.
#[derive(Serialize)]
pub(super) struct UsageOut {
    window: PeriodOut,
    parts: Vec<PartOut>,
}

#[derive(Serialize)]
struct PartOut {
    part: String,
    unit: &'static str,
    measure: MeasureOut,
    used: Shown<Exact>,
    payable: Shown<Exact>,
}

/// Whether quantities are held for a time or counted.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum MeasureOut {
    Timed,
    Counted,
}

impl UsageOut {
    pub(super) fn of(usage: &Usage) -> Result<Self, Error> {
        let parts = all_of(&usage.to_parts()?, PartOut::of)?;
        Ok(Self { window: usage.window().into(), parts })
    }
}

impl PartOut {
    fn of(part: &PartUsage) -> Result<Self, Error> {
        let (measure, over) = match part.measure {
            Measure::Timed => (MeasureOut::Timed, Exact::from(MICROS_PER_HOUR)),
            Measure::Counted => (MeasureOut::Counted, Exact::ONE),
        };
        Ok(Self {
            part: part.part.to_string(),
            unit: part.unit.name(),
            measure,
            used: part.used.divided_by(&over)?.shown(),
            payable: part.payable.divided_by(&over)?.shown(),
        })
    }
}

fn written(usage: Option<Usage>) -> Result<Option<UsageOut>, Error> {
    usage.as_ref().map(UsageOut::of).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsageCall {
    window: Object<PeriodIn>,
    of: Of,
    quota: Option<Text<QuotaCharge>>,
}

impl UsageCall {
    pub(super) fn read(&self) -> Result<Option<Usage>, Error> {
        self.of.usage(self.window.read()?, optional(&self.quota)?.unwrap_or_default())
    }
}

pub(super) fn usage(input: UsageCall) -> Result<Option<UsageOut>, Error> {
    written(input.read()?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentsCall {
    window: Object<PeriodIn>,
    spans: Vec<Object<SpanIn>>,
    quota: Option<Text<QuotaCharge>>,
}

#[derive(Serialize)]
pub(super) struct Segments {
    segments: Vec<UsageOut>,
}

impl Segments {
    fn of(segments: &[Usage]) -> Result<Self, Error> {
        Ok(Self { segments: all_of(segments, UsageOut::of)? })
    }
}

pub(super) fn segments(input: SegmentsCall) -> Result<Segments, Error> {
    let quota = optional(&input.quota)?.unwrap_or_default();
    let segments = history(&input.spans)?.segments(input.window.read()?, quota)?;
    Segments::of(&segments)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Add {
    first: Object<UsageCall>,
    next: Object<UsageCall>,
}

/// The usage of both windows; none unless both have a reading.
pub(super) fn add(input: Add) -> Result<Option<UsageOut>, Error> {
    let both = input.first.0.read()?.zip(input.next.0.read()?);
    written(both.map(|(first, next)| first.plus(&next)).transpose()?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delta {
    corrected: Object<UsageCall>,
    stored: Object<UsageCall>,
}

/// What the correction changes; none unless there are two usages.
pub(super) fn delta(input: Delta) -> Result<Option<UsageOut>, Error> {
    let both = input.corrected.0.read()?.zip(input.stored.0.read()?);
    written(both.map(|(corrected, stored)| corrected.delta(&stored)).transpose()?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingIn {
    resource: Text<Name>,
    kind: Text<Kind>,
    usage: Object<UsageCall>,
}

impl Object<ReadingIn> {
    fn read(&self) -> Result<Option<Reading>, Error> {
        let (resource, kind) = (self.0.resource.read()?, self.0.kind.read()?);
        Ok(self.0.usage.0.read()?.map(|usage| Reading::new(resource, kind, usage)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingDelta {
    corrected: Object<ReadingIn>,
    stored: Object<ReadingIn>,
}

/// What the correction changes; none unless there are two readings.
pub(super) fn reading_delta(input: ReadingDelta) -> Result<Option<UsageOut>, Error> {
    let both = input.corrected.read()?.zip(input.stored.read()?);
    written(both.map(|(corrected, stored)| corrected.delta(&stored)).transpose()?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CurrentIn {
    created: Text<Instant>,
    start: Text<Instant>,
    deleted: Option<Text<Instant>>,
    mode: Text<ChargeMode>,
    spec: SpecIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArchiveIn {
    change: Text<Change>,
    start: Text<Instant>,
    end: Text<Instant>,
    mode: Option<Text<ChargeMode>>,
    spec: SpecIn,
}

impl Object<CurrentIn> {
    fn read(&self) -> Result<CurrentRow, Error> {
        let Self(CurrentIn { created, start, deleted, mode, spec }) = self;
        Ok(CurrentRow {
            created: created.read()?,
            start: start.read()?,
            deleted: optional(deleted)?,
            mode: mode.read()?,
            spec: spec.read()?,
        })
    }
}

impl Object<ArchiveIn> {
    fn read(&self) -> Result<ArchiveRow, Error> {
        let Self(ArchiveIn { change, start, end, mode, spec }) = self;
        Ok(ArchiveRow {
            change: change.read()?,
            start: start.read()?,
            end: end.read()?,
            mode: optional(mode)?,
            spec: spec.read()?,
        })
    }
}

/// The rows of a portal, read.
fn rows(current: &Object<CurrentIn>, archive: &[Object<ArchiveIn>]) -> Result<(CurrentRow, Vec<ArchiveRow>), Error> {
    let specs = archive.iter().map(|row| &row.0.spec).chain([&current.0.spec]);
    check_cells(archive.len().saturating_add(1), specs.flat_map(SpecIn::names))?;
    Ok((current.read()?, all_of(archive, Object::<ArchiveIn>::read)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalIn {
    rows_of: RowsOfIn,
    current: Object<CurrentIn>,
    #[serde(default, deserialize_with = "null_as_default")]
    archive: Vec<Object<ArchiveIn>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RowsOfIn {
    Server,
    Disk,
}

impl Object<PortalIn> {
    /// The segments that the portal rounds apart; none where it has no reading.
    pub(super) fn segments(&self, window: Period) -> Result<Option<Vec<Usage>>, Error> {
        let rows_of = match self.0.rows_of {
            RowsOfIn::Server => RowsOf::Server,
            RowsOfIn::Disk => RowsOf::Disk,
        };
        let (current, archive) = rows(&self.0.current, &self.0.archive)?;
        Ok(portal::usage(rows_of, window, &current, &archive)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalUsage {
    window: Object<PeriodIn>,
    rows: Object<PortalIn>,
}

pub(super) fn portal_usage(input: PortalUsage) -> Result<Option<Segments>, Error> {
    let segments = input.rows.segments(input.window.read()?)?;
    segments.map(|segments| Segments::of(&segments)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalHistory {
    current: Object<CurrentIn>,
    #[serde(default, deserialize_with = "null_as_default")]
    archive: Vec<Object<ArchiveIn>>,
}

#[derive(Serialize)]
pub(super) struct Adapted {
    spans: Vec<SpanOut>,
    ignored: Vec<IgnoredOut>,
}

#[derive(Serialize)]
struct SpanOut {
    start: Shown<Instant>,
    end: Option<Shown<Instant>>,
    mode: Word<ChargeMode>,
    spec: BTreeMap<String, Shown<Quantity>>,
}

#[derive(Serialize)]
struct IgnoredOut {
    row: usize,
    reason: IgnoredReasonOut,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum IgnoredReasonOut {
    BeforeCreation,
    AfterCurrent,
    Empty,
}

impl From<&Span> for SpanOut {
    fn from(span: &Span) -> Self {
        Self {
            start: span.start().shown(),
            end: span.end().map(|end| end.shown()),
            mode: Word(span.mode()),
            spec: span.spec().parts().map(|(part, quantity)| (part.to_string(), quantity.shown())).collect(),
        }
    }
}

pub(super) fn portal_history(input: PortalHistory) -> Result<Adapted, Error> {
    let (current, archive) = rows(&input.current, &input.archive)?;
    let adapted = portal::history(&current, &archive)?;
    let ignored = adapted.ignored.into_iter().map(|(row, reason)| IgnoredOut {
        row,
        reason: match reason {
            Ignored::BeforeCreation => IgnoredReasonOut::BeforeCreation,
            Ignored::AfterCurrent => IgnoredReasonOut::AfterCurrent,
            Ignored::Empty => IgnoredReasonOut::Empty,
        },
    });
    Ok(Adapted { spans: adapted.history.spans().iter().map(SpanOut::from).collect(), ignored: ignored.collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SamplesCall {
    window: Object<PeriodIn>,
    /// The part of the window in which the resource existed.
    life: Object<PeriodIn>,
    samples: Vec<Object<SampleIn>>,
    policy: String,
    /// The metering time, where the policy is `point`.
    metered_at: Text<Instant>,
    mode: Text<ChargeMode>,
    /// What the samples are of.
    part: Text<Part>,
    /// What it is made of beside that.
    with: Option<SpecIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleIn {
    at: Text<Instant>,
    size: Text<Quantity>,
}

impl Object<SampleIn> {
    fn read(&self) -> Result<Sample, Error> {
        Ok(Sample { at: self.0.at.read()?, size: self.0.size.read()? })
    }
}

pub(super) fn samples(input: SamplesCall) -> Result<Option<UsageOut>, Error> {
    let (window, life) = (input.window.read()?, input.life.read()?);
    check_cells(input.samples.len(), input.with.iter().flat_map(SpecIn::names))?;
    let samples = Samples::new(all_of(&input.samples, Object::<SampleIn>::read)?)?;
    let policy = SamplePolicy::named(&input.policy, input.metered_at.read()?)?;
    let (mode, part) = (input.mode.read()?, input.part.read()?);
    let with = input.with.map_or(Ok(Spec::default()), |with| with.read())?;
    let spec = |size: Quantity| -> Result<Spec, MeteringError> { with.clone().with(part.clone(), size) };
    written(samples.history(life, policy, mode, spec)?.usage(window)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventIn {
    id: Text<Name>,
    at: Text<Instant>,
    value: Text<Decimal>,
}

impl Object<EventIn> {
    fn read(&self) -> Result<Event, Error> {
        Ok(Event { id: self.0.id.read()?, at: self.0.at.read()?, value: self.0.value.read()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Events {
    window: Object<PeriodIn>,
    how: Text<Aggregation>,
    events: Vec<Object<EventIn>>,
}

#[derive(Serialize)]
pub(super) struct Aggregated {
    value: Option<Shown<Exact>>,
    counted: usize,
    duplicates: usize,
}

pub(super) fn events(input: Events) -> Result<Aggregated, Error> {
    let (window, how) = (input.window.read()?, input.how.read()?);
    let aggregated = aggregate(&all_of(&input.events, Object::<EventIn>::read)?, window, how)?;
    Ok(Aggregated {
        value: aggregated.value.as_ref().map(Show::shown),
        counted: aggregated.counted,
        duplicates: aggregated.duplicates,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LateEvents {
    window: Object<PeriodIn>,
    how: Text<Aggregation>,
    known: Vec<Object<EventIn>>,
    late: Vec<Object<EventIn>>,
}

#[derive(Serialize)]
pub(super) struct LateDelta {
    delta: Shown<Exact>,
}

pub(super) fn late_events(input: LateEvents) -> Result<LateDelta, Error> {
    let (window, how) = (input.window.read()?, input.how.read()?);
    let known = all_of(&input.known, Object::<EventIn>::read)?;
    let late = all_of(&input.late, Object::<EventIn>::read)?;
    Ok(LateDelta { delta: late_delta(&known, &late, window, how)?.shown() })
}
