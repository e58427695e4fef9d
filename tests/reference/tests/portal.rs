//! R-U10 against its words, R-W6 and R-W7 against theirs: rows of every kind, funds of every size.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{fraction, of};
use counterfoil::{
    metering::{
        ChargeMode, Part, Spec, Usage,
        portal::{self, ArchiveRow, CurrentRow, RowsOf},
    },
    money::{CNY, Money},
    time::{Instant, Period},
    units::{Quantity, Unit},
    wallet::{Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Funds, Owner, Scope, Source},
};
use counterfoil_reference::{
    Fraction,
    deduction::{self, Refused},
    metering,
    number::whole,
    portal as model,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const MODES: [&str; 3] = ["post_paid", "pre_paid", "quota"];
const CHANGES: [&str; 3] = ["rebuild", "post2pre", "expansion"];
const DAY: i64 = 86_400_000_000;

/// Rows without any sense in them: starts and ends anywhere near the day, in any order, overlapping.
#[derive(Debug, Clone)]
struct Rows {
    created: i64,
    start: i64,
    deleted: Option<i64>,
    mode: usize,
    size: u32,
    archive: Vec<(usize, i64, i64, u32)>,
}

/// Instants about a day that begins at 0: anywhere, and at its very ends.
fn about_a_day() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -2 * DAY..3 * DAY,
        2 => proptest::sample::select(vec![-1, 0, 1, DAY - 1, DAY, DAY + 1, -DAY, 2 * DAY]),
        1 => (-2..40_i64).prop_map(|hours| hours * DAY / 24),
    ]
}

fn rows() -> impl Strategy<Value = Rows> {
    let row = (0..3_usize, about_a_day(), about_a_day(), 0..2_000_u32)
        .prop_map(|(change, a, b, size)| (change, a.min(b), a.max(b), size));
    let instants = (about_a_day(), about_a_day(), proptest::option::of(about_a_day()), any::<bool>());
    (instants, 0..3_usize, 0..2_000_u32, proptest::collection::vec(row, 0..6)).prop_map(
        |((created, start, deleted, unchanged), mode, size, archive)| Rows {
            created: created.min(start),
            start: if unchanged { created.min(start) } else { start },
            deleted,
            mode,
            size,
            archive,
        },
    )
}

fn instant(micros: i64) -> Instant {
    Instant::from_micros(1_700_006_400_000_000 + micros).unwrap()
}

fn of_library(usage: &Usage) -> (Fraction, Fraction) {
    let read = |of: Option<counterfoil::metering::UsageOf>| fraction(of.unwrap().value());
    (read(usage.used(&Part::SIZE)), read(usage.payable(&Part::SIZE)))
}

fn of_model(usage: &metering::Usage) -> (Fraction, Fraction) {
    (usage.used["size"].clone(), usage.payable["size"].clone())
}

