//! The fewest pieces that hold what is wanted (R-I6).

mod carve;
mod chains;
mod levels;
mod runs;

pub use runs::{Pieces, Purpose, Run};

use super::{Address, Interval, Prefix, PrefixLen, Range, Size};
use crate::error::IpamError;
use carve::{Carved, carve};
use chains::Chains;
use levels::{Level, Levels, above};

/// So many full blocks of a length.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Demand, Ipv6, PrefixLen, Size};
///
/// let every_site = Demand::<Ipv6> { length: "48".parse()?, count: Size::from(65_536) };
/// let every_address = Demand::<Ipv6> { length: PrefixLen::HOST, count: Size::WHOLE };
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Demand<A> {
    /// The length of each.
    pub length: PrefixLen<A>,
    /// How many: 0 to 2^128.
    pub count: Size,
}

/// The fewest pieces of a range, or of free blocks, that hold so many full blocks.
///
/// A piece is a node of the trie of networks, clipped to the range, and carries the tightest label: the
/// length of the block where it is one that was asked for. The pieces tile the range, so they are a plan
/// as R-I4 has it.
///
/// Nothing is listed: pieces of one length in a row are one [`Run`], and there are at most some hundred
/// runs, however many pieces. Of a range that costs O(W³) at most, and O(W) for a full network; of
/// blocks O(W × blocks).
///
/// # Examples
/// A portal's minimal split of a /16 into /24 leaves 8 of them and 5 other pieces. So does this one,
/// asked for 8; asked for one, it leaves 8 other pieces, and no fewer will do.
/// ```
/// use counterfoil::ipam::{Demand, Ipv4, Ipv6, MinimalPlan, Range};
///
/// let range: Range<Ipv4> = "10.0.0.0/16".parse()?;
/// let plan = MinimalPlan::of(range, &[Demand { length: "24".parse()?, count: 8.into() }])?;
/// assert_eq!((plan.pieces().to_string(), plan.wanted().to_string()), ("13".to_owned(), "8".to_owned()));
/// let tail: Vec<String> = plan.iter().skip(8).map(|piece| piece.to_string()).collect();
/// assert_eq!(tail, ["10.0.8.0/21", "10.0.16.0/20", "10.0.32.0/19", "10.0.64.0/18", "10.0.128.0/17"]);
///
/// let one = MinimalPlan::of(range, &[Demand { length: "24".parse()?, count: 1.into() }])?;
/// assert_eq!(one.pieces().to_string(), "9");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// A clipped range keeps what lies at its ends in one piece, as long as nothing of it is needed.
/// ```
/// use counterfoil::ipam::{Demand, Ipv4, MinimalPlan, Range};
///
/// let range: Range<Ipv4> = "10.0.0.1-10.0.0.200/24".parse()?;
/// let plan = MinimalPlan::of(range, &[Demand { length: "26".parse()?, count: 2.into() }])?;
/// let pieces: Vec<String> = plan.iter().map(|piece| piece.to_string()).collect();
/// assert_eq!(pieces, ["10.0.0.1-10.0.0.63/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192-10.0.0.200/28"]);
///
/// let error = MinimalPlan::of(range, &[Demand { length: "26".parse()?, count: 3.into() }]).unwrap_err();
/// assert_eq!(error.to_string(), "there is no room for 3 blocks of length 26: 2 fit; ask for fewer or for smaller ones");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// A plan of more pieces than anybody could list.
/// ```
/// use counterfoil::ipam::{Demand, Ipv6, MinimalPlan, Range};
///
/// let range: Range<Ipv6> = "2001:db8::/32".parse()?;
/// let plan = MinimalPlan::of(range, &[Demand { length: "96".parse()?, count: (u128::from(u64::MAX) + 1).into() }])?;
/// assert_eq!(plan.pieces().to_string(), "18446744073709551616");
/// assert_eq!(plan.piece(u64::MAX.into()).map(|piece| piece.to_string()), Some("2001:db8:ffff:ffff:ffff:ffff::/96".to_owned()));
/// assert_eq!(plan.ranges(1_024).unwrap_err().code(), "ipam.minimal_plan_too_long");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimalPlan<A> {
    runs: Vec<Run<A>>,
    pieces: Size,
    wanted: Size,
    splits: Size,
}

