//! Objects of `ipaddress` and text as addresses and networks of the core, and the other way.
//!
//! An object of the two plain classes is taken by its number, since the texts of some Python versions are not
//! canonical; any other, as one with host bits or a zone, is read from its text, and the core says what is wrong.

use super::{Fault, Result, known, number::shown, text::unicode};
use counterfoil::ipam::{IpAddress, IpPrefix, IpRange, Ipv4, Ipv6, Prefix, PrefixLen, Reading, Shapes};
use pyo3::{intern, prelude::*, types::PyString};

/// As strict as ever, and in any shape that means the same addresses.
const READING: Reading = Reading { shapes: Shapes::Any, ..Reading::STRICT };

/// Reads a labelled range: text or an object of `ipaddress`.
pub(crate) fn range_of(value: &Bound<'_, PyAny>, at: &str) -> Result<IpRange> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(READING.read(unicode(text, at)?)?);
    }
    Ok(match Object::of(value)? {
        Some(Object::Address(IpAddress::V4(address))) => {
            IpRange::V4(Prefix::containing(address, PrefixLen::HOST).into())
        }
        Some(Object::Address(IpAddress::V6(address))) => {
            IpRange::V6(Prefix::containing(address, PrefixLen::HOST).into())
        }
        Some(Object::Network(IpPrefix::V4(network))) => IpRange::V4(network.into()),
        Some(Object::Network(IpPrefix::V6(network))) => IpRange::V6(network.into()),
        Some(Object::Other(text)) => READING.read(&text)?,
        None => {
            let pass = "pass `Range`, text like `10.0.0.0/24`, or an object of `ipaddress`";
            return Err(Fault::bad_input(at, format!("{} is no range: {pass}", shown(value))));
        }
    })
}

/// Reads text in the family of the type.
pub(crate) fn range_of_text<T: counterfoil::ipam::Readable>(text: &str) -> Result<T> {
    Ok(READING.read(text)?)
}

/// Reads an address: text or an object of `ipaddress`.
pub(crate) fn address_of(value: &Bound<'_, PyAny>, at: &str) -> Result<IpAddress> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(unicode(text, at)?.parse::<IpAddress>()?);
    }
    match Object::of(value)? {
        Some(Object::Address(address)) => Ok(address),
        Some(Object::Network(network)) => Ok(network.to_string().parse::<IpAddress>()?),
        Some(Object::Other(text)) => Ok(text.parse::<IpAddress>()?),
        None => {
            let pass = "pass text like `10.0.0.1`, or an address of `ipaddress`";
            Err(Fault::bad_input(at, format!("{} is no address: {pass}", shown(value))))
        }
    }
}

/// An object of `ipaddress` as the core writes it; none of anything else.
pub(crate) fn object_text(value: &Bound<'_, PyAny>) -> Result<Option<String>> {
    Ok(Object::of(value)?.map(|object| match object {
        Object::Address(address) => address.to_string(),
        Object::Network(network) => network.to_string(),
        Object::Other(text) => text,
    }))
}

/// An address of `ipaddress`.
pub(crate) fn address_out(py: Python<'_>, address: impl Into<IpAddress>) -> PyResult<Bound<'_, PyAny>> {
    match address.into() {
        IpAddress::V4(address) => known::ipv4_address(py)?.call1((address.get(),)),
        IpAddress::V6(address) => known::ipv6_address(py)?.call1((address.get(),)),
    }
}

/// A network of `ipaddress`.
pub(crate) fn network_out(py: Python<'_>, network: impl Into<IpPrefix>) -> PyResult<Bound<'_, PyAny>> {
    match network.into() {
        IpPrefix::V4(network) => known::ipv4_network(py)?.call1(((network.first().get(), network.length().get()),)),
        IpPrefix::V6(network) => known::ipv6_network(py)?.call1(((network.first().get(), network.length().get()),)),
    }
}

/// What an object of `ipaddress` is.
enum Object {
    Address(IpAddress),
    Network(IpPrefix),
    /// An interface, an address with a zone, an object of a class that is derived from one of these.
    Other(String),
}

impl Object {
    fn of(value: &Bound<'_, PyAny>) -> Result<Option<Self>> {
        let (py, class) = (value.py(), value.get_type());
        if class.is(known::ipv4_address(py)?) || class.is(known::ipv6_address(py)?) {
            return Ok(Some(Self::address(value)?.map_or_else(|| Self::other(value), |it| Ok(Self::Address(it)))?));
        }
        if class.is(known::ipv4_network(py)?) || class.is(known::ipv6_network(py)?) {
            return Ok(Some(Self::network(value)?.map_or_else(|| Self::other(value), |it| Ok(Self::Network(it)))?));
        }
        for known in
            [known::ipv4_address(py)?, known::ipv6_address(py)?, known::ipv4_network(py)?, known::ipv6_network(py)?]
        {
            if value.is_instance(known)? {
                return Self::other(value).map(Some);
            }
        }
        Ok(None)
    }

    fn other(value: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(Self::Other(value.str()?.to_string_lossy().into_owned()))
    }

    /// None where it has a zone, which is no part of its number.
    fn address(value: &Bound<'_, PyAny>) -> PyResult<Option<IpAddress>> {
        let py = value.py();
        let number = value.call_method0(intern!(py, "__int__"))?;
        if value.get_type().is(known::ipv4_address(py)?) {
            return Ok(Some(Ipv4::new(number.extract()?).into()));
        }
        let has_zone = !value.getattr(intern!(py, "scope_id"))?.is_none();
        Ok(if has_zone { None } else { Some(Ipv6::new(number.extract()?).into()) })
    }

    fn network(value: &Bound<'_, PyAny>) -> Result<Option<IpPrefix>> {
        let py = value.py();
        let length: u8 = value.getattr(intern!(py, "prefixlen"))?.extract()?;
        Ok(match Self::address(&value.getattr(intern!(py, "network_address"))?)? {
            Some(IpAddress::V4(first)) => Some(Prefix::new(first, PrefixLen::new(length)?)?.into()),
            Some(IpAddress::V6(first)) => Some(Prefix::new(first, PrefixLen::new(length)?)?.into()),
            None => None,
        })
    }
}
