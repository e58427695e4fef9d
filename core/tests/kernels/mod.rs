//! The bulk kernels, each over so many rows of its own.

pub(crate) mod addresses;
pub(crate) mod placement;
pub(crate) mod pricing;
pub(crate) mod statement;
pub(crate) mod wallet;

/// A kernel over so many rows: how often its second run allocates.
pub(crate) type Kernel = fn(usize) -> u64;

/// The fewer rows.
pub(crate) const ROWS: usize = 1_000;

/// How often a kernel allocates that was run once before, with the same outputs.
pub(crate) fn second_run(mut kernel: impl FnMut()) -> u64 {
    kernel();
    allocation_counter::measure(kernel).count_total
}

/// A column of numbers that go round.
pub(crate) fn round<T>(rows: usize, numbers: impl Fn(i64) -> T) -> Vec<T> {
    (0_i64..).take(rows).map(numbers).collect()
}
