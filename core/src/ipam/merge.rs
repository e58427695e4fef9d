use super::{Address, Interval, Occupied, Prefix, PrefixLen, Range, Row, RowAction, RowCheck, RowStatus, Size};
use crate::error::IpamError;
use std::{collections::BTreeSet, ops::ControlFlow};

/// Rows that are to become one, as a caller asks for it.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Merge, Row, RowStatus};
///
/// let row = |id: &str, range: &str| Ok::<_, counterfoil::error::IpamError>(Row::<Ipv4> {
///     id: id.to_owned(), range: range.parse()?, status: RowStatus::Wait, asn: None, owner: None,
/// });
/// let rows = [row("a", "159.0.1.0/24")?, row("b", "159.0.2.0/24")?];
/// // The supernet need not be full.
/// let merged = Merge { rows: &rows, ids: &["b", "a"], length: 22 }.merge_in_portal_order()?;
/// assert_eq!(merged.range().to_string(), "159.0.1.0-159.0.2.255/22");
///
/// let violations = Merge { rows: &rows, ids: &["a", "b"], length: 23 }.merge().unwrap_err();
/// assert_eq!(violations[0].code(), "ipam.merge_supernet");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I8
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge<'a, A> {
    /// The rows that exist: those to be merged, and those that the result must not overlap.
    pub rows: &'a [Row<A>],
    /// The ids of the rows to be merged, in any order; one that stands twice counts once.
    pub ids: &'a [&'a str],
    /// The label that the result shall have.
    pub length: u8,
}

/// What rows become when they are merged.
///
/// # Rule
/// R-I8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<A> {
    range: Range<A>,
    status: RowStatus,
    asn: Option<u32>,
    owner: Option<String>,
    unchanged: Option<String>,
}

impl<A: Address> Merged<A> {
    /// From the first address of the first row to the last of the last.
    pub fn range(&self) -> Range<A> {
        self.range
    }

    /// The state that all of them have.
    pub fn status(&self) -> RowStatus {
        self.status
    }

    /// The number of the autonomous system that all of them have.
    pub fn asn(&self) -> Option<u32> {
        self.asn
    }

    /// Whose they are; nobody's where they wait.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// The id of the row that stays as it is: the only one, which has that length already.
    pub fn unchanged(&self) -> Option<&str> {
        self.unchanged.as_deref()
    }
}

