//! The shared worked cases, for the tests that are held to them.
//!
//! They lie beside the project and are no part of it: where they are not there, a test says that it skips.

#![allow(dead_code, reason = "each test takes what it needs of it")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "it reads files, and a fault must stop the test"
)]

use serde_json::Value;
use std::path::Path;

/// The portal's price list as rates: kind, part, unit, time-unit, and the name of its one number.
pub(crate) const PORTAL_PRICES: [(&str, &str, &str, &str, &str); 13] = [
    ("server", "base", "count", "hour", "vm_base"),
    ("server", "cpu", "core", "hour", "vm_cpu"),
    ("server", "ram", "GiB", "hour", "vm_ram"),
    ("server", "disk", "GiB", "hour", "vm_disk"),
    ("server", "public_ip", "count", "hour", "vm_pub_ip"),
    ("disk", "size", "GiB", "day", "disk_size"),
    ("snapshot", "size", "GiB", "hour", "vm_disk_snap"),
    ("bucket", "size", "GiB", "day", "obj_size"),
    ("site", "base", "count", "day", "mntr_site_base"),
    ("site", "tamper", "count", "day", "mntr_site_tamper"),
    ("site", "security", "count", "day", "mntr_site_security"),
    ("scan", "web", "count", "once", "scan_web"),
    ("scan", "host", "count", "once", "scan_host"),
];

/// A file of worked cases; none where the folder is not there.
pub(crate) fn file(name: &str) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    if !folder.exists() {
        println!("skipped: no folder `../shared/vectors` beside the project, so no `{name}`");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(name)).expect(name);
    Some(serde_json::from_str(&text).expect(name))
}

/// The cases of a file, which stand in its member `cases` and are so many.
pub(crate) fn cases(name: &str, cases: &str, count: usize) -> Option<Vec<Value>> {
    let cases = file(name)?[cases].as_array().expect(name).clone();
    assert_eq!(cases.len(), count, "cases of `{name}`");
    Some(cases)
}

/// The examples of a file whose `key` is one of `names`, and which are so many.
pub(crate) fn examples(name: &str, key: &str, names: &[&str], count: usize) -> Option<Vec<Value>> {
    let named = |case: &&Value| case[key].as_str().is_some_and(|name| names.contains(&name));
    let examples: Vec<Value> = file(name)?["examples"].as_array().expect(name).iter().filter(named).cloned().collect();
    assert_eq!(examples.len(), count, "{names:?} of `{name}`");
    Some(examples)
}

/// What other libraries of addresses do: the cases of one operation, which are so many.
pub(crate) fn ip_peers(operation: &str, count: usize) -> Option<Vec<Value>> {
    let mut of_it = cases("ip_peers.json", "vectors", 109)?;
    of_it.retain(|case| case["op"] == operation);
    assert_eq!(of_it.len(), count, "cases of {operation}");
    Some(of_it)
}
