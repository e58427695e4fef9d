//! What only servers have: ways to them that are cut, deadlocks, a disk of their own. Each is a typed error or no error at all, nothing is
//! lost, and sending the same call again is safe.

mod abandoned;
mod deadlock;
mod full;
mod lost;
mod partitions;
mod proxy;
mod turns;

use super::support::*;
use std::io::{Write, stderr};

/// A database on the server that the tests are run on; none on SQLite.
///
/// nextest leaves these tests out there (`.config/nextest.toml`); `cargo test` can not, and each says so itself.
async fn database() -> Option<Database> {
    if Engine::of_the_tests() == Engine::Sqlite {
        skipped("server");
        return None;
    }
    Some(Database::new().await)
}

/// Says that a test is not run. Not by `println!`: what a test prints that passes is not shown.
fn skipped(missing: &str) {
    let thread = std::thread::current();
    let said = format!("skipped, there is no {missing}: {}\n", thread.name().unwrap_or("a test"));
    stderr().write_all(said.as_bytes()).unwrap();
}
