//! The types of what is taken and given: the `.d.ts` file of a module.

use super::{
    Node, WIRE, example,
    shapes::about,
    text::{bracketed, camel, comment, head, is_word, key, quoted},
};
use crate::surface::{
    layout::{Way, members_of},
    model::{Content, Id, Kind, Member, Operation, Scalar, Shape, Variant},
    read::capital,
    unions,
};
use anyhow::Result;
use std::fmt::Write as _;

impl Node<'_> {
    pub(super) fn declarations(&self, module: &str) -> Result<String> {
        let mut types = String::new();
        for way in [Way::Out, Way::In] {
            for id in self.layout.declared(module, way) {
                types.push_str(&self.declaration(id, way));
            }
        }
        for operation in self.operations(module) {
            types.push_str(&self.function(operation)?);
        }
        let mut text = format!("{}\n", head(WIRE, &about(module)));
        if types.contains("values.") {
            text.push_str("import type * as values from '../values';\n");
        }
        let shared: Vec<String> = self
            .shared_names(module)
            .into_iter()
            .filter(|name| super::shapes::has_word(&types, name))
            .map(ToOwned::to_owned)
            .collect();
        if !shared.is_empty() {
            text.push_str(&bracketed("import type ", ["{", "}"], &shared, " from './shared';"));
            text.push_str(&bracketed("export type ", ["{", "}"], &shared, " from './shared';"));
        }
        text.push_str(&types);
        Ok(text)
    }

    fn function(&self, operation: &Operation) -> Result<String> {
        let Operation { context, verb, rule, about, answer, .. } = operation;
        let members = members_of(self.layout.surface, operation)?;
        let name = camel(verb);
        let mut text = String::new();
        let mut argument = String::new();
        if !members.is_empty() {
            let arguments = format!("{}Arguments", capital(&name));
            let rows = self.documented(members, Way::In);
            text.push_str(&interface(&arguments, &format!("What `{name}` takes."), &rows));
            let optional = if members.iter().all(|member| member.optional) { "?" } else { "" };
            argument = format!("given{optional}: {arguments}");
        }
        let mut doc = format!("{}.\n\nRule: {rule}", capital(about));
        let cases = self.cases.get(&format!("{context}.{verb}")).map_or(&[][..], Vec::as_slice);
        if let Some(lines) = example::example(self.layout.surface, operation, cases) {
            let _ = write!(doc, "\n\n@example\n{}", lines.join("\n"));
        }
        let answer = self.given(answer);
        let _ = write!(text, "\n{}", comment("", &doc));
        if is_word(&name) {
            let _ = write!(text, "declare function {name}_({argument}): {answer};\nexport {{ {name}_ as {name} }};\n");
        } else {
            let _ = writeln!(text, "export declare function {name}({argument}): {answer};");
        }
        Ok(text)
    }

    fn declaration(&self, id: &Id, way: Way) -> String {
        let Some(of) = self.layout.surface.types.get(id).filter(|_| self.layout.is_declared(id, way)) else {
            return String::new();
        };
        let name = self.layout.name(id, way);
        let union = |all: &[String]| format!("\n{}{}", comment("", &of.about), alias(name, all));
        match &of.kind {
            Kind::Struct(members) => {
                let mut rows = self.documented(members, way);
                let lacking = self.layout.lacking(id, way).into_iter().flatten();
                rows.extend(lacking.map(|name| (String::new(), format!("{}: null", key(&camel(name))))));
                interface(name, &of.about, &rows)
            }
            Kind::AnyOf(_) if way == Way::Out => {
                let records = unions::records(self.layout.surface, of).unwrap_or_default();
                union(&records.iter().map(|(id, _)| self.layout.name(id, way).to_owned()).collect::<Vec<_>>())
            }
            Kind::AnyOf(shapes) => union(&shapes.iter().map(|shape| self.taken(shape)).collect::<Vec<_>>()),
            Kind::Tagged { tag, variants } => {
                let variants = variants.iter().map(|variant| {
                    let mut rows = vec![(String::new(), format!("{tag}: {}", quoted(&variant.name)))];
                    rows.extend(self.documented(variant.members(), way));
                    format!("\n{}{}", comment("  ", &variant.about), branch(&rows))
                });
                let variants: String = variants.collect();
                format!("\n{}export type {name} ={variants};\n", comment("", &of.about))
            }
            Kind::OneOf(variants) => {
                let is_of_words = variants.iter().all(Variant::is_text);
                let words = variants.iter().filter(|variant| variant.is_text()).map(|variant| quoted(&variant.name));
                let words: Vec<String> = words.collect();
                if is_of_words {
                    return union(&words);
                }
                let optional = if way == Way::In { "?" } else { "" };
                let mut all = Vec::new();
                if !words.is_empty() {
                    all.push(format!("{{ kind: {} }}", words.join(" | ")));
                }
                for variant in variants {
                    let shape = match &variant.content {
                        Content::Nothing => continue,
                        Content::Of(shape) => self.of(shape, way),
                        Content::Members(members) => format!("{{ {} }}", self.rows(members, way).join("; ")),
                    };
                    let (wire, name) = (quoted(&variant.name), camel(&variant.name));
                    all.push(format!("{{ kind{optional}: {wire}; {name}: {shape} }}"));
                }
                if way == Way::In {
                    all.extend(words);
                }
                union(&all)
            }
        }
    }

    /// Members with what they are about.
    fn documented(&self, members: &[Member], way: Way) -> Vec<(String, String)> {
        members.iter().map(|member| member.about.clone()).zip(self.rows(members, way)).collect()
    }

    fn rows(&self, members: &[Member], way: Way) -> Vec<String> {
        let row = |member: &Member| {
            let name = key(&camel(&member.name));
            let shape = self.of(&member.shape, way);
            match (way, member.optional) {
                (Way::In, true) => format!("{name}?: {} | undefined", or_null(shape)),
                (Way::Out, true) => format!("{name}: {}", or_null(shape)),
                (_, false) => format!("{name}: {shape}"),
            }
        };
        members.iter().map(row).collect()
    }

    fn of(&self, shape: &Shape, way: Way) -> String {
        match way {
            Way::In => self.taken(shape),
            Way::Out => self.given(shape),
        }
    }

    /// The type of what is passed.
    fn taken(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "boolean".to_owned(),
            Shape::Integer => "values.CountLike".to_owned(),
            Shape::Text => "string".to_owned(),
            Shape::Card => "values.CardLike".to_owned(),
            Shape::Scalar(scalar) => format!("values.{}Like", scalar.name()),
            Shape::Named(id) => self.layout.name(id, Way::In).to_owned(),
            Shape::List(of) => format!("values.ListLike<{}>", self.taken(of)),
            Shape::Pair(of) => format!("readonly [{0}, {0}]", self.taken(of)),
            Shape::Map(of) if **of == Shape::Scalar(Scalar::Quantity) => "values.SpecLike".to_owned(),
            Shape::Map(of) => format!("values.MapLike<{}>", self.taken(of)),
            Shape::Optional(of) => or_null(self.taken(of)),
        }
    }

    /// The type of what is answered.
    fn given(&self, shape: &Shape) -> String {
        match shape {
            Shape::Bool => "boolean".to_owned(),
            Shape::Integer => "values.Count".to_owned(),
            Shape::Text => "string".to_owned(),
            Shape::Card => "values.Card".to_owned(),
            Shape::Scalar(scalar) => format!("values.{}", scalar.name()),
            Shape::Named(id) => match self.layout.surface.types.get(id).map(|of| &of.kind) {
                Some(Kind::AnyOf(shapes)) if !self.layout.is_declared(id, Way::Out) => {
                    shapes.iter().map(|shape| self.given(shape)).collect::<Vec<_>>().join(" | ")
                }
                _ => self.layout.name(id, Way::Out).to_owned(),
            },
            Shape::List(of) => {
                let of = self.given(of);
                if of.contains('|') { format!("({of})[]") } else { format!("{of}[]") }
            }
            Shape::Pair(of) => format!("[{0}, {0}]", self.given(of)),
            Shape::Map(of) => format!("Record<string, {}>", self.given(of)),
            Shape::Optional(of) => or_null(self.given(of)),
        }
    }
}

