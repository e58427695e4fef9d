//! The examples that use the package: a portal on Django, and metering on Spark.

use super::{DJANGO, FOLDER, venv::Venv};
use crate::{
    servers::{Engine, Missing, Server},
    steps::Outcome,
    tools::{self, under_ci},
    workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

/// The environment variable that names the server of a test.
const DATABASE: &str = "COUNTERFOIL_MARIADB_URL";
const SPARK: &str = "examples/spark-metering";
/// Enough for every task to have several batches, few enough for a step.
const SPARK_ROWS: &str = "1000000";

/// The portal's own tests, on SQLite.
///
/// # Errors
/// Where a test fails.
pub(crate) fn django_on_sqlite(workspace: &Workspace) -> Result<Outcome> {
    let mut pytest = django(workspace)?;
    pytest.env_remove(DATABASE);
    tools::run(&mut pytest).map(|()| Outcome::Passed)
}

/// The same tests on a MariaDB server of their own.
///
/// # Errors
/// Where a test fails, or the server does not come up; under `CI=true` also where there is none and it can not be installed.
pub(crate) fn django_on_mariadb(workspace: &Workspace) -> Result<Outcome> {
    let server = match Server::start(Engine::MariaDb, workspace) {
        Err(error) if error.is::<Missing>() && !under_ci() => return Ok(Outcome::Skipped(format!("{error:#}"))),
        started => started?,
    };
    let mut pytest = django(workspace)?;
    pytest.env(DATABASE, server.url());
    tools::run(&mut pytest).map(|()| Outcome::Passed)
}

/// A million resource-days on two workers, one of which is killed, beside the same on one machine.
///
/// # Errors
/// Where the results differ; under `CI=true` also where there is no Java and it can not be installed.
pub(crate) fn spark(workspace: &Workspace) -> Result<Outcome> {
    let java = || tools::answers(Command::new("java").arg("-version"));
    match tools::ensure_packages("java", &["default-jre-headless"], java) {
        Err(error) if !under_ci() => return Ok(Outcome::Skipped(format!("{error:#}"))),
        installed => installed?,
    }
    let venv = Venv::ensure(workspace)?;
    venv.install(workspace, &format!("{SPARK}/requirements.txt"))?;
    let mut metering = venv.python();
    metering.current_dir(workspace.root().join(SPARK)).arg("metering.py");
    metering.args(["--rows", SPARK_ROWS, "--workers", "2", "--kill-worker", "--folder"]);
    metering.arg(workspace.target()?.join(FOLDER).join("spark"));
    tools::run(&mut metering).map(|()| Outcome::Passed)
}

/// The tests of the portal, without a database said.
fn django(workspace: &Workspace) -> Result<Command> {
    let venv = Venv::ensure(workspace)?;
    venv.install(workspace, &format!("{DJANGO}/requirements.txt"))?;
    let cache = workspace.target()?.join(FOLDER).join("cache").join("django");
    let mut pytest = venv.module("pytest");
    pytest.args(["-ra", "-o"]).arg(format!("cache_dir={}", cache.display()));
    pytest.current_dir(workspace.root().join(DJANGO));
    Ok(pytest)
}
