//! The parts that centres sell: what each costs, and how many there are.

mod lease;
mod stock;

pub use lease::{Lease, LeaseRates, Locked};
pub use stock::Stock;

use super::{Entry, Rate};
use crate::{
    error::PricingError,
    metering::{Dimension, Kind, Model, Part},
    units::{Name, Quantity, Unit},
};
use std::{collections::BTreeMap, fmt};

/// The parts of centres, each once by centre, type and model.
///
/// A value: each operation checks, and returns the catalogue as it is afterwards. Nothing is lost on the way: in every
/// cluster, stock = free + consumed.
///
/// # Examples
/// ```
/// use counterfoil::error::Language;
/// use counterfoil::metering::Part;
/// use counterfoil::pricing::{Catalogue, Every, IfListed, NewPart, PartKey, Rate};
/// use counterfoil::units::{Quantity, Unit};
///
/// let key = PartKey { centre: "jinan".parse()?, part: Part::gpu("STANDARD-8G".parse()?) };
/// let rate = Rate::per_unit(6.into(), Unit::Card, Every::Hour);
/// let new = NewPart { key: key.clone(), rate, unit: Unit::Card };
/// let (x, n) = ("X".parse()?, "N".parse()?);
/// let catalogue = Catalogue::default()
///     .add(new.clone(), IfListed::Refuse)?
///     .supply(&key, &x, Quantity::whole(2, Unit::Card))?
///     .supply(&key, &n, Quantity::whole(3, Unit::Card))?;
/// assert_eq!(catalogue.add(new, IfListed::Refuse).unwrap_err().code(), "pricing.part_listed");
///
/// let stock = catalogue.stock(&key, None).expect("it is listed");
/// assert_eq!(stock.stock().to_string(), "5 card");
/// let none = catalogue.stock(&key, Some(&"Y".parse()?)).expect("it is listed");
/// assert_eq!((none.text(Language::English), none.text(Language::Chinese)), ("no goods".into(), "缺货".into()));
///
/// let sold = catalogue.consume(&key, &x, Quantity::whole(2, Unit::Card))?;
/// assert_eq!(sold.stock(&key, None).expect("it is listed").free().to_string(), "3 card");
/// assert_eq!(sold.consume(&key, &x, Quantity::whole(1, Unit::Card)).unwrap_err().code(), "pricing.not_enough_free");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P17
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    listings: BTreeMap<PartKey, Listing>,
}

/// What tells a part from others: its centre, its type and its model.
///
/// # Rule
/// R-P17
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartKey {
    /// The centre that sells it.
    pub centre: Name,
    /// Its type and model; `STANDARD` where it names none.
    pub part: Part,
}

/// A part that is put up for sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    /// What tells it from others.
    pub key: PartKey,
    /// What it costs.
    pub rate: Rate,
    /// In what its stock is counted.
    pub unit: Unit,
}

/// What is done about a part that is put up for sale again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IfListed {
    /// It is an error.
    Refuse,
    /// Stock will be added to it: it must have the same price and unit.
    AddStock,
}

/// A part that is for sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    rate: Rate,
    unit: Unit,
    /// In all clusters.
    total: Stock,
    clusters: BTreeMap<Name, Stock>,
}

/// Something that happens to a catalogue.
///
/// # Rule
/// R-P17
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueChange {
    /// [`Catalogue::add`].
    Add {
        /// The part.
        new: NewPart,
        /// What is done where it is for sale already.
        if_listed: IfListed,
    },
    /// [`Catalogue::reprice`].
    Reprice {
        /// The part.
        key: PartKey,
        /// What it costs from now on.
        rate: Rate,
    },
    /// [`Catalogue::supply`].
    Supply(StockChange),
    /// [`Catalogue::consume`].
    Consume(StockChange),
    /// [`Catalogue::release`].
    Release(StockChange),
}

/// How much of which part, and in which cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockChange {
    /// The part.
    pub key: PartKey,
    /// The cluster.
    pub cluster: Name,
    /// How much.
    pub quantity: Quantity,
}

