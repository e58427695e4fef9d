//! What is passed and what is answered, as Python writes them.

use crate::surface::{
    cases::Json,
    layout::camel,
    python::{names::safe, text::quoted},
    written::Written,
};
use counterfoil::{
    ipam::{IpAddress, IpPrefix},
    time::Instant,
    wire::{Answer, Scalar},
};
use std::iter;

/// What is passed.
pub(super) fn literal(value: &Json) -> Written {
    Written::Text(match value {
        Json::Null => "None".to_owned(),
        Json::Bool(is) => truth(*is).to_owned(),
        Json::Number(number) => number.clone(),
        Json::Text(text) => quoted(&escaped(text)),
        Json::List(items) => {
            let items = items.iter().map(|item| (String::new(), literal(item))).collect();
            return Written::Of { open: "[".to_owned(), items, close: "]" };
        }
        Json::Object(members) => {
            let items = members.iter().map(|(name, value)| (format!("{}: ", quoted(name)), literal(value))).collect();
            return Written::Of { open: "{".to_owned(), items, close: "}" };
        }
    })
}

fn escaped(text: &str) -> String {
    let written = |letter: char| match letter {
        '\\' => r"\\".to_owned(),
        '\n' => r"\n".to_owned(),
        letter if letter.is_control() => format!(r"\u{:04x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    text.chars().map(written).collect()
}

/// What is answered, as `border::answer` of the binding makes it.
pub(super) fn shown(answer: &Answer) -> Option<Written> {
    Some(match answer {
        Answer::Null | Answer::Absent => Written::Text("None".to_owned()),
        Answer::Bool(is) => Written::Text(truth(*is).to_owned()),
        Answer::Integer(number) => Written::Text(number.to_string()),
        Answer::Natural(number) => Written::Text(number.to_string()),
        Answer::Text(text) => Written::Text(repr(text)?),
        Answer::Scalar(scalar, text) => Written::Text(value(*scalar, text)?),
        Answer::List(items) => {
            let close = if items.len() == 1 { ",)" } else { ")" };
            let items = items.iter().map(|item| Some((String::new(), shown(item)?))).collect::<Option<_>>()?;
            Written::Of { open: "(".to_owned(), items, close }
        }
        Answer::Record { name, members } => record((*name).to_owned(), members)?,
        Answer::Tagged { name, tag, variant, members } => {
            let tag = (*tag, Answer::Text(variant.clone()));
            record(format!("{name}{}", camel(variant)), iter::once(&tag).chain(members))?
        }
        Answer::Map(entries) => mapping("mappingproxy({", entries, "})")?,
        Answer::Variant { name, variant, value } => {
            let items = vec![(format!("{}=", safe(variant)), shown(value)?)];
            Written::Of { open: format!("{name}("), items, close: ")" }
        }
        _ => return None,
    })
}

fn record<'a>(class: String, members: impl IntoIterator<Item = &'a (&'static str, Answer)>) -> Option<Written> {
    let slot = |(name, value): &(&'static str, Answer)| {
        let value = match value {
            Answer::Map(entries) => mapping("{", entries, "}")?, // a record shows it as a `dict`
            value => shown(value)?,
        };
        Some((format!("{}=", safe(name)), value))
    };
    let items = members.into_iter().map(slot).collect::<Option<_>>()?;
    Some(Written::Of { open: format!("{class}("), items, close: ")" })
}

fn mapping(open: &str, entries: &[(String, Answer)], close: &'static str) -> Option<Written> {
    let entry = |(key, value): &(String, Answer)| Some((format!("{}: ", repr(key)?), shown(value)?));
    let items = entries.iter().map(entry).collect::<Option<_>>()?;
    Some(Written::Of { open: open.to_owned(), items, close })
}

fn value(scalar: Scalar, text: &str) -> Option<String> {
    let of_two = |class: &str| text.split_once(' ').map(|(amount, unit)| format!("{class}('{amount}', '{unit}')"));
    Some(match scalar {
        // Where there are many zeros behind its point, Python writes an exponent.
        Scalar::Decimal => Some(format!("Decimal('{text}')")).filter(|_| !text.contains(".000000"))?,
        Scalar::Exact => fraction(text)?,
        Scalar::Integer => text.to_owned(),
        Scalar::Money => of_two("Money")?,
        Scalar::Quantity => of_two("Quantity")?,
        Scalar::Instant => moment(text.parse::<Instant>().ok()?.to_string().strip_suffix('Z')?, true)?,
        Scalar::Date => format!("datetime.date({})", numbers(text, '-')?),
        Scalar::ClockTime => moment(text, false)?,
        Scalar::Address => match text.parse().ok()? {
            IpAddress::V4(_) => format!("IPv4Address('{text}')"),
            IpAddress::V6(_) => format!("IPv6Address('{text}')"),
        },
        Scalar::Prefix => match text.parse().ok()? {
            IpPrefix::V4(_) => format!("IPv4Network('{text}')"),
            IpPrefix::V6(_) => format!("IPv6Network('{text}')"),
        },
        Scalar::Range => format!("Range('{text}')"),
        Scalar::Interval | Scalar::ResourceQuantity => repr(text)?,
        _ => return None,
    })
}

/// `Fraction(12, 5)` of `2.4` or `12/5`.
fn fraction(text: &str) -> Option<String> {
    let (mut over, mut under): (i128, i128) = match text.split_once('/') {
        Some((over, under)) => (over.parse().ok()?, under.parse().ok()?),
        None => {
            let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
            (text.replace('.', "").parse().ok()?, 10_i128.checked_pow(u32::try_from(digits).ok()?)?)
        }
    };
    let (mut divisor, mut rest) = (over.abs(), under);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (over, under) = (over / divisor, under / divisor);
    Some(format!("Fraction({over}, {under})"))
}

/// `datetime.datetime(2024, 2, 20, 8, 0)` of `2024-02-20T08:00:00`; none where it has parts of a second.
fn moment(text: &str, is_utc: bool) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let time = time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time);
    let zone = if is_utc { ", tzinfo=datetime.timezone.utc" } else { "" };
    Some(format!("datetime.datetime({}, {}{zone})", numbers(date, '-')?, numbers(time, ':')?))
}

