use super::{Address, Interval, Range, Row};
use crate::error::IpamError;
use std::collections::BTreeSet;

/// Addresses that a row has, with its id: all that a check needs to know of it.
///
/// # Rule
/// R-I9
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Occupied<'a, A> {
    /// The id of the row.
    pub id: &'a str,
    /// Its addresses. A stored label may be wrong, and no check reads it.
    pub interval: Interval<A>,
}

impl<'a, A: Address> From<&'a Row<A>> for Occupied<'a, A> {
    fn from(row: &'a Row<A>) -> Self {
        Self { id: &row.id, interval: row.range.interval() }
    }
}

/// Whether a range could stand beside rows that exist.
///
/// That its ends are in order and in one network is shown by the [`Range`] itself
/// ([`UncheckedRange`](super::UncheckedRange) makes one, or says what is wrong).
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Occupied, RowCheck};
///
/// let rows = [
///     Occupied::<Ipv4> { id: "lab", interval: "10.0.0.200-10.0.0.220".parse()? },
///     Occupied { id: "office", interval: "10.0.0.0-10.0.0.127".parse()? },
/// ];
/// let check = RowCheck::new("10.0.0.100-10.0.0.210/24".parse()?);
/// assert_eq!(check.overlaps(rows).iter().map(|row| row.id).collect::<Vec<_>>(), ["office", "lab"]);
/// assert_eq!(check.clone().excluding(["office"]).first_overlap(rows).map(|row| row.id), Some("lab"));
/// // A row does not overlap itself.
/// assert!(check.of_row("office").excluding(["lab"]).check(rows).is_ok());
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCheck<'a, A> {
    range: Range<A>,
    excluded: BTreeSet<&'a str>,
}

impl<'a, A: Address> RowCheck<'a, A> {
    /// Of a range that has no row yet.
    pub fn new(range: Range<A>) -> Self {
        Self { range, excluded: BTreeSet::new() }
    }

    /// Of the range that a row is to have: the row itself is left out, whatever else is excluded (D-I1).
    #[must_use]
    pub fn of_row(self, id: &'a str) -> Self {
        self.excluding([id])
    }

    /// Without some rows, as those that are about to be merged.
    #[must_use]
    pub fn excluding(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.excluded.extend(ids);
        self
    }

    /// The range.
    pub fn range(&self) -> Range<A> {
        self.range
    }

    /// The overlapping row that begins first; of those, the one that ends first; of those, the first given.
    pub fn first_overlap<'r>(&self, rows: impl IntoIterator<Item = Occupied<'r, A>>) -> Option<Occupied<'r, A>> {
        self.overlapping(rows).min_by_key(|row| row.interval)
    }

    /// All overlapping rows, by their first address, then their last, then as given.
    pub fn overlaps<'r>(&self, rows: impl IntoIterator<Item = Occupied<'r, A>>) -> Vec<Occupied<'r, A>> {
        let mut overlaps: Vec<Occupied<'r, A>> = self.overlapping(rows).collect();
        overlaps.sort_by_key(|row| row.interval);
        overlaps
    }

    /// Whether no row overlaps it, compat.
    ///
    /// # Errors
    /// `ipam.overlap` with the [first](Self::first_overlap).
    pub fn check<'r>(&self, rows: impl IntoIterator<Item = Occupied<'r, A>>) -> Result<(), IpamError> {
        self.first_overlap(rows).map_or(Ok(()), |row| Err(self.overlap(row)))
    }

    /// The error of an overlap.
    pub fn overlap(&self, with: Occupied<'_, A>) -> IpamError {
        IpamError::Overlap { range: self.range.to_string(), id: with.id.to_owned(), with: with.interval.to_string() }
    }

    fn overlapping<'r>(
        &self,
        rows: impl IntoIterator<Item = Occupied<'r, A>>,
    ) -> impl Iterator<Item = Occupied<'r, A>> {
        let interval = self.range.interval();
        rows.into_iter().filter(move |row| row.interval.overlaps(interval) && !self.excluded.contains(row.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Toy};

    fn occupied(rows: &[(&'static str, u8, u8)]) -> Vec<Occupied<'static, Toy>> {
        rows.iter()
            .map(|(id, first, last)| Occupied {
                id,
                interval: Interval::new(Toy::new(*first), Toy::new(*last)).unwrap(),
            })
            .collect()
    }

    #[test]
    fn the_first_is_by_start_then_end_then_as_given() {
        let rows = occupied(&[("d", 30, 30), ("c", 20, 25), ("b", 20, 22), ("a", 20, 22), ("x", 40, 50), ("y", 0, 9)]);
        let check = RowCheck::new("10-39/0".parse().unwrap());
        let ids: Vec<&str> = check.overlaps(rows.clone()).iter().map(|row| row.id).collect();
        assert_eq!(ids, ["b", "a", "c", "d"]);
        assert_eq!(check.first_overlap(rows.clone()).map(|row| row.id), Some("b"));
        assert_eq!(check.check(rows).unwrap_err().code(), "ipam.overlap");
    }

    #[test]
    fn neighbours_do_not_overlap() {
        let rows = occupied(&[("before", 0, 9), ("after", 20, 255)]);
        assert!(RowCheck::new("10-19/0".parse().unwrap()).check(rows.clone()).is_ok());
        for range in ["9-19/0", "10-20/0", "0-255/0", "255-255/8"] {
            assert!(RowCheck::new(range.parse().unwrap()).check(rows.clone()).is_err(), "{range}");
        }
    }

    // D-I1, D-I2
    #[test]
    fn a_rows_own_id_is_honoured_and_the_whole_family_is_legal() {
        let rows = [Occupied { id: "all", interval: Interval::<Ipv4>::WHOLE }];
        let whole: Range<Ipv4> = "0.0.0.0/0".parse().unwrap();
        assert!(RowCheck::new(whole).check([]).is_ok());
        assert!(RowCheck::new(whole).of_row("all").check(rows).is_ok());
        assert!(RowCheck::new(whole).of_row("all").excluding(["all", "other"]).check(rows).is_ok());
        assert!(RowCheck::new(whole).of_row("other").check(rows).is_err());
    }

    /// Every pair of intervals of which one has a fixed start, against the addresses themselves.
    #[test]
    fn overlap_is_a_shared_address() {
        for (first, last) in [(0, 0), (0, 255), (100, 150), (255, 255)] {
            let check = RowCheck::new(format!("{first}-{last}/0").parse().unwrap());
            for (from, to) in (0..=u8::MAX).flat_map(|from| (from..=u8::MAX).map(move |to| (from, to))) {
                let shares = (from..=to).any(|address| (first..=last).contains(&address));
                assert_eq!(check.first_overlap(occupied(&[("r", from, to)])).is_some(), shares, "{from}-{to}");
            }
        }
    }
}
