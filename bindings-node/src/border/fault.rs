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

/// The place of what is wrong with a call as a whole, as `lib` says it.
const WHOLE: &str = "the call";

/// Those that messages are in.
const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

/// What can go wrong in a call from JavaScript.
#[derive(Debug)]
pub(crate) struct Fault {
    told: Told,
    /// The line of a block of text that it is about.
    line: Option<usize>,
}

/// Who says it.
#[derive(Debug)]
enum Told {
    /// The library.
    Core(Box<Error>),
    /// The tables.
    Batch(Box<BatchError>),
    /// `lib`, of a value at a place that is not what belongs there: in English and in Chinese.
    Given(Box<[Error; 2]>),
    /// Node: it has no memory, or no thread.
    Node(napi::Error),
}

/// What a call from JavaScript comes to.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

macro_rules! told {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self { told: Told::Core(Box::new(error.into())), line: None }
        }
    })* };
}
told!(Error, MoneyError, TimeError, UnitsError, MeteringError, PricingError, WalletError, StatementError);
told!(OrderError, IpamError, PlacementError, BulkError, WireError);

impl From<BatchError> for Fault {
    fn from(error: BatchError) -> Self {
        Self { told: Told::Batch(Box::new(error)), line: None }
    }
}

impl From<napi::Error> for Fault {
    fn from(error: napi::Error) -> Self {
        Self { told: Told::Node(error), line: None }
    }
}

impl Fault {
    /// A value at a place that is not what belongs there.
    pub(crate) fn bad_input(at: &str, fault: impl Into<String>) -> Self {
        WireError::BadInput { at: at.to_owned(), fault: fault.into() }.into()
    }

    /// The same, told in English and in Chinese.
    pub(crate) fn misfit(at: &str, told: [String; 2]) -> Self {
        let [english, chinese] = told;
        let place = if at == WHOLE { "调用" } else { at };
        let errors = [(at, english), (place, chinese)];
        let errors = errors.map(|(at, fault)| WireError::BadInput { at: at.to_owned(), fault }.into());
        Self { told: Told::Given(Box::new(errors)), line: None }
    }

    /// The same in a line of a block of text, which is one of its details then.
    pub(crate) fn in_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// What people read of it; none of what Node says.
    pub(crate) fn facts(&self) -> Option<Value> {
        let (code, category, told, [en, zh]) = match &self.told {
            Told::Core(error) => {
                (error.code(), error.category(), error.details(), LANGUAGES.map(|each| error.message(each)))
            }
            Told::Batch(error) => {
                (error.code(), error.category(), error.details(), LANGUAGES.map(|each| error.message(each)))
            }
            Told::Given(errors) => {
                let [english, chinese] = &**errors;
                let messages = [english.message(Language::English), chinese.message(Language::Chinese)];
                (english.code(), english.category(), english.details(), messages)
            }
            Told::Node(_) => return None,
        };
        let mut details: Map<String, Value> =
            told.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        details.extend(self.line.map(|line| ("line".to_owned(), line.to_string().into())));
        Some(json!({ "code": code, "category": category.name(), "details": details, "en": en, "zh": zh }))
    }
}

impl From<Fault> for JsError<String> {
    fn from(fault: Fault) -> Self {
        match (fault.facts(), fault.told) {
            (None, Told::Node(error)) => {
                napi::Error::new(error.status.as_ref().to_owned(), error.reason.clone()).into()
            }
            (facts, _) => napi::Error::new(TOLD.to_owned(), facts.unwrap_or_default().to_string()).into(),
        }
    }
}
