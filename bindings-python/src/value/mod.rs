//! Values that Python has no type for: money of a currency, and quantities of a unit.

mod money;
mod quantity;

pub(crate) use money::Money;
pub(crate) use quantity::Quantity;
