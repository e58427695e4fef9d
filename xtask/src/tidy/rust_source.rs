//! Reads Rust as tokens: comments, strings and the insides of macros are told apart, and nothing is
//! expanded. That is all that the checks need, and it does not mind code that does not compile yet.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// A path out of a room, as written in `use` or in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// What it names directly under the crate's root; none where it takes the root itself, as
    /// `use crate::*` does.
    pub(super) room: Option<String>,
    /// The line, from 1.
    pub(super) line: usize,
}

/// What leads out of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// Paths that pass the crate's root, outside of `#[cfg(test)]`.
    pub(super) imports: Vec<Import>,
    /// Modules in files of their own that are declared under `#[cfg(test)]`, by their whole path.
    pub(super) test_modules: Vec<Vec<String>>,
}

/// The tokens of a file.
///
/// # Errors
/// Where the text is no Rust.
pub(super) fn tokens(text: &str) -> Result<Vec<TokenTree>> {
    let stream: TokenStream = text.parse().map_err(|error| anyhow!("{error}"))?;
    Ok(stream.into_iter().collect())
}

/// The module that a file of a crate is: `["metering", "history"]` for `src/metering/history.rs`.
pub(super) fn module_of(path_in_src: &str) -> Vec<String> {
    let mut module: Vec<_> = path_in_src.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// What leads out of the tokens of a module.
pub(super) fn outline(module: &[String], tokens: &[TokenTree]) -> Outline {
    let mut outline = Outline::default();
    outline.walk(&mut module.to_vec(), tokens);
    outline
}

impl Outline {
    fn walk(&mut self, module: &mut Vec<String>, mut rest: &[TokenTree]) {
        while let [first, tail @ ..] = rest {
            rest = match (first, tail) {
                (TokenTree::Punct(hash), [TokenTree::Group(attribute), item @ ..])
                    if hash.as_char() == '#' && is_cfg_test(attribute) =>
                {
                    self.skip_test_item(module, item)
                }
                (TokenTree::Ident(word), [TokenTree::Ident(name), TokenTree::Group(body), after @ ..])
                    if word == "mod" && body.delimiter() == Delimiter::Brace =>
                {
                    module.push(name.to_string());
                    self.walk(module, &inside(body));
                    module.pop();
                    after
                }
                (TokenTree::Ident(word), _) => match root_of(module, word) {
                    Some(base) => match after_colons(tail) {
                        Some(path) => self.path(base, path),
                        None => tail,
                    },
                    None => tail,
                },
                (TokenTree::Group(group), _) => {
                    self.walk(module, &inside(group));
                    tail
                }
                _ => tail,
            };
        }
    }

    /// Follows a path or a tree of `use` from `base` until it names something; gives what is left.
    fn path<'t>(&mut self, mut base: Vec<String>, path: &'t [TokenTree]) -> &'t [TokenTree] {
        let Some((first, tail)) = path.split_first() else { return path };
        let line = first.span().start().line;
        match first {
            TokenTree::Ident(word) if word == "super" => {
                base.pop();
                match after_colons(tail) {
                    Some(further) => self.path(base, further),
                    None => {
                        self.names(&base, None, line);
                        tail
                    }
                }
            }
            TokenTree::Ident(word) if word == "self" => {
                self.names(&base, None, line);
                tail
            }
            TokenTree::Ident(name) => {
                self.names(&base, Some(name.to_string()), line);
                tail
            }
            TokenTree::Punct(star) if star.as_char() == '*' => {
                self.names(&base, None, line);
                tail
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                for branch in
                    inside(group).split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
                {
                    self.path(base.clone(), branch);
                }
                tail
            }
            _ => path,
        }
    }

    /// Takes note of a name, where the path before it is the crate's root.
    fn names(&mut self, base: &[String], room: Option<String>, line: usize) {
        if base.is_empty() {
            self.imports.push(Import { room, line });
        }
    }

    /// Passes over what `#[cfg(test)]` stands before: up to its body or its semicolon.
    fn skip_test_item<'t>(&mut self, module: &[String], mut item: &'t [TokenTree]) -> &'t [TokenTree] {
        let mut name = None;
        while let [first, tail @ ..] = item {
            item = tail;
            match first {
                TokenTree::Ident(word) if word == "mod" => name = tail.first().map(TokenTree::to_string),
                TokenTree::Punct(end) if end.as_char() == ';' => {
                    if let Some(name) = name {
                        self.test_modules.push(module.iter().cloned().chain([name]).collect());
                    }
                    break;
                }
                TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => break,
                _ => {}
            }
        }
        item
    }
}

/// Where a path that starts with this word starts from.
fn root_of(module: &[String], word: &Ident) -> Option<Vec<String>> {
    if word == "crate" {
        return Some(Vec::new());
    }
    if word == "self" {
        return Some(module.to_vec());
    }
    let parent = module.split_last().map_or_else(Vec::new, |(_, parent)| parent.to_vec());
    (word == "super").then_some(parent)
}

