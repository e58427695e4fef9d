use super::not_below_zero;
use crate::{
    error::{PricingError, TimeError},
    exact::{Exact, RoundingMode, decimal},
    money::{Derivation, Known, Ratio, Rounded, Rounding, Term},
    time::{Instant, MICROS_PER_DAY, Period, Zone, full_days_between},
};
use rust_decimal::Decimal;

const REMAINING: Term = Term::new("remaining_value", "remaining value of the plan", "套餐剩余价值");
const SWITCH: Term = Term::new("switch", "switch of the plan", "切换套餐");
const CANCEL: Term = Term::new("cancel", "cancellation of the plan", "取消套餐");
const DAYS_LEFT: Term = Term::new("days_left", "whole days left", "剩余整天数");
const CYCLE_TIME: Term = Term::new("cycle_time", "length of the cycle in days", "周期长度（天）");
const CYCLE_DAYS: Term = Term::new("cycle_days", "days of the cycle", "周期天数");
const COUNTED: Term = Term::new("counted_days", "days that count", "计入天数");
const PRICE: Term = Term::new("price", "price of the cycle", "周期价格");
const VALUE: Term = Term::new("value", "value left of the cycle", "周期剩余价值");
const AHEAD: Term = Term::new("ahead", "cycle paid ahead", "已续费周期");
const SUM: Term = Term::new("left", "value left", "剩余价值");
const ROUNDED: Term = Term::new("remaining", "remaining value", "剩余价值（舍入）");
const GIVEN_BACK: Term = Term::new("given_back", "share that is given back", "退还比例");
const SHARE: Term = Term::new("back", "what is given back of it", "应退还部分");
const REFUND: Term = Term::new("refund", "refund", "退款");
const NEW_PRICE: Term = Term::new("new_price", "price of the new plan", "新套餐价格");
const PAYMENT: Term = Term::new("payment", "payment", "应付");

/// A cycle that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanCycle {
    /// From when to when.
    pub period: Period,
    /// What was paid for it.
    pub price: Decimal,
}

/// The cycles of a plan that were paid, one after the other: the running one and those ahead.
///
/// # Examples
/// ```
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::change::{PaidPlan, PlanCycle};
/// use counterfoil::time::{Period, Zone};
///
/// let period = Period::parse("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z")?;
/// let plan = PaidPlan::new([PlanCycle { period, price: "300".parse()? }], Zone::UTC)?;
/// let now = "2016-10-11T12:00:00Z".parse()?;
/// let left = plan.remaining(now, Rounding::USAGE_REMAINING)?;
/// assert_eq!(left.amount().to_string(), "193.54"); // 20 whole days of 31
///
/// let switch = plan.switch("500".parse()?, now, Rounding::USAGE_REMAINING)?;
/// assert_eq!(switch.payment().to_string(), "306.46");
/// let refused = plan.switch("193.53".parse()?, now, Rounding::USAGE_REMAINING).unwrap_err();
/// assert_eq!(refused.code(), "pricing.switch_refused");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-P9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidPlan {
    /// In order, without an overlap.
    cycles: Vec<PlanCycle>,
    zone: Zone,
}

impl PaidPlan {
    /// A plan by its cycles, whose days are counted in a zone.
    ///
    /// # Errors
    /// `pricing.overlapping_cycles` where one starts before the one before it ends;
    /// `pricing.below_zero` for a price below zero.
    pub fn new(cycles: impl IntoIterator<Item = PlanCycle>, zone: Zone) -> Result<Self, PricingError> {
        let mut kept: Vec<PlanCycle> = Vec::new();
        for cycle in cycles {
            not_below_zero("price of a cycle", cycle.price)?;
            if let Some(before) = kept.last().filter(|before| cycle.period.start() < before.period.end()) {
                let (first, next) = (before.period.to_string(), cycle.period.to_string());
                return Err(PricingError::OverlappingCycles { first, next });
            }
            kept.push(cycle);
        }
        Ok(Self { cycles: kept, zone })
    }

