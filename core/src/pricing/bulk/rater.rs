use super::{
    columns::{RatedColumns, UsageDetail},
    run::Run,
};
use crate::{
    bulk::{check_lengths, entry_of},
    error::{BulkError, Error, PricingError},
    metering::{QuotaCharge, bulk::Lives},
    money::{RoundAt, Rounding},
    pricing::{Explanation, Rated, Tariff},
};
use rust_decimal::Decimal;

/// Rates columns of resources with some tariffs, all rounded alike.
///
/// # Examples
/// ```
/// use counterfoil::metering::{ChargeMode, Kind, Part, QuotaCharge};
/// use counterfoil::metering::bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::RateCard;
/// use counterfoil::pricing::bulk::{RatedColumns, Rater, RatingTerms, UsageDetail};
/// use counterfoil::time::Period;
/// use counterfoil::units::Unit;
///
/// let card = RateCard::from_toml(r#"
///     revision = "2024-02"
///     currency = "CNY"
///     rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
/// "#)?;
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let terms = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::None };
/// let rater = Rater::new(vec![card.tariff(&Kind::Server, day.start())?], terms)?;
///
/// let cores = Numbers::Each(&[2, -4, 8]);
/// let modes = [ChargeMode::PostPaid, ChargeMode::PostPaid, ChargeMode::PrePaid].map(ChargeMode::code);
/// let lives = Lives::new(
///     SpanColumns {
///         start: &[0; 3],
///         end: &[OPEN; 3],
///         mode: &modes,
///         quantities: vec![QuantityColumn { part: Part::CPU, unit: Unit::Core, scale: 0, values: cores, present: None }],
///     },
///     None,
///     Windows::One(day),
/// )?;
/// let tariffs = [0; 3]; // the place of each row's tariff
/// let mut rated = RatedColumns::default();
/// rater.rate(&lives, &tariffs, &mut rated)?;
///
/// assert_eq!((rated.scale, &rated.original[..], &rated.payable[..]), (2, &[317, 0, 1267][..], &[317, 0, 0][..]));
/// assert_eq!((rated.faults[0].row, rated.faults[0].code), (1, "units.negative"));
/// assert_eq!(rater.row(&lives, &tariffs, 1).unwrap_err().to_string(), "a quantity may not be negative: `-4`");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P2, R-U4
#[derive(Debug, Clone)]
pub struct Rater {
    tariffs: Vec<Tariff>,
    terms: RatingTerms,
}

/// What holds for all rows.
#[derive(Debug, Clone, Copy)]
pub struct RatingTerms {
    /// How amounts are rounded: at the line, the segment or the total.
    pub rounding: Rounding,
    /// Whether `quota` spans are charged.
    pub quota: QuotaCharge,
    /// What is written of usage.
    pub usage: UsageDetail,
}

impl Rater {
    /// A rater of tariffs; a row names its own by its place among them.
    ///
    /// # Errors
    /// `pricing.rounds_elsewhere` for [`RoundAt::Month`]: exact amounts are no numbers of a column;
    /// `money.currency_mismatch` unless all tariffs have one currency, since a column has one.
    pub fn new(tariffs: Vec<Tariff>, terms: RatingTerms) -> Result<Self, PricingError> {
        if terms.rounding.at() == RoundAt::Month {
            return Err(PricingError::RoundsElsewhere { at: "month", call: "exact" });
        }
        for pair in tariffs.windows(2) {
            if let [first, second] = pair {
                first.currency().same_as(second.currency())?;
            }
        }
        Ok(Self { tariffs, terms })
    }

    /// The tariffs, in the order of their places.
    pub fn tariffs(&self) -> &[Tariff] {
        &self.tariffs
    }

    /// What holds for all rows.
    pub const fn terms(&self) -> RatingTerms {
        self.terms
    }

    /// Meters and rates all rows.
    ///
    /// # Rounding
    /// As the single call does: [`Tariff::rate`], or [`Tariff::rate_segments`] where each segment is
    /// rounded.
    ///
    /// # Errors
    /// `bulk.column_length` unless there is a tariff for each row. What is wrong with a row is among
    /// `faults`: `bulk.unknown_id` where there is no such tariff, and what [`row`](Self::row) says;
    /// `money.overflow` also for a usage beyond 128 bits where it was asked for.
    ///
    /// # Rule
    /// R-U1 … R-U5, R-P2
    pub fn rate(&self, lives: &Lives<'_>, tariffs: &[u32], into: &mut RatedColumns) -> Result<(), BulkError> {
        let rows = lives.rows();
        check_lengths(rows, [("tariff", Some(tariffs.len()))])?;
        let parts = match self.terms.usage {
            UsageDetail::None => 0,
            UsageDetail::Parts => lives.columns().len(),
        };
        into.resize(rows, parts, self.terms.rounding.step().scale());
        Run::new(self, lives, tariffs).fill(into);
        Ok(())
    }

    /// What one row alone comes to, original and payable; none if it did not live in its window.
    ///
    /// # Errors
    /// `bulk.unknown_id`; as [`Lives::history`], [`Lives::window`] and [`Tariff::rate`].
    pub fn row(&self, lives: &Lives<'_>, tariffs: &[u32], row: usize) -> Result<Option<(Decimal, Decimal)>, Error> {
        self.with_row(lives, tariffs, row, |rated| Ok((rated.original(), rated.payable())))
    }

    /// Why one row costs what it costs; none if it did not live in its window.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    ///
    /// # Rule
    /// R-P15
    pub fn explain(&self, lives: &Lives<'_>, tariffs: &[u32], row: usize) -> Result<Option<Explanation>, Error> {
        self.with_row(lives, tariffs, row, |rated| rated.explain())
    }

    /// Rates a row by the single call.
    fn with_row<T>(
        &self,
        lives: &Lives<'_>,
        tariffs: &[u32],
        row: usize,
        answer: impl FnOnce(Rated<'_>) -> Result<T, PricingError>,
    ) -> Result<Option<T>, Error> {
        let tariff = self.tariff(tariffs.get(row).copied().unwrap_or(u32::MAX))?;
        let (history, window) = (lives.history(row)?, lives.window(row)?);
        let RatingTerms { rounding, quota, .. } = self.terms;
        let Some(usage) = history.usage_under(window, quota)? else {
            return Ok(None);
        };
        if rounding.at() == RoundAt::Segment {
            let segments = history.segments(window, quota)?;
            return Ok(Some(answer(tariff.rate_segments(&segments, rounding)?)?));
        }
        Ok(Some(answer(tariff.rate(&usage, rounding)?)?))
    }

    pub(super) fn tariff(&self, id: u32) -> Result<&Tariff, BulkError> {
        entry_of("tariff", id, &self.tariffs)
    }
}
