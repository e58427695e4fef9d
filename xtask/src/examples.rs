//! The small examples, each of them run: an example that only compiles may have stopped to be one.

use crate::{
    steps::{Outcome, cargo},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{env, path::Path, process::Command};

/// Where they stand.
const FOLDERS: [&str; 4] = [
    "adapters/arrow/examples/",
    "adapters/store/examples/",
    "examples/billing/examples/",
    "examples/inquiries/examples/",
];

/// Builds all examples with the whole workspace, and runs them.
///
/// # Errors
/// Where one does not end with 0, or says nothing.
pub(crate) fn run(workspace: &Workspace) -> Result<Outcome> {
    cargo(workspace, &["build", "--workspace", "--examples", "--locked"], &[])?;
    let program = env::current_exe().context("where this program is, is not known")?;
    let built = program.parent().context("this program lies in a folder")?.join("examples");
    let files = workspace.files()?;
    let names = names(&files);
    if names.is_empty() {
        bail!("there are no examples in {}", FOLDERS.join(" and "));
    }
    for name in &names {
        run_one(&built, name)?;
    }
    println!("{} examples ran", names.len());
    Ok(Outcome::Passed)
}

/// The names of the examples among the project's files. One in a folder is a program that takes arguments: its tests call it.
fn names(files: &[String]) -> Vec<&str> {
    let examples = files.iter().filter_map(|file| FOLDERS.iter().find_map(|folder| file.strip_prefix(folder)));
    examples.filter_map(|file| file.strip_suffix(".rs")).filter(|name| !name.contains('/')).collect()
}

fn run_one(built: &Path, name: &str) -> Result<()> {
    let output = Command::new(built.join(name)).output().with_context(|| format!("`{name}` can not be run"))?;
    if !output.status.success() {
        bail!("`{name}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    if output.stdout.is_empty() {
        bail!("`{name}` printed nothing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_the_files_of_the_folders() {
        let files = [
            "examples/billing/examples/refund.rs",
            "examples/inquiries/examples/disk_inquiry.rs",
            "adapters/store/examples/store/main.rs",
            "examples/inquiries/src/lib.rs",
            "core/src/lib.rs",
        ];
        assert_eq!(names(&files.map(str::to_owned)), ["refund", "disk_inquiry"]);
    }
}
