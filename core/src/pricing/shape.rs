use crate::{
    error::{Language, PricingError},
    exact::{Exact, Integer, Number, RoundingMode, decimal, narrow_or_wide},
};
use rust_decimal::Decimal;
use std::fmt;

/// How units become an amount.
///
/// | shape | 250 units in tiers ≤ 100 at 1.00, ≤ 200 at 0.80, rest at 0.50 |
/// |---|---|
/// | [`graduated`](Self::graduated) | 100 × 1.00 + 100 × 0.80 + 50 × 0.50 = 205.00 |
/// | [`volume`](Self::volume) | 250 × 0.50 = 125.00 |
///
/// # Examples
/// ```
/// use counterfoil::exact::Exact;
/// use counterfoil::pricing::{Shape, Tier, ZeroUsage};
///
/// let tiers = [Tier::up_to("100", "1.00")?, Tier::up_to("200", "0.80")?, Tier::rest("0.50")?];
/// let units = Exact::from(250);
/// assert_eq!(Shape::graduated(&tiers)?.amount(&units, ZeroUsage::Free)?.to_string(), "205");
/// assert_eq!(Shape::volume(&tiers)?.amount(&units, ZeroUsage::Free)?.to_string(), "125");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    PerUnit { price: Decimal },
    Graduated(Tiers),
    Volume(Tiers),
    Package { size: Decimal, price: Decimal },
}

/// A stretch of units with a price of its own; the next tier starts right where it ends.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// The last unit that belongs to it; none for all the rest.
    pub up_to: Option<Decimal>,
    /// The price of each unit.
    pub price: Decimal,
    /// A fee for reaching into the tier.
    pub flat: Decimal,
}

/// Whether a line of no usage still pays the flat fee of its first tier and its minimum.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroUsage {
    /// Nothing used, nothing charged.
    #[default]
    Free,
    /// The flat fee and the minimum are due all the same.
    Charged,
}

impl Tier {
    /// Units up to and including a bound, at a price each.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn up_to(bound: &str, price: &str) -> Result<Self, PricingError> {
        Ok(Self { up_to: Some(decimal::parse(bound)?), price: decimal::parse(price)?, flat: Decimal::ZERO })
    }

    /// All units after the tier before, at a price each.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn rest(price: &str) -> Result<Self, PricingError> {
        Ok(Self { up_to: None, price: decimal::parse(price)?, flat: Decimal::ZERO })
    }

    /// The same tier with a fee for reaching into it.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn with_flat(self, flat: &str) -> Result<Self, PricingError> {
        Ok(Self { flat: decimal::parse(flat)?, ..self })
    }
}

impl Shape {
    /// Every unit at one price.
    pub const fn per_unit(price: Decimal) -> Self {
        Self { form: Form::PerUnit { price } }
    }

    /// Each unit at the price of the tier that it falls into.
    ///
    /// # Errors
    /// `pricing.bad_tiers` unless the bounds rise and the last tier has none.
    ///
    /// # Rule
    /// R-P3
    pub fn graduated(tiers: &[Tier]) -> Result<Self, PricingError> {
        Ok(Self { form: Form::Graduated(Tiers::new(tiers)?) })
    }

    /// All units at the price of the tier that the last one falls into.
    ///
    /// # Errors
    /// As [`graduated`](Self::graduated).
    ///
    /// # Rule
    /// R-P3
    pub fn volume(tiers: &[Tier]) -> Result<Self, PricingError> {
        Ok(Self { form: Form::Volume(Tiers::new(tiers)?) })
    }

    /// The flat fee of the tier that the last unit falls into, and nothing else.
    ///
    /// # Errors
    /// As [`graduated`](Self::graduated), and `pricing.bad_tiers` where a tier has a price for each
    /// unit.
    ///
    /// # Rule
    /// R-P3, *flat per tier (stair-step)*
    pub fn stair_step(tiers: &[Tier]) -> Result<Self, PricingError> {
        if let Some(tier) = tiers.iter().position(|tier| !tier.price.is_zero()) {
            return Err(PricingError::BadTiers {
                tier,
                fault: "a stair-step has flat fees and no price for each unit",
            });
        }
        Self::volume(tiers)
    }

