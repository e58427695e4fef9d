//! Ranges: no address is in two rows, and every row and every record came of something that was asked.

use super::{books::Books, told::Told};
use crate::ranges::shown;
use std::collections::BTreeSet;

/// Rows that share addresses, or that nobody asked for.
pub(super) fn check(told: &Told, books: &Books) -> Vec<String> {
    let mut findings = Vec::new();
    let mut rows: Vec<_> = books.ranges.iter().collect();
    rows.sort_by_key(|row| row.range.first());
    for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
        if row.range.last() >= next.range.first() {
            findings.push(format!("{} of {} and {} of {} share addresses", row.range, row.id, next.range, next.id));
        }
    }
    let unasked = books.range_records.keys().filter(|request| !told.range_changes.contains_key(*request));
    findings.extend(unasked.map(|request| format!("nobody asked for the change of ranges {request}")));
    let left: BTreeSet<&String> = books.range_records.values().flatten().collect();
    let rows = shown(&books.ranges);
    findings.extend(rows.iter().filter(|row| !left.contains(row)).map(|row| format!("no change left the row {row}")));
    findings
}
