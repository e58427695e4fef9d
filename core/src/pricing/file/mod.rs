//! Rate cards as text: what is written in a file, checked line by line, and written again.
//!
//! `docs/rate-cards.md` says what stands in one; `docs/rate-card.schema.json` says it to editors.

mod amount;
mod form;
mod nearest;
mod write;

pub(crate) use amount::Amount;
pub(crate) use form::{CardFile, EachOnce, Object};
#[cfg(feature = "wire")]
pub(crate) use form::{LimitsFile, RateFile};

use super::RateCard;
use crate::error::{Error, PricingError};
pub(super) use amount::Text;
use amount::Token;
use nearest::with_nearest;
use serde::Deserialize;
use serde_json::value::RawValue;
use toml::Spanned;

impl RateCard {
    /// Reads a card in TOML. Amounts are text, a number is refused: `price = "0.066"`.
    ///
    /// ```toml
    /// revision = "2024-02"
    /// currency = "CNY"
    ///
    /// [[rates]]
    /// kind = "server"
    /// part = "gpu[A100-80G]"        # a dimension, with its model unless that is STANDARD
    /// price = "1.5"
    /// sub_unit = "角"               # the price is in jiao; default: the currency itself
    /// per = "card"
    /// every = "month"               # second, minute, hour, day, month or once
    /// month = "fixed_30"             # or "to_month_end", or "calendar" with an anchor
    /// zone = "Asia/Shanghai"        # of the month; default UTC
    /// from = "2024-02-01T00:00:00Z" # in force from … to …; default always
    ///
    /// [[rates]]
    /// kind = "bucket"
    /// part = "size"
    /// per = "GiB"
    /// every = "day"
    /// shape = "graduated"           # or "volume", "stair_step", "package", "percentage"
    /// tiers = [{ up_to = "100", price = "1.00" }, { price = "0.50", flat = "1" }]
    /// free = "5"
    /// minimum = "1"
    ///
    /// [limits.server]
    /// minimum = "0.01"
    /// ```
    ///
    /// # Errors
    /// `pricing.bad_card` with the line, and in its fact `cause` the code of what is wrong there, or `toml`;
    /// `pricing.two_in_force`.
    ///
    /// # Rule
    /// R-P1
    pub fn from_toml(text: &str) -> Result<Self, PricingError> {
        let file: CardFile<Spanned<String>, Spanned<_>, Spanned<_>> =
            toml::from_str(text).map_err(|error| PricingError::BadCard {
                line: error.span().map_or(1, |span| line_at(text, span.start)),
                fault: with_nearest(error.message()),
                cause: "toml",
            })?;
        file.read::<Text>(text)
    }

    /// Reads a card in JSON: the same members as in [TOML](Self::from_toml).
    ///
    /// # Errors
    /// `pricing.bad_card` with the line, and in its fact `cause` the code of what is wrong there, or
    /// `json`; `pricing.two_in_force`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::RateCard;
    ///
    /// let text = r#"{
    ///   "revision": "2024-02",
    ///   "currency": "CNY",
    ///   "rates": [{ "kind": "disk", "part": "size", "price": "1.02", "per": "GiB", "every": "day" }]
    /// }"#;
    /// let card = RateCard::from_json(text)?;
    /// assert_eq!(RateCard::from_toml(&card.to_toml())?, card);
    ///
    /// let error = RateCard::from_json(&text.replace("price", "prize")).unwrap_err();
    /// assert_eq!(error.to_string(), "line 4 of the rate card: no member `prize`: did you mean `price`?");
    /// # Ok::<(), counterfoil::error::PricingError>(())
    /// ```
    ///
    /// # Rule
    /// R-P1
    pub fn from_json(text: &str) -> Result<Self, PricingError> {
        // Some editors begin a file with a mark of its encoding, which TOML passes over as well.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file: Object<CardFile<&RawValue, &RawValue, &RawValue>> =
            serde_json::from_str(text).map_err(|error| of_json(&error, 1))?;
        file.0.read::<Token>(text)
    }
}

/// What a card is written in.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CardFormat {
    /// TOML, which people write.
    Toml,
    /// JSON, which programs write.
    Json,
}

impl CardFormat {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Toml, Self::Json];

    /// The name, as `toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }
}

impl RateCard {
    /// Reads a card in a format that is known only when the program runs.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml) or [`from_json`](Self::from_json).
    ///
    /// # Rule
    /// R-P1
    pub fn from_text(text: &str, format: CardFormat) -> Result<Self, PricingError> {
        match format {
            CardFormat::Toml => Self::from_toml(text),
            CardFormat::Json => Self::from_json(text),
        }
    }

