use super::{
    family::{Either, Side, address_in, each},
    given::{for_each, item_in},
    range::Range,
};
use crate::border::{Fault, Result, address::network_out, html, number::shown};
use counterfoil::ipam::{self, IpRange, Ipv4, Ipv6};
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    types::{PyDict, PyList, PyTuple},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Networks with a value each, and for any address the longest of them that it is in.
///
/// Made of a mapping, or of pairs of a network and a value, in any order; a value is any object. All networks are of
/// one family.
///
/// Errors: those of ``Range``; ``ipam.not_a_network`` where a range is clipped; ``ipam.duplicate_range``;
/// ``ipam.mixed_families``.
///
/// >>> from counterfoil import LookupTable
/// >>> table = LookupTable({"0.0.0.0/0": "upstream", "10.0.0.0/8": "campus", "10.1.0.0/16": "lab"})
/// >>> table.get("10.1.2.3"), table.get_each(["10.9.9.9", "8.8.8.8"])
/// ('lab', ['campus', 'upstream'])
/// >>> [match.value for match in table.matches("10.1.2.3")]
/// ['lab', 'campus', 'upstream']
/// >>> table.longest_match("10.1.2.3")
/// Match(IPv4Network('10.1.0.0/16'), 'lab')
///
/// Rule: R-I10.
#[pyclass(frozen, generic, module = "counterfoil")]
pub(crate) struct LookupTable {
    inner: Either<Table<Ipv4>, Table<Ipv6>>,
}

type Table<A> = ipam::LookupTable<A, Py<PyAny>>;

#[pymethods]
impl LookupTable {
    #[new]
    #[pyo3(text_signature = "(networks)")]
    fn new(networks: &Bound<'_, PyAny>) -> Result<Self> {
        let items;
        let pairs = match networks.cast::<PyDict>() {
            Ok(mapping) => {
                items = mapping.items().into_any();
                &items
            }
            Err(_) => networks,
        };
        let mut rows = Either::V4(Vec::new());
        for_each(pairs, "networks", |place, pair| {
            let at = || format!("networks[{place}]");
            let Ok((network, value)) = pair.extract::<(Bound<'_, PyAny>, Py<PyAny>)>() else {
                let fault = format!("{} is no pair of a network and a value", shown(pair));
                return Err(Fault::bad_input(at(), fault));
            };
            match (&mut rows, item_in(place, &network, "networks", Range::read)?) {
                (Either::V4(none), IpRange::V6(range)) if none.is_empty() => {
                    rows = Either::V6(vec![(range.try_into()?, value)]);
                }
                (Either::V4(rows), range) => rows.push((Ipv4::of_range(range)?.try_into()?, value)),
                (Either::V6(rows), range) => rows.push((Ipv6::of_range(range)?.try_into()?, value)),
            }
            Ok(())
        })?;
        Ok(Self {
            inner: match rows {
                Either::V4(rows) => Either::V4(Table::new(rows)?),
                Either::V6(rows) => Either::V6(Table::new(rows)?),
            },
        })
    }

    /// The value of the longest network that an address is in, or ``default``.
    #[pyo3(signature = (address, default=None), text_signature = "($self, address, default=None)")]
    fn get(&self, address: &Bound<'_, PyAny>, default: Option<Py<PyAny>>) -> Result<Option<Py<PyAny>>> {
        let py = address.py();
        each!(&self.inner, table => {
            let found = table.longest_match(address_in(address, "address")?);
            Ok(found.map(|found| found.value().clone_ref(py)).or(default))
        })
    }

    /// The values of the longest networks of many addresses, in one call; ``default`` of those that are in none.
    #[pyo3(signature = (addresses, default=None), text_signature = "($self, addresses, default=None)")]
    fn get_each<'py>(
        &self,
        addresses: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyList>> {
        let py = addresses.py();
        let default = default.map_or_else(|| py.None(), Bound::unbind);
        let mut values = Vec::new();
        each!(&self.inner, table => {
            for_each(addresses, "addresses", |place, address| {
                let found = table.longest_match(item_in(place, address, "addresses", address_in)?);
                values.push(found.map_or(&default, |found| found.value()).clone_ref(py));
                Ok(())
            })?;
        });
        Ok(PyList::new(py, values)?)
    }

    /// The longest network that an address is in; none where it is in none.
    fn longest_match(&self, address: &Bound<'_, PyAny>) -> Result<Option<Match>> {
        let py = address.py();
        each!(&self.inner, table => {
            Ok(table.longest_match(address_in(address, "address")?).map(|found| Match::of(py, &found)))
        })
    }

