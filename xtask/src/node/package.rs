//! What `npm pack` packs, installed as people install it: below a path with spaces, and used by a worker thread.

use super::{
    FOLDER, PACKAGE,
    npm::{node, npm},
};
use crate::{steps::Outcome, tools, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// The folder in the package of what a caller loads.
const LIBRARY: &str = "lib/";
/// What is packed beside it; the native module's name is that of the platform.
const BESIDE: [&str; 5] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "counterfoil."];
/// The program that uses the installed package in every way of loading it.
const PROGRAM: &str = "test/installed.mjs";

/// Packs the package, checks what is in it, installs it below a path with spaces, and runs a program with it.
///
/// # Errors
/// Where a file is missing in the package or is too many, or the program fails.
pub(crate) fn packed(workspace: &Workspace) -> Result<Outcome> {
    let folder = workspace.target()?.join(FOLDER).join("a path with spaces");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("`{}` can not be emptied", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("no folder `{}`", folder.display()))?;
    let mut pack = npm(workspace, PACKAGE);
    pack.args(["pack", "--silent", "--pack-destination"]).arg(&folder);
    let archive = tools::output(&mut pack)?.trim().to_owned();
    let list = tools::output(std::process::Command::new("tar").arg("--list").arg("--file").arg(folder.join(&archive)))?;
    let packed: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("package/")).collect();
    differences(&workspace.files()?, &packed)?;
    println!("{} files are packed", packed.len());
    run_installed(workspace, &folder, &archive)
}

/// Compares what is packed with what should be.
fn differences(files: &[String], packed: &[&str]) -> Result<()> {
    let inside = files.iter().filter_map(|file| file.strip_prefix(PACKAGE)?.strip_prefix('/'));
    if let Some(missing) = inside.filter(|file| file.starts_with(LIBRARY)).find(|file| !packed.contains(file)) {
        bail!("`{missing}` is not packed");
    }
    if let Some(missing) = BESIDE.iter().find(|start| !packed.iter().any(|file| file.starts_with(**start))) {
        bail!("`{missing}` is not packed");
    }
    let is_wanted = |file: &str| file.starts_with(LIBRARY) || BESIDE.iter().any(|start| file.starts_with(start));
    match packed.iter().find(|file| !is_wanted(file)) {
        Some(file) => bail!("`{file}` is packed, and nobody needs it"),
        None => Ok(()),
    }
}

fn run_installed(workspace: &Workspace, folder: &Path, archive: &str) -> Result<Outcome> {
    fs::write(folder.join("package.json"), r#"{ "name": "caller", "private": true }"#)?;
    let mut install = npm(workspace, PACKAGE);
    install.current_dir(folder).args(["install", "--offline", "--silent"]).arg(format!("./{archive}"));
    tools::run(&mut install)?;
    fs::copy(workspace.root().join(PACKAGE).join(PROGRAM), folder.join("installed.mjs"))?;
    tools::run(node(workspace, PACKAGE)?.current_dir(folder).arg("installed.mjs"))?;
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[&str], packed: &[&str]) -> String {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        differences(&files, packed).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_missing_and_what_is_too_many_is_told() {
        let files = ["bindings-node/lib/index.js", "bindings-node/test/a.js", "core/lib/x.js"];
        let all = ["lib/index.js", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "counterfoil.a.node"];
        assert_eq!(told(&files, &all), "");
        assert_eq!(told(&files, all.get(1..).unwrap_or_default()), "`lib/index.js` is not packed");
        assert_eq!(told(&files, all.get(..5).unwrap_or_default()), "`counterfoil.` is not packed");
        assert_eq!(told(&files, &[&all[..], &["test/a.js"]].concat()), "`test/a.js` is packed, and nobody needs it");
    }
}
