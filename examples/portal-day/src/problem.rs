//! What is wrong with the input, and where: the file, the line, the owner that is left out for it.

use counterfoil::wallet::Owner;
use std::fmt;

/// Something wrong in one line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The file, as it is named in the input folder.
    pub(crate) file: String,
    /// The line, from 1; 0 where it is about the file as a whole.
    pub(crate) line: u64,
    /// Who is left out because of it, where that is known.
    pub(crate) owner: Option<Owner>,
    /// What it is.
    pub(crate) fault: Fault,
}

/// What is wrong, without the place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// The stable code: one of the library's, or `input.…`.
    pub(crate) code: &'static str,
    /// The message for people.
    pub(crate) message: String,
}

impl Fault {
    /// A fault of the input's own.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The same fault with what it is about in front.
    pub(crate) fn about(self, what: &str) -> Self {
        Self { message: format!("{what}: {}", self.message), ..self }
    }

    /// The same fault at a place.
    pub(crate) fn at(self, file: &str, line: u64) -> Problem {
        Problem { file: file.to_owned(), line, owner: None, fault: self }
    }
}

impl Problem {
    /// The same problem, which leaves an owner out.
    pub(crate) fn of(self, owner: Option<&Owner>) -> Self {
        Self { owner: owner.cloned(), ..self }
    }

    /// Where it is, as `spans.csv:12`.
    pub(crate) fn place(&self) -> String {
        if self.line == 0 { self.file.clone() } else { format!("{}:{}", self.file, self.line) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place(), self.fault.message, self.fault.code)
    }
}

/// Every error of the library is a fault: its code and its English message.
macro_rules! fault_of {
    ($($error:ident),* $(,)?) => {
        $(impl From<counterfoil::error::$error> for Fault {
            fn from(error: counterfoil::error::$error) -> Self {
                Self { code: error.code(), message: error.to_string() }
            }
        })*
    };
}

fault_of!(
    Error,
    MeteringError,
    MoneyError,
    OrderError,
    PricingError,
    StatementError,
    TimeError,
    UnitsError,
    WalletError
);

/// Input that can not be used at all, so that nothing was written.
#[derive(Debug)]
pub(crate) struct Unusable(pub(crate) Vec<Problem>);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input can not be used, and nothing was written")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Unusable {}

impl From<Problem> for Unusable {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}
