//! Whatever text comes in: a value or an error of the table, and never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    error::{Error, Language, PricingError, catalogue},
    exact::{Exact, RoundingMode, decimal},
    metering::{Aggregation, ChargeMode, Dimension, Kind, Model, Part, QuotaCharge, SamplePolicy, portal::Change},
    money::{Currency, Money, RoundAt, Rounding},
    pricing::{CardFormat, RateCard},
    statement::StatementStatus,
    time::{Instant, Period, Proration, Resolve, Zone, parse_date},
    units::{Name, Quantity, TimeUnit, Unit},
    wallet::{Category, CouponStatus, Method, OwnerKind},
};
use proptest::{prelude::*, sample::Index};
use std::{
    collections::BTreeSet,
    fmt::{Debug, Display},
    str::FromStr,
};

/// Text of every kind: any characters, digits and marks, words of the formats, and long runs of one thing.
fn texts() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "half_even",
        "0.01",
        "total",
        "2024-02-29",
        "T",
        "00:00:00",
        "Z",
        "+08:00",
        "-00:01",
        "UTC",
        "Europe/Berlin",
        "GiB",
        "milli_core",
        "CNY",
        "元",
        "-",
        ".",
        "/",
        "[",
        "]",
        " ",
        "1e9",
        "NaN",
        "9999-12-31T23:59:59.999999Z",
        "0",
        "STANDARD",
        "\u{0}",
        "\u{202e}",
        "é",
        "𝟙",
        "post_paid",
        "calendar",
        "once",
    ]);
    prop_oneof![
        any::<String>(),
        "[0-9.eE+_/ -]{0,80}",
        "[a-zA-Z_/+:. \\[\\]-]{0,40}",
        proptest::collection::vec(words, 0..8).prop_map(|words| words.concat()),
        ("[0-9a-z/]", 0..2_000_usize).prop_map(|(one, times)| one.repeat(times)),
    ]
}

fn is_listed(code: &str) -> bool {
    catalogue().any(|entry| entry.code == code)
}

/// A listed error with both messages, or a value.
fn check<T, E: Into<Error>>(result: Result<T, E>) -> Result<Option<T>, TestCaseError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => {
            let error: Error = error.into();
            prop_assert!(is_listed(error.code()), "`{}` is not in the table", error.code());
            let (english, chinese) = (error.message(Language::English), error.message(Language::Chinese));
            prop_assert!(english.len() < 2_000 && chinese.len() < 2_000, "a message must stay readable");
            prop_assert!(
                !english.is_empty() && !chinese.is_empty() && !error.details().iter().any(|(name, _)| name.is_empty())
            );
            Ok(None)
        }
    }
}