    /// The cycles.
    pub fn cycles(&self) -> &[PlanCycle] {
        &self.cycles
    }

    /// What the plan is still worth: whole days left ÷ the rounded days of the running cycle × its
    /// price, and the price of each cycle ahead. After the last deadline it is nothing.
    ///
    /// A day is over when its clock time comes round again, so the day of purchase is gone a second
    /// after it. The days of a cycle are rounded to whole ones, half up: a cycle over a change of the
    /// clock keeps its days.
    ///
    /// # Rounding
    /// The sum, once. [`Rounding::USAGE_REMAINING`] is the preset.
    ///
    /// # Errors
    /// `time.empty_cycle` where the running cycle is shorter than half a day, `money.overflow`.
    ///
    /// # Rule
    /// R-P9
    pub fn remaining(&self, now: Instant, rounding: Rounding) -> Result<PlanValue, PricingError> {
        let mut derivation = Derivation::new("R-P9", REMAINING);
        let left = self.derive(now, &mut derivation)?;
        let (_, rounded) = derivation.round(ROUNDED, &left, rounding)?;
        Ok(PlanValue { rounded, derivation })
    }

    /// What another plan costs when what is left of this one is counted against it.
    ///
    /// # Rounding
    /// What is left, once; the payment is what the price has more, exactly.
    ///
    /// # Errors
    /// `pricing.switch_refused` where more is left than the new plan costs; `pricing.below_zero` for a
    /// price below zero; else as [`remaining`](Self::remaining).
    ///
    /// # Rule
    /// R-P9
    pub fn switch(&self, price: Decimal, now: Instant, rounding: Rounding) -> Result<PlanSwitch, PricingError> {
        let new_price = not_below_zero("price of the new plan", price)?;
        let mut derivation = Derivation::new("R-P9", SWITCH);
        let left = self.derive(now, &mut derivation)?;
        let (known, remaining) = derivation.round(ROUNDED, &left, rounding)?;
        if remaining.amount() > price {
            return Err(PricingError::SwitchRefused { remaining: remaining.amount(), price });
        }
        let new_price = derivation.given(NEW_PRICE, new_price);
        derivation.difference(PAYMENT, &new_price, &[&known])?;
        let payment = decimal::subtract(price, remaining.amount())?;
        Ok(PlanSwitch { remaining, payment, derivation })
    }

    /// What is given back when the plan ends before its time: a share of what is left, by policy.
    /// The usage service gives back [`Ratio::ZERO`] of it.
    ///
    /// # Rounding
    /// The share, once.
    ///
    /// # Errors
    /// As [`remaining`](Self::remaining).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{Ratio, Rounding};
    /// use counterfoil::pricing::change::{PaidPlan, PlanCycle};
    /// use counterfoil::time::{Period, Zone};
    ///
    /// let period = Period::parse("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z")?;
    /// let plan = PaidPlan::new([PlanCycle { period, price: "300".parse()? }], Zone::UTC)?;
    /// let back = |share| plan.cancel(share, "2016-10-12T00:00:00Z".parse()?, Rounding::USAGE_REMAINING);
    /// assert_eq!(back(Ratio::ZERO)?.amount().to_string(), "0.00");
    /// assert_eq!(back(Ratio::ONE)?.amount().to_string(), "193.54");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P9
    pub fn cancel(&self, given_back: Ratio, now: Instant, rounding: Rounding) -> Result<PlanValue, PricingError> {
        let mut derivation = Derivation::new("R-P9", CANCEL);
        let left = self.derive(now, &mut derivation)?;
        let given_back = derivation.given(GIVEN_BACK, given_back.exact());
        let back = derivation.product(SHARE, &[&left, &given_back])?;
        let (_, rounded) = derivation.round(REFUND, &back, rounding)?;
        Ok(PlanValue { rounded, derivation })
    }

