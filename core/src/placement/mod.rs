//! Does it fit? What of a catalogue can be deployed on the nodes that there are, what not, why, and how many.
//!
//! An inventory of [`Node`]s and of what runs on them ([`Running`]) becomes a [`Snapshot`]: exact free amounts in the
//! smallest unit (milli-core, byte, milli-card), where a figure that nobody gave is *unknown*, never 0 and never
//! infinite. A [`Product`] fits a node where **all** its parts are free at once; free amounts of two nodes never add
//! up (R-A1).
//!
//! It knows no money and no time: facts in, verdicts and plans out.

mod bits;
mod cards;
mod change;
mod check;
mod column;
mod columns;
mod constraints;
mod counts;
mod index;
mod labels;
mod lane;
mod nearest;
mod node;
mod place;
mod quantity;
mod request;
mod resource;
mod scan;
mod snapshot;
mod state;
mod taints;
mod verdict;
mod words;

mod explain;
mod gpus;
mod hint;
mod judge;
mod ledger;
mod quota;
mod reseller;
mod tenant;

pub use change::{Change, Undo};
pub use check::{Check, Checking, Detail};
pub use constraints::{Constraints, Product, Rules, Sharing, WhereUnknown};
pub use counts::Count;
pub use labels::{FieldRequirement, Operator, Requirement, Term};
pub use node::{Capacity, Node, Role, Supply, Unlisted};
pub use place::*;
pub use quantity::{Amount, Format, ResourceQuantity};
pub use request::{PodRequest, Request};
pub use resource::{DiskKind, Resource};
#[doc(hidden)]
pub use scan::Path;
pub use snapshot::{CardsLeft, Level, Refusal, Running, Snapshot};
pub use taints::{Effect, Taint, Toleration, TolerationOperator};
pub use verdict::{Explanation, FirstReasons, Nearest, ReasonCount, Stage, Telling, Verdict};

pub use gpus::{GpuFree, GpuStock, GpusFree};
pub use hint::{Action, Hint, Less};
pub use judge::{Centre, Explained, Judged, Ruling, Why};
pub use ledger::{Ledger, ModelMap, Stock, StockRow, StockShortage, Unstocked};
pub use quota::{Allotment, ByPart, Pool, PortalQuota, QuotaPart};
pub use reseller::{DiskQuota, ResellerNode, ResellerProduct, Undeployable, determine_accommodation, gpu_stock};
pub use tenant::{Allowance, QuotaExcess, TenantQuota};
