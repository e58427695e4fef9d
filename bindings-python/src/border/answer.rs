//! Answers of operations as Python values.
//!
//! The core says what each text of an answer is. Records are of the classes that are generated beside the operations;
//! lists are tuples, so that an answer can be a key.

use super::{
    Fault, Result,
    address::{address_out, network_out},
    known,
    number::{to_decimal, to_fraction},
    time::{date_out, instant_out},
};
use crate::{
    ipam::Range,
    value::{Money, Quantity},
};
use counterfoil::{
    ipam::{IpAddress, IpPrefix, IpRange},
    time::{Instant, parse_date},
    wire::{Answer, Scalar},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyMappingProxy, PyTuple},
};
use std::iter;

/// Makes the value of an answer, with the records of a module.
pub(crate) fn out<'py>(records: &Bound<'py, PyAny>, answer: Answer) -> Result<Bound<'py, PyAny>> {
    let py = records.py();
    Ok(match answer {
        Answer::Null | Answer::Absent => py.None().into_bound(py),
        Answer::Bool(is) => is.into_pyobject(py).map_err(PyErr::from)?.to_owned().into_any(),
        Answer::Integer(number) => number.into_pyobject(py).map_err(PyErr::from)?.into_any(),
        Answer::Natural(number) => number.into_pyobject(py).map_err(PyErr::from)?.into_any(),
        Answer::Text(text) => text.into_pyobject(py).map_err(PyErr::from)?.into_any(),
        Answer::Scalar(scalar, text) => scalar_out(py, scalar, &text)?,
        Answer::List(items) => {
            let items = items.into_iter().map(|item| out(records, item)).collect::<Result<Vec<_>>>()?;
            PyTuple::new(py, items)?.into_any()
        }
        Answer::Record { name, members } => {
            let values = members.into_iter().map(|(_, value)| out(records, value)).collect::<Result<Vec<_>>>()?;
            records.getattr(name)?.call_method1("_make", (PyTuple::new(py, values)?,))?
        }
        Answer::Tagged { name, variant, members, .. } => {
            let class = class_of(name, &variant);
            let values = iter::once(Answer::Text(variant)).chain(members.into_iter().map(|(_, value)| value));
            let values = values.map(|value| out(records, value)).collect::<Result<Vec<_>>>()?;
            records.getattr(class.as_str())?.call_method1("_make", (PyTuple::new(py, values)?,))?
        }
        Answer::Map(entries) => {
            let members = PyDict::new(py);
            for (key, value) in entries {
                members.set_item(key, out(records, value)?)?;
            }
            PyMappingProxy::new(py, members.as_mapping()).into_any()
        }
        Answer::Variant { name, variant, value } => {
            records.getattr(name)?.call_method1("_of", (variant, out(records, *value)?))?
        }
        _ => return Err(Fault::bad_input("the answer", "this version of the binding does not know what it is")),
    })
}

/// The class of a variant: `RefusalTooManyPods` of `Refusal` and `too_many_pods`.
fn class_of(name: &str, variant: &str) -> String {
    let mut class = name.to_owned();
    for word in variant.split('_') {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        class.push_str(&first.to_ascii_uppercase());
        class.push_str(rest);
    }
    class
}

fn scalar_out<'py>(py: Python<'py>, scalar: Scalar, text: &str) -> Result<Bound<'py, PyAny>> {
    Ok(match scalar {
        Scalar::Decimal => to_decimal(py, text)?,
        Scalar::Exact => to_fraction(py, text)?,
        Scalar::Integer => known::integer(py)?.call1((text,))?,
        Scalar::Money => Money::of_text(text)?.into_pyobject(py)?.into_any(),
        Scalar::Quantity => Quantity::of_text(text)?.into_pyobject(py)?.into_any(),
        Scalar::Instant => instant_out(py, text.parse::<Instant>()?)?,
        Scalar::Date => date_out(py, parse_date(text)?)?,
        Scalar::ClockTime => known::datetime(py)?.call_method1("fromisoformat", (text,))?,
        Scalar::Address => address_out(py, text.parse::<IpAddress>()?)?,
        Scalar::Prefix => network_out(py, text.parse::<IpPrefix>()?)?,
        Scalar::Range => Range::from(text.parse::<IpRange>()?).into_pyobject(py)?.into_any(),
        _ => text.into_pyobject(py).map_err(PyErr::from)?.into_any(),
    })
}
