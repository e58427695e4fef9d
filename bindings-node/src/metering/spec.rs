use crate::border::{
    Result,
    text::{packed, quantity, unpacked},
};
use counterfoil::{
    error::{WireError, excerpt},
    metering::{Part, Spec},
    units::{Quantity, Unit},
};
use napi::bindgen_prelude::External;
use napi_derive::napi;

/// Parts with their quantities, as texts.
pub(crate) type Parts = Vec<(String, String)>;

/// Reads a spec from its parts.
pub(crate) fn read(parts: &Parts) -> Result<Spec> {
    let mut spec = Spec::default();
    for (part, amount) in parts {
        spec = spec.with(part.parse()?, quantity(amount)?)?;
    }
    Ok(spec)
}

/// The parts of a spec as texts.
pub(super) fn parts_of(spec: &Spec) -> Parts {
    spec.parts().map(|(part, quantity)| (part.to_string(), quantity.to_string())).collect()
}

/// Reads a quantity: of the usual unit, or of the one that it names.
fn sized(text: &str, usual: Unit) -> Result<Quantity> {
    match text.contains(' ') {
        true => quantity(text),
        false => Ok(Quantity::parse(text, usual)?),
    }
}

/// A spec of parts: JSON of pairs.
#[napi(catch_unwind)]
pub(crate) fn spec(parts: String) -> Result<External<Spec>> {
    Ok(External::new(read(&unpacked(&parts)?)?))
}

/// A server: cores, memory and local disk in GiB unless a unit is named, with a public address or not.
#[napi(catch_unwind)]
pub(crate) fn spec_of_server(cpu: String, ram: String, disk: String, public_ip: bool) -> Result<External<Spec>> {
    let parts = [
        (Part::BASE, Quantity::whole(1, Unit::Count)),
        (Part::CPU, sized(&cpu, Unit::Core)?),
        (Part::RAM, sized(&ram, Unit::GiB)?),
        (Part::DISK, sized(&disk, Unit::GiB)?),
        (Part::PUBLIC_IP, Quantity::whole(public_ip.into(), Unit::Count)),
    ];
    Ok(External::new(Spec::new(parts)?))
}

/// A disk or a snapshot, in GiB unless a unit is named.
#[napi(catch_unwind)]
pub(crate) fn spec_of_disk(size: String) -> Result<External<Spec>> {
    Ok(External::new(Spec::new([(Part::SIZE, sized(&size, Unit::GiB)?)])?))
}

/// A bucket of so many bytes.
#[napi(catch_unwind)]
pub(crate) fn spec_of_bucket(bytes: String) -> Result<External<Spec>> {
    let out_of_range = |_| {
        let fault = format!("`{}` is out of range", excerpt(&bytes));
        WireError::BadInput { at: "bytes".to_owned(), fault }
    };
    Ok(External::new(Spec::bucket(bytes.parse().map_err(out_of_range)?)))
}

/// The parts of a spec: JSON of pairs.
#[napi(catch_unwind)]
pub(crate) fn spec_parts(spec: &External<Spec>) -> Result<String> {
    packed(parts_of(spec.as_ref()))
}

/// Whether two specs are equal.
#[napi(catch_unwind)]
pub(crate) fn spec_equals(spec: &External<Spec>, other: &External<Spec>) -> bool {
    spec.as_ref() == other.as_ref()
}
