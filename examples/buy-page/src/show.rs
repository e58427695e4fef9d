//! The catalogue as a table, and why what is grey is grey.

use crate::catalogue::Offer;
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use counterfoil::{
    error::Language,
    placement::{Centre, Count, Explained, Product, count},
};
use std::io::Write;

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Judges every product and prints what became of it; then the reasons and hints of what is grey.
pub(crate) fn catalogue(centre: &Centre<'_>, offers: &[Offer], language: Language, to: &mut impl Write) -> Result<()> {
    let products: Vec<Product> = offers.iter().map(|offer| offer.product.clone()).collect();
    let judged = centre.judge(&products)?;
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(["product", "what", "", "how many", "nodes", "stage"].map(Cell::new));
    for column in table.column_iter_mut().skip(3).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut grey = Vec::new();
    for (offer, judged) in offers.iter().zip(&judged) {
        let explained = centre.explain(&offer.product)?;
        let (mark, stage) = match judged.ruling.stage() {
            None => ("sellable", "–"),
            Some(stage) => ("grey", stage.name()),
        };
        let nodes = available(&explained);
        let count = if judged.ruling.stage().is_some() { "–".to_owned() } else { many(centre.count(&offer.product)?) };
        table.add_row([offer.product.id.as_str(), &offer.name, mark, &count, &nodes, stage]);
        if judged.ruling.stage().is_some() {
            grey.push((offer, explained));
        }
    }
    writeln!(to, "{}", table.trim_fmt())?;
    for (offer, explained) in grey {
        writeln!(to, "\n{}: {}", offer.product.id, explained.text(language)?)?;
        if let Some(hint) = explained.hint {
            writeln!(to, "  → {}", hint.text(language))?;
        }
    }
    Ok(())
}

fn many(count: Count) -> String {
    match count {
        Count::Unlimited => "unlimited".to_owned(),
        Count::Exactly(count) => thousands(count),
    }
}

/// A count with thousands apart.
pub(crate) fn thousands(count: impl ToString) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
