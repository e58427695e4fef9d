//! Instants, periods, billing days, anchored cycles and proration (R-T1 … R-T6).
//!
//! ```
//! use counterfoil::time::{BillingDay, Cycle, Period, Proration, Zone, parse_date};
//!
//! let shanghai: Zone = "Asia/Shanghai".parse()?;
//! let day = BillingDay::new(parse_date("2024-02-20")?, shanghai)?;
//! assert_eq!(day.period().start().to_string(), "2024-02-19T16:00:00Z");
//!
//! let order = Cycle::new("2024-01-01T10:30:00+08:00".parse()?, 1, shanghai)?.to_end_of_day().period(1)?;
//! let used = Period::new(order.start(), "2024-01-15T18:40:00+08:00".parse()?)?;
//! assert_eq!(Proration::Hours.share(used, order, shanghai)?.to_string(), "172/379"); // 344 of 758 hours
//! # Ok::<(), counterfoil::error::TimeError>(())
//! ```

mod billing_day;
mod cycle;
mod instant;
mod month_length;
mod period;
mod proration;
mod zone;

pub use billing_day::{BillingDay, parse_date};
pub use cycle::{Cycle, plus_months};
pub use instant::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND};
pub use month_length::MonthLength;
pub use period::Period;
pub use proration::{Proration, days_between, days_inclusive, full_days_between, hours_between};
pub(crate) use proration::{counted_end, floor_to_hour, next_whole_hour};
pub use zone::{Resolve, Zone};
