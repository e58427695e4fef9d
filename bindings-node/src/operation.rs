//! Every operation of the core by its name.

use crate::border::{Fault, Result, text_of};
use counterfoil::{
    error::{MoneyError, TimeError, WireError, excerpt},
    wire,
};
use counterfoil_arrow::BatchError;
use napi_derive::napi;

/// Calls an operation with JSON, and gives JSON: `{"ok": …}` or `{"error": …}`.
#[napi(catch_unwind)]
pub(crate) fn evaluate(operation: String, json: String) -> String {
    wire::evaluate(&operation, &json)
}

/// Calls an operation with JSON, and gives the JSON of its answer, in which integers beyond 2⁵³ are texts.
#[napi(catch_unwind)]
pub(crate) fn call(operation: String, json: String) -> Result<String> {
    let answer = wire::answer(&operation, &json)?;
    Ok(text_of(&answer).map_err(|_| WireError::NotWritten {})?)
}

/// The names of all operations.
#[napi(catch_unwind)]
pub(crate) fn operations() -> Vec<&'static str> {
    wire::operations().iter().map(|operation| operation.name).collect()
}

/// Throws what `lib` found before anything crossed the border: a value that JSON would have changed.
///
/// `at` is the place of it; `told` is what stands there, or what is wrong with it, by the code: that in Chinese too.
#[napi(catch_unwind)]
pub(crate) fn fault(code: String, at: String, told: String, told_in_chinese: String) -> Result<()> {
    Err(match code.as_str() {
        "money.float" => MoneyError::Float { text: excerpt(&told) }.into(),
        "money.too_many_digits" => MoneyError::TooManyDigits { text: excerpt(&told) }.into(),
        "money.not_text" => MoneyError::NotText { text: excerpt(&told) }.into(),
        "time.out_of_range" => TimeError::OutOfRange { text: excerpt(&told) }.into(),
        "arrow.repeated_column" => BatchError::RepeatedColumn { column: told }.into(),
        _ => Fault::misfit(&at, [told, told_in_chinese]),
    })
}
