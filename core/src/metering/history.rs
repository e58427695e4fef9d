use super::{
    Spec,
    kernel::{self, Disorder, Lived, OPEN, overlap, quantity_time},
    usage::{Basis, Column, Measure, Usage},
};
use crate::{
    error::{MeteringError, excerpt},
    exact::{Factors, Number, Row, Sums, any_width},
    time::{Instant, Period},
};
use smallvec::SmallVec;
use std::{fmt, str::FromStr, sync::Arc};

/// How a resource is paid for during a span.
///
/// # Rule
/// R-U4
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeMode {
    /// Metered, stated and charged day by day.
    PostPaid,
    /// Paid for in advance: its day costs nothing more.
    PrePaid,
    /// Given for free.
    Quota,
}

impl ChargeMode {
    const ALL: [Self; 3] = [Self::PostPaid, Self::PrePaid, Self::Quota];

    /// The number that stands for it in a column.
    pub const fn code(self) -> u8 {
        match self {
            Self::PostPaid => 0,
            Self::PrePaid => 1,
            Self::Quota => 2,
        }
    }

    /// The mode of a number in a column.
    ///
    /// # Errors
    /// `metering.unknown_charge_mode`.
    pub fn from_code(code: u8) -> Result<Self, MeteringError> {
        Self::of_code(code).ok_or_else(|| MeteringError::UnknownChargeMode { text: code.to_string() })
    }

    #[inline]
    pub(super) const fn of_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::PostPaid),
            1 => Some(Self::PrePaid),
            2 => Some(Self::Quota),
            _ => None,
        }
    }

    /// Whether usage of such a span is payable.
    #[inline]
    pub(super) fn pays(self, quota: QuotaCharge) -> bool {
        match self {
            Self::PostPaid => true,
            Self::PrePaid => false,
            Self::Quota => quota == QuotaCharge::LikePostPaid,
        }
    }

    /// The name, as `post_paid`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PostPaid => "post_paid",
            Self::PrePaid => "pre_paid",
            Self::Quota => "quota",
        }
    }
}

impl fmt::Display for ChargeMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ChargeMode {
    type Err = MeteringError;

    fn from_str(text: &str) -> Result<Self, MeteringError> {
        let named = Self::ALL.into_iter().find(|mode| mode.name() == text);
        named.ok_or_else(|| MeteringError::UnknownChargeMode { text: excerpt(text) })
    }
}

/// Whether `quota` spans of a kind of resource are charged: a policy of the kind.
///
/// # Rule
/// R-U4; D-U5: the portal charges `quota` disks like post-paid ones, and `quota` servers nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotaCharge {
    /// They pay nothing.
    #[default]
    Free,
    /// They pay like post-paid ones.
    LikePostPaid,
}

/// A stretch of a resource's life in which nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    start: Instant,
    end: Option<Instant>,
    spec: Spec,
    mode: ChargeMode,
}

impl Span {
    /// A span; without an end it is still open.
    pub const fn new(start: Instant, end: Option<Instant>, spec: Spec, mode: ChargeMode) -> Self {
        Self { start, end, spec, mode }
    }

    /// A span that is charged day by day.
    pub const fn post_paid(start: Instant, end: Option<Instant>, spec: Spec) -> Self {
        Self::new(start, end, spec, ChargeMode::PostPaid)
    }

    /// A span that is paid for already.
    pub const fn pre_paid(start: Instant, end: Option<Instant>, spec: Spec) -> Self {
        Self::new(start, end, spec, ChargeMode::PrePaid)
    }

    /// A span that is given for free.
    pub const fn quota(start: Instant, end: Option<Instant>, spec: Spec) -> Self {
        Self::new(start, end, spec, ChargeMode::Quota)
    }

    /// When it starts.
    pub const fn start(&self) -> Instant {
        self.start
    }

    /// When it ends, if it has.
    pub const fn end(&self) -> Option<Instant> {
        self.end
    }

    /// What the resource was made of.
    pub const fn spec(&self) -> &Spec {
        &self.spec
    }

    /// How it was paid for.
    pub const fn mode(&self) -> ChargeMode {
        self.mode
    }

    /// Its start and end in microseconds.
    #[inline]
    fn micros(&self) -> (i64, i64) {
        (self.start.micros(), self.end.map_or(OPEN, Instant::micros))
    }

    /// How long it lasts inside a window.
    #[inline]
    fn micros_in(&self, window: Period) -> i64 {
        overlap(self.micros(), window.micros_of_ends())
    }
}

/// The life of a resource: spans in order, which do not overlap; the last may be open.
///
/// Gaps are allowed: a resource that is off uses nothing. A history is made once and metered for as
/// many windows as one likes.
///
/// # Rule
/// R-U1
#[derive(Debug, Clone)]
pub struct History {
    spans: Vec<Span>,
    /// What each place of `quantities` is of.
    columns: Arc<[Column]>,
    /// For each column its quantity in each span, at the scale of the column.
    quantities: Factors,
}