    fn derive(&self, now: Instant, derivation: &mut Derivation) -> Result<Known, PricingError> {
        let mut values = Vec::new();
        for PlanCycle { period, price } in &self.cycles {
            if now < period.start() {
                let from = self.zone.date_of(period.start()).to_string();
                values.push(derivation.given_of(AHEAD, from, Exact::from(*price)));
            } else if now < period.end() {
                values.push(self.derive_running(*period, *price, now, derivation)?);
            }
        }
        if values.is_empty() {
            return Ok(derivation.given(SUM, Exact::ZERO));
        }
        Ok(derivation.sum(SUM, &values.iter().collect::<Vec<_>>())?)
    }

    fn derive_running(
        &self,
        period: Period,
        price: Decimal,
        now: Instant,
        derivation: &mut Derivation,
    ) -> Result<Known, PricingError> {
        let left = full_days_between(Period::new(now, period.end())?, self.zone);
        let mut left = derivation.given(DAYS_LEFT, Exact::from(left));
        let length = Exact::ratio(period.micros(), MICROS_PER_DAY)?.reduced()?;
        let length = derivation.given(CYCLE_TIME, length);
        let days = derivation.rounded_to(CYCLE_DAYS, &length, RoundingMode::HalfUp, Decimal::ONE)?;
        if days.value().is_zero() {
            return Err(TimeError::EmptyCycle {}.into());
        }
        if left.value() > days.value() {
            // The clock was put back in it: never more than the cycle cost.
            left = derivation.smallest(COUNTED, &[&left, &days])?;
        }
        let price = derivation.given(PRICE, Exact::from(price));
        Ok(derivation.share(VALUE, &[&left, &price], &days)?)
    }
}

/// What a plan is worth, or what is given back for it.
///
/// # Rule
/// R-P9, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanValue {
    rounded: Rounded,
    derivation: Derivation,
}

impl PlanValue {
    /// The amount.
    pub const fn amount(&self) -> Decimal {
        self.rounded.amount()
    }

    /// The amount, and what it came from.
    pub const fn rounded(&self) -> &Rounded {
        &self.rounded
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

/// What a switch to another plan costs.
///
/// # Rule
/// R-P9, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSwitch {
    remaining: Rounded,
    payment: Decimal,
    derivation: Derivation,
}

impl PlanSwitch {
    /// What is paid: zero or more.
    pub const fn payment(&self) -> Decimal {
        self.payment
    }