impl<A: Address> MinimalPlan<A> {
    /// Of a range.
    ///
    /// Where nothing is wanted it is the range itself, with its own label. Of plans of equally few
    /// pieces it is the one that keeps least of the left end, and then most of the right end, in one
    /// piece; within a block the small pieces come first.
    ///
    /// # Errors
    /// `ipam.not_enough_room`, with the length, how many were asked for and how many fit beside the
    /// larger ones; `ipam.size_overflow` where one length is asked for more than 2^128 times.
    ///
    /// # Rule
    /// R-I6
    pub fn of(range: Range<A>, demands: &[Demand<A>]) -> Result<Self, IpamError> {
        let wanted = wanted_of(demands)?;
        if wanted.wants_nothing() {
            let run = Run::full(range.interval(), range.length(), Size::from(1), Purpose::Rest);
            return Self::new(vec![run], Size::ZERO);
        }
        let chains = Chains::of(range.interval());
        let Some((left, right)) = fewest(&chains, &wanted) else { return Err(shortage_of(&chains, wanted)) };
        let ends = (end_of(chains.left.get(..left)), end_of(chains.right.get(..right)));
        let touched = Chains {
            left: chains.left.get(left..).unwrap_or_default().to_vec(),
            right: chains.right.get(right..).unwrap_or_default().to_vec(),
        };
        let plan = Self::carved(touched.in_order().collect(), wanted)?;
        let (kept_left, kept_right) = ends;
        let runs: Vec<Run<A>> = kept_left.into_iter().chain(plan.runs).chain(kept_right).collect();
        runs::conserved(&runs, range.interval())?;
        let splits = runs.iter().try_fold(Size::ZERO, |sum, run| sum.plus(run.count()))?.minus(Size::from(1))?;
        Self::new(runs, splits)
    }

    /// Of free blocks, in order of address: those that are not needed stay as they are.
    ///
    /// The splits are the fewest that there can be; largest first into the smallest block that fits
    /// takes as many.
    ///
    /// # Errors
    /// As [`of`](Self::of); `ipam.free_overlap` where two of the blocks share addresses.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Demand, Ipv4, MinimalPlan, Prefix};
    ///
    /// let free: Vec<Prefix<Ipv4>> = vec!["10.0.0.0/24".parse()?, "10.0.4.0/26".parse()?];
    /// let plan = MinimalPlan::of_blocks(&free, &[Demand { length: "27".parse()?, count: 2.into() }])?;
    /// assert_eq!(plan.splits().to_string(), "1");
    /// let pieces: Vec<String> = plan.iter().map(|piece| piece.to_string()).collect();
    /// assert_eq!(pieces, ["10.0.0.0/24", "10.0.4.0/27", "10.0.4.32/27"]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I6
    pub fn of_blocks(free: &[Prefix<A>], demands: &[Demand<A>]) -> Result<Self, IpamError> {
        let mut blocks = free.to_vec();
        blocks.sort_unstable();
        for pair in blocks.windows(2) {
            if let [one, next] = pair
                && one.interval().overlaps(next.interval())
            {
                return Err(IpamError::FreeOverlap { left: one.to_string(), right: next.to_string() });
            }
        }
        Self::carved(blocks, wanted_of(demands)?)
    }

    fn carved(blocks: Vec<Prefix<A>>, mut levels: Levels) -> Result<Self, IpamError> {
        blocks.iter().for_each(|block| levels.add_block(block.length()));
        let Carved { filled, splits } = carve(blocks, &levels)?;
        Self::new(runs::of_blocks(filled)?, splits)
    }

    fn new(runs: Vec<Run<A>>, splits: Size) -> Result<Self, IpamError> {
        let count = |purpose: Option<Purpose>| {
            let counted = runs.iter().filter(|run| purpose.is_none_or(|purpose| run.purpose() == purpose));
            counted.map(|run| run.count()).try_fold(Size::ZERO, Size::plus)
        };
        Ok(Self { pieces: count(None)?, wanted: count(Some(Purpose::Wanted))?, splits, runs })
    }

    /// How many pieces there are, exactly.
    pub fn pieces(&self) -> Size {
        self.pieces
    }

    /// How many of them were asked for.
    pub fn wanted(&self) -> Size {
        self.wanted
    }

    /// How many pieces more than there were before, or one less than the pieces of a range.
    pub fn splits(&self) -> Size {
        self.splits
    }

    /// The pieces as runs of one length, in order of address.
    pub fn runs(&self) -> &[Run<A>] {
        &self.runs
    }