impl Catalogue {
    /// The same with one more part, which has no stock yet.
    ///
    /// # Errors
    /// `pricing.part_listed` where it is for sale already, unless stock is to be added to it;
    /// `pricing.other_price` where that has another price or unit; `pricing.bad_rate`; `units.incompatible` where the
    /// price is for another kind of unit than the stock.
    ///
    /// # Rule
    /// R-P17
    pub fn add(&self, new: NewPart, if_listed: IfListed) -> Result<Self, PricingError> {
        self.after([CatalogueChange::Add { new, if_listed }])
    }

    /// The same with another price of a part; nothing else of it can be edited.
    ///
    /// # Errors
    /// `pricing.part_not_listed`; `pricing.bad_rate`; `units.incompatible` where the price is for another kind of
    /// unit than the stock.
    ///
    /// # Rule
    /// R-P17
    pub fn reprice(&self, key: &PartKey, rate: Rate) -> Result<Self, PricingError> {
        self.after([CatalogueChange::Reprice { key: key.clone(), rate }])
    }

    /// The same with more stock of a part in a cluster.
    ///
    /// # Errors
    /// `pricing.part_not_listed`; `units.incompatible`, `units.inexact`; `money.overflow`.
    ///
    /// # Rule
    /// R-P17
    pub fn supply(&self, key: &PartKey, cluster: &Name, quantity: Quantity) -> Result<Self, PricingError> {
        self.after([CatalogueChange::Supply(StockChange::new(key, cluster, quantity))])
    }

    /// The same where some of the free stock in a cluster is consumed.
    ///
    /// # Errors
    /// `pricing.not_enough_free`; and as [`supply`](Self::supply).
    ///
    /// # Rule
    /// R-P17
    pub fn consume(&self, key: &PartKey, cluster: &Name, quantity: Quantity) -> Result<Self, PricingError> {
        self.after([CatalogueChange::Consume(StockChange::new(key, cluster, quantity))])
    }

    /// The same where some of what is consumed in a cluster is free again.
    ///
    /// # Errors
    /// `pricing.not_consumed`; and as [`supply`](Self::supply).
    ///
    /// # Rule
    /// R-P17
    pub fn release(&self, key: &PartKey, cluster: &Name, quantity: Quantity) -> Result<Self, PricingError> {
        self.after([CatalogueChange::Release(StockChange::new(key, cluster, quantity))])
    }

    /// The catalogue after several changes in order: all of them, or the error of the first that can not be.
    ///
    /// # Errors
    /// As each by itself.
    ///
    /// # Rule
    /// R-P17
    pub fn after(&self, changes: impl IntoIterator<Item = CatalogueChange>) -> Result<Self, PricingError> {
        let mut catalogue = self.clone();
        for change in changes {
            match change {
                CatalogueChange::Add { new, if_listed } => catalogue.list(new, if_listed)?,
                CatalogueChange::Reprice { key, rate } => catalogue.set_rate(&key, rate)?,
                CatalogueChange::Supply(change) => catalogue.change(&change, Stock::supplied)?,
                CatalogueChange::Consume(change) => catalogue.change(&change, Stock::consuming)?,
                CatalogueChange::Release(change) => catalogue.change(&change, Stock::releasing)?,
            }
        }
        Ok(catalogue)
    }

    /// A part, if it is for sale.
    pub fn part(&self, key: &PartKey) -> Option<&Listing> {
        self.listings.get(key)
    }

