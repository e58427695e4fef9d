//! Drawing by a funding order against a model that looks for the first one again and again (R-W9, R-W10, R-W12).

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
        FundTerms, Funding, Funds, Lock, Owner, Plan, Scope,
    },
};
use counterfoil_reference::{Fraction, deduction as model};
use proptest::prelude::*;
use rust_decimal::Decimal;

const STEPS: [&str; 6] = [
    "coupon(expiry created id) > balance",
    "coupon(scoped larger id) > cash_coupon(free expiry id) > stored_card(expiry created id) > balance > credit(id)",
    "stored_card(priority scoped expiry free smaller created id) > balance",
    "stored_card(priority expiry free effective created id) > coupon(smaller id)",
    "bonus(larger id) > credit(priority id) > balance > cash_coupon(effective id) > coupon(id)",
    "balance > stored_card(larger priority id) > coupon(created id)",
];
const KINDS: [FundKind; 4] = [FundKind::CashCoupon, FundKind::StoredCard, FundKind::Bonus, FundKind::Credit];
const NOW: i64 = 100;

fn cents(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

fn fraction(cents: i64) -> Fraction {
    Fraction::new(cents.into(), 100.into())
}

fn at(second: i64) -> Instant {
    Instant::from_micros(second * 1_000_000).unwrap()
}

fn payer() -> Owner {
    Owner::User("a".into())
}

fn charge(order: &str, amount: i64, funding: &str) -> Charge {
    Charge {
        application: "portal".into(),
        order: order.into(),
        unit: "vm".into(),
        payer: payer(),
        amount: cents(amount),
        coupons: Coupons::Automatic,
        funding: Funding::Order(funding.parse().unwrap()),
    }
}

/// One row, for the library and for the model.
#[derive(Debug, Clone)]
struct Row {
    /// None is a coupon.
    kind: Option<FundKind>,
    balance: i64,
    priority: Option<u32>,
    expires: Option<i64>,
    effective: Option<i64>,
    created: i64,
    restricted: bool,
    free: bool,
    most: Option<i64>,
}

fn row() -> impl Strategy<Value = Row> {
    let some = |range: std::ops::Range<i64>| proptest::option::of(range);
    (
        (proptest::option::of(0..KINDS.len()), 0..40_i64, proptest::option::of(0..3_u32), some(101..105), some(90..93)),
        (0..3_i64, any::<bool>(), any::<bool>(), some(0..30)),
    )
        .prop_map(|((kind, balance, priority, expires, effective), (created, restricted, free, most))| Row {
            kind: kind.map(|kind| KINDS[kind]),
            balance,
            priority,
            expires,
            effective,
            created,
            restricted,
            free,
            most,
        })
}

/// A coupon always has both instants, was given, and has neither priority nor cap.
fn coupon(index: usize, row: &Row) -> Coupon {
    Coupon::new(CouponTerms {
        id: format!("S{index}"),
        face_value: cents(100),
        balance: cents(row.balance),
        status: CouponStatus::Available,
        effective: at(row.effective.unwrap_or(1)),
        expiration: at(row.expires.unwrap_or(999)),
        created: at(row.created),
        owner: Some(payer()),
        unit: Some("vm".into()),
        scope: if row.restricted { Scope::Order("o2".into()) } else { Scope::Unit },
        category: Category::Server,
    })
    .unwrap()
}

fn fund(kind: FundKind, index: usize, row: &Row) -> Fund {
    Fund::new(FundTerms {
        kind,
        id: format!("S{index}"),
        owner: payer(),
        balance: cents(row.balance),
        priority: row.priority,
        effective: row.effective.map(at),
        expiration: row.expires.map(at),
        created: at(row.created),
        basis: if row.free { CostBasis::Free } else { CostBasis::Paid },
        units: if row.restricted { vec!["vm".into()] } else { vec![] },
        order: None,
        most: row.most.map(cents),
    })
    .unwrap()
}

fn of_model(index: usize, row: &Row) -> model::Fund {
    let is_coupon = row.kind.is_none();
    model::Fund {
        kind: row.kind.map_or("coupon", FundKind::name),
        id: format!("S{index}"),
        balance: fraction(row.balance),
        locked: fraction(0),
        most: row.most.filter(|_| !is_coupon).map(fraction),
        priority: row.priority.filter(|_| !is_coupon),
        expires: row.expires.or(is_coupon.then_some(999)),
        effective: row.effective.or(is_coupon.then_some(1)),
        created: row.created,
        restricted: row.restricted,
        free: row.free || is_coupon,
    }
}

struct World {
    coupons: Vec<Coupon>,
    others: Vec<Fund>,
    model: Vec<model::Fund>,
    balance: i64,
}

impl World {
    fn new(rows: &[Row], balance: i64) -> Self {
        let numbered = || rows.iter().enumerate();
        let mut model: Vec<model::Fund> = numbered().map(|(index, row)| of_model(index, row)).collect();
        let cash = Row {
            kind: None,
            balance,
            priority: None,
            expires: None,
            effective: None,
            created: 0,
            restricted: false,
            free: false,
            most: None,
        };
        model.push(model::Fund { kind: "balance", id: "balance".into(), ..of_model(0, &cash) });
        Self {
            coupons: numbered().filter(|(_, row)| row.kind.is_none()).map(|(index, row)| coupon(index, row)).collect(),
            others: numbered().filter_map(|(index, row)| Some(fund(row.kind?, index, row))).collect(),
            model,
            balance,
        }
    }

    fn funds<'a>(&'a self, locks: &'a [Lock]) -> Funds<'a> {
        let funds = Funds::new(cents(self.balance), &self.coupons).unwrap();
        funds.with(&self.others).unwrap().with_locks(locks).unwrap()
    }
}

fn taken(plan: &Plan<'_>) -> Vec<(String, Fraction)> {
    let name = |leg: &counterfoil::wallet::Leg<'_>| {
        let source = leg.source();
        let amount = leg.amount().amount();
        (
            source.id().unwrap_or(source.kind().name()).to_owned(),
            Fraction::new(amount.mantissa().into(), 10_i64.pow(amount.scale()).into()),
        )
    };
    plan.legs().iter().map(name).collect()
}

