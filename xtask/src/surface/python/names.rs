//! What a type is called in Python, and where it stands.

use super::{SHARED, Way};
use crate::surface::{
    model::{Id, Kind, Surface, Variant},
    read::capital,
};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};

/// The words that are no names in Python.
pub(super) const WORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield", "None", "True", "False",
];

pub(super) fn home<'s>(met: &BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>, id: &'s Id, way: Way) -> &'s str {
    match met.get(&(id, way)).map(|contexts| contexts.iter().collect::<Vec<_>>()).as_deref() {
        Some([only]) => only,
        _ => SHARED,
    }
}

/// The name of each type. Those of records are the wire's, and must differ within a context.
pub(super) fn names<'s>(
    surface: &'s Surface,
    met: &BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>,
) -> Result<BTreeMap<(&'s Id, Way), String>> {
    let mut names = BTreeMap::new();
    let mut taken: BTreeMap<(&str, String), &Id> = BTreeMap::new();
    let mut faults = Vec::new();
    for (&(id, way), contexts) in met {
        let is_inline = match (way, surface.types.get(id).map(|of| &of.kind)) {
            (Way::Out, Some(Kind::OneOf(variants))) => variants.iter().all(Variant::is_text),
            (Way::Out, Some(Kind::AnyOf(_))) => true,
            _ => false,
        };
        if is_inline {
            continue;
        }
        let mut name = match way {
            Way::In => format!("{}Input", stem(&id.name)),
            Way::Out => surface.types.get(id).map_or_else(String::new, |of| of.name.clone()),
        };
        let clash = |name: &str| contexts.iter().any(|context| taken.contains_key(&(*context, name.to_owned())));
        if way == Way::In && clash(&name) {
            name = format!("{}{name}", camel(id.module.rsplit("::").next().unwrap_or_default()));
        }
        if ["Record", "OneOf"].contains(&name.as_str()) {
            faults.push(format!("`{name}` is a name of `counterfoil._record`: {}::{}", id.module, id.name));
        }
        for context in contexts {
            if let Some(other) = taken.insert((*context, name.clone()), id) {
                faults.push(format!(
                    "`{name}` of `{context}` is {}::{} and {}::{}",
                    other.module, other.name, id.module, id.name
                ));
            }
        }
        names.insert((id, way), name);
    }
    match faults.as_slice() {
        [] => Ok(names),
        faults => bail!("give one of each another name, by `#[serde(rename = …)]`:\n{}", faults.join("\n")),
    }
}

/// The name of a type without what says that it is read.
pub(super) fn stem(name: &str) -> &str {
    ["In", "Call", "Out"]
        .into_iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

/// A name that Python takes.
pub(super) fn safe(name: &str) -> String {
    if WORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

pub(super) fn camel(name: &str) -> String {
    name.split('_').map(capital).collect()
}
