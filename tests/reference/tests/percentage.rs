//! R-P3: percentages by the event against exact fractions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{cases, decimals, fraction, of};
use counterfoil::{
    exact::Exact,
    money::Ratio,
    pricing::{Every, Percentage, Rate, Shape, ZeroUsage},
    units::Unit,
};
use counterfoil_reference::{Fraction, percentage};
use proptest::{option, prelude::*};
use rust_decimal::Decimal;

/// Amounts that meet each other's size often.
fn amounts() -> impl Strategy<Value = Decimal> {
    prop_oneof![3 => (0_i64..=2_000, 0_u32..=2).prop_map(|(n, scale)| Decimal::new(n, scale)), 1 => decimals()]
}

fn limits() -> impl Strategy<Value = (Option<Decimal>, Option<Decimal>)> {
    (option::of(amounts()), option::of(amounts())).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
        either => either,
    })
}

fn model(limits: (Option<Decimal>, Option<Decimal>)) -> (Option<Fraction>, Option<Fraction>) {
    (limits.0.map(of), limits.1.map(of))
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn percentages_are_by_definition(
        parts in 0_i64..=10_000,
        fee in amounts(),
        event in limits(),
        line in limits(),
        free in amounts(),
        charged in any::<bool>(),
        values in proptest::collection::vec(amounts(), 0..8),
    ) {
        let ratio = Decimal::new(parts, 4);
        let (minimum, maximum) = event;
        let shape = Shape::percentage(Percentage { ratio: Ratio::new(ratio).unwrap(), fee, minimum, maximum }).unwrap();
        let rate = Rate {
            free,
            minimum: line.0,
            maximum: line.1,
            zero: if charged { ZeroUsage::Charged } else { ZeroUsage::Free },
            ..Rate::shaped(shape.clone(), Unit::Amount, Every::Once)
        };
        let events: Vec<Exact> = values.iter().map(|value| Exact::from(*value)).collect();
        let model = percentage::Percentage {
            ratio: of(ratio),
            fee: of(fee),
            event: model(event),
            free: of(free),
            line: model(line),
            charged,
        };
        let wanted = percentage::percentage(&model, &values.iter().copied().map(of).collect::<Vec<_>>());
        let amount = rate.amount_of_events(&events).unwrap();
        let plain = fee.is_zero() && event == (None, None);
        prop_assert_eq!(fraction(&amount), wanted);
        let priced = rate.price_events(&events).unwrap();
        prop_assert_eq!(Exact::sum(priced.events().iter().map(|event| &event.amount)).unwrap(), priced.sum().clone());
        prop_assert_eq!(priced.amount(), &amount);
        prop_assert_eq!(priced.recompute().unwrap(), amount.clone());
        if plain {
            prop_assert_eq!(rate.amount(&Exact::sum(&events).unwrap()).unwrap(), amount);
        } else {
            prop_assert_eq!(rate.amount(&Exact::ZERO).unwrap_err().code(), "pricing.needs_events");
        }
    }
}
