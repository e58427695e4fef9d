//! The calls of `tests/vectors`, as they are written there.

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::value::RawValue;

const FOLDER: &str = "tests/vectors/data/";

/// A call of an operation.
#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) op: String,
    pub(crate) input: Box<RawValue>,
}

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

/// All of them, in the order of their files.
///
/// # Errors
/// Where a file can not be read, or is no file of vectors.
pub(crate) fn vectors(workspace: &Workspace) -> Result<Vec<Vector>> {
    let mut vectors = Vec::new();
    for path in workspace.files()? {
        if path.starts_with(FOLDER) && path.ends_with(".json") {
            let file: File = serde_json::from_str(&workspace.read(&path)?).with_context(|| format!("in {path}"))?;
            vectors.extend(file.vectors);
        }
    }
    Ok(vectors)
}
