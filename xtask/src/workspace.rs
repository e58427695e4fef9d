use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace on disk: where it is, and which files are the project's.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built in.
    pub(crate) fn here() -> Result<Self> {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = xtask.parent().context("xtask stands in the workspace's root")?;
        Ok(Self { root: root.to_owned() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that cargo builds into, with a folder for each profile: this program lies in one of them.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let program = env::current_exe().context("where this program is, is not known")?;
        let target = program.parent().and_then(Path::parent);
        Ok(target.with_context(|| format!("`{}` is not where cargo puts it", program.display()))?.to_owned())
    }

    /// The text of a file, named from the root.
    pub(crate) fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("`{path}` can not be read"))
    }

    /// Puts a text in a file, named from the root.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<()> {
        fs::write(self.root.join(path), text).with_context(|| format!("`{path}` can not be written"))
    }

    /// Every file that git knows or would add, named from the root and in order.
    ///
    /// Files that are not committed yet count too: a finding should come before the commit.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()
            .context("git is needed to list the project's files")?;
        if !listed.status.success() {
            bail!("git does not list the project's files: {}", String::from_utf8_lossy(&listed.stderr).trim());
        }
        let listed = String::from_utf8(listed.stdout).context("a file's name is not UTF-8")?;
        let mut files: Vec<_> =
            listed.split('\0').filter(|name| self.root.join(name).is_file()).map(str::to_owned).collect();
        files.sort();
        files.dedup();
        Ok(files)
    }
}
