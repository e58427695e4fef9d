//! A batch says of each row what the core says of it alone, whatever the types of its columns, the number of threads
//! and the size of chunks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on should stop")]

mod world;

use arrow_array::{Array, RecordBatch, cast::AsArray, types::Int64Type};
use counterfoil_arrow::{BatchError, Run};
use proptest::prelude::*;
use std::num::NonZeroUsize;
use world::{Answer, answers, form, rater, rows};

fn number(value: usize) -> NonZeroUsize {
    NonZeroUsize::new(value).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn each_row_is_what_the_core_says_of_it_alone(
        (form, rows) in form().prop_flat_map(|form| { let rows = rows(&form, 24); (Just(form), rows) }),
        chunk in 1..30_usize,
    ) {
        let batch_rater = form.batch_rater();
        let batch = form.batch(&rows);
        let rater = rater(&form);
        let expected: Vec<Answer> = rows.iter().map(|row| form.expected(&rater, row)).collect();
        let rated = batch_rater.rate_batch(&batch, Run::here().in_chunks_of(number(chunk))).unwrap();
        prop_assert_eq!(&answers(&rated), &expected);
        prop_assert_eq!(rated.schema(), batch_rater.output_schema(&batch.schema()).unwrap());
        // What is handed through is the very same.
        let resource = rated.column_by_name("resource").unwrap();
        prop_assert_eq!(resource.to_data(), batch.column_by_name("resource").unwrap().to_data());
        // One alone tells the whole error.
        for (row, answer) in expected.iter().enumerate() {
            match (answer, batch_rater.row(&batch, row)) {
                (Answer::Faulty(code), Err(error)) => prop_assert_eq!(code, error.code()),
                (Answer::Faulty(code), Ok(_)) => prop_assert_eq!(code, "money.overflow"),
                (Answer::Absent, alone) => prop_assert_eq!(alone, Ok(None)),
                (Answer::Rated { amounts, .. }, alone) => {
                    let (original, payable) = alone.unwrap().unwrap();
                    prop_assert_eq!(*amounts, [original.mantissa(), payable.mantissa()]);
                }
            }
        }
    }

    #[test]
    fn neither_threads_nor_chunks_change_anything(
        (form, rows) in form().prop_flat_map(|form| { let rows = rows(&form, 40); (Just(form), rows) }),
        chunks in prop::collection::vec((1..5_usize, 1..45_usize), 3),
        cuts in prop::collection::vec(0..40_usize, 0..4),
    ) {
        let rater = form.batch_rater();
        let batch = form.batch(&rows);
        let whole = rater.rate_batch(&batch, Run::here()).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).chain([0, rows.len()]).collect();
        cuts.sort_unstable();
        for (threads, chunk) in chunks {
            let run = || Run::on_threads(number(threads)).in_chunks_of(number(chunk));
            prop_assert_eq!(&rater.rate_batch(&batch, run()).unwrap(), &whole);
            let batches = cuts.windows(2).map(|cut| Ok(batch.slice(cut[0], cut[1] - cut[0])));
            let mut out: Vec<RecordBatch> = vec![];
            let counts = rater.rate_batches::<BatchError>(batches, |batch| { out.push(batch); Ok(()) }, run()).unwrap();
            prop_assert!(out.iter().all(|piece| (1..=chunk).contains(&piece.num_rows())));
            let pieces: Vec<Answer> = out.iter().flat_map(answers).collect();
            prop_assert_eq!(&pieces, &answers(&whole));
            let ids = |batch: &RecordBatch| batch.column_by_name("resource").unwrap().as_primitive::<Int64Type>().values().to_vec();
            prop_assert_eq!(out.iter().flat_map(ids).collect::<Vec<_>>(), ids(&whole));
            prop_assert_eq!(counts.rows(), rows.len());
            prop_assert_eq!(counts.absent, pieces.iter().filter(|answer| **answer == Answer::Absent).count());
            prop_assert_eq!(counts.faulty, pieces.iter().filter(|answer| matches!(answer, Answer::Faulty(_))).count());
        }
    }
}
