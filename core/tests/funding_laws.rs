//! Laws of funding orders and locks, for any funds (R-W9, R-W10, R-W12).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Authorisation, Books, Category, Charge, CostBasis, Coupon, CouponStatus, CouponTerms, Coupons, Fund, FundKind,
        FundTerms, Funding, FundingOrder, Funds, Leg, Lock, Owner, Scope, Shortfall, Source,
    },
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const NOW: i64 = 100;

fn cents(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

fn at(second: i64) -> Instant {
    Instant::from_micros(second * 1_000_000).unwrap()
}

fn payer() -> Owner {
    Owner::User("a".into())
}

fn coupons() -> impl Strategy<Value = Vec<Coupon>> {
    let rows = proptest::collection::vec((0..5_000_i64, 0..4_i64, 0..3_i64, any::<bool>()), 0..6);
    rows.prop_map(|rows| {
        let row = |(index, (balance, expiration, created, scoped)): (usize, (i64, i64, i64, bool))| {
            Coupon::new(CouponTerms {
                id: format!("C{index}"),
                face_value: cents(5_000),
                balance: cents(balance),
                status: CouponStatus::Available,
                effective: at(1),
                expiration: at(NOW + expiration),
                created: at(created),
                owner: Some(payer()),
                unit: Some("vm".into()),
                scope: if scoped { Scope::Order("o2".into()) } else { Scope::Unit },
                category: Category::Server,
            })
            .unwrap()
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn others() -> impl Strategy<Value = Vec<Fund>> {
    let fund = (
        0..4_usize,
        0..5_000_i64,
        proptest::option::of(0..3_u32),
        proptest::option::of(0..4_i64),
        any::<bool>(),
        proptest::option::of(0..3_000_i64),
    );
    proptest::collection::vec(fund, 0..8).prop_map(|rows| {
        let row = |(index, (kind, balance, priority, expiration, free, most)): (usize, _)| {
            let expiration: Option<i64> = expiration;
            let most: Option<i64> = most;
            Fund::new(FundTerms {
                kind: FundKind::ALL[kind],
                id: format!("F{index}"),
                owner: payer(),
                balance: cents(balance),
                priority,
                effective: None,
                expiration: expiration.map(|second| at(NOW + second)),
                created: at(0),
                basis: if free { CostBasis::Free } else { CostBasis::Paid },
                units: vec![],
                order: None,
                most: most.map(cents),
            })
            .unwrap()
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn orders() -> impl Strategy<Value = FundingOrder> {
    let shortfall = prop_oneof![
        Just(Shortfall::Refuse),
        Just(Shortfall::Overdraft { limit: None }),
        (0..3_000_i64).prop_map(|limit| Shortfall::Overdraft { limit: Some(cents(limit)) }),
        Just(Shortfall::Debt { overdraft: None }),
        (0..3_000_i64).prop_map(|limit| Shortfall::Debt { overdraft: Some(cents(limit)) }),
    ];
    (0..FundingOrder::PRESETS.len(), shortfall).prop_map(|(preset, shortfall)| {
        let (_, order) = FundingOrder::PRESETS.into_iter().nth(preset).unwrap();
        order.with_shortfall(shortfall).unwrap()
    })
}

fn charge(order: &str, amount: i64, funding: FundingOrder) -> Charge {
    Charge {
        application: "portal".into(),
        order: order.into(),
        unit: "vm".into(),
        payer: payer(),
        amount: cents(amount),
        coupons: Coupons::Automatic,
        funding: Funding::Order(funding),
    }
}

fn authorise(charge: &Charge, funds: &Funds<'_>) -> Option<Lock> {
    let books = Books { unit_application: Some("portal"), earlier: None, funds };
    match charge.authorise(&books, at(NOW + 100), at(NOW)) {
        Ok(Authorisation::New(lock)) => Some(lock),
        _ => None,
    }
}

fn shuffled<T: Clone>(rows: &[T], seed: prop::sample::Index) -> Vec<T> {
    let mut rows = rows.to_vec();
    if !rows.is_empty() {
        let middle = seed.index(rows.len());
        rows.rotate_left(middle);
        rows[..middle].reverse();
    }
    rows
}

proptest! {
    /// R-W9: the legs add up, none is of nothing, none takes more than its source had free, and the order of the
    /// rows means nothing.
    #[test]
    fn a_draw_conserves_and_is_of_the_funds_alone(
        coupons in coupons(), others in others(), balance in -3_000..5_000_i64, amount in 0..40_000_i64,
        locked in 0..20_000_i64, order in orders(), seed in any::<prop::sample::Index>(),
    ) {
        let bare = Funds::new(cents(balance), &coupons).unwrap().with(&others).unwrap();
        let lock = authorise(&charge("o1", locked, FundingOrder::BSS_ON_DEMAND), &bare);
        let voided = authorise(&charge("o0", locked / 2, FundingOrder::BSS_ON_DEMAND), &bare).map(|lock| lock.void(at(NOW)).unwrap());
        let locks: Vec<Lock> = lock.iter().cloned().chain(voided).collect();
        let funds = bare.clone().with_locks(&locks).unwrap();
        let pay = charge("o2", amount, order.clone());
        let plan = pay.deduct(&funds, at(NOW));

        let (rows, more, held) = (shuffled(&coupons, seed), shuffled(&others, seed), shuffled(&locks, seed));
        let again = Funds::new(cents(balance), &rows).unwrap().with(&more).unwrap().with_locks(&held).unwrap();
        prop_assert_eq!(&pay.deduct(&again, at(NOW)), &plan);

        let Ok(plan) = plan else { return Ok(()) };
        let total = Money::sum(plan.legs().iter().map(Leg::amount), CNY).unwrap();
        prop_assert_eq!(total, cents(amount));
        for leg in plan.legs() {
            prop_assert!(!leg.amount().is_negative() && !leg.amount().is_zero());
            let of = |other: &&Leg<'_>| other.source() == leg.source();
            prop_assert_eq!(plan.legs().iter().filter(of).count(), 1);
            let held = lock.iter().flat_map(Lock::legs).find(of).map_or(cents(0), Leg::amount);
            let left = leg.after().minus(held).unwrap();
            match leg.source() {
                Source::Debt => {
                    let is_debt = matches!(order.shortfall(), Shortfall::Debt { .. });
                    prop_assert!(is_debt);
                }
                Source::Balance => match order.shortfall() {
                    Shortfall::Overdraft { limit: None } => {}
                    Shortfall::Overdraft { limit: Some(limit) } | Shortfall::Debt { overdraft: Some(limit) } => {
                        prop_assert!(!left.plus(limit).unwrap().is_negative());
                    }
                    _ => prop_assert!(!left.is_negative()),
                },
                _ => prop_assert!(!left.is_negative(), "{leg}, {held} locked"),
            }
        }
        // What is available is what can be paid without a shortfall.
        let available = funds.available(&order, &pay.purpose(), at(NOW)).unwrap();
        let available = Money::sum(available.iter().map(|row| row.available), CNY).unwrap();
        let strict = order.with_shortfall(Shortfall::Refuse).unwrap();
        let paid = Charge { funding: Funding::Order(strict), ..pay }.deduct(&funds, at(NOW));
        prop_assert_eq!(paid.is_ok(), cents(amount).compare(available).unwrap().is_le());
    }

    /// R-W12: locked and captured is deducted; locked and voided, or expired, is nothing; what is captured in part is
    /// the beginning of what is locked.
    #[test]
    fn a_lock_is_a_deduction_in_two_steps(
        coupons in coupons(), others in others(), balance in 0..5_000_i64, amount in 0..30_000_i64,
        part in any::<prop::sample::Index>(), order in orders(),
    ) {
        let funds = Funds::new(cents(balance), &coupons).unwrap().with(&others).unwrap();
        let strict = order.with_shortfall(Shortfall::Refuse).unwrap();
        let pay = charge("o2", amount, strict);
        let direct = pay.deduct(&funds, at(NOW));
        let lock = authorise(&pay, &funds);
        prop_assert_eq!(lock.is_some(), direct.is_ok());
        let (Some(lock), Ok(direct)) = (lock, direct) else { return Ok(()) };

        let locks = [lock.clone()];
        let locked = funds.clone().with_locks(&locks).unwrap();
        let whole = lock.capture(cents(amount), &locked, at(NOW + 100)).unwrap();
        prop_assert_eq!(whole.payment.plan(), &direct);
        let part = i64::try_from(part.index(usize::try_from(amount).unwrap() + 1)).unwrap();
        let some = lock.capture(cents(part), &locked, at(NOW)).unwrap();
        let legs = some.payment.plan().legs();
        prop_assert_eq!(Money::sum(legs.iter().map(Leg::amount), CNY).unwrap(), cents(part));
        for (index, (taken, held)) in legs.iter().zip(lock.legs()).enumerate() {
            prop_assert_eq!(taken.source(), held.source());
            prop_assert!(taken.amount() == held.amount() || index + 1 == legs.len());
            prop_assert!(taken.amount().compare(held.amount()).unwrap().is_le());
        }

        let other = Charge { order: "o3".into(), ..pay };
        let voided = [lock.void(at(NOW)).unwrap()];
        let expired = [lock.expire(at(NOW + 101)).unwrap().unwrap()];
        for ended in [voided, expired] {
            let freed = funds.clone().with_locks(&ended).unwrap();
            prop_assert_eq!(other.deduct(&freed, at(NOW)), other.deduct(&funds, at(NOW)));
        }
        let usable = |funds: &Funds<'_>| funds.usable(&other.purpose(), at(NOW)).unwrap();
        prop_assert!(usable(&locked).compare(usable(&funds)).unwrap().is_le());
    }

    /// R-W7 is the preset of the portal.
    #[test]
    fn the_portal_is_a_preset(coupons in coupons(), balance in -3_000..5_000_i64, amount in 0..20_000_i64) {
        let funds = Funds::new(cents(balance), &coupons).unwrap();
        let limit = Some(cents(700));
        for (funding, shortfall) in [
            (Funding::EnoughFunds, Shortfall::Refuse),
            (Funding::Overdraft { limit: None }, Shortfall::Overdraft { limit: None }),
            (Funding::Overdraft { limit }, Shortfall::Overdraft { limit }),
            (Funding::Debt, Shortfall::Debt { overdraft: None }),
        ] {
            let pay = charge("o2", amount, FundingOrder::PORTAL.with_shortfall(shortfall).unwrap());
            let portal = Charge { funding, ..pay.clone() };
            prop_assert_eq!(pay.deduct(&funds, at(NOW)), portal.deduct(&funds, at(NOW)));
        }
    }
}
