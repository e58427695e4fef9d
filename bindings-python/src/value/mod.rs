//! Values that Python has no type for: money of a currency, quantities of a unit, periods.

mod money;
mod period;
mod quantity;

pub(crate) use money::Money;
pub(crate) use period::Period;
pub(crate) use quantity::Quantity;
