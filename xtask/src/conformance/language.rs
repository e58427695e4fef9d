//! The other languages: a program of each reads the cases and writes its answers.

use super::folder::Folder;
use crate::{node, python, workspace::Workspace};
use anyhow::{Context, Result, ensure};
use indicatif::ProgressBar;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A language with a package.
#[derive(Clone, Copy)]
pub(super) enum Language {
    Python,
    Node,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::Python, Self::Node];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Node => "Node",
        }
    }

    /// Has its program answer all cases, in a process for each part, and tells how long that took.
    ///
    /// The program is given the file of the cases, those of its answers and of its verdicts, the part and how many parts
    /// there are; now and then it writes how many cases more it has answered.
    ///
    /// # Errors
    /// Where a process ends without success.
    pub(super) fn answer(self, workspace: &Workspace, folder: &Folder, bar: &ProgressBar) -> Result<Duration> {
        let started = Instant::now();
        let mut processes = Vec::with_capacity(folder.parts);
        for part in 0..folder.parts {
            let mut program = self.program(workspace)?;
            program.arg(folder.cases()).arg(folder.answers(self.name(), part));
            program.arg(folder.verdicts(self.name(), part)).args([part.to_string(), folder.parts.to_string()]);
            program.stdin(Stdio::null()).stdout(Stdio::piped());
            processes.push(program.spawn().with_context(|| format!("{} can not be run", self.name()))?);
        }
        for process in processes {
            follow(process, bar).with_context(|| format!("{} does not answer", self.name()))?;
        }
        bar.finish_and_clear();
        Ok(started.elapsed())
    }

    fn program(self, workspace: &Workspace) -> Result<Command> {
        match self {
            Self::Python => python::conformance(workspace),
            Self::Node => node::conformance(workspace),
        }
    }
}

/// Waits for the end of a process, and shows how far it is.
fn follow(mut process: Child, bar: &ProgressBar) -> Result<()> {
    let said = process.stdout.take().context("its output is not read")?;
    for line in BufReader::new(said).lines() {
        let line = line?;
        bar.inc(line.parse().with_context(|| format!("it says `{line}`"))?);
    }
    let status = process.wait()?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}
