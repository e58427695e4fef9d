//! The bank test of the store (`examples/bank`): clients that are killed, a server that is stopped and killed, and at
//! the end a judge.
//!
//! ```text
//! seed ─→ schedule: which client is killed when, and when the server goes
//! run  ─→ server, clients ─→ the schedule ─→ all clients end by themselves ─→ judge
//! ```

mod clients;
mod schedule;

use crate::{
    servers::{Engine, Missing, Server, Stop},
    steps::{self, Outcome},
    tools::under_ci,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use clients::{Clients, Program};
use schedule::{Event, schedule};
use std::{
    env, fs, thread,
    time::{Duration, SystemTime},
};

/// How long the run of a step is, and its seed.
const STEP: (u32, u64) = (10, 20_261_123);
/// How often one looks whether the clients are well.
const GLANCE: Duration = Duration::from_millis(20);

/// What is run.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// What keeps the books
    #[arg(long, required_unless_present = "all")]
    engine: Option<Books>,
    /// One engine after the other
    #[arg(long, conflicts_with = "engine")]
    all: bool,
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// What decides all that is asked, and who is killed when [default: the clock's]
    #[arg(long)]
    seed: Option<u64>,
    /// How many writers there are, of all clients together
    #[arg(long, default_value_t = 16)]
    writers: u32,
    /// How many wallets there are; a fifth of them gets four of five operations
    #[arg(long, default_value_t = 50)]
    wallets: u32,
    /// How many processes the writers are spread over
    #[arg(long, default_value_t = 4)]
    clients: u32,
}

/// What keeps the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Books {
    Sqlite,
    Postgres,
    Mariadb,
}

/// One run.
#[derive(Debug, Clone, Copy)]
struct Run {
    books: Books,
    seconds: u32,
    seed: u64,
    writers_of_each: u32,
    wallets: u32,
    clients: u32,
}

/// Runs the test on one engine or on all.
///
/// # Errors
/// Where the books are wrong, a client got an answer that nobody should get, or a server is missing.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let (seed, clients) = (options.seed.unwrap_or(clock), options.clients.max(1));
    let chosen = options.engine.map_or(Books::value_variants().to_vec(), |books| vec![books]);
    for books in chosen {
        let writers_of_each = options.writers.div_ceil(clients);
        let run = Run { books, seconds: options.seconds, seed, writers_of_each, wallets: options.wallets, clients };
        run.perform(workspace)?;
    }
    Ok(())
}

/// # Errors
/// As [`run`].
pub(crate) fn on_sqlite(workspace: &Workspace) -> Result<Outcome> {
    step(workspace, Books::Sqlite)
}

/// # Errors
/// As [`run`]; a missing server only under `CI=true`.
pub(crate) fn on_postgres(workspace: &Workspace) -> Result<Outcome> {
    step(workspace, Books::Postgres)
}

/// # Errors
/// As [`run`]; a missing server only under `CI=true`.
pub(crate) fn on_mariadb(workspace: &Workspace) -> Result<Outcome> {
    step(workspace, Books::Mariadb)
}

/// A short run.
fn step(workspace: &Workspace, books: Books) -> Result<Outcome> {
    let (seconds, seed) = STEP;
    let run = Run { books, seconds, seed, writers_of_each: 4, wallets: 50, clients: 4 };
    match run.perform(workspace) {
        Err(error) if error.is::<Missing>() && !under_ci() => Ok(Outcome::Skipped(format!("{error:#}"))),
        done => done.map(|()| Outcome::Passed),
    }
}

impl Books {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }

    /// The server, where there is one.
    fn engine(self) -> Option<Engine> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Engine::Postgres),
            Self::Mariadb => Some(Engine::MariaDb),
        }
    }
}

impl Run {
    fn perform(self, workspace: &Workspace) -> Result<()> {
        println!("bank: {} for {} s, seed {}", self.books.name(), self.seconds, self.seed);
        steps::cargo(workspace, &["build", "--workspace", "--bin", Program::NAME, "--locked"], &[])?;
        let folder = workspace.target()?.join("bank").join(format!("{}-{}", self.books.name(), self.seed));
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("`{}` can not be removed", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("no folder `{}`", folder.display()))?;
        let mut server = self.books.engine().map(|engine| Server::start(engine, workspace)).transpose()?;
        let url = server.as_ref().map_or_else(|| folder.join("bank.sqlite").display().to_string(), Server::url);
        let path = env::current_exe()?.with_file_name(Program::NAME);
        let program = Program { path, url, folder: folder.clone(), run: self };

        let done = self.play(&program, server.as_mut()).and_then(|()| program.judge());
        match done {
            Ok(()) => fs::remove_dir_all(&folder).with_context(|| format!("`{}` stays", folder.display())),
            Err(error) => {
                println!("kept: the diaries in `{}`", folder.display());
                if let Some(server) = &mut server {
                    println!("kept: the data and the log of the server in `{}`", server.keep().display());
                }
                let Self { seconds, seed, writers_of_each, wallets, clients, books } = self;
                let writers = writers_of_each * clients;
                let again = format!(
                    "cargo xtask bank --engine {} --seconds {seconds} --seed {seed} --writers {writers} \
                     --wallets {wallets} --clients {clients}",
                    books.name()
                );
                Err(error.context(format!("the bank test failed; the same again: `{again}`")))
            }
        }
    }

    /// Lets the clients work, and disturbs them by the schedule.
    fn play(self, program: &Program, mut server: Option<&mut Server>) -> Result<()> {
        program.open()?;
        let seconds = Duration::from_secs(self.seconds.into());
        let events = schedule(self.seed, seconds, self.clients, server.is_some());
        let mut clients = Clients::start(program)?;
        let (mut kills, mut stops, mut server_kills) = (0_u32, 0_u32, 0_u32);
        for (at, event) in events {
            while clients.worked_for() < at {
                clients.look_after()?;
                thread::sleep(GLANCE);
            }
            match (event, server.as_deref_mut()) {
                (Event::KillClient(client), _) => {
                    clients.kill_and_start_again(client)?;
                    kills += 1;
                }
                (Event::StopServer { how, down }, Some(server)) => {
                    server.stop(how)?;
                    thread::sleep(down);
                    server.start_again()?;
                    match how {
                        Stop::Orderly => stops += 1,
                        Stop::Killed | Stop::AtOnce => server_kills += 1,
                    }
                }
                (Event::StopServer { .. }, None) => bail!("there is no server to stop"),
            }
        }
        clients.wait()?;
        println!(
            "disturbed: {kills} clients killed, the server stopped {stops} times and killed {server_kills} times, in {:.1} s",
            clients.worked_for().as_secs_f64()
        );
        Ok(())
    }
}
