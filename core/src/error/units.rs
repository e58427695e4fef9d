use super::{MoneyError, table::errors};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a quantity or a unit (R-U2).
    UnitsError
    from {
        /// The number itself.
        Money(MoneyError),
    }
    {
        /// No unit of that name.
        UnknownUnit {
            /// What was given.
            text: String,
        } = "units.unknown_unit", NotFound,
            "no unit `{text}`; for example `GiB`, `MiB`, `byte`, `core`, `milli_core`, `card`, `milli_card`, `count`",
            "没有单位 `{text}`；例如 `GiB`、`MiB`、`byte`、`core`、`milli_core`、`card`、`milli_card`、`count`";
        /// Two units that measure different things, or of families that are kept apart.
        Incompatible {
            /// The unit that was given.
            from: &'static str,
            /// The unit that is needed.
            to: &'static str,
        } = "units.incompatible", Conflict,
            "`{from}` does not convert to `{to}`: they measure different things",
            "`{from}` 不能换算为 `{to}`：二者度量的对象不同";
        /// No unit of a term of that name.
        UnknownTermUnit {
            /// What was given.
            text: String,
        } = "units.unknown_term_unit", NotFound,
            "no unit of a term `{text}`: use hour, day, week, month or year",
            "没有时长单位 `{text}`：请使用 hour、day、week、month 或 year";
        /// A conversion whose exact result is no finite decimal of 28 digits.
        Inexact {
            /// The amount.
            amount: Decimal,
            /// Its unit.
            from: &'static str,
            /// The unit that is needed.
            to: &'static str,
        } = "units.inexact", OutOfRange,
            "`{amount}` {from} is no decimal of 28 digits in {to}: convert to a finer unit",
            "`{amount}` {from} 无法以 28 位数字精确表示为 {to}：请换算为更细的单位";
        /// A quantity below zero.
        Negative {
            /// The amount.
            amount: Decimal,
        } = "units.negative", InvalidInput,
            "a quantity may not be negative: `{amount}`",
            "数量不能为负：`{amount}`";
        /// A name that can not be printed on one line and told from its neighbours.
        BadName {
            /// What was given.
            text: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "units.bad_name", InvalidInput,
            "`{text}` is not a name: {fault}",
            "`{text}` 不是有效名称：{fault}";
        /// No time unit of that name.
        UnknownTimeUnit {
            /// What was given.
            text: String,
        } = "units.unknown_time_unit", NotFound,
            "no time unit `{text}`: use second, minute, hour, day, month or once",
            "没有时间单位 `{text}`：请使用 second、minute、hour、day、month 或 once";
    }
}
