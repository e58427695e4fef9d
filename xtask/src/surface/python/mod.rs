//! The operations as Python: a module for each context, and one for what several contexts share.
//!
//! | in the wire | in Python |
//! |---|---|
//! | an operation | a function with arguments by name, and one of the vectors as its example |
//! | a struct of an answer | a class of `Record`, named as the wire names it, a slot for each member |
//! | a struct of an input | a `TypedDict` whose name ends in `Input`; the record of the same name is taken, too |
//! | one of several, without more; in an input also a closed set of words that the core reads | the text of its name, in a `Literal` |
//! | one of several, with something | in an answer a class of `OneOf`, with a slot for each of them, of which one is not `None`; in an input an object of one member |
//! | a list, a map | a `tuple`, a `Mapping`; any `Sequence` or `Mapping` in an input |
//! | a value | the type that `counterfoil._values` names |
//! | a member that is a word of Python | with `_` behind it |
//!
//! A binding finds the class of a record by its name as an attribute of `counterfoil.<context>`,
//! whichever module it is declared in.

mod example;
mod function;
mod names;
mod text;
mod types;

use self::{
    names::{home, names, safe},
    text::{from, head, indented, quoted},
};
use super::{
    cases::Cases,
    model::{Id, Kind, Member, Operation, Surface, Variant},
};
use crate::generated::Generated;
use anyhow::{Result, bail};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

const FOLDER: &str = "bindings-python/python/counterfoil";
const COMMAND: &str = "cargo xtask python";
const SHARED: &str = "_shared";

/// All files.
pub(super) fn files(surface: &Surface, cases: &Cases) -> Result<Vec<Generated>> {
    let python = Python::of(surface, cases)?;
    let mut files = vec![file(SHARED, python.module(SHARED)?)];
    for context in python.contexts() {
        files.push(file(context, python.module(context)?));
    }
    Ok(files)
}

fn file(name: &str, text: String) -> Generated {
    Generated { path: format!("{FOLDER}/{name}.py"), text, command: COMMAND }
}

/// Whether a type is taken or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    In,
    Out,
}

struct Python<'s> {
    surface: &'s Surface,
    cases: &'s Cases,
    /// By module and way the types that it declares, what is named before what names it.
    homes: BTreeMap<(String, Way), Vec<&'s Id>>,
    names: BTreeMap<(&'s Id, Way), String>,
    /// In which contexts a type is met.
    met: BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>,
}

impl<'s> Python<'s> {
    fn of(surface: &'s Surface, cases: &'s Cases) -> Result<Self> {
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
        let names = names(surface, &met)?;
        Ok(Self { surface, cases, homes, names, met })
    }

