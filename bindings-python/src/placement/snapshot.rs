use crate::border::{Result, answer, html, json, known, text::text_of};
use counterfoil::{
    error::Error,
    placement::Level,
    wire::{Answer, Inventory},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyList, PyTuple},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

/// The nodes of an inventory and what runs there, kept in Rust, with what is free on each.
///
/// Nodes and running things are mappings in the shape of the operation ``placement.check``: quantities are text
/// (``"4"``, ``"500m"``, ``"8Gi"``), ``int`` is no quantity, and a resource of which nobody knows how much there is, is
/// ``None``. It never changes: ``apply`` gives another one. What is asked of one snapshot by many threads runs at once.
///
/// Errors: ``placement.duplicate_node``, ``placement.unknown_node``, ``placement.duplicate_item``,
/// ``placement.card_unnamed``, ``placement.unknown_card``, ``placement.negative_overcommit``,
/// ``placement.amount_overflow``, ``placement.duplicate_supply``; ``wire.bad_input`` for another shape.
///
/// >>> from counterfoil import Snapshot
/// >>> nodes = [{"name": "w1", "resources": {"cpu": "4"}}, {"name": "w2", "resources": {"cpu": "1"}}]
/// >>> snapshot = Snapshot(nodes, running=[{"id": "a", "node": "w1", "parts": [{"resource": "cpu", "amount": "1"}]}])
/// >>> products = [{"id": f"{n}-core", "parts": [{"resource": "cpu", "amount": str(n)}]} for n in (1, 4)]
/// >>> snapshot.check(products).greyed
/// ('4-core',)
/// >>> [(product.id, product.count) for product in snapshot.count(products)]
/// [('1-core', 4), ('4-core', 0)]
/// >>> snapshot.what_if([{"stop": "a"}], products).after
/// ()
///
/// Rules: R-A1, R-A3, R-A9, R-A13.
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Snapshot {
    /// What is asked is asked of all at once; what if, of one at a time, since its changes are undone.
    inner: RwLock<Inventory>,
    /// What it was made of, to make it again: the inventory, and each list of changes.
    made_of: Vec<Arc<str>>,
}

impl Snapshot {
    /// Looks at the inventory without holding up Python.
    fn look<T: Send>(&self, py: Python<'_>, at: impl FnOnce(&Inventory) -> T + Send) -> T {
        py.detach(|| at(&self.inner.read().unwrap_or_else(PoisonError::into_inner)))
    }

    fn read(py: Python<'_>, text: Arc<str>) -> Result<Self> {
        let inner = py.detach(|| Inventory::read(&text))?;
        Ok(Self { inner: RwLock::new(inner), made_of: vec![text] })
    }

    fn changed(&self, py: Python<'_>, changes: Arc<str>) -> Result<Self> {
        let inner = self.look(py, |inventory| {
            let mut changed = inventory.clone();
            changed.change(&changes).map(|()| changed)
        })?;
        let made_of = self.made_of.iter().cloned().chain([changes]).collect();
        Ok(Self { inner: RwLock::new(inner), made_of })
    }
}

#[pymethods]
impl Snapshot {
    #[new]
    #[pyo3(signature = (nodes, *, running=None, sharing=None), text_signature = "(nodes, *, running=(), sharing=None)")]
    fn new(
        nodes: &Bound<'_, PyAny>,
        running: Option<&Bound<'_, PyAny>>,
        sharing: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let py = nodes.py();
        let text = written(py, [("nodes", Some(nodes)), ("running", running), ("sharing", sharing)])?;
        Self::read(py, text.into())
    }

    /// Reads an inventory of JSON text, ``{"nodes": [...], "running": [...], "sharing": ...}``, and after it any number
    /// of texts with ``{"changes": [...]}``, in order.
    #[classmethod]
    #[pyo3(signature = (text, *changes), text_signature = "($cls, text, *changes)")]
    fn from_json(
        class: &Bound<'_, pyo3::types::PyType>,
        text: &Bound<'_, PyAny>,
        changes: &Bound<'_, PyTuple>,
    ) -> Result<Self> {
        let py = class.py();
        let mut snapshot = Self::read(py, text_of(text, "text")?.into())?;
        for change in changes {
            snapshot = snapshot.changed(py, text_of(&change, "changes")?.into())?;
        }
        Ok(snapshot)
    }

