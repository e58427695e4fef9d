//! The steps of the Python package: its wheel built once, and all that is tested with it.

mod checks;
mod examples;
mod venv;
mod wheel;

pub(crate) use checks::{conformance, mypy, pyright, pytest, ruff, stubtest};
pub(crate) use examples::{django_on_mariadb, django_on_sqlite, spark};
pub(crate) use wheel::{bench, install, sdist};

/// The package's folder.
const PACKAGE: &str = "bindings-python";
/// The folder in the target folder of what Python's steps make.
const FOLDER: &str = "python";
/// The portal on Django, which has requirements of its own.
const DJANGO: &str = "examples/django-portal";
