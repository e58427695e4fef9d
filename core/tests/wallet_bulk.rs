//! Deduction in columns takes what the single calls take one after another, digit for digit (R-W3 … R-W10).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use counterfoil::{
    error::Error,
    exact::decimal,
    money::{CNY, Money, bulk::Amounts},
    time::Instant,
    wallet::{
        Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Funds, Owner, Plan, Scope, SourceKind,
        bulk::{
            ChargeColumns, CouponColumns, DeductedColumns, DeductionTerms, NO_COUPON, NO_UNIT, NamedCoupons,
            PayerColumns, PaymentState, Wallets,
        },
    },
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const SCALE: u32 = 2;
const UNITS: [&str; 3] = ["vm", "disk", ""];
const NOW: i64 = 100;

/// Rows as a test writes them.
#[derive(Debug, Clone)]
struct World {
    coupons: Vec<Row>,
    payers: Vec<(i128, i128, usize)>,
    charges: Vec<Asked>,
    funding: Funding,
}

/// What a payer has: balance, debt, coupons.
type Wallet = (Money, Money, Vec<Coupon>);

#[derive(Debug, Clone)]
struct Row {
    id: &'static str,
    balance: i128,
    status: CouponStatus,
    times: [i64; 3],
    unit: u32,
    only_order: Option<&'static str>,
}

#[derive(Debug, Clone)]
struct Asked {
    payer: u32,
    unit: u32,
    order: &'static str,
    amount: i128,
    named: Option<Vec<u32>>,
}

/// Nearly always small; else beyond 64 bits, beyond what a decimal holds, or below zero.
fn value() -> impl Strategy<Value = i128> {
    prop_oneof![
        200 => 0_i128..3_000,
        20 => Just(0),
        2 => Just(i128::from(i64::MAX) + 7),
        2 => Just(79_228_162_514_264_337_593_543_950_335_i128),
        1 => Just(792_281_625_142_643_375_935_439_503_350_i128), // with a zero less, it fits
        1 => Just(i128::MAX),
        2 => -5_i128..0,
    ]
}

