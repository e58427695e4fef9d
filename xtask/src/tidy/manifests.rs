//! Manifests: one version everywhere, every dependency declared once, and members that import
//! each other one way.

use super::Finding;
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow};
use toml::de::{DeTable, DeValue};

const ROOT: &str = "Cargo.toml";
const CHANGELOG: &str = "CHANGELOG.md";

/// Checks the manifests of the workspace and of every member, and the changelog's version.
///
/// # Errors
/// Where a manifest can not be read or is no TOML.
pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Finding>> {
    let text = workspace.read(ROOT)?;
    let root = Manifest::parse(ROOT, &text)?;
    let mut findings = Vec::new();

    let version = root.version().context("Cargo.toml has no `version` under [workspace.package]")?;
    for dependency in root.workspace_dependencies() {
        let Some(path) = &dependency.path else { continue };
        if dependency.version.as_deref() != Some(version) {
            findings.push(Finding::new(
                ROOT,
                dependency.line,
                format!("`{}` of `{path}` is not asked for at version {version}", dependency.name),
                format!("write `version = \"{version}\"` beside its path"),
            ));
        }
    }
    if !workspace.read(CHANGELOG).unwrap_or_default().contains(&format!("\n## [{version}]")) {
        findings.push(Finding::new(
            CHANGELOG,
            1,
            format!("version {version} has no section"),
            format!("add `## [{version}]` with its changes, or mend the version in Cargo.toml"),
        ));
    }

    for path in files.iter().filter(|path| path.ends_with("/Cargo.toml")) {
        let text = workspace.read(path)?;
        findings.extend(check_member(&root, &Manifest::parse(path, &text)?));
    }
    Ok(findings)
}

/// A dependency of `[workspace.dependencies]`.
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) version: Option<String>,
    /// Where it stands, if it is a member.
    pub(super) path: Option<String>,
    pub(super) line: usize,
}

/// A manifest with the lines of what it says.
pub(super) struct Manifest<'t> {
    path: &'t str,
    text: &'t str,
    table: DeTable<'t>,
}

impl<'t> Manifest<'t> {
    /// # Errors
    /// Where the text is no TOML.
    pub(super) fn parse(path: &'t str, text: &'t str) -> Result<Self> {
        let table = DeTable::parse(text).map_err(|error| anyhow!("{path} is no TOML: {error}"))?;
        Ok(Self { path, text, table: table.into_inner() })
    }

    /// The dependencies that every member shares.
    pub(super) fn workspace_dependencies(&self) -> Vec<Dependency> {
        let text_of = |value: Option<&DeValue<'_>>| value.and_then(DeValue::as_str).map(str::to_owned);
        let shared = self.table.get("workspace").and_then(|workspace| table_in(workspace.get_ref(), "dependencies"));
        let mut dependencies = Vec::new();
        for (name, value) in shared.into_iter().flatten() {
            let field = |key| value.get_ref().get(key).map(toml::Spanned::get_ref);
            dependencies.push(Dependency {
                name: name.get_ref().to_string(),
                version: text_of(Some(value.get_ref())).or_else(|| text_of(field("version"))),
                path: text_of(field("path")),
                line: self.line(name.span().start),
            });
        }
        dependencies
    }

    /// The one version, under `[workspace.package]`.
    fn version(&self) -> Option<&str> {
        table_in(self.table.get("workspace")?.get_ref(), "package")?.get("version")?.get_ref().as_str()
    }

    /// The line, from 1, of a place in the text.
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The folder that the manifest stands in.
    fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The sections of dependencies: its name, and whether only tests and benches see it.
    fn sections(&self) -> Vec<(&DeTable<'t>, bool)> {
        const KINDS: [(&str, bool); 3] =
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];
        let platforms = self.table.get("target").and_then(|target| target.get_ref().as_table());
        let platforms =
            platforms.into_iter().flat_map(|target| target.values().filter_map(|it| it.get_ref().as_table()));
        [&self.table]
            .into_iter()
            .chain(platforms)
            .flat_map(|table| {
                KINDS.iter().filter_map(|(kind, dev)| Some((table.get(*kind)?.get_ref().as_table()?, *dev)))
            })
            .collect()
    }
}

