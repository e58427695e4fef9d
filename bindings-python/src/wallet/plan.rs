use crate::{
    border::{
        Rebuilt, Result,
        list::items,
        number::{Decimals, shown},
        text::{parsed, text_of},
    },
    metering::hash_of,
    value::Money,
};
use counterfoil::wallet::{self, Source, SourceKind};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// What one source pays of a payment.
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Leg {
    inner: wallet::Leg<'static>,
}

#[pymethods]
impl Leg {
    /// So much from a source that stood at ``before``: how a portal reads a leg back from its own tables.
    #[new]
    #[pyo3(signature = (*, source, amount, before, id = None))]
    fn new(
        source: &Bound<'_, PyAny>,
        amount: &Bound<'_, PyAny>,
        before: &Bound<'_, PyAny>,
        id: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let kind: SourceKind = parsed(source, "source")?;
        let source = Source::of(kind, id.map(|id| text_of(id, "id")).transpose()?)?;
        let (amount, before) = (Money::read(amount, "amount")?, Money::read(before, "before")?);
        Ok(Self { inner: wallet::Leg::new(source, amount, before)? })
    }

    /// What kind of source, as ``coupon`` or ``balance``.
    #[getter]
    fn source(&self) -> &'static str {
        self.inner.source().kind().name()
    }

    /// Which one; ``None`` of the balance and of a debt.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.inner.source().id()
    }

    /// How much.
    #[getter]
    fn amount(&self) -> Money {
        self.inner.amount().into()
    }

    /// What the source held before.
    #[getter]
    fn before(&self) -> Money {
        self.inner.before().into()
    }

    /// What it holds after.
    #[getter]
    fn after(&self) -> Money {
        self.inner.after().into()
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.source(), self.id(), self.inner.amount(), self.inner.before()))
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Leg {}>", self.inner)
    }

    #[staticmethod]
    #[pyo3(name = "_of_members")]
    fn of_members<'py>(py: Python<'py>, members: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        py.get_type::<Self>().call((), Some(members))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Bound<'py, PyDict>,)>> {
        let members = self.to_dict(py)?;
        members.del_item("after")?;
        Ok((py.get_type::<Self>().getattr("_of_members")?.unbind(), (members,)))
    }

    /// Its members by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("source", self.source())?;
        members.set_item("id", self.id())?;
        members.set_item("amount", self.amount())?;
        members.set_item("before", self.before())?;
        members.set_item("after", self.after())?;
        Ok(members)
    }
}

/// What to take from what for a payment; its legs add up to its amount.
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Plan {
    inner: wallet::Plan<'static>,
}

impl From<wallet::Plan<'_>> for Plan {
    fn from(plan: wallet::Plan<'_>) -> Self {
        Self { inner: plan.into_owned() }
    }
}

#[pymethods]
impl Plan {
    /// A payment of this amount by these legs; ``money.not_conserved`` unless they add up.
    #[new]
    fn new(amount: &Bound<'_, PyAny>, legs: &Bound<'_, PyAny>) -> Result<Self> {
        let mut read = Vec::new();
        for leg in items(legs, "legs")? {
            let leg = leg?;
            match leg.cast::<Leg>() {
                Ok(leg) => read.push(leg.get().inner.clone()),
                Err(_) => return Err(crate::border::Fault::bad_input("legs", format!("{} is no `Leg`", shown(&leg)))),
            }
        }
        Ok(Self { inner: wallet::Plan::new(Money::read(amount, "amount")?, read)? })
    }

    /// What is paid.
    #[getter]
    fn amount(&self) -> Money {
        self.inner.amount().into()
    }

    /// What each source pays, in the order in which it is taken.
    #[getter]
    fn legs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.legs().iter().map(|leg| Leg { inner: leg.clone() }))
    }

    /// The legs as rows of a portal's table, in one call: ``(source, id, amount, before, after)``, the amounts as
    /// ``Decimal`` in the currency of the plan.
    ///
    /// >>> from counterfoil import Leg, Plan
    /// >>> Plan("5.00 CNY", [Leg(source="balance", amount="5.00 CNY", before="50.00 CNY")]).rows()
    /// (('balance', None, Decimal('5.00'), Decimal('50.00'), Decimal('45.00')),)
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let mut decimals = Decimals::default();
        let mut row = |leg: &wallet::Leg<'_>| {
            let amounts = [leg.amount(), leg.before(), leg.after()];
            let [amount, before, after] = amounts.map(|amount| decimals.out(py, amount.amount()));
            (leg.source().kind().name(), leg.source().id(), amount?, before?, after?).into_pyobject(py)
        };
        PyTuple::new(py, self.inner.legs().iter().map(&mut row).collect::<PyResult<Vec<_>>>()?)
    }

    /// What coupons, cash coupons and bonuses pay together.
    #[getter(from_coupons)]
    fn coupons_pay(&self) -> Money {
        self.inner.from_coupons().into()
    }

    /// What the account pays: its cards, balance and credit, and as debt.
    #[getter(from_account)]
    fn account_pays(&self) -> Money {
        self.inner.from_account().into()
    }

    /// ``coupon``, ``balance`` or ``mixed``.
    #[getter]
    fn method(&self) -> &'static str {
        self.inner.method().name()
    }

    fn __len__(&self) -> usize {
        self.inner.legs().len()
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.legs(py)?.into_any().try_iter()?.into_any())
    }

    fn __hash__(&self) -> u64 {
        let legs = self.inner.legs().iter().map(|leg| Leg { inner: leg.clone() }.__hash__());
        hash_of((self.inner.amount(), legs.collect::<Vec<_>>()))
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Plan {}>", self.inner)
    }

    fn _repr_html_(&self) -> String {
        let row = |leg: &wallet::Leg<'_>| {
            let source = leg.source().to_string().replace('&', "&amp;").replace('<', "&lt;");
            let (amount, before, after) = (leg.amount(), leg.before(), leg.after());
            format!("<tr><td>{source}</td><td>{amount}</td><td>{before}</td><td>{after}</td></tr>")
        };
        let rows: String = self.inner.legs().iter().map(row).collect();
        let head = "<tr><th>source</th><th>pays</th><th>before</th><th>after</th></tr>";
        format!("<table>{head}{rows}<tr><th>payment</th><th colspan=\"3\">{:#}</th></tr></table>", self.inner.amount())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Money, Bound<'py, PyTuple>)>> {
        Ok((py.get_type::<Self>().into_any().unbind(), (self.amount(), self.legs(py)?)))
    }

    /// ``{"amount", "legs", "from_coupons", "from_account", "method"}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("amount", self.amount())?;
        let legs = self.inner.legs().iter().map(|leg| Leg { inner: leg.clone() }.to_dict(py));
        members.set_item("legs", legs.collect::<PyResult<Vec<_>>>()?)?;
        members.set_item("from_coupons", self.coupons_pay())?;
        members.set_item("from_account", self.account_pays())?;
        members.set_item("method", self.method())?;
        Ok(members)
    }
}
