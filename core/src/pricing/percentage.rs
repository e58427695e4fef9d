use super::{Rate, ZeroUsage};
use crate::{
    error::{Language, PricingError},
    exact::Exact,
    money::{
        Ratio,
        text::{aligned, shown},
    },
};
use rust_decimal::Decimal;

/// A share of each amount of money that passes through: of each payment, each order, each transfer.
///
/// An event costs its value × the ratio, and the fee; then its own limits hold. Without a fee and
/// limits the events are as good as their sum, and the shape rates like a price for each unit. With
/// them a sum is not enough, for it forgets its events: see [`Rate::amount_of_events`].
///
/// # Units
/// A usage of it is in [`Unit::Amount`](crate::units::Unit::Amount), in the currency of the card.
///
/// # Examples
/// ```
/// use counterfoil::exact::Exact;
/// use counterfoil::money::Ratio;
/// use counterfoil::pricing::{Every, Percentage, Rate, Shape};
/// use counterfoil::units::Unit;
///
/// let card_fee = Percentage { fee: "0.30".parse()?, ..Percentage::of(Ratio::parse("0.029")?) };
/// let rate = Rate::shaped(Shape::percentage(card_fee)?, Unit::Amount, Every::Once);
/// let payments = [Exact::from(100), Exact::from(10)];
/// assert_eq!(rate.amount_of_events(&payments)?.to_string(), "3.79"); // 3.20 + 0.59
/// assert_eq!(rate.amount(&Exact::from(110)).unwrap_err().code(), "pricing.needs_events");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentage {
    /// The share of an event's value.
    pub ratio: Ratio,
    /// A fixed fee for each event; zero or more.
    pub fee: Decimal,
    /// The least that an event costs, with its fee.
    pub minimum: Option<Decimal>,
    /// The most that an event costs, with its fee.
    pub maximum: Option<Decimal>,
}

/// What events cost by a rate, one by one: the lines re-add to the sum.
///
/// # Rule
/// R-P3, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedEvents {
    rate: Rate,
    events: Vec<PricedEvent>,
    sum: Exact,
    amount: Exact,
}

/// An event and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedEvent {
    /// What passed through.
    pub value: Exact,
    /// What of it the free units cover.
    pub free: Exact,
    /// What it costs, after its own limits.
    pub amount: Exact,
}

impl Percentage {
    /// A ratio, and neither a fee nor limits.
    pub const fn of(ratio: Ratio) -> Self {
        Self { ratio, fee: Decimal::ZERO, minimum: None, maximum: None }
    }

    /// The ratio, where it is all there is to it.
    pub(super) fn plain(&self) -> Option<Decimal> {
        let plain = self.fee.is_zero() && self.minimum.is_none() && self.maximum.is_none();
        plain.then_some(self.ratio.value())
    }

    pub(super) fn check(&self) -> Result<(), PricingError> {
        let bad = |fault| Err(PricingError::BadPercentage { fault });
        if self.fee < Decimal::ZERO {
            return bad("the fee of an event may not be negative");
        }
        if self.minimum.is_some_and(|minimum| minimum < Decimal::ZERO)
            || self.maximum.is_some_and(|maximum| maximum < Decimal::ZERO)
        {
            return bad("a limit of an event may not be negative");
        }
        match (self.minimum, self.maximum) {
            (Some(minimum), Some(maximum)) if minimum > maximum => bad("the minimum of an event is above its maximum"),
            _ => Ok(()),
        }
    }

    /// What an event of a value costs.
    fn of_event(&self, value: &Exact, zero: ZeroUsage) -> Result<Exact, PricingError> {
        if value.is_zero() && zero == ZeroUsage::Free {
            return Ok(Exact::ZERO);
        }
        let amount = value.times(&self.ratio.exact())?.plus(&Exact::from(self.fee))?;
        let raised = self.minimum.map_or(amount.clone(), |minimum| amount.max(minimum.into()));
        Ok(self.maximum.map_or(raised.clone(), |maximum| raised.min(maximum.into())))
    }

