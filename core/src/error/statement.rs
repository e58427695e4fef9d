use super::{MoneyError, PricingError, TimeError, UnitsError, table::errors};
use chrono::NaiveDate;
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a statement, a bill, an export or a settlement (R-S1 … R-S6).
    StatementError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// A name in it.
        Units(UnitsError),
        /// What it is stated of.
        Pricing(PricingError),
    }
    {
        /// A statement of nothing.
        NoLines {
            /// The statement.
            statement: String,
        } = "statement.no_lines", InvalidInput,
            "statement `{statement}` has no reading: leave it out",
            "账单 `{statement}` 没有任何计量：请不要创建";
        /// A reading of another day.
        OtherDay {
            /// The reading.
            reading: String,
            /// The day.
            day: String,
        } = "statement.other_day", Conflict,
            "reading `{reading}` is not of the day {day}: meter that day as its window",
            "计量 `{reading}` 不属于日期 {day}：请以该日为窗口计量";
        /// A reading that came twice.
        RepeatedReading {
            /// The reading.
            reading: String,
        } = "statement.repeated_reading", Conflict,
            "reading `{reading}` came twice: a reading belongs to one statement",
            "计量 `{reading}` 出现两次：每个计量只属于一个账单";
        /// A paid statement that was to be paid or withdrawn.
        AlreadyPaid {
            /// The statement.
            statement: String,
        } = "statement.already_paid", Conflict,
            "statement `{statement}` is paid already",
            "账单 `{statement}` 已支付";
        /// A withdrawn statement that was to be paid or withdrawn.
        Cancelled {
            /// The statement.
            statement: String,
        } = "statement.cancelled", Conflict,
            "statement `{statement}` was cancelled",
            "账单 `{statement}` 已作废";
        /// No status of that name.
        UnknownStatus {
            /// What was given.
            text: String,
        } = "statement.unknown_status", NotFound,
            "no statement status `{text}`: use unpaid, paid or cancelled",
            "没有账单状态 `{text}`：请使用 unpaid、paid 或 cancelled";
        /// More corrections of one statement than can be numbered.
        TooManyCorrections {
            /// The most.
            limit: u32,
        } = "statement.too_many_corrections", OutOfRange,
            "a statement has at most {limit} corrections",
            "一个账单最多有 {limit} 次更正";
        /// A bill type that is not in the table.
        UnknownBillType {
            /// What was given.
            text: String,
            /// The numbers that there are.
            known: String,
        } = "statement.unknown_bill_type", NotFound,
            "no bill type `{text}`: use one of {known}",
            "没有账单类型 `{text}`：请使用 {known} 之一";
        /// A bill that came twice.
        RepeatedBill {
            /// The bill.
            bill: String,
        } = "statement.repeated_bill", Conflict,
            "bill `{bill}` came twice: give each bill once",
            "账单行 `{bill}` 出现两次：每个账单行只能给出一次";
        /// An amount that is not the sum of what paid it (R-S4).
        AmountIdentity {
            /// The bill.
            bill: String,
            /// The sum of the sources.
            expected: Decimal,
            /// The amount of the row.
            found: Decimal,
            /// Found less expected.
            difference: Decimal,
        } = "statement.amount_identity", Conflict,
            "bill `{bill}`: its sources add up to {expected}, its amount is {found}, which is {difference} off: correct the row",
            "账单行 `{bill}`：各支付来源之和为 {expected}，金额却为 {found}，相差 {difference}：请更正该行";
        /// A consumption that is not the official amount less what was taken off (R-S4).
        ConsumedIdentity {
            /// The bill.
            bill: String,
            /// Official less discount less truncated.
            expected: Decimal,
            /// The consumption of the row.
            found: Decimal,
            /// Found less expected.
            difference: Decimal,
        } = "statement.consumed_identity", Conflict,
            "bill `{bill}`: official less discount less truncated is {expected}, its consumption is {found}, which is {difference} off: correct the row",
            "账单行 `{bill}`：官网价减优惠减抹零为 {expected}，消费金额却为 {found}，相差 {difference}：请更正该行";
        /// An amount on the wrong side of zero for its type (R-S4).
        BillSign {
            /// The bill.
            bill: String,
            /// The type by name.
            bill_type: &'static str,
            /// Which amount.
            what: &'static str,
            /// The amount.
            amount: Decimal,
            /// What it may be.
            allowed: &'static str,
        } = "statement.bill_sign", InvalidInput,
            "bill `{bill}`: the {what} of type `{bill_type}` must be `{allowed}`, and is {amount}: correct the row or its type",
            "账单行 `{bill}`：类型 `{bill_type}` 的 {what} 必须 `{allowed}`，却为 {amount}：请更正该行或其类型";
        /// A row of an export that breaks a rule of a column (R-S5).
        FocusFault {
            /// The row, from 1; 0 for the file.
            row: u32,
            /// The column.
            column: &'static str,
            /// The rule by name.
            rule: &'static str,
            /// What stands there.
            value: String,
            /// What may stand there.
            expected: String,
            /// How many faults there are in all.
            faults: u32,
        } = "statement.focus_fault", InvalidInput,
            "row {row}: `{column}` is `{value}`, which breaks the rule {rule}: {expected} ({faults} faults in all)",
            "第 {row} 行：`{column}` 为 `{value}`，违反规则 {rule}：{expected}（共 {faults} 处）";
        /// Text that is no CSV (R-S5).
        NotCsv {
            /// The line, from 1.
            line: usize,
            /// What is wrong.
            fault: &'static str,
        } = "statement.not_csv", InvalidInput,
            "line {line} is no CSV: {fault}",
            "第 {line} 行不是 CSV：{fault}";
        /// A word that a closed set has not.
        UnknownWord {
            /// What it is a word of.
            what: &'static str,
            /// What was given.
            text: String,
            /// The words that there are.
            known: String,
        } = "statement.unknown_word", NotFound,
            "no {what} `{text}`: use one of {known}",
            "没有 {what} `{text}`：请使用 {known} 之一";
        /// An amount below zero where the kind of row gives the sign.
        BelowZero {
            /// Of what.
            of: String,
            /// Which amount.
            what: &'static str,
            /// The amount.
            amount: Decimal,
        } = "statement.below_zero", OutOfRange,
            "`{of}`: its {what} is {amount}, below zero: the kind of the row gives the sign",
            "`{of}`：{what} 为 {amount}，小于零：正负由该行的类别决定";
        /// Dates of a settlement the wrong way round.
        SettlementDates {
            /// The first day.
            from: NaiveDate,
            /// The last day.
            to: NaiveDate,
        } = "statement.settlement_dates", InvalidInput,
            "a settlement from {from} to {to} has no day: give the earlier date first",
            "从 {from} 到 {to} 的结算没有任何一天：请先给出较早的日期";
        /// A settlement id that stands for something else.
        SettlementConflict {
            /// The settlement.
            settlement: String,
            /// The fact that differs.
            fact: &'static str,
            /// As it was settled.
            earlier: String,
            /// As it is asked now.
            now: String,
        } = "statement.settlement_conflict", Conflict,
            "settlement `{settlement}` was made with {fact} {earlier}, not {now}: use another id",
            "结算 `{settlement}` 的 {fact} 为 {earlier} 而非 {now}：请使用另一个编号";
    }
}
