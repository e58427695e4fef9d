//! A folder to run the program in, and eyes for what it wrote.

use sqlx::{ConnectOptions, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The days of the sample in Berlin; the clocks went forward on the second.
pub(crate) const DAYS: [&str; 3] = ["2024-03-30", "2024-03-31", "2024-04-01"];

/// A run that is over.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A row of a table, by column.
pub(crate) type Record = BTreeMap<String, String>;

/// A folder with an output folder in it, and an input folder where one is wanted.
pub(crate) struct Portal {
    folder: TempDir,
}

impl Portal {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One with the sample's files in its input folder.
    pub(crate) fn with_sample() -> Self {
        let portal = Self::new();
        let made = command().arg("sample").arg("--out").arg(portal.input()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        portal
    }

    pub(crate) fn input(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.out().join("portal.sqlite")
    }

    /// The program, about to be run here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command();
        command.args(arguments).arg("--out").arg(self.out());
        if self.input().exists() {
            command.arg("--input").arg(self.input());
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs the program, which must find nothing wrong.
    pub(crate) fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
        ran
    }

    /// A table that was written.
    pub(crate) fn table(&self, name: &str) -> Vec<Record> {
        records(&self.out().join(name))
    }

    /// An input file, changed line by line.
    pub(crate) fn edit(&self, file: &str, change: impl Fn(usize, &str) -> String) {
        let path = self.input().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<String> = text.lines().enumerate().map(|(index, line)| change(index + 1, line)).collect();
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }

    /// Keeps the rows of an input file that are wanted, and gives them.
    pub(crate) fn keep(&self, file: &str, mut wanted: impl FnMut(&Record) -> bool) -> Vec<Record> {
        let path = self.input().join(file);
        let rows = records(&path);
        let flags: Vec<bool> = rows.iter().map(&mut wanted).collect();
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let header = lines.next().unwrap_or_default().to_owned();
        let kept = lines.zip(&flags).filter(|(_, keep)| **keep).map(|(line, _)| format!("{line}\n"));
        let kept: String = kept.collect();
        fs::write(path, format!("{header}\n{kept}")).unwrap();
        rows.into_iter().zip(flags).filter(|(_, keep)| *keep).map(|(row, _)| row).collect()
    }

    /// The number of the first line of an input file that begins so, and the line.
    pub(crate) fn find(&self, file: &str, begin: &str) -> (usize, String) {
        let text = fs::read_to_string(self.input().join(file)).unwrap();
        let found = text.lines().enumerate().find(|(_, line)| line.starts_with(begin));
        found.map(|(index, line)| (index + 1, line.to_owned())).unwrap()
    }

    /// Everything that the store holds, table by table and row by row.
    pub(crate) fn dump(&self) -> String {
        block_on(async {
            let mut store = self.connect().await;
            let tables = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
                          and name <> '_sqlx_migrations' order by name";
            let mut dump = String::new();
            for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&mut store).await.unwrap() {
                let columns = format!("select name from pragma_table_info('{table}')");
                let columns: Vec<String> =
                    sqlx::query_scalar(sqlx::AssertSqlSafe(columns)).fetch_all(&mut store).await.unwrap();
                let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                let rows = format!("select {} as line from \"{table}\" order by line", quoted.join(" || ',' || "));
                for row in sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(&mut store).await.unwrap() {
                    dump += &format!("{table}: {}\n", row.get::<String, _>("line"));
                }
            }
            store.close().await.unwrap();
            dump
        })
    }

    /// Changes the store behind the program's back.
    pub(crate) fn tamper(&self, sql: &'static str) {
        block_on(async {
            let mut store = self.connect().await;
            sqlx::raw_sql(sql).execute(&mut store).await.unwrap();
            store.close().await.unwrap();
        });
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.store()).connect().await.unwrap()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The summary that `--json` printed.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal-day"));
    command.stdin(Stdio::null());
    command
}

/// The rows of a CSV file.
pub(crate) fn records(path: &Path) -> Vec<Record> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let record = |row: csv::StringRecord| {
        let cells = header.iter().zip(row.iter());
        cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|row| record(row.unwrap())).collect()
}

/// An amount in cents, read without the library that is under test.
pub(crate) fn cents(amount: &str) -> i128 {
    let (sign, digits) = amount.strip_prefix('-').map_or((1, amount), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(fraction.len() <= 2, "{amount}");
    sign * (whole.parse::<i128>().unwrap() * 100 + format!("{fraction:0<2}").parse::<i128>().unwrap())
}

/// The sum of a column in cents.
pub(crate) fn sum<'r>(records: impl IntoIterator<Item = &'r Record>, column: &str) -> i128 {
    records.into_iter().map(|record| cents(&record[column])).sum()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
