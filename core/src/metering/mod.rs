//! Usage of a resource in a window, from its life and its changes (R-U1 … R-U10).
//!
//! A [`History`] is a list of spans; [`History::usage`] of a window is, for each part of the
//! resource, Σ quantity × time, exact. Rating it is the business of [`pricing`](crate::pricing).
//!
//! ```
//! use counterfoil::metering::{History, Part, Span, Spec};
//! use counterfoil::time::Period;
//!
//! let small = Spec::server("1", "2", "50", true)?;
//! let history = History::new([
//!     Span::post_paid("2024-02-20T00:00:00Z".parse()?, Some("2024-02-20T00:18:00Z".parse()?), small.clone()),
//!     Span::pre_paid("2024-02-20T00:18:00Z".parse()?, None, small),
//! ])?;
//! let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
//! let usage = history.usage(day)?.expect("it lived that day");
//!
//! assert_eq!(usage.used(&Part::RAM).expect("it has memory").hours().to_string(), "48");
//! assert_eq!(usage.payable(&Part::RAM).expect("it has memory").hours().to_string(), "0.6");
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

pub mod bulk;
mod events;
mod history;
mod kernel;
mod part;
pub mod portal;
mod reading;
mod samples;
mod spec;
mod usage;

pub use events::{Aggregated, Aggregation, Event, aggregate, late_delta};
pub use history::{ChargeMode, History, QuotaCharge, Span};
pub use part::{Custom, Dimension, Kind, Model, Part};
pub use reading::{Reading, ReadingId};
pub use samples::{Sample, SamplePolicy, Samples};
pub use spec::Spec;
pub(crate) use usage::{Basis, Column, UsageView};
pub use usage::{Measure, PartUsage, Usage, UsageOf};
