use super::{Address, Family, Interval, PrefixLen, Range, Row, RowAction, Size};
use crate::error::{IpamError, excerpt};
use std::{iter::FusedIterator, marker::PhantomData, str::FromStr};

/// The pieces of a range of one length, in order: cut along the grid of that length, the first and the
/// last piece clipped to the range.
///
/// Lazy and without memory of its own: a piece costs the same, O(1), wherever it is, by
/// [`piece`](Self::piece), `nth` and `nth_back`, and how many there are is known before the first
/// ([`pieces`](Self::pieces)). There may be 2^128 of them, so it is no `ExactSizeIterator`, and
/// `count()` says `usize::MAX` where there are more.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Ipv6, Range};
///
/// let range: Range<Ipv4> = "10.0.0.1-10.0.0.200/24".parse()?;
/// let pieces: Vec<String> = range.split("26".parse()?)?.map(|piece| piece.to_string()).collect();
/// assert_eq!(pieces, ["10.0.0.1-10.0.0.63/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192-10.0.0.200/26"]);
///
/// let mut tail = "10.0.0.0/8".parse::<Range<Ipv4>>()?.split("24".parse()?)?;
/// assert_eq!(tail.nth(65_535).map(|piece| piece.to_string()), Some("10.255.255.0/24".to_owned()));
///
/// let all = "::/0".parse::<Range<Ipv6>>()?.split("64".parse()?)?;
/// assert_eq!(all.pieces().to_string(), "18446744073709551616");
/// assert_eq!(all.piece(u64::MAX.into()).map(|piece| piece.to_string()), Some("ffff:ffff:ffff:ffff::/64".to_owned()));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I3
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a split is lazy: iterate over it"]
pub struct Split<A> {
    of: Range<A>,
    length: PrefixLen<A>,
    rest: Option<Interval<A>>,
}

/// What a split may come to before it is refused.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Ipv6, Range, SplitLimits};
///
/// let range: Range<Ipv4> = "10.0.0.0/8".parse()?;
/// let error = range.split_within("24".parse()?, SplitLimits::PORTAL).unwrap_err();
/// assert_eq!(error.code(), "ipam.too_many_pieces");
/// assert!(error.to_string().contains("65536 pieces"));
/// assert!(range.split_within("24".parse()?, SplitLimits::NONE.with_pieces(65_536)).is_ok());
///
/// let range: Range<Ipv6> = "::/0".parse()?;
/// let error = range.split_within("128".parse()?, SplitLimits::PORTAL).unwrap_err();
/// assert!(error.to_string().contains("340282366920938463463374607431768211456 pieces"));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitLimits<A> {
    pieces: Option<u128>,
    longer_by: Option<u8>,
    of: PhantomData<A>,
}

impl<A: Address> SplitLimits<A> {
    /// None.
    pub const NONE: Self = Self { pieces: None, longer_by: None, of: PhantomData };

    /// The portal's: at most 256 pieces, and in IPv4 a length at most 8 longer than the label.
    pub const PORTAL: Self = Self {
        pieces: Some(256),
        longer_by: match A::FAMILY {
            Family::Ipv4 => Some(8),
            Family::Ipv6 | Family::Toy => None,
        },
        of: PhantomData,
    };

    /// The same with at most so many pieces.
    #[must_use]
    pub const fn with_pieces(self, most: u128) -> Self {
        Self { pieces: Some(most), ..self }
    }

    /// The same with a length that is at most so many bits longer than the label.
    #[must_use]
    pub const fn with_longer_by(self, most: u8) -> Self {
        Self { longer_by: Some(most), ..self }
    }

    /// The most pieces.
    pub const fn pieces(self) -> Option<u128> {
        self.pieces
    }

    /// By how many bits the length may be longer than the label.
    pub const fn longer_by(self) -> Option<u8> {
        self.longer_by
    }

    fn check(self, split: &Split<A>) -> Result<(), IpamError> {
        let pieces = split.pieces();
        if let Some(limit) = self.pieces.filter(|limit| pieces > Size::from(*limit)) {
            return Err(IpamError::TooManyPieces {
                range: split.of.to_string(),
                length: split.length.get(),
                pieces: pieces.to_string(),
                limit: limit.to_string(),
            });
        }
        self.check_length(split.of, split.length.get(), pieces)
    }

