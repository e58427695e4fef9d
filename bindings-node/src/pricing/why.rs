use crate::border::{Result, text::packed};
use counterfoil::{
    error::Language,
    pricing::{Explanation, inquiry::Quote},
    time::{Instant, Period},
};
use napi::bindgen_prelude::External;
use napi_derive::napi;

/// Why something costs what it costs; of a quote with the instant of its rates and its window.
#[derive(PartialEq)]
pub(crate) struct Why {
    explanation: Explanation,
    quoted: Option<(Instant, Period)>,
}

impl From<Explanation> for Why {
    fn from(explanation: Explanation) -> Self {
        Self { explanation, quoted: None }
    }
}

impl From<Quote> for Why {
    fn from(quote: Quote) -> Self {
        let quoted = Some((quote.at(), quote.window()));
        Self { explanation: quote.into_explanation(), quoted }
    }
}

/// A line: its part, the two ends of its window, used, payable, unit, rate, original, payable, and its subtotal.
type Line = (String, [String; 2], [String; 2], String, String, [String; 2], String);

/// The rounding, the count, both exact amounts and the window of a quote: JSON.
#[napi(catch_unwind)]
pub(crate) fn why_told(why: &External<Why>) -> Result<String> {
    let Why { explanation, quoted } = why.as_ref();
    let exact = [explanation.original().exact().to_string(), explanation.payable().exact().to_string()];
    let window = quoted.map(|(_, window)| [window.start().to_string(), window.end().to_string()]);
    packed((explanation.rounding().to_string(), explanation.count(), exact, window))
}

/// The lines, with subtotals that add up: JSON.
#[napi(catch_unwind)]
pub(crate) fn why_lines(why: &External<Why>) -> Result<String> {
    let explanation = &why.explanation;
    let subtotals = explanation.subtotals()?.lines;
    let lines = explanation.lines().iter().zip(subtotals).map(|(line, subtotal)| -> Line {
        (
            line.part.to_string(),
            [line.window.start().to_string(), line.window.end().to_string()],
            [line.used.to_string(), line.payable_units.to_string()],
            line.unit(),
            line.rate.text(Language::English),
            [line.original.to_string(), line.payable.to_string()],
            subtotal.to_string(),
        )
    });
    packed(lines.collect::<Vec<_>>())
}

/// The derivation as text, in Chinese or English.
#[napi(catch_unwind)]
pub(crate) fn why_text(why: &External<Why>, chinese: bool) -> String {
    why.explanation.text(if chinese { Language::Chinese } else { Language::English })
}

/// Both amounts again, from nothing but the lines.
#[napi(catch_unwind)]
pub(crate) fn why_recomputed(why: &External<Why>) -> Result<Vec<String>> {
    let (original, payable) = why.explanation.recompute()?;
    Ok(vec![original.to_string(), payable.to_string()])
}

/// Whether both are derived alike.
#[napi(catch_unwind)]
pub(crate) fn why_equals(why: &External<Why>, other: &External<Why>) -> bool {
    why.as_ref() == other.as_ref()
}
