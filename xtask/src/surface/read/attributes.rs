//! What stands at a declaration: its comment, and what serde is told.

use anyhow::{Result, anyhow, bail};
use syn::{Attribute, Token, punctuated::Punctuated};

/// What the attributes of serde say.
#[derive(Default)]
pub(super) struct Serde {
    pub(super) rename: Option<String>,
    pub(super) rename_all: Option<String>,
    /// The member that says which variant it is.
    pub(super) tag: Option<String>,
    pub(super) untagged: bool,
    pub(super) default: bool,
    /// Left out where it is empty.
    pub(super) skipped: bool,
}

impl Serde {
    pub(super) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            for meta in attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)? {
                let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
                match name.as_str() {
                    "rename" => serde.rename = Some(text_of(&meta)?),
                    "rename_all" => serde.rename_all = Some(text_of(&meta)?),
                    "tag" => serde.tag = Some(text_of(&meta)?),
                    "untagged" => serde.untagged = true,
                    "default" => serde.default = true,
                    "skip_serializing_if" => serde.skipped = true,
                    // How it is read, which does not change what it is.
                    "deny_unknown_fields" | "deserialize_with" => {}
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
pub(in crate::surface) fn about(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines: Vec<String> =
        lines.filter_map(|line| text_of(&line.meta).ok()).map(|line| line.trim().to_owned()).collect();
    lines.join(" ").trim().replace("[`", "`").replace("`]", "`")
}

pub(super) fn cased(name: &str, rename_all: Option<&str>) -> String {
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
pub(in crate::surface) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
