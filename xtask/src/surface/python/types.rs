//! The type of what is taken and given, and the classes that are declared for them.

use super::{
    super::{
        layout::{Way, camel, stem},
        model::{Content, Id, Kind, Member, Scalar, Shape, Type, Variant},
        unions,
    },
    Python,
    names::{WORDS, safe},
    text::{WIDTH, comment, docstring, indented, quoted, sequence},
};
use anyhow::{Result, bail};
use std::fmt::Write as _;

/// What has a handle in the native module that a call takes in place of its members (`border/json.rs`); a spec has one too.
const HANDLES: [&str; 4] = ["Coupon", "Owner", "Period", "Span"];

impl Python<'_> {
    pub(super) fn input(&self, id: &Id) -> String {
        let Some(of) = self.layout.surface.types.get(id) else { return String::new() };
        let name = self.layout.name(id, Way::In);
        match &of.kind {
            Kind::Struct(members) => self.typed_dict(name, &of.about, members),
            Kind::Tagged { .. } => String::new(), // in no input, as `read` sees to
            Kind::AnyOf(shapes) => {
                let any: Vec<String> = shapes.iter().map(|shape| self.taken(shape)).collect();
                format!("{}\n{}", comment(&of.about), alias(name, &any.join(" | ")))
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
                any.extend(self.layout.record_of(id).filter(|_| !variants.iter().all(Variant::is_text)));
                format!("{before}{}\n{}", comment(&of.about), alias(name, &any.join(" | ")))
            }
        }
    }

    pub(super) fn typed_dict(&self, name: &str, about: &str, members: &[Member]) -> String {
        let row = |member: &Member| {
            let shape = self.taken(&member.shape);
            let shape = if member.optional { format!("NotRequired[{shape}]") } else { shape };
            (member.name.clone(), shape, member.about.clone())
        };
        dict_class(name, about, &members.iter().map(row).collect::<Vec<_>>())
    }

    /// The type of what is passed.
    pub(super) fn taken(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "bool".to_owned(),
            Shape::Integer => "int".to_owned(),
            Shape::Text => "str".to_owned(),
            Shape::Card => "_v.CardLike".to_owned(),
            Shape::Scalar(scalar) => format!("_v.{}Like", scalar.name()),
            Shape::Named(id) => {
                let mut any = vec![self.layout.name(id, Way::In).to_owned()];
                if HANDLES.contains(&stem(&id.name)) {
                    any.push(format!("_v.{}", stem(&id.name)));
                }
                // Of an alias it stands in the alias.
                if let Some(Kind::Struct(_)) = self.layout.surface.types.get(id).map(|of| &of.kind) {
                    any.extend(self.layout.record_of(id));
                }
                any.join(" | ")
            }
            Shape::List(of) => format!("Sequence[{}]", self.taken(of)),
            Shape::Pair(of) => format!("tuple[{0}, {0}]", self.taken(of)),
            // As a `Spec` is written down.
            Shape::Map(of) if **of == Shape::Scalar(Scalar::Quantity) => "_v.SpecLike".to_owned(),
            Shape::Map(of) => format!("Mapping[str, {}]", self.taken(of)),
            Shape::Optional(of) => or_none(self.taken(of)),
        }
    }

    /// The type of what is answered.
    pub(super) fn given(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "bool".to_owned(),
            Shape::Integer | Shape::Scalar(Scalar::Integer) => "int".to_owned(),
            Shape::Text => "str".to_owned(),
            Shape::Card => "_v.Card".to_owned(),
            Shape::Scalar(scalar) => format!("_v.{}", scalar.name()),
            Shape::Named(id) => match self.layout.surface.types.get(id).map(|of| &of.kind) {
                Some(Kind::OneOf(variants)) if !variants.iter().all(Variant::is_text) => {
                    let mut any = vec![self.layout.name(id, Way::Out).to_owned()];
                    any.extend(literals(variants));
                    any.join(" | ")
                }
                Some(Kind::AnyOf(shapes)) if !self.layout.is_declared(id, Way::Out) => {
                    shapes.iter().map(|shape| self.given(shape)).collect::<Vec<_>>().join(" | ")
                }
                _ => self.layout.name(id, Way::Out).to_owned(),
            },
            Shape::List(of) => format!("tuple[{}, ...]", self.given(of)),
            Shape::Pair(of) => format!("tuple[{0}, {0}]", self.given(of)),
            Shape::Map(of) => format!("Mapping[str, {}]", self.given(of)),
            Shape::Optional(of) => or_none(self.given(of)),
        }
    }

    pub(super) fn record(&self, id: &Id) -> Result<String> {
        let Some(of) = self.layout.surface.types.get(id).filter(|_| self.layout.is_declared(id, Way::Out)) else {
            return Ok(String::new());
        };
        let name = self.layout.name(id, Way::Out);
        Ok(match &of.kind {
            Kind::Struct(members) => {
                let mut text = record_class(name, "Record", &of.about, &self.rows(members));
                for lacked in self.layout.lacking(id, Way::Out).into_iter().flatten() {
                    let _ = writeln!(text, "    {}: None = None", safe(lacked));
                }
                text
            }
            Kind::OneOf(variants) if variants.iter().all(Variant::is_text) => {
                format!("\n{}\n{}", comment(&of.about), alias(name, &literals(variants).concat()))
            }
            Kind::OneOf(variants) => record_class(name, "OneOf", &of.about, &self.rows_of_one(of, variants)?),
            Kind::Tagged { tag, variants } => {
                let class = |variant: &Variant| {
                    let mut rows = vec![(safe(tag), format!("Literal[{}]", quoted(&variant.name)), String::new())];
                    rows.extend(self.rows(variant.members()));
                    record_class(&class_of(name, variant), "Record", &variant.about, &rows)
                };
                let classes: String = variants.iter().map(class).collect();
                let names: Vec<String> = variants.iter().map(|variant| class_of(name, variant)).collect();
                format!("{classes}\n{}", union(name, &of.about, &names))
            }
            Kind::AnyOf(_) => {
                let records = unions::records(self.layout.surface, of).unwrap_or_default();
                let names: Vec<&str> = records.iter().map(|(id, _)| self.layout.name(id, Way::Out)).collect();
                format!("\n{}", union(name, &of.about, &names))
            }
        })
    }

    /// What a type of an answer is declared as: its name, and those of the classes of its variants.
    pub(super) fn declared_names(&self, id: &Id, way: Way) -> Vec<String> {
        let name = self.layout.name(id, way);
        let mut names = vec![name.to_owned()];
        if let Some(Kind::Tagged { variants, .. }) = self.layout.surface.types.get(id).map(|of| &of.kind) {
            names.extend(variants.iter().map(|variant| class_of(name, variant)));
        }
        names
    }

    fn rows(&self, members: &[Member]) -> Vec<(String, String, String)> {
        members.iter().map(|member| self.row(member)).collect()
    }

    pub(super) fn row(&self, member: &Member) -> (String, String, String) {
        let shape = self.given(&member.shape);
        let shape = if member.optional { or_none(shape) } else { shape };
        (safe(&member.name), shape, member.about.clone())
    }

    pub(super) fn rows_of_one(&self, of: &Type, variants: &[Variant]) -> Result<Vec<(String, String, String)>> {
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
}

