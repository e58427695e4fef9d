//! The model, from the source of the wire.

mod attributes;
mod source;
mod tags;

pub(super) use attributes::{about, capital};

use self::{
    attributes::{Serde, cased},
    source::{Row, Source, absolute},
};
use super::{
    model::{Content, Id, Kind, Member, Operation, Scalar, Shape, Surface, Type, Variant},
    words,
};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use syn::{Fields, FnArg, GenericArgument, Item, Path, PathArguments, ReturnType, ext::IdentExt};

const ROOT: &str = "core/src/wire";

/// Values that are written as text, and what they are.
const SCALARS: &[(&str, Scalar)] = &[
    ("Decimal", Scalar::Decimal),
    ("Exact", Scalar::Exact),
    ("Ratio", Scalar::Exact),
    ("u128", Scalar::Integer),
    ("Money", Scalar::Money),
    ("Quantity", Scalar::Quantity),
    ("Instant", Scalar::Instant),
    ("NaiveDate", Scalar::Date),
    ("NaiveDateTime", Scalar::ClockTime),
    ("IpAddress", Scalar::Address),
    ("IpPrefix", Scalar::Prefix),
    ("IpRange", Scalar::Range),
    ("IpInterval", Scalar::Interval),
    ("ResourceQuantity", Scalar::ResourceQuantity),
];

/// Types with a reader or writer of their own, and what they read or write.
fn by_hand(name: &str) -> Option<Shape> {
    let map = |of| Shape::Map(Box::new(of));
    Some(match name {
        "SpecIn" => map(Shape::Scalar(Scalar::Quantity)),
        "ByModel" => map(Shape::Integer),
        name if OF_CARDS.contains(&name) => Shape::Card,
        _ => return None,
    })
}

/// Parts of card files, which the room `pricing` reads.
const OF_CARDS: &[&str] = &["CardFile", "DiscountsFile", "RateFile"];

/// Enums with a reader of their own that takes what any of their variants holds.
const READ_BY_HAND: &[&str] = &["SupplyIn"];

/// Reads all of it.
pub(super) fn surface(workspace: &Workspace) -> Result<Surface> {
    let paths = workspace.files()?.into_iter().filter(|path| path.starts_with(ROOT) && path.ends_with(".rs"));
    let files = paths.map(|path| Ok((workspace.read(&path)?, path))).collect::<Result<Vec<_>>>()?;
    surface_of(files.iter().map(|(text, path)| (path.as_str(), text.as_str())))
}

/// The same of files, each by its path from the root of the workspace.
pub(super) fn surface_of<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> Result<Surface> {
    let mut source = Source::default();
    for (path, text) in files {
        let module = path.trim_start_matches(ROOT).trim_end_matches(".rs");
        let module = format!("wire{}", module.replace('/', "::"));
        let module = module.strip_suffix("::mod").unwrap_or(&module).to_owned();
        let file = syn::parse_file(text).with_context(|| format!("{path} is no Rust"))?;
        source.add(module, file.items);
    }
    let mut reading = Reading { source: &source, types: BTreeMap::new() };
    let operations = source.table()?.into_iter().map(|row| reading.operation(row)).collect::<Result<_>>()?;
    let surface = Surface { operations, types: reading.types };
    tags::check(&surface)?;
    Ok(surface)
}

struct Reading<'s> {
    source: &'s Source,
    types: BTreeMap<Id, Type>,
}

