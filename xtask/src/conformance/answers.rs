//! What the cases came to: whether each answer is one, and how many of each kind there are.

use super::{cases::Case, folder::Folder, report::figure};
use anyhow::{Context, Result, ensure};
use counterfoil::{error::catalogue, wire::operations};
use serde::{Deserialize, de::IgnoredAny};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Figures of the answers of Rust.
pub(super) struct Answers {
    /// How many are no error.
    ok: usize,
    errors: usize,
    /// The operations that were called, and those of them that answered without an error.
    called: BTreeSet<String>,
    answered: BTreeSet<String>,
    codes: BTreeSet<String>,
}

/// The form of every answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Answer {
    Ok(IgnoredAny),
    Error(Told),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    code: String,
    #[serde(rename = "category")]
    _category: String,
    #[serde(rename = "message")]
    _message: String,
    #[serde(rename = "message_zh")]
    _message_zh: String,
    #[serde(rename = "details")]
    _details: BTreeMap<String, String>,
}

impl Answers {
    /// Reads them.
    ///
    /// # Errors
    /// Where one is not of the form of all answers, or its code is in no table.
    pub(super) fn read(cases: &[Case], folder: &Folder) -> Result<Self> {
        let (known, known_codes): (BTreeSet<_>, BTreeSet<_>) =
            (operations().iter().map(|of| of.name).collect(), catalogue().map(|entry| entry.code).collect());
        let mut answers =
            Self { ok: 0, errors: 0, called: BTreeSet::new(), answered: BTreeSet::new(), codes: BTreeSet::new() };
        let lines = folder.lines(|part| folder.answers("Rust", part), cases.len())?;
        for (number, (case, line)) in cases.iter().zip(lines).enumerate() {
            let about = || format!("the answer of Rust to the case {number}, of `{}`", case.operation);
            let line = line.with_context(about)?;
            let is_known = known.contains(case.operation.as_str());
            answers.called.extend(is_known.then(|| case.operation.clone()));
            match serde_json::from_slice(&line).with_context(about)? {
                Answer::Ok(_) => {
                    answers.ok += 1;
                    answers.answered.extend(is_known.then(|| case.operation.clone()));
                }
                Answer::Error(told) => {
                    ensure!(known_codes.contains(told.code.as_str()), "{} has the code `{}`", about(), told.code);
                    answers.errors += 1;
                    answers.codes.insert(told.code);
                }
            }
        }
        Ok(answers)
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100 * self.ok / (self.ok + self.errors).max(1);
        write!(f, "{} answers ({share} %) and {} errors; ", figure(self.ok), figure(self.errors))?;
        let (called, answered) = (self.called.len(), self.answered.len());
        write!(f, "{called} of {} operations, {answered} of them with answers; ", operations().len())?;
        write!(f, "{} of {} codes of errors", self.codes.len(), catalogue().count())
    }
}