impl<A: Address> Merge<'_, A> {
    /// The result, if nothing is wrong; else everything that is, in the order of R-I8.
    ///
    /// A length of 0 is allowed.
    ///
    /// # Errors
    /// `ipam.empty_merge`, which stands alone; `ipam.merge_length`; `ipam.merge_not_found` of each id
    /// that is not there; then of each row that is, by start, `ipam.merge_status`, `ipam.merge_shorter`,
    /// and with the one before it `ipam.merge_asn`, `ipam.merge_status_differs`, `ipam.merge_owner`,
    /// `ipam.merge_not_contiguous`, `ipam.merge_supernet`. Where all of that is right, `ipam.overlap` with
    /// each row outside the merge.
    pub fn merge(self) -> Result<Merged<A>, Vec<IpamError>> {
        let mut violations = Vec::new();
        let mut keep = |violation| {
            violations.push(violation);
            ControlFlow::Continue(())
        };
        let parts = self.parts();
        // What keeps everything never stops.
        let _: Seen = self.visit(&parts, 0, &mut keep);
        if !violations.is_empty() {
            return Err(violations);
        }
        let merged = self.result(&parts).map_err(|fault| vec![fault])?;
        let check = self.outside(&merged);
        let overlaps = if merged.unchanged.is_some() { Vec::new() } else { check.overlaps(self.occupied()) };
        if overlaps.is_empty() { Ok(merged) } else { Err(overlaps.into_iter().map(|row| check.overlap(row)).collect()) }
    }

    /// The result, compat: only the first of what is wrong, and no length of 0.
    ///
    /// # Errors
    /// The first of [`merge`](Self::merge), with `ipam.merge_length` also of 0.
    pub fn merge_in_portal_order(self) -> Result<Merged<A>, IpamError> {
        let parts = self.parts();
        if let ControlFlow::Break(violation) = self.visit(&parts, 1, &mut ControlFlow::Break) {
            return Err(violation);
        }
        let merged = self.result(&parts)?;
        if merged.unchanged.is_none() {
            self.outside(&merged).check(self.occupied())?;
        }
        Ok(merged)
    }

    /// The rows that are asked for, by start.
    fn parts(&self) -> Vec<&Row<A>> {
        let ids: BTreeSet<&str> = self.ids.iter().copied().collect();
        let mut parts: Vec<&Row<A>> = self.rows.iter().filter(|row| ids.contains(row.id.as_str())).collect();
        parts.sort_by_key(|row| row.range);
        parts
    }

    fn visit(&self, parts: &[&Row<A>], shortest: u8, report: &mut impl FnMut(IpamError) -> Seen) -> Seen {
        if self.ids.is_empty() {
            return report(IpamError::EmptyMerge {});
        }
        let length = PrefixLen::WHOLE.longer(self.length).filter(|length| length.get() >= shortest);
        if length.is_none() {
            report(IpamError::MergeLength { length: self.length, shortest, longest: A::WIDTH })?;
        }
        let found: BTreeSet<&str> = parts.iter().map(|row| row.id.as_str()).collect();
        let mut told = BTreeSet::new();
        for id in self.ids.iter().filter(|id| !found.contains(*id)) {
            if told.insert(*id) {
                report(IpamError::MergeNotFound { id: (*id).to_owned() })?;
            }
        }
        let before = std::iter::once(None).chain(parts.iter().map(Some));
        for (index, (previous, row)) in before.zip(parts).enumerate() {
            visit_row(index, row, length, report)?;
            if let Some(previous) = previous {
                visit_pair((index.saturating_sub(1), previous), (index, row), length, report)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn result(&self, parts: &[&Row<A>]) -> Result<Merged<A>, IpamError> {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Err(IpamError::EmptyMerge {}) };
        if parts.len() == 1 && first.range.length().get() == self.length {
            return Ok(Merged {
                range: first.range,
                status: first.status,
                asn: first.asn,
                owner: first.owner.clone(),
                unchanged: Some(first.id.clone()),
            });
        }
        let interval = Interval::new(first.range.first(), last.range.last())?;
        let range = Range::new(interval, PrefixLen::new(self.length)?)?;
        let size = parts.iter().try_fold(Size::ZERO, |size, row| size.plus(row.range.size()))?;
        if size != range.size() {
            return Err(IpamError::PiecesNotConserved {
                range: range.to_string(),
                pieces: size.to_string(),
                size: range.size().to_string(),
            });
        }
        let owner = first.holder().map(str::to_owned);
        Ok(Merged { range, status: first.status, asn: first.asn, owner, unchanged: None })
    }

    fn outside(&self, merged: &Merged<A>) -> RowCheck<'_, A> {
        RowCheck::new(merged.range).excluding(self.ids.iter().copied())
    }

    fn occupied(&self) -> impl Iterator<Item = Occupied<'_, A>> {
        self.rows.iter().map(Occupied::from)
    }
}

/// What goes on, or is stopped by a violation.
type Seen = ControlFlow<IpamError>;

fn visit_row<A: Address>(
    index: usize,
    row: &Row<A>,
    length: Option<PrefixLen<A>>,
    report: &mut impl FnMut(IpamError) -> Seen,
) -> Seen {
    if RowAction::Merge.after(Some(row.status)).is_err() {
        report(IpamError::MergeStatus { index, id: row.id.clone(), status: row.status.name() })?;
    }
    if let Some(length) = length.filter(|length| row.range.length() < *length) {
        let (label, length) = (row.range.length().get(), length.get());
        report(IpamError::MergeShorter { index, id: row.id.clone(), label, length })?;
    }
    ControlFlow::Continue(())
}

