//! Python values as the JSON of a call over the wire.
//!
//! Each value is written in the one form that the wire reads; what it makes of it is the core's to say. Floats,
//! naive datetimes and integers beyond 128 bits are refused here, since JSON would lose what they were.

use super::{
    Fault, Result,
    address::object_text,
    known,
    number::{decimal_text, float, fraction_text, integer_text, is_decimal, shown},
    time::{date_of, instant_text},
};
use crate::{
    ipam::{Range, RangeSet, Ranges, Texts},
    metering::{Span, Spec},
    pricing::RateCard,
    value::{Money, Period, Quantity},
    wallet::{Coupon, Owner},
};
use counterfoil::{
    error::{WireError, excerpt},
    wire::LONGEST_INPUT,
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple},
};

/// How deep values may be nested: far more than any call, far less than a stack.
const DEEPEST: usize = 64;

/// Writes the arguments of a call; those that are `None` are left out.
pub(crate) fn call(arguments: &Bound<'_, PyDict>) -> Result<String> {
    let mut writer = Writer { json: String::with_capacity(256), path: Vec::new() };
    writer.members(arguments.iter().filter(|(_, value)| !value.is_none()))?;
    Ok(writer.json)
}

struct Writer<'py> {
    json: String,
    /// Where the value stands that is being written.
    path: Vec<Step<'py>>,
}

enum Step<'py> {
    Member(Bound<'py, PyAny>),
    Item(usize),
}

impl<'py> Writer<'py> {
    fn value(&mut self, value: &Bound<'py, PyAny>) -> Result<()> {
        if let Ok(text) = value.cast::<PyString>() {
            return self.text(text);
        }
        if value.is_none() {
            self.json.push_str("null");
        } else if let Ok(truth) = value.cast::<PyBool>() {
            self.json.push_str(if truth.is_true() { "true" } else { "false" });
        } else if value.is_instance_of::<PyInt>() {
            self.json.push_str(&integer_text(value)?);
        } else if value.is_instance_of::<PyFloat>() {
            return Err(float(value));
        } else if is_decimal(value)? {
            self.quoted(&decimal_text(value)?);
        } else if let Ok(members) = value.cast::<PyDict>() {
            self.dict(members)?;
        } else if let Ok(items) = value.cast::<PyList>() {
            self.items(items.iter())?;
        } else if let Ok(items) = value.cast::<PyTuple>() {
            self.items(items.iter())?;
        } else {
            self.other(value)?;
        }
        self.check_length()
    }

    /// What is met less often.
    fn other(&mut self, value: &Bound<'py, PyAny>) -> Result<()> {
        let py = value.py();
        if value.is_instance_of::<PyDateTime>() {
            self.quoted(&instant_text(value)?);
        } else if value.is_instance_of::<PyDate>() {
            self.quoted(&date_of(value, "")?.to_string());
        } else if value.is_instance(known::record(py)?)? {
            self.dict(value.call_method0("_members")?.cast::<PyDict>().map_err(PyErr::from)?)?;
        } else if value.is_instance(known::mapping(py)?)? {
            self.mapping(value.cast::<PyMapping>().map_err(PyErr::from)?)?;
        } else if let Ok(card) = value.cast::<RateCard>() {
            self.json.push_str(&card.get().to_json());
        } else if let Some(members) = members_of(value)? {
            self.dict(&members)?;
        } else if is_written_as_text(value)? {
            self.quoted(value.str()?.to_str()?);
        } else if value.is_instance(known::fraction(py)?)? {
            self.quoted(&fraction_text(value)?);
        } else if let Some(text) = object_text(value)? {
            self.quoted(&text);
        } else if let Ok(ranges) = value.cast::<Ranges>() {
            self.texts(&ranges.get().written()?)?;
        } else if let Ok(set) = value.cast::<RangeSet>() {
            self.texts(&set.get().written()?)?;
        } else {
            let fault = format!("{} can not be passed: it is none of the types of this call", shown(value));
            return Err(Fault::bad_input(self.place(), fault));
        }
        Ok(())
    }

