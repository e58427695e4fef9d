//! The laws of reports, corrections and invoices (R-S2, R-S3, R-S8): for any rows against a slow, obvious model, and
//! for every group of a small world.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    error::StatementError,
    metering::{Kind, ReadingId},
    money::{CNY, Money},
    statement::{
        BillingDays, CorrectionAction, GroupStatement, Invoice, InvoiceEvent, InvoiceFrom, InvoiceOutcome,
        InvoiceRequest, InvoiceSource, Month, MonthlyReport, PaidLeg, PaymentRow, RefundReason, RefundRow, Report,
        ReportFigures, ReportRow, ReportTerms, Statement, StatementKey, StatementLine, StatementRow, StatementStatus,
        correct,
    },
    time::{BillingDay, Period, Zone, parse_date},
    units::Name,
    wallet::{Owner, SourceKind},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

fn cents(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), CNY)
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Whatever a report reads, with names of its own.
#[derive(Debug, Clone)]
struct Row {
    owner: u8,
    unit: u8,
    day: u32,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Reading { kind: u8, resource: u8, original: i64, payable: i64, lifetime: i64 },
    Statement { payable: i64, status: StatementStatus },
    Payment { coupon: i64, balance: i64 },
    Refund { amount: i64, correction: bool },
}

fn any_row() -> impl Strategy<Value = Row> {
    let status =
        prop_oneof![Just(StatementStatus::Unpaid), Just(StatementStatus::Paid), Just(StatementStatus::Cancelled)];
    let reading = (0..2_u8, 0..4_u8, -500..500_i64, -500..500_i64, -86_400_000_000..=86_400_000_000_i64).prop_map(
        |(kind, resource, original, payable, lifetime)| What::Reading { kind, resource, original, payable, lifetime },
    );
    let what = prop_oneof![
        4 => reading,
        1 => (-500..500_i64, status).prop_map(|(payable, status)| What::Statement { payable, status }),
        1 => (0..500_i64, 0..500_i64).prop_map(|(coupon, balance)| What::Payment { coupon, balance }),
        1 => (0..500_i64, any::<bool>()).prop_map(|(amount, correction)| What::Refund { amount, correction }),
    ];
    (0..3_u8, 0..2_u8, 1..=29_u32, what).prop_map(|(owner, unit, day, what)| Row { owner, unit, day, what })
}

fn day(day: u32) -> BillingDay {
    BillingDay::new(parse_date(&format!("2024-02-{day:02}")).unwrap(), Zone::UTC).unwrap()
}

fn report(days: BillingDays, rows: &[Row]) -> Report {
    let mut report = MonthlyReport::new(ReportTerms { days, currency: CNY, top: 3 });
    for row in rows {
        read(&mut report, row).unwrap();
    }
    report.finish().unwrap()
}

fn read(report: &mut MonthlyReport, row: &Row) -> Result<(), StatementError> {
    let (owner, unit) = (&Owner::User(row.owner.to_string()), &name(&row.unit.to_string()));
    let window: Period = day(row.day).period();
    match row.what {
        What::Reading { kind, resource, original, payable, lifetime } => report.read(&ReportRow {
            owner,
            unit,
            kind: &[Kind::Server, Kind::Disk][usize::from(kind)],
            resource: &name(&resource.to_string()),
            window,
            usage: None,
            lifetime_micros: Some(lifetime),
            original: cents(original),
            payable: cents(payable),
        }),
        What::Statement { payable, status } => {
            report.state(&StatementRow { owner, unit, window, payable: cents(payable), status })
        }
        What::Payment { coupon, balance } => {
            let leg = |by, amount| PaidLeg { by, amount: cents(amount) };
            let legs = [leg(SourceKind::Coupon, coupon), leg(SourceKind::Balance, balance)];
            report.pay(&PaymentRow { owner, unit, window, legs: &legs })
        }
        What::Refund { amount, correction } => {
            let because = if correction { RefundReason::Correction } else { RefundReason::Other };
            report.refund(&RefundRow { owner, unit, window, amount: cents(amount), because })
        }
    }
}

fn february() -> BillingDays {
    "2024-02".parse::<Month>().unwrap().days(Zone::UTC).unwrap()
}

/// Figures as numbers: cents, microseconds and counts, all of which add up over days; then resources, which do not.
fn numbers(figures: &ReportFigures) -> ([i128; 10], u64) {
    let cents = |money: Money| money.exact().times(&100.into()).unwrap().to_decimal().unwrap().mantissa();
    let added = [
        figures.lifetime_micros,
        cents(figures.original),
        cents(figures.payable),
        cents(figures.by_coupon()),
        cents(figures.by_balance()),
        cents(figures.refunded),
        cents(figures.corrected),
        cents(figures.open),
        figures.readings.into(),
        figures.statements.into(),
    ];
    (added, figures.resources)
}

