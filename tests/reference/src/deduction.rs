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

/// Something that may pay, as R-W9 looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// `coupon`, `stored_card` …
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What it holds.
    pub balance: Fraction,
    /// What of it unpaid orders have locked.
    pub locked: Fraction,
    /// The most that one payment takes.
    pub most: Option<Fraction>,
    /// The lower, the earlier.
    pub priority: Option<u32>,
    /// When it ends, if ever.
    pub expires: Option<i64>,
    /// When it began, if not always.
    pub effective: Option<i64>,
    /// When it was issued.
    pub created: i64,
    /// Whether it is for some things only.
    pub restricted: bool,
    /// Whether it was given.
    pub free: bool,
}

/// Whether one goes before another by a key; none where the key does not tell them apart.
fn before(key: &str, one: &Fund, other: &Fund) -> Option<bool> {
    // What is missing goes last, whatever the other has.
    fn smaller<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<bool> {
        match (one, other) {
            (None, None) => None,
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            (Some(one), Some(other)) if one == other => None,
            (Some(one), Some(other)) => Some(one < other),
        }
    }
    match key {
        "priority" => smaller(one.priority, other.priority),
        "expiry" => smaller(one.expires, other.expires),
        "scoped" => smaller(one.restricted.then_some(0), other.restricted.then_some(0)),
        "free" => smaller(one.free.then_some(0), other.free.then_some(0)),
        "smaller" => smaller(Some(&one.balance), Some(&other.balance)),
        "larger" => smaller(Some(-one.balance.clone()), Some(-other.balance.clone())),
        // What always had effect goes first.
        "effective" => smaller(Some(one.effective.unwrap_or(i64::MIN)), Some(other.effective.unwrap_or(i64::MIN))),
        "created" => smaller(Some(one.created), Some(other.created)),
        "id" => smaller(Some(&one.id), Some(&other.id)),
        unknown => panic!("key {unknown}"),
    }
}

/// The funds in the order in which they pay, by an order written as `kind(key key) > kind > …`.
pub fn in_order(order: &str, funds: &[Fund]) -> Vec<Fund> {
    let mut all = Vec::new();
    for step in order.split(" > ") {
        let (kind, keys) = step.trim_end_matches(')').split_once('(').unwrap_or((step, ""));
        let mut left: Vec<Fund> = funds.iter().filter(|fund| fund.kind == kind).cloned().collect();
        while !left.is_empty() {
            // The one that no other goes before.
            let goes_before = |one: &Fund, other: &Fund| {
                keys.split(' ').filter(|key| !key.is_empty()).find_map(|key| before(key, one, other)) == Some(true)
            };
            let first = (0..left.len()).find(|at| !left.iter().any(|other| goes_before(other, &left[*at]))).unwrap();
            all.push(left.remove(first));
        }
    }
    all
}

/// What each source gives, in order, and what is left unpaid.
pub fn draw(amount: &Fraction, order: &str, funds: &[Fund]) -> (Vec<(String, Fraction)>, Fraction) {
    let (mut rest, mut taken) = (amount.clone(), Vec::new());
    for fund in in_order(order, funds) {
        let mut can = &fund.balance - &fund.locked;
        if let Some(most) = fund.most {
            can = can.min(most);
        }
        let part = can.max(zero()).min(rest.clone());
        if part > zero() {
            rest -= &part;
            taken.push((fund.id, part));
        }
    }
    (taken, rest)
}
