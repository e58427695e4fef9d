use super::{round, second_run};
use counterfoil::{
    money::{CNY, bulk::Amounts},
    wallet::{
        CouponStatus, Funding, GiveBack, Owner, ReturnOrder, SourceClass,
        bulk::{
            ChargeColumns, CouponColumns, DeductedColumns, DeductionTerms, NamedCoupons, PayerColumns, PaymentColumns,
            Payments, RefundColumns, RefundTerms, RefundedColumns, Wallets,
        },
    },
};

/// How many coupons a payer holds.
const COUPONS: usize = 4;

/// What is charged of each payer, and how.
struct Charging {
    cents: i64,
    funding: Funding,
    is_named: bool,
    is_paid: bool,
}

pub(crate) fn coupons(rows: usize) -> u64 {
    deduct(rows, &Charging { cents: 3_999, funding: Funding::EnoughFunds, is_named: false, is_paid: true })
}

pub(crate) fn named(rows: usize) -> u64 {
    deduct(rows, &Charging { cents: 2_999, funding: Funding::EnoughFunds, is_named: true, is_paid: true })
}

pub(crate) fn debt(rows: usize) -> u64 {
    deduct(rows, &Charging { cents: 99_999, funding: Funding::Debt, is_named: false, is_paid: true })
}

pub(crate) fn not_enough(rows: usize) -> u64 {
    deduct(rows, &Charging { cents: 99_999, funding: Funding::EnoughFunds, is_named: false, is_paid: false })
}

fn deduct(payers: usize, of: &Charging) -> u64 {
    let rows = payers * COUPONS;
    let ids = round(rows, |row| format!("coupon-{row}"));
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let owners = round(payers, |payer| Owner::User(format!("user-{payer}")));
    let expiration = round(rows, |row| 1_001 + row * 7 % 10); // not in order
    let offsets: Vec<usize> = (0..=payers).map(|payer| payer * COUPONS).collect();
    let coupons = CouponColumns {
        id: &ids,
        balance: Amounts::Narrow(&vec![1_000; rows]),
        status: &vec![CouponStatus::Available; rows],
        effective: &vec![0; rows],
        expiration: &expiration,
        created: &vec![0; rows],
        unit: &vec![0; rows],
        only_order: None,
    };
    let holders =
        PayerColumns { owner: &owners, balance: Amounts::Narrow(&vec![500; payers]), debt: None, coupons: &offsets };
    let (payer, coupon) =
        (round(payers, |payer| u32::try_from(payer).unwrap()), round(rows, |coupon| u32::try_from(coupon).unwrap()));
    let named = NamedCoupons { offsets: &offsets, coupons: &coupon, present: None };
    let charges = ChargeColumns {
        payer: &payer,
        unit: &vec![0; payers],
        order: &vec!["order"; payers],
        amount: Amounts::Narrow(&vec![of.cents; payers]),
        named: of.is_named.then_some(named),
    };
    let now = counterfoil::time::Instant::from_micros(1_000).unwrap();
    let terms = DeductionTerms { application: "portal".into(), funding: of.funding.clone(), now };
    let wallets = Wallets::new(coupons, holders, &["vm"], CNY, 2).unwrap();
    let mut out = DeductedColumns::default();
    let allocations = second_run(|| wallets.deduct(&charges, &terms, &mut out).unwrap());
    assert_eq!(out.faults.len(), if of.is_paid { 0 } else { payers }, "{:?}", out.faults.first());
    allocations
}

pub(crate) fn refund_in_reverse(rows: usize) -> u64 {
    refund(rows, ReturnOrder::ReverseDeduction, 1_111)
}

pub(crate) fn refund_in_proportion(rows: usize) -> u64 {
    refund(rows, ReturnOrder::Proportional, 1_111)
}

pub(crate) fn refund_paid_first(rows: usize) -> u64 {
    refund(rows, ReturnOrder::PaidFirst, 31_111)
}

pub(crate) fn refund_free_first(rows: usize) -> u64 {
    refund(rows, ReturnOrder::FreeFirst, 1_111)
}

pub(crate) fn refund_too_much(rows: usize) -> u64 {
    refund(rows, ReturnOrder::Proportional, 33_331)
}

/// Payments of 333.30 by three coupons and the balance.
fn refund(payments: usize, order: ReturnOrder, cents: i64) -> u64 {
    let sources: Vec<usize> = (0..=payments).map(|payment| payment * 4).collect();
    let class = [SourceClass::Free, SourceClass::Free, SourceClass::Free, SourceClass::Held].repeat(payments);
    let paid = [1_000, 500, 1_500, 30_330].repeat(payments);
    let columns =
        PaymentColumns { sources: &sources, class: &class, paid: Amounts::Narrow(&paid), returned: None, fees: None };
    let terms = RefundTerms { scale: 2, step: "0.01".parse().unwrap(), order, give_back: GiveBack::SameCoupon };
    let payment = round(payments, |payment| u32::try_from(payment).unwrap());
    let amount = vec![cents; payments];
    let refunds = RefundColumns { payment: &payment, amount: Amounts::Narrow(&amount), fee: None };
    let (payments, mut out) = (Payments::new(columns, terms).unwrap(), RefundedColumns::default());
    let allocations = second_run(|| payments.refund(&refunds, &mut out).unwrap());
    assert_eq!(out.faults.len(), if cents > 33_330 { payments.payments() } else { 0 }, "{:?}", out.faults.first());
    allocations
}
