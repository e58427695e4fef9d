//! What of a supernet is used (R-I11).

use super::{Address, Interval, Row, RowStatus, Size};
use crate::{
    error::{IpamError, MoneyError},
    exact::{Exact, RoundingMode},
};
use rust_decimal::Decimal;
use std::fmt;

/// What of a supernet is assigned, reserved, waiting, and in no row.
///
/// `assigned + reserved + wait + free = size`, exactly.
///
/// # Examples
/// ```
/// use counterfoil::exact::RoundingMode;
/// use counterfoil::ipam::{Interval, Ipv4, Row, RowStatus, SupernetState, SupernetUsage};
///
/// let row = |id: &str, range: &str, status, owner: Option<&str>| Row::<Ipv4> {
///     id: id.into(),
///     range: range.parse().unwrap(),
///     status,
///     asn: None,
///     owner: owner.map(Into::into),
/// };
/// let rows = [
///     row("r1", "10.0.0.0/26", RowStatus::Assigned, Some("lab-1")),
///     row("r2", "10.0.0.192-10.0.1.63/23", RowStatus::Wait, None), // half of it is beyond
/// ];
/// let usage = SupernetUsage::of("10.0.0.0-10.0.0.255".parse()?, &rows)?;
/// assert_eq!([usage.assigned(), usage.wait(), usage.free()].map(|size| size.to_string()), ["64", "64", "128"]);
/// assert_eq!(usage.ratio()?.to_string(), "0.25");
/// assert_eq!(usage.percent(1, RoundingMode::HalfEven)?.to_string(), "25.0");
/// assert_eq!(usage.state(), SupernetState::Split);
/// assert_eq!((usage.straddling()[0].id.as_str(), usage.straddling()[0].inside.to_string()), ("r2", "10.0.0.192-10.0.0.255".into()));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-I11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupernetUsage<A> {
    supernet: Interval<A>,
    rows: usize,
    by_status: ByStatus,
    free: Size,
    used: Size,
    left: Size,
    straddling: Vec<Straddling<A>>,
}

/// A row that lies over an end of a supernet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Straddling<A> {
    /// The id of the row.
    pub id: String,
    /// What of it is inside, and was counted.
    pub inside: Interval<A>,
}

/// How a supernet stands. The first line that fits:
///
/// | state | where |
/// |---|---|
/// | out of stock | nothing of it is left to give: none waits, none is free |
/// | in stock | it is there as a whole: no row has an address of it, or one that waits has all of it |
/// | split | else: it was entered in pieces, and something is left |
///
/// # Rule
/// R-I11
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SupernetState {
    /// Nothing is left.
    OutOfStock,
    /// It is whole, and can be given or cut.
    InStock,
    /// It is in pieces.
    Split,
}

impl<A: Address> SupernetUsage<A> {
    /// The usage of one supernet, a network or any other interval. Rows outside are ignored.
    ///
    /// [`UsageIndex`] is for many supernets over the same rows.
    ///
    /// Complexity: O(n log n) in the rows inside, O(n) in those outside.
    ///
    /// # Errors
    /// `ipam.rows_overlap` where two rows share an address of it.
    pub fn of(supernet: Interval<A>, rows: &[Row<A>]) -> Result<Self, IpamError> {
        let inside = rows.iter().filter(|row| row.range.interval().overlaps(supernet));
        UsageIndex::new(inside)?.usage(supernet)
    }

    /// What was looked at.
    pub fn supernet(&self) -> Interval<A> {
        self.supernet
    }

    /// How many addresses it has.
    pub fn size(&self) -> Size {
        self.supernet.size()
    }

    /// How many rows have an address of it.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Given to owners.
    pub fn assigned(&self) -> Size {
        self.by_status.assigned
    }

    /// Kept for owners.
    pub fn reserved(&self) -> Size {
        self.by_status.reserved
    }

    /// Entered, and to be given.
    pub fn wait(&self) -> Size {
        self.by_status.wait
    }

    /// In no row.
    pub fn free(&self) -> Size {
        self.free
    }

    /// What is somebody's: assigned or reserved.
    pub fn used(&self) -> Size {
        self.used
    }

    /// What can still be given: waiting or free.
    pub fn left(&self) -> Size {
        self.left
    }

    /// The rows that are in it only in part, by their addresses: one over each end, or one over both.
    pub fn straddling(&self) -> &[Straddling<A>] {
        &self.straddling
    }

