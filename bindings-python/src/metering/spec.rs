use crate::{
    border::{
        Fault, Rebuilt, Result,
        number::{count_of, decimal_of, shown},
        text::{parsed, text_of, unicode},
    },
    value,
};
use counterfoil::{
    metering::{self, Part},
    units::{self, Unit},
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyMapping, PyString},
};

/// What a resource is made of: parts with their quantities.
///
/// >>> from counterfoil import Spec
/// >>> spec = Spec.server(cpu=4, ram="8192 MiB", public_ip=True)
/// >>> spec["ram"]
/// Quantity('8192', 'MiB')
/// >>> Spec({"gpu[A100]": "2 card"}, cpu="16 core")
/// Spec({'cpu': '16 core', 'gpu[A100]': '2 card'})
#[pyclass(frozen, eq, mapping, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Spec {
    pub(crate) inner: metering::Spec,
}

impl From<metering::Spec> for Spec {
    fn from(inner: metering::Spec) -> Self {
        Self { inner }
    }
}

impl Spec {
    /// Reads a spec: ours, or a mapping of parts.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<metering::Spec> {
        if let Ok(spec) = value.cast::<Self>() {
            return Ok(spec.get().inner.clone());
        }
        match value.cast::<PyMapping>() {
            Ok(parts) => add(metering::Spec::default(), parts),
            Err(_) => {
                Err(Fault::bad_input(at, format!("{} is no spec: pass `Spec` or a mapping of parts", shown(value))))
            }
        }
    }
}

fn add(mut spec: metering::Spec, parts: &Bound<'_, PyMapping>) -> Result<metering::Spec> {
    for pair in parts.items()?.iter() {
        let (part, quantity) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let place = text_of(&part, "a part of a spec")?;
        spec = spec.with(parsed::<Part>(&part, "a part of a spec")?, value::Quantity::read(&quantity, &place)?)?;
    }
    Ok(spec)
}

/// A quantity: of the usual unit, or of the one that it names.
fn sized(value: &Bound<'_, PyAny>, at: &str, usual: Unit) -> Result<units::Quantity> {
    let named = match value.cast::<PyString>() {
        Ok(text) => unicode(text, at)?.contains(' '),
        Err(_) => value.is_instance_of::<value::Quantity>(),
    };
    match named {
        true => value::Quantity::read(value, at),
        false => Ok(units::Quantity::new(decimal_of(value, at)?, usual)?),
    }
}

/// Whether there is one: a `bool`, and nothing that merely counts as one.
fn truth(value: Option<&Bound<'_, PyAny>>, at: &str) -> Result<units::Quantity> {
    let is = match value {
        None => false,
        Some(value) => match value.cast::<PyBool>() {
            Ok(is) => is.is_true(),
            Err(_) => return Err(Fault::bad_input(at, format!("{} is no `bool`", shown(value)))),
        },
    };
    Ok(units::Quantity::whole(is.into(), Unit::Count))
}

#[pymethods]
impl Spec {
    #[new]
    #[pyo3(signature = (parts = None, **more))]
    fn new(parts: Option<&Bound<'_, PyAny>>, more: Option<&Bound<'_, PyDict>>) -> Result<Self> {
        let mut spec = match parts {
            Some(parts) => Self::read(parts, "parts")?,
            None => metering::Spec::default(),
        };
        if let Some(more) = more {
            spec = add(spec, more.as_mapping())?;
        }
        Ok(spec.into())
    }

    /// A server: cores, memory and local disk in GiB unless a unit is named, with a public address or not.
    #[staticmethod]
    #[pyo3(signature = (*, cpu, ram, disk = None, public_ip = None))]
    fn server(
        cpu: &Bound<'_, PyAny>,
        ram: &Bound<'_, PyAny>,
        disk: Option<&Bound<'_, PyAny>>,
        public_ip: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let disk = match disk {
            Some(disk) => sized(disk, "disk", Unit::GiB)?,
            None => units::Quantity::whole(0, Unit::GiB),
        };
        let parts = [
            (Part::BASE, units::Quantity::whole(1, Unit::Count)),
            (Part::CPU, sized(cpu, "cpu", Unit::Core)?),
            (Part::RAM, sized(ram, "ram", Unit::GiB)?),
            (Part::DISK, disk),
            (Part::PUBLIC_IP, truth(public_ip, "public_ip")?),
        ];
        Ok(metering::Spec::new(parts)?.into())
    }

    /// A disk or a snapshot, in GiB unless a unit is named.
    #[staticmethod]
    fn disk(size: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(metering::Spec::new([(Part::SIZE, sized(size, "size", Unit::GiB)?)])?.into())
    }

    /// A bucket of so many bytes.
    #[staticmethod]
    fn bucket(bytes: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(metering::Spec::bucket(count_of(bytes, "bytes")?).into())
    }

    fn __getitem__(&self, part: &Bound<'_, PyAny>) -> Result<value::Quantity> {
        let name: Part = parsed(part, "part")?;
        let found = self.inner.quantity(&name).map(value::Quantity::from);
        found.ok_or_else(|| pyo3::exceptions::PyKeyError::new_err(name.to_string()).into())
    }

    fn __len__(&self) -> usize {
        self.inner.parts().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.keys(py)?.into_any().try_iter()?.into_any())
    }

    /// The names of its parts.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyTuple>> {
        pyo3::types::PyTuple::new(py, self.inner.parts().map(|(part, _)| part.to_string()))
    }

    pub(crate) fn __hash__(&self) -> u64 {
        // By value: `1 core` and `1.0 core` are equal.
        super::hash_of(self.inner.parts().collect::<Vec<_>>())
    }

    fn __str__(&self) -> String {
        let parts = self.inner.parts().map(|(part, quantity)| format!("{part} {quantity}"));
        parts.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn __repr__(&self) -> String {
        let parts = self.inner.parts().map(|(part, quantity)| format!("'{part}': '{quantity}'"));
        format!("Spec({{{}}})", parts.collect::<Vec<_>>().join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Bound<'py, PyDict>,)>> {
        Ok((py.get_type::<Self>().into_any().unbind(), (self.to_dict(py)?,)))
    }

    /// ``{part: Quantity}``.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        for (part, quantity) in self.inner.parts() {
            members.set_item(part.to_string(), value::Quantity::from(quantity))?;
        }
        Ok(members)
    }
}
