//! Closed sets of words: the enum, its names, and how they are read and listed.

/// One of a closed set of words.
pub trait Word: Copy + Eq + std::fmt::Display + 'static {
    /// All of them, in order.
    fn all() -> &'static [Self];

    /// How it is written.
    fn word(self) -> &'static str;
}

/// Writes an enum whose variants have a word each, which [`Display`](std::fmt::Display) writes and
/// `from_str` reads; any other word is `order.unknown_word`.
macro_rules! words {
    (
        $(#[$about:meta])* $name:ident, $what:literal {
            $(#[$first_doc:meta])* $first:ident = $first_word:literal,
            $($(#[$doc:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[$first_doc])* $first,
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant,)*];

            /// Its word.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl $crate::order::Word for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn word(self) -> &'static str {
                self.name()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::OrderError;

            fn from_str(text: &str) -> Result<Self, $crate::error::OrderError> {
                let named = Self::ALL.iter().copied().find(|word| word.name() == text);
                named.ok_or_else(|| $crate::error::OrderError::UnknownWord {
                    what: $what,
                    text: $crate::error::excerpt(text),
                    known: concat!($first_word, $(", ", $word),*),
                })
            }
        }
    };
}
pub(super) use words;
