//! The diary of a client: a line before each call and one after it, each by one write, so that a process which is
//! killed tears at most its last line.

use crate::{
    answers::Answer,
    operations::{Operation, Place},
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
    sync::Arc,
};

/// A line of a diary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// The client was started.
    Began,
    /// Something will be asked now.
    Asked { place: Place, operation: Operation },
    /// It was answered that it may be sent again.
    Again { place: Place, code: String },
    /// It was answered.
    Done { place: Place, done: Done },
}

/// How something was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) answer: Answer,
    /// How long it took since it was first sent by the life of the client that got the answer.
    pub(crate) micros: u64,
}

/// A diary to write in.
#[derive(Clone)]
pub(crate) struct Diary(Arc<File>);

/// What stands in a diary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    pub(crate) lives: usize,
    pub(crate) asked: BTreeMap<Place, Operation>,
    pub(crate) done: BTreeMap<Place, Done>,
    /// How often each code asked for another try.
    pub(crate) again: BTreeMap<String, usize>,
}

impl Diary {
    /// Opens a diary for a further life of its client, and gives what stands in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Past)> {
        let what = || format!("the diary `{}`", path.display());
        let past = Past::read(path)?;
        let file = OpenOptions::new().create(true).append(true).open(path).with_context(what)?;
        let whole = whole_lines(&read(path)?).len();
        file.set_len(whole.try_into()?).with_context(what)?;
        let diary = Self(Arc::new(file));
        diary.write(&Line::Began)?;
        Ok((diary, past))
    }

    pub(crate) fn write(&self, line: &Line) -> Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        Ok((&*self.0).write_all(&text)?)
    }
}

impl Past {
    /// Reads a diary; there is none before the first life of its client.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let mut past = Self::default();
        for line in whole_lines(&read(path)?).split_inclusive(|byte| *byte == b'\n') {
            let line = serde_json::from_slice(line)
                .with_context(|| format!("`{}` in `{}`", String::from_utf8_lossy(line).trim_end(), path.display()))?;
            past.add(line);
        }
        Ok(past)
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Began => self.lives += 1,
            Line::Asked { place, operation } => _ = self.asked.insert(place, operation),
            Line::Again { code, .. } => *self.again.entry(code).or_default() += 1,
            Line::Done { place, done } => _ = self.done.insert(place, done),
        }
    }

    /// What a writer asked and did not see answered.
    pub(crate) fn open_of(&self, writer: u32) -> Option<(Place, Operation)> {
        let mut of_writer = self.asked.iter().filter(|(place, _)| place.writer == writer);
        let open = of_writer.find(|(place, _)| !self.done.contains_key(place))?;
        Some((*open.0, open.1.clone()))
    }

    /// The first round of a writer in which nothing was asked.
    pub(crate) fn next_round(&self, writer: u32) -> u32 {
        let rounds = self.asked.keys().filter(|place| place.writer == writer).map(|place| place.round + 1);
        rounds.max().unwrap_or_default()
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("`{}` can not be read", path.display())),
    }
}

/// All but a last line that was torn.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_cut_off_and_what_is_open_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diary");
        let place = |writer, round| Place { client: 0, writer, round };
        let (diary, past) = Diary::open(&path).unwrap();
        assert_eq!((past.lives, past.next_round(0)), (0, 0));
        for (writer, round) in [(0, 0), (0, 1), (1, 0)] {
            let operation = Operation::Void { order: round.to_string() };
            diary.write(&Line::Asked { place: place(writer, round), operation }).unwrap();
        }
        let done = Done { answer: Answer::Refused { code: "store.not_found".to_owned() }, micros: 1 };
        diary.write(&Line::Done { place: place(0, 0), done }).unwrap();
        (&*diary.0).write_all(b"{\"done\":{\"pla").unwrap();

        let (diary, past) = Diary::open(&path).unwrap();
        diary.write(&Line::Again { place: place(1, 0), code: "store.busy".to_owned() }).unwrap();
        assert_eq!(past.open_of(0), Some((place(0, 1), Operation::Void { order: "1".to_owned() })));
        assert_eq!(past.open_of(1).map(|(place, _)| place), Some(place(1, 0)));
        assert_eq!((past.next_round(0), past.next_round(1), past.next_round(2)), (2, 1, 0));
        let past = Past::read(&path).unwrap();
        assert_eq!((past.lives, past.asked.len(), past.done.len(), past.again.len()), (2, 3, 1, 1));
    }
}