/// What follows `::`, where that comes next.
fn after_colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(first), TokenTree::Punct(second), after @ ..]
            if first.as_char() == ':' && second.as_char() == ':' =>
        {
            Some(after)
        }
        _ => None,
    }
}

/// Whether an attribute, as written in brackets, is exactly `cfg(test)`.
fn is_cfg_test(attribute: &Group) -> bool {
    match inside(attribute).as_slice() {
        [TokenTree::Ident(cfg), TokenTree::Group(condition)] => {
            cfg == "cfg" && matches!(inside(condition).as_slice(), [TokenTree::Ident(test)] if test == "test")
        }
        _ => false,
    }
}

/// The tokens between the delimiters.
pub(super) fn inside(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rooms that a text in `metering::history` imports; the root itself is `*`.
    fn rooms(text: &str) -> Vec<String> {
        let module = module_of("metering/history.rs");
        let outline = outline(&module, &tokens(text).unwrap());
        outline.imports.into_iter().map(|import| import.room.unwrap_or_else(|| "*".to_owned())).collect()
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of("metering/history.rs"), ["metering", "history"]);
        assert_eq!(module_of("metering/mod.rs"), ["metering"]);
        assert_eq!(module_of("metering.rs"), ["metering"]);
        assert!(module_of("lib.rs").is_empty());
    }

    #[test]
    fn uses_are_read() {
        assert_eq!(rooms("use crate::time::Instant;"), ["time"]);
        assert_eq!(rooms("pub(crate) use crate::time::{Instant, Period as P};"), ["time"]);
        assert_eq!(rooms("use ::std::crate_time::X;"), [""; 0]);
    }

    #[test]
    fn groups_are_read() {
        assert_eq!(rooms("use crate::{time, units::Unit};"), ["time", "units"]);
        assert_eq!(rooms("use crate::{time::{self, Instant}, exact::{decimal::{self}, Exact}};"), ["time", "exact"]);
        assert_eq!(rooms("use crate::{\n  time,\n  money::{Money, Rounding},\n};"), ["time", "money"]);
    }

    #[test]
    fn the_way_up_is_followed() {
        assert_eq!(rooms("use super::super::money::Money;"), ["money"]);
        assert_eq!(rooms("use super::{super::money::Money, spans::Span};"), ["money"]);
        assert_eq!(rooms("use super::super::{money, time};"), ["money", "time"]);
        assert_eq!(rooms("use self::super::super::money;"), ["money"]);
        assert_eq!(rooms("use super::Span; use self::inner::X;"), [""; 0]);
        assert_eq!(rooms("mod inner { use super::super::super::money::Money; use super::Span; }"), ["money"]);
    }

    #[test]
    fn paths_in_code_and_macros_are_read() {
        assert_eq!(rooms("fn f() -> crate::money::Money { crate::time::now() }"), ["money", "time"]);
        assert_eq!(rooms("fn f() { assert_eq!(1, <crate::money::Money as X>::y()); }"), ["money"]);
        assert_eq!(rooms("macro_rules! m { () => { $crate::error::Entry } }"), ["error"]);
        assert_eq!(rooms("pub(in crate::metering) struct S;"), ["metering"]);
        assert_eq!(rooms("pub(crate) fn f(self) { self.g(); }"), [""; 0]);
    }

    #[test]
    fn the_root_itself_is_no_room() {
        assert_eq!(rooms("use crate::*;"), ["*"]);
        assert_eq!(rooms("use crate::{self as root};"), ["*"]);
        assert_eq!(rooms("use super::super as root;"), ["*"]);
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        assert_eq!(rooms("// use crate::money;\n/// [`crate::money`]\nconst S: &str = \"crate::money\";"), [""; 0]);
    }

    #[test]
    fn tests_are_passed_over() {
        assert_eq!(rooms("#[cfg(test)] mod tests { use crate::money; } use crate::time;"), ["time"]);
        assert_eq!(
            rooms("#[cfg(test)] #[allow(x)] pub(crate) fn f() { crate::money::f() } use crate::time;"),
            ["time"]
        );
        assert_eq!(rooms("#[cfg(test)] use crate::money::Money; use crate::time;"), ["time"]);
        assert_eq!(rooms("#[cfg(not(test))] use crate::money::Money;"), ["money"]);
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_named() {
        let outline = outline(&module_of("metering/mod.rs"), &tokens("#[cfg(test)] mod laws;").unwrap());
        assert_eq!(outline.test_modules, [["metering", "laws"]]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let outline = outline(&[], &tokens("\n\nuse crate::{\n    money,\n};").unwrap());
        assert_eq!(outline.imports, [Import { room: Some("money".to_owned()), line: 4 }]);
    }
}
