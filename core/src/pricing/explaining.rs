//! From priced lines to an explanation: how quotes, bills and the derivations of readings are all made.

use super::{
    ExactAmounts, ExplainedLine, Explanation, Limits, Tariff, Terms,
    discount::{DiscountFacts, Discounts, Listed},
    line::{Line, PricedLine},
    plan::Plan,
    settle::Settling,
};
use crate::{
    error::PricingError,
    exact::Exact,
    metering::{Part, Usage},
    money::{RoundAt, Rounded, Rounding},
    time::Period,
};
use rust_decimal::Decimal;

/// How many rules times lines one inquiry may trace: each rule is told of for each line.
const MOST_TRACED: usize = 1_000_000;

/// Takes lines one by one, segment by segment, as so many items, and settles them on the terms.
pub(super) struct Explaining<'a> {
    tariff: &'a Tariff,
    count: u32,
    rounding: Rounding,
    /// Discounts that go line by line.
    by_line: Option<(&'a Discounts, &'a DiscountFacts)>,
    /// Discounts that need all lines first: there is an amount off.
    together: Option<(&'a Discounts, &'a DiscountFacts)>,
    settling: Settling,
    keeping: Keeping,
    lines: Vec<ExplainedLine>,
    /// What is payable of each line, where lines are rounded by themselves.
    rounded: Vec<Decimal>,
}

/// What is kept of lines that are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// The lines, for an explanation.
    Lines,
    /// Nothing: two amounts are all that is asked for.
    Nothing,
}

impl<'a> Explaining<'a> {
    pub(super) fn new(tariff: &'a Tariff, count: u32, terms: Terms<'a>) -> Self {
        let rounding = terms.rounding();
        let (by_line, together) = match terms.discounts() {
            Some(discounts) if discounts.0.takes_off() => (None, Some(discounts)),
            discounts => (discounts, None),
        };
        let settling = Settling::new(rounding);
        let (keeping, lines, rounded) = (Keeping::Lines, Vec::new(), Vec::new());
        Self { tariff, count, rounding, by_line, together, settling, keeping, lines, rounded }
    }

    /// Explains usages that were metered, each a segment.
    pub(super) fn usages(mut self, usages: &[Usage]) -> Result<Explanation, PricingError> {
        for (segment, usage) in usages.iter().enumerate() {
            self.make_room(usage.parts().len())?;
            self.tariff.each_line(usage.view(), |line, priced| self.line(segment, usage.window(), line, priced))?;
            self.settling.end_segment()?;
        }
        self.finish()
    }

    /// Explains what is asked for.
    pub(super) fn plan(mut self, plan: &Plan<'_>) -> Result<Explanation, PricingError> {
        self.price(plan)?;
        self.finish()
    }

    /// What is asked for costs, original and payable: the two amounts of the explanation, which nobody
    /// asked for. Nothing is kept of the lines, unless discounts need all of them together.
    pub(super) fn amounts(mut self, plan: &Plan<'_>) -> Result<(Rounded, Rounded), PricingError> {
        if self.together.is_none() {
            self.keeping = Keeping::Nothing;
        }
        self.price(plan)?;
        let limits = self.settle()?;
        self.settling.finish(limits)
    }

    fn price(&mut self, plan: &Plan<'_>) -> Result<(), PricingError> {
        self.make_room(plan.parts().len())?;
        for planned in plan.parts() {
            if let Some((line, priced)) = planned.price(self.tariff)? {
                self.line(planned.segment, planned.window, line, priced)?;
            }
        }
        Ok(())
    }

    /// Makes room for lines that come, unless their traces would be more than anybody reads.
    fn make_room(&mut self, lines: usize) -> Result<(), PricingError> {
        let rules = self.by_line.or(self.together).map_or(0, |(discounts, _)| discounts.rules().len());
        let all = self.lines.len().saturating_add(lines);
        if all.saturating_mul(rules) > MOST_TRACED {
            return Err(PricingError::TooManyDiscounts { rules, lines: all, limit: MOST_TRACED });
        }
        if self.keeping == Keeping::Nothing {
            return Ok(());
        }
        self.lines.reserve(lines);
        if self.rounding.at() == RoundAt::Line {
            self.rounded.reserve(lines);
        }
        Ok(())
    }

