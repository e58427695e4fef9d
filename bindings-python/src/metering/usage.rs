use super::{Spec, hash_of};
use crate::{
    border::{
        Fault, Rebuilt, Result,
        number::{fraction_out, shown},
        text::parsed,
    },
    value::Period,
};
use counterfoil::{
    exact::Exact,
    metering::{self, Measure, Part, PartUsage},
    time,
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::sync::Arc;

/// What a resource used in a window, part by part, exactly.
///
/// >>> from counterfoil import Period, Spec, Usage
/// >>> usage = Usage.timed(Period.day("2024-02-20", "UTC"), Spec.disk(50))
/// >>> usage.hours("size")
/// Fraction(1200, 1)
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Usage {
    pub(crate) inner: Arc<metering::Usage>,
}

impl From<metering::Usage> for Usage {
    fn from(inner: metering::Usage) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

type WrittenPart = (String, &'static str, bool, String, String);

impl Usage {
    fn written(&self) -> Result<Vec<WrittenPart>> {
        let written = |part: PartUsage| {
            let timed = part.measure == Measure::Timed;
            (part.part.to_string(), part.unit.name(), timed, part.used.to_string(), part.payable.to_string())
        };
        Ok(self.inner.to_parts()?.into_iter().map(written).collect())
    }

    /// Quantity × hours of a part; zero of one that it has not.
    fn hours_of<'py>(
        &self,
        part: &Bound<'py, PyAny>,
        of: impl Fn(&metering::Usage, &Part) -> Option<metering::UsageOf>,
    ) -> Result<Bound<'py, PyAny>> {
        let read: Part = parsed(part, "part")?;
        let hours = of(&self.inner, &read).map_or(Exact::ZERO, |usage| match usage.measure() {
            Measure::Timed => usage.hours(),
            Measure::Counted => usage.value().clone(),
        });
        Ok(fraction_out(part.py(), &hours)?)
    }
}

#[pymethods]
impl Usage {
    /// What stays as it is for a whole window, all of it payable.
    #[staticmethod]
    fn timed(window: &Bound<'_, PyAny>, spec: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(metering::Usage::timed(Period::read(window, "window")?, &Spec::read(spec, "spec")?)?.into())
    }

    /// What is counted and not timed, all of it payable.
    #[staticmethod]
    fn counted(window: &Bound<'_, PyAny>, spec: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(metering::Usage::counted(Period::read(window, "window")?, &Spec::read(spec, "spec")?).into())
    }

    /// The window that it is of.
    #[getter]
    fn window(&self) -> Period {
        self.inner.window().into()
    }

    /// The names of its parts, in order.
    #[getter]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.parts().map(|part| part.to_string()))
    }

    /// What was used of a part: quantity × hours, or the quantity of what is counted; a ``Fraction``.
    fn hours<'py>(&self, part: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>> {
        self.hours_of(part, metering::Usage::used)
    }

    /// What of that is payable.
    fn payable_hours<'py>(&self, part: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>> {
        self.hours_of(part, metering::Usage::payable)
    }

    /// The usage of two windows that meet.
    fn __add__(&self, next: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(self.inner.plus(&other(next)?.get().inner)?.into())
    }

    /// What this usage of a window has more than another of the same window.
    fn __sub__(&self, stored: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(self.inner.delta(&other(stored)?.get().inner)?.into())
    }

    fn __hash__(&self) -> Result<u64> {
        let window = self.inner.window();
        Ok(hash_of((window.start().micros(), window.end().micros(), self.written()?)))
    }

    fn __str__(&self) -> Result<String> {
        let mut text = self.inner.window().to_string();
        for part in self.inner.to_parts()? {
            let (hours, unit) = (self.inner.used(&part.part), part.unit);
            let Some(hours) = hours else { continue };
            match part.measure {
                Measure::Timed => text.push_str(&format!(", {} {} {unit}·hour", part.part, hours.hours())),
                Measure::Counted => text.push_str(&format!(", {} {} {unit}", part.part, hours.value())),
            }
        }
        Ok(text)
    }

    fn __repr__(&self) -> Result<String> {
        Ok(format!("<Usage {}>", self.__str__()?))
    }

    #[staticmethod]
    #[pyo3(name = "_of_parts")]
    fn of_parts(window: &Bound<'_, PyAny>, parts: Vec<(String, String, bool, String, String)>) -> Result<Self> {
        let part = |(part, unit, timed, used, payable): (String, String, bool, String, String)| {
            Ok::<_, Fault>(PartUsage {
                part: part.parse()?,
                unit: unit.parse()?,
                measure: if timed { Measure::Timed } else { Measure::Counted },
                used: used.parse()?,
                payable: payable.parse()?,
            })
        };
        let parts = parts.into_iter().map(part).collect::<Result<Vec<_>>>()?;
        let window: time::Period = Period::read(window, "window")?;
        Ok(metering::Usage::from_parts(window, parts)?.into())
    }

    fn __reduce__(&self, py: Python<'_>) -> Result<Rebuilt<(Period, Vec<WrittenPart>)>> {
        let class = py.get_type::<Self>().getattr("_of_parts")?.unbind();
        Ok((class, (self.window(), self.written()?)))
    }

    /// ``{part: {"unit", "used", "payable"}}``, in quantity × hours.
    fn to_dict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        for part in self.inner.parts() {
            let (Some(used), Some(payable)) = (self.inner.used(part), self.inner.payable(part)) else { continue };
            let of = PyDict::new(py);
            let value = |usage: &metering::UsageOf| match usage.measure() {
                Measure::Timed => usage.hours(),
                Measure::Counted => usage.value().clone(),
            };
            of.set_item("unit", used.unit().name())?;
            of.set_item("used", fraction_out(py, &value(&used))?)?;
            of.set_item("payable", fraction_out(py, &value(&payable))?)?;
            members.set_item(part.to_string(), of)?;
        }
        Ok(members)
    }
}

fn other<'a, 'py>(value: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, Usage>> {
    value.cast::<Usage>().map_err(|_| Fault::bad_input("the other usage", format!("{} is no `Usage`", shown(value))))
}
