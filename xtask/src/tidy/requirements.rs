//! What Python's parts need: exact versions, one everywhere, and a reason for what is asked for.

use super::Finding;
use crate::workspace::Workspace;
use anyhow::Result;
use std::collections::BTreeMap;

const DECISION: &str = "docs/decisions/0002-dependencies.md";
/// The line above what nobody asked for by name: it needs a version, and no reason.
const BROUGHT: &str = "# What these bring.";

/// Checks every `requirements*.txt`.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let decision = workspace.read(DECISION)?;
    let mut findings = Vec::new();
    let mut known = BTreeMap::new();
    for path in files.iter().filter(|path| is_requirements(path)) {
        scan(path, &workspace.read(path)?, &decision, &mut known, &mut findings);
    }
    Ok(findings)
}

fn is_requirements(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.starts_with("requirements") && name.ends_with(".txt")
}

/// Checks one file; `known` are the versions of the files before it.
fn scan(path: &str, text: &str, decision: &str, known: &mut BTreeMap<String, String>, findings: &mut Vec<Finding>) {
    let mut asked_for = true;
    for (line, content) in (1..).zip(text.lines()) {
        let mut find = |what: String, mend: &str| findings.push(Finding::new(path, line, what, mend));
        asked_for &= content != BROUGHT;
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let Some((name, version)) = content.split_once("==").filter(|(_, version)| is_exact(version)) else {
            find(format!("`{content}` is no exact version"), "write `name==version`, one a line");
            continue;
        };
        if asked_for && !decision.contains(&format!("`{name}`")) {
            find(format!("no decision says why `{name}` is needed"), "add it to docs/decisions/0002-dependencies.md");
        }
        let first = known.entry(name.to_lowercase()).or_insert_with(|| version.to_owned());
        if first != version {
            find(
                format!("`{name}` is {first} in another file"),
                "ask for one version everywhere: they share an environment",
            );
        }
    }
}

/// Whether a version is one, not a range of them.
fn is_exact(version: &str) -> bool {
    !version.is_empty() && version.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str]) -> Vec<(usize, String)> {
        let (mut known, mut findings) = (BTreeMap::new(), Vec::new());
        for text in files {
            scan("requirements.txt", text, "| `pytest` | tests |", &mut known, &mut findings);
        }
        findings.into_iter().map(|finding| (finding.line, finding.what)).collect()
    }

    #[test]
    fn files_of_requirements_are_told_by_their_names() {
        assert!(is_requirements("bindings-python/requirements-test.txt") && is_requirements("requirements.txt"));
        assert!(!is_requirements("docs/requirements.md") && !is_requirements("requirements.txt/x.py"));
    }

    #[test]
    fn versions_are_exact() {
        for loose in ["pytest", "pytest>=9", "pytest==9.*", "pytest==", "pytest==9 ; python_version < '4'", "-r a.txt"]
        {
            assert_eq!(found(&[loose]), [(1, format!("`{loose}` is no exact version"))]);
        }
        assert_eq!(found(&["# Why.\n\npytest==9.2.0\n"]), []);
    }

    #[test]
    fn what_is_asked_for_has_a_reason_and_what_that_brings_has_none() {
        assert_eq!(found(&["six==1.17.0"]), [(1, "no decision says why `six` is needed".to_owned())]);
        assert_eq!(found(&["pytest==9.2.0\n# What these bring.\nsix==1.17.0\n"]), []);
    }

    #[test]
    fn one_version_serves_all() {
        assert_eq!(found(&["pytest==9.2.0", "pytest==9.2.0"]), []);
        assert_eq!(found(&["pytest==9.2.0", "pytest==9.3.0"]), [(1, "`pytest` is 9.2.0 in another file".to_owned())]);
    }
}
