//! Metering (R-U1 … R-U5) on a line of time that is cut wherever anything begins or ends.

use crate::number::{Fraction, whole, zero};
use std::collections::{BTreeMap, BTreeSet};

/// A half-open stretch of time in microseconds.
pub type Window = (i64, i64);

/// A span of a resource's life.
#[derive(Debug, Clone)]
pub struct Span {
    /// Its first microsecond.
    pub start: i64,
    /// The first microsecond after it; none while it is open.
    pub end: Option<i64>,
    /// The quantity of each dimension.
    pub spec: BTreeMap<String, Fraction>,
    /// Whether its usage is payable (R-U4): post-paid, or a quota of a kind that charges it.
    pub pays: bool,
}

/// Quantity × microseconds of each dimension: all of it, and what is payable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// All that was used.
    pub used: BTreeMap<String, Fraction>,
    /// What of it is payable.
    pub payable: BTreeMap<String, Fraction>,
}

impl Usage {
    /// Adds a spec for so many microseconds.
    pub fn add(&mut self, spec: &BTreeMap<String, Fraction>, micros: i64, pays: bool) {
        for (dimension, quantity) in spec {
            let amount = quantity * whole(micros);
            *self.used.entry(dimension.clone()).or_insert_with(zero) += &amount;
            let payable = self.payable.entry(dimension.clone()).or_insert_with(zero);
            *payable += if pays { amount } else { zero() };
        }
    }
}

/// Usage of a window; none if the resource was created at its end or later, or deleted at its start or before.
pub fn usage(spans: &[Span], window: Window) -> Option<Usage> {
    let created = spans.first()?.start;
    let deleted = spans.last()?.end;
    if created >= window.1 || deleted.is_some_and(|deleted| deleted <= window.0) {
        return None;
    }
    let mut sum = Usage::default();
    for span in spans {
        sum.add(&span.spec, 0, span.pays); // a dimension that is there, even if no time of it is
    }
    let cuts: BTreeSet<i64> = spans
        .iter()
        .flat_map(|span| [Some(span.start), span.end])
        .flatten()
        .chain([window.0, window.1])
        .filter(|cut| (window.0..=window.1).contains(cut))
        .collect();
    let cuts: Vec<i64> = cuts.into_iter().collect();
    for piece in cuts.windows(2) {
        for span in spans {
            if span.start <= piece[0] && span.end.is_none_or(|end| piece[1] <= end) {
                sum.add(&span.spec, piece[1] - piece[0], span.pays);
            }
        }
    }
    Some(sum)
}
