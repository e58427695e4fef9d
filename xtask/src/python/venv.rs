use super::FOLDER;
use crate::{tools, workspace::Workspace};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the tests of the package need, in exact versions.
const REQUIREMENTS: &str = "bindings-python/requirements-test.txt";
/// The interpreters that are looked for: the oldest first, since one wheel is to serve them all.
const INTERPRETERS: [&str; 5] = ["python3.11", "python3.12", "python3.13", "python3.14", "python3"];
/// Ends well in an interpreter that is new enough and can make environments.
const PROBE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";

/// The environment of Python in the target folder that the package is tested in.
pub(super) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// The environment with all that the tests need: made, or as it stands.
    ///
    /// # Errors
    /// Where there is no interpreter to make it with, or pip can not install what it needs.
    pub(super) fn ensure(workspace: &Workspace) -> Result<Self> {
        let venv = Self { folder: workspace.target()?.join(FOLDER).join("venv") };
        let works = || tools::answers(venv.python().args(["-c", PROBE]));
        if !venv.has(workspace, REQUIREMENTS)? || !works() {
            let interpreter = interpreter()?;
            let make = ["-m", "venv", "--clear"];
            tools::run(Command::new(interpreter).args(make).arg(&venv.folder)).context("no environment of Python")?;
        }
        venv.install(workspace, REQUIREMENTS)?;
        Ok(venv)
    }

    /// Installs what a file of the project asks for, unless that was done with the same text.
    ///
    /// # Errors
    /// Where pip can not.
    pub(super) fn install(&self, workspace: &Workspace, requirements: &str) -> Result<()> {
        if self.has(workspace, requirements)? {
            return Ok(());
        }
        let mut pip = self.module("pip");
        tools::run(pip.args(["install", "--quiet", "--requirement"]).arg(workspace.root().join(requirements)))
            .with_context(|| {
                format!("`{requirements}` is not installed: pip needs the package index, or a cache of it")
            })?;
        let stamp = self.stamp(requirements);
        fs::write(&stamp, workspace.read(requirements)?)
            .with_context(|| format!("`{}` is not written", stamp.display()))
    }

    /// Its interpreter, as every step runs it: nothing of the caller's own Python, no byte code in the work tree.
    pub(super) fn python(&self) -> Command {
        let mut python = Command::new(self.program("python"));
        python.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONDONTWRITEBYTECODE", "1");
        python.env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        python
    }

    /// A module, run as a program.
    pub(super) fn module(&self, name: &str) -> Command {
        let mut python = self.python();
        python.args(["-m", name]);
        python
    }

    /// Where one of its programs stands.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// Whether what a file asks for was installed as it reads now.
    fn has(&self, workspace: &Workspace, requirements: &str) -> Result<bool> {
        let wanted = workspace.read(requirements)?;
        Ok(fs::read_to_string(self.stamp(requirements)).is_ok_and(|installed| installed == wanted))
    }

    /// The copy of a file of requirements that says that they are installed.
    fn stamp(&self, requirements: &str) -> PathBuf {
        stamp(&self.folder, requirements)
    }
}

fn stamp(folder: &Path, requirements: &str) -> PathBuf {
    folder.join(format!("installed-{}", requirements.replace('/', "-")))
}

/// An interpreter that can make environments; installed where there is none and this may be done.
fn interpreter() -> Result<&'static str> {
    let find = || INTERPRETERS.into_iter().find(|name| tools::answers(Command::new(name).args(["-c", PROBE])));
    tools::ensure_packages("Python 3.11 or later, with `venv`", &["python3-venv"], || find().is_some())?;
    find().context("Python has gone")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_requirements_has_its_own_stamp() {
        let folder = Path::new("venv");
        assert_eq!(stamp(folder, REQUIREMENTS), Path::new("venv/installed-bindings-python-requirements-test.txt"));
        assert_ne!(stamp(folder, "a/requirements.txt"), stamp(folder, "b/requirements.txt"));
    }
}
