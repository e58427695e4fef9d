use crate::border::{Result, text::packed};
use counterfoil::{
    error::{Language, WireError, excerpt},
    pricing::{Explanation, inquiry::Quote},
    time::{Instant, Period},
};
use napi::{Either, bindgen_prelude::External};
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

/// A line: its part, the two ends of its window unless it is that of the line before, used and payable, its unit, its
/// rate, both exact amounts, and its subtotal.
type Line = (String, Option<[String; 2]>, [String; 2], String, String, [String; 2], String);

impl Why {
    /// What is asked of it, as text. It is made and let go in one call, for a derivation is large and Node lets go of
    /// what it keeps only between turns of its loop; what is `kept` is there to be compared.
    pub(super) fn told(self, asked: &str) -> Result<Either<String, External<Self>>> {
        Ok(Either::A(match asked {
            "whole" => self.whole()?,
            "lines" => self.lines()?,
            "en" => self.explanation.text(Language::English),
            "zh" => self.explanation.text(Language::Chinese),
            "again" => {
                let (original, payable) = self.explanation.recompute()?;
                packed([original.to_string(), payable.to_string()])?
            }
            "kept" => return Ok(Either::B(External::new(self))),
            other => {
                let fault = format!("`{}` can not be asked", excerpt(other));
                return Err(WireError::BadInput { at: "the call".to_owned(), fault }.into());
            }
        }))
    }

    /// The rounding, the count, both exact amounts and the window of a quote: JSON.
    fn whole(&self) -> Result<String> {
        let Self { explanation, quoted } = self;
        let exact = [explanation.original().exact().to_string(), explanation.payable().exact().to_string()];
        let window = quoted.map(|(_, window)| [window.start().to_string(), window.end().to_string()]);
        packed((explanation.rounding().to_string(), explanation.count(), exact, window))
    }

    /// The lines, with subtotals that add up: JSON.
    fn lines(&self) -> Result<String> {
        let subtotals = self.explanation.subtotals()?.lines;
        let mut before = None;
        let lines = self.explanation.lines().iter().zip(subtotals).map(|(line, subtotal)| -> Line {
            let is_another = before.replace(line.window) != Some(line.window);
            (
                line.part.to_string(),
                is_another.then(|| [line.window.start().to_string(), line.window.end().to_string()]),
                [line.used.to_string(), line.payable_units.to_string()],
                line.unit(),
                line.rate.text(Language::English),
                [line.original.to_string(), line.payable.to_string()],
                subtotal.to_string(),
            )
        });
        packed(lines.collect::<Vec<_>>())
    }
}

/// Whether both are derived alike.
#[napi(catch_unwind)]
pub(crate) fn why_equals(why: &External<Why>, other: &External<Why>) -> bool {
    why.as_ref() == other.as_ref()
}