    fn check_length(self, of: Range<A>, length: u8, pieces: Size) -> Result<(), IpamError> {
        let label = of.length().get();
        match self.longer_by {
            Some(limit) if length.saturating_sub(label) > limit => Err(IpamError::TooMuchLonger {
                range: of.to_string(),
                length,
                label,
                limit,
                pieces: pieces.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

impl<A: Address> FromStr for SplitLimits<A> {
    type Err = IpamError;

    /// `none` or `portal`.
    ///
    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        match text {
            "none" => Ok(Self::NONE),
            "portal" => Ok(Self::PORTAL),
            _ => Err(IpamError::UnknownWord { what: "limits", text: excerpt(text), known: "none, portal" }),
        }
    }
}

impl<A: Address> Range<A> {
    /// Its pieces of a length. Those of its own label are the range itself, clipped or not.
    ///
    /// Nothing is computed before a piece is asked for, and nothing is limited: see
    /// [`split_within`](Self::split_within) where the pieces are to be kept.
    ///
    /// # Errors
    /// `ipam.shorter_than_label`.
    ///
    /// # Rule
    /// R-I3
    pub fn split(self, length: PrefixLen<A>) -> Result<Split<A>, IpamError> {
        if length < self.length() {
            return Err(shorter(self, length.get()));
        }
        Ok(Split { of: self, length, rest: Some(self.interval()) })
    }

    /// Its pieces of a length, within limits.
    ///
    /// # Errors
    /// In this order: `ipam.shorter_than_label`; `ipam.too_many_pieces`, `ipam.too_much_longer`, with
    /// the exact count.
    ///
    /// # Rule
    /// R-I3
    pub fn split_within(self, length: PrefixLen<A>, limits: SplitLimits<A>) -> Result<Split<A>, IpamError> {
        let split = self.split(length)?;
        limits.check(&split)?;
        Ok(split)
    }
}

/// The pieces of a row, compat: checked in the portal's order, which reads the length last.
///
/// # Errors
/// In this order: `ipam.split_status` of a row that is neither `wait` nor `reserved`,
/// `ipam.shorter_than_label`, `ipam.too_much_longer`, `ipam.length`, `ipam.too_many_pieces`.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Row, RowStatus, SplitLimits, split_row};
///
/// let row = Row::<Ipv4> { id: "7".into(), range: "10.0.0.0/24".parse()?, status: RowStatus::Wait, asn: None, owner: None };
/// assert_eq!(split_row(&row, 26, SplitLimits::PORTAL)?.pieces().to_string(), "4");
/// assert_eq!(split_row(&row, 33, SplitLimits::PORTAL).unwrap_err().code(), "ipam.too_much_longer");
/// // Of its own label it stays as it is (D-I3).
/// assert!(split_row(&row, 24, SplitLimits::PORTAL)?.is_unchanged());
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I3, R-I12
pub fn split_row<A: Address>(row: &Row<A>, length: u8, limits: SplitLimits<A>) -> Result<Split<A>, IpamError> {
    if RowAction::Split.after(Some(row.status)).is_err() {
        return Err(IpamError::SplitStatus { id: row.id.clone(), status: row.status.name() });
    }
    if length < row.range.length().get() {
        return Err(shorter(row.range, length));
    }
    let split = PrefixLen::new(length).and_then(|length| row.range.split(length));
    let pieces = split.as_ref().map_or(Size::ZERO, Split::pieces);
    limits.check_length(row.range, length, pieces)?;
    let split = split?;
    limits.check(&split)?;
    Ok(split)
}

fn shorter<A: Address>(range: Range<A>, length: u8) -> IpamError {
    IpamError::ShorterThanLabel { range: range.to_string(), length, label: range.length().get() }
}

impl<A: Address> Split<A> {
    /// The range that is cut.
    pub fn of(&self) -> Range<A> {
        self.of
    }

    /// The length of the pieces.
    pub fn length(&self) -> PrefixLen<A> {
        self.length
    }

    /// Whether nothing is cut: the length is the range's own label, and the only piece is the range.
    pub fn is_unchanged(&self) -> bool {
        self.length == self.of.length()
    }

    /// The addresses of the pieces that are still ahead; `None` at the end.
    pub fn rest(&self) -> Option<Interval<A>> {
        self.rest
    }

    /// How many pieces are still ahead, exactly. O(1).
    pub fn pieces(&self) -> Size {
        let Some(rest) = self.rest else { return Size::ZERO };
        let blocks = rest.first().network(self.length).distance(rest.last().network(self.length));
        // Of length 0 there is one network, and the distance is 0.
        Size::of_distance(blocks.checked_shr(self.length.host_bits().into()).unwrap_or(0))
    }

    /// A piece by its place among those that are still ahead, from 0. O(1).
    pub fn piece(&self, index: u128) -> Option<Range<A>> {
        self.without_first(index).map(|rest| self.first_of(rest))
    }

    /// The same without its first pieces. O(1).
    pub fn starting_at(self, index: u128) -> Self {
        Self { rest: self.without_first(index), ..self }
    }

    fn first_of(&self, rest: Interval<A>) -> Range<A> {
        let last = rest.first().broadcast(self.length).min(rest.last());
        Range::within(Interval::ordered(rest.first(), last), self.length)
    }

    fn last_of(&self, rest: Interval<A>) -> Range<A> {
        let first = rest.last().network(self.length).max(rest.first());
        Range::within(Interval::ordered(first, rest.last()), self.length)
    }

    fn without_first(&self, count: u128) -> Option<Interval<A>> {
        let rest = self.rest?;
        if count == 0 {
            return Some(rest);
        }
        let first = rest.first().network(self.length).plus(self.addresses_of(count)?)?;
        between(first, rest.last())
    }

    fn without_last(&self, count: u128) -> Option<Interval<A>> {
        let rest = self.rest?;
        if count == 0 {
            return Some(rest);
        }
        let last = rest.last().broadcast(self.length).minus(self.addresses_of(count)?)?;
        between(rest.first(), last)
    }

    /// `None` where there are 2^128 or more, which is beyond every range.
    fn addresses_of(&self, blocks: u128) -> Option<u128> {
        self.length.block_size().to_u128()?.checked_mul(blocks)
    }
}

fn between<A: Address>(first: A, last: A) -> Option<Interval<A>> {
    (first <= last).then(|| Interval::ordered(first, last))
}

impl<A: Address> Iterator for Split<A> {
    type Item = Range<A>;

    fn next(&mut self) -> Option<Range<A>> {
        let rest = self.rest?;
        let piece = self.first_of(rest);
        self.rest = piece.last().next().and_then(|first| between(first, rest.last()));
        Some(piece)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self.pieces().to_u128().map(usize::try_from) {
            Some(Ok(pieces)) => (pieces, Some(pieces)),
            _ => (usize::MAX, None),
        }
    }

    fn count(self) -> usize {
        self.size_hint().0
    }

    fn last(mut self) -> Option<Range<A>> {
        self.next_back()
    }

    fn nth(&mut self, count: usize) -> Option<Range<A>> {
        self.rest = self.without_first(wide(count));
        self.next()
    }
}

impl<A: Address> DoubleEndedIterator for Split<A> {
    fn next_back(&mut self) -> Option<Range<A>> {
        let rest = self.rest?;
        let piece = self.last_of(rest);
        self.rest = piece.first().previous().and_then(|last| between(rest.first(), last));
        Some(piece)
    }

    fn nth_back(&mut self, count: usize) -> Option<Range<A>> {
        self.rest = self.without_last(wide(count));
        self.next_back()
    }
}

impl<A: Address> FusedIterator for Split<A> {}

/// No machine has a wider `usize`.
fn wide(count: usize) -> u128 {
    u128::try_from(count).unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Ipv6, Toy};

    fn split<A: Address>(range: &str, length: u8) -> Split<A> {
        range.parse::<Range<A>>().unwrap().split(PrefixLen::new(length).unwrap()).unwrap()
    }

    fn texts<A: Address>(split: Split<A>) -> Vec<String> {
        split.map(|piece| piece.to_string()).collect()
    }

    #[test]
    fn the_first_and_the_last_piece_are_clipped() {
        let pieces = texts(split::<Ipv4>("159.0.1.100-159.0.1.180/24", 27));
        assert_eq!(pieces, ["159.0.1.100-159.0.1.127/27", "159.0.1.128/27", "159.0.1.160-159.0.1.180/27"]);
        assert_eq!(texts(split::<Ipv4>("10.0.0.4-10.0.0.6/8", 24)), ["10.0.0.4-10.0.0.6/24"]);
    }

    #[test]
    fn its_own_label_is_the_range_itself() {
        for text in ["10.0.0.4-10.0.0.6/8", "0.0.0.0/0", "255.255.255.255/32"] {
            let range: Range<Ipv4> = text.parse().unwrap();
            let same = range.split(range.length()).unwrap();
            assert!(same.is_unchanged());
            assert_eq!(same.collect::<Vec<_>>(), [range]);
        }
    }

    #[test]
    fn counts_up_to_the_whole_family() {
        for (length, pieces) in [(0, "1"), (1, "2"), (64, "18446744073709551616")] {
            assert_eq!(split::<Ipv6>("::/0", length).pieces().to_string(), pieces);
        }
        let mut all = split::<Ipv6>("::/0", 128);
        assert_eq!(all.pieces(), Size::WHOLE);
        assert_eq!((all.size_hint(), all.clone().count()), ((usize::MAX, None), usize::MAX));
        assert_eq!(all.piece(u128::MAX).map(Range::first), Some(Ipv6::LAST));
        assert_eq!(all.next_back().map(Range::first), Some(Ipv6::LAST));
        assert_eq!(all.next().map(Range::first), Some(Ipv6::FIRST));
        assert_eq!(all.pieces().to_string(), "340282366920938463463374607431768211454");
        assert_eq!(all.clone().last().map(|piece| piece.first().get()), Some(u128::MAX - 1));
        assert_eq!(all.starting_at(u128::MAX).next(), None);
        assert_eq!(split::<Ipv4>("0.0.0.0/0", 32).pieces(), Size::from(1 << 32));
        assert_eq!(split::<Ipv4>("0.0.0.0/0", 32).last().map(Range::last), Some(Ipv4::LAST));
    }

    #[test]
    fn a_clipped_tail_of_2_to_the_64_pieces_knows_its_count() {
        let tail = split::<Ipv6>("2001:db8::1-2001:db8::ffff:ffff:ffff:ffff/32", 128);
        assert_eq!(tail.pieces(), Size::from(u128::from(u64::MAX)));
        assert_eq!(tail.piece(u128::from(u64::MAX)), None);
        let whole = split::<Ipv6>("2001:db8::/64", 128);
        let error = whole.of().split_within(whole.length(), SplitLimits::PORTAL).unwrap_err();
        assert_eq!(error.details()[2], ("pieces", "18446744073709551616".to_owned()));
    }

    #[test]
    fn limits_are_held_to_the_last_piece() {
        let range: Range<Ipv4> = "10.0.0.0/16".parse().unwrap();
        let length = |bits| PrefixLen::new(bits).unwrap();
        assert!(range.split_within(length(24), SplitLimits::PORTAL).is_ok());
        let codes = |range: &str, bits, limits| {
            range.parse::<Range<Ipv4>>().unwrap().split_within(length(bits), limits).err().map(|error| error.code())
        };
        assert_eq!(codes("10.0.0.0/16", 25, SplitLimits::PORTAL), Some("ipam.too_many_pieces"));
        // Few pieces, and yet a length that is 9 longer.
        assert_eq!(codes("10.0.0.0-10.0.0.255/16", 25, SplitLimits::PORTAL), Some("ipam.too_much_longer"));
        assert_eq!(codes("10.0.0.0-10.0.0.255/16", 25, SplitLimits::NONE.with_pieces(2)), None);
        assert_eq!(codes("10.0.0.0-10.0.1.0/16", 25, SplitLimits::NONE.with_pieces(2)), Some("ipam.too_many_pieces"));
        assert_eq!(codes("10.0.0.0/16", 18, SplitLimits::NONE.with_longer_by(1)), Some("ipam.too_much_longer"));
        assert_eq!(codes("10.0.0.0/16", 15, SplitLimits::NONE), Some("ipam.shorter_than_label"));
        // IPv6 has the limit of pieces only.
        let range: Range<Ipv6> = "2001:db8::-2001:db8::ff/32".parse().unwrap();
        assert!(range.split_within(PrefixLen::HOST, SplitLimits::PORTAL).is_ok());
    }

    #[test]
    fn a_row_is_checked_in_the_portals_order() {
        let row = |status, range: &str| Row::<Ipv4> {
            id: "1".to_owned(),
            range: range.parse().unwrap(),
            status,
            asn: None,
            owner: None,
        };
        let code = |status, range, length| {
            split_row(&row(status, range), length, SplitLimits::PORTAL).err().map(|error| error.code())
        };
        use crate::ipam::RowStatus::{Assigned, Reserved, Wait};
        assert_eq!(code(Assigned, "10.0.0.0/24", 8), Some("ipam.split_status"));
        assert_eq!(code(Wait, "10.0.0.0/24", 8), Some("ipam.shorter_than_label"));
        assert_eq!(code(Wait, "10.0.0.0/24", 33), Some("ipam.too_much_longer"));
        assert_eq!(code(Wait, "10.0.0.0/25", 33), Some("ipam.length"));
        assert_eq!(code(Reserved, "10.0.0.0/8", 16), None);
        assert_eq!(code(Wait, "10.0.0.0/8", 17), Some("ipam.too_much_longer"));
    }

    /// Every interval with its tightest label, some also with the loosest, and every length, against a model that
    /// looks at each address.
    #[test]
    fn every_split_of_the_toy_family() {
        let mut tried = 0_u32;
        for first in 0..=u8::MAX {
            for last in first..=u8::MAX {
                let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
                let tightest = interval.tightest_length().get();
                let loosest = (tightest > 0 && last % 5 == 0).then_some(0);
                for label in [Some(tightest), loosest].into_iter().flatten() {
                    let range = Range::new(interval, PrefixLen::new(label).unwrap()).unwrap();
                    for length in label..=8 {
                        check(range, length);
                        tried += 1;
                    }
                }
            }
        }
        assert_eq!(tried, TRIED);
    }

    /// Counted by a program that lists the same triples.
    const TRIED: u32 = 292_586;

    fn check(range: Range<Toy>, length: u8) {
        // The model: an address begins a piece if it is the first, or its leading bits are others than those before.
        let mut model: Vec<(u8, u8)> = Vec::new();
        let leading = |address: u8| u16::from(address) >> (8 - length);
        for address in range.first().get()..=range.last().get() {
            match model.last_mut() {
                Some((_, last)) if leading(*last) == leading(address) => *last = address,
                _ => model.push((address, address)),
            }
        }
        let length = PrefixLen::new(length).unwrap();
        let split = range.split(length).unwrap();
        let ends = |piece: Range<Toy>| {
            assert_eq!(piece.length(), length);
            (piece.first().get(), piece.last().get())
        };
        assert_eq!(split.pieces(), Size::from(model.len() as u128));
        assert_eq!(split.size_hint(), (model.len(), Some(model.len())));
        assert_eq!(split.clone().map(ends).collect::<Vec<_>>(), model);
        assert_eq!(split.clone().rev().map(ends).collect::<Vec<_>>(), model.iter().rev().copied().collect::<Vec<_>>());
        // `nth` from both ends is as many `next`, and leaves the same behind it.
        for skipped in [0, 1, model.len() / 2, model.len().saturating_sub(1), model.len(), model.len() + 1] {
            let expected = model.get(skipped);
            let mut front = split.clone();
            assert_eq!(front.nth(skipped).map(ends).as_ref(), expected);
            assert_eq!(front.pieces(), Size::from(model.len().saturating_sub(skipped + 1) as u128));
            assert_eq!(front.next().map(ends).as_ref(), model.get(skipped + 1));
            assert_eq!(split.piece(skipped as u128).map(ends).as_ref(), expected);
            let from_back = |skipped: usize| model.len().checked_sub(skipped + 1).and_then(|place| model.get(place));
            let mut back = split.clone();
            assert_eq!(back.nth_back(skipped).map(ends).as_ref(), from_back(skipped));
            assert_eq!(back.next_back().map(ends).as_ref(), from_back(skipped + 1));
        }
    }
}
