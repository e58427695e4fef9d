use super::{Entry, Every, ExactAmounts, Limits, Rate, RateCard, Rated};
use crate::{
    error::{MoneyError, PricingError},
    exact::{Exact, Integer, Number, Whole, narrow_or_wide},
    metering::{Column, Dimension, Kind, Part, Usage},
    money::{Currency, Rounding},
    time::{Instant, Period},
    units::{Name, Unit},
};

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
    pub(super) month: Option<Period>,
    /// For a plain price: what one unit·microsecond costs, over the tariff's denominator.
    weight: Option<Integer>,
}

/// What a usage has in one column.
pub(super) struct Cells<'a> {
    pub(super) used: &'a Integer,
    pub(super) payable: &'a Integer,
}

impl Tariff {
    pub(super) fn new<'a>(
        card: &RateCard,
        kind: Kind,
        at: Instant,
        entries: impl Iterator<Item = &'a Entry>,
        limits: Limits,
    ) -> Result<Self, PricingError> {
        let lines =
            entries.map(|entry| Line::new(entry.part.clone(), entry.rate.clone(), at)).collect::<Result<_, _>>()?;
        let (revision, currency) = (card.revision().clone(), card.currency());
        Self::prepared(Self { revision, kind, at, currency, lines, denominator: Integer::ONE, limits })
    }

    /// The rate of one part as it holds in the month in which an instant lies.
    pub(super) fn in_month_of(&self, part: &Part, at: Instant) -> Result<Self, PricingError> {
        let line = self.line(part).map(|line| Line::new(line.part.clone(), line.rate.clone(), at)).transpose()?;
        let (revision, kind) = (self.revision.clone(), self.kind.clone());
        Self::prepared(Self { revision, kind, lines: line.into_iter().collect(), denominator: Integer::ONE, ..*self })
    }

    /// Gives plain lines their weights, over one denominator.
    fn prepared(mut tariff: Self) -> Result<Self, PricingError> {
        for line in &tariff.lines {
            if let Some(price) = line.rate.unit_price() {
                let own = Integer::power_of_ten(price.scale())?.times(&Integer::from(line.micros))?;
                tariff.denominator = tariff.denominator.least_common_multiple(&own)?;
            }
        }
        for line in &mut tariff.lines {
            if let Some(price) = line.rate.unit_price() {
                let own = Integer::power_of_ten(price.scale())?.times(&Integer::from(line.micros))?;
                let (factor, _) = tariff.denominator.divide(&own)?;
                line.weight = Some(Integer::from(price.mantissa()).times(&factor)?);
            }
        }
        Ok(tariff)
    }

    /// The rate of a part.
    pub(super) fn line(&self, part: &Part) -> Option<&Line> {
        let place = self.lines.binary_search_by(|line| line.part.cmp(part)).ok()?;
        self.lines.get(place)
    }

    /// The unit that a part is priced in.
    pub(super) fn unit_of(&self, part: &Part) -> Option<Unit> {
        self.line(part).map(|line| line.rate.per)
    }

    /// Whether any model of a dimension has a rate.
    pub(super) fn has_dimension(&self, dimension: &Dimension) -> bool {
        self.lines.iter().any(|line| line.part.dimension == *dimension)
    }

    /// How many parts have a rate.
    pub(super) fn parts(&self) -> usize {
        self.lines.len()
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
    /// `units.incompatible`; `pricing.negative_units` for a difference where there are tiers, free
    /// units or limits; `pricing.rounds_elsewhere`; `money.overflow`.
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
        self.each_line(usage, |_, _, _, amounts| {
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
        mut take: impl FnMut(&Line, &Column, Cells<'_>, ExactAmounts) -> Result<(), PricingError>,
    ) -> Result<(), PricingError> {
        self.each_column(usage, |column, rated| match rated {
            Some((line, cells, amounts)) => take(line, column, cells, amounts),
            None => Err(self.no_rate(&column.part)),
        })
    }

    /// Walks over the parts of a usage; those that were used without a rate come without amounts.
    pub(super) fn each_column(
        &self,
        usage: &Usage,
        mut take: impl FnMut(&Column, Option<(&Line, Cells<'_>, ExactAmounts)>) -> Result<(), PricingError>,
    ) -> Result<(), PricingError> {
        let (used, payable) = usage.cells();
        let mut lines = self.lines.iter().peekable();
        for (column, (used, payable)) in usage.columns().iter().zip(used.iter().zip(payable.iter())) {
            while lines.next_if(|line| line.part < column.part).is_some() {}
            match lines.next_if(|line| line.part == column.part) {
                Some(line) => {
                    line.check(column, usage.window())?;
                    let amounts = self.amounts(line, column, &used, &payable)?;
                    let cells = Cells { used: &used, payable: &payable };
                    take(column, Some((line, cells, amounts)))?;
                }
                None if used.is_zero() && payable.is_zero() => {}
                None => take(column, None)?,
            }
        }
        Ok(())
    }

    /// What the numbers of one column cost.
    fn amounts(
        &self,
        line: &Line,
        column: &Column,
        used: &Integer,
        payable: &Integer,
    ) -> Result<ExactAmounts, PricingError> {
        if line.weight.is_none() {
            return line.shaped(column, used, payable);
        }
        let overflow = MoneyError::Overflow { operation: "a weight" };
        let (weight, finer) = line.weight_for::<Integer>(column).ok_or(overflow)?;
        let over = self.denominator.times(&finer)?;
        let amount = |sum: &Integer| Exact::over(sum.times(&weight)?, over.clone());
        Ok(ExactAmounts { original: amount(used)?, payable: amount(payable)? })
    }

    /// What a usage costs by plain prices alone: Σ number × weight. None where something does not
    /// fit, or does not go by itself: then [`each_line`](Self::each_line) says what.
    #[inline]
    fn plain_sum<N: Number>(&self, usage: &Usage) -> Option<ExactAmounts> {
        let (used, payable) = usage.cells();
        let (used, payable) = (used.view::<N>()?, payable.view::<N>()?);
        let mut lines = self.lines.iter();
        // Both sums are over the tariff's denominator times `finer`.
        let (mut original_sum, mut payable_sum, mut finer) = (N::ZERO, N::ZERO, N::ONE);
        for (column, (used, payable)) in usage.columns().iter().zip(used.iter().zip(payable.iter())) {
            let line = lines.find(|line| line.part == column.part)?;
            line.check(column, usage.window()).ok()?;
            let (mut weight, own) = line.weight_for::<N>(column)?;
            if own != finer {
                let common = own.least_common_multiple(&finer)?;
                let growth = common.divided_by(&finer)?;
                (original_sum, payable_sum) = (original_sum.times(&growth)?, payable_sum.times(&growth)?);
                weight = weight.times(&common.divided_by(&own)?)?;
                finer = common;
            }
            original_sum = original_sum.plus_product(&weight, used)?;
            payable_sum = payable_sum.plus_product(&weight, payable)?;
        }
        let over = N::of(&self.denominator)?.times(&finer)?.into_integer();
        let amount = |sum: N| Exact::above_zero(sum.into_integer(), over.clone());
        Some(ExactAmounts { original: amount(original_sum), payable: amount(payable_sum) })
    }

    fn no_rate(&self, part: &Part) -> PricingError {
        PricingError::NoRate {
            kind: self.kind.to_string(),
            part: part.dimension.to_string(),
            model: part.model.to_string(),
        }
    }
}

impl Line {
    fn new(part: Part, rate: Rate, at: Instant) -> Result<Self, PricingError> {
        let (micros, month) = rate.every.length_at(at)?;
        Ok(Self { part, rate, micros, month, weight: None })
    }

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
            Some(month) if !self.holds_for(window) => {
                Err(PricingError::WindowOutsideMonth { window: window.to_string(), month: month.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Whether its price holds for all of a window.
    #[inline]
    pub(super) fn holds_for(&self, window: Period) -> bool {
        self.month.is_none_or(|month| month.intersection(window) == window)
    }

    /// What one of a column's numbers costs by a plain price: a weight over the tariff's denominator
    /// times the second number, which is 1 unless the column is written in finer units or digits
    /// than the rate. This is the one place where a price meets a quantity.
    ///
    /// None where the units do not convert; [`check`](Self::check) says so.
    #[inline]
    fn weight_for<N: Whole>(&self, column: &Column) -> Option<(N, N)> {
        let weight = N::of(self.weight.as_ref()?)?;
        if column.scale == 0 && column.unit == self.rate.per {
            return Some((weight, N::ONE));
        }
        let (numerator, denominator) = column.unit.per(self.rate.per).ok()?;
        let digits = N::power_of_ten(column.scale)?;
        Some((weight.times(&N::from(numerator))?, digits.times(&N::from(denominator))?))
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