    /// Which products no node takes, at which stage, and why; and on how many nodes the others fit.
    ///
    /// ``telling`` is ``"every"`` (reason of a node) or ``"first_check"``; ``detail`` is ``"verdicts"``, ``"reasons"`` or
    /// ``"nearest"``. The answer is that of the operation ``placement.check``.
    ///
    /// Errors: ``placement.too_many_resources``, ``wire.too_much_work``; ``wire.bad_input`` for another shape.
    ///
    /// Rules: R-A1, R-A2, R-A7, R-A8.
    #[pyo3(
        signature = (products, *, rules=None, telling=None, detail=None),
        text_signature = "($self, products, *, rules=None, telling=None, detail=None)"
    )]
    fn check<'py>(
        &self,
        products: &Bound<'py, PyAny>,
        rules: Option<&Bound<'py, PyAny>>,
        telling: Option<&Bound<'py, PyAny>>,
        detail: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>> {
        let py = products.py();
        let members = [("products", Some(products)), ("rules", rules), ("telling", telling), ("detail", detail)];
        let text = written(py, members)?;
        answer(py, self.look(py, |inventory| inventory.check(&text)))
    }

    /// How many of each product can still be sold, if no other is, and on which nodes; ``"unlimited"`` where nothing is
    /// asked for.
    ///
    /// Errors: ``placement.count_overflow``; those of ``check``.
    ///
    /// Rule: R-A9.
    #[pyo3(signature = (products, *, rules=None), text_signature = "($self, products, *, rules=None)")]
    fn count<'py>(&self, products: &Bound<'py, PyAny>, rules: Option<&Bound<'py, PyAny>>) -> Result<Bound<'py, PyAny>> {
        let py = products.py();
        let text = written(py, [("products", Some(products)), ("rules", rules)])?;
        answer(py, self.look(py, |inventory| inventory.count(&text)))
    }

    /// What is free on each node, by resource, as canonical quantities; none where nobody knows.
    ///
    /// Rules: R-A3, R-A4.
    fn free<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        answer(py, self.look(py, Inventory::free))
    }

    /// What changes would make grey or sellable, and how many there would be, without making them.
    ///
    /// A change is one of ``{"add_node": node}``, ``{"remove_node": name}``, ``{"replace_node": node}``,
    /// ``{"start": running}``, ``{"stop": id}``.
    ///
    /// Errors: those of ``Snapshot`` and ``check``; ``placement.unknown_item``.
    ///
    /// Rule: R-A13.
    #[pyo3(signature = (changes, products, *, rules=None), text_signature = "($self, changes, products, *, rules=None)")]
    fn what_if<'py>(
        &self,
        changes: &Bound<'py, PyAny>,
        products: &Bound<'py, PyAny>,
        rules: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>> {
        let py = products.py();
        let text = written(py, [("changes", Some(changes)), ("products", Some(products)), ("rules", rules)])?;
        answer(py, py.detach(|| self.inner.write().unwrap_or_else(PoisonError::into_inner).what_if(&text)))
    }

    /// The snapshot after changes, all of them or, where one is an error, none.
    ///
    /// Errors: those of ``what_if``.
    ///
    /// Rule: R-A13.
    fn apply(&self, changes: &Bound<'_, PyAny>) -> Result<Self> {
        let py = changes.py();
        self.changed(py, written(py, [("changes", Some(changes))])?.into())
    }

    /// ``{"inventory", "changes"}``, as ``placement.what_if`` takes them: what it was made of, and what was applied since.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Some((inventory, changes)) = self.made_of.split_first() else { return Ok(PyDict::new(py)) };
        let applied = PyList::empty(py);
        for changes in changes {
            let changes = json::read_json(py, changes)?.get_item("changes")?;
            changes.try_iter()?.try_for_each(|change| applied.append(change?))?;
        }
        let members = PyDict::new(py);
        members.set_item("inventory", json::read_json(py, inventory)?)?;
        members.set_item("changes", applied)?;
        Ok(members)
    }

    /// The names of its nodes, in order.
    #[getter]
    fn nodes(&self, py: Python<'_>) -> Vec<String> {
        self.look(py, names)
    }

    /// How many things run.
    #[getter]
    fn running_count(&self, py: Python<'_>) -> usize {
        self.look(py, |inventory| inventory.snapshot().running_len())
    }

    /// How many nodes.
    fn __len__(&self, py: Python<'_>) -> usize {
        self.look(py, |inventory| inventory.snapshot().nodes().len())
    }

    /// The same nodes, with the same running there.
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return py.NotImplemented() };
        let other = other.get();
        // One after the other: of a snapshot and itself both locks are one.
        let same = std::ptr::eq(self, other) || {
            let one = self.look(py, Inventory::clone);
            other.look(py, |other| one == *other)
        };
        pyo3::types::PyBool::new(py, same).to_owned().into_any().unbind()
    }

    fn __hash__(&self, py: Python<'_>) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.look(py, names).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<Snapshot of {} nodes, with {} running>", self.__len__(py), self.running_count(py))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let class = py.get_type::<Self>();
        Ok((class.getattr("from_json")?, PyTuple::new(py, self.made_of.iter().map(|text| &**text))?))
    }

    fn _repr_html_(&self, py: Python<'_>) -> String {
        self.look(py, |inventory| {
            let snapshot = inventory.snapshot();
            let rows = snapshot.nodes().map(|node| {
                let levels = snapshot.levels(&node.name).into_iter().flatten().map(|(resource, level)| match level {
                    Level::Known(free) => format!("{resource} {}", resource.quantity(free)),
                    Level::Unknown => format!("{resource} ?"),
                });
                [node.name.clone(), levels.collect::<Vec<_>>().join(", ")]
            });
            let count = snapshot.nodes().len();
            html::table(["node", "free"], rows, html::more(count, count <= html::SHOWN).as_deref())
        })
    }
}

fn names(inventory: &Inventory) -> Vec<String> {
    inventory.snapshot().nodes().map(|node| node.name.clone()).collect()
}

/// The members of a call that are there, as JSON.
fn written<'py, const N: usize>(py: Python<'py>, members: [(&str, Option<&Bound<'py, PyAny>>); N]) -> Result<String> {
    let call = PyDict::new(py);
    for (name, value) in members {
        if let Some(value) = value {
            call.set_item(name, value)?;
        }
    }
    json::call(&call)
}

fn answer(py: Python<'_>, answer: std::result::Result<Answer, Error>) -> Result<Bound<'_, PyAny>> {
    answer::out(&known::records(py, "placement")?, answer?)
}
