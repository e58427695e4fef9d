//! Node and npm: found, and what packages need installed.

use crate::{tools, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{fs, process::Command};

/// The oldest Node that the package runs in.
const OLDEST: u32 = 20;
/// The copy of a lock file in `node_modules` that says that all of it is installed.
const STAMP: &str = "node_modules/.installed-package-lock.json";

/// A command of Node, in a folder of the workspace.
///
/// # Errors
/// Where there is no Node, or one that is too old.
pub(super) fn node(workspace: &Workspace, folder: &str) -> Result<Command> {
    let version = tools::output(Command::new("node").arg("--version"))
        .with_context(|| format!("there is no `node`: install Node {OLDEST} or later"))?;
    if major(&version).is_none_or(|major| major < OLDEST) {
        bail!("`node` is {}: install Node {OLDEST} or later", version.trim());
    }
    let mut node = Command::new("node");
    node.current_dir(workspace.root().join(folder)).env_remove("NODE_OPTIONS").env_remove("NODE_PATH");
    Ok(node)
}

/// A command of npm, in a folder of the workspace.
pub(super) fn npm(workspace: &Workspace, folder: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(workspace.root().join(folder)).args(["--no-audit", "--no-fund", "--no-update-notifier"]);
    npm
}

/// Installs what the lock file of a package says, unless it is. What asks for another Node than this one is an error: on
/// the oldest that we promise, nothing may.
///
/// # Errors
/// Where npm can not install it.
pub(super) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    let lock = workspace.read(&format!("{folder}/package-lock.json"))?;
    let stamp = workspace.root().join(folder).join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    tools::run(npm(workspace, folder).args(["ci", "--engine-strict"]))?;
    fs::write(&stamp, lock).with_context(|| format!("`{}` is not written", stamp.display()))
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_as_node_tells_it() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
