//! `explain`: why an amount is what it is.

use crate::{
    bill::Tariffs,
    portfolio::{Life, Portfolio, Resource, Terms},
};
use anyhow::{Result, bail};
use counterfoil::{
    error::Language,
    metering::Span,
    time::{BillingDay, Instant},
    units::Name,
    wallet::Owner,
};
use std::io::Write;

/// Prints the derivation of a resource's amounts of a day.
pub(crate) fn print(
    portfolio: &Portfolio,
    terms: &Terms,
    id: &Name,
    day: BillingDay,
    language: Language,
    to: &mut impl Write,
) -> Result<()> {
    let words = Words::of(language);
    let Some((owner, resource)) = portfolio.resource(id) else {
        bail!(
            "there is no resource `{id}`, or its rows are wrong: run without `explain` to see what is wrong with them"
        );
    };
    head(words, id, day, owner, resource, to)?;
    let usage = resource.usage(day, terms.quota(&resource.kind))?;
    let tariffs = Tariffs::of(portfolio, day).map_err(crate::problem::Unusable::from)?;
    let (Some(usage), Some(tariff)) = (usage, tariffs.kind(&resource.kind)) else {
        return Ok(writeln!(to, "\n{}", words.no_life)?);
    };
    let explanation = tariff.rate(&usage, terms.rounding)?.explain()?;
    write!(to, "\n{}", explanation.text(language))?;
    let (original, payable) = explanation.recompute()?;
    if (original, payable) != (explanation.original().amount(), explanation.payable().amount()) {
        bail!("the lines come to {original} and {payable}: this is a fault of the library");
    }
    Ok(writeln!(to, "{}", words.recomputed)?)
}

fn head(
    words: &Words,
    id: &Name,
    day: BillingDay,
    owner: &Owner,
    resource: &Resource,
    to: &mut impl Write,
) -> Result<()> {
    let hours = day.period().micros() / counterfoil::time::MICROS_PER_HOUR;
    writeln!(to, "{id}, {day} ({hours} h)")?;
    writeln!(to, "{}: {owner}; {}: {}", words.owner, words.unit, resource.unit)?;
    let spans = match &resource.life {
        Life::Spans { history, .. } => history.spans(),
        Life::Sampled { spans, .. } => spans,
        Life::Task { at, .. } => return Ok(writeln!(to, "{}: {at}", words.task)?),
    };
    for span in spans.iter().filter(|span| reaches_into(span, day)) {
        let end = span.end().map_or_else(|| "…".to_owned(), |end| end.to_string());
        let parts = span.spec().parts().filter(|(_, quantity)| !quantity.amount().is_zero());
        let parts: Vec<String> = parts.map(|(part, quantity)| format!("{part} {quantity}")).collect();
        writeln!(to, "{} .. {end}  {:<9}  {}", span.start(), span.mode(), parts.join(", "))?;
    }
    if let Life::Sampled { samples, policy, .. } = &resource.life {
        // The one before the day still holds when it begins.
        let all = samples.samples();
        let before = all.partition_point(|sample| sample.at <= day.period().start()).saturating_sub(1);
        for sample in all.iter().skip(before).take_while(|sample| sample.at <= day.period().end()) {
            writeln!(to, "{}  {}", sample.at, sample.size)?;
        }
        writeln!(to, "{}: {}", words.samples, policy.name())?;
    }
    Ok(())
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
