use super::{ExactAmounts, Limits, Rate, Rated, settle::Settling};
use crate::{
    error::{Language, PricingError},
    exact::Exact,
    metering::{Kind, Part, UsageOf},
    money::{
        Currency, Rounded, Rounding,
        text::{aligned, shown},
    },
    time::Period,
    units::Name,
};
use rust_decimal::Decimal;
use std::fmt;

/// Why an amount is what it is: as data, and as text in English and Chinese.
///
/// The lines re-add to the totals: [`recompute`](Self::recompute) does it, from nothing but what is
/// shown.
///
/// # Rule
/// R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    revision: Name,
    kind: Kind,
    currency: Currency,
    rounding: Rounding,
    limits: Limits,
    lines: Vec<ExplainedLine>,
    original: Rounded,
    payable: Rounded,
}

/// One line of a derivation: units × price = amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedLine {
    /// Which segment it is of, from 0; what is rated as a whole is one.
    pub segment: usize,
    /// The window that it is of.
    pub window: Period,
    /// What is paid for.
    pub part: Part,
    /// The unit that the price is for, as `GiB·hour`.
    pub unit: String,
    /// How many units were used.
    pub used: Exact,
    /// How many of them are payable.
    pub payable_units: Exact,
    /// What they cost.
    pub rate: Rate,
    /// What all that was used costs, exactly.
    pub original: Exact,
    /// What is payable of it, exactly.
    pub payable: Exact,
}

impl Explanation {
    pub(super) fn of(rated: &Rated<'_>) -> Result<Self, PricingError> {
        let tariff = rated.tariff();
        let mut lines = Vec::new();
        for (segment, usage) in rated.usages().iter().enumerate() {
            tariff.each_line(usage, |line, column, amounts| {
                let units = |of: Option<UsageOf>| of.map_or(Ok(Exact::ZERO), |of| line.units(of.value(), of.unit()));
                lines.push(ExplainedLine {
                    segment,
                    window: usage.window(),
                    part: line.part.clone(),
                    unit: line.rate.every.unit_text(line.rate.per),
                    used: units(usage.used(&column.part))?,
                    payable_units: units(usage.payable(&column.part))?,
                    rate: line.rate.clone(),
                    original: amounts.original,
                    payable: amounts.payable,
                });
                Ok(())
            })?;
        }
        Ok(Self {
            revision: tariff.revision().clone(),
            kind: tariff.kind().clone(),
            currency: tariff.currency(),
            rounding: rated.rounding(),
            limits: tariff.limits(),
            lines,
            original: rated.original_rounded().clone(),
            payable: rated.payable_rounded().clone(),
        })
    }

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

    /// Computes both amounts again from what the lines show: units and rates.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn recompute(&self) -> Result<(Decimal, Decimal), PricingError> {
        let mut settling = Settling::new(self.rounding);
        for (index, line) in self.lines.iter().enumerate() {
            settling.line(line.recomputed()?)?;
            let next = self.lines.get(index.saturating_add(1));
            if next.is_none_or(|next| next.segment != line.segment) {
                settling.end_segment()?;
            }
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
                format!("{} {}", shown(&line.used), line.unit),
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
        let windows: Vec<String> = self.windows().map(|window| window.to_string()).collect();
        let head = format!("{}, {}, {} {}", self.kind, windows.join(" + "), words.card, self.revision);
        format!("{head}\n{}{}: {}\n", aligned(&table, 4), words.rounding, self.rounding)
    }

    fn sums(&self) -> Result<ExactAmounts, PricingError> {
        Ok(ExactAmounts {
            original: Exact::sum(self.lines.iter().map(|line| &line.original))?,
            payable: Exact::sum(self.lines.iter().map(|line| &line.payable))?,
        })
    }

    fn windows(&self) -> impl Iterator<Item = Period> {
        let starts = |(index, line): (usize, &ExplainedLine)| {
            let before = index.checked_sub(1).and_then(|before| self.lines.get(before));
            before.is_none_or(|before| line.segment != before.segment).then_some(line.window)
        };
        self.lines.iter().enumerate().filter_map(starts)
    }
}

impl ExplainedLine {
    fn recomputed(&self) -> Result<ExactAmounts, PricingError> {
        let original = self.rate.amount(&self.used)?;
        let nothing_payable = self.payable_units.is_zero() && !self.used.is_zero();
        let payable = if nothing_payable { Exact::ZERO } else { self.rate.amount(&self.payable_units)? };
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
