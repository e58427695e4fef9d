use super::Owner;
use crate::{
    border::{
        Rebuilt, Result,
        text::{parsed, text_of},
        time::{instant_of, instant_out},
    },
    metering::hash_of,
    value::Money,
};
use counterfoil::wallet::{self, CouponTerms, Scope};
use pyo3::{prelude::*, types::PyDict};

/// A coupon: what it was given for, what is left on it, and whom and when it serves.
///
/// Without an ``order`` it pays for anything of its ``unit``.
///
/// >>> from counterfoil import Coupon, Owner
/// >>> coupon = Coupon(
/// ...     id="C1", face_value="100.00 CNY", balance="20.00 CNY", status="available", category="server", unit="vm",
/// ...     effective="2025-03-01T00:00:00Z", expiration="2025-04-01T00:00:00Z", created="2025-02-20T08:00:00Z",
/// ...     owner=Owner.user("zhang"))
/// >>> coupon.balance
/// Money('20.00', 'CNY')
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Coupon {
    pub(super) inner: wallet::Coupon,
}

impl Coupon {
    /// Its members, as a call over the wire names them.
    pub(crate) fn members<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = self.to_dict(py)?;
        members.del_item("order")?;
        match self.order() {
            Some(order) => {
                let scope = PyDict::new(py);
                scope.set_item("order", order)?;
                members.set_item("scope", scope)?;
            }
            None => members.set_item("scope", "unit")?,
        }
        Ok(members)
    }
}

#[pymethods]
impl Coupon {
    #[new]
    #[pyo3(signature = (
        *, id, face_value, balance, status, category, effective, expiration, created, owner = None, unit = None, order = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one call")]
    fn new(
        id: &Bound<'_, PyAny>,
        face_value: &Bound<'_, PyAny>,
        balance: &Bound<'_, PyAny>,
        status: &Bound<'_, PyAny>,
        category: &Bound<'_, PyAny>,
        effective: &Bound<'_, PyAny>,
        expiration: &Bound<'_, PyAny>,
        created: &Bound<'_, PyAny>,
        owner: Option<&Bound<'_, PyAny>>,
        unit: Option<&Bound<'_, PyAny>>,
        order: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        Ok(Self {
            inner: wallet::Coupon::new(CouponTerms {
                id: text_of(id, "id")?,
                face_value: Money::read(face_value, "face_value")?,
                balance: Money::read(balance, "balance")?,
                status: parsed(status, "status")?,
                effective: instant_of(effective, "effective")?,
                expiration: instant_of(expiration, "expiration")?,
                created: instant_of(created, "created")?,
                owner: owner.map(|owner| Owner::read(owner, "owner")).transpose()?,
                unit: unit.map(|unit| text_of(unit, "unit")).transpose()?,
                scope: match order {
                    Some(order) => Scope::Order(text_of(order, "order")?),
                    None => Scope::Unit,
                },
                category: parsed(category, "category")?,
            })?,
        })
    }

    /// What tells it from other coupons.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    /// What it was given for.
    #[getter]
    fn face_value(&self) -> Money {
        self.inner.terms().face_value.into()
    }

    /// What is left on it.
    #[getter]
    fn balance(&self) -> Money {
        self.inner.balance().into()
    }

    /// ``wait``, ``available``, ``cancelled`` or ``deleted``.
    #[getter]
    fn status(&self) -> &'static str {
        self.inner.status().name()
    }

    /// What it is for, as ``server``.
    #[getter]
    fn category(&self) -> &'static str {
        self.inner.terms().category.name()
    }

    /// From when it pays.
    #[getter]
    fn effective<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.terms().effective)
    }

    /// Until when it pays.
    #[getter]
    fn expiration<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.terms().expiration)
    }

    /// When it was made.
    #[getter]
    fn created<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.terms().created)
    }

    /// Who holds it, or ``None``.
    #[getter]
    fn owner(&self) -> Option<Owner> {
        self.inner.owner().cloned().map(Owner::from)
    }

    /// The settlement unit that it pays, or ``None``.
    #[getter]
    fn unit(&self) -> Option<&str> {
        self.inner.terms().unit.as_deref()
    }

    /// The one order that it pays, or ``None``.
    #[getter]
    fn order(&self) -> Option<&str> {
        match &self.inner.terms().scope {
            Scope::Order(order) => Some(order),
            Scope::Unit => None,
        }
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.id(), self.inner.balance().amount(), self.inner.terms().expiration.micros()))
    }

    fn __str__(&self) -> String {
        format!("coupon {}: {:#} of {:#}", self.id(), self.inner.balance(), self.inner.terms().face_value)
    }

    fn __repr__(&self) -> String {
        format!("<Coupon {} {:#}, {}>", self.id(), self.inner.balance(), self.status())
    }

    #[staticmethod]
    #[pyo3(name = "_of_members")]
    fn of_members<'py>(py: Python<'py>, members: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        py.get_type::<Self>().call((), Some(members))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Bound<'py, PyDict>,)>> {
        Ok((py.get_type::<Self>().getattr("_of_members")?.unbind(), (self.to_dict(py)?,)))
    }

    /// Its members by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("id", self.id())?;
        members.set_item("face_value", self.face_value())?;
        members.set_item("balance", self.balance())?;
        members.set_item("status", self.status())?;
        members.set_item("category", self.category())?;
        members.set_item("effective", self.effective(py)?)?;
        members.set_item("expiration", self.expiration(py)?)?;
        members.set_item("created", self.created(py)?)?;
        members.set_item("owner", self.owner())?;
        members.set_item("unit", self.unit())?;
        members.set_item("order", self.order())?;
        Ok(members)
    }
}
