//! The kernel of metering: Σ quantity × overlap, for one history or a column of them.
//!
//! Plain slices in, a number out, nothing allocated; whoever holds spans in another shape (rows of a
//! table, Arrow columns) calls the same two functions.

use crate::exact::Number;

/// The microseconds that `[start, end)` and `[from, to)` share.
#[inline]
pub(super) fn overlap((start, end): (i64, i64), (from, to): (i64, i64)) -> i64 {
    end.min(to).saturating_sub(start.max(from)).max(0)
}

/// Σ quantity × microseconds, span by span; none where it does not fit.
#[inline]
pub(super) fn quantity_time<N: Number>(quantities: &[N::Factor], micros: &[i64]) -> Option<N> {
    quantities.iter().zip(micros).try_fold(N::ZERO, |sum, (quantity, micros)| sum.plus_timed(quantity, *micros))
}
