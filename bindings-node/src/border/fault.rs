//! Errors of the core on their way to JavaScript, where `lib/native.js` makes a `CounterfoilError` of each.
//!
//! What is thrown is an `Error` whose `code` is [`TOLD`] and whose message is JSON of the facts.

use counterfoil::error::{
    BulkError, Error, IpamError, Language, MeteringError, MoneyError, OrderError, PlacementError, PricingError,
    StatementError, TimeError, UnitsError, WalletError, WireError,
};
use counterfoil_arrow::BatchError;
use napi::JsError;
use serde_json::{Map, Value, json};

/// The `code` of an error that is the library's.
const TOLD: &str = "COUNTERFOIL";

/// What can go wrong in a call from JavaScript.
#[derive(Debug)]
pub(crate) enum Fault {
    /// What the library says.
    Told(Box<Error>),
    /// What is said of tables.
    Batch(Box<BatchError>),
    /// What Node says: it has no memory, or no thread.
    Node(napi::Error),
}

/// What a call from JavaScript comes to.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    /// A value that is not what belongs at this place.
    pub(crate) fn bad_input(at: impl Into<String>, fault: impl Into<String>) -> Self {
        WireError::BadInput { at: at.into(), fault: fault.into() }.into()
    }
}

macro_rules! told {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self::Told(Box::new(error.into()))
        }
    })* };
}
told!(Error, MoneyError, TimeError, UnitsError, MeteringError, PricingError, WalletError, StatementError);
told!(OrderError, IpamError, PlacementError, BulkError, WireError);

impl From<BatchError> for Fault {
    fn from(error: BatchError) -> Self {
        Self::Batch(Box::new(error))
    }
}

impl From<napi::Error> for Fault {
    fn from(error: napi::Error) -> Self {
        Self::Node(error)
    }
}

impl From<Fault> for JsError<String> {
    fn from(fault: Fault) -> Self {
        let facts = match &fault {
            Fault::Node(error) => {
                return napi::Error::new(error.status.as_ref().to_owned(), error.reason.clone()).into();
            }
            Fault::Told(error) => json!({
                "code": error.code(),
                "category": error.category().name(),
                "details": details(error.details()),
                "en": error.message(Language::English),
                "zh": error.message(Language::Chinese),
            }),
            Fault::Batch(error) => json!({
                "code": error.code(),
                "category": error.category().name(),
                "details": details(error.details()),
                "en": error.message(Language::English),
                "zh": error.message(Language::Chinese),
            }),
        };
        napi::Error::new(TOLD.to_owned(), facts.to_string()).into()
    }
}

fn details(facts: Vec<(&'static str, String)>) -> Map<String, Value> {
    facts.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}
