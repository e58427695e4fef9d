//! What belongs to one machine or one network and so to no file of the project.

use super::Finding;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;

/// Folders that absolute paths of somebody's machine start with.
const HOMES: [&str; 5] = ["home", "Users", "root", "work", "tmp"];

/// Words that give the address of a package registry away.
const REGISTRY_WORDS: [&str; 7] = ["registry", "mirror", "crates.io", "pypi", "pythonhosted", "npmjs", "/simple"];

/// The name that Cargo.lock has for the default registry, wherever that is reached; cargo-deny
/// refuses every other source there.
const DEFAULT_SOURCE: &str = "source = \"registry+";

/// Checks every file that is text.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files {
        let bytes = fs::read(workspace.root().join(path))?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for (line, content) in (1..).zip(text.lines()) {
            if let Some(found) = machine_path(content) {
                let mend = "name it from the workspace's root, or take it as an argument";
                findings.push(Finding::new(path, line, format!("a path of one machine: `{found}`"), mend));
            }
            let is_default_source = path == "Cargo.lock" && content.starts_with(DEFAULT_SOURCE);
            if let Some(found) = registry_address(content).filter(|_| !is_default_source) {
                let mend = "leave it out: every tool knows its default registry";
                findings.push(Finding::new(path, line, format!("the address of a registry: `{found}`"), mend));
            }
        }
    }
    Ok(findings)
}

/// An absolute path under one of [`HOMES`] that goes on with a name.
fn machine_path(line: &str) -> Option<&str> {
    let may_precede = |before: char| !(before.is_ascii_alphanumeric() || matches!(before, '_' | '.' | '-' | '/' | '}'));
    line.match_indices('/').find_map(|(start, _)| {
        let (before, path) = (line.get(..start)?, line.get(start..)?);
        let (home, below) = path.get(1..)?.split_once('/')?;
        let is_path = HOMES.contains(&home)
            && before.chars().next_back().is_none_or(may_precede)
            && below.starts_with(|first: char| first.is_ascii_alphanumeric());
        is_path.then(|| word(path))
    })
}

/// An address with a scheme that one of [`REGISTRY_WORDS`] gives away.
fn registry_address(line: &str) -> Option<&str> {
    line.match_indices("://").find_map(|(colon, _)| {
        let before = line.get(..colon)?;
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '+').map_or(0, |place| place + 1);
        let address = word(line.get(start..)?);
        REGISTRY_WORDS.iter().any(|found| address.contains(found)).then_some(address)
    })
}

/// The text up to what can not be part of an address.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')' | '>' | ',' | ';'));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The samples are put together here: written out, they would be findings themselves.

    #[test]
    fn paths_of_a_machine_are_found() {
        for home in HOMES {
            let path = format!("/{home}/someone/project");
            assert_eq!(machine_path(&format!("cd \"{path}\" # there")), Some(path.as_str()));
            assert_eq!(machine_path(&path), Some(path.as_str()));
        }
        for fine in
            ["GET /api/home/x", "a/tmp/b", "../shared/home/x", "$HOME/tmp/x", "/homes/x", "/tmp/", "/usr/bin/env"]
        {
            assert_eq!(machine_path(fine), None, "{fine}");
        }
    }

    #[test]
    fn addresses_of_registries_are_found() {
        for word in REGISTRY_WORDS {
            let address = format!("https://host.example/{word}/x");
            assert_eq!(registry_address(&format!("  \"resolved\": \"{address}\",")), Some(address.as_str()));
        }
        for fine in ["the registry", "https://keepachangelog.com/en/1.1.0/", "registry+something"] {
            assert_eq!(registry_address(fine), None, "{fine}");
        }
    }
}
