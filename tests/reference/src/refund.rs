//! Refunds (R-W15, R-W18), one step of money after the other.
//!
//! Each step asks the same question at every fork: does this side, with what has come back to both sides and this step, deserve more than
//! it has? The share it deserves is the multiple of the step that is nearest to its part of what was paid.

use crate::number::{Fraction, ratio, zero};

/// What kind of money a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Money of the account.
    Held,
    /// What came to be owed.
    Owed,
    /// Coupons and their like.
    Free,
}

/// Which sources get back first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they paid.
    Proportional,
    /// The last first.
    Reverse,
    /// The account first.
    PaidFirst,
    /// Coupons first.
    FreeFirst,
}

/// What a source paid, and what came back of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its kind.
    pub class: Class,
    /// What it paid.
    pub paid: Fraction,
    /// What came back.
    pub returned: Fraction,
}

impl Source {
    fn is_full(&self) -> bool {
        self.returned == self.paid
    }
}

/// Returns so much, step by step; without coupons, only to the others.
pub fn refund(sources: &mut [Source], amount: &Fraction, step: &Fraction, order: Order, coupons: bool) {
    let mut rest = amount.clone();
    while rest > zero() {
        let place = next(sources, step, order, coupons);
        sources[place].returned += step;
        assert!(sources[place].returned <= sources[place].paid, "nobody gets more than they paid");
        rest -= step;
    }
    assert_eq!(rest, zero(), "the amount is a multiple of the step");
}

/// Who gets the next step.
fn next(sources: &[Source], step: &Fraction, order: Order, coupons: bool) -> usize {
    let open = |place: &usize| !sources[*place].is_full();
    let of = |class| (0..sources.len()).filter(|place| sources[*place].class == class).collect::<Vec<_>>();
    let (owed, held, free) = (of(Class::Owed), of(Class::Held), of(Class::Free));
    if order == Order::Reverse {
        let mut places = (0..sources.len()).filter(|place| coupons || sources[*place].class != Class::Free);
        return places.rfind(open).expect("something is open");
    }
    let account = [owed.clone(), held.clone()].concat();
    let to_account = !coupons
        || match order {
            Order::Proportional => first_deserves(sources, &account, &free, step),
            Order::PaidFirst => account.iter().any(open),
            Order::FreeFirst | Order::Reverse => !free.iter().any(open),
        };
    if !to_account {
        return nested(sources, &free, step);
    }
    owed.iter().copied().rfind(open).unwrap_or_else(|| nested(sources, &held, step))
}

/// One, or those after it.
fn nested(sources: &[Source], places: &[usize], step: &Fraction) -> usize {
    let (first, after) = places.split_first().expect("somebody is open");
    if after.is_empty() || first_deserves(sources, &[*first], after, step) {
        *first
    } else {
        nested(sources, after, step)
    }
}

fn first_deserves(sources: &[Source], first: &[usize], second: &[usize], step: &Fraction) -> bool {
    let full = |side: &[usize]| side.iter().all(|place| sources[*place].is_full());
    if full(first) || full(second) {
        return !full(first);
    }
    let paid = |side: &[usize]| side.iter().map(|place| sources[*place].paid.clone()).sum::<Fraction>();
    let returned = |side: &[usize]| side.iter().map(|place| sources[*place].returned.clone()).sum::<Fraction>();
    let both = returned(first) + returned(second) + step;
    let exact = both * paid(first) / (paid(first) + paid(second));
    // To the nearest step; a tie goes to the first.
    let deserved = (exact / step + ratio(1, 2)).floor() * step;
    deserved > returned(first)
}
