use crate::{Act, Put, StoreError};
use async_trait::async_trait;
use counterfoil::{
    ipam::{
        Address, Interval, Ipv4, Ipv6, NewRow, PlanDraft, Prefix, PrefixLen, RangeRecord, Row, RowFacts, RowStatus,
        SplitLimits, SupernetUsage, UncheckedRange,
    },
    time::Instant,
};

/// A family of which ranges are kept.
pub trait KeptFamily: Address {}

impl KeptFamily for Ipv4 {}
impl KeptFamily for Ipv6 {}

/// A network that ranges are looked at by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supernet<A> {
    /// Its id.
    pub id: String,
    /// Its addresses.
    pub prefix: Prefix<A>,
}

/// Which ranges are asked for: all of these. Nothing of it is all ranges of the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeFilter<A> {
    /// Those with an address of it, as of a supernet.
    pub within: Option<Interval<A>>,
    /// Those in a state.
    pub status: Option<RowStatus>,
    /// Those of an owner.
    pub owner: Option<String>,
}

/// How a range is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut<A> {
    /// Along the grid of a length, R-I3.
    Length {
        /// The label of the pieces.
        length: PrefixLen<A>,
        /// What the pieces may come to; never more than [`MOST_PIECES`](Self::MOST_PIECES).
        limits: SplitLimits<A>,
    },
    /// As a plan says, R-I4.
    Plan {
        /// The pieces, in order.
        entries: Vec<UncheckedRange<A>>,
        /// The most that there may be.
        limit: usize,
    },
}

/// A record in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRangeRecord<A> {
    /// The id of the request that it carried out.
    pub request: String,
    /// What was done to which rows, and why.
    pub record: RangeRecord<A>,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeChange<A> {
    /// Its record; none where all was so already, which leaves no trace.
    pub record: Option<StoredRangeRecord<A>>,
    /// Whether it was carried out before, and nothing changed now.
    pub is_replay: bool,
}

/// Ranges of a family, with their lives, and the supernets that they are looked at by.
///
/// A store keeps both families, and they never mix: one object for each.
///
/// ```
/// use counterfoil::ipam::{Ipv4, NewRow, RowStatus};
/// use counterfoil_store::{Act, Cut, Ranges, SqlStore, Supernet};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = SqlStore::open("sqlite::memory:").await?;
/// let ranges: &dyn Ranges<Ipv4> = &store;
/// let act = Act { by: "operator".into(), reason: "the new campus".into(), now: "2025-03-14T15:00:00Z".parse()? };
/// ranges.add_supernet(&Supernet { id: "campus".into(), prefix: "10.0.0.0/16".parse()? }).await?;
/// ranges.add_range("q1", &NewRow { id: "r1".into(), range: "10.0.0.0/24".parse()? }, None, &act).await?;
///
/// // Pieces are named after the request that made them.
/// let split = ranges.split_range("q2", "r1", &Cut::by_length("26".parse()?), &act).await?;
/// let pieces = split.record.expect("it was cut").record;
/// assert_eq!((pieces.after()[3].id.as_str(), pieces.after()[3].range.to_string()), ("q2/3", "10.0.0.192/26".into()));
///
/// ranges.assign_range("q3", "q2/3", "lab-1", &act).await?;
/// assert!(ranges.assign_range("q3", "q2/3", "lab-1", &act).await?.is_replay); // again: nothing changes
/// let refused = ranges.assign_range("q4", "q2/3", "lab-2", &act).await.expect_err("it is given");
/// assert_eq!(refused.code(), "ipam.illegal_change");
///
/// let usage = ranges.supernet_usage("campus").await?;
/// assert_eq!((usage.assigned().to_string(), usage.wait().to_string()), ("64".into(), "192".into()));
/// assert_eq!(ranges.range_at("10.0.0.200".parse()?).await?.map(|row| row.status), Some(RowStatus::Assigned));
/// # Ok(())
/// # }
/// ```
///
/// Every change is asked for by a **request** with an id of the caller's. It is one transaction: the core decides on the
/// rows as they stand, and the rows and the record are written, or nothing. The same request again changes nothing and
/// answers with the first record, whatever has become of the rows since; another one under its id is `store.conflict`. The
/// reason of the [`Act`] is the record's remark. No address is ever in two rows, whoever writes at the same time.
///
/// An id that named a row never names another one.
///
/// # Rule
/// R-I9, R-I11, R-I12
#[async_trait]
pub trait Ranges<A: KeptFamily>: Send + Sync {
    /// Keeps a supernet. The same again changes nothing.
    ///
    /// # Errors
    /// `ipam.empty_text`; `store.conflict` where the id stands with another network; `ipam.overlap` where another
    /// supernet has an address of it.
    async fn add_supernet(&self, supernet: &Supernet<A>) -> Result<Put, StoreError>;