impl History {
    /// Takes spans in order.
    ///
    /// # Errors
    /// `metering.no_spans`; `metering.reversed_span`; `metering.overlapping_spans`, which names the
    /// two spans; `metering.open_span` where one that is not the last has no end;
    /// `units.incompatible` where a part changes to a unit of another family.
    ///
    /// # Rule
    /// R-U1
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Result<Self, MeteringError> {
        let spans: Vec<Span> = spans.into_iter().collect();
        kernel::check_order(spans.iter().map(Span::micros)).map_err(|disorder| disorder.of(&spans))?;
        let parts = spans.iter().flat_map(|span| span.spec.parts());
        let columns = Column::united(parts.map(|(part, quantity)| (part, Basis::of(quantity, Measure::Timed))))?;
        let mut quantities = Vec::with_capacity(columns.len().saturating_mul(spans.len()));
        for column in &*columns {
            for span in &spans {
                quantities.push(column.quantity_in(&span.spec)?);
            }
        }
        Ok(Self { spans, columns, quantities: Factors::new(quantities) })
    }

    /// The spans in order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// When it was created: the start of its first span.
    pub fn created(&self) -> Option<Instant> {
        self.spans.first().map(Span::start)
    }

    /// When it was deleted: the end of its last span, if it has one.
    pub fn deleted(&self) -> Option<Instant> {
        self.spans.last().and_then(Span::end)
    }

    /// Usage of a window; none if the resource did not live in it.
    ///
    /// `quota` spans pay nothing; [`usage_under`](Self::usage_under) takes the other policy.
    ///
    /// # Units
    /// Exact: quantity × microseconds.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-U3, R-U4, R-U5
    #[inline]
    pub fn usage(&self, window: Period) -> Result<Option<Usage>, MeteringError> {
        self.usage_under(window, QuotaCharge::Free)
    }

    /// Usage of a window, where `quota` spans are charged by a policy.
    ///
    /// # Errors
    /// `money.overflow`.
    #[inline]
    pub fn usage_under(&self, window: Period, quota: QuotaCharge) -> Result<Option<Usage>, MeteringError> {
        if !self.lives_in(window) {
            return Ok(None);
        }
        let (used, payable) = self.sums(&self.spans, 0, window, quota)?;
        Ok(Some(Usage::new(window, Arc::clone(&self.columns), used, payable)))
    }

    /// Usage of a window span by span, for those that round each segment (R-M2, `at = segment`).
    ///
    /// The segments add up to [`usage_under`](Self::usage_under); a span that does not reach into the
    /// window has none.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn segments(&self, window: Period, quota: QuotaCharge) -> Result<Vec<Usage>, MeteringError> {
        let mut segments = Vec::new();
        for (index, span) in self.spans.iter().enumerate() {
            if span.micros_in(window) > 0 {
                let (used, payable) = self.sums(std::slice::from_ref(span), index, window, quota)?;
                segments.push(Usage::new(window, Arc::clone(&self.columns), used, payable));
            }
        }
        Ok(segments)
    }

    /// Whether some of its life, from creation to deletion, lies in the window.
    fn lives_in(&self, window: Period) -> bool {
        match (self.spans.first(), self.spans.last()) {
            (Some(first), Some(last)) => kernel::lives_in((first.micros().0, last.micros().1), window.micros_of_ends()),
            _ => false,
        }
    }

    /// What some neighbouring spans, the first of which has an index, used and have to pay.
    #[inline]
    fn sums(
        &self,
        spans: &[Span],
        first: usize,
        window: Period,
        quota: QuotaCharge,
    ) -> Result<(Sums, Sums), MeteringError> {
        Ok(any_width!("a usage", N => self.sums_at_width::<N>(spans, first, window, quota))?)
    }

    #[inline]
    fn sums_at_width<N: Number>(
        &self,
        spans: &[Span],
        first: usize,
        window: Period,
        quota: QuotaCharge,
    ) -> Option<(Sums, Sums)> {
        let quantities = self.quantities.view::<N>()?;
        let lived = |span: &Span| Lived { micros: span.micros_in(window), pays: span.mode.pays(quota) };
        let lived: SmallVec<[Lived; 6]> = spans.iter().map(lived).collect();
        let columns = self.columns.len();
        let (mut used, mut payable) = (Row::<N>::with_capacity(columns), Row::<N>::with_capacity(columns));
        for column in quantities.chunks_exact(self.spans.len()) {
            let (of_column, payable_of_column) = quantity_time(column.get(first..)?, &lived)?;
            used.push(of_column);
            payable.push(payable_of_column);
        }
        Some((N::into_sums(used), N::into_sums(payable)))
    }
}

impl Disorder {
    /// The error that it is among some spans.
    #[cold]
    fn of(self, spans: &[Span]) -> MeteringError {
        let no_spans = MeteringError::NoSpans {};
        match self {
            Self::Nothing => no_spans,
            Self::Open(span) => MeteringError::OpenSpan { span },
            Self::Reversed(span) => match spans.get(span) {
                Some(Span { start, end: Some(end), .. }) => {
                    MeteringError::ReversedSpan { span, start: start.to_chrono(), end: end.to_chrono() }
                }
                _ => no_spans,
            },
            Self::Overlapping(second) => {
                let first = second.saturating_sub(1);
                match (spans.get(first), spans.get(second)) {
                    (Some(Span { end: Some(end), .. }), Some(Span { start, .. })) => MeteringError::OverlappingSpans {
                        first,
                        second,
                        start: start.to_chrono(),
                        end: end.to_chrono(),
                    },
                    _ => no_spans,
                }
            }
        }
    }
}
