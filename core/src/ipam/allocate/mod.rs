//! Blocks out of free space (R-I7).

mod hosts;
mod policy;
mod space;
mod summary;

pub use hosts::Hosts;
pub use policy::Policy;
pub use summary::{FreeOfLength, FreeSummary};

use super::{Address, Interval, IpSet, Prefix, PrefixLen, Range, Size};
use crate::error::IpamError;
use space::Space;

/// The free addresses of a network.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Placement, Policy, Pool, Request};
///
/// let pool = Pool::<Ipv4>::within("10.194.48.0/21".parse()?, []);
/// let lengths: [u8; 6] = [23, 25, 23, 25, 23, 25];
/// let requests = lengths.map(|length| Request::Any(length.try_into().expect("a length of IPv4")));
/// let allocation = pool.allocate(&requests, &Placement::by(Policy::Leftmost))?;
///
/// // In the order of the requests; placed from the large to the small, so that nothing that fits fails.
/// let blocks: Vec<String> = allocation.blocks().iter().map(|block| block.to_string()).collect();
/// assert_eq!(blocks, [
///     "10.194.48.0/23", "10.194.54.0/25", "10.194.50.0/23",
///     "10.194.54.128/25", "10.194.52.0/23", "10.194.55.0/25",
/// ]);
/// assert_eq!(allocation.after().free(), ["10.194.55.128-10.194.55.255".parse()?]);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool<A> {
    network: Prefix<A>,
    free: IpSet<A>,
}

/// One block that is asked for.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Request<A> {
    /// Any block of a length.
    Any(PrefixLen<A>),
    /// This block and no other.
    Pinned(Prefix<A>),
}

impl<A: Address> Request<A> {
    /// The length that is asked for.
    pub fn length(self) -> PrefixLen<A> {
        match self {
            Self::Any(length) => length,
            Self::Pinned(block) => block.length(),
        }
    }
}

/// How a block is chosen of those that are free.
///
/// Preferences are kept where they can be: a block that lies in what is preferred and touches nothing
/// that is avoided comes first, then one that touches nothing that is avoided, then any. What must not
/// be given away is not free, and does not belong into a pool.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Placement, Policy, Pool, Request};
///
/// let pool = Pool::<Ipv4>::within("10.0.0.0/24".parse()?, []);
/// let away = Placement::by(Policy::Leftmost).avoiding(["10.0.0.0-10.0.0.9".parse()?]);
/// let blocks = pool.allocate(&[Request::Any("28".parse()?)], &away)?;
/// assert_eq!(blocks.blocks(), ["10.0.0.16/28".parse()?]);
/// // The whole of it touches what is avoided, and is all there is.
/// let blocks = pool.allocate(&[Request::Any("24".parse()?)], &away)?;
/// assert_eq!(blocks.blocks(), ["10.0.0.0/24".parse()?]);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement<A> {
    policy: Policy,
    preferred: IpSet<A>,
    avoided: IpSet<A>,
}

impl<A: Address> Placement<A> {
    /// By a policy alone.
    pub fn by(policy: Policy) -> Self {
        Self { policy, preferred: IpSet::EMPTY, avoided: IpSet::EMPTY }
    }

    /// The same, within these addresses if possible.
    #[must_use]
    pub fn preferring(self, blocks: impl IntoIterator<Item = Interval<A>>) -> Self {
        Self { preferred: blocks.into_iter().collect(), ..self }
    }

    /// The same, off these addresses if possible.
    #[must_use]
    pub fn avoiding(self, blocks: impl IntoIterator<Item = Interval<A>>) -> Self {
        Self { avoided: blocks.into_iter().collect(), ..self }
    }
}

/// What was given away, and what is free then.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation<A> {
    blocks: Vec<Prefix<A>>,
    after: Pool<A>,
}

impl<A: Address> Allocation<A> {
    /// A block for each request, in the order of the requests.
    pub fn blocks(&self) -> &[Prefix<A>] {
        &self.blocks
    }

    /// What is free then.
    pub fn after(&self) -> &Pool<A> {
        &self.after
    }

    /// The blocks, and what is free then.
    pub fn into_parts(self) -> (Vec<Prefix<A>>, Pool<A>) {
        (self.blocks, self.after)
    }
}

/// What there is too little room for.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage<A> {
    /// The largest blocks that do not all fit.
    pub length: PrefixLen<A>,
    /// How many of them are asked for, the pinned ones aside.
    pub asked: usize,
    /// How many fit, beside the pinned and the larger ones.
    pub available: usize,
}

/// Whether requests fit.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<A> {
    /// All of them.
    Fits(Allocation<A>),
    /// Not all of them: nothing is given away.
    Lacks(Shortage<A>),
}

impl<A: Address> Pool<A> {
    /// The addresses of a network that none of the used ones are. What is used elsewhere does not matter.
    pub fn within(network: Prefix<A>, used: impl IntoIterator<Item = Interval<A>>) -> Self {
        Self::within_range(network.into(), used)
    }

