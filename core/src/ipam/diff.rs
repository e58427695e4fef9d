//! What to create and what to delete, to turn one plan into another (R-I10).

use super::{Address, Range, Row};
use crate::error::IpamError;
use std::cmp::Ordering;

/// What leads from one plan to another: ranges to keep, to delete and to create, each in order.
///
/// A range is kept where both plans have its ends under the same label. Another label is another range: it is
/// deleted and created. Nothing is asked of the plans but that no range stands in one of them twice.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, PlanDiff, Range};
///
/// let plan = |texts: &[&str]| texts.iter().map(|text| text.parse()).collect::<Result<Vec<Range<Ipv4>>, _>>();
/// let old = plan(&["10.0.0.0/24", "10.0.1.0/24"])?;
/// let new = plan(&["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24"])?;
/// let diff = PlanDiff::between(&old, &new)?;
/// assert_eq!((diff.keep(), diff.delete()), (&old[1..], &old[..1]));
/// assert_eq!(diff.create(), &new[..2]);
/// assert_eq!(diff.apply(&old)?, new);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDiff<A> {
    keep: Vec<Range<A>>,
    delete: Vec<Range<A>>,
    create: Vec<Range<A>>,
}

/// The same for rows that stand, which have more to them than their ranges.
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDiff<'a, A> {
    /// The rows that the new plan has too.
    pub keep: Vec<&'a Row<A>>,
    /// The rows that it has not.
    pub delete: Vec<&'a Row<A>>,
    /// The ranges that there are no rows for.
    pub create: Vec<Range<A>>,
}

impl<A: Address> PlanDiff<A> {
    /// From one plan to another, each in any order. It costs a sort of each and one pass.
    ///
    /// # Errors
    /// `ipam.duplicate_range` where a plan has a range twice, the old plan first.
    pub fn between(old: &[Range<A>], new: &[Range<A>]) -> Result<Self, IpamError> {
        let steps = compare(&sorted(old.iter().copied(), "old plan")?, &sorted(new.iter().copied(), "new plan")?);
        let of = |wanted: Step| -> Vec<Range<A>> {
            steps.iter().filter(|(step, ..)| *step == wanted).map(|(_, range, _)| *range).collect()
        };
        Ok(Self { keep: of(Step::Keep), delete: of(Step::Delete), create: of(Step::Create) })
    }

    /// The ranges of both plans.
    pub fn keep(&self) -> &[Range<A>] {
        &self.keep
    }

    /// The ranges of the old plan alone.
    pub fn delete(&self) -> &[Range<A>] {
        &self.delete
    }

    /// The ranges of the new plan alone.
    pub fn create(&self) -> &[Range<A>] {
        &self.create
    }

    /// Whether both plans are the same.
    pub fn is_empty(&self) -> bool {
        self.delete.is_empty() && self.create.is_empty()
    }

    /// What leads back.
    pub fn reversed(self) -> Self {
        Self { keep: self.keep, delete: self.create, create: self.delete }
    }

    /// The new plan, in order, of the old one as it is now.
    ///
    /// # Errors
    /// `ipam.duplicate_range`; `ipam.plan_changed` where it is not the old plan any more, with the first range that it has
    /// more or less.
    pub fn apply(&self, plan: &[Range<A>]) -> Result<Vec<Range<A>>, IpamError> {
        let expected = self.keep.iter().chain(&self.delete).copied();
        let steps = compare(&sorted(expected, "old plan")?, &sorted(plan.iter().copied(), "plan")?);
        if let Some((_, range, _)) = steps.iter().find(|(step, ..)| *step != Step::Keep) {
            return Err(IpamError::PlanChanged { range: range.to_string() });
        }
        let mut new: Vec<Range<A>> = self.keep.iter().chain(&self.create).copied().collect();
        new.sort();
        Ok(new)
    }
}

impl<'a, A: Address> RowDiff<'a, A> {
    /// From rows to a plan, each in any order.
    ///
    /// # Errors
    /// `ipam.duplicate_range` where two rows have one range, or the plan has it twice, the rows first.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Ipv4, Row, RowDiff, RowStatus};
    ///
    /// let row = |id: &str, range: &str| -> Result<Row<Ipv4>, counterfoil::error::IpamError> {
    ///     Ok(Row { id: id.to_owned(), range: range.parse()?, status: RowStatus::Wait, asn: None, owner: None })
    /// };
    /// let rows = [row("a", "10.0.0.0/24")?, row("b", "10.0.1.0/24")?];
    /// let diff = RowDiff::between(&rows, &["10.0.1.0/24".parse()?, "10.0.0.0/25".parse()?])?;
    /// assert_eq!((diff.delete[0].id.as_str(), diff.keep[0].id.as_str()), ("a", "b"));
    /// assert_eq!(diff.create, ["10.0.0.0/25".parse()?]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    pub fn between(old: &'a [Row<A>], new: &[Range<A>]) -> Result<Self, IpamError> {
        let rows = sorted(old.iter().map(|row| row.range), "old plan")?;
        let steps = compare(&rows, &sorted(new.iter().copied(), "new plan")?);
        let of = |wanted: Step| -> Vec<&'a Row<A>> {
            steps.iter().filter(|(step, ..)| *step == wanted).filter_map(|(_, _, place)| old.get(*place)).collect()
        };
        let created = steps.iter().filter(|(step, ..)| *step == Step::Create);
        Ok(Self {
            keep: of(Step::Keep),
            delete: of(Step::Delete),
            create: created.map(|(_, range, _)| *range).collect(),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Keep,
    Delete,
    Create,
}

/// Ranges with their places, in order, each once.
fn sorted<A: Address>(
    ranges: impl Iterator<Item = Range<A>>,
    list: &'static str,
) -> Result<Vec<(Range<A>, usize)>, IpamError> {
    let mut ranges: Vec<(Range<A>, usize)> = ranges.zip(0..).collect();
    ranges.sort();
    match ranges.array_windows().find(|[left, right]| left.0 == right.0) {
        Some([(range, first), (_, second)]) => {
            Err(IpamError::DuplicateRange { range: range.to_string(), list, first: *first, second: *second })
        }
        None => Ok(ranges),
    }
}

/// What becomes of each range of both lists, in order, with its place in the list that it is of: of the old one where it
/// is in both.
fn compare<A: Address>(old: &[(Range<A>, usize)], new: &[(Range<A>, usize)]) -> Vec<(Step, Range<A>, usize)> {
    let mut steps = Vec::with_capacity(old.len().saturating_add(new.len()));
    let (mut old, mut new) = (old, new);
    loop {
        let (order, first) = match (old, new) {
            ([left, ..], [right, ..]) => (left.0.cmp(&right.0), if left.0 <= right.0 { left } else { right }),
            ([left, ..], []) => (Ordering::Less, left),
            ([], [right, ..]) => (Ordering::Greater, right),
            ([], []) => return steps,
        };
        let step = match order {
            Ordering::Less => Step::Delete,
            Ordering::Equal => Step::Keep,
            Ordering::Greater => Step::Create,
        };
        steps.push((step, first.0, first.1));
        if step != Step::Create {
            old = old.get(1..).unwrap_or_default();
        }
        if step != Step::Delete {
            new = new.get(1..).unwrap_or_default();
        }
    }
}
