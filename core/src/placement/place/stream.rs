//! One copy after the other, as a scheduler sees them.

use super::{
    field::Field,
    greedy::Heuristic,
    item::{Item, check_ids},
    steps::{Steps, WorkBudget},
};
use crate::{
    error::PlacementError,
    placement::{Product, Rules, Snapshot},
    units::Name,
};
use std::collections::BTreeMap;

/// Nodes on which copies are placed and given back one after the other, each where a rule of thumb puts it.
///
/// What may come is told in the beginning, as *kinds*. A kind is a list of alternatives, of which any will do: a task that
/// accepts two models of cards is two products. Of alternatives that a node takes alike, the first is placed.
///
/// A choice looks at each node once for each alternative: O(nodes × alternatives).
///
/// # Examples
/// ```
/// use counterfoil::placement::*;
///
/// let node = |name: &str, milli| {
///     let mut node = Node::worker(name);
///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(milli)));
///     node
/// };
/// let snapshot = Snapshot::new([node("large", 8000), node("small", 4000)], [], Sharing::Named)?;
/// let product = Product::new("web", Request::new([(Resource::Cpu, 4000)])?);
/// let mut stream = Stream::new(&snapshot, [("web".to_owned(), vec![product])], &Rules::strict())?;
///
/// let first = stream.choose("web", Heuristic::BestFit)?;
/// assert_eq!(first.as_ref().map(|choice| choice.node.as_str()), Some("small"));
/// let placed = stream.place("web", Heuristic::BestFit)?;
/// assert_eq!(stream.choose("web", Heuristic::BestFit)?.map(|choice| choice.node), Some("large".to_owned()));
/// stream.give_back(placed.unwrap())?;
/// assert_eq!(stream.choose("web", Heuristic::BestFit)?, first);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-A10
#[derive(Debug, Clone)]
pub struct Stream {
    pub(super) field: Field,
    /// The alternatives of each kind, by their numbers.
    pub(super) kinds: BTreeMap<String, Vec<usize>>,
}

/// Where a copy would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The id of the product, of the alternatives of the kind.
    pub product: String,
    /// The name of the node.
    pub node: String,
}

/// A copy that was placed. It is given back once: the type can not be copied.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    product: usize,
    node: usize,
    cards: Vec<(usize, u64)>,
    choice: Choice,
    on: BTreeMap<Name, u64>,
}

impl Taken {
    /// Of what, and where.
    pub const fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Of shares, the card by its model.
    pub const fn cards(&self) -> &BTreeMap<Name, u64> {
        &self.on
    }
}

impl Stream {
    /// The largest table of nodes by resources, and of nodes by sets of constraints, that is read.
    pub const LARGEST_TABLE: WorkBudget = WorkBudget::of(100_000_000);

    /// The nodes of a snapshot, and all kinds that may come.
    ///
    /// # Errors
    /// `placement.repeated_item` for two kinds of one name, `placement.too_much_to_read`.
    pub fn new(
        snapshot: &Snapshot,
        kinds: impl IntoIterator<Item = (String, Vec<Product>)>,
        rules: &Rules,
    ) -> Result<Self, PlacementError> {
        let kinds: Vec<(String, Vec<Product>)> = kinds.into_iter().collect();
        check_ids(kinds.iter().map(|(name, _)| name.as_str()))?;
        let mut items = Vec::new();
        let mut numbers = BTreeMap::new();
        for (name, alternatives) in kinds {
            let first = items.len();
            items.extend(alternatives.into_iter().map(|product| Item::new(product, 1)));
            numbers.insert(name, (first..items.len()).collect());
        }
        let items: Vec<&Item> = items.iter().collect();
        let mut steps = Steps::of(Self::LARGEST_TABLE);
        match Field::read(snapshot, &items, rules, &mut steps) {
            Ok(field) => Ok(Self { field, kinds: numbers }),
            Err(_) => Err(PlacementError::TooMuchToRead { nodes: snapshot.nodes().len(), items: items.len() }),
        }
    }

    /// Where a copy of a kind would go now; none where no node takes it. Nothing changes.
    ///
    /// The *decreasing* rules are those of which they are the decreasing form: one copy has no order.
    ///
    /// # Errors
    /// `placement.unknown_kind`.
    pub fn choose(&self, kind: &str, heuristic: Heuristic) -> Result<Option<Choice>, PlacementError> {
        let chosen = self.field.choose(self.alternatives(kind)?, heuristic);
        Ok(chosen.and_then(|(node, product)| self.choice(node, product)))
    }

    /// Places a copy of a kind; none where no node takes it.
    ///
    /// # Errors
    /// `placement.unknown_kind`.
    pub fn place(&mut self, kind: &str, heuristic: Heuristic) -> Result<Option<Taken>, PlacementError> {
        let chosen = self.field.choose(self.alternatives(kind)?, heuristic);
        let Some((node, product)) = chosen else { return Ok(None) };
        let Some(choice) = self.choice(node, product) else { return Ok(None) };
        let Some(of) = self.field.kinds.get(product) else { return Ok(None) };
        let cards = self.field.state.put(of, node);
        let named = |(model, card): &(usize, u64)| Some((self.field.models.get(*model)?.clone(), *card));
        let on = cards.iter().filter_map(named).collect();
        Ok(Some(Taken { product, node, cards, choice, on }))
    }

    /// Gives a copy back that was placed on this stream.
    ///
    /// # Errors
    /// `placement.unknown_kind` where it was placed on another.
    pub fn give_back(&mut self, taken: Taken) -> Result<(), PlacementError> {
        let is_known = self.choice(taken.node, taken.product).as_ref() == Some(&taken.choice);
        let kind = self.field.kinds.get(taken.product).filter(|_| is_known);
        let kind = kind.ok_or_else(|| PlacementError::UnknownKind { kind: taken.choice.product.clone() })?;
        self.field.state.give_back(kind, taken.node, &taken.cards);
        Ok(())
    }

    pub(super) fn alternatives(&self, kind: &str) -> Result<&[usize], PlacementError> {
        let unknown = || PlacementError::UnknownKind { kind: kind.to_owned() };
        self.kinds.get(kind).map(Vec::as_slice).ok_or_else(unknown)
    }

    fn choice(&self, node: usize, product: usize) -> Option<Choice> {
        let product = self.field.kinds.get(product)?.id.clone();
        Some(Choice { product, node: self.field.names.get(node)?.clone() })
    }
}