const IDS: [&str; 12] = ["C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "CA", "CB"];

fn coupon(index: usize) -> impl Strategy<Value = Row> {
    let status = prop_oneof![12 => Just(CouponStatus::Available), 1 => Just(CouponStatus::Wait)];
    let time = || prop_oneof![1 => Just(NOW), 6 => 90_i64..96, 12 => 104_i64..108];
    let far = prop_oneof![200 => Just(0_i64), 1 => Just(i64::MAX)];
    let id = prop_oneof![200 => Just(IDS[index]), 1 => Just("C0"), 1 => Just("")];
    let unit = prop_oneof![150 => Just(0_u32), 20 => Just(1), 5 => Just(NO_UNIT), 1 => Just(2), 1 => Just(9)];
    let only = prop_oneof![8 => Just(None), 2 => Just(Some("s1")), 1 => Just(Some(""))];
    (id, value(), status, (90_i64..102, time(), 0_i64..3, far), unit, only).prop_map(
        |(id, balance, status, (effective, expiration, created, far), unit, only_order)| Row {
            id,
            balance,
            status,
            times: [effective, expiration, created.max(far)],
            unit,
            only_order,
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    let coupons: Vec<_> = (0..IDS.len()).map(coupon).collect();
    let balance = prop_oneof![10 => value(), 2 => -2_000_i128..0];
    let debt = prop_oneof![20 => 0_i128..100, 1 => value()];
    let payers = prop::collection::vec((balance, debt, 2_usize..6), 2..4);
    let unit = prop_oneof![60 => Just(0_u32), 8 => Just(1), 1 => Just(9)];
    let order = prop_oneof![10 => Just("s1"), 5 => Just("s2"), 1 => Just("")];
    let named = prop::option::weighted(0.3, prop::collection::vec(prop_oneof![12 => 0_u32..6, 1 => 6_u32..13], 0..4));
    let asked = (prop_oneof![40 => 0_u32..2, 4 => 2_u32..4, 1 => Just(u32::MAX)], unit, order, value(), named)
        .prop_map(|(payer, unit, order, amount, named)| Asked { payer, unit, order, amount, named });
    let cny = |text| Money::parse(text, CNY).unwrap();
    let funding = prop_oneof![
        Just(Funding::EnoughFunds),
        Just(Funding::CouponsOnly),
        Just(Funding::Overdraft { limit: None }),
        Just(Funding::Overdraft { limit: Some(cny("9.00")) }),
        Just(Funding::Overdraft { limit: Some(cny("-9.00")) }),
        Just(Funding::Overdraft { limit: Some(Money::parse("9", "USD".parse().unwrap()).unwrap()) }),
        Just(Funding::Debt),
        Just(Funding::Order("bss_auto_renew".parse().unwrap())),
        Just(Funding::Order("stored_card(id) > balance > coupon(smaller created id) > refuse".parse().unwrap())),
        Just(Funding::Order("balance > debt".parse().unwrap())),
    ];
    (coupons, payers, prop::collection::vec(asked, 0..12), funding)
        .prop_map(|(coupons, payers, charges, funding)| World { coupons, payers, charges, funding })
}

/// A decimal as a caller of the single call would write it: exact, or too large for one.
fn money(value: i128) -> Option<Money> {
    let mut value = (value, SCALE);
    loop {
        if let Ok(amount) = Decimal::try_from_i128_with_scale(value.0, value.1) {
            return Some(Money::new(amount, CNY));
        }
        if value.0 % 10 != 0 || value.1 == 0 {
            return None;
        }
        value = (value.0 / 10, value.1 - 1);
    }
}

fn number(money: Money) -> i128 {
    let amount = decimal::add(money.amount(), Decimal::new(0, SCALE)).unwrap_or(money.amount());
    amount.mantissa() * 10_i128.pow(SCALE - amount.scale())
}

impl World {
    /// Where the coupons of each payer end: as many as it has, as far as there are any.
    fn offsets(&self) -> Vec<usize> {
        let mut offsets = vec![0];
        for (_, _, count) in &self.payers {
            offsets.push((offsets[offsets.len() - 1] + count).min(self.coupons.len()));
        }
        offsets
    }

    /// The slow and obvious way: the single call, on what the calls before left.
    fn one_by_one(&self) -> Vec<Result<Plan<'static>, &'static str>> {
        let owner = |payer: usize| Owner::User(format!("u{payer}"));
        let offsets = self.offsets();
        let mut funds: Vec<Result<Wallet, &'static str>> = vec![];
        for (payer, (balance, debt, _)) in self.payers.iter().enumerate() {
            let coupons = || -> Result<_, Error> {
                let mut coupons = vec![];
                for row in &self.coupons[offsets[payer]..offsets[payer + 1]] {
                    coupons.push(row.coupon(owner(payer))?);
                }
                Ok(coupons)
            };
            let wallet = coupons().map_err(|error| error.code()).and_then(|coupons| {
                let many = "money.too_many_digits";
                let (balance, debt) = (money(*balance).ok_or(many)?, money(*debt).ok_or(many)?);
                let funds = Funds::new(balance, &coupons).and_then(|funds| funds.owing(debt));
                funds.map_err(|error| error.code())?;
                Ok((balance, debt, coupons))
            });
            funds.push(wallet);
        }
        let mut pay = |asked: &Asked| -> Result<Plan<'static>, &'static str> {
            let payer = asked.payer as usize;
            let (balance, debt, coupons) =
                funds.get_mut(payer).ok_or("bulk.unknown_id")?.as_mut().map_err(|code| *code)?;
            let unit = *UNITS.get(asked.unit as usize).ok_or("bulk.unknown_id")?;
            let named = match &asked.named {
                None => Coupons::Automatic,
                Some(named) => {
                    let names = named.iter().map(|id| self.coupons.get(*id as usize).map(|row| row.id.to_owned()));
                    Coupons::Named(names.collect::<Option<_>>().ok_or("bulk.unknown_id")?)
                }
            };
            let charge = Charge {
                application: "portal".into(),
                order: asked.order.into(),
                unit: unit.into(),
                payer: owner(payer),
                amount: money(asked.amount).ok_or("money.too_many_digits")?,
                coupons: named,
                funding: self.funding.clone(),
            };
            let funds = Funds::new(*balance, coupons).unwrap().owing(*debt).unwrap();
            let plan = charge.deduct(&funds, at(NOW)).map_err(|error| error.code())?.into_owned();
            for leg in plan.legs() {
                match leg.source().kind() {
                    SourceKind::Balance => *balance = leg.after(),
                    SourceKind::Debt => *debt = leg.after(),
                    _ => {
                        let coupon = coupons.iter_mut().find(|row| Some(row.id()) == leg.source().id()).unwrap();
                        *coupon = Coupon::new(CouponTerms { balance: leg.after(), ..coupon.terms().clone() }).unwrap();
                    }
                }
            }
            Ok(plan)
        };
        self.charges.iter().map(&mut pay).collect()
    }

    fn check(&self, out: &mut DeductedColumns) {
        let column = |of: fn(&Row) -> i64| self.coupons.iter().map(of).collect::<Vec<_>>();
        let (effective, expiration, created) =
            (column(|row| row.times[0]), column(|row| row.times[1]), column(|row| row.times[2]));
        let id: Vec<&str> = self.coupons.iter().map(|row| row.id).collect();
        let balance: Vec<i128> = self.coupons.iter().map(|row| row.balance).collect();
        let status: Vec<CouponStatus> = self.coupons.iter().map(|row| row.status).collect();
        let unit: Vec<u32> = self.coupons.iter().map(|row| row.unit).collect();
        let only: Vec<Option<&str>> = self.coupons.iter().map(|row| row.only_order).collect();
        let owner: Vec<Owner> = (0..self.payers.len()).map(|payer| Owner::User(format!("u{payer}"))).collect();
        let (balances, debts): (Vec<i128>, Vec<i128>) = self.payers.iter().map(|(a, b, _)| (*a, *b)).unzip();
        // What no payer's list has is no coupon of the table.
        let offsets = self.offsets();
        let known = *offsets.last().unwrap();
        let coupons = CouponColumns {
            id: &id[..known],
            balance: Amounts::Wide(&balance[..known]),
            status: &status[..known],
            effective: &effective[..known],
            expiration: &expiration[..known],
            created: &created[..known],
            unit: &unit[..known],
            only_order: Some(&only[..known]),
        };
        let payers = PayerColumns {
            owner: &owner,
            balance: Amounts::Wide(&balances),
            debt: Some(Amounts::Wide(&debts)),
            coupons: &offsets,
        };
        let wallets = Wallets::new(coupons, payers, &UNITS, CNY, SCALE).unwrap();
        let payer: Vec<u32> = self.charges.iter().map(|asked| asked.payer).collect();
        let unit: Vec<u32> = self.charges.iter().map(|asked| asked.unit).collect();
        let order: Vec<&str> = self.charges.iter().map(|asked| asked.order).collect();
        let amount: Vec<i128> = self.charges.iter().map(|asked| asked.amount).collect();
        let (mut ends, mut names) = (vec![0], vec![]);
        for asked in &self.charges {
            names.extend(asked.named.iter().flatten());
            ends.push(names.len());
        }
        let present: Vec<bool> = self.charges.iter().map(|asked| asked.named.is_some()).collect();
        let charges = ChargeColumns {
            payer: &payer,
            unit: &unit,
            order: &order,
            amount: Amounts::Wide(&amount),
            named: Some(NamedCoupons { offsets: &ends, coupons: &names, present: Some(&present) }),
        };
        let terms = DeductionTerms { application: "portal".into(), funding: self.funding.clone(), now: at(NOW) };
        wallets.deduct(&charges, &terms, out).unwrap();

        let world = Self { coupons: self.coupons[..known].to_vec(), ..self.clone() };
        let expected = world.one_by_one();
        assert_eq!(out.state.len(), expected.len());
        let mut faults = out.faults.iter();
        for (row, plan) in expected.iter().enumerate() {
            let alone = wallets.row(&charges, &terms, row);
            let legs = out.legs[row]..out.legs[row + 1];
            match plan {
                Err(code) => {
                    assert_eq!((out.state[row], legs.len()), (PaymentState::Failed, 0), "{row}");
                    let fault = faults.next().unwrap();
                    assert_eq!((fault.row, fault.code), (row, *code));
                    assert_eq!(alone.unwrap_err().code(), *code, "{row}");
                }
                Ok(plan) => {
                    assert_eq!(out.state[row], PaymentState::Paid, "{row}: {:?}", out.faults);
                    assert_eq!(alone.unwrap(), *plan, "{row}");
                    assert_eq!(number(plan.from_coupons()), out.from_coupons[row]);
                    assert_eq!(number(plan.from_account()), out.from_account[row]);
                    assert_eq!(plan.legs().len(), legs.len());
                    for (leg, place) in plan.legs().iter().zip(legs) {
                        assert_eq!(leg.source().kind(), out.leg_kind[place]);
                        match leg.source().id() {
                            Some(name) => assert_eq!(name, id[out.leg_coupon[place] as usize]),
                            None => assert_eq!(out.leg_coupon[place], NO_COUPON),
                        }
                        assert_eq!(number(leg.amount()), out.leg_amount[place]);
                        assert_eq!(number(leg.before()), out.leg_before[place]);
                        assert_eq!(number(leg.after()), out.leg_after[place]);
                    }
                }
            }
        }
        assert!(faults.next().is_none());
    }
}

impl Row {
    fn coupon(&self, owner: Owner) -> Result<Coupon, Error> {
        let many = || counterfoil::error::MoneyError::TooManyDigits { text: String::new() };
        let balance = money(self.balance).ok_or_else(many)?;
        let known = UNITS.len();
        let unknown = counterfoil::error::BulkError::UnknownId { column: "unit", id: self.unit, known };
        let unit = if self.unit == NO_UNIT { None } else { Some(*UNITS.get(self.unit as usize).ok_or(unknown)?) };
        Ok(Coupon::new(CouponTerms {
            id: self.id.into(),
            face_value: balance,
            balance,
            status: self.status,
            effective: Instant::from_micros(self.times[0])?,
            expiration: Instant::from_micros(self.times[1])?,
            created: Instant::from_micros(self.times[2])?,
            owner: Some(owner),
            unit: unit.map(Into::into),
            scope: self.only_order.map_or(Scope::Unit, |order| Scope::Order(order.into())),
            category: Category::Server,
        })?)
    }
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn columns_pay_as_single_calls_do(a in world(), b in world()) {
        // Ids of the coupons of other payers are not looked for: each stands once here, but for a payer's own.
        let mut out = DeductedColumns::default();
        for mut world in [a, b] {
            let offsets = world.offsets();
            let own = offsets[1];
            for (coupon, id) in world.coupons.iter_mut().zip(IDS).skip(own).filter(|(coupon, _)| coupon.id == "C0") {
                coupon.id = id;
            }
            world.check(&mut out); // the same columns are filled again
        }
    }
}

#[test]
fn columns_that_do_not_belong_together_are_refused() {
    let coupons = CouponColumns {
        id: &["C1"],
        balance: Amounts::Narrow(&[5]),
        status: &[CouponStatus::Available],
        effective: &[1],
        expiration: &[900],
        created: &[0],
        unit: &[0],
        only_order: None,
    };
    let owner = [Owner::User("a".into())];
    let payers = PayerColumns { owner: &owner, balance: Amounts::Narrow(&[0]), debt: None, coupons: &[0, 1] };
    let code = |coupons, payers, scale| Wallets::new(coupons, payers, &UNITS, CNY, scale).map(drop).unwrap_err().code();
    assert_eq!(code(CouponColumns { created: &[], ..coupons }, payers, 2), "bulk.column_length");
    assert_eq!(code(coupons, PayerColumns { balance: Amounts::Narrow(&[]), ..payers }, 2), "bulk.column_length");
    assert_eq!(code(coupons, PayerColumns { coupons: &[0], ..payers }, 2), "bulk.column_length");
    assert_eq!(code(coupons, PayerColumns { coupons: &[0, 0], ..payers }, 2), "bulk.bad_offsets");
    assert_eq!(code(coupons, PayerColumns { coupons: &[1, 1], ..payers }, 2), "bulk.bad_offsets");
    assert_eq!(code(coupons, payers, 29), "bulk.bad_scale");

    let wallets = Wallets::new(coupons, payers, &UNITS, CNY, 2).unwrap();
    assert_eq!(wallets.payers(), 1);
    let charges = ChargeColumns { payer: &[0], unit: &[0], order: &["s1"], amount: Amounts::Narrow(&[5]), named: None };
    let terms = DeductionTerms { application: "portal".into(), funding: Funding::CouponsOnly, now: at(NOW) };
    let mut out = DeductedColumns::default();
    let mut code = |charges: ChargeColumns<'_>| wallets.deduct(&charges, &terms, &mut out).unwrap_err().code();
    assert_eq!(code(ChargeColumns { order: &[], ..charges }), "bulk.column_length");
    let named = |offsets| Some(NamedCoupons { offsets, coupons: &[0], present: None });
    assert_eq!(code(ChargeColumns { named: named(&[0]), ..charges }), "bulk.column_length");
    assert_eq!(code(ChargeColumns { named: named(&[0, 2]), ..charges }), "bulk.bad_offsets");
    wallets.deduct(&charges, &terms, &mut out).unwrap();
    assert_eq!((&out.leg_amount[..], &out.coupon_left[..]), (&[5][..], &[0][..]));
    assert_eq!(wallets.row(&charges, &terms, 1).unwrap_err().code(), "bulk.unknown_id");
}
