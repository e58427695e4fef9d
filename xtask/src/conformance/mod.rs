//! `cargo xtask conformance`: the same calls in every language, and the same bytes back.
//!
//! All vectors and many calls made of them go through Rust, in this program, and through a program of each other
//! language, in as many pieces as the machine has cores; then the answers are compared line by line. Each of those programs
//! also makes every call by the typed functions of its language, and compares with what it was told by text.

mod answers;
mod cases;
mod compare;
mod folder;
mod language;
mod report;
mod rust;

use crate::{node, python, steps::Outcome, vectors::vectors, workspace::Workspace};
use anyhow::{Result, bail};
use clap::Args;
use folder::Folder;
use indicatif::{ProgressBar, ProgressStyle};
use language::Language;
use std::{thread, time::Instant};

/// What is sent.
#[derive(Args)]
pub(crate) struct Options {
    /// How many cases are made of the vectors, beside the vectors themselves
    #[arg(long, default_value_t = CASES)]
    cases: usize,
    /// What decides them: the same seed makes the same cases
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Build nothing: compare the packages as they were built last
    #[arg(long)]
    built: bool,
}

const CASES: usize = 100_000;
const SEED: u64 = 20_240_229;
/// How many differences are shown in full; the answers of all stay in the folder.
const SHOWN: usize = 10;

/// Builds the packages, unless they are to be taken as they are, and compares.
///
/// # Errors
/// Where a package does not build, or anything differs.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.built {
        python::install(workspace)?;
        node::build(workspace)?;
    }
    compare(workspace, options)
}

/// The step of `cargo xtask test`: compares the packages that the steps before it have built.
///
/// # Errors
/// Where anything differs.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome> {
    compare(workspace, &Options { cases: CASES, seed: SEED, built: true }).map(|()| Outcome::Passed)
}

fn compare(workspace: &Workspace, options: &Options) -> Result<()> {
    let started = Instant::now();
    let vectors = vectors(workspace)?;
    let cases = cases::cases(&vectors, options.cases, options.seed)?;
    let parts = thread::available_parallelism()?.get();
    let folder = Folder::fresh(workspace, parts)?;
    folder.write(&cases)?;
    let (written, made) = (report::figure(vectors.len()), report::figure(options.cases));
    println!("{written} vectors and {made} cases of the seed {}, made in {:.1?}", options.seed, started.elapsed());

    let answered = rust::answer(&cases, &folder, &bar("Rust", cases.len()))?;
    println!("{}", answers::Answers::read(&cases, &folder)?);
    println!("the slowest answer of Rust took {:.1?}: case {}", answered.slowest.0, answered.slowest.1);
    let mut rows = vec![report::Row::of_rust(answered.took)];
    let mut different = 0;
    for language in Language::ALL {
        let took = language.answer(workspace, &folder, &bar(language.name(), cases.len()))?;
        let compared = compare::compare(&cases, &folder, language.name(), SHOWN)?;
        different += compared.different + compared.typed_different;
        compared.shown.iter().for_each(|difference| println!("\n{difference}"));
        rows.push(report::Row::of(language.name(), took, compared));
    }
    println!("\n{}\n\n{}", report::languages(&rows), report::reasons(&rows));
    match different {
        0 => Ok(()),
        _ => bail!("{different} answers differ; `{}` has all cases and answers", folder.path().display()),
    }
}

/// The bar of one language; silent where standard error is no terminal.
fn bar(language: &'static str, cases: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(cases).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{prefix:>10.cyan.bold} [{bar:32.cyan/blue}] {pos}/{len} {eta}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar.with_prefix(language)
}
