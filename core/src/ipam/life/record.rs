use super::{
    super::{Address, Interval, Range, Row, RowStatus},
    Remark, RowAction,
};
use crate::error::IpamError;
use std::collections::BTreeSet;

/// What was done to rows: its kind, the rows before and after it, and why.
///
/// Whoever holds one knows that the table [`LIFE`](super::LIFE) allows it, that what must stay has stayed, and that
/// a split or a merge kept every address.
///
/// # Rule
/// R-I12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeRecord<A> {
    action: RowAction,
    before: Vec<Row<A>>,
    after: Vec<Row<A>>,
    remark: Remark,
}

impl<A: Address> RangeRecord<A> {
    /// A record, of a change that was just decided or of one that was kept.
    ///
    /// # Errors
    /// In this order:
    ///
    /// | code | where |
    /// |---|---|
    /// | `ipam.record_shape` | the kind has another number of rows before or after it |
    /// | `ipam.empty_text`, `ipam.row_owner` | a row has no id, or its owner does not fit its state |
    /// | `ipam.repeated_id` | two rows before, or two after, have one id |
    /// | `ipam.illegal_change` | the table does not have this way |
    /// | `ipam.other_owner` | what is reserved for one owner is assigned to another |
    /// | `ipam.rows_differ` | something is not the same that has to stay: id, state, ASN, owner; the range, where only the state changes |
    /// | `ipam.range_in_use` | a correction of the range of a row that is not waiting |
    /// | `ipam.part_label` | a part has a shorter label than its whole |
    /// | `ipam.not_conserved` | a split or a merge lost an address, or made one up |
    pub fn new(action: RowAction, before: Vec<Row<A>>, after: Vec<Row<A>>, remark: Remark) -> Result<Self, IpamError> {
        let record = Self { action, before, after, remark };
        record.check_shape()?;
        check_rows(&record.before)?;
        check_rows(&record.after)?;
        if let Some(row) = record.after.iter().find(|row| row.status == RowStatus::Wait && row.owner.is_some()) {
            return Err(row_owner(row));
        }
        record.check_states()?;
        record.check_owners()?;
        record.check_what_stays()?;
        record.check_ranges()?;
        Ok(record)
    }

    /// What was done.
    pub fn action(&self) -> RowAction {
        self.action
    }

    /// The rows before: none of an addition, several of a merge.
    pub fn before(&self) -> &[Row<A>] {
        &self.before
    }

    /// The rows after: none of a deletion, several of a split.
    pub fn after(&self) -> &[Row<A>] {
        &self.after
    }

    /// The ranges before.
    pub fn old_ranges(&self) -> impl ExactSizeIterator<Item = Range<A>> {
        self.before.iter().map(|row| row.range)
    }

    /// The ranges after.
    pub fn new_ranges(&self) -> impl ExactSizeIterator<Item = Range<A>> {
        self.after.iter().map(|row| row.range)
    }

    /// Whose the rows are after it; of what was recovered, whose it was.
    pub fn owner(&self) -> Option<&str> {
        [&self.after, &self.before].into_iter().find_map(|rows| rows.first()?.holder())
    }

    /// Why.
    pub fn remark(&self) -> &Remark {
        &self.remark
    }

    fn check_shape(&self) -> Result<(), IpamError> {
        let fits = match (self.action, self.before.len(), self.after.len()) {
            (RowAction::Add, before, after) => (before, after) == (0, 1),
            (RowAction::Delete, before, after) => (before, after) == (1, 0),
            (RowAction::Split, before, after) => before == 1 && after >= 1,
            (RowAction::Merge, before, after) => before >= 1 && after == 1,
            (_, before, after) => (before, after) == (1, 1),
        };
        if fits {
            return Ok(());
        }
        Err(IpamError::RecordShape { action: self.action.name(), before: self.before.len(), after: self.after.len() })
    }