/// `2024, 2, 20` of `2024-02-20`.
fn numbers(text: &str, between: char) -> Option<String> {
    let numbers = text.split(between).map(|number| number.parse::<u32>().ok().map(|number| number.to_string()));
    Some(numbers.collect::<Option<Vec<_>>>()?.join(", "))
}

fn truth(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

/// The `repr` of a text; none where it has what Python may write in another way.
fn repr(text: &str) -> Option<String> {
    let is_plain = |letter: char| {
        (' '..='~').contains(&letter) || letter.is_alphanumeric() || "\n−×÷→≤≥，。：（）".contains(letter)
    };
    if !text.chars().all(is_plain) || text.contains(['\'', '\\']) {
        return None;
    }
    Some(format!("'{}'", text.replace('\n', r"\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scalar: Scalar, text: &str) -> String {
        value(scalar, text).unwrap_or_default()
    }

    #[test]
    fn a_value_is_written_as_its_class_writes_it() {
        assert_eq!(of(Scalar::Decimal, "12.30"), "Decimal('12.30')");
        assert_eq!(of(Scalar::Exact, "12/5"), "Fraction(12, 5)");
        assert_eq!(of(Scalar::Exact, "-7.50"), "Fraction(-15, 2)");
        assert_eq!(of(Scalar::Exact, "0.00"), "Fraction(0, 1)");
        assert_eq!(
            of(Scalar::Integer, "340282366920938463463374607431768211456"),
            "340282366920938463463374607431768211456"
        );
        assert_eq!(of(Scalar::Money, "-12.30 CNY"), "Money('-12.30', 'CNY')");
        assert_eq!(of(Scalar::Quantity, "8 GiB"), "Quantity('8', 'GiB')");
        assert_eq!(of(Scalar::Address, "10.0.0.1"), "IPv4Address('10.0.0.1')");
        assert_eq!(of(Scalar::Prefix, "2001:db8::/32"), "IPv6Network('2001:db8::/32')");
    }

    #[test]
    fn a_moment_has_its_seconds_only_where_python_shows_them() {
        let utc = ", tzinfo=datetime.timezone.utc)";
        assert_eq!(
            of(Scalar::Instant, "2024-02-20T08:00:00+08:00"),
            format!("datetime.datetime(2024, 2, 20, 0, 0{utc}")
        );
        assert_eq!(of(Scalar::Instant, "2024-02-20T08:09:01Z"), format!("datetime.datetime(2024, 2, 20, 8, 9, 1{utc}"));
        assert_eq!(of(Scalar::ClockTime, "2024-02-20T00:00:00"), "datetime.datetime(2024, 2, 20, 0, 0)");
        assert_eq!(of(Scalar::Date, "2024-02-09"), "datetime.date(2024, 2, 9)");
        assert_eq!(value(Scalar::Instant, "2024-02-20T08:00:00.5Z"), None);
    }

    #[test]
    fn what_python_may_write_in_another_way_is_not_shown() {
        assert_eq!(value(Scalar::Decimal, "0.0000001"), None);
        for text in ["it's", "\u{200b}", r"\", "\r"] {
            assert_eq!(repr(text), None, "{text:?}");
        }
        assert_eq!(repr("a \"b\"\n磁盘").as_deref(), Some(r#"'a "b"\n磁盘'"#));
    }

    #[test]
    fn a_map_is_a_dict_only_where_a_record_shows_it() {
        let map = || Answer::Map(vec![("a".to_owned(), Answer::Natural(1))]);
        let members = vec![("from", map()), ("each", Answer::List(vec![map()])), ("none", Answer::Absent)];
        let record = shown(&Answer::Record { name: "R", members }).map(|written| written.in_a_line());
        assert_eq!(record.as_deref(), Some("R(from_={'a': 1}, each=(mappingproxy({'a': 1}),), none=None)"));
        let variant = Answer::Variant { name: "S", variant: "is", value: Box::new(Answer::Bool(false)) };
        assert_eq!(shown(&variant).map(|written| written.in_a_line()).as_deref(), Some("S(is_=False)"));
    }
}
