//! The cards of one model on one node as bins: shares do not add up over cards.

use super::steps::{Spent, Steps};
use crate::placement::{CardsLeft, request::CARD};
use std::collections::BTreeMap;

/// Cards, each with its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CardRoom {
    /// Nobody knows how many, and the rules take them to be there: any number.
    Unlimited,
    /// These.
    Known(CardsLeft),
}

impl CardRoom {
    /// How many are wholly free.
    pub(super) fn untouched(&self) -> u64 {
        match self {
            Self::Unlimited => u64::MAX,
            Self::Known(cards) => cards.untouched,
        }
    }

    /// The largest share that one card still takes.
    pub(super) fn largest(&self) -> u64 {
        match self {
            Self::Unlimited => u64::MAX,
            Self::Known(cards) if cards.untouched > 0 => CARD,
            Self::Known(cards) => cards.begun.values().copied().max().unwrap_or(0),
        }
    }

    /// How many are begun.
    pub(super) fn begun(&self) -> usize {
        match self {
            Self::Unlimited => 0,
            Self::Known(cards) => cards.begun.len(),
        }
    }

    /// All that is free, in milli-cards.
    pub(super) fn milli(&self) -> u64 {
        match self {
            Self::Unlimited => u64::MAX,
            Self::Known(cards) => {
                let begun = cards.begun.values().fold(0_u64, |sum, room| sum.saturating_add(*room));
                cards.untouched.saturating_mul(CARD).saturating_add(begun).min(u64::MAX.wrapping_sub(1))
            }
        }
    }

    /// Takes or gives back whole cards.
    pub(super) fn take_whole(&mut self, cards: u64) {
        if let Self::Known(left) = self {
            left.untouched = left.untouched.saturating_sub(cards);
        }
    }

    pub(super) fn give_whole(&mut self, cards: u64) {
        if let Self::Known(left) = self {
            left.untouched = left.untouched.saturating_add(cards);
        }
    }

    /// The card that a share is put on: that with the least room that takes it, the first of equals; else a new one.
    pub(super) fn best_fit(&self, milli: u64) -> Option<u64> {
        let Self::Known(cards) = self else { return None };
        let begun = cards.begun.iter().filter(|(_, room)| **room >= milli).min_by_key(|(card, room)| (**room, **card));
        begun.map(|(card, _)| *card).or_else(|| self.new_cards(1).pop())
    }

    pub(super) fn take_share(&mut self, card: u64, milli: u64) {
        let Self::Known(cards) = self else { return };
        if let Some(room) = cards.begun.get_mut(&card) {
            *room = room.saturating_sub(milli);
        } else {
            cards.untouched = cards.untouched.saturating_sub(1);
            cards.begun.insert(card, CARD.saturating_sub(milli));
        }
    }

    /// Gives a share back; a card that is whole again is untouched again.
    pub(super) fn give_share(&mut self, card: u64, milli: u64) {
        let Self::Known(cards) = self else { return };
        let Some(room) = cards.begun.get_mut(&card) else { return };
        *room = room.saturating_add(milli);
        if *room == CARD && card < cards.whole {
            cards.begun.remove(&card);
            cards.untouched = cards.untouched.saturating_add(1);
        }
    }

    /// As bins, and the index of the card that each begun bin is.
    pub(super) fn bins(&self) -> (Bins, Vec<u64>) {
        match self {
            Self::Unlimited => (Bins { untouched: u64::MAX, rooms: Vec::new() }, Vec::new()),
            Self::Known(cards) => {
                let usable = || cards.begun.iter().filter(|(_, room)| **room > 0);
                let mut by_room: Vec<(u64, u64)> = usable().map(|(card, room)| (*room, *card)).collect();
                by_room.sort_unstable();
                let rooms = by_room.iter().map(|(room, _)| *room).collect();
                (Bins { untouched: cards.untouched, rooms }, by_room.into_iter().map(|(_, card)| card).collect())
            }
        }
    }

    /// The indices of so many new cards.
    pub(super) fn new_cards(&self, count: usize) -> Vec<u64> {
        let Self::Known(cards) = self else { return Vec::new() };
        if cards.untouched == 0 {
            return Vec::new();
        }
        // Once through the cards from the first: no more are passed over than are begun.
        (0..cards.whole).filter(|card| !cards.begun.contains_key(card)).take(count).collect()
    }
}

/// Cards without their names: what counts when nodes are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bins {
    /// Wholly free ones; the largest number is any number.
    pub(super) untouched: u64,
    /// What is left of the begun ones, from the least.
    pub(super) rooms: Vec<u64>,
}

