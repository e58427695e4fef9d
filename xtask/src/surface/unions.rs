//! Answers that are one of several records, told by the members that only some of them have.

use super::model::{Id, Kind, Member, Shape, Surface, Type};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};

/// By record that is one of several, the members that it lacks and another of them has.
pub(super) type Lacking<'s> = BTreeMap<&'s Id, BTreeSet<&'s str>>;

/// What those among the types lack that are one of several.
///
/// # Errors
/// Where such a record also stands alone: there it would lack nothing.
pub(super) fn lacking<'s>(surface: &'s Surface, given: &BTreeSet<&'s Id>) -> Result<Lacking<'s>> {
    let types = || given.iter().filter_map(|id| Some((*id, surface.types.get(id)?)));
    let mut lacking = Lacking::new();
    for records in types().filter_map(|(_, of)| records(surface, of)) {
        let names = |members: &'s [Member]| members.iter().map(|member| member.name.as_str());
        let all: BTreeSet<&str> = records.iter().flat_map(|(_, members)| names(members)).collect();
        for (id, members) in records {
            let own: BTreeSet<&str> = names(members).collect();
            lacking.entry(id).or_default().extend(all.difference(&own));
        }
    }
    for (id, of) in types().filter(|(_, of)| records(surface, of).is_none()) {
        let mut alone = None;
        of.named(&mut |named| alone = alone.or(lacking.contains_key(named).then_some(named)));
        if let Some(named) = alone {
            bail!("`{}::{}` is one of several, and stands alone in `{}`", named.module, named.name, id.name);
        }
    }
    Ok(lacking)
}

/// The records of a type that is one of several records; none of another type.
pub(super) fn records<'s>(surface: &'s Surface, of: &'s Type) -> Option<Vec<(&'s Id, &'s [Member])>> {
    let Kind::AnyOf(shapes) = &of.kind else { return None };
    let record = |shape: &'s Shape| {
        let Shape::Named(id) = shape else { return None };
        let Kind::Struct(members) = &surface.types.get(id)?.kind else { return None };
        Some((id, members.as_slice()))
    };
    shapes.iter().map(record).collect()
}

/// The names of the members of several records, each once.
pub(super) fn names_of<'s>(records: &[(&'s Id, &'s [Member])]) -> Vec<&'s str> {
    let mut names = Vec::new();
    for member in records.iter().flat_map(|(_, members)| *members) {
        if !names.contains(&member.name.as_str()) {
            names.push(member.name.as_str());
        }
    }
    names
}