    /// All networks that an address is in, the longest first.
    fn matches<'py>(&self, address: &Bound<'py, PyAny>) -> Result<Bound<'py, PyTuple>> {
        let py = address.py();
        let matches: Vec<Match> = each!(&self.inner, table => {
            table.matches(address_in(address, "address")?).map(|found| Match::of(py, &found)).collect()
        });
        Ok(PyTuple::new(py, matches.into_iter().map(|found| Py::new(py, found)).collect::<PyResult<Vec<_>>>()?)?)
    }

    /// Whether an address is in any of its networks.
    fn __contains__(&self, address: &Bound<'_, PyAny>) -> Result<bool> {
        each!(&self.inner, table => Ok(table.longest_match(address_in(address, "address")?).is_some()))
    }

    /// How many networks.
    fn __len__(&self) -> usize {
        each!(&self.inner, table => table.len())
    }

    /// Its networks with their values, by network.
    fn items<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyTuple>> {
        let pairs = each!(&self.inner, table => {
            table.iter().map(|(prefix, value)| Ok((network_out(py, prefix)?, value.clone_ref(py)))).collect::<Result<Vec<_>>>()
        })?;
        Ok(PyTuple::new(py, pairs)?)
    }

    fn __repr__(&self) -> String {
        let family = match &self.inner {
            Either::V4(_) => ipam::Family::Ipv4,
            Either::V6(_) => ipam::Family::Ipv6,
        };
        format!("<LookupTable of {} networks of {family}>", self.__len__())
    }

    /// The same networks, with equal values.
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return Ok(py.NotImplemented()) };
        let same = match (&self.inner, &other.get().inner) {
            (Either::V4(one), Either::V4(other)) => same(py, one, other)?,
            (Either::V6(one), Either::V6(other)) => same(py, one, other)?,
            (one, other) => each!(one, table => table.is_empty()) && each!(other, table => table.is_empty()),
        };
        Ok(pyo3::types::PyBool::new(py, same).to_owned().into_any().unbind())
    }

    /// Of its networks: values need not be hashable.
    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        each!(&self.inner, table => table.iter().for_each(|(prefix, _)| prefix.hash(&mut hasher)));
        hasher.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<(Py<PyAny>, (Bound<'py, PyList>,))> {
        let pairs = each!(&self.inner, table => {
            table.iter().map(|(prefix, value)| (prefix.to_string(), value.clone_ref(py))).collect::<Vec<_>>()
        });
        Ok((py.get_type::<Self>().into_any().unbind(), (PyList::new(py, pairs)?,)))
    }

    /// ``{"table": [{"prefix", "value"}, ...]}``, as ``ipam.lookup`` takes it where its values are texts.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entry = |prefix: String, value: &Py<PyAny>| {
            let entry = PyDict::new(py);
            entry.set_item("prefix", prefix)?;
            entry.set_item("value", value)?;
            Ok(entry)
        };
        let table: Vec<_> = each!(&self.inner, table => {
            table.iter().map(|(prefix, value)| entry(prefix.to_string(), value)).collect::<PyResult<_>>()?
        });
        let members = PyDict::new(py);
        members.set_item("table", table)?;
        Ok(members)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        each!(&self.inner, table => table.iter().try_for_each(|(_, value)| visit.call(value)))
    }

    fn _repr_html_(&self, py: Python<'_>) -> String {
        each!(&self.inner, table => {
            let rows = table.iter().map(|(prefix, value)| {
                [prefix.to_string(), crate::border::text::repr(value.bind(py))]
            });
            html::table(["network", "value"], rows, html::more(table.len(), table.len() <= html::SHOWN).as_deref())
        })
    }
}

/// A network that an address was found in, and its value: ``LookupTable.longest_match``.
#[pyclass(frozen, generic, module = "counterfoil")]
pub(crate) struct Match {
    range: IpRange,
    value: Py<PyAny>,
}

impl Match {
    fn of<A: Side>(py: Python<'_>, found: &ipam::Match<'_, A, Py<PyAny>>) -> Self {
        Self { range: A::range(found.prefix().into()), value: found.value().clone_ref(py) }
    }

    fn same(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.range == other.range && self.value.bind(py).eq(&other.value)?)
    }
}

#[pymethods]
impl Match {
    #[new]
    #[pyo3(text_signature = "(network, value)")]
    fn new(network: &Bound<'_, PyAny>, value: Py<PyAny>) -> Result<Self> {
        Ok(Self { range: Range::read(network, "network")?, value })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let arguments = PyTuple::new(py, [self.network(py)?, self.value.bind(py).clone()])?;
        Ok((py.get_type::<Self>().into_any(), arguments))
    }

    /// The network, an object of ``ipaddress``.
    #[getter]
    fn network<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        super::family::each_range!(self.range, range => network_out(py, range.network()))
    }

    /// Its value.
    #[getter]
    fn value(&self, py: Python<'_>) -> Py<PyAny> {
        self.value.clone_ref(py)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match other.cast::<Self>() {
            Ok(other) => Ok(pyo3::types::PyBool::new(py, self.same(other.get(), py)?).to_owned().into_any().unbind()),
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        PyTuple::new(py, [self.network(py)?, self.value.bind(py).clone()])?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Match({}, {})", self.network(py)?.repr()?, self.value.bind(py).repr()?))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.value)
    }

    /// ``{"network", "value"}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("network", self.network(py)?)?;
        members.set_item("value", self.value(py))?;
        Ok(members)
    }
}

fn same<A: Side>(py: Python<'_>, one: &Table<A>, other: &Table<A>) -> PyResult<bool> {
    if one.len() != other.len() {
        return Ok(false);
    }
    for ((prefix, value), (other_prefix, other_value)) in one.iter().zip(other.iter()) {
        if prefix != other_prefix || !value.bind(py).eq(other_value)? {
            return Ok(false);
        }
    }
    Ok(true)
}