    /// All parts, by centre, type and model.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&PartKey, &Listing)> {
        self.listings.iter()
    }

    /// The parts of a centre, by type and model.
    pub fn parts_of<'a>(&'a self, centre: &'a Name) -> impl Iterator<Item = (&'a Part, &'a Listing)> {
        let of_centre = self.listings.iter().filter(move |(key, _)| key.centre == *centre);
        of_centre.map(|(key, listing)| (&key.part, listing))
    }

    /// The models of a type that a centre has: none of them, where it has no part of this type.
    pub fn models_of<'a>(&'a self, centre: &'a Name, dimension: &'a Dimension) -> impl Iterator<Item = &'a Model> {
        let of_type = self.parts_of(centre).filter(move |(part, _)| part.dimension == *dimension);
        of_type.map(|(part, _)| &part.model)
    }

    /// How much of a part there is: in a cluster, or in all clusters of the centre; none for a part that is not for
    /// sale there.
    ///
    /// # Rule
    /// R-P17, R-P4
    pub fn stock(&self, key: &PartKey, cluster: Option<&Name>) -> Option<Stock> {
        let listing = self.listings.get(key)?;
        Some(match cluster {
            Some(cluster) => listing.stock_in(cluster),
            None => listing.stock().clone(),
        })
    }

    /// The prices of a centre as entries of a rate card, always in force.
    pub fn entries<'a>(&'a self, centre: &'a Name, kind: &'a Kind) -> impl Iterator<Item = Entry> {
        self.parts_of(centre).map(|(part, listing)| Entry {
            kind: kind.clone(),
            part: part.clone(),
            rate: listing.rate.clone(),
            from: None,
            to: None,
        })
    }

    fn list(&mut self, new: NewPart, if_listed: IfListed) -> Result<(), PricingError> {
        let NewPart { key, rate, unit } = new;
        rate.check(&key)?;
        unit.per(rate.per)?;
        match (self.listings.get(&key), if_listed) {
            (Some(listed), IfListed::AddStock) if (&listed.rate, listed.unit) == (&rate, unit) => {}
            (Some(listed), IfListed::AddStock) => {
                let (listed, given) = (priced(&listed.rate, listed.unit), priced(&rate, unit));
                return Err(PricingError::OtherPrice { part: key.to_string(), listed, given });
            }
            (Some(_), IfListed::Refuse) => return Err(PricingError::PartListed { part: key.to_string() }),
            (None, _) => {
                let listing = Listing { rate, unit, total: Stock::nothing(unit), clusters: BTreeMap::new() };
                self.listings.insert(key, listing);
            }
        }
        Ok(())
    }

    fn set_rate(&mut self, key: &PartKey, rate: Rate) -> Result<(), PricingError> {
        let listed = self.listed(key)?;
        rate.check(key)?;
        listed.unit.per(rate.per)?;
        listed.rate = rate;
        Ok(())
    }

    /// The same change in the cluster and in the sum.
    fn change(
        &mut self,
        StockChange { key, cluster, quantity }: &StockChange,
        change: impl Fn(&Stock, Quantity) -> Result<Stock, PricingError>,
    ) -> Result<(), PricingError> {
        let listed = self.listed(key)?;
        let quantity = quantity.to(listed.unit)?;
        let changed = change(&listed.stock_in(cluster), quantity)?;
        listed.total = change(&listed.total, quantity)?;
        listed.clusters.insert(cluster.clone(), changed);
        Ok(())
    }

    fn listed(&mut self, key: &PartKey) -> Result<&mut Listing, PricingError> {
        self.listings.get_mut(key).ok_or_else(|| PricingError::PartNotListed { part: key.to_string() })
    }
}

impl StockChange {
    fn new(key: &PartKey, cluster: &Name, quantity: Quantity) -> Self {
        Self { key: key.clone(), cluster: cluster.clone(), quantity }
    }
}

impl Listing {
    /// What it costs.
    pub const fn rate(&self) -> &Rate {
        &self.rate
    }

    /// In what its stock is counted.
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Its clusters, by name, with the stock in each.
    pub fn clusters(&self) -> impl ExactSizeIterator<Item = (&Name, &Stock)> {
        self.clusters.iter()
    }

    /// The stock in a cluster; nothing in one that never had any.
    pub fn stock_in(&self, cluster: &Name) -> Stock {
        self.clusters.get(cluster).cloned().unwrap_or(Stock::nothing(self.unit))
    }

    /// The stock in all clusters.
    ///
    /// # Rule
    /// R-P17
    pub const fn stock(&self) -> &Stock {
        &self.total
    }
}

fn priced(rate: &Rate, unit: Unit) -> String {
    format!("{rate} {}, in {unit}", rate.every.unit_text(rate.per))
}