/// Checks the manifest of a member.
fn check_member(root: &Manifest<'_>, member: &Manifest<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let shared = root.workspace_dependencies();

    let package = member.table.get("package");
    let inherits = package.and_then(|package| table_in(package.get_ref(), "version")).is_some_and(is_shared);
    if !inherits {
        let line = package.map_or(1, |package| member.line(package.span().start));
        let what = "its version is not the workspace's";
        findings.push(Finding::new(member.path, line, what, "write `version.workspace = true` under [package]"));
    }

    for (section, dev) in member.sections() {
        for (name, value) in section {
            let line = member.line(name.span().start);
            let name: &str = name.get_ref();
            if !value.get_ref().as_table().is_some_and(is_shared) {
                findings.push(Finding::new(
                    member.path,
                    line,
                    format!("`{name}` is not a dependency of the workspace"),
                    "declare it in [workspace.dependencies] of Cargo.toml, write `workspace = true` here, and say in docs/decisions why it is needed",
                ));
            }
            let target = shared.iter().find(|dependency| dependency.name == name);
            if let Some(target) = target.and_then(|dependency| dependency.path.as_deref())
                && !dev
                && !may_import(member.folder(), target)
            {
                findings.push(Finding::new(
                    member.path,
                    line,
                    format!("`{}` imports `{target}`", member.folder()),
                    "imports run one way: nothing into core, core into adapters and bindings, those into examples, tests and benches",
                ));
            }
        }
    }
    findings
}

/// Whether a member may depend on another one, both by folder.
fn may_import(from: &str, to: &str) -> bool {
    let is_binding = |folder: &str| folder.starts_with("bindings");
    match from {
        "core" => false,
        _ if from.starts_with("adapters/") => to == "core",
        _ if is_binding(from) => !is_binding(to),
        _ => true,
    }
}

fn table_in<'v, 't>(value: &'v DeValue<'t>, key: &str) -> Option<&'v DeTable<'t>> {
    value.get(key)?.get_ref().as_table()
}

/// Whether a table says `workspace = true`.
fn is_shared(table: &DeTable<'_>) -> bool {
    table.get("workspace").is_some_and(|value| value.get_ref().as_bool() == Some(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "\
[workspace.package]
version = \"0.1.0\"

[workspace.dependencies]
counterfoil = { path = \"core\", version = \"0.1.0\" }
counterfoil-store = { path = \"adapters/store\", version = \"0.1.0\" }
serde = \"1\"
";

    fn found(path: &str, text: &str) -> Vec<(usize, String)> {
        let root = Manifest::parse(ROOT, WORKSPACE).unwrap();
        let member = Manifest::parse(path, text).unwrap();
        check_member(&root, &member).into_iter().map(|finding| (finding.line, finding.what)).collect()
    }

    #[test]
    fn what_the_workspace_declares_is_read() {
        let root = Manifest::parse(ROOT, WORKSPACE).unwrap();
        assert_eq!(root.version(), Some("0.1.0"));
        let lines: Vec<_> = root.workspace_dependencies().into_iter().map(|one| (one.name, one.line)).collect();
        let expected = [("counterfoil", 5), ("counterfoil-store", 6), ("serde", 7)];
        assert_eq!(lines, expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn a_member_has_the_workspaces_version_and_dependencies() {
        let good = "[package]\nversion.workspace = true\n[dependencies]\nserde = { workspace = true }\n";
        assert_eq!(found("core/Cargo.toml", good), []);
        assert_eq!(
            found("core/Cargo.toml", "[package]\nversion = \"0.2.0\"\n[dev-dependencies]\nserde = \"1\"\n"),
            [
                (1, "its version is not the workspace's".to_owned()),
                (4, "`serde` is not a dependency of the workspace".to_owned())
            ]
        );
    }

    #[test]
    fn members_import_one_way() {
        let store = "[package]\nversion.workspace = true\n[dependencies]\ncounterfoil-store.workspace = true\n";
        assert_eq!(found("core/Cargo.toml", store), [(4, "`core` imports `adapters/store`".to_owned())]);
        assert_eq!(found("examples/portal-day/Cargo.toml", store), []);
        let core = store.replace("-store", "");
        assert_eq!(found("adapters/store/Cargo.toml", &core), []);
        let for_tests = store.replace("[dependencies]", "[dev-dependencies]");
        assert_eq!(found("core/Cargo.toml", &for_tests), []);
        let on_one_platform = store.replace("[dependencies]", "[target.'cfg(unix)'.dependencies]");
        assert_eq!(found("core/Cargo.toml", &on_one_platform).len(), 1);
    }
}
