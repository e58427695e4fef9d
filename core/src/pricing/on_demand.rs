use super::check_not_below_zero;
use crate::{
    error::{MoneyError, PricingError, UnitsError},
    exact::{Exact, RoundingMode, decimal},
    money::{Derivation, Known, Rounded, Rounding, Term},
    units::{MeasureTable, Name},
};
use rust_decimal::Decimal;

/// An inquiry on demand: so much of a usage factor, of a size, at a price for each of both measures.
///
/// Usage and size may come in any measures of the price's families.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal;
/// use counterfoil::pricing::{MeasuredValue, OnDemand, OnDemandPrice};
/// use counterfoil::units::MeasureTable;
///
/// let ten_gb_for_a_while = OnDemand {
///     factor: "Duration".parse()?,
///     usage: MeasuredValue { value: decimal::parse("25874")?, measure: MeasureTable::BSS_SECOND },
///     size: Some(MeasuredValue { value: decimal::parse("10")?, measure: MeasureTable::BSS_GB }),
///     price: OnDemandPrice::parse("0.00064", MeasureTable::BSS_HOUR)?.for_each(MeasureTable::BSS_GB),
/// };
/// let charge = ten_gb_for_a_while.charge(&MeasureTable::bss()?)?;
/// assert_eq!(charge.shown().to_string(), "0.04599822");
/// assert_eq!(charge.charged().to_string(), "0.04");
/// assert_eq!(charge.truncated().to_string(), "0.00599822");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDemand {
    /// What is measured, as the provider calls it: `Duration`, `upflow`.
    pub factor: Name,
    /// How much of it.
    pub usage: MeasuredValue,
    /// Of how large a thing; none where the price knows no size.
    pub size: Option<MeasuredValue>,
    /// What one costs.
    pub price: OnDemandPrice,
}

/// A value, and the number of its measure in a [`MeasureTable`].
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredValue {
    /// How many; zero or more.
    pub value: Decimal,
    /// Of which measure.
    pub measure: u32,
}

/// A price for each of a measure of usage, and for each of a measure of size where it has one.
///
/// # Units
/// A currency, with at most 10 digits after the point.
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnDemandPrice {
    amount: Decimal,
    usage_measure: u32,
    size_measure: Option<u32>,
}

/// What usage on demand costs: exact, as it is shown, as it is charged, and what that left out.
///
/// # Rounding
/// Shown with 8 digits and charged with 2, both truncated from the exact value; what is left out is
/// shown − charged.
///
/// # Rule
/// R-P7, R-M3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDemandCharge {
    shown: Decimal,
    charged: Rounded,
    truncated: Decimal,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("on_demand", "on demand", "按需询价");
const USAGE: Term = Term::new("usage", "usage", "使用量");
const SIZE: Term = Term::new("size", "size", "大小");
const USAGE_FACTOR: Term = Term::new("usage_factor", "one of the usage's measure", "每个使用量度量");
const SIZE_FACTOR: Term = Term::new("size_factor", "one of the size's measure", "每个大小度量");
const PRICED_USAGE: Term = Term::new("priced_usage", "usage as priced", "计价使用量");
const PRICED_SIZE: Term = Term::new("priced_size", "size as priced", "计价大小");
const PRICE: Term = Term::new("price", "price", "单价");
const AMOUNT: Term = Term::new("amount", "exact amount", "精确金额");
const SHOWN: Term = Term::new("shown", "shown", "显示金额");
const CHARGED: Term = Term::new("charged", "charged", "扣费金额");
const TRUNCATED: Term = Term::new("truncated", "left out", "截断金额");

impl OnDemandPrice {
    /// How many digits after the point a price keeps.
    pub const DIGITS: u32 = 10;

    /// A price for each of a measure of usage.
    ///
    /// # Errors
    /// `pricing.price_too_fine` with more than 10 digits after the point, but for zeros;
    /// `pricing.below_zero`.
    pub fn new(amount: Decimal, usage_measure: u32) -> Result<Self, PricingError> {
        check_not_below_zero("price", &Exact::from(amount))?;
        if amount.normalize().scale() > Self::DIGITS {
            return Err(PricingError::PriceTooFine { price: amount, digits: Self::DIGITS });
        }
        Ok(Self { amount, usage_measure, size_measure: None })
    }

