use counterfoil::error::{Category, Error, Language, PlacementError, UnitsError, excerpt};
use std::fmt;

/// What can be wrong with a text that an inventory is read from.
///
/// What the core refused keeps the core's own code ([`InventoryError::code`] reads through); what this crate itself
/// refuses has a code of `inventory.*`, which is never renamed.
///
/// # Examples
/// ```
/// use counterfoil_inventory::InventoryError;
///
/// let error = InventoryError::MissingColumn { column: "cpu_milli" };
/// assert_eq!(error.code(), "inventory.missing_column");
/// assert_eq!(error.to_string(), "the table has no column `cpu_milli`: add it to the first line");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// The core refused it.
    #[error(transparent)]
    Core(Box<Error>),
    /// A text that is no JSON. Code `inventory.not_json`.
    #[error("the text is no JSON (line {line} column {column}: {}): give all of what was printed", excerpt(.fault))]
    NotJson {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
        /// What is wrong there.
        fault: String,
    },
    /// A text that is no table. Code `inventory.not_csv`.
    #[error("the row is no row of the table ({}): mend its quotes and its number of cells", excerpt(.fault))]
    NotCsv {
        /// What is wrong there.
        fault: String,
    },
    /// Objects of another kind. Code `inventory.wrong_kind`.
    #[error("`{}` is no list of `{expected}` objects: list those", excerpt(.found))]
    WrongKind {
        /// The kind that was given.
        found: String,
        /// The kind that was expected.
        expected: &'static str,
    },
    /// A value of another shape. Code `inventory.wrong_shape`.
    #[error("the value has another shape ({}): write it as the documentation of the object says", excerpt(.fault))]
    WrongShape {
        /// What is wrong with it.
        fault: String,
    },
    /// A table without a column. Code `inventory.missing_column`.
    #[error("the table has no column `{column}`: add it to the first line")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// A value that has to be there. Code `inventory.missing`.
    #[error("the value is missing: fill it in")]
    Missing,
    /// A word that does not exist. Code `inventory.unknown_word`.
    #[error("no `{}` here; there are: {known}", excerpt(.text))]
    UnknownWord {
        /// What was given.
        text: String,
        /// What there is.
        known: &'static str,
    },
    /// A text that is no whole number of 63 bits. Code `inventory.not_a_number`.
    #[error("`{}` is no whole number from 0 to 9223372036854775807: write its digits alone", excerpt(.text))]
    NotANumber {
        /// What was given.
        text: String,
    },
    /// Values that can not both be right. Code `inventory.contradiction`.
    #[error("the values contradict each other ({fault}): correct one of them")]
    Contradiction {
        /// What does not agree.
        fault: &'static str,
    },
    /// Two objects of one name. Code `inventory.duplicate`.
    #[error("it is listed twice, and the first is kept: list it once")]
    Duplicate,
    /// A pod on a node that is not listed. Code `inventory.unknown_node`.
    #[error("there is no node `{}` in the list of nodes: list the nodes after the pods, and all of them", excerpt(.node))]
    UnknownNode {
        /// The node.
        node: String,
    },
    /// Cards whose model nobody names. Code `inventory.card_model_unknown`.
    #[error(
        "`{resource}` is asked for and no model is: name it in the node selector `{label}`, or give the policy a model for this"
    )]
    CardModelUnknown {
        /// The resource.
        resource: String,
        /// The label that names the model.
        label: String,
    },
    /// A demand that no constraint can say. Code `inventory.unsupported`.
    #[error("the demand can not be judged here: leave it out, or judge the product by itself")]
    Unsupported,
}

impl InventoryError {
    /// The codes of this crate itself.
    pub const CODES: [&'static str; 13] = [
        "inventory.not_json",
        "inventory.not_csv",
        "inventory.wrong_kind",
        "inventory.wrong_shape",
        "inventory.missing_column",
        "inventory.missing",
        "inventory.unknown_word",
        "inventory.not_a_number",
        "inventory.contradiction",
        "inventory.duplicate",
        "inventory.unknown_node",
        "inventory.card_model_unknown",
        "inventory.unsupported",
    ];

