use super::{Percentage, Tier, tiers::Tiers};
use crate::{
    error::{Language, PricingError},
    exact::{Exact, Integer, RoundingMode},
};
use rust_decimal::Decimal;
use std::{fmt, sync::Arc};

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

/// The shapes there are; the large ones are shared, for each explained line has the shape that priced it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    PerUnit { price: Decimal },
    Graduated(Arc<Tiers>),
    Volume(Arc<Tiers>),
    Package { size: Decimal, price: Decimal },
    Percentage(Arc<Percentage>),
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
        Ok(Self { form: Form::Graduated(Arc::new(Tiers::new(tiers)?)) })
    }

    /// All units at the price of the tier that the last one falls into.
    ///
    /// # Errors
    /// As [`graduated`](Self::graduated).
    ///
    /// # Rule
    /// R-P3
    pub fn volume(tiers: &[Tier]) -> Result<Self, PricingError> {
        Ok(Self { form: Form::Volume(Arc::new(Tiers::new(tiers)?)) })
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

    /// A share of each amount that passes through, with what each costs besides.
    ///
    /// # Errors
    /// `pricing.bad_percentage` where it contradicts itself.
    ///
    /// # Rule
    /// R-P3
    pub fn percentage(percentage: Percentage) -> Result<Self, PricingError> {
        percentage.check()?;
        Ok(Self { form: Form::Percentage(Arc::new(percentage)) })
    }

    pub(super) const fn form(&self) -> &Form {
        &self.form
    }

    /// Of a percentage.
    pub(super) fn as_percentage(&self) -> Option<&Percentage> {
        match &self.form {
            Form::Percentage(percentage) => Some(percentage),
            _ => None,
        }
    }

    /// Of a percentage whose events are not as good as their sum.
    pub(super) fn of_events(&self) -> Option<&Percentage> {
        self.as_percentage().filter(|percentage| percentage.plain().is_none())
    }

    /// The price of each unit, where there is just one: such amounts add up without looking at units.
    pub(super) fn unit_price(&self) -> Option<Decimal> {
        match &self.form {
            Form::PerUnit { price } => Some(*price),
            Form::Percentage(percentage) => percentage.plain(),
            _ => None,
        }
    }

    /// What so many units cost, exactly.
    ///
    /// # Errors
    /// `pricing.negative_units` for tiers and packages of less than nothing; `pricing.needs_events`
    /// for a percentage with a fee or limits for each event; `money.overflow`.
    ///
    /// # Rule
    /// R-P3
    #[inline]
    pub fn amount(&self, units: &Exact, zero: ZeroUsage) -> Result<Exact, PricingError> {
        if let Some(price) = self.unit_price() {
            return Ok(units.times(&Exact::from(price))?);
        }
        if self.of_events().is_some() {
            return Err(PricingError::NeedsEvents { rate: self.to_string(), call: "amount_of_events" });
        }
        if units.is_negative() {
            return Err(PricingError::NegativeUnits { units: units.to_string() });
        }
        if units.is_zero() && zero == ZeroUsage::Free {
            return Ok(Exact::ZERO);
        }
        match &self.form {
            Form::PerUnit { .. } | Form::Percentage(_) => Ok(Exact::ZERO), // both were answered above
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
            tiers.tiers().iter().map(tier).collect::<Vec<_>>().join("; ")
        };
        match &self.form {
            Form::PerUnit { price } => price.to_string(),
            Form::Graduated(graduated) => format!("{} ({})", words("graduated", "阶梯"), tiers(graduated)),
            Form::Volume(volume) => format!("{} ({})", words("volume", "按量定档"), tiers(volume)),
            Form::Percentage(percentage) => percentage.text(language),
            Form::Package { size, price } => match language {
                Language::Chinese => format!("每 {size} 计 {price}（不足亦计）"),
                _ => format!("{price} per started {size}"),
            },
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
