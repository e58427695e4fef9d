//! The kernel of metering: Σ quantity × overlap, for one history or a column of them.
//!
//! Plain slices in, plain slices out, nothing allocated on the usual path; whoever holds spans in
//! another shape (rows of a table, Arrow columns) calls the same two functions.

use crate::{error::MoneyError, exact::Integer};

/// The microseconds that `[start, end)` and `[from, to)` share.
#[inline]
pub(super) fn overlap((start, end): (i64, i64), (from, to): (i64, i64)) -> i64 {
    end.min(to).saturating_sub(start.max(from)).max(0)
}

/// Adds `quantities × micros` to `sums`, place by place.
#[inline]
pub(super) fn accumulate(sums: &mut [Integer], quantities: &[Integer], micros: i64) -> Result<(), MoneyError> {
    let micros = Integer::from(micros);
    for (sum, quantity) in sums.iter_mut().zip(quantities) {
        sum.add_product(quantity, &micros)?;
    }
    Ok(())
}
