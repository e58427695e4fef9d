use super::{MeteringError, MoneyError, TimeError, UnitsError, table::errors};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a rate card or a rating (R-P1 … R-P3, R-P15).
    PricingError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// The unit of it.
        Units(UnitsError),
        /// The usage behind it.
        Metering(MeteringError),
    }
    {
        /// The rate card has no rate for a part.
        NoRate {
            /// The kind of resource.
            kind: String,
            /// The dimension or part type.
            part: String,
            /// Its model.
            model: String,
        } = "pricing.no_rate", NotFound,
            "the rate card has no rate for `{kind}` `{part}` of model `{model}`: add an entry, or a free one",
            "价目表中没有 `{kind}` `{part}`（型号 `{model}`）的价格：请添加条目，或添加免费条目";
        /// Two rates of one part in force at one instant.
        TwoInForce {
            /// The kind of resource.
            kind: String,
            /// The part.
            part: String,
            /// From when on both hold.
            at: DateTime<Utc>,
        } = "pricing.two_in_force", Conflict,
            "two rates for `{kind}` `{part}` are in force at {at}: let the first end when the second begins",
            "`{kind}` `{part}` 在 {at} 有两个有效价格：请让前一个在后一个开始时结束";
        /// A rate that contradicts itself.
        BadRate {
            /// The rate.
            entry: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_rate", InvalidInput,
            "the rate of `{entry}` is not usable: {fault}",
            "`{entry}` 的价格不可用：{fault}";
        /// Tiers with a gap, an overlap or no end.
        BadTiers {
            /// The tier, from 0.
            tier: usize,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_tiers", InvalidInput,
            "tier {tier} does not fit with the others: {fault}",
            "第 {tier} 阶梯与其他阶梯不符：{fault}";
        /// A package of no size.
        BadPackage {
            /// The size.
            size: Decimal,
        } = "pricing.bad_package", InvalidInput,
            "a package must hold more than nothing, not `{size}`",
            "套餐容量必须大于零，而不是 `{size}`";
        /// Tiers, packages, free units or limits of less than nothing.
        NegativeUnits {
            /// The units.
            units: String,
        } = "pricing.negative_units", OutOfRange,
            "`{units}` units are a difference, and tiers, packages, free units and limits are of a whole: rate both readings and take the difference",
            "`{units}` 个单位是差额，而阶梯、套餐、免费额度与限额只适用于完整用量：请分别计价后取差额";
        /// What is timed meets a price once, or the reverse.
        TimeMismatch {
            /// The part.
            part: String,
            /// The time unit of its rate.
            every: &'static str,
        } = "pricing.time_mismatch", Conflict,
            "the rate of `{part}` is by `{every}`, and its usage is not measured like that",
            "`{part}` 的价格按 `{every}` 计，但其用量不是这样度量的";
        /// A usage by a price per month whose window is in two months.
        WindowOutsideMonth {
            /// The window.
            window: String,
            /// The month.
            month: String,
        } = "pricing.window_outside_month", OutOfRange,
            "the window {window} is not inside the month {month} of its price: meter it in two parts",
            "窗口 {window} 不在其价格所属月份 {month} 之内：请分两段计量";
        /// A rounding that takes place elsewhere.
        RoundsElsewhere {
            /// Where.
            at: &'static str,
            /// What to call instead.
            call: &'static str,
        } = "pricing.rounds_elsewhere", Unsupported,
            "rounding at `{at}` does not take place here: call `{call}`",
            "在 `{at}` 舍入不在此处进行：请调用 `{call}`";
        /// A rate card that can not be read.
        BadCard {
            /// The line of the file, from 1; 0 where it is not known.
            line: usize,
            /// What is wrong.
            fault: String,
            /// The code of what is wrong there, or `toml`.
            cause: &'static str,
        } = "pricing.bad_card", InvalidInput,
            "line {line} of the rate card: {fault}",
            "价目表第 {line} 行：{fault}";
        // What is measured: packages, guarantees, bandwidth, funds gates, tables, on demand.
        /// A free package that contradicts itself.
        BadPackageTerms {
            /// The package.
            package: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_package_terms", InvalidInput,
            "package `{package}` is not usable: {fault}",
            "资源包 `{package}` 不可用：{fault}";
        /// Two packages of one id.
        PackageTwice {
            /// The id.
            package: String,
        } = "pricing.package_twice", Conflict,
            "package `{package}` stands twice: give each an id of its own",
            "资源包 `{package}` 出现两次：请为每个资源包使用各自的编号";
        /// What was consumed of a package in a window, told twice.
        PackageStateTwice {
            /// The package.
            package: String,
            /// The window, from 1.
            window: u64,
        } = "pricing.package_state_twice", Conflict,
            "what was consumed of package `{package}` in window {window} stands twice: add the two up first",
            "资源包 `{package}` 第 {window} 个周期的已用量出现两次：请先合并";
        /// More consumed of a package than it holds.
        PackageOverdrawn {
            /// The package.
            package: String,
            /// The window, from 1.
            window: u64,
            /// What was consumed.
            consumed: String,
            /// What it holds.
            quota: String,
        } = "pricing.package_overdrawn", Conflict,
            "`{consumed}` were consumed of package `{package}` in window {window}, and it holds `{quota}`: correct what is kept of it",
            "资源包 `{package}` 第 {window} 个周期已用 `{consumed}`，而额度为 `{quota}`：请更正其记录";
        /// A month where a length is needed.
        NoFixedLength {
            /// What was given.
            text: String,
        } = "pricing.no_fixed_length", Unsupported,
            "`{text}` is by the month, which has no one length: measure by second, minute, hour or day",
            "`{text}` 按月计量，而月没有固定长度：请按秒、分钟、小时或天计量";
        /// What was taken and what is left over do not add up: a fault of this library, caught before it is charged.
        UnitsNotConserved {
            /// What was used.
            whole: String,
            /// What the parts add up to.
            parts: String,
        } = "pricing.units_not_conserved", Conflict,
            "what was taken and what is left over add up to `{parts}` and not to `{whole}`: please report this",
            "抵扣量与超出量之和为 `{parts}`，不等于 `{whole}`：请报告此问题";
        /// A number that may not be negative.
        BelowZero {
            /// What it is.
            what: &'static str,
            /// The number.
            amount: String,
        } = "pricing.below_zero", InvalidInput,
            "`{what}` may not be negative: `{amount}`",
            "`{what}` 不能为负：`{amount}`";
        /// A share of a cycle below 0 or above 1.
        ShareOutOfRange {
            /// The share.
            share: String,
        } = "pricing.share_out_of_range", OutOfRange,
            "`{share}` is no share of a whole: it must be from 0 to 1",
            "`{share}` 不是整体的份额：必须在 0 到 1 之间";
        /// Bandwidth without a sample.
        NoSamples {
            /// Of what, as `day 3`.
            of: String,
        } = "pricing.no_samples", InvalidInput,
            "`{of}` has no samples: leave it out, or pass what was measured",
            "`{of}` 没有采样：请将其略去，或传入实际采样";
        /// A day that its month does not have.
        DayOutsideMonth {
            /// The day.
            day: u32,
            /// How many the month has.
            days_in_month: u32,
        } = "pricing.day_outside_month", OutOfRange,
            "a month of {days_in_month} days has no day `{day}`: days count from 1",
            "有 {days_in_month} 天的月份没有第 `{day}` 天：日期从 1 开始";
        /// A day that stands twice.
        DayTwice {
            /// The day.
            day: u32,
        } = "pricing.day_twice", Conflict,
            "day `{day}` stands twice: pass all samples of a day together",
            "第 `{day}` 天出现两次：请将同一天的采样一并传入";
        /// More days than the month has.
        TooManyDays {
            /// The days.
            days: u64,
            /// How many the month has.
            days_in_month: u32,
        } = "pricing.too_many_days", OutOfRange,
            "`{days}` days are more than the {days_in_month} of the month: rate each month by itself",
            "`{days}` 天超出当月的 {days_in_month} 天：请按月分别计价";
        /// A number of days that no month has.
        NotAMonthLength {
            /// The number.
            days: u32,
        } = "pricing.not_a_month_length", InvalidInput,
            "no month has `{days}` days: a month has 28 to 31",
            "没有哪个月有 `{days}` 天：一个月有 28 到 31 天";
        /// A price table that contradicts itself.
        BadTable {
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_table", InvalidInput,
            "the price table is not usable: {fault}",
            "价格表不可用：{fault}";
        /// Two rows for the same keys.
        TableRowTwice {
            /// The row, from 0.
            row: usize,
            /// Its keys.
            keys: String,
        } = "pricing.table_row_twice", Conflict,
            "row {row} of the price table, `{keys}`, stands there already: leave one",
            "价格表第 {row} 行 `{keys}` 已存在：请只保留一个";
        /// A key of a price table that has no value.
        TableKeyMissing {
            /// The key.
            key: String,
        } = "pricing.table_key_missing", InvalidInput,
            "the key `{key}` is missing: a price table needs a value for each of its keys",
            "缺少键 `{key}`：价格表的每个键都需要一个值";
        /// A key that a price table does not have.
        TableKeyUnknown {
            /// The key.
            key: String,
            /// Those that it has.
            known: String,
        } = "pricing.table_key_unknown", InvalidInput,
            "the price table has no key `{key}`: its keys are {known}",
            "价格表没有键 `{key}`：它的键为 {known}";
        /// No price for these keys.
        NoTablePrice {
            /// The first key at which no row is left.
            key: String,
            /// The value that it was asked for.
            value: String,
            /// Values that it has there.
            exist: String,
        } = "pricing.no_table_price", NotFound,
            "no price where `{key}` is `{value}`: here the table has {exist}",
            "没有 `{key}` 为 `{value}` 的价格：价格表此处有 {exist}";
        /// A price with more digits than are kept.
        PriceTooFine {
            /// The price.
            price: Decimal,
            /// How many digits are kept.
            digits: u32,
        } = "pricing.price_too_fine", OutOfRange,
            "the price `{price}` has more than {digits} digits after the point: write it with at most so many",
            "价格 `{price}` 的小数位超过 {digits} 位：请最多保留这么多位";
        /// A size where the price has none, or the reverse.
        SizeMismatch {
            /// What is wrong.
            fault: &'static str,
        } = "pricing.size_mismatch", Conflict,
            "the size and the price do not fit: {fault}",
            "大小与价格不符：{fault}";
    }
}
