//! Closed sets and their words.

/// Gives each of a closed set its word: `name`, `Display` and `FromStr`, whose error says what words there are.
macro_rules! words {
    ($type:ident, $what:literal, $first:literal => $first_variant:ident $(, $word:literal => $variant:ident)* $(,)?) => {
        impl $type {
            #[doc = concat!("The word, as `", $first, "`.")]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first_variant => $first,
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::error::PlacementError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $first => Ok(Self::$first_variant),
                    $($word => Ok(Self::$variant),)*
                    _ => Err(crate::error::PlacementError::UnknownWord {
                        what: $what,
                        text: crate::error::excerpt(text),
                        known: concat!($first $(, ", ", $word)*),
                    }),
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(super) use words;
