use crate::placement::{Request, Resource, Rules, words::words};
use crate::{error::PlacementError, units::Name};
use std::collections::{BTreeMap, BTreeSet};

/// What a cluster has of a part by the books, and how much of it is sold.
///
/// # Units
/// The smallest of the resource: milli-core, byte, milli-card, one.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// The cluster.
    pub cluster: String,
    /// The part, with its model.
    pub resource: Resource,
    /// How much there is.
    pub stock: u64,
    /// How much of it is sold.
    pub consumed: u64,
}

/// What it means that the ledger does not list a part.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unstocked {
    /// The ledger keeps no book of it: the stage lets it pass, and the nodes decide.
    NotJudged,
    /// There is none.
    Nothing,
}

words!(Unstocked, "meaning of a part that the ledger does not list", "not_judged" => NotJudged, "nothing" => Nothing);

/// The books of a centre: what its clusters have of each part, and what of it is sold.
///
/// # Units
/// The smallest of the resource.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Ledger, Request, Resource, Rules, StockRow, Unstocked};
///
/// let cards: Resource = "gpu[STANDARD-8G]".parse()?;
/// let row = |cluster: &str, stock, consumed| {
///     StockRow { cluster: cluster.into(), resource: cards.clone(), stock, consumed }
/// };
/// let ledger = Ledger::new([row("X", 2_000, 0), row("N", 3_000, 1_000)], Unstocked::NotJudged)?;
/// assert_eq!(ledger.stock(&cards).map(|stock| stock.free()), Some(4_000));
/// assert_eq!(ledger.of_cluster("N")?.stock(&cards).map(|stock| stock.free()), Some(2_000));
///
/// let short = ledger.shortages(&Request::new([(cards, 5_000)])?, &Rules::strict());
/// assert_eq!((short[0].left, short[0].missing), (4_000, 1_000));
/// assert_eq!(short[0].clusters, ["N", "X"]);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The resources, as they are first told of.
    listed: Vec<Resource>,
    books: BTreeMap<Resource, BTreeMap<String, Book>>,
    unlisted: Unstocked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Book {
    stock: u64,
    consumed: u64,
}

impl Ledger {
    /// The rows of a ledger. More may be consumed than there is: less than nothing is left then.
    ///
    /// # Errors
    /// `placement.duplicate_stock` where a cluster tells of a part twice: whether the two add up or one replaces the
    /// other, the ledger does not say. `placement.amount_overflow` where the clusters' stock of a part, or what they
    /// consumed of it, is beyond 63 bits.
    pub fn new(rows: impl IntoIterator<Item = StockRow>, unlisted: Unstocked) -> Result<Self, PlacementError> {
        let mut ledger = Self { listed: Vec::new(), books: BTreeMap::new(), unlisted };
        for StockRow { cluster, resource, stock, consumed } in rows {
            if !ledger.books.contains_key(&resource) {
                ledger.listed.push(resource.clone());
            }
            let clusters = ledger.books.entry(resource.clone()).or_default();
            if clusters.contains_key(&cluster) {
                return Err(PlacementError::DuplicateStock { cluster, resource: resource.to_string() });
            }
            clusters.insert(cluster, Book { stock, consumed });
        }
        for (resource, clusters) in &ledger.books {
            for (operation, amount) in [
                ("the sum of stock", (|book| book.stock) as fn(&Book) -> u64),
                ("the sum of what is consumed", |book| book.consumed),
            ] {
                let sum = clusters.values().try_fold(0_i64, |sum, book| sum.checked_add_unsigned(amount(book)));
                if sum.is_none() {
                    return Err(PlacementError::AmountOverflow { resource: resource.to_string(), operation });
                }
            }
        }
        Ok(ledger)
    }

    /// The rows of one cluster alone.
    ///
    /// # Errors
    /// `placement.unknown_cluster` where no row is of it: a mistyped name would otherwise let everything pass, or
    /// nothing.
    pub fn of_cluster(&self, cluster: &str) -> Result<Self, PlacementError> {
        let books: BTreeMap<Resource, BTreeMap<String, Book>> = self
            .books
            .iter()
            .filter_map(|(resource, clusters)| {
                let (name, book) = clusters.get_key_value(cluster)?;
                Some((resource.clone(), BTreeMap::from([(name.clone(), *book)])))
            })
            .collect();
        if books.is_empty() {
            return Err(PlacementError::UnknownCluster { cluster: cluster.to_owned() });
        }
        let listed = self.listed.iter().filter(|resource| books.contains_key(*resource)).cloned().collect();
        Ok(Self { listed, books, unlisted: self.unlisted })
    }

    /// The parts that it lists, as they are first told of.
    pub fn resources(&self) -> impl ExactSizeIterator<Item = &Resource> {
        self.listed.iter()
    }

    /// Its clusters, by name.
    pub fn clusters(&self) -> BTreeSet<&str> {
        self.books.values().flat_map(|clusters| clusters.keys().map(String::as_str)).collect()
    }

