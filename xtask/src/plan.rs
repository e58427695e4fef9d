//! What `test` and `ci` consist of.

use crate::{
    errors, examples,
    steps::{Action, Outcome, Step},
    tidy, tools,
};

/// The steps of `cargo xtask test`. What a further language or database adds is an entry here.
///
/// Always the whole workspace: another selection of packages has other features, and builds anew.
pub(crate) fn test() -> Vec<Step> {
    vec![
        Step { name: "doctests", action: Action::Cargo(&["test", "--workspace", "--doc", "--locked"], &[]) },
        Step { name: "tests", action: Action::Call("cargo nextest run --workspace --locked", tools::nextest) },
        Step {
            name: "examples",
            action: Action::Call("cargo build --workspace --examples, each of them run", examples::run),
        },
    ]
}

/// The steps of `cargo xtask ci`: what is quick to fail comes first, and `test` last.
pub(crate) fn ci() -> Vec<Step> {
    let mut steps = vec![
        Step { name: "fmt", action: Action::Cargo(&["fmt", "--all", "--check"], &[]) },
        Step {
            name: "tidy",
            action: Action::Call("cargo xtask tidy", |workspace| tidy::run(workspace).map(|()| Outcome::Passed)),
        },
        Step {
            name: "errors",
            action: Action::Call("cargo xtask errors --check", |workspace| {
                errors::check(workspace).map(|()| Outcome::Passed)
            }),
        },
        Step {
            name: "clippy",
            action: Action::Cargo(
                &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"],
                &[],
            ),
        },
        Step {
            name: "docs",
            action: Action::Cargo(
                &["doc", "--workspace", "--no-deps", "--locked"],
                &[("RUSTDOCFLAGS", "--deny warnings")],
            ),
        },
        Step { name: "deny", action: Action::Call("cargo deny --locked check licenses bans sources", tools::deny) },
    ];
    steps.extend(test());
    steps
}

/// The command line of the benches. Only targets that are benches: a library's own harness does not
/// know the arguments of criterion.
pub(crate) fn bench(arguments: &[String]) -> Vec<&str> {
    let mut line = vec!["bench", "--workspace", "--locked", "--bench", "*", "--"];
    line.extend(arguments.iter().map(String::as_str));
    line
}
