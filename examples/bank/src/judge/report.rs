//! What the judge says.

use super::told::Told;
use crate::{answers::Answer, operations::Kind};
use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use std::collections::BTreeMap;

/// How many findings are shown.
const SHOWN: usize = 20;

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// What was found, and the figures of the run.
pub(crate) struct Report {
    pub(super) told: Told,
    /// How many payments the store has.
    pub(super) payments: usize,
    /// What is wrong; nothing where the books are right.
    pub(crate) findings: Vec<String>,
}

/// The figures of a kind of operation.
#[derive(Debug, Default)]
struct Figures {
    asked: usize,
    /// Answered, and not before: by a refusal too.
    done: usize,
    refused: usize,
    replays: usize,
    /// How long each answer took.
    micros: Vec<u64>,
}

impl Report {
    /// Tables and a verdict.
    pub(crate) fn show(&self, seconds: f64) -> String {
        let (kinds, all) = self.figures();
        let mut table = Table::new();
        table.load_style(RULED);
        let header = ["operation", "asked", "done", "refused", "replays", "p50 ms", "p99 ms", "longest ms"];
        table.set_header(header.map(Cell::new));
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        for (kind, figures) in &kinds {
            table.add_row(figures.row(&kind.to_string()));
        }
        table.add_row(all.row("all"));

        let again = self.told.again().iter().map(|(code, count)| format!("{code} {count} ×")).collect::<Vec<_>>();
        let again = if again.is_empty() { "nothing".to_owned() } else { again.join(", ") };
        let codes = self.refusals().into_iter().map(|(code, count)| format!("{code} {count} ×")).collect::<Vec<_>>();
        let open = self.told.asked().len() - self.told.done().count();
        let per_second = |count: usize| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
        let charges = kinds.get(&Kind::Charge).map_or(0, |charges| charges.done);
        let mut text = format!(
            "{table}\n\nrefused: {}\nsent again by the clients: {again}\nasked and never answered: {open}\n\
             {} payments in the store, {} lives of clients, {:.1} charges/s, {:.1} operations/s\n",
            codes.join(", "),
            self.payments,
            self.told.lives(),
            per_second(charges),
            per_second(all.done + all.refused),
        );
        for finding in self.findings.iter().take(SHOWN) {
            text.push_str(&format!("WRONG: {finding}\n"));
        }
        if let Some(more) = self.findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("and {more} more\n"));
        }
        text + if self.findings.is_empty() { "verdict: the books are right" } else { "verdict: WRONG" }
    }

    fn figures(&self) -> (BTreeMap<Kind, Figures>, Figures) {
        let (mut kinds, mut all) = (BTreeMap::<Kind, Figures>::new(), Figures::default());
        for operation in self.told.asked().values() {
            kinds.entry(operation.kind()).or_default().asked += 1;
            all.asked += 1;
        }
        for (_, operation, done) in self.told.done() {
            for figures in [kinds.entry(operation.kind()).or_default(), &mut all] {
                figures.micros.push(done.micros);
                match &done.answer {
                    Answer::Refused { .. } => figures.refused += 1,
                    answer if answer.is_replay() => figures.replays += 1,
                    _ => figures.done += 1,
                }
            }
        }
        for figures in kinds.values_mut().chain([&mut all]) {
            figures.micros.sort_unstable();
        }
        (kinds, all)
    }

    /// How often each code refused something.
    fn refusals(&self) -> BTreeMap<&str, usize> {
        let mut codes = BTreeMap::new();
        for (_, _, answer) in self.told.answers() {
            if let Answer::Refused { code } = answer {
                *codes.entry(&**code).or_default() += 1;
            }
        }
        codes
    }
}

impl Figures {
    fn row(&self, name: &str) -> Vec<Cell> {
        let counts = [self.asked, self.done, self.refused, self.replays].map(Cell::new);
        let times = [50, 99, 100].map(|percent| Cell::new(self.shown(percent)));
        [Cell::new(name)].into_iter().chain(counts).chain(times).collect()
    }

    /// The time that so many of a hundred did not exceed, in milliseconds.
    fn shown(&self, percent: usize) -> String {
        let place = (self.micros.len() * percent).div_ceil(100).saturating_sub(1);
        let micros = self.micros.get(place);
        micros.map_or_else(|| "-".to_owned(), |micros| format!("{:.1}", *micros as f64 / 1_000.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let figures = Figures { micros: (1..=200).map(|time| time * 1_000).collect(), ..Figures::default() };
        assert_eq!([50, 99, 100].map(|percent| figures.shown(percent)), ["100.0", "198.0", "200.0"]);
        assert_eq!(Figures::default().shown(50), "-");
        let one = Figures { micros: vec![1_500], ..Figures::default() };
        assert_eq!([50, 99].map(|percent| one.shown(percent)), ["1.5", "1.5"]);
    }
}
