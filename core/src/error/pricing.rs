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
        /// An inquiry for no time at all.
        NoDuration {
        } = "pricing.no_duration", InvalidInput,
            "an inquiry must be for some time: ask for at least an hour, a day or a month",
            "询价时长不能为零：请至少填写一小时、一天或一个月";
        /// An inquiry for no items.
        NoItems {
        } = "pricing.no_items", InvalidInput,
            "an inquiry must be for at least one item",
            "询价数量至少为一";
        /// A renewal by a period and to an instant at once.
        RenewalTwice {
        } = "pricing.renewal_twice", Conflict,
            "a renewal is by a period or to an instant, not both: leave one of them out",
            "续期只能按时长或到指定时间，不能同时填写：请去掉其中一个";
        /// A renewal by nothing.
        RenewalMissing {
        } = "pricing.renewal_missing", InvalidInput,
            "a renewal needs a period or an instant to last until",
            "续期需要时长或到期时间";
        /// A renewal to an instant that is not after what is paid for already.
        RenewalNotLater {
            /// What it lasts until now.
            expiry: DateTime<Utc>,
            /// What was asked for.
            until: DateTime<Utc>,
        } = "pricing.renewal_not_later", OutOfRange,
            "a renewal to {until} is not after the expiry at {expiry}: choose a later instant",
            "续期时间 {until} 不晚于当前到期时间 {expiry}：请选择更晚的时间";
        /// The centre has no part of a type.
        NoPartType {
            /// The type.
            part_type: String,
        } = "pricing.no_part_type", NotFound,
            "there is no part of type `{part_type}`",
            "没有该类型组件";
        /// The centre has parts of a type, and none of that model.
        NoPartModel {
            /// The type.
            part_type: String,
            /// The model.
            model: String,
        } = "pricing.no_part_model", NotFound,
            "there is no {part_type} part of model `{model}`",
            "无效的 {part_type} 部件型号: {model}";
        /// Less in stock than asked for.
        NotEnoughStock {
            /// The type.
            part_type: String,
            /// The model.
            model: String,
            /// What is there, in the unit that was asked in.
            stock: String,
            /// What was asked for.
            requested: String,
        } = "pricing.not_enough_stock", Insufficient,
            "not enough {part_type} {model} in stock (stock: {stock}, requested: {requested})",
            "{part_type} {model} 库存不足 (库存: {stock}, 请求: {requested})";
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
    }
}
