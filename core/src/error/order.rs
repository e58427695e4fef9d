use super::{MeteringError, MoneyError, PricingError, TimeError, WalletError, table::errors};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with an order, its cycle or a lease (R-O1 … R-O8).
    OrderError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// The history of what is converted.
        Metering(MeteringError),
        /// The term of it, or a lease rate.
        Pricing(PricingError),
        /// The payment of it, or its refund.
        Wallet(WalletError),
    }
    {
        /// A word that stands for none of the things it could.
        UnknownWord {
            /// What it would name.
            what: &'static str,
            /// What was given.
            text: String,
            /// The words that are known.
            known: &'static str,
        } = "order.unknown_word", NotFound,
            "no {what} `{text}`: use {known}",
            "没有{what} `{text}`：请使用 {known}";
        /// An event that the table of states has no row for.
        IllegalTransition {
            /// The state it is in.
            from: &'static str,
            /// What would happen.
            event: &'static str,
            /// The state it would lead to.
            to: &'static str,
            /// What is possible instead.
            ways: String,
        } = "order.illegal_transition", Conflict,
            "`{event}` does not lead from `{from}` to `{to}`: from `{from}` there is {ways}",
            "`{event}` 不能从 `{from}` 变为 `{to}`：`{from}` 状态下可用：{ways}";
        /// An order for nothing, or for too much.
        BadItemCount {
            /// How many items.
            items: usize,
            /// The most that one order may have.
            limit: usize,
        } = "order.bad_item_count", OutOfRange,
            "an order for {items} items: it needs at least one and may have {limit}",
            "订单含 {items} 项：至少一项，至多 {limit} 项";
        /// An item that the order has not.
        NoSuchItem {
            /// Its index, from 0.
            item: usize,
            /// How many there are.
            count: usize,
        } = "order.no_such_item", NotFound,
            "no item {item}: the order has {count}, counted from 0",
            "没有第 {item} 项：订单共 {count} 项，从 0 计数";
        /// Something of an order that is not paid would be delivered.
        NotPaid {
            /// The index of the item, from 0.
            item: usize,
            /// The status of the order.
            status: &'static str,
        } = "order.not_paid", Conflict,
            "item {item} can not be settled while its order is `{status}`: only what is paid is delivered",
            "订单状态为 `{status}`，第 {item} 项不能交付：只交付已支付的订单";
        /// Weights that are not one for each item.
        OtherWeights {
            /// How many weights.
            weights: usize,
            /// How many items.
            items: usize,
        } = "order.other_weights", InvalidInput,
            "{weights} weights for {items} items: give each item its price, or 1",
            "{items} 项却有 {weights} 个权重：请为每项给出价格或 1";
        /// An amount below zero.
        NegativeAmount {
            /// What it is.
            what: &'static str,
            /// The amount.
            amount: Decimal,
        } = "order.negative_amount", OutOfRange,
            "{what} is `{amount}`: it may not be below zero",
            "{what} 为 `{amount}`：不能小于零";
        /// More given back than was paid.
        OverRefunded {
            /// What was paid.
            paid: Decimal,
            /// What was given back.
            given_back: Decimal,
        } = "order.over_refunded", Conflict,
            "`{given_back}` was given back of an order for which `{paid}` was paid: check its refunds",
            "订单支付了 `{paid}`，却退还了 `{given_back}`：请检查其退款";
        /// An order that could never be paid.
        NoTimeToPay {
        } = "order.no_time_to_pay", OutOfRange,
            "an order needs time to be paid: give it at least a second",
            "订单需要支付时间：请至少给一秒";
        /// A renewal for a count that the order has not reached.
        FutureRenewal {
            /// The count of the renewal.
            asked: u32,
            /// How often the order was renewed.
            renewals: u32,
        } = "order.future_renewal", Conflict,
            "a renewal for count {asked} of an order that was renewed {renewals} times: read the order again",
            "续费针对第 {asked} 次，而订单已续费 {renewals} 次：请重新读取订单";
        /// A renewal of what is not running.
        NotConsuming {
            /// The state of the order.
            state: &'static str,
        } = "order.not_consuming", Conflict,
            "an order that is `{state}` is not renewed: only one that is `consuming` is",
            "状态为 `{state}` 的订单不能续费：只有 `consuming` 可以";
        /// More deadlines than are listed at once.
        TooManyDeadlines {
            /// How many.
            count: u32,
            /// The most.
            limit: u32,
        } = "order.too_many_deadlines", OutOfRange,
            "{count} deadlines are too many at once: ask for at most {limit}",
            "一次列出 {count} 个到期时刻过多：最多 {limit} 个";
        /// More orders than are looked at in one call.
        TooManyOrders {
            /// How many.
            count: usize,
            /// The most.
            limit: usize,
        } = "order.too_many_orders", OutOfRange,
            "{count} orders are too many at once: at most {limit}; split the call",
            "一次处理 {count} 个订单过多：最多 {limit} 个；请拆分调用";
        /// Two funds of one account.
        RepeatedAccount {
            /// The account.
            account: String,
        } = "order.repeated_account", InvalidInput,
            "account `{account}` stands twice: give its funds once",
            "账户 `{account}` 出现两次：其资金只应给出一次";
        /// Two orders of one id.
        RepeatedOrder {
            /// The id.
            order: String,
        } = "order.repeated_order", InvalidInput,
            "order `{order}` stands twice: give each order once",
            "订单 `{order}` 出现两次：每个订单只应给出一次";
        /// An order whose account has no funds given.
        NoSuchAccount {
            /// The order.
            order: String,
            /// Its account.
            account: String,
        } = "order.no_such_account", NotFound,
            "order `{order}` is paid by account `{account}`, whose funds are not given",
            "订单 `{order}` 由账户 `{account}` 支付，但未给出该账户的资金";
        /// A policy that would release before it freezes.
        ReleaseBeforeFreeze {
            /// When it freezes, in days after the expiry.
            freeze_days: u32,
            /// When it releases.
            release_days: u32,
        } = "order.release_before_freeze", InvalidInput,
            "released {release_days} days after the expiry and frozen {freeze_days} days after: freeze first",
            "到期 {release_days} 天后释放，{freeze_days} 天后才冻结：应先冻结";
        /// A resource that has ended.
        NotRunning {
            /// When.
            ended: DateTime<Utc>,
        } = "order.not_running", Conflict,
            "the resource ended at {ended}: only one that runs is converted",
            "资源已于 {ended} 结束：只能转换运行中的资源";
        /// A conversion that would change what was.
        ConversionInPast {
            /// When it would be.
            at: DateTime<Utc>,
            /// Since when the resource is as it is.
            since: DateTime<Utc>,
        } = "order.conversion_in_past", OutOfRange,
            "a conversion at {at} lies before {since}, since when the resource is as it is",
            "转换时刻 {at} 早于资源成为现状的时刻 {since}";
        /// A resource that is not paid by the day.
        NotPostPaid {
            /// How it is paid for.
            mode: &'static str,
        } = "order.not_post_paid", Conflict,
            "the resource is `{mode}`: only one that is `post_paid` is converted to pre-paid",
            "资源为 `{mode}`：只有 `post_paid` 可转为预付费";
        /// A resource whose account is in arrears.
        InArrears {
            /// What is owed, after coupons.
            debt: Decimal,
        } = "order.in_arrears", Insufficient,
            "the account owes `{debt}` after coupons: pay that first",
            "账户扣除资源券后仍欠费 `{debt}`：请先结清";
        /// Dates of which there are none.
        NoDates {
            /// The first.
            from: NaiveDate,
            /// The first that does not belong to them.
            until: NaiveDate,
        } = "order.no_dates", InvalidInput,
            "from {from} until {until} there is no date: the end is the first date that is free again",
            "从 {from} 到 {until}（不含）没有日期：结束日是重新空闲的第一天";
        /// A trial that is none.
        BadTrial {
            /// What is wrong with it.
            fault: &'static str,
        } = "order.bad_trial", InvalidInput,
            "a trial is none, free for some days, or paid with a price and days above zero: {fault}",
            "试用可以没有、免费若干天，或付费（价格与天数均大于零）：{fault}";
        /// More devices, leases and locks than one book holds.
        TooManyLeases {
            /// The most.
            limit: usize,
        } = "order.too_many_leases", OutOfRange,
            "more than {limit} devices, leases and locks: split them by kind of device",
            "设备、租约与锁定超过 {limit} 个：请按设备类型拆分";
        /// Two devices of one id.
        RepeatedDevice {
            /// The id.
            device: String,
        } = "order.repeated_device", InvalidInput,
            "device `{device}` stands twice",
            "设备 `{device}` 出现两次";
        /// Two leases or locks of one id.
        RepeatedLease {
            /// The id.
            id: String,
        } = "order.repeated_lease", Conflict,
            "there is a lease or lock `{id}` already: give each an id of its own",
            "已有租约或锁定 `{id}`：请使用不同的编号";
        /// No device of that id.
        NoSuchDevice {
            /// The id.
            device: String,
        } = "order.no_such_device", NotFound,
            "no device `{device}` is for lease",
            "没有可租的设备 `{device}`";
        /// No lease or lock of that id or order.
        NoSuchLease {
            /// The id, or the order.
            id: String,
        } = "order.no_such_lease", NotFound,
            "no lease or lock `{id}`",
            "没有租约或锁定 `{id}`";
        /// Two leases of one device that share a date.
        OverlappingLeases {
            /// The new one, or the one that is extended.
            lease: String,
            /// The one that stands.
            other: String,
            /// The device.
            device: String,
            /// The first date of the one that stands.
            from: NaiveDate,
            /// The first date after it.
            until: NaiveDate,
        } = "order.overlapping_leases", Conflict,
            "lease `{lease}` of `{device}` overlaps lease `{other}` from {from} until {until}: choose other dates or another device",
            "设备 `{device}` 的租约 `{lease}` 与租约 `{other}`（{from} 至 {until}）重叠：请改换日期或设备";
        /// A lock of nothing.
        EmptyLock {
            /// The lock.
            lock: String,
        } = "order.empty_lock", OutOfRange,
            "lock `{lock}` is of 0 devices: lock at least one",
            "锁定 `{lock}` 的数量为 0：至少锁定一台";
        /// Fewer free devices than are wanted.
        NotEnoughDevices {
            /// How many are wanted on all of the dates.
            wanted: u32,
            /// How many are free on all of them.
            free: u32,
            /// The first date.
            from: NaiveDate,
            /// The first date after them.
            until: NaiveDate,
        } = "order.not_enough_devices", Insufficient,
            "{wanted} devices are to be free from {from} until {until}, and {free} are: leases and locks hold the others",
            "{from} 至 {until} 需要 {wanted} 台空闲设备，只有 {free} 台：其余已租出或锁定";
        /// Books in which more is taken than there is.
        OverCommitted {
            /// The first such date.
            date: NaiveDate,
            /// How many are leased and locked.
            taken: i64,
            /// How many there are.
            total: u32,
        } = "order.over_committed", Conflict,
            "{taken} devices are leased or locked on {date}, and there are {total}: check what is stored",
            "{date} 已租出或锁定 {taken} 台，而设备共 {total} 台：请检查存储的数据";
        /// An end that is not later.
        NotAnExtension {
            /// The lease.
            lease: String,
            /// Its end.
            until: NaiveDate,
            /// The end that was asked for.
            asked: NaiveDate,
        } = "order.not_an_extension", InvalidInput,
            "lease `{lease}` ends on {until} and would be extended until {asked}: name a later date, or release it",
            "租约 `{lease}` 止于 {until}，延长至 {asked} 无效：请给出更晚的日期，或提前释放";
        /// A word of a vendor that his table has not.
        UnknownVendorWord {
            /// The vendor.
            vendor: String,
            /// What the word would name.
            what: &'static str,
            /// The word.
            word: String,
        } = "order.unknown_vendor_word", NotFound,
            "`{vendor}` has no {what} `{word}`: add it to the table of its words",
            "`{vendor}` 没有{what} `{word}`：请将其加入该厂商的词表";
        /// A word that stands twice in a vendor's table.
        RepeatedWord {
            /// The vendor.
            vendor: String,
            /// What the word names.
            what: &'static str,
            /// The word.
            word: String,
        } = "order.repeated_word", Conflict,
            "`{vendor}` has the {what} `{word}` twice: a word means one thing",
            "`{vendor}` 的{what} `{word}` 出现两次：一个词只有一个含义";
    }
}
