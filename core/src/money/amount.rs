use super::Currency;
use crate::{
    error::MoneyError,
    exact::{Exact, decimal},
};
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt};

/// An amount of a currency. Two currencies never add.
///
/// Its digits are kept: `12.30` stays `12.30`; `{:#}` prints the currency too.
///
/// # Examples
/// ```
/// use counterfoil::money::{Money, CNY};
///
/// let a = Money::parse("12.30", CNY)?;
/// assert_eq!(a.plus(Money::parse("0.7", CNY)?)?.to_string(), "13.00");
/// assert_eq!(a.plus(Money::parse("1", "USD".parse()?)?).unwrap_err().code(), "money.currency_mismatch");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-M5, R-M6
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// So much of a currency.
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing of a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: Decimal::ZERO, currency }
    }

    /// An amount written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self { amount: decimal::parse(text)?, currency })
    }

    /// The number.
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The number, for exact arithmetic.
    pub fn exact(self) -> Exact {
        Exact::from(self.amount)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.amount.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.amount.is_sign_negative() && !self.amount.is_zero()
    }

    /// `self + other`, exactly.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.currency.same_as(other.currency)?;
        Ok(Self { amount: decimal::add(self.amount, other.amount)?, currency: self.currency })
    }

    /// `self − other`, exactly.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// `−self`.
    pub fn negated(self) -> Self {
        Self { amount: decimal::negate(self.amount), currency: self.currency }
    }

    /// The order of two amounts of one currency.
    ///
    /// # Errors
    /// `money.currency_mismatch`.
    pub fn compare(self, other: Self) -> Result<Ordering, MoneyError> {
        self.currency.same_as(other.currency)?;
        Ok(self.amount.cmp(&other.amount))
    }

    /// The sum of many in one currency.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.amount, f)?;
        if f.alternate() {
            write!(f, " {}", self.currency)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}
