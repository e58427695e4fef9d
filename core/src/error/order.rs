use super::{MoneyError, TimeError, WalletError, table::errors};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with an order, its cycle or a lease (R-O1 … R-O8).
    OrderError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
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
            /// What would move.
            what: &'static str,
            /// The state it is in.
            from: String,
            /// What would happen.
            event: String,
            /// The state it would lead to.
            to: String,
            /// What is possible instead.
            ways: String,
        } = "order.illegal_transition", Conflict,
            "`{event}` would take {what} from `{from}` to `{to}`: from `{from}` there is {ways}",
            "`{event}` 会将 {what} 从 `{from}` 变为 `{to}`：`{from}` 状态下可用：{ways}";
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
    }
}
