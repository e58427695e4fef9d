//! Does it fit? What of a catalogue can be deployed on the nodes that there are, what not, why, and how many.
//!
//! An inventory of [`Node`]s and of what runs on them ([`Running`]) becomes a [`Snapshot`]: exact free amounts in the
//! smallest unit (milli-core, byte, milli-card), where a figure that nobody gave is *unknown*, never 0 and never
//! infinite. A [`Product`] fits a node where **all** its parts are free at once; free amounts of two nodes never add
//! up (R-A1).
//!
//! It knows no money and no time: facts in, verdicts and plans out.
//!
//! | where | what it decides |
//! |---|---|
//! | `quantity` | what `1.5Gi` and `500m` are, exactly (R-A5) |
//! | `snapshot` | what is free on each node, and after each change (R-A3, R-A4, R-A13) |
//! | `check` | which products fit, why not, how many: one scan of columns (R-A1, R-A2, R-A7 … R-A9) |
//! | `stages` | the books and the quota before the nodes; reasons in words, and what to do (R-A6, R-A7, R-A11, R-A12) |
//! | `place` | where many items go, with a proof either way (R-A9, R-A10) |

mod check;
mod labels;
mod place;
mod product;
mod quantity;
mod request;
mod resource;
mod rules;
mod snapshot;
mod stages;
mod taints;
mod verdict;
mod words;

#[doc(hidden)]
pub use check::Path;
pub use check::{Check, Checking, Count, Detail, VerdictColumns};
pub use labels::{FieldRequirement, Operator, Requirement, Term};
pub use place::*;
pub use product::{Constraints, Product};
pub use quantity::{Amount, Format, ResourceQuantity};
pub use request::{PodRequest, Request};
pub use resource::{DiskKind, Resource};
pub use rules::{Rules, Sharing, WhereUnknown};
pub use snapshot::{
    Capacity, CardsLeft, Change, Level, Node, Refusal, Role, Running, Snapshot, Supply, Undo, Unlisted,
};
pub use stages::{
    Action, Allotment, Allowance, ByPart, Centre, DiskQuota, Explained, GpuFree, GpuStock, GpusFree, Hint, Judged,
    Ledger, Less, ModelMap, Pool, PortalQuota, QuotaExcess, QuotaPart, ResellerNode, ResellerProduct, Ruling, Stock,
    StockRow, StockShortage, TenantQuota, Undeployable, Unstocked, Why, determine_accommodation, gpu_stock,
};
pub use taints::{Effect, Taint, Toleration, TolerationOperator};
pub use verdict::{Explanation, FirstReasons, Nearest, ReasonCount, Stage, Telling, Verdict};
