//! From priced lines to an explanation: how quotes, bills and the derivations of readings are all made.

use super::{
    ExactAmounts, ExplainedLine, Explanation, Tariff, Terms,
    discount::{Discounted, Listed},
    line::{Line, PricedLine},
    plan::Plan,
    settle::Settling,
};
use crate::{error::PricingError, exact::Exact, metering::Usage, money::RoundAt, time::Period};
use rust_decimal::Decimal;

/// Takes lines one by one, segment by segment, as so many items, and settles them on the terms.
pub(super) struct Explaining<'a> {
    tariff: &'a Tariff,
    count: u32,
    terms: Terms<'a>,
    settling: Settling,
    lines: Vec<ExplainedLine>,
    /// What is payable of each line, where lines are rounded by themselves.
    rounded: Vec<Decimal>,
}

impl<'a> Explaining<'a> {
    pub(super) fn new(tariff: &'a Tariff, count: u32, terms: Terms<'a>) -> Self {
        let settling = Settling::new(terms.rounding());
        Self { tariff, count, terms, settling, lines: Vec::new(), rounded: Vec::new() }
    }

    fn reserve(&mut self, lines: usize) {
        self.lines.reserve(lines);
        if self.terms.rounding().at() == RoundAt::Line {
            self.rounded.reserve(lines);
        }
    }

    /// Explains usages that were metered, each a segment.
    pub(super) fn usages(mut self, usages: &[Usage]) -> Result<Explanation, PricingError> {
        for (segment, usage) in usages.iter().enumerate() {
            self.reserve(usage.parts().len());
            self.tariff.each_line(usage, |line, priced| self.line(segment, usage.window(), line, priced))?;
            self.settling.end_segment()?;
        }
        self.finish()
    }

    /// Explains what is asked for.
    pub(super) fn plan(mut self, plan: &Plan<'_>) -> Result<Explanation, PricingError> {
        self.reserve(plan.parts().len());
        for planned in plan.parts() {
            if let Some((line, priced)) = planned.price(self.tariff)? {
                self.line(planned.segment, planned.window, line, priced)?;
            }
        }
        self.finish()
    }

    fn line(&mut self, segment: usize, window: Period, line: &Line, priced: PricedLine) -> Result<(), PricingError> {
        let PricedLine { used, payable_units, mut amounts } = priced;
        if self.count != 1 {
            let ExactAmounts { original, payable } = &amounts;
            amounts = ExactAmounts { original: self.of_all_items(original)?, payable: self.of_all_items(payable)? };
        }
        let discount = self.discounted(line, &payable_units, &amounts.payable)?;
        if let Some(discounted) = &discount {
            amounts.payable = discounted.amount().clone();
        }
        self.rounded.extend(self.settling.line(&amounts)?);
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

    fn discounted(&self, line: &Line, units: &Exact, listed: &Exact) -> Result<Option<Discounted>, PricingError> {
        let Some((discounts, facts)) = self.terms.discounts() else { return Ok(None) };
        let listed = Listed {
            kind: self.tariff.kind(),
            part: Some(&line.part),
            units: self.of_all_items(units)?,
            amount: listed.clone(),
        };
        Ok(Some(discounts.apply(facts, &listed)?))
    }

    fn of_all_items(&self, of_one: &Exact) -> Result<Exact, PricingError> {
        match self.count {
            1 => Ok(of_one.clone()),
            count => Ok(of_one.times(&Exact::from(i64::from(count)))?),
        }
    }

    fn finish(self) -> Result<Explanation, PricingError> {
        let Self { tariff, count, terms, settling, lines, rounded } = self;
        let limits = tariff.limits().times(count)?;
        let (original, payable) = settling.finish(limits)?;
        Ok(Explanation {
            revision: tariff.revision().clone(),
            kind: tariff.kind().clone(),
            currency: tariff.currency(),
            rounding: terms.rounding(),
            count,
            limits,
            lines,
            rounded,
            original,
            payable,
        })
    }
}
