//! The kernel of metering: order, life and Σ quantity × overlap, for one history or a column of them.
//!
//! Plain numbers in, a number out, nothing allocated. [`History`](super::History) and
//! [`bulk`](super::bulk) both call it, so that one resource and a million are metered alike.

use crate::exact::Number;

/// The end of a span that is still open, in microseconds.
pub(super) const OPEN: i64 = i64::MAX;

/// What is wrong with the order of spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disorder {
    /// There is none.
    Nothing,
    /// The span at this index ends before it starts.
    Reversed(usize),
    /// The span at this index starts before the one before it ends.
    Overlapping(usize),
    /// The span at this index is open and not the last.
    Open(usize),
}

/// The error, unless spans of microseconds come in order, do not overlap, and only the last is open.
///
/// # Rule
/// R-U1
#[inline]
pub(super) fn check_order(spans: impl ExactSizeIterator<Item = (i64, i64)>) -> Result<(), Disorder> {
    let count = spans.len();
    let mut ended = i64::MIN;
    for (index, (start, end)) in spans.enumerate() {
        if end < start {
            return Err(Disorder::Reversed(index));
        }
        if start < ended {
            return Err(Disorder::Overlapping(index));
        }
        if end == OPEN && index.wrapping_add(1) < count {
            return Err(Disorder::Open(index));
        }
        ended = end;
    }
    if count == 0 { Err(Disorder::Nothing) } else { Ok(()) }
}

/// Whether some of a life, from creation to deletion, lies in the window `[from, to)`.
///
/// # Rule
/// R-U5
#[inline]
pub(super) fn lives_in((created, deleted): (i64, i64), (from, to): (i64, i64)) -> bool {
    created < to && deleted > from
}

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
///
/// # Rule
/// R-U3, R-U4
#[inline]
pub(super) fn quantity_time<N: Number>(quantities: &[N::Factor], spans: &[Lived]) -> Option<(N, N)> {
    let (mut payable, mut free) = (N::ZERO, N::ZERO);
    for (quantity, span) in quantities.iter().zip(spans) {
        let time = N::timed(quantity, span.micros)?;
        if span.pays {
            payable = payable.plus(&time)?;
        } else {
            free = free.plus(&time)?;
        }
    }
    Some((payable.plus(&free)?, payable))
}
