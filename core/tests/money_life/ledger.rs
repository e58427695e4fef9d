//! The rules in whole cents, written anew: no line of it is the library's.

use crate::{
    commands::{Amount, Ask, Back, Pays, correction},
    world::{COUPONS, Issued, OWNERS, order_id},
};
use counterfoil::wallet::{RefundEvent, RefundState, ReturnOrder};

/// What came of a command: a word, or the code of an error.
pub(crate) type Answer = Result<&'static str, &'static str>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum From {
    Coupon(usize),
    Balance,
    Debt,
}

#[derive(Debug, Clone)]
pub(crate) struct Voucher {
    pub(crate) owner: Option<usize>,
    pub(crate) holds: i64,
    pub(crate) expiration: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Open,
    Captured,
    Voided,
}

#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub(crate) order: usize,
    pub(crate) ask: Ask,
    pub(crate) legs: Vec<(From, i64)>,
    pub(crate) expires: i64,
    pub(crate) state: Held,
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) id: String,
    pub(crate) cents: i64,
    pub(crate) fee: i64,
    pub(crate) order: ReturnOrder,
    pub(crate) give_back: Back,
    pub(crate) legs: Vec<(From, i64, To)>,
    pub(crate) state: RefundState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    There,
    Balance,
    Nowhere,
}

#[derive(Debug, Clone)]
pub(crate) struct Paid {
    pub(crate) order: usize,
    pub(crate) ask: Ask,
    pub(crate) at: i64,
    pub(crate) legs: Vec<(From, i64)>,
    pub(crate) refunds: Vec<Asked>,
}

#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) now: i64,
    pub(crate) balance: [i64; OWNERS],
    pub(crate) debt: [i64; OWNERS],
    pub(crate) put_in: [i64; OWNERS],
    pub(crate) overdrawn: [bool; OWNERS],
    pub(crate) vouchers: Vec<Voucher>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) paid: Vec<Paid>,
}

impl Paid {
    pub(crate) fn total(&self) -> i64 {
        self.legs.iter().map(|(_, cents)| cents).sum()
    }

    pub(crate) fn counted(&self) -> impl Iterator<Item = &Asked> {
        self.refunds.iter().filter(|refund| refund.state != RefundState::Closed)
    }

    pub(crate) fn left(&self) -> i64 {
        self.total() - self.counted().map(|refund| refund.cents).sum::<i64>()
    }

    pub(crate) fn fees(&self) -> i64 {
        self.counted().map(|refund| refund.fee).sum()
    }

    pub(crate) fn back(&self, from: From) -> i64 {
        let legs = self.counted().flat_map(|refund| &refund.legs);
        legs.filter(|(source, ..)| *source == from).map(|(_, cents, _)| cents).sum()
    }

    /// What is left to ask for under a policy.
    pub(crate) fn left_under(&self, give_back: Back) -> i64 {
        if give_back != Back::NotCoupons {
            return self.left();
        }
        let account = self.legs.iter().filter(|(from, _)| !matches!(from, From::Coupon(_)));
        let account: i64 = account.map(|(from, cents)| cents - self.back(*from)).sum();
        (account - self.fees()).min(self.left()).max(0)
    }

    /// Who gets how much of some cents, one cent after the other.
    pub(crate) fn split(&self, cents: i64, order: ReturnOrder, coupons: bool) -> Vec<(From, i64)> {
        let mut states: Vec<(From, i64, i64)> =
            self.legs.iter().map(|(from, paid)| (*from, *paid, self.back(*from))).collect();
        let free = |from: From| matches!(from, From::Coupon(_));
        for _ in 0..cents {
            let open = |place: &usize| states[*place].2 < states[*place].1;
            let all = 0..states.len();
            let owed: Vec<usize> = all.clone().filter(|place| states[*place].0 == From::Debt).collect();
            let held: Vec<usize> = all.clone().filter(|place| states[*place].0 == From::Balance).collect();
            let gifts: Vec<usize> = all.clone().filter(|place| free(states[*place].0)).collect();
            let account: Vec<usize> = owed.iter().chain(&held).copied().collect();
            let next = match order {
                ReturnOrder::ReverseDeduction => {
                    all.rev().filter(|place| coupons || !free(states[*place].0)).find(open).unwrap()
                }
                _ => {
                    let to_account = !coupons
                        || match order {
                            ReturnOrder::PaidFirst => account.iter().any(open),
                            ReturnOrder::FreeFirst => !gifts.iter().any(open),
                            _ => Self::first_deserves(&states, &account, &gifts),
                        };
                    if to_account {
                        *account.iter().find(|place| open(place)).unwrap()
                    } else {
                        let mut rest = gifts.as_slice();
                        while rest.len() > 1 && !Self::first_deserves(&states, &rest[..1], &rest[1..]) {
                            rest = &rest[1..];
                        }
                        rest[0]
                    }
                }
            };
            states[next].2 += 1;
        }
        let came = states.into_iter().map(|(from, _, back)| (from, back - self.back(from)));
        came.filter(|(_, cents)| *cents > 0).collect()
    }