    /// The stable code: `inventory.*`, or the code of what the core refused.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::NotJson { .. } => "inventory.not_json",
            Self::NotCsv { .. } => "inventory.not_csv",
            Self::WrongKind { .. } => "inventory.wrong_kind",
            Self::WrongShape { .. } => "inventory.wrong_shape",
            Self::MissingColumn { .. } => "inventory.missing_column",
            Self::Missing => "inventory.missing",
            Self::UnknownWord { .. } => "inventory.unknown_word",
            Self::NotANumber { .. } => "inventory.not_a_number",
            Self::Contradiction { .. } => "inventory.contradiction",
            Self::Duplicate => "inventory.duplicate",
            Self::UnknownNode { .. } => "inventory.unknown_node",
            Self::CardModelUnknown { .. } => "inventory.card_model_unknown",
            Self::Unsupported => "inventory.unsupported",
        }
    }

    /// What kind of fault it is: what a caller does about it.
    pub fn category(&self) -> Category {
        match self {
            Self::Core(error) => error.category(),
            Self::Duplicate | Self::Contradiction { .. } => Category::Conflict,
            Self::UnknownNode { .. } | Self::UnknownWord { .. } => Category::NotFound,
            Self::Unsupported | Self::CardModelUnknown { .. } => Category::Unsupported,
            Self::NotJson { .. }
            | Self::NotCsv { .. }
            | Self::WrongKind { .. }
            | Self::WrongShape { .. }
            | Self::MissingColumn { .. }
            | Self::Missing
            | Self::NotANumber { .. } => Category::InvalidInput,
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
            Self::NotJson { line, column, fault } => {
                format!("文本不是 JSON（第 {line} 行第 {column} 列：{}）：请提供完整的输出", excerpt(fault))
            }
            Self::NotCsv { fault } => format!("该行不是合法的表格行（{}）：请修正引号和单元格数量", excerpt(fault)),
            Self::WrongKind { found, expected } => {
                format!("`{}` 不是 `{expected}` 对象的列表：请列出该类对象", excerpt(found))
            }
            Self::WrongShape { fault } => format!("值的形式不对（{}）：请按对象文档书写", excerpt(fault)),
            Self::MissingColumn { column } => format!("表格缺少列 `{column}`：请在首行补上"),
            Self::Missing => "缺少该值：请填写".to_owned(),
            Self::UnknownWord { text, known } => format!("这里没有 `{}`；可用：{known}", excerpt(text)),
            Self::NotANumber { text } => {
                format!("`{}` 不是 0 到 9223372036854775807 的整数：请只写数字", excerpt(text))
            }
            Self::Contradiction { fault } => format!("这些值互相矛盾（{fault}）：请更正其中之一"),
            Self::Duplicate => "重复列出，已保留第一个：请只列一次".to_owned(),
            Self::UnknownNode { node } => {
                format!("节点列表中没有节点 `{}`：请在列出 Pod 之后列出全部节点", excerpt(node))
            }
            Self::CardModelUnknown { resource, label } => {
                format!("请求了 `{resource}` 但没有型号：请在节点选择器 `{label}` 中指明，或在策略中给出默认型号")
            }
            Self::Unsupported => "该要求无法在此判断：请去掉它，或单独判断该产品".to_owned(),
        }
    }
}

macro_rules! refused_by_the_core {
    ($($context:ty),*) => { $(impl From<$context> for InventoryError {
        fn from(error: $context) -> Self { Self::Core(Box::new(error.into())) }
    })* };
}
refused_by_the_core!(PlacementError, UnitsError);

/// Something that could not be read, and where.
///
/// # Examples
/// ```
/// use counterfoil::error::Language;
/// use counterfoil_inventory::{Fault, InventoryError, Object};
///
/// let fault = Fault { object: Object::Node("w1".into()), field: "status.allocatable.cpu".into(), error: InventoryError::Missing };
/// assert_eq!(fault.to_string(), "node `w1`, `status.allocatable.cpu`: the value is missing: fill it in");
/// assert_eq!(fault.message(Language::Chinese), "节点 `w1` 的 `status.allocatable.cpu`：缺少该值：请填写");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of what.
    pub object: Object,
    /// The path of the field, or the column; empty where it is about all of the object.
    pub field: String,
    /// What is wrong.
    pub error: InventoryError,
}

/// What a fault is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A node, by its name; without one by its place, as `items[3]`.
    Node(String),
    /// A pod, by namespace and name.
    Pod(String),
    /// A line of a table, from 1.
    Line(u64),
}

impl Object {
    fn message(&self, language: Language) -> String {
        match (language, self) {
            (Language::Chinese, Self::Node(name)) => format!("节点 `{}`", excerpt(name)),
            (Language::Chinese, Self::Pod(id)) => format!("Pod `{}`", excerpt(id)),
            (Language::Chinese, Self::Line(line)) => format!("第 {line} 行"),
            (_, Self::Node(name)) => format!("node `{}`", excerpt(name)),
            (_, Self::Pod(id)) => format!("pod `{}`", excerpt(id)),
            (_, Self::Line(line)) => format!("line {line}"),
        }
    }
}

impl Fault {
    /// The stable code of what is wrong.
    pub fn code(&self) -> &'static str {
        self.error.code()
    }

    /// The message in a language.
    pub fn message(&self, language: Language) -> String {
        let (object, error) = (self.object.message(language), self.error.message(language));
        match (language, self.field.as_str()) {
            (Language::Chinese, "") => format!("{object}：{error}"),
            (Language::Chinese, field) => format!("{object} 的 `{}`：{error}", excerpt(field)),
            (_, "") => format!("{object}: {error}"),
            (_, field) => format!("{object}, `{}`: {error}", excerpt(field)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// What was read, and what could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// What was read, in the order in which it was listed.
    pub values: Vec<T>,
    /// What could not be, in the same order.
    pub faults: Vec<Fault>,
}

impl<T> Read<T> {
    pub(crate) const fn nothing() -> Self {
        Self { values: Vec::new(), faults: Vec::new() }
    }

    pub(crate) fn add(&mut self, result: Result<T, Fault>) {
        match result {
            Ok(value) => self.values.push(value),
            Err(fault) => self.faults.push(fault),
        }
    }
}
