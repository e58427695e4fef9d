//! The regression gate of the hot kernels: instructions of one run, counted by callgrind, beside the committed figures.
//!
//! Why instructions, why by a difference of two counts, and why this margin: `docs/decisions/0008-gate-on-instructions.md`.

use crate::{
    machine,
    steps::{Outcome, cargo},
    table::{self, grouped},
    tools::{self, under_ci},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The committed figures.
const PATH: &str = "benches/instructions.toml";
/// The cargo profile of what is counted, which names its folder too.
const PROFILE: &str = "instructions";
/// A kernel that costs more than this times its committed figure has become slower.
const MARGIN: f64 = 1.05;
/// The same where another compiler made the figures: it inlines and vectorises otherwise.
const MARGIN_OF_ANOTHER_COMPILER: f64 = 1.25;
/// The only machine on which the figures mean something.
const ARCHITECTURE: &str = "x86_64";

/// `benches/instructions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Committed {
    /// The compiler that made them, as `1.95.0`.
    rustc: String,
    /// Instructions of one run, by the name of its kernel.
    kernels: BTreeMap<String, u64>,
}

/// A kernel as it was counted now.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Count {
    kernel: String,
    /// Instructions of one run.
    now: u64,
}

/// What became of a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Within the margin.
    Same,
    /// So much cheaper that the figure says nothing any more.
    Cheaper,
    /// Dearer than the margin allows.
    Dearer,
    /// It has no figure.
    New,
}

/// What is to be done with the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Compare them with the committed figures.
    Compare,
    /// Write them as the committed figures.
    Accept,
}

/// The step of `cargo xtask ci`.
///
/// # Errors
/// As [`run`].
pub(crate) fn gate(workspace: &Workspace) -> Result<Outcome> {
    run(workspace, Mode::Compare)
}

/// Builds the kernels, counts them all, and compares or writes the figures.
///
/// # Errors
/// Where a kernel became dearer, has no figure or can not be counted; under `CI=true` also where there is no valgrind.
pub(crate) fn run(workspace: &Workspace, mode: Mode) -> Result<Outcome> {
    if std::env::consts::ARCH != ARCHITECTURE {
        return skip(format!("the figures are of {ARCHITECTURE}, and this machine is another"));
    }
    if let Err(error) = tools::ensure_valgrind() {
        return skip(format!("{error:#}"));
    }
    cargo(
        workspace,
        &["build", "--profile", PROFILE, "--package", "counterfoil-benches", "--bin", "instructions", "--locked"],
        &[],
    )?;
    let target = workspace.target()?;
    let counter = Counter { program: target.join(PROFILE).join("instructions"), profiles: target.join("callgrind") };
    let counts = counter.counts()?;
    let rustc = machine::rustc(workspace)?;
    if mode == Mode::Accept {
        if let Ok(text) = workspace.read(PATH)
            && let Ok(before) = committed(&text)
        {
            println!("{}", Comparison::of(&counts, &before, &rustc).table());
        }
        workspace.write(PATH, &render(&rustc, &counts))?;
        println!("{PATH} written: {}", kernels(counts.len()));
        return Ok(Outcome::Passed);
    }
    let committed = committed(&workspace.read(PATH)?)?;
    let comparison = Comparison::of(&counts, &committed, &rustc);
    println!("{}\nprofiles for `callgrind_annotate`: {}", comparison.table(), counter.profiles.display());
    comparison.outcome()
}

fn skip(why: String) -> Result<Outcome> {
    match under_ci() {
        true => bail!("{why}; the gate is not left out under CI=true"),
        false => Ok(Outcome::Skipped(why)),
    }
}

/// Counts kernels under callgrind.
struct Counter {
    program: PathBuf,
    /// The folder for what callgrind writes.
    profiles: PathBuf,
}