impl fmt::Display for PartKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.centre, self.part)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Every;
    use super::*;
    use crate::error::Language;
    use proptest::prelude::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn gpu(model: &str) -> PartKey {
        PartKey { centre: name("jinan"), part: Part::gpu(model.parse().unwrap()) }
    }

    fn cards(count: u64) -> Quantity {
        Quantity::whole(count, Unit::Card)
    }

    fn new(key: PartKey, price: i64) -> NewPart {
        NewPart { key, rate: Rate::per_unit(price.into(), Unit::Card, Every::Hour), unit: Unit::Card }
    }

    fn listed(model: &str) -> Catalogue {
        Catalogue::default().add(new(gpu(model), 6), IfListed::Refuse).unwrap()
    }

    #[test]
    fn a_part_is_listed_once() {
        // R-P17
        let catalogue = listed("A100");
        let again = |price, if_listed| catalogue.add(new(gpu("A100"), price), if_listed);
        assert_eq!(again(6, IfListed::Refuse).unwrap_err().code(), "pricing.part_listed");
        assert_eq!(again(6, IfListed::AddStock).unwrap(), catalogue);
        assert_eq!(again(7, IfListed::AddStock).unwrap_err().code(), "pricing.other_price");
        // Another model, another type and another centre are other parts.
        let elsewhere = PartKey { centre: name("beijing"), ..gpu("A100") };
        let standard = PartKey { part: Part::standard(Dimension::Gpu), ..gpu("A100") };
        for key in [elsewhere, standard.clone(), gpu("A800")] {
            assert_eq!(catalogue.add(new(key, 6), IfListed::Refuse).unwrap().parts().len(), 2);
        }
        assert_eq!(standard.to_string(), "jinan gpu"); // the model is STANDARD where none is named
        let models: Vec<_> = catalogue.models_of(&name("jinan"), &Dimension::Gpu).map(ToString::to_string).collect();
        assert_eq!(models, ["A100"]);
        assert_eq!(catalogue.models_of(&name("jinan"), &Dimension::Cpu).count(), 0);
    }

    #[test]
    fn only_the_price_is_edited() {
        // R-P17
        let catalogue = listed("A100").supply(&gpu("A100"), &name("N"), cards(3)).unwrap();
        let price = |price: i64, per| Rate::per_unit(price.into(), per, Every::Hour);
        let dearer = catalogue.reprice(&gpu("A100"), price(7, Unit::MilliCard)).unwrap();
        assert_eq!(dearer.part(&gpu("A100")).unwrap().rate(), &price(7, Unit::MilliCard));
        assert_eq!(dearer.part(&gpu("A100")).unwrap().stock().stock(), cards(3));
        assert_eq!(catalogue.reprice(&gpu("A100"), price(7, Unit::Core)).unwrap_err().code(), "units.incompatible");
        assert_eq!(
            catalogue.reprice(&gpu("A800"), price(7, Unit::Card)).unwrap_err().code(),
            "pricing.part_not_listed"
        );
        let bad = Rate { free: (-1).into(), ..price(1, Unit::Card) };
        assert_eq!(catalogue.reprice(&gpu("A100"), bad).unwrap_err().code(), "pricing.bad_rate");
        let bytes = NewPart { unit: Unit::GiB, ..new(gpu("A800"), 1) };
        assert_eq!(catalogue.add(bytes, IfListed::Refuse).unwrap_err().code(), "units.incompatible");
        let kind = Kind::Server;
        let entries: Vec<Entry> = dearer.entries(&name("jinan"), &kind).collect();
        assert_eq!((entries.len(), &entries[0].part), (1, &gpu("A100").part));
    }

    #[test]
    fn stock_is_a_sum_over_clusters() {
        // R-P17: 2 + 3 = 5
        let (key, none) = (gpu("STANDARD-8G"), gpu("A100-80G"));
        let catalogue = listed("STANDARD-8G")
            .add(new(none.clone(), 9), IfListed::Refuse)
            .and_then(|catalogue| catalogue.supply(&key, &name("X"), cards(2)))
            .and_then(|catalogue| catalogue.supply(&key, &name("N"), cards(3)))
            .and_then(|catalogue| catalogue.supply(&none, &name("N"), cards(0)))
            .unwrap();
        let stock = |key, cluster: Option<&str>| {
            let cluster = cluster.map(name);
            catalogue.stock(key, cluster.as_ref()).unwrap().text(Language::English)
        };
        assert_eq!(stock(&key, None), "5 card");
        assert_eq!((stock(&key, Some("X")), stock(&key, Some("N"))), ("2 card".to_owned(), "3 card".to_owned()));
        assert_eq!(stock(&none, None), "no goods");
        assert!(catalogue.stock(&gpu("RTX5090"), None).is_none());
        // Another unit of the family is taken, another family is not.
        let half = catalogue.supply(&key, &name("X"), Quantity::whole(500, Unit::MilliCard)).unwrap();
        assert_eq!(half.stock(&key, None).unwrap().stock().to_string(), "5.5 card");
        assert_eq!(
            catalogue.supply(&key, &name("X"), Quantity::whole(1, Unit::GiB)).unwrap_err().code(),
            "units.incompatible"
        );
    }

    #[test]
    fn nothing_is_consumed_that_is_not_there() {
        let (key, n) = (gpu("A100"), name("N"));
        let catalogue = listed("A100").supply(&key, &n, cards(3)).unwrap();
        assert_eq!(catalogue.consume(&key, &n, cards(4)).unwrap_err().code(), "pricing.not_enough_free");
        assert_eq!(catalogue.consume(&key, &name("X"), cards(1)).unwrap_err().code(), "pricing.not_enough_free");
        assert_eq!(catalogue.release(&key, &n, cards(1)).unwrap_err().code(), "pricing.not_consumed");
        let consumed = catalogue.consume(&key, &n, cards(3)).unwrap();
        assert_eq!(consumed.release(&key, &n, cards(4)).unwrap_err().code(), "pricing.not_consumed");
        let back = consumed.release(&key, &n, cards(3)).unwrap();
        assert_eq!(back.part(&key).unwrap().stock(), catalogue.part(&key).unwrap().stock());
        assert_eq!(back.consume(&gpu("A800"), &n, cards(1)).unwrap_err().code(), "pricing.part_not_listed");
    }

    proptest! {
        /// Whatever is tried, stock = free + consumed in every cluster, and what is refused changes nothing.
        #[test]
        fn stock_is_conserved(tried in prop::collection::vec((0_u8..3, 0_u8..3, 0_u64..6), 0..40)) {
            let key = gpu("A100");
            let mut catalogue = listed("A100");
            let (mut supplied, mut taken) = (0_u64, 0_u64);
            for (what, cluster, count) in tried {
                let cluster = name(&format!("c{cluster}"));
                let before = catalogue.clone();
                let changed = match what {
                    0 => catalogue.supply(&key, &cluster, cards(count)),
                    1 => catalogue.consume(&key, &cluster, cards(count)),
                    _ => catalogue.release(&key, &cluster, cards(count)),
                };
                match changed {
                    Ok(changed) => {
                        catalogue = changed;
                        supplied += if what == 0 { count } else { 0 };
                        taken = taken + if what == 1 { count } else { 0 } - if what == 2 { count } else { 0 };
                    }
                    Err(_) => prop_assert_eq!(&catalogue, &before),
                }
                let listing = catalogue.part(&key).unwrap();
                for (_, stock) in listing.clusters() {
                    let sum = stock.free().amount() + stock.consumed().amount();
                    prop_assert_eq!(sum, stock.stock().amount());
                }
                let all = listing.stock();
                let sum = |of: fn(&Stock) -> Quantity| {
                    listing.clusters().map(|(_, stock)| of(stock).amount()).sum::<rust_decimal::Decimal>()
                };
                prop_assert_eq!((sum(Stock::stock), sum(Stock::consumed)), (all.stock().amount(), all.consumed().amount()));
                prop_assert_eq!((all.stock(), all.consumed()), (cards(supplied), cards(taken)));
            }
        }
    }
}
