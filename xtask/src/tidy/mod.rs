//! What the compiler does not check: imports between rooms, versions, decisions, leftovers.

mod decisions;
mod imports;
mod manifests;
mod requirements;
mod rust_source;
mod sources;
mod texts;

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fmt;

/// Something that is not as the project wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, from the workspace's root.
    path: String,
    /// The line, from 1.
    line: usize,
    /// What is wrong.
    what: String,
    /// How to mend it.
    mend: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    mend: {}", self.path, self.line, self.what, self.mend)
    }
}

/// Runs every check and prints what it finds.
///
/// # Errors
/// Where something is found, or a file can not be read.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let files = workspace.files()?;
    let mut findings = Vec::new();
    findings.extend(imports::check(workspace, &files)?);
    findings.extend(sources::check(workspace, &files)?);
    findings.extend(manifests::check(workspace, &files)?);
    findings.extend(decisions::check(workspace, &files)?);
    findings.extend(requirements::check(workspace, &files)?);
    findings.extend(texts::check(workspace, &files)?);
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {} files, nothing to mend", files.len());
            Ok(())
        }
        1 => bail!("tidy: 1 finding"),
        count => bail!("tidy: {count} findings"),
    }
}
