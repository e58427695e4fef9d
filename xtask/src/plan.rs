//! What `test` and `ci` consist of.

use crate::{
    bank, bench, conformance, errors, examples, instructions, node, python,
    steps::{Action, Outcome, Step},
    store, surface, tidy, tools,
};

/// The steps of `cargo xtask test`. What a further language or database adds is an entry here.
///
/// Always the whole workspace: another selection of packages has other features, and builds anew.
pub(crate) fn test() -> Vec<Step> {
    vec![
        Step { name: "doctests", action: Action::Cargo(&["test", "--workspace", "--doc", "--locked"], &[]) },
        Step { name: "tests", action: Action::Call("cargo nextest run --workspace --locked", tools::nextest) },
        Step {
            name: "store-postgres",
            action: Action::Call("COUNTERFOIL_STORE_TEST_URL=postgres://… cargo nextest run …", store::on_postgres),
        },
        Step {
            name: "store-mariadb",
            action: Action::Call("COUNTERFOIL_STORE_TEST_URL=mysql://… cargo nextest run …", store::on_mariadb),
        },
        Step {
            name: "bank-sqlite",
            action: Action::Call("cargo xtask bank --engine sqlite --seconds 10", bank::on_sqlite),
        },
        Step {
            name: "bank-postgres",
            action: Action::Call("cargo xtask bank --engine postgres --seconds 10", bank::on_postgres),
        },
        Step {
            name: "bank-mariadb",
            action: Action::Call("cargo xtask bank --engine mariadb --seconds 10", bank::on_mariadb),
        },
        Step {
            name: "examples",
            action: Action::Call("cargo build --workspace --examples, each of them run", examples::run),
        },
        Step { name: "wheel", action: Action::Call("maturin build, and pip install", python::install) },
        Step { name: "sdist", action: Action::Call("maturin sdist", python::sdist) },
        Step { name: "ruff", action: Action::Call("ruff format --check, ruff check", python::ruff) },
        Step { name: "pytest", action: Action::Call("pytest bindings-python", python::pytest) },
        Step { name: "mypy", action: Action::Call("mypy --strict", python::mypy) },
        Step { name: "stubtest", action: Action::Call("stubtest counterfoil", python::stubtest) },
        Step { name: "pyright", action: Action::Call("pyright", python::pyright) },
        Step { name: "django-sqlite", action: Action::Call("pytest examples/django-portal", python::django_on_sqlite) },
        Step {
            name: "django-mariadb",
            action: Action::Call("COUNTERFOIL_MARIADB_URL=… pytest examples/django-portal", python::django_on_mariadb),
        },
        Step {
            name: "spark",
            action: Action::Call("metering.py --rows 1000000 --workers 2 --kill-worker", python::spark),
        },
        Step {
            name: "addon",
            action: Action::Call("cargo build --package counterfoil-node, and a copy into bindings-node", node::build),
        },
        Step { name: "node", action: Action::Call("node --test bindings-node/test/", node::test) },
        Step { name: "tsc", action: Action::Call("tsc --project bindings-node", node::types) },
        Step {
            name: "npm-pack",
            action: Action::Call("npm pack, and npm install below a path with spaces", node::packed),
        },
        Step { name: "node-bff", action: Action::Call("node --test examples/node-bff/test/", node::bff) },
        Step { name: "conformance", action: Action::Call("cargo xtask conformance", conformance::step) },
    ]
}

/// The steps of `cargo xtask ci`: what is quick to fail comes first; `test`, and then the gate of speed, last.
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
                errors::page().check(workspace).map(|()| Outcome::Passed)
            }),
        },
        Step {
            name: "python surface",
            action: Action::Call("cargo xtask python --check", |workspace| {
                surface::python(workspace)?.iter().try_for_each(|file| file.check(workspace)).map(|()| Outcome::Passed)
            }),
        },
        Step {
            name: "node surface",
            action: Action::Call("cargo xtask node --check", |workspace| {
                surface::node(workspace)?.iter().try_for_each(|file| file.check(workspace)).map(|()| Outcome::Passed)
            }),
        },
        Step { name: "performance", action: Action::Call("cargo xtask bench --check", bench::check) },
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
    steps.push(Step { name: "instructions", action: Action::Call("cargo xtask instructions", instructions::gate) });
    steps
}