    /// Whether the next cent is the first side's: to the nearest cent of its share, half a cent is its own.
    pub(crate) fn first_deserves(states: &[(From, i64, i64)], first: &[usize], second: &[usize]) -> bool {
        let sum =
            |side: &[usize]| side.iter().fold((0, 0), |(p, b), place| (p + states[*place].1, b + states[*place].2));
        let ((paid, back), (others_paid, others_back)) = (sum(first), sum(second));
        if back == paid || others_back == others_paid {
            return back < paid;
        }
        let both = paid + others_paid;
        let share = (2 * (back + others_back + 1) * paid + both) / (2 * both);
        share > back
    }
}

impl Ledger {
    pub(crate) fn new() -> Self {
        let voucher = |issued: &Issued| Voucher { owner: None, holds: issued.cents, expiration: issued.expiration };
        Self {
            now: 1,
            balance: [0; OWNERS],
            debt: [0; OWNERS],
            put_in: [0; OWNERS],
            overdrawn: [false; OWNERS],
            vouchers: COUPONS.iter().map(voucher).collect(),
            holds: vec![],
            paid: vec![],
        }
    }

    pub(crate) fn is_live(&self, hold: &Hold) -> bool {
        hold.state == Held::Open && self.now <= hold.expires
    }

    pub(crate) fn locked(&self, owner: usize, from: From) -> i64 {
        let live = self.holds.iter().filter(|hold| hold.ask.owner == owner && self.is_live(hold));
        live.flat_map(|hold| &hold.legs).filter(|(source, _)| *source == from).map(|(_, cents)| cents).sum()
    }

    pub(crate) fn redeem(&mut self, place: usize, by: usize, right_code: bool) -> Answer {
        if !right_code {
            return Err("wallet.wrong_code");
        }
        if self.vouchers[place].owner.is_some() {
            return Err("wallet.not_waiting");
        }
        if by >= 2 && !COUPONS[place].server {
            return Err("wallet.group_category");
        }
        self.vouchers[place].owner = Some(by);
        self.put_in[by] += self.vouchers[place].holds;
        Ok("redeemed")
    }

