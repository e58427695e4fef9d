//! Progress, cancellation, errors on the way, amounts that do not fit.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on should stop")]

mod world;

use arrow_array::{
    RecordBatch, StringArray,
    cast::AsArray,
    types::{Int16Type, Int64Type, UInt64Type},
};
use counterfoil::{
    metering::{ChargeMode, QuotaCharge},
    money::Rounding,
    pricing::bulk::UsageDetail,
};
use counterfoil_arrow::{BatchError, BatchRater, Cancel, MoneyType, Progress, Run, faults};
use std::{num::NonZeroUsize, ops::ControlFlow, thread};
use world::{Answer, DAY_START, Form, ModeType, NumberType, Row, Span, TariffType, answers};

fn number(value: usize) -> NonZeroUsize {
    NonZeroUsize::new(value).unwrap()
}

fn form(money: MoneyType) -> Form {
    Form {
        lists: None,
        mode: ModeType::All(ChargeMode::PostPaid),
        numbers: vec![NumberType::All(0), NumberType::All(0), NumberType::Decimal128(0)],
        window_columns: false,
        tariff: TariffType::All(0),
        money,
        usage: UsageDetail::None,
        rounding: Rounding::PORTAL,
        quota: QuotaCharge::Free,
        before: 0,
        behind: 0,
    }
}

fn row(size: i128) -> Row {
    let quantities = vec![Some(0), Some(0), Some(size)];
    let span = Span { is_there: true, start: Some(DAY_START), end: None, mode: None, quantities };
    Row { spans: vec![span], has_list: true, window: (None, None), kind: None, tariff: None }
}

fn ten_thousand() -> (BatchRater, RecordBatch) {
    let form = form(MoneyType::Scaled);
    (form.batch_rater(), form.batch(&(0..10_000).map(row).collect::<Vec<_>>()))
}

#[test]
fn an_amount_that_does_not_fit_is_a_fault_of_its_row_alone() {
    // A day at 0.70: 9223372036854775807 cents are the most.
    let most = 9_223_372_036_854_775_807_i128 / 70;
    let rows = [row(1), row(most), row(most + 1), row(10_i128.pow(28)), row(10_i128.pow(30)), row(2)];
    let amount = |cents| Answer::Rated { times: [86_400_000_000; 2], amounts: [cents; 2], usage: vec![] };
    let overflow = || Answer::Faulty("money.overflow".into());
    for chunk in [1, 2, 100] {
        let form = form(MoneyType::Scaled);
        let scaled =
            form.batch_rater().rate_batch(&form.batch(&rows), Run::here().in_chunks_of(number(chunk))).unwrap();
        let found = answers(&scaled);
        assert_eq!(found[..4], [amount(70), amount(most * 70), overflow(), overflow()]);
        assert!(matches!(&found[4], Answer::Faulty(_)));
        assert_eq!(found[5], amount(140));
    }
    let form = form(MoneyType::Decimal);
    let decimal = answers(&form.batch_rater().rate_batch(&form.batch(&rows), Run::here()).unwrap());
    assert_eq!(decimal[2], amount((most + 1) * 70));
}

#[test]
fn a_usage_of_more_than_38_digits_is_a_fault_of_its_row_alone() {
    // A day has 86400000000 µs.
    let fits = (10_i128.pow(38) - 1) / 86_400_000_000;
    let numbers = vec![NumberType::All(0), NumberType::All(0), NumberType::Decimal128(3)];
    let form = Form { usage: UsageDetail::Parts, numbers, ..form(MoneyType::Decimal) };
    let rows = [row(fits), row(fits + 1), row(3)];
    let found = answers(&form.batch_rater().rate_batch(&form.batch(&rows), Run::here()).unwrap());
    let Answer::Rated { usage, .. } = &found[0] else { panic!("{found:?}") };
    assert_eq!(usage[4..], [fits * 86_400_000_000; 2]);
    assert_eq!(found[1], Answer::Faulty("money.overflow".into()));
    assert!(matches!(found[2], Answer::Rated { .. }));
}

