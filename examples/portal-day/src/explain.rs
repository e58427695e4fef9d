//! `explain`: why an amount is what it is.

use crate::{
    bill::Tariffs,
    portfolio::{Life, Portfolio, Resource, Terms},
    problem::Unusable,
};
use anyhow::{Result, bail};
use counterfoil::{
    error::Language,
    metering::Span,
    time::{BillingDay, Instant, MICROS_PER_HOUR},
    units::Name,
    wallet::Owner,
};
use std::io::Write;

/// What is to be explained.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The resource.
    pub(crate) id: &'a Name,
    /// Who pays for it.
    pub(crate) owner: &'a Owner,
    /// What was read of it.
    pub(crate) resource: &'a Resource,
    /// The day.
    pub(crate) day: BillingDay,
    /// The language of the derivation.
    pub(crate) language: Language,
}

impl Asked<'_> {
    /// Prints the derivation of the amounts of the day, and computes it again from what is shown.
    pub(crate) fn print(self, portfolio: &Portfolio, terms: &Terms, to: &mut impl Write) -> Result<()> {
        let words = Words::of(self.language);
        self.head(words, to)?;
        let usage = self.resource.usage(self.day, terms.quota(&self.resource.kind))?;
        let tariffs = Tariffs::of(portfolio, self.day).map_err(Unusable::from)?;
        let (Some(usage), Some(tariff)) = (usage, tariffs.kind(&self.resource.kind)) else {
            return Ok(writeln!(to, "\n{}", words.no_life)?);
        };
        let explanation = tariff.rate(&usage, terms.rounding)?.explain()?;
        write!(to, "\n{}", explanation.text(self.language))?;
        let (original, payable) = explanation.recompute()?;
        if (original, payable) != (explanation.original().amount(), explanation.payable().amount()) {
            bail!("the lines come to {original} and {payable}: this is a fault of the library");
        }
        Ok(writeln!(to, "{}", words.recomputed)?)
    }

    /// Whose it is, and its life of the day.
    fn head(self, words: &Words, to: &mut impl Write) -> Result<()> {
        let hours = self.day.period().micros() / MICROS_PER_HOUR;
        writeln!(to, "{}, {} ({hours} h)", self.id, self.day)?;
        writeln!(to, "{}: {}; {}: {}", words.owner, self.owner, words.unit, self.resource.unit)?;
        let spans = match &self.resource.life {
            Life::Spans { history, .. } => history.spans(),
            Life::Sampled { spans, .. } => spans,
            Life::Task { at, .. } => return Ok(writeln!(to, "{}: {at}", words.task)?),
        };
        for span in spans.iter().filter(|span| reaches_into(span, self.day)) {
            let end = span.end().map_or_else(|| "…".to_owned(), |end| end.to_string());
            let parts = span.spec().parts().filter(|(_, quantity)| !quantity.amount().is_zero());
            let parts: Vec<String> = parts.map(|(part, quantity)| format!("{part} {quantity}")).collect();
            writeln!(to, "{} .. {end}  {:<9}  {}", span.start(), span.mode(), parts.join(", "))?;
        }
        if let Life::Sampled { samples, policy, .. } = &self.resource.life {
            // The one before the day still holds when it begins.
            let all = samples.samples();
            let before = all.partition_point(|sample| sample.at <= self.day.period().start()).saturating_sub(1);
            for sample in all.iter().skip(before).take_while(|sample| sample.at <= self.day.period().end()) {
                writeln!(to, "{}  {}", sample.at, sample.size)?;
            }
            writeln!(to, "{}: {}", words.samples, policy.name())?;
        }
        Ok(())
    }
}

fn reaches_into(span: &Span, day: BillingDay) -> bool {
    span.start() < day.period().end() && span.end().unwrap_or(Instant::MAX) > day.period().start()
}

/// The words around a derivation in a language.
struct Words {
    owner: &'static str,
    unit: &'static str,
    task: &'static str,
    samples: &'static str,
    no_life: &'static str,
    recomputed: &'static str,
}

impl Words {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &Self {
                owner: "所有者",
                unit: "服务单元",
                task: "完成于",
                samples: "采样策略",
                no_life: "该资源当日不存在：无计量记录，无需支付",
                recomputed: "按以上各行重新计算：结果一致",
            },
            _ => &Self {
                owner: "owner",
                unit: "service unit",
                task: "done",
                samples: "samples count as",
                no_life: "it did not live on that day: no reading, nothing to pay",
                recomputed: "computed again from these lines: the same",
            },
        }
    }
}
