use super::status::not_negative;
use crate::{
    error::OrderError,
    metering::{ChargeMode, History, Span},
    money::Money,
    pricing::inquiry::{Term, TermMonths},
    time::{Instant, Period},
};

/// What is bought for a resource that is paid by the day.
///
/// # Rule
/// R-O5
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// When it is converted.
    pub at: Instant,
    /// For how long it is paid ahead from then on.
    pub term: Term,
    /// How long the months of the term are.
    pub months: TermMonths,
    /// What the owner's account owes, after coupons, zero or more; none where it owes nothing.
    pub arrears: Option<Money>,
    /// How the resource is paid for when the term is over.
    pub then: AfterTerm,
}

/// How a converted resource is paid for when the bought term is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AfterTerm {
    /// It stays pre-paid: what runs on unpaid is a matter of expiry (R-O4), as in the portal.
    PrePaid,
    /// By the day again.
    PostPaid,
}

/// A resource that was converted.
///
/// # Rule
/// R-O5
#[derive(Debug, Clone)]
pub struct Converted {
    history: History,
    paid_ahead: Period,
}

impl Converted {
    /// Its history: what was before the conversion as it was, and from then on pre-paid.
    ///
    /// Metering it gives the usage of the day before the conversion as payable (R-U4).
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// The period that was bought.
    pub const fn paid_ahead(&self) -> Period {
        self.paid_ahead
    }
}

/// The life of a resource whose last span is paid by the day, where that is paid ahead from an instant
/// on.
///
/// # Errors
/// In this order: `order.not_running` for a resource that has no open span;
/// `order.conversion_in_past` for an instant before its last span began; `order.not_post_paid`, which
/// says how it is paid for; `order.negative_amount` for arrears below zero, which are none; `order.in_arrears`;
/// `pricing.no_duration`; `time.out_of_range`.
///
/// # Examples
/// ```
/// use counterfoil::metering::{History, Part, Span, Spec};
/// use counterfoil::order::{AfterTerm, Conversion, to_pre_paid};
/// use counterfoil::pricing::inquiry::{Term, TermMonths};
/// use counterfoil::time::Period;
/// use counterfoil::units::{Quantity, Unit};
///
/// let spec = Spec::new([(Part::CPU, Quantity::whole(4, Unit::Core))])?;
/// let history = History::new([Span::post_paid("2024-02-01T00:00:00Z".parse()?, None, spec)])?;
/// let conversion = Conversion {
///     at: "2024-02-20T06:00:00Z".parse()?,
///     term: Term::months(1),
///     months: TermMonths::Fixed30,
///     arrears: None,
///     then: AfterTerm::PrePaid,
/// };
/// let converted = to_pre_paid(&history, &conversion)?;
/// assert_eq!(converted.paid_ahead().to_string(), "2024-02-20T06:00:00Z..2024-03-21T06:00:00Z");
///
/// // Of the day of the conversion a quarter stays payable: 6 of 24 hours.
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let usage = converted.history().usage(day)?.ok_or("it lived on that day")?;
/// let cpu = &usage.to_parts()?[0];
/// assert_eq!(cpu.used, cpu.payable.times(&4.into())?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-O5, R-U4
pub fn to_pre_paid(history: &History, conversion: &Conversion) -> Result<Converted, OrderError> {
    let Conversion { at, term, months, arrears, then } = *conversion;
    let (last, before) = match history.spans().split_last() {
        Some((last, before)) if last.end().is_none() => (last, before),
        _ => {
            let ended = history.deleted().unwrap_or(at);
            return Err(OrderError::NotRunning { ended: ended.to_chrono() });
        }
    };
    if at < last.start() {
        return Err(OrderError::ConversionInPast { at: at.to_chrono(), since: last.start().to_chrono() });
    }
    if last.mode() != ChargeMode::PostPaid {
        return Err(OrderError::NotPostPaid { mode: last.mode().name() });
    }
    if let Some(debt) = arrears.filter(|debt| !debt.is_zero()) {
        not_negative("what the account owes", debt)?;
        return Err(OrderError::InArrears { debt: debt.amount() });
    }
    let paid_ahead = term.period(at, months)?;
    let mut spans = before.to_vec();
    if last.start() < at {
        spans.push(Span::post_paid(last.start(), Some(at), last.spec().clone()));
    }
    match then {
        AfterTerm::PrePaid => spans.push(Span::pre_paid(at, None, last.spec().clone())),
        AfterTerm::PostPaid => {
            spans.push(Span::pre_paid(at, Some(paid_ahead.end()), last.spec().clone()));
            spans.push(Span::post_paid(paid_ahead.end(), None, last.spec().clone()));
        }
    }
    Ok(Converted { history: History::new(spans)?, paid_ahead })
}

/// More time for something that is paid ahead.
///
/// # Rule
/// R-O2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    period: Period,
    lapsed: bool,
}