/// The slow way: all rows again for each question.
fn model(rows: &[Row], is_asked: impl Fn(&Row) -> bool) -> ([i128; 10], u64) {
    let (mut added, mut resources) = ([0_i128; 10], BTreeSet::new());
    for row in rows.iter().filter(|row| is_asked(row)) {
        let mut add = |place: usize, value: i64| added[place] += i128::from(value);
        match row.what {
            What::Reading { resource, original, payable, lifetime, .. } => {
                [(0, lifetime), (1, original), (2, payable), (8, 1)]
                    .iter()
                    .for_each(|(place, value)| add(*place, *value));
                resources.insert(resource);
            }
            What::Statement { status: StatementStatus::Cancelled, .. } => {}
            What::Statement { payable, status } => {
                let open = if status == StatementStatus::Unpaid { payable } else { 0 };
                [(7, open), (9, 1)].iter().for_each(|(place, value)| add(*place, *value));
            }
            What::Payment { coupon, balance } => {
                [(3, coupon), (4, balance)].iter().for_each(|(place, value)| add(*place, *value));
            }
            What::Refund { amount, correction } => {
                [(5, amount), (6, if correction { amount } else { 0 })]
                    .iter()
                    .for_each(|(place, value)| add(*place, *value));
            }
        }
    }
    (added, resources.len().try_into().unwrap())
}

fn sum<'a>(figures: impl Iterator<Item = &'a ReportFigures>) -> [i128; 10] {
    figures.map(|figures| numbers(figures).0).fold([0; 10], |sum, next| {
        let mut sum = sum;
        sum.iter_mut().zip(next).for_each(|(sum, next)| *sum += next);
        sum
    })
}

proptest! {
    /// R-S3: every figure is that of the model, and each level is the sum of the one below.
    #[test]
    fn a_report_is_the_slow_sum_of_its_rows(rows in prop::collection::vec(any_row(), 0..60)) {
        let report = report(february(), &rows);
        prop_assert_eq!(numbers(&report.total), model(&rows, |_| true));
        prop_assert_eq!(sum(report.owners.iter().map(|owner| &owner.total)), numbers(&report.total).0);
        prop_assert_eq!(sum(report.units.iter().map(|(_, total)| total)), numbers(&report.total).0);
        for (unit, total) in &report.units {
            prop_assert_eq!(numbers(total), model(&rows, |row| row.unit.to_string() == unit.as_str()));
        }
        for owner in &report.owners {
            let id = owner.owner.id();
            prop_assert_eq!(numbers(&owner.total), model(&rows, |row| row.owner.to_string() == id));
            prop_assert_eq!(sum(owner.units.iter().map(|unit| &unit.total)), numbers(&owner.total).0);
            for unit in &owner.units {
                let is_asked = |row: &Row| row.owner.to_string() == id && row.unit.to_string() == unit.unit.as_str();
                prop_assert_eq!(numbers(&unit.total), model(&rows, is_asked));
                let kinds = Money::sum(unit.kinds.iter().map(|kind| kind.payable), CNY).unwrap();
                prop_assert_eq!(kinds, unit.total.payable);
            }
        }
    }

    /// R-S3: a month is the sum of its days, and the order of rows means nothing.
    #[test]
    fn a_month_is_the_sum_of_its_days_in_any_order(
        (rows, shuffled) in prop::collection::vec(any_row(), 0..60)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let month = report(february(), &rows);
        prop_assert_eq!(&month, &report(february(), &shuffled));
        let days: Vec<Report> = (1..=29)
            .map(|number| {
                let of_day: Vec<Row> = rows.iter().filter(|row| row.day == number).cloned().collect();
                report(day(number).into(), &of_day)
            })
            .collect();
        prop_assert_eq!(sum(days.iter().map(|day| &day.total)), numbers(&month.total).0);
        for owner in &month.owners {
            let of_days = days.iter().flat_map(|day| day.owners.iter().filter(|day| day.owner == owner.owner));
            prop_assert_eq!(sum(of_days.map(|day| &day.total)), numbers(&owner.total).0);
        }
    }

    /// R-S3: the top items are the first of all by amount, then by name.
    #[test]
    fn no_resource_that_is_left_out_of_the_top_costs_more(rows in prop::collection::vec(any_row(), 0..60)) {
        let mut all: BTreeMap<_, (i64, i64)> = BTreeMap::new();
        for row in &rows {
            if let What::Reading { kind, resource, original, payable, .. } = row.what {
                let kind = ["server", "disk"][usize::from(kind)];
                let sums = all.entry((row.owner, row.unit, kind, resource)).or_default();
                *sums = (sums.0 + payable, sums.1 + original);
            }
        }
        // `Kind` is ordered as it is declared, servers before disks.
        let mut all: Vec<_> = all.into_iter().map(|((owner, unit, kind, resource), (payable, original))| {
            (-payable, -original, owner, unit, kind != "server", resource)
        }).collect();
        all.sort_unstable();
        let shown: Vec<_> = report(february(), &rows).top.iter().map(|item| {
            let number = |text: &str| text.parse::<u8>().unwrap();
            (number(item.owner.id()), number(item.unit.as_str()), number(item.resource.as_str()))
        }).collect();
        let wanted: Vec<_> = all.iter().take(3).map(|item| (item.2, item.3, item.5)).collect();
        prop_assert_eq!(shown, wanted);
    }

    /// R-S8: whatever is asked for and becomes of it, no top-up stands in two invoices, and none for more than is left.
    #[test]
    fn each_top_up_is_invoiced_once(
        top_ups in prop::collection::vec((0..4_i64, 0..4_i64), 1..5),
        steps in prop::collection::vec((0..4_usize, 0..8_usize, 0..4_usize), 0..24),
    ) {
        let owner = Owner::User("ada".into());
        let source = |(index, (paid, refunded)): (usize, &(i64, i64))| InvoiceSource {
            id: index.to_string(), owner: owner.clone(), amount: cents(*paid), refunded: cents(*paid.min(refunded)),
        };
        let sources: Vec<InvoiceSource> = top_ups.iter().enumerate().map(source).collect();
        let mut invoices: Vec<Invoice> = Vec::new();
        for (number, (action, which, event)) in steps.into_iter().enumerate() {
            if action < 2 {
                let from = if action == 0 { InvoiceFrom::All } else { InvoiceFrom::Chosen(vec![which.to_string()]) };
                let request = InvoiceRequest { id: number.to_string(), owner: owner.clone(), from };
                if let Ok(InvoiceOutcome::New(invoice)) = request.draw(&sources, &invoices) {
                    invoices.push(invoice);
                }
            } else if let Some(invoice) = invoices.get_mut(which)
                && let Ok(moved) = invoice.clone().after(InvoiceEvent::ALL[event], &sources)
            {
                *invoice = moved;
            }
            let standing = || invoices.iter().filter(|invoice| invoice.state().holds()).flat_map(Invoice::lines);
            let mut seen = BTreeSet::new();
            for line in standing() {
                prop_assert!(seen.insert(&line.source), "{} is invoiced twice", line.source);
                let source = sources.iter().find(|source| source.id == line.source).unwrap();
                prop_assert_eq!(line.amount, source.invoiceable().unwrap());
            }
        }
    }
}

