//! Deduction (R-W6, R-W7) in the words of the rules.

use crate::number::{Fraction, zero};

/// What is taken from each coupon, in order, and from the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// From the coupons, in their order.
    pub coupons: Vec<Fraction>,
    /// From the balance.
    pub balance: Fraction,
}

/// Why nothing is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// `only_coupon`, and they hold less.
    Coupons,
    /// Enough funds are required, and there is less.
    Funds,
}

/// Coupons first, in order, each to its balance; the rest from the account's balance.
pub fn deduct(
    amount: &Fraction,
    coupons: &[Fraction],
    balance: &Fraction,
    only_coupon: bool,
    enough_required: bool,
) -> Result<Taken, Refused> {
    let held: Fraction = coupons.iter().sum();
    if only_coupon && *amount > held {
        return Err(Refused::Coupons);
    }
    if !only_coupon && enough_required && *amount > held && *amount > &held + balance {
        return Err(Refused::Funds);
    }
    let mut rest = amount.clone();
    let mut taken = Vec::new();
    for coupon in coupons {
        let part = coupon.clone().min(rest.clone());
        rest -= &part;
        taken.push(part);
    }
    assert!(rest >= zero(), "coupons never give more than was asked for");
    Ok(Taken { coupons: taken, balance: rest })
}