    /// A price for each started block of so many units.
    ///
    /// # Errors
    /// `pricing.bad_package` unless the size is above zero.
    ///
    /// # Rule
    /// R-P3
    pub fn package(size: Decimal, price: Decimal) -> Result<Self, PricingError> {
        if size <= Decimal::ZERO {
            return Err(PricingError::BadPackage { size });
        }
        Ok(Self { form: Form::Package { size, price } })
    }

    /// The price of each unit, where there is just one: such amounts add up without looking at units.
    pub(super) fn unit_price(&self) -> Option<Decimal> {
        match &self.form {
            Form::PerUnit { price } => Some(*price),
            _ => None,
        }
    }

    /// What so many units cost, exactly.
    ///
    /// # Errors
    /// `pricing.negative_units` for tiers and packages of less than nothing, `money.overflow`.
    ///
    /// # Rule
    /// R-P3
    pub fn amount(&self, units: &Exact, zero: ZeroUsage) -> Result<Exact, PricingError> {
        if let Form::PerUnit { price } = &self.form {
            return Ok(units.times(&Exact::from(*price))?);
        }
        if units.is_negative() {
            return Err(PricingError::NegativeUnits { units: units.to_string() });
        }
        if units.is_zero() && zero == ZeroUsage::Free {
            return Ok(Exact::ZERO);
        }
        match &self.form {
            Form::PerUnit { price } => Ok(units.times(&Exact::from(*price))?),
            Form::Graduated(tiers) => tiers.graduated(units),
            Form::Volume(tiers) => tiers.volume(units),
            Form::Package { size, price } => {
                let blocks = units.divided_by(&Exact::from(*size))?;
                let started = RoundingMode::Ceiling.divide(blocks.numerator(), blocks.denominator())?;
                Ok(Exact::over(started, Integer::ONE)?.times(&Exact::from(*price))?)
            }
        }
    }
}

/// The tiers at one scale for bounds and one for prices, so that an amount is a few integer products.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tiers {
    rows: Vec<Row>,
    /// 10^scale of the bounds.
    bound_unit: Integer,
    /// 10^(scale of bounds + scale of prices), what amounts are over.
    amount_unit: Integer,
    shown: Vec<Tier>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Where the tier starts, over `bound_unit`.
    start: Integer,
    /// Its last unit, over `bound_unit`.
    end: Option<Integer>,
    /// The price of a unit.
    price: Integer,
    /// Its own fee, over `amount_unit`.
    flat: Integer,
    /// What all tiers before cost in full, and its own fee, over `amount_unit`.
    reached: Integer,
}

impl Tiers {
    fn new(tiers: &[Tier]) -> Result<Self, PricingError> {
        check_tiers(tiers)?;
        let bound_scale = tiers.iter().filter_map(|tier| tier.up_to).map(|bound| bound.scale()).max().unwrap_or(0);
        let price_scale = tiers.iter().map(|tier| tier.price.scale().max(tier.flat.scale())).max().unwrap_or(0);
        let (bound_unit, price_unit) = (Integer::power_of_ten(bound_scale)?, Integer::power_of_ten(price_scale)?);
        let at_scale = |value: Decimal, scale: u32| {
            let factor = Integer::power_of_ten(scale.saturating_sub(value.scale()))?;
            Integer::from(value.mantissa()).times(&factor)
        };
        let mut rows = Vec::with_capacity(tiers.len());
        let (mut start, mut cost) = (Integer::ZERO, Integer::ZERO);
        for tier in tiers {
            let price = at_scale(tier.price, price_scale)?;
            let flat = at_scale(tier.flat, price_scale)?.times(&bound_unit)?;
            let reached = cost.plus(&flat)?;
            let end = tier.up_to.map(|bound| at_scale(bound, bound_scale)).transpose()?;
            rows.push(Row {
                start: start.clone(),
                end: end.clone(),
                price: price.clone(),
                flat,
                reached: reached.clone(),
            });
            if let Some(end) = end {
                cost = reached.plus(&end.minus(&start)?.times(&price)?)?;
                start = end;
            }
        }
        let amount_unit = bound_unit.times(&price_unit)?;
        Ok(Self { rows, bound_unit, amount_unit, shown: tiers.to_vec() })
    }

