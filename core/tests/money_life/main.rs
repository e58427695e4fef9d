//! The life of money, over and over: random sequences of top-up, redeem, charge, lock, capture, void, refund, correction and time,
//! by users and groups, in which a small portal carries out what the library decides (R-W3 … R-W19).
//!
//! Beside the portal runs a [`Ledger`](ledger::Ledger) that knows the rules in whole cents and shares no code with the library. After every step:
//!
//! - both answered the same, an error by its code; after an error the portal is byte for byte what it was;
//! - every balance, debt, coupon, lock, payment and refund of the portal is that of the ledger;
//! - for each owner **balance − debt + coupons + spent − refunded = put in**. *Spent* is every payment. *Refunded* is what reached a
//!   source: the legs of refunds that are `success`, without those that are recorded only. So fees stay spent, and so does what is recorded only;
//! - no coupon is below zero, and no balance below what its live locks hold, unless an overdraft was allowed to its owner;
//! - of no payment more is refunded, with fees, than was paid, and no source of it has more back than it paid.
//!
//! At the end everything is refunded: each source of each payment stands at exactly what it paid, less fees; and where no fee was taken and
//! coupons got theirs back, each coupon is at its face value and each account has exactly the cash that was put in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod commands;
mod ledger;
mod portal;
mod world;

use commands::{Amount, Ask, Back, Command, commands};
use counterfoil::{
    error::WalletError,
    money::{CNY, Currency, Money},
    wallet::{
        Destination, Leg, LockState, Refund, RefundEvent, RefundRequest, RefundState, Refunds, ReturnOrder, Source,
    },
};
use ledger::{Answer, Asked, From, Held, Ledger, Paid, To, plain};
use portal::{Portal, plain_request};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use std::{cell::RefCell, collections::BTreeMap};
use world::{COUPONS, OWNERS, RECENT, at, cents, money, order_id, owner};

struct Life {
    portal: Portal,
    ledger: Ledger,
    orders: usize,
    refunds: usize,
    last: Option<(Ask, usize, Option<i64>)>,
    tally: BTreeMap<&'static str, usize>,
}

impl Life {
    fn new() -> Self {
        let tally = BTreeMap::new();
        Self { portal: Portal::new(), ledger: Ledger::new(), orders: 0, refunds: 0, last: None, tally }
    }

    /// Of the coupons that are named, most are the payer's own.
    fn named(&self, ask: Ask) -> Ask {
        let own = |place: &usize| self.ledger.vouchers[*place].owner == Some(ask.owner);
        let own: Vec<usize> = (0..COUPONS.len()).filter(own).collect();
        let place = |place: usize| match own.get(place % own.len().max(1)) {
            Some(own) if place >= COUPONS.len() => *own,
            _ => place % COUPONS.len(),
        };
        Ask { named: ask.named.map(|places| places.into_iter().map(place).collect()), ..ask }
    }

    /// A new order id, or one that there was.
    fn order(&mut self, again: Option<usize>) -> usize {
        if let Some(again) = again.filter(|_| self.orders > 0) {
            return self.orders - 1 - again % self.orders.min(RECENT);
        }
        self.orders += 1;
        self.orders - 1
    }

    fn run(&mut self, command: Command) {
        let before = format!("{:?}", self.portal);
        let shown = format!("{command:?}");
        let Some((theirs, ours)) = self.both(command) else { return };
        let theirs = theirs.map_err(|error| error.code());
        assert_eq!(theirs, ours, "{shown}");
        if theirs.is_err() {
            assert_eq!(format!("{:?}", self.portal), before, "{shown} failed and changed something");
        }
        *self
            .tally
            .entry(match theirs {
                Ok(word) | Err(word) => word,
            })
            .or_default() += 1;
        self.check(&shown);
    }

