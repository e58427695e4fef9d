//! A percentage of each event (R-P3), event by event.

use crate::number::{Fraction, zero};

/// What each event costs, and the line.
#[derive(Debug, Clone)]
pub struct Percentage {
    /// The share of an event.
    pub ratio: Fraction,
    /// The fee of an event.
    pub fee: Fraction,
    /// The least and the most that an event costs.
    pub event: (Option<Fraction>, Option<Fraction>),
    /// What is free of the first events.
    pub free: Fraction,
    /// The least and the most that all events cost.
    pub line: (Option<Fraction>, Option<Fraction>),
    /// Whether nothing is charged for, too.
    pub charged: bool,
}

/// What events cost: what is covered in full costs nothing, what is left is charged as an event.
pub fn percentage(of: &Percentage, events: &[Fraction]) -> Fraction {
    let mut amount = zero();
    let mut seen = zero();
    for event in events {
        // The free units are the first ones of a line on which the events lie one behind the other.
        let covered = (&of.free - &seen).max(zero()).min(event.clone());
        let left = event - &covered;
        seen += event;
        let covered_in_full = left == zero() && *event != zero();
        let costs = !covered_in_full && (left != zero() || of.charged);
        if costs {
            amount += within(&(left * &of.ratio + &of.fee), &of.event);
        }
    }
    if seen == zero() && !of.charged { amount } else { within(&amount, &of.line) }
}

fn within(amount: &Fraction, (least, most): &(Option<Fraction>, Option<Fraction>)) -> Fraction {
    let raised = least.clone().map_or(amount.clone(), |least| least.max(amount.clone()));
    most.clone().map_or(raised.clone(), |most| most.min(raised))
}
