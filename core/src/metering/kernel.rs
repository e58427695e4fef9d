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

/// How long a span lasts inside a window, and whether its usage is payable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lived {
    pub(super) micros: i64,
    pub(super) pays: bool,
}

/// Σ quantity × microseconds, span by span: of all spans, and of those that pay. None where it does
/// not fit.
#[inline]
pub(super) fn quantity_time<N: Number>(quantities: &[N::Factor], spans: &[Lived]) -> Option<(N, N)> {
    let (mut used, mut payable) = (N::ZERO, N::ZERO);
    for (quantity, span) in quantities.iter().zip(spans) {
        let time = N::timed(quantity, span.micros)?;
        used = used.plus(&time)?;
        if span.pays {
            payable = payable.plus(&time)?;
        }
    }
    Some((used, payable))
}
