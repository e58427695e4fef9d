use super::{ExactAmounts, Limits, Rate, discount::Discounted, settle::Settling};
use crate::{
    error::{Language, PricingError},
    exact::{Exact, decimal},
    metering::{Kind, Part},
    money::{
        Currency, RoundAt, Rounded, Rounding,
        text::{aligned, shown},
    },
    time::Period,
    units::Name,
};
use rust_decimal::Decimal;
use std::{borrow::Cow, fmt};

/// Why an amount is what it is: as data, and as text in English and Chinese.
///
/// The lines re-add to the totals: [`recompute`](Self::recompute) does it, from nothing but what is
/// shown. Readings and quotes are derived by the same routine.
///
/// # Rule
/// R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub(super) revision: Name,
    pub(super) kind: Kind,
    pub(super) currency: Currency,
    pub(super) rounding: Rounding,
    pub(super) count: u32,
    pub(super) limits: Limits,
    pub(super) lines: Vec<ExplainedLine>,
    /// What is payable of each line, where lines are rounded by themselves.
    pub(super) rounded: Vec<Decimal>,
    pub(super) original: Rounded,
    pub(super) payable: Rounded,
}

/// One line of a derivation: units × price × items, and what discounts leave of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedLine {
    /// Which segment it is of, from 0; what is rated as a whole is one.
    pub segment: usize,
    /// The window that it is of.
    pub window: Period,
    /// What is paid for.
    pub part: Part,
    /// How many units of the rate one item used.
    pub used: Exact,
    /// How many of them are payable.
    pub payable_units: Exact,
    /// What they cost.
    pub rate: Rate,
    /// What all that was used costs, for all items, exactly.
    pub original: Exact,
    /// What is payable of it after discounts, for all items, exactly.
    pub payable: Exact,
    /// The discounts that applied and that did not; none where no rule was asked.
    pub discount: Option<Discounted>,
}

/// Rounded lines that add up to what is payable.
///
/// # Rule
/// R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtotals {
    /// One amount for each line, in their order.
    pub lines: Vec<Decimal>,
    /// What a minimum adds to their sum, or a maximum takes off it.
    pub limit: Decimal,
}

impl Explanation {
    /// The revision of the rate card.
    pub const fn revision(&self) -> &Name {
        &self.revision
    }

    /// The kind of resource.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// How it was rounded.
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// How many items the amounts are for.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The lines, in order.
    pub fn lines(&self) -> &[ExplainedLine] {
        &self.lines
    }

    /// The original amount.
    pub const fn original(&self) -> &Rounded {
        &self.original
    }

    /// The payable amount.
    pub const fn payable(&self) -> &Rounded {
        &self.payable
    }

    /// The limit that stands in place of the sum of the lines, if one was breached: of the original
    /// and of the payable amount.
    pub fn limited(&self) -> Result<(Option<Exact>, Option<Exact>), PricingError> {
        let sums = self.sums()?;
        Ok((self.limits.breached_by(&sums.original), self.limits.breached_by(&sums.payable)))
    }

    /// The payable amount of each line, rounded so that they add up to the payable amount: each by
    /// itself where lines are rounded, and else each with what was lost so far carried into the next.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15, R-M3
    pub fn subtotals(&self) -> Result<Subtotals, PricingError> {
        let lines = self.rounded_lines()?.into_owned();
        let limit = decimal::subtract(self.payable.amount(), decimal::sum(lines.iter().copied())?)?;
        Ok(Subtotals { lines, limit })
    }

