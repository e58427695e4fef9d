//! From what is asked for to usages that can be rated: one usage, and one more for each calendar month
//! of a part that is priced by such months.

use super::Tariff;
use crate::{
    error::PricingError,
    exact::Exact,
    metering::{Measure, Part, Spec, Usage},
    time::{Instant, Period},
    units::Quantity,
};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// A usage, and the tariff that rates it.
pub(super) struct Planned<'a> {
    pub(super) tariff: Cow<'a, Tariff>,
    pub(super) usage: Usage,
}

/// How many months one inquiry may make lines of: ten parts for a hundred years. Without a limit, a few bytes could
/// ask for all months of ten thousand years, and for those of a thousand parts.
const MOST_MONTHS: usize = 12_000;

impl Tariff {
    /// The usage of a spec that stays as it is for a window, each part measured as its rate measures.
    pub(super) fn plan(&self, spec: &Spec, window: Period) -> Result<SmallVec<[Planned<'_>; 1]>, PricingError> {
        let measure = |part: &Part| self.line(part).map_or(Measure::Timed, |line| line.rate.every.measure());
        if window.is_empty() && spec.parts().any(|(part, _)| measure(part) == Measure::Timed) {
            return Err(PricingError::NoDuration {});
        }
        let by_month = |part: &Part| self.line(part).is_some_and(|line| !line.holds_for(window));
        if !spec.parts().any(|(part, _)| by_month(part)) {
            let usage = Usage::planned(window, spec.parts(), measure)?;
            return Ok(smallvec![Planned { tariff: Cow::Borrowed(self), usage }]);
        }
        let whole = spec.parts().filter(|(part, _)| !by_month(part));
        let mut plan =
            smallvec![Planned { tariff: Cow::Borrowed(self), usage: Usage::planned(window, whole, measure)? }];
        let mut months = 0;
        for part in spec.parts().filter(|(part, _)| by_month(part)) {
            self.plan_by_month(part, window, &mut months, |planned| plan.push(planned))?;
        }
        Ok(plan)
    }

    /// The same for one part that has a rate; `months` counts those of all parts of an inquiry.
    pub(super) fn plan_part<'a>(
        &'a self,
        part: (&Part, Quantity),
        window: Period,
        months: &mut usize,
        mut take: impl FnMut(Planned<'a>),
    ) -> Result<(), PricingError> {
        let measure = self.line(part.0).map_or(Measure::Timed, |line| line.rate.every.measure());
        if window.is_empty() && measure == Measure::Timed {
            return Err(PricingError::NoDuration {});
        }
        if self.line(part.0).is_some_and(|line| !line.holds_for(window)) {
            return self.plan_by_month(part, window, months, take);
        }
        take(Planned { tariff: Cow::Borrowed(self), usage: Usage::planned(window, [part], |_| measure)? });
        Ok(())
    }

    /// The error, unless the price of a part is that of a sum: what costs something for each event is not.
    pub(super) fn check_sum(&self, part: &Part) -> Result<(), PricingError> {
        match self.line(part) {
            Some(line) if line.rate.shape.of_events().is_some() => line.rate.amount(&Exact::ONE).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// The usages of one part, month by month of its rate.
    fn plan_by_month<'a>(
        &self,
        part: (&Part, Quantity),
        window: Period,
        months: &mut usize,
        mut take: impl FnMut(Planned<'a>),
    ) -> Result<(), PricingError> {
        let mut start = window.start();
        while start < window.end() {
            *months = months.saturating_add(1);
            if *months > MOST_MONTHS {
                return Err(PricingError::TooManyMonths { window: window.to_string(), limit: MOST_MONTHS });
            }
            let tariff = self.in_month_of(part.0, start)?;
            let month = tariff.line(part.0).and_then(|line| line.month).unwrap_or(window);
            // A month ends after every instant in it, so this goes on.
            let piece = Period::new(start, month.end().min(window.end()))?;
            let usage = Usage::planned(piece, [part], |_| Measure::Timed)?;
            take(Planned { tariff: Cow::Owned(tariff), usage });
            start = piece.end().max(next_instant(start)?);
        }
        Ok(())
    }
}

fn next_instant(at: Instant) -> Result<Instant, PricingError> {
    Ok(at.plus_micros(1)?)
}
