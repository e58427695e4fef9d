//! Where to put many things: all copies of groups of items, exactly, with a proof either way.
//!
//! [`place`] answers `Placed` with a [`Witness`], `Impossible` with a [`Certificate`], or `GaveUp` where the
//! [`WorkBudget`] is spent; [`verify`] checks either by itself. [`Stream`] places one copy after the other by a rule of thumb;
//! [`count_jointly`] and [`count_bundles`] tell how many fit at most.

mod bins;
mod bounds;
mod certificate;
mod exact;
mod field;
mod fragmentation;
mod frontier;
mod greedy;
mod item;
mod joint;
mod pattern;
mod question;
mod solve;
mod state;
mod steps;
mod stream;
mod verify;

pub use certificate::{Certificate, ClassBound, Coordinate, GroupOutcome, Outcome, Scarce, Seat, Witness};
pub use fragmentation::{Fragmentation, fragmentation};
pub use greedy::Heuristic;
pub use item::{Group, Item, Spread};
pub use joint::{JointCount, count_bundles, count_jointly};
pub use solve::{place, place_by};
pub use steps::WorkBudget;
pub use stream::{Choice, Stream, Taken};
pub use verify::{Rejection, Verification, verify};
