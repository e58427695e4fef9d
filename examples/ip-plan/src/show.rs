//! What the commands have in common to show: tables, shares, maps.

use crate::{
    args::Output,
    map::{self, Piece},
};
use anyhow::{Context, Result};
use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use counterfoil::{
    error::Error,
    exact::{Exact, RoundingMode, decimal},
    ipam::{Address, Interval, Prefix, PrefixLen, Range, Size},
};
use std::{fs, io::Write, path::Path};

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// A table whose columns from `figures` on hold figures.
pub(crate) fn table(header: &[&str], figures: usize) -> Table {
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(header.iter().map(Cell::new));
    for column in table.column_iter_mut().skip(figures) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A range as two cells and its size.
pub(crate) fn cells<A: Address>(range: Range<A>) -> [String; 4] {
    [range.to_string(), range.first().to_string(), range.last().to_string(), grouped(range.size())]
}

/// Prints a table, and below it how many lines it left out.
pub(crate) fn print(table: &Table, more: Option<Size>, to: &mut impl Write) -> Result<()> {
    writeln!(to, "{}", table.trim_fmt())?;
    if let Some(more) = more.filter(|more| !more.is_zero()) {
        writeln!(to, "  … {} more: --show says how many lines a table has", grouped(more))?;
    }
    Ok(())
}

/// Draws the map that was asked for; says where it is.
pub(crate) fn draw<A: Address>(
    network: Prefix<A>,
    title: String,
    pieces: &[Piece<A>],
    output: &Output,
    to: &mut impl Write,
) -> Result<()> {
    match &output.svg {
        Some(file) => draw_to(file, network, title, pieces, output, to),
        None => Ok(()),
    }
}

/// Draws a map into a file; says so.
pub(crate) fn draw_to<A: Address>(
    file: &Path,
    network: Prefix<A>,
    title: String,
    pieces: &[Piece<A>],
    output: &Output,
    to: &mut impl Write,
) -> Result<()> {
    let line = output.line.map(PrefixLen::new).transpose()?;
    let picture = map::draw(network, line, title, pieces)?;
    fs::write(file, picture).with_context(|| format!("`{}` can not be written", file.display()))?;
    writeln!(to, "\nmap: {}", file.display())?;
    Ok(())
}

/// The network that holds an interval, for a map of it.
pub(crate) fn network_of<A: Address>(interval: Interval<A>) -> Prefix<A> {
    Prefix::containing(interval.first(), interval.tightest_length())
}

/// A part of a whole in percent, rounded half-even to two digits; exactly, up to 2^128.
pub(crate) fn share(part: Size, whole: Size) -> Result<String, Error> {
    if whole.is_zero() {
        return Ok("–".to_owned());
    }
    let ratio: Exact = format!("{part}/{whole}").parse()?;
    let percent = ratio.times(&Exact::from(100))?.round_to(decimal::parse("0.01")?, RoundingMode::HalfEven)?;
    Ok(if percent.is_zero() && !part.is_zero() { "< 0.01 %".to_owned() } else { format!("{percent} %") })
}

/// A count with thousands apart, `16,777,216`; beyond 15 digits with its power of two apart, `643 × 2^64`.
pub(crate) fn grouped(size: Size) -> String {
    let digits = size.to_string();
    if digits.len() <= 15 {
        return thousands(&digits);
    }
    let zeros = size.to_u128().map_or(128, u128::trailing_zeros);
    match size.to_u128().and_then(|size| size.checked_shr(zeros)).unwrap_or(1) {
        1 => format!("2^{zeros}"),
        odd if zeros > 0 => format!("{} × 2^{zeros}", thousands(&odd.to_string())),
        _ => thousands(&digits),
    }
}

fn thousands(digits: &str) -> String {
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_shares_are_written_for_people() {
        assert_eq!(grouped(Size::from(16_777_216)), "16,777,216");
        assert_eq!(grouped(Size::from(999)), "999");
        assert_eq!(grouped(Size::WHOLE), "2^128");
        assert_eq!(grouped(Size::from(643 << 64)), "643 × 2^64");
        assert_eq!(grouped(Size::from((1 << 60) + 1)), "1,152,921,504,606,846,977");
        assert_eq!(share(Size::from(1), Size::from(3)).unwrap(), "33.33 %");
        assert_eq!(share(Size::power_of_two(127), Size::WHOLE).unwrap(), "50.00 %");
        assert_eq!(share(Size::from(1), Size::WHOLE).unwrap(), "< 0.01 %");
        assert_eq!(share(Size::ZERO, Size::ZERO).unwrap(), "–");
    }
}
