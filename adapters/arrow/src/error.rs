use counterfoil::error::{
    BulkError, Category, Error, Language, MeteringError, PricingError, StatementError, TimeError, UnitsError, excerpt,
};

/// What can be wrong with a record batch, its schema, or a row of it.
///
/// What the core refused keeps the core's own code ([`BatchError::code`] reads through); what this crate itself
/// refuses has a code of `arrow.*`, which is never renamed.
///
/// # Examples
/// ```
/// use counterfoil::error::Language;
/// use counterfoil_arrow::BatchError;
///
/// let error = BatchError::FloatColumn { column: "ram".into(), found: "Float64".into() };
/// assert_eq!(error.code(), "arrow.float_column");
/// assert_eq!(
///     error.to_string(),
///     "column `ram` is Float64, and a binary float is no exact number: pass decimal128, or whole numbers and their scale"
/// );
/// assert_eq!(error.message(Language::Chinese), "列 `ram` 为 Float64，二进制浮点数不精确：请传入 decimal128，或整数及其小数位数");
/// assert_eq!(error.details(), [("column", "ram".to_owned()), ("found", "Float64".to_owned())]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The core refused it.
    #[error(transparent)]
    Core(Box<Error>),
    /// A batch without a column. Code `arrow.missing_column`.
    #[error("there is no column `{}`: add it as {expected}", excerpt(.column))]
    MissingColumn {
        /// The column; within a list, by its path, as `history.start`.
        column: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A column of another type. Code `arrow.column_type`.
    #[error("column `{}` is {}: cast it to {expected}", excerpt(.column), excerpt(.found))]
    ColumnType {
        /// The column.
        column: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A column of binary floats. Code `arrow.float_column`.
    #[error(
        "column `{}` is {}, and a binary float is no exact number: pass decimal128, or whole numbers and their scale",
        excerpt(.column), excerpt(.found)
    )]
    FloatColumn {
        /// The column.
        column: String,
        /// What it is.
        found: String,
    },
    /// A column whose decimals have another scale than was said. Code `arrow.column_scale`.
    #[error("column `{}` has {found} digits after the point, and {expected} were said: say {found}, or cast it", excerpt(.column))]
    ColumnScale {
        /// The column.
        column: String,
        /// What was said.
        expected: u32,
        /// What its type says.
        found: i8,
    },
    /// Two columns of one name. Code `arrow.repeated_column`.
    #[error("column `{}` stands twice: rename one of them", excerpt(.column))]
    RepeatedColumn {
        /// The column.
        column: String,
    },
    /// Metadata of a column that nothing here means, or that says something else than the caller. Code
    /// `arrow.column_metadata`.
    #[error("column `{}` has `{}` as its `{key}`: {expected}", excerpt(.column), excerpt(.found))]
    ColumnMetadata {
        /// The column.
        column: String,
        /// The key of the metadata.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
    /// A row without a value that it must have. Code `arrow.null_in_column`; of a row, not of its batch.
    #[error("column `{}` is null in this row: fill it in", excerpt(.column))]
    NullInColumn {
        /// The column.
        column: String,
    },
    /// A row of a kind that no tariff was given for. Code `arrow.no_tariff`; of a row, not of its batch.
    #[error("there is no tariff for kind `{}`: add it to the tariffs by kind", excerpt(.kind))]
    NoTariff {
        /// The kind.
        kind: String,
    },
    /// A row of a day that is not stated. Code `arrow.no_day`; of a row, not of its batch.
    #[error("`{}` is none of the days that are stated: add the day to the terms, or correct the row", excerpt(.day))]
    NoDay {
        /// The date or the window of the row.
        day: String,
    },
    /// An owner that is none. Code `arrow.bad_owner`; of a row, not of its batch.
    #[error("`{}` is no owner: write it as `user:ada` or `group:physics`", excerpt(.text))]
    BadOwner {
        /// What stands there.
        text: String,
    },
    /// A state that rows have not. Code `arrow.unknown_state`; of a row, not of its batch.
    #[error("`{}` is no state of a row: write rated, absent or faulty", excerpt(.text))]
    UnknownState {
        /// What stands there.
        text: String,
    },
    /// Two days that a row can not tell apart. Code `arrow.ambiguous_day`.
    #[error("the days `{first}` and `{second}` have one {by}: state them apart")]
    AmbiguousDay {
        /// What rows name days by: `date` or `window`.
        by: &'static str,
        /// One of them.
        first: String,
        /// The other one.
        second: String,
    },
    /// The caller said stop. Code `arrow.cancelled`.
    #[error("it was cancelled after {rows} rows: what was handed over is whole, and nothing else was")]
    Cancelled {
        /// How many rows had been handed over.
        rows: usize,
    },
    /// Where batches come from has a fault of its own. Code `arrow.source_failed`.
    #[error("where the batches come from, something failed ({}): correct it there, and run again", excerpt(.fault))]
    SourceFailed {
        /// What is said there.
        fault: String,
    },
    /// A thread that did not end well, which no input should bring about. Code `arrow.worker_failed`.
    #[error("a thread failed: rate again with one thread, and report what it says")]
    WorkerFailed,
    /// Arrow refused to put columns together, which no input should bring about. Code `arrow.not_a_batch`.
    #[error("the columns make no batch ({}): report this", excerpt(.fault))]
    NotABatch {
        /// What Arrow says.
        fault: String,
    },
}

