use super::{Coupon, Owner, Plan};
use crate::{
    border::{
        Fault, Rebuilt, Result,
        list::items,
        number::{decimal_of, shown},
        text::{parsed, text_of, unicode},
        time::instant_of,
    },
    metering::hash_of,
    value::Money,
};
use counterfoil::{
    error::WalletError,
    money,
    wallet::{self, Charge, Coupons, Funding, FundingOrder, Funds, Purpose},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

/// What a payer has: the balance of an account, what is owed, and coupons. Kept in Rust, asked many times.
///
/// Coupons may be any rows that the caller holds, of other owners and units too: what does not fit a payment is not
/// used for it. Cash coupons, cards, bonuses, credit lines and locks are for ``counterfoil.wallet.plan``.
///
/// >>> from counterfoil import Coupon, Owner, Wallet
/// >>> zhang = Owner.user("zhang")
/// >>> def coupon(id, balance, expiration):
/// ...     return Coupon(id=id, face_value="100.00 CNY", balance=balance, status="available", category="server",
/// ...         unit="vm", effective="2025-03-01T00:00:00Z", expiration=expiration, created="2025-02-20T08:00:00Z",
/// ...         owner=zhang)
/// >>> wallet = Wallet(payer=zhang, balance="50.00 CNY", coupons=[
/// ...     coupon("C1", "100.00 CNY", "2025-06-01T00:00:00Z"), coupon("C2", "20.00 CNY", "2025-04-01T00:00:00Z")])
/// >>> plan = wallet.plan("123.45", application="portal", order="statement-7", unit="vm", at="2025-03-14T15:09:26Z",
/// ...     funding="enough_funds")
/// >>> [(leg.id or leg.source, str(leg.amount), str(leg.after)) for leg in plan]
/// [('C2', '20.00 CNY', '0.00 CNY'), ('C1', '100.00 CNY', '0.00 CNY'), ('balance', '3.45 CNY', '46.55 CNY')]
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Wallet {
    payer: wallet::Owner,
    balance: money::Money,
    debt: money::Money,
    coupons: Vec<wallet::Coupon>,
}

impl Wallet {
    fn funds(&self) -> std::result::Result<Funds<'_>, WalletError> {
        Funds::new(self.balance, &self.coupons)?.owing(self.debt)
    }

    /// An amount of the balance's currency, unless it names one.
    fn amount(&self, value: &Bound<'_, PyAny>) -> Result<money::Money> {
        let named = match value.cast::<PyString>() {
            Ok(text) => unicode(text, "amount")?.contains(' '),
            Err(_) => value.is_instance_of::<Money>(),
        };
        match named {
            true => Money::read(value, "amount"),
            false => Ok(money::Money::new(decimal_of(value, "amount")?, self.balance.currency())),
        }
    }
}

#[pymethods]
impl Wallet {
    #[new]
    #[pyo3(signature = (*, payer, balance, coupons = None, debt = None))]
    fn new(
        payer: &Bound<'_, PyAny>,
        balance: &Bound<'_, PyAny>,
        coupons: Option<&Bound<'_, PyAny>>,
        debt: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let balance = Money::read(balance, "balance")?;
        let mut read = Vec::new();
        if let Some(coupons) = coupons {
            for coupon in items(coupons, "coupons")? {
                let coupon = coupon?;
                match coupon.cast::<Coupon>() {
                    Ok(coupon) => read.push(coupon.get().inner.clone()),
                    Err(_) => return Err(Fault::bad_input("coupons", format!("{} is no `Coupon`", shown(&coupon)))),
                }
            }
        }
        let debt = debt.map_or(Ok(money::Money::zero(balance.currency())), |debt| Money::read(debt, "debt"))?;
        let wallet = Self { payer: Owner::read(payer, "payer")?, balance, debt, coupons: read };
        wallet.funds()?;
        Ok(wallet)
    }

    /// Who pays.
    #[getter]
    fn payer(&self) -> Owner {
        self.payer.clone().into()
    }

