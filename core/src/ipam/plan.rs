use super::{Address, PrefixLen, Range, Size, UncheckedRange};
use crate::error::IpamError;
use std::ops::ControlFlow;

/// A plan of how to cut a range, as a caller wrote it: nothing of it is checked yet.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, PlanDraft};
///
/// let entries = ["10.0.0.0/25".parse()?, "10.0.0.129-10.0.0.200/25".parse()?, "10.0.0.201-10.0.0.255/26".parse()?];
/// let draft = PlanDraft::<Ipv4>::new("10.0.0.0/24".parse()?, &entries);
/// let codes: Vec<&str> = draft.check().unwrap_err().iter().map(|fault| fault.code()).collect();
/// assert_eq!(codes, ["ipam.plan_not_contiguous"]); // 10.0.0.128 is in no entry
///
/// let entries = ["10.0.0.0/25".parse()?, "10.0.0.128/25".parse()?];
/// let plan = PlanDraft::<Ipv4>::new("10.0.0.0/24".parse()?, &entries).check_in_portal_order()?;
/// assert_eq!(plan.ranges().len(), 2);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanDraft<'a, A> {
    /// The range to be cut.
    pub parent: Range<A>,
    /// What it is to be cut into, in order.
    pub entries: &'a [UncheckedRange<A>],
    /// The most entries that are allowed.
    pub limit: usize,
}

/// Ranges that tile a range: they begin and end where it does, each begins right after the one before,
/// none has a shorter label, and their sizes add up to its size.
///
/// # Rule
/// R-I4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitPlan<A> {
    parent: Range<A>,
    ranges: Vec<Range<A>>,
}

impl<'a, A: Address> PlanDraft<'a, A> {
    /// The most entries that a portal allows.
    pub const PORTAL_LIMIT: usize = 1024;

    /// A plan with the portal's limit.
    pub const fn new(parent: Range<A>, entries: &'a [UncheckedRange<A>]) -> Self {
        Self { parent, entries, limit: Self::PORTAL_LIMIT }
    }

    /// The same with at most so many entries.
    #[must_use]
    pub const fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The plan, if nothing is wrong with it; else everything that is, in the order of R-I4.
    ///
    /// # Errors
    /// First what stands alone: `ipam.empty_plan`, `ipam.plan_too_long`. Then `ipam.plan_start`,
    /// `ipam.plan_end`; then of each entry in turn `ipam.plan_shorter`, `ipam.plan_length`,
    /// `ipam.plan_reversed`, `ipam.plan_not_contiguous`; then, in a second pass,
    /// `ipam.plan_not_one_network` of each that has a length and is not reversed.
    pub fn check(self) -> Result<SplitPlan<A>, Vec<IpamError>> {
        let violations = self.violations();
        if violations.is_empty() { self.tile().map_err(|fault| vec![fault]) } else { Err(violations) }
    }

    /// The plan, compat: only the first of what is wrong with it.
    ///
    /// # Errors
    /// The first of [`check`](Self::check).
    pub fn check_in_portal_order(self) -> Result<SplitPlan<A>, IpamError> {
        stopped(self.visit_tiling(&mut ControlFlow::Break))?;
        stopped(self.visit_networks(&mut ControlFlow::Break))?;
        self.tile()
    }

    /// Only the first pass, compat: whether the entries tile the range, whatever networks they are in.
    ///
    /// # Errors
    /// The first of [`check`](Self::check), but never `ipam.plan_not_one_network`.
    pub fn check_tiling_in_portal_order(self) -> Result<(), IpamError> {
        stopped(self.visit_tiling(&mut ControlFlow::Break))
    }

    /// All that is wrong with it, in the order of [`check`](Self::check).
    pub fn violations(self) -> Vec<IpamError> {
        let mut violations = Vec::new();
        let mut keep = |violation| {
            violations.push(violation);
            ControlFlow::Continue(())
        };
        // What keeps everything never stops.
        let _: Seen = self.visit_tiling(&mut keep);
        if self.is_of_some_entries() {
            let _: Seen = self.visit_networks(&mut keep);
        }
        violations
    }

    fn is_of_some_entries(self) -> bool {
        (1..=self.limit).contains(&self.entries.len())
    }

    fn visit_tiling(self, report: &mut impl FnMut(IpamError) -> Seen) -> Seen {
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else {
            return report(IpamError::EmptyPlan { range: self.parent.to_string() });
        };
        if self.entries.len() > self.limit {
            return report(IpamError::PlanTooLong { entries: self.entries.len(), limit: self.limit });
        }
        if first.first != self.parent.first() {
            let expected = self.parent.first().to_string();
            report(IpamError::PlanStart { first: first.first.to_string(), expected })?;
        }
        if last.last != self.parent.last() {
            let (index, expected) = (self.entries.len().saturating_sub(1), self.parent.last().to_string());
            report(IpamError::PlanEnd { index, last: last.last.to_string(), expected })?;
        }
        let before = std::iter::once(None).chain(self.entries.iter().map(Some));
        for (index, (previous, entry)) in before.zip(self.entries).enumerate() {
            self.visit_entry(index, previous, entry, report)?;
        }
        ControlFlow::Continue(())
    }