    fn graduated(&self, units: &Exact) -> Result<Exact, PricingError> {
        Ok(narrow_or_wide!("an amount of tiers", N => self.amount_at_width::<N>(units, true))?)
    }

    fn volume(&self, units: &Exact) -> Result<Exact, PricingError> {
        Ok(narrow_or_wide!("an amount of tiers", N => self.amount_at_width::<N>(units, false))?)
    }

    /// The amount over `amount_unit × the units' denominator`; none where something does not fit.
    #[inline]
    fn amount_at_width<N: Number>(&self, units: &Exact, graduated: bool) -> Option<Exact> {
        let (numerator, denominator) = (N::of(units.numerator())?, N::of(units.denominator())?);
        let scaled = numerator.times(&N::of(&self.bound_unit)?)?;
        let mut reached = None;
        for row in &self.rows {
            reached = Some(row);
            match &row.end {
                Some(end) if scaled > N::of(end)?.times(&denominator)? => {}
                _ => break,
            }
        }
        let row = reached?;
        let (counted, before) = if graduated {
            (scaled.minus(&N::of(&row.start)?.times(&denominator)?)?, &row.reached)
        } else {
            (scaled, &row.flat)
        };
        let amount = counted.times(&N::of(&row.price)?)?.plus_product(&N::of(before)?, &denominator)?;
        let over = N::of(&self.amount_unit)?.times(&denominator)?;
        Some(Exact::above_zero(amount.into_integer(), over.into_integer()))
    }
}

fn check_tiers(tiers: &[Tier]) -> Result<(), PricingError> {
    let fault = |tier, fault| Err(PricingError::BadTiers { tier, fault });
    if tiers.is_empty() {
        return fault(0, "there is none");
    }
    let mut before = Decimal::ZERO;
    for (index, tier) in tiers.iter().enumerate() {
        let last = index.saturating_add(1) == tiers.len();
        match tier.up_to {
            None if last => {}
            None => return fault(index, "only the last tier may take all the rest"),
            Some(_) if last => return fault(index, "the last tier must take all the rest: leave out its bound"),
            Some(bound) if bound <= before => {
                return fault(index, "its bound must be above the one before, and above zero");
            }
            Some(bound) => before = bound,
        }
    }
    Ok(())
}