    /// A price written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`] and [`new`](Self::new).
    pub fn parse(text: &str, usage_measure: u32) -> Result<Self, PricingError> {
        Self::new(decimal::parse(text)?, usage_measure)
    }

    /// The same price, for each of a measure of size as well.
    #[must_use]
    pub const fn for_each(self, size_measure: u32) -> Self {
        Self { size_measure: Some(size_measure), ..self }
    }

    /// The price.
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The measure of usage that it is for one of.
    pub const fn usage_measure(self) -> u32 {
        self.usage_measure
    }

    /// The measure of size that it is for one of.
    pub const fn size_measure(self) -> Option<u32> {
        self.size_measure
    }
}

impl OnDemand {
    /// What it costs.
    ///
    /// # Rounding
    /// As of [`OnDemandCharge`].
    ///
    /// # Errors
    /// `pricing.size_mismatch` where only one of inquiry and price has a size; `pricing.below_zero`;
    /// `units.unknown_measure`, `units.measures_apart`; `money.overflow`.
    ///
    /// # Rule
    /// R-P7
    pub fn charge(&self, measures: &MeasureTable) -> Result<OnDemandCharge, PricingError> {
        let mut derivation = Derivation::new("R-P7", ABOUT);
        let usage_terms = MeasuredTerms { given: USAGE, factor: USAGE_FACTOR, priced: PRICED_USAGE };
        let usage = self.usage.in_measure(self.price.usage_measure, measures, usage_terms, &mut derivation)?;
        let size = match (self.size, self.price.size_measure) {
            (Some(size), Some(measure)) => {
                let size_terms = MeasuredTerms { given: SIZE, factor: SIZE_FACTOR, priced: PRICED_SIZE };
                Some(size.in_measure(measure, measures, size_terms, &mut derivation)?)
            }
            (None, None) => None,
            (Some(_), None) => return mismatch("the price is for no size: leave the size out"),
            (None, Some(_)) => return mismatch("the price is for a size: say how large"),
        };
        let price = derivation.given(PRICE, Exact::from(self.price.amount));
        let amount = match &size {
            Some(size) => derivation.product(AMOUNT, &[&usage, size, &price])?,
            None => derivation.product(AMOUNT, &[&usage, &price])?,
        };
        let shown = derivation.rounded_to(SHOWN, &amount, RoundingMode::Down, SHOWN_STEP)?;
        let (charged_step, charged) = derivation.round(CHARGED, &amount, Rounding::BSS)?;
        let truncated = derivation.difference(TRUNCATED, &shown, &[&charged_step])?;
        let overflow = MoneyError::Overflow { operation: "what an amount left out" };
        Ok(OnDemandCharge {
            shown: amount.value().round_to(SHOWN_STEP, RoundingMode::Down)?,
            charged,
            truncated: decimal::with_scale(truncated.value().to_decimal().ok_or(overflow)?, SHOWN_STEP.scale()),
            derivation,
        })
    }
}

fn mismatch<T>(fault: &'static str) -> Result<T, PricingError> {
    Err(PricingError::SizeMismatch { fault })
}

/// Products are shown with 8 digits.
const SHOWN_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// What a measured value and its conversion are called.
struct MeasuredTerms {
    given: Term,
    factor: Term,
    priced: Term,
}

impl MeasuredValue {
    /// The value in the measure of a price, with the steps that lead there.
    fn in_measure(
        self,
        measure: u32,
        measures: &MeasureTable,
        terms: MeasuredTerms,
        derivation: &mut Derivation,
    ) -> Result<Known, PricingError> {
        let value = Exact::from(self.value);
        check_not_below_zero(terms.given.name, &value)?;
        let shown = |measure| Ok::<_, UnitsError>(measures.name(measure)?.to_string());
        let given = derivation.given_of(terms.given, shown(self.measure)?, value);
        let factor = measures.factor(self.measure, measure)?;
        if self.measure == measure {
            return Ok(given);
        }
        let factor = derivation.given_of(terms.factor, shown(measure)?, factor);
        let priced = derivation.product(terms.priced, &[&given, &factor])?;
        derivation.label(&priced, shown(measure)?);
        Ok(priced)
    }
}

impl OnDemandCharge {
    /// What it costs, exactly.
    pub const fn exact(&self) -> &Exact {
        self.charged.exact()
    }

    /// What it costs as it is shown: 8 digits, truncated.
    pub const fn shown(&self) -> Decimal {
        self.shown
    }