    fn contexts(&self) -> BTreeSet<&'s str> {
        self.surface.operations.iter().map(|operation| operation.context.as_str()).collect()
    }

    fn module(&self, module: &str) -> Result<String> {
        let operations: Vec<&Operation> =
            self.surface.operations.iter().filter(|operation| operation.context == module).collect();
        let mut inputs = String::new();
        for id in self.declared(module, Way::In) {
            inputs.push_str(&self.input(id));
        }
        let mut records = String::new();
        for id in self.declared(module, Way::Out) {
            records.push_str(&self.record(id)?);
        }
        let mut rest = String::new();
        for operation in &operations {
            rest.push_str(&self.function(operation)?);
        }
        let about = match module {
            SHARED => "What several contexts take and answer with.".to_owned(),
            context => format!("The operations of `{context}`, what they take, and what they answer with."),
        };
        let mut text = head(&about);
        text.push_str("\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n");
        if !operations.is_empty() {
            text.push_str("from counterfoil import _native\n");
        }
        text.push_str(&self.imported(module, Way::Out));
        let bases: Vec<&str> =
            ["OneOf", "Record"].into_iter().filter(|base| records.contains(&format!("({base}):"))).collect();
        if !bases.is_empty() {
            let _ = writeln!(text, "from counterfoil._record import {}", bases.join(", "));
        }
        let both = format!("{records}{inputs}{rest}");
        text.push_str("\nif TYPE_CHECKING:\n");
        text.push_str(&from("collections.abc", &["Mapping", "Sequence"], &both));
        text.push_str(&from("typing", &["Literal", "NotRequired", "TypeAlias", "TypedDict"], &both));
        text.push('\n');
        if both.contains("_v.") {
            text.push_str("    from counterfoil import _values as _v\n");
        }
        let taken = self.imported(module, Way::In);
        text.push_str(&indented(&taken));
        if module != SHARED {
            text.push_str(&self.exported(module, &operations));
        }
        text.push_str(&records);
        if !inputs.is_empty() {
            text.push_str("\n\nif TYPE_CHECKING:\n"); // after the records, which inputs name
            text.push_str(&indented(&inputs));
        }
        text.push_str(&rest);
        let text = text.replace("if TYPE_CHECKING:\n\n", "if TYPE_CHECKING:\n");
        Ok(format!("{}\n", text.trim_end()))
    }

    /// What `from counterfoil.<context> import *` gives: the operations, and the records that they answer with.
    fn exported(&self, context: &str, operations: &[&Operation]) -> String {
        let met = self.met.iter().filter(|((id, way), contexts)| {
            *way == Way::Out && contexts.contains(context) && self.is_declared(id, Way::Out)
        });
        let mut names: Vec<String> = met.map(|((id, way), _)| quoted(self.name(id, *way))).collect();
        names.extend(operations.iter().map(|operation| quoted(&safe(&operation.verb))));
        names.sort_unstable();
        let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
        format!("\n__all__ = [\n{names}]\n")
    }

    fn declared(&self, module: &str, way: Way) -> &[&'s Id] {
        self.homes.get(&(module.to_owned(), way)).map_or(&[], Vec::as_slice)
    }

    /// What a context has from the shared module.
    fn imported(&self, module: &str, way: Way) -> String {
        let shared = self.declared(SHARED, way).iter().filter(|id| {
            let here = self.met.get(&(**id, way)).is_some_and(|contexts| contexts.contains(module));
            here && self.is_declared(id, way)
        });
        let mut names: Vec<&str> = shared.map(|id| self.name(id, way)).collect();
        names.sort_unstable();
        if names.is_empty() {
            return String::new();
        }
        let names: String = names.iter().map(|name| format!("    {name} as {name},\n")).collect();
        format!("from counterfoil.{SHARED} import (\n{names})\n")
    }

    /// Whether it has a declaration of its own: what is a text or any of several stands where it is used.
    fn is_declared(&self, id: &Id, way: Way) -> bool {
        match (self.surface.types.get(id).map(|of| &of.kind), way) {
            (Some(Kind::OneOf(variants)), Way::Out) => !variants.iter().all(Variant::is_text),
            (Some(Kind::AnyOf(_)), Way::Out) => false,
            _ => true,
        }
    }

    fn name(&self, id: &Id, way: Way) -> &str {
        self.names.iter().find(|((known, of), _)| *known == id && *of == way).map_or("", |(_, name)| name)
    }
}

fn members_of<'s>(surface: &'s Surface, operation: &Operation) -> Result<&'s [Member]> {
    match surface.types.get(&operation.input).map(|of| &of.kind) {
        Some(Kind::Struct(members)) => Ok(members),
        _ => bail!("`{}.{}` takes no struct", operation.context, operation.verb),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        surface::{cases::cases, read::surface},
        workspace::Workspace,
    };

    #[test]
    fn most_operations_have_an_example_and_each_context_has_some() -> Result<()> {
        let workspace = Workspace::here()?;
        let (surface, cases) = (surface(&workspace)?, cases(&workspace)?);
        let has_one = |operation: &&Operation| {
            let Operation { context, verb, .. } = operation;
            let cases = cases.get(&format!("{context}.{verb}"));
            cases.is_some_and(|cases| example::example(context, verb, cases).is_some())
        };
        let shown: Vec<&Operation> = surface.operations.iter().filter(has_one).collect();
        let contexts: BTreeSet<&str> = shown.iter().map(|operation| operation.context.as_str()).collect();
        assert_eq!(contexts, surface.operations.iter().map(|operation| operation.context.as_str()).collect());
        // The others need more lines than an example may have.
        assert!(shown.len() * 5 > surface.operations.len() * 4, "{} of {}", shown.len(), surface.operations.len());
        Ok(())
    }
}
