//! The bank as it is opened: wallets, what they hold, and what pays beyond that.

use crate::random::Random;
use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{Category, Coupon, CouponStatus, CouponTerms, Funding, Owner, Scope},
};
use counterfoil_store::{Account, StoreError};
use rust_decimal::Decimal;

pub(crate) const APPLICATION: &str = "bank";
pub(crate) const UNIT: &str = "vm";

/// What a balance may go below zero by, where it may by so much.
pub(crate) const LIMIT: i64 = 50_00;

/// How many coupons a wallet has at first.
const COUPONS: u32 = 3;

/// The facts that decide everything which is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) clients: u32,
    pub(crate) writers: u32,
    pub(crate) wallets: u32,
}

/// What pays what coupons and balance do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    Nothing,
    OverdraftToLimit,
    Overdraft,
    Debt,
}

/// An amount of hundredths.
pub(crate) fn cents(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

/// Whose a wallet is.
pub(crate) fn owner(wallet: u32) -> Owner {
    Owner::User(format!("wallet-{wallet}"))
}

impl Beyond {
    /// That of a wallet, the same for every charge of it: so the least that it may hold is known.
    pub(crate) fn of(wallet: u32) -> Self {
        match wallet % 10 {
            5 | 6 => Self::OverdraftToLimit,
            7 => Self::Overdraft,
            8 | 9 => Self::Debt,
            _ => Self::Nothing,
        }
    }

    pub(crate) fn funding(self) -> Funding {
        match self {
            Self::Nothing => Funding::EnoughFunds,
            Self::OverdraftToLimit => Funding::Overdraft { limit: Some(cents(LIMIT)) },
            Self::Overdraft => Funding::Overdraft { limit: None },
            Self::Debt => Funding::Debt,
        }
    }
}

impl World {
    /// A wallet that something is asked of: a fifth of them gets four of five.
    pub(crate) fn wallet(&self, random: &mut Random) -> u32 {
        let hot = (self.wallets / 5).max(1);
        match random.one_in(5) {
            true => random.below(self.wallets),
            false => random.below(hot),
        }
    }

    /// The accounts as they are opened.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        (0..self.wallets).map(|wallet| Account::new(owner(wallet), cents(30_00))).collect()
    }

    /// The ids of the coupons that a wallet has at first.
    pub(crate) fn coupons(wallet: u32) -> impl Iterator<Item = String> {
        (0..COUPONS).map(move |number| format!("wallet-{wallet}-{number}"))
    }

    /// The coupons as they are taken in.
    pub(crate) fn all_coupons(&self) -> Result<Vec<Coupon>, StoreError> {
        let of_wallet = |wallet| (0..).zip(Self::coupons(wallet)).map(move |(number, id)| (wallet, number, id));
        let coupons = (0..self.wallets).flat_map(of_wallet);
        let coupon = |(wallet, number, id): (u32, u32, String)| {
            let face_value = cents(i64::from(Random::of(self.seed, &[wallet, number]).between(1_00, 20_00)));
            coupon(id, face_value, Some(owner(wallet)))
        };
        coupons.map(coupon).collect()
    }
}

/// A coupon of the bank's unit, which somebody has or which waits for who knows its code.
pub(crate) fn coupon(id: String, face_value: Money, owner: Option<Owner>) -> Result<Coupon, StoreError> {
    let status = if owner.is_some() { CouponStatus::Available } else { CouponStatus::Wait };
    let at = |text: &str| text.parse::<Instant>();
    Ok(Coupon::new(CouponTerms {
        id,
        face_value,
        balance: face_value,
        status,
        effective: at("2020-01-01T00:00:00Z")?,
        expiration: at("2099-01-01T00:00:00Z")?,
        created: at("2020-01-01T00:00:00Z")?,
        owner,
        unit: Some(UNIT.to_owned()),
        scope: Scope::Unit,
        category: Category::Server,
    })?)
}
