use super::{Pool, policy::Slots};
use crate::ipam::{Address, PrefixLen, Size};

/// How much is free, and in what pieces.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeSummary<A> {
    /// How many addresses are free.
    pub addresses: Size,
    /// In how many intervals.
    pub intervals: usize,
    /// The length of the largest free network; `None` where nothing is free.
    pub largest: Option<PrefixLen<A>>,
    /// By length, from that of the pool's network to W.
    pub by_length: Vec<FreeOfLength<A>>,
}

/// What is free by blocks of one length.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeOfLength<A> {
    /// The length.
    pub length: PrefixLen<A>,
    /// How many free networks of exactly this length there are among the fewest that tile what is free.
    pub networks: usize,
    /// How many blocks of this length would fit, if nothing else were asked for.
    pub fit: Size,
}

impl<A: Address> Pool<A> {
    /// How many blocks of a length would fit, if nothing else were asked for. O(free).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Ipv4, Pool};
    ///
    /// let pool = Pool::<Ipv4>::within("10.0.0.0/16".parse()?, ["10.0.8.0-10.0.8.0".parse()?]);
    /// assert_eq!(pool.fit("24".parse()?).to_string(), "255");
    /// assert_eq!(pool.fit("17".parse()?).to_string(), "1");
    /// assert_eq!(pool.fit("16".parse()?).to_string(), "0");
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I7
    pub fn fit(&self, length: PrefixLen<A>) -> Size {
        let slots = self.free().iter().filter_map(|free| Slots::of(*free, length));
        let counts = slots.map(|slots| Size::of_distance(slots.last.abs_diff(slots.first)));
        counts.fold(Size::ZERO, |sum, count| sum.plus(count).unwrap_or(Size::WHOLE)) // disjoint: never above
    }

    /// How much is free, and in what pieces. O(free × W).
    ///
    /// # Rule
    /// R-I7
    pub fn summary(&self) -> FreeSummary<A> {
        let lengths = || self.free.cidrs().map(|block| block.length());
        let mut networks = vec![0_usize; PrefixLen::<A>::all().count()];
        for length in lengths() {
            if let Some(count) = networks.get_mut(usize::from(length.get())) {
                *count = count.saturating_add(1);
            }
        }
        let by_length = PrefixLen::all().zip(networks).filter(|(length, _)| *length >= self.network().length());
        FreeSummary {
            addresses: self.size(),
            intervals: self.free().len(),
            largest: lengths().min(),
            by_length: by_length
                .map(|(length, networks)| FreeOfLength { length, networks, fit: self.fit(length) })
                .collect(),
        }
    }
}
