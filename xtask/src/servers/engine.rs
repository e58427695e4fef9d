//! The kinds of servers: what prepares their data, what serves it, and how one knows that they answer.
//!
//! A further engine is a variant of [`Engine`] and an arm of each of its methods.

use super::Stop;
use crate::tools;
use std::{
    fs,
    io::Read as _,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// Name, password and database of the tests.
const NAME: &str = "counterfoil";

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// For the family of MySQL.
    MariaDb,
    Postgres,
}

impl Engine {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb",
            Self::Postgres => "postgres",
        }
    }

    /// The package of the system that has it: of those there are, the ones that start no service of the machine.
    pub(super) fn packages(self) -> &'static [&'static str] {
        match self {
            Self::MariaDb => &["mariadb-server-core", "mariadb-client"],
            // There is none without a service; that one has a port of its own.
            Self::Postgres => &["postgresql"],
        }
    }

    /// A program of it; they are in folders that are not in everybody's search path.
    pub(super) fn program(self, name: &str) -> PathBuf {
        match self {
            Self::MariaDb => Path::new("/usr/sbin").join(name),
            Self::Postgres => latest_postgres().join("bin").join(name),
        }
    }

    /// The program that serves.
    pub(super) fn server(self) -> PathBuf {
        self.program(match self {
            Self::MariaDb => "mariadbd",
            Self::Postgres => "postgres",
        })
    }

    /// What prepares the data in a folder.
    pub(super) fn prepare(self, folder: &Path) -> Vec<String> {
        match self {
            Self::Postgres => vec![
                self.program("initdb").display().to_string(),
                format!("--pgdata={}", data(folder).display()),
                format!("--username={NAME}"),
                format!("--pwfile={}", opening(folder).display()),
                "--auth=scram-sha-256".to_owned(),
                "--encoding=UTF8".to_owned(),
                "--no-locale".to_owned(),
            ],
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

    /// What it reads to know its user: statements that each start runs before it answers, or the password that the data
    /// is prepared with. It lies in the file [`opening`].
    pub(super) fn opening(self) -> String {
        match self {
            Self::Postgres => format!("{NAME}\n"),
            // All rights: Django makes a database of its own for its tests.
            Self::MariaDb => format!(
                "CREATE DATABASE IF NOT EXISTS {NAME};\n\
                 CREATE USER IF NOT EXISTS '{NAME}'@'127.0.0.1' IDENTIFIED BY '{NAME}';\n\
                 GRANT ALL ON *.* TO '{NAME}'@'127.0.0.1';\n"
            ),
        }
    }

    /// What serves the data of a folder.
    pub(super) fn serve(self, folder: &Path, port: u16) -> Vec<String> {
        match self {
            Self::Postgres => vec![
                self.server().display().to_string(),
                "-D".to_owned(),
                data(folder).display().to_string(),
                "-p".to_owned(),
                port.to_string(),
                "-c".to_owned(),
                "listen_addresses=127.0.0.1".to_owned(),
                "-c".to_owned(),
                // No socket: the path of one may have some hundred characters only.
                "unix_socket_directories=".to_owned(),
            ],
            Self::MariaDb => vec![
                self.server().display().to_string(),
                "--no-defaults".to_owned(),
                format!("--datadir={}", data(folder).display()),
                "--bind-address=127.0.0.1".to_owned(),
                format!("--port={port}"),
                // No socket, as above.
                "--socket=".to_owned(),
                format!("--pid-file={}", data(folder).join("pid").display()),
                format!("--init-file={}", opening(folder).display()),
                "--skip-name-resolve".to_owned(),
                "--character-set-server=utf8mb4".to_owned(),
            ],
        }
    }

    /// Whether it answers on a port.
    pub(super) fn answers(self, port: u16) -> bool {
        let second = Duration::from_secs(1);
        match self {
            // It speaks first, and not before its opening statements are done.
            Self::MariaDb => {
                let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
                let Ok(mut stream) = TcpStream::connect_timeout(&address, second) else { return false };
                stream.set_read_timeout(Some(second)).is_ok() && stream.read_exact(&mut [0]).is_ok()
            }
            // It listens before it is ready, and says so to who asks.
            Self::Postgres => {
                let mut ready = Command::new(self.program("pg_isready"));
                tools::answers(ready.args(["--timeout=1", "--host=127.0.0.1", &format!("--port={port}")]))
            }
        }
    }

    /// The signal that stops it.
    pub(super) fn signal(self, stop: Stop) -> &'static str {
        match (self, stop) {
            (_, Stop::Killed) | (Self::MariaDb, Stop::AtOnce) => "KILL",
            (Self::MariaDb, Stop::Orderly) => "TERM",
            // Killed, it leaves its parts behind, which write on for a while.
            (Self::Postgres, Stop::AtOnce) => "QUIT",
            // By `TERM` it waits for every client to go.
            (Self::Postgres, Stop::Orderly) => "INT",
        }
    }

    /// The address with name, password and database.
    pub(super) fn url(self, port: u16) -> String {
        match self {
            Self::MariaDb => format!("mysql://{NAME}:{NAME}@127.0.0.1:{port}/{NAME}"),
            // The database that is always there.
            Self::Postgres => format!("postgres://{NAME}:{NAME}@127.0.0.1:{port}/postgres"),
        }
    }
}

/// The folder of the latest version of PostgreSQL; where there is none, of one that is not there.
fn latest_postgres() -> PathBuf {
    let all = Path::new("/usr/lib/postgresql");
    let folders = fs::read_dir(all).into_iter().flatten().flatten().map(|folder| folder.path());
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    folders.filter(|folder| version(folder).is_some()).max_by_key(version).unwrap_or_else(|| all.join("none"))
}

/// Where the data of a server lies.
pub(super) fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The file of [`Engine::opening`].
pub(super) fn opening(folder: &Path) -> PathBuf {
    folder.join("opening")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::servers::free_port;
    use std::net::TcpListener;

    #[test]
    fn nobody_answers_on_a_free_port() {
        for engine in [Engine::MariaDb, Engine::Postgres] {
            assert!(!engine.answers(free_port().unwrap()));
        }
    }

    #[test]
    fn who_listens_and_says_nothing_does_not_answer_yet() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!Engine::MariaDb.answers(listener.local_addr().unwrap().port()));
    }

    #[test]
    fn the_url_has_all_that_a_client_needs() {
        assert_eq!(Engine::MariaDb.url(3306), "mysql://counterfoil:counterfoil@127.0.0.1:3306/counterfoil");
        assert_eq!(Engine::Postgres.url(5432), "postgres://counterfoil:counterfoil@127.0.0.1:5432/postgres");
    }
}