    pub(super) fn text(&self, language: Language) -> String {
        let (fee, each, least, most) = match language {
            Language::Chinese => ("每笔", "每笔", "最低", "最高"),
            _ => ("for each event", "each", "at least", "at most"),
        };
        let percent = Exact::from(self.ratio.value()).times(&Exact::from(100)).unwrap_or(Exact::ZERO);
        let mut text = format!("{percent} %");
        if !self.fee.is_zero() {
            text.push_str(&format!(" + {} {fee}", self.fee));
        }
        for (limit, word) in [(self.minimum, least), (self.maximum, most)] {
            if let Some(limit) = limit {
                text.push_str(&format!(", {each} {word} {limit}"));
            }
        }
        text
    }
}

impl Rate {
    /// What events cost: each is priced by itself where the shape is a [`Percentage`] with a fee or
    /// limits for each; by every other shape they are one usage, their sum.
    ///
    /// The free units cover the first events, in their order; what is covered in full costs no fee.
    /// An event of no value costs its fee and minimum only where no usage is
    /// [charged](ZeroUsage::Charged). The limits of the rate are of all events together.
    ///
    /// # Errors
    /// `pricing.negative_units` for an event below zero that is priced by itself; else as
    /// [`amount`](Self::amount).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::exact::Exact;
    /// use counterfoil::money::Ratio;
    /// use counterfoil::pricing::{Every, Percentage, Rate, Shape};
    /// use counterfoil::units::Unit;
    ///
    /// let capped = Percentage { maximum: Some(10.into()), ..Percentage::of(Ratio::parse("0.1")?) };
    /// let rate = Rate::shaped(Shape::percentage(capped)?, Unit::Amount, Every::Once);
    /// assert_eq!(rate.amount_of_events(&[Exact::from(500)])?.to_string(), "10");
    /// assert_eq!(rate.amount_of_events(&[Exact::from(50), Exact::from(500)])?.to_string(), "15");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P3
    pub fn amount_of_events<'a>(&self, events: impl IntoIterator<Item = &'a Exact>) -> Result<Exact, PricingError> {
        match self.shape.of_events() {
            Some(percentage) => Ok(self.each_event(percentage, events, |_, _, _| ())?.1),
            None => self.amount(&Exact::sum(events)?),
        }
    }

    /// The same, with what each event costs.
    ///
    /// # Errors
    /// As [`amount_of_events`](Self::amount_of_events); `pricing.one_usage` for a shape that prices the sum of
    /// events: no event of it has an amount of its own.
    ///
    /// # Rule
    /// R-P3, R-P15
    pub fn price_events<'a>(&self, values: impl IntoIterator<Item = &'a Exact>) -> Result<PricedEvents, PricingError> {
        let percentage = self.shape.as_percentage().ok_or_else(|| PricingError::OneUsage { rate: self.to_string() })?;
        let mut events = Vec::new();
        let (sum, amount) = self.each_event(percentage, values, |value, free, amount| {
            events.push(PricedEvent { value: value.clone(), free: free.clone(), amount: amount.clone() });
        })?;
        Ok(PricedEvents { rate: self.clone(), events, sum, amount })
    }

    /// Prices events one by one; their sum, and that within the limits of the rate.
    fn each_event<'a>(
        &self,
        percentage: &Percentage,
        events: impl IntoIterator<Item = &'a Exact>,
        mut take: impl FnMut(&Exact, &Exact, &Exact),
    ) -> Result<(Exact, Exact), PricingError> {
        let mut free = Exact::from(self.free);
        let (mut sum, mut nothing) = (Exact::ZERO, true);
        for value in events {
            if value.is_negative() {
                return Err(PricingError::NegativeUnits { units: value.to_string() });
            }
            let covered = if free.is_zero() { Exact::ZERO } else { free.clone().min(value.clone()) };
            let amount = if !covered.is_zero() && covered == *value {
                Exact::ZERO
            } else {
                percentage.of_event(&value.minus(&covered)?, self.zero)?
            };
            free = free.minus(&covered)?;
            nothing = nothing && value.is_zero();
            sum = sum.plus(&amount)?;
            take(value, &covered, &amount);
        }
        let amount = self.within_limits(sum.clone(), nothing);
        Ok((sum, amount))
    }
}

