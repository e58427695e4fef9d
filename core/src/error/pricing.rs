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
        /// A price, an amount or a count below zero.
        BelowZero {
            /// Which.
            what: &'static str,
            /// The value.
            value: String,
        } = "pricing.below_zero", OutOfRange,
            "{what} is `{value}`: it may not be below zero",
            "{what} 为 `{value}`：不得小于零";
        /// Days of a month that can not be left of it.
        BadRemaining {
            /// Its place, from 0.
            part: usize,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_remaining", InvalidInput,
            "part {part} of what remains is not usable: {fault}",
            "第 {part} 个剩余部分不可用：{fault}";
        /// A change of an order before or after it.
        OutsideOrder {
            /// When it is changed.
            at: DateTime<Utc>,
            /// From when it can be.
            start: DateTime<Utc>,
            /// When it is over.
            end: DateTime<Utc>,
        } = "pricing.outside_order", OutOfRange,
            "{at} is not within the order, from {start} to {end}: change it while it lasts",
            "{at} 不在订单期限 {start} 至 {end} 之内：请在订单有效期内变更";
        /// A change to something cheaper, where the policy has none.
        DowngradeRefused {
            /// What a month costs now.
            old: String,
            /// What it would cost.
            new: String,
        } = "pricing.downgrade_refused", Conflict,
            "from `{old}` to `{new}` a month is a downgrade, which the policy refuses: choose a dearer one, or wait for the end",
            "从每月 `{old}` 变为 `{new}` 属于降配，策略不允许：请选择更高规格，或等待到期";
        /// A plan that is worth more than the one it is switched for.
        SwitchRefused {
            /// What is left of it.
            remaining: Decimal,
            /// What the new one costs.
            price: Decimal,
        } = "pricing.switch_refused", Conflict,
            "`{remaining}` is left of the plan, more than `{price}` for the new one: choose a dearer one, or wait",
            "套餐剩余价值 `{remaining}` 高于新套餐价格 `{price}`：请选择更贵的套餐，或稍后再换";
        /// Cycles of one plan at the same time.
        OverlappingCycles {
            /// The first.
            first: String,
            /// The one that comes next.
            next: String,
        } = "pricing.overlapping_cycles", Conflict,
            "the cycle {next} starts before {first} ends: give them in order, each once",
            "周期 {next} 在 {first} 结束之前开始：请按顺序给出，每个一次";
        /// More used than there was.
        UsedMoreThanOrdered {
            /// What was used.
            used: String,
            /// What was ordered.
            ordered: String,
        } = "pricing.used_more_than_ordered", OutOfRange,
            "`{used}` used of `{ordered}` ordered: nobody uses more than that, check both",
            "已用 `{used}` 超过订购 `{ordered}`：请检查两者";
        /// More vouchers than there was to pay.
        VouchersAbovePaid {
            /// The vouchers.
            vouchers: Decimal,
            /// What was paid, with them.
            paid: Decimal,
        } = "pricing.vouchers_above_paid", OutOfRange,
            "`{vouchers}` by vouchers is more than the `{paid}` that was paid: give the amount with its vouchers",
            "代金券 `{vouchers}` 超过支付金额 `{paid}`：请给出含代金券的金额";
        /// A row of a table of fees that has gaps, or stands twice.
        BadFeeTable {
            /// The term of its row.
            term: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_fee_table", InvalidInput,
            "the row `{term}` of the table of fees is not usable: {fault}",
            "手续费表的 `{term}` 行不可用：{fault}";
        /// No fee for a term and a year.
        NoFee {
            /// The term.
            term: String,
            /// The year of use, from 1.
            year: u32,
        } = "pricing.no_fee", NotFound,
            "the table has no fee for year {year} of a `{term}` order: add it, also where it is 0",
            "手续费表中没有 `{term}` 订单第 {year} 年的费率：请添加，即使为 0";
        /// Not a term of an order.
        UnknownTerm {
            /// What was given.
            text: String,
        } = "pricing.unknown_term", InvalidInput,
            "`{text}` is not the term of an order: write `monthly`, or years like `3-year`",
            "`{text}` 不是订单期限：请写 `monthly`，或年数如 `3-year`";
    }
}
