//! How each engine writes the places of values, and keeps statements. All else that our statements say, all three say
//! alike: MySQL in its ANSI mode.

use std::borrow::Cow;

/// How an engine writes the places of values, and keeps statements.
pub(super) struct Dialect {
    places: Places,
    /// Whether every statement is kept prepared until there is no room for it. MySQL ends one by a message that nobody
    /// answers, and what is sent next waits until the network has acknowledged that: 40 ms.
    pub(super) keeps_all: bool,
}

enum Places {
    /// `?` and `?2`.
    AsTheyAre,
    /// `$1`, `$2`.
    #[cfg(feature = "postgres")]
    Numbered,
    /// Only `?`: what is named twice is sent twice.
    #[cfg(feature = "mysql")]
    InOrder,
}

pub(super) const SQLITE: Dialect = Dialect { places: Places::AsTheyAre, keeps_all: false };
#[cfg(feature = "postgres")]
pub(super) const POSTGRES: Dialect = Dialect { places: Places::Numbered, keeps_all: false };
#[cfg(feature = "mysql")]
pub(super) const MYSQL: Dialect = Dialect { places: Places::InOrder, keeps_all: true };

/// A statement as its engine reads it.
pub(super) struct Written {
    pub(super) text: Cow<'static, str>,
    /// Which values its places take, where that is not the order of the values.
    pub(super) order: Option<Vec<usize>>,
}

impl Dialect {
    pub(super) fn write(&self, text: Cow<'static, str>) -> Written {
        match self.places {
            Places::AsTheyAre => Written { text, order: None },
            #[cfg(feature = "postgres")]
            Places::Numbered => {
                let mut written = String::with_capacity(text.len().saturating_mul(2));
                each_place(&text, |before, place| {
                    written.push_str(before);
                    if let Some(place) = place {
                        written.push_str(&format!("${}", place.saturating_add(1)));
                    }
                });
                Written { text: written.into(), order: None }
            }
            #[cfg(feature = "mysql")]
            Places::InOrder => {
                let (mut written, mut order) = (String::with_capacity(text.len()), Vec::new());
                each_place(&text, |before, place| {
                    written.push_str(before);
                    if let Some(place) = place {
                        written.push('?');
                        order.push(place);
                    }
                });
                Written { text: written.into(), order: Some(order) }
            }
        }
    }
}

/// Calls `found` with each piece of text and the place that follows it, from 0; with the rest and none at the end.
///
/// No text in our statements has a question mark.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn each_place(text: &str, mut found: impl FnMut(&str, Option<usize>)) {
    let (mut rest, mut next) = (text, 0_usize);
    while let Some((before, after)) = rest.split_once('?') {
        let digits = after.len() - after.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, after) = after.split_at(digits);
        let place = match number.parse::<usize>() {
            Ok(number) => number.saturating_sub(1),
            Err(_) => {
                next += 1;
                next - 1
            }
        };
        found(before, Some(place));
        rest = after;
    }
    found(rest, None);
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_as_each_engine_reads_them() {
        for (given, postgres, mysql, order) in [
            ("select 1", "select 1", "select 1", vec![]),
            ("a = ? and b = ?", "a = $1 and b = $2", "a = ? and b = ?", vec![0, 1]),
            ("(?1, ?2, ?1, ?12)", "($1, $2, $1, $12)", "(?, ?, ?, ?)", vec![0, 1, 0, 11]),
            ("?", "$1", "?", vec![0]),
        ] {
            assert_eq!(SQLITE.write(given.into()).text, given);
            let written = POSTGRES.write(given.into());
            assert_eq!((&*written.text, written.order), (postgres, None));
            let written = MYSQL.write(given.into());
            assert_eq!((&*written.text, written.order), (mysql, Some(order)));
        }
    }
}
