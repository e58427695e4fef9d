//! Files that are written from something else, and the check that they were.

use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// A generated file.
pub(crate) struct Generated {
    /// Where it stands, from the root.
    pub(crate) path: String,
    /// The whole of it.
    pub(crate) text: String,
    /// The command that writes it.
    pub(crate) command: &'static str,
}

impl Generated {
    /// Writes it, unless it stands there already.
    ///
    /// # Errors
    /// Where it can not be written.
    pub(crate) fn write(&self, workspace: &Workspace) -> Result<()> {
        let Self { path, text, .. } = self;
        if workspace.read(path).is_ok_and(|stands| stands == *text) {
            println!("{path} is up to date");
            return Ok(());
        }
        workspace.write(path, text)?;
        println!("{path} written");
        Ok(())
    }

    /// Compares it with what stands there.
    ///
    /// # Errors
    /// Where they differ; the message shows the first line that does.
    pub(crate) fn check(&self, workspace: &Workspace) -> Result<()> {
        let Self { path, text, command } = self;
        let stands = workspace.read(path).unwrap_or_default();
        match first_difference(&stands, text) {
            None => {
                println!("{path} is up to date");
                Ok(())
            }
            Some((line, stands, fresh)) => bail!(
                "{path} is stale from line {line} on:\n- {}\n+ {}\nrun `{command}` and commit what it writes",
                stands.unwrap_or("(the file ends here)"),
                fresh.unwrap_or("(nothing more is written)"),
            ),
        }
    }
}

/// The number of the first line that differs, from 1, and both lines.
fn first_difference<'t>(left: &'t str, right: &'t str) -> Option<(usize, Option<&'t str>, Option<&'t str>)> {
    if left == right {
        return None;
    }
    let (mut lefts, mut rights) = (left.split('\n'), right.split('\n'));
    (1..).find_map(|line| {
        let (left, right) = (lefts.next(), rights.next());
        (left != right || left.is_none()).then_some((line, left, right))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named_by_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, Some("b"), Some("c"))));
        assert_eq!(first_difference("a", "a\nb"), Some((2, None, Some("b"))));
        assert_eq!(first_difference("", "a"), Some((1, Some(""), Some("a"))));
    }
}
