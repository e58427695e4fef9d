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
        /// A history of nothing.
        NoSpans {
        } = "metering.no_spans", InvalidInput,
            "a history needs at least one span",
            "历史至少需要一个时段";
        /// A span that ends before it starts.
        ReversedSpan {
            /// Its index, from 0.
            span: usize,
            /// Its start.
            start: DateTime<Utc>,
            /// Its end.
            end: DateTime<Utc>,
        } = "metering.reversed_span", InvalidInput,
            "span {span} ends at {end}, before it starts at {start}",
            "第 {span} 段的结束时刻 {end} 早于开始时刻 {start}";
        /// A span without an end that is not the last.
        OpenSpan {
            /// Its index, from 0.
            span: usize,
        } = "metering.open_span", InvalidInput,
            "span {span} has no end, and another follows: only the last may be open",
            "第 {span} 段没有结束时刻，但其后还有时段：只有最后一段可以未结束";
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
        /// A part that stands twice in one specification.
        RepeatedPart {
            /// The part.
            part: String,
        } = "metering.repeated_part", InvalidInput,
            "`{part}` stands twice: add its quantities first",
            "`{part}` 出现两次：请先合并数量";
        /// A part that is timed in one usage and counted in another.
        MixedMeasures {
            /// The part.
            part: String,
        } = "metering.mixed_measures", Conflict,
            "`{part}` is measured by time in one usage and counted in the other",
            "`{part}` 在一处按时长计量，在另一处按次计数";
        /// No charge mode of that name.
        UnknownChargeMode {
            /// What was given.
            text: String,
        } = "metering.unknown_charge_mode", NotFound,
            "no charge mode `{text}`: use post_paid, pre_paid or quota",
            "没有计费方式 `{text}`：请使用 post_paid、pre_paid 或 quota";
        /// No policy of that name.
        UnknownPolicy {
            /// What was given.
            text: String,
        } = "metering.unknown_policy", NotFound,
            "no metering policy `{text}`; samples: point, time_weighted, maximum, last; events: sum, maximum, count, unique_count, latest, time_weighted_sum; quota: free, like_post_paid",
            "没有计量策略 `{text}`；采样：point、time_weighted、maximum、last；事件：sum、maximum、count、unique_count、latest、time_weighted_sum；配额：free、like_post_paid";
        /// No kind of archive row of that name.
        UnknownChange {
            /// What was given.
            text: String,
        } = "metering.unknown_change", NotFound,
            "no change `{text}`: use rebuild, post2pre or expansion",
            "没有变更类型 `{text}`：请使用 rebuild、post2pre 或 expansion";
        /// Two usages whose windows do not meet.
        WindowsApart {
            /// Where the first ends.
            end: DateTime<Utc>,
            /// Where the second starts.
            start: DateTime<Utc>,
        } = "metering.windows_apart", Conflict,
            "one window ends at {end} and the next starts at {start}: only neighbours add up",
            "前一窗口止于 {end}，后一窗口始于 {start}：只有相邻窗口可以相加";
        /// A correction of another window.
        OtherWindow {
            /// The window of the correction.
            corrected: String,
            /// The window that is stored.
            stored: String,
        } = "metering.other_window", Conflict,
            "the correction is of {corrected}, the stored usage of {stored}",
            "更正针对 {corrected}，已存用量属于 {stored}";
        /// A correction of another reading.
        OtherReading {
            /// The corrected reading.
            corrected: String,
            /// The stored reading.
            stored: String,
        } = "metering.other_reading", Conflict,
            "`{corrected}` does not correct `{stored}`: resource, kind and window must be the same",
            "`{corrected}` 不能更正 `{stored}`：资源、类型与窗口必须相同";
        /// No sample to go by.
        NoSample {
            /// What is missing.
            what: &'static str,
        } = "metering.no_sample", NotFound,
            "no sample says how large it was: {what}",
            "没有采样说明其大小：{what}";
        /// Two samples of one instant that differ.
        RepeatedSample {
            /// The instant.
            at: DateTime<Utc>,
        } = "metering.repeated_sample", Conflict,
            "two samples of {at} differ",
            "{at} 的两个采样不一致";
        /// Two events of one id that differ.
        EventConflict {
            /// The id.
            event: String,
        } = "metering.event_conflict", Conflict,
            "event `{event}` came twice with different facts",
            "事件 `{event}` 出现两次且内容不同";
    }
}