    /// What the old plan was still worth.
    pub const fn remaining(&self) -> &Rounded {
        &self.remaining
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    fn cycle(start: &str, end: &str, price: &str) -> PlanCycle {
        PlanCycle { period: Period::parse(start, end).unwrap(), price: dec(price) }
    }

    fn left(plan: &PaidPlan, now: &str) -> String {
        let value = plan.remaining(now.parse().unwrap(), Rounding::USAGE_REMAINING).unwrap();
        let values: Vec<Exact> = value.derivation().steps().iter().map(|step| step.value.clone()).collect();
        assert_eq!(value.derivation().recompute().unwrap(), values);
        value.amount().to_string()
    }

    fn plan(cycles: &[PlanCycle]) -> PaidPlan {
        PaidPlan::new(cycles.iter().copied(), Zone::UTC).unwrap()
    }

    /// usage-rem-01, -02, -03, -07, and the figures of R-P9
    #[test]
    fn figures() {
        for (start, end, price, now, remaining) in [
            ("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z", "31", "2016-10-11T12:00:00Z", "20.00"),
            ("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z", "300", "2016-10-11T12:00:00Z", "193.54"),
            ("2017-01-31T08:00:00Z", "2017-02-28T08:00:00Z", "280", "2017-02-10T08:00:00Z", "180.00"),
            ("2017-01-31T08:00:00Z", "2017-02-28T08:00:00Z", "280", "2017-02-10T08:00:01Z", "170.00"),
            ("2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z", "100", "2016-11-01T00:00:01Z", "96.66"),
            ("2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z", "100", "2016-11-01T00:00:00Z", "100.00"),
            ("2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z", "100", "2016-12-01T00:00:00Z", "0.00"),
            ("2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z", "100", "2017-12-01T00:00:00Z", "0.00"),
        ] {
            assert_eq!(left(&plan(&[cycle(start, end, price)]), now), remaining, "{price} at {now}");
        }
        assert_eq!(left(&plan(&[]), "2024-01-01T00:00:00Z"), "0.00");
    }

    #[test]
    fn renewed_ahead() {
        let october = cycle("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z", "300");
        let november = cycle("2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z", "330");
        let renewed = plan(&[october, november]);
        assert_eq!(left(&renewed, "2016-10-11T12:00:00Z"), "523.54");
        assert_eq!(left(&renewed, "2016-11-01T00:00:00Z"), "330.00");
        assert_eq!(left(&renewed, "2016-11-01T00:00:01Z"), "319.00"); // 29 of 30
        let reversed = PaidPlan::new([november, october], Zone::UTC).unwrap_err();
        assert_eq!(reversed.code(), "pricing.overlapping_cycles");
    }

    /// March in New York is an hour short of 31 days, November one longer than 30.
    #[test]
    fn a_cycle_over_a_change_of_the_clock_keeps_its_days() {
        let new_york = "America/New_York".parse().unwrap();
        for (start, end, now, remaining) in [
            ("2024-03-01T00:00:00-05:00", "2024-04-01T00:00:00-04:00", "2024-03-02T00:00:00-05:00", "300.00"),
            ("2024-03-01T00:00:00-05:00", "2024-04-01T00:00:00-04:00", "2024-03-31T00:00:00-04:00", "10.00"),
            ("2024-11-01T00:00:00-04:00", "2024-12-01T00:00:00-05:00", "2024-11-01T00:00:00-04:00", "310.00"),
        ] {
            let plan = PaidPlan::new([cycle(start, end, "310")], new_york).unwrap();
            assert_eq!(left(&plan, now), remaining, "{now}");
        }
    }

    #[test]
    fn a_switch_pays_the_rest_or_is_refused() {
        let october = plan(&[cycle("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z", "300")]);
        let now = "2016-10-11T12:00:00Z".parse().unwrap();
        let switch = |price: &str| october.switch(dec(price), now, Rounding::USAGE_REMAINING);
        let paid = switch("500").unwrap();
        assert_eq!((paid.payment(), paid.remaining().amount()), (dec("306.46"), dec("193.54")));
        assert_eq!(paid.derivation().value("payment").unwrap().to_string(), "306.46");
        assert_eq!(switch("193.54").unwrap().payment(), dec("0.00"));
        let refused = switch("193.53").unwrap_err();
        assert_eq!(refused.details(), [("remaining", "193.54".to_owned()), ("price", "193.53".to_owned())]);
        assert_eq!(switch("-1").unwrap_err().code(), "pricing.below_zero");
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let now = "2016-10-01T00:00:00Z".parse().unwrap();
        let short = plan(&[cycle("2016-10-01T00:00:00Z", "2016-10-01T11:59:59Z", "1")]);
        assert_eq!(short.remaining(now, Rounding::USAGE_REMAINING).unwrap_err().code(), "time.empty_cycle");
        let half = plan(&[cycle("2016-10-01T00:00:00Z", "2016-10-01T12:00:00Z", "1")]);
        assert_eq!(left(&half, "2016-10-01T00:00:00Z"), "0.00"); // no whole day left of one
        let negative = cycle("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z", "-1");
        assert_eq!(PaidPlan::new([negative], Zone::UTC).unwrap_err().code(), "pricing.below_zero");
    }
}