impl Reading<'_> {
    fn operation(&mut self, row: Row) -> Result<Operation> {
        let Row { name, rule, about, call } = row;
        let (context, verb) = name.split_once('.').with_context(|| format!("`{name}` is no `context.verb`"))?;
        let path: Vec<String> = call.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (verb_of, module) = path.split_last().with_context(|| format!("`{name}` calls nothing"))?;
        let module = format!("wire::{}", module.join("::"));
        let Some((id, Item::Fn(called))) = self.source.find(&module, verb_of) else {
            bail!("`{name}` calls `{}`, which is not found", path.join("::"));
        };
        let Some(FnArg::Typed(input)) = called.sig.inputs.first() else { bail!("`{name}` takes nothing") };
        let ReturnType::Type(_, answer) = &called.sig.output else { bail!("`{name}` answers with nothing") };
        let (input, answer) = (self.shape(&id.module, &input.ty)?, self.shape(&id.module, answer)?);
        let Shape::Named(input) = input else { bail!("the input of `{name}` is no struct") };
        let (context, verb) = (context.to_owned(), verb.to_owned());
        Ok(Operation { context, verb, rule, about, input, answer })
    }

    fn shape(&mut self, module: &str, of: &syn::Type) -> Result<Shape> {
        match of {
            syn::Type::Path(path) => self.path(module, &path.path),
            syn::Type::Reference(reference) => self.shape(module, &reference.elem),
            syn::Type::Array(array) => Ok(Shape::Pair(Box::new(self.shape(module, &array.elem)?))),
            _ => bail!("a type in {module} that is not known"),
        }
    }

    fn path(&mut self, module: &str, path: &Path) -> Result<Shape> {
        let last = path.segments.last().context("a path without names")?;
        let name = last.ident.to_string();
        let arguments: Vec<&syn::Type> = match &last.arguments {
            PathArguments::AngleBracketed(all) => all
                .args
                .iter()
                .filter_map(|each| if let GenericArgument::Type(of) = each { Some(of) } else { None })
                .collect(),
            _ => Vec::new(),
        };
        let mut inner = |index: usize| -> Result<Box<Shape>> {
            let of = arguments.get(index).with_context(|| format!("`{name}` in {module} is of nothing"))?;
            Ok(Box::new(self.shape(module, of)?))
        };
        Ok(match name.as_str() {
            "bool" => Shape::Bool,
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" => Shape::Integer,
            "String" | "str" => Shape::Text,
            "Result" | "Object" | "Box" => *inner(0)?,
            "Option" => Shape::Optional(inner(0)?),
            "Vec" | "BTreeSet" => Shape::List(inner(0)?),
            "BTreeMap" => Shape::Map(inner(1)?),
            "EachOnce" => Shape::Map(inner(0)?),
            "Text" | "Shown" | "Word" => return self.written(module, arguments.first().copied(), name == "Text"),
            _ => match by_hand(&name) {
                Some(shape) => shape,
                None => self.named(module, path)?,
            },
        })
    }

    /// A value that stands as text.
    fn written(&mut self, module: &str, of: Option<&syn::Type>, is_read: bool) -> Result<Shape> {
        let Some(syn::Type::Path(path)) = of else { bail!("a text of nothing in {module}") };
        let last = path.path.segments.last().context("a path without names")?.ident.to_string();
        let name = self.source.original(module, &last);
        if let Some((_, scalar)) = SCALARS.iter().find(|(known, _)| *known == name) {
            return Ok(Shape::Scalar(*scalar));
        }
        if is_read && words::IN_SEVERAL_LANGUAGES.contains(&name) {
            return Ok(Shape::Text);
        }
        let Some((id, of)) = words::closed(name) else { return Ok(Shape::Text) };
        self.types.insert(id.clone(), of);
        Ok(Shape::Named(id))
    }

    fn named(&mut self, module: &str, path: &Path) -> Result<Shape> {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (name, before) = names.split_last().context("a path without names")?;
        let place = match before {
            [] => module.to_owned(),
            before => absolute(module, &format!("{}::", before.join("::"))).trim_end_matches("::").to_owned(),
        };
        let found = self.source.find(&place, name);
        let (id, item) = found
            .with_context(|| format!("`{}` in {module} is a type that the model does not know", names.join("::")))?;
        if let Item::Type(alias) = item {
            return self.shape(&id.module, &alias.ty);
        }
        if !self.types.contains_key(&id) {
            let read = self.declared(&id, item).with_context(|| format!("in `{}::{}`", id.module, id.name))?;
            self.types.insert(id.clone(), read);
        }
        Ok(Shape::Named(id))
    }

    fn declared(&mut self, id: &Id, item: &Item) -> Result<Type> {
        let module = &id.module;
        let (attributes, kind) = match item {
            Item::Struct(of) => {
                let serde = Serde::of(&of.attrs)?;
                (&of.attrs, Kind::Struct(self.members(module, &of.fields, serde.rename_all.as_deref())?))
            }
            Item::Enum(of) => (&of.attrs, self.variants(id, of)?),
            _ => bail!("neither a struct nor an enum"),
        };
        let serde = Serde::of(attributes)?;
        let name = serde.rename.unwrap_or_else(|| id.name.strip_suffix("Out").unwrap_or(&id.name).to_owned());
        Ok(Type { name, about: about(attributes), kind })
    }

    fn variants(&mut self, id: &Id, of: &syn::ItemEnum) -> Result<Kind> {
        let module = &id.module;
        let serde = Serde::of(&of.attrs)?;
        if let Some(tag) = serde.tag {
            return self.tagged(module, of, tag, serde.rename_all.as_deref());
        }
        let any = serde.untagged || READ_BY_HAND.contains(&id.name.as_str());
        let mut variants = Vec::new();
        let mut shapes = Vec::new();
        for variant in &of.variants {
            let own = Serde::of(&variant.attrs)?;
            let written = variant.ident.to_string();
            let name = own.rename.unwrap_or_else(|| cased(&written, serde.rename_all.as_deref()));
            let content = match &variant.fields {
                Fields::Unit => Content::Nothing,
                Fields::Unnamed(fields) => {
                    let field = fields.unnamed.first().filter(|_| fields.unnamed.len() == 1);
                    Content::Of(self.shape(module, &field.context("a variant of several things")?.ty)?)
                }
                fields @ Fields::Named(_) => Content::Members(self.members(module, fields, None)?),
            };
            match (any, &content) {
                (true, Content::Of(shape)) => shapes.push(shape.clone()),
                (true, _) => bail!("an untagged enum with more than a thing in a variant"),
                (false, _) => variants.push(Variant { name, about: about(&variant.attrs), content }),
            }
        }
        Ok(if any { Kind::AnyOf(shapes) } else { Kind::OneOf(variants) })
    }

    fn tagged(&mut self, module: &str, of: &syn::ItemEnum, tag: String, rename_all: Option<&str>) -> Result<Kind> {
        let mut variants = Vec::new();
        for variant in &of.variants {
            let own = Serde::of(&variant.attrs)?;
            let name = own.rename.unwrap_or_else(|| cased(&variant.ident.to_string(), rename_all));
            let content = match &variant.fields {
                Fields::Unit => Content::Nothing,
                Fields::Unnamed(_) => bail!("a variant beside whose tag stands something without a name"),
                fields @ Fields::Named(_) => Content::Members(self.members(module, fields, None)?),
            };
            variants.push(Variant { name, about: about(&variant.attrs), content });
        }
        Ok(Kind::Tagged { tag, variants })
    }

    fn members(&mut self, module: &str, fields: &Fields, rename_all: Option<&str>) -> Result<Vec<Member>> {
        let mut members = Vec::new();
        for field in fields {
            let name = field.ident.as_ref().context("a member without a name")?.unraw().to_string();
            let serde = Serde::of(&field.attrs).with_context(|| format!("of `{name}`"))?;
            let shape = self.shape(module, &field.ty).with_context(|| format!("of `{name}`"))?;
            let optional = serde.default || serde.skipped || matches!(shape, Shape::Optional(_));
            let name = serde.rename.unwrap_or_else(|| cased(&name, rename_all));
            members.push(Member { name, about: about(&field.attrs), shape, optional });
        }
        Ok(members)
    }
}
