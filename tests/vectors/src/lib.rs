//! The vectors: worked cases of every rule, as data.
//!
//! A file of `data/` holds vectors of one context in the form of `schema.json`; a vector is one call of an
//! operation of `counterfoil::wire` and what it must answer. They run through `wire` (`tests/wire.rs`) and
//! through the typed interface (`tests/typed.rs`); other languages read the same files.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One case: a call, and what it must answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What tells it from all others.
    pub id: String,
    /// What it shows, in plain words.
    pub title: String,
    /// The rules and divergences that say so, with `, ` between them.
    pub rule: String,
    /// The operation.
    pub op: String,
    /// Its input.
    pub input: Value,
    /// What it must answer.
    pub expect: Expect,
}

/// What a call must answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Expect {
    /// Exactly this.
    Ok(Value),
    /// This error, whose messages may get better.
    Error(ExpectedError),
}

/// The part of an error that stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// Its code.
    pub code: String,
    /// Its facts by name.
    pub details: Map<String, Value>,
}

/// A file of vectors.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path below `data/`, as `money/rounding.json`.
    pub path: String,
    /// What is in it, as it was written.
    pub content: Value,
    /// Its vectors.
    pub vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(rename = "$schema")]
    _schema: String,
    vectors: Vec<Vector>,
}

/// All files, by path.
///
/// # Errors
/// Where one can not be read or is not of the form, with its path.
pub fn files() -> Result<Vec<File>> {
    let data = root().join("data");
    let mut paths = Vec::new();
    for context in children(&data)? {
        paths.extend(children(&context)?);
    }
    paths.iter().map(|path| file(&data, path)).collect()
}

/// All vectors, in the order of their files.
///
/// # Errors
/// As [`files`].
pub fn vectors() -> Result<Vec<Vector>> {
    Ok(files()?.into_iter().flat_map(|file| file.vectors).collect())
}

/// The schema of a file of vectors.
///
/// # Errors
/// Where it can not be read.
pub fn schema() -> Result<Value> {
    read(&root().join("schema.json"))
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    root().join("../..")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).with_context(|| format!("{} can not be listed", folder.display()))?;
    let mut paths = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn file(data: &Path, path: &Path) -> Result<File> {
    let content = read(path)?;
    let Content { vectors, .. } =
        serde_json::from_value(content.clone()).with_context(|| format!("{} is no file of vectors", path.display()))?;
    let path = path.strip_prefix(data)?.display().to_string();
    Ok(File { path, content, vectors })
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{} can not be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}