impl Bins {
    pub(super) const fn is_unlimited(&self) -> bool {
        self.untouched == u64::MAX
    }

    /// How many shares of one size fit.
    pub(super) fn shares(&self, milli: u64) -> u64 {
        let each = |room: u64| room.checked_div(milli).unwrap_or(0);
        let begun = self.rooms.iter().fold(0_u64, |sum, room| sum.saturating_add(each(*room)));
        self.untouched.saturating_mul(each(CARD)).saturating_add(begun)
    }

    /// All that is free, in milli-cards.
    pub(super) fn milli(&self) -> u64 {
        self.rooms.iter().fold(self.untouched.saturating_mul(CARD), |sum, room| sum.saturating_add(*room))
    }

    /// Puts shares on cards beside so many cards that are taken whole; none where that can not be.
    ///
    /// Shares come as (milli-cards, how many), from the largest. The answer names the bin of each in the same order: first
    /// the begun cards, then new ones. Best-fit decreasing, and where that fails a complete search.
    pub(super) fn pack(
        &self,
        whole: u64,
        shares: &[(u64, u64)],
        steps: &mut Steps,
    ) -> Result<Option<Vec<usize>>, Spent> {
        if self.is_unlimited() {
            return Ok(Some(Vec::new()));
        }
        let Some(untouched) = self.untouched.checked_sub(whole) else { return Ok(None) };
        let product = |(milli, count): &(u64, u64)| u128::from(*milli).saturating_mul(u128::from(*count));
        let wanted = shares.iter().map(product).fold(0, u128::saturating_add);
        let begun = self.rooms.iter().fold(0, |sum: u128, room| sum.saturating_add(u128::from(*room)));
        if wanted > begun.saturating_add(u128::from(untouched).saturating_mul(u128::from(CARD))) {
            return Ok(None);
        }
        let count = shares.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        steps.take(count)?;
        let mut sizes = Vec::new();
        for (milli, count) in shares {
            sizes.extend((0..*count).map(|_| *milli));
        }
        let mut packing = Packing { sizes: &sizes, rooms: self.rooms.clone(), untouched, bins: Vec::new(), steps };
        if packing.best_fit()? {
            return Ok(Some(packing.bins));
        }
        if shares.iter().filter(|(_, count)| *count > 0).count() <= 1 {
            return Ok(None);
        }
        if sizes.len() > Packing::DEEPEST {
            return Err(Spent);
        }
        packing.rooms.clone_from(&self.rooms);
        packing.untouched = untouched;
        packing.bins.clear();
        let is_packed = packing.search(0)?;
        Ok(is_packed.then_some(packing.bins))
    }
}

struct Packing<'p> {
    sizes: &'p [u64],
    rooms: Vec<u64>,
    untouched: u64,
    bins: Vec<usize>,
    steps: &'p mut Steps,
}

