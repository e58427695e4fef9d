use super::{MoneyError, TimeError, table::errors};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a coupon, a balance or a deduction or a refund (R-W1 … R-W19).
    WalletError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
    }
    {
        /// An id that is empty.
        EmptyId {
            /// What it is the id of.
            what: &'static str,
        } = "wallet.empty_id", InvalidInput,
            "a {what} needs an id: it may not be empty",
            "{what} 必须有标识：不能为空";
        /// A status, kind or category that does not exist.
        UnknownWord {
            /// What it should be.
            what: &'static str,
            /// What was given.
            text: String,
            /// What there is.
            known: &'static str,
        } = "wallet.unknown_word", NotFound,
            "no {what} `{text}`; there are: {known}",
            "没有 {what} `{text}`；可用：{known}";
        /// A coupon that would hold less than nothing, or more than its face value.
        CouponBalance {
            /// The coupon.
            coupon: String,
            /// Its balance.
            balance: Decimal,
            /// Its face value.
            face_value: Decimal,
        } = "wallet.coupon_balance", OutOfRange,
            "coupon `{coupon}` can not hold `{balance}`: at least 0 and at most its face value `{face_value}`",
            "资源券 `{coupon}` 的余额不能为 `{balance}`：不得小于 0，也不得超过面额 `{face_value}`";
        /// A group with a coupon that only users may hold.
        GroupCategory {
            /// The coupon.
            coupon: String,
            /// Its category.
            category: &'static str,
        } = "wallet.group_category", Conflict,
            "coupon `{coupon}` is of category `{category}`: a group may hold only coupons of category `server`",
            "资源券 `{coupon}` 的类别为 `{category}`：组只能持有 `server` 类别的资源券";
        /// The code that was presented is not the coupon's.
        WrongCode {
            /// The coupon.
            coupon: String,
        } = "wallet.wrong_code", InvalidInput,
            "that is not the code of coupon `{coupon}`",
            "资源券 `{coupon}` 的兑换码不正确";
        /// A coupon that is past redeeming.
        NotWaiting {
            /// The coupon.
            coupon: String,
            /// Its status.
            status: &'static str,
        } = "wallet.not_waiting", Conflict,
            "coupon `{coupon}` is `{status}`: only one that is `wait` can be redeemed",
            "资源券 `{coupon}` 的状态为 `{status}`：只有 `wait` 状态的资源券可以兑换";
        /// A coupon that somebody holds already.
        AlreadyOwned {
            /// The coupon.
            coupon: String,
        } = "wallet.already_owned", Conflict,
            "coupon `{coupon}` has an owner already",
            "资源券 `{coupon}` 已有所有者";
        /// A coupon that could pay for nothing.
        CouponWithoutUnit {
            /// The coupon.
            coupon: String,
        } = "wallet.coupon_without_unit", Conflict,
            "coupon `{coupon}` has no settlement unit: give it one before it is redeemed",
            "资源券 `{coupon}` 没有结算单元：请在兑换前为其指定";
        /// Two coupons of one wallet with one id.
        CouponHeldTwice {
            /// Their id.
            coupon: String,
        } = "wallet.coupon_held_twice", InvalidInput,
            "coupon `{coupon}` stands twice among the funds: its balance would count twice",
            "资源券 `{coupon}` 在资金中出现两次：其余额会被重复计算";
        /// An amount below zero where only zero or more makes sense.
        NegativeAmount {
            /// The amount.
            amount: Decimal,
        } = "wallet.negative_amount", InvalidInput,
            "`{amount}` is negative: only zero or more can be paid or asked for",
            "`{amount}` 为负数：只能支付或询问零或正的金额";
        /// An overdraft limit below zero.
        NegativeLimit {
            /// The limit.
            limit: Decimal,
        } = "wallet.negative_limit", InvalidInput,
            "`{limit}` is no overdraft limit: write how far below zero the balance may go, as zero or more",
            "`{limit}` 不是透支限额：请以零或正数表示余额最多可低于零多少";
        /// A debt below zero.
        NegativeDebt {
            /// The debt.
            debt: Decimal,
        } = "wallet.negative_debt", InvalidInput,
            "`{debt}` is no debt: write what is owed, as zero or more",
            "`{debt}` 不是欠款：请以零或正数表示所欠金额";
        /// A settlement unit that does not exist.
        NoSuchUnit {
            /// The unit.
            unit: String,
        } = "wallet.no_such_unit", NotFound,
            "no settlement unit `{unit}`",
            "结算单元 `{unit}` 不存在";
        /// A settlement unit of another application.
        ForeignUnit {
            /// The unit.
            unit: String,
            /// The application that would be paid.
            application: String,
        } = "wallet.foreign_unit", Conflict,
            "settlement unit `{unit}` does not belong to application `{application}`",
            "结算单元 `{unit}` 不属于应用 `{application}`";
        /// One order id for two different payments.
        PaymentConflict {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// The first fact in which the two differ.
            fact: &'static str,
        } = "wallet.payment_conflict", Conflict,
            "order `{order}` of application `{application}` is paid already, with another {fact}: use a new order id",
            "应用 `{application}` 的订单 `{order}` 已支付，且 {fact} 不同：请使用新的订单号";
        /// A coupon that is named twice for one payment.
        CouponNamedTwice {
            /// Its id.
            coupon: String,
        } = "wallet.coupon_named_twice", InvalidInput,
            "coupon `{coupon}` is named twice: name each once",
            "资源券 `{coupon}` 被重复指定：每张只能指定一次";
        /// A coupon that was named does not exist.
        NoSuchCoupon {
            /// Its id.
            coupon: String,
        } = "wallet.no_such_coupon", NotFound,
            "no coupon `{coupon}`",
            "资源券 `{coupon}` 不存在";
        /// A named coupon that is waiting, cancelled or deleted.
        CouponNotAvailable {
            /// The coupon.
            coupon: String,
            /// Its status.
            status: &'static str,
        } = "wallet.coupon_not_available", Conflict,
            "coupon `{coupon}` is `{status}`: only one that is `available` pays",
            "资源券 `{coupon}` 的状态为 `{status}`：只有 `available` 状态的资源券可以支付";
        /// A named coupon whose time has not come.
        CouponNotEffective {
            /// The coupon.
            coupon: String,
            /// When it takes effect.
            effective: DateTime<Utc>,
        } = "wallet.coupon_not_effective", Conflict,
            "coupon `{coupon}` takes effect at {effective}, not before",
            "资源券 `{coupon}` 将于 {effective} 生效，尚不可用";
        /// A named coupon whose time is over.
        CouponExpired {
            /// The coupon.
            coupon: String,
            /// When it expired.
            expiration: DateTime<Utc>,
        } = "wallet.coupon_expired", Conflict,
            "coupon `{coupon}` expired at {expiration}",
            "资源券 `{coupon}` 已于 {expiration} 过期";
        /// A named coupon that is for something else.
        CouponNotApplicable {
            /// The coupon.
            coupon: String,
            /// What does not fit.
            reason: &'static str,
        } = "wallet.coupon_not_applicable", Conflict,
            "coupon `{coupon}` can not pay for this: {reason}",
            "资源券 `{coupon}` 不能用于此支付：{reason}";
        /// A named coupon that holds nothing.
        CouponNoBalance {
            /// The coupon.
            coupon: String,
        } = "wallet.coupon_no_balance", Insufficient,
            "coupon `{coupon}` is used up",
            "资源券 `{coupon}` 没有可用余额";
        /// Coupons alone are to pay, and they hold less than that.
        CouponsNotEnough {
            /// What is to be paid.
            amount: Decimal,
            /// What the coupons hold.
            coupons: Decimal,
            /// The difference.
            missing: Decimal,
        } = "wallet.coupons_not_enough", Insufficient,
            "`{amount}` is to be paid with coupons alone, and they hold `{coupons}`: `{missing}` is missing",
            "需仅用资源券支付 `{amount}`，而资源券共有 `{coupons}`：缺少 `{missing}`";
        /// Coupons and balance together hold less than is to be paid.
        FundsNotEnough {
            /// What is to be paid.
            amount: Decimal,
            /// What the coupons hold.
            coupons: Decimal,
            /// What the account holds.
            balance: Decimal,
            /// What a top-up must bring.
            missing: Decimal,
        } = "wallet.funds_not_enough", Insufficient,
            "`{amount}` is to be paid from coupons of `{coupons}` and a balance of `{balance}`: top up `{missing}`",
            "需支付 `{amount}`，资源券共有 `{coupons}`，余额为 `{balance}`：请充值 `{missing}`";
        /// The balance would go further below zero than it may.
        OverdraftExceeded {
            /// What is to be paid.
            amount: Decimal,
            /// What the coupons hold.
            coupons: Decimal,
            /// What the account holds.
            balance: Decimal,
            /// How far below zero it may go.
            limit: Decimal,
            /// What a top-up must bring.
            missing: Decimal,
        } = "wallet.overdraft_exceeded", Insufficient,
            "`{amount}` is to be paid from coupons of `{coupons}` and a balance of `{balance}` that may go `{limit}` below zero: top up `{missing}`",
            "需支付 `{amount}`，资源券共有 `{coupons}`，余额为 `{balance}`，最多可透支 `{limit}`：请充值 `{missing}`";
        /// A coupon whose balance is locked by orders that are not paid yet.
        CouponLocked {
            /// The coupon.
            coupon: String,
            /// What it holds.
            balance: Decimal,
            /// What of that is locked.
            locked: Decimal,
        } = "wallet.coupon_locked", Insufficient,
            "coupon `{coupon}` holds `{balance}`, of which `{locked}` is locked by unpaid orders: pay or void them first",
            "资源券 `{coupon}` 的余额为 `{balance}`，其中 `{locked}` 已被未支付订单锁定：请先支付或取消这些订单";
        /// A kind of source with an id where it has none, or without where it needs one.
        SourceId {
            /// The kind.
            kind: &'static str,
        } = "wallet.source_id", InvalidInput,
            "a source of kind `{kind}` can not be named so: balance and debt have no id, every other kind has one",
            "`{kind}` 类来源不能这样指定：余额和欠款没有标识，其他来源均须有标识";
        /// A fund that would hold less than nothing.
        FundBalance {
            /// The fund.
            fund: String,
            /// Its balance.
            balance: Decimal,
        } = "wallet.fund_balance", OutOfRange,
            "fund `{fund}` can not hold `{balance}`: at least 0",
            "资金 `{fund}` 的余额不能为 `{balance}`：不得小于 0";
        /// A cap below zero.
        FundCap {
            /// The fund.
            fund: String,
            /// The cap.
            cap: Decimal,
        } = "wallet.fund_cap", InvalidInput,
            "one payment can not take at most `{cap}` from fund `{fund}`: write zero or more",
            "单次支付从资金 `{fund}` 扣除的上限不能为 `{cap}`：请填写零或正数";
        /// Two funds of one kind with one id.
        FundHeldTwice {
            /// The fund.
            origin: String,
        } = "wallet.fund_held_twice", InvalidInput,
            "{origin} stands twice among the funds: its balance would count twice",
            "{origin} 在资金中出现两次：其余额会被重复计算";
        /// A kind of source that can not be a step of a funding order.
        UnfitStep {
            /// The kind.
            step: &'static str,
        } = "wallet.unfit_step", InvalidInput,
            "`{step}` is no step of a funding order: it is what becomes of a shortfall, so write it last",
            "`{step}` 不能作为扣款顺序的步骤：它是资金不足时的处理方式，请写在最后";
        /// A funding order with two steps of one kind.
        StepTwice {
            /// The kind.
            step: &'static str,
        } = "wallet.step_twice", InvalidInput,
            "a funding order takes from `{step}` twice: name each kind once",
            "扣款顺序中 `{step}` 出现了两次：每类来源只能出现一次";
        /// A step with one key twice.
        KeyTwice {
            /// The kind.
            step: &'static str,
            /// The key.
            key: &'static str,
        } = "wallet.key_twice", InvalidInput,
            "step `{step}` sorts by `{key}` twice: name each key once",
            "步骤 `{step}` 中排序键 `{key}` 出现了两次：每个键只能出现一次";
        /// A step that leaves the order of its sources open.
        OrderNotTotal {
            /// The kind.
            step: &'static str,
        } = "wallet.order_not_total", InvalidInput,
            "the keys of step `{step}` do not end in `id`: two sources may tie, so end them with it",
            "步骤 `{step}` 的排序键没有以 `id` 结尾：来源的先后可能无法确定，请以 `id` 结尾";
        /// The sources of a funding order hold less than is to be paid.
        SourcesNotEnough {
            /// What is to be paid.
            amount: Decimal,
            /// What the sources give.
            found: Decimal,
            /// What a top-up must bring.
            missing: Decimal,
        } = "wallet.sources_not_enough", Insufficient,
            "`{amount}` is to be paid, and the sources give `{found}`: top up `{missing}`",
            "需支付 `{amount}`，各来源共可支付 `{found}`：请充值 `{missing}`";
        /// A payment of an order that is locked.
        OrderLocked {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// The state of its lock.
            state: &'static str,
        } = "wallet.order_locked", Conflict,
            "the lock of order `{order}` of application `{application}` is `{state}`: while it is `authorised`, capture it to pay the order or void it; once it is `captured`, the order is paid",
            "应用 `{application}` 的订单 `{order}` 的锁定状态为 `{state}`：`authorised` 时请确认扣款或先取消锁定；`captured` 表示订单已支付";
        /// A lock for an order that is paid.
        OrderPaid {
            /// The application.
            application: String,
            /// The order id.
            order: String,
        } = "wallet.order_paid", Conflict,
            "order `{order}` of application `{application}` is paid already: there is nothing to lock for it",
            "应用 `{application}` 的订单 `{order}` 已支付：无需锁定资金";
        /// One order id for two different locks.
        LockConflict {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// The first fact in which the two differ.
            fact: &'static str,
        } = "wallet.lock_conflict", Conflict,
            "order `{order}` of application `{application}` has a lock already, with another {fact}: use a new order id",
            "应用 `{application}` 的订单 `{order}` 已有锁定，且 {fact} 不同：请使用新的订单号";
        /// Two locks of one order in one wallet.
        LockHeldTwice {
            /// The application.
            application: String,
            /// The order id.
            order: String,
        } = "wallet.lock_held_twice", InvalidInput,
            "the lock of order `{order}` of application `{application}` stands twice among the funds: it would hold twice",
            "应用 `{application}` 的订单 `{order}` 的锁定在资金中出现两次：会被重复计算";
        /// A lock that would end before it begins.
        LockTooShort {
            /// When it would expire.
            expires: DateTime<Utc>,
            /// When it is asked for.
            now: DateTime<Utc>,
        } = "wallet.lock_too_short", OutOfRange,
            "a lock that expires at {expires} holds nothing at {now}: let it expire later",
            "于 {expires} 到期的锁定在 {now} 已无效：请设置更晚的到期时间";
        /// A lock on what nobody has.
        LockOfDebt {
            /// The source.
            origin: String,
        } = "wallet.lock_of_debt", InvalidInput,
            "a lock holds what a source has, so it can not hold {origin} beyond that",
            "锁定只能针对来源已有的资金，不能锁定超出部分的 {origin}";
        /// A lock that has ended already.
        LockTransition {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// The state that it is in.
            from: &'static str,
            /// The state that it should be in.
            to: &'static str,
        } = "wallet.lock_transition", Conflict,
            "the lock of order `{order}` of application `{application}` is `{from}`: it can not become `{to}`",
            "应用 `{application}` 的订单 `{order}` 的锁定状态为 `{from}`：不能变为 `{to}`";
        /// A lock whose time is over.
        LockExpired {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// When it expired.
            expires: DateTime<Utc>,
            /// The state that it should be in.
            to: &'static str,
        } = "wallet.lock_expired", Conflict,
            "the lock of order `{order}` of application `{application}` is `expired` since {expires}: it can not become `{to}`",
            "应用 `{application}` 的订单 `{order}` 的锁定已于 {expires} 变为 `expired`：不能变为 `{to}`";
        /// More than a lock holds.
        CaptureAboveLock {
            /// The application.
            application: String,
            /// The order id.
            order: String,
            /// What should be captured.
            amount: Decimal,
            /// What the lock holds.
            locked: Decimal,
        } = "wallet.capture_above_lock", OutOfRange,
            "`{amount}` can not be captured for order `{order}` of application `{application}`: `{locked}` is locked",
            "不能为应用 `{application}` 的订单 `{order}` 扣款 `{amount}`：仅锁定了 `{locked}`";
        /// A source that a lock holds of, and that the payer no longer has.
        NoSuchSource {
            /// The source.
            origin: String,
        } = "wallet.no_such_source", NotFound,
            "{origin} is not among the funds of the payer",
            "付款方的资金中没有 {origin}";
        /// A plan with two legs of one source.
        SourceTwice {
            /// The source.
            origin: String,
        } = "wallet.source_twice", InvalidInput,
            "a plan takes from {origin} twice: take from each source once",
            "计划从 {origin} 扣除了两次：每个来源只能扣除一次";
        /// A leg that takes nothing, less than nothing, or more than its source held.
        LegOutOfRange {
            /// The source.
            origin: String,
            /// What would be taken.
            amount: Decimal,
            /// What the source held.
            before: Decimal,
        } = "wallet.leg_out_of_range", OutOfRange,
            "`{amount}` can not be taken from {origin}, which stood at `{before}`: take more than 0 and at most what it holds",
            "不能从 {origin}（当时为 `{before}`）扣除 `{amount}`：扣除额须大于 0 且不超过其余额";
        /// More is to be refunded than is left of what was paid.
        RefundAboveRest {
            /// What is asked.
            amount: Decimal,
            /// What was paid.
            paid: Decimal,
            /// What was refunded of it.
            refunded: Decimal,
            /// What can still be refunded this way.
            left: Decimal,
        } = "wallet.refund_above_rest", Insufficient,
            "`{amount}` can not be refunded: `{paid}` was paid and `{refunded}` of it refunded, so at most `{left}` is left to ask for",
            "不能退款 `{amount}`：已支付 `{paid}`，其中已退 `{refunded}`，最多还可申请 `{left}`";
        /// A fee that is more than what it is kept of.
        FeeAboveRefund {
            /// The fee.
            fee: Decimal,
            /// What is refunded with it.
            amount: Decimal,
        } = "wallet.fee_above_refund", OutOfRange,
            "a fee of `{fee}` can not be kept of a refund of `{amount}`: it may be at most that",
            "退款 `{amount}` 中不能扣留手续费 `{fee}`：手续费不得超过退款金额";
        /// One id for two different refunds.
        RefundConflict {
            /// The id.
            refund: String,
            /// The first fact in which the two differ.
            fact: &'static str,
        } = "wallet.refund_conflict", Conflict,
            "refund `{refund}` stands already, with another {fact}: use a new refund id",
            "退款 `{refund}` 已存在，且 {fact} 不同：请使用新的退款号";
        /// A refund that is put to another payment than its own.
        RefundOfOtherPayment {
            /// The refund.
            refund: String,
            /// The payment that it names, as application/order.
            asked: String,
            /// The payment that it was put to.
            payment: String,
        } = "wallet.refund_of_other_payment", Conflict,
            "refund `{refund}` is of payment `{asked}`, not of `{payment}`: put it to its own payment",
            "退款 `{refund}` 属于支付 `{asked}`，而非 `{payment}`：请对应其自身的支付";
        /// A refund that stands twice among those of a payment.
        RefundTwice {
            /// Its id.
            refund: String,
        } = "wallet.refund_twice", InvalidInput,
            "refund `{refund}` stands twice among the refunds of its payment: it would count twice",
            "退款 `{refund}` 在其支付的退款中出现两次：会被重复计算";
        /// A refund that is not among those of a payment.
        NoSuchRefund {
            /// Its id.
            refund: String,
            /// The order that was paid.
            order: String,
        } = "wallet.no_such_refund", NotFound,
            "no refund `{refund}` of order `{order}`",
            "订单 `{order}` 没有退款 `{refund}`";
        /// A refund that would return to what paid nothing of its payment.
        RefundForeignSource {
            /// The refund.
            refund: String,
            /// The source.
            origin: String,
        } = "wallet.refund_foreign_source", Conflict,
            "refund `{refund}` returns to {origin}, which paid nothing of its payment",
            "退款 `{refund}` 退回至 {origin}，而其未参与该支付";
        /// A refund with two legs of one source.
        RefundSourceTwice {
            /// The refund.
            refund: String,
            /// The source.
            origin: String,
        } = "wallet.refund_source_twice", InvalidInput,
            "refund `{refund}` returns to {origin} twice: return to each source once",
            "退款 `{refund}` 两次退回至 {origin}：每个来源只能退回一次";
        /// Refunds that returned more to a source than it paid.
        RefundAbovePaid {
            /// The source.
            origin: String,
            /// What it paid.
            paid: Decimal,
            /// What would have come back to it.
            returned: Decimal,
        } = "wallet.refund_above_paid", Conflict,
            "the refunds return `{returned}` to {origin}, which paid `{paid}`: they are not those of this payment",
            "各项退款共退回 `{returned}` 至 {origin}，而其仅支付 `{paid}`：这些退款不属于该支付";
        /// A leg of a refund that returns nothing.
        EmptyRefundLeg {
            /// The source.
            origin: String,
            /// What would be returned.
            amount: Decimal,
        } = "wallet.empty_refund_leg", OutOfRange,
            "`{amount}` can not be returned to {origin}: return more than 0, or leave the leg out",
            "不能向 {origin} 退回 `{amount}`：退回额须大于 0，否则省略该项";
        /// A leg of a refund that goes where it may not.
        RefundDestination {
            /// The source.
            origin: String,
            /// Where it would go.
            destination: &'static str,
        } = "wallet.refund_destination", Conflict,
            "what {origin} paid can not go to `{destination}`: the give-back policy decides it for coupons, all else goes back to its source",
            "{origin} 支付的部分不能退至 `{destination}`：资源券按退还策略处理，其余退回原来源";
        /// A step that the states of a refund do not have.
        RefundTransition {
            /// The state that it is in.
            from: &'static str,
            /// The state that it would be in.
            to: &'static str,
            /// Those from which there is such a step.
            legal: &'static str,
        } = "wallet.refund_transition", Conflict,
            "a refund that is `{from}` can not become `{to}`: only {legal} can",
            "状态为 `{from}` 的退款不能变为 `{to}`：只有 {legal} 可以";
        /// An item that stands twice in its order.
        ItemTwice {
            /// Its id.
            item: String,
        } = "wallet.item_twice", InvalidInput,
            "item `{item}` stands twice in its order: its part would come back twice",
            "条目 `{item}` 在订单中出现两次：其份额会被重复退还";
        /// A payment that stands twice among those to draw from.
        PaymentTwice {
            /// The order that was paid.
            order: String,
        } = "wallet.payment_twice", InvalidInput,
            "the payment of `{order}` stands twice: what is left of it would count twice",
            "`{order}` 的支付出现两次：其余额会被重复计算";
        /// A correction that gives back more than was paid.
        RefundsNotEnough {
            /// What is to be given back.
            amount: Decimal,
            /// What can be refunded of all payments.
            left: Decimal,
            /// The difference.
            missing: Decimal,
        } = "wallet.refunds_not_enough", Insufficient,
            "`{amount}` is to be given back, and of these payments `{left}` is left to refund: `{missing}` is missing",
            "需退还 `{amount}`，而这些支付中最多还可退 `{left}`：缺少 `{missing}`";
    }
}
