//! R-W14, R-W15 and R-W18 in a small world, in full: every payment of up to 0.30 by three sources, in all four orders of
//! return.
//!
//! What is covered, exactly:
//!
//! 1. *All of it, by cumulative amounts*: each of the 5,456 payments, each order, each amount from nothing to everything, refunded
//!    at once. No source ever has less at a higher amount, nor more than it paid; the parts add up; everything restores every source.
//! 2. *That a sequence depends on nothing else*: from where a refund of `s` left the sources, the refund of `t − s` brings them to
//!    where `t` at once does. Every pair `s < t` of every payment: so by induction any sequence of any number of parts does.
//! 3. *Sequences, really run*: every sequence of three parts (zero among them, so of up to three) of every payment of up to 0.06.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundOutcome, RefundPlan,
        RefundRequest, Refunds, ReturnOrder, Source,
    },
};
use rust_decimal::Decimal;

const TOTAL: i64 = 30;
const SEQUENCES_UP_TO: i64 = 6;

/// What came back to each of three sources, in cents.
type Returned = [i64; 3];

/// Two coupons and the balance, in the order of deduction.
fn sources() -> [Source<'static>; 3] {
    [Source::Coupon("A".into()), Source::Coupon("B".into()), Source::Balance]
}

fn money(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

fn payment(paid: Returned) -> Refunds {
    let amount = money(paid.iter().sum());
    let legs = sources().into_iter().zip(paid).filter(|(_, cents)| *cents > 0);
    let legs = legs.map(|(source, cents)| Leg::new(source, money(cents), money(cents)).unwrap()).collect();
    let charge = Charge {
        application: "a".into(),
        order: "o".into(),
        unit: "u".into(),
        payer: Owner::User("p".into()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    Refunds::new(Payment::new(charge, Plan::new(amount, legs).unwrap()).unwrap(), vec![]).unwrap()
}

/// What one refund more returns.
fn planned(refunds: &Refunds, cents: i64, returned: ReturnOrder) -> RefundPlan {
    let request = RefundRequest {
        id: format!("r{}", refunds.refunds().len()),
        application: "a".into(),
        order: "o".into(),
        amount: money(cents),
        fee: money(0),
        step: Decimal::new(1, 2),
        returned,
        give_back: GiveBack::SameCoupon,
    };
    let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: Instant::from_micros(0).unwrap() };
    let RefundOutcome::New(plan) = refunds.plan(&request, &books).unwrap() else { panic!("it is new") };
    plan
}

fn refunded(refunds: &Refunds, cents: i64, returned: ReturnOrder) -> Refunds {
    refunds.clone().with(planned(refunds, cents, returned).into_refund()).unwrap()
}

/// What a plan returns to each source, in cents, all of it above zero.
fn returned_by(plan: &RefundPlan) -> Returned {
    let mut returned = [0; 3];
    for leg in plan.refund().legs() {
        let amount = leg.amount().amount();
        let place = match leg.source() {
            Source::Coupon(id) if id == "A" => 0,
            Source::Coupon(_) => 1,
            _ => 2,
        };
        assert!(amount > Decimal::ZERO && amount.scale() == 2);
        returned[place] += i64::try_from(amount.mantissa()).unwrap();
    }
    returned
}

fn plus(a: Returned, b: Returned) -> Returned {
    [0, 1, 2].map(|place| a[place] + b[place])
}

fn payments(total: i64) -> impl Iterator<Item = Returned> {
    (0..=total).flat_map(move |a| (0..=total - a).map(move |b| [a, b, total - a - b]))
}

/// 1 and 2.
fn every_payment_and_amount(order: ReturnOrder) {
    let (mut checked, mut pairs) = (0, 0);
    for paid in (0..=TOTAL).flat_map(payments) {
        let total: i64 = paid.iter().sum();
        let fresh = payment(paid);
        let states: Vec<Returned> = (0..=total).map(|cents| returned_by(&planned(&fresh, cents, order))).collect();
        for (cents, returned) in (0..).zip(&states) {
            assert_eq!(returned.iter().sum::<i64>(), cents, "{paid:?}");
            assert!((0..3).all(|place| returned[place] <= paid[place]), "{paid:?} at {cents}: {returned:?}");
            checked += 1;
        }
        for step in states.windows(2) {
            assert!((0..3).all(|place| step[0][place] <= step[1][place]), "{paid:?}: {step:?}");
        }
        assert_eq!(states.last(), Some(&paid));

        for (from, before) in (0..).zip(&states).take_while(|(from, _)| *from < total) {
            let at_once = refunded(&fresh, from, order);
            for (to, after) in (0..).zip(&states).filter(|(to, _)| (from + 1..=total).contains(to)) {
                let next = returned_by(&planned(&at_once, to - from, order));
                assert_eq!(plus(*before, next), *after, "{paid:?}: {from} → {to}");
                pairs += 1;
            }
        }
    }
    println!("{order}: {checked} splits and {pairs} pairs");
    assert_eq!(checked, 128_216);
}

#[test]
fn in_proportion() {
    every_payment_and_amount(ReturnOrder::Proportional);
}

#[test]
fn in_reverse() {
    every_payment_and_amount(ReturnOrder::ReverseDeduction);
}

#[test]
fn paid_money_first() {
    every_payment_and_amount(ReturnOrder::PaidFirst);
}

#[test]
fn free_money_first() {
    every_payment_and_amount(ReturnOrder::FreeFirst);
}

/// 3.
#[test]
fn sequences_of_three_parts() {
    let mut run = 0;
    for (paid, order) in
        (0..=SEQUENCES_UP_TO).flat_map(payments).flat_map(|paid| ReturnOrder::ALL.map(|order| (paid, order)))
    {
        let total: i64 = paid.iter().sum();
        let fresh = payment(paid);
        for first in 0..=total {
            let (one, by_one) = (refunded(&fresh, first, order), returned_by(&planned(&fresh, first, order)));
            for second in 0..=total - first {
                let two = refunded(&one, second, order);
                let by_two = plus(by_one, returned_by(&planned(&one, second, order)));
                for third in 0..=total - first - second {
                    let returned = plus(by_two, returned_by(&planned(&two, third, order)));
                    assert_eq!(returned.iter().sum::<i64>(), first + second + third);
                    assert!((0..3).all(|place| returned[place] <= paid[place]));
                    assert!(first + second + third < total || returned == paid, "{order}: {first}, {second}, {third}");
                    run += 1;
                }
            }
        }
    }
    println!("{run} sequences");
    assert_eq!(run, 17_304);
}
