//! The tables that close a run.

use super::compare::Compared;
use crate::table::{grouped, ruled};
use comfy_table::Table;
use std::{collections::BTreeSet, time::Duration};

/// A language in the tables.
pub(super) struct Row {
    language: &'static str,
    took: Duration,
    /// None for Rust, with which the others are compared.
    compared: Option<Compared>,
}

impl Row {
    pub(super) fn of_rust(took: Duration) -> Self {
        Self { language: "Rust", took, compared: None }
    }

    pub(super) fn of(language: &'static str, took: Duration, compared: Compared) -> Self {
        Self { language, took, compared: Some(compared) }
    }
}

/// A line for each language.
pub(super) fn languages(rows: &[Row]) -> Table {
    let header = ["language", "seconds", "other bytes", "typed: same", "typed: not passed", "typed: different"];
    let mut table = ruled(&header, 1..header.len());
    for Row { language, took, compared } in rows {
        let figures = match compared {
            None => [const { String::new() }; 4],
            Some(of) => {
                let not_passed = of.not_passed.values().sum();
                [of.different, of.typed_same, not_passed, of.typed_different].map(figure)
            }
        };
        table.add_row([(*language).to_owned(), format!("{:.1}", took.as_secs_f64())].into_iter().chain(figures));
    }
    table
}

/// Why typed functions can not be given a case, and how many cases, in each language.
pub(super) fn reasons(rows: &[Row]) -> Table {
    let compared: Vec<_> =
        rows.iter().filter_map(|row| row.compared.as_ref().map(|compared| (row.language, compared))).collect();
    let names = compared.iter().map(|(language, _)| *language);
    let mut table = ruled(&["not passed, since it has"].into_iter().chain(names).collect::<Vec<_>>(), 1..rows.len());
    let reasons: BTreeSet<_> = compared.iter().flat_map(|(_, compared)| compared.not_passed.keys()).collect();
    for reason in reasons {
        let counts = compared.iter().map(|(_, of)| figure(of.not_passed.get(reason).copied().unwrap_or_default()));
        table.add_row([reason.clone()].into_iter().chain(counts));
    }
    table
}

/// A count as it is shown.
pub(super) fn figure(count: usize) -> String {
    grouped(u64::try_from(count).unwrap_or(u64::MAX), ',')
}
