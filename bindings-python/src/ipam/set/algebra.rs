//! Two sets of one family, and what becomes of them.

use super::{AnySet, RangeSet};
use crate::border::Fault;
use crate::{
    border::Result,
    ipam::family::{Either, each},
};
use counterfoil::{
    error::IpamError,
    ipam::{Family, IpSet},
};
use pyo3::prelude::*;

/// Does something with two sets of one family.
macro_rules! both {
    ($one:expr, $other:expr, $a:ident $b:ident => $do:expr, $none:expr) => {
        match ($one, $other) {
            (None, None) => $none,
            (Some(Either::V4($a)), None) => {
                let $b = &IpSet::EMPTY;
                $do
            }
            (Some(Either::V6($a)), None) => {
                let $b = &IpSet::EMPTY;
                $do
            }
            (None, Some(Either::V4($b))) => {
                let $a = &IpSet::EMPTY;
                $do
            }
            (None, Some(Either::V6($b))) => {
                let $a = &IpSet::EMPTY;
                $do
            }
            (Some(Either::V4($a)), Some(Either::V4($b))) => $do,
            (Some(Either::V6($a)), Some(Either::V6($b))) => $do,
            (Some(one), Some(other)) => Err(mixed(one, other)),
        }
    };
}

impl RangeSet {
    pub(super) fn unite(&self, other: &Self) -> Result<Self> {
        both!(&self.inner, &other.inner, a b => Ok(a.union(b).into()), Ok(Self { inner: None }))
    }

    pub(super) fn intersect(&self, other: &Self) -> Result<Self> {
        both!(&self.inner, &other.inner, a b => Ok(a.intersection(b).into()), Ok(Self { inner: None }))
    }

    pub(super) fn subtract(&self, other: &Self) -> Result<Self> {
        both!(&self.inner, &other.inner, a b => Ok(a.difference(b).into()), Ok(Self { inner: None }))
    }

    pub(super) fn differ(&self, other: &Self) -> Result<Self> {
        both!(&self.inner, &other.inner, a b => Ok(a.symmetric_difference(b).into()), Ok(Self { inner: None }))
    }

    pub(super) fn covers(&self, other: &Self) -> Result<bool> {
        both!(&self.inner, &other.inner, a b => Ok(a.is_superset(b)), Ok(true))
    }

    pub(super) fn is_apart(&self, other: &Self) -> Result<bool> {
        both!(&self.inner, &other.inner, a b => Ok(a.is_disjoint(b)), Ok(true))
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        match (&self.inner, &other.inner) {
            (Some(Either::V4(a)), Some(Either::V4(b))) => a == b,
            (Some(Either::V6(a)), Some(Either::V6(b))) => a == b,
            _ => self.is_empty() && other.is_empty(),
        }
    }

    /// An operator, which takes sets only.
    pub(super) fn combined(
        &self,
        other: &Bound<'_, PyAny>,
        with: fn(&Self, &Self) -> Result<Self>,
    ) -> Result<Py<PyAny>> {
        let py = other.py();
        match other.cast::<Self>() {
            Ok(other) => Ok(Py::new(py, with(self, other.get())?)?.into_any()),
            Err(_) => Ok(py.NotImplemented()),
        }
    }
}

fn mixed(one: &AnySet, other: &AnySet) -> Fault {
    let expected = match one {
        Either::V4(_) => Family::Ipv4.name(),
        Either::V6(_) => Family::Ipv6.name(),
    };
    let text = each!(other, set => counterfoil::error::excerpt(&set.to_string()));
    IpamError::MixedFamilies { text, expected }.into()
}
