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
pub(crate) struct Fault(Box<Error>);

/// What a call from JavaScript comes to.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

macro_rules! told {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self(Box::new(error.into()))
        }
    })* };
}
told!(Error, MoneyError, TimeError, UnitsError, MeteringError, PricingError, WalletError, StatementError);
told!(OrderError, IpamError, PlacementError, BulkError, WireError);

impl From<Fault> for JsError<&'static str> {
    fn from(Fault(error): Fault) -> Self {
        let details: Map<String, Value> =
            error.details().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let facts = json!({
            "code": error.code(),
            "category": error.category().name(),
            "details": details,
            "en": error.message(Language::English),
            "zh": error.message(Language::Chinese),
        });
        napi::Error::new(TOLD, facts.to_string()).into()
    }
}
