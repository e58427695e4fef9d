//! From one file of rows to another.

use crate::{args::Output, rows, show};
use anyhow::Result;
use counterfoil::ipam::{Address, Range, RowDiff};
use std::{io::Write, path::Path};

/// What to create, delete and keep.
///
/// # Errors
/// What is wrong with one of the files; a range that stands in one twice.
pub(crate) fn diff<A: Address>(old: &Path, new: &Path, output: &Output, to: &mut impl Write) -> Result<()> {
    let old = rows::read::<A>(old)?;
    let new: Vec<Range<A>> = rows::read::<A>(new)?.iter().map(|row| row.range).collect();
    let diff = RowDiff::between(&old, &new)?;
    writeln!(to, "delete {}, create {}, keep {}\n", diff.delete.len(), diff.create.len(), diff.keep.len())?;

    let deleted = diff.delete.iter().map(|row| (row.range, "- delete", row.id.clone()));
    let created = diff.create.iter().map(|range| (*range, "+ create", String::new()));
    let kept = diff.keep.iter().map(|row| (row.range, "  keep", row.id.clone()));
    let mut steps: Vec<(Range<A>, &str, String)> = deleted.chain(created).chain(kept).collect();
    steps.sort();
    let mut table = show::table(&["", "range", "row", "addresses"], 3);
    for (range, step, id) in steps.iter().take(output.show) {
        table.add_row([(*step).to_owned(), range.to_string(), id.clone(), show::grouped(range.size())]);
    }
    let left = steps.len().saturating_sub(output.show);
    show::print(&table, Some(u128::try_from(left)?.into()), to)
}