    /// What the account holds.
    #[getter]
    fn balance(&self) -> Money {
        self.balance.into()
    }

    /// What is owed beside it.
    #[getter]
    fn debt(&self) -> Money {
        self.debt.into()
    }

    /// The coupons, as they were given.
    #[getter]
    fn coupons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.coupons.iter().map(|coupon| Coupon { inner: coupon.clone() }))
    }

    /// What to take from what for a charge; nothing is taken.
    ///
    /// ``coupons`` is ``None`` for those that fit, the next to expire first, or a list of ids. ``funding`` is ``coupons_only``,
    /// ``enough_funds``, ``overdraft`` (with a limit or without), ``debt``, or an order of sources as text.
    #[pyo3(signature = (amount, *, application, order, unit, at, funding, coupons = None, limit = None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one call")]
    fn plan(
        &self,
        amount: &Bound<'_, PyAny>,
        application: &Bound<'_, PyAny>,
        order: &Bound<'_, PyAny>,
        unit: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        funding: &Bound<'_, PyAny>,
        coupons: Option<&Bound<'_, PyAny>>,
        limit: Option<&Bound<'_, PyAny>>,
    ) -> Result<Plan> {
        let charge = Charge {
            application: text_of(application, "application")?,
            order: text_of(order, "order")?,
            unit: text_of(unit, "unit")?,
            payer: self.payer.clone(),
            amount: self.amount(amount)?,
            coupons: match coupons {
                Some(ids) => Coupons::Named(named(ids)?),
                None => Coupons::Automatic,
            },
            funding: self.funding(funding, limit)?,
        };
        Ok(charge.deduct(&self.funds()?, instant_of(at, "at")?)?.into())
    }

    /// What could be paid of a unit at an instant, from coupons and the balance.
    #[pyo3(signature = (*, unit, at, order = None))]
    fn usable(
        &self,
        unit: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        order: Option<&Bound<'_, PyAny>>,
    ) -> Result<Money> {
        let (unit, order) = (text_of(unit, "unit")?, order.map(|order| text_of(order, "order")).transpose()?);
        let currency = self.balance.currency();
        let purpose = Purpose { payer: &self.payer, unit: &unit, order: order.as_deref(), currency };
        Ok(self.funds()?.usable(&purpose, instant_of(at, "at")?)?.into())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let Self { payer, balance, debt, coupons } = other.get();
            (payer, balance, debt, coupons) == (&self.payer, &self.balance, &self.debt, &self.coupons)
        })
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.payer.id(), self.balance, self.debt, self.coupons.len()))
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
        members.set_item("payer", self.payer())?;
        members.set_item("balance", self.balance())?;
        members.set_item("debt", self.debt())?;
        members.set_item("coupons", self.coupons(py)?)?;
        Ok(members)
    }

    fn __str__(&self) -> String {
        format!("{:#} and {} coupons of {}", self.balance, self.coupons.len(), self.payer().__str__())
    }

    fn __repr__(&self) -> String {
        format!("<Wallet {}>", self.__str__())
    }
}

impl Wallet {
    fn funding(&self, funding: &Bound<'_, PyAny>, limit: Option<&Bound<'_, PyAny>>) -> Result<Funding> {
        let limit = limit.map(|limit| self.amount(limit)).transpose()?;
        let order = match (text_of(funding, "funding")?.as_str(), limit) {
            ("overdraft", limit) => return Ok(Funding::Overdraft { limit }),
            (_, Some(_)) => return Err(Fault::bad_input("limit", "only an overdraft has one")),
            ("coupons_only", None) => Funding::CouponsOnly,
            ("enough_funds", None) => Funding::EnoughFunds,
            ("debt", None) => Funding::Debt,
            (_, None) => Funding::Order(parsed::<FundingOrder>(funding, "funding")?),
        };
        Ok(order)
    }
}

fn named(ids: &Bound<'_, PyAny>) -> Result<Vec<String>> {
    items(ids, "coupons")?.map(|id| text_of(&id?, "coupons")).collect()
}
