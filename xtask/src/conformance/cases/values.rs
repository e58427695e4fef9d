//! Changes of one value: digits, instants, addresses, types.

use super::{json::Json, pool::Values, words};
use crate::random::Random;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Puts a value that a member of the same name has in another vector.
pub(super) fn lend(json: &mut Json, values: &Values, random: &mut Random) {
    let Some((name, value)) = any(json, random, |_| true) else { return };
    if let Some(other) = random.pick(values.named(name)) {
        *value = other.clone();
    }
}

/// Changes, adds or takes away a digit of what is no date, or adds many.
pub(super) fn digits(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Written(written)) = any_value(json, random, is_number) else { return };
    let places: Vec<usize> = written.match_indices(|symbol: char| symbol.is_ascii_digit()).map(|(at, _)| at).collect();
    let Some(&at) = random.pick(&places) else { return };
    let digit = random.word(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    match random.below(16) {
        0..9 => written.replace_range(at..=at, digit),
        9..12 => written.insert_str(at, digit),
        12..15 => drop(written.remove(at)),
        _ => written.insert_str(at, &digit.repeat(1 + random.below(40))),
    }
}

/// Puts a number at which a type or a rounding ends; a unit or a currency stays.
pub(super) fn boundary(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(value) = any_value(json, random, is_number) else { return };
    *value = match value.inside() {
        None => Json::Written(random.word(words::COUNTS).to_owned()),
        Some(text) => {
            let amount = random.word(words::AMOUNTS);
            let unit = text.split_once(' ').map_or_else(String::new, |(_, unit)| format!(" {unit}"));
            Json::Written(format!("\"{amount}{unit}\""))
        }
    };
}

/// Moves a date or an instant: to a leap day, to another month, to the last microsecond, to another offset.
pub(super) fn time(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(value) = any_value(json, random, |value| date_and_clock(value).is_some()) else { return };
    let Some((date, clock)) = date_and_clock(value) else { return };
    let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
    let mut clock = clock;
    let date = match random.below(6) {
        0 => random.word(words::DATES).to_owned(),
        1 | 2 => format!("{year}-{month}-{:02}", 1 + random.below(31)),
        3 => format!("{year}-{:02}-{day}", 1 + random.below(12)),
        4 => format!("{}-{month}-{day}", 2_019 + random.below(10)),
        _ => {
            clock = if clock.is_empty() { clock } else { random.word(words::CLOCKS) };
            date.to_owned()
        }
    };
    *value = Json::Written(format!("\"{date}{clock}\""));
}

/// Moves an address, or the end of a range, by one or by a power of two.
pub(super) fn address(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(value) = any_value(json, random, |value| addresses(value).next().is_some()) else { return };
    let places: Vec<&str> = addresses(value).collect();
    let Some(Ok(old)) = random.pick(&places).map(|text| text.parse::<IpAddr>()) else { return };
    let moved = match old {
        IpAddr::V4(old) => {
            let most = if random.one_in(4) { 32 } else { 9 };
            let by = 1 << random.below(most);
            let bits = old.to_bits();
            IpAddr::from(Ipv4Addr::from_bits(if random.one_in(2) { bits.wrapping_add(by) } else { bits ^ by }))
        }
        IpAddr::V6(old) => {
            let by = 1 << random.below(128);
            let bits = old.to_bits();
            IpAddr::from(Ipv6Addr::from_bits(if random.one_in(2) { bits.wrapping_add(by) } else { bits ^ by }))
        }
    };
    let changed = value.to_string().replacen(&old.to_string(), &moved.to_string(), 1);
    *value = Json::Written(changed);
}

/// Writes a text in another way that means the same: a symbol as its escape.
pub(super) fn escape(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Written(written)) = any_value(json, random, |value| value.inside().is_some()) else { return };
    let places: Vec<(usize, char)> =
        written.char_indices().filter(|(_, symbol)| symbol.is_ascii_alphanumeric()).collect();
    if written.contains('\\') {
        return;
    }
    if let Some(&(at, symbol)) = random.pick(&places) {
        written.replace_range(at..=at, &format!("\\u{:04x}", u32::from(symbol)));
    }
}

/// Puts a value of another type.
pub(super) fn other_type(json: &mut Json, _: &Values, random: &mut Random) {
    put(json, random, |_| true, words::OTHER_TYPES);
}

/// Puts a number that no call takes.
pub(super) fn hostile_number(json: &mut Json, _: &Values, random: &mut Random) {
    put(json, random, has_digits, words::NUMBERS);
}

