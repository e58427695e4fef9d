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
            /// The code of what is wrong there, or `toml` or `json`.
            cause: &'static str,
        } = "pricing.bad_card", InvalidInput,
            "line {line} of the rate card: {fault}",
            "价目表第 {line} 行：{fault}";
        /// A percentage that contradicts itself.
        BadPercentage {
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_percentage", InvalidInput,
            "the percentage is not usable: {fault}",
            "百分比计价不可用：{fault}";
        /// A rate by the event, and only a sum of events.
        NeedsEvents {
            /// The rate.
            rate: String,
            /// What to call instead.
            call: &'static str,
        } = "pricing.needs_events", Unsupported,
            "`{rate}` prices each event, and a sum forgets its events: call `{call}` with them",
            "`{rate}` 按每笔计价，而合计无法还原每笔：请以各笔调用 `{call}`";
        /// A rate of a whole usage, and the amount of each event was asked for.
        OneUsage {
            /// The rate.
            rate: String,
        } = "pricing.one_usage", Unsupported,
            "`{rate}` prices events together, so none has an amount of its own: price their sum",
            "`{rate}` 对全部用量一并计价，单笔没有各自的金额：请对合计计价";
        /// Tiers of another convention that would cost something else here.
        UnsupportedTiers {
            /// The convention.
            convention: &'static str,
            /// What would differ.
            fault: &'static str,
        } = "pricing.unsupported_tiers", Unsupported,
            "tiers written by `{convention}` can not be held as they are: {fault}",
            "按 `{convention}` 书写的阶梯无法原样表示：{fault}";
        /// A rate card that ends before it begins.
        BadValidity {
            /// Its beginning.
            from: DateTime<Utc>,
            /// Its end.
            to: DateTime<Utc>,
        } = "pricing.bad_validity", InvalidInput,
            "a rate card in force from {from} can not end at {to}: let it end later",
            "自 {from} 起有效的价目表不能在 {to} 结束：请推迟其结束时间";
        /// A rate card at an instant at which it is not in force.
        NotInForce {
            /// Its revision.
            revision: String,
            /// The instant.
            at: DateTime<Utc>,
        } = "pricing.not_in_force", Conflict,
            "the rate card `{revision}` is not in force at {at}: take the revision that is",
            "价目表 `{revision}` 在 {at} 无效：请使用当时有效的版本";
        /// A usage that one of two compared revisions can not rate.
        FactNotRated {
            /// What the usage is of.
            fact: String,
            /// The revision.
            revision: String,
            /// What is wrong.
            fault: String,
            /// Its code.
            cause: &'static str,
        } = "pricing.fact_not_rated", InvalidInput,
            "`{fact}` can not be rated by `{revision}`: {fault}",
            "`{fact}` 无法按 `{revision}` 计价：{fault}";
        /// A part that is put up for sale twice.
        PartListed {
            /// Its centre, type and model.
            part: String,
        } = "pricing.part_listed", Conflict,
            "`{part}` is for sale already: add stock to it, or edit its price",
            "`{part}` 已上架：请增加其库存，或修改其价格";
        /// A part that stock is added to at another price.
        OtherPrice {
            /// Its centre, type and model.
            part: String,
            /// What it costs.
            listed: String,
            /// What was given.
            given: String,
        } = "pricing.other_price", Conflict,
            "`{part}` is for sale at {listed}, not at {given}: edit its price first",
            "`{part}` 的价格为 {listed}，而不是 {given}：请先修改其价格";
        /// A part that is not for sale.
        PartNotListed {
            /// Its centre, type and model.
            part: String,
        } = "pricing.part_not_listed", NotFound,
            "`{part}` is not for sale: add it first",
            "`{part}` 未上架：请先添加";
        /// More is consumed than is free.
        NotEnoughFree {
            /// How much is free.
            free: String,
            /// How much was asked for.
            wanted: String,
        } = "pricing.not_enough_free", Insufficient,
            "{wanted} can not be consumed, {free} are free: supply more, or take less",
            "无法占用 {wanted}，空闲仅 {free}：请增加库存或减少占用";
        /// More is released than is consumed.
        NotConsumed {
            /// How much is consumed.
            consumed: String,
            /// How much was given back.
            released: String,
        } = "pricing.not_consumed", OutOfRange,
            "{released} can not be released, {consumed} are consumed: release at most that",
            "无法释放 {released}，已占用仅 {consumed}：请勿超过该数量";
        /// Shares of no units at all.
        NoUnits {} = "pricing.no_units", InvalidInput,
            "there are no units, so no share of them is leased: leave the rate out",
            "总数为零，无法计算租用率：请勿计算";
        /// More units are leased and locked than there are.
        OverLeased {
            /// How many are leased.
            leased: u32,
            /// How many are locked.
            locked: u32,
            /// How many there are.
            total: u32,
        } = "pricing.over_leased", InvalidInput,
            "{leased} leased and {locked} locked units are more than {total}: count again",
            "已租 {leased} 与已锁定 {locked} 之和超过总数 {total}：请重新统计";
    }
}