    /// Which coupons pay, in order.
    pub(crate) fn coupons(&self, ask: &Ask, order: usize) -> Result<Vec<usize>, &'static str> {
        let fits =
            |place: &usize| COUPONS[*place].unit == ask.unit && COUPONS[*place].order.is_none_or(|only| only == order);
        let free = |place: &usize| self.vouchers[*place].holds - self.locked(ask.owner, From::Coupon(*place));
        let Some(named) = &ask.named else {
            let mut places: Vec<usize> = (0..COUPONS.len())
                .filter(|place| {
                    let voucher = &self.vouchers[*place];
                    let in_time = COUPONS[*place].effective < self.now && self.now < voucher.expiration;
                    voucher.owner == Some(ask.owner) && in_time && fits(place) && free(place) > 0
                })
                .collect();
            places.sort_by_key(|place| (self.vouchers[*place].expiration, *place));
            return Ok(places);
        };
        if named.len() == 2 && named[0] == named[1] {
            return Err("wallet.coupon_named_twice");
        }
        for place in named {
            let voucher = &self.vouchers[*place];
            if voucher.owner != Some(ask.owner) {
                return Err("wallet.no_such_coupon");
            }
            if self.now < COUPONS[*place].effective {
                return Err("wallet.coupon_not_effective");
            }
            if self.now > voucher.expiration {
                return Err("wallet.coupon_expired");
            }
        }
        if !named.iter().all(fits) {
            return Err("wallet.coupon_not_applicable");
        }
        for place in named {
            if self.vouchers[*place].holds == 0 {
                return Err("wallet.coupon_no_balance");
            }
            if free(place) <= 0 {
                return Err("wallet.coupon_locked");
            }
        }
        Ok(named.clone())
    }

    /// What is taken from what.
    pub(crate) fn draw(&self, ask: &Ask, order: usize, to_lock: bool) -> Result<Vec<(From, i64)>, &'static str> {
        if ask.dollars {
            return Err("money.currency_mismatch");
        }
        let (mut legs, mut rest) = (vec![], ask.cents);
        for place in self.coupons(ask, order)? {
            let part = rest.min(self.vouchers[place].holds - self.locked(ask.owner, From::Coupon(place)));
            if part > 0 {
                legs.push((From::Coupon(place), part));
                rest -= part;
            }
        }
        if rest == 0 {
            return Ok(legs);
        }
        if ask.pays == Pays::CouponsOnly {
            return Err("wallet.coupons_not_enough");
        }
        let free = self.balance[ask.owner] - self.locked(ask.owner, From::Balance);
        match ask.pays {
            Pays::Overdraft(None) if !to_lock => legs.push((From::Balance, rest)),
            Pays::Overdraft(Some(limit)) if !to_lock && rest <= free + limit => legs.push((From::Balance, rest)),
            Pays::Overdraft(Some(_)) if !to_lock => return Err("wallet.overdraft_exceeded"),
            Pays::Debt if !to_lock => {
                let cash = rest.min(free).max(0);
                legs.extend(
                    [(From::Balance, cash), (From::Debt, rest - cash)].into_iter().filter(|(_, cents)| *cents > 0),
                );
            }
            _ if rest <= free => legs.push((From::Balance, rest)),
            _ => return Err("wallet.funds_not_enough"),
        }
        Ok(legs)
    }

    pub(crate) fn charge(&mut self, ask: &Ask, order: usize) -> Answer {
        if ask.cents < 0 {
            return Err("wallet.negative_amount");
        }
        if let Some(earlier) = self.paid.iter().find(|paid| paid.order == order) {
            return if earlier.ask == *ask { Ok("paid before") } else { Err("wallet.payment_conflict") };
        }
        if self.holds.iter().any(|hold| hold.order == order && (self.is_live(hold) || hold.state == Held::Captured)) {
            return Err("wallet.order_locked");
        }
        let legs = self.draw(ask, order, false)?;
        self.overdrawn[ask.owner] |= matches!(ask.pays, Pays::Overdraft(_));
        self.pay(ask.clone(), order, legs);
        Ok("paid")
    }

    pub(crate) fn pay(&mut self, ask: Ask, order: usize, legs: Vec<(From, i64)>) {
        for (from, cents) in &legs {
            match from {
                From::Coupon(place) => self.vouchers[*place].holds -= cents,
                From::Balance => self.balance[ask.owner] -= cents,
                From::Debt => self.debt[ask.owner] += cents,
            }
        }
        self.paid.push(Paid { order, ask, at: self.now, legs, refunds: vec![] });
    }

    pub(crate) fn lock(&mut self, ask: &Ask, order: usize, seconds: i64) -> Answer {
        if ask.cents < 0 {
            return Err("wallet.negative_amount");
        }
        if let Some(hold) = self.holds.iter().find(|hold| hold.order == order) {
            return if hold.ask == *ask { Ok("locked before") } else { Err("wallet.lock_conflict") };
        }
        if self.paid.iter().any(|paid| paid.order == order) {
            return Err("wallet.order_paid");
        }
        if seconds <= 0 {
            return Err("wallet.lock_too_short");
        }
        let legs = self.draw(ask, order, true)?;
        self.holds.push(Hold { order, ask: ask.clone(), legs, expires: self.now + seconds, state: Held::Open });
        Ok("locked")
    }

    pub(crate) fn check_open(&self, place: usize) -> Result<(), &'static str> {
        match self.holds[place].state {
            Held::Captured | Held::Voided => Err("wallet.lock_transition"),
            Held::Open if self.now > self.holds[place].expires => Err("wallet.lock_expired"),
            Held::Open => Ok(()),
        }
    }

    pub(crate) fn capture(&mut self, place: usize, cents: i64, dollars: bool) -> Answer {
        if cents < 0 {
            return Err("wallet.negative_amount");
        }
        if dollars {
            return Err("money.currency_mismatch");
        }
        self.check_open(place)?;
        let Hold { order, ask, legs, .. } = self.holds[place].clone();
        if cents > ask.cents {
            return Err("wallet.capture_above_lock");
        }
        let (mut rest, mut taken) = (cents, vec![]);
        for (from, holds) in legs {
            let part = rest.min(holds);
            if part > 0 {
                taken.push((from, part));
            }
            rest -= part;
        }
        self.holds[place].state = Held::Captured;
        self.pay(Ask { cents, ..ask }, order, taken);
        Ok("captured")
    }

    pub(crate) fn void(&mut self, place: usize) -> Answer {
        self.check_open(place)?;
        self.holds[place].state = Held::Voided;
        Ok("voided")
    }

    pub(crate) fn refund(&mut self, place: usize, asked: &Asked, fault: Option<Amount>) -> Answer {
        match fault {
            Some(Amount::Negative) => return Err("wallet.negative_amount"),
            Some(Amount::Uneven) => return Err("money.not_a_multiple"),
            _ => {}
        }
        let dollars = matches!(fault, Some(Amount::Dollars));
        let mut earlier = self
            .paid
            .iter()
            .enumerate()
            .flat_map(|(place, paid)| paid.refunds.iter().map(move |refund| (place, refund)));
        if let Some((other, refund)) = earlier.find(|(_, refund)| refund.id == asked.id) {
            let same = (refund.cents, refund.fee, refund.order, refund.give_back)
                == (asked.cents, asked.fee, asked.order, asked.give_back);
            if other != place || !same || dollars {
                return Err("wallet.refund_conflict");
            }
            return Ok(if refund.state == RefundState::Error { "to be tried again" } else { "refunded before" });
        }
        if dollars {
            return Err("money.currency_mismatch");
        }
        let paid = &self.paid[place];
        if asked.cents > paid.left_under(asked.give_back) {
            return Err("wallet.refund_above_rest");
        }
        let legs = paid.split(asked.cents - asked.fee, asked.order, asked.give_back != Back::NotCoupons);
        let to = |from: From| match (from, asked.give_back) {
            (From::Balance | From::Debt, _) | (_, Back::Same | Back::Until(_) | Back::NotCoupons) => To::There,
            (From::Coupon(place), Back::IfExpired) if self.vouchers[place].expiration < self.now => To::Balance,
            (_, Back::IfExpired) => To::There,
            (_, Back::Balance) => To::Balance,
            (_, Back::Recorded) => To::Nowhere,
        };
        let legs: Vec<_> = legs.into_iter().map(|(from, cents)| (from, cents, to(from))).collect();
        let state = if legs.is_empty() { RefundState::Success } else { RefundState::Wait };
        self.paid[place].refunds.push(Asked { legs, state, ..asked.clone() });
        Ok("refund planned")
    }

    pub(crate) fn happens(&mut self, place: usize, number: usize, event: RefundEvent) -> Answer {
        let owner = self.paid[place].ask.owner;
        let refund = &mut self.paid[place].refunds[number];
        refund.state = match (refund.state, event) {
            (RefundState::Wait, RefundEvent::Succeed) => RefundState::Success,
            (RefundState::Wait, RefundEvent::Fail) => RefundState::Error,
            (RefundState::Error, RefundEvent::Retry) => RefundState::Wait,
            (RefundState::Wait | RefundState::Error, RefundEvent::Close) => RefundState::Closed,
            _ => return Err("wallet.refund_transition"),
        };
        if refund.state == RefundState::Success {
            for (from, cents, to) in refund.legs.clone() {
                match (from, to) {
                    (_, To::Nowhere) => {}
                    (_, To::Balance) | (From::Balance, _) => self.balance[owner] += cents,
                    (From::Debt, _) => {
                        let off = cents.min(self.debt[owner]);
                        self.debt[owner] -= off;
                        self.balance[owner] += cents - off;
                    }
                    (From::Coupon(coupon), _) => {
                        let voucher = &mut self.vouchers[coupon];
                        voucher.holds += cents;
                        if let Back::Until(until) = self.paid[place].refunds[number].give_back {
                            voucher.expiration = voucher.expiration.max(until);
                        }
                    }
                }
            }
        }
        Ok(event.name())
    }

    pub(crate) fn correct(&mut self, by: usize, cents: i64, order: usize) -> Answer {
        if cents >= 0 {
            return self.charge(&correction(by, cents), order);
        }
        let mut places: Vec<usize> = (0..self.paid.len()).filter(|place| self.paid[*place].ask.owner == by).collect();
        places.sort_by_key(|place| (self.paid[*place].at, self.paid[*place].order));
        let mut rest = -cents;
        if places.iter().map(|place| self.paid[*place].left()).sum::<i64>() < rest {
            return Err("wallet.refunds_not_enough");
        }
        for place in places.into_iter().rev() {
            let part = rest.min(self.paid[place].left());
            if part > 0 {
                let id = format!("{}/{}", order_id(order), order_id(self.paid[place].order));
                self.refund(place, &plain(id, part), None)?;
                self.happens(place, self.paid[place].refunds.len() - 1, RefundEvent::Succeed)?;
                rest -= part;
            }
        }
        Ok("corrected")
    }
}

pub(crate) fn plain(id: String, cents: i64) -> Asked {
    let (order, give_back) = (ReturnOrder::Proportional, Back::Same);
    Asked { id, cents, fee: 0, order, give_back, legs: vec![], state: RefundState::Wait }
}