impl Shape {
    /// The shape in words: `0.066`, `graduated (≤ 100: 1.00; ≤ 200: 0.80; rest: 0.50)`, …
    pub fn text(&self, language: Language) -> String {
        let words = |english, chinese| match language {
            Language::Chinese => chinese,
            _ => english,
        };
        let tiers = |tiers: &Tiers| {
            let (rest, flat) = (words("rest", "其余"), words("flat", "固定费"));
            let tier = |tier: &Tier| {
                let bound = tier.up_to.map_or_else(|| rest.to_owned(), |bound| format!("≤ {bound}"));
                let fee = if tier.flat.is_zero() { String::new() } else { format!(" + {} {flat}", tier.flat) };
                format!("{bound}: {}{fee}", tier.price)
            };
            tiers.shown.iter().map(tier).collect::<Vec<_>>().join("; ")
        };
        match &self.form {
            Form::PerUnit { price } => price.to_string(),
            Form::Graduated(graduated) => format!("{} ({})", words("graduated", "阶梯"), tiers(graduated)),
            Form::Volume(volume) => format!("{} ({})", words("volume", "按量定档"), tiers(volume)),
            Form::Package { size, price } => format!("{price} {} {size}", words("per started", "每（不足亦计）")),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(shape: &Shape, units: &str) -> String {
        shape.amount(&units.parse().unwrap(), ZeroUsage::Free).unwrap().to_string()
    }

    fn tiers() -> [Tier; 3] {
        [Tier::up_to("100", "1.00").unwrap(), Tier::up_to("200", "0.80").unwrap(), Tier::rest("0.50").unwrap()]
    }

    #[test]
    fn the_figures_of_the_rule() {
        // R-P3
        assert_eq!(amount(&Shape::graduated(&tiers()).unwrap(), "250"), "205");
        assert_eq!(amount(&Shape::volume(&tiers()).unwrap(), "250"), "125");
    }

    #[test]
    fn no_unit_falls_between_two_tiers() {
        // R-P3: a tier is up to and including its bound, the next starts right there.
        let (graduated, volume) = (Shape::graduated(&tiers()).unwrap(), Shape::volume(&tiers()).unwrap());
        for (units, wanted_graduated, wanted_volume) in [
            ("99.5", "99.5", "99.5"),
            ("100", "100", "100"),
            ("100.5", "100.4", "80.4"),
            ("200", "180", "160"),
            ("601/3", "180.16666666666666666666666667", "100.16666666666666666666666667"),
        ] {
            assert_eq!(
                graduated
                    .amount(&units.parse().unwrap(), ZeroUsage::Free)
                    .unwrap()
                    .round_digits(26, RoundingMode::HalfUp)
                    .unwrap()
                    .normalize()
                    .to_string(),
                wanted_graduated
            );
            assert_eq!(
                volume
                    .amount(&units.parse().unwrap(), ZeroUsage::Free)
                    .unwrap()
                    .round_digits(26, RoundingMode::HalfUp)
                    .unwrap()
                    .normalize()
                    .to_string(),
                wanted_volume
            );
        }
    }

    #[test]
    fn a_flat_fee_is_due_when_its_tier_is_reached() {
        let tiers = [
            Tier::up_to("5", "0").unwrap().with_flat("100").unwrap(),
            Tier::up_to("10", "0").unwrap().with_flat("50").unwrap(),
            Tier::rest("0").unwrap().with_flat("25").unwrap(),
        ];
        let graduated = Shape::graduated(&tiers).unwrap();
        let stairs = Shape::stair_step(&tiers).unwrap();
        for (units, wanted_graduated, wanted_stairs) in
            [("0", "0", "0"), ("0.001", "100", "100"), ("5", "100", "100"), ("5.01", "150", "50"), ("11", "175", "25")]
        {
            assert_eq!(amount(&graduated, units), wanted_graduated);
            assert_eq!(amount(&stairs, units), wanted_stairs);
        }
        let nothing = graduated.amount(&Exact::ZERO, ZeroUsage::Charged).unwrap();
        assert_eq!(nothing.to_string(), "100");
    }

    #[test]
    fn a_started_block_counts() {
        let package = Shape::package(10.into(), 100.into()).unwrap();
        for (units, wanted) in [("0", "0"), ("0.1", "100"), ("10", "100"), ("10.0001", "200"), ("121", "1300")] {
            assert_eq!(amount(&package, units), wanted);
        }
    }

    #[test]
    fn bad_shapes_have_their_codes() {
        let code = |tiers: &[Tier]| Shape::graduated(tiers).unwrap_err().code();
        let [first, second, rest] = tiers();
        assert_eq!(code(&[]), "pricing.bad_tiers");
        assert_eq!(code(&[first, second]), "pricing.bad_tiers");
        assert_eq!(code(&[second, first, rest]), "pricing.bad_tiers");
        assert_eq!(code(&[rest, rest]), "pricing.bad_tiers");
        assert_eq!(code(&[Tier { up_to: Some(0.into()), ..first }, rest]), "pricing.bad_tiers");
        assert_eq!(Shape::stair_step(&[first, rest]).unwrap_err().code(), "pricing.bad_tiers");
        assert_eq!(Shape::package(0.into(), 1.into()).unwrap_err().code(), "pricing.bad_package");
        let graduated = Shape::graduated(&[first, rest]).unwrap();
        assert_eq!(graduated.amount(&Exact::from(-1), ZeroUsage::Free).unwrap_err().code(), "pricing.negative_units");
    }
}