impl Counter {
    /// All kernels, in the order of the program.
    fn counts(&self) -> Result<Vec<Count>> {
        fs::create_dir_all(&self.profiles).with_context(|| format!("no folder `{}`", self.profiles.display()))?;
        let listed = Command::new(&self.program).arg("list").output().context("the kernels can not be listed")?;
        let mut counts = Vec::new();
        for (kernel, runs) in list(&String::from_utf8(listed.stdout)?)? {
            let [once, twice] = [self.count(&kernel, runs, "once")?, self.count(&kernel, 2 * runs, "twice")?];
            counts.push(Count { now: per_run(once, twice, runs)?, kernel });
        }
        Ok(counts)
    }

    /// The instructions of a whole process.
    fn count(&self, kernel: &str, runs: u64, name: &str) -> Result<u64> {
        let profile = self.profiles.join(format!("{}.{name}", file_name(kernel)));
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--quiet"])
            .arg(callgrind_option("--callgrind-out-file=", &profile))
            .arg(&self.program)
            .args(["run", kernel, &runs.to_string()])
            .output()
            .context("valgrind can not be run")?;
        if !output.status.success() {
            bail!("`{kernel}` under valgrind: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = fs::read_to_string(&profile).with_context(|| format!("callgrind wrote nothing for `{kernel}`"))?;
        total(&text).with_context(|| format!("callgrind did not say what `{kernel}` costs"))
    }
}

/// An option with a path; `%` has a meaning of its own there.
fn callgrind_option(option: &str, path: &Path) -> String {
    format!("{option}{}", path.display().to_string().replace('%', "%%"))
}

/// A kernel's name as that of a file.
fn file_name(kernel: &str) -> String {
    kernel.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Names and numbers of runs, a line for each.
fn list(text: &str) -> Result<Vec<(String, u64)>> {
    let line = |line: &str| {
        let (kernel, runs) = line.split_once('\t').context("a kernel has no number of runs")?;
        Ok((kernel.to_owned(), runs.parse().context("a number of runs is no number")?))
    };
    let kernels = text.lines().map(line).collect::<Result<Vec<_>>>()?;
    match kernels.is_empty() {
        true => bail!("there are no kernels"),
        false => Ok(kernels),
    }
}

/// What callgrind counted in all, by the file that it wrote.
fn total(profile: &str) -> Option<u64> {
    let summed = profile.lines().find_map(|line| line.strip_prefix("totals:").or(line.strip_prefix("summary:")))?;
    summed.trim().parse().ok()
}

/// The cost of one run: what twice as many cost more, so that start and preparation cancel out.
fn per_run(once: u64, twice: u64, runs: u64) -> Result<u64> {
    let more = twice.checked_sub(once).context("twice as many runs cost less: the kernel does not repeat its work")?;
    more.checked_add(runs / 2).and_then(|more| more.checked_div(runs)).context("no run was counted")
}

fn committed(text: &str) -> Result<Committed> {
    toml::from_str(text).with_context(|| format!("`{PATH}` is not of its form"))
}

/// The file of the figures.
fn render(rustc: &str, counts: &[Count]) -> String {
    let mut text = format!(
        "# Instructions of one run of each hot kernel. Written by `cargo xtask instructions --accept`; do not edit.\n\
         # A run that costs more than {MARGIN} times its figure fails `cargo xtask ci` (docs/decisions/0008).\n\n\
         rustc = \"{rustc}\"\n\n[kernels]\n"
    );
    for Count { kernel, now } in counts {
        let _ = writeln!(text, "\"{kernel}\" = {}", grouped(*now, '_')); // writing to a string does not fail
    }
    text
}

/// The counts beside the committed figures.
struct Comparison<'c> {
    rows: Vec<Row<'c>>,
    /// Kernels with a figure that are not in the program any more.
    gone: Vec<&'c str>,
    /// The compiler of the figures, where it is not that of the counts.
    other_compiler: Option<&'c str>,
}

/// A kernel of a comparison.
struct Row<'c> {
    count: &'c Count,
    committed: Option<u64>,
    verdict: Verdict,
}

impl<'c> Comparison<'c> {
    fn of(counts: &'c [Count], committed: &'c Committed, rustc: &str) -> Self {
        let other_compiler = Some(committed.rustc.as_str()).filter(|made_by| *made_by != rustc);
        let margin = if other_compiler.is_some() { MARGIN_OF_ANOTHER_COMPILER } else { MARGIN };
        let row = |count: &'c Count| {
            let committed = committed.kernels.get(&count.kernel).copied();
            Row { count, committed, verdict: verdict(count.now, committed, margin) }
        };
        let is_gone = |name: &&str| !counts.iter().any(|count| count.kernel == *name);
        Self {
            rows: counts.iter().map(row).collect(),
            gone: committed.kernels.keys().map(String::as_str).filter(is_gone).collect(),
            other_compiler,
        }
    }

