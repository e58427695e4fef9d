//! Text, and names of closed sets as text.

use super::{Fault, Result, number::shown};
use counterfoil::error::{Language, excerpt};
use pyo3::{prelude::*, types::PyString};
use std::str::FromStr;

/// Reads text at a place that is told where it is none.
pub(crate) fn text_of(value: &Bound<'_, PyAny>, at: &str) -> Result<String> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(unicode(text, at)?.to_owned()),
        Err(_) => Err(Fault::bad_input(at, format!("{} is no text", shown(value)))),
    }
}

/// The text of a `str`; one with half of a surrogate pair is none.
pub(crate) fn unicode<'a>(text: &'a Bound<'_, PyString>, at: &str) -> Result<&'a str> {
    let fault = "the text is not Unicode: it has half of a surrogate pair";
    text.to_str().map_err(|_| Fault::bad_input(at, fault))
}

/// Reads what the core reads from text.
pub(crate) fn parsed<T>(value: &Bound<'_, PyAny>, at: &str) -> Result<T>
where
    T: FromStr,
    Fault: From<T::Err>,
{
    Ok(text_of(value, at)?.parse::<T>()?)
}

/// How Python writes it, or its beginning; a `repr` that fails is no fault of ours.
pub(crate) fn repr(value: &Bound<'_, PyAny>) -> String {
    match value.repr() {
        Ok(text) => excerpt(&text.to_string_lossy()),
        Err(_) => "something without a repr".to_owned(),
    }
}

/// A language by its code, English unless one is named.
pub(crate) fn language_of(code: Option<&Bound<'_, PyAny>>) -> Result<Language> {
    let Some(code) = code else { return Ok(Language::English) };
    match text_of(code, "language")?.as_str() {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        other => Err(Fault::bad_input("language", format!("`{}` is none of `en` and `zh`", excerpt(other)))),
    }
}