    /// The addresses of a range, which may be clipped, that none of the used ones are. Its network is the range's.
    ///
    /// ```
    /// use counterfoil::ipam::{Ipv4, Placement, Policy, Pool, Request};
    ///
    /// let pool = Pool::<Ipv4>::within_range("10.0.0.1-10.0.0.200/24".parse()?, []);
    /// let blocks = pool.allocate(&[Request::Any("26".parse()?)], &Placement::by(Policy::Leftmost))?;
    /// assert_eq!(blocks.blocks(), ["10.0.0.64/26".parse()?]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    pub fn within_range(range: Range<A>, used: impl IntoIterator<Item = Interval<A>>) -> Self {
        let free = IpSet::from(range.interval()).difference(&used.into_iter().collect());
        Self { network: range.network(), free }
    }

    /// Free addresses. They may overlap and touch: a pool is a set. Its network is the smallest that holds them all.
    pub fn of_free(free: impl IntoIterator<Item = Interval<A>>) -> Self {
        let free: IpSet<A> = free.into_iter().collect();
        let network = free.hull().map_or(Prefix::WHOLE, |all| Prefix::containing(all.first(), all.tightest_length()));
        Self { network, free }
    }

    /// The network, in which RFC 3531 numbers blocks.
    pub fn network(&self) -> Prefix<A> {
        self.network
    }

    /// What is free, in order, each as long as can be.
    pub fn free(&self) -> &[Interval<A>] {
        self.free.intervals()
    }

    /// How many addresses are free.
    pub fn size(&self) -> Size {
        self.free.size()
    }

    /// A block for each request, or nothing.
    ///
    /// Pinned requests are served first; then the others from the large to the small, those of one
    /// length in their order. So whether all fit does not depend on the order of the requests, nor on
    /// the policy.
    ///
    /// O((free + requests) × W²) at most.
    ///
    /// # Errors
    /// In this order: `ipam.pinned_twice`; `ipam.pinned_taken`; `ipam.not_enough_room`.
    ///
    /// # Rule
    /// R-I7
    pub fn allocate(&self, requests: &[Request<A>], placement: &Placement<A>) -> Result<Allocation<A>, IpamError> {
        match self.try_out(requests, placement)? {
            Answer::Fits(allocation) => Ok(allocation),
            Answer::Lacks(Shortage { length, asked, available }) => Err(IpamError::NotEnoughRoom {
                length: length.get(),
                asked: asked.to_string(),
                available: available.to_string(),
            }),
        }
    }

    /// The same as an answer: what would be given away, or what does not fit.
    ///
    /// # Errors
    /// In this order: `ipam.pinned_twice`; `ipam.pinned_taken`.
    ///
    /// # Rule
    /// R-I7
    pub fn try_out(&self, requests: &[Request<A>], placement: &Placement<A>) -> Result<Answer<A>, IpamError> {
        let mut space = Space::of(self, placement);
        let pinned = self.pinned(requests)?;
        pinned.iter().for_each(|(_, block)| space.take(block.interval()));
        let mut placed = pinned;
        for (length, indices) in by_length(requests) {
            space.seek(length);
            for (available, index) in indices.iter().enumerate() {
                let Some(block) = space.next() else {
                    return Ok(Answer::Lacks(Shortage { length, asked: indices.len(), available }));
                };
                placed.push((*index, block));
            }
        }
        placed.sort_unstable();
        let blocks: Vec<Prefix<A>> = placed.into_iter().map(|(_, block)| block).collect();
        let after = Self { network: self.network, free: space.free().collect() };
        self.conserved(&blocks, &after)?;
        Ok(Answer::Fits(Allocation { blocks, after }))
    }

    /// Pinned requests with their places, each free and none twice.
    fn pinned(&self, requests: &[Request<A>]) -> Result<Vec<(usize, Prefix<A>)>, IpamError> {
        let pinned = requests.iter().enumerate().filter_map(|(index, request)| match request {
            Request::Pinned(block) => Some((index, *block)),
            Request::Any(_) => None,
        });
        let mut pinned: Vec<(usize, Prefix<A>)> = pinned.collect();
        pinned.sort_unstable_by_key(|(index, block)| (*block, *index));
        for pair in pinned.windows(2) {
            if let [(other, with), (index, block)] = pair
                && with.interval().overlaps(block.interval())
            {
                let (block, with) = (block.to_string(), with.to_string());
                return Err(IpamError::PinnedTwice { index: *index, block, other: *other, with });
            }
        }
        for (index, block) in &pinned {
            if !self.free.covers(block.interval()) {
                let free = self.free.intersection(&(*block).into()).size().to_string();
                return Err(IpamError::PinnedTaken { index: *index, block: block.to_string(), free });
            }
        }
        Ok(pinned)
    }

    /// What is given away and what is free then are what was free before.
    fn conserved(&self, blocks: &[Prefix<A>], after: &Self) -> Result<(), IpamError> {
        let given = blocks.iter().try_fold(Size::ZERO, |sum, block| sum.plus(block.size()));
        let parts = given.and_then(|given| given.plus(after.size()));
        if parts == Ok(self.size()) {
            return Ok(());
        }
        Err(IpamError::SpaceNotConserved {
            of: self.network.to_string(),
            whole: self.size().to_string(),
            parts: parts.map_or_else(|_| String::from("more than 2^128"), |parts| parts.to_string()),
        })
    }
}

/// The places of the requests that are not pinned, by length: the large first.
fn by_length<A: Address>(requests: &[Request<A>]) -> Vec<(PrefixLen<A>, Vec<usize>)> {
    let mut by_length: Vec<(PrefixLen<A>, Vec<usize>)> = Vec::new();
    let mut places: Vec<(PrefixLen<A>, usize)> = requests
        .iter()
        .enumerate()
        .filter_map(|(index, request)| match request {
            Request::Any(length) => Some((*length, index)),
            Request::Pinned(_) => None,
        })
        .collect();
    places.sort_unstable();
    for (length, index) in places {
        match by_length.last_mut().filter(|(last, _)| *last == length) {
            Some((_, indices)) => indices.push(index),
            None => by_length.push((length, vec![index])),
        }
    }
    by_length
}
