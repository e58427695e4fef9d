//! The kernel of metering: Σ quantity × overlap, for one history or a column of them.
//!
//! Plain slices in, plain slices out, nothing allocated; whoever holds spans in another shape (rows
//! of a table, Arrow columns) calls the same two functions.

use crate::exact::Number;

/// The microseconds that `[start, end)` and `[from, to)` share.
#[inline]
pub(super) fn overlap((start, end): (i64, i64), (from, to): (i64, i64)) -> i64 {
    end.min(to).saturating_sub(start.max(from)).max(0)
}

/// Adds `quantities × micros` to `sums`, place by place; none where a sum does not fit.
#[inline]
pub(super) fn accumulate<N: Number>(sums: &mut [N], quantities: &[N::Factor], micros: i64) -> Option<()> {
    for (sum, quantity) in sums.iter_mut().zip(quantities) {
        *sum = sum.plus_timed(quantity, micros)?;
    }
    Some(())
}
