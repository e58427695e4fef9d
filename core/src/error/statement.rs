use super::{MoneyError, TimeError, table::errors};

errors! {
    /// What can be wrong with a statement (R-S1, R-S2).
    StatementError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
    }
    {
        /// A reading that a statement holds already.
        ReadingTaken {
            /// The reading.
            reading: String,
            /// The statement that holds it.
            statement: String,
        } = "statement.reading_taken", Conflict,
            "reading `{reading}` belongs to statement `{statement}` already",
            "计量 `{reading}` 已属于账单 `{statement}`";
    }
}
