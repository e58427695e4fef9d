use super::Amounts;
use crate::{
    error::{Language, PricingError, TimeError},
    metering::{Kind, Spec, Usage},
    money::{Currency, Money, RoundAt, Rounded, Rounding},
    pricing::{
        ExplainedLine, Explanation, RateCard, Subtotals, Tariff, Terms, explaining::Explaining, plan::Plan,
        rated::check_whole,
    },
    time::{Instant, Period},
    units::Name,
};
use rust_decimal::Decimal;
use std::fmt;

/// What somebody would pay for something: a spec, for a time, so many times.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, Spec};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{RateCard, Terms, inquiry::{Asked, Term, TermMonths}};
///
/// let card = RateCard::from_toml(r#"
///     revision = "2024-02"
///     currency = "CNY"
///     rates = [{ kind = "disk", part = "size", price = "1.02", per = "GiB", every = "day" }]
/// "#)?;
/// let window = Term::days(60)?.period("2024-02-20T08:00:00Z".parse()?, TermMonths::Fixed30)?;
/// let quote = card.inquire(&Kind::Disk, &Asked::new(Spec::size_gib("100")?, window), Terms::list(Rounding::PORTAL))?;
/// assert_eq!(quote.payable().to_string(), "6120.00");
/// assert_eq!(quote.revision().as_str(), "2024-02"); // ask that revision again, and get the same digits
/// println!("{quote}");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P5, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    spec: Spec,
    window: Period,
    count: u32,
}

impl Asked {
    /// One item of a spec, for a window. What is priced once and not by time does not look at its length.
    pub const fn new(spec: Spec, window: Period) -> Self {
        Self { spec, window, count: 1 }
    }

    /// So many items alike.
    ///
    /// # Errors
    /// `pricing.no_items` for none.
    pub fn times(self, count: u32) -> Result<Self, PricingError> {
        match count {
            0 => Err(PricingError::NoItems {}),
            _ => Ok(Self { count, ..self }),
        }
    }

    /// The same, with a window so many times as long.
    pub(super) fn lasting(self, times: i64) -> Result<Self, PricingError> {
        let out_of_range = || TimeError::OutOfRange { text: format!("{times} × {}", self.window) };
        let micros = self.window.micros().checked_mul(times).ok_or_else(out_of_range)?;
        let window = Period::new(self.window.start(), self.window.start().plus_micros(micros)?)?;
        Ok(Self { window, ..self })
    }

    /// What one item is made of.
    pub const fn spec(&self) -> &Spec {
        &self.spec
    }

    /// For when.
    pub const fn window(&self) -> Period {
        self.window
    }

    /// How many.
    pub const fn count(&self) -> u32 {
        self.count
    }
}

/// What something would cost, and why: the answer to an inquiry.
///
/// It is what a reading of the same usage is rated at, to the last digit: the same routine computes
/// both. It names the revision of its rate card and the instant whose rates it took, so that it can be
/// computed again whenever somebody asks.
///
/// # Rule
/// R-P5, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    explanation: Explanation,
    at: Instant,
    window: Period,
}

impl Quote {
    pub(super) const fn new(explanation: Explanation, at: Instant, window: Period) -> Self {
        Self { explanation, at, window }
    }

    /// What everything costs at list price.
    pub const fn original(&self) -> Decimal {
        self.explanation.original().amount()
    }

    /// What is to be paid.
    pub const fn payable(&self) -> Decimal {
        self.explanation.payable().amount()
    }

    /// What is to be paid, with its currency.
    pub const fn payable_money(&self) -> Money {
        Money::new(self.payable(), self.currency())
    }

    /// The original amount with its exact value and the remainder.
    pub const fn original_rounded(&self) -> &Rounded {
        self.explanation.original()
    }

    /// The payable amount with its exact value and the remainder.
    pub const fn payable_rounded(&self) -> &Rounded {
        self.explanation.payable()
    }

    /// The currency of its amounts.
    pub const fn currency(&self) -> Currency {
        self.explanation.currency()
    }

    /// The kind of resource.
    pub const fn kind(&self) -> &Kind {
        self.explanation.kind()
    }

    /// How many items it is for.
    pub const fn count(&self) -> u32 {
        self.explanation.count()
    }

    /// The revision of the rate card that it was made with.
    pub const fn revision(&self) -> &Name {
        self.explanation.revision()
    }

