//! The cards of one model on one node: wholly free ones, and those of which shares are taken.

use crate::placement::{CardsLeft, request::CARD};
use std::collections::BTreeMap;

/// Cards of one model.
///
/// Wholly free cards are alike, so those that are held whole have no index; a card of which a share was taken has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::placement) struct Cards {
    /// How many there are that can be given away whole.
    whole: u64,
    /// How many are held whole. More than there are where the node is over-used.
    held: u64,
    /// What is left of the cards of which shares are held, by index: below zero where a card is over-used.
    shared: BTreeMap<u64, i64>,
}

impl Cards {
    /// So many milli-cards: whole cards, and what is left as a part of one more, which only takes shares.
    pub(in crate::placement) fn new(milli: u64) -> Self {
        let (whole, rest) = (milli.wrapping_div(CARD), milli.wrapping_rem(CARD));
        let rest = i64::try_from(rest).ok().filter(|rest| *rest > 0);
        Self { whole, held: 0, shared: rest.map(|rest| (whole, rest)).into_iter().collect() }
    }

    /// How many cards are wholly free; below zero where more are held than there are.
    pub(in crate::placement) fn free(&self) -> i64 {
        let touched = self.shared.range(..self.whole).count();
        let taken = u64::try_from(touched).unwrap_or(u64::MAX).saturating_add(self.held);
        let free = i128::from(self.whole).saturating_sub(i128::from(taken));
        i64::try_from(free).unwrap_or(i64::MIN)
    }

    /// The largest share that one card still takes, in milli-cards.
    pub(in crate::placement) fn largest_share(&self) -> i64 {
        if self.free() > 0 { CARD.cast_signed() } else { self.rooms().max().unwrap_or(0) }
    }

    /// How many shares of that size the cards take.
    pub(in crate::placement) fn shares(&self, milli: u64) -> u64 {
        let each = |room: u64| room.checked_div(milli).unwrap_or(0);
        let shared = self.rooms().fold(0_u64, |sum, room| sum.saturating_add(each(room.unsigned_abs())));
        let untouched = u64::try_from(self.free()).unwrap_or(0).saturating_mul(each(CARD));
        shared.saturating_add(untouched)
    }

    /// Free room in milli-cards, of whole cards and of begun ones.
    pub(in crate::placement) fn milli(&self) -> i64 {
        let begun = self.shared.values().fold(0_i64, |sum, room| sum.saturating_add(*room));
        self.free().saturating_mul(CARD.cast_signed()).saturating_add(begun)
    }

    /// What can be given away of each.
    pub(in crate::placement) fn left(&self) -> CardsLeft {
        let untouched = u64::try_from(self.free()).ok();
        let room = |room: i64| untouched.and_then(|_| u64::try_from(room).ok()).unwrap_or(0);
        CardsLeft {
            whole: self.whole,
            untouched: untouched.unwrap_or(0),
            begun: self.shared.iter().map(|(card, left)| (*card, room(*left))).collect(),
        }
    }

    /// What is left of begun cards; nothing where more cards are held than there are.
    fn rooms(&self) -> impl Iterator<Item = i64> {
        let is_over_used = self.free() < 0;
        self.shared.values().copied().filter(move |room| *room > 0 && !is_over_used)
    }

    pub(in crate::placement) const fn can_hold(&self, cards: u64) -> bool {
        self.held.checked_add(cards).is_some()
    }

    pub(in crate::placement) fn hold(&mut self, cards: u64) {
        self.held = self.held.saturating_add(cards);
    }

    pub(in crate::placement) fn release(&mut self, cards: u64) {
        self.held = self.held.saturating_sub(cards);
    }

    /// Whether there is a card of that index.
    pub(in crate::placement) fn has(&self, card: u64) -> bool {
        card < self.whole || self.shared.contains_key(&card)
    }

    pub(in crate::placement) fn share(&mut self, card: u64, milli: i64) {
        let room = self.shared.entry(card).or_insert(CARD.cast_signed());
        *room = room.saturating_sub(milli);
    }