    /// The supernets, by their addresses.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn supernets(&self) -> Result<Vec<Supernet<A>>, StoreError>;

    /// What of a supernet is used.
    ///
    /// # Errors
    /// `store.not_found`, `store.corrupt`.
    ///
    /// # Rule
    /// R-I11
    async fn supernet_usage(&self, supernet: &str) -> Result<SupernetUsage<A>, StoreError>;

    /// What of each supernet is used, by their addresses: one moment, one look at the ranges.
    ///
    /// # Errors
    /// `store.corrupt`.
    ///
    /// # Rule
    /// R-I11
    async fn usage_of_supernets(&self) -> Result<Vec<(Supernet<A>, SupernetUsage<A>)>, StoreError>;

    /// Enters a range, which waits.
    ///
    /// # Errors
    /// `ipam.empty_text`, `ipam.remark_too_long`; `ipam.overlap` where a row has an address of it;
    /// `store.conflict` for a request or an id that stands already.
    async fn add_range(
        &self,
        request: &str,
        new: &NewRow<A>,
        asn: Option<u32>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// Keeps a range for an owner.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; what
    /// [`Row::reserve`](counterfoil::ipam::Row::reserve) refuses.
    async fn reserve_range(
        &self,
        request: &str,
        range: &str,
        owner: &str,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// Gives a range to an owner.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; what
    /// [`Row::assign`](counterfoil::ipam::Row::assign) refuses.
    async fn assign_range(
        &self,
        request: &str,
        range: &str,
        owner: &str,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// Takes a range back from its owner.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; what
    /// [`Row::recover`](counterfoil::ipam::Row::recover) refuses.
    async fn recover_range(&self, request: &str, range: &str, act: &Act) -> Result<RangeChange<A>, StoreError>;

    /// Corrects the ASN of a range and, while it waits, its addresses and its label.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; what
    /// [`Row::change`](counterfoil::ipam::Row::change) refuses; `ipam.overlap` where another row has an address of it.
    async fn change_range(
        &self,
        request: &str,
        range: &str,
        to: RowFacts<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// Removes a range that waits. Its history stays.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; what
    /// [`Row::delete`](counterfoil::ipam::Row::delete) refuses.
    async fn delete_range(&self, request: &str, range: &str, act: &Act) -> Result<RangeChange<A>, StoreError>;

    /// Cuts a range into rows that are named `request/0`, `request/1`, …, in order.
    ///
    /// # Errors
    /// `store.not_found`, `store.conflict`, `ipam.remark_too_long`; `ipam.illegal_change`; what
    /// [`Range::split_within`](counterfoil::ipam::Range::split_within) refuses, or the first of what
    /// [`PlanDraft::check`](counterfoil::ipam::PlanDraft::check) does.
    ///
    /// # Rule
    /// R-I3, R-I4
    async fn split_range(
        &self,
        request: &str,
        range: &str,
        cut: &Cut<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// Makes ranges one, with a label, that is named `request/0`.
    ///
    /// # Errors
    /// `store.conflict`, `ipam.remark_too_long`; the first of what [`Merge::merge`](counterfoil::ipam::Merge::merge)
    /// refuses, `ipam.merge_not_found` of a range that is not there among it.
    ///
    /// # Rule
    /// R-I8
    async fn merge_ranges(
        &self,
        request: &str,
        ranges: &[&str],
        length: PrefixLen<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError>;

    /// A range by its id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn range(&self, range: &str) -> Result<Option<Row<A>>, StoreError>;

    /// The range that has an address.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn range_at(&self, address: A) -> Result<Option<Row<A>>, StoreError>;

    /// Ranges, by their addresses.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn ranges(&self, filter: &RangeFilter<A>) -> Result<Vec<Row<A>>, StoreError>;

    /// What was done to a range and to those that it came of by splits and merges, from the first on. Also of one
    /// that is no more.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn range_history(&self, range: &str) -> Result<Vec<StoredRangeRecord<A>>, StoreError>;
}

impl<A: Address> Cut<A> {
    /// The most pieces of one cut by length, whatever its limits say.
    pub const MOST_PIECES: u128 = 65_536;

    /// By length, within the portal's limits.
    pub const fn by_length(length: PrefixLen<A>) -> Self {
        Self::Length { length, limits: SplitLimits::PORTAL }
    }

    /// By a plan of at most as many entries as the portal allows.
    pub fn by_plan<R: Into<UncheckedRange<A>>>(entries: impl IntoIterator<Item = R>) -> Self {
        let entries = entries.into_iter().map(Into::into).collect();
        Self::Plan { entries, limit: PlanDraft::<A>::PORTAL_LIMIT }
    }
}

impl<A> Default for RangeFilter<A> {
    fn default() -> Self {
        Self { within: None, status: None, owner: None }
    }
}