/// As [`check`]; and what was read is what it prints, and reads again.
fn check_round_trip<T>(text: &str) -> Result<(), TestCaseError>
where
    T: FromStr + Display + Debug + PartialEq,
    T::Err: Into<Error> + Debug,
{
    if let Some(value) = check(text.parse::<T>())? {
        let again: T = value.to_string().parse().map_err(|error| TestCaseError::fail(format!("{value}: {error:?}")))?;
        prop_assert_eq!(&again, &value, "`{}` printed as `{}`", text, value);
    }
    Ok(())
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn no_text_makes_a_parser_panic(text in texts(), other in texts()) {
        check_round_trip::<Exact>(&text)?;
        check_round_trip::<RoundingMode>(&text)?;
        check_round_trip::<Rounding>(&text)?;
        check_round_trip::<Currency>(&text)?;
        check_round_trip::<Name>(&text)?;
        check_round_trip::<Unit>(&text)?;
        check_round_trip::<TimeUnit>(&text)?;
        check_round_trip::<Kind>(&text)?;
        check_round_trip::<Dimension>(&text)?;
        check_round_trip::<Model>(&text)?;
        check_round_trip::<ChargeMode>(&text)?;
        check_round_trip::<Instant>(&text)?;
        check_round_trip::<Zone>(&text)?;
        check_round_trip::<Part>(&text)?;
        check(text.parse::<Aggregation>())?;
        check(text.parse::<QuotaCharge>())?;
        check(text.parse::<Change>())?;
        check(text.parse::<RoundAt>())?;
        check(text.parse::<Proration>())?;
        check(text.parse::<Resolve>())?;
        check(text.parse::<Method>())?;
        check(text.parse::<CouponStatus>())?;
        check(text.parse::<Category>())?;
        check(text.parse::<OwnerKind>())?;
        check(text.parse::<StatementStatus>())?;
        check(parse_date(&text))?;
        check(Period::parse(&text, &other))?;
        check(SamplePolicy::named(&text, Instant::MIN))?;
        check(Quantity::parse(&text, Unit::GiB))?;
        check(counterfoil::money::CNY.sub_unit(&text))?;
        check(Money::parse(&text, counterfoil::money::CNY))?;
        if let Some(value) = check(decimal::parse(&text))? {
            // R-M6: as it was written, but for leading zeros.
            let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
            let shed = digits.trim_start_matches('0');
            let zero = if shed.is_empty() || shed.starts_with('.') { "0" } else { "" };
            prop_assert_eq!(value.to_string(), format!("{sign}{zero}{shed}"));
        }
    }

    /// Any text as a rate card.
    #[test]
    fn no_text_makes_a_card_panic(text in texts(), line in texts()) {
        check(RateCard::from_toml(&text))?;
        check(RateCard::from_toml(&format!("revision = \"1\"\ncurrency = \"CNY\"\n{text}\n{line}")))?;
        check(RateCard::from_toml(&GOOD.replacen("1.5", &text, 1)))?;
        check(RateCard::from_json(&text))?;
        check(RateCard::from_json(&format!("{{\"revision\": \"1\", \"currency\": \"CNY\", \"rates\": [{text}]}}\n{line}")))?;
        let good = RateCard::from_toml(GOOD).unwrap().to_json();
        check(RateCard::from_json(&good.replacen("1.5", &text, 1)))?;
    }

    /// A good card with something cut out, put in, doubled or moved.
    #[test]
    fn no_mutation_of_a_card_panics(
        cuts in proptest::collection::vec((any::<Index>(), any::<Index>(), 0..5_u8), 1..5),
        put in texts(),
        format in proptest::sample::select(CardFormat::ALL.to_vec()),
    ) {
        let good = match format {
            CardFormat::Toml => GOOD.to_owned(),
            CardFormat::Json => RateCard::from_toml(GOOD).unwrap().to_json(),
        };
        let mut card: Vec<char> = good.chars().collect();
        for (a, b, how) in cuts {
            if card.is_empty() {
                break;
            }
            let (a, b) = (a.index(card.len()), b.index(card.len()));
            let (from, to) = (a.min(b), a.max(b).min(a.min(b) + 40));
            match how {
                0 => drop(card.drain(from..to)),
                1 => drop(card.splice(from..to, put.chars())),
                2 => {
                    let piece: Vec<char> = card[from..to].to_vec();
                    drop(card.splice(to..to, piece));
                }
                3 => card.swap(a, b),
                _ => card[a] = char::from(b'0' + u8::try_from(b % 10).unwrap()),
            }
        }
        let text: String = card.iter().collect();
        if let Some(card) = check(RateCard::from_text(&text, format))? {
            for format in CardFormat::ALL {
                prop_assert_eq!(&RateCard::from_text(&card.to_text(format), format), &Ok(card.clone()));
            }
            for kind in card.entries().iter().map(|entry| entry.kind.clone()).collect::<BTreeSet<_>>() {
                for at in [Instant::MIN, "2024-02-20T00:00:00Z".parse().unwrap(), Instant::MAX] {
                    check(card.tariff(&kind, at))?;
                }
            }
        }
    }

    /// A word of a good card for another: what is wrong is named with its line.
    #[test]
    fn a_wrong_word_of_a_card_is_named(word in any::<Index>(), put in "[a-zA-Z0-9.,-]{0,12}") {
        let words: Vec<(usize, &str)> = GOOD.match_indices('"').map(|(place, _)| place).collect::<Vec<_>>().chunks(2)
            .map(|pair| (pair[0] + 1, &GOOD[pair[0] + 1..pair[1]])).collect();
        let (place, old) = *word.get(&words);
        let text = format!("{}{put}{}", &GOOD[..place], &GOOD[place + old.len()..]);
        match RateCard::from_toml(&text) {
            Ok(card) => prop_assert_eq!(card.entries().len(), 4),
            Err(PricingError::BadCard { line, cause, fault }) => {
                prop_assert!(cause == "toml" || is_listed(cause), "`{}` is not in the table", cause);
                prop_assert!(line <= GOOD.lines().count() && !fault.is_empty());
            }
            Err(error) => {
                let of_the_whole = ["pricing.two_in_force", "pricing.bad_rate"];
                prop_assert!(of_the_whole.contains(&error.code()), "{}", error);
            }
        }
    }
}

/// A card with everything that a card may have.
const GOOD: &str = r#"
revision = "2024-02"
currency = "CNY"

[[rates]]
kind = "server"
part = "gpu[A100-80G]"
price = "1.5"
sub_unit = "角"
per = "card"
every = "month"
month = "fixed_30"
from = "2024-02-01T00:00:00Z"
to = "2025-02-01T00:00:00Z"

[[rates]]
kind = "server"
part = "cpu"
model = "EPYC 9654"
price = "0.066"
per = "core"
every = "month"
month = "calendar"
anchor = "2024-01-31T10:00:00Z"
zone = "Asia/Shanghai"
minimum = "0.01"
maximum = "1000000"

[[rates]]
kind = "bucket"
part = "size"
per = "GiB"
every = "day"
shape = "graduated"
tiers = [{ up_to = "100", price = "1.00" }, { up_to = "1000.5", price = "0.80", flat = "2" }, { price = "0.50" }]
free = "5"
zero_usage = "charged"

[[rates]]
kind = "scan"
part = "web"
shape = "package"
package_size = "10"
price = "111.11"
per = "count"
every = "once"

[limits.server]
minimum = "0.01"
maximum = "100000"
"#;

#[test]
fn the_good_card_is_good() {
    assert_eq!(RateCard::from_toml(GOOD).unwrap().entries().len(), 4);
}
