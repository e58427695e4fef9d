//! Which store a command means.

use anyhow::{Result, bail};
use counterfoil_store::SqlStore;
use sqlx::sqlite::SqliteConnectOptions;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Does something with a store that is there, and closes it however that ends: who closes a file last takes its log in.
pub(crate) async fn with<T>(store: &str, work: impl AsyncFnOnce(&SqlStore) -> Result<T>) -> Result<T> {
    let store = open(store).await?;
    let done = work(&store).await;
    store.close().await;
    done
}

/// Opens a store that is there: a file whose name is misspelt is not made, and found to be in order.
async fn open(store: &str) -> Result<SqlStore> {
    if is_sqlite(store) {
        if is_in_memory(store) {
            bail!("`{store}` is empty, and gone when it is closed: name a file");
        }
        if !is_there(&file(store)?) {
            bail!("there is no store `{store}`: correct its name, or make one with `store migrate`");
        }
    }
    Ok(SqlStore::open(store).await?)
}

fn is_sqlite(store: &str) -> bool {
    store.starts_with("sqlite:") || !store.contains("://")
}

fn is_in_memory(store: &str) -> bool {
    store.contains(":memory:") || store.contains("mode=memory")
}

fn file(store: &str) -> Result<PathBuf> {
    if store.starts_with("sqlite:") {
        return Ok(store.parse::<SqliteConnectOptions>()?.get_filename().to_owned());
    }
    Ok(store.into())
}

/// A file with nothing in it is no store yet.
pub(crate) fn is_there(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| file.is_file() && file.len() > 0)
}
