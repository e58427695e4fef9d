//! Imports run one way: which room of `core` may know which.

use super::{
    Finding,
    rust_source::{module_of, outline, tokens},
};
use crate::workspace::Workspace;
use anyhow::Result;

/// Where the rooms stand.
const SOURCE: &str = "core/src/";

/// Each room and the rooms it may import, from the base up (`docs/ARCHITECTURE.md`).
///
/// A room names only rooms above it in this list, so imports that keep to it can not form a cycle.
/// `wire` stands last and knows them all.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("exact", &["error"]),
    ("bulk", &["error", "exact"]),
    ("units", &["error", "exact"]),
    ("money", &["error", "exact", "units"]),
    ("time", &["error", "exact"]),
    ("metering", &["error", "exact", "bulk", "units", "time"]),
    ("pricing", &["error", "exact", "bulk", "units", "money", "time", "metering"]),
    ("wallet", &["error", "exact", "bulk", "money", "time"]),
    ("statement", &["error", "exact", "bulk", "units", "money", "time", "metering", "pricing", "wallet"]),
    ("order", &["error", "exact", "units", "money", "time", "metering", "pricing", "wallet"]),
    ("ipam", &["error", "exact", "units"]),
    ("placement", &["error", "exact", "units"]),
    (
        "wire",
        &[
            "error",
            "exact",
            "bulk",
            "units",
            "money",
            "time",
            "metering",
            "pricing",
            "wallet",
            "statement",
            "order",
            "ipam",
            "placement",
        ],
    ),
];

/// Checks every import of every room; code under `#[cfg(test)]` is free to look around.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut outlines = Vec::new();
    let mut test_modules = Vec::new();
    for path in files.iter().filter(|path| path.starts_with(SOURCE) && path.ends_with(".rs")) {
        let module = module_of(path.trim_start_matches(SOURCE));
        // What does not parse is a finding of `sources`.
        let Ok(tokens) = tokens(&workspace.read(path)?) else { continue };
        let outline = outline(&module, &tokens);
        test_modules.extend(outline.test_modules);
        outlines.push((path, module, outline.imports));
    }
    for (path, module, imports) in outlines {
        if test_modules.iter().any(|test| module.starts_with(test)) {
            continue;
        }
        let Some(room) = module.first() else { continue }; // `lib.rs` holds the rooms
        let Some(allowed) = allowed(room) else {
            findings.push(Finding::new(
                path,
                1,
                format!("room `{room}` is not in the table of rooms"),
                "say in xtask/src/tidy/imports.rs and docs/ARCHITECTURE.md what it may import, or move the file into a room",
            ));
            continue;
        };
        for import in imports {
            let fault = match import.room.as_deref() {
                Some(other) if other == room || allowed.contains(&other) => continue,
                Some(other) if self::allowed(other).is_some() => format!("`{room}` imports `{other}`"),
                Some(other) => format!("`crate::{other}` goes through the crate's root"),
                None => "the crate's root is imported whole".to_owned(),
            };
            findings.push(Finding::new(path, import.line, fault, mend(room, allowed)));
        }
    }
    Ok(findings)
}

/// What a room may import.
fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed)
}

fn mend(room: &str, allowed: &[&str]) -> String {
    match allowed {
        [] => format!("`{room}` imports no room: move what it needs down into it, or take it as an argument"),
        _ => format!(
            "`{room}` may import {}, each by its own path: move the code to a room that may, or take what it needs as an argument",
            allowed.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_names_only_rooms_that_stand_before_it() {
        for (place, (room, allowed)) in ROOMS.iter().enumerate() {
            for other in *allowed {
                let below = ROOMS[..place].iter().any(|(name, _)| name == other);
                assert!(below, "`{room}` imports `{other}`, which does not stand before it");
            }
        }
    }

    #[test]
    fn metering_knows_no_money() {
        let metering = allowed("metering").unwrap();
        assert!(!metering.contains(&"money") && !metering.contains(&"pricing"));
    }

    #[test]
    fn wire_knows_every_other_room() {
        let wire = allowed("wire").unwrap();
        assert_eq!(wire.len() + 1, ROOMS.len());
    }
}
