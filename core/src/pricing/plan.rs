//! From what is asked for to usages that can be rated: one usage, and one more for each calendar month
//! of a part that is priced by such months.

use super::Tariff;
use crate::{
    error::PricingError,
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
        for part in spec.parts().filter(|(part, _)| by_month(part)) {
            self.plan_by_month(part, window, |planned| plan.push(planned))?;
        }
        Ok(plan)
    }

    /// The same for one part that has a rate.
    pub(super) fn plan_part<'a>(
        &'a self,
        part: (&Part, Quantity),
        window: Period,
        mut take: impl FnMut(Planned<'a>),
    ) -> Result<(), PricingError> {
        let measure = self.line(part.0).map_or(Measure::Timed, |line| line.rate.every.measure());
        if window.is_empty() && measure == Measure::Timed {
            return Err(PricingError::NoDuration {});
        }
        if self.line(part.0).is_some_and(|line| !line.holds_for(window)) {
            return self.plan_by_month(part, window, take);
        }
        take(Planned { tariff: Cow::Borrowed(self), usage: Usage::planned(window, [part], |_| measure)? });
        Ok(())
    }

    /// The usages of one part, month by month of its rate.
    fn plan_by_month<'a>(
        &self,
        part: (&Part, Quantity),
        window: Period,
        mut take: impl FnMut(Planned<'a>),
    ) -> Result<(), PricingError> {
        let mut start = window.start();
        while start < window.end() {
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