    /// Writes the card in a format.
    ///
    /// # Rule
    /// R-P1
    pub fn to_text(&self, format: CardFormat) -> String {
        match format {
            CardFormat::Toml => self.to_toml(),
            CardFormat::Json => self.to_json(),
        }
    }
}

/// A value at a place of a text: the line is looked for when there is something to say about it.
pub(crate) trait Placed<T> {
    /// What is made of the value; a fault names its line.
    fn read<O>(&self, source: &str, make: impl FnOnce(&T) -> Result<O, Misread>) -> Result<O, PricingError>;
}

/// What is wrong with a value, before its line is known.
pub(crate) struct Misread {
    /// What it is a fault of, with a colon.
    of: String,
    /// Boxed, so that what is right is not moved about with the room for the largest fault.
    error: Box<Error>,
}

impl<E: Into<Error>> From<E> for Misread {
    fn from(error: E) -> Self {
        Self { of: String::new(), error: Box::new(error.into()) }
    }
}

impl Misread {
    fn at(&self, line: usize) -> PricingError {
        PricingError::BadCard { line, fault: format!("{}{}", self.of, self.error), cause: self.error.code() }
    }
}

impl<T> Placed<T> for Spanned<T> {
    fn read<O>(&self, source: &str, make: impl FnOnce(&T) -> Result<O, Misread>) -> Result<O, PricingError> {
        make(self.get_ref()).map_err(|fault| fault.at(line_at(source, self.span().start)))
    }
}

impl<'a, T: Deserialize<'a>> Placed<T> for &'a RawValue {
    fn read<O>(&self, source: &str, make: impl FnOnce(&T) -> Result<O, Misread>) -> Result<O, PricingError> {
        // It is borrowed from the source, so where it begins there is a subtraction.
        let line = || {
            let place = self.get().as_ptr().addr().checked_sub(source.as_ptr().addr());
            line_at(source, place.unwrap_or_default())
        };
        let value: T = serde_json::from_str(self.get()).map_err(|error| of_json(&error, line()))?;
        make(&value).map_err(|fault| fault.at(line()))
    }
}

/// A value without a place, in a call over the wire.
#[cfg(feature = "wire")]
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Placeless<T>(pub(crate) T);

#[cfg(feature = "wire")]
impl<T> Placed<T> for Placeless<T> {
    fn read<O>(&self, _: &str, make: impl FnOnce(&T) -> Result<O, Misread>) -> Result<O, PricingError> {
        make(&self.0).map_err(|fault| fault.at(0))
    }
}

/// The line, from 1, of a place in a text.
pub(super) fn line_at(text: &str, place: usize) -> usize {
    let before = text.bytes().take(place).filter(|byte| *byte == b'\n').count();
    before.saturating_add(1)
}

/// What is wrong with JSON that begins in a line.
fn of_json(error: &serde_json::Error, first_line: usize) -> PricingError {
    let message = message_of(error);
    // What is missing is noticed at the end, and belongs to the beginning.
    let further = if message.starts_with("missing field") { 0 } else { error.line().saturating_sub(1) };
    PricingError::BadCard { line: first_line.saturating_add(further), fault: with_nearest(&message), cause: "json" }
}