proptest! {
    #![proptest_config(common::cases(600))]

    /// R-U10, word by word, for rows that make sense and rows that make none.
    #[test]
    fn the_portal_adds_up_as_the_rule_says(
        rows in rows(),
        hours in prop_oneof![2 => Just(24_i64), 1 => Just(23), 1 => Just(25)],
    ) {
        let end = hours * DAY / 24; // the cap of 24 h shows on a day of 25
        let spec = |size: u32| Spec::new([(Part::SIZE, Quantity::whole(size.into(), Unit::GiB))]).unwrap();
        let current = CurrentRow {
            created: instant(rows.created),
            start: instant(rows.start),
            deleted: rows.deleted.map(instant),
            mode: MODES[rows.mode].parse::<ChargeMode>().unwrap(),
            spec: spec(rows.size),
        };
        let archive: Vec<ArchiveRow> = rows.archive.iter().map(|(change, start, end, size)| ArchiveRow {
            change: CHANGES[*change].parse().unwrap(),
            start: instant(*start),
            end: instant(*end),
            spec: spec(*size),
            mode: None,
        }).collect();

        let of_size = |size: u32| [("size".to_owned(), whole(size.into()))].into();
        let model_current = model::Current {
            created: rows.created,
            start: rows.start,
            deleted: rows.deleted,
            mode: MODES[rows.mode],
            spec: of_size(rows.size),
        };
        let model_archive: Vec<model::Row> = rows.archive.iter().map(|(change, start, end, size)| model::Row {
            change: CHANGES[*change], start: *start, end: *end, spec: of_size(*size),
        }).collect();

        let day = Period::new(instant(0), instant(end)).unwrap();
        let server = portal::usage(RowsOf::Server, day, &current, &archive).unwrap();
        let wanted = model::server((0, end), &model_current, &model_archive);
        let parts = |segments: Vec<Usage>| segments.iter().map(of_library).collect::<Vec<_>>();
        prop_assert_eq!(server.map(parts), wanted.map(|usage| vec![of_model(&usage)]));

        let disk = portal::usage(RowsOf::Disk, day, &current, &archive).unwrap();
        let wanted = model::disk((0, end), &model_current, &model_archive);
        prop_assert_eq!(disk.map(parts), wanted.map(|(own, rows)| vec![of_model(&own), of_model(&rows)]));
    }

    /// R-W6, R-W7: coupons in order, the rest from the balance, refused as the rule says; conserved.
    #[test]
    fn deduction_is_by_the_words_of_the_rule(
        amount in prop_oneof![0..50_000_i64, 0..=i64::MAX],
        coupons in proptest::collection::vec(prop_oneof![1..20_000_i64, 1..=i64::MAX], 0..6),
        balance in prop_oneof![-20_000..50_000_i64, any::<i64>()],
        exactly in proptest::option::of(0..3_usize),
        funding in 0..3_usize,
    ) {
        // The edges, which chance seldom meets: as much as the coupons, as all funds, and nothing.
        let held: i128 = coupons.iter().map(|coupon| i128::from(*coupon)).sum();
        let amount = match exactly {
            Some(0) => held,
            Some(1) => (held + i128::from(balance)).max(0),
            Some(_) => 0,
            None => amount.into(),
        };
        let cents = |cents: i128| Money::new(Decimal::try_from_i128_with_scale(cents, 2).unwrap(), CNY);
        let at = |second: i64| Instant::from_micros(second * 1_000_000).unwrap();
        let owner = Owner::User("a".into());
        let rows: Vec<Coupon> = coupons.iter().enumerate().map(|(index, held)| Coupon::new(CouponTerms {
            id: format!("C{index}").as_str().into(),
            face_value: cents((*held).into()),
            balance: cents((*held).into()),
            status: CouponStatus::Available,
            effective: at(1),
            expiration: at(1_000 + i64::try_from(index).unwrap()),
            created: at(0),
            owner: Some(owner.clone()),
            unit: Some("vm".into()),
            scope: Scope::Unit,
            category: Category::Server,
        }).unwrap()).collect();
        let charge = Charge {
            application: "portal".into(),
            order: "o1".into(),
            unit: "vm".into(),
            payer: owner,
            amount: cents(amount),
            coupons: Coupons::Automatic,
            funding: [Funding::CouponsOnly, Funding::EnoughFunds, Funding::Overdraft { limit: None }][funding].clone(),
        };
        let plan = charge.deduct(&Funds::new(cents(balance.into()), &rows).unwrap(), at(100));

        let fractions: Vec<Fraction> = coupons.iter().map(|held| of(Decimal::new(*held, 2))).collect();
        let hundredth = of(Decimal::new(1, 2));
        let big = |cents: i128| Fraction::from_integer(cents.into()) * &hundredth;
        let wanted = deduction::deduct(&big(amount), &fractions, &big(balance.into()), funding == 0, funding == 1);
        match (plan, wanted) {
            (Ok(plan), Ok(wanted)) => {
                let taken = |wanted: Option<&str>| {
                    let is_meant = |source: &Source<'_>| match (source, wanted) {
                        (Source::Coupon(id), Some(wanted)) => id == wanted,
                        (Source::Balance, None) => true,
                        _ => false,
                    };
                    let legs = plan.legs().iter().filter(|leg| is_meant(leg.source()));
                    legs.map(|leg| of(leg.amount().amount())).sum::<Fraction>()
                };
                let from_coupons: Vec<Fraction> = rows.iter().map(|row| taken(Some(row.id()))).collect();
                prop_assert_eq!(&from_coupons, &wanted.coupons);
                prop_assert_eq!(taken(None), wanted.balance.clone());
                let sum: Fraction = plan.legs().iter().map(|leg| of(leg.amount().amount())).sum();
                prop_assert_eq!(sum, big(amount));
                for leg in plan.legs() {
                    prop_assert_eq!(of(leg.before().amount()) - of(leg.amount().amount()), of(leg.after().amount()));
                }
            }
            (Err(error), Err(Refused::Coupons)) => prop_assert_eq!(error.code(), "wallet.coupons_not_enough"),
            (Err(error), Err(Refused::Funds)) => prop_assert_eq!(error.code(), "wallet.funds_not_enough"),
            (plan, wanted) => prop_assert!(false, "{:?} and {:?}", plan, wanted),
        }
    }
}
