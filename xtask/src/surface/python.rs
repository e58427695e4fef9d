//! The operations as Python: a module for each context, and one for what several contexts share.
//!
//! | in the wire | in Python |
//! |---|---|
//! | an operation | a function with arguments by name |
//! | a struct of an answer | a class of `Record`, named as the wire names it, a slot for each member |
//! | a struct of an input | a `TypedDict` whose name ends in `Input`; the record of the same name is taken, too |
//! | one of several, without more | the text of its name, in a `Literal` |
//! | one of several, with something | in an answer a class of `OneOf`, with a slot for each of them, of which one is not `None`; in an input an object of one member |
//! | a list, a map | a `tuple`, a `Mapping`; any `Sequence` or `Mapping` in an input |
//! | a value | the type that `counterfoil._values` names |
//! | a member that is a word of Python | with `_` behind it |
//!
//! A binding finds the class of a record by its name as an attribute of `counterfoil._operations.<context>`,
//! whichever module it is declared in.

use super::{
    model::{Content, Id, Kind, Member, Operation, Scalar, Shape, Surface, Type, Variant},
    read::capital,
};
use crate::generated::Generated;
use anyhow::{Result, bail};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

const FOLDER: &str = "bindings-python/python/counterfoil/_operations";
const COMMAND: &str = "cargo xtask python";
const SHARED: &str = "_shared";
const WIDTH: usize = 120;

/// The words that are no names in Python.
const WORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield", "None", "True", "False",
];

