use super::{
    Entry, ExactAmounts, Limits, RateCard, Rated,
    line::{Line, PricedLine},
    weights::Weights,
};
use crate::{
    error::PricingError,
    exact::{Integer, any_width},
    metering::{Column, Dimension, Kind, Part, Usage, UsageView},
    money::{Currency, Rounding},
    time::Instant,
    units::Name,
};
use std::cmp::Ordering;

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
    /// What the weights of all plain lines are over.
    denominator: Integer,
    /// Whether all prices are plain ones.
    is_plain: bool,
    limits: Limits,
}

impl Tariff {
    pub(super) fn new<'a>(
        card: &RateCard,
        kind: Kind,
        at: Instant,
        entries: impl Iterator<Item = &'a Entry>,
        limits: Limits,
    ) -> Result<Self, PricingError> {
        let lines = entries.map(|entry| Line::new(entry.part.clone(), entry.rate.clone(), at));
        let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
        let denominator = Line::over_one_denominator(&mut lines)?;
        let is_plain = lines.iter().all(|line| line.weight.is_some());
        let (revision, currency) = (card.revision().clone(), card.currency());
        Ok(Self { revision, kind, at, currency, lines, denominator, is_plain, limits })
    }

    /// The rate of a part, and its place among all.
    pub(super) fn line(&self, part: &Part) -> Option<(usize, &Line)> {
        let place = self.lines.binary_search_by(|line| line.part.cmp(part)).ok()?;
        Some((place, self.lines.get(place)?))
    }

    /// A walk over the rates, for parts that come in their order.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { rest: &self.lines }
    }

    /// Whether any model of a dimension has a rate.
    pub(super) fn has_dimension(&self, dimension: &Dimension) -> bool {
        self.lines.iter().any(|line| line.part.dimension == *dimension)
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
        self.exact_of(usage.view())
    }

    #[inline]
    pub(super) fn exact_of(&self, usage: UsageView<'_>) -> Result<ExactAmounts, PricingError> {
        if self.is_plain
            && let Ok(amounts) = any_width!("an amount", W => {
                Weights::<W>::fitted(self, usage.columns, Some(usage.window)).and_then(|weights| weights.amounts(usage))
            })
        {
            return Ok(amounts);
        }
        let mut sum = ExactAmounts::ZERO;
        self.each_line(usage, |_, PricedLine { amounts, .. }| {
            sum.original = sum.original.plus(&amounts.original)?;
            sum.payable = sum.payable.plus(&amounts.payable)?;
            Ok(())
        })?;
        Ok(sum)
    }

    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// What the weights of all plain lines are over.
    pub(super) const fn denominator(&self) -> &Integer {
        &self.denominator
    }

    /// Whether an amount is nothing but a sum of plain prices.
    pub(super) const fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Walks over the parts of a usage that have a rate, and prices each.
    pub(super) fn each_line(
        &self,
        usage: UsageView<'_>,
        mut take: impl FnMut(&Line, PricedLine) -> Result<(), PricingError>,
    ) -> Result<(), PricingError> {
        self.each_column(usage, |column, priced| match priced {
            Some((line, priced)) => take(line, priced),
            None => Err(self.no_rate(&column.part)),
        })
    }

    /// Walks over the parts of a usage; those that were used without a rate come without a price.
    pub(super) fn each_column(
        &self,
        usage: UsageView<'_>,
        mut take: impl FnMut(&Column, Option<(&Line, PricedLine)>) -> Result<(), PricingError>,
    ) -> Result<(), PricingError> {
        let mut lines = self.walk();
        for (column, used, payable) in usage.cells() {
            match lines.line(&column.part) {
                Some(line) => {
                    line.check(column.basis, usage.window)?;
                    take(column, Some((line, line.price(column.basis, &used, &payable)?)))?;
                }
                None if used.is_zero() && payable.is_zero() => {}
                None => take(column, None)?,
            }
        }
        Ok(())
    }

    pub(super) fn no_rate(&self, part: &Part) -> PricingError {
        PricingError::NoRate {
            kind: self.kind.to_string(),
            part: part.dimension.to_string(),
            model: part.model.to_string(),
        }
    }
}

/// Finds the rates of parts that come in order, in one pass over both.
pub(super) struct Walk<'a> {
    rest: &'a [Line],
}

impl<'a> Walk<'a> {
    /// The rate of a part that comes after all those asked for before. In line, for it is a comparison and a step.
    #[inline(always)]
    pub(super) fn line(&mut self, part: &Part) -> Option<&'a Line> {
        match self.rest.split_first() {
            // The next one, where a usage has the parts of its tariff.
            Some((line, rest)) if line.part == *part => {
                self.rest = rest;
                Some(line)
            }
            _ => self.seek(part),
        }
    }

    fn seek(&mut self, part: &Part) -> Option<&'a Line> {
        while let Some((line, rest)) = self.rest.split_first() {
            match line.part.cmp(part) {
                Ordering::Greater => return None,
                Ordering::Less => self.rest = rest,
                Ordering::Equal => {
                    self.rest = rest;
                    return Some(line);
                }
            }
        }
        None
    }
}
