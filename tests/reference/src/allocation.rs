//! Allocation (R-M4): largest remainder first, one step after the other.

use crate::number::{Fraction, zero};

/// The parts of an amount by weights that are zero or more and not all zero.
pub fn allocate(amount: &Fraction, weights: &[Fraction], step: &Fraction) -> Vec<Fraction> {
    if *amount < zero() {
        let opposite = allocate(&-amount, weights, step);
        return opposite.into_iter().map(|part| -part).collect();
    }
    let total: Fraction = weights.iter().sum();
    let shares: Vec<Fraction> = weights.iter().map(|weight| amount * weight / &total).collect();
    let mut parts: Vec<Fraction> = shares.iter().map(|share| (share / step).floor() * step).collect();
    let mut waiting: Vec<usize> = (0..weights.len()).collect();
    while parts.iter().sum::<Fraction>() < *amount {
        let remainder = |index: usize| &shares[index] - &parts[index];
        let mut largest = waiting[0];
        for index in &waiting {
            if remainder(*index) > remainder(largest) {
                largest = *index;
            }
        }
        parts[largest] += step;
        waiting.retain(|index| *index != largest);
    }
    parts
}
