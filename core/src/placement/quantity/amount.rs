//! Between quantities and amounts in the smallest unit of a resource.

use super::{Format, ResourceQuantity};
use crate::{error::PlacementError, exact::RoundingMode, placement::Resource};

impl Resource {
    /// The power of ten of its smallest unit: −3 for milli-cores and milli-cards, else 0.
    pub const fn scale(&self) -> i32 {
        if self.is_milli() { -3 } else { 0 }
    }

    /// A quantity in its smallest unit.
    ///
    /// # Rounding
    /// As `mode` says: [`RoundingMode::Floor`] for what there is, [`RoundingMode::Ceiling`] for what is asked for.
    ///
    /// # Errors
    /// `placement.negative_amount`; `placement.amount_overflow` beyond 63 bits.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{exact::RoundingMode, placement::Resource};
    ///
    /// assert_eq!(Resource::Cpu.amount(&"3.15".parse()?, RoundingMode::Floor)?, 3150);
    /// assert_eq!(Resource::Memory.amount(&"15.30Gi".parse()?, RoundingMode::Floor)?, 16_428_249_907);
    /// let below = Resource::Memory.amount(&"-1".parse()?, RoundingMode::Floor);
    /// assert_eq!(below.unwrap_err().code(), "placement.negative_amount");
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A5
    pub fn amount(&self, quantity: &ResourceQuantity, mode: RoundingMode) -> Result<u64, PlacementError> {
        if quantity.is_negative() {
            return Err(PlacementError::NegativeAmount { resource: self.to_string(), quantity: quantity.to_string() });
        }
        let amount = quantity.in_units(self.scale(), mode).ok().and_then(|amount| u64::try_from(amount).ok());
        amount.ok_or_else(|| PlacementError::AmountOverflow { resource: self.to_string(), operation: "the amount" })
    }

    /// An amount in its smallest unit, as a quantity: bytes by 1024, the others by 1000.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::Resource;
    ///
    /// assert_eq!(Resource::Cpu.quantity(1600_u64).to_string(), "1600m");
    /// assert_eq!(Resource::Memory.quantity(10_737_418_240_u64).to_string(), "10Gi");
    /// assert_eq!(Resource::Memory.quantity(-1024_i64).to_string(), "-1Ki");
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A5
    pub fn quantity(&self, amount: impl Into<Amount>) -> ResourceQuantity {
        let format = if self.is_bytes() { Format::BinarySI } else { Format::DecimalSI };
        let factor = if self.is_milli() { 1_000_000 } else { 1_000_000_000 };
        ResourceQuantity::of_nano(amount.into().0, factor, format)
    }

    /// Whether its smallest unit is the byte.
    pub const fn is_bytes(&self) -> bool {
        matches!(self, Self::Memory | Self::EphemeralStorage | Self::Disk(_))
    }
}

/// An amount in the smallest unit of a resource: what is asked for (`u64`), or what is free (`i64`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub(super) i128);

impl From<u64> for Amount {
    fn from(amount: u64) -> Self {
        Self(amount.into())
    }
}

impl From<i64> for Amount {
    fn from(amount: i64) -> Self {
        Self(amount.into())
    }
}
