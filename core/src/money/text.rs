//! Derivations as text: numbers for the eye, columns that line up.

use crate::exact::{Exact, RoundingMode};

/// A decimal as it is; a fraction with its value to ten digits.
pub(crate) fn shown(exact: &Exact) -> String {
    let text = exact.to_string();
    match exact.round_digits(10, RoundingMode::HalfEven) {
        Ok(near) if text.contains('/') => format!("{text} (≈ {})", near.normalize()),
        _ => text,
    }
}

/// Columns padded to their widest cell; those from `amounts_from` on, which are amounts, to the right.
pub(crate) fn aligned<const N: usize>(table: &[[String; N]], amounts_from: usize) -> String {
    let mut widths = [0_usize; N];
    for row in table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns_of(cell));
        }
    }
    let mut text = String::new();
    for row in table {
        let mut line = String::new();
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            let amount = index >= amounts_from;
            // Nothing stands behind the last column, and one long formula there may not widen every row.
            let pads = amount || index.saturating_add(1) < N;
            let padding = if pads { " ".repeat(width.saturating_sub(columns_of(cell))) } else { String::new() };
            line.push_str("  ");
            line.push_str(if amount { &padding } else { cell });
            line.push_str(if amount { cell } else { &padding });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// How many columns of a terminal a text takes: two for the wide characters of Chinese.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| if ('\u{1100}'..='\u{ffdc}').contains(&c) && c >= '\u{2e80}' { 2 } else { 1 }).sum()
}