    fn text(&mut self, text: &Bound<'py, PyString>) -> Result<()> {
        match text.to_str() {
            Ok(text) => {
                self.quoted(text);
                self.check_length()
            }
            Err(_) => {
                let fault = "the text is not Unicode: it has half of a surrogate pair";
                Err(Fault::bad_input(self.place(), fault))
            }
        }
    }

    fn texts(&mut self, texts: &Texts) -> Result<()> {
        self.json.push('[');
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.quoted(text);
            self.check_length()?;
        }
        self.json.push(']');
        Ok(())
    }

    fn quoted(&mut self, text: &str) {
        self.json.push_str(&serde_json::Value::from(text).to_string());
    }

    fn dict(&mut self, members: &Bound<'py, PyDict>) -> Result<()> {
        // A copy: other threads may change what is passed while it is written.
        let pairs = members.items().iter().map(|pair| pair.extract()).collect::<PyResult<Vec<_>>>()?;
        self.members(pairs.into_iter())
    }

    fn mapping(&mut self, members: &Bound<'py, PyMapping>) -> Result<()> {
        let members = members.items()?;
        let pairs = members.iter().map(|pair| pair.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>());
        let pairs = pairs.collect::<PyResult<Vec<_>>>()?;
        self.members(pairs.into_iter())
    }

    fn members(&mut self, members: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>) -> Result<()> {
        self.json.push('{');
        for (index, (name, value)) in members.enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            let Ok(text) = name.cast::<PyString>() else {
                return Err(Fault::bad_input(self.place(), format!("{} is no name of a member", shown(&name))));
            };
            self.text(text)?;
            self.json.push(':');
            self.within(Step::Member(name), &value)?;
        }
        self.json.push('}');
        Ok(())
    }

    fn items(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>) -> Result<()> {
        self.json.push('[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.within(Step::Item(index), &item)?;
        }
        self.json.push(']');
        Ok(())
    }

    fn within(&mut self, step: Step<'py>, value: &Bound<'py, PyAny>) -> Result<()> {
        if self.path.len() == DEEPEST {
            let fault = format!("values are nested more than {DEEPEST} deep");
            return Err(Fault::bad_input(self.place(), fault));
        }
        self.path.push(step);
        self.value(value)?;
        self.path.pop();
        Ok(())
    }

    fn check_length(&self) -> Result<()> {
        match self.json.len() {
            length if length > LONGEST_INPUT => Err(WireError::TooLong { length, limit: LONGEST_INPUT }.into()),
            _ => Ok(()),
        }
    }

    /// As `spans[1].start`.
    fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            match step {
                Step::Member(name) if place.is_empty() => place.push_str(&name.to_string()),
                Step::Member(name) => place.extend([".", &name.to_string()]),
                Step::Item(index) => place.push_str(&format!("[{index}]")),
            }
        }
        match place.is_empty() {
            true => "the input".to_owned(),
            false => excerpt(&place),
        }
    }
}

/// The members of a handle, as the wire names them.
fn members_of<'py>(value: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyDict>>> {
    let py = value.py();
    Ok(if let Ok(spec) = value.cast::<Spec>() {
        Some(spec.get().to_dict(py)?)
    } else if let Ok(span) = value.cast::<Span>() {
        Some(span.get().to_dict(py)?)
    } else if let Ok(period) = value.cast::<Period>() {
        Some(period.get().to_dict(py)?)
    } else if let Ok(owner) = value.cast::<Owner>() {
        Some(owner.get().to_dict(py)?)
    } else if let Ok(coupon) = value.cast::<Coupon>() {
        Some(coupon.get().members(py)?)
    } else {
        None
    })
}

/// Values whose `str` is what the wire reads.
fn is_written_as_text(value: &Bound<'_, PyAny>) -> Result<bool> {
    Ok(value.is_instance_of::<Money>() || value.is_instance_of::<Quantity>() || value.is_instance_of::<Range>())
}

/// JSON text as plain values of Python.
pub(crate) fn read_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}
