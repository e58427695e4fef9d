//! What of the free cards nothing of a mix can use.

use super::stream::Stream;
use crate::{
    error::PlacementError,
    placement::{Product, Rules, Snapshot, place::bins::CardRoom, request::CARD},
};

/// Free cards, and how much of them a copy drawn from a mix can not use.
///
/// Take one copy from the mix, each kind as often as it weighs. On one node, it *can use* the cards of the models that it asks
/// for and that have room enough for it, each for itself: all of their free room, if the node has everything else that it
/// asks for as well; else nothing. What it can not use is fragmented for it. The figure is the sum over all nodes, on
/// average over the mix. A kind that asks for no card is left out: it would use none.
///
/// It is the measure of *fragmentation gradient descent* (USENIX ATC 2023), in exact integers.
///
/// # Units
/// Milli-cards.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragmentation {
    /// All free room of cards of the models that the mix knows.
    pub free: u128,
    /// The sum over the mix of what a copy can not use, times its weight.
    pub unusable: u128,
    /// The sum of the weights. On average `unusable ÷ weight` milli-cards can not be used.
    pub weight: u128,
}

impl Fragmentation {
    /// The share of the free cards that can not be used, in parts of ten thousand; none where nothing is free or the mix is
    /// empty.
    ///
    /// # Rounding
    /// Down.
    pub fn parts_of_ten_thousand(&self) -> Option<u128> {
        let all = self.free.checked_mul(self.weight)?;
        self.unusable.checked_mul(10_000)?.checked_div(all)
    }
}

/// How fragmented the free cards of a snapshot are for a mix: kinds by name with their alternatives, and how often each comes.
///
/// O(nodes × alternatives).
///
/// # Errors
/// As [`Stream::new`].
///
/// # Examples
///
/// Two nodes with half a card each: of half a card all can be used, of a whole one nothing.
/// ```
/// use counterfoil::placement::*;
///
/// let gpu: Resource = "gpu[T4]".parse()?;
/// let node = |name: &str| {
///     let mut node = Node::worker(name);
///     node.supplies.insert(gpu.clone(), Supply::Known(Capacity::of(500)));
///     node
/// };
/// let snapshot = Snapshot::new([node("a"), node("b")], [], Sharing::Named)?;
/// let kind = |id: &str, milli, weight| {
///     let request = Request::new([(gpu.clone(), milli)])?;
///     Ok::<_, counterfoil::error::PlacementError>((id.to_owned(), vec![Product::new(id, request)], weight))
/// };
/// let mix = [kind("half", 500, 3)?, kind("whole", 1000, 1)?];
/// let found = fragmentation(&snapshot, mix, &Rules::strict())?;
/// assert_eq!(found, Fragmentation { free: 1000, unusable: 1000, weight: 4 });
/// assert_eq!(found.parts_of_ten_thousand(), Some(2500));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A10
pub fn fragmentation(
    snapshot: &Snapshot,
    mix: impl IntoIterator<Item = (String, Vec<Product>, u64)>,
    rules: &Rules,
) -> Result<Fragmentation, PlacementError> {
    let (mut kinds, mut weights) = (Vec::new(), Vec::new());
    for (name, alternatives, weight) in mix {
        weights.push((name.clone(), weight));
        kinds.push((name, alternatives));
    }
    Stream::new(snapshot, kinds, rules)?.fragmentation(weights.iter().map(|(name, weight)| (name.as_str(), *weight)))
}

impl Stream {
    /// How fragmented the free cards are now for a mix of its kinds: see [`Fragmentation`].
    ///
    /// # Errors
    /// `placement.unknown_kind`.
    pub fn fragmentation<'k>(
        &self,
        mix: impl IntoIterator<Item = (&'k str, u64)>,
    ) -> Result<Fragmentation, PlacementError> {
        let field = &self.field;
        let known = |cards: &CardRoom| match cards {
            CardRoom::Unlimited => 0,
            CardRoom::Known(_) => u128::from(cards.milli()),
        };
        let cards = (0..field.names.len()).flat_map(|node| field.state.cards(node));
        let free = cards.map(known).fold(0, u128::saturating_add);
        let mut found = Fragmentation { free, unusable: 0, weight: 0 };
        // By node and model, what is usable for the kind in hand.
        let mut counted = vec![0_u128; field.names.len().saturating_mul(field.models.len())];
        for (name, weight) in mix {
            let kinds = self.alternatives(name)?.iter().filter_map(|number| field.kinds.get(*number));
            let mut asks_cards = false;
            let mut usable = 0_u128;
            counted.fill(0);
            for kind in kinds {
                let asked = || kind.whole.iter().map(|(model, _)| (*model, CARD)).chain(kind.shares.iter().copied());
                asks_cards = asks_cards || asked().next().is_some();
                for (node, _) in field.rows(kind).filter(|(_, row)| kind.fits(row)) {
                    for (model, milli) in asked() {
                        let room = field.state.cards(node).get(model).map_or(0, |cards| room_for(cards, milli));
                        // Of two alternatives of one model, what the better can use.
                        let place = node.saturating_mul(field.models.len()).saturating_add(model);
                        let Some(known) = counted.get_mut(place).filter(|known| **known < room) else { continue };
                        usable = usable.saturating_add(room.saturating_sub(*known));
                        *known = room;
                    }
                }
            }
            if asks_cards {
                let weight = u128::from(weight);
                found.weight = found.weight.saturating_add(weight);
                let unusable = free.saturating_sub(usable).saturating_mul(weight);
                found.unusable = found.unusable.saturating_add(unusable);
            }
        }
        Ok(found)
    }
}

/// The free room of the cards that have so much.
fn room_for(cards: &CardRoom, milli: u64) -> u128 {
    let CardRoom::Known(left) = cards else { return 0 };
    let begun = left.begun.values().filter(|room| **room >= milli).map(|room| u128::from(*room));
    begun.fold(u128::from(left.untouched).saturating_mul(u128::from(CARD)), u128::saturating_add)
}
