//! Which shape stands where: the `.js` file of a module.

use super::{
    Node, WIRE,
    text::{bracketed, camel, head, key, quoted},
};
use crate::surface::{
    layout::{SHARED, Way, members_of},
    model::{Content, Id, Kind, Member, Scalar, Shape, Variant},
    unions,
};
use anyhow::{Result, bail};

/// What `lib/codec` exports for these files.
const COMBINATORS: [&str; 17] = [
    "bigInteger",
    "bool",
    "countOrWord",
    "date",
    "decimal",
    "document",
    "either",
    "instant",
    "integer",
    "list",
    "map",
    "oneOf",
    "record",
    "tagged",
    "text",
    "value",
    "word",
];

impl Node<'_> {
    pub(super) fn script(&self, module: &str) -> Result<String> {
        let mut shapes = String::new();
        let mut names = Vec::new();
        for way in [Way::Out, Way::In] {
            for id in self.layout.declared(module, way) {
                if let Some((open, members)) = self.declared_shape(id, way)? {
                    let name = self.layout.name(id, way);
                    let open = [open.as_str(), "})"];
                    shapes.push('\n');
                    shapes.push_str(&bracketed(&format!("const {name} = "), open, &members, ";"));
                    names.push(name.to_owned());
                }
            }
        }
        let mut functions = Vec::new();
        for operation in self.operations(module) {
            let input = self.members(members_of(self.layout.surface, operation)?, Way::In)?;
            let name = format!("{}.{}", operation.context, operation.verb);
            let answer = self.shape(&operation.answer, Way::Out)?;
            let call = format!("{}: operation('{name}', ", camel(&operation.verb));
            functions.push(bracketed(&call, ["record({", "})"], &input, &format!(", {answer}),")));
        }
        names.sort_unstable();
        let all = format!("{shapes}{}", functions.concat());
        let mut script = format!(
            "// @ts-nocheck: its types stand in the `.d.ts` beside it.\n'use strict';\n\n{}\n",
            head(WIRE, &about(module))
        );
        let mut used: Vec<String> =
            COMBINATORS.iter().filter(|name| has_word(&all, name)).map(|name| (*name).to_owned()).collect();
        if !functions.is_empty() {
            used.push("operation".to_owned());
            used.sort_unstable();
        }
        script.push_str(&bracketed("const ", ["{", "}"], &used, " = require('../codec');"));
        let shared: Vec<String> =
            self.shared_names(module).into_iter().filter(|name| has_word(&all, name)).map(ToOwned::to_owned).collect();
        if !shared.is_empty() {
            script.push_str(&bracketed("const ", ["{", "}"], &shared, " = require('./shared');"));
        }
        script.push_str(&shapes);
        if module == SHARED {
            script.push_str(&format!("\n{}", bracketed("module.exports = ", ["{", "}"], &names, ";")));
        } else {
            script.push_str(&format!("\n{}", bracketed("const shapes = ", ["{", "}"], &names, ";")));
            let functions: String = functions.concat().lines().map(|line| format!("  {line}\n")).collect();
            script.push_str(&format!("\nmodule.exports = {{\n  shapes,\n{functions}}};\n"));
        }
        Ok(script)
    }

    /// The shape of a declared type, by its opening and members; none of one that stands where it is used, or is read as
    /// one of several.
    fn declared_shape(&self, id: &Id, way: Way) -> Result<Option<(String, Vec<String>)>> {
        let Some(of) = self.layout.surface.types.get(id) else { return Ok(None) };
        Ok(match &of.kind {
            Kind::Struct(_) if self.layout.lacking(id, way).is_some() => None,
            Kind::Struct(members) => Some(("record({".to_owned(), self.members(members, way)?)),
            Kind::OneOf(variants) if variants.iter().all(Variant::is_text) => None,
            Kind::OneOf(variants) => {
                let mut all = Vec::new();
                for Variant { name, content, .. } in variants {
                    let shape = match content {
                        Content::Nothing => "null".to_owned(),
                        Content::Of(shape) => self.shape(shape, way)?,
                        Content::Members(members) => {
                            format!("record({{ {} }})", self.members(members, way)?.join(", "))
                        }
                    };
                    if name == "kind" {
                        bail!("`kind` is a variant of `{}`: it says which of them it is", of.name);
                    }
                    all.push(format!("{}: {shape}", key(name)));
                }
                Some(("oneOf({".to_owned(), all))
            }
            Kind::Tagged { tag, variants } => {
                let shape = |variant: &Variant| {
                    let members = bracketed("", ["record({", "})"], &self.members(variant.members(), way)?, "");
                    Ok(format!("{}: {}", key(&variant.name), members.trim_end()))
                };
                let variants = variants.iter().map(shape).collect::<Result<_>>()?;
                Some((format!("tagged({}, {{", quoted(tag)), variants))
            }
            Kind::AnyOf(_) => match unions::records(self.layout.surface, of).filter(|_| way == Way::Out) {
                Some(records) => Some(("record({".to_owned(), self.all_members(&records)?)),
                None => None,
            },
        })
    }

    fn is_count_or_word(&self, shapes: &[Shape]) -> bool {
        let [Shape::Integer, word] = shapes else { return false };
        *word == Shape::Text || self.shape(word, Way::Out).is_ok_and(|shape| shape == "word")
    }

    /// The members of all records, each once.
    fn all_members(&self, records: &[(&Id, &[Member])]) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for (_, members) in records {
            for member in self.members(members, Way::Out)? {
                if !all.contains(&member) {
                    all.push(member);
                }
            }
        }
        if all.len() > unions::names_of(records).len() {
            bail!("of several records a member is not the same in each: {}", all.join(", "));
        }
        Ok(all)
    }

    fn members(&self, members: &[Member], way: Way) -> Result<Vec<String>> {
        members.iter().map(|member| Ok(format!("{}: {}", key(&member.name), self.shape(&member.shape, way)?))).collect()
    }

    fn shape(&self, shape: &Shape, way: Way) -> Result<String> {
        Ok(match shape {
            Shape::Bool => "bool".to_owned(),
            Shape::Integer => "integer".to_owned(),
            Shape::Text => "text".to_owned(),
            Shape::Card => "document".to_owned(),
            Shape::Scalar(scalar) => of_scalar(*scalar).to_owned(),
            Shape::List(of) | Shape::Pair(of) => format!("list({})", self.shape(of, way)?),
            Shape::Map(of) => format!("map({})", self.shape(of, way)?),
            Shape::Optional(of) => self.shape(of, way)?,
            Shape::Named(id) => match self.layout.surface.types.get(id).map(|of| &of.kind) {
                Some(Kind::OneOf(variants)) if variants.iter().all(Variant::is_text) => "word".to_owned(),
                Some(Kind::AnyOf(shapes)) if self.is_count_or_word(shapes) => "countOrWord".to_owned(),
                Some(Kind::AnyOf(shapes)) if !self.layout.is_declared(id, way) || way == Way::In => {
                    match shapes.as_slice() {
                        [plain, members @ Shape::Named(_)] => {
                            format!("either({}, {})", self.shape(plain, way)?, self.shape(members, way)?)
                        }
                        _ => bail!("`{}` is any of {shapes:?}, for which there is no shape", id.name),
                    }
                }
                _ => self.layout.name(id, way).to_owned(),
            },
        })
    }
}

/// What the files of a module are about.
pub(super) fn about(module: &str) -> String {
    match module {
        SHARED => "// What several contexts take and answer with.\n".to_owned(),
        context => format!("// The operations of `{context}`, what they take, and what they answer with.\n"),
    }
}

fn of_scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Decimal | Scalar::Exact => "decimal",
        Scalar::Integer => "bigInteger",
        Scalar::Instant => "instant",
        Scalar::Date => "date",
        _ => "value",
    }
}

pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.split(|each: char| !each.is_alphanumeric() && each != '_').any(|each| each == word)
}
