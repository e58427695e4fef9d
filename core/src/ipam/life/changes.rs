use super::{
    super::{Address, Range, Row, RowStatus},
    RangeRecord, Remark, RowAction,
};
use crate::error::IpamError;

/// A row that is to be: of an addition, of a split, of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow<A> {
    /// Its id. A piece may keep the id of the row that it is cut from.
    pub id: String,
    /// Its addresses and their label.
    pub range: Range<A>,
}

/// What can be corrected of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFacts<A> {
    /// Its addresses and their label; of a row that is reserved or assigned, as they are.
    pub range: Range<A>,
    /// The number of the autonomous system that announces it.
    pub asn: Option<u32>,
}

/// What may become of a row. Each answers with the record of it, which has the rows after it.
///
/// A row that waits is nobody's: a name that a portal left in it is ignored, and not in the rows after.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, NewRow, Remark, Row, RowStatus};
///
/// let new = NewRow { id: "r1".into(), range: "10.0.0.0/24".parse()? };
/// let added = Row::<Ipv4>::add(new, Some(64500), Remark::default())?;
/// let row = &added.after()[0];
/// assert_eq!(row.status, RowStatus::Wait);
///
/// let halves = [("r2", "10.0.0.0/25"), ("r3", "10.0.0.128/25")];
/// let halves: Vec<_> = halves.iter().map(|(id, range)| NewRow { id: id.to_string(), range: range.parse().unwrap() }).collect();
/// let split = row.split(&halves, Remark::new("for two labs")?)?.expect("two halves are not the row itself");
///
/// let reserved = split.after()[0].reserve("lab-1", Remark::default())?;
/// let refused = reserved.after()[0].assign("lab-2", Remark::default()).unwrap_err();
/// assert_eq!(refused.code(), "ipam.other_owner");
/// let assigned = reserved.after()[0].assign("lab-1", Remark::default())?;
/// assert_eq!((assigned.owner(), assigned.after()[0].status), (Some("lab-1"), RowStatus::Assigned));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I12
impl<A: Address> Row<A> {
    /// Enters a row, which waits.
    ///
    /// # Errors
    /// `ipam.empty_text`.
    pub fn add(new: NewRow<A>, asn: Option<u32>, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        let row = Self { id: new.id, range: new.range, status: RowStatus::Wait, asn, owner: None };
        RangeRecord::new(RowAction::Add, vec![], vec![row], remark)
    }

    /// Keeps it for an owner.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.row_owner`; `ipam.illegal_change` unless it waits.
    pub fn reserve(&self, owner: impl Into<String>, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        self.becomes(RowAction::Reserve, Some(owner.into()), remark)
    }

    /// Gives it to an owner.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.row_owner`; `ipam.illegal_change` unless it waits or is reserved;
    /// `ipam.other_owner` where it is reserved for another.
    pub fn assign(&self, owner: impl Into<String>, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        self.becomes(RowAction::Assign, Some(owner.into()), remark)
    }

    /// Takes it back from its owner: it waits again.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.row_owner`; `ipam.illegal_change` where it waits already.
    pub fn recover(&self, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        self.becomes(RowAction::Recover, None, remark)
    }

    /// Corrects its ASN and, while it waits, its range; `None` where all is so already.
    ///
    /// Whether other rows have an address of the new range is for [R-I9](crate::ipam) to say.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.row_owner`; `ipam.range_in_use` for another range of a row that is reserved or
    /// assigned.
    pub fn change(&self, to: RowFacts<A>, remark: Remark) -> Result<Option<RangeRecord<A>>, IpamError> {
        let row = Self { range: to.range, asn: to.asn, ..self.kept() };
        // As of a split or a merge: the name of an owner that was left in a row that waits is ignored.
        let is_same = (to.range, to.asn) == (self.range, self.asn);
        let record = RangeRecord::new(RowAction::Change, vec![self.clone()], vec![row], remark)?;
        Ok((!is_same).then_some(record))
    }

    /// Removes it.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.row_owner`; `ipam.illegal_change` unless it waits.
    pub fn delete(&self, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        RangeRecord::new(RowAction::Delete, vec![self.clone()], vec![], remark)
    }

    /// Cuts it into pieces, which are in its state, of its ASN and its owner; `None` where the only piece is its
    /// range: then it stays as it is, with its id.
    ///
    /// Complexity: O(n log n) in the pieces.
    ///
    /// # Errors
    /// `ipam.record_shape` without a piece; `ipam.empty_text`, `ipam.row_owner`, `ipam.repeated_id`;
    /// `ipam.illegal_change` unless it waits or is reserved; `ipam.part_label` for a piece with a shorter label than
    /// its own; `ipam.not_conserved` unless the pieces are its addresses, each once.
    pub fn split(&self, pieces: &[NewRow<A>], remark: Remark) -> Result<Option<RangeRecord<A>>, IpamError> {
        let is_same = matches!(pieces, [only] if only.range == self.range);
        let after = pieces.iter().map(|piece| Self {
            id: piece.id.clone(),
            range: piece.range,
            status: self.status,
            asn: self.asn,
            owner: self.holder().map(str::to_owned),
        });
        let record = RangeRecord::new(RowAction::Split, vec![self.clone()], after.collect(), remark)?;
        Ok((!is_same).then_some(record))
    }

    /// Makes several one, of their state, ASN and owner; `None` where the only one has that range already: then it
    /// stays as it is, with its id.
    ///
    /// Which rows may be merged, and into which range, is R-I8; here it is checked that nothing is lost.
    ///
    /// Complexity: O(n log n) in the rows.
    ///
    /// # Errors
    /// `ipam.record_shape` without a row; `ipam.empty_text`, `ipam.row_owner`, `ipam.repeated_id`;
    /// `ipam.illegal_change` unless all wait or are reserved; `ipam.rows_differ` in state, ASN or owner;
    /// `ipam.part_label` where the label is longer than that of a row; `ipam.not_conserved` unless the rows are its
    /// addresses, each once.
    pub fn merge(rows: &[Self], into: NewRow<A>, remark: Remark) -> Result<Option<RangeRecord<A>>, IpamError> {
        let is_same = matches!(rows, [only] if only.range == into.range);
        let after = rows.first().map(|row| Self { id: into.id, range: into.range, ..row.kept() });
        let record = RangeRecord::new(RowAction::Merge, rows.to_vec(), after.into_iter().collect(), remark)?;
        Ok((!is_same).then_some(record))
    }

    /// What of it stays: of one that waits, not the name of an owner that was left in it.
    fn kept(&self) -> Self {
        Self { owner: self.holder().map(str::to_owned), ..self.clone() }
    }

    /// The same row in the state that an action leads to.
    fn becomes(&self, action: RowAction, owner: Option<String>, remark: Remark) -> Result<RangeRecord<A>, IpamError> {
        // What is no way of the table is refused with the record, after the faults of the row itself.
        let status = action.after(Some(self.status)).ok().flatten().unwrap_or(self.status);
        let row = Self { status, owner, ..self.clone() };
        RangeRecord::new(action, vec![self.clone()], vec![row], remark)
    }
}
