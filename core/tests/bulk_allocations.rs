//! No allocation per row: each bulk kernel fills outputs that it has filled before, over so many rows and over four
//! times as many, and allocates no more often.
//!
//! What a batch allocates once (its scratch, the fitted weights of a tariff) is allowed; so is that the scratch of a
//! larger batch doubles a few times more. What does allocate for a row stands in [`EXCEPTIONS`], with how often and why.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod kernels;

use kernels::{Kernel, ROWS, addresses, placement, pricing, statement, wallet};

/// How often a few vectors grow more when there are four times as many rows.
const DOUBLINGS: u64 = 8;

/// The kernels that allocate nothing for a row.
const KERNELS: [(&str, Kernel); 30] = [
    ("rating in 64 bits, one span each", pricing::narrow),
    ("rating in 64 bits, 3 changes each", pricing::histories),
    ("rating in 128 bits", pricing::wide),
    ("rating in 128 bits, 3 changes each", pricing::wide_histories),
    ("rating with a window for each", pricing::windows),
    ("rating with the usage of parts", pricing::usage),
    ("rating, each line rounded", pricing::by_line),
    ("rating in 128 bits, each line rounded to a fine step", pricing::wide_by_line),
    ("rating, each segment of 3 changes rounded", pricing::by_segment),
    ("rating resources that were not there", pricing::absent),
    ("inquiries, rounded once", pricing::inquiries),
    ("inquiries, each line rounded", pricing::inquiries_by_line),
    ("inquiries that have a fault", pricing::faulty_inquiries),
    ("statements of a batch that was placed before", statement::placed),
    ("statements from the first batch on", statement::first),
    ("lists of the lines of statements", statement::lines),
    ("deduction from coupons", wallet::coupons),
    ("deduction from named coupons", wallet::named),
    ("deduction from balance and debt", wallet::debt),
    ("charges above what is there", wallet::not_enough),
    ("refunds in proportion", wallet::refund_in_proportion),
    ("refunds, the last that paid first", wallet::refund_in_reverse),
    ("refunds, the account first", wallet::refund_paid_first),
    ("refunds, the coupons first", wallet::refund_free_first),
    ("refunds above what was paid", wallet::refund_too_much),
    ("longest matches", addresses::longest_matches),
    ("which addresses a set has", addresses::contains_each),
    ("pieces of ranges", addresses::pieces),
    ("lines of canonical text", addresses::canonical_lines),
    ("writing lines of text", addresses::write_lines),
];

/// What does allocate for a row.
struct Exception {
    kernel: &'static str,
    run: Kernel,
    /// How often at most, and in how many rows.
    often: u64,
    rows: u64,
    why: &'static str,
}

const EXCEPTIONS: [Exception; 6] = [
    Exception {
        kernel: "rating beyond 128 bits",
        run: pricing::beyond_128_bits,
        often: 20,
        rows: 1,
        why: "such a row is rated by the single call, with a history of its own and in big integers",
    },
    Exception {
        kernel: "rating rows that have a fault",
        run: pricing::faulty,
        often: 1,
        rows: 1,
        why: "the fault is named by the single call, which makes a history",
    },
    Exception {
        kernel: "readings that come twice",
        run: statement::repeated,
        often: 1,
        rows: 1,
        why: "the code is that of an error, which has the reading as text",
    },
    Exception {
        kernel: "pieces of ranges that have a fault",
        run: addresses::pieces_of_faults,
        often: 3,
        rows: 1,
        why: "the code is that of an error, which has ranges and numbers as text",
    },
    Exception {
        kernel: "minimal pieces of ranges",
        run: addresses::minimal_pieces,
        often: 1,
        rows: 1,
        why: "the plan of a range is a list, as `PieceLists::mini_split` says",
    },
    Exception {
        kernel: "verdicts of products",
        run: placement::verdicts,
        often: 80,
        rows: 512,
        why: "products are judged in batches of 512, and each batch has columns of its own: memory stays that of one",
    },
];

#[test]
fn no_kernel_allocates_for_a_row() {
    let growing: Vec<String> = KERNELS
        .iter()
        .map(|(kernel, run)| (kernel, run(ROWS), run(4 * ROWS)))
        .filter(|(_, few, many)| *many > few + DOUBLINGS)
        .map(|(kernel, few, many)| format!("{kernel}: {few} over {ROWS} rows, {many} over {}", 4 * ROWS))
        .collect();
    assert!(growing.is_empty(), "{}", growing.join("\n"));
}

/// An exception that is none any more belongs among the kernels above.
#[test]
fn what_allocates_for_a_row_does_so_no_more_often_than_is_said() {
    for Exception { kernel, run, often, rows, why } in EXCEPTIONS {
        let more = run(4 * ROWS).saturating_sub(run(ROWS));
        let most = often * (3 * u64::try_from(ROWS).unwrap()).div_ceil(rows) + DOUBLINGS;
        assert!(more > DOUBLINGS, "{kernel}: it allocates nothing for a row any more ({why})");
        assert!(more <= most, "{kernel}: {more} above {most} ({why})");
    }
}

/// The counter counts: a kernel that allocates is seen.
#[test]
fn an_allocation_for_each_row_is_seen() {
    let boxes =
        |rows: usize| kernels::second_run(|| (0..rows).for_each(|row| drop(std::hint::black_box(Box::new(row)))));
    assert_eq!((boxes(ROWS), boxes(4 * ROWS)), (1_000, 4_000));
}