    /// Gives a share back; a card that is whole again is untouched again.
    pub(in crate::placement) fn unshare(&mut self, card: u64, milli: i64) {
        self.share(card, milli.saturating_neg());
        if card < self.whole && self.shared.get(&card) == Some(&CARD.cast_signed()) {
            self.shared.remove(&card);
        }
    }

    /// The card that a share would be put on: that with the least room that takes it, the first of equals.
    pub(in crate::placement) fn best_fit(&self, milli: i64) -> Option<u64> {
        let begun = self.shared.iter().filter(|(_, room)| **room >= milli).min_by_key(|(card, room)| (**room, **card));
        let untouched = || (0..self.whole).find(|card| !self.shared.contains_key(card)).filter(|_| self.free() > 0);
        begun.map(|(card, _)| *card).or_else(untouched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_of_a_card_takes_shares_and_is_never_whole() {
        let cards = Cards::new(2500);
        assert_eq!((cards.free(), cards.largest_share(), cards.milli()), (2, 1000, 2500));
        assert_eq!(cards.shares(500), 5);
        assert_eq!(cards.shares(600), 2);
        assert_eq!(cards.best_fit(500), Some(2), "the rest takes it, and no card is begun");
        assert_eq!(cards.best_fit(501), Some(0));
        assert!(cards.has(2) && !cards.has(3));
    }

    #[test]
    fn a_share_is_on_one_card_and_never_on_two() {
        let mut cards = Cards::new(2000);
        cards.share(0, 600);
        cards.share(1, 600);
        assert_eq!((cards.free(), cards.largest_share(), cards.milli()), (0, 400, 800));
        assert_eq!(cards.shares(400), 2);
        assert_eq!(cards.shares(401), 0, "800 are free, and no 401 on one card");
    }

    #[test]
    fn what_is_held_beyond_what_there_is_takes_all_room_away() {
        let mut cards = Cards::new(1000);
        cards.hold(1);
        cards.share(0, 300);
        assert_eq!((cards.free(), cards.largest_share(), cards.shares(1)), (-1, 0, 0));
        cards.release(1);
        assert_eq!((cards.free(), cards.largest_share()), (0, 700));
        cards.unshare(0, 300);
        assert_eq!(cards, Cards::new(1000), "what is given back leaves no trace");
        assert_eq!(Cards::new(0).best_fit(1), None);
    }

    #[test]
    fn the_tightest_card_takes_a_share() {
        let mut cards = Cards::new(4000);
        for (card, milli) in [(0, 200), (1, 700), (2, 600)] {
            cards.share(card, milli);
        }
        assert_eq!(cards.best_fit(300), Some(1));
        assert_eq!(cards.best_fit(301), Some(2));
        assert_eq!(cards.best_fit(500), Some(0));
        assert_eq!(cards.best_fit(900), Some(3));
        cards.hold(1);
        assert_eq!(cards.best_fit(900), None);
    }

    /// Two cards, and everything that can be done to them in four steps.
    #[test]
    fn two_cards_agree_with_two_boxes() {
        const STEPS: [(u64, i64); 4] = [(0, 300), (0, 700), (1, 400), (1, 600)];
        for taken in 0_u32..16 {
            let mut cards = Cards::new(2000);
            let mut boxes = [1000_i64; 2];
            for (bit, (card, milli)) in STEPS.into_iter().enumerate() {
                if taken >> bit & 1 == 1 {
                    cards.share(card, milli);
                    boxes[usize::try_from(card).unwrap()] -= milli;
                }
            }
            let whole = boxes.iter().filter(|room| **room == 1000).count();
            assert_eq!(cards.free(), i64::try_from(whole).unwrap());
            assert_eq!(cards.largest_share(), *boxes.iter().max().unwrap());
            for milli in [1_u64, 300, 400, 600, 700, 999] {
                let shares = boxes.iter().map(|room| u64::try_from(*room).unwrap() / milli).sum::<u64>();
                assert_eq!(cards.shares(milli), shares, "{taken:04b} {milli}");
            }
            assert_eq!(cards.milli(), boxes.iter().sum::<i64>());
        }
    }
}
