//! Who there is, and the coupons that wait for them.

use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::Owner,
};
use rust_decimal::Decimal;

pub(crate) const OWNERS: usize = 4;
pub(crate) const UNITS: [&str; 2] = ["vm", "disk"];
/// Ids that are used again are of the last few.
pub(crate) const RECENT: usize = 6;
pub(crate) const CODE: &str = "open sesame";

pub(crate) fn owner(place: usize) -> Owner {
    match place {
        0 => Owner::User("a".into()),
        1 => Owner::User("b".into()),
        2 => Owner::Group("a".into()),
        _ => Owner::Group("g".into()),
    }
}

/// A coupon that waits: id, cents, unit, effective, expiration, whether of the category that groups may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issued {
    pub(crate) cents: i64,
    pub(crate) unit: usize,
    pub(crate) effective: i64,
    pub(crate) expiration: i64,
    pub(crate) server: bool,
    /// For one order only.
    pub(crate) order: Option<usize>,
}

pub(crate) const COUPONS: [Issued; 9] = [
    Issued { cents: 1_000, unit: 0, effective: 0, expiration: 10_000, server: true, order: None },
    Issued { cents: 2_000, unit: 0, effective: 0, expiration: 10_000, server: true, order: None },
    Issued { cents: 7, unit: 0, effective: 0, expiration: 400, server: true, order: None },
    Issued { cents: 333, unit: 0, effective: 0, expiration: 300, server: true, order: None },
    Issued { cents: 1_500, unit: 1, effective: 0, expiration: 10_000, server: true, order: None },
    Issued { cents: 500, unit: 0, effective: 200, expiration: 10_000, server: true, order: None },
    Issued { cents: 800, unit: 0, effective: 0, expiration: 10_000, server: false, order: None },
    Issued { cents: 101, unit: 0, effective: 0, expiration: 500, server: true, order: Some(3) },
    Issued { cents: 1, unit: 0, effective: 0, expiration: 9_000, server: true, order: None },
];

pub(crate) fn coupon_id(place: usize) -> String {
    format!("C{place}")
}

pub(crate) fn order_id(place: usize) -> String {
    format!("o{place:03}")
}

pub(crate) fn money(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

pub(crate) fn cents(money: Money) -> i64 {
    let amount = money.amount();
    assert!(amount.scale() <= 2, "{amount}");
    i64::try_from(amount.mantissa()).unwrap() * 10_i64.pow(2 - amount.scale())
}

pub(crate) fn at(second: i64) -> Instant {
    Instant::from_micros(second * 1_000_000).unwrap()
}
