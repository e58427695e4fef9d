use super::{MoneyError, TimeError, WalletError, table::errors};

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
    }
}