    /// Every row before is led by the table to the state of every row after.
    fn check_states(&self) -> Result<(), IpamError> {
        let from = self.before.first().map(|row| row.status);
        let to = self.action.after(from)?;
        for row in &self.before {
            if Some(row.status) != from {
                self.action.after(Some(row.status))?;
                return Err(self.differs(row, "status"));
            }
        }
        match self.after.iter().find(|row| Some(row.status) != to) {
            Some(row) => Err(self.action.illegal(from, Some(row.status))),
            None => Ok(()),
        }
    }

    fn check_owners(&self) -> Result<(), IpamError> {
        let (Some(before), Some(after)) = (self.before.first(), self.after.first()) else { return Ok(()) };
        if (self.action, before.status) == (RowAction::Assign, RowStatus::Reserved) && before.owner != after.owner {
            return Err(IpamError::OtherOwner {
                row: before.id.clone(),
                owner: before.owner.clone().unwrap_or_default(),
                asked: after.owner.clone().unwrap_or_default(),
            });
        }
        Ok(())
    }

    fn check_what_stays(&self) -> Result<(), IpamError> {
        use RowAction::{Assign, Change, Merge, Recover, Reserve, Split};
        let Some(first) = self.before.first() else { return Ok(()) };
        let same_id = matches!(self.action, Reserve | Assign | Recover | Change);
        let same_asn = matches!(self.action, Reserve | Assign | Recover | Split | Merge);
        let same_owner = matches!(self.action, Split | Merge | Change);
        for row in self.before.iter().chain(&self.after) {
            let what = if same_asn && row.asn != first.asn {
                "ASN"
            } else if same_owner && row.holder() != first.holder() {
                "owner"
            } else if same_id && row.id != first.id {
                "id"
            } else {
                continue;
            };
            return Err(self.differs(row, what));
        }
        Ok(())
    }

    fn check_ranges(&self) -> Result<(), IpamError> {
        let (Some(before), Some(after)) = (self.before.first(), self.after.first()) else { return Ok(()) };
        match self.action {
            RowAction::Split => self.check_parts(before.range, &self.after),
            RowAction::Merge => self.check_parts(after.range, &self.before),
            RowAction::Change if before.status == RowStatus::Wait => Ok(()),
            _ if before.range == after.range => Ok(()),
            RowAction::Reserve | RowAction::Assign | RowAction::Recover => Err(self.differs(after, "range")),
            _ => Err(IpamError::RangeInUse { row: before.id.clone(), status: before.status.name() }),
        }
    }

    /// The parts have labels of the whole's or longer ones, and are its addresses, each once.
    fn check_parts(&self, whole: Range<A>, parts: &[Row<A>]) -> Result<(), IpamError> {
        if let Some(part) = parts.iter().find(|part| part.range.length() < whole.length()) {
            return Err(IpamError::PartLabel { part: part.range.to_string(), whole: whole.to_string() });
        }
        let mut parts: Vec<Interval<A>> = parts.iter().map(|part| part.range.interval()).collect();
        parts.sort_unstable();
        let Some(address) = first_lost(whole.interval(), &parts) else { return Ok(()) };
        let in_whole = usize::from(whole.interval().contains(address));
        let in_parts = parts.iter().filter(|part| part.contains(address)).count();
        let (before, after) = if self.action == RowAction::Split { (in_whole, in_parts) } else { (in_parts, in_whole) };
        Err(IpamError::NotConserved { action: self.action.name(), address: address.to_string(), before, after })
    }

    fn differs(&self, row: &Row<A>, what: &'static str) -> IpamError {
        let first = self.before.first().map(|row| row.id.clone()).unwrap_or_default();
        IpamError::RowsDiffer { action: self.action.name(), what, left: first, right: row.id.clone() }
    }
}

