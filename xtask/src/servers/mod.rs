//! Database servers for the steps that test against them: fresh, on loopback, gone with the step. One may be stopped
//! and started again on its data in between.

mod account;
mod engine;

pub(crate) use engine::Engine;

use crate::{tools, workspace::Workspace};
use account::Account;
use anyhow::{Context, Result, bail};
use engine::opening;
use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one that ends at once is started again: after a kill its parts may still hold the data.
const PATIENCE_WITH_THE_DEAD: Duration = Duration::from_secs(20);

/// A way to stop a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It breaks off what is under way, and puts its data in order.
    Orderly,
    /// It is killed: what it had confirmed must be there all the same.
    Killed,
    /// All its parts are killed at once, with what they had not written down yet.
    AtOnce,
}

/// A server that runs: stopped, and its data removed, when it is dropped.
pub(crate) struct Server {
    engine: Engine,
    port: u16,
    account: Account,
    process: Child,
    /// Last, so that it is removed after the server is gone.
    folder: TempDir,
}

impl Server {
    /// Starts one with fresh data in the target folder, on a free port of loopback. Installs it where it is missing.
    ///
    /// # Errors
    /// Where it is missing and can not be installed ([`Missing`]), or does not come to answer.
    pub(crate) fn start(engine: Engine, workspace: &Workspace) -> Result<Self> {
        tools::ensure_packages(engine.name(), engine.packages(), || engine.server().is_file()).context(Missing)?;

        let account = Account::of_servers()?;
        let folder = account.folder(engine, &workspace.target()?)?;
        fs::write(opening(folder.path()), engine.opening()).context("what the server reads at first")?;
        tools::output(&mut account.command(&engine.prepare(folder.path())))
            .with_context(|| format!("the data of {} can not be prepared", engine.name()))?;

        let port = free_port()?;
        let process = serve(engine, &account, folder.path(), port)?;
        let mut server = Self { engine, port, account, process, folder };
        server.wait(Duration::ZERO)?;
        println!("{} answers on port {port} of loopback", engine.name());
        Ok(server)
    }

    /// Where it is, as `mysql://name:password@127.0.0.1:port/database`.
    pub(crate) fn url(&self) -> String {
        self.engine.url(self.port)
    }

    /// Stops it, and comes back when it is gone.
    ///
    /// # Errors
    /// Where it can not be signalled.
    pub(crate) fn stop(&mut self, how: Stop) -> Result<()> {
        let (signal, process) = (self.engine.signal(how), self.process.id().to_string());
        tools::output(Command::new("kill").args(["-s", signal, &process]))?;
        self.process.wait().with_context(|| format!("{} does not end", self.engine.name()))?;
        Ok(())
    }

    /// Starts it again where it was, with the data that it had.
    ///
    /// # Errors
    /// Where it does not come to answer.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        self.process = serve(self.engine, &self.account, self.folder.path(), self.port)?;
        // What one that was killed has left behind keeps the next from beginning, and goes away by itself.
        self.wait(PATIENCE_WITH_THE_DEAD)
    }

    /// Keeps its data and its log when it is dropped, and says where they are.
    pub(crate) fn keep(&mut self) -> &Path {
        self.folder.disable_cleanup(true);
        self.folder.path()
    }

    /// Waits until it answers; one that ends before that is started again for a while.
    fn wait(&mut self, again: Duration) -> Result<()> {
        let (name, start) = (self.engine.name(), Instant::now());
        let log = log(self.folder.path());
        let said = || tail(&fs::read_to_string(&log).unwrap_or_default());
        while !self.engine.answers(self.port) {
            if let Some(status) = self.process.try_wait()? {
                if start.elapsed() > again {
                    bail!("{name} ended with {status} before it answered; {}", said());
                }
                self.process = serve(self.engine, &self.account, self.folder.path(), self.port)?;
            }
            if start.elapsed() > PATIENCE {
                bail!("{name} does not answer after {} s; {}", PATIENCE.as_secs(), said());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let is_running = matches!(self.process.try_wait(), Ok(None));
        if is_running && let Err(error) = self.stop(Stop::AtOnce) {
            eprintln!("a server was not stopped: {error:#}");
        }
    }
}

/// Begins to serve the data of a folder.
fn serve(engine: Engine, account: &Account, folder: &Path, port: u16) -> Result<Child> {
    let log = log(folder);
    let output = File::options().create(true).append(true).open(&log);
    let output = output.with_context(|| format!("`{}` can not be written", log.display()))?;
    let mut command = account.command(&engine.serve(folder, port));
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    command.spawn().with_context(|| format!("{} can not be started", engine.name()))
}

/// A server is not on this machine, and could not be installed.
#[derive(Debug)]
pub(crate) struct Missing;

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a server is missing")
    }
}

/// What a server says.
fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// A port of loopback that nobody listens on.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("loopback has no free port")?;
    Ok(listener.local_addr()?.port())
}

/// The end of a server's log.
fn tail(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    let start = lines.len().saturating_sub(20);
    format!("its log ends with:\n{}", lines.get(start..).unwrap_or_default().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_shown() {
        let log: String = (1..=30).map(|line| format!("line {line}\n")).collect();
        let tail = tail(&log);
        assert!(tail.starts_with("its log ends with:\nline 11\n") && tail.ends_with("line 30"), "{tail}");
    }
}