/// All files.
pub(super) fn files(surface: &Surface) -> Result<Vec<Generated>> {
    let python = Python::of(surface)?;
    let mut files = vec![file("__init__", python.list())];
    files.push(file(SHARED, python.module(SHARED)?));
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
    /// By module and way the types that it declares, what is named before what names it.
    homes: BTreeMap<(String, Way), Vec<&'s Id>>,
    names: BTreeMap<(&'s Id, Way), String>,
    /// In which contexts a type is met.
    met: BTreeMap<(&'s Id, Way), BTreeSet<&'s str>>,
}

impl<'s> Python<'s> {
    fn of(surface: &'s Surface) -> Result<Self> {
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
        Ok(Self { surface, homes, names, met })
    }

    fn contexts(&self) -> BTreeSet<&'s str> {
        self.surface.operations.iter().map(|operation| operation.context.as_str()).collect()
    }

    /// The package, which imports nothing.
    fn list(&self) -> String {
        let contexts: Vec<String> = self.contexts().iter().map(|context| quoted(context)).collect();
        let mut text = head("The operations, a module for each context.");
        text.push_str("\nfrom __future__ import annotations\n\n");
        text.push_str(&sequence("CONTEXTS = ", &contexts));
        text.push('\n');
        text
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
        text.push_str(&records);
        if !inputs.is_empty() {
            text.push_str("\n\nif TYPE_CHECKING:\n"); // after the records, which inputs name
            text.push_str(&indented(&inputs));
        }
        text.push_str(&rest);
        let text = text.replace("if TYPE_CHECKING:\n\n", "if TYPE_CHECKING:\n");
        Ok(format!("{}\n", text.trim_end()))
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
        format!("from counterfoil._operations.{SHARED} import (\n{names})\n")
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

    fn input(&self, id: &Id) -> String {
        let Some(of) = self.surface.types.get(id) else { return String::new() };
        let name = self.name(id, Way::In);
        match &of.kind {
            Kind::Struct(members) => self.typed_dict(name, &of.about, members),
            Kind::AnyOf(shapes) => {
                let any: Vec<String> = shapes.iter().map(|shape| self.taken(shape)).collect();
                format!("{}\n{name}: TypeAlias = {}\n", comment(&of.about), any.join(" | "))
            }
            Kind::OneOf(variants) => {
                let mut before = String::new();
                let mut any = literals(variants);
                for variant in variants {
                    let stem = name.strip_suffix("Input").unwrap_or(name);
                    let each = format!("{stem}{}Input", camel(&variant.name));
                    let shape = match &variant.content {
                        Content::Nothing => continue,
                        Content::Of(shape) => self.taken(shape),
                        Content::Members(members) => {
                            let inner = format!("{stem}{}Members", camel(&variant.name));
                            before.push_str(&self.typed_dict(&inner, "", members));
                            inner
                        }
                    };
                    let rows = [(variant.name.clone(), shape, variant.about.clone())];
                    before.push_str(&dict_class(&each, &of.about, &rows));
                    any.push(each);
                }
                // Its record is taken, too: it is what was answered.
                if let Some(record) = self.record_of(id) {
                    any.push(record);
                }
                format!("{before}{}\n{name}: TypeAlias = {}\n", comment(&of.about), any.join(" | "))
            }
        }
    }

    fn typed_dict(&self, name: &str, about: &str, members: &[Member]) -> String {
        let row = |member: &Member| {
            let shape = self.taken(&member.shape);
            let shape = if member.optional { format!("NotRequired[{shape}]") } else { shape };
            (member.name.clone(), shape, member.about.clone())
        };
        dict_class(name, about, &members.iter().map(row).collect::<Vec<_>>())
    }

    /// The record of the same type, or of the same name in the same place.
    fn record_of(&self, id: &Id) -> Option<String> {
        let contexts = self.met.get(&(id, Way::In))?;
        let stem = stem(&id.name);
        let same = |other: &Id| other == id || (other.module == id.module && other.name == format!("{stem}Out"));
        let found = self.met.keys().find(|(other, way)| *way == Way::Out && same(other))?;
        let here = self.met.get(found)?;
        (self.is_declared(found.0, Way::Out) && contexts.is_subset(here))
            .then(|| self.name(found.0, Way::Out).to_owned())
    }

    /// The type of what is passed.
    fn taken(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "bool".to_owned(),
            Shape::Integer => "int".to_owned(),
            Shape::Text => "str".to_owned(),
            Shape::Card => "_v.CardLike".to_owned(),
            Shape::Scalar(scalar) => format!("_v.{}Like", scalar.name()),
            Shape::Named(id) => {
                let name = self.name(id, Way::In).to_owned();
                let record = match self.surface.types.get(id).map(|of| &of.kind) {
                    Some(Kind::Struct(_)) => self.record_of(id),
                    _ => None, // of an alias it stands in the alias
                };
                record.map_or(name.clone(), |record| format!("{name} | {record}"))
            }
            Shape::List(of) => format!("Sequence[{}]", self.taken(of)),
            Shape::Pair(of) => format!("tuple[{0}, {0}]", self.taken(of)),
            Shape::Map(of) => format!("Mapping[str, {}]", self.taken(of)),
            Shape::Optional(of) => or_none(self.taken(of)),
        }
    }

    /// The type of what is answered.
    fn given(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "bool".to_owned(),
            Shape::Integer | Shape::Scalar(Scalar::Integer) => "int".to_owned(),
            Shape::Text => "str".to_owned(),
            Shape::Card => "_v.Card".to_owned(),
            Shape::Scalar(scalar) => format!("_v.{}", scalar.name()),
            Shape::Named(id) => match self.surface.types.get(id).map(|of| &of.kind) {
                Some(Kind::OneOf(variants)) => {
                    let mut any = Vec::new();
                    if !variants.iter().all(Variant::is_text) {
                        any.push(self.name(id, Way::Out).to_owned());
                    }
                    any.extend(literals(variants));
                    any.join(" | ")
                }
                Some(Kind::AnyOf(shapes)) => {
                    shapes.iter().map(|shape| self.given(shape)).collect::<Vec<_>>().join(" | ")
                }
                _ => self.name(id, Way::Out).to_owned(),
            },
            Shape::List(of) => format!("tuple[{}, ...]", self.given(of)),
            Shape::Pair(of) => format!("tuple[{0}, {0}]", self.given(of)),
            Shape::Map(of) => format!("Mapping[str, {}]", self.given(of)),
            Shape::Optional(of) => or_none(self.given(of)),
        }
    }

    fn record(&self, id: &Id) -> Result<String> {
        let Some(of) = self.surface.types.get(id).filter(|_| self.is_declared(id, Way::Out)) else {
            return Ok(String::new());
        };
        let (base, rows) = match &of.kind {
            Kind::Struct(members) => ("Record", members.iter().map(|member| self.row(member)).collect()),
            Kind::OneOf(variants) => ("OneOf", self.rows_of_one(of, variants)?),
            Kind::AnyOf(_) => return Ok(String::new()),
        };
        let name = self.name(id, Way::Out);
        let mut text = format!("\n\nclass {name}({base}):\n");
        if !of.about.is_empty() {
            let _ = writeln!(text, "    {}\n", docstring(&of.about));
        }
        let slots: Vec<String> = rows.iter().map(|(slot, ..): &(String, String, String)| quoted(slot)).collect();
        text.push_str(&indented(&sequence("__slots__ = ", &slots)));
        if !rows.is_empty() {
            text.push('\n');
        }
        for (slot, shape, about) in rows {
            let _ = writeln!(text, "    {slot}: {shape}");
            if !about.is_empty() {
                let _ = writeln!(text, "    {}", docstring(&about));
            }
        }
        Ok(text)
    }

    fn row(&self, member: &Member) -> (String, String, String) {
        let shape = self.given(&member.shape);
        let shape = if member.optional { or_none(shape) } else { shape };
        (safe(&member.name), shape, member.about.clone())
    }

    fn rows_of_one(&self, of: &Type, variants: &[Variant]) -> Result<Vec<(String, String, String)>> {
        let mut rows = Vec::new();
        for variant in variants {
            match &variant.content {
                Content::Nothing => {}
                Content::Of(shape) => {
                    rows.push((safe(&variant.name), or_none(self.given(shape)), variant.about.clone()));
                }
                Content::Members(_) => bail!("`{}` of an answer has members without a name", of.name),
            }
        }
        Ok(rows)
    }

    fn function(&self, operation: &Operation) -> Result<String> {
        let Operation { context, verb, rule, about, answer, .. } = operation;
        let members = members_of(self.surface, operation)?;
        let (required, optional): (Vec<_>, Vec<_>) = members.iter().partition(|member| !member.optional);
        let mut text = format!("\n\ndef {}(", safe(verb));
        if !members.is_empty() {
            text.push_str("\n    *,\n");
        }
        for member in required {
            let _ = writeln!(text, "    {}: {},", safe(&member.name), self.taken(&member.shape));
        }
        for member in optional {
            let _ = writeln!(text, "    {}: {} = None,", safe(&member.name), or_none(self.taken(&member.shape)));
        }
        let given = self.given(answer);
        let _ = writeln!(text, ") -> {given}:");
        let mut doc = format!("{}.", capital(about));
        let told: Vec<&Member> = members.iter().filter(|member| !member.about.is_empty()).collect();
        if !told.is_empty() {
            doc.push('\n');
        }
        for member in told {
            let _ = write!(doc, "\n- ``{}``: {}", safe(&member.name), member.about);
        }
        let _ = write!(doc, "\n\nRule: {rule}\n");
        let _ = writeln!(text, "{}", indented(&docstring(&doc)).trim_end());
        if members.is_empty() {
            let _ = writeln!(text, "    answer: {given} = _native.call(\"{context}.{verb}\", {{}})");
        } else {
            let _ = writeln!(text, "    answer: {given} = _native.call(\n        \"{context}.{verb}\",\n        {{");
            for member in members {
                let _ = writeln!(text, "            {}: {},", quoted(&member.name), safe(&member.name));
            }
            text.push_str("        },\n    )\n");
        }
        text.push_str("    return answer\n");
        Ok(text)
    }
}

