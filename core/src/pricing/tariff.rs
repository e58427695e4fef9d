use super::{Entry, Every, ExactAmounts, Limits, Rate, RateCard, Rated};
use crate::{
    error::{MoneyError, PricingError},
    exact::{Exact, Integer, Number, Row, narrow_or_wide},
    metering::{Column, Kind, Part, Usage},
    money::{Currency, Rounding},
    time::{Instant, Period},
    units::{Name, Unit},
};
use smallvec::SmallVec;

/// The rates of one kind of resource at one instant, ready to rate with.
///
/// # Rule
/// R-P1, R-P2
#[derive(Debug, Clone)]
pub struct Tariff {
    revision: Name,
    kind: Kind,
    at: Instant,
    currency: Currency,
    /// Sorted by part.
    lines: Vec<Line>,
    /// What the weights of plain lines are over.
    denominator: Integer,
    limits: Limits,
}

/// A rate, prepared.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) part: Part,
    pub(super) rate: Rate,
    /// The length of the rate's time-unit; 1 where it has none.
    micros: i64,
    /// The month that `micros` is the length of, for a price by the month.
    month: Option<Period>,
    /// For a plain price: what one unit·microsecond costs, over the tariff's denominator.
    weight: Option<Integer>,
}

impl Tariff {
    pub(super) fn new<'a>(
        card: &RateCard,
        kind: Kind,
        at: Instant,
        entries: impl Iterator<Item = &'a Entry>,
        limits: Limits,
    ) -> Result<Self, PricingError> {
        let mut lines = Vec::new();
        let mut denominator = Integer::ONE;
        for entry in entries {
            let (micros, month) = entry.rate.every.length_at(at)?;
            if let Some(price) = entry.rate.unit_price() {
                let own = Integer::power_of_ten(price.scale())?.times(&Integer::from(micros))?;
                denominator = denominator.least_common_multiple(&own)?;
            }
            lines.push(Line { part: entry.part.clone(), rate: entry.rate.clone(), micros, month, weight: None });
        }
        for line in &mut lines {
            if let Some(price) = line.rate.unit_price() {
                let own = Integer::power_of_ten(price.scale())?.times(&Integer::from(line.micros))?;
                let (factor, _) = denominator.divide(&own)?;
                line.weight = Some(Integer::from(price.mantissa()).times(&factor)?);
            }
        }
        let (revision, currency) = (card.revision().clone(), card.currency());
        Ok(Self { revision, kind, at, currency, lines, denominator, limits })
    }

    /// The revision of the card that it was taken from.
    pub const fn revision(&self) -> &Name {
        &self.revision
    }

    /// The kind of resource that it is for.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The instant whose rates it holds.
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// The currency of its amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Rates a usage and rounds as named.
    ///
    /// # Rounding
    /// At each line, or once at the total. A usage does not know its spans any more: for
    /// [`RoundAt::Segment`](crate::money::RoundAt::Segment) see
    /// [`rate_segments`](Self::rate_segments), for [`RoundAt::Month`](crate::money::RoundAt::Month)
    /// see [`exact`](Self::exact).
    ///
    /// # Errors
    /// `pricing.no_rate` for a part that is used and has none; `pricing.time_mismatch` where what is
    /// timed meets a price once, or the reverse; `pricing.window_outside_month`;
    /// `units.incompatible`; `pricing.rounds_elsewhere`; `money.overflow`.
    ///
    /// # Rule
    /// R-P2, R-P15, R-U4
    pub fn rate<'a>(&'a self, usage: &'a Usage, rounding: Rounding) -> Result<Rated<'a>, PricingError> {
        Rated::whole(self, std::slice::from_ref(usage), rounding)
    }

    /// Rates the segments of one window (see [`History::segments`](crate::metering::History::segments)),
    /// rounding each by itself, or their total once.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    ///
    /// # Rule
    /// R-M2 (`at = segment`), D-U3
    pub fn rate_segments<'a>(&'a self, segments: &'a [Usage], rounding: Rounding) -> Result<Rated<'a>, PricingError> {
        Rated::segments(self, segments, rounding)
    }

    /// What a usage costs, exactly: for those that round a sum of many.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    ///
    /// # Rule
    /// R-P2
    pub fn exact(&self, usage: &Usage) -> Result<ExactAmounts, PricingError> {
        let plain = self.lines.iter().all(|line| line.weight.is_some());
        if plain && let Ok(amounts) = narrow_or_wide!("an amount", N => self.plain_sum::<N>(usage)) {
            return Ok(amounts);
        }
        let mut sum = ExactAmounts::ZERO;
        self.each_line(usage, |_, _, amounts| {
            sum.original = sum.original.plus(&amounts.original)?;
            sum.payable = sum.payable.plus(&amounts.payable)?;
            Ok(())
        })?;
        Ok(sum)
    }

    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// Walks over the parts of a usage that have a rate, with the exact amounts of each.
    pub(super) fn each_line(
        &self,
        usage: &Usage,
        mut take: impl FnMut(&Line, &Column, ExactAmounts) -> Result<(), PricingError>,
    ) -> Result<(), PricingError> {
        let lines = self.lines_of(usage);
        let (used, payable) = usage.cells();
        let sums = || used.iter().zip(payable.iter());
        for ((line, column), (used, payable)) in lines.iter().zip(usage.columns()).zip(sums()) {
            match line {
                Some(line) => line.check(column, usage.window())?,
                None if used.is_zero() && payable.is_zero() => {}
                None => return Err(self.no_rate(&column.part)),
            }
        }
        let overflow = MoneyError::Overflow { operation: "a weight" };
        let weights = self.weights::<Integer>(&lines, usage.columns()).ok_or(overflow)?;
        for (((line, column), weight), (used, payable)) in
            lines.iter().zip(usage.columns()).zip(weights.each).zip(sums())
        {
            let Some(line) = line else { continue };
            let amounts = match weight {
                Some(weight) => {
                    let amount = |sum: &Integer| Exact::over(sum.times(&weight)?, weights.over.clone());
                    ExactAmounts { original: amount(&used)?, payable: amount(&payable)? }
                }
                None => line.shaped(column, &used, &payable)?,
            };
            take(line, column, amounts)?;
        }
        Ok(())
    }

    /// What a usage costs by plain prices alone: Σ sum × weight. None where something does not fit,
    /// or does not go by itself: then [`each_line`](Self::each_line) says what.
    #[inline]
    fn plain_sum<N: Number>(&self, usage: &Usage) -> Option<ExactAmounts> {
        let lines = self.lines_of(usage);
        for (line, column) in lines.iter().zip(usage.columns()) {
            (*line)?.check(column, usage.window()).ok()?;
        }
        let weights = self.weights::<N>(&lines, usage.columns())?;
        let (used, payable) = usage.cells();
        let (used, payable) = (used.view::<N>()?, payable.view::<N>()?);
        let over = weights.over.into_integer();
        let original = Exact::above_zero(weighted_sum(&weights.each, &used)?.into_integer(), over.clone());
        if used == payable {
            return Some(ExactAmounts { payable: original.clone(), original });
        }
        let payable = Exact::above_zero(weighted_sum(&weights.each, &payable)?.into_integer(), over);
        Some(ExactAmounts { original, payable })
    }

    /// What one of each column's numbers costs, where its price is plain, over one denominator.
    #[inline]
    fn weights<N: Number>(&self, lines: &[Option<&Line>], columns: &[Column]) -> Option<Weights<N>> {
        // By how much the usage is written in finer units and digits than the rates.
        let mut finer = N::ONE;
        for (line, column) in lines.iter().zip(columns) {
            if let Some(line) = line
                && line.weight.is_some()
                && !line.is_written_like(column)
            {
                finer = finer.least_common_multiple(&line.units_of::<N>(column)?.1)?;
            }
        }
        let mut each = Row::new();
        for (line, column) in lines.iter().zip(columns) {
            each.push(match line.and_then(|line| Some((line, line.weight.as_ref()?))) {
                Some((line, weight)) => Some(line.weight_for(column, N::of(weight)?, &finer)?),
                None => None,
            });
        }
        Some(Weights { each, over: N::of(&self.denominator)?.times(&finer)? })
    }

    /// The rate of each column of a usage, if there is one: both are in order of part.
    #[inline]
    fn lines_of(&self, usage: &Usage) -> SmallVec<[Option<&Line>; 6]> {
        let mut lines = self.lines.as_slice();
        let mut of = SmallVec::new();
        for column in usage.columns() {
            let mut found = None;
            while let Some((line, rest)) = lines.split_first() {
                let order = line.part.cmp(&column.part);
                lines = if order.is_le() { rest } else { lines };
                if order.is_ge() {
                    found = order.is_eq().then_some(line);
                    break;
                }
            }
            of.push(found);
        }
        of
    }

    fn no_rate(&self, part: &Part) -> PricingError {
        PricingError::NoRate {
            kind: self.kind.to_string(),
            part: part.dimension.to_string(),
            model: part.model.to_string(),
        }
    }
}

