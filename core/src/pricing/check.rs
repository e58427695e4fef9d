use crate::{error::PricingError, exact::Exact};

/// The error, if a number that may not be negative is.
pub(super) fn check_not_below_zero(what: &'static str, amount: &Exact) -> Result<(), PricingError> {
    if amount.is_negative() {
        return Err(PricingError::BelowZero { what, value: amount.to_string() });
    }
    Ok(())
}
