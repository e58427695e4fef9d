//! Free packages: what was paid for before it was used (R-P12).
//!
//! Packages are consumed before anything is rated: first the one whose current reset window ends
//! first, then by effective time, purchase time and id. What they do not cover is the excess, and is
//! rated like any usage. What was consumed of which package in which window goes in as a
//! [`PackageState`] and comes out again; nothing is kept here.
//!
//! ```
//! use counterfoil::pricing::package::{Covered, FreePackage, FreePackageTerms, PackageState, PackageUse, Packages, Reset};
//! use counterfoil::pricing::{Every, Rate};
//! use counterfoil::money::Rounding;
//! use counterfoil::units::Unit;
//!
//! let traffic = Covered { kind: "cdn".parse()?, part: "traffic".parse()? };
//! let monthly = FreePackage::new(FreePackageTerms {
//!     id: "40 GB a month".parse()?,
//!     covers: vec![traffic.clone()],
//!     quota: "40 GB".parse()?,
//!     effective: "2019-10-10T00:00:00+08:00".parse()?,
//!     purchased: "2019-10-10T00:00:00+08:00".parse()?,
//!     term_months: 12,
//!     reset: Reset::EveryMonths(1),
//!     zone: "Asia/Shanghai".parse()?,
//! })?;
//! assert_eq!(monthly.total_quota()?.to_string(), "480 GB");
//!
//! let packages = Packages::new([monthly])?;
//! let used = PackageUse { of: traffic, at: "2019-10-13T00:00:00Z".parse()?, amount: "100 GB".parse()? };
//! let plan = packages.consume(&used, &PackageState::NOTHING_CONSUMED)?;
//! assert_eq!(plan.excess().to_string(), "60 GB");
//!
//! let per_gb = Rate::per_unit("0.24".parse().unwrap(), Unit::GB, Every::Once);
//! assert_eq!(plan.rate_excess(&per_gb, Rounding::BSS)?.amount().to_string(), "14.40");
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod measured;
mod packages;
mod state;
mod terms;

pub use measured::Measured;
pub use packages::{ExcessCharge, InForce, PackagePlan, PackageUse, Packages, Taken};
pub use state::{Consumed, PackageState};
pub use terms::{Covered, FreePackage, FreePackageTerms, Reset, ResetWindow};
