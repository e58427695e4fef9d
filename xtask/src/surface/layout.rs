//! Where each type is declared in another language, and by which name: in the module of the one context that meets it,
//! or in the one that several share.

use super::{
    model::{Id, Kind, Member, Operation, Surface},
    read::capital,
    unions::{self, Lacking},
};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};

/// The module of what several contexts meet.
pub(super) const SHARED: &str = "shared";

/// Whether a type is taken or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    In,
    Out,
}

/// The types of the surface, by the modules that declare them.
pub(super) struct Layout<'s> {
    pub(super) surface: &'s Surface,
    /// By module and way the types that it declares, what is named before what names it.
    homes: BTreeMap<(String, Way), Vec<&'s Id>>,
    names: BTreeMap<(&'s Id, Way), String>,
    /// In which contexts a type is met.
    pub(super) met: BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>,
    lacking: Lacking<'s>,
}

impl<'s> Layout<'s> {
    /// The layout, for a language in which these are no names of types.
    ///
    /// # Errors
    /// Where two types of a context have one name, or one a reserved one.
    pub(super) fn of(surface: &'s Surface, reserved: &[&str]) -> Result<Self> {
        let mut order: BTreeMap<Way, Vec<&Id>> = BTreeMap::new();
        let mut met: BTreeMap<(&Id, Way), BTreeSet<&str>> = BTreeMap::new();
        for operation in &surface.operations {
            let mut taken = Vec::new();
            members_of(surface, operation)?.iter().for_each(|member| surface.reached(&member.shape, &mut taken));
            let mut given = Vec::new();
            surface.reached(&operation.answer, &mut given);
            for (way, ids) in [(Way::In, taken), (Way::Out, given)] {
                for id in ids {
                    met.entry((id, way)).or_default().insert(operation.context.as_str());
                    let order = order.entry(way).or_default();
                    if !order.contains(&id) {
                        order.push(id);
                    }
                }
            }
        }
        let mut homes: BTreeMap<(String, Way), Vec<&Id>> = BTreeMap::new();
        for (way, ids) in order {
            for id in ids {
                homes.entry((home(&met, id, way).to_owned(), way)).or_default().push(id);
            }
        }
        let names = names(surface, &met, reserved)?;
        let given = met.keys().filter(|(_, way)| *way == Way::Out).map(|(id, _)| *id).collect();
        Ok(Self { surface, homes, names, met, lacking: unions::lacking(surface, &given)? })
    }

    pub(super) fn contexts(&self) -> BTreeSet<&'s str> {
        self.surface.operations.iter().map(|operation| operation.context.as_str()).collect()
    }

    pub(super) fn declared(&self, module: &str, way: Way) -> &[&'s Id] {
        self.homes.get(&(module.to_owned(), way)).map_or(&[], Vec::as_slice)
    }

    /// The types that a context has from the shared module.
    pub(super) fn shared_with(&self, context: &str, way: Way) -> Vec<&'s Id> {
        let is_here = |id: &&Id| {
            self.met.get(&(*id, way)).is_some_and(|contexts| contexts.contains(context)) && self.is_declared(id, way)
        };
        self.declared(SHARED, way).iter().copied().filter(is_here).collect()
    }

    /// The record of the same type, or of the same name in the same place.
    pub(super) fn record_of(&self, id: &Id) -> Option<String> {
        let contexts = self.met.get(&(id, Way::In))?;
        let stem = stem(&id.name);
        let same = |other: &Id| other == id || (other.module == id.module && other.name == format!("{stem}Out"));
        let (found, _) = self.met.keys().find(|(other, way)| *way == Way::Out && same(other))?;
        let here = self.met.get(&(*found, Way::Out))?;
        (self.is_declared(found, Way::Out) && contexts.is_subset(here)).then(|| self.name(found, Way::Out).to_owned())
    }

    /// Whether it has a declaration of its own: what is any of several values stands where it is used.
    pub(super) fn is_declared(&self, id: &Id, way: Way) -> bool {
        is_declared(self.surface, id, way)
    }

    /// Of a record that is one of several, the members that it lacks and another of them has; none of another record.
    pub(super) fn lacking(&self, id: &Id, way: Way) -> Option<&BTreeSet<&'s str>> {
        self.lacking.get(id).filter(|_| way == Way::Out)
    }

    pub(super) fn name(&self, id: &Id, way: Way) -> &str {
        self.names.iter().find(|((known, of), _)| *known == id && *of == way).map_or("", |(_, name)| name)
    }
}

/// What an operation takes.
///
/// # Errors
/// Where it takes no struct.
pub(super) fn members_of<'s>(surface: &'s Surface, operation: &Operation) -> Result<&'s [Member]> {
    match surface.types.get(&operation.input).map(|of| &of.kind) {
        Some(Kind::Struct(members)) => Ok(members),
        _ => bail!("`{}.{}` takes no struct", operation.context, operation.verb),
    }
}

fn is_declared(surface: &Surface, id: &Id, way: Way) -> bool {
    let Some(of) = surface.types.get(id).filter(|_| way == Way::Out) else { return true };
    match &of.kind {
        Kind::AnyOf(_) => unions::records(surface, of).is_some(),
        Kind::Struct(_) | Kind::OneOf(_) | Kind::Tagged { .. } => true,
    }
}

fn home<'s>(met: &BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>, id: &'s Id, way: Way) -> &'s str {
    match met.get(&(id, way)).map(|contexts| contexts.iter().collect::<Vec<_>>()).as_deref() {
        Some([only]) => only,
        _ => SHARED,
    }
}

/// The name of each type. Those of records are the wire's, and must differ within a context.
fn names<'s>(
    surface: &'s Surface,
    met: &BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>,
    reserved: &[&str],
) -> Result<BTreeMap<(&'s Id, Way), String>> {
    let mut names = BTreeMap::new();
    let mut taken: BTreeMap<(&str, String), &Id> = BTreeMap::new();
    let mut faults = Vec::new();
    for (&(id, way), contexts) in met {
        if !is_declared(surface, id, way) {
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
        if reserved.contains(&name.as_str()) {
            faults.push(format!("`{name}` is a name of the package itself: {}::{}", id.module, id.name));
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

/// `rate_rows` as `RateRows`.
pub(super) fn camel(name: &str) -> String {
    name.split('_').map(capital).collect()
}
