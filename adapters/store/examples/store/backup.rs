//! Copies of a SQLite store. For servers their own tools do this: `pg_dump`, `mariadb-dump`.

use crate::open;
use anyhow::{Context, Result, bail};
use counterfoil_store::{Reports, SqlStore};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Copies a store, while others use it, and proves the copy.
pub(crate) async fn back_up(store: &Path, to: &Path) -> Result<()> {
    if !open::is_there(store) {
        bail!("there is no store `{}`", store.display());
    }
    let open = SqlStore::open(text(store)?).await?;
    let copied = open.back_up(text(to)?).await;
    open.close().await;
    copied?;
    prove(to).await?;
    println!("`{}` is a copy, and its books add up", to.display());
    Ok(())
}

/// Puts a copy where a store was, or changes nothing.
pub(crate) async fn restore(from: &Path, store: &Path) -> Result<()> {
    let (new, kept) = (beside(store, ".restoring"), beside(store, ".before-restore"));
    if kept.exists() {
        bail!("`{}` is there already: move it away first", kept.display());
    }
    if !open::is_there(from) {
        bail!("there is no copy `{}`", from.display());
    }
    unused(from)?;
    // A log that a restore left when it was killed would be taken for that of the new file.
    discard(&new);
    let restored = put_back(from, &new, store, &kept).await;
    if restored.is_err() {
        discard(&new);
    }
    restored?;
    if kept.exists() {
        println!("what was there is `{}`", kept.display());
    }
    println!("`{}` is restored, and its books add up", store.display());
    Ok(())
}

async fn put_back(from: &Path, new: &Path, store: &Path, kept: &Path) -> Result<()> {
    fs::copy(from, new).with_context(|| format!("`{}` can not be written", new.display()))?;
    prove(new).await.with_context(|| format!("`{}`", from.display()))?;
    fs::File::open(new)?.sync_all()?;
    if store.exists() {
        // What its log holds is part of it: the last who closes it takes the log in, and removes it.
        let open = SqlStore::open(text(store)?).await;
        let open = open.with_context(|| format!("`{}` can not be opened: move it away first", store.display()))?;
        open.close().await;
    }
    exchange(new, store, kept)?;
    sync_folder(store)
}

/// Renames the store, and the new file to it.
fn exchange(new: &Path, store: &Path, kept: &Path) -> Result<()> {
    unused(store)?;
    if !store.exists() {
        return Ok(fs::rename(new, store)?);
    }
    fs::rename(store, kept)?;
    // Who opened it just before goes on with a log of this name.
    let exchanged = unused(store).and_then(|()| Ok(fs::rename(new, store)?));
    if exchanged.is_err() {
        fs::rename(kept, store).with_context(|| format!("what was there is `{}`", kept.display()))?;
    }
    exchanged
}

/// Nobody has it open: a log beside it is a part of it.
fn unused(path: &Path) -> Result<()> {
    for log in ["-wal", "-shm"].map(|end| beside(path, end)) {
        if log.exists() {
            let (log, path) = (log.display(), path.display());
            bail!("`{log}` is there: somebody uses `{path}`, or was killed: stop it, then `store verify`");
        }
    }
    Ok(())
}

/// Removes a file that was begun; what is not there need not be removed.
fn discard(new: &Path) {
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(beside(new, end)).unwrap_or_default();
    }
}

/// Names have reached the disk when their folder has.
fn sync_folder(path: &Path) -> Result<()> {
    // Elsewhere a folder can not be opened.
    if cfg!(unix) {
        fs::File::open(path.canonicalize()?.parent().context("a file is in a folder")?)?.sync_all()?;
    }
    Ok(())
}

async fn prove(path: &Path) -> Result<()> {
    let store = SqlStore::open(text(path)?).await?;
    let audit = store.verify().await;
    store.close().await;
    match audit?.findings.first() {
        None => Ok(()),
        Some(finding) => bail!("the books in `{}` do not add up: {finding}", path.display()),
    }
}

/// A file of the same name that ends so.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("`{}` is not UTF-8", path.display()))
}
