use super::{MeteringError, MoneyError, TimeError, UnitsError, table::errors};

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
    }
}
