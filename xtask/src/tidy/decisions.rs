//! Decisions: numbered without a gap, and every dependency named in one of them.

use super::{Finding, manifests::Manifest};
use crate::workspace::Workspace;
use anyhow::Result;

const FOLDER: &str = "docs/decisions/";
const MANIFEST: &str = "Cargo.toml";

/// Checks the numbers of the decisions and that each dependency has its reason.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let mut decisions = Vec::new();
    for path in files.iter().filter(|path| path.starts_with(FOLDER) && path.ends_with(".md")) {
        if !path.ends_with("/README.md") {
            decisions.push((path.as_str(), workspace.read(path)?));
        }
    }
    let mut findings = numbers(&decisions);

    let text = workspace.read(MANIFEST)?;
    for dependency in Manifest::parse(MANIFEST, &text)?.workspace_dependencies() {
        let name = format!("`{}`", dependency.name);
        if dependency.path.is_none() && !decisions.iter().any(|(_, text)| text.contains(&name)) {
            findings.push(Finding::new(
                MANIFEST,
                dependency.line,
                format!("no decision says why {name} is a dependency"),
                "add a line to docs/decisions/0002-dependencies.md: what it is for, and why this one",
            ));
        }
    }
    Ok(findings)
}

/// Checks that the files count up from 0001 and that each heading repeats its number.
fn numbers(decisions: &[(&str, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, (path, text)) in (1..).zip(decisions) {
        let expected = format!("{number:04}");
        let name = path.trim_start_matches(FOLDER);
        if name.split_once('-').is_none_or(|(found, _)| found != expected) {
            let what = format!("it should be number {expected}: decisions count up without a gap");
            findings.push(Finding::new(path, 1, what, format!("rename it to `{expected}-its-title.md`")));
        } else if !text.starts_with(&format!("# {expected} ")) {
            let what = "its heading does not repeat its number";
            findings.push(Finding::new(path, 1, what, format!("start it with `# {expected} Its title`")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(decisions: &[(&str, &str)]) -> Vec<String> {
        let decisions: Vec<_> = decisions.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        numbers(&decisions).into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn decisions_count_up_without_a_gap() {
        let first = ("docs/decisions/0001-a.md", "# 0001 A\n");
        assert_eq!(found(&[first, ("docs/decisions/0002-b.md", "# 0002 B\n")]), [""; 0]);
        assert_eq!(found(&[first, ("docs/decisions/0003-b.md", "# 0003 B\n")]), ["docs/decisions/0003-b.md"]);
        assert_eq!(found(&[first, ("docs/decisions/0001-b.md", "# 0001 B\n")]), ["docs/decisions/0001-b.md"]);
        assert_eq!(found(&[("docs/decisions/0001-a.md", "# A\n")]), ["docs/decisions/0001-a.md"]);
    }
}
