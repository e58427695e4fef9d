use super::{MeteringError, MoneyError, TimeError, table::errors};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a statement (R-S1, R-S2).
    StatementError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// The usage of it.
        Metering(MeteringError),
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
        /// No month of that form.
        NotAMonth {
            /// What was given.
            text: String,
        } = "statement.not_a_month", InvalidInput,
            "`{text}` is not a month: write it as `2024-02`",
            "`{text}` 不是月份：请写成 `2024-02` 的形式";
        /// A row of another time than the report.
        OutsideDays {
            /// What it is of.
            row: String,
            /// Its window.
            window: String,
            /// The days of the report.
            days: String,
        } = "statement.outside_days", Conflict,
            "`{row}` of {window} is not within the days {days}: read it into another report",
            "`{row}` 的窗口 {window} 不在日期 {days} 之内：请计入另一份报表";
        /// Usage of another window than its row.
        OtherWindow {
            /// The reading.
            reading: String,
            /// The window of the usage.
            window: String,
        } = "statement.other_window", Conflict,
            "the usage of reading `{reading}` is of {window}: give the usage of the same window",
            "计量 `{reading}` 的用量属于窗口 {window}：请给出同一窗口的用量";
        /// A resource that was there for longer than the window.
        LifetimeOutOfRange {
            /// The reading.
            reading: String,
            /// How long it is said to have been there.
            lifetime_micros: i64,
            /// The length of the window.
            limit: i64,
        } = "statement.lifetime_out_of_range", OutOfRange,
            "reading `{reading}` has a lifetime of {lifetime_micros} microseconds: its window has {limit}",
            "计量 `{reading}` 的存在时长为 {lifetime_micros} 微秒：其窗口只有 {limit} 微秒";
        /// Two instants at which an owner came to be.
        OwnerCreatedTwice {
            /// The owner.
            owner: String,
            /// The one.
            first: DateTime<Utc>,
            /// The other.
            second: DateTime<Utc>,
        } = "statement.owner_created_twice", Conflict,
            "owner `{owner}` is said to be created at {first} and at {second}: give one of them",
            "用户 `{owner}` 的创建时间既为 {first} 又为 {second}：请只给出一个";
        /// Rows of an owner that did not exist yet.
        OwnerTooNew {
            /// The owner.
            owner: String,
            /// When it came to be.
            created: DateTime<Utc>,
            /// The end of the days.
            end: DateTime<Utc>,
        } = "statement.owner_too_new", Conflict,
            "owner `{owner}` was created at {created}, and the days end at {end}: it has no rows in them",
            "用户 `{owner}` 创建于 {created}，而期间结束于 {end}：其间不应有它的数据";
        /// An amount that must not be below zero.
        NegativeAmount {
            /// What it is of.
            what: &'static str,
            /// How much.
            amount: Decimal,
        } = "statement.negative_amount", OutOfRange,
            "a {what} of {amount} is below zero: give zero or more",
            "{what}的金额 {amount} 小于零：请给出零或正数";
    }
}
