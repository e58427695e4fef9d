//! The example that uses the package: a backend for a frontend, with a page that is tested in a browser.

use super::npm::{install, node};
use crate::{
    steps::Outcome,
    tools::{self, under_ci},
    workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

const BFF: &str = "examples/node-bff";
/// The browser, and the letters of its Chinese.
const PACKAGES: [&str; 2] = ["chromium", "fonts-noto-cjk"];

/// The tests of the backend and of its page in Chromium.
///
/// # Errors
/// Where a test fails; under `CI=true` also where there is no Chromium and it can not be installed.
pub(crate) fn bff(workspace: &Workspace) -> Result<Outcome> {
    let browser =
        tools::ensure_packages("Chromium", &PACKAGES, || tools::answers(Command::new("chromium").arg("--version")));
    if under_ci() {
        browser.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
    }
    install(workspace, BFF)?;
    tools::run(node(workspace, BFF)?.args(["--test", "--test-reporter", "dot", "test/"]))?;
    Ok(match browser {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::PassedWith(format!("without the page in a browser: {error:#}")),
    })
}
