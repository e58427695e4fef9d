use super::{MoneyError, TimeError, table::errors};

errors! {
    /// What can be wrong with a statement (R-S1, R-S2).
    StatementError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
    }
    {
        /// A statement of nothing.
        NoLines {
            /// The statement.
            statement: String,
        } = "statement.no_lines", InvalidInput,
            "statement `{statement}` has no reading: leave it out",
            "账单 `{statement}` 没有任何计量：请不要创建";
        /// A reading of another day.
        OtherDay {
            /// The reading.
            reading: String,
            /// The day.
            day: String,
        } = "statement.other_day", Conflict,
            "reading `{reading}` is not of the day {day}: meter that day as its window",
            "计量 `{reading}` 不属于日期 {day}：请以该日为窗口计量";
        /// A reading that came twice.
        RepeatedReading {
            /// The reading.
            reading: String,
        } = "statement.repeated_reading", Conflict,
            "reading `{reading}` came twice: a reading belongs to one statement",
            "计量 `{reading}` 出现两次：每个计量只属于一个账单";
        /// A paid statement that was to be paid or withdrawn.
        AlreadyPaid {
            /// The statement.
            statement: String,
        } = "statement.already_paid", Conflict,
            "statement `{statement}` is paid already",
            "账单 `{statement}` 已支付";
        /// A withdrawn statement that was to be paid or withdrawn.
        Cancelled {
            /// The statement.
            statement: String,
        } = "statement.cancelled", Conflict,
            "statement `{statement}` was cancelled",
            "账单 `{statement}` 已作废";
        /// No status of that name.
        UnknownStatus {
            /// What was given.
            text: String,
        } = "statement.unknown_status", NotFound,
            "no statement status `{text}`: use unpaid, paid or cancelled",
            "没有账单状态 `{text}`：请使用 unpaid、paid 或 cancelled";
        /// More corrections of one statement than can be numbered.
        TooManyCorrections {
            /// The most.
            limit: u32,
        } = "statement.too_many_corrections", OutOfRange,
            "a statement has at most {limit} corrections",
            "一个账单最多有 {limit} 次更正";
    }
}
