//! How many of a product can still be sold, alone.

use crate::error::PlacementError;
use crate::placement::{
    Product, Rules, Snapshot,
    check::scan::{Batch, Glance, Look, Manner, Part, Path, scan},
    rules::Trust,
    snapshot::bits::places,
    snapshot::lane::{Cell, Lane},
};
use std::fmt;

/// How many of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// As many as anyone likes: nothing is asked for, and nobody limits the pods.
    Unlimited,
}

impl Count {
    /// Whether there is one.
    pub const fn is_some(self) -> bool {
        !matches!(self, Self::Exactly(0))
    }

    /// Both together; none beyond 64 bits.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Exactly(a), Self::Exactly(b)) => match a.checked_add(b) {
                Some(sum) => Some(Self::Exactly(sum)),
                None => None,
            },
            _ => Some(Self::Unlimited),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => write!(f, "{count}"),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl Snapshot {
    /// How many of each product can still be sold, if no other is: the sum over the nodes that take it of
    /// min ⌊free ÷ request⌋, bounded by pod slots; of shares of cards, the sum over the cards.
    ///
    /// It is at least one where [`check`](Self::check) does not grey the product, and nowhere else. What is unknown limits
    /// nothing where the rules take it to be there. Several products jointly are a question of placement.
    ///
    /// # Units
    /// Whole products.
    ///
    /// # Errors
    /// `placement.count_overflow`; as [`check`](Self::check).
    ///
    /// # Examples
    ///
    /// 12 cores are free and a product asks for 3, but two nodes are left with less:
    /// ```
    /// use counterfoil::placement::*;
    ///
    /// let node = |name: &str, milli| {
    ///     let mut node = Node::worker(name);
    ///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(milli)));
    ///     node
    /// };
    /// let snapshot = Snapshot::new([node("a", 5000), node("b", 4000), node("c", 3000)], [], Sharing::Named)?;
    /// let product = Product::new("3-core", Request::new([(Resource::Cpu, 3000)])?);
    /// assert_eq!(snapshot.count(&product, &Rules::strict())?, Count::Exactly(3));
    ///
    /// let nothing = Product::new("nothing", Request::default());
    /// assert_eq!(snapshot.count(&nothing, &Rules::strict())?, Count::Unlimited);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A9
    pub fn counts(&self, products: &[Product], rules: &Rules) -> Result<Vec<Count>, PlacementError> {
        self.counts_trusting(products, rules, rules.where_unknown.trust())
    }

    pub(in crate::placement) fn counts_trusting(
        &self,
        products: &[Product],
        rules: &Rules,
        trust: Trust<'_>,
    ) -> Result<Vec<Count>, PlacementError> {
        let mut counts = Vec::with_capacity(products.len());
        let start = |batch: &Batch<'_, '_>| Counting {
            snapshot: self,
            counts: vec![Count::Exactly(0); batch.products.len()],
            nodes: None,
        };
        scan(self, products, rules, manner(trust), start, |_, counting| {
            counts.extend(counting.counts);
            Ok(())
        })?;
        Ok(counts)
    }

    /// How many of one product can still be sold, if no other is.
    ///
    /// # Errors
    /// As [`counts`](Self::counts).
    ///
    /// # Rule
    /// R-A9
    pub fn count(&self, product: &Product, rules: &Rules) -> Result<Count, PlacementError> {
        let counts = self.counts(std::slice::from_ref(product), rules)?;
        Ok(counts.first().copied().unwrap_or(Count::Exactly(0)))
    }

    /// How many of a product each node still takes, by name, of the nodes that take any.
    ///
    /// # Errors
    /// As [`counts`](Self::counts).
    ///
    /// # Rule
    /// R-A9
    pub fn count_by_node(&self, product: &Product, rules: &Rules) -> Result<Vec<(String, Count)>, PlacementError> {
        let mut nodes = Vec::new();
        let start =
            |_: &Batch<'_, '_>| Counting { snapshot: self, counts: vec![Count::Exactly(0)], nodes: Some(Vec::new()) };
        scan(self, std::slice::from_ref(product), rules, manner(rules.where_unknown.trust()), start, |_, counting| {
            nodes.extend(counting.nodes.into_iter().flatten());
            Ok(())
        })?;
        nodes.sort_unstable();
        Ok(nodes)
    }
}

const fn manner(trust: Trust<'_>) -> Manner<'_> {
    Manner { path: Path::Fastest, trust, telling: None }
}

struct Counting<'s> {
    snapshot: &'s Snapshot,
    counts: Vec<Count>,
    /// The count of each node, where it is asked for.
    nodes: Option<Vec<(String, Count)>>,
}

impl<'p> Look<'p> for Counting<'_> {
    fn look(&mut self, batch: &Batch<'_, 'p>, glance: &Glance<'_, 'p>) -> Result<(), PlacementError> {
        let Some(count) = self.counts.get_mut(glance.product) else { return Ok(()) };
        for place in places(&glance.fitting()) {
            let times = glance.parts.iter().filter_map(|part| times(self.snapshot, batch, glance, part, place)).min();
            let here = times.map_or(Count::Unlimited, Count::Exactly);
            if let Some(nodes) = &mut self.nodes {
                nodes.push((self.snapshot.columns().name(glance.slot(place)).to_owned(), here));
            }
            *count = count.plus(here).ok_or_else(|| PlacementError::CountOverflow {
                product: batch.products.get(glance.product).map(|product| product.id.clone()).unwrap_or_default(),
            })?;
        }
        Ok(())
    }
}

/// How often a node has what a part asks for; none is without limit.
fn times(
    snapshot: &Snapshot,
    batch: &Batch<'_, '_>,
    glance: &Glance<'_, '_>,
    part: &Part<'_>,
    place: usize,
) -> Option<u64> {
    let asked = batch.lanes.get(part.lane)?;
    let cell = Cell { level: *asked.filled.levels.get(place)?, ceiling: *asked.filled.ceilings.get(place)? };
    let state = || snapshot.nodes.get(snapshot.columns().name(glance.slot(place)));
    let free = if asked.is_trusted { cell.ceiling } else { cell.level };
    match &asked.lane {
        _ if cell == Cell::UNKNOWN => None,
        // Slots beyond 63 bits look like none in a column.
        Lane::Slots if cell == Cell::UNLIMITED => state()?.slots(),
        Lane::Share(model) => {
            let (known, of_unknown_model) = state()?.shares(model, part.amount.unsigned_abs());
            let more = if asked.is_trusted { of_unknown_model } else { 0 };
            Some(known.saturating_add(more))
        }
        _ => u64::try_from(free).unwrap_or(0).checked_div(part.amount.unsigned_abs()),
    }
}
