//! Rounding by its definition (R-M2): the two neighbours, and which of them is meant.

use crate::number::{Fraction, ratio, whole, zero};

/// The neighbour of `value` among the multiples of `step` that a mode of R-M2 names.
pub fn round(value: &Fraction, step: &Fraction, mode: &str) -> Fraction {
    let steps = value / step;
    let below = steps.floor();
    if below == steps {
        return value.clone();
    }
    let above = &below + whole(1);
    let (towards_zero, away_from_zero) = if *value > zero() { (&below, &above) } else { (&above, &below) };
    let nearest_or = |tie: &Fraction| {
        let half = &below + ratio(1, 2);
        if steps < half {
            below.clone()
        } else if steps > half {
            above.clone()
        } else {
            tie.clone()
        }
    };
    let even = if (&below / whole(2)).is_integer() { &below } else { &above };
    let chosen = match mode {
        "half_even" => nearest_or(even),
        "half_up" => nearest_or(away_from_zero),
        "half_down" => nearest_or(towards_zero),
        "up" => away_from_zero.clone(),
        "down" => towards_zero.clone(),
        "ceiling" => above,
        "floor" => below,
        other => panic!("no mode `{other}`"),
    };
    chosen * step
}

/// Lines that carry what was lost into the next (R-M3): each is the rounded sum so far, less the one before.
pub fn round_carrying(lines: &[Fraction], step: &Fraction, mode: &str) -> Vec<Fraction> {
    let until = |count: usize| round(&lines[..count].iter().sum(), step, mode);
    (0..lines.len()).map(|index| until(index + 1) - until(index)).collect()
}
