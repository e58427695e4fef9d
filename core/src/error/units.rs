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
        /// No measure of that number in a table.
        UnknownMeasure {
            /// The number.
            measure: u32,
        } = "units.unknown_measure", NotFound,
            "the table has no measure `{measure}`: add it with its name",
            "换算表中没有度量 `{measure}`：请添加并命名";
        /// Two measures of one number.
        MeasureTwice {
            /// The number.
            measure: u32,
        } = "units.measure_twice", Conflict,
            "measure `{measure}` stands twice in the table: leave one",
            "度量 `{measure}` 在换算表中出现两次：请只保留一个";
        /// A ratio that is zero or negative.
        BadMeasureRatio {
            /// The measure that one is of.
            from: String,
            /// The measure that it is given in.
            to: String,
            /// The ratio.
            ratio: Decimal,
        } = "units.bad_measure_ratio", InvalidInput,
            "one `{from}` can not be `{ratio}` `{to}`: a ratio must be above zero",
            "一个 `{from}` 不能是 `{ratio}` 个 `{to}`：比率必须大于零";
        /// A row of a table that says something else than the rows before it.
        MeasuresContradict {
            /// The measure that one is of.
            from: String,
            /// The measure that it is given in.
            to: String,
            /// The ratio.
            ratio: Decimal,
            /// What the other rows say.
            implied: String,
        } = "units.measures_contradict", Conflict,
            "one `{from}` is `{ratio}` `{to}` by this row and `{implied}` by the others: leave one, or give each family measures of its own",
            "按此行一个 `{from}` 为 `{ratio}` 个 `{to}`，按其他行为 `{implied}`：请只保留一个，或为各进制使用各自的度量";
        /// Two measures that no row of a table joins.
        MeasuresApart {
            /// The measure that was given.
            from: String,
            /// The measure that is needed.
            to: String,
        } = "units.measures_apart", Conflict,
            "`{from}` does not convert to `{to}`: no rows of the table join them",
            "`{from}` 不能换算为 `{to}`：换算表中没有连接二者的行";
    }
}