    fn table(&self) -> String {
        let mut table = table::ruled(&["kernel", "committed", "now", "ratio", ""], 1..4);
        for Row { count, committed, verdict } in &self.rows {
            table.add_row([
                count.kernel.clone(),
                committed.map_or_else(|| "-".to_owned(), |figure| grouped(figure, ',')),
                grouped(count.now, ','),
                committed.map_or_else(|| "-".to_owned(), |figure| format!("{:.3}", ratio(count.now, figure))),
                verdict.word().to_owned(),
            ]);
        }
        table.trim_fmt()
    }

    /// What follows for the run.
    fn outcome(&self) -> Result<Outcome> {
        let named = |wanted: Verdict| -> Vec<&str> {
            let rows = self.rows.iter().filter(|row| row.verdict == wanted);
            rows.map(|row| row.count.kernel.as_str()).collect()
        };
        let accept = "`cargo xtask instructions --accept` writes the figures as they are now";
        let (dearer, new, cheaper) = (named(Verdict::Dearer), named(Verdict::New), named(Verdict::Cheaper));
        if !dearer.is_empty() {
            let compiler = self.other_compiler.map_or_else(String::new, |made_by| {
                format!(" (the figures are of rustc {made_by}; a new compiler may be the reason)")
            });
            bail!(
                "{} became slower: {}{compiler}; look at what its profile says, and mend it. Where the cost is meant, {accept}: \
                 commit them with the reason",
                kernels(dearer.len()),
                quoted(&dearer)
            );
        }
        if !new.is_empty() || !self.gone.is_empty() {
            let lists = [("without a figure", &new), ("with a figure and no more in the program", &self.gone)];
            let told = lists.into_iter().filter(|(_, names)| !names.is_empty());
            let told: Vec<_> = told.map(|(what, names)| format!("{what}: {}", quoted(names))).collect();
            bail!("kernels {}; {accept}", told.join("; "));
        }
        let mut remarks = Vec::new();
        if let Some(made_by) = self.other_compiler {
            remarks.push(format!("the figures are of rustc {made_by}, so the margin was {MARGIN_OF_ANOTHER_COMPILER}"));
        }
        if !cheaper.is_empty() {
            remarks.push(format!("{} became faster: {}", kernels(cheaper.len()), quoted(&cheaper)));
        }
        if remarks.is_empty() {
            return Ok(Outcome::Passed);
        }
        remarks.push(accept.to_owned());
        Ok(Outcome::PassedWith(remarks.join("; ")))
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Cheaper => "faster: its figure is stale",
            Self::Dearer => "SLOWER",
            Self::New => "has no figure",
        }
    }
}

fn verdict(now: u64, committed: Option<u64>, margin: f64) -> Verdict {
    match committed.map(|figure| ratio(now, figure)) {
        None => Verdict::New,
        Some(ratio) if ratio > margin => Verdict::Dearer,
        Some(ratio) if ratio < 1.0 / margin => Verdict::Cheaper,
        Some(_) => Verdict::Same,
    }
}

fn ratio(now: u64, committed: u64) -> f64 {
    now as f64 / committed.max(1) as f64
}

