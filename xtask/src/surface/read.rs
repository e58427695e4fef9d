//! The model, from the source of the wire.

use super::{
    model::{Content, Id, Kind, Member, Operation, Scalar, Shape, Surface, Type, Variant},
    words,
};
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;
use syn::{
    Attribute, Fields, FnArg, GenericArgument, Item, LitStr, Path, PathArguments, ReturnType, Token, UseTree,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

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
    let mut source = Source::default();
    for path in workspace.files()? {
        if let Some(module) = path.strip_prefix(ROOT).and_then(|path| path.strip_suffix(".rs")) {
            let module = format!("wire{}", module.replace('/', "::"));
            let module = module.strip_suffix("::mod").unwrap_or(&module).to_owned();
            let file = syn::parse_file(&workspace.read(&path)?).with_context(|| format!("{path} is no Rust"))?;
            source.add(module, file.items);
        }
    }
    let mut reading = Reading { source: &source, types: BTreeMap::new() };
    let operations = source.table()?.into_iter().map(|row| reading.operation(row)).collect::<Result<_>>()?;
    Ok(Surface { operations, types: reading.types })
}

/// The modules of the wire.
#[derive(Default)]
struct Source {
    modules: BTreeMap<String, Module>,
    table: Option<proc_macro2::TokenStream>,
}

#[derive(Default)]
struct Module {
    items: BTreeMap<String, Item>,
    /// What a name here is elsewhere.
    uses: BTreeMap<String, String>,
}

impl Source {
    fn add(&mut self, name: String, items: Vec<Item>) {
        let mut module = Module::default();
        for item in items {
            match item {
                Item::Use(using) => {
                    let mut uses = Vec::new();
                    flatten(&using.tree, String::new(), &mut uses);
                    module.uses.extend(uses.into_iter().map(|(short, path)| (short, absolute(&name, &path))));
                }
                Item::Macro(call) if call.mac.path.is_ident("operations") => self.table = Some(call.mac.tokens),
                Item::Struct(ref of) => drop(module.items.insert(of.ident.to_string(), item)),
                Item::Enum(ref of) => drop(module.items.insert(of.ident.to_string(), item)),
                Item::Fn(ref of) => drop(module.items.insert(of.sig.ident.to_string(), item)),
                Item::Type(ref of) => drop(module.items.insert(of.ident.to_string(), item)),
                _ => {}
            }
        }
        self.modules.insert(name, module);
    }

    fn table(&self) -> Result<Vec<Row>> {
        let tokens = self.table.clone().context("core/src/wire/mod.rs has no table `operations!`")?;
        Ok(syn::parse2::<Rows>(tokens)?.0)
    }

    /// Where a name of a module is declared in the wire; none where it comes from elsewhere.
    fn find(&self, module: &str, name: &str) -> Option<(Id, &Item)> {
        let of = self.modules.get(module)?;
        if let Some(item) = of.items.get(name) {
            return Some((Id { module: module.to_owned(), name: name.to_owned() }, item));
        }
        let (path, name) = of.uses.get(name)?.rsplit_once("::")?;
        self.find(path, name)
    }

    /// The last name of what a name stands for, as `NaiveDate` for `Date` of `use chrono::NaiveDate as Date`.
    fn original<'a>(&'a self, module: &str, name: &'a str) -> &'a str {
        let used = self.modules.get(module).and_then(|of| of.uses.get(name));
        used.map_or(name, |path| path.rsplit_once("::").map_or(path.as_str(), |(_, last)| last))
    }
}

/// A row of the table of operations.
struct Row {
    name: String,
    rule: String,
    about: String,
    call: Path,
}

struct Rows(Vec<Row>);

impl Parse for Rows {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut rows = Vec::new();
        while !input.is_empty() {
            let text = || -> syn::Result<String> {
                let text = input.parse::<LitStr>()?.value();
                input.parse::<Token![,]>()?;
                Ok(text)
            };
            let (name, rule, about) = (text()?, text()?, text()?);
            let call = input.parse()?;
            input.parse::<Token![;]>()?;
            rows.push(Row { name, rule, about, call });
        }
        Ok(Self(rows))
    }
}