impl Variant {
    fn is_text(&self) -> bool {
        matches!(self.content, Content::Nothing)
    }
}

fn members_of<'s>(surface: &'s Surface, operation: &Operation) -> Result<&'s [Member]> {
    match surface.types.get(&operation.input).map(|of| &of.kind) {
        Some(Kind::Struct(members)) => Ok(members),
        _ => bail!("`{}.{}` takes no struct", operation.context, operation.verb),
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
fn stem(name: &str) -> &str {
    ["In", "Call", "Out"]
        .into_iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

fn head(about: &str) -> String {
    format!(
        "# Generated by `{COMMAND}` from core/src/wire. Do not edit: change the wire and run it again.\n\"\"\"{about}\"\"\"\n"
    )
}

fn from(module: &str, names: &[&str], text: &str) -> String {
    let used =
        |name: &&&str| text.split(|each: char| !each.is_alphanumeric() && each != '_').any(|word| word == **name);
    let names: Vec<&str> = names.iter().filter(used).copied().collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("    from {module} import {}\n", names.join(", ")),
    }
}

/// A `TypedDict`, by members with their types and what they are about.
fn dict_class(name: &str, about: &str, rows: &[(String, String, String)]) -> String {
    if rows.iter().any(|(member, ..)| WORDS.contains(&member.as_str())) {
        let members: String =
            rows.iter().map(|(member, shape, _)| format!("        {}: {},\n", quoted(member), quoted(shape))).collect();
        return format!(
            "{}\n{name} = TypedDict(\n    {},\n    {{\n{members}    }},\n)\n",
            comment(about),
            quoted(name)
        );
    }
    let mut text = format!("\nclass {name}(TypedDict):\n");
    if !about.is_empty() {
        let _ = writeln!(text, "    {}\n", docstring(about));
    }
    for (member, shape, about) in rows {
        let _ = writeln!(text, "    {member}: {shape}");
        if !about.is_empty() {
            let _ = writeln!(text, "    {}", docstring(about));
        }
    }
    if rows.is_empty() && about.is_empty() {
        text.push_str("    pass\n");
    }
    text
}

/// The names of the variants that come alone.
fn literals(variants: &[Variant]) -> Vec<String> {
    let alone: Vec<String> =
        variants.iter().filter(|variant| variant.is_text()).map(|variant| quoted(&variant.name)).collect();
    if alone.is_empty() { Vec::new() } else { vec![format!("Literal[{}]", alone.join(", "))] }
}

fn or_none(shape: String) -> String {
    if shape.ends_with(" | None") { shape } else { format!("{shape} | None") }
}

fn sequence(before: &str, items: &[String]) -> String {
    let line = match items {
        [] => "()".to_owned(),
        [only] => format!("({only},)"),
        items => format!("({})", items.join(", ")),
    };
    if before.len() + line.len() + 4 <= WIDTH {
        return format!("{before}{line}\n");
    }
    let items: String = items.iter().map(|item| format!("    {item},\n")).collect();
    format!("{before}(\n{items})\n")
}

fn docstring(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "'");
    format!("\"\"\"{text}\"\"\"")
}

fn comment(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n# {text}") }
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    text.lines().map(line).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// A name that Python takes.
fn safe(name: &str) -> String {
    if WORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

fn camel(name: &str) -> String {
    name.split('_').map(capital).collect()
}
