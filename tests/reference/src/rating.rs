//! What a quantity costs for a time (R-P1, R-P2, R-U2): price × quantity × time, units converted.

use crate::number::{Fraction, power_of_ten, whole};
use num_bigint::BigInt;

/// Units by family, with how many of the family's smallest one they are.
const CORES: [(&str, u32); 2] = [("core", 1), ("milli_core", 0)];
const CARDS: [(&str, u32); 2] = [("card", 1), ("milli_card", 0)];
const BY_1024: [(&str, u32); 7] = [("byte", 0), ("KiB", 1), ("MiB", 2), ("GiB", 3), ("TiB", 4), ("PiB", 5), ("EiB", 6)];
const BY_1000: [(&str, u32); 7] = [("byte", 0), ("kB", 1), ("MB", 2), ("GB", 3), ("TB", 4), ("PB", 5), ("EB", 6)];

/// How many of the second unit one of the first is; none where they measure different things.
pub fn conversion(from: &str, to: &str) -> Option<Fraction> {
    if from == to {
        return Some(whole(1));
    }
    let thousands: &[&[(&str, u32)]] = &[&CORES, &CARDS, &BY_1000];
    thousands
        .iter()
        .find_map(|family| step_between(family, from, to, 1_000))
        .or(step_between(&BY_1024, from, to, 1_024))
}

fn step_between(family: &[(&str, u32)], from: &str, to: &str, base: u32) -> Option<Fraction> {
    let size = |unit: &str| {
        let (_, power) = family.iter().find(|(name, _)| *name == unit)?;
        Some(Fraction::from_integer(BigInt::from(base).pow(*power)))
    };
    Some(size(from)? / size(to)?)
}

/// The length of a time-unit in microseconds; a month is 30 days (R-T3, `Fixed30`).
pub fn microseconds(unit: &str) -> Fraction {
    let seconds = match unit {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 24 * 3_600,
        "month" => 30 * 24 * 3_600,
        other => panic!("no time unit `{other}`"),
    };
    whole(seconds) * power_of_ten(6)
}

/// How many units of a price a sum of quantity × microseconds is.
pub fn units(quantity_micros: &Fraction, unit: &str, per: &str, every: &str) -> Fraction {
    quantity_micros * conversion(unit, per).expect("units of one family") / microseconds(every)
}
