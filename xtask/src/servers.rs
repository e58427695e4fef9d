//! Database servers for the steps that test against them: fresh, on loopback, gone with the step.
//!
//! A further engine is a variant of [`Engine`] and an arm of each of its methods.

use crate::{tools, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{
    fs::{self, File},
    io::Read as _,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// The account of the system that runs a server where this program runs as root, which servers refuse to.
const UNPRIVILEGED: &str = "nobody";
/// Name, password and database of the tests.
const NAME: &str = "counterfoil";

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// For the family of MySQL.
    MariaDb,
}

impl Engine {
    /// Its name.
    fn name(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb",
        }
    }

    /// The environment variable that hands [`Server::url`] to a test.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::MariaDb => "COUNTERFOIL_MARIADB_URL",
        }
    }

    /// The package of the system that has it: of those there are, the ones that start no service of the machine.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::MariaDb => &["mariadb-server-core", "mariadb-client"],
        }
    }

    /// The program that serves; it is in the folder of administrators, which is not in everybody's search path.
    fn program(self) -> &'static str {
        match self {
            Self::MariaDb => "/usr/sbin/mariadbd",
        }
    }

    /// What prepares the data in a folder.
    fn prepare(self, folder: &Path) -> Vec<String> {
        match self {
            Self::MariaDb => vec![
                "mariadb-install-db".to_owned(),
                "--no-defaults".to_owned(),
                format!("--datadir={}", data(folder).display()),
                "--auth-root-authentication-method=normal".to_owned(),
                "--skip-test-db".to_owned(),
                "--skip-name-resolve".to_owned(),
            ],
        }
    }

    /// What the server runs before it answers; it lies in the file [`opening`].
    fn opening_statements(self) -> String {
        match self {
            // All rights: Django makes a database of its own for its tests.
            Self::MariaDb => format!(
                "CREATE DATABASE {NAME};\n\
                 CREATE USER '{NAME}'@'127.0.0.1' IDENTIFIED BY '{NAME}';\n\
                 GRANT ALL ON *.* TO '{NAME}'@'127.0.0.1';\n"
            ),
        }
    }

    /// What serves the data of a folder.
    fn serve(self, folder: &Path, port: u16) -> Vec<String> {
        match self {
            Self::MariaDb => vec![
                self.program().to_owned(),
                "--no-defaults".to_owned(),
                format!("--datadir={}", data(folder).display()),
                "--bind-address=127.0.0.1".to_owned(),
                format!("--port={port}"),
                // No socket: the path of one may have some hundred characters only.
                "--socket=".to_owned(),
                format!("--pid-file={}", data(folder).join("pid").display()),
                format!("--init-file={}", opening(folder).display()),
                "--skip-name-resolve".to_owned(),
                "--character-set-server=utf8mb4".to_owned(),
            ],
        }
    }

    /// Whether it answers on a port.
    fn answers(self, port: u16) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
        match self {
            // It speaks first, and not before its opening statements are done.
            Self::MariaDb => {
                let patient = stream.set_read_timeout(Some(Duration::from_secs(1)));
                patient.is_ok() && stream.read_exact(&mut [0]).is_ok()
            }
        }
    }

    /// The address with name, password and database.
    fn url(self, port: u16) -> String {
        match self {
            Self::MariaDb => format!("mysql://{NAME}:{NAME}@127.0.0.1:{port}/{NAME}"),
        }
    }
}

/// A server that runs: stopped, and its data removed, when it is dropped.
pub(crate) struct Server {
    process: Child,
    url: String,
    /// Last, so that it is removed after the server is gone.
    _folder: TempDir,
}

