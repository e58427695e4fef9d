//! A portal that carries out what the library decides.

use crate::{
    commands::{Ask, Pays, correction},
    world::{CODE, COUPONS, Issued, OWNERS, UNITS, at, coupon_id, money, order_id, owner},
};
use counterfoil::{
    error::WalletError,
    money::{CNY, Currency, Money},
    wallet::{
        Authorisation, Books, Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Destination, Funding,
        Funds, GiveBack, Leg, Lock, Outcome, Payment, Redemption, Refund, RefundBooks, RefundEvent, RefundOutcome,
        RefundRequest, Refundable, Refunds, ReturnOrder, Scope, Source, refund_of_correction,
    },
};
use rust_decimal::Decimal;

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) balance: Money,
    pub(crate) debt: Money,
}

#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) owner: usize,
    pub(crate) paid_at: i64,
    pub(crate) refunds: Refunds,
}

#[derive(Debug, Clone)]
pub(crate) struct Portal {
    pub(crate) now: i64,
    pub(crate) accounts: Vec<Account>,
    pub(crate) coupons: Vec<Coupon>,
    pub(crate) locks: Vec<Lock>,
    pub(crate) payments: Vec<Kept>,
}

impl Portal {
    pub(crate) fn new() -> Self {
        let coupon = |(place, issued): (usize, &Issued)| {
            Coupon::new(CouponTerms {
                id: coupon_id(place),
                face_value: money(issued.cents),
                balance: money(issued.cents),
                status: CouponStatus::Wait,
                effective: at(issued.effective),
                expiration: at(issued.expiration),
                created: at(0),
                owner: None,
                unit: Some(UNITS[issued.unit].into()),
                scope: issued.order.map_or(Scope::Unit, |order| Scope::Order(order_id(order))),
                category: if issued.server { Category::Server } else { Category::Other },
            })
            .unwrap()
        };
        Self {
            now: 1,
            accounts: (0..OWNERS).map(|_| Account { balance: money(0), debt: money(0) }).collect(),
            coupons: COUPONS.iter().enumerate().map(coupon).collect(),
            locks: vec![],
            payments: vec![],
        }
    }

    pub(crate) fn charge_of(ask: &Ask, order: String) -> Charge {
        let currency: Currency = if ask.dollars { "USD".parse().unwrap() } else { CNY };
        Charge {
            application: "portal".into(),
            order,
            unit: UNITS[ask.unit].into(),
            payer: owner(ask.owner),
            amount: Money::new(Decimal::new(ask.cents, 2), currency),
            coupons: match &ask.named {
                None => Coupons::Automatic,
                Some(places) => Coupons::Named(places.iter().map(|place| coupon_id(*place)).collect()),
            },
            funding: match ask.pays {
                Pays::CouponsOnly => Funding::CouponsOnly,
                Pays::EnoughFunds => Funding::EnoughFunds,
                Pays::Overdraft(limit) => {
                    Funding::Overdraft { limit: limit.map(|limit| Money::new(Decimal::new(limit, 2), currency)) }
                }
                Pays::Debt => Funding::Debt,
            },
        }
    }