impl Packing<'_> {
    /// How many shares are searched at most: the search goes one call deeper for each.
    const DEEPEST: usize = 500;

    fn best_fit(&mut self) -> Result<bool, Spent> {
        for size in self.sizes {
            self.steps.take_table(self.rooms.len(), 1)?;
            let fitting = self.rooms.iter().enumerate().filter(|(_, room)| *room >= size);
            match fitting.min_by_key(|(bin, room)| (**room, *bin)).map(|(bin, _)| bin) {
                Some(bin) => self.put(bin, *size),
                None if self.untouched > 0 => self.open(*size),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn put(&mut self, bin: usize, size: u64) {
        if let Some(room) = self.rooms.get_mut(bin) {
            *room = room.saturating_sub(size);
            self.bins.push(bin);
        }
    }

    fn open(&mut self, size: u64) {
        self.untouched = self.untouched.saturating_sub(1);
        self.bins.push(self.rooms.len());
        self.rooms.push(CARD.saturating_sub(size));
    }

    /// The next share on each card that differs, or on a new one. A share of the size of the one before goes on no earlier
    /// card: that would be the same with the two exchanged.
    fn search(&mut self, next: usize) -> Result<bool, Spent> {
        let Some(&size) = self.sizes.get(next) else { return Ok(true) };
        self.steps.take_table(self.rooms.len().saturating_add(1), 1)?;
        if self.is_hopeless(next) {
            return Ok(false);
        }
        let is_like_last = next > 0 && self.sizes.get(next.wrapping_sub(1)) == Some(&size);
        let first = if is_like_last { self.bins.last().copied().unwrap_or(0) } else { 0 };
        let mut tried: BTreeMap<u64, ()> = BTreeMap::new();
        for bin in first..self.rooms.len() {
            let Some(&room) = self.rooms.get(bin) else { break };
            if room < size || tried.insert(room, ()).is_some() {
                continue;
            }
            self.put(bin, size);
            if self.search(next.saturating_add(1))? {
                return Ok(true);
            }
            self.bins.pop();
            if let Some(left) = self.rooms.get_mut(bin) {
                *left = room;
            }
        }
        if self.untouched == 0 || tried.contains_key(&CARD) {
            return Ok(false);
        }
        self.open(size);
        if self.search(next.saturating_add(1))? {
            return Ok(true);
        }
        self.bins.pop();
        self.rooms.pop();
        self.untouched = self.untouched.saturating_add(1);
        Ok(false)
    }

    /// Whether what is left is more than the cards have that still take the smallest.
    fn is_hopeless(&self, next: usize) -> bool {
        let left = self.sizes.iter().skip(next);
        let wanted = left.fold(0_u128, |sum, size| sum.saturating_add(u128::from(*size)));
        let smallest = self.sizes.last().copied().unwrap_or(0);
        let usable = self.rooms.iter().filter(|room| **room >= smallest);
        let begun = usable.fold(0_u128, |sum, room| sum.saturating_add(u128::from(*room)));
        wanted > begun.saturating_add(u128::from(self.untouched).saturating_mul(u128::from(CARD)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::WorkBudget;

    /// Every way to put shares on cards.
    fn all_ways(rooms: &mut [u64], shares: &[u64]) -> bool {
        let Some((share, rest)) = shares.split_first() else { return true };
        (0..rooms.len()).any(|card| {
            if rooms[card] < *share {
                return false;
            }
            rooms[card] -= share;
            let fits = all_ways(rooms, rest);
            rooms[card] += share;
            fits
        })
    }

    /// All sets of up to six shares of four sizes, on up to two begun cards of three rooms and up to three new ones, of which some are
    /// taken whole: 4,116 questions.
    #[test]
    fn packing_is_that_of_all_ways() {
        const SIZES: [u64; 4] = [620, 500, 380, 260];
        let begun: [&[u64]; 7] = [&[], &[300], &[640], &[900], &[300, 640], &[640, 640], &[640, 900]];
        let (mut packed, mut failed) = (0, 0);
        for counts in 0..7_u64.pow(4) {
            let counts: Vec<u64> = (0..4).map(|place| counts / 7_u64.pow(place) % 7).collect();
            if counts.iter().sum::<u64>() > 6 {
                continue;
            }
            let shares: Vec<(u64, u64)> = SIZES.into_iter().zip(counts.iter().copied()).collect();
            let one_by_one: Vec<u64> = shares.iter().flat_map(|(size, count)| vec![*size; *count as usize]).collect();
            for rooms in begun {
                for (untouched, whole) in [(0, 0), (1, 0), (2, 0), (3, 0), (2, 1), (1, 2)] {
                    let bins = Bins { untouched, rooms: rooms.to_vec() };
                    let mut steps = Steps::of(WorkBudget::of(100_000));
                    let found = bins.pack(whole, &shares, &mut steps).expect("the budget suffices");
                    let mut left = rooms.to_vec();
                    left.extend(untouched.checked_sub(whole).into_iter().flat_map(|new| vec![1000; new as usize]));
                    let expected = whole <= untouched && all_ways(&mut left.clone(), &one_by_one);
                    assert_eq!(found.is_some(), expected, "{bins:?} {whole} {shares:?}");
                    let Some(on) = found else {
                        failed += 1;
                        continue;
                    };
                    assert_eq!(on.len(), one_by_one.len());
                    for (card, size) in on.into_iter().zip(&one_by_one) {
                        left[card] = left[card].checked_sub(*size).expect("the cards carry it");
                    }
                    packed += 1;
                }
            }
        }
        assert!(packed > 1000 && failed > 1000, "{packed} {failed}");
    }

    #[test]
    fn a_share_that_is_given_back_leaves_no_trace() {
        let known = CardsLeft { whole: 2, untouched: 2, begun: [(2, 400)].into() };
        let mut room = CardRoom::Known(known);
        let before = room.clone();
        assert_eq!(room.best_fit(300), Some(2)); // the rest of a third card, which is no whole one
        assert_eq!(room.best_fit(500), Some(0));
        for (card, milli) in [(2, 300), (0, 500), (0, 500), (1, 1)] {
            room.take_share(card, milli);
        }
        assert_eq!((room.untouched(), room.largest(), room.milli()), (0, 999, 1099));
        for (card, milli) in [(0, 500), (1, 1), (2, 300), (0, 500)] {
            room.give_share(card, milli);
        }
        assert_eq!(room, before);
    }
}
