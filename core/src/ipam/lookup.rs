//! The longest prefix that an address is in (R-I10).

use super::{Address, Prefix};
use crate::error::IpamError;
use std::{fmt, iter, num::NonZeroU32};

/// Prefixes with a value each, and for any address the longest of them that it is in.
///
/// The prefixes are cut once into disjoint stretches of addresses, each with the longest prefix that it is in; an
/// index by leading bits says where to search for an address among them.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, LookupTable};
///
/// let routes = [("0.0.0.0/0", "upstream"), ("10.0.0.0/8", "campus"), ("10.1.0.0/16", "lab")];
/// let routes = routes.map(|(prefix, to)| (prefix.parse().unwrap(), to));
/// let table = LookupTable::<Ipv4, _>::new(routes)?;
///
/// let found = table.longest_match("10.1.2.3".parse()?).expect("there is a default route");
/// assert_eq!((found.prefix().to_string(), *found.value()), ("10.1.0.0/16".to_owned(), "lab"));
/// let all: Vec<&str> = table.matches("10.1.2.3".parse()?).map(|found| *found.value()).collect();
/// assert_eq!(all, ["lab", "campus", "upstream"]);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
#[derive(Clone)]
pub struct LookupTable<A, V> {
    /// By network, and of those that begin together from the large to the small.
    prefixes: Vec<Prefix<A>>,
    /// The value of each prefix: apart, because a lookup often wants nothing else.
    values: Vec<V>,
    /// The longest prefix that each prefix is in.
    parents: Vec<Option<EntryId>>,
    /// Where each stretch begins, in order; the first begins with the family.
    stretches: Vec<Stretch<A>>,
    /// For each value of the leading bits, what is known before its first stretch; and one more.
    index: Vec<Bucket>,
    /// How many bits are not leading ones.
    shift: u32,
}

/// A prefix that was found: [`LookupTable::longest_match`].
///
/// # Rule
/// R-I10
pub struct Match<'a, A, V> {
    table: &'a LookupTable<A, V>,
    id: EntryId,
    value: &'a V,
}

impl<'a, A: Address, V> Match<'a, A, V> {
    /// The prefix.
    pub fn prefix(&self) -> Prefix<A> {
        self.table.prefixes.get(self.id.place()).copied().unwrap_or(Prefix::WHOLE)
    }

    /// Its place among all prefixes in order, from 0: see [`LookupTable::at`].
    pub fn place(&self) -> usize {
        self.id.place()
    }

    /// Its value.
    pub fn value(&self) -> &'a V {
        self.value
    }

    /// The longest prefix that it is in.
    pub fn parent(&self) -> Option<Self> {
        let id = self.table.parents.get(self.id.place()).copied().flatten()?;
        self.table.of(id)
    }
}

/// A place among the entries, from one on: none of them costs no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EntryId(NonZeroU32);

#[derive(Debug, Clone, Copy)]
struct Stretch<A> {
    first: A,
    entry: Option<EntryId>,
}

/// The addresses of some leading bits.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// The place of the first stretch that begins in it, if any does.
    begin: u32,
    /// The longest prefix of the address before it, which is that of its own where no stretch begins before them.
    entry: Option<EntryId>,
}

impl<A: Address, V> LookupTable<A, V> {
    /// The most prefixes of a table: there are at most twice as many stretches and one, and their places are kept
    /// in 32 bits.
    pub const MOST: usize = 1 << 30;

    /// A table of prefixes in any order.
    ///
    /// # Errors
    /// `ipam.too_many_prefixes` above [`MOST`](Self::MOST); `ipam.duplicate_range` where a prefix stands twice.
    pub fn new(prefixes: impl IntoIterator<Item = (Prefix<A>, V)>) -> Result<Self, IpamError> {
        let mut rows: Vec<(usize, (Prefix<A>, V))> = prefixes.into_iter().enumerate().collect();
        if rows.len() > Self::MOST {
            return Err(IpamError::TooManyPrefixes { count: rows.len(), limit: Self::MOST });
        }
        rows.sort_by_key(|(_, (prefix, _))| *prefix);
        if let Some([first, second]) = rows.array_windows().find(|[left, right]| left.1.0 == right.1.0) {
            let range = first.1.0.to_string();
            return Err(IpamError::DuplicateRange { range, list: "table", first: first.0, second: second.0 });
        }
        let (prefixes, values): (Vec<Prefix<A>>, Vec<V>) = rows.into_iter().map(|(_, row)| row).unzip();
        let (stretches, parents) = cut(&prefixes);
        let (index, shift) = index(&stretches);
        Ok(Self { prefixes, values, parents, stretches, index, shift })
    }

