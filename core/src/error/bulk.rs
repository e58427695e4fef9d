use super::table::errors;

errors! {
    /// What can be wrong with columns as a whole, before any row is looked at, and with what a row names.
    BulkError
    {
        /// A column that is longer or shorter than the others.
        ColumnLength {
            /// The column.
            column: String,
            /// How many rows it has.
            rows: usize,
            /// How many the others have.
            expected: usize,
        } = "bulk.column_length", InvalidInput,
            "column `{column}` has {rows} rows where {expected} are expected: all columns of a batch have one length",
            "列 `{column}` 有 {rows} 行，应为 {expected} 行：同一批次的各列长度必须一致";
        /// A column that is given twice.
        RepeatedColumn {
            /// The column.
            column: String,
        } = "bulk.repeated_column", InvalidInput,
            "column `{column}` stands twice: add the two up first",
            "列 `{column}` 出现两次：请先合并";
        /// Offsets that do not cut the rows into lists.
        BadOffsets {
            /// The place of the first offset that is wrong, from 0.
            at: usize,
            /// What is wrong there.
            fault: &'static str,
        } = "bulk.bad_offsets", InvalidInput,
            "offset {at} is wrong: {fault}",
            "第 {at} 个偏移量有误：{fault}";
        /// A column of numbers with more digits after the point than a decimal has.
        BadScale {
            /// The column.
            column: String,
            /// Its scale.
            scale: u32,
            /// The most there may be.
            most: u32,
        } = "bulk.bad_scale", OutOfRange,
            "column `{column}` has {scale} digits after the point: at most {most}",
            "列 `{column}` 小数点后有 {scale} 位：最多 {most} 位";
        /// A number that names nothing.
        UnknownId {
            /// The column.
            column: &'static str,
            /// The number.
            id: u32,
            /// How many there are, from 0.
            known: usize,
        } = "bulk.unknown_id", NotFound,
            "`{column}` is {id}, and there are {known}, counted from 0",
            "`{column}` 为 {id}，而总数为 {known}（从 0 起计）";
    }
}

/// A row that has no answer, and why: the others have theirs.
///
/// It carries the code alone, so that a million faulty rows cost no more than their number. Each bulk
/// routine names the call for one that tells the whole error of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowFault {
    /// The row, from 0.
    pub row: usize,
    /// The stable code of the error.
    pub code: &'static str,
}