#[test]
fn progress_rises_to_the_end_on_the_calling_thread() {
    let (rater, batch) = ten_thousand();
    for threads in 1..=4 {
        let caller = thread::current().id();
        let mut seen = vec![];
        let mut watch = |progress: Progress| {
            assert_eq!(thread::current().id(), caller);
            seen.push(progress);
            ControlFlow::Continue(())
        };
        let run = Run::on_threads(number(threads)).in_chunks_of(number(999)).watched_by(&mut watch);
        rater.rate_batch(&batch, run).unwrap();
        let expected: Vec<Progress> =
            (1..=11).map(|chunk| Progress { rows: (chunk * 999).min(10_000), of: Some(10_000) }).collect();
        assert_eq!(seen, expected);
    }
}

#[test]
fn a_run_that_is_cancelled_hands_over_nothing_that_is_not_whole() {
    let (rater, batch) = ten_thousand();
    for threads in 1..=4 {
        // By the one who watches.
        let mut watch = |progress: Progress| match progress.rows >= 3_000 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let run = Run::on_threads(number(threads)).in_chunks_of(number(1_000)).watched_by(&mut watch);
        assert_eq!(rater.rate_batch(&batch, run), Err(BatchError::Cancelled { rows: 3_000 }));

        // By a token, while pieces are handed over.
        let cancel = Cancel::new();
        let mut handed = 0;
        let sink = |piece: RecordBatch| {
            handed += piece.num_rows();
            if handed == 4_000 {
                cancel.cancel();
            }
            Ok::<(), BatchError>(())
        };
        let run = Run::on_threads(number(threads)).in_chunks_of(number(1_000)).cancelled_by(&cancel);
        let error = rater.rate_batches([Ok(batch.clone())], sink, run).unwrap_err();
        assert_eq!((error, handed), (BatchError::Cancelled { rows: 4_000 }, 4_000));

        // Before it begins.
        let run = Run::on_threads(number(threads)).cancelled_by(&cancel);
        assert_eq!(rater.rate_batch(&batch, run), Err(BatchError::Cancelled { rows: 0 }));
    }
}

#[test]
fn errors_come_in_order_and_what_was_before_them_is_handed_over() {
    let (rater, batch) = ten_thousand();
    let wrong = batch.project(&[0, 1]).unwrap();
    for threads in 1..=4 {
        let run = || Run::on_threads(number(threads)).in_chunks_of(number(700));
        // A batch of another schema, behind a good one and before an error of the source.
        let batches = vec![Ok(batch.clone()), Ok(wrong.clone()), Err(BatchError::WorkerFailed)];
        let mut rows = vec![];
        let error = rater
            .rate_batches(
                batches,
                |piece| {
                    rows.extend(
                        piece.column_by_name("resource").unwrap().as_primitive::<Int64Type>().values().to_vec(),
                    );
                    Ok(())
                },
                run(),
            )
            .unwrap_err();
        assert_eq!(error.code(), "arrow.missing_column");
        assert_eq!(rows, (0..10_000).collect::<Vec<i64>>());

        // Of the source.
        let error = rater.rate_batches([Ok(batch.clone()), Err(BatchError::WorkerFailed)], |_| Ok(()), run());
        assert_eq!(error, Err(BatchError::WorkerFailed));

        // Of the sink: nothing more is handed to it.
        let mut pieces = 0;
        let sink = |_| {
            pieces += 1;
            if pieces == 2 { Err(BatchError::WorkerFailed) } else { Ok(()) }
        };
        assert_eq!(rater.rate_batches([Ok(batch.clone())], sink, run()), Err(BatchError::WorkerFailed));
        assert_eq!(pieces, 2);
    }
}

