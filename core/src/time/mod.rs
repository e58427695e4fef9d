//! Instants, periods, billing days, anchored cycles and proration (R-T1 … R-T6).

mod instant;
mod period;

pub use instant::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND};
pub use period::Period;