fn authorise(charge: &Charge, funds: &Funds<'_>) -> Option<Lock> {
    let books = Books { unit_application: Some("portal"), earlier: None, funds };
    match charge.authorise(&books, at(NOW + 100), at(NOW)) {
        Ok(Authorisation::New(lock)) => Some(lock),
        Ok(Authorisation::Replay(_)) => panic!("it is asked once"),
        Err(_) => None,
    }
}

fn compare(world: &World, model: &[model::Fund], locks: &[Lock], amount: i64, steps: &str) {
    let (wanted, rest) = model::draw(&fraction(amount), steps, model);
    let funds = world.funds(locks);
    let refused = charge("o2", amount, &format!("{steps} > refuse")).deduct(&funds, at(NOW));
    let owed = charge("o2", amount, &format!("{steps} > debt")).deduct(&funds, at(NOW)).unwrap();
    if rest == fraction(0) {
        assert_eq!(taken(refused.as_ref().unwrap()), wanted);
        assert_eq!(refused.unwrap(), owed);
    } else {
        assert!(["wallet.sources_not_enough", "wallet.funds_not_enough"].contains(&refused.unwrap_err().code()));
        let mut wanted = wanted;
        wanted.push(("debt".into(), rest));
        assert_eq!(taken(&owed), wanted);
    }
}

proptest! {
    /// R-W9: whatever the funds are, and whatever is locked of them first.
    #[test]
    fn drawing_is_by_the_words_of_the_rule(
        rows in proptest::collection::vec(row(), 0..9), balance in -20..60_i64, amount in 0..150_i64,
        locked in 0..80_i64, steps in 0..STEPS.len(), lock_steps in 0..STEPS.len(),
    ) {
        let mut world = World::new(&rows, balance);
        let lock = authorise(&charge("o1", locked, &format!("{} > refuse", STEPS[lock_steps])), &world.funds(&[]));
        let mut model = std::mem::take(&mut world.model);
        for leg in lock.iter().flat_map(Lock::legs) {
            let id = leg.source().id().unwrap_or("balance");
            let held = model.iter_mut().find(|fund| fund.id == id).unwrap();
            held.locked = Fraction::new(leg.amount().amount().mantissa().into(), 10_i64.pow(leg.amount().amount().scale()).into());
        }
        let locks: Vec<Lock> = lock.into_iter().collect();
        compare(&world, &model, &locks, amount, STEPS[steps]);
    }
}

/// Three sources of 0 to 10 cents, every amount up to 30 cents: drawn, locked, captured in every part.
#[test]
fn a_small_world_in_full() {
    // R-W9, R-W12
    let steps = "coupon(expiry created id) > stored_card(id) > balance";
    let row = |kind, balance| Row {
        kind,
        balance,
        priority: None,
        expires: None,
        effective: None,
        created: 0,
        restricted: false,
        free: false,
        most: None,
    };
    let mut captures = 0;
    let some = [0, 1, 2, 5, 9, 10];
    let places = some.len();
    for place in 0..places.pow(3) {
        let (a, b, c) = (some[place % places], some[place / places % places], some[place / places / places]);
        let world = World::new(&[row(None, a), row(Some(FundKind::StoredCard), b)], c);
        for amount in 0..=30 {
            compare(&world, &world.model, &[], amount, steps);
            let funds = world.funds(&[]);
            let charge = charge("o2", amount, &format!("{steps} > refuse"));
            let direct = charge.deduct(&funds, at(NOW));
            let Some(lock) = authorise(&charge, &funds) else {
                assert!(direct.is_err() && amount > a + b + c);
                continue;
            };
            // Captured whole, it is what would have been deducted; in part, a deduction of the part.
            for part in 0..=amount {
                let capture = lock.capture(cents(part), &funds, at(NOW)).unwrap();
                let deducted = Charge { amount: cents(part), ..charge.clone() }.deduct(&funds, at(NOW)).unwrap();
                assert_eq!(capture.payment.plan(), &deducted);
                captures += 1;
            }
            assert_eq!(lock.terms().plan, direct.unwrap());
            // Voided, nothing has happened.
            let voided = [lock.void(at(NOW)).unwrap()];
            let other = Charge { order: "o3".into(), ..charge.clone() };
            assert_eq!(other.deduct(&world.funds(&voided), at(NOW)), other.deduct(&funds, at(NOW)));
            // Locked, another order has what is left, to the cent.
            let locks = [lock];
            let left = a + b + c - amount;
            let next = |amount| Charge { amount: cents(amount), ..other.clone() }.deduct(&world.funds(&locks), at(NOW));
            assert!(next(left).is_ok() && next(left + 1).is_err());
        }
    }
    assert!(captures > 20_000, "{captures}");
}