/// What one of each column's numbers costs: none where the price is not plain.
struct Weights<N> {
    each: Row<Option<N>>,
    over: N,
}

/// Σ sum × weight: the one place where a plain price meets a quantity.
#[inline]
fn weighted_sum<N: Number>(weights: &[Option<N>], sums: &[N]) -> Option<N> {
    weights.iter().zip(sums).try_fold(N::ZERO, |total, (weight, sum)| total.plus_product(weight.as_ref()?, sum))
}

impl Line {
    /// How many units of the rate a value is: so many of a unit, times microseconds where it is timed.
    pub(super) fn units(&self, value: &Exact, unit: Unit) -> Result<Exact, PricingError> {
        let (numerator, denominator) = unit.per(self.rate.per)?;
        let units = value.times(&Exact::ratio(numerator, denominator)?)?;
        Ok(units.divided_by(&Exact::from(self.micros))?)
    }

    /// The error, unless the rate can rate the column in the window.
    #[inline]
    fn check(&self, column: &Column, window: Period) -> Result<(), PricingError> {
        if column.measure != self.rate.every.measure() {
            return Err(PricingError::TimeMismatch {
                part: self.part.to_string(),
                every: self.rate.every.time_unit().name(),
            });
        }
        if column.unit != self.rate.per {
            column.unit.per(self.rate.per)?;
        }
        match self.month {
            Some(month) if month.intersection(window) != window => {
                Err(PricingError::WindowOutsideMonth { window: window.to_string(), month: month.to_string() })
            }
            _ => Ok(()),
        }
    }

