use crate::{
    error::{MeteringError, PricingError, UnitsError},
    exact::Exact,
    metering::Part,
    pricing::{Catalogue, Listing},
    units::{Name, Quantity, Unit},
};
use std::collections::BTreeMap;

/// How much of each part a centre has, cluster by cluster.
///
/// A part that no cluster names is not counted here, and so there is always enough of it.
///
/// # Examples
/// ```
/// use counterfoil::metering::Part;
/// use counterfoil::pricing::inquiry::Stock;
/// use counterfoil::units::{Quantity, Unit};
///
/// let card = Part::gpu("STANDARD-8G".parse()?);
/// let stock = Stock::new([
///     (card.clone(), "X".parse()?, Quantity::whole(2, Unit::Card)),
///     (card.clone(), "N".parse()?, Quantity::whole(3, Unit::Card)),
/// ])?;
/// assert_eq!(stock.of(&card, None, Unit::Card)?.expect("counted").to_string(), "5");
/// assert_eq!(stock.of(&card, Some(&"X".parse()?), Unit::MilliCard)?.expect("counted").to_string(), "2000");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P4
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stock {
    parts: BTreeMap<Part, BTreeMap<Name, Quantity>>,
}

impl Stock {
    /// What is there, by part and cluster, in any order.
    ///
    /// # Errors
    /// `metering.repeated_part` where a part stands twice in one cluster.
    pub fn new(rows: impl IntoIterator<Item = (Part, Name, Quantity)>) -> Result<Self, PricingError> {
        let mut parts: BTreeMap<Part, BTreeMap<Name, Quantity>> = BTreeMap::new();
        for (part, cluster, quantity) in rows {
            let named = part.to_string();
            if parts.entry(part).or_default().insert(cluster, quantity).is_some() {
                return Err(MeteringError::RepeatedPart { part: named }.into());
            }
        }
        Ok(Self { parts })
    }

    /// What is free in a centre, cluster by cluster, as its catalogue says it. A part that is listed and has no
    /// stock yet is counted: there is none of it.
    ///
    /// # Rule
    /// R-P17, R-P4
    pub fn of_centre(catalogue: &Catalogue, centre: &Name) -> Self {
        let free = |listing: &Listing| {
            listing.clusters().map(|(cluster, stock)| (cluster.clone(), stock.free())).collect::<BTreeMap<_, _>>()
        };
        let parts = catalogue.parts_of(centre).map(|(part, listing)| (part.clone(), free(listing)));
        Self { parts: parts.collect() }
    }

    /// How much of a part there is in a cluster, or in all of them; none where it is not counted.
    ///
    /// # Errors
    /// `units.incompatible`.
    ///
    /// # Rule
    /// R-P4: the stock of a part is the sum over its clusters.
    pub fn of(&self, part: &Part, cluster: Option<&Name>, unit: Unit) -> Result<Option<Exact>, UnitsError> {
        let Some(clusters) = self.parts.get(part) else { return Ok(None) };
        let counted = clusters.iter().filter(|(name, _)| cluster.is_none_or(|cluster| *name == cluster));
        let mut sum = Exact::ZERO;
        for (_, quantity) in counted {
            sum.add(&quantity.exact_in(unit)?)?;
        }
        Ok(Some(sum))
    }
}