    /// How it stands.
    pub fn state(&self) -> SupernetState {
        if self.left.is_zero() {
            SupernetState::OutOfStock
        } else if self.rows == 0 || self.rows == 1 && self.free.is_zero() {
            SupernetState::InStock
        } else {
            SupernetState::Split
        }
    }

    /// The used part of it, from 0 to 1, exactly.
    ///
    /// # Errors
    /// None: a supernet has an address, and 2^128 of them are no overflow.
    pub fn ratio(&self) -> Result<Exact, MoneyError> {
        exact(self.used)?.divided_by(&exact(self.size())?)?.reduced()
    }

    /// The used part of it in percent, to be shown.
    ///
    /// # Rounding
    /// To so many digits after the point, as `mode` says, once, from the exact ratio. Rounded down, 100 means all.
    ///
    /// # Errors
    /// `money.overflow` for more digits than a decimal has.
    pub fn percent(&self, digits: u32, mode: RoundingMode) -> Result<Decimal, MoneyError> {
        self.ratio()?.times(&Exact::from(100))?.round_digits(digits, mode)
    }
}

impl SupernetState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::OutOfStock, Self::InStock, Self::Split];

    /// Its name, as `in_stock`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfStock => "out_of_stock",
            Self::InStock => "in_stock",
            Self::Split => "split",
        }
    }
}

impl fmt::Display for SupernetState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Rows in order, for the usage of many supernets: a page that lists them.
///
/// Complexity: O(n log n) once, then O(log n) for each supernet.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv6, Row, RowStatus, UsageIndex};
///
/// let range = "2001:db8::/33".parse()?;
/// let rows = [Row::<Ipv6> { id: "r1".into(), range, status: RowStatus::Wait, asn: None, owner: None }];
/// let index = UsageIndex::new(&rows)?;
/// let left = |text: &str| index.usage(text.parse()?).map(|usage| (usage.wait().to_string(), usage.state().name()));
/// assert_eq!(left("2001:db8::-2001:db8:0:ffff:ffff:ffff:ffff:ffff")?.1, "in_stock");
/// assert_eq!(left("2001:db9::-2001:db9::")?, ("0".into(), "in_stock"));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I11
#[derive(Debug, Clone)]
pub struct UsageIndex<'a, A> {
    /// What of each row no row before it has, in order: no address is in two of them.
    pieces: Vec<Piece<'a, A>>,
    /// What the pieces before each have, and at the end what all have.
    sums: Vec<ByStatus>,
    /// What two rows have, in the order of their first addresses.
    shared: Vec<Shared<'a, A>>,
}

#[derive(Debug, Clone, Copy)]
struct Piece<'a, A> {
    interval: Interval<A>,
    row: &'a Row<A>,
}

#[derive(Debug, Clone, Copy)]
struct Shared<'a, A> {
    interval: Interval<A>,
    /// The last address of this one and those before.
    reach: A,
    left: &'a Row<A>,
    right: &'a Row<A>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ByStatus {
    assigned: Size,
    reserved: Size,
    wait: Size,
}