fn kernels(count: usize) -> String {
    format!("{count} kernel{}", if count == 1 { "" } else { "s" })
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(kernel: &str, now: u64) -> Count {
        Count { kernel: kernel.to_owned(), now }
    }

    fn figures() -> Committed {
        committed("rustc = \"1.95.0\"\n[kernels]\n\"a b\" = 1_000\nc = 200\n").unwrap()
    }

    fn outcome(counts: &[Count], rustc: &str) -> Result<Outcome, String> {
        Comparison::of(counts, &figures(), rustc).outcome().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = render("1.95.0", &[count("a b", 1_234_567), count("c", 0)]);
        let read = committed(&text).unwrap();
        assert_eq!(read.rustc, "1.95.0");
        assert_eq!(read.kernels.into_iter().collect::<Vec<_>>(), [("a b".to_owned(), 1_234_567), ("c".to_owned(), 0)]);
        assert!(text.starts_with("# ") && text.contains("\"a b\" = 1_234_567\n"), "{text}");
        assert!(committed("rustc = \"1\"\nkernel = 1\n[kernels]").is_err());
    }

    #[test]
    fn the_listing_and_the_totals_are_read() {
        assert_eq!(list("a b\t10\nc\t2\n").unwrap(), [("a b".to_owned(), 10), ("c".to_owned(), 2)]);
        assert!(list("").is_err() && list("a 10").is_err() && list("a\tten").is_err());
        let profile = "version: 1\nevents: Ir\nsummary: 12345\n\nob=(1) x\nfn=(1)\n1 7\n\ntotals: 12345\n";
        assert_eq!(total(profile), Some(12_345));
        assert_eq!(total("events: Ir\ntotals: 9\n"), Some(9));
        assert_eq!(total("events: Ir\n"), None);
    }

    #[test]
    fn a_run_costs_what_the_second_half_costs() {
        assert_eq!(per_run(1_000_000, 1_000_500, 5).unwrap(), 100);
        assert_eq!(per_run(1_000_000, 1_000_499, 5).unwrap(), 100, "rounded to the nearest");
        assert!(per_run(10, 9, 1).is_err());
        assert!(per_run(10, 20, 0).is_err());
    }

    #[test]
    fn a_kernel_within_the_margin_passes() {
        assert_eq!(outcome(&[count("a b", 1_050), count("c", 191)], "1.95.0"), Ok(Outcome::Passed));
    }

    #[test]
    fn a_dearer_kernel_fails_by_its_name() {
        let said = outcome(&[count("a b", 1_051), count("c", 200)], "1.95.0").unwrap_err();
        assert!(said.starts_with("1 kernel became slower: `a b`; ") && said.contains("--accept"), "{said}");
    }

    #[test]
    fn a_cheaper_kernel_passes_and_says_that_its_figure_is_stale() {
        let Ok(Outcome::PassedWith(how)) = outcome(&[count("a b", 900), count("c", 200)], "1.95.0") else { panic!() };
        assert!(how.starts_with("1 kernel became faster: `a b`; ") && how.contains("--accept"), "{how}");
    }

    #[test]
    fn every_kernel_has_a_figure_and_every_figure_a_kernel() {
        let said = outcome(&[count("a b", 1_000), count("new", 1)], "1.95.0").unwrap_err();
        assert!(said.contains("without a figure: `new`; with a figure and no more in the program: `c`"), "{said}");
    }

    #[test]
    fn another_compiler_widens_the_margin_and_is_told() {
        let counts = [count("a b", 1_200), count("c", 200)];
        let Ok(Outcome::PassedWith(how)) = outcome(&counts, "1.96.0") else { panic!() };
        assert!(how.contains("rustc 1.95.0"), "{how}");
        let said = outcome(&[count("a b", 1_400), count("c", 200)], "1.96.0").unwrap_err();
        assert!(said.contains("a new compiler may be the reason"), "{said}");
    }

    #[test]
    fn the_table_names_every_kernel() {
        let (counts, figures) = ([count("a b", 1_200), count("new", 1_000)], figures());
        let table = Comparison::of(&counts, &figures, "1.95.0").table();
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.contains(&vec!["a", "b", "1,000", "1,200", "1.200", "SLOWER"]), "{table}");
        assert!(lines.contains(&vec!["new", "-", "1,000", "-", "has", "no", "figure"]), "{table}");
    }

    #[test]
    fn names_are_file_names() {
        assert_eq!(file_name("a /8 into /24"), "a--8-into--24");
        assert_eq!(callgrind_option("--o=", Path::new("a%b")), "--o=a%%b");
    }
}
