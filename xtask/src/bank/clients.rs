//! The processes of the program `counterfoil-bank`.

use super::{GLANCE, Run};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a client may take to see its last call answered.
const TOO_LONG: Duration = Duration::from_secs(180);

/// The program, and what all its commands are told.
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) url: String,
    pub(super) folder: PathBuf,
    pub(super) run: Run,
}

/// The clients of a run.
pub(super) struct Clients<'p> {
    program: &'p Program,
    began: Instant,
    processes: Vec<Child>,
}

impl Program {
    pub(super) const NAME: &'static str = "counterfoil-bank";

    /// Puts the wallets in.
    pub(super) fn open(&self) -> Result<()> {
        tools::output(&mut self.command("open")).map(|_| ())
    }

    /// Counts, and says so.
    pub(super) fn judge(&self) -> Result<()> {
        let mut judge = self.command("judge");
        judge.arg(format!("--seconds={}", self.run.seconds));
        let status = judge.stdin(Stdio::null()).status().context("the judge can not be run")?;
        if !status.success() {
            bail!("the judge ended with {status}");
        }
        Ok(())
    }

    fn work(&self, client: usize, seconds: Duration) -> Result<Child> {
        let mut work = self.command("work");
        work.arg(format!("--client={client}")).arg(format!("--seconds={}", seconds.as_secs_f64()));
        work.stdin(Stdio::null()).spawn().with_context(|| format!("client {client} can not be started"))
    }

    fn command(&self, name: &str) -> Command {
        let Run { seed, clients, writers_of_each, wallets, .. } = self.run;
        let mut command = Command::new(&self.path);
        command.arg(name).arg(format!("--url={}", self.url)).arg("--folder").arg(&self.folder);
        command.args([
            format!("--seed={seed}"),
            format!("--clients={clients}"),
            format!("--writers={writers_of_each}"),
            format!("--wallets={wallets}"),
        ]);
        command
    }
}

impl<'p> Clients<'p> {
    pub(super) fn start(program: &'p Program) -> Result<Self> {
        let mut clients = Self { program, began: Instant::now(), processes: Vec::new() };
        for client in 0..usize::try_from(program.run.clients)? {
            clients.processes.push(program.work(client, clients.left())?);
        }
        Ok(clients)
    }

    pub(super) fn worked_for(&self) -> Duration {
        self.began.elapsed()
    }

    /// # Errors
    /// Where a client has failed.
    pub(super) fn look_after(&mut self) -> Result<()> {
        for (client, process) in self.processes.iter_mut().enumerate() {
            if let Some(status) = process.try_wait()?
                && !status.success()
            {
                bail!("client {client} ended with {status}");
            }
        }
        Ok(())
    }

    /// Kills a client where it stands, and lets it go on in another life.
    pub(super) fn kill_and_start_again(&mut self, client: usize) -> Result<()> {
        self.look_after()?;
        let (program, left) = (self.program, self.left());
        let process = self.processes.get_mut(client).with_context(|| format!("there is no client {client}"))?;
        process.kill()?;
        process.wait()?;
        *process = program.work(client, left)?;
        Ok(())
    }

    /// Waits until every client has ended by itself.
    pub(super) fn wait(&mut self) -> Result<()> {
        let patience = self.left() + TOO_LONG;
        let began = Instant::now();
        while began.elapsed() < patience {
            self.look_after()?;
            let running = |process: &mut Child| matches!(process.try_wait(), Ok(None));
            if !self.processes.iter_mut().any(running) {
                return Ok(());
            }
            thread::sleep(GLANCE);
        }
        bail!("a client does not end")
    }

    fn left(&self) -> Duration {
        Duration::from_secs(self.program.run.seconds.into()).saturating_sub(self.began.elapsed())
    }
}

impl Drop for Clients<'_> {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // One that has ended already is not there to be killed.
            let _ = process.kill().and_then(|()| process.wait());
        }
    }
}