    fn line(&mut self, segment: usize, window: Period, line: &Line, priced: PricedLine) -> Result<(), PricingError> {
        let PricedLine { used, payable_units, mut amounts } = priced;
        if self.count != 1 {
            let ExactAmounts { original, payable } = &amounts;
            amounts = ExactAmounts { original: self.of_all_items(original)?, payable: self.of_all_items(payable)? };
        }
        let discount = match self.by_line {
            Some((discounts, facts)) => {
                let listed = self.listed(&line.part, &payable_units, &amounts.payable)?;
                Some(discounts.apply(facts, &listed)?)
            }
            None => None,
        };
        if let Some(discounted) = &discount {
            amounts.payable = discounted.amount().clone();
        }
        let rounded = self.settling.line(&amounts)?;
        if self.keeping == Keeping::Nothing {
            return Ok(());
        }
        self.rounded.extend(rounded);
        self.lines.push(ExplainedLine {
            segment,
            window,
            part: line.part.clone(),
            used,
            payable_units,
            rate: line.rate.clone(),
            original: amounts.original,
            payable: amounts.payable,
            discount,
        });
        Ok(())
    }

    /// Discounts all lines, which are at their list price, as one inquiry, and settles them again.
    fn discount_together(&mut self, (discounts, facts): (&Discounts, &DiscountFacts)) -> Result<(), PricingError> {
        let listed = self.lines.iter().map(|line| self.listed(&line.part, &line.payable_units, &line.payable));
        let discounted = discounts.apply_all(facts, &listed.collect::<Result<Vec<_>, _>>()?)?;
        for (line, discounted) in self.lines.iter_mut().zip(discounted) {
            line.payable = discounted.amount().clone();
            line.discount = Some(discounted);
        }
        (self.settling, self.rounded) = settled(&self.lines, self.rounding)?;
        Ok(())
    }

    fn listed<'l>(&'l self, part: &'l Part, units: &Exact, amount: &Exact) -> Result<Listed<'l>, PricingError> {
        let (kind, part, units) = (self.tariff.kind(), Some(part), self.of_all_items(units)?);
        Ok(Listed { kind, part, units, amount: amount.clone() })
    }

    fn of_all_items(&self, of_one: &Exact) -> Result<Exact, PricingError> {
        match self.count {
            1 => Ok(of_one.clone()),
            count => Ok(of_one.times(&Exact::from(i64::from(count)))?),
        }
    }

    /// Takes off what is of all lines, and gives the limits of all items.
    fn settle(&mut self) -> Result<Limits, PricingError> {
        if let Some(discounts) = self.together {
            self.discount_together(discounts)?;
        }
        self.tariff.limits().times(self.count)
    }

    fn finish(mut self) -> Result<Explanation, PricingError> {
        let limits = self.settle()?;
        let Self { tariff, count, rounding, settling, lines, rounded, .. } = self;
        let (original, payable) = settling.finish(limits)?;
        let (revision, kind, currency) = (tariff.revision().clone(), tariff.kind().clone(), tariff.currency());
        Ok(Explanation { revision, kind, currency, rounding, count, limits, lines, rounded, original, payable })
    }
}

/// Settles the lines of an explanation, segment by segment; and what is payable of each, where lines are
/// rounded by themselves.
fn settled(lines: &[ExplainedLine], rounding: Rounding) -> Result<(Settling, Vec<Decimal>), PricingError> {
    let (mut settling, mut rounded) = (Settling::new(rounding), Vec::new());
    for segment in lines.chunk_by(|line, next| line.segment == next.segment) {
        for line in segment {
            let amounts = ExactAmounts { original: line.original.clone(), payable: line.payable.clone() };
            rounded.extend(settling.line(&amounts)?);
        }
        settling.end_segment()?;
    }
    Ok((settling, rounded))
}