    /// What is charged: 2 digits, truncated from the exact value.
    pub const fn charged(&self) -> Decimal {
        self.charged.amount()
    }

    /// What is shown and not charged.
    pub const fn truncated(&self) -> Decimal {
        self.truncated
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u32 = MeasureTable::BSS_SECOND;
    const HOUR: u32 = MeasureTable::BSS_HOUR;
    const GB: u32 = MeasureTable::BSS_GB;
    const MB: u32 = MeasureTable::BSS_MB;

    fn of(value: &str, measure: u32) -> MeasuredValue {
        MeasuredValue { value: decimal::parse(value).unwrap(), measure }
    }

    fn charge(
        usage: MeasuredValue,
        size: Option<MeasuredValue>,
        price: OnDemandPrice,
    ) -> Result<[String; 3], &'static str> {
        let asked = OnDemand { factor: "Duration".parse().unwrap(), usage, size, price };
        let charge = asked.charge(&MeasureTable::bss().unwrap()).map_err(|error| error.code())?;
        assert_eq!(charge.derivation().recompute().unwrap().last(), Some(&Exact::from(charge.truncated())));
        Ok([charge.shown(), charge.charged(), charge.truncated()].map(|amount| amount.to_string()))
    }

    fn price(text: &str, usage: u32, size: Option<u32>) -> OnDemandPrice {
        let price = OnDemandPrice::parse(text, usage).unwrap();
        size.map_or(price, |size| price.for_each(size))
    }

    #[test]
    fn the_figures_of_the_rule() {
        // R-P7: 25874 s of 10 GB at 0.00064 per GB-hour
        let per_gb_hour = price("0.00064", HOUR, Some(GB));
        let wanted = ["0.04599822", "0.04", "0.00599822"];
        assert_eq!(charge(of("25874", SECOND), Some(of("10", GB)), per_gb_hour).unwrap(), wanted);
        assert_eq!(charge(of("25874", SECOND), Some(of("10240", MB)), per_gb_hour).unwrap(), wanted);
        // bss-rate-02
        let plain = charge(of("1", HOUR), None, price("512.12456789", HOUR, None)).unwrap();
        assert_eq!(plain, ["512.12456789", "512.12", "0.00456789"]);
    }

    #[test]
    fn the_charge_comes_from_the_exact_value_and_never_from_what_is_shown() {
        // 1/3600 of 36 is 0.01 exactly: a factor of 0.0002777… would leave nothing of it.
        assert_eq!(
            charge(of("1", SECOND), None, price("36", HOUR, None)).unwrap(),
            ["0.01000000", "0.01", "0.00000000"]
        );
        assert_eq!(
            charge(of("0", SECOND), None, price("36", HOUR, None)).unwrap(),
            ["0.00000000", "0.00", "0.00000000"]
        );
        assert_eq!(
            charge(of("1", HOUR), None, price("0.0000000001", HOUR, None)).unwrap(),
            ["0.00000000", "0.00", "0.00000000"]
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let hourly = price("1", HOUR, None);
        for (usage, size, price, code) in [
            (of("1", GB), None, hourly, "units.measures_apart"),
            (of("1", 9), None, hourly, "units.unknown_measure"),
            (of("-1", HOUR), None, hourly, "pricing.below_zero"),
            (of("1", HOUR), Some(of("-1", GB)), hourly.for_each(GB), "pricing.below_zero"),
            (of("1", HOUR), Some(of("1", GB)), hourly, "pricing.size_mismatch"),
            (of("1", HOUR), None, hourly.for_each(GB), "pricing.size_mismatch"),
            (of("1", HOUR), Some(of("1", SECOND)), hourly.for_each(GB), "units.measures_apart"),
            (of("79228162514264337593543950335", HOUR), None, price("10", HOUR, None), "money.overflow"),
        ] {
            assert_eq!(charge(usage, size, price).unwrap_err(), code);
        }
        assert_eq!(OnDemandPrice::parse("0.00000000001", HOUR).unwrap_err().code(), "pricing.price_too_fine");
        assert_eq!(OnDemandPrice::parse("-1", HOUR).unwrap_err().code(), "pricing.below_zero");
        assert!(OnDemandPrice::parse("0.12345678900", HOUR).is_ok()); // zeros are no digits
    }
}