    pub(crate) fn funds(&self, owner: usize) -> Funds<'_> {
        let account = &self.accounts[owner];
        let funds = Funds::new(account.balance, &self.coupons).unwrap();
        funds.owing(account.debt).unwrap().with_locks(&self.locks).unwrap()
    }

    pub(crate) fn earlier(&self, order: &str) -> Option<&Payment> {
        self.payments.iter().map(|kept| kept.refunds.payment()).find(|payment| payment.charge().order == order)
    }

    pub(crate) fn charge(&mut self, ask: &Ask, order: usize) -> Result<&'static str, WalletError> {
        let charge = Self::charge_of(ask, order_id(order));
        let funds = self.funds(ask.owner);
        let books = Books { unit_application: Some("portal"), earlier: self.earlier(&charge.order), funds: &funds };
        let plan = match charge.plan(&books, at(self.now))? {
            Outcome::New(plan) => plan.into_owned(),
            Outcome::Replay(_) => return Ok("paid before"),
        };
        self.pay(ask.owner, Payment::new(charge, plan)?);
        Ok("paid")
    }

    pub(crate) fn pay(&mut self, owner: usize, payment: Payment) {
        for leg in payment.plan().legs() {
            self.take(owner, leg);
        }
        let refunds = Refunds::new(payment, vec![]).unwrap();
        self.payments.push(Kept { owner, paid_at: self.now, refunds });
    }

    /// Writes down what a leg says; a portal would lock the row and look whether `before` still holds.
    pub(crate) fn take(&mut self, owner: usize, leg: &Leg<'_>) {
        let account = &mut self.accounts[owner];
        let stands = match leg.source() {
            Source::Balance => &mut account.balance,
            Source::Debt => &mut account.debt,
            Source::Coupon(id) => {
                let coupon = self.coupons.iter_mut().find(|coupon| coupon.id() == id).unwrap();
                assert_eq!(coupon.balance(), leg.before());
                *coupon = Coupon::new(CouponTerms { balance: leg.after(), ..coupon.terms().clone() }).unwrap();
                return;
            }
            source => panic!("no portal has {source}"),
        };
        assert_eq!(*stands, leg.before());
        *stands = leg.after();
    }

    pub(crate) fn lock(&mut self, ask: &Ask, order: usize, seconds: i64) -> Result<&'static str, WalletError> {
        let charge = Self::charge_of(ask, order_id(order));
        let funds = self.funds(ask.owner);
        let books = Books { unit_application: Some("portal"), earlier: self.earlier(&charge.order), funds: &funds };
        let lock = match charge.authorise(&books, at(self.now + seconds), at(self.now))? {
            Authorisation::New(lock) => lock,
            Authorisation::Replay(_) => return Ok("locked before"),
        };
        self.locks.push(lock);
        Ok("locked")
    }

    pub(crate) fn capture(&mut self, place: usize, amount: Money, owner: usize) -> Result<&'static str, WalletError> {
        let capture = self.locks[place].capture(amount, &self.funds(owner), at(self.now))?;
        self.locks[place] = capture.lock;
        self.pay(owner, capture.payment);
        Ok("captured")
    }

    pub(crate) fn void(&mut self, place: usize) -> Result<&'static str, WalletError> {
        self.locks[place] = self.locks[place].void(at(self.now))?;
        Ok("voided")
    }

    pub(crate) fn redeem(&mut self, place: usize, by: usize, right_code: bool) -> Result<&'static str, WalletError> {
        let presented = if right_code { CODE } else { "abracadabra" };
        self.coupons[place] = self.coupons[place].redeem(Redemption { by: owner(by), presented, code: CODE })?;
        Ok("redeemed")
    }

    pub(crate) fn refund(&mut self, place: usize, request: &RefundRequest) -> Result<&'static str, WalletError> {
        let others = self.payments.iter().enumerate().filter(|(other, _)| *other != place);
        let elsewhere = others.filter_map(|(_, kept)| kept.refunds.refund(&request.id)).next();
        let books = RefundBooks { elsewhere, coupons: &self.coupons, funds: &[], now: at(self.now) };
        let refunds = &self.payments[place].refunds;
        let refund = match refunds.plan(request, &books)? {
            RefundOutcome::New(plan) => plan.into_refund(),
            RefundOutcome::Retry(_) => return Ok("to be tried again"),
            RefundOutcome::Replay(_) => return Ok("refunded before"),
        };
        // What a store reads back is what it wrote.
        let read_back = Refund::new(refund.request().clone(), refund.legs().to_vec(), refund.state()).unwrap();
        assert_eq!(read_back, refund);
        self.payments[place].refunds = refunds.clone().with(refund)?;
        Ok("refund planned")
    }

    pub(crate) fn happens(&mut self, place: usize, id: &str, event: RefundEvent) -> Result<&'static str, WalletError> {
        let kept = &mut self.payments[place];
        kept.refunds = kept.refunds.after(id, event)?;
        if event == RefundEvent::Succeed {
            let owner = kept.owner;
            for leg in kept.refunds.refund(id).unwrap().legs().to_vec() {
                self.give(owner, leg.source(), leg.to(), leg.amount());
            }
        }
        Ok(event.name())
    }

    pub(crate) fn give(&mut self, owner: usize, source: &Source<'_>, to: Destination, amount: Money) {
        let account = &mut self.accounts[owner];
        match (to, source) {
            (Destination::Recorded, _) => {}
            (Destination::Balance, _) | (_, Source::Balance) => {
                account.balance = account.balance.plus(amount).unwrap();
            }
            // What is owed no more, since it was paid meanwhile, goes to the balance.
            (_, Source::Debt) => {
                let off = if account.debt.compare(amount).unwrap().is_lt() { account.debt } else { amount };
                account.debt = account.debt.minus(off).unwrap();
                account.balance = account.balance.plus(amount.minus(off).unwrap()).unwrap();
            }
            (_, Source::Coupon(id)) => {
                let coupon = self.coupons.iter_mut().find(|coupon| coupon.id() == id).unwrap();
                let terms = coupon.terms();
                let balance = terms.balance.plus(amount).unwrap();
                let expiration = match to {
                    Destination::SourceUntil(until) => terms.expiration.max(until),
                    _ => terms.expiration,
                };
                *coupon = Coupon::new(CouponTerms { balance, expiration, ..terms.clone() }).unwrap();
            }
            (_, source) => panic!("no portal has {source}"),
        }
    }

    pub(crate) fn correct(&mut self, by: usize, amount: i64, order: usize) -> Result<&'static str, WalletError> {
        if amount >= 0 {
            return self.charge(&correction(by, amount), order);
        }
        let of_owner = self.payments.iter().filter(|kept| kept.owner == by);
        let payments: Vec<Refundable> = of_owner
            .map(|kept| Refundable {
                order: kept.refunds.payment().charge().order.clone(),
                paid_at: at(kept.paid_at),
                left: kept.refunds.left().unwrap(),
            })
            .collect();
        for drawn in refund_of_correction(money(-amount), &payments)? {
            let places = 0..self.payments.len();
            let is_it = |place: &usize| self.payments[*place].refunds.payment().charge().order == drawn.order;
            let place = places.into_iter().find(is_it).unwrap();
            let id = format!("{}/{}", order_id(order), drawn.order);
            let request = plain_request(id.clone(), drawn.order, drawn.amount);
            self.refund(place, &request)?;
            self.happens(place, &id, RefundEvent::Succeed)?;
        }
        Ok("corrected")
    }
}

pub(crate) fn plain_request(id: String, order: String, amount: Money) -> RefundRequest {
    RefundRequest {
        id,
        application: "portal".into(),
        order,
        amount,
        fee: money(0),
        step: Decimal::new(1, 2),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}
