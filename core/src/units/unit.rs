use crate::error::{UnitsError, excerpt};
use std::{fmt, str::FromStr};

/// A unit of amount, with the names that portals use for it.
///
/// | unit | also read | family |
/// |---|---|---|
/// | `count` | `个`, `次` | counts |
/// | `core`, `milli_core` | `核`, `m` | cores, by 1000 |
/// | `card`, `milli_card` | `卡` | cards, by 1000 |
/// | `byte` | `B` | both byte families |
/// | `KiB` … `EiB` | `Ki` … `Ei` | bytes by 1024 |
/// | `kB` … `EB` | | bytes by 1000 |
/// | `amount` | `金额` | money that passes through, in the currency of its card |
///
/// # Rule
/// R-U2, R-P1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the units")]
#[non_exhaustive]
pub enum Unit {
    Count,
    Core,
    MilliCore,
    Card,
    MilliCard,
    Byte,
    KiB,
    MiB,
    GiB,
    TiB,
    PiB,
    EiB,
    KB,
    MB,
    GB,
    TB,
    PB,
    EB,
    Amount,
}

/// What a unit measures; conversions stay inside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Count,
    Core,
    Card,
    Byte,
    BinaryBytes,
    DecimalBytes,
    Amount,
}

/// Unit, family, how many of the family's smallest unit it is, name, other names.
type Row = (Unit, Family, i64, &'static str, &'static [&'static str]);

const TABLE: [Row; 19] = {
    use Family::{BinaryBytes, Card, Core, DecimalBytes};
    [
        (Unit::Count, Family::Count, 1, "count", &["个", "次"]),
        (Unit::Core, Core, 1_000, "core", &["核"]),
        (Unit::MilliCore, Core, 1, "milli_core", &["m"]),
        (Unit::Card, Card, 1_000, "card", &["卡"]),
        (Unit::MilliCard, Card, 1, "milli_card", &[]),
        (Unit::Byte, Family::Byte, 1, "byte", &["B"]),
        (Unit::KiB, BinaryBytes, 1 << 10, "KiB", &["Ki"]),
        (Unit::MiB, BinaryBytes, 1 << 20, "MiB", &["Mi"]),
        (Unit::GiB, BinaryBytes, 1 << 30, "GiB", &["Gi"]),
        (Unit::TiB, BinaryBytes, 1 << 40, "TiB", &["Ti"]),
        (Unit::PiB, BinaryBytes, 1 << 50, "PiB", &["Pi"]),
        (Unit::EiB, BinaryBytes, 1 << 60, "EiB", &["Ei"]),
        (Unit::KB, DecimalBytes, 1_000, "kB", &[]),
        (Unit::MB, DecimalBytes, 1_000_000, "MB", &[]),
        (Unit::GB, DecimalBytes, 1_000_000_000, "GB", &[]),
        (Unit::TB, DecimalBytes, 1_000_000_000_000, "TB", &[]),
        (Unit::PB, DecimalBytes, 1_000_000_000_000_000, "PB", &[]),
        (Unit::EB, DecimalBytes, 1_000_000_000_000_000_000, "EB", &[]),
        (Unit::Amount, Family::Amount, 1, "amount", &["金额"]),
    ]
};

impl Unit {
    /// Every unit.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.into_iter().map(|(unit, ..)| unit)
    }

    /// The name, as `GiB`.
    pub const fn name(self) -> &'static str {
        self.row().3
    }

    /// How many of `other` one of this is, as numerator and denominator; one of the two is 1.
    ///
    /// # Errors
    /// `units.incompatible` when they measure different things, or bytes by 1024 and by 1000.
    pub(crate) fn per(self, other: Self) -> Result<(i64, i64), UnitsError> {
        if self == other {
            return Ok((1, 1));
        }
        let ((_, family, size, ..), (_, other_family, other_size, ..)) = (self.row(), other.row());
        let alike = family == other_family
            || matches!(
                (family, other_family),
                (Family::Byte, Family::BinaryBytes | Family::DecimalBytes)
                    | (Family::BinaryBytes | Family::DecimalBytes, Family::Byte)
            );
        // Within a family the sizes are powers of one base, so the larger is a multiple.
        match (alike, size.checked_div(*other_size), other_size.checked_div(*size)) {
            (true, Some(times), _) if times > 0 => Ok((times, 1)),
            (true, _, Some(times)) if times > 0 => Ok((1, times)),
            _ => Err(UnitsError::Incompatible { from: self.name(), to: other.name() }),
        }
    }

    const fn row(self) -> &'static Row {
        #[expect(
            clippy::indexing_slicing,
            clippy::as_conversions,
            reason = "a table of all units, in their order; a test walks it"
        )]
        &TABLE[self as usize]
    }
}

impl FromStr for Unit {
    type Err = UnitsError;

    fn from_str(text: &str) -> Result<Self, UnitsError> {
        let named = TABLE.iter().find(|(.., name, others)| *name == text || others.contains(&text));
        named.map(|(unit, ..)| *unit).ok_or_else(|| UnitsError::UnknownUnit { text: excerpt(text) })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for unit in Unit::all() {
            assert_eq!(unit.row().0, unit);
            assert_eq!(unit.name().parse::<Unit>().unwrap(), unit);
        }
        assert_eq!(Unit::all().count(), Unit::Amount as usize + 1);
    }

    #[test]
    fn conversions_are_exact_both_ways_and_stay_in_their_family() {
        for a in Unit::all() {
            for b in Unit::all() {
                match (a.per(b), b.per(a)) {
                    (Ok((n, d)), Ok((m, e))) => {
                        assert_eq!((n, d), (e, m));
                        assert!(n == 1 || d == 1);
                        assert_eq!(i128::from(a.row().2) * i128::from(d), i128::from(b.row().2) * i128::from(n));
                    }
                    (Err(there), Err(back)) => {
                        assert_eq!((there.code(), back.code()), ("units.incompatible", "units.incompatible"));
                    }
                    mixed => panic!("{a} and {b}: {mixed:?}"),
                }
            }
        }
        assert!(
            Unit::GB.per(Unit::GiB).is_err() && Unit::Byte.per(Unit::GiB).is_ok() && Unit::Byte.per(Unit::GB).is_ok()
        );
    }
}
