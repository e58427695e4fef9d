//! From what is asked for to parts that can be priced: one for each part, and one for each calendar
//! month of a part that is priced by such months.

use super::{
    Tariff,
    line::{Line, PricedLine},
};
use crate::{
    error::PricingError,
    metering::{Basis, Measure, Part, Spec},
    time::{Instant, Period},
    units::Quantity,
};
use smallvec::SmallVec;

/// The parts of an inquiry, in the order in which they are explained.
#[derive(Default)]
pub(super) struct Plan<'a> {
    parts: SmallVec<[Planned<'a>; 6]>,
    /// The segment of the part that comes next.
    segment: usize,
    /// How many of the segments are months.
    months: usize,
}

/// How many months one inquiry may make lines of: ten parts for a hundred years. Without a limit, a few bytes could
/// ask for all months of ten thousand years, and for those of a thousand parts.
const MOST_MONTHS: usize = 12_000;

/// So much of a part, for a window in which one rate holds.
pub(super) struct Planned<'a> {
    /// Which segment of the explanation it is of.
    pub(super) segment: usize,
    pub(super) window: Period,
    part: &'a Part,
    quantity: Quantity,
    rate: RateOf<'a>,
}

/// What prices a part.
enum RateOf<'a> {
    /// Nothing, as only nothing can be.
    None,
    /// The rate of the tariff.
    Tariff(&'a Line),
    /// That rate, as it holds in another month.
    Month(Box<Line>),
}

impl<'a> Plan<'a> {
    /// Plans a spec that stays as it is for a window.
    pub(super) fn of_spec(tariff: &'a Tariff, spec: &'a Spec, window: Period) -> Result<Self, PricingError> {
        let mut plan = Self::default();
        plan.fill(tariff, spec.parts().map(Ok), window)?;
        Ok(plan)
    }

    /// Plans parts that stay as they are for a window instead of what was planned; they come in order.
    /// The memory of the plan is used again.
    pub(super) fn fill(
        &mut self,
        tariff: &'a Tariff,
        parts: impl Iterator<Item = Result<(&'a Part, Quantity), PricingError>>,
        window: Period,
    ) -> Result<(), PricingError> {
        self.parts.clear();
        (self.segment, self.months) = (0, 0);
        let (mut lines, mut by_month) = (tariff.walk(), Vec::new());
        for each in parts {
            let (part, quantity) = each?;
            let line = lines.line(part);
            check_duration(line, window)?;
            match line {
                Some(line) if !line.holds_for(window) => by_month.push((line, part, quantity)),
                Some(line) => self.push(window, part, quantity, RateOf::Tariff(line)),
                None => self.push(window, part, quantity, RateOf::None),
            }
        }
        self.end_segment();
        for (line, part, quantity) in by_month {
            self.push_by_month(line, part, quantity, window)?;
        }
        Ok(())
    }

    /// Adds a part that has a rate, as one segment or as one for each month; how many these are.
    pub(super) fn add(
        &mut self,
        line: &'a Line,
        part: &'a Part,
        quantity: Quantity,
        window: Period,
    ) -> Result<usize, PricingError> {
        let before = self.segment;
        check_duration(Some(line), window)?;
        if line.holds_for(window) {
            self.push(window, part, quantity, RateOf::Tariff(line));
            self.end_segment();
        } else {
            self.push_by_month(line, part, quantity, window)?;
        }
        Ok(self.segment.saturating_sub(before))
    }

    pub(super) fn parts(&self) -> &[Planned<'a>] {
        &self.parts
    }

    /// Adds the pieces of one part, month by month of its rate.
    fn push_by_month(
        &mut self,
        line: &Line,
        part: &'a Part,
        quantity: Quantity,
        window: Period,
    ) -> Result<(), PricingError> {
        let mut start = window.start();
        while start < window.end() {
            self.months = self.months.saturating_add(1);
            if self.months > MOST_MONTHS {
                return Err(PricingError::TooManyMonths { window: window.to_string(), limit: MOST_MONTHS });
            }
            let line = line.at(start)?;
            let month = line.month.unwrap_or(window);
            // A month ends after every instant in it, so this goes on.
            let piece = Period::new(start, month.end().min(window.end()))?;
            self.push(piece, part, quantity, RateOf::Month(Box::new(line)));
            self.end_segment();
            start = piece.end().max(next_instant(start)?);
        }
        Ok(())
    }

    fn push(&mut self, window: Period, part: &'a Part, quantity: Quantity, rate: RateOf<'a>) {
        self.parts.push(Planned { segment: self.segment, window, part, quantity, rate });
    }

    fn end_segment(&mut self) {
        self.segment = self.segment.saturating_add(1);
    }
}

impl Planned<'_> {
    /// What it costs; none of what costs nothing because there is nothing of it.
    pub(super) fn price(&self, tariff: &Tariff) -> Result<Option<(&Line, PricedLine)>, PricingError> {
        let line = match &self.rate {
            RateOf::Tariff(line) => line,
            RateOf::Month(line) => &**line,
            RateOf::None if self.quantity.amount().is_zero() => return Ok(None),
            RateOf::None => return Err(tariff.no_rate(self.part)),
        };
        let basis = Basis::of(self.quantity, line.rate.every.measure());
        line.check(basis, self.window)?;
        let sum = basis.sum(self.quantity, self.window)?;
        Ok(Some((line, line.price(basis, &sum, &sum)?)))
    }
}

/// The error, if a part is priced by time and there is none.
fn check_duration(line: Option<&Line>, window: Period) -> Result<(), PricingError> {
    let measure = line.map_or(Measure::Timed, |line| line.rate.every.measure());
    if window.is_empty() && measure == Measure::Timed {
        return Err(PricingError::NoDuration {});
    }
    Ok(())
}

fn next_instant(at: Instant) -> Result<Instant, PricingError> {
    Ok(at.plus_micros(1)?)
}
