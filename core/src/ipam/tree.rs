//! Which range is in which (R-I10).

use super::{Address, Range};
use std::{cmp::Reverse, iter};

/// Ranges by containment: each below the nearest one before it that has all of its addresses.
///
/// The nodes stand in the order in which a tree is printed: a parent before its children, siblings by their first
/// address. Networks are in each other or apart. Ranges may also cut each other, and then neither is below the other;
/// [`crossings`](Self::crossings) tells so. Of ranges with the same ends, the one with the longer label is below, and
/// else the one that was given later; [`duplicates`](Self::duplicates) tells so.
///
/// It costs one sort.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Prefix, RangeTree};
///
/// let rows = ["10.0.1.0/24", "10.0.0.0/8", "192.168.0.0/16", "10.0.0.0/16"];
/// let tree = RangeTree::new(rows.map(|text| text.parse::<Prefix<Ipv4>>().unwrap()));
/// let printed: String = tree.nodes().iter().map(|node| format!("{}{}\n", "  ".repeat(node.depth()), node.range())).collect();
/// assert_eq!(printed, "10.0.0.0/8\n  10.0.0.0/16\n    10.0.1.0/24\n192.168.0.0/16\n");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeTree<A> {
    nodes: Vec<RangeNode<A>>,
}

/// A range in its tree.
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeNode<A> {
    range: Range<A>,
    row: usize,
    parent: Option<usize>,
    depth: usize,
    /// The place of the first node after it that is not below it.
    end: usize,
}

impl<A: Address> RangeNode<A> {
    /// The range.
    pub fn range(&self) -> Range<A> {
        self.range
    }

    /// Its place in the list that was given.
    pub fn row(&self) -> usize {
        self.row
    }

    /// The place of its parent among the nodes; none of a root.
    pub fn parent(&self) -> Option<usize> {
        self.parent
    }

    /// How many it is below.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl<A: Address> RangeTree<A> {
    /// The tree of ranges, or prefixes, in any order.
    pub fn new<R: Into<Range<A>>>(ranges: impl IntoIterator<Item = R>) -> Self {
        let ranges = ranges.into_iter().map(Into::into).enumerate();
        let mut nodes: Vec<RangeNode<A>> =
            ranges.map(|(row, range)| RangeNode { range, row, parent: None, depth: 0, end: 0 }).collect();
        nodes.sort_by_key(|node| (node.range.first(), Reverse(node.range.last()), node.range.length()));
        let count = nodes.len();
        // What still could have something below it: their ends fall, so the last that reaches far enough is the nearest.
        let mut open: Vec<(A, usize)> = Vec::new();
        for place in 0..count {
            let Some(last) = nodes.get(place).map(|node| node.range.last()) else { continue };
            while let Some((_, ended)) = open.pop_if(|(end, _)| *end < last) {
                close(&mut nodes, ended, place);
            }
            if let Some(node) = nodes.get_mut(place) {
                (node.parent, node.depth, node.end) = (open.last().map(|(_, place)| *place), open.len(), count);
            }
            open.push((last, place));
        }
        Self { nodes }
    }

    /// All nodes: a parent before its children, siblings by their first address.
    pub fn nodes(&self) -> &[RangeNode<A>] {
        &self.nodes
    }

    /// Those that are in no other.
    pub fn roots(&self) -> impl Iterator<Item = &RangeNode<A>> {
        self.siblings(0, self.nodes.len())
    }

    /// Those right below the node of a place; each costs O(1).
    pub fn children(&self, place: usize) -> impl Iterator<Item = &RangeNode<A>> {
        let end = self.nodes.get(place).map_or(0, |node| node.end);
        self.siblings(place.saturating_add(1), end)
    }

    /// All below the node of a place, at any depth.
    pub fn descendants(&self, place: usize) -> &[RangeNode<A>] {
        let end = self.nodes.get(place).map_or(0, |node| node.end);
        self.nodes.get(place.saturating_add(1)..end).unwrap_or_default()
    }

    /// Those that the node of a place is below, the nearest first.
    pub fn ancestors(&self, place: usize) -> impl Iterator<Item = &RangeNode<A>> {
        let parent = |node: &RangeNode<A>| self.nodes.get(node.parent?);
        iter::successors(self.nodes.get(place).and_then(parent), move |node| parent(node))
    }

    /// Each node that has the ends of its parent, whatever its label, after that parent.
    pub fn duplicates(&self) -> impl Iterator<Item = [&RangeNode<A>; 2]> {
        let parent = |node: &RangeNode<A>| self.nodes.get(node.parent?);
        let pairs = self.nodes.iter().filter_map(move |node| Some([parent(node)?, node]));
        pairs.filter(|[parent, node]| parent.range.interval() == node.range.interval())
    }

    /// Each node that a later one cuts, before the first that does: they share addresses, and each has others.
    ///
    /// For every pair that cuts each other, see [`Overlaps`](super::Overlaps).
    pub fn crossings(&self) -> impl Iterator<Item = [&RangeNode<A>; 2]> {
        // What ends a subtree is the first that reaches further.
        let next = self.nodes.iter().filter_map(|node| Some([node, self.nodes.get(node.end)?]));
        next.filter(|[node, next]| node.range.interval().overlaps(next.range.interval()))
    }

    fn siblings(&self, from: usize, to: usize) -> impl Iterator<Item = &RangeNode<A>> {
        let node = move |place: usize| if place < to { self.nodes.get(place) } else { None };
        iter::successors(node(from), move |sibling| node(sibling.end))
    }
}

/// Tells a node where what is below it ends.
fn close<A>(nodes: &mut [RangeNode<A>], place: usize, end: usize) {
    if let Some(node) = nodes.get_mut(place) {
        node.end = end;
    }
}