    /// The pieces in order of address, lazily.
    pub fn iter(&self) -> Pieces<'_, A> {
        Pieces::of(&self.runs)
    }

    /// A piece by its place, from 0. O(runs).
    pub fn piece(&self, index: u128) -> Option<Range<A>> {
        let mut pieces = self.iter();
        pieces.skip_pieces(index);
        pieces.next()
    }

    /// All pieces, listed.
    ///
    /// # Errors
    /// `ipam.minimal_plan_too_long` above the limit, with the exact count.
    pub fn ranges(&self, limit: usize) -> Result<Vec<Range<A>>, IpamError> {
        let most = u128::try_from(limit).unwrap_or(u128::MAX);
        if self.pieces > Size::from(most) {
            return Err(IpamError::MinimalPlanTooLong { pieces: self.pieces.to_string(), limit });
        }
        Ok(self.iter().collect())
    }
}

impl<'a, A: Address> IntoIterator for &'a MinimalPlan<A> {
    type Item = Range<A>;
    type IntoIter = Pieces<'a, A>;

    fn into_iter(self) -> Pieces<'a, A> {
        self.iter()
    }
}

fn wanted_of<A: Address>(demands: &[Demand<A>]) -> Result<Levels, IpamError> {
    let mut levels = Levels::of::<A>();
    demands.iter().try_for_each(|demand| levels.add_wanted(demand.length, demand.count))?;
    Ok(levels)
}

fn shortage_of<A: Address>(chains: &Chains<A>, mut levels: Levels) -> IpamError {
    chains.left.iter().chain(&chains.right).for_each(|block| levels.add_block(block.length()));
    levels::shortage::<A>(&levels)
}

/// The outermost blocks of a chain that nothing is placed in: together one clipped node of the trie.
fn end_of<A: Address>(kept: Option<&[Prefix<A>]>) -> Option<Run<A>> {
    let (outer, inner) = kept.and_then(|kept| kept.first().zip(kept.last()))?;
    let interval = Interval::ordered(outer.first().min(inner.first()), outer.last().max(inner.last()));
    Some(Run::piece(interval, Purpose::Rest))
}

/// How many blocks of the two chains to keep in one piece at either end, so that the plan has the
/// fewest pieces; `None` where the demands do not fit.
///
/// With `l` and `r` kept there are one piece for each end that is kept, the other blocks, and one more
/// for each split in them. All pairs are tried: they are at most W², for no chain has W blocks.
fn fewest<A: Address>(chains: &Chains<A>, wanted: &Levels) -> Option<(usize, usize)> {
    let smallest = wanted.smallest_wanted()?;
    let sizes = |chain: &[Prefix<A>]| -> Vec<usize> {
        chain.iter().map(|block| usize::from(block.length().host_bits())).collect()
    };
    let (left, right) = (sizes(&chains.left), sizes(&chains.right));
    // What is smaller than all that is wanted is of no use, and best kept.
    let useless = |chain: &[usize]| chain.iter().take_while(|size| **size < smallest).count();
    let mut best: Option<(u128, usize, usize)> = None;
    for l in useless(&left)..=left.len() {
        for r in (useless(&right)..=right.len()).rev() {
            let Some(cuts) = cuts_keeping(&left, l, &right, r, wanted) else { continue };
            if best.is_none_or(|(fewest, ..)| cuts < fewest) {
                best = Some((cuts, l, r));
            }
        }
    }
    best.map(|(_, l, r)| (l, r))
}

/// How many times the range is cut: one less than the pieces, of which there may be 2^128.
fn cuts_keeping(left: &[usize], l: usize, right: &[usize], r: usize, wanted: &Levels) -> Option<u128> {
    let kept = u128::from(l > 0).saturating_add(u128::from(r > 0));
    let (mut left, mut right) = (left.iter().skip(l).peekable(), right.iter().skip(r).peekable());
    let (mut blocks_and_ends, mut cuts, mut split) = (kept, 0_u128, 0_u128);
    for (size, level) in wanted.iter().enumerate() {
        let here = |chain: Option<&usize>| u128::from(chain.is_some());
        let blocks =
            here(left.next_if(|block| **block == size)).saturating_add(here(right.next_if(|block| **block == size)));
        blocks_and_ends = blocks_and_ends.saturating_add(blocks);
        cuts = cuts.checked_add(split)?;
        split = above(Level { blocks, ..level }, split)?;
    }
    if split > 0 {
        return None;
    }
    cuts.checked_add(blocks_and_ends.checked_sub(1)?)
}
