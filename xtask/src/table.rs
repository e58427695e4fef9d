//! Tables on the terminal.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use std::ops::Range;

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// A table with figures in some columns.
pub(crate) fn ruled(header: &[&str], figures: Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(header.iter().map(Cell::new));
    for column in table.column_iter_mut().skip(figures.start).take(figures.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let written = [0, 999, 1_000, 12_345, 1_234_567].map(|number| grouped(number, ','));
        assert_eq!(written, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }
}
