//! What is checked of the package: it runs as its documentation says, and its types are what its stubs say.

use super::{FOLDER, PACKAGE, venv::Venv};
use crate::{steps::Outcome, surface::SETS_OF_WORDS, tools, workspace::Workspace};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

/// The tests, and the examples in the docstrings of the installed package.
///
/// # Errors
/// Where a test fails, or none runs.
pub(crate) fn pytest(workspace: &Workspace) -> Result<Outcome> {
    let mut pytest = module(workspace, "pytest")?;
    pytest.args(["--doctest-modules", "-ra", "--strict-markers", "--pyargs", "counterfoil", "tests", "-o"]);
    pytest.arg(format!("cache_dir={}", cache(workspace, "pytest")?.display()));
    passed(&mut pytest)
}

/// The program that answers the cases of `cargo xtask conformance`.
///
/// # Errors
/// Where there is no Python.
pub(crate) fn conformance(workspace: &Workspace) -> Result<Command> {
    let mut python = Venv::ensure(workspace)?.python();
    python.arg(workspace.root().join(PACKAGE).join("tests").join("conformance.py"));
    Ok(python)
}

/// The types of the package and of the file that uses all of it, by mypy.
///
/// # Errors
/// Where it finds something.
pub(crate) fn mypy(workspace: &Workspace) -> Result<Outcome> {
    let mut mypy = module(workspace, "mypy")?;
    mypy.args(["--strict", "python", "tests/typed_usage.py", "--cache-dir"]).arg(cache(workspace, "mypy")?);
    passed(&mut mypy)
}

/// The stubs beside what the installed package has when it runs.
///
/// # Errors
/// Where they differ.
pub(crate) fn stubtest(workspace: &Workspace) -> Result<Outcome> {
    let mut stubtest = module(workspace, "mypy.stubtest")?;
    stubtest.args(["counterfoil", "--allowlist", "tests/stubtest_allowlist.txt"]);
    passed(stubtest.arg("--allowlist").arg(workspace.root().join(SETS_OF_WORDS)))
}

/// The same types, by the checker of most editors.
///
/// # Errors
/// Where it finds something.
pub(crate) fn pyright(workspace: &Workspace) -> Result<Outcome> {
    let mut pyright = module(workspace, "pyright")?;
    // Nothing is asked of the network: which version is the newest does not matter.
    pyright.env("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1").args(["--warnings", "--project", "."]);
    let interpreter = Venv::ensure(workspace)?.program("python");
    passed(pyright.arg("--pythonpath").arg(interpreter))
}

/// The format of every Python file of the project, and what its linter finds.
///
/// # Errors
/// Where a file is not formatted, or something is found.
pub(crate) fn ruff(workspace: &Workspace) -> Result<Outcome> {
    let venv = Venv::ensure(workspace)?;
    for arguments in [["format", "--check"].as_slice(), &["check"]] {
        let mut ruff = venv.module("ruff");
        tools::run(ruff.args(arguments).args(["--no-cache", "."]).current_dir(workspace.root()))?;
    }
    Ok(Outcome::Passed)
}

/// A module of the environment, run in the package's folder.
fn module(workspace: &Workspace, name: &str) -> Result<Command> {
    let mut command = Venv::ensure(workspace)?.module(name);
    command.current_dir(workspace.root().join(PACKAGE));
    Ok(command)
}

/// Where a tool keeps what it need not do twice.
fn cache(workspace: &Workspace, tool: &str) -> Result<PathBuf> {
    Ok(workspace.target()?.join(FOLDER).join("cache").join(tool))
}

fn passed(command: &mut Command) -> Result<Outcome> {
    tools::run(command).map(|()| Outcome::Passed)
}