/// Puts a text that nobody should pass, or puts it behind the one that is there, or one that is very long.
pub(super) fn hostile_text(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(value) = any_value(json, random, |value| matches!(value, Json::Written(_))) else { return };
    let hostile = random.word(words::TEXTS);
    *value = match (random.below(8), value.inside(), hostile.strip_prefix('"')) {
        (0, ..) => {
            Json::Written(format!("\"{}\"", random.word(&["9", "a", "é", "\\n", "0."]).repeat(random.below(3_000))))
        }
        (1 | 2, Some(text), Some(hostile)) => Json::Written(format!("\"{text}{hostile}")),
        _ => Json::Written(hostile.to_owned()),
    };
}

/// Puts a value into many lists or objects.
pub(super) fn nest(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(value) = any_value(json, random, |_| true) else { return };
    let depth = *random.pick(&[1, 2, 3, 60, 63, 64, 65, 126, 127, 128, 129, 200]).unwrap_or(&1);
    let (open, close) = *random.pick(&[("[", "]"), (r#"{"a":"#, "}")]).unwrap_or(&("[", "]"));
    *value = Json::Written(format!("{}{value}{}", open.repeat(depth), close.repeat(depth)));
}

/// One of the values of a kind, and the name of its member.
fn any<'j>(json: &'j mut Json, random: &mut Random, is_wanted: fn(&Json) -> bool) -> Option<(&'j str, &'j mut Json)> {
    let mut number = random.below(json.count(is_wanted));
    json.place("", &mut number, is_wanted)
}

/// One of the values of a kind.
pub(super) fn any_value<'j>(
    json: &'j mut Json,
    random: &mut Random,
    is_wanted: fn(&Json) -> bool,
) -> Option<&'j mut Json> {
    any(json, random, is_wanted).map(|(_, value)| value)
}

fn put(json: &mut Json, random: &mut Random, is_wanted: fn(&Json) -> bool, words: &[&str]) {
    if let Some(value) = any_value(json, random, is_wanted) {
        *value = Json::Written(random.word(words).to_owned());
    }
}

fn has_digits(value: &Json) -> bool {
    matches!(value, Json::Written(written) if written.contains(|symbol: char| symbol.is_ascii_digit()))
}

/// Whether digits are in it that are those of no date.
fn is_number(value: &Json) -> bool {
    has_digits(value) && date_and_clock(value).is_none()
}

/// A text that begins like a date, cut behind it.
fn date_and_clock(value: &Json) -> Option<(&str, &str)> {
    let (date, clock) = value.inside()?.split_at_checked(10)?;
    let is_date = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some((date, clock))
}

/// The addresses in a text: of a range both.
fn addresses(value: &Json) -> impl Iterator<Item = &str> {
    let text = value.inside().unwrap_or_default();
    text.split(['-', '/', ' ']).filter(|piece| piece.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, change: fn(&mut Json, &Values, &mut Random)) -> Vec<String> {
        let mut random = Random::new(1);
        let before = Json::read(serde_json::from_str(text).unwrap()).unwrap();
        let mut after: Vec<String> = (0..500)
            .map(|_| {
                let mut json = before.clone();
                change(&mut json, &Values::default(), &mut random);
                json.to_string()
            })
            .collect();
        after.sort();
        after.dedup();
        after
    }

    #[test]
    fn instants_keep_their_form() {
        let texts = changed(r#"{"at":"2024-01-31T08:00:00Z","of":"2024-01"}"#, time);
        assert!(texts.len() > 50, "{texts:?}");
        assert!(texts.iter().all(|text| text.ends_with(r#"","of":"2024-01"}"#) && text.contains("T")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("2024-02-29T08:00:00Z")));
        assert!(changed(r#""2024-01-31""#, time).iter().all(|text| text.len() == 12));
    }

    #[test]
    fn addresses_move_and_stay_addresses() {
        for text in [r#""10.0.0.0-10.0.0.255""#, r#""2001:db8::/64""#] {
            let texts = changed(text, address);
            assert!(texts.len() > 20);
            let whole = |text: &String| addresses(&Json::Written(text.clone())).count();
            assert!(texts.iter().all(|moved| whole(moved) == whole(&text.to_owned())), "{texts:?}");
        }
        assert_eq!(changed(r#"["1.5", 10]"#, address), [r#"["1.5",10]"#]);
    }

    #[test]
    fn units_stay_at_a_boundary() {
        let texts = changed(r#""8 GiB""#, boundary);
        assert!(texts.len() > 20 && texts.iter().all(|text| text.ends_with(" GiB\"")), "{texts:?}");
    }

    #[test]
    fn an_escape_means_the_same() {
        let texts = changed(r#"["half_even"]"#, escape);
        let read = |text: &String| serde_json::from_str::<Vec<String>>(text).unwrap();
        assert!(texts.len() > 5 && texts.iter().all(|text| read(text) == ["half_even"]), "{texts:?}");
    }
}