fn visit_pair<A: Address>(
    (previous, left): (usize, &Row<A>),
    (index, right): (usize, &Row<A>),
    length: Option<PrefixLen<A>>,
    report: &mut impl FnMut(IpamError) -> Seen,
) -> Seen {
    let ids = || (left.id.clone(), right.id.clone());
    if left.asn != right.asn {
        let (left, right) = ids();
        report(IpamError::MergeAsn { previous, index, left, right })?;
    }
    if left.status != right.status {
        let (left, right) = ids();
        report(IpamError::MergeStatusDiffers { previous, index, left, right })?;
    }
    let both_reserved = left.status == RowStatus::Reserved && right.status == RowStatus::Reserved;
    if both_reserved && left.owner != right.owner {
        let (left, right) = ids();
        report(IpamError::MergeOwner { previous, index, left, right })?;
    }
    if !left.range.interval().precedes(right.range.interval()) {
        let (left, right) = ids();
        report(IpamError::MergeNotContiguous { previous, index, left, right })?;
    }
    let Some(length) = length else { return ControlFlow::Continue(()) };
    let [first, second] = [left, right].map(|row| Prefix::containing(row.range.first(), length));
    if first != second {
        report(IpamError::MergeSupernet { previous, index, left: first.to_string(), right: second.to_string() })?;
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::Ipv4;
    use RowStatus::{Assigned, Reserved, Wait};

    fn row(id: &str, range: &str, status: RowStatus, asn: u32, owner: Option<&str>) -> Row<Ipv4> {
        let (id, range, owner) = (id.to_owned(), range.parse().unwrap(), owner.map(str::to_owned));
        Row { id, range, status, asn: Some(asn), owner }
    }

    fn waiting(rows: &[(&str, &str)]) -> Vec<Row<Ipv4>> {
        rows.iter().map(|(id, range)| row(id, range, Wait, 1, None)).collect()
    }

    fn codes(rows: &[Row<Ipv4>], ids: &[&str], length: u8) -> Vec<&'static str> {
        let merge = Merge { rows, ids, length };
        let all = merge.merge();
        if (1..=32).contains(&length) {
            let first = all.as_ref().err().and_then(|all| all.first().cloned());
            assert_eq!(merge.merge_in_portal_order().err(), first);
        }
        all.err().unwrap_or_default().iter().map(IpamError::code).collect()
    }

    #[test]
    fn the_supernet_need_not_be_full() {
        let rows = waiting(&[("b", "159.0.2.0/24"), ("a", "159.0.1.0/24")]);
        let merged = Merge { rows: &rows, ids: &["b", "a", "b"], length: 22 }.merge().unwrap();
        assert_eq!(merged.range().to_string(), "159.0.1.0-159.0.2.255/22");
        assert_eq!((merged.status(), merged.asn(), merged.owner(), merged.unchanged()), (Wait, Some(1), None, None));
        assert_eq!(codes(&rows, &["a", "b"], 23), ["ipam.merge_supernet"]);
    }

    #[test]
    fn one_row_of_that_length_stays_as_it_is() {
        // Even where another one overlaps it already: nothing changes.
        let mut rows = vec![row("a", "10.0.0.1-10.0.0.9/24", Wait, 1, Some("x"))];
        rows.extend(waiting(&[("other", "10.0.0.9-10.0.0.10/24")]));
        let merged = Merge { rows: &rows, ids: &["a"], length: 24 }.merge().unwrap();
        assert_eq!((merged.unchanged(), merged.owner(), merged.range()), (Some("a"), Some("x"), rows[0].range));
        assert_eq!(codes(&rows, &["a"], 23), ["ipam.overlap"]);
        // Of another length it is a merge of one, and waits for nobody.
        let merged = Merge { rows: &rows[..1], ids: &["a"], length: 23 }.merge().unwrap();
        assert_eq!((merged.unchanged(), merged.owner(), merged.range().length().get()), (None, None, 23));
    }

    #[test]
    fn reserved_rows_keep_their_owner() {
        let reserved = |id, range, owner| row(id, range, Reserved, 1, owner);
        let rows = [reserved("a", "10.0.0.0/25", Some("x")), reserved("b", "10.0.0.128/25", Some("x"))];
        assert_eq!(Merge { rows: &rows, ids: &["a", "b"], length: 24 }.merge().unwrap().owner(), Some("x"));
        let rows = [reserved("a", "10.0.0.0/25", Some("x")), reserved("b", "10.0.0.128/25", None)];
        assert_eq!(codes(&rows, &["a", "b"], 24), ["ipam.merge_owner"]);
        // Rows that wait may name anybody.
        let rows = [row("a", "10.0.0.0/25", Wait, 1, Some("x")), row("b", "10.0.0.128/25", Wait, 1, None)];
        assert_eq!(codes(&rows, &["a", "b"], 24), [""; 0]);
    }

    #[test]
    fn everything_wrong_at_once_in_the_portals_order() {
        let rows = [
            row("c", "10.0.1.0/24", Reserved, 2, Some("x")),
            row("a", "10.0.0.0/25", Assigned, 1, None),
            row("d", "10.0.3.0/24", Reserved, 2, Some("y")),
        ];
        let expected = [
            "ipam.merge_not_found",
            "ipam.merge_status",
            "ipam.merge_shorter",
            "ipam.merge_asn",
            "ipam.merge_status_differs",
            "ipam.merge_not_contiguous",
            "ipam.merge_supernet",
            "ipam.merge_shorter",
            "ipam.merge_owner",
            "ipam.merge_not_contiguous",
            "ipam.merge_supernet",
        ];
        assert_eq!(codes(&rows, &["d", "nope", "c", "a", "nope"], 25), expected);
        let all = Merge { rows: &rows, ids: &["d", "c", "a"], length: 25 }.merge().unwrap_err();
        assert_eq!(all[2], IpamError::MergeAsn { previous: 0, index: 1, left: "a".into(), right: "c".into() });
        assert_eq!(codes(&rows, &[], 25), ["ipam.empty_merge"]);
        assert_eq!(codes(&rows, &["nope"], 33), ["ipam.merge_length", "ipam.merge_not_found"]);
    }

    #[test]
    fn length_0_is_for_others_than_the_portal() {
        let rows = waiting(&[("a", "0.0.0.0/1"), ("b", "128.0.0.0/1")]);
        let merge = Merge { rows: &rows, ids: &["a", "b"], length: 0 };
        assert_eq!(merge.merge().unwrap().range(), Range::from(Prefix::WHOLE));
        assert_eq!(merge.merge_in_portal_order().unwrap_err().code(), "ipam.merge_length");
        let wraps = waiting(&[("a", "255.255.255.255/32"), ("b", "0.0.0.0/32")]);
        assert_eq!(codes(&wraps, &["a", "b"], 0), ["ipam.merge_not_contiguous"]);
    }

    #[test]
    fn overlap_is_asked_last_and_all_are_told() {
        let mut rows = waiting(&[("a", "10.0.0.0/25"), ("b", "10.0.0.128/25")]);
        rows.extend(waiting(&[("z", "10.0.0.255-10.0.0.255/25"), ("y", "10.0.0.3/32"), ("x", "10.0.1.0/24")]));
        assert_eq!(codes(&rows, &["a", "b"], 24), ["ipam.overlap", "ipam.overlap"]);
        let error = Merge { rows: &rows, ids: &["a", "b"], length: 24 }.merge_in_portal_order().unwrap_err();
        assert_eq!(error.details()[1], ("id", "y".to_owned()));
        assert_eq!(codes(&rows, &["a", "b"], 25), ["ipam.merge_supernet"]);
    }
}