fn flatten(tree: &UseTree, before: String, into: &mut Vec<(String, String)>) {
    let joined = |name: &syn::Ident| match before.as_str() {
        "" => name.to_string(),
        before => format!("{before}::{name}"),
    };
    match tree {
        UseTree::Path(path) => flatten(&path.tree, joined(&path.ident), into),
        UseTree::Name(name) if name.ident == "self" => {
            into.push((before.rsplit("::").next().unwrap_or(&before).to_owned(), before));
        }
        UseTree::Name(name) => into.push((name.ident.to_string(), joined(&name.ident))),
        UseTree::Rename(name) => into.push((name.rename.to_string(), joined(&name.ident))),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before.clone(), into)),
        UseTree::Glob(_) => {}
    }
}

/// The path of something used in a module, from the root of the crate.
fn absolute(module: &str, path: &str) -> String {
    let mut module: Vec<&str> = module.split("::").collect();
    let mut path = path;
    let mut relative = false;
    while let Some(rest) = path.strip_prefix("super::") {
        module.pop();
        (path, relative) = (rest, true);
    }
    if let Some(rest) = path.strip_prefix("crate::") {
        return rest.to_owned();
    }
    if let Some(rest) = path.strip_prefix("self::") {
        (path, relative) = (rest, true);
    }
    match relative {
        true => format!("{}::{path}", module.join("::")),
        false => path.to_owned(),
    }
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
            "Text" | "Shown" => return self.written(module, arguments.first().copied()),
            _ => match by_hand(&name) {
                Some(shape) => shape,
                None => self.named(module, path)?,
            },
        })
    }

    /// A value that stands as text.
    fn written(&mut self, module: &str, of: Option<&syn::Type>) -> Result<Shape> {
        let Some(syn::Type::Path(path)) = of else { bail!("a text of nothing in {module}") };
        let last = path.path.segments.last().context("a path without names")?.ident.to_string();
        let name = self.source.original(module, &last);
        if let Some((_, scalar)) = SCALARS.iter().find(|(known, _)| *known == name) {
            return Ok(Shape::Scalar(*scalar));
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

    fn members(&mut self, module: &str, fields: &Fields, rename_all: Option<&str>) -> Result<Vec<Member>> {
        let mut members = Vec::new();
        for field in fields {
            let name = field.ident.as_ref().context("a member without a name")?.to_string();
            let serde = Serde::of(&field.attrs).with_context(|| format!("of `{name}`"))?;
            let shape = self.shape(module, &field.ty).with_context(|| format!("of `{name}`"))?;
            let optional = serde.default || serde.skipped || matches!(shape, Shape::Optional(_));
            let name = serde.rename.unwrap_or_else(|| cased(&name, rename_all));
            members.push(Member { name, about: about(&field.attrs), shape, optional });
        }
        Ok(members)
    }
}

/// What the attributes of serde say.
#[derive(Default)]
struct Serde {
    rename: Option<String>,
    rename_all: Option<String>,
    untagged: bool,
    default: bool,
    /// Left out where it is empty.
    skipped: bool,
}

impl Serde {
    fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            for meta in attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)? {
                let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
                match name.as_str() {
                    "rename" => serde.rename = Some(text_of(&meta)?),
                    "rename_all" => serde.rename_all = Some(text_of(&meta)?),
                    "untagged" => serde.untagged = true,
                    "default" => serde.default = true,
                    "skip_serializing_if" => serde.skipped = true,
                    "deny_unknown_fields" => {}
                    _ => bail!("serde's `{name}`, which the model does not know"),
                }
            }
        }
        Ok(serde)
    }
}

fn text_of(meta: &syn::Meta) -> Result<String> {
    let value = &meta.require_name_value()?.value;
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Ok(text.value()),
        _ => Err(anyhow!("a name that is no text")),
    }
}

/// The comment that stands at something, its lines joined.
fn about(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines: Vec<String> =
        lines.filter_map(|line| text_of(&line.meta).ok()).map(|line| line.trim().to_owned()).collect();
    lines.join(" ").trim().replace("[`", "`").replace("`]", "`")
}

fn cased(name: &str, rename_all: Option<&str>) -> String {
    match rename_all {
        Some("snake_case") => {
            let mut cased = String::new();
            for (index, letter) in name.chars().enumerate() {
                if letter.is_ascii_uppercase() && index > 0 {
                    cased.push('_');
                }
                cased.push(letter.to_ascii_lowercase());
            }
            cased
        }
        Some("PascalCase") => name.split('_').map(capital).collect(),
        _ => name.to_owned(),
    }
}

/// With a capital at its beginning.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
