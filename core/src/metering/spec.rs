use super::Part;
use crate::{
    error::{MeteringError, UnitsError},
    units::{Quantity, Unit},
};
use rust_decimal::Decimal;

/// What a resource is made of: each part with its quantity, each part once.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Part, Spec};
/// use counterfoil::units::{Quantity, Unit};
///
/// let spec = Spec::server("16", "64", "500", false)?
///     .with(Part::gpu("A100-80G".parse()?), Quantity::parse("0.46", Unit::Card)?)?;
/// assert_eq!(spec.parts().count(), 6);
/// assert_eq!(spec.quantity(&Part::CPU).map(|cpu| cpu.to_string()), Some("16 core".to_owned()));
/// # Ok::<(), counterfoil::error::MeteringError>(())
/// ```
///
/// # Rule
/// R-U2
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spec {
    /// Sorted by part.
    parts: Vec<(Part, Quantity)>,
}

impl Spec {
    /// Parts with their quantities, in any order.
    ///
    /// # Errors
    /// `metering.repeated_part`, of the first in the order of parts.
    pub fn new(parts: impl IntoIterator<Item = (Part, Quantity)>) -> Result<Self, MeteringError> {
        let mut parts: Vec<(Part, Quantity)> = parts.into_iter().collect();
        parts.sort_by(|(a, _), (b, _)| a.cmp(b));
        match parts.array_windows().find(|[(a, _), (b, _)]| a == b) {
            Some([(part, _), _]) => Err(MeteringError::RepeatedPart { part: part.to_string() }),
            None => Ok(Self { parts }),
        }
    }

    /// This and one more part.
    ///
    /// # Errors
    /// `metering.repeated_part`.
    pub fn with(mut self, part: Part, quantity: Quantity) -> Result<Self, MeteringError> {
        match self.parts.binary_search_by(|(known, _)| known.cmp(&part)) {
            Ok(_) => Err(MeteringError::RepeatedPart { part: part.to_string() }),
            Err(place) => {
                self.parts.insert(place, (part, quantity));
                Ok(self)
            }
        }
    }

    /// A server: base, cores, memory and local disk in GiB, with a public address or not.
    ///
    /// # Errors
    /// As [`Quantity::parse`].
    pub fn server(cpu: &str, ram_gib: &str, disk_gib: &str, public_ip: bool) -> Result<Self, UnitsError> {
        Ok(Self::sorted([
            (Part::BASE, Quantity::whole(1, Unit::Count)),
            (Part::CPU, Quantity::parse(cpu, Unit::Core)?),
            (Part::RAM, Quantity::parse(ram_gib, Unit::GiB)?),
            (Part::DISK, Quantity::parse(disk_gib, Unit::GiB)?),
            (Part::PUBLIC_IP, Quantity::whole(public_ip.into(), Unit::Count)),
        ]))
    }

    /// A disk or a snapshot of so many GiB.
    ///
    /// # Errors
    /// As [`Quantity::parse`].
    pub fn size_gib(size: &str) -> Result<Self, UnitsError> {
        Ok(Self::sorted([(Part::SIZE, Quantity::parse(size, Unit::GiB)?)]))
    }

    /// A bucket of so many bytes, with its base.
    pub fn bucket(bytes: u64) -> Self {
        Self::sorted([(Part::BASE, Quantity::whole(1, Unit::Count)), (Part::SIZE, Quantity::whole(bytes, Unit::Byte))])
    }

    /// A monitored site, with tamper protection and security inspection or without.
    pub fn site(tamper: bool, security: bool) -> Self {
        Self::sorted([
            (Part::BASE, Quantity::whole(1, Unit::Count)),
            (Part::TAMPER, Quantity::whole(tamper.into(), Unit::Count)),
            (Part::SECURITY, Quantity::whole(security.into(), Unit::Count)),
        ])
    }

    /// A scan of a web site, of a host, or of both.
    pub fn scan(web: bool, host: bool) -> Self {
        Self::sorted([
            (Part::WEB, Quantity::whole(web.into(), Unit::Count)),
            (Part::HOST, Quantity::whole(host.into(), Unit::Count)),
        ])
    }

    /// The parts in order, each with its quantity.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&Part, Quantity)> {
        self.parts.iter().map(|(part, quantity)| (part, *quantity))
    }

    /// How much of a part it has.
    pub fn quantity(&self, part: &Part) -> Option<Quantity> {
        let place = self.parts.binary_search_by(|(known, _)| known.cmp(part)).ok()?;
        self.parts.get(place).map(|(_, quantity)| *quantity)
    }

    /// Whether nothing of it is above zero.
    pub fn is_nothing(&self) -> bool {
        self.parts.iter().all(|(_, quantity)| quantity.amount() == Decimal::ZERO)
    }

    /// Parts that are known to be different.
    fn sorted<const N: usize>(mut parts: [(Part, Quantity); N]) -> Self {
        parts.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self { parts: parts.into() }
    }
}
