//! One lane of all nodes.

use crate::placement::snapshot::lane::Cell;
use std::collections::BTreeMap;

/// Cells by slot. Where few of the slots list the lane it is a map, else two dense columns, so that it is never larger
/// than a constant times what is listed.
#[derive(Debug, Clone)]
pub(in crate::placement) enum Column {
    Sparse(BTreeMap<usize, Cell>),
    Dense(Dense),
}

#[derive(Debug, Clone, Default)]
pub(in crate::placement) struct Dense {
    levels: Vec<i64>,
    ceilings: Vec<i64>,
    listed: usize,
}

/// A slot that does not list the lane: no cell has its ceiling below its level.
const UNLISTED: Cell = Cell { level: 0, ceiling: i64::MIN };

/// A column is dense while one slot in so many lists the lane.
const SPARSE: usize = 8;

impl Default for Column {
    fn default() -> Self {
        Self::Dense(Dense::default())
    }
}

impl Column {
    pub(in crate::placement) fn is_empty(&self) -> bool {
        match self {
            Self::Sparse(cells) => cells.is_empty(),
            Self::Dense(dense) => dense.listed == 0,
        }
    }

    /// The cell of a slot; none where it does not list the lane.
    pub(in crate::placement) fn get(&self, slot: usize) -> Option<Cell> {
        match self {
            Self::Sparse(cells) => cells.get(&slot).copied(),
            Self::Dense(dense) => dense.get(slot),
        }
    }

    pub(in crate::placement) fn set(&mut self, slot: usize, cell: Cell) {
        let listed = match self {
            Self::Sparse(cells) => cells.len(),
            Self::Dense(dense) => dense.listed,
        };
        let extent = self.extent().max(slot.saturating_add(1));
        self.reshape(listed.saturating_add(1).saturating_mul(SPARSE) >= extent);
        match self {
            Self::Sparse(cells) => {
                cells.insert(slot, cell);
            }
            Self::Dense(dense) => dense.set(slot, cell),
        }
    }

    pub(in crate::placement) fn clear(&mut self, slot: usize) {
        match self {
            Self::Sparse(cells) => {
                cells.remove(&slot);
            }
            Self::Dense(dense) => {
                dense.clear(slot);
                let is_dense = dense.listed.saturating_mul(SPARSE.saturating_mul(2)) >= dense.levels.len();
                self.reshape(is_dense);
            }
        }
    }

    /// Copies the slots from `start` on into a block, those that do not list the lane by `default`. Says whether any has
    /// another ceiling than level.
    pub(in crate::placement) fn fill(
        &self,
        start: usize,
        levels: &mut [i64],
        ceilings: &mut [i64],
        default: impl Fn(usize) -> Cell,
    ) -> bool {
        let end = start.saturating_add(levels.len());
        let mut is_complete = false;
        match self {
            Self::Dense(dense) => {
                is_complete = dense.listed == dense.levels.len() && end <= dense.levels.len();
                copy(&dense.levels, start, levels, UNLISTED.level);
                copy(&dense.ceilings, start, ceilings, UNLISTED.ceiling);
            }
            Self::Sparse(cells) => {
                levels.fill(UNLISTED.level);
                ceilings.fill(UNLISTED.ceiling);
                for (slot, cell) in cells.range(start..end) {
                    let place = slot.saturating_sub(start);
                    if let (Some(level), Some(ceiling)) = (levels.get_mut(place), ceilings.get_mut(place)) {
                        (*level, *ceiling) = (cell.level, cell.ceiling);
                    }
                }
            }
        }
        if !is_complete {
            for (slot, (level, ceiling)) in (start..).zip(levels.iter_mut().zip(ceilings.iter_mut())) {
                if *ceiling < *level {
                    let cell = default(slot);
                    (*level, *ceiling) = (cell.level, cell.ceiling);
                }
            }
        }
        levels.iter().zip(ceilings.iter()).fold(0, |differs, (level, ceiling)| differs | (level ^ ceiling)) != 0
    }

    /// One more than the last slot that is held.
    fn extent(&self) -> usize {
        match self {
            Self::Sparse(cells) => cells.last_key_value().map_or(0, |(slot, _)| slot.saturating_add(1)),
            Self::Dense(dense) => dense.levels.len(),
        }
    }

