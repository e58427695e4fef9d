//! The answers of a language beside those of Rust, and its verdicts on its own typed functions.

use super::{cases::Case, folder::Folder};
use anyhow::Result;
use std::{collections::BTreeMap, fmt};

/// The verdict where a typed function answers as text does.
const SAME: &str = "same";
/// How the verdict begins where it does not.
const DIFFERENT: &str = "different: ";
/// How much of a text is shown.
const SHOWN_CHARS: usize = 2_000;

/// What came of it.
pub(super) struct Compared {
    /// Answers with other bytes than Rust's.
    pub(super) different: usize,
    pub(super) typed_same: usize,
    pub(super) typed_different: usize,
    /// How many cases the typed functions can not be given, by the reason; all of these were refused as they should be.
    pub(super) not_passed: BTreeMap<String, usize>,
    /// The first differences of both kinds.
    pub(super) shown: Vec<Difference>,
}

/// A case that two do not answer alike.
#[derive(Debug)]
pub(super) struct Difference {
    number: usize,
    operation: String,
    input: String,
    /// Who, and what was answered.
    answers: Vec<(String, String)>,
}

/// Compares all answers of a language, and counts its verdicts.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn compare(cases: &[Case], folder: &Folder, language: &str, most_shown: usize) -> Result<Compared> {
    let mut compared =
        Compared { different: 0, typed_same: 0, typed_different: 0, not_passed: BTreeMap::new(), shown: Vec::new() };
    let lines =
        |path: fn(&Folder, &str, usize) -> _, of: &str| folder.lines(|part| path(folder, of, part), cases.len());
    let (ours, theirs) = (lines(Folder::answers, "Rust")?, lines(Folder::answers, language)?);
    let verdicts = lines(Folder::verdicts, language)?;
    let most = ours.len().max(theirs.len()).max(verdicts.len());
    for number in 0..most {
        let line = |lines: &[Option<Vec<u8>>]| lines.get(number).cloned().flatten();
        let (ours, theirs, verdict) = (line(&ours), line(&theirs), line(&verdicts));
        let show = |answers: Vec<(&str, &Option<Vec<u8>>)>| Difference::new(number, cases.get(number), answers);
        let mut found = Vec::new();
        if ours != theirs || ours.is_none() {
            compared.different += 1;
            found.push(show(vec![("Rust", &ours), (language, &theirs)]));
        }
        match verdict.as_deref().map(String::from_utf8_lossy) {
            Some(word) if word == SAME => compared.typed_same += 1,
            Some(word) if !word.is_empty() && !word.starts_with(DIFFERENT) => {
                *compared.not_passed.entry(word.into_owned()).or_default() += 1;
            }
            _ => {
                compared.typed_different += 1;
                found.push(show(vec![("Rust", &ours), (&format!("{language}, typed"), &verdict)]));
            }
        }
        compared.shown.extend(found.into_iter().take(most_shown.saturating_sub(compared.shown.len())));
    }
    Ok(compared)
}

impl Difference {
    fn new(number: usize, case: Option<&Case>, answers: Vec<(&str, &Option<Vec<u8>>)>) -> Self {
        let none = || Case { operation: "no operation".to_owned(), input: "no case".to_owned() };
        let Case { operation, input } = case.cloned().unwrap_or_else(none);
        let text = |line: &Option<Vec<u8>>| match line {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => "no answer".to_owned(),
        };
        let answers = answers.into_iter().map(|(who, line)| (who.to_owned(), text(line))).collect();
        Self { number, operation, input, answers }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case {}, `{}`\n  input: {}", self.number, self.operation, short(&self.input))?;
        self.answers.iter().try_for_each(|(who, answer)| write!(f, "\n  {who}: {}", short(answer)))
    }
}

/// The beginning of a text, where it is long.
fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{} … ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn case(operation: &str) -> Case {
        Case { operation: operation.to_owned(), input: "{}".to_owned() }
    }

    fn compared(answers: &str, verdicts: &str) -> Compared {
        let of = tempfile::tempdir().unwrap();
        let folder = Folder::at(of.path().to_owned(), 1);
        fs::write(folder.answers("Rust", 0), "1\n2\n3\n").unwrap();
        fs::write(folder.answers("Python", 0), answers).unwrap();
        fs::write(folder.verdicts("Python", 0), verdicts).unwrap();
        compare(&["a", "b", "c"].map(case), &folder, "Python", 2).unwrap()
    }

    #[test]
    fn verdicts_are_counted_by_what_they_say() {
        let all = compared("1\n2\n3\n", "same\na float\nsame\n");
        assert_eq!((all.different, all.typed_same, all.typed_different), (0, 2, 0));
        assert_eq!(all.not_passed, BTreeMap::from([("a float".to_owned(), 1)]));
    }

    #[test]
    fn other_bytes_no_answer_and_an_answer_too_many_are_differences() {
        assert_eq!(compared("1\n2 \n3\n", "same\nsame\nsame\n").different, 1);
        assert_eq!(compared("1\n2\n", "same\nsame\nsame\n").different, 1);
        assert_eq!(compared("1\n2\n3\n4\n", "same\nsame\nsame\n").different, 1);
    }

    #[test]
    fn a_verdict_that_says_so_or_nothing_is_a_difference_and_only_some_are_shown() {
        let all = compared("1\n2\n0\n", "different: 5\n\n");
        assert_eq!((all.different, all.typed_different), (1, 3));
        let shown: Vec<_> = all.shown.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[0], "case 0, `a`\n  input: {}\n  Rust: 1\n  Python, typed: different: 5");
    }
}
