//! One kernel for every question about what fits: products against nodes, 512 nodes at a time.
//!
//! Labels and taints are judged once for each of the constraints that there are, amounts once for each distinct amount of
//! a lane. What is left of a pair of a product and a node is a bit in a word of 64, and so the parts of a product are put
//! together for 64 nodes at once. Memory is bounded by the batch, whatever the catalogue is.

mod amounts;
mod compare;
mod standing;

use self::standing::{Group, Standing};
use crate::error::PlacementError;
use crate::placement::{
    Constraints, Product, Rules, Telling,
    rules::Trust,
    snapshot::Snapshot,
    snapshot::bits::{BLOCK, Bits, NONE, Words, and},
    snapshot::columns::{Columns, Order},
};
use std::collections::BTreeMap;

pub(in crate::placement) use self::amounts::{Amounts, AskedLane, Near, Part, Tally};
pub use self::compare::Path;
pub(in crate::placement) use self::standing::Told;

/// So many products are judged together at most, and so many amounts.
const PRODUCTS: usize = 512;
const AMOUNTS: usize = 1 << 14;

/// So many resources one product may ask for.
const RESOURCES: usize = 1000;

/// How a scan is made.
#[derive(Debug, Clone, Copy)]
pub(in crate::placement) struct Manner<'l> {
    pub(in crate::placement) path: Path,
    /// Of which resources an unknown figure keeps nothing off.
    pub(in crate::placement) trust: Trust<'l>,
    /// Which reasons are counted, if any.
    pub(in crate::placement) telling: Option<Telling>,
}

/// The products of a batch, and how one block of nodes stands to them.
pub(in crate::placement) struct Batch<'s, 'p> {
    pub(in crate::placement) products: &'p [Product],
    groups: Vec<Group>,
    /// By product: its group, and where its parts are.
    members: Vec<(usize, std::ops::Range<usize>)>,
    parts: Vec<Part<'p>>,
    pub(in crate::placement) amounts: Amounts<'s>,
    pub(in crate::placement) order: &'s Order,
    all: Bits,
}

/// A product over a block of nodes.
pub(in crate::placement) struct Glance<'b, 'p> {
    /// Its place in the batch.
    pub(in crate::placement) product: usize,
    pub(in crate::placement) block: usize,
    pub(in crate::placement) parts: &'b [Part<'p>],
    pub(in crate::placement) group: &'b Group,
    /// The nodes that it may run on.
    pub(in crate::placement) standing: Words,
    /// The nodes where all amounts are free.
    pub(in crate::placement) roomy: Words,
}

impl Glance<'_, '_> {
    pub(in crate::placement) const fn slot(&self, place: usize) -> usize {
        self.block.saturating_mul(BLOCK).saturating_add(place)
    }

    /// The nodes that take it.
    pub(in crate::placement) fn fitting(&self) -> Words {
        and(&self.standing, &self.roomy)
    }
}

/// Something that looks at each product over each block.
pub(in crate::placement) trait Look<'p> {
    fn look(&mut self, batch: &Batch<'_, 'p>, glance: &Glance<'_, 'p>) -> Result<(), PlacementError>;
}

/// Judges the products batch by batch: `start` makes what looks at a batch, and `end` is given it when all is seen.
pub(in crate::placement) fn scan<'p, L: Look<'p>>(
    snapshot: &Snapshot,
    products: &'p [Product],
    rules: &Rules,
    manner: Manner<'_>,
    mut start: impl FnMut(&Batch<'_, 'p>) -> L,
    mut end: impl FnMut(&Batch<'_, 'p>, L) -> Result<(), PlacementError>,
) -> Result<(), PlacementError> {
    let columns = snapshot.columns();
    let order = columns.order();
    let telling = manner.telling.unwrap_or(Telling::Every);
    let mut standing = Standing::new(columns, &order, rules, telling);
    let mut rest = products;
    while !rest.is_empty() {
        let (products, others) = rest.split_at(batch_length(rest)?);
        rest = others;
        let mut batch = Batch::new(columns, &order, products, rules, manner.trust, &mut standing);
        let mut look = start(&batch);
        for block in 0..columns.len().div_ceil(BLOCK) {
            batch.amounts.fill(block, manner);
            batch.judge(block, &mut look)?;
        }
        end(&batch, look)?;
    }
    Ok(())
}

fn batch_length(products: &[Product]) -> Result<usize, PlacementError> {
    let (mut length, mut amounts) = (0_usize, 0_usize);
    for product in products.iter().take(PRODUCTS) {
        amounts = amounts.saturating_add(resources(product)?);
        if amounts > AMOUNTS {
            break;
        }
        length = length.saturating_add(1);
    }
    Ok(length)
}

/// How many resources a product asks for.
///
/// # Errors
/// `placement.too_many_resources`.
pub(super) fn resources(product: &Product) -> Result<usize, PlacementError> {
    let count = product.request.iter().count();
    if count > RESOURCES {
        let product = product.id.clone();
        return Err(PlacementError::TooManyResources { product, count, limit: RESOURCES });
    }
    Ok(count)
}

impl<'s, 'p> Batch<'s, 'p> {
    fn new(
        columns: &'s Columns,
        order: &'s Order,
        products: &'p [Product],
        rules: &Rules,
        trust: Trust<'_>,
        standing: &mut Standing<'s>,
    ) -> Self {
        let (mut groups, mut by_constraints) = (Vec::new(), BTreeMap::<&Constraints, usize>::new());
        let (mut members, mut parts) = (Vec::with_capacity(products.len()), Vec::new());
        let (mut amounts, mut before) = (Amounts::new(columns, order), 0..0_usize);
        for product in products {
            let group = *by_constraints.entry(&product.constraints).or_insert_with(|| {
                groups.push(standing.group(&product.constraints));
                groups.len().saturating_sub(1)
            });
            let from = parts.len();
            let judged = product.request.iter().filter(|(resource, _)| !rules.ignores(resource));
            let judged = judged.map(|(resource, amount)| (Some(resource), amount.cast_signed()));
            for ((resource, amount), like) in std::iter::once((None, 1)).chain(judged).zip(before.start..) {
                let part = amounts.ask(resource, amount, parts.get(like), trust);
                parts.push(part);
            }
            before = from..parts.len();
            members.push((group, before.clone()));
        }
        amounts.lay_out(&mut parts);
        Self { products, groups, members, parts, amounts, order, all: Bits::all(columns.len()) }
    }

    fn judge(&self, block: usize, look: &mut impl Look<'p>) -> Result<(), PlacementError> {
        for (product, (group, parts)) in self.members.iter().enumerate() {
            let (Some(group), Some(parts)) = (self.groups.get(*group), self.parts.get(parts.clone())) else { continue };
            let Some(standing) = group.ok.blocks.get(block) else { continue };
            let mut roomy = [u64::MAX; 8];
            for part in parts {
                roomy = and(&roomy, &self.amounts.enough(part.ask));
            }
            look.look(self, &Glance { product, block, parts, group, standing: *standing, roomy })?;
        }
        Ok(())
    }

    /// The group and the parts of a product.
    pub(in crate::placement) fn member(&self, product: usize) -> Option<(&Group, &[Part<'p>])> {
        let (group, parts) = self.members.get(product)?;
        Some((self.groups.get(*group)?, self.parts.get(parts.clone())?))
    }

    /// The slots of a block.
    pub(in crate::placement) fn nodes_of(&self, block: usize) -> Words {
        self.all.blocks.get(block).copied().unwrap_or(NONE)
    }
}
