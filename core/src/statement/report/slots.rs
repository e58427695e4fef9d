use std::collections::BTreeMap;

/// Values by key, in a place each, for rows that come grouped or in the same order again and again:
/// the place that was used last and the one after it are tried before the map is.
#[derive(Debug, Clone)]
pub(super) struct Slots<K, V> {
    slots: Vec<(K, V)>,
    places: BTreeMap<K, usize>,
    last: usize,
}

impl<K: Ord + Clone, V: Default> Slots<K, V> {
    /// Does something with the value of a key, which is made if there is none.
    pub(super) fn with<R>(&mut self, key: &K, change: impl FnOnce(&mut V) -> R) -> R {
        if let Some(place) = self.place(key)
            && let Some((_, value)) = self.slots.get_mut(place)
        {
            self.last = place;
            return change(value);
        }
        let mut value = V::default();
        let answer = change(&mut value);
        self.last = self.slots.len();
        self.places.insert(key.clone(), self.last);
        self.slots.push((key.clone(), value));
        answer
    }

    fn place(&self, key: &K) -> Option<usize> {
        let is_at = |place: &usize| self.slots.get(*place).is_some_and(|(known, _)| known == key);
        let next = self.last.checked_add(1).filter(|next| *next < self.slots.len()).unwrap_or(0);
        [self.last, next].into_iter().find(is_at).or_else(|| self.places.get(key).copied())
    }

    /// The values in the order of their keys.
    pub(super) fn into_sorted(self) -> Vec<(K, V)> {
        let mut slots = self.slots;
        slots.sort_unstable_by(|(a, _), (b, _)| a.cmp(b)); // keys differ, so nothing is unstable
        slots
    }
}

impl<K, V> Default for Slots<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), places: BTreeMap::new(), last: 0 }
    }
}
