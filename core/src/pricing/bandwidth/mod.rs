//! Bandwidth by its 95th percentile: what is paid for, and what it costs (R-P14).
//!
//! [`Classic95`] drops the largest 5 % of a month's samples and pays for the next one.
//! [`Enhanced95`] pays for the mean of the five largest day peaks, and for no less than a guaranteed
//! share of what was ordered. Both are charged by one [`BandwidthPrice`], for the days that were used.
//!
//! Samples and sizes are in Mbit/s, exact decimals, and may come in any order.
//!
//! ```
//! use counterfoil::exact::decimal;
//! use counterfoil::money::Rounding;
//! use counterfoil::pricing::bandwidth::{BandwidthPrice, Classic95, UsedDays};
//!
//! let samples: Vec<_> = (1..=8_640).map(rust_decimal::Decimal::from).collect();
//! let june = UsedDays { used: 30, in_month: 30 };
//! let price = BandwidthPrice::parse("120", june)?;
//! let month = Classic95 { samples: &samples, price }.charge(Rounding::BSS)?;
//! assert_eq!(month.peak().to_string(), "8208"); // 432 of 8640 are dropped
//!
//! let half = BandwidthPrice::parse("120", UsedDays { used: 16, in_month: 30 })?;
//! assert_eq!(half.charge(&300.into(), Rounding::BSS)?.fee().to_string(), "19200.00");
//! # Ok::<(), counterfoil::error::PricingError>(())
//! ```

mod classic;
mod enhanced;
mod guarantee;
mod price;
mod samples;

pub use classic::{Classic95, ClassicCharge};
pub use enhanced::{BandwidthDay, DayPeak, Enhanced95, EnhancedCharge, day_peak};
pub use guarantee::{GuaranteedDays, MonthGuarantee, day_guarantee};
pub use price::{BandwidthCharge, BandwidthPrice, UsedDays};
