//! What changed: two revisions of a rate card, by themselves and on the same facts.

mod cards;
mod facts;

pub use cards::{CardDifference, ChangedEntry, ChangedLimits, RateMember};
pub use facts::{
    Billed, ChangeOfRate, Compared, ComparedFact, ComparedLine, ComparedOwner, Comparison, ComparisonTerms, Counted,
    compare,
};
