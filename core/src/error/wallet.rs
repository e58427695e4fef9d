use super::{MoneyError, TimeError, table::errors};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a coupon, a balance or a deduction (R-W1 … R-W13).
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
    }
}