    fn visit_entry(
        self,
        index: usize,
        previous: Option<&UncheckedRange<A>>,
        entry: &UncheckedRange<A>,
        report: &mut impl FnMut(IpamError) -> Seen,
    ) -> Seen {
        let label = self.parent.length().get();
        if entry.length < label {
            report(IpamError::PlanShorter { index, entry: entry.to_string(), label })?;
        }
        if entry.length > A::WIDTH {
            report(IpamError::PlanLength { index, entry: entry.to_string(), longest: A::WIDTH })?;
        }
        if entry.first > entry.last {
            report(IpamError::PlanReversed { index, entry: entry.to_string() })?;
        }
        match previous {
            Some(previous) if previous.last.next() != Some(entry.first) => {
                report(IpamError::PlanNotContiguous { index, entry: entry.to_string(), previous: previous.to_string() })
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn visit_networks(self, report: &mut impl FnMut(IpamError) -> Seen) -> Seen {
        for (index, entry) in self.entries.iter().enumerate() {
            let Some(length) = PrefixLen::<A>::WHOLE.longer(entry.length) else { continue };
            if entry.first > entry.last || entry.first.network(length) == entry.last.network(length) {
                continue;
            }
            let network = |address: A| format!("{}/{length}", address.network(length));
            report(IpamError::PlanNotOneNetwork {
                index,
                entry: entry.to_string(),
                first: network(entry.first),
                last: network(entry.last),
            })?;
        }
        ControlFlow::Continue(())
    }

    fn tile(self) -> Result<SplitPlan<A>, IpamError> {
        let ranges: Option<Vec<_>> = self.entries.iter().map(|entry| entry.checked()).collect();
        let ranges = match ranges {
            Some(ranges) => ranges,
            None => self.entries.iter().map(|entry| Range::try_from(*entry)).collect::<Result<_, _>>()?,
        };
        SplitPlan::conserved(self.parent, ranges)
    }
}

/// What goes on, or is stopped by a violation.
type Seen = ControlFlow<IpamError>;

fn stopped(seen: Seen) -> Result<(), IpamError> {
    match seen {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(violation) => Err(violation),
    }
}

impl<A: Address> SplitPlan<A> {
    /// Of ranges that came of more than one step, which must add up.
    pub(super) fn conserved(parent: Range<A>, ranges: Vec<Range<A>>) -> Result<Self, IpamError> {
        let (mut expected, mut are_in_a_row) = (Some(parent.first()), true);
        for range in &ranges {
            are_in_a_row &= expected == Some(range.first()) && range.length() >= parent.length();
            expected = range.last().next();
        }
        // Addresses in a row, from its first one to its last, are all of it, and each of them once.
        if are_in_a_row && ranges.last().is_some_and(|range| range.last() == parent.last()) {
            return Ok(Self { parent, ranges });
        }
        let size = ranges.iter().try_fold(Size::ZERO, |sum, range| sum.plus(range.size())).unwrap_or(Size::WHOLE);
        Err(IpamError::PiecesNotConserved {
            range: parent.to_string(),
            pieces: size.to_string(),
            size: parent.size().to_string(),
        })
    }

    /// The range that is cut.
    pub fn parent(&self) -> Range<A> {
        self.parent
    }

    /// What it is cut into, in order; at least one.
    pub fn ranges(&self) -> &[Range<A>] {
        &self.ranges
    }

    /// What it is cut into, in order.
    pub fn into_ranges(self) -> Vec<Range<A>> {
        self.ranges
    }

    /// Whether nothing is cut: the only range is the one that was to be cut, with its own label.
    pub fn is_unchanged(&self) -> bool {
        self.ranges == [self.parent]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Ipv6, Toy};

    fn codes<A: Address>(parent: &str, entries: &[&str]) -> Vec<&'static str> {
        let entries: Vec<UncheckedRange<A>> = entries.iter().map(|entry| entry.parse().unwrap()).collect();
        let draft = PlanDraft::new(parent.parse().unwrap(), &entries);
        let codes: Vec<&str> = draft.violations().iter().map(IpamError::code).collect();
        // Compat is the first of all, and the first pass is all but the second.
        assert_eq!(draft.check_in_portal_order().err(), draft.violations().into_iter().next());
        let first_pass = draft.violations().into_iter().find(|fault| fault.code() != "ipam.plan_not_one_network");
        assert_eq!(draft.check_tiling_in_portal_order().err(), first_pass);
        assert_eq!(draft.check().is_ok(), codes.is_empty());
        codes
    }

    #[test]
    fn each_violation_by_itself() {
        let wrong = |entries: &[&str]| codes::<Ipv4>("10.0.0.0/24", entries);
        assert_eq!(wrong(&["10.0.0.0/25", "10.0.0.128/25"]), [""; 0]);
        assert_eq!(wrong(&[]), ["ipam.empty_plan"]);
        assert_eq!(wrong(&["10.0.0.1-10.0.0.255/24"]), ["ipam.plan_start"]);
        assert_eq!(wrong(&["10.0.0.0-10.0.0.254/24"]), ["ipam.plan_end"]);
        assert_eq!(wrong(&["10.0.0.0-10.0.0.255/23"]), ["ipam.plan_shorter"]);
        assert_eq!(wrong(&["10.0.0.0-10.0.0.255/33"]), ["ipam.plan_length"]);
        assert_eq!(wrong(&["10.0.0.0/25", "10.0.0.129-10.0.0.255/25"]), ["ipam.plan_not_contiguous"]);
        assert_eq!(wrong(&["10.0.0.0-10.0.0.128/24", "10.0.0.128/25"]), ["ipam.plan_not_contiguous"]);
        assert_eq!(wrong(&["10.0.0.0-10.0.0.255/25"]), ["ipam.plan_not_one_network"]);
        let reversed = ["10.0.0.0-10.0.0.9/24", "10.0.0.10-10.0.0.8/24", "10.0.0.9-10.0.0.255/24"];
        assert_eq!(wrong(&reversed), ["ipam.plan_reversed"]);
    }

    #[test]
    fn all_violations_in_the_portals_order() {
        let entries = ["9.0.0.9-9.0.0.1/33", "10.0.0.0-10.0.0.200/25", "10.0.0.200-10.0.1.0/7"];
        let expected = [
            "ipam.plan_start",
            "ipam.plan_end",
            "ipam.plan_length",
            "ipam.plan_reversed",
            "ipam.plan_not_contiguous",
            "ipam.plan_shorter",
            "ipam.plan_not_contiguous",
            "ipam.plan_not_one_network",
        ];
        assert_eq!(codes::<Ipv4>("10.0.0.0/24", &entries), expected);
    }

    #[test]
    fn both_ends_of_the_space() {
        assert_eq!(codes::<Ipv4>("0.0.0.0/0", &["0.0.0.0/1", "128.0.0.0/1"]), [""; 0]);
        assert_eq!(codes::<Ipv6>("::/0", &["::/0"]), [""; 0]);
        // Nothing comes after the last address, least of all the first.
        let wraps = ["0.0.0.0-255.255.255.255/0", "0.0.0.0-255.255.255.255/0"];
        assert_eq!(codes::<Ipv4>("0.0.0.0/0", &wraps), ["ipam.plan_not_contiguous"]);
    }

    #[test]
    fn one_entry_that_is_the_range_changes_nothing() {
        let check = |entry: &str| {
            let entries = [entry.parse().unwrap()];
            PlanDraft::<Ipv4>::new("10.0.0.1-10.0.0.9/24".parse().unwrap(), &entries).check().unwrap().is_unchanged()
        };
        assert!(check("10.0.0.1-10.0.0.9/24"));
        assert!(!check("10.0.0.1-10.0.0.9/28")); // another label
    }

    #[test]
    fn the_limit_is_held_to_the_last_entry() {
        let parent: Range<Ipv4> = "10.0.0.0/16".parse().unwrap();
        let entries: Vec<UncheckedRange<Ipv4>> =
            parent.split(PrefixLen::new(26).unwrap()).unwrap().map(UncheckedRange::from).collect();
        assert!(PlanDraft::new(parent, &entries).check().is_ok());
        let fault = PlanDraft::new(parent, &entries).with_limit(1023).check().unwrap_err();
        assert_eq!(fault, [IpamError::PlanTooLong { entries: 1024, limit: 1023 }]);
    }

    #[test]
    fn pieces_that_do_not_add_up_are_no_plan() {
        let parent: Range<Toy> = "10-20/0".parse().unwrap();
        let conserved = |ranges: &[&str]| {
            SplitPlan::conserved(parent, ranges.iter().map(|range| range.parse().unwrap()).collect()).map(drop)
        };
        assert_eq!(conserved(&["10-15/3", "16-20/3"]), Ok(()));
        for wrong in [&[][..], &["10-15/3"], &["10-15/3", "17-20/3"], &["10-15/3", "15-20/3"], &["10-15/3", "16-21/3"]]
        {
            assert_eq!(conserved(wrong).unwrap_err().code(), "ipam.pieces_not_conserved", "{wrong:?}");
        }
    }
}
