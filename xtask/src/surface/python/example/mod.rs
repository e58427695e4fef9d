//! A call with what it answers, as a reader of the documentation types it: one of the vectors.
//!
//! What is answered is what the core answers, written as Python's `repr` writes it.

mod value;

use self::value::{literal, shown};
use super::{names::safe, text::WIDTH};
use crate::surface::{
    cases::Case,
    example::{chosen, is_nothing},
    written::{Page, Written, filled},
};
use counterfoil::wire::Answer;
use std::iter;

/// The most lines of an answer that is shown as a whole.
const LONGEST_ANSWER: usize = 6;
/// The most members of a longer one.
const MOST_MEMBERS: usize = 6;
/// What stands before each line of an example: the indentation of a docstring, and the prompt.
const BEFORE: usize = 8;

/// The lines of the example of an operation; none where each would be long, or would tell nothing.
pub(super) fn example(context: &str, verb: &str, cases: &[Case]) -> Option<Vec<String>> {
    let is_fitting = |line: &String| line.chars().count() + BEFORE / 2 <= WIDTH;
    chosen(cases, |case| lines(context, verb, case).filter(|lines| lines.iter().all(is_fitting)))
}

/// A case; none where Python writes its answer in a way that is not known here.
fn lines(context: &str, verb: &str, case: &Case) -> Option<Vec<String>> {
    let arguments = case.arguments.iter().map(|(name, value)| (format!("{}=", safe(name)), literal(value))).collect();
    let call = Written::Of { open: format!("{context}.{}(", safe(verb)), items: arguments, close: ")" };
    let mut lines = vec![format!(">>> from counterfoil import {context}")];
    let whole = shown(&case.answer).map(|answer| filled(&answer.pieces(), WIDTH - BEFORE / 2));
    if let Some(whole) = whole.filter(|whole| whole.len() <= LONGEST_ANSWER) {
        lines.extend(prompted("", &call));
        lines.extend(whole);
        return Some(lines);
    }
    lines.extend(prompted("answer = ", &call));
    lines.extend(parts(case)?.into_iter().flat_map(|(name, value)| [format!(">>> answer.{name}"), value]));
    Some(lines)
}

/// A statement behind the prompt.
fn prompted(before: &str, call: &Written) -> Vec<String> {
    let mut lines = Vec::new();
    call.lines(before, "", 0, Page { width: WIDTH - BEFORE, indent: 4 }, &mut lines);
    let prompts = iter::once(">>> ").chain(iter::repeat("... "));
    prompts.zip(lines).map(|(prompt, line)| format!("{prompt}{line}")).collect()
}

/// The members of a long answer that tell something in a line, and are no names or what was passed; none where it has no such.
fn parts(case: &Case) -> Option<Vec<(String, String)>> {
    let Answer::Record { members, .. } = &case.answer else { return None };
    let is_passed = |name: &str| case.arguments.iter().any(|(argument, _)| argument == name);
    let telling = members
        .iter()
        .filter(|(name, value)| !is_nothing(value) && !matches!(value, Answer::Text(_)) && !is_passed(name));
    let parts = telling.filter_map(|(name, value)| Some((safe(name), shown(value)?.in_a_line())));
    let fitting = parts.filter(|(_, value)| value.chars().count() + BEFORE / 2 <= WIDTH);
    Some(fitting.take(MOST_MEMBERS).collect::<Vec<_>>()).filter(|parts| !parts.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::cases::Json;
    use counterfoil::wire::Scalar;

    fn case(input: &str, answer: Answer) -> Case {
        let Ok(Json::Object(arguments)) = serde_json::from_str(input) else { return case("{}", answer) };
        Case { arguments, answer }
    }

    fn decimal(text: &str) -> Answer {
        Answer::Scalar(Scalar::Decimal, text.to_owned())
    }

    fn of(cases: &[Case]) -> String {
        example("money", "from", cases).unwrap_or_default().join("\n")
    }

    #[test]
    fn a_call_takes_its_arguments_by_names_that_python_has() {
        let example = of(&[case(r#"{"of": "a\"\n", "in": {"b": null, "a": [true, 1]}}"#, decimal("1.0"))]);
        let call = r#">>> money.from_(of="a\"\n", in_={"b": None, "a": [True, 1]})"#;
        assert_eq!(example, format!(">>> from counterfoil import money\n{call}\nDecimal('1.0')"));
    }

    #[test]
    fn the_first_is_taken_unless_another_is_much_shorter_or_has_more_to_tell() {
        let long = format!(r#"{{"of": [{}"a"]}}"#, r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "#.repeat(9));
        let (long, first, second) =
            (case(&long, decimal("1")), case(r#"{"of": "b"}"#, decimal("2")), case("{}", decimal("3")));
        let (empty, silent) = (case(r#"{"of": []}"#, decimal("4")), case(r#"{"of": "c"}"#, Answer::Null));
        let example = of(&[silent, empty, long, first, second]);
        assert!(example.ends_with("Decimal('2')"), "{example}");
        assert_eq!(of(&[case("{}", Answer::List(vec![Answer::Null]))]), "");
    }

    #[test]
    fn of_a_long_answer_the_short_members_are_shown() {
        let long = Answer::List(vec![decimal("1.00"); 99]);
        let members = vec![
            ("kind", Answer::Text("disk".to_owned())),
            ("lines", long),
            ("nothing", Answer::Absent),
            ("amount", decimal("5")),
            ("is", Answer::Bool(true)),
        ];
        let example = of(&[case(r#"{"amount": "5"}"#, Answer::Record { name: "Rated", members })]);
        assert!(example.ends_with(">>> answer = money.from_(amount=\"5\")\n>>> answer.is_\nTrue"), "{example}");
    }

    #[test]
    fn no_line_is_too_wide() {
        let wide = format!(r#"{{"of": "{}"}}"#, "a".repeat(WIDTH));
        assert_eq!(of(&[case(&wide, decimal("1"))]), "");
    }
}
