use super::{Labelled, Line, Word};
use crate::{
    error::{IpamError, RowFault},
    ipam::{MiniSplitDiff, PrefixLen, Range, SplitLimits},
};

/// The pieces of many ranges as columns: range *r* has those from `offsets[r]` up to `offsets[r + 1]`, in
/// order; one that has a fault has none. Filled again for each batch, so that its memory is used again.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Range, SplitLimits, bulk::{Labelled, PieceLists}};
///
/// let ranges: [Range<Ipv4>; 3] = ["10.0.0.0/24".parse()?, "10.0.1.0/24".parse()?, "10.0.2.0-10.0.2.100/24".parse()?];
/// let (ranges, lengths) = (Labelled::<Vec<u32>, Vec<u8>>::of(&ranges), [25, 16, 26]);
/// let mut pieces = PieceLists::<u32>::default();
/// pieces.split(&ranges, &lengths, SplitLimits::PORTAL, 1_000)?;
/// assert_eq!(pieces.offsets, [0, 2, 2, 4]);
/// assert_eq!((pieces.first[1], pieces.last[1], pieces.length[1]), (0x0a00_0080, 0x0a00_00ff, 25));
/// assert_eq!((pieces.faults[0].row, pieces.faults[0].code), (1, "ipam.shorter_than_label"));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I3, R-I5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceLists<W> {
    /// Where the pieces of each range begin, and one more.
    pub offsets: Vec<usize>,
    /// The first address of each piece.
    pub first: Vec<W>,
    /// The last address of each piece.
    pub last: Vec<W>,
    /// The length of each piece's label.
    pub length: Vec<u8>,
    /// The ranges that have a fault, in order.
    pub faults: Vec<RowFault>,
}

impl<W> Default for PieceLists<W> {
    fn default() -> Self {
        Self { offsets: vec![], first: vec![], last: vec![], length: vec![], faults: vec![] }
    }
}

impl<W: Word> PieceLists<W> {
    /// Splits each range into the length of its row, within limits for each, and at most so many pieces
    /// together: the range that would have more has a fault, and a later one that is within what is left has none.
    ///
    /// [`Range::split_within`] splits one, and says what is wrong with it.
    ///
    /// # Errors
    /// `ipam.column_lengths`. In a row: as [`Labelled::rows`]; `ipam.length`, `ipam.shorter_than_label`,
    /// `ipam.too_many_pieces`, `ipam.too_much_longer`.
    ///
    /// # Rule
    /// R-I3
    pub fn split<C: AsRef<[W]>, L: AsRef<[u8]>>(
        &mut self,
        ranges: &Labelled<C, L>,
        lengths: &[u8],
        limits: SplitLimits<W::Address>,
        most: usize,
    ) -> Result<(), IpamError> {
        let most = u128::try_from(most).unwrap_or(u128::MAX);
        self.fill(ranges, lengths, |pieces, range, length| {
            let taken = u128::try_from(pieces.first.len()).unwrap_or(u128::MAX);
            let left = most.saturating_sub(taken);
            let limits = limits.with_pieces(limits.pieces().map_or(left, |of_each| of_each.min(left)));
            range.split_within(length, limits)?.for_each(|piece| pieces.push(piece));
            Ok(())
        })
    }

    /// Splits each range minimally, so that some pieces have the length of its row. One range has at most
    /// 2^(diff + 1) + 2 W pieces.
    ///
    /// [`Range::mini_split`] splits one, and says what is wrong with it; its plan is allocated for each row.
    ///
    /// # Errors
    /// `ipam.column_lengths`. In a row: as [`Labelled::rows`]; `ipam.length`, `ipam.not_longer`.
    ///
    /// # Rule
    /// R-I5
    pub fn mini_split<C: AsRef<[W]>, L: AsRef<[u8]>>(
        &mut self,
        ranges: &Labelled<C, L>,
        lengths: &[u8],
        diff: MiniSplitDiff<W::Address>,
    ) -> Result<(), IpamError> {
        self.fill(ranges, lengths, |pieces, range, length| {
            range.mini_split(length, diff)?.ranges().iter().for_each(|piece| pieces.push(*piece));
            Ok(())
        })
    }

    fn fill<C: AsRef<[W]>, L: AsRef<[u8]>>(
        &mut self,
        ranges: &Labelled<C, L>,
        lengths: &[u8],
        mut split: impl FnMut(&mut Self, Range<W::Address>, PrefixLen<W::Address>) -> Result<(), IpamError>,
    ) -> Result<(), IpamError> {
        let first = ranges.first.as_ref().len();
        if first != lengths.len() {
            return Err(IpamError::ColumnLengths { first, other: lengths.len() });
        }
        let rows = ranges.rows()?;
        self.clear();
        self.offsets.push(0);
        for (Line { at, value }, length) in rows.zip(lengths) {
            let done = value.and_then(|range| split(self, range, PrefixLen::new(*length)?));
            if let Err(error) = done {
                self.faults.push(RowFault { row: at, code: error.code() });
            }
            self.offsets.push(self.first.len());
        }
        Ok(())
    }

    fn push(&mut self, piece: Range<W::Address>) {
        self.first.push(W::of(piece.first()));
        self.last.push(W::of(piece.last()));
        self.length.push(piece.length().get());
    }

    fn clear(&mut self) {
        self.offsets.clear();
        self.first.clear();
        self.last.clear();
        self.length.clear();
        self.faults.clear();
    }
}
