//! Who runs the servers: nobody with rights, where this program has them.

use super::Engine;
use crate::tools;
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// The account of the system that runs a server where this program runs as root, which servers refuse to.
const UNPRIVILEGED: &str = "nobody";

/// Who runs the servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// Who runs this program.
    Own,
    /// [`UNPRIVILEGED`], with its group: this program is run by root.
    Unprivileged { group: String },
}

impl Account {
    pub(super) fn of_servers() -> Result<Self> {
        let id = |arguments: &[&str]| {
            Ok::<_, anyhow::Error>(tools::output(Command::new("id").args(arguments))?.trim().to_owned())
        };
        match id(&["-u"])?.as_str() {
            "0" => Ok(Self::Unprivileged { group: id(&["-gn", UNPRIVILEGED])? }),
            _ => Ok(Self::Own),
        }
    }

    /// A command run by it, which ends when this program does, however that ends.
    pub(super) fn command(&self, words: &[String]) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if let Self::Unprivileged { group } = self {
            command.args(["--reuid", UNPRIVILEGED, "--regid", group, "--clear-groups"]);
        }
        command.arg("--").args(words);
        command
    }

    /// A new folder that it may write to: in the target folder, or among the temporary files where it can not get there.
    pub(super) fn folder(&self, engine: Engine, target: &Path) -> Result<TempDir> {
        let servers = target.join("servers");
        fs::create_dir_all(&servers).with_context(|| format!("no folder `{}`", servers.display()))?;
        let prefix = format!("{}-", engine.name());
        let builder = || {
            let mut builder = tempfile::Builder::new();
            builder.prefix(&prefix);
            builder
        };
        let folder = builder().tempdir_in(&servers)?;
        if self.owns(folder.path())? {
            return Ok(folder);
        }
        let folder = builder().tempdir()?;
        match self.owns(folder.path())? {
            true => Ok(folder),
            false => bail!("`{UNPRIVILEGED}` can write neither to the target folder nor to temporary files"),
        }
    }

    /// Makes a folder its own; whether it can write there then.
    fn owns(&self, folder: &Path) -> Result<bool> {
        if let Self::Unprivileged { .. } = self {
            tools::output(Command::new("chown").arg(UNPRIVILEGED).arg(folder))?;
        }
        let test = ["test".to_owned(), "-w".to_owned(), folder.display().to_string()];
        Ok(tools::answers(&mut self.command(&test)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_run_by_root_is_run_by_another() {
        let words = |account: Account| -> Vec<String> {
            let command = account.command(&["mariadbd".to_owned()]);
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(words(Account::Own), ["--pdeathsig", "KILL", "--", "mariadbd"]);
        assert_eq!(
            words(Account::Unprivileged { group: "nogroup".to_owned() }),
            ["--pdeathsig", "KILL", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--", "mariadbd"]
        );
    }
}
