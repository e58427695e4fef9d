//! Refunds in columns are those of the single call, part for part, whatever stands beside a row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use counterfoil::{
    error::{BulkError, Error},
    exact::decimal,
    money::{CNY, Money, bulk::Amounts},
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundOutcome, RefundRequest,
        Refunds, ReturnOrder, Source, SourceClass,
        bulk::{PaymentColumns, Payments, RefundColumns, RefundTerms, RefundedColumns},
    },
};
use proptest::prelude::*;

/// The largest number of a decimal.
const LARGEST: i128 = 79_228_162_514_264_337_593_543_950_335;

/// What one source paid, by a number that says which kind it is.
type Paid = (u8, i64);

fn source(kind: u8, place: usize) -> Source<'static> {
    let id = format!("S{place}").into();
    match kind {
        0 => Source::Coupon(id),
        1 => Source::StoredCard(id),
        2 => Source::Credit(id),
        3 => Source::Bonus(id),
        _ => Source::Balance,
    }
}

fn money(cents: i64) -> Money {
    Money::new(rust_decimal::Decimal::new(cents, 2), CNY)
}

fn payment(order: usize, sources: &[Paid]) -> Payment {
    let legs: Vec<Leg<'static>> = sources
        .iter()
        .enumerate()
        .map(|(place, (kind, paid))| Leg::new(source(*kind, place), money(*paid), money(*paid)).unwrap())
        .collect();
    let amount = money(sources.iter().map(|(_, paid)| paid).sum());
    let charge = Charge {
        application: "portal".into(),
        order: format!("o-{order}"),
        unit: "vm".into(),
        payer: Owner::User("zhang".into()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    Payment::new(charge, Plan::new(amount, legs).unwrap()).unwrap()
}

#[derive(Debug, Clone)]
struct World {
    payments: Vec<Vec<Paid>>,
    refunds: Vec<(u32, i64, i64)>,
    step: i64,
    order: ReturnOrder,
    give_back: GiveBack,
}

fn world() -> impl Strategy<Value = World> {
    let paid = prop_oneof![6 => 1_i64..5_000, 1 => 1_i64..9_000_000_000_000];
    let sources = prop::collection::vec((0_u8..4, paid.clone()), 0..5);
    let payment = (sources, prop::option::of(paid)).prop_filter_map("something paid", |(mut sources, balance)| {
        sources.extend(balance.map(|balance| (4, balance)));
        (!sources.is_empty()).then_some(sources)
    });
    let refund = (0_u32..5, prop_oneof![8 => 0_i64..3_000, 1 => -5_i64..0, 1 => 0..9_000_000_000_000_i64], 0_i64..40);
    let policies = [GiveBack::SameCoupon, GiveBack::Balance, GiveBack::RecordedOnly, GiveBack::NotCoupons];
    (
        prop::collection::vec(payment, 1..4),
        prop::collection::vec(refund, 0..14),
        prop_oneof![6 => Just(1_i64), 1 => Just(5), 1 => Just(0)],
        prop::sample::select(ReturnOrder::ALL.to_vec()),
        prop::sample::select(policies.to_vec()),
    )
        .prop_map(|(payments, refunds, step, order, give_back)| World {
            payments,
            refunds,
            step,
            order,
            give_back,
        })
}

/// The refunds one after another by the single call: of each its parts, by the places of the sources.
fn one_by_one(world: &World) -> Vec<Result<Vec<(usize, i128)>, &'static str>> {
    let payments = world.payments.iter().enumerate();
    let mut all: Vec<Refunds> =
        payments.map(|(order, sources)| Refunds::new(payment(order, sources), vec![]).unwrap()).collect();
    let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse().unwrap() };
    let mut answers = Vec::new();
    for (row, (of, amount, fee)) in world.refunds.iter().enumerate() {
        let place = *of as usize;
        let Some(refunds) = all.get(place) else {
            let error = BulkError::UnknownId { column: "payment", id: *of, known: all.len() };
            answers.push(Err(error.code()));
            continue;
        };
        let request = RefundRequest {
            id: format!("r-{row}"),
            application: "portal".into(),
            order: format!("o-{place}"),
            amount: money(*amount),
            fee: money(*fee),
            step: rust_decimal::Decimal::new(world.step, 2),
            returned: world.order,
            give_back: world.give_back,
        };
        match refunds.plan(&request, &books) {
            Ok(RefundOutcome::New(plan)) => {
                let refund = plan.into_refund();
                let place_of = |source: &Source<'_>| {
                    refunds.standings().iter().position(|standing| standing.source() == source).unwrap()
                };
                let parts = refund.legs().iter().map(|leg| {
                    let cents = decimal::multiply(leg.amount().amount(), 100.into()).unwrap();
                    (place_of(leg.source()), cents.normalize().to_string().parse().unwrap())
                });
                answers.push(Ok(parts.collect()));
                all[place] = all[place].clone().with(refund).unwrap();
            }
            Ok(_) => panic!("ids are not used twice"),
            Err(error) => answers.push(Err(error.code())),
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, ..ProptestConfig::default() })]

    /// R-W15, and DESIGN, promise 6.
    #[test]
    fn columns_and_single_calls_agree(world in world(), wide in any::<bool>()) {
        let mut sources = vec![0];
        for payment in &world.payments {
            sources.push(sources.last().unwrap() + payment.len());
        }
        let flat: Vec<Paid> = world.payments.iter().flatten().copied().collect();
        let class: Vec<SourceClass> = flat.iter().map(|(kind, _)| SourceClass::of(&source(*kind, 0))).collect();
        let paid: Vec<i64> = flat.iter().map(|(_, paid)| *paid).collect();
        let paid_wide: Vec<i128> = paid.iter().map(|paid| i128::from(*paid)).collect();
        let columns = PaymentColumns {
            sources: &sources,
            class: &class,
            paid: if wide { Amounts::Wide(&paid_wide) } else { Amounts::Narrow(&paid) },
            returned: None,
            fees: None,
        };
        let step = rust_decimal::Decimal::new(world.step, 2);
        let terms = RefundTerms { scale: 2, step, order: world.order, give_back: world.give_back };
        let payments = Payments::new(columns, terms).unwrap();
        let of: Vec<u32> = world.refunds.iter().map(|(of, ..)| *of).collect();
        let amount: Vec<i64> = world.refunds.iter().map(|(_, amount, _)| *amount).collect();
        let fee: Vec<i64> = world.refunds.iter().map(|(.., fee)| *fee).collect();
        let refunds = RefundColumns { payment: &of, amount: Amounts::Narrow(&amount), fee: Some(Amounts::Narrow(&fee)) };
        let mut out = RefundedColumns::default();
        payments.refund(&refunds, &mut out).unwrap();

        let mut faults = Vec::new();
        let mut returned = vec![0_i128; flat.len()];
        let answers = one_by_one(&world);
        prop_assert_eq!(out.parts.len(), answers.len() + 1);
        for (row, answer) in answers.iter().enumerate() {
            let parts = out.parts[row]..out.parts[row + 1];
            let first = sources.get(of[row] as usize).copied().unwrap_or_default();
            let got: Vec<(usize, i128)> =
                parts.map(|part| (out.part_source[part] - first, out.part_amount[part])).collect();
            match answer {
                Ok(parts) => {
                    prop_assert_eq!(&got, parts, "row {}", row);
                    parts.iter().for_each(|(source, part)| returned[first + source] += part);
                }
                Err(code) => {
                    prop_assert!(got.is_empty());
                    faults.push((row, *code));
                }
            }
            let told = payments.row(&refunds, row).map_err(|error: Error| error.code()).map(|parts| parts.len());
            prop_assert_eq!(told, answer.as_ref().map(Vec::len).map_err(|code| *code));
        }
        prop_assert_eq!(out.faults.iter().map(|fault| (fault.row, fault.code)).collect::<Vec<_>>(), faults);
        prop_assert_eq!(&out.returned, &returned);

        // Told what came back, a batch that goes on is the same as one batch.
        if world.refunds.len() > 1 {
            let cut = world.refunds.len() / 2;
            let part = |rows: std::ops::Range<usize>| {
                (of[rows.clone()].to_vec(), amount[rows.clone()].to_vec(), fee[rows].to_vec())
            };
            let (mut first, mut second) = (RefundedColumns::default(), RefundedColumns::default());
            let (of, amount, fee) = part(0..cut);
            let rows = RefundColumns { payment: &of, amount: Amounts::Narrow(&amount), fee: Some(Amounts::Narrow(&fee)) };
            payments.refund(&rows, &mut first).unwrap();
            let later = PaymentColumns {
                returned: Some(Amounts::Wide(&first.returned)),
                fees: Some(Amounts::Wide(&first.fees)),
                ..columns
            };
            let (of, amount, fee) = part(cut..world.refunds.len());
            let rows = RefundColumns { payment: &of, amount: Amounts::Narrow(&amount), fee: Some(Amounts::Narrow(&fee)) };
            Payments::new(later, terms).unwrap().refund(&rows, &mut second).unwrap();
            prop_assert_eq!((second.returned, second.fees), (out.returned, out.fees));
            prop_assert_eq!(first.faults.len() + second.faults.len(), out.faults.len());
        }
    }
}