/// Members by rows, each with what it is about.
fn interface(name: &str, about: &str, rows: &[(String, String)]) -> String {
    let mut text = format!("\n{}export interface {name} {{\n", comment("", about));
    for (about, row) in rows {
        let _ = writeln!(text, "{}  {row};", comment("  ", about));
    }
    text.push_str("}\n");
    text
}

/// One of several objects: in a line where it fits and its members have no comments.
fn branch(rows: &[(String, String)]) -> String {
    let line: Vec<&str> = rows.iter().map(|(_, row)| row.as_str()).collect();
    let line = format!("  | {{ {} }}", line.join("; "));
    if line.chars().count() < super::text::WIDTH && rows.iter().all(|(about, _)| about.is_empty()) {
        return line;
    }
    let rows: String = rows.iter().map(|(about, row)| format!("{}      {row};\n", comment("      ", about))).collect();
    format!("  | {{\n{rows}    }}")
}

fn alias(name: &str, all: &[String]) -> String {
    let line = format!("export type {name} = {};\n", all.join(" | "));
    if line.chars().count() <= super::text::WIDTH {
        return line;
    }
    let lines: String = all.iter().map(|one| format!("\n  | {one}")).collect();
    format!("export type {name} ={lines};\n")
}

fn or_null(shape: String) -> String {
    if shape.ends_with(" | null") { shape } else { format!("{shape} | null") }
}
