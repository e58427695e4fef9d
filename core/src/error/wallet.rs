use super::{MoneyError, TimeError, table::errors};

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
        /// A coupon that was named does not exist.
        NoSuchCoupon {
            /// Its id.
            coupon: String,
        } = "wallet.no_such_coupon", NotFound,
            "no coupon `{coupon}`",
            "资源券 `{coupon}` 不存在";
    }
}
