//! The operations as Python: a module for each context, and one for what several contexts share.
//!
//! | in the wire | in Python |
//! |---|---|
//! | an operation | a function with arguments by name, and one of the vectors as its example |
//! | a struct of an answer | a class of `Record`, named as the wire names it, a slot for each member |
//! | a struct of an input | a `TypedDict` whose name ends in `Input`; the record of the same name is taken, too |
//! | one of several, without more; in an input also a closed set of words that the core reads | the text of its name, in a `Literal` |
//! | one of several, with something | in an answer a class of `OneOf`, with a slot for each of them, of which one is not `None`; in an input an object of one member |
//! | one of several, told by a tag | a class for each, `RefusalTaint`, whose `is_` is a `Literal`; the name stands for any of them |
//! | one of several records | a class for each, with `None` for the members of the others; the name stands for any of them |
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
    names::safe,
    text::{from, head, indented, quoted},
};
use super::{
    cases::Cases,
    layout::{Layout, SHARED, Way},
    model::{Kind, Operation, Surface, Variant},
};
use crate::generated::Generated;
use anyhow::Result;
use std::{collections::BTreeSet, fmt::Write as _};

const FOLDER: &str = "bindings-python/python/counterfoil";
const COMMAND: &str = "cargo xtask python";
/// What `stubtest` is to pass over: it takes no `Literal` for the union of its words.
pub(crate) const SETS_OF_WORDS: &str = "bindings-python/tests/stubtest_words.txt";

/// All files.
pub(super) fn files(surface: &Surface, cases: &Cases) -> Result<Vec<Generated>> {
    let python = Python { layout: Layout::of(surface, &["OneOf", "Record"])?, cases };
    let mut files = vec![file(SHARED, python.module(SHARED)?)];
    for context in python.layout.contexts() {
        files.push(file(context, python.module(context)?));
    }
    files.push(Generated { path: SETS_OF_WORDS.to_owned(), text: python.sets_of_words(), command: COMMAND });
    Ok(files)
}

fn file(name: &str, text: String) -> Generated {
    Generated { path: format!("{FOLDER}/{}.py", file_name(name)), text, command: COMMAND }
}

/// The module of what is shared is none of the package's own.
fn file_name(module: &str) -> String {
    if module == SHARED { format!("_{module}") } else { module.to_owned() }
}

struct Python<'s> {
    layout: Layout<'s>,
    cases: &'s Cases,
}

impl Python<'_> {
    fn module(&self, module: &str) -> Result<String> {
        let operations: Vec<&Operation> =
            self.layout.surface.operations.iter().filter(|operation| operation.context == module).collect();
        let mut inputs = String::new();
        for id in self.layout.declared(module, Way::In) {
            inputs.push_str(&self.input(id));
        }
        let mut records = String::new();
        for id in self.layout.declared(module, Way::Out) {
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
        // The words of a closed set can be listed at run time, as classes can.
        let (literal, typing): (_, &[&str]) = match records.contains(": TypeAlias = Literal[") {
            true => (", Literal", &["NotRequired", "TypeAlias", "TypedDict"]),
            false => ("", &["Literal", "NotRequired", "TypeAlias", "TypedDict"]),
        };
        let _ = write!(text, "\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING{literal}\n\n");
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
        text.push_str(&from("typing", typing, &both));
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
        let met = self.layout.met.iter().filter(|((id, way), contexts)| {
            *way == Way::Out && contexts.contains(context) && self.layout.is_declared(id, Way::Out)
        });
        let mut names: Vec<String> =
            met.flat_map(|((id, way), _)| self.declared_names(id, *way)).map(|name| quoted(&name)).collect();
        names.extend(operations.iter().map(|operation| quoted(&safe(&operation.verb))));
        names.sort_unstable();
        let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
        format!("\n__all__ = [\n{names}]\n")
    }

    /// The names of the sets of words that are answered.
    fn sets_of_words(&self) -> String {
        let sets = self.layout.met.keys().filter(|(id, way)| {
            let kind = self.layout.surface.types.get(id).map(|of| &of.kind);
            *way == Way::Out && matches!(kind, Some(Kind::OneOf(words)) if words.iter().all(Variant::is_text))
        });
        let names: BTreeSet<&str> = sets.map(|(id, way)| self.layout.name(id, *way)).collect();
        let lines: String = names.into_iter().map(|name| format!("counterfoil\\.\\w+\\.{name}\n")).collect();
        format!(
            "# Generated by `{COMMAND}` from core/src/wire. Do not edit: change the wire and run it again.\n{lines}"
        )
    }

    /// What a context has from the shared module.
    fn imported(&self, module: &str, way: Way) -> String {
        let shared = self.layout.shared_with(module, way);
        let mut names: Vec<String> = shared.into_iter().flat_map(|id| self.declared_names(id, way)).collect();
        names.sort_unstable();
        if names.is_empty() {
            return String::new();
        }
        let names: String = names.iter().map(|name| format!("    {name} as {name},\n")).collect();
        format!("from counterfoil._{SHARED} import (\n{names})\n")
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
