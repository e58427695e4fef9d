//! The operations of the wire as a model, for the languages that have each of them as a function.
//!
//! [`read`] makes the [`model`] from the source of `core/src/wire`; each language writes its files from the model, with
//! examples from the [`cases`] of the vectors.

mod cases;
mod example;
mod layout;
mod model;
mod node;
mod python;
mod read;
#[cfg(test)]
mod tests;
mod unions;
mod words;
mod written;

pub(crate) use python::SETS_OF_WORDS;

use crate::{generated::Generated, workspace::Workspace};
use anyhow::Result;

/// The operations in Python, a file for each context.
///
/// # Errors
/// Where the source has what the model does not know.
pub(crate) fn python(workspace: &Workspace) -> Result<Vec<Generated>> {
    python::files(&read::surface(workspace)?, &cases::cases(workspace)?)
}

/// The operations in JavaScript, two files for each context, and what the native module exports.
///
/// # Errors
/// Where the source has what the model does not know.
pub(crate) fn node(workspace: &Workspace) -> Result<Vec<Generated>> {
    let mut files = node::files(&read::surface(workspace)?, &cases::cases(workspace)?)?;
    files.push(node::native(workspace)?);
    Ok(files)
}