    /// The instant whose rates it took.
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// What it is for.
    pub const fn window(&self) -> Period {
        self.window
    }

    /// How it was rounded.
    pub const fn rounding(&self) -> Rounding {
        self.explanation.rounding()
    }

    /// Its lines, exactly.
    pub fn lines(&self) -> &[ExplainedLine] {
        self.explanation.lines()
    }

    /// Its lines, rounded so that they add up to what is payable.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn subtotals(&self) -> Result<Subtotals, PricingError> {
        self.explanation.subtotals()
    }

    /// The derivation: every line with its units, its price, its discounts and its exact amount.
    ///
    /// # Rule
    /// R-P15
    pub const fn explain(&self) -> &Explanation {
        &self.explanation
    }

    /// The same, of a quote of which nothing else is read any more.
    pub fn into_explanation(self) -> Explanation {
        self.explanation
    }

    /// Both amounts, without the derivation.
    pub fn amounts(&self) -> Amounts {
        Amounts { original: self.original_rounded().clone(), payable: self.payable_rounded().clone() }
    }

    /// The derivation as text.
    pub fn text(&self, language: Language) -> String {
        self.explanation.text(language)
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.explanation, f)
    }
}

impl RateCard {
    /// Quotes what is asked for with the rates that are in force when its window begins.
    ///
    /// For many inquiries of one kind, make the [`tariff`](Self::tariff) once and ask
    /// [`Tariff::inquire`].
    ///
    /// # Errors
    /// As [`tariff`](Self::tariff) and [`Tariff::inquire`].
    ///
    /// # Rule
    /// R-P1, R-P5
    pub fn inquire(&self, kind: &Kind, asked: &Asked, terms: Terms<'_>) -> Result<Quote, PricingError> {
        self.tariff(kind, asked.window.start())?.inquire(asked, terms)
    }
}

impl Tariff {
    /// Quotes what is asked for.
    ///
    /// Limits hold for each item. A part that is priced by calendar months is priced month by month,
    /// each with its own length; everything else is priced for the window as a whole. A discount is of a
    /// line; but an amount off is off the quote, once, and all lines that it is for share it.
    ///
    /// # Rounding
    /// Once, after the count; or each line, after the count.
    ///
    /// # Errors
    /// `pricing.no_duration` where something is priced by time and the window is empty;
    /// `pricing.too_many_months` above 12,000 of all parts that are priced by calendar months; as
    /// [`rate`](Self::rate); `pricing.rounds_elsewhere` for rounding by segment or by month: a quote has
    /// lines and a total.
    ///
    /// # Rule
    /// R-P3, R-P5, R-P6
    pub fn inquire(&self, asked: &Asked, terms: Terms<'_>) -> Result<Quote, PricingError> {
        check_rounding(terms.rounding())?;
        let plan = Plan::of_spec(self, &asked.spec, asked.window)?;
        let explanation = Explaining::new(self, asked.count, terms).plan(&plan)?;
        Ok(Quote { explanation, at: self.at(), window: asked.window })
    }

    /// Bills a usage that was metered on the same terms as a quote: with discounts, and explained.
    ///
    /// # Errors
    /// As [`inquire`](Self::inquire); `pricing.negative_units` for a correction where there are limits, as
    /// [`rate`](Self::rate): they are of a whole reading.
    ///
    /// # Rule
    /// R-P15: an estimate and the bill for the same facts are equal to the last digit.
    pub fn bill(&self, usage: &Usage, terms: Terms<'_>) -> Result<Quote, PricingError> {
        check_rounding(terms.rounding())?;
        if !self.limits().are_none() {
            check_whole(usage)?;
        }
        let explanation = Explaining::new(self, 1, terms).usages(std::slice::from_ref(usage))?;
        Ok(Quote { explanation, at: self.at(), window: usage.window() })
    }
}

/// The error, if a rounding takes place neither at the lines nor at the total.
pub(super) const fn check_rounding(rounding: Rounding) -> Result<(), PricingError> {
    let call = "rounding_at(RoundAt::Total)";
    match rounding.at() {
        RoundAt::Segment => Err(PricingError::RoundsElsewhere { at: "segment", call }),
        RoundAt::Month => Err(PricingError::RoundsElsewhere { at: "month", call }),
        RoundAt::Line | RoundAt::LineCarry | RoundAt::Total => Ok(()),
    }
}