    /// What the portal answers, and what the ledger; none where there is nothing to do it to.
    fn both(&mut self, command: Command) -> Option<(Result<&'static str, WalletError>, Answer)> {
        let Self { portal, ledger, .. } = self;
        match command {
            Command::TopUp { owner, cents } => {
                let account = &mut portal.accounts[owner];
                account.balance = account.balance.plus(money(cents)).unwrap();
                ledger.balance[owner] += cents;
                ledger.put_in[owner] += cents;
                Some((Ok("topped up"), Ok("topped up")))
            }
            Command::PayDebt { owner, cents } => {
                let cents = cents.min(ledger.debt[owner]);
                let account = &mut portal.accounts[owner];
                account.debt = account.debt.minus(money(cents)).unwrap();
                ledger.debt[owner] -= cents;
                ledger.put_in[owner] += cents;
                Some((Ok("debt paid"), Ok("debt paid")))
            }
            Command::Redeem { owner, coupon, right_code } => {
                Some((portal.redeem(coupon, owner, right_code), ledger.redeem(coupon, owner, right_code)))
            }
            Command::Charge { ask, again } => {
                let ask = self.named(ask);
                let order = self.order(again);
                self.last = Some((ask.clone(), order, None));
                Some((self.portal.charge(&ask, order), self.ledger.charge(&ask, order)))
            }
            Command::Lock { ask, again, seconds } => {
                let ask = self.named(ask);
                let order = self.order(again);
                self.last = Some((ask.clone(), order, Some(seconds)));
                Some((self.portal.lock(&ask, order, seconds), self.ledger.lock(&ask, order, seconds)))
            }
            Command::Repeat => {
                let (ask, order, seconds) = self.last.clone()?;
                Some(match seconds {
                    None => (self.portal.charge(&ask, order), self.ledger.charge(&ask, order)),
                    Some(seconds) => (self.portal.lock(&ask, order, seconds), self.ledger.lock(&ask, order, seconds)),
                })
            }
            Command::Capture { lock, amount } => {
                let place = lock.checked_rem(ledger.holds.len())?;
                let hold = &ledger.holds[place];
                let (owner, locked) = (hold.ask.owner, hold.ask.cents);
                let (cents, dollars) = match amount {
                    Amount::PerMille(part) => (locked * part / 1_000, false),
                    Amount::Above(more) => (locked + more, false),
                    Amount::Uneven | Amount::Dollars => (locked, true),
                    Amount::Negative => (-1, false),
                };
                let currency: Currency = if dollars { "USD".parse().unwrap() } else { CNY };
                let amount = Money::new(Decimal::new(cents, 2), currency);
                Some((portal.capture(place, amount, owner), ledger.capture(place, cents, dollars)))
            }
            Command::Void { lock } => {
                let place = lock.checked_rem(ledger.holds.len())?;
                Some((portal.void(place), ledger.void(place)))
            }
            Command::Refund { payment, amount, fee, order, give_back, again } => {
                self.refund(payment, amount, fee, order, give_back, again)
            }
            Command::Happens { refund, event } => {
                let all = ledger.paid.iter().enumerate();
                let all: Vec<(usize, usize)> =
                    all.flat_map(|(place, paid)| (0..paid.refunds.len()).map(move |number| (place, number))).collect();
                let (place, number) = all[refund.checked_rem(all.len())?];
                let id = ledger.paid[place].refunds[number].id.clone();
                Some((portal.happens(place, &id, event), ledger.happens(place, number, event)))
            }
            Command::Correct { owner, cents } => {
                let order = self.order(None);
                Some((self.portal.correct(owner, cents, order), self.ledger.correct(owner, cents, order)))
            }
            Command::Pass { seconds } => {
                portal.now += seconds;
                ledger.now += seconds;
                Some((Ok("time passed"), Ok("time passed")))
            }
        }
    }

