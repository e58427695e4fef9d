//! IPv4 and IPv6 ranges: split, merge, plan.
//!
//! A portal keeps **labelled ranges**: a first and a last address and a prefix length that both share
//! ([`Range`]). A range may be a clipped part of its network. Everything here is generic over the
//! [`Address`] of a family, and the two families never mix: a function that takes ranges of [`Ipv4`]
//! does not compile with one of [`Ipv6`].
//!
//! ```
//! use counterfoil::ipam::{Ipv4, Range};
//!
//! let range: Range<Ipv4> = "10.0.0.1-10.0.0.200/24".parse()?;
//! assert_eq!(range.size().to_string(), "200");
//! assert!(!range.is_full());
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod address;
mod allocate;
pub mod bulk;
mod check;
mod convert;
mod diff;
mod either;
mod family;
mod interval;
mod length;
mod life;
mod lookup;
mod mask;
mod merge;
mod merge_ranges;
mod mini_split;
mod minimal;
mod overlaps;
mod plan;
mod prefix;
mod range;
pub mod rfc3531;
mod row;
mod set;
mod size;
mod split;
mod text;
mod tree;
mod unchecked;
mod usage;
mod written;

pub use address::{Address, Ipv4, Ipv6, Toy};
pub use allocate::{Allocation, Answer, FreeOfLength, FreeSummary, Hosts, Placement, Policy, Pool, Request, Shortage};
pub use check::{Occupied, RowCheck};
pub use convert::{Hexadecimal, address_of_bytes};
pub use diff::{PlanDiff, RowDiff};
pub use either::{IpAddress, IpInterval, IpPrefix, IpRange};
pub use family::Family;
pub use interval::Interval;
pub use length::PrefixLen;
pub use life::{LIFE, LifeStep, NewRow, RangeRecord, Remark, RowAction, RowFacts};
pub use lookup::{LookupTable, Match};
pub use merge::{Merge, Merged};
pub use merge_ranges::merge_ranges;
pub use mini_split::MiniSplitDiff;
pub use minimal::{Demand, MinimalPlan, Pieces, Purpose, Run};
pub use overlaps::{Overlap, OverlapPairs, Overlaps};
pub use plan::{PlanDraft, SplitPlan};
pub use prefix::Prefix;
pub use range::Range;
pub use row::{Row, RowStatus};
pub use set::{Cidrs, FreeSpace, IpSet, SetCidrs};
pub use size::Size;
pub use split::{Split, SplitLimits, split_row};
pub use text::{HostBits, Mapped, Masks, Numbers, Readable, Reading, Shapes, Spaces, Spelling};
pub use tree::{RangeNode, RangeTree};
pub use unchecked::UncheckedRange;
pub use usage::{Straddling, SupernetState, SupernetUsage, UsageIndex};