impl Extension {
    /// By a term: from its end when that is ahead, or from now when it is over.
    ///
    /// # Errors
    /// `pricing.no_duration`, `time.out_of_range`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::order::{Extension, Paid};
    /// use counterfoil::pricing::inquiry::{Term, TermMonths};
    ///
    /// let until = |now: &str| {
    ///     let paid = Paid { until: "2025-06-17T00:00:00Z".parse()?, now: now.parse()? };
    ///     Ok::<_, counterfoil::error::OrderError>(
    ///         Extension::by(paid, Term::months(1), TermMonths::Fixed30)?.period().end().to_string(),
    ///     )
    /// };
    /// assert_eq!(until("2025-06-01T00:00:00Z")?, "2025-07-17T00:00:00Z");
    /// assert_eq!(until("2025-06-20T00:00:00Z")?, "2025-07-20T00:00:00Z");
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O2; the price of it is R-P5
    pub fn by(paid: Paid, term: Term, months: TermMonths) -> Result<Self, OrderError> {
        let Paid { until, now } = paid;
        Ok(Self { period: term.period(until.max(now), months)?, lapsed: until < now })
    }

    /// What is paid for besides.
    pub const fn period(self) -> Period {
        self.period
    }

    /// Whether nothing was paid for just before.
    pub const fn lapsed(self) -> bool {
        self.lapsed
    }
}

/// Until when something is paid for, seen from an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// Until when.
    pub until: Instant,
    /// The instant.
    pub now: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metering::{Part, Spec},
        money::CNY,
        units::{Quantity, Unit},
    };

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn spec() -> Spec {
        Spec::new([(Part::CPU, Quantity::whole(4, Unit::Core))]).unwrap()
    }

    fn conversion(when: &str) -> Conversion {
        let arrears = Some(Money::zero(CNY));
        let months = TermMonths::Fixed30;
        Conversion { at: at(when), term: Term::months(1), months, arrears, then: AfterTerm::PrePaid }
    }

    fn spans(converted: &Converted) -> Vec<(String, Option<String>, ChargeMode)> {
        let shown = |span: &Span| (span.start().to_string(), span.end().map(|end| end.to_string()), span.mode());
        converted.history().spans().iter().map(shown).collect()
    }

    /// R-O5
    #[test]
    fn what_was_before_stays() {
        let old = Span::quota(at("2024-01-01T00:00:00Z"), Some(at("2024-02-01T00:00:00Z")), spec());
        let open = Span::post_paid(at("2024-02-01T00:00:00Z"), None, spec());
        let history = History::new([old, open]).unwrap();
        let converted = to_pre_paid(&history, &conversion("2024-02-20T06:00:00Z")).unwrap();
        assert_eq!(
            spans(&converted),
            [
                ("2024-01-01T00:00:00Z".into(), Some("2024-02-01T00:00:00Z".into()), ChargeMode::Quota),
                ("2024-02-01T00:00:00Z".into(), Some("2024-02-20T06:00:00Z".into()), ChargeMode::PostPaid),
                ("2024-02-20T06:00:00Z".into(), None, ChargeMode::PrePaid),
            ]
        );
        let again = Conversion { then: AfterTerm::PostPaid, ..conversion("2024-02-01T00:00:00Z") };
        assert_eq!(
            spans(&to_pre_paid(&history, &again).unwrap())[1..],
            [
                ("2024-02-01T00:00:00Z".into(), Some("2024-03-02T00:00:00Z".into()), ChargeMode::PrePaid),
                ("2024-03-02T00:00:00Z".into(), None, ChargeMode::PostPaid),
            ]
        );
    }

    /// The order of the faults: each line mends one.
    #[test]
    fn faults_come_in_their_order() {
        let code = |span: Span, conversion: Conversion| {
            to_pre_paid(&History::new([span]).unwrap(), &conversion).map(|_| ()).unwrap_err().code()
        };
        let start = at("2024-02-01T00:00:00Z");
        let mut bad = conversion("2024-01-31T23:59:59Z");
        bad.arrears = Some(Money::parse("0.01", CNY).unwrap());
        bad.term = Term::NONE;
        assert_eq!(code(Span::pre_paid(start, Some(at("2024-02-02T00:00:00Z")), spec()), bad), "order.not_running");
        assert_eq!(code(Span::pre_paid(start, None, spec()), bad), "order.conversion_in_past");
        bad.at = start;
        assert_eq!(code(Span::pre_paid(start, None, spec()), bad), "order.not_post_paid");
        assert_eq!(code(Span::quota(start, None, spec()), bad), "order.not_post_paid");
        assert_eq!(code(Span::post_paid(start, None, spec()), bad), "order.in_arrears");
        bad.arrears = Some(Money::parse("-0.01", CNY).unwrap()); // it is not in arrears by −0.01
        assert_eq!(code(Span::post_paid(start, None, spec()), bad), "order.negative_amount");
        bad.arrears = None;
        assert_eq!(code(Span::post_paid(start, None, spec()), bad), "pricing.no_duration");
    }

    #[test]
    fn an_extension_at_the_very_end_has_not_lapsed() {
        let end = at("2025-06-17T00:00:00Z");
        let extended = |now| Extension::by(Paid { until: end, now }, Term::months(1), TermMonths::Fixed30).unwrap();
        assert!(!extended(end).lapsed());
        assert!(extended(end.plus_micros(1).unwrap()).lapsed());
        assert_eq!(extended(end).period().start(), end);
    }
}