impl PricedEvents {
    /// What they were priced with.
    pub const fn rate(&self) -> &Rate {
        &self.rate
    }

    /// The events, in order.
    pub fn events(&self) -> &[PricedEvent] {
        &self.events
    }

    /// What they cost one by one, added up.
    pub const fn sum(&self) -> &Exact {
        &self.sum
    }

    /// What they cost together: the sum within the limits of the rate.
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// Prices them again, from nothing but the values that are shown.
    ///
    /// # Errors
    /// As [`Rate::amount_of_events`].
    ///
    /// # Rule
    /// R-P15
    pub fn recompute(&self) -> Result<Exact, PricingError> {
        Ok(self.rate.price_events(self.events.iter().map(|event| &event.value))?.amount)
    }

    /// The derivation as text, for a terminal or a ticket.
    pub fn text(&self, language: Language) -> String {
        let (header, sum, amount) = match language {
            Language::Chinese => (["笔", "金额", "免费额度内", "费用"], "合计", "限额之后"),
            _ => (["event", "value", "covered by free units", "costs"], "sum", "within limits"),
        };
        let mut table = vec![header.map(str::to_owned)];
        for (index, event) in self.events.iter().enumerate() {
            let number = index.saturating_add(1).to_string();
            table.push([number, shown(&event.value), shown(&event.free), shown(&event.amount)]);
        }
        for (label, value) in [(sum, &self.sum), (amount, &self.amount)] {
            table.push([label.to_owned(), String::new(), String::new(), shown(value)]);
        }
        format!("{} (R-P3)\n{}", self.rate.text(language), aligned(&table, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Every, Shape};
    use super::*;
    use crate::units::Unit;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        crate::exact::decimal::parse(text).unwrap()
    }

    fn values(texts: &[&str]) -> Vec<Exact> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn rate(percentage: Percentage) -> Rate {
        Rate::shaped(Shape::percentage(percentage).unwrap(), Unit::Amount, Every::Once)
    }

    fn card_fee() -> Percentage {
        Percentage {
            fee: decimal("0.30"),
            minimum: Some(decimal("0.50")),
            maximum: Some(decimal("20")),
            ..Percentage::of(Ratio::parse("0.029").unwrap())
        }
    }

    #[test]
    fn a_sum_forgets_its_events() {
        // R-P3: 5 and 5 pay two fees and two minimums, 10 pays one.
        let rate = rate(card_fee());
        let amount = |texts: &[&str]| rate.amount_of_events(&values(texts)).unwrap().to_string();
        assert_eq!(amount(&["10"]), "0.59");
        assert_eq!(amount(&["5", "5"]), "1"); // 0.445 is below the minimum of 0.50, twice
        assert_eq!(amount(&["679.31", "679.32"]), "39.99999"); // 19.99999 and 20.00028 → 20
        assert_eq!(amount(&[]), "0");
        assert_eq!(rate.amount(&Exact::from(10)).unwrap_err().code(), "pricing.needs_events");
        assert_eq!(rate.shape.amount(&Exact::ZERO, ZeroUsage::Free).unwrap_err().code(), "pricing.needs_events");
        assert_eq!(rate.amount_of_events(&values(&["5", "-1"])).unwrap_err().code(), "pricing.negative_units");
    }

    #[test]
    fn a_plain_percentage_is_linear() {
        let rate = rate(Percentage::of(Ratio::parse("0.015").unwrap()));
        assert_eq!(rate.unit_price(), Some(decimal("0.015")));
        assert_eq!(rate.amount(&Exact::from(200)).unwrap().to_string(), "3");
        assert_eq!(rate.amount_of_events(&values(&["150", "50"])).unwrap().to_string(), "3");
        assert_eq!(rate.amount(&Exact::from(-200)).unwrap().to_string(), "-3"); // a correction
    }

    #[test]
    fn an_event_of_no_value_pays_by_policy() {
        let mut rate = rate(card_fee());
        assert_eq!(rate.amount_of_events(&values(&["0", "10"])).unwrap().to_string(), "0.59");
        rate.zero = ZeroUsage::Charged;
        assert_eq!(rate.amount_of_events(&values(&["0", "10"])).unwrap().to_string(), "1.09");
        rate.minimum = Some(decimal("2"));
        assert_eq!(rate.amount_of_events(&[]).unwrap().to_string(), "2");
    }

    #[test]
    fn free_units_cover_the_first_events_and_the_line_has_its_own_limits() {
        let mut rate = rate(Percentage { fee: decimal("1"), ..Percentage::of(Ratio::parse("0.1").unwrap()) });
        rate.free = decimal("100");
        let priced = rate.price_events(&values(&["60", "60", "60"])).unwrap();
        let amounts: Vec<String> = priced.events().iter().map(|event| event.amount.to_string()).collect();
        assert_eq!(amounts, ["0", "3", "7"]); // covered; 20 of it; 60 of it
        assert_eq!(priced.amount().to_string(), "10");
        for (minimum, maximum, wanted) in [(Some("12"), None, "12"), (None, Some("9.5"), "9.5")] {
            rate.minimum = minimum.map(decimal);
            rate.maximum = maximum.map(decimal);
            let priced = rate.price_events(&values(&["60", "60", "60"])).unwrap();
            assert_eq!((priced.sum().to_string(), priced.amount().to_string()), ("10".to_owned(), wanted.to_owned()));
            assert_eq!(priced.recompute().unwrap(), *priced.amount());
            assert!(priced.text(Language::Chinese).contains("限额之后"));
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for bad in [
            Percentage { fee: decimal("-0.01"), ..card_fee() },
            Percentage { minimum: Some(decimal("-1")), ..card_fee() },
            Percentage { maximum: Some(decimal("-1")), minimum: None, ..card_fee() },
            Percentage { minimum: Some(decimal("20.01")), ..card_fee() },
        ] {
            assert_eq!(Shape::percentage(bad).unwrap_err().code(), "pricing.bad_percentage");
        }
        let per_unit = Rate::per_unit(decimal("1"), Unit::Amount, Every::Once);
        assert_eq!(per_unit.price_events(&values(&["1"])).unwrap_err().code(), "pricing.one_usage");
        assert_eq!(per_unit.amount_of_events(&values(&["1", "2"])).unwrap().to_string(), "3");
    }

    proptest! {
        /// Where there is neither fee nor limit, events are as good as their sum; with them, the order
        /// of events does not matter unless some are free.
        #[test]
        fn events_and_their_sum(cents in prop::collection::vec(0_i64..100_000, 0..12), fee in 0_i64..100) {
            let events: Vec<Exact> = cents.iter().map(|cents| Exact::ratio(*cents, 100).unwrap()).collect();
            let sum = Exact::sum(&events).unwrap();
            let plain = rate(Percentage::of(Ratio::parse("0.029").unwrap()));
            prop_assert_eq!(plain.amount_of_events(&events).unwrap(), plain.amount(&sum).unwrap());
            let with_fee = rate(Percentage { fee: Decimal::new(fee, 2), maximum: Some(decimal("9")), ..card_fee() });
            let mut reversed = events.clone();
            reversed.reverse();
            let amount = with_fee.amount_of_events(&events).unwrap();
            prop_assert_eq!(&with_fee.amount_of_events(&reversed).unwrap(), &amount);
            prop_assert_eq!(&with_fee.price_events(&events).unwrap().recompute().unwrap(), &amount);
            let most = Exact::from(9).times(&Exact::from(i64::try_from(events.len()).unwrap())).unwrap();
            prop_assert!(amount <= most);
        }
    }
}
