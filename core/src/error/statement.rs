use super::{MeteringError, MoneyError, PricingError, TimeError, UnitsError, table::errors};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with a statement, a bill, an export or a settlement (R-S1 … R-S6).
    StatementError
    from {
        /// The number itself.
        Money(MoneyError),
        /// The time of it.
        Time(TimeError),
        /// The usage of it.
        Metering(MeteringError),
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
        /// No month of that form.
        NotAMonth {
            /// What was given.
            text: String,
        } = "statement.not_a_month", InvalidInput,
            "`{text}` is not a month: write it as `2024-02`",
            "`{text}` 不是月份：请写成 `2024-02` 的形式";
        /// A row of another time than the report.
        OutsideDays {
            /// What it is of.
            row: String,
            /// Its window.
            window: String,
            /// The days of the report.
            days: String,
        } = "statement.outside_days", Conflict,
            "`{row}` of {window} is not within the days {days}: read it into another report",
            "`{row}` 的窗口 {window} 不在日期 {days} 之内：请计入另一份报表";
        /// Usage of another window than its row.
        OtherWindow {
            /// The reading.
            reading: String,
            /// The window of the usage.
            window: String,
        } = "statement.other_window", Conflict,
            "the usage of reading `{reading}` is of {window}: give the usage of the same window",
            "计量 `{reading}` 的用量属于窗口 {window}：请给出同一窗口的用量";
        /// A resource that was there for longer than the window.
        LifetimeOutOfRange {
            /// The reading.
            reading: String,
            /// How long it is said to have been there.
            lifetime_micros: i64,
            /// The length of the window.
            limit: i64,
        } = "statement.lifetime_out_of_range", OutOfRange,
            "reading `{reading}` has a lifetime of {lifetime_micros} microseconds: its window has {limit}",
            "计量 `{reading}` 的存在时长为 {lifetime_micros} 微秒：其窗口只有 {limit} 微秒";
        /// Two instants at which an owner came to be.
        OwnerCreatedTwice {
            /// The owner.
            owner: String,
            /// The one.
            first: DateTime<Utc>,
            /// The other.
            second: DateTime<Utc>,
        } = "statement.owner_created_twice", Conflict,
            "owner `{owner}` is said to be created at {first} and at {second}: give one of them",
            "所有者 `{owner}` 的创建时间既为 {first} 又为 {second}：请只给出一个";
        /// Rows of an owner that did not exist yet.
        OwnerTooNew {
            /// The owner.
            owner: String,
            /// When it came to be.
            created: DateTime<Utc>,
            /// The end of the days.
            end: DateTime<Utc>,
        } = "statement.owner_too_new", Conflict,
            "owner `{owner}` was created at {created}, and the days end at {end}: it has no rows in them",
            "所有者 `{owner}` 创建于 {created}，而期间结束于 {end}：其间不应有它的数据";
        /// An amount that must not be below zero.
        NegativeAmount {
            /// What it is of.
            what: &'static str,
            /// How much.
            amount: Decimal,
        } = "statement.negative_amount", OutOfRange,
            "a {what} of {amount} is below zero: give zero or more",
            "{what}的金额 {amount} 小于零：请给出零或正数";
        /// No statement at all.
        EmptyGroup {} = "statement.empty_group", InvalidInput,
            "there is no statement to settle: give the statements of a group",
            "没有可结算的账单：请给出同组的账单";
        /// A statement of another day, owner, unit or kind.
        OtherGroup {
            /// The statement.
            statement: String,
            /// One of the group.
            group: String,
        } = "statement.other_group", Conflict,
            "statement `{statement}` is of another group than `{group}`: settle statements of one day, owner, unit and kind",
            "账单 `{statement}` 与 `{group}` 不同组：请只结算同一日期、所有者、服务单元和资源类型的账单";
        /// A statement that came twice.
        RepeatedStatement {
            /// The statement.
            statement: String,
        } = "statement.repeated_statement", Conflict,
            "statement `{statement}` came twice: give it once",
            "账单 `{statement}` 出现两次：请只给出一次";
        /// A correction that gives back more than was paid.
        NothingToRefund {
            /// The last correction.
            statement: String,
            /// What would be given back.
            amount: Decimal,
            /// What the group was paid and not given back.
            paid: Decimal,
        } = "statement.nothing_to_refund", Insufficient,
            "correction `{statement}` would give back {amount}, and {paid} is paid: check what was stated",
            "更正 `{statement}` 要退还 {amount}，但只支付了 {paid}：请核对已出账单";
        /// Months that end before they begin.
        MonthsReversed {
            /// The first.
            first: String,
            /// The last.
            last: String,
        } = "statement.months_reversed", InvalidInput,
            "the months end with {last}, before they begin with {first}",
            "月份区间的结束 {last} 早于开始 {first}";
        /// A point of a month that is not looked at.
        MonthOutside {
            /// The month.
            month: String,
            /// The first that is looked at.
            first: String,
            /// The last.
            last: String,
        } = "statement.month_outside", Conflict,
            "{month} is not within {first} to {last}: leave it out",
            "{month} 不在 {first} 至 {last} 之内：请去掉它";
        /// Two points of one thing in a month.
        RepeatedMonth {
            /// Of what.
            subject: String,
            /// The month.
            month: String,
        } = "statement.repeated_month", Conflict,
            "`{subject}` has two sizes in {month}: give one",
            "`{subject}` 在 {month} 有两个数值：请只给出一个";
        /// A month without a figure.
        NoFigure {
            /// The month.
            month: String,
        } = "statement.no_figure", NotFound,
            "{month} has no figure to compare: give it",
            "{month} 没有可比较的数值：请给出";
        /// An average of no day.
        NothingToAverage {
            /// The first date that is not charged.
            date: NaiveDate,
        } = "statement.nothing_to_average", InvalidInput,
            "no day of the month is charged before {date}: expect the cost of the last day, or a given one",
            "在 {date} 之前本月没有已计费的日期：请按最近一日或指定的每日费用预测";
        /// No state or event of an invoice of that name.
        UnknownInvoiceWord {
            /// What it would name.
            what: &'static str,
            /// What was given.
            text: String,
            /// The words that are known.
            known: &'static str,
        } = "statement.unknown_invoice_word", NotFound,
            "no {what} `{text}`: use {known}",
            "没有{what} `{text}`：请使用 {known}";
        /// An event that does not fit the state.
        InvoiceTransition {
            /// The invoice.
            invoice: String,
            /// Its state.
            from: &'static str,
            /// The state that it would get.
            to: &'static str,
        } = "statement.invoice_transition", Conflict,
            "invoice `{invoice}` is {from}: it can not become {to}",
            "发票 `{invoice}` 的状态为 {from}：不能变为 {to}";
        /// An id that stands for another invoice.
        InvoiceConflict {
            /// The invoice.
            invoice: String,
            /// What differs.
            fact: &'static str,
        } = "statement.invoice_conflict", Conflict,
            "invoice `{invoice}` was asked for with another {fact}: use a new id",
            "发票 `{invoice}` 已按不同的 {fact} 申请：请使用新的编号";
        /// A source that came twice.
        RepeatedSource {
            /// The source.
            origin: String,
        } = "statement.repeated_source", Conflict,
            "`{origin}` came twice: it is invoiced once",
            "`{origin}` 出现两次：只能开票一次";
        /// A source that is not there.
        UnknownSource {
            /// The source.
            origin: String,
        } = "statement.unknown_source", NotFound,
            "there is no top-up or payment `{origin}`",
            "没有充值或支付 `{origin}`";
        /// A source of somebody else.
        ForeignSource {
            /// The source.
            origin: String,
            /// For whom the invoice is.
            owner: String,
        } = "statement.foreign_source", Conflict,
            "`{origin}` was not paid by `{owner}`: draw an invoice for who paid it",
            "`{origin}` 并非由 `{owner}` 支付：请为付款人开票";
        /// A source that is invoiced already.
        AlreadyInvoiced {
            /// The source.
            origin: String,
            /// The invoice.
            invoice: String,
        } = "statement.already_invoiced", Conflict,
            "`{origin}` is in invoice `{invoice}`: each is invoiced once",
            "`{origin}` 已包含在发票 `{invoice}` 中：每笔只能开票一次";
        /// An invoice of nothing.
        NothingToInvoice {
            /// The invoice.
            invoice: String,
        } = "statement.nothing_to_invoice", Insufficient,
            "there is nothing to write on invoice `{invoice}`: all is invoiced or refunded",
            "发票 `{invoice}` 没有可开金额：均已开票或退款";
        /// A source of which more was refunded than paid.
        RefundedAbovePaid {
            /// The source.
            origin: String,
            /// What was paid.
            paid: Decimal,
            /// What was refunded.
            refunded: Decimal,
        } = "statement.refunded_above_paid", Conflict,
            "{refunded} of `{origin}` was refunded, and {paid} was paid",
            "`{origin}` 已退款 {refunded}，但只支付了 {paid}";
        /// An invoice whose source was refunded since.
        InvoiceStale {
            /// The invoice.
            invoice: String,
            /// The source.
            origin: String,
            /// What the invoice has of it.
            invoiced: Decimal,
            /// What is left of it.
            left: Decimal,
        } = "statement.invoice_stale", Conflict,
            "invoice `{invoice}` has {invoiced} of `{origin}`, of which {left} is left: take it back and draw a new one",
            "发票 `{invoice}` 含 `{origin}` 的 {invoiced}，但其仅剩 {left}：请撤回后重新申请";
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
