//! Where the files come from: a folder, or the sample that is built into the program.

use crate::{
    problem::{Fault, Problem},
    sample,
};
use std::{borrow::Cow, fs, io, path::PathBuf};

/// A folder of input files.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The sample that comes with the program.
    Shipped,
    /// A folder of one's own.
    Folder(PathBuf),
}

impl Source {
    /// The bytes of a file; nothing if it is not there.
    pub(crate) fn read(&self, file: &str) -> Result<Option<Cow<'static, [u8]>>, Problem> {
        match self {
            Self::Shipped => Ok(sample::shipped(file).map(|text| Cow::Borrowed(text.as_bytes()))),
            Self::Folder(folder) => match fs::read(folder.join(file)) {
                Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Fault::new("input.unreadable", format!("can not be read: {error}")).at(file, 0)),
            },
        }
    }

    /// The bytes of a file that must be there.
    pub(crate) fn require(&self, file: &str) -> Result<Cow<'static, [u8]>, Problem> {
        let missing = || Fault::new("input.no_file", format!("there is no such file in {self}")).at(file, 0);
        self.read(file)?.ok_or_else(missing)
    }

    /// The text of a file that must be there.
    pub(crate) fn text(&self, file: &str) -> Result<String, Problem> {
        let bytes = self.require(file)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(not_utf8().at(file, line_at(&bytes, error.valid_up_to()))),
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shipped => f.write_str("the shipped sample"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

/// Bytes that are no text.
pub(super) fn not_utf8() -> Fault {
    Fault::new("input.not_utf8", "it is not UTF-8: save the file in that encoding")
}

/// The line, from 1, of a place in a file.
fn line_at(bytes: &[u8], place: usize) -> u64 {
    let breaks = bytes.iter().take(place).filter(|byte| **byte == b'\n').count();
    u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1)
}
