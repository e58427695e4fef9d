use super::table::errors;

errors! {
    /// What can be wrong with a call over the wire.
    WireError
    {
        /// A call that is longer than is read at once.
        TooLong {
            /// Its length in bytes.
            length: usize,
            /// The most that is read.
            limit: usize,
        } = "wire.too_long", OutOfRange,
            "a call of {length} bytes is too long: at most {limit} are read; split it",
            "{length} 字节的调用过长：最多读取 {limit} 字节；请拆分";
        /// A call of few bytes that asks for a table of many cells.
        TooMany {
            /// How many spans or rows.
            rows: usize,
            /// How many different parts.
            parts: usize,
            /// The most that the product of both may be.
            limit: usize,
        } = "wire.too_many", OutOfRange,
            "{rows} spans of {parts} different parts are too many at once: at most {limit} spans × parts; split the call",
            "{rows} 个时段乘 {parts} 个不同部件过多：一次最多 {limit}（时段 × 部件）；请拆分调用";
        /// A call of few bytes whose answer would say long texts of it again for every range.
        AnswerTooLong {
            /// How many bytes of them at least.
            length: usize,
            /// The most that are written.
            limit: usize,
        } = "wire.answer_too_long", OutOfRange,
            "the answer would repeat {length} bytes of names and values: at most {limit} are written; shorten them, or split the call",
            "结果将重复 {length} 字节的名称和值：最多写出 {limit} 字节；请缩短或拆分调用";
        /// A program of more steps than are run at once.
        TooManySteps {
            /// How many.
            steps: usize,
            /// The most that are run.
            limit: usize,
        } = "wire.too_many_steps", OutOfRange,
            "a program of {steps} steps is too long: at most {limit} are run; combine whole sets",
            "{steps} 步的程序过长：最多执行 {limit} 步；请改用整个集合的运算";
        /// A call of few bytes that asks every product of every node.
        TooMuchWork {
            /// How many comparisons it comes to at most.
            steps: usize,
            /// The most that are made.
            limit: usize,
        } = "wire.too_much_work", OutOfRange,
            "products and nodes come to {steps} comparisons: at most {limit} are made at once; split the call by products",
            "产品与节点合计需要 {steps} 次比较：一次最多 {limit} 次；请按产品拆分调用";
        /// Input that is no JSON, or not of the shape that the operation reads.
        BadInput {
            /// Where: a path like `spans[1].start`, or a line and a column.
            at: String,
            /// What is wrong there.
            fault: String,
        } = "wire.bad_input", InvalidInput,
            "the input is not understood at `{at}`: {fault}",
            "无法理解输入中的 `{at}`：{fault}";
        /// An answer that could not be written: a fault of this library.
        NotWritten {
        } = "wire.not_written", Unsupported,
            "the answer can not be written as JSON: please report this",
            "无法将结果写成 JSON：请报告此问题";
        /// No operation of that name.
        UnknownOperation {
            /// What was given.
            text: String,
        } = "wire.unknown_operation", NotFound,
            "no operation `{text}`; `operations` lists them",
            "没有操作 `{text}`；`operations` 会列出全部操作";
    }
}
