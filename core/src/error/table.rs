//! The machinery of the table: what a row holds, and how a context writes its rows.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use std::fmt;

/// A language that messages exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// English, the language of `Display`.
    English,
    /// Simplified Chinese.
    Chinese,
}

/// What kind of fault an error is, and so what a caller does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// The input is malformed or contradicts itself: correct it.
    InvalidInput,
    /// The input is well-formed and too large, too small or too many.
    OutOfRange,
    /// The input disagrees with what stands already.
    Conflict,
    /// There is not enough of something: add to it or ask for less.
    Insufficient,
    /// Something that was named does not exist.
    NotFound,
    /// The combination is understood and not offered.
    Unsupported,
}

impl Category {
    /// The stable name, as `invalid_input`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::OutOfRange => "out_of_range",
            Self::Conflict => "conflict",
            Self::Insufficient => "insufficient",
            Self::NotFound => "not_found",
            Self::Unsupported => "unsupported",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// The kind of fault.
    pub category: Category,
    /// The names of its facts.
    pub facts: &'static [&'static str],
    /// The English message; facts stand in braces.
    pub english: &'static str,
    /// The Chinese message; facts stand in braces.
    pub chinese: &'static str,
}

impl Entry {
    pub(super) fn render(&self, language: Language, facts: &[(&'static str, String)]) -> String {
        let mut rest = match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        };
        let mut message = String::with_capacity(rest.len());
        // Facts are put in as they are met, never rescanned: a fact may hold braces of its own.
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            message.push_str(before);
            match facts.iter().find(|(fact, _)| *fact == name) {
                Some((_, value)) => message.push_str(value),
                None => message.extend(["{", name, "}"]),
            }
            rest = tail;
        }
        message.push_str(rest);
        message
    }
}

/// The names that stand in braces in a message.
#[cfg(test)]
pub(super) fn placeholders(message: &str) -> impl Iterator<Item = &str> {
    message.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// A value that an error can carry and show.
pub trait Fact {
    /// The value as text, the same in every language.
    fn show(&self) -> String;
}

macro_rules! shown_by_display {
    ($($fact:ty),*) => { $(impl Fact for $fact {
        fn show(&self) -> String { self.to_string() }
    })* };
}
shown_by_display!(&'static str, Decimal, NaiveDate, u8, u32, u64, i64, i128, usize);

impl Fact for String {
    fn show(&self) -> String {
        excerpt(self)
    }
}

impl Fact for DateTime<Utc> {
    fn show(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// The text, or its beginning when it is long: an error must stay readable whatever was sent.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Writes the error enum of a context as a table: variant, facts, code, category, both messages.
///
/// `from { … }` names the contexts below whose errors pass through unchanged.
macro_rules! errors {
    (
        $(#[$about:meta])* $name:ident
        $(from { $($(#[$lower_about:meta])* $lower:ident($lower_type:ty)),+ $(,)? })?
        {
            $( $(#[$doc:meta])* $variant:ident { $( $(#[$fact_doc:meta])* $fact:ident : $fact_type:ty ),* $(,)? }
               = $code:literal, $category:ident, $english:literal, $chinese:literal; )*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($( $(#[$lower_about])* $lower($lower_type), )+)?
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("Code `", $code, "`.")]
                $variant { $( $(#[$fact_doc])* $fact: $fact_type ),* },
            )*
        }

        impl $name {
            pub(super) const ENTRIES: &'static [$crate::error::Entry] = &[
                $( $crate::error::Entry {
                    code: $code,
                    category: $crate::error::Category::$category,
                    facts: &[$(stringify!($fact)),*],
                    english: $english,
                    chinese: $chinese,
                }, )*
            ];

            /// The stable code, `context.what_is_wrong`.
            pub fn code(&self) -> &'static str {
                match self {
                    $($( Self::$lower(error) => error.code(), )+)?
                    $( Self::$variant { .. } => $code, )*
                }
            }

            /// What kind of fault it is: what a caller does about it.
            pub fn category(&self) -> $crate::error::Category {
                match self {
                    $($( Self::$lower(error) => error.category(), )+)?
                    $( Self::$variant { .. } => $crate::error::Category::$category, )*
                }
            }

            /// The facts by name, in the order of the message.
            pub fn details(&self) -> Vec<(&'static str, String)> {
                match self {
                    $($( Self::$lower(error) => error.details(), )+)?
                    $( Self::$variant { $($fact),* } => vec![
                        $( (stringify!($fact), $crate::error::Fact::show($fact)) ),*
                    ], )*
                }
            }

            /// The message in a language.
            pub fn message(&self, language: $crate::error::Language) -> String {
                match self {
                    $($( Self::$lower(error) => error.message(language), )+)?
                    #[allow(unreachable_patterns, reason = "a context may have no rows of its own")]
                    _ => match Self::ENTRIES.iter().find(|entry| entry.code == self.code()) {
                        Some(entry) => entry.render(language, &self.details()),
                        None => self.code().to_owned(),
                    },
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.message($crate::error::Language::English))
            }
        }

        impl std::error::Error for $name {}

        $($( impl From<$lower_type> for $name {
            fn from(error: $lower_type) -> Self { Self::$lower(error) }
        } )+)?
    };
}
pub(super) use errors;