impl Server {
    /// Starts one with fresh data in the target folder, on a free port of loopback. Installs it where it is missing.
    ///
    /// # Errors
    /// Where it is missing and can not be installed ([`Missing`]), or does not come to answer.
    pub(crate) fn start(engine: Engine, workspace: &Workspace) -> Result<Self> {
        let present = || Path::new(engine.program()).is_file();
        tools::ensure_packages(engine.name(), engine.packages(), present).context(Missing)?;

        let account = Account::of_servers()?;
        let folder = account.folder(engine, &workspace.target()?)?;
        fs::write(opening(folder.path()), engine.opening_statements()).context("the opening statements")?;
        tools::output(&mut account.command(&engine.prepare(folder.path())))
            .with_context(|| format!("the data of {} can not be prepared", engine.name()))?;

        let port = free_port()?;
        let log = folder.path().join("log");
        let output = File::create(&log).with_context(|| format!("`{}` can not be written", log.display()))?;
        let process = account
            .command(&engine.serve(folder.path(), port))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} can not be started", engine.name()))?;
        let mut server = Self { process, url: engine.url(port), _folder: folder };
        server.wait(engine, port).with_context(|| tail(&fs::read_to_string(&log).unwrap_or_default()))?;
        println!("{} answers on port {port} of loopback", engine.name());
        Ok(server)
    }

    /// Where it is, as `mysql://name:password@127.0.0.1:port/database`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn wait(&mut self, engine: Engine, port: u16) -> Result<()> {
        let start = Instant::now();
        while !engine.answers(port) {
            if let Some(status) = self.process.try_wait()? {
                bail!("{} ended with {status} before it answered", engine.name());
            }
            if start.elapsed() > PATIENCE {
                bail!("{} does not answer after {} s", engine.name(), PATIENCE.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its data is removed next: nothing has to be put in order first.
        let stopped = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = stopped {
            eprintln!("a server was not stopped: {error}");
        }
    }
}

/// A server is not on this machine, and could not be installed.
#[derive(Debug)]
pub(crate) struct Missing;

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a server is missing")
    }
}

/// Who runs the servers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Account {
    /// Who runs this program.
    Own,
    /// [`UNPRIVILEGED`], with its group: this program is run by root.
    Unprivileged { group: String },
}

impl Account {
    fn of_servers() -> Result<Self> {
        let id = |arguments: &[&str]| {
            Ok::<_, anyhow::Error>(tools::output(Command::new("id").args(arguments))?.trim().to_owned())
        };
        match id(&["-u"])?.as_str() {
            "0" => Ok(Self::Unprivileged { group: id(&["-gn", UNPRIVILEGED])? }),
            _ => Ok(Self::Own),
        }
    }

    /// A command run by it, which ends when this program does, however that ends.
    fn command(&self, words: &[String]) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if let Self::Unprivileged { group } = self {
            command.args(["--reuid", UNPRIVILEGED, "--regid", group, "--clear-groups"]);
        }
        command.arg("--").args(words);
        command
    }

    /// A new folder that it may write to: in the target folder, or among the temporary files where it can not get there.
    fn folder(&self, engine: Engine, target: &Path) -> Result<TempDir> {
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

/// Where the data of a server lies.
fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The file of [`Engine::opening_statements`].
fn opening(folder: &Path) -> PathBuf {
    folder.join("opening.sql")
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

    #[test]
    fn nobody_answers_on_a_free_port() {
        assert!(!Engine::MariaDb.answers(free_port().unwrap()));
    }

    #[test]
    fn who_listens_and_says_nothing_does_not_answer_yet() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!Engine::MariaDb.answers(listener.local_addr().unwrap().port()));
    }

    #[test]
    fn the_url_has_all_that_a_client_needs() {
        assert_eq!(Engine::MariaDb.url(3306), "mysql://counterfoil:counterfoil@127.0.0.1:3306/counterfoil");
    }

    #[test]
    fn the_end_of_a_log_is_shown() {
        let log: String = (1..=30).map(|line| format!("line {line}\n")).collect();
        let tail = tail(&log);
        assert!(tail.starts_with("its log ends with:\nline 11\n") && tail.ends_with("line 30"), "{tail}");
    }
}
