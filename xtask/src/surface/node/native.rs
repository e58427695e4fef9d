//! What the native module exports, as `lib/native.d.ts`: read from the functions of `bindings-node/src` that have `#[napi]`.
//!
//! It is for the JavaScript of the package alone. A handle is an `External` that says what it holds, so that one is not
//! passed where another belongs.

use super::{
    COMMAND,
    text::{camel, comment, head},
};
use crate::{generated::Generated, surface::read::about, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use syn::{Attribute, FnArg, GenericArgument, Item, ItemFn, LitStr, Pat, PathArguments, PathSegment, ReturnType, Type};

const SOURCES: &str = "bindings-node/src/";
const PATH: &str = "bindings-node/lib/native.d.ts";
const ABOUT: &str =
    "// What the native module exports. For the files beside this one alone: people call what `index.d.ts` declares.

declare const held: unique symbol;
/** What is kept in Rust. */
export interface External<Name extends string> {
  readonly [held]: Name;
}

/** What was thrown, as what people catch. */
export declare function told(error: unknown): unknown;
";

/// The declarations of all functions, by their files.
///
/// # Errors
/// Where a function takes or gives a type that is not known here.
pub(crate) fn native(workspace: &Workspace) -> Result<Generated> {
    let mut text = head(SOURCES, ABOUT);
    for path in workspace.files()?.iter().filter(|path| path.starts_with(SOURCES) && path.ends_with(".rs")) {
        let source = syn::parse_file(&workspace.read(path)?).with_context(|| format!("in {path}"))?;
        for item in &source.items {
            if let Item::Fn(function) = item
                && let Some(napi) = function.attrs.iter().find(|attribute| attribute.path().is_ident("napi"))
            {
                let declared =
                    declaration(function, napi).with_context(|| format!("in {path}: `{}`", function.sig.ident))?;
                text.push_str(&declared);
            }
        }
    }
    Ok(Generated { path: PATH.to_owned(), text, command: COMMAND })
}

fn declaration(function: &ItemFn, napi: &Attribute) -> Result<String> {
    let mut arguments = Vec::new();
    for argument in &function.sig.inputs {
        let FnArg::Typed(argument) = argument else { bail!("a method, which is no function of its own") };
        let Pat::Ident(name) = &*argument.pat else { bail!("an argument without a name") };
        if segment(&argument.ty).is_ok_and(|of| of.ident == "Env") {
            continue;
        }
        let napi = argument.attrs.iter().find(|attribute| attribute.path().is_ident("napi"));
        let of = match napi.map(|napi| told(napi, "ts_arg_type")).transpose()?.flatten() {
            Some(said) => said,
            None => type_of(&argument.ty)?,
        };
        arguments.push(format!("{}: {of}", camel(&name.ident.to_string())));
    }
    let answer = match (told(napi, "ts_return_type")?, &function.sig.output) {
        (Some(said), _) => said,
        (None, ReturnType::Default) => "void".to_owned(),
        (None, ReturnType::Type(_, of)) => type_of(of)?,
    };
    let mut text = format!("\n{}", comment("", &about(&function.attrs)));
    let name = camel(&function.sig.ident.to_string());
    let _ = writeln!(text, "export declare function {name}({}): {answer};", arguments.join(", "));
    Ok(text)
}

/// What an attribute of napi says by a name; none where it does not.
fn told(napi: &Attribute, name: &str) -> Result<Option<String>> {
    let mut told = None;
    if matches!(napi.meta, syn::Meta::List(_)) {
        napi.parse_nested_meta(|meta| {
            let is_it = meta.path.is_ident(name);
            if let Ok(value) = meta.value() {
                let value: LitStr = value.parse()?;
                told = is_it.then(|| value.value()).or_else(|| told.take());
            }
            Ok(())
        })?;
    }
    Ok(told)
}

fn type_of(of: &Type) -> Result<String> {
    if let Type::Tuple(tuple) = of
        && tuple.elems.is_empty()
    {
        return Ok("void".to_owned());
    }
    if let Type::Slice(slice) = inner(of) {
        return Ok(format!("{}[]", type_of(&slice.elem)?));
    }
    let segment = segment(of)?;
    let only = || generic(segment).with_context(|| format!("`{}` of nothing", segment.ident));
    Ok(match segment.ident.to_string().as_str() {
        "String" | "str" => "string".to_owned(),
        "bool" => "boolean".to_owned(),
        "f64" | "u32" | "i32" | "u8" | "u16" => "number".to_owned(),
        "BigInt" | "i64" | "u64" | "i128" | "u128" => "bigint".to_owned(),
        array @ ("Buffer" | "BigInt64Array" | "BigUint64Array" | "Uint8Array" | "Int32Array" | "Uint32Array") => {
            array.to_owned()
        }
        "Result" => type_of(only()?)?,
        "Vec" => format!("{}[]", type_of(only()?)?),
        "Option" => format!("{} | null", type_of(only()?)?),
        "External" => format!("External<'{}'>", self::segment(only()?)?.ident),
        "Either" => generics(segment).map(type_of).collect::<Result<Vec<_>>>()?.join(" | "),
        other => bail!("`{other}` is no type that is known here: say `ts_return_type` or `ts_arg_type`, or add it"),
    })
}

/// What a reference refers to.
fn inner(of: &Type) -> &Type {
    match of {
        Type::Reference(reference) => &reference.elem,
        other => other,
    }
}

/// The last name of a type's path.
fn segment(of: &Type) -> Result<&PathSegment> {
    match inner(of) {
        Type::Path(path) => path.path.segments.last().context("a path of nothing"),
        _ => bail!("a type without a name: say `ts_return_type` or `ts_arg_type`"),
    }
}

/// The first type between the brackets.
fn generic(segment: &PathSegment) -> Option<&Type> {
    generics(segment).next()
}

/// The types between the brackets.
fn generics(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    };
    arguments.into_iter().flat_map(|arguments| &arguments.args).filter_map(|argument| match argument {
        GenericArgument::Type(of) => Some(of),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(source: &str) -> Result<String> {
        let function: ItemFn = syn::parse_str(source)?;
        let napi = function.attrs.iter().find(|attribute| attribute.path().is_ident("napi")).context("no attribute")?;
        declaration(&function, napi)
    }

    #[test]
    fn a_handle_says_what_it_holds() -> Result<()> {
        let text = declared(
            "/// Splits it.
             #[napi(catch_unwind)]
             pub(crate) fn mini_split(range: &External<Range>, length: u32, parts: Option<Vec<String>>) -> Result<External<Ranges>> {}",
        )?;
        let line = "export declare function miniSplit(range: External<'Range'>, length: number, parts: string[] | null): External<'Ranges'>;";
        assert_eq!(text, format!("\n/** Splits it. */\n{line}\n"));
        Ok(())
    }

    #[test]
    fn one_of_two_is_either() -> Result<()> {
        let text =
            declared("#[napi] fn at(start: Option<Either<f64, String>>, of: Either<&External<Spec>, String>) {}")?;
        let line = "export declare function at(start: number | string | null, of: External<'Spec'> | string): void;";
        assert_eq!(text, format!("\n{line}\n"));
        Ok(())
    }

    #[test]
    fn what_is_said_comes_before_what_is_read() -> Result<()> {
        let text = declared(
            "#[napi(ts_return_type = \"Promise<Buffer>\")] fn rate(env: Env, name: &str) -> AsyncTask<Rate> {}",
        )?;
        assert_eq!(text, "\nexport declare function rate(name: string): Promise<Buffer>;\n");
        Ok(())
    }

    #[test]
    fn a_type_that_is_not_known_is_no_guess() {
        let fault = declared("#[napi] fn rate(of: Strange) {}").map_err(|error| error.to_string());
        assert!(fault.is_err_and(|fault| fault.contains("`Strange`")), "a guess");
    }
}
