//! The catalogue as a table, and why what is grey is grey.

use crate::{catalogue::Offer, replay::Moment};
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use counterfoil::{
    error::Language,
    placement::{Centre, Count, Fragmentation, Heuristic, Product, Ruling},
};
use std::{fmt::Write, ops::Range};

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Judges every product: a table of what became of it, then the reasons and hints of what is grey.
pub(crate) fn judge(centre: &Centre<'_>, offers: &[Offer], language: Language) -> Result<String> {
    let products: Vec<Product> = offers.iter().map(|offer| offer.product.clone()).collect();
    let (judged, counts) = (centre.judge(&products)?, centre.counts(&products)?);
    let mut table = table(&["product", "what", "", "how many", "nodes", "stage"], 3..5);
    let mut reasons = String::new();
    for ((offer, judged), count) in offers.iter().zip(&judged).zip(counts) {
        let id = offer.product.id.as_str();
        match &judged.ruling {
            Ruling::Sellable { nodes } => {
                table.add_row([id, &offer.name, "sellable", &many(count), &thousands(nodes), ""]);
            }
            Ruling::Grey { stage, .. } => {
                table.add_row([id, &offer.name, "grey", "", "", stage.name()]);
                let why = centre.explain(&offer.product)?;
                writeln!(reasons, "\n{id}: {}", why.text(language)?)?;
                if let Some(hint) = why.hint {
                    writeln!(reasons, "  → {}", hint.text(language))?;
                }
            }
        }
    }
    Ok(format!("{}\n{reasons}", table.trim_fmt()))
}

/// What the rules of placing leave, side by side.
pub(crate) fn rules(moments: &[(Heuristic, Moment)]) -> String {
    let mut table = table(&["rule", "without a node", "free cards", "of them of no use"], 1..4);
    for (rule, moment) in moments {
        let Fragmentation { free, .. } = moment.fragmentation;
        let share = moment.fragmentation.parts_of_ten_thousand();
        let share = share.map_or_else(String::new, |parts| format!("{}.{:02} %", parts / 100, parts % 100));
        let cards = format!("{}.{:03}", thousands(free / 1000), free % 1000);
        table.add_row([rule.name(), &thousands(moment.not_placed), &cards, &share]);
    }
    format!("{}\n", table.trim_fmt())
}

/// A table with figures in some columns.
fn table(header: &[&str], figures: Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(header.iter().map(Cell::new));
    for column in table.column_iter_mut().skip(figures.start).take(figures.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
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
