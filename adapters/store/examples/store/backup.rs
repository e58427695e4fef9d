//! Copies of a SQLite store. For servers their own tools do this: `pg_dump`, `mariadb-dump`.

use anyhow::{Context, Result, bail};
use counterfoil_store::{Reports, SqlStore};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Copies a store, while others use it, and proves the copy.
pub(crate) async fn back_up(store: &Path, to: &Path) -> Result<()> {
    if !store.is_file() {
        bail!("there is no store `{}`", store.display());
    }
    let open = SqlStore::open(text(store)?).await?;
    open.back_up(text(to)?).await?;
    prove(to).await?;
    println!("`{}` is a copy, and its books add up", to.display());
    Ok(())
}

/// Puts a copy where a store was.
pub(crate) async fn restore(from: &Path, store: &Path) -> Result<()> {
    if !from.is_file() {
        bail!("there is no copy `{}`", from.display());
    }
    prove(from).await?;
    let new = beside(store, "restoring");
    fs::copy(from, &new).with_context(|| format!("`{}` can not be written", new.display()))?;
    fs::File::open(&new)?.sync_all()?;
    if store.exists() {
        let kept = beside(store, "before-restore");
        if kept.exists() {
            bail!("`{}` is there already: move it away first", kept.display());
        }
        // What its log holds is part of it.
        SqlStore::open(text(store)?).await?.close().await;
        fs::rename(store, &kept)?;
        println!("what was there is `{}`", kept.display());
    }
    for log in ["-wal", "-shm"] {
        let log = PathBuf::from(format!("{}{log}", text(store)?));
        if log.exists() {
            bail!("`{}` is there: somebody uses the store; stop that first", log.display());
        }
    }
    fs::rename(&new, store)?;
    prove(store).await?;
    println!("`{}` is restored, and its books add up", store.display());
    Ok(())
}

async fn prove(path: &Path) -> Result<()> {
    let store = SqlStore::open(text(path)?).await?;
    let audit = store.verify().await?;
    store.close().await;
    match audit.findings.first() {
        None => Ok(()),
        Some(finding) => bail!("the books in `{}` do not add up: {finding}", path.display()),
    }
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{what}"));
    name.into()
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("`{}` is not UTF-8", path.display()))
}
