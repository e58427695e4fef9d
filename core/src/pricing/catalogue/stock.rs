use crate::{
    error::{Language, PricingError},
    exact::decimal,
    units::{Quantity, Unit},
};
use rust_decimal::Decimal;
use std::fmt;

/// How much there is of something and how much of that is consumed: the rest is free.
///
/// # Examples
/// ```
/// use counterfoil::pricing::Stock;
/// use counterfoil::units::{Quantity, Unit};
///
/// let gib = |count| Quantity::whole(count, Unit::GiB);
/// let quota = Stock::new(gib(100), gib(37))?;
/// assert_eq!(quota.free(), gib(63));
/// assert_eq!(Stock::new(gib(37), gib(38)).unwrap_err().code(), "pricing.not_enough_free");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P17
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// Zero or more.
    stock: Decimal,
    /// Zero or more, and not more than the stock.
    consumed: Decimal,
    unit: Unit,
}

impl Stock {
    /// A stock, in the unit of which it is counted, with what of it is consumed.
    ///
    /// # Errors
    /// `pricing.not_enough_free` where more is consumed than there is; `units.incompatible`, `units.inexact`.
    ///
    /// # Rule
    /// R-P17
    pub fn new(stock: Quantity, consumed: Quantity) -> Result<Self, PricingError> {
        Self::nothing(stock.unit()).supplied(stock)?.consuming(consumed.to(stock.unit())?)
    }

    pub(super) const fn nothing(unit: Unit) -> Self {
        Self { stock: Decimal::ZERO, consumed: Decimal::ZERO, unit }
    }

    /// All that there is, consumed or free.
    pub fn stock(&self) -> Quantity {
        self.quantity(self.stock)
    }

    /// What of it is consumed.
    pub fn consumed(&self) -> Quantity {
        self.quantity(self.consumed)
    }

    /// What of it is not.
    pub fn free(&self) -> Quantity {
        // Never below zero, and at most as fine as both of the others, so it is always a number.
        self.quantity(decimal::subtract(self.stock, self.consumed).unwrap_or_default())
    }

    /// Whether there is none at all.
    pub const fn is_nothing(&self) -> bool {
        self.stock.is_zero()
    }

    /// The stock in words: how much, or that there are no goods.
    ///
    /// # Rule
    /// R-P17
    pub fn text(&self, language: Language) -> String {
        match (self.is_nothing(), language) {
            (true, Language::Chinese) => "缺货".to_owned(),
            (true, _) => "no goods".to_owned(),
            (false, _) => self.stock().to_string(),
        }
    }

    pub(super) fn supplied(&self, quantity: Quantity) -> Result<Self, PricingError> {
        Self { stock: decimal::add(self.stock, quantity.amount())?, ..self.clone() }.checked()
    }

    pub(super) fn consuming(&self, quantity: Quantity) -> Result<Self, PricingError> {
        if quantity.amount() > self.free().amount() {
            return Err(PricingError::NotEnoughFree { free: self.free().to_string(), wanted: quantity.to_string() });
        }
        Self { consumed: decimal::add(self.consumed, quantity.amount())?, ..self.clone() }.checked()
    }

    pub(super) fn releasing(&self, quantity: Quantity) -> Result<Self, PricingError> {
        if quantity.amount() > self.consumed {
            let (consumed, released) = (self.consumed().to_string(), quantity.to_string());
            return Err(PricingError::NotConsumed { consumed, released });
        }
        Self { consumed: decimal::subtract(self.consumed, quantity.amount())?, ..self.clone() }.checked()
    }

    /// Itself, if what is free is a number: stock and consumed may be of very different digits.
    fn checked(self) -> Result<Self, PricingError> {
        decimal::subtract(self.stock, self.consumed)?;
        Ok(self)
    }

    fn quantity(&self, amount: Decimal) -> Quantity {
        Quantity::new(amount, self.unit).unwrap_or(Quantity::whole(0, self.unit)) // never below zero
    }
}

impl fmt::Display for Stock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
