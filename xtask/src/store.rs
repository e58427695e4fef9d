//! The tests and benches of the store on database servers; on SQLite they are among the others.

use crate::{
    servers::{Engine, Missing, Server},
    steps::{Outcome, cargo},
    tools::{self, under_ci},
    workspace::Workspace,
};
use anyhow::Result;

/// The environment variable that names the server to the tests.
const DATABASE: &str = "COUNTERFOIL_STORE_TEST_URL";
/// Which tests are run there: a profile of `.config/nextest.toml`.
const PROFILE: &str = "server";

/// # Errors
/// Where a test fails, or the server does not come up; under `CI=true` also where there is none and it can not be
/// installed.
pub(crate) fn on_postgres(workspace: &Workspace) -> Result<Outcome> {
    on(Engine::Postgres, workspace)
}

/// # Errors
/// As [`on_postgres`].
pub(crate) fn on_mariadb(workspace: &Workspace) -> Result<Outcome> {
    on(Engine::MariaDb, workspace)
}

/// The servers that the benches of the store run on, each with the environment variable that names it to them. One that
/// is missing and can not be installed is told, and left out.
///
/// # Errors
/// Where one does not come up.
pub(crate) fn for_benches(workspace: &Workspace) -> Result<Vec<(&'static str, Server)>> {
    let mut servers = Vec::new();
    for (variable, engine) in
        [("COUNTERFOIL_POSTGRES_URL", Engine::Postgres), ("COUNTERFOIL_MARIADB_URL", Engine::MariaDb)]
    {
        match Server::start(engine, workspace) {
            Err(error) if error.is::<Missing>() => println!("not measured: {error:#}"),
            started => servers.push((variable, started?)),
        }
    }
    Ok(servers)
}

fn on(engine: Engine, workspace: &Workspace) -> Result<Outcome> {
    match tools::ensure_nextest(workspace) {
        Err(error) if !under_ci() => return Ok(Outcome::Skipped(format!("{error:#}"))),
        installed => installed?,
    }
    let server = match Server::start(engine, workspace) {
        Err(error) if error.is::<Missing>() && !under_ci() => return Ok(Outcome::Skipped(format!("{error:#}"))),
        started => started?,
    };
    // The whole workspace: with other features it would be built anew.
    let run = ["nextest", "run", "--workspace", "--locked", "--profile", PROFILE];
    cargo(workspace, &run, &[(DATABASE, &server.url())]).map(|()| Outcome::Passed)
}
