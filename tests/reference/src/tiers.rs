//! Rate shapes (R-P3) by their definition.

use crate::number::{Fraction, zero};

/// A tier: its last unit (none for all the rest), the price of a unit, and the fee for reaching it.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Up to and including this unit.
    pub up_to: Option<Fraction>,
    /// The price of each unit.
    pub price: Fraction,
    /// The fee for reaching into it.
    pub flat: Fraction,
}

/// Each unit at the price of its tier, and the fee of each tier that is reached.
pub fn graduated(tiers: &[Tier], units: &Fraction) -> Fraction {
    let mut amount = zero();
    let mut start = zero();
    for tier in tiers {
        if *units <= start {
            break;
        }
        let end = tier.up_to.clone().unwrap_or_else(|| units.clone()).min(units.clone());
        amount += (end - &start) * &tier.price + &tier.flat;
        match &tier.up_to {
            Some(up_to) => start = up_to.clone(),
            None => break,
        }
    }
    amount
}

/// All units at the price of the tier that holds the last of them, and its fee; nothing for no units.
pub fn volume(tiers: &[Tier], units: &Fraction) -> Fraction {
    if *units == zero() {
        return zero();
    }
    let tier = tiers.iter().find(|tier| tier.up_to.as_ref().is_none_or(|up_to| units <= up_to)).expect("a last tier");
    units * &tier.price + &tier.flat
}

/// A price for each started block.
pub fn package(size: &Fraction, price: &Fraction, units: &Fraction) -> Fraction {
    (units / size).ceil() * price
}
