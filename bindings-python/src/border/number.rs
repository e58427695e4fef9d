//! Numbers: `Decimal`, `int` and text in; `Decimal` and `Fraction` out. A float never.

use super::{Fault, Result, known, text};
use counterfoil::{
    error::{MoneyError, excerpt},
    exact::{Exact, decimal},
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyFloat, PyInt, PyString},
};
use rust_decimal::Decimal;

/// The most digits that a text of the core may have: what an exponent may add before it is refused.
const MOST_EXPONENT: i64 = 64;
/// The most bits that an exact number of the core has.
const MOST_BITS: u64 = 2_048;

/// Reads a decimal at a place that is told where it is none.
///
/// A `Decimal` is taken as it is written, whatever the precision of its context; `Decimal("1E+2")` is 100.
pub(crate) fn decimal_of(value: &Bound<'_, PyAny>, at: &str) -> Result<Decimal> {
    // What most quantities are; a `bool` is an `int` of another class.
    if value.is_exact_instance_of::<PyInt>()
        && let Ok(number) = value.extract::<i64>()
    {
        return Ok(Decimal::from(number));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(decimal::parse(text::unicode(text, at)?)?);
    }
    Ok(decimal::parse(&plain(value, at)?)?)
}

/// A number as plain text: a `Decimal` or an `int`.
pub(crate) fn plain(value: &Bound<'_, PyAny>, at: &str) -> Result<String> {
    if is_decimal(value)? {
        return decimal_text(value);
    }
    if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        return integer_text(value);
    }
    if value.is_instance_of::<PyFloat>() {
        return Err(float(value));
    }
    Err(Fault::bad_input(at, format!("{} is no number: pass a `Decimal`, an `int` or text", shown(value))))
}

/// The error for a float, wherever it stands.
pub(crate) fn float(value: &Bound<'_, PyAny>) -> Fault {
    MoneyError::Float { text: text::repr(value) }.into()
}

pub(crate) fn is_decimal(value: &Bound<'_, PyAny>) -> Result<bool> {
    let class = known::decimal(value.py())?;
    Ok(value.get_type().is(class) || value.is_instance(class)?)
}

/// A `Decimal` in digits, without an exponent; `NaN` and infinities stay words, which the core refuses by name.
///
/// By the methods of `Decimal` itself: a subclass that shows two digits still has all of its own.
pub(crate) fn decimal_text(value: &Bound<'_, PyAny>) -> Result<String> {
    let class = known::decimal(value.py())?;
    let written = match value.get_type().is(class) {
        true => value.str()?.to_str()?.to_owned(),
        false => class.call_method1("__str__", (value,))?.extract::<String>()?,
    };
    if !written.contains(['E', 'e']) {
        return Ok(written);
    }
    // As `1E+2`: what Python writes for `Decimal("1E2")` and for amounts below a millionth.
    let exponent: i64 = class.call_method1("adjusted", (value,))?.extract()?;
    if exponent.abs() > MOST_EXPONENT {
        return Err(MoneyError::TooManyDigits { text: excerpt(&written) }.into());
    }
    Ok(class.call_method1("__format__", (value, "f"))?.extract::<String>()?)
}

/// An `int` in digits; one above 2^128, which counts all addresses of IPv6, is refused before it is written out.
pub(crate) fn integer_text(value: &Bound<'_, PyAny>) -> Result<String> {
    if let Ok(number) = value.extract::<i128>() {
        return Ok(number.to_string());
    }
    let class = known::integer(value.py())?;
    match class.call_method1("__sub__", (value, 1))?.extract::<u128>() {
        Ok(_) => digits(value, 129),
        Err(_) => digits(value, 128),
    }
}

/// The digits of an `int` of at most so many bits, by the methods of `int` itself, whatever a subclass makes of them.
fn digits(value: &Bound<'_, PyAny>, most_bits: u64) -> Result<String> {
    let class = known::integer(value.py())?;
    let bits: u64 = class.call_method1("bit_length", (value,))?.extract()?;
    match bits <= most_bits {
        true => Ok(class.call_method1("__repr__", (value,))?.extract::<String>()?),
        false => Err(MoneyError::TooManyDigits { text: format!("an int of {bits} bits") }.into()),
    }
}

/// A `Fraction` as `20/31`. What the core answers with exactly may be longer than an `int` that is passed.
pub(crate) fn fraction_text(value: &Bound<'_, PyAny>) -> Result<String> {
    let (numerator, denominator) = (value.getattr("numerator")?, value.getattr("denominator")?);
    let (numerator, denominator) = (digits(&numerator, MOST_BITS)?, digits(&denominator, MOST_BITS)?);
    Ok(if denominator == "1" { numerator } else { format!("{numerator}/{denominator}") })
}

/// A count: an `int` that is no `bool`.
pub(crate) fn count_of<'py, T>(value: &Bound<'py, PyAny>, at: &str) -> Result<T>
where
    T: for<'a> FromPyObject<'a, 'py>,
{
    if value.is_instance_of::<PyFloat>() {
        return Err(float(value));
    }
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        return Err(Fault::bad_input(at, format!("{} is no `int`", shown(value))));
    }
    value.extract::<T>().map_err(|_| Fault::bad_input(at, format!("{} is out of range", shown(value))))
}

/// What a value is, for a message.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    match value.is_none() {
        true => "`None`".to_owned(),
        false => match value.get_type().name() {
            Ok(class) => format!("`{}` (a `{class}`)", excerpt(&text::repr(value))),
            Err(_) => format!("`{}`", excerpt(&text::repr(value))),
        },
    }
}

/// `Decimal(text)`.
pub(crate) fn to_decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    known::decimal(py)?.call1((text,))
}

/// A decimal of the core.
pub(crate) fn decimal_out(py: Python<'_>, value: Decimal) -> PyResult<Bound<'_, PyAny>> {
    to_decimal(py, &value.to_string())
}

/// `Fraction(text)`: an exact value, whether it ends or not. Small ones as two numbers, which `Fraction` takes in a third
/// of the time that it takes to read text.
pub(crate) fn to_fraction<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    match (numerator.parse::<i64>(), denominator.parse::<i64>()) {
        (Ok(numerator), Ok(denominator)) => known::fraction(py)?.call1((numerator, denominator)),
        _ => known::fraction(py)?.call1((text,)),
    }
}

/// An exact value of the core.
pub(crate) fn fraction_out<'py>(py: Python<'py>, value: &Exact) -> PyResult<Bound<'py, PyAny>> {
    to_fraction(py, &value.to_string())
}
