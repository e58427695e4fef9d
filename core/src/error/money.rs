use super::table::errors;
use rust_decimal::Decimal;

errors! {
    /// What can be wrong with an amount, a rounding, an allocation or a currency (R-M1 … R-M6).
    MoneyError {
        /// The exact result does not fit in the type at the door, or in the wide path behind it.
        Overflow {
            /// What was being computed.
            operation: &'static str,
        } = "money.overflow", OutOfRange,
            "{operation}: the result does not fit in 28 digits; split the amount or use a coarser step",
            "{operation}：结果超出 28 位数字；请拆分金额或采用更粗的舍入步长";
        /// The text is not a plain decimal number.
        NotADecimal {
            /// What was given.
            text: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "money.not_a_decimal", InvalidInput,
            "`{text}` is not a decimal number: {fault}; write it like `12.30`",
            "`{text}` 不是十进制数（{fault}）；请写成 `12.30` 的形式";
        /// The text is longer than an amount may be.
        TextTooLong {
            /// Its length in bytes.
            length: usize,
            /// The most that is read.
            limit: usize,
        } = "money.text_too_long", OutOfRange,
            "a decimal of {length} bytes is too long: at most {limit} are read",
            "{length} 字节的十进制数过长：最多读取 {limit} 字节";
        /// A decimal that would have to be rounded to be kept.
        TooManyDigits {
            /// What was given.
            text: String,
        } = "money.too_many_digits", OutOfRange,
            "`{text}` has more digits than can be kept exactly: at most 28, and 28 after the point",
            "`{text}` 的位数过多，无法精确保存：最多 28 位，小数点后最多 28 位";
        /// A zero with a minus sign.
        NegativeZero {
            /// What was given.
            text: String,
        } = "money.negative_zero", InvalidInput,
            "`{text}` is a negative zero: write `0`",
            "`{text}` 是负零：请写 `0`";
        /// A binary float where money is expected.
        Float {
            /// What was given.
            text: String,
        } = "money.float", InvalidInput,
            "`{text}` is a binary float: pass the amount as text, like `\"12.30\"`",
            "`{text}` 是二进制浮点数：请以文本传递金额，例如 `\"12.30\"`";
        /// A bare number where a decimal is expected as text.
        NotText {
            /// What was given.
            text: String,
        } = "money.not_text", InvalidInput,
            "`{text}` is a bare number, which many languages make a binary float of: pass the amount as text, like `\"12.30\"`",
            "`{text}` 是裸数字，许多语言会将其变为二进制浮点数：请以文本传递金额，例如 `\"12.30\"`";
        /// The amount is not a multiple of the step.
        NotAMultiple {
            /// The amount.
            amount: Decimal,
            /// The step.
            step: Decimal,
        } = "money.not_a_multiple", InvalidInput,
            "`{amount}` is not a multiple of `{step}`: round it first",
            "`{amount}` 不是 `{step}` 的整数倍：请先舍入";
        /// A rounding step that is zero or negative.
        BadStep {
            /// The step.
            step: Decimal,
        } = "money.bad_step", InvalidInput,
            "a rounding step must be above zero, not `{step}`",
            "舍入步长必须大于零，而不是 `{step}`";
        /// An unknown rounding mode, place or preset.
        UnknownRounding {
            /// What was given.
            text: String,
        } = "money.unknown_rounding", NotFound,
            "no rounding `{text}`; modes: half_even, half_up, half_down, up, down, ceiling, floor; at: line, line_carry, segment, total, month; presets: portal, bss, bss_intl, usage, usage_remaining, reseller",
            "没有舍入方式 `{text}`；方式：half_even、half_up、half_down、up、down、ceiling、floor；位置：line、line_carry、segment、total、month；预设：portal、bss、bss_intl、usage、usage_remaining、reseller";
        /// A ratio below 0 or above 1.
        RatioOutOfRange {
            /// The ratio.
            ratio: Decimal,
        } = "money.ratio_out_of_range", OutOfRange,
            "`{ratio}` is not a ratio from 0 to 1: write 90 % as `0.9`",
            "`{ratio}` 不是 0 到 1 之间的比例：90% 请写成 `0.9`";
        /// No weights, or none above zero.
        NoWeights {
        } = "money.no_weights", InvalidInput,
            "nothing to allocate by: at least one weight must be above zero",
            "没有可用于分配的权重：至少一个权重必须大于零";
        /// A weight below zero.
        NegativeWeight {
            /// Its place, from 0.
            index: usize,
            /// The weight.
            weight: Decimal,
        } = "money.negative_weight", InvalidInput,
            "weight {index} is `{weight}`: weights may not be negative",
            "第 {index} 个权重为 `{weight}`：权重不能为负";
        /// Parts that do not add up to the whole: a fault of this library, caught before it is money.
        NotConserved {
            /// The whole.
            whole: Decimal,
            /// What the parts add up to.
            parts: Decimal,
        } = "money.not_conserved", Conflict,
            "the parts add up to `{parts}` and not to `{whole}`: please report this",
            "各部分之和为 `{parts}`，不等于 `{whole}`：请报告此问题";
        /// Two currencies in one sum.
        CurrencyMismatch {
            /// The first.
            left: String,
            /// The second.
            right: String,
        } = "money.currency_mismatch", Conflict,
            "`{left}` and `{right}` do not add: convert one of them first",
            "`{left}` 与 `{right}` 不能相加：请先换算其中一种货币";
        /// Not a currency code.
        UnknownCurrency {
            /// What was given.
            text: String,
        } = "money.unknown_currency", InvalidInput,
            "`{text}` is not a currency: use a code of ISO 4217 in three capital letters, like `CNY`",
            "`{text}` 不是货币：请使用 ISO 4217 的三位大写代码，例如 `CNY`";
        /// A sub-unit that the currency does not have.
        UnknownSubUnit {
            /// What was given.
            text: String,
            /// The currency.
            currency: String,
        } = "money.unknown_sub_unit", NotFound,
            "`{currency}` has no sub-unit `{text}`; for CNY: 元, 角, 分",
            "`{currency}` 没有单位 `{text}`；人民币可用：元、角、分";
        /// A division by zero.
        DivisionByZero {
        } = "money.division_by_zero", InvalidInput,
            "the denominator of a ratio may not be zero",
            "比例的分母不能为零";
    }
}