impl BatchError {
    /// The codes of this crate itself.
    pub const CODES: [&'static str; 16] = [
        "arrow.missing_column",
        "arrow.column_type",
        "arrow.float_column",
        "arrow.column_scale",
        "arrow.repeated_column",
        "arrow.column_metadata",
        "arrow.null_in_column",
        "arrow.no_tariff",
        "arrow.no_day",
        "arrow.bad_owner",
        "arrow.unknown_state",
        "arrow.ambiguous_day",
        "arrow.cancelled",
        "arrow.source_failed",
        "arrow.worker_failed",
        "arrow.not_a_batch",
    ];

    /// The stable code: `arrow.*`, or the code of what the core refused.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::MissingColumn { .. } => "arrow.missing_column",
            Self::ColumnType { .. } => "arrow.column_type",
            Self::FloatColumn { .. } => "arrow.float_column",
            Self::ColumnScale { .. } => "arrow.column_scale",
            Self::RepeatedColumn { .. } => "arrow.repeated_column",
            Self::ColumnMetadata { .. } => "arrow.column_metadata",
            Self::NullInColumn { .. } => "arrow.null_in_column",
            Self::NoTariff { .. } => "arrow.no_tariff",
            Self::NoDay { .. } => "arrow.no_day",
            Self::BadOwner { .. } => "arrow.bad_owner",
            Self::UnknownState { .. } => "arrow.unknown_state",
            Self::AmbiguousDay { .. } => "arrow.ambiguous_day",
            Self::Cancelled { .. } => "arrow.cancelled",
            Self::SourceFailed { .. } => "arrow.source_failed",
            Self::WorkerFailed => "arrow.worker_failed",
            Self::NotABatch { .. } => "arrow.not_a_batch",
        }
    }

    /// What kind of fault it is: what a caller does about it.
    pub fn category(&self) -> Category {
        match self {
            Self::Core(error) => error.category(),
            Self::NoTariff { .. } | Self::NoDay { .. } | Self::MissingColumn { .. } => Category::NotFound,
            Self::RepeatedColumn { .. }
            | Self::ColumnMetadata { .. }
            | Self::ColumnScale { .. }
            | Self::AmbiguousDay { .. }
            | Self::Cancelled { .. } => Category::Conflict,
            Self::WorkerFailed | Self::NotABatch { .. } => Category::Unsupported,
            Self::ColumnType { .. }
            | Self::FloatColumn { .. }
            | Self::NullInColumn { .. }
            | Self::BadOwner { .. }
            | Self::UnknownState { .. }
            | Self::SourceFailed { .. } => Category::InvalidInput,
        }
    }

    /// The facts by name, in the order of the message.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let text = |text: &str| excerpt(text);
        match self {
            Self::Core(error) => error.details(),
            Self::MissingColumn { column, expected } => {
                vec![("column", text(column)), ("expected", (*expected).to_owned())]
            }
            Self::ColumnType { column, expected, found } => {
                vec![("column", text(column)), ("found", text(found)), ("expected", (*expected).to_owned())]
            }
            Self::FloatColumn { column, found } => vec![("column", text(column)), ("found", text(found))],
            Self::ColumnScale { column, expected, found } => {
                vec![("column", text(column)), ("found", found.to_string()), ("expected", expected.to_string())]
            }
            Self::RepeatedColumn { column } | Self::NullInColumn { column } => vec![("column", text(column))],
            Self::ColumnMetadata { column, key, found, expected } => vec![
                ("column", text(column)),
                ("found", text(found)),
                ("key", (*key).to_owned()),
                ("expected", expected.clone()),
            ],
            Self::NoTariff { kind } => vec![("kind", text(kind))],
            Self::NoDay { day } => vec![("day", text(day))],
            Self::BadOwner { text: found } | Self::UnknownState { text: found } => vec![("text", text(found))],
            Self::AmbiguousDay { by, first, second } => {
                vec![("first", first.clone()), ("second", second.clone()), ("by", (*by).to_owned())]
            }
            Self::Cancelled { rows } => vec![("rows", rows.to_string())],
            Self::WorkerFailed => vec![],
            Self::SourceFailed { fault } | Self::NotABatch { fault } => vec![("fault", text(fault))],
        }
    }

    /// The message in a language.
    pub fn message(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Core(error)) => error.message(language),
            (Language::Chinese, _) => self.chinese(),
            _ => self.to_string(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Core(error) => error.message(Language::Chinese),
            Self::MissingColumn { column, expected } => {
                format!("缺少列 `{}`：请以 {expected} 补上", excerpt(column))
            }
            Self::ColumnType { column, expected, found } => {
                format!("列 `{}` 为 {}：请转换为 {expected}", excerpt(column), excerpt(found))
            }
            Self::FloatColumn { column, found } => format!(
                "列 `{}` 为 {}，二进制浮点数不精确：请传入 decimal128，或整数及其小数位数",
                excerpt(column),
                excerpt(found)
            ),
            Self::ColumnScale { column, expected, found } => {
                format!(
                    "列 `{}` 小数点后有 {found} 位，而声明为 {expected} 位：请声明 {found}，或转换该列",
                    excerpt(column)
                )
            }
            Self::RepeatedColumn { column } => format!("列 `{}` 出现两次：请重命名其中之一", excerpt(column)),
            Self::ColumnMetadata { column, key, found, expected } => {
                format!("列 `{}` 的 `{key}` 为 `{}`：{expected}", excerpt(column), excerpt(found))
            }
            Self::NullInColumn { column } => format!("列 `{}` 在此行为空：请填写", excerpt(column)),
            Self::NoTariff { kind } => format!("类型 `{}` 没有资费：请加入按类型的资费表", excerpt(kind)),
            Self::NoDay { day } => format!("`{}` 不在要出账的日期之中：请将该日加入条款，或更正此行", excerpt(day)),
            Self::BadOwner { text } => {
                format!("`{}` 不是所有者：请写作 `user:ada` 或 `group:physics`", excerpt(text))
            }
            Self::UnknownState { text } => {
                format!("`{}` 不是行的状态：请写 rated、absent 或 faulty", excerpt(text))
            }
            Self::AmbiguousDay { by, first, second } => {
                let by = if *by == "date" { "日期" } else { "时间窗口" };
                format!("`{first}` 与 `{second}` 的{by}相同：请分开出账")
            }
            Self::Cancelled { rows } => format!("已在 {rows} 行后取消：已交付的部分是完整的，其余没有交付"),
            Self::SourceFailed { fault } => {
                format!("批次的来源出错（{}）：请在来源处更正，然后重新运行", excerpt(fault))
            }
            Self::WorkerFailed => "一个线程失败：请以单线程重新计算，并报告其输出".to_owned(),
            Self::NotABatch { fault } => format!("这些列不能组成批次（{}）：请报告此问题", excerpt(fault)),
        }
    }
}

impl From<Error> for BatchError {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

macro_rules! refused_by_the_core {
    ($($context:ty),*) => { $(impl From<$context> for BatchError {
        fn from(error: $context) -> Self { Self::Core(Box::new(error.into())) }
    })* };
}
refused_by_the_core!(BulkError, MeteringError, PricingError, StatementError, TimeError, UnitsError);

impl From<arrow_schema::ArrowError> for BatchError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::NotABatch { fault: error.to_string() }
    }
}
