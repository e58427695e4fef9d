//! Changes of lists, of members, and of the text of JSON.

use super::{json::Json, pool::Values, values::any_value, words};
use crate::random::Random;
use counterfoil::wire::LONGEST_INPUT;

/// Repeats, removes, turns around or exchanges items of a list.
pub(super) fn items(json: &mut Json, _: &Values, random: &mut Random) {
    let has_items = |value: &Json| matches!(value, Json::List(items) if !items.is_empty());
    let Some(Json::List(items)) = any_value(json, random, has_items) else { return };
    let (at, other) = (random.below(items.len()), random.below(items.len()));
    match random.below(7) {
        0 | 1 => {
            let copy = items.get(at).cloned();
            items.splice(other..other, copy);
        }
        2 => drop(items.remove(at)),
        3 => items.swap(at, other),
        4 => items.reverse(),
        5 => items.rotate_left(at),
        _ => items.truncate(at),
    }
}

/// Writes members in another order.
pub(super) fn reorder(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Object(members)) = any_value(json, random, has_members) else { return };
    let (at, other) = (random.below(members.len()), random.below(members.len()));
    members.swap(at, other);
}

/// Takes a member away.
pub(super) fn remove(json: &mut Json, _: &Values, random: &mut Random) {
    if let Some(Json::Object(members)) = any_value(json, random, has_members) {
        members.remove(random.below(members.len()));
    }
}

/// Makes a member null.
pub(super) fn nullify(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Object(members)) = any_value(json, random, has_members) else { return };
    let at = random.below(members.len());
    if let Some((_, value)) = members.get_mut(at) {
        *value = Json::Written("null".to_owned());
    }
}

/// Adds a member that nobody knows.
pub(super) fn add(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Object(members)) = any_value(json, random, |value| matches!(value, Json::Object(_))) else { return };
    let value = random.word(words::OTHER_TYPES).to_owned();
    let name = match random.one_in(2) {
        true => random.word(words::NAMES).to_owned(),
        false => format!("\"x{}\"", random.below(1_000_000)),
    };
    members.insert(random.below(members.len() + 1), (name, Json::Written(value)));
}

/// Has a member twice.
pub(super) fn repeat(json: &mut Json, _: &Values, random: &mut Random) {
    let Some(Json::Object(members)) = any_value(json, random, has_members) else { return };
    let copy = members.get(random.below(members.len())).cloned();
    members.extend(copy);
}

/// Takes a member of the whole from another input of the operation, with what it is there.
pub(super) fn cross(json: &mut Json, others: &[Json], random: &mut Random) {
    let (Json::Object(members), Some(Json::Object(others))) = (json, random.pick(others)) else { return };
    let Some((name, value)) = random.pick(others) else { return };
    match members.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = value.clone(),
        None => members.push((name.clone(), value.clone())),
    }
}

/// Changes JSON as a text, so that it most often is JSON no more.
pub(super) fn text(text: &mut String, random: &mut Random) {
    let at = text.floor_char_boundary(random.below(text.len() + 1));
    let splinter = random.word(words::SPLINTERS);
    match random.below(8) {
        0..3 => text.insert_str(at, splinter),
        3 => text.truncate(at),
        4 => {
            let end = text.ceil_char_boundary((at + 1 + random.below(3)).min(text.len()));
            text.replace_range(at..end, splinter);
        }
        5 => text.push_str(splinter),
        6 => text.insert_str(0, splinter),
        _ => *text = text.replace('"', "'"),
    }
}

/// Puts spaces where they mean nothing.
pub(super) fn spaces(text: &mut String, random: &mut Random) {
    *text = format!("{}{text}{}", random.word(&["", " ", "\n", "\t\r\n "]), " ".repeat(random.below(9)));
}

/// Makes a text as long as an input may be, or one byte longer.
pub(super) fn longest(text: &mut String, random: &mut Random) {
    let missing = LONGEST_INPUT.saturating_sub(text.len()) + random.below(2);
    text.push_str(&" ".repeat(missing));
}

fn has_members(value: &Json) -> bool {
    matches!(value, Json::Object(members) if !members.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_comes_from_another_input() {
        let read = |text: &str| Json::read(serde_json::from_str(text).unwrap()).unwrap();
        let others = [read(r#"{"a":2,"b":3}"#)];
        let mut random = Random::new(1);
        let mut met: Vec<String> = (0..50)
            .map(|_| {
                let mut json = read(r#"{"a":1}"#);
                cross(&mut json, &others, &mut random);
                json.to_string()
            })
            .collect();
        met.sort();
        met.dedup();
        assert_eq!(met, [r#"{"a":1,"b":3}"#, r#"{"a":2}"#]);
    }

    #[test]
    fn most_texts_are_json_no_more() {
        let mut random = Random::new(1);
        let still_json = (0..500).filter(|_| {
            let mut json = r#"{"é":"😀","b":[1]}"#.to_owned();
            text(&mut json, &mut random);
            serde_json::from_str::<serde_json::Value>(&json).is_ok()
        });
        let still_json = still_json.count();
        assert!((1..200).contains(&still_json), "{still_json} of 500");
    }

    #[test]
    fn a_text_reaches_the_limit() {
        let mut random = Random::new(1);
        let mut lengths: Vec<usize> = (0..50)
            .map(|_| {
                let mut json = "{}".to_owned();
                longest(&mut json, &mut random);
                json.len()
            })
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        assert_eq!(lengths, [LONGEST_INPUT, LONGEST_INPUT + 1]);
    }
}
