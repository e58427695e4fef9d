//! The wheel and the source distribution of the package.

use super::{DJANGO, FOLDER, PACKAGE, venv::Venv};
use crate::{steps::Outcome, tools, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The cargo profile of the wheel that is tested: that of all other tests, which have built much of it already, and whose
/// assertions are in it. Optimised even a little, `core` alone takes more than twice as long.
const PROFILE: &str = "dev";
/// The texts of the licences, which go with every copy.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// What calls from Python cost, beside plain Python and what a portal on Django computed itself.
const BENCH: &str = "benches/python/run.py";
/// What of the workspace a build from the source distribution reads: the package, and the members that it depends on.
const SOURCES: [&str; 4] = ["bindings-python/python/", "bindings-python/src/", "core/src/", "adapters/arrow/src/"];
/// The manifests beside them.
const MANIFESTS: [&str; 3] = ["bindings-python/Cargo.toml", "core/Cargo.toml", "adapters/arrow/Cargo.toml"];

/// Builds the wheel, and installs it into the environment that every later step uses.
///
/// # Errors
/// Where there is no Python, the wheel does not build, or it can not be imported.
pub(crate) fn install(workspace: &Workspace) -> Result<Outcome> {
    install_built(workspace, PROFILE)
}

/// Runs the benches of calls from Python, on a wheel as it is released, and has their figures kept where Criterion keeps its own.
///
/// # Errors
/// Where the wheel does not build, or the two ways of a pair answer differently.
pub(crate) fn bench(workspace: &Workspace, results: &Path, quick: bool) -> Result<()> {
    install_built(workspace, "release")?;
    let venv = Venv::ensure(workspace)?;
    venv.install(workspace, &format!("{DJANGO}/requirements.txt"))?;
    let mut run = venv.python();
    run.arg(workspace.root().join(BENCH)).arg("--results").arg(results);
    tools::run(run.args(quick.then_some("--quick")))
}

/// Builds the wheel in a profile of cargo, and installs it.
fn install_built(workspace: &Workspace, profile: &str) -> Result<Outcome> {
    let venv = Venv::ensure(workspace)?;
    let wheels = fresh_folder(workspace, "wheels")?;
    let mut build = maturin(&venv, workspace, "build", &wheels);
    build.args(["--profile", profile, "--locked", "--auditwheel", "skip", "--target-dir"]).arg(workspace.target()?);
    build.arg("--interpreter").arg(venv.program("python"));
    tools::run(&mut build)?;
    let wheel = only_file(&wheels)?;
    tools::run(venv.module("pip").args(["install", "--quiet", "--force-reinstall", "--no-deps"]).arg(wheel))?;
    tools::run(venv.python().args(["-c", "import counterfoil; print(counterfoil.__file__)"]))?;
    Ok(Outcome::Passed)
}

/// Packs the source distribution, and checks that it has all that it is built from, and the licences.
///
/// It is not built: that would compile everything once more.
///
/// # Errors
/// Where it can not be packed, or a source is not in it.
pub(crate) fn sdist(workspace: &Workspace) -> Result<Outcome> {
    let venv = Venv::ensure(workspace)?;
    let folder = fresh_folder(workspace, "sdist")?;
    tools::run(&mut maturin(&venv, workspace, "sdist", &folder))?;
    let packed = tools::output(venv.module("tarfile").arg("--list").arg(only_file(&folder)?))?;
    let files = workspace.files()?;
    let missing = missing(&files, &packed);
    if let [first, ..] = missing.as_slice() {
        bail!("{} sources are not in the source distribution, the first is `{first}`", missing.len());
    }
    println!("{} files are in it", packed.lines().count());
    Ok(Outcome::Passed)
}

/// A command of maturin on the package, with the folder for what it makes.
fn maturin(venv: &Venv, workspace: &Workspace, command: &str, out: &Path) -> Command {
    let mut maturin = Command::new(venv.program("maturin"));
    maturin.arg(command).arg("--manifest-path").arg(workspace.root().join(PACKAGE).join("Cargo.toml"));
    maturin.arg("--out").arg(out);
    maturin
}

/// An empty folder in that of Python's things.
fn fresh_folder(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.target()?.join(FOLDER).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("`{}` can not be emptied", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("no folder `{}`", folder.display()))?;
    Ok(folder)
}

/// The file that a folder holds.
fn only_file(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    match files.as_slice() {
        [file] => Ok(file.clone()),
        _ => bail!("`{}` holds {} files, not one", folder.display(), files.len()),
    }
}

/// Which of the project's files should be packed and are not, by a list of what is.
fn missing<'f>(files: &'f [String], packed: &str) -> Vec<&'f str> {
    let is_source = |file: &str| {
        [&MANIFESTS[..], &LICENCES].concat().contains(&file) || SOURCES.iter().any(|folder| file.starts_with(folder))
    };
    // The first folder of each name is that of the distribution.
    let packed: Vec<_> = packed.lines().filter_map(|line| line.trim().split_once('/')).map(|(_, path)| path).collect();
    // What is written in Python stands where the distribution begins, and all else as in the workspace.
    let place = |file: &'f str| match file.strip_prefix(PACKAGE) {
        Some(inside) if inside.starts_with("/python/") => inside.trim_start_matches('/'),
        _ => file,
    };
    files.iter().map(String::as_str).filter(|file| is_source(file) && !packed.contains(&place(file))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_not_packed_is_found() {
        let files = ["core/src/lib.rs", "core/src/money/mod.rs", "core/Cargo.toml", "core/tests/x.rs", "README.md"];
        let files = files.map(str::to_owned);
        let packed =
            "counterfoil-0.1.0/PKG-INFO\ncounterfoil-0.1.0/core/Cargo.toml\ncounterfoil-0.1.0/core/src/lib.rs \n";
        assert_eq!(missing(&files, packed), ["core/src/money/mod.rs"]);
        assert_eq!(missing(&files, &format!("{packed}counterfoil-0.1.0/core/src/money/mod.rs\n")), [""; 0]);
    }

    #[test]
    fn a_licence_is_packed_where_the_distribution_begins() {
        let files = ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"].map(str::to_owned);
        assert_eq!(missing(&files, "c-1/LICENSE-MIT\nc-1/bindings-python/LICENSE-APACHE\n"), ["LICENSE-APACHE"]);
    }

    #[test]
    fn what_is_written_in_python_is_packed_at_the_top() {
        let files = ["bindings-python/python/counterfoil/bulk.py", "bindings-python/src/lib.rs"].map(str::to_owned);
        assert_eq!(missing(&files, "c-1/python/counterfoil/bulk.py\nc-1/bindings-python/src/lib.rs\n"), [""; 0]);
        assert_eq!(missing(&files, "c-1/bindings-python/python/counterfoil/bulk.py\nc-1/src/lib.rs\n"), files);
    }
}
