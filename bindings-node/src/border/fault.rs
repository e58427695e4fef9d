//! Errors of the core on their way to JavaScript, where `lib/native.js` makes a `CounterfoilError` of each.
//!
//! What is thrown is an `Error` whose `code` is [`TOLD`] and whose message is JSON of the facts.

use counterfoil::error::{
    BulkError, Error, IpamError, Language, MeteringError, MoneyError, OrderError, PlacementError, PricingError,
    StatementError, TimeError, UnitsError, WalletError, WireError,
};
use napi::JsError;
use serde_json::{Map, Value, json};

/// The `code` of an error that is the library's.
const TOLD: &str = "COUNTERFOIL";

/// What can go wrong in a call from JavaScript.
#[derive(Debug)]
pub(crate) struct Fault {
    error: Box<Error>,
    /// The line of a block of text that it is about.
    line: Option<usize>,
}

/// What a call from JavaScript comes to.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

macro_rules! told {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self { error: Box::new(error.into()), line: None }
        }
    })* };
}
told!(Error, MoneyError, TimeError, UnitsError, MeteringError, PricingError, WalletError, StatementError);
told!(OrderError, IpamError, PlacementError, BulkError, WireError);

impl Fault {
    /// A value at a place that is not what belongs there.
    pub(crate) fn bad_input(at: &str, fault: impl Into<String>) -> Self {
        WireError::BadInput { at: at.to_owned(), fault: fault.into() }.into()
    }

    /// The same in a line of a block of text, which is one of its details then.
    pub(crate) fn in_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// What people read of it.
    pub(crate) fn facts(&self) -> Value {
        let Self { error, line } = self;
        let mut details: Map<String, Value> =
            error.details().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        details.extend(line.map(|line| ("line".to_owned(), line.to_string().into())));
        json!({
            "code": error.code(),
            "category": error.category().name(),
            "details": details,
            "en": error.message(Language::English),
            "zh": error.message(Language::Chinese),
        })
    }
}

impl From<Fault> for JsError<&'static str> {
    fn from(fault: Fault) -> Self {
        napi::Error::new(TOLD, fault.facts().to_string()).into()
    }
}
