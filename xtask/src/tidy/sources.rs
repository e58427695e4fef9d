//! Leftovers in Rust sources: unfinished code, tests that do not run, binary floats in `core`.

use super::{
    Finding,
    rust_source::{inside, tokens},
};
use crate::workspace::Workspace;
use anyhow::Result;
use proc_macro2::{Delimiter, Group, TokenTree};

/// Names the types of floats in the methods in which it refuses them: a serializer of serde has to have these.
const REFUSING: &str = "core/src/wire/answer/typed.rs";
/// Where no binary float may stand (R-M1).
const EXACT: &str = "core/src/";

/// Checks every Rust source.
///
/// # Errors
/// Where a file can not be read.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".rs")) {
        match tokens(&workspace.read(path)?) {
            Ok(tokens) => scan(path, &tokens, &mut findings),
            Err(error) => findings.push(Finding::new(path, 1, format!("it is no Rust: {error}"), "make it compile")),
        }
    }
    Ok(findings)
}

fn scan(path: &str, mut rest: &[TokenTree], findings: &mut Vec<Finding>) {
    let mut after_point = false; // `pair.0.1` is no float
    while let [first, tail @ ..] = rest {
        let line = first.span().start().line;
        let mut find = |what: String, mend: &str| findings.push(Finding::new(path, line, what, mend));
        match (first, tail) {
            (TokenTree::Ident(word), [TokenTree::Punct(bang), ..])
                if bang.as_char() == '!' && (word == "todo" || word == "unimplemented") =>
            {
                find(format!("unfinished code: `{word}!`"), "finish it, or leave it out");
            }
            (TokenTree::Punct(hash), [TokenTree::Group(attribute), ..])
                if hash.as_char() == '#' && ignores(attribute) =>
            {
                find("a test that does not run".to_owned(), "make it run, or remove it and say why in the commit");
            }
            (TokenTree::Ident(word), _)
                if path.starts_with(EXACT) && path != REFUSING && (word == "f32" || word == "f64") =>
            {
                find(format!("a binary float in the core: `{word}`"), "use `Exact`, `Decimal` or an integer (R-M1)");
            }
            (TokenTree::Literal(literal), _) if path.starts_with(EXACT) && !after_point => {
                let literal = literal.to_string();
                if is_float(&literal) {
                    find(
                        format!("a binary float in the core: `{literal}`"),
                        "write an integer or parse a decimal (R-M1)",
                    );
                }
            }
            (TokenTree::Group(group), _) => scan(path, &inside(group), findings),
            _ => {}
        }
        after_point = matches!(first, TokenTree::Punct(point) if point.as_char() == '.');
        rest = tail;
    }
}

/// Whether an attribute, as written in brackets, is `ignore` or may become it.
fn ignores(attribute: &Group) -> bool {
    let tokens = inside(attribute);
    let is = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
    match tokens.as_slice() {
        _ if attribute.delimiter() != Delimiter::Bracket => false,
        [first, ..] if is(first, "ignore") => true,
        [first, TokenTree::Group(condition)] if is(first, "cfg_attr") => {
            inside(condition).iter().any(|token| is(token, "ignore"))
        }
        _ => false,
    }
}

/// Whether a literal is a number with a point, an exponent or the suffix of a float.
fn is_float(literal: &str) -> bool {
    let after_digits = literal.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    after_digits.len() < literal.len()
        && (after_digits.starts_with(['.', 'e', 'E']) || matches!(after_digits, "f32" | "f64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        scan(path, &tokens(text).unwrap(), &mut findings);
        findings.into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn unfinished_code_is_found() {
        assert_eq!(found("a.rs", "fn f() { todo! () }"), ["unfinished code: `todo!`"]);
        assert_eq!(found("a.rs", "fn f() { unimplemented! [] }"), ["unfinished code: `unimplemented!`"]);
        assert_eq!(found("a.rs", "fn todo() { let s = \"todo!\"; } // todo!"), [""; 0]);
    }

    #[test]
    fn tests_that_do_not_run_are_found() {
        let what = ["a test that does not run"];
        assert_eq!(found("a.rs", "mod m { #[test] # [ignore] fn f() {} }"), what);
        assert_eq!(found("a.rs", "# [ignore = \"slow\"] fn f() {}"), what);
        assert_eq!(found("a.rs", "#[cfg_attr(windows, ignore)] fn f() {}"), what);
        assert_eq!(found("a.rs", "#[test] fn ignore() { ignore(); }"), [""; 0]);
    }

    #[test]
    fn floats_are_found_in_the_core_and_nowhere_else() {
        for float in ["1.5", "1e3", "2E-3", "1f64", "0f32", "1_000.0"] {
            let text = format!("fn f() {{ g({float}) }}");
            assert_eq!(found("core/src/a.rs", &text).len(), 1, "{float}");
            assert_eq!(found("xtask/src/a.rs", &text), [""; 0], "{float}");
        }
        assert_eq!(found("core/src/a.rs", "fn f(x: f64) {}"), ["a binary float in the core: `f64`"]);
        assert_eq!(found(REFUSING, "fn f(_: f64) {}"), [""; 0]);
        assert_eq!(found(REFUSING, "fn f() { g(1.5) }").len(), 1);
        for whole in ["1", "0xe5", "0b1", "1_usize", "1isize", "'e'", "\"1.5\"", "pair.0.1", "1..5", "b'e'"] {
            assert_eq!(found("core/src/a.rs", &format!("fn f() {{ g({whole}) }}")), [""; 0], "{whole}");
        }
    }
}
