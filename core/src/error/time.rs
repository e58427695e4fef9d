use super::{MoneyError, table::errors};
use chrono::{DateTime, NaiveDate, Utc};

errors! {
    /// What can be wrong with an instant, a period, a zone or a cycle (R-T1 … R-T6).
    TimeError
    from {
        /// A ratio of times.
        Money(MoneyError),
    }
    {
        /// The text is not an instant.
        NotAnInstant {
            /// What was given.
            text: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "time.not_an_instant", InvalidInput,
            "`{text}` is not an instant: {fault}; write it like `2024-02-20T08:00:00Z`",
            "`{text}` 不是时刻（{fault}）；请写成 `2024-02-20T08:00:00Z` 的形式";
        /// The text is not a date.
        NotADate {
            /// What was given.
            text: String,
        } = "time.not_a_date", InvalidInput,
            "`{text}` is not a date: write it like `2024-02-20`",
            "`{text}` 不是日期：请写成 `2024-02-20` 的形式";
        /// An instant finer than a microsecond.
        TooFine {
            /// What was given.
            text: String,
        } = "time.too_fine", OutOfRange,
            "`{text}` is finer than a microsecond: round it first",
            "`{text}` 精度超过微秒：请先舍入";
        /// An instant outside the years 1 to 9999.
        OutOfRange {
            /// What was given or computed.
            text: String,
        } = "time.out_of_range", OutOfRange,
            "`{text}` is outside the years 1 to 9999",
            "`{text}` 超出公元 1 至 9999 年";
        /// A period that ends before it starts.
        Reversed {
            /// Its start.
            start: DateTime<Utc>,
            /// Its end.
            end: DateTime<Utc>,
        } = "time.reversed", InvalidInput,
            "the period ends at {end}, before it starts at {start}",
            "期间的结束时刻 {end} 早于开始时刻 {start}";
        /// No zone of that name.
        UnknownZone {
            /// What was given.
            text: String,
        } = "time.unknown_zone", NotFound,
            "no time zone `{text}`: use an IANA name like `Asia/Shanghai`, `UTC`, or an offset like `+08:00`",
            "没有时区 `{text}`：请使用 IANA 名称（如 `Asia/Shanghai`）、`UTC` 或偏移量（如 `+08:00`）";
        /// A clock time that the zone skips, where the rule is to refuse it.
        Skipped {
            /// The clock time.
            local: String,
            /// The zone.
            zone: String,
        } = "time.skipped", InvalidInput,
            "{local} does not exist in `{zone}`: the clock was put forward; choose `earlier` or `later`",
            "`{zone}` 中不存在 {local}：时钟被拨快；请选择 `earlier` 或 `later`";
        /// A clock time that the zone has twice, where the rule is to refuse it.
        Repeated {
            /// The clock time.
            local: String,
            /// The zone.
            zone: String,
        } = "time.repeated", InvalidInput,
            "{local} exists twice in `{zone}`: the clock was put back; choose `earlier` or `later`",
            "`{zone}` 中 {local} 出现两次：时钟被拨慢；请选择 `earlier` 或 `later`";
        /// A part that is not inside its cycle.
        OutsideCycle {
            /// The part's start.
            start: DateTime<Utc>,
            /// The part's end.
            end: DateTime<Utc>,
        } = "time.outside_cycle", OutOfRange,
            "the part from {start} to {end} is not inside its cycle: cut it at the cycle's ends",
            "从 {start} 到 {end} 的部分不在其周期之内：请按周期边界切分";
        /// A cycle of no months, or one that counts as nothing in the unit that it is prorated by.
        EmptyCycle {
        } = "time.empty_cycle", InvalidInput,
            "a cycle must be longer than nothing in the unit it is counted in: make it longer or count by exact time",
            "周期按其计量单位计算必须大于零：请延长周期，或按精确时间计算";
        /// A cycle that would lie before the first one.
        BeforeStart {
            /// What was asked for: an instant or a number.
            asked: String,
            /// Where the first cycle starts.
            start: DateTime<Utc>,
        } = "time.before_start", OutOfRange,
            "`{asked}` lies before the first cycle, number 1, which starts at {start}",
            "`{asked}` 早于第一个周期（编号 1，始于 {start}）";
        /// A rule or policy of time that does not exist.
        UnknownPolicy {
            /// What was given.
            text: String,
            /// What there is.
            known: &'static str,
        } = "time.unknown_policy", NotFound,
            "no rule of time `{text}`: use one of {known}",
            "没有时间规则 `{text}`：请使用 {known} 之一";
        /// A month that no instant lies in.
        NotAMonth {
            /// The date to count from.
            date: NaiveDate,
            /// How many months away.
            months: i64,
        } = "time.not_a_month", OutOfRange,
            "{months} months from {date} is outside the years 1 to 9999",
            "自 {date} 起 {months} 个月超出公元 1 至 9999 年";
    }
}