    fn refund(
        &mut self,
        payment: usize,
        amount: Amount,
        fee: i64,
        order: ReturnOrder,
        give_back: Back,
        again: Option<usize>,
    ) -> Option<(Result<&'static str, WalletError>, Answer)> {
        let place = payment.checked_rem(self.ledger.paid.len())?;
        let paid = &self.ledger.paid[place];
        let left = paid.left_under(give_back);
        let id = again
            .filter(|_| self.refunds > 0)
            .map_or(self.refunds, |again| self.refunds - 1 - again % self.refunds.min(RECENT));
        self.refunds = self.refunds.max(id + 1);
        let (cents, fault) = match amount {
            Amount::PerMille(part) => (left * part / 1_000, None),
            Amount::Above(more) => (left + more, None),
            Amount::Uneven | Amount::Dollars => (left, Some(amount)),
            Amount::Negative => (-1, Some(amount)),
        };
        let fee = if fault.is_some() { 0 } else { cents * fee / 1_000 };
        let mut asked = Asked { fee, order, give_back, ..plain(format!("r{id}"), cents) };
        let mut request = RefundRequest {
            fee: money(fee),
            returned: order,
            give_back: give_back.policy(),
            ..plain_request(asked.id.clone(), order_id(paid.order), money(cents))
        };
        // Word for word the same, now and then.
        let earlier = paid.refunds.iter().find(|refund| refund.id == asked.id).cloned();
        if let Some(earlier) = earlier.filter(|_| fault.is_none() && cents % 2 == 0) {
            asked = earlier;
            request.amount = money(asked.cents);
            request.fee = money(asked.fee);
            (request.returned, request.give_back) = (asked.order, asked.give_back.policy());
        }
        match fault {
            Some(Amount::Uneven) => request.amount = Money::new(Decimal::new(cents * 10 + 5, 3), CNY),
            Some(Amount::Dollars) => {
                let dollars: Currency = "USD".parse().unwrap();
                request.amount = Money::new(request.amount.amount(), dollars);
                request.fee = Money::new(request.fee.amount(), dollars);
            }
            _ => {}
        }
        Some((self.portal.refund(place, &request), self.ledger.refund(place, &asked, fault)))
    }

    /// The portal has what the ledger has, and the ledger adds up.
    fn check(&self, after: &str) {
        let Self { portal, ledger, .. } = self;
        assert_eq!(portal.now, ledger.now);
        for place in 0..OWNERS {
            let account = &portal.accounts[place];
            assert_eq!(cents(account.balance), ledger.balance[place], "balance of {place} after {after}");
            assert_eq!(cents(account.debt), ledger.debt[place], "debt of {place} after {after}");
        }
        for (place, (coupon, voucher)) in portal.coupons.iter().zip(&ledger.vouchers).enumerate() {
            assert_eq!(cents(coupon.balance()), voucher.holds, "coupon {place} after {after}");
            assert_eq!(coupon.terms().expiration, at(voucher.expiration), "coupon {place} after {after}");
            assert_eq!(coupon.owner().cloned(), voucher.owner.map(owner), "coupon {place} after {after}");
        }
        assert_eq!(portal.locks.len(), ledger.holds.len());
        for (lock, hold) in portal.locks.iter().zip(&ledger.holds) {
            assert_eq!(lock.charge().order, order_id(hold.order));
            assert_eq!(legs_of(lock.legs()), hold.legs, "lock of {} after {after}", hold.order);
            let state = match hold.state {
                Held::Captured => LockState::Captured,
                Held::Voided => LockState::Voided,
                Held::Open if ledger.is_live(hold) => LockState::Authorised,
                Held::Open => LockState::Expired,
            };
            assert_eq!(lock.state_at(at(portal.now)), state, "lock of {} after {after}", hold.order);
        }
        assert_eq!(portal.payments.len(), ledger.paid.len());
        for (kept, paid) in portal.payments.iter().zip(&ledger.paid) {
            Self::check_payment(&kept.refunds, paid, after);
        }
        for place in 0..OWNERS {
            self.check_owner(place, after);
        }
    }