#[test]
fn no_more_is_under_way_than_was_said() {
    let (rater, batch) = ten_thousand();
    for threads in 1..=4 {
        let (taken, handed) = (std::cell::Cell::new(0_usize), std::cell::Cell::new(0_usize));
        let batches = (0..100).map(|piece| {
            taken.set(taken.get() + 1);
            // Those under way, and the one that is just taken.
            assert!(taken.get() - handed.get() <= 2 * threads, "{} {}", taken.get(), handed.get());
            Ok::<_, BatchError>(batch.slice(piece * 100, 100))
        });
        let sink = |_| {
            handed.set(handed.get() + 1);
            Ok(())
        };
        let counts = rater.rate_batches(batches, sink, Run::on_threads(number(threads))).unwrap();
        assert_eq!((counts.rows(), counts.rated, handed.get()), (10_000, 10_000, 100));
    }
}

#[test]
fn no_rows_are_no_trouble() {
    let (rater, batch) = ten_thousand();
    let none = rater.rate_batch(&batch.slice(5, 0), Run::on_threads(number(3))).unwrap();
    assert_eq!(none.num_rows(), 0);
    assert_eq!(none.schema(), rater.output_schema(&batch.schema()).unwrap());
    let mut pieces = 0;
    let counts = rater.rate_batches::<BatchError>(
        [Ok(batch.slice(0, 0)), Ok(batch.slice(1, 0))],
        |_| {
            pieces += 1;
            Ok(())
        },
        Run::here(),
    );
    assert_eq!((counts.unwrap().rows(), pieces), (0, 0));
    assert_eq!(rater.row(&batch, 10_000).unwrap_err().code(), "bulk.unknown_id");
}

#[test]
fn a_row_says_why_it_costs_what_it_costs() {
    let (rater, batch) = ten_thousand();
    let why = rater.explain(&batch, 7).unwrap().unwrap().to_string();
    assert!(why.contains("4.90"), "{why}");
}

#[test]
fn codes_stand_in_one_dictionary_in_order() {
    let form = Form { lists: Some(false), mode: ModeType::Codes, ..form(MoneyType::Decimal) };
    let mut unknown = row(1);
    unknown.spans[0].mode = Some(3);
    let mut null = row(1);
    null.spans[0].mode = None;
    let mut none = row(1);
    none.spans.clear();
    let mut fine = row(1);
    fine.spans[0].mode = Some(0);
    let rows = [unknown.clone(), fine.clone(), none, null, fine, unknown];
    for chunk in 1..8 {
        let run = Run::on_threads(number(2)).in_chunks_of(number(chunk));
        let rated = form.batch_rater().rate_batch(&form.batch(&rows), run).unwrap();
        let codes = rated.column_by_name("code").unwrap().as_any_dictionary();
        let values: Vec<_> = codes.values().as_string::<i32>().iter().flatten().collect();
        assert_eq!(values, ["arrow.null_in_column", "metering.no_spans", "metering.unknown_charge_mode"]);
        assert_eq!(codes.nulls().unwrap().null_count(), 2);
    }
}

#[test]
fn faulty_rows_make_a_batch_of_their_own() {
    let form = form(MoneyType::Scaled);
    let rows = [row(1), row(-1), row(2), row(10_i128.pow(37)), row(-7)];
    let rated = form.batch_rater().rate_batch(&form.batch(&rows), Run::here()).unwrap();
    let found = faults(&rated.slice(1, 4), 1_000).unwrap();
    assert_eq!(found.column(0).as_primitive::<UInt64Type>().values(), &[1_000, 1_002, 1_003]);
    let codes = found.column(1).as_dictionary::<Int16Type>().downcast_dict::<StringArray>().unwrap();
    let expected = ["units.negative", "money.too_many_digits", "units.negative"];
    assert_eq!(codes.into_iter().flatten().collect::<Vec<_>>(), expected);
    assert_eq!(faults(&rated.project(&[0]).unwrap(), 0).unwrap_err().code(), "arrow.missing_column");
}
