//! Does it fit? What of a catalogue can be deployed on the nodes that there are, what not, why, and how many.
//!
//! An inventory of [`Node`]s and of what runs on them ([`Running`]) becomes a [`Snapshot`]: exact free amounts in the
//! smallest unit (milli-core, byte, milli-card), where a figure that nobody gave is *unknown*, never 0 and never
//! infinite. A [`Product`] fits a node where **all** its parts are free at once; free amounts of two nodes never add
//! up (R-A1).
//!
//! It knows no money and no time: facts in, verdicts and plans out.

mod cards;
mod constraints;
mod labels;
mod node;
mod place;
mod quantity;
mod request;
mod resource;
mod snapshot;
mod state;
mod taints;
mod verdict;
mod words;

pub use constraints::{Constraints, Product, Rules, Sharing, WhereUnknown};
pub use labels::{FieldRequirement, Operator, Requirement, Term};
pub use node::{Capacity, Node, Role, Supply, Unlisted};
pub use place::*;
pub use quantity::{Amount, Format, ResourceQuantity};
pub use request::{PodRequest, Request};
pub use resource::{DiskKind, Resource};
pub use snapshot::{CardsLeft, Level, Refusal, Running, Snapshot};
pub use taints::{Effect, Taint, Toleration, TolerationOperator};
pub use verdict::{Explanation, FirstReasons, Nearest, ReasonCount, Stage, Telling, Verdict};