/// What serde says, without the place: inside of a token that is not the place in the file.
fn message_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).map_or_else(|| message.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{exact::decimal, pricing::Shape};

    const GOOD: &str = r#"
[[rates]]
kind = "disk"
part = "size"
per = "GiB"
every = "day"
price = "1.02"
"#;

    fn card(rates: &str) -> Result<RateCard, PricingError> {
        RateCard::from_toml(&format!("revision = \"1\"\ncurrency = \"CNY\"\n{rates}"))
    }

    fn fault(read: Result<RateCard, PricingError>) -> (usize, &'static str, String) {
        match read.unwrap_err() {
            PricingError::BadCard { line, cause, fault } => (line, cause, fault),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn faults_name_their_line_and_cause() {
        let rate = |more: &str| {
            format!("[[rates]]\nkind = \"disk\"\npart = \"size\"\nper = \"GiB\"\nevery = \"day\"\n{more}\n")
        };
        let good = rate("price = \"1.02\"");
        for (rates, line, cause) in [
            (rate("price = 1.02"), 8, "toml"),
            (rate("price = \"1,02\""), 3, "money.not_a_decimal"),
            (format!("{good}{}", good.replace("GiB", "furlong")), 9, "units.unknown_unit"),
            (rate(""), 3, "pricing.bad_rate"),
            (rate("price = \"1\"\nprize = \"2\""), 9, "toml"),
            (rate("price = \"1\"\nsub_unit = \"penny\""), 3, "money.unknown_sub_unit"),
            (rate("shape = \"graduated\"\ntiers = [{ up_to = \"5\", price = \"1\" }]"), 3, "pricing.bad_tiers"),
            (rate("shape = \"graduated\"\ntiers = [[\"5\", \"1\"]]"), 9, "toml"),
            (good.replace("day", "month"), 3, "pricing.bad_rate"),
            (format!("{good}free = \"-1\""), 3, "pricing.bad_rate"),
            (rate("price = \"1\"\npercent = \"1\""), 3, "pricing.bad_rate"),
            (rate("shape = \"percentage\"\npercent = \"1\""), 3, "pricing.bad_rate"), // of bytes
            (rate("shape = \"percentage\"\npercent = \"101\""), 3, "money.ratio_out_of_range"),
            (format!("{good}[limits.disk]\nminimum = \"x\""), 9, "money.not_a_decimal"),
            (format!("{good}\n[limits.disk]\nminimum = \"2\"\nmaximum = \"1\""), 10, "pricing.bad_rate"),
            (format!("{good}[limits.\" \"]\nminimum = \"1\""), 9, "units.bad_name"),
            (format!("from = \"2024-02-01T00:00:00Z\"\nto = \"2024-02-01\"\n{good}"), 4, "time.not_an_instant"),
            (
                format!("from = \"2024-02-01T00:00:00Z\"\nto = \"2024-02-01T00:00:00Z\"\n{good}"),
                4,
                "pricing.bad_validity",
            ),
        ] {
            let (at, why, fault) = fault(card(&rates));
            assert_eq!((at, why), (line, cause), "{fault}\n{rates}");
        }
        assert_eq!(card(&format!("{good}{good}")).unwrap_err().code(), "pricing.two_in_force");
        assert!(card(&good).is_ok());
        assert_eq!(fault(RateCard::from_toml("revision = \"\"\ncurrency = \"CNY\"\nrates = []")).0, 1);
        assert_eq!(fault(RateCard::from_toml("revision = \"1\"\ncurrency = \"yuan\"\nrates = []")).0, 2);
    }

    /// The same faults in JSON, each of the rates on a line of its own from line 3 on.
    #[test]
    fn faults_in_json_name_their_line_too() {
        let card = |rates: &[&str], limits: &str| {
            let rates = rates.join(",\n");
            format!("{{\"revision\": \"1\", \"currency\": \"CNY\",\n\"rates\": [\n{rates}],\n\"limits\": {limits}}}")
        };
        let good = r#"{"kind": "disk", "part": "size", "per": "GiB", "every": "day", "price": "1.02"}"#;
        assert!(RateCard::from_json(&card(&[good], "{}")).is_ok());
        let of = |from: &str, to: &str| good.replace(from, to);
        for (rates, limits, line, cause, says) in [
            ([good, &of("\"1.02\"", "1.02")], "{}", 4, "money.float", "binary float"),
            ([good, &of("\"1.02\"", "102")], "{}", 4, "money.not_text", ""),
            ([good, &of("\"1.02\"", "[]")], "{}", 4, "json", "no amount as text"),
            ([good, &of("1.02", "1,02")], "{}", 4, "money.not_a_decimal", "`disk` `size`: "),
            ([good, &of("price", "prize")], "{}", 4, "json", "no member `prize`: did you mean `price`?"),
            ([good, &of(", ", ",\n\n").replace("per", "perr")], "{}", 8, "json", "did you mean `per`?"),
            ([good, &of("\"per\"", "\n\n\"part\"")], "{}", 6, "json", "duplicate field `part`"),
            ([good, &of("\"kind\": \"disk\",", "\n\n")], "{}", 4, "json", "missing field `kind`"),
            ([good, "[]"], "{}", 4, "json", "expected an object"),
            ([good, &of("}", ", \"shape\": \"graduate\"}")], "{}", 4, "json", "did you mean `graduated`?"),
            ([good, &of("}", ", \"shape\": \"volume\"}")], "{}", 4, "pricing.bad_rate", "belong into its tiers"),
            ([&of("}", ",}"), good], "{}", 3, "json", ""),
            ([good, good], "[]", 5, "json", "an object whose members stand once"),
            ([good, good], "{\"disk\": {},\n\"disk\": {}}", 6, "json", "duplicate field `disk`"),
            (
                [good, &of("size", "base")],
                "{\"disk\": {},\n\"site\": {\"minimum\": \"x\"}}",
                6,
                "money.not_a_decimal",
                "",
            ),
            ([good, &of("size", "base")], "{\n\"site\": {\"minimun\": \"1\"}}", 6, "json", "did you mean `minimum`?"),
            ([good, good], "{}, \"rate\": 1", 5, "json", "did you mean `rates`?"),
        ] {
            let (at, why, fault) = fault(RateCard::from_json(&card(&rates, limits)));
            assert!((at, why) == (line, cause) && fault.contains(says), "{at} {why} {fault}\n{}", card(&rates, limits));
        }
        assert_eq!(RateCard::from_json(&card(&[good, good], "{}")).unwrap_err().code(), "pricing.two_in_force");
        assert_eq!(fault(RateCard::from_json("")).0, 1);
        assert_eq!(fault(RateCard::from_json("{\n\"revision\": \"\", \"currency\": \"CNY\", \"rates\": []}")).0, 2);
    }

    /// As editors on other systems write: another end of line, a mark before the text, tabs, everything on one line.
    #[test]
    fn lines_are_counted_however_the_text_was_written() {
        let head = "revision = \"1\"\ncurrency = \"CNY\"\n";
        let bad = format!("{head}{}", GOOD.replace("1.02", "1,02")).replace("kind", "\tkind");
        let json = "{\n\"revision\": \"1\",\n\"currency\": \"CNY\",\n\"rates\": [\n{\n\t\"kind\": \"disk\",\n\"part\": \"size\",\n\
             \"per\": \"GiB\",\n\"every\": \"day\",\n\"shape\": \"graduated\",\n\"tiers\": [\n{\"up_to\": \"1\"},\n{\"price\": [\"1\"]}\n]\n}\n]\n}";
        for (end, mark) in [("\n", ""), ("\r\n", ""), ("\n", "\u{feff}"), ("\r\n", "\u{feff}")] {
            let written = |text: &str| format!("{mark}{}", text.replace('\n', end));
            let (at, why, says) = fault(RateCard::from_toml(&written(&bad)));
            assert_eq!((at, why), (4, "money.not_a_decimal"), "{says} {end:?} {mark:?}");
            let (at, why, says) = fault(RateCard::from_json(&written(json)));
            assert_eq!((at, why), (13, "json"), "{says} {end:?} {mark:?}");
            let good = json.replace("[\"1\"]", "\"1\"");
            assert!(RateCard::from_json(&written(&good)).is_ok(), "{end:?} {mark:?}");
            assert!(RateCard::from_toml(&written(&format!("{head}{GOOD}"))).is_ok(), "{end:?} {mark:?}");
        }
        let on_one_line = json.replace('\n', " ");
        assert_eq!(fault(RateCard::from_json(&on_one_line)).0, 1);
    }

    /// The place inside of a token is not the place in the file.
    #[test]
    fn a_fault_inside_of_an_amount_says_nothing_of_lines_of_its_own() {
        let text = "{\"revision\": \"1\", \"currency\": \"CNY\", \"rates\": [\n\n{\"kind\": \"disk\", \"part\": \"size\", \
             \"per\": \"GiB\", \"every\": \"day\",\n\"price\": \"\\ud800\"}]}";
        let (at, why, says) = fault(RateCard::from_json(text));
        assert_eq!((at, why), (4, "json"), "{says}");
        assert!(!says.contains("line"), "{says}");
    }

    #[test]
    fn a_name_that_is_nearly_one_is_said() {
        let said = |rates: &str| fault(card(rates)).2;
        assert_eq!(said(&GOOD.replace("price", "prise")), "no member `prise`: did you mean `price`?");
        assert_eq!(said(&format!("{GOOD}shape = \"package_\"")), "no value `package_`: did you mean `package`?");
        assert!(said(&format!("{GOOD}\n[limits.disk]\nmost = \"1\"")).contains("there are `minimum`, `maximum`"));
    }

    #[test]
    fn a_price_in_jiao_is_a_tenth() {
        // R-M5
        let jiao = card(&format!("{}sub_unit = \"角\"", GOOD.replace("1.02", "15"))).unwrap();
        assert_eq!(jiao.entries()[0].rate.shape, Shape::per_unit(decimal::parse("1.5").unwrap()));
    }

    #[test]
    fn a_card_holds_for_its_time_and_says_so() {
        // R-P1
        let text = format!("from = \"2024-02-01T00:00:00Z\"\nto = \"2024-03-01T00:00:00Z\"\n{GOOD}");
        let card = card(&text).unwrap();
        let code =
            |at: &str| card.tariff(&crate::metering::Kind::Disk, at.parse().unwrap()).err().map(|error| error.code());
        assert_eq!(code("2024-01-31T23:59:59.999999Z"), Some("pricing.not_in_force"));
        assert_eq!(code("2024-02-01T00:00:00Z"), None);
        assert_eq!(code("2024-02-29T23:59:59.999999Z"), None);
        assert_eq!(code("2024-03-01T00:00:00Z"), Some("pricing.not_in_force"));
    }
}