impl<'a, A: Address> UsageIndex<'a, A> {
    /// Rows in any order.
    ///
    /// Rows that share an address are told of the supernets that have it, and do not hinder others.
    ///
    /// # Errors
    /// None: no address is counted twice, so there are 2^128 at most.
    pub fn new(rows: impl IntoIterator<Item = &'a Row<A>>) -> Result<Self, IpamError> {
        let mut rows: Vec<&Row<A>> = rows.into_iter().collect();
        rows.sort_by_key(|row| row.range.interval());
        let (mut pieces, mut shared) = (Vec::with_capacity(rows.len()), Vec::<Shared<'a, A>>::new());
        let mut furthest: Option<&Row<A>> = None;
        for row in rows {
            let own = match furthest {
                Some(left) if row.range.first() <= left.range.last() => {
                    let interval = Interval::ordered(row.range.first(), row.range.last().min(left.range.last()));
                    let reach = shared.last().map_or(interval.last(), |before| before.reach.max(interval.last()));
                    shared.push(Shared { interval, reach, left, right: row });
                    left.range.last().next().filter(|first| *first <= row.range.last())
                }
                _ => Some(row.range.first()),
            };
            if let Some(first) = own {
                pieces.push(Piece { interval: Interval::ordered(first, row.range.last()), row });
                furthest = Some(row);
            }
        }
        let mut sums = vec![ByStatus::NONE];
        let mut sum = ByStatus::NONE;
        for piece in &pieces {
            sum = sum.plus(piece.row.status, piece.interval.size())?;
            sums.push(sum);
        }
        Ok(Self { pieces, sums, shared })
    }

    /// The usage of a supernet.
    ///
    /// # Errors
    /// `ipam.rows_overlap` where two rows share an address of it, with the first such address.
    pub fn usage(&self, supernet: Interval<A>) -> Result<SupernetUsage<A>, IpamError> {
        self.check(supernet)?;
        let begin = self.pieces.partition_point(|piece| piece.interval.last() < supernet.first());
        let end = self.pieces.partition_point(|piece| piece.interval.first() <= supernet.last());
        let inside = self.pieces.get(begin..end).unwrap_or_default();
        let sum = |index: usize| self.sums.get(index).copied().unwrap_or(ByStatus::NONE);
        let mut by_status = if inside.is_empty() { ByStatus::NONE } else { sum(end).minus(sum(begin))? };
        // Only what is over an end was counted with a part that is outside.
        if let (Some(first), Some(before)) = (inside.first(), supernet.first().previous())
            && first.interval.first() <= before
        {
            let outside = Interval::ordered(first.interval.first(), before);
            by_status = by_status.less(first.row.status, outside.size())?;
        }
        if let (Some(last), Some(after)) = (inside.last(), supernet.last().next())
            && after <= last.interval.last()
        {
            let outside = Interval::ordered(after, last.interval.last());
            by_status = by_status.less(last.row.status, outside.size())?;
        }
        let used = by_status.assigned.plus(by_status.reserved)?;
        let left = supernet.size().minus(used)?;
        Ok(SupernetUsage {
            supernet,
            rows: inside.len(),
            by_status,
            free: left.minus(by_status.wait)?,
            used,
            left,
            straddling: straddling(supernet, inside),
        })
    }

    /// Refuses a supernet with an address that two rows have.
    fn check(&self, supernet: Interval<A>) -> Result<(), IpamError> {
        let first = self.shared.partition_point(|shared| shared.reach < supernet.first());
        match self.shared.get(first) {
            Some(shared) if shared.interval.first() <= supernet.last() => Err(IpamError::RowsOverlap {
                left: shared.left.id.clone(),
                right: shared.right.id.clone(),
                address: shared.interval.first().max(supernet.first()).to_string(),
            }),
            _ => Ok(()),
        }
    }
}

/// The first and the last row inside, where they are outside too. No other can be.
fn straddling<A: Address>(supernet: Interval<A>, inside: &[Piece<'_, A>]) -> Vec<Straddling<A>> {
    let (first, rest) = inside.split_first().map_or((None, inside), |(first, rest)| (Some(first), rest));
    let ends = first.into_iter().chain(rest.last());
    let over = ends.map(|piece| (piece.row, piece.row.range.interval())).filter(|(_, row)| !supernet.covers(*row));
    over.filter_map(|(row, interval)| {
        interval.overlap(supernet).map(|inside| Straddling { id: row.id.clone(), inside })
    })
    .collect()
}

impl ByStatus {
    const NONE: Self = Self { assigned: Size::ZERO, reserved: Size::ZERO, wait: Size::ZERO };

    fn plus(mut self, status: RowStatus, size: Size) -> Result<Self, IpamError> {
        let sum = self.of(status);
        *sum = sum.plus(size)?;
        Ok(self)
    }

    fn less(mut self, status: RowStatus, size: Size) -> Result<Self, IpamError> {
        let sum = self.of(status);
        *sum = sum.minus(size)?;
        Ok(self)
    }

    fn minus(self, other: Self) -> Result<Self, IpamError> {
        Ok(Self {
            assigned: self.assigned.minus(other.assigned)?,
            reserved: self.reserved.minus(other.reserved)?,
            wait: self.wait.minus(other.wait)?,
        })
    }

    fn of(&mut self, status: RowStatus) -> &mut Size {
        match status {
            RowStatus::Assigned => &mut self.assigned,
            RowStatus::Reserved => &mut self.reserved,
            RowStatus::Wait => &mut self.wait,
        }
    }
}

/// A count of addresses as an exact number, which reads what a count writes: 2^128 too.
fn exact(size: Size) -> Result<Exact, MoneyError> {
    size.to_string().parse()
}