    fn check_payment(refunds: &Refunds, paid: &Paid, after: &str) {
        let order = order_id(paid.order);
        assert_eq!(refunds.payment().charge().order, order);
        assert_eq!(legs_of(refunds.payment().plan().legs()), paid.legs, "{order} after {after}");
        assert_eq!(cents(refunds.left().unwrap()), paid.left(), "{order} after {after}");
        assert_eq!(cents(refunds.fees()), paid.fees(), "{order} after {after}");
        assert!(paid.left() >= 0, "{order}: more refunded than paid, after {after}");
        for standing in refunds.standings() {
            let (paid_cents, returned) = (cents(standing.paid()), cents(standing.returned()));
            assert!((0..=paid_cents).contains(&returned), "{order}: {standing:?} after {after}");
            assert_eq!(returned, paid.back(from(standing.source())), "{order}: {standing:?} after {after}");
        }
        assert_eq!(refunds.refunds().len(), paid.refunds.len());
        for (theirs, ours) in refunds.refunds().iter().zip(&paid.refunds) {
            assert_eq!((theirs.id(), theirs.state()), (ours.id.as_str(), ours.state));
            let mut legs: Vec<_> =
                theirs.legs().iter().map(|leg| (from(leg.source()), cents(leg.amount()), to(leg.to()))).collect();
            let mut expected = ours.legs.clone();
            legs.sort_by_key(|leg| leg.0);
            expected.sort_by_key(|leg| leg.0);
            assert_eq!(legs, expected, "{order}, {} after {after}", ours.id);
            assert_eq!(legs.iter().map(|leg| leg.1).sum::<i64>() + ours.fee, ours.cents);
        }
    }

    /// Balance − debt + coupons + spent − refunded = put in, from what the portal has.
    fn check_owner(&self, place: usize, after: &str) {
        let Self { portal, ledger, .. } = self;
        let who = owner(place);
        let account = &portal.accounts[place];
        let coupons = portal.coupons.iter().filter(|coupon| coupon.owner() == Some(&who));
        let coupons: i64 = coupons.map(|coupon| cents(coupon.balance())).sum();
        let payments = || portal.payments.iter().filter(|kept| kept.owner == place).map(|kept| &kept.refunds);
        let spent: i64 = payments().map(|refunds| cents(refunds.paid())).sum();
        let refunds = payments().flat_map(Refunds::refunds).filter(|refund| refund.state() == RefundState::Success);
        let legs = refunds.flat_map(Refund::legs).filter(|leg| leg.to() != Destination::Recorded);
        let refunded: i64 = legs.map(|leg| cents(leg.amount())).sum();
        let sources = cents(account.balance) - cents(account.debt) + coupons;
        assert_eq!(sources + spent - refunded, ledger.put_in[place], "owner {place} after {after}");

        assert!(cents(account.debt) >= 0);
        let locked = ledger.locked(place, From::Balance);
        assert!(
            ledger.overdrawn[place] || cents(account.balance) >= locked,
            "owner {place} has {} and {locked} is locked, after {after}",
            account.balance
        );
        for (number, coupon) in portal.coupons.iter().enumerate().filter(|(_, coupon)| coupon.owner() == Some(&who)) {
            let locked = ledger.locked(place, From::Coupon(number));
            assert!(cents(coupon.balance()) >= locked, "coupon {number} after {after}");
        }
    }

    /// Everything comes back.
    fn end(&mut self, sober: bool) {
        for place in 0..self.ledger.paid.len() {
            for number in 0..self.ledger.paid[place].refunds.len() {
                let event = match self.ledger.paid[place].refunds[number].state {
                    RefundState::Wait if number % 2 == 0 => RefundEvent::Succeed,
                    RefundState::Wait | RefundState::Error => RefundEvent::Close,
                    RefundState::Success | RefundState::Closed => continue,
                };
                let id = self.ledger.paid[place].refunds[number].id.clone();
                assert_eq!(self.portal.happens(place, &id, event).unwrap(), event.name());
                self.ledger.happens(place, number, event).unwrap();
            }
            let paid = &self.ledger.paid[place];
            let (id, left, order) = (format!("end{place}"), paid.left(), paid.order);
            let request = plain_request(id.clone(), order_id(order), money(left));
            self.portal.refund(place, &request).unwrap();
            self.ledger.refund(place, &plain(id.clone(), left), None).unwrap();
            if self.ledger.paid[place].refunds.last().unwrap().state == RefundState::Wait {
                let number = self.ledger.paid[place].refunds.len() - 1;
                self.portal.happens(place, &id, RefundEvent::Succeed).unwrap();
                self.ledger.happens(place, number, RefundEvent::Succeed).unwrap();
            }
            self.check("the end");

            let refunds = &self.portal.payments[place].refunds;
            let kept: i64 = refunds.standings().iter().map(|standing| cents(standing.left().unwrap())).sum();
            assert_eq!(kept, cents(refunds.fees()), "what sources keep is the fees");
        }
        if sober {
            // No fees, and coupons got theirs back: everything is where it came from.
            for (coupon, issued) in self.portal.coupons.iter().zip(COUPONS) {
                assert_eq!(cents(coupon.balance()), issued.cents);
            }
            for place in 0..OWNERS {
                let given = self.portal.coupons.iter().filter(|coupon| coupon.owner() == Some(&owner(place)));
                let given: i64 = given.map(|coupon| cents(coupon.terms().face_value)).sum();
                let account = &self.portal.accounts[place];
                assert_eq!(cents(account.balance) - cents(account.debt), self.ledger.put_in[place] - given);
            }
        }
    }
}