#[test]
fn columns_have_one_length_and_numbers_that_are_decimals() {
    let terms = RefundTerms {
        scale: 2,
        step: "0.01".parse().unwrap(),
        order: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    let good = PaymentColumns {
        sources: &[0, 1],
        class: &[SourceClass::Held],
        paid: Amounts::Wide(&[i128::MAX]),
        returned: None,
        fees: None,
    };
    let code = |columns, terms| Payments::new(columns, terms).unwrap_err().code();
    assert_eq!(code(PaymentColumns { paid: Amounts::Narrow(&[]), ..good }, terms), "bulk.column_length");
    assert_eq!(code(PaymentColumns { returned: Some(Amounts::Narrow(&[])), ..good }, terms), "bulk.column_length");
    assert_eq!(code(PaymentColumns { fees: Some(Amounts::Narrow(&[])), ..good }, terms), "bulk.column_length");
    assert_eq!(code(PaymentColumns { sources: &[], ..good }, terms), "bulk.bad_offsets");
    assert_eq!(code(PaymentColumns { sources: &[0, 2], ..good }, terms), "bulk.bad_offsets");
    assert_eq!(code(good, RefundTerms { scale: 29, ..terms }), "bulk.bad_scale");

    let one = RefundColumns { payment: &[0], amount: Amounts::Narrow(&[1]), fee: None };
    let refused = |columns| {
        let (payments, mut out) = (Payments::new(columns, terms).unwrap(), RefundedColumns::default());
        payments.refund(&one, &mut out).unwrap();
        assert_eq!(payments.row(&one, 0).unwrap_err().code(), out.faults[0].code);
        out.faults[0].code
    };
    assert_eq!(refused(good), "money.too_many_digits");
    assert_eq!(refused(PaymentColumns { paid: Amounts::Narrow(&[-1]), ..good }), "wallet.negative_amount");
    let returned = PaymentColumns { paid: Amounts::Narrow(&[1]), returned: Some(Amounts::Narrow(&[2])), ..good };
    assert_eq!(refused(returned), "wallet.refund_above_paid");
    let five = PaymentColumns { paid: Amounts::Narrow(&[5]), ..good };
    assert_eq!(refused(PaymentColumns { fees: Some(Amounts::Narrow(&[-1])), ..five }), "wallet.negative_amount");
    let (three, one_more, all) =
        (Some(Amounts::Narrow(&[3])), Some(Amounts::Narrow(&[1])), Some(Amounts::Wide(&[LARGEST])));
    assert_eq!(refused(PaymentColumns { returned: three, fees: three, ..five }), "wallet.refund_above_rest");
    let largest = PaymentColumns { paid: Amounts::Wide(&[LARGEST]), returned: all, fees: one_more, ..good };
    assert_eq!(refused(largest), "money.overflow");
    // Nothing at all is asked of an account that is not looked at: still the payment does not add up.
    let nothing = RefundColumns { amount: Amounts::Narrow(&[0]), ..one };
    let terms_of_account = RefundTerms { give_back: GiveBack::NotCoupons, ..terms };
    let over = Payments::new(PaymentColumns { returned: three, fees: three, ..five }, terms_of_account).unwrap();
    assert_eq!(over.row(&nothing, 0).unwrap_err().code(), "wallet.refund_above_rest");
    let short = RefundColumns { fee: Some(Amounts::Narrow(&[])), ..one };
    let payments = Payments::new(PaymentColumns { paid: Amounts::Narrow(&[1]), ..good }, terms).unwrap();
    let error = payments.refund(&short, &mut RefundedColumns::default()).unwrap_err();
    assert_eq!(error.code(), "bulk.column_length");
    assert_eq!(payments.row(&one, 1).unwrap_err().code(), "bulk.unknown_id");
}

/// What leaves 128 bits, or 28 digits, is a fault of its row, and the payment beside it is refunded.
#[test]
fn sums_that_do_not_fit_are_faults_of_their_rows() {
    const HUGE: i128 = 10_i128.pow(38);
    let terms = |scale| RefundTerms {
        scale,
        step: "0.01".parse().unwrap(),
        order: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    let faults = |paid: &[i128], scale, refunds: &RefundColumns<'_>| {
        let (sources, class, paid) = (&[0, 2, 3], &[SourceClass::Held; 3], Amounts::Wide(paid));
        let columns = PaymentColumns { sources, class, paid, returned: None, fees: None };
        let mut out = RefundedColumns::default();
        let payments = Payments::new(columns, terms(scale)).unwrap();
        payments.refund(refunds, &mut out).unwrap();
        for fault in &out.faults {
            assert_eq!(payments.row(refunds, fault.row).unwrap_err().code(), fault.code);
        }
        let faults: Vec<(usize, &str)> = out.faults.iter().map(|fault| (fault.row, fault.code)).collect();
        (faults, out.returned, out.fees)
    };
    let refunds = RefundColumns { payment: &[0, 1], amount: Amounts::Narrow(&[5, 5]), fee: None };
    let answer = (vec![(0, "money.overflow")], vec![0, 0, 5], vec![0, 0]);
    assert_eq!(faults(&[LARGEST, 1, 10], 2, &refunds), answer);

    // 10¹⁰ with 28 digits after the point: two of them are a decimal, and no number of 128 bits.
    let all = Amounts::Wide(&[HUGE; 3]);
    let refunds = RefundColumns { payment: &[0, 0, 1], amount: all, fee: Some(all) };
    let answer = (vec![(1, "money.overflow")], vec![0; 3], vec![HUGE; 2]);
    assert_eq!(faults(&[HUGE; 3], 28, &refunds), answer);
    let refunds = RefundColumns { payment: &[0, 0, 1], amount: all, fee: None };
    assert_eq!(faults(&[HUGE; 3], 28, &refunds), (vec![], vec![HUGE; 3], vec![0; 2]));
}
