//! R-W14, R-W15, R-W18 and R-W19: refunds in parts against a model that returns one step of money after the other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{cases, of};
use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundEvent, RefundOutcome,
        RefundRequest, Refunds, ReturnOrder, Source, SourceClass,
    },
};
use counterfoil_reference::refund::{self as model, Class, Order};
use proptest::{collection::vec, prelude::*, sample::select};
use rust_decimal::Decimal;

/// What is asked, and whether the refund is closed right after.
#[derive(Debug, Clone)]
struct Part {
    /// Of a thousand parts of what is left.
    share: i64,
    fee: i64,
    order: ReturnOrder,
    coupons: bool,
    closed: bool,
}

fn parts() -> impl Strategy<Value = Part> {
    let share = prop_oneof![1 => Just(0_i64), 6 => 0_i64..=1_000, 1 => Just(1_000_i64)];
    let fee = prop_oneof![3 => Just(0_i64), 1 => 0_i64..=1_000];
    (share, fee, select(ReturnOrder::ALL.to_vec()), prop::bool::weighted(0.8), prop::bool::weighted(0.2))
        .prop_map(|(share, fee, order, coupons, closed)| Part { share, fee, order, coupons, closed })
}

/// Sources in any order of deduction, and what each paid, in steps.
fn paid() -> impl Strategy<Value = Vec<(Source<'static>, i64)>> {
    let sources = vec![
        Source::Coupon("A".into()),
        Source::Coupon("B".into()),
        Source::Coupon("C".into()),
        Source::CashCoupon("A".into()),
        Source::Bonus("A".into()),
        Source::StoredCard("A".into()),
        Source::StoredCard("B".into()),
        Source::Balance,
        Source::Credit("A".into()),
        Source::Debt,
    ];
    let amount = prop_oneof![3 => 1_i64..=7, 2 => 1_i64..=300];
    (Just(sources).prop_shuffle(), vec(amount, 1..=7))
        .prop_map(|(sources, paid)| sources.into_iter().zip(paid).collect())
}

fn payment(amount: Money, sources: &[(Source<'static>, i64)], step: Decimal) -> Payment {
    let legs = sources.iter().map(|(source, steps)| {
        let paid = Money::new(Decimal::from(*steps) * step, CNY);
        Leg::new(source.clone(), paid, paid).unwrap()
    });
    let charge = Charge {
        application: "a".into(),
        order: "o".into(),
        unit: "u".into(),
        payer: Owner::User("p".into()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::Debt,
    };
    Payment::new(charge, Plan::new(amount, legs.collect()).unwrap()).unwrap()
}

fn class(source: &Source<'_>) -> Class {
    match SourceClass::of(source) {
        SourceClass::Held => Class::Held,
        SourceClass::Owed => Class::Owed,
        SourceClass::Free => Class::Free,
    }
}

fn order(order: ReturnOrder) -> Order {
    match order {
        ReturnOrder::Proportional => Order::Proportional,
        ReturnOrder::ReverseDeduction => Order::Reverse,
        ReturnOrder::PaidFirst => Order::PaidFirst,
        ReturnOrder::FreeFirst => Order::FreeFirst,
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// In any orders, with fees, with refunds that are closed between others: to the step as the model.
    #[test]
    fn refunds_are_as_the_model_returns(
        sources in paid(),
        parts in vec(parts(), 1..7),
        step in select(vec![Decimal::new(1, 2), Decimal::new(5, 2), Decimal::ONE, Decimal::new(1, 4)]),
    ) {
        let total: i64 = sources.iter().map(|(_, steps)| *steps).sum();
        let money = |steps: i64| Money::new(Decimal::from(steps) * step, CNY);
        let mut refunds = Refunds::new(payment(money(total), &sources, step), vec![]).unwrap();
        let mut models: Vec<model::Source> = sources.iter().map(|(source, steps)| model::Source {
            class: class(source),
            paid: of(money(*steps).amount()),
            returned: of(Decimal::ZERO),
        }).collect();
        let whole = Part { share: 1_000, fee: 0, order: ReturnOrder::Proportional, coupons: true, closed: false };
        for (number, part) in parts.into_iter().chain([whole]).enumerate() {
            let give_back = if part.coupons { GiveBack::SameCoupon } else { GiveBack::NotCoupons };
            let left = refunds.left_under(give_back).unwrap().amount() / step;
            let asked = i64::try_from(left.mantissa() / 10_i128.pow(left.scale())).unwrap() * part.share / 1_000;
            let fee = asked * part.fee / 1_000;
            let request = RefundRequest {
                id: format!("r{number}"),
                application: "a".into(),
                order: "o".into(),
                amount: money(asked),
                fee: money(fee),
                step,
                returned: part.order,
                give_back,
            };
            let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: Instant::from_micros(0).unwrap() };
            let RefundOutcome::New(plan) = refunds.plan(&request, &books).unwrap() else { panic!("it is new") };
            let before = models.clone();
            model::refund(&mut models, &of(money(asked - fee).amount()), &of(step), order(part.order), part.coupons);
            refunds = refunds.with(plan.into_refund()).unwrap();
            for (standing, model) in refunds.standings().iter().zip(&models) {
                prop_assert_eq!(of(standing.returned().amount()), model.returned.clone(), "{:?} {:?}", request, models);
            }
            // A cent more than is left is an error.
            let above = RefundRequest { fee: money(0), id: "above".into(), amount: refunds.left().unwrap().plus(money(1)).unwrap(), ..request };
            prop_assert_eq!(refunds.plan(&above, &books).unwrap_err().code(), "wallet.refund_above_rest");
            let open = refunds.refunds().last().unwrap().state() != counterfoil::wallet::RefundState::Success;
            if part.closed && open {
                refunds = refunds.after(&format!("r{number}"), RefundEvent::Close).unwrap();
                models = before;
            }
        }
        let fees = refunds.fees();
        let kept = refunds.standings().iter().map(|standing| standing.left().unwrap());
        prop_assert_eq!(Money::sum(kept, CNY).unwrap(), fees, "what sources keep is the fees");
    }
}
