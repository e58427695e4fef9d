//! What a person or a program sees of a run.

pub(crate) mod charts;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod month;
pub(crate) mod tables;
pub(crate) mod terminal;

use counterfoil::{exact::RoundingMode, money::Money};
use counterfoil_store::StoredPayment;

use crate::{
    books::Books, ledger::Changes, month::Monthly, portfolio::Terms, problem::Problem, reconcile::Reconciliation,
    summary::Summary,
};
use std::path::{Path, PathBuf};

/// All that there is to show of a run.
pub(crate) struct Run<'a> {
    /// How it was done.
    pub(crate) terms: &'a Terms,
    /// Where the rows came from.
    pub(crate) source: String,
    /// The revision of the price list.
    pub(crate) revision: String,
    /// The address of the store.
    pub(crate) store: String,
    /// The output folder.
    pub(crate) out: PathBuf,
    /// What was read and costs nothing.
    pub(crate) remarks: &'a [String],
    /// What the store holds of the days.
    pub(crate) books: &'a Books,
    /// What that comes to.
    pub(crate) summary: &'a Summary,
    /// Whether it adds up.
    pub(crate) reconciliation: &'a Reconciliation,
    /// What this run changed.
    pub(crate) changes: Changes,
    /// What was wrong with the input.
    pub(crate) problems: &'a [Problem],
    /// How many owners were left out.
    pub(crate) left_out: usize,
    /// How long each step took, in order.
    pub(crate) steps: &'a [Step],
    /// What a month has besides.
    pub(crate) month: Option<&'a Monthly>,
}

/// A step with the time that it took.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Step {
    /// What was done.
    pub(crate) name: &'static str,
    /// How many rows it went through.
    pub(crate) rows: usize,
    /// How long it took.
    pub(crate) seconds: f64,
}

impl Run<'_> {
    /// A file of the output folder.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.out.join(file)
    }

    /// The payments of statements, and of a month's orders after them.
    pub(crate) fn payments(&self) -> impl Iterator<Item = &StoredPayment> {
        let of_statements = self.books.statements.iter().filter_map(|stored| stored.payment.as_ref());
        let of_orders = self.month.into_iter().flat_map(|month| &month.books.payments).map(|(_, payment)| payment);
        of_statements.chain(of_orders)
    }

    /// The days, as `2024-03-30 … 2024-04-01, Europe/Berlin`.
    pub(crate) fn days(&self) -> String {
        let Terms { from, to, zone, .. } = self.terms;
        if from == to { format!("{from}, {zone}") } else { format!("{from} … {to}, {zone}") }
    }
}

/// An amount for people, with its thousands apart: `12,345.60`.
pub(crate) fn amount(money: Money) -> String {
    grouped(&money.to_string())
}

/// A quantity for people, with so many digits after the point, or fewer where there is nothing there.
pub(crate) fn quantity(exact: &counterfoil::exact::Exact, digits: u32) -> String {
    let near = exact.round_digits(digits, RoundingMode::HalfEven);
    near.map_or_else(|_| exact.to_string(), |near| grouped(&near.normalize().to_string()))
}

/// A decimal with its thousands apart.
pub(crate) fn grouped(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = whole;
    while rest.len() > 3 {
        let (front, group) = rest.split_at(rest.len() - 3);
        groups.push(group);
        rest = front;
    }
    groups.push(rest);
    groups.reverse();
    format!("{sign}{}{fraction}", groups.join(","))
}

/// So many of something: `1 problem`, `2 problems`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(&count.to_string()))
}

/// The folder, made where there is none.
pub(crate) fn folder(path: &Path) -> anyhow::Result<()> {
    use anyhow::Context;
    std::fs::create_dir_all(path).with_context(|| format!("can not make the folder {}", path.display()))
}
