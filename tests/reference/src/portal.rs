//! What the portal computes for a day from its rows, word by word (R-U10).

use crate::{
    metering::{Usage, Window},
    number::Fraction,
};
use std::collections::BTreeMap;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The current row.
#[derive(Debug, Clone)]
pub struct Current {
    /// When the resource was created.
    pub created: i64,
    /// When the row began to hold.
    pub start: i64,
    /// When the resource was deleted.
    pub deleted: Option<i64>,
    /// `post_paid`, `pre_paid` or `quota`.
    pub mode: &'static str,
    /// What it is made of.
    pub spec: BTreeMap<String, Fraction>,
}

/// A row of the archive.
#[derive(Debug, Clone)]
pub struct Row {
    /// `rebuild`, `post2pre` or `expansion`.
    pub change: &'static str,
    /// When it began to hold.
    pub start: i64,
    /// When it ended.
    pub end: i64,
    /// What the resource was made of.
    pub spec: BTreeMap<String, Fraction>,
}

/// A server's usage, which is rounded together.
pub fn server(day: Window, current: &Current, archive: &[Row]) -> Option<Usage> {
    if current.created >= day.1 {
        return None;
    }
    let post_paid = current.mode == "post_paid";
    let mut usage = own_part(day, current, archive, post_paid);
    for (row, micros) in rows(day, current, archive) {
        match row.change {
            "rebuild" => usage.add(&row.spec, micros, post_paid),
            "post2pre" if current.mode == "pre_paid" => usage.add(&row.spec, micros, true),
            _ => {}
        }
    }
    Some(usage)
}

/// A disk's usage: its own part and its rows' part, which are rounded apart.
pub fn disk(day: Window, current: &Current, archive: &[Row]) -> Option<(Usage, Usage)> {
    if current.created >= day.1 {
        return None;
    }
    let own = own_part(day, current, archive, current.mode != "pre_paid");
    let mut converted = known_dimensions(current, archive);
    for (row, micros) in rows(day, current, archive) {
        if row.change == "post2pre" {
            converted.add(&row.spec, micros, true);
        }
    }
    Some((own, converted))
}

fn own_part(day: Window, current: &Current, archive: &[Row], pays: bool) -> Usage {
    let from = day.0.max(current.start);
    let until = current.deleted.unwrap_or(day.1).min(day.1);
    let mut usage = known_dimensions(current, archive);
    usage.add(&current.spec, (until - from).max(0), pays);
    usage
}

/// The archive rows that are read, each with the microseconds that count.
fn rows<'a>(day: Window, current: &Current, archive: &'a [Row]) -> Vec<(&'a Row, i64)> {
    let read = current.start > day.0 && (current.created < current.start || current.start >= day.1);
    if !read {
        return vec![];
    }
    let until = current.start.min(day.1);
    archive
        .iter()
        .filter(|row| row.start < until && row.end > day.0)
        .map(|row| (row, (row.end.min(until) - row.start.max(day.0)).clamp(0, DAY)))
        .collect()
}

fn known_dimensions(current: &Current, archive: &[Row]) -> Usage {
    let mut none = Usage::default();
    for spec in archive.iter().map(|row| &row.spec).chain([&current.spec]) {
        none.add(spec, 0, false);
    }
    none
}
