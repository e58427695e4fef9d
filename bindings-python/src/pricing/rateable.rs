use crate::{
    border::{Fault, Result, list::items, number::shown},
    metering::Usage,
};
use counterfoil::{
    metering,
    money::Rounding,
    pricing::{Rated, Tariff},
};
use pyo3::{
    prelude::*,
    types::{PyList, PyTuple},
};
use std::sync::Arc;

/// What can be rated: a usage, or segments that may be rounded apart.
#[derive(Clone)]
pub(super) enum Rateable {
    Whole(Arc<metering::Usage>),
    Segments(Arc<[metering::Usage]>),
}

impl Rateable {
    /// Reads a `Usage`, or a list or tuple of them.
    pub(super) fn read(value: &Bound<'_, PyAny>) -> Result<Self> {
        if let Ok(usage) = value.cast::<Usage>() {
            return Ok(Self::Whole(Arc::clone(&usage.get().inner)));
        }
        if !value.is_instance_of::<PyList>() && !value.is_instance_of::<PyTuple>() {
            let fault = format!("{} is no `Usage`: pass one, or a list or tuple of segments", shown(value));
            return Err(Fault::bad_input("usage", fault)); // an iterator that is used up would be rated as nothing
        }
        let segment = |segment: PyResult<Bound<'_, PyAny>>| Ok(usage(&segment?)?.as_ref().clone());
        Ok(Self::Segments(items(value, "usage")?.map(segment).collect::<Result<_>>()?))
    }

    pub(super) fn rated<'a>(&'a self, tariff: &'a Tariff, rounding: Rounding) -> Result<Rated<'a>> {
        Ok(match self {
            Self::Whole(usage) => tariff.rate(usage, rounding)?,
            Self::Segments(segments) => tariff.rate_segments(segments, rounding)?,
        })
    }

    /// The usage, where it is one and not segments.
    pub(super) fn whole(&self) -> Option<Usage> {
        match self {
            Self::Whole(usage) => Some(Usage { inner: Arc::clone(usage) }),
            Self::Segments(_) => None,
        }
    }

    /// All of it, usage by usage.
    pub(super) fn usages(&self) -> Vec<Usage> {
        match self {
            Self::Whole(usage) => vec![Usage { inner: Arc::clone(usage) }],
            Self::Segments(segments) => segments.iter().cloned().map(Usage::from).collect(),
        }
    }
}

/// Reads one `Usage`.
pub(super) fn usage(value: &Bound<'_, PyAny>) -> Result<Arc<metering::Usage>> {
    match value.cast::<Usage>() {
        Ok(usage) => Ok(Arc::clone(&usage.get().inner)),
        Err(_) => Err(Fault::bad_input("usage", format!("{} is no `Usage`", shown(value)))),
    }
}