/// R-S2: every group of up to four statements of −2 to 2 cents, in every state. What is settled is what is right: what
/// was paid and what is charged or refunded add up to what all statements ask for that stand.
#[test]
fn no_cent_is_lost_by_any_small_group() {
    let states = [StatementStatus::Unpaid, StatementStatus::Paid, StatementStatus::Cancelled];
    let choices: Vec<(i64, StatementStatus)> =
        (-2..=2).flat_map(|payable| states.map(|status| (payable, status))).collect();
    let mut groups = 0;
    for length in 1..=4_u32 {
        for number in 0..choices.len().pow(length) {
            let place = |sequence: u32| number / choices.len().pow(sequence) % choices.len();
            check((0..length).map(|sequence| choices[place(sequence)]).collect());
            groups += 1;
        }
    }
    assert_eq!(groups, 15 + 225 + 3_375 + 50_625);
}

fn check(group: Vec<(i64, StatementStatus)>) {
    let of = |status| group.iter().filter(move |one| one.1 == status).map(|one| one.0);
    let (open, paid): (i64, i64) = (of(StatementStatus::Unpaid).sum(), of(StatementStatus::Paid).sum());
    let is_open = of(StatementStatus::Unpaid).count() > 0;
    let members: Vec<GroupStatement> = group.iter().zip(0..).map(|(one, sequence)| member(*one, sequence)).collect();
    match correct(&members) {
        Err(error) => {
            assert_eq!(error.code(), "statement.nothing_to_refund", "{group:?}");
            assert!(open < 0 && paid + open < 0, "{group:?}");
        }
        Ok(correction) => {
            let settled = match correction.action() {
                CorrectionAction::Nothing => {
                    assert!(!is_open, "{group:?}");
                    cents(0)
                }
                CorrectionAction::Settle => correction.amount(),
                CorrectionAction::Charge { order } => {
                    let asks = correction.open().iter().find(|open| open.id == *order).expect("an open statement");
                    assert!(!asks.payable.is_negative() && !asks.payable.is_zero());
                    correction.amount()
                }
                CorrectionAction::Refund { of, .. } => {
                    assert!(paid >= -open && !of.is_empty(), "{group:?}");
                    correction.amount().negated()
                }
            };
            assert!(!correction.amount().is_negative());
            assert_eq!(settled, cents(open), "{group:?}");
            assert_eq!(correction.open().len(), of(StatementStatus::Unpaid).count());
        }
    }
}

fn member((payable, status): (i64, StatementStatus), sequence: u32) -> GroupStatement {
    let owner = Owner::User("ada".into());
    let key = StatementKey { day: day(20), owner, unit: name("vm"), kind: Kind::Server, sequence };
    let reading = ReadingId { resource: name("s-1"), window: day(20).period() };
    let line = StatementLine { reading, original: cents(payable), payable: cents(payable) };
    GroupStatement { statement: Statement::new(key, vec![line]).unwrap().with_status(status), paid_as: None }
}
