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
            /// What does it, by the name of this crate: a detail, and in no message, since other languages have other names.
            call: &'static str,
        } = "pricing.rounds_elsewhere", Unsupported,
            "rounding at `{at}` does not take place here: pass what is rounded so, as its segments, or round at `total`",
            "在 `{at}` 舍入不在此处进行：请传入按此舍入的对象（如各个分段），或在 `total` 处舍入";
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
        /// An inquiry for more items than are counted.
        TooManyItems {
            /// How many items.
            number: u32,
            /// Of how many subscriptions.
            subscriptions: u32,
        } = "pricing.too_many_items", OutOfRange,
            "{number} items of {subscriptions} subscriptions are more than 4294967295: ask for fewer at once",
            "{number} 件 × {subscriptions} 个订阅超过 4294967295：请减少一次询价的数量";
        /// An inquiry for parts by calendar months, and for more of these than are listed.
        TooManyMonths {
            /// The window.
            window: String,
            /// How many months there may be, of all parts together.
            limit: usize,
        } = "pricing.too_many_months", OutOfRange,
            "{window} makes more than {limit} lines of parts by calendar months: ask for a shorter time or fewer parts",
            "{window} 内按自然月计价的部件超过 {limit} 行：请缩短时长或减少部件";
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
            "没有类型为 `{part_type}` 的组件";
        /// The centre has parts of a type, and none of that model.
        NoPartModel {
            /// The type.
            part_type: String,
            /// The model.
            model: String,
        } = "pricing.no_part_model", NotFound,
            "there is no {part_type} part of model `{model}`",
            "没有型号为 `{model}` 的 {part_type} 组件";
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
            "{part_type} {model} 库存不足（库存：{stock}，请求：{requested}）";
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
        /// A price table that can not be read.
        BadTableFile {
            /// The line of the file, from 1.
            line: usize,
            /// What is wrong.
            fault: String,
            /// The code of what is wrong there, or `toml`.
            cause: &'static str,
        } = "pricing.bad_table_file", InvalidInput,
            "line {line} of the price table: {fault}",
            "价格表第 {line} 行：{fault}";
        /// A discount rule that contradicts itself.
        BadDiscount {
            /// The rule.
            rule: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "pricing.bad_discount", InvalidInput,
            "the discount `{rule}` is not usable: {fault}",
            "折扣 `{rule}` 不可用：{fault}";
        /// A ratio above 1 where the policy allows none.
        SurchargeNotAllowed {
            /// The rule.
            rule: String,
            /// Its ratio.
            ratio: Decimal,
        } = "pricing.surcharge_not_allowed", OutOfRange,
            "the ratio `{ratio}` of `{rule}` is above 1, a surcharge: allow surcharges in the policy, or correct it",
            "`{rule}` 的比率 `{ratio}` 大于 1，属于加价：请在策略中允许加价，或更正该比率";
        /// Two rules, or two groups, of one name.
        DiscountNameTwice {
            /// The name.
            name: String,
        } = "pricing.discount_name_twice", Conflict,
            "two discounts, or two groups, are named `{name}`: a trace could not tell them apart",
            "有两个折扣或两个组名为 `{name}`：明细中将无法区分";
        /// A group that the policy does not have.
        UnknownGroup {
            /// The group.
            group: String,
            /// The rule or group that names it.
            by: String,
        } = "pricing.unknown_group", NotFound,
            "`{by}` names the group `{group}`, which the policy does not have: add it, or correct the name",
            "`{by}` 引用了策略中不存在的组 `{group}`：请添加该组或更正名称";
        /// Groups that yield to each other.
        CyclicGroups {
            /// The circle, from a group back to it.
            cycle: String,
        } = "pricing.cyclic_groups", Conflict,
            "groups yield to each other in a circle, {cycle}: take one of these steps out",
            "各组相互让位形成循环 {cycle}：请去掉其中一步";
        /// More groups than a policy has.
        TooManyGroups {
            /// How many there are.
            count: usize,
            /// How many there may be.
            limit: usize,
        } = "pricing.too_many_groups", OutOfRange,
            "`{count}` groups are too many: a policy has at most `{limit}`",
            "组数 `{count}` 过多：每个策略最多 `{limit}` 个";
        /// More rules and lines than one trace tells of.
        TooManyDiscounts {
            /// How many rules.
            rules: usize,
            /// How many lines.
            lines: usize,
            /// How many of them, multiplied, there may be.
            limit: usize,
        } = "pricing.too_many_discounts", OutOfRange,
            "{rules} rules for {lines} lines are too many: multiplied they may be at most {limit}; leave out rules that are for others",
            "{lines} 行乘以 {rules} 条规则过多：乘积最多为 {limit}；请去掉不适用的规则";
        /// A list of discounts that can not be read.
        BadDiscounts {
            /// The line of the file, from 1; 0 where it is not known.
            line: usize,
            /// What is wrong.
            fault: String,
            /// The code of what is wrong there, or `toml`, or `combine`.
            cause: &'static str,
        } = "pricing.bad_discounts", InvalidInput,
            "line {line} of the discounts: {fault}",
            "折扣表第 {line} 行：{fault}";
        /// A mode that a product row of a reseller does not have.
        UnknownResellerMode {
            /// The mode.
            text: String,
        } = "pricing.unknown_reseller_mode", InvalidInput,
            "`{text}` is not a mode of a reseller's product: it is discount, floor_price or commission",
            "`{text}` 不是经销产品的模式：应为折扣、底价或回佣";
        /// A product row of a reseller without what its mode needs.
        ResellerRowLacks {
            /// The mode.
            mode: &'static str,
            /// What is missing.
            column: &'static str,
        } = "pricing.reseller_row_lacks", InvalidInput,
            "a product row of mode `{mode}` has a `{column}`: it is missing",
            "模式为 `{mode}` 的产品必须填写 `{column}`";
        /// A product row of a reseller with what its mode has not.
        ResellerRowExcess {
            /// The mode.
            mode: &'static str,
            /// What is too much.
            column: &'static str,
        } = "pricing.reseller_row_excess", InvalidInput,
            "a product row of mode `{mode}` has no `{column}`: leave it out",
            "模式为 `{mode}` 的产品不应填写 `{column}`：请留空";
        /// A commission without its rate.
        NoCommissionRate {} = "pricing.no_commission_rate", InvalidInput,
            "a commission needs the rate of the protocol: give it",
            "回佣模式需要协议中的佣金率：请提供";
        /// A sale below the floor price.
        BelowFloor {
            /// What it was sold at.
            sold_at: String,
            /// The floor.
            floor: Decimal,
        } = "pricing.below_floor", OutOfRange,
            "sold at `{sold_at}`, below the floor price `{floor}`: sell it for the floor price or more",
            "售价 `{sold_at}` 低于底价 `{floor}`：请以不低于底价的价格销售";
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
            /// What takes them, by the name of this crate.
            call: &'static str,
        } = "pricing.needs_events", Unsupported,
            "`{rate}` prices each event, and a sum forgets its events: pass the events themselves",
            "`{rate}` 按每笔计价，而合计无法还原每笔：请传入各笔事件";
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
