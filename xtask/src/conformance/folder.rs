//! The files of a run, in the target folder: the cases, and for each language its answers in parts.
//!
//! Part 1 of 2 has the answers to the cases 1, 3, 5, …: a line for each, so that languages need not wait for each other.

use super::cases::Case;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Where the files are, and how many parts there are of each.
pub(super) struct Folder {
    path: PathBuf,
    pub(super) parts: usize,
}

impl Folder {
    /// An empty folder.
    ///
    /// # Errors
    /// Where it can not be made.
    pub(super) fn fresh(workspace: &Workspace, parts: usize) -> Result<Self> {
        let path = workspace.target()?.join("conformance");
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("`{}` can not be emptied", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("no folder `{}`", path.display()))?;
        Ok(Self { path, parts })
    }

    #[cfg(test)]
    pub(super) fn at(path: PathBuf, parts: usize) -> Self {
        Self { path, parts }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the cases: a line of JSON for each, in ASCII.
    pub(super) fn cases(&self) -> PathBuf {
        self.path.join("cases.jsonl")
    }

    /// The answers of a language to a part of the cases.
    pub(super) fn answers(&self, language: &str, part: usize) -> PathBuf {
        self.path.join(format!("{language}-{part}.answers").to_lowercase())
    }

    /// What became of the same cases by the typed functions of a language.
    pub(super) fn verdicts(&self, language: &str, part: usize) -> PathBuf {
        self.path.join(format!("{language}-{part}.verdicts").to_lowercase())
    }

    /// Writes the cases.
    ///
    /// # Errors
    /// Where they can not be written.
    pub(super) fn write(&self, cases: &[Case]) -> Result<()> {
        #[derive(Serialize)]
        struct Line<'c> {
            op: &'c str,
            input: &'c str,
        }
        let mut file = create(&self.cases())?;
        for case in cases {
            let line = Line { op: &case.operation, input: &case.input };
            line.serialize(&mut Serializer::with_formatter(&mut file, Ascii))?;
            file.write_all(b"\n")?;
        }
        Ok(file.flush()?)
    }

    /// The lines of all parts in the order of the cases, to the end of the longest part; none where a part has no more.
    ///
    /// # Errors
    /// Where a part can not be opened.
    pub(super) fn lines(&self, path: impl Fn(usize) -> PathBuf, cases: usize) -> Result<Vec<Option<Vec<u8>>>> {
        let mut parts = Vec::with_capacity(self.parts);
        for part in 0..self.parts {
            let path = path(part);
            let file = File::open(&path).with_context(|| format!("`{}` can not be read", path.display()))?;
            parts.push(BufReader::new(file).split(b'\n'));
        }
        let mut lines = Vec::with_capacity(cases);
        for case in 0..cases {
            let part = parts.get_mut(case % self.parts).context("a part for each case")?;
            lines.push(part.next().transpose()?);
        }
        // Whatever follows has no case.
        for part in &mut parts {
            lines.extend(part.map(|line| line.map(Some)).collect::<io::Result<Vec<_>>>()?);
        }
        Ok(lines)
    }
}

/// A file to write lines to.
///
/// # Errors
/// Where it can not be made.
pub(super) fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("`{}` can not be written", path.display()))?;
    Ok(BufWriter::new(file))
}

/// Writes what is not ASCII as escapes, so that no program can read it by a wrong encoding or end a line in it.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for symbol in fragment.chars() {
            match symbol {
                ' '..='~' => write!(writer, "{symbol}")?,
                _ => symbol.encode_utf16(&mut [0; 2]).iter().try_for_each(|half| write!(writer, "\\u{half:04x}"))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_written_in_ascii_and_read_as_they_were() {
        let text = "é😀\u{2028}\u{7f}\u{0}\"\\\n\\ud800";
        let mut line = Vec::new();
        text.serialize(&mut Serializer::with_formatter(&mut line, Ascii)).unwrap();
        assert!(line.iter().all(|byte| matches!(byte, b' '..=b'~')), "{line:?}");
        assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
    }

    #[test]
    fn lines_are_read_in_the_order_of_the_cases() {
        let of = tempfile::tempdir().unwrap();
        let folder = Folder::at(of.path().to_owned(), 2);
        fs::write(folder.answers("Rust", 0), "a\nc\nmore\n").unwrap();
        fs::write(folder.answers("Rust", 1), "b\n").unwrap();
        let lines = folder.lines(|part| folder.answers("Rust", part), 4).unwrap();
        let line = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(lines, [line("a"), line("b"), line("c"), None, line("more")]);
    }
}