    #[inline]
    fn is_written_like(&self, column: &Column) -> bool {
        column.scale == 0 && column.unit == self.rate.per
    }

    /// What a mantissa of the column is in units of the rate, time aside: numerator and denominator.
    ///
    /// None where the units do not convert; [`check`](Self::check) has said so before.
    fn units_of<N: Number>(&self, column: &Column) -> Option<(N, N)> {
        let (numerator, denominator) = column.unit.per(self.rate.per).ok()?;
        let digits = N::of(&Integer::power_of_ten(column.scale).ok()?)?;
        Some((N::from_narrow(numerator.into()), digits.times(&N::from_narrow(denominator.into()))?))
    }

    /// The weight of a mantissa of the column, over the tariff's denominator times `finer`.
    #[inline]
    fn weight_for<N: Number>(&self, column: &Column, weight: N, finer: &N) -> Option<N> {
        if self.is_written_like(column) {
            return weight.times(finer);
        }
        let (numerator, denominator) = self.units_of::<N>(column)?;
        weight.times(&numerator)?.times(&finer.divided_by(&denominator)?)
    }

    fn shaped(&self, column: &Column, used: &Integer, payable: &Integer) -> Result<ExactAmounts, PricingError> {
        let amount = |sum: &Integer| self.rate.amount(&self.units(&column.exact(sum)?, column.unit)?);
        let original = amount(used)?;
        let payable = if payable == used {
            original.clone()
        } else if payable.is_zero() {
            Exact::ZERO // nothing of it is payable, so neither is a minimum or a flat fee
        } else {
            amount(payable)?
        };
        Ok(ExactAmounts { original, payable })
    }
}

impl Every {
    /// The unit of a price, as `GiB·hour` or `GiB`.
    pub(super) fn unit_text(&self, per: Unit) -> String {
        match self {
            Self::Once => per.to_string(),
            _ => format!("{per}·{}", self.time_unit()),
        }
    }
}