fn from(source: &Source<'_>) -> From {
    match source {
        Source::Coupon(id) => From::Coupon(id[1..].parse().unwrap()),
        Source::Balance => From::Balance,
        Source::Debt => From::Debt,
        source => panic!("no portal has {source}"),
    }
}

fn to(destination: Destination) -> To {
    match destination {
        Destination::Source | Destination::SourceUntil(_) => To::There,
        Destination::Balance => To::Balance,
        Destination::Recorded => To::Nowhere,
    }
}

fn legs_of(legs: &[Leg<'_>]) -> Vec<(From, i64)> {
    legs.iter().map(|leg| (from(leg.source()), cents(leg.amount()))).collect()
}

fn live(commands: Vec<Command>, sober: bool) -> BTreeMap<&'static str, usize> {
    let mut life = Life::new();
    for command in commands {
        life.run(command);
    }
    life.end(sober);
    life.tally
}

proptest! {
    #![proptest_config(Config { cases: 128, ..Config::default() })]

    /// With fees and every policy.
    #[test]
    fn money_is_neither_made_nor_lost(commands in vec(commands(false), 1..80)) {
        live(commands, false);
    }

    /// Without fees, and coupons get theirs back: refunding everything restores every source exactly.
    #[test]
    fn refunding_everything_restores_everything(commands in vec(commands(true), 1..80)) {
        live(commands, true);
    }
}

/// What the sequences come across: every answer and every error that both sides know, or the two tests above say little.
#[test]
fn sequences_come_across_everything() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner =
        TestRunner::new_with_rng(Config { cases: 160, failure_persistence: None, ..Config::default() }, rng);
    let seen = RefCell::new(BTreeMap::new());
    runner
        .run(&vec(commands(false), 60..120), |commands| {
            for (word, times) in live(commands, false) {
                *seen.borrow_mut().entry(word).or_insert(0) += times;
            }
            Ok(())
        })
        .unwrap();
    let seen = seen.into_inner();
    println!("{seen:#?}");
    let expected = [
        "captured",
        "close",
        "corrected",
        "fail",
        "locked",
        "locked before",
        "money.currency_mismatch",
        "money.not_a_multiple",
        "paid",
        "paid before",
        "redeemed",
        "refund planned",
        "refunded before",
        "retry",
        "succeed",
        "to be tried again",
        "voided",
        "wallet.capture_above_lock",
        "wallet.coupon_expired",
        "wallet.coupon_locked",
        "wallet.coupon_named_twice",
        "wallet.coupon_no_balance",
        "wallet.coupon_not_applicable",
        "wallet.coupon_not_effective",
        "wallet.coupons_not_enough",
        "wallet.funds_not_enough",
        "wallet.group_category",
        "wallet.lock_conflict",
        "wallet.lock_expired",
        "wallet.lock_too_short",
        "wallet.lock_transition",
        "wallet.negative_amount",
        "wallet.no_such_coupon",
        "wallet.not_waiting",
        "wallet.order_locked",
        "wallet.order_paid",
        "wallet.overdraft_exceeded",
        "wallet.payment_conflict",
        "wallet.refund_above_rest",
        "wallet.refund_conflict",
        "wallet.refund_transition",
        "wallet.refunds_not_enough",
        "wallet.wrong_code",
    ];
    let missing: Vec<&str> = expected.into_iter().filter(|word| !seen.contains_key(word)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
}
