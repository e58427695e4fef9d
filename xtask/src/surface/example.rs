//! Which of the vectors is shown as the example of an operation.

use super::cases::{Case, Json};
use counterfoil::wire::Answer;

/// The most lines of an example: a longer one hides what it shows.
const LONGEST: usize = 24;
/// How many lines longer than the shortest an example may be. The first vectors of a file show the common cases, later ones,
/// which may be shorter, the edges.
const LONGER: usize = 4;

/// The lines of one of the cases, by the lines that each would have; none where each would be long, or would tell nothing.
pub(super) fn chosen(cases: &[Case], lines: impl Fn(&Case) -> Option<Vec<String>>) -> Option<Vec<String>> {
    let answering = || cases.iter().filter(|case| !is_nothing(&case.answer));
    let of = |case| lines(case).filter(|lines: &Vec<String>| lines.len() <= LONGEST);
    let mut fitting: Vec<_> = answering().filter(|case| is_full(case)).filter_map(of).collect();
    if fitting.is_empty() {
        fitting = answering().filter_map(of).collect();
    }
    let shortest = fitting.iter().map(Vec::len).min()?;
    fitting.into_iter().find(|lines| lines.len() <= shortest + LONGER)
}

/// Whether there is something in each list, object and text that is passed.
fn is_full(case: &Case) -> bool {
    !case.arguments.iter().any(|(_, value)| has_empty(value))
}

fn has_empty(value: &Json) -> bool {
    match value {
        Json::List(items) => items.is_empty() || items.iter().any(has_empty),
        Json::Object(members) => members.is_empty() || members.iter().any(|(_, value)| has_empty(value)),
        Json::Text(text) => text.trim().is_empty(),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Whether there is neither a value nor a text nor a number in it.
pub(super) fn is_nothing(answer: &Answer) -> bool {
    match answer {
        Answer::Null | Answer::Absent => true,
        Answer::List(items) => items.iter().all(is_nothing),
        Answer::Record { members, .. } => members.iter().all(|(_, value)| is_nothing(value)),
        Answer::Map(entries) => entries.iter().all(|(_, value)| is_nothing(value)),
        _ => false,
    }
}