    fn reshape(&mut self, to_dense: bool) {
        match self {
            Self::Sparse(cells) if to_dense => {
                let mut dense = Dense::default();
                cells.iter().for_each(|(slot, cell)| dense.set(*slot, *cell));
                *self = Self::Dense(dense);
            }
            Self::Dense(dense) if !to_dense => {
                let cells = (0..dense.levels.len()).filter_map(|slot| Some((slot, dense.get(slot)?)));
                *self = Self::Sparse(cells.collect());
            }
            _ => {}
        }
    }
}

impl Dense {
    fn get(&self, slot: usize) -> Option<Cell> {
        let cell = Cell { level: *self.levels.get(slot)?, ceiling: *self.ceilings.get(slot)? };
        (cell != UNLISTED).then_some(cell)
    }

    fn set(&mut self, slot: usize, cell: Cell) {
        if slot >= self.levels.len() {
            self.levels.resize(slot.saturating_add(1), UNLISTED.level);
            self.ceilings.resize(slot.saturating_add(1), UNLISTED.ceiling);
        }
        if let (Some(level), Some(ceiling)) = (self.levels.get_mut(slot), self.ceilings.get_mut(slot)) {
            if *ceiling < *level {
                self.listed = self.listed.saturating_add(1);
            }
            (*level, *ceiling) = (cell.level, cell.ceiling);
        }
    }

    fn clear(&mut self, slot: usize) {
        if self.get(slot).is_none() {
            return;
        }
        self.listed = self.listed.saturating_sub(1);
        if let (Some(level), Some(ceiling)) = (self.levels.get_mut(slot), self.ceilings.get_mut(slot)) {
            (*level, *ceiling) = (UNLISTED.level, UNLISTED.ceiling);
        }
        while self.levels.len() > self.listed && self.levels.last().is_some() && self.get(self.last()).is_none() {
            self.levels.pop();
            self.ceilings.pop();
        }
    }

    fn last(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }
}

fn copy(from: &[i64], start: usize, into: &mut [i64], rest: i64) {
    let there = from.get(start..).unwrap_or_default();
    let (filled, beyond) = into.split_at_mut(there.len().min(into.len()));
    filled.iter_mut().zip(there).for_each(|(into, from)| *into = *from);
    beyond.fill(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every change of a few slots near and far, held to a map.
    #[test]
    fn it_says_what_a_map_says_whatever_its_shape() {
        let mut state = 1_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % below
        };
        for extent in [1, 4, 40, 700, 5000] {
            let (mut column, mut model) = (Column::default(), BTreeMap::new());
            let mut shapes = [0, 0];
            for step in 0..600 {
                let slot = usize::try_from(next(extent)).unwrap();
                if next(3) == 0 || step > 400 && next(3) > 0 {
                    column.clear(slot);
                    model.remove(&slot);
                } else {
                    let cell = match next(3) {
                        0 => Cell::UNKNOWN,
                        1 => Cell::NOTHING,
                        _ => Cell::cards(next(9).cast_signed() - 4, next(3)),
                    };
                    column.set(slot, cell);
                    model.insert(slot, cell);
                }
                shapes[usize::from(matches!(column, Column::Dense(_)))] += 1;
                assert_eq!(column.get(slot), model.get(&slot).copied());
                assert_eq!(column.is_empty(), model.is_empty());
                if step % 20 == 0 {
                    let (mut levels, mut ceilings) = ([9; 100], [9; 100]);
                    let start = usize::try_from(next(extent)).unwrap();
                    let mixed = column.fill(start, &mut levels, &mut ceilings, |slot| {
                        if slot.is_multiple_of(2) { Cell::NOTHING } else { Cell::UNKNOWN }
                    });
                    let cell = |slot: usize| {
                        let default = if slot.is_multiple_of(2) { Cell::NOTHING } else { Cell::UNKNOWN };
                        model.get(&slot).copied().unwrap_or(default)
                    };
                    for place in 0..100 {
                        let is = Cell { level: levels[place], ceiling: ceilings[place] };
                        assert_eq!(is, cell(start + place));
                    }
                    assert_eq!(mixed, (start..start + 100).any(|slot| cell(slot).level != cell(slot).ceiling));
                }
            }
            let [sparse, dense] = shapes.map(|times| times > 0);
            assert!(
                if extent < 700 {
                    dense
                } else if extent == 700 {
                    sparse && dense
                } else {
                    sparse
                },
                "{shapes:?}"
            );
        }
    }
}