    /// How many prefixes there are.
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// The longest prefix that an address is in.
    #[inline]
    pub fn longest_match(&self, address: A) -> Option<Match<'_, A, V>> {
        self.of(self.find(address)?)
    }

    /// All prefixes that an address is in, the longest first.
    pub fn matches(&self, address: A) -> impl Iterator<Item = Match<'_, A, V>> {
        iter::successors(self.longest_match(address), Match::parent)
    }

    /// Its prefixes with their values, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Prefix<A>, &V)> {
        self.prefixes.iter().copied().zip(&self.values)
    }

    /// The prefix at a place, with its value.
    pub fn at(&self, place: usize) -> Option<(Prefix<A>, &V)> {
        Some((*self.prefixes.get(place)?, self.values.get(place)?))
    }

    fn of(&self, id: EntryId) -> Option<Match<'_, A, V>> {
        self.values.get(id.place()).map(|value| Match { table: self, id, value })
    }

    #[inline]
    fn find(&self, address: A) -> Option<EntryId> {
        let [bucket, next] = self.index.get(leading(address, self.shift)..)?.first_chunk()?;
        let stretches = self.stretches.get(wide(bucket.begin)..wide(next.begin))?;
        match stretches.partition_point(|stretch| stretch.first <= address).checked_sub(1) {
            Some(last) => stretches.get(last)?.entry,
            None => bucket.entry,
        }
    }
}

impl EntryId {
    fn of(place: usize) -> Option<Self> {
        u32::try_from(place.checked_add(1)?).ok().and_then(NonZeroU32::new).map(Self)
    }

    fn place(self) -> usize {
        wide(self.0.get()).saturating_sub(1)
    }
}

impl<A, V> Clone for Match<'_, A, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, V> Copy for Match<'_, A, V> {}

/// What was found, and not the table that it was found in.
impl<A: Address, V: fmt::Debug> fmt::Debug for Match<'_, A, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Match").field("prefix", &self.prefix()).field("value", self.value).finish()
    }
}

/// The prefixes with their values, and not the index over them.
impl<A: Address, V: fmt::Debug> fmt::Debug for LookupTable<A, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Cuts the family into stretches, and tells the parent of each prefix.
fn cut<A: Address>(prefixes: &[Prefix<A>]) -> (Vec<Stretch<A>>, Vec<Option<EntryId>>) {
    let mut stretches = Vec::with_capacity(prefixes.len().saturating_mul(2).saturating_add(1));
    stretches.push(Stretch { first: A::FIRST, entry: None });
    let mut begin = |first: A, entry: Option<EntryId>| match stretches.last_mut() {
        Some(stretch) if stretch.first == first => stretch.entry = entry,
        _ => stretches.push(Stretch { first, entry }),
    };
    let mut parents = Vec::with_capacity(prefixes.len());
    // Those that the last one is in, and itself: each in the one before.
    let mut open: Vec<(A, Option<EntryId>)> = Vec::new();
    for (place, prefix) in prefixes.iter().enumerate() {
        while let Some((ended, _)) = open.pop_if(|(last, _)| *last < prefix.first()) {
            // It ended before another prefix begins, so there is an address after it.
            begin(ended.next().unwrap_or(A::LAST), open.last().and_then(|(_, id)| *id));
        }
        parents.push(open.last().and_then(|(_, id)| *id));
        let id = EntryId::of(place);
        begin(prefix.first(), id);
        open.push((prefix.last(), id));
    }
    while let Some((ended, _)) = open.pop() {
        if let Some(after) = ended.next() {
            begin(after, open.last().and_then(|(_, id)| *id));
        }
    }
    (stretches, parents)
}

/// What is known of each value of the leading bits, and how many bits are not leading ones.
///
/// More values than stretches, up to a size that a second-level cache holds: of most addresses the prefix is known then, and the others are
/// near where the index says.
fn index<A: Address>(stretches: &[Stretch<A>]) -> (Vec<Bucket>, u32) {
    const MOST_BITS: u32 = 18;
    let bits = stretches.len().max(1).ilog2().saturating_add(3).min(MOST_BITS).min(A::WIDTH.into());
    let shift = u32::from(A::WIDTH).saturating_sub(bits);
    let buckets = 1_usize.wrapping_shl(bits);
    let mut index = Vec::with_capacity(buckets.saturating_add(1));
    let (mut begin, mut entry) = (0_usize, None);
    for bucket in 0..=buckets {
        let rest = stretches.get(begin..).unwrap_or_default();
        let before = rest.iter().take_while(|each| leading(each.first, shift) < bucket).count();
        if let Some(last) = before.checked_sub(1).and_then(|last| rest.get(last)) {
            entry = last.entry;
        }
        begin = begin.saturating_add(before);
        index.push(Bucket { begin: u32::try_from(begin).unwrap_or(u32::MAX), entry });
    }
    (index, shift)
}

/// The bits of an address above a shift.
fn leading<A: Address>(address: A, shift: u32) -> usize {
    usize::try_from(address.to_bits().checked_shr(shift).unwrap_or(0)).unwrap_or(usize::MAX)
}

fn wide(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{PrefixLen, Toy};

    #[test]
    fn what_is_shown_is_what_was_found_and_not_the_index() {
        let prefix = |first: u8, bits: u8| {
            Prefix::containing(Toy::new(first), PrefixLen::new(bits).expect("a length of the toy family"))
        };
        let table = LookupTable::new([(prefix(0, 0), "all"), (prefix(128, 1), "high")]).expect("two prefixes");
        let found = table.longest_match(Toy::new(200)).expect("all are in the first");
        let [low, high] = [0, 128].map(|first| format!("{:?}", prefix(first, u8::from(first > 0))));
        assert_eq!(format!("{found:?}"), format!("Match {{ prefix: {high}, value: \"high\" }}"));
        assert_eq!(format!("{table:?}"), format!("{{{low}: \"all\", {high}: \"high\"}}"));
    }
}