/// The class of a variant that its tag tells, as `border/answer.rs` names it.
fn class_of(name: &str, variant: &Variant) -> String {
    format!("{name}{}", camel(&variant.name))
}

/// A class with a slot for each row.
fn record_class(name: &str, base: &str, about: &str, rows: &[(String, String, String)]) -> String {
    let mut text = format!("\n\nclass {name}({base}):\n");
    if !about.is_empty() {
        let _ = writeln!(text, "    {}\n", docstring(about));
    }
    let slots: Vec<String> = rows.iter().map(|(slot, ..)| quoted(slot)).collect();
    text.push_str(&indented(&sequence("__slots__ = ", &slots)));
    if !rows.is_empty() {
        text.push('\n');
    }
    for (slot, shape, about) in rows {
        let _ = writeln!(text, "    {slot}: {shape}");
        if !about.is_empty() {
            let _ = writeln!(text, "    {}", docstring(about));
        }
    }
    text
}

/// A name for one of several classes, in a line or in a line for each.
fn union(name: &str, about: &str, classes: &[impl AsRef<str>]) -> String {
    let classes: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
    let about = comment(about);
    let line = format!("{name}: TypeAlias = {}", classes.join(" | "));
    if line.len() <= WIDTH {
        return format!("{about}\n{line}\n");
    }
    format!("{about}\n{name}: TypeAlias = (\n    {}\n)\n", classes.join("\n    | "))
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

/// A name for a type; of a long set of words each has a line.
fn alias(name: &str, of: &str) -> String {
    let line = format!("{name}: TypeAlias = {of}\n");
    match of.strip_prefix("Literal[").and_then(|words| words.strip_suffix(']')) {
        Some(words) if line.len() + 4 > WIDTH && !words.contains(']') => {
            let words: String = words.split(", ").map(|word| format!("    {word},\n")).collect();
            format!("{name}: TypeAlias = Literal[\n{words}]\n")
        }
        _ => line,
    }
}

/// The names of the variants that come alone.
fn literals(variants: &[Variant]) -> Vec<String> {
    let alone: Vec<String> =
        variants.iter().filter(|variant| variant.is_text()).map(|variant| quoted(&variant.name)).collect();
    if alone.is_empty() { Vec::new() } else { vec![format!("Literal[{}]", alone.join(", "))] }
}

pub(super) fn or_none(shape: String) -> String {
    if shape.ends_with(" | None") { shape } else { format!("{shape} | None") }
}