    /// What all its clusters have of a part; none where it does not list it.
    pub fn stock(&self, resource: &Resource) -> Option<Stock> {
        let clusters = self.books.get(resource)?;
        let sum = |amount: fn(&Book) -> u64| {
            clusters.values().fold(0_u64, |sum, book| sum.saturating_add(amount(book))) // cannot saturate: checked in `new`
        };
        Some(Stock {
            stock: sum(|book| book.stock),
            consumed: sum(|book| book.consumed),
            clusters: clusters.keys().cloned().collect(),
        })
    }

    /// Everything of which it has less than is asked for, in the order of [`Resource`]. Equal is enough.
    ///
    /// What the rules ignore is not judged here either.
    pub fn shortages(&self, request: &Request, rules: &Rules) -> Vec<StockShortage> {
        let judged = request.iter().filter(|(resource, _)| !rules.ignores(resource));
        judged.filter_map(|(resource, asked)| self.shortage(resource, asked)).collect()
    }

    fn shortage(&self, resource: &Resource, asked: u64) -> Option<StockShortage> {
        let (left, clusters) = match (self.stock(resource), self.unlisted) {
            (Some(stock), _) => (stock.free(), stock.clusters),
            (None, Unstocked::NotJudged) => return None,
            (None, Unstocked::Nothing) => (0, Vec::new()),
        };
        let missing = missing(asked, left)?;
        Some(StockShortage { resource: resource.clone(), asked, left, missing, clusters })
    }

    /// Whether its stage judges a part: what has passed it is there, by the books.
    pub(in crate::placement) fn judges(&self, resource: &Resource) -> bool {
        self.unlisted == Unstocked::Nothing || self.books.contains_key(resource)
    }
}

/// How much of what is asked for is not left; none where there is enough.
pub(in crate::placement) fn missing(asked: u64, left: i64) -> Option<u64> {
    let missing = i128::from(asked).saturating_sub(i128::from(left)); // both are of 64 bits
    u64::try_from(missing).ok().filter(|missing| *missing > 0)
}

/// What the clusters of a ledger have of a part.
///
/// # Units
/// The smallest of the resource.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    stock: u64,
    consumed: u64,
    clusters: Vec<String>,
}

impl Stock {
    /// How much there is.
    pub const fn stock(&self) -> u64 {
        self.stock
    }

    /// How much of it is sold.
    pub const fn consumed(&self) -> u64 {
        self.consumed
    }

    /// What is left, below zero where more is sold than there is.
    pub const fn free(&self) -> i64 {
        self.stock.cast_signed().saturating_sub(self.consumed.cast_signed()) // both are of 63 bits
    }

    /// The clusters that have a row of it, by name.
    pub fn clusters(&self) -> &[String] {
        &self.clusters
    }
}

/// A part of which the ledger has less than is asked for.
///
/// # Units
/// The smallest of the resource.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockShortage {
    /// Of what.
    pub resource: Resource,
    /// What is asked for.
    pub asked: u64,
    /// What is left: the sum over the clusters of stock less what is consumed.
    pub left: i64,
    /// How much more would have to be there.
    pub missing: u64,
    /// The clusters that were counted, by name; none where the ledger does not list the part.
    pub clusters: Vec<String>,
}

/// Which model of cards is meant by another.
///
/// A model matches only itself, `STANDARD` too (R-A4). A portal that sells `STANDARD` cards and means `STANDARD-8G` says so
/// here: it rewrites what products ask for, once, and stock, quota and nodes are asked for the result.
///
/// # Examples
/// ```
/// use counterfoil::placement::{ModelMap, Request, Resource};
///
/// let models = ModelMap::new([("STANDARD".parse()?, "STANDARD-8G".parse()?)]);
/// let mapped = models.apply(&Request::new([("gpu".parse()?, 2_000)])?)?;
/// assert_eq!(mapped, Request::new([("gpu[STANDARD-8G]".parse()?, 2_000)])?);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A4, R-A6
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelMap {
    models: BTreeMap<Name, Name>,
}

impl ModelMap {
    /// What is meant by which; of a model that stands twice, the last counts.
    pub fn new(models: impl IntoIterator<Item = (Name, Name)>) -> Self {
        Self { models: models.into_iter().collect() }
    }

    /// The request for what is meant; parts that come to mean the same are summed. It is applied once: a model that
    /// it leads to is not looked up again.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn apply(&self, request: &Request) -> Result<Request, PlacementError> {
        Request::new(request.iter().map(|(resource, amount)| (self.meant(resource), amount)))
    }

    /// The resource that is meant.
    pub fn meant(&self, resource: &Resource) -> Resource {
        let meant = |model: &Name| self.models.get(model).unwrap_or(model).clone();
        match resource {
            Resource::Gpu(model) => Resource::Gpu(meant(model)),
            Resource::Mig { model, profile } => Resource::Mig { model: meant(model), profile: profile.clone() },
            other => other.clone(),
        }
    }
}