    /// The lines of [`subtotals`](Self::subtotals).
    pub(super) fn rounded_lines(&self) -> Result<Cow<'_, [Decimal]>, PricingError> {
        let carrying = |lines: &[ExplainedLine]| {
            self.rounding.rounding_at(RoundAt::LineCarry).round_lines(lines.iter().map(|line| &line.payable))
        };
        Ok(match self.rounding.at() {
            RoundAt::Line => Cow::Borrowed(&self.rounded),
            RoundAt::Segment => {
                let segments = self.lines.chunk_by(|line, next| line.segment == next.segment).map(carrying);
                Cow::Owned(segments.collect::<Result<Vec<_>, _>>()?.concat())
            }
            RoundAt::LineCarry | RoundAt::Total | RoundAt::Month => Cow::Owned(carrying(&self.lines)?),
        })
    }

    /// Computes both amounts again from what the lines show: units, rates and discounts.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn recompute(&self) -> Result<(Decimal, Decimal), PricingError> {
        let mut settling = Settling::new(self.rounding);
        for segment in self.lines.chunk_by(|line, next| line.segment == next.segment) {
            for line in segment {
                settling.line(&line.recomputed(self.count)?)?;
            }
            settling.end_segment()?;
        }
        let (original, payable) = settling.finish(self.limits)?;
        Ok((original.amount(), payable.amount()))
    }

    /// The derivation as text, for a terminal or a ticket.
    pub fn text(&self, language: Language) -> String {
        let words = Words::of(language);
        let mut table = vec![words.header.map(str::to_owned)];
        for line in &self.lines {
            table.push([
                line.part.to_string(),
                format!("{} {}", shown(&line.used), line.unit()),
                if line.payable_units == line.used { "=".to_owned() } else { shown(&line.payable_units) },
                line.rate.text(language),
                shown(&line.original),
                shown(&line.payable),
            ]);
        }
        let sums = self.sums().unwrap_or(ExactAmounts::ZERO);
        let total = |label: &str, original: String, payable: String| {
            [label.to_owned(), String::new(), String::new(), String::new(), original, payable]
        };
        table.push(total(words.exact, shown(&sums.original), shown(&sums.payable)));
        if let Ok((original, payable)) = self.limited()
            && (original.is_some() || payable.is_some())
        {
            let limit = |limit: Option<Exact>| limit.map_or_else(|| "–".to_owned(), |limit| shown(&limit));
            table.push(total(words.limit, limit(original), limit(payable)));
        }
        table.push(total(
            words.rounded,
            format!("{} {}", self.original, self.currency),
            format!("{} {}", self.payable, self.currency),
        ));
        let items = if self.count == 1 { String::new() } else { format!(" × {}", self.count) };
        let head = format!("{}{items}, {}, {} {}", self.kind, self.windows_text(), words.card, self.revision);
        let discounts = self.discounts_text(language);
        format!("{head}\n{}{discounts}{}: {}\n", aligned(&table, 4), words.rounding, self.rounding)
    }

    /// What became of each rule for each line.
    fn discounts_text(&self, language: Language) -> String {
        let mut table = Vec::new();
        for line in &self.lines {
            for rule in line.discount.iter().flat_map(|discounted| discounted.trace().lines()) {
                let [name, source, effect, outcome] = rule.row(language);
                table.push([line.part.to_string(), name, source, effect, outcome]);
            }
        }
        aligned(&table, 5)
    }

    /// The windows of all segments, or from the first to the last of many.
    fn windows_text(&self) -> String {
        const MOST: usize = 4;
        let mut windows: Vec<Period> = self.lines.iter().map(|line| line.window).collect();
        windows.dedup();
        let (first, last) = (windows.iter().map(|one| one.start()).min(), windows.iter().map(|one| one.end()).max());
        match (first, last) {
            (Some(first), Some(last)) if windows.len() > MOST => format!("{first}..{last}"),
            _ => windows.iter().map(Period::to_string).collect::<Vec<_>>().join(" + "),
        }
    }

    fn sums(&self) -> Result<ExactAmounts, PricingError> {
        Ok(ExactAmounts {
            original: Exact::sum(self.lines.iter().map(|line| &line.original))?,
            payable: Exact::sum(self.lines.iter().map(|line| &line.payable))?,
        })
    }
}

impl ExplainedLine {
    /// The unit that the price is for, as `GiB·hour`.
    pub fn unit(&self) -> String {
        self.rate.every.unit_text(self.rate.per)
    }

    fn recomputed(&self, count: u32) -> Result<ExactAmounts, PricingError> {
        let items = Exact::from(i64::from(count));
        let original = self.rate.amount(&self.used)?.times(&items)?;
        let nothing_payable = self.payable_units.is_zero() && !self.used.is_zero();
        let listed = match nothing_payable {
            true => Exact::ZERO,
            false => self.rate.amount(&self.payable_units)?.times(&items)?,
        };
        let payable = match &self.discount {
            Some(discounted) => discounted.trace().recompute_of(&self.payable_units.times(&items)?, &listed)?,
            None => listed,
        };
        Ok(ExactAmounts { original, payable })
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

/// The words of a derivation in a language.
struct Words {
    header: [&'static str; 6],
    card: &'static str,
    exact: &'static str,
    limit: &'static str,
    rounded: &'static str,
    rounding: &'static str,
}

impl Words {
    const fn of(language: Language) -> Self {
        match language {
            Language::English => Self {
                header: ["part", "used", "payable units", "price", "original", "payable"],
                card: "rate card",
                exact: "exact",
                limit: "limit",
                rounded: "rounded",
                rounding: "rounding",
            },
            Language::Chinese => Self {
                header: ["部件", "用量", "应付用量", "单价", "原价", "应付"],
                card: "价目表",
                exact: "精确值",
                limit: "限额",
                rounded: "舍入后",
                rounding: "舍入方式",
            },
        }
    }
}
