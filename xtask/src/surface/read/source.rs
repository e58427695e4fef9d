//! The modules of the wire, and what their names stand for.

use crate::surface::model::Id;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use syn::{
    Item, LitStr, Path, Token, UseTree,
    parse::{Parse, ParseStream},
};

/// The modules of the wire.
#[derive(Default)]
pub(super) struct Source {
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
    pub(super) fn add(&mut self, name: String, items: Vec<Item>) {
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

    pub(super) fn table(&self) -> Result<Vec<Row>> {
        let tokens = self.table.clone().context("core/src/wire/mod.rs has no table `operations!`")?;
        Ok(syn::parse2::<Rows>(tokens)?.0)
    }

    /// Where a name of a module is declared in the wire; none where it comes from elsewhere.
    pub(super) fn find(&self, module: &str, name: &str) -> Option<(Id, &Item)> {
        let of = self.modules.get(module)?;
        if let Some(item) = of.items.get(name) {
            return Some((Id { module: module.to_owned(), name: name.to_owned() }, item));
        }
        let (path, name) = of.uses.get(name)?.rsplit_once("::")?;
        self.find(path, name)
    }

    /// The last name of what a name stands for, as `NaiveDate` for `Date` of `use chrono::NaiveDate as Date`.
    pub(super) fn original<'a>(&'a self, module: &str, name: &'a str) -> &'a str {
        let used = self.modules.get(module).and_then(|of| of.uses.get(name));
        used.map_or(name, |path| path.rsplit_once("::").map_or(path.as_str(), |(_, last)| last))
    }
}

/// A row of the table of operations.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) rule: String,
    pub(super) about: String,
    pub(super) call: Path,
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
pub(super) fn absolute(module: &str, path: &str) -> String {
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
