//! Numbers that look random and are decided by a seed and a place.

/// Numbers of one place, one after another.
pub(crate) struct Random(fastrand::Rng);

impl Random {
    /// Those of a seed and some numbers, which differ where any of them does.
    pub(crate) fn of(seed: u64, numbers: &[u32]) -> Self {
        let mix = |state: u64, number: &u32| fastrand::Rng::with_seed(state ^ u64::from(*number)).u64(..);
        Self(fastrand::Rng::with_seed(numbers.iter().fold(seed, mix)))
    }

    /// A number below a limit, which is at least 1.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0.u32(..limit.max(1))
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, least: u32, most: u32) -> u32 {
        self.0.u32(least..=most.max(least))
    }

    /// Whether one of so many happens.
    pub(crate) fn one_in(&mut self, chances: u32) -> bool {
        self.below(chances) == 0
    }

    /// One of several.
    pub(crate) fn pick<T: Copy, const COUNT: usize>(&mut self, things: [T; COUNT], otherwise: T) -> T {
        things.get(self.0.usize(..COUNT)).copied().unwrap_or(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_own_numbers_and_the_same_ones_always() {
        let first = |numbers: &[u32]| Random::of(7, numbers).0.u64(..);
        assert_eq!(first(&[1, 2, 3]), first(&[1, 2, 3]));
        let mut met: Vec<u64> = (0..10).flat_map(|one| (0..10).map(move |two| first(&[one, two, 3]))).collect();
        met.sort_unstable();
        met.dedup();
        assert_eq!(met.len(), 100);
    }
}
