use super::{MoneyError, TimeError, UnitsError, table::errors};
use chrono::{DateTime, Utc};

errors! {
    /// What can be wrong with a history, a reading, samples or events (R-U1 … R-U10).
    MeteringError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// The unit of it.
        Units(UnitsError),
    }
    {
        /// Two spans of one history that overlap.
        OverlappingSpans {
            /// The index of the first, from 0.
            first: usize,
            /// The index of the second.
            second: usize,
            /// Where the second starts.
            start: DateTime<Utc>,
            /// Where the first ends.
            end: DateTime<Utc>,
        } = "metering.overlapping_spans", InvalidInput,
            "span {second} starts at {start}, before span {first} ends at {end}",
            "第 {second} 段始于 {start}，早于第 {first} 段的结束 {end}";
    }
}