/// Each row is one that can be.
fn check_rows<A: Address>(rows: &[Row<A>]) -> Result<(), IpamError> {
    let mut ids = BTreeSet::new();
    for row in rows {
        let Row { id, status, owner, .. } = row;
        if id.is_empty() {
            return Err(IpamError::EmptyText { what: "id of a row" });
        }
        if owner.as_ref().is_some_and(String::is_empty) {
            return Err(IpamError::EmptyText { what: "owner of a row" });
        }
        if owner.is_none() && *status != RowStatus::Wait {
            return Err(row_owner(row));
        }
        if !ids.insert(id.as_str()) {
            return Err(IpamError::RepeatedId { id: id.clone() });
        }
    }
    Ok(())
}

fn row_owner<A>(row: &Row<A>) -> IpamError {
    let owner = row.owner.clone().unwrap_or_default();
    IpamError::RowOwner { row: row.id.clone(), status: row.status.name(), owner }
}

/// The first address that is not once in the whole and once in its parts, which are sorted.
fn first_lost<A: Address>(whole: Interval<A>, parts: &[Interval<A>]) -> Option<A> {
    let mut lost: Option<A> = None;
    let mut note = |address: Option<A>| lost = [lost, address].into_iter().flatten().min();
    let mut reached: Option<A> = None;
    // What is missing before an address, or after the last part.
    let missing = |reached: Option<A>, before: Option<A>| {
        let next = reached.map_or(Some(whole.first()), |reached| reached.next().map(|next| next.max(whole.first())))?;
        (whole.contains(next) && before.is_none_or(|before| next < before)).then_some(next)
    };
    for part in parts {
        note(missing(reached, Some(part.first())));
        let is_twice = reached.is_some_and(|reached| part.first() <= reached);
        note((is_twice || part.first() < whole.first()).then_some(part.first()));
        note(whole.last().next().filter(|beyond| *beyond <= part.last()).map(|beyond| beyond.max(part.first())));
        reached = reached.max(Some(part.last()));
    }
    note(missing(reached, None));
    lost
}

#[cfg(test)]
mod tests {
    use super::{super::super::Toy, *};

    /// Every whole and every two parts of a world of 16 addresses, against counting.
    #[test]
    fn the_first_lost_address_is_the_one_that_counting_finds() {
        let intervals: Vec<Interval<Toy>> = (0..16_u8)
            .flat_map(|first| (first..16).map(move |last| (first, last)))
            .map(|(first, last)| Interval::new(Toy::new(first), Toy::new(last)).unwrap())
            .collect();
        let slow = |whole: Interval<Toy>, parts: &[Interval<Toy>]| {
            (0..=255).map(Toy::new).find(|address| {
                let in_parts = parts.iter().filter(|part| part.contains(*address)).count();
                in_parts != usize::from(whole.contains(*address))
            })
        };
        let wholes = ["0-15", "0-7", "3-9", "8-15", "5-5"].map(|text| text.parse::<Interval<Toy>>().unwrap());
        let mut conserved = 0;
        for whole in wholes {
            assert_eq!(first_lost(whole, &[]), Some(whole.first()));
            for &left in &intervals {
                for &right in intervals.iter().filter(|right| left <= **right) {
                    assert_eq!(
                        first_lost(whole, &[left, right]),
                        slow(whole, &[left, right]),
                        "{whole}: {left}, {right}"
                    );
                    for third in [right, whole, intervals[7], intervals[100]] {
                        let mut parts = [left, right, third];
                        parts.sort();
                        assert_eq!(first_lost(whole, &parts), slow(whole, &parts), "{whole}: {parts:?}");
                        conserved += usize::from(first_lost(whole, &parts).is_none());
                    }
                }
            }
        }
        assert!(conserved > 0);
        let all = Interval::<Toy>::WHOLE;
        assert_eq!(first_lost(all, &[all]), None);
        assert_eq!(first_lost(all, &[all, all]), Some(Toy::FIRST));
        assert_eq!(first_lost(all, &["0-254".parse().unwrap()]), Some(Toy::LAST));
    }
}
