use crate::border::Result;
use counterfoil::{
    error::{Language, WireError},
    pricing::{ExplainedLine, Explanation},
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Why something costs what it costs, as JSON for `lib/bulk/rater.js`.
pub(super) fn explanation_text(explanation: &Explanation) -> Result<String> {
    let subtotals = explanation.subtotals()?.lines;
    let lines: Vec<Value> =
        explanation.lines().iter().zip(subtotals).map(|(each, subtotal)| line(each, subtotal)).collect();
    let told = json!({
        "revision": explanation.revision().to_string(),
        "kind": explanation.kind().to_string(),
        "currency": explanation.currency().to_string(),
        "rounding": explanation.rounding().to_string(),
        "original": explanation.original().amount().to_string(),
        "payable": explanation.payable().amount().to_string(),
        "lines": lines,
        "text": explanation.text(Language::English),
        "textZh": explanation.text(Language::Chinese),
    });
    Ok(serde_json::to_string(&told).map_err(|_| WireError::NotWritten {})?)
}

fn line(line: &ExplainedLine, subtotal: Decimal) -> Value {
    json!({
        "part": line.part.to_string(),
        "window": { "start": line.window.start().to_string(), "end": line.window.end().to_string() },
        "used": line.used.to_string(),
        "payableUnits": line.payable_units.to_string(),
        "unit": line.unit(),
        "rate": line.rate.text(Language::English),
        "original": line.original.to_string(),
        "payable": line.payable.to_string(),
        "subtotal": subtotal.to_string(),
    })
}
