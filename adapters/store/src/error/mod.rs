mod chinese;

use crate::sql::said;
use counterfoil::error::{
    Category, Error, IpamError, Language, MeteringError, MoneyError, OrderError, PricingError, StatementError,
    TimeError, UnitsError, WalletError, excerpt,
};

/// What can go wrong with a store.
///
/// What the core refused keeps the core's own code ([`StoreError::code`] reads through); what the store
/// itself refuses has a code of `store.*`, which is never renamed.
///
/// # Examples
/// ```
/// use counterfoil_store::StoreError;
///
/// let error = StoreError::NotFound { what: "statement", id: "2024-02-20/UTC/user/ada/vm/server/0".into() };
/// assert_eq!(error.code(), "store.not_found");
/// assert_eq!(error.to_string(), "no statement `2024-02-20/UTC/user/ada/vm/server/0` in the store: record it first");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The core refused it.
    #[error(transparent)]
    Core(#[from] Error),
    /// It stands in the store already, with another fact. Code `store.conflict`.
    #[error("{what} `{}` stands in the store already with another {fact}: {}", excerpt(.id), mend(.what))]
    Conflict {
        /// What it is.
        what: &'static str,
        /// Its id.
        id: String,
        /// The first fact that differs.
        fact: &'static str,
    },
    /// It is not in the store. Code `store.not_found`.
    #[error("no {what} `{}` in the store: record it first", excerpt(.id))]
    NotFound {
        /// What it is.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Two rate cards that are in force at one instant. Code `store.two_in_force`.
    #[error(
        "rate cards `{}` and `{}` are both in force at {at}: let the first end when the second begins",
        excerpt(.revision), excerpt(.other)
    )]
    TwoInForce {
        /// The one.
        revision: String,
        /// The other.
        other: String,
        /// The first instant at which both are; or the one that was asked for.
        at: String,
    },
    /// A reading of an owner whose day is not being recorded. Code `store.other_owner`.
    #[error("reading `{reading}` is of `{}`, whose day is not recorded here: name that owner too", excerpt(.owner))]
    OtherOwner {
        /// The reading.
        reading: String,
        /// Its owner.
        owner: String,
    },
    /// A value that this store can not have written. Code `store.corrupt`.
    #[error(
        "`{column}` of `{}` in table `{table}` is damaged ({fault}): restore the database from a backup",
        excerpt(.row)
    )]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What tells the row from others.
        row: String,
        /// The column.
        column: &'static str,
        /// What is wrong with the value.
        fault: String,
    },
    /// A database that a later version of this library wrote. Code `store.schema_too_new`.
    #[error("the database has schema {found}, and this version knows schemas up to {known}: use a later version")]
    SchemaTooNew {
        /// The schema of the database.
        found: i64,
        /// The latest one that is known here.
        known: i64,
    },
    /// A database with a schema that is not this library's. Code `store.foreign_schema`.
    #[error("the database is not a store of this library ({fault}): name another file")]
    ForeignSchema {
        /// What was found.
        fault: String,
    },
    /// An address of an engine that is not built in. Code `store.unsupported_engine`.
    #[error(
        "no store behind `{}`: name a file, `sqlite:` and a path, `postgres://…` or `mysql://…`, and build with the \
         feature of its name",
        excerpt(.url)
    )]
    UnsupportedEngine {
        /// The address, without its password.
        url: String,
    },
    /// Something that a later version of the core knows and this store does not. Code `store.unsupported`.
    #[error("this store does not keep {what} `{}`: use a later version of it", excerpt(.text))]
    Unsupported {
        /// What it is.
        what: &'static str,
        /// Which one.
        text: String,
    },
    /// A text that is no name: too long, or with a character that not every engine keeps. Code `store.bad_text`.
    #[error("{what} is not kept: {fault}; give a text of at most {longest} bytes without NUL")]
    BadText {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        fault: &'static str,
        /// How many bytes it may have.
        longest: usize,
    },
    /// Another process kept the database to itself for too long. Code `store.busy`.
    #[error("the database is in use by another process: try again, nothing was changed")]
    Busy,
    /// Other calls changed the same rows, again and again. Code `store.contended`.
    #[error("{tries} tries were overtaken by others ({fault}): try again, nothing was changed")]
    Contended {
        /// How often it was tried.
        tries: u32,
        /// What the engine said at last.
        fault: String,
    },
    /// The server can not be reached, or was lost before anything was changed. Code `store.unreachable`.
    #[error("the server can not be reached ({}): try again when it answers, nothing was changed", said(.0))]
    Unreachable(#[source] sqlx::Error),
    /// The server was lost while it was committing. Code `store.outcome_unknown`.
    #[error(
        "the server was lost before it confirmed ({}): send the same call again, what was done is not done twice",
        said(.0)
    )]
    OutcomeUnknown(#[source] sqlx::Error),
    /// There is no room for what was to be written. Code `store.full`.
    #[error("the database has no room left ({}): make room and try again, nothing was changed", said(.0))]
    Full(#[source] sqlx::Error),
    /// The database can not be opened, read or written. Code `store.io`.
    #[error("the database failed ({}): check its path, its permissions and the free space", said(.0))]
    Io(#[source] sqlx::Error),
}

impl StoreError {
    /// The codes of the store itself.
    pub const CODES: [&'static str; 16] = [
        "store.conflict",
        "store.not_found",
        "store.two_in_force",
        "store.other_owner",
        "store.corrupt",
        "store.schema_too_new",
        "store.foreign_schema",
        "store.unsupported_engine",
        "store.unsupported",
        "store.bad_text",
        "store.busy",
        "store.contended",
        "store.unreachable",
        "store.outcome_unknown",
        "store.full",
        "store.io",
    ];

    /// The stable code: `store.*`, or the code of what the core refused.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::Conflict { .. } => "store.conflict",
            Self::NotFound { .. } => "store.not_found",
            Self::TwoInForce { .. } => "store.two_in_force",
            Self::OtherOwner { .. } => "store.other_owner",
            Self::Corrupt { .. } => "store.corrupt",
            Self::SchemaTooNew { .. } => "store.schema_too_new",
            Self::ForeignSchema { .. } => "store.foreign_schema",
            Self::UnsupportedEngine { .. } => "store.unsupported_engine",
            Self::Unsupported { .. } => "store.unsupported",
            Self::BadText { .. } => "store.bad_text",
            Self::Busy => "store.busy",
            Self::Contended { .. } => "store.contended",
            Self::Unreachable(_) => "store.unreachable",
            Self::OutcomeUnknown(_) => "store.outcome_unknown",
            Self::Full(_) => "store.full",
            Self::Io(_) => "store.io",
        }
    }

    /// What kind of fault of the call it is; none where the call was right and the database was not
    /// (`store.corrupt`, `store.busy`, `store.contended`, `store.unreachable`, `store.outcome_unknown`, `store.full`,
    /// `store.io`).
    pub fn category(&self) -> Option<Category> {
        match self {
            Self::Core(error) => Some(error.category()),
            Self::Conflict { .. } | Self::TwoInForce { .. } | Self::OtherOwner { .. } | Self::ForeignSchema { .. } => {
                Some(Category::Conflict)
            }
            Self::NotFound { .. } => Some(Category::NotFound),
            Self::BadText { .. } => Some(Category::InvalidInput),
            Self::SchemaTooNew { .. } | Self::UnsupportedEngine { .. } | Self::Unsupported { .. } => {
                Some(Category::Unsupported)
            }
            Self::Corrupt { .. }
            | Self::Busy
            | Self::Contended { .. }
            | Self::Unreachable(_)
            | Self::OutcomeUnknown(_)
            | Self::Full(_)
            | Self::Io(_) => None,
        }
    }

    /// Whether the same call may succeed later without anything being mended. To send it again is safe, whatever came of
    /// it the first time.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Contended { .. } | Self::Unreachable(_) | Self::OutcomeUnknown(_))
    }

    /// The message in a language.
    pub fn message(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Core(error)) => error.message(language),
            (Language::Chinese, _) => self.chinese(),
            _ => self.to_string(),
        }
    }

    pub(crate) fn corrupt(table: &'static str, row: impl Into<String>, column: &'static str, fault: &str) -> Self {
        Self::Corrupt { table, row: row.into(), column, fault: excerpt(fault) }
    }
}

/// What to do about a conflict.
fn mend(what: &str) -> &'static str {
    match what {
        "rate card" => "give the new text a new revision",
        _ => "correct the input, or use a new id",
    }
}

macro_rules! refused_by_the_core {
    ($($context:ty),*) => { $(impl From<$context> for StoreError {
        fn from(error: $context) -> Self { Self::Core(error.into()) }
    })* };
}
refused_by_the_core!(
    MoneyError,
    TimeError,
    UnitsError,
    MeteringError,
    PricingError,
    WalletError,
    StatementError,
    OrderError,
    IpamError
);
