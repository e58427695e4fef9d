//! `cargo xtask bench`: the benches, the bars that they are held to, and the page of both.

mod bars;
mod chart;
mod criterion;
mod page;
mod record;
mod show;

use crate::{
    machine::Machine,
    node, python,
    steps::{self, Outcome, cargo},
    store, table,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use bars::{Bar, Ruling};
use clap::Args;
use criterion::Found;
use record::{Growth, Record};
use std::{collections::BTreeSet, env, path::PathBuf, process::Command, time::SystemTime};

const BARS: &str = "benches/bars.toml";
/// What Criterion is asked for in a quick run: half a second to get warm and one to measure.
const QUICK: [&str; 6] = ["--warm-up-time", "0.5", "--measurement-time", "1", "--sample-size", "10"];
/// The largest number of rows of a quick run.
const QUICK_ROWS: &str = "1000000";

/// What of it is wanted.
#[derive(Args)]
pub(crate) struct Options {
    /// Run nothing; show what the last runs found
    #[arg(long, group = "mode")]
    table: bool,
    /// Measure how cost grows from 10,000 rows to 100 million, instead of the benches
    #[arg(long, group = "mode")]
    growth: bool,
    /// Run nothing; write `docs/performance.md` and its chart from `docs/performance.json`
    #[arg(long, group = "mode")]
    page: bool,
    /// Run nothing; fail where `docs/performance.md` or its chart is not what `docs/performance.json` gives
    #[arg(long, group = "mode")]
    check: bool,
    /// Run only the benches of calls from Python, beside plain Python: they build and install a wheel as it is released
    #[arg(long, group = "mode")]
    python: bool,
    /// Run only the benches of calls from Node, beside plain JavaScript: they build the native module as it is released
    #[arg(long, group = "mode")]
    node: bool,
    /// Run only the benches of the store, on SQLite and on servers of PostgreSQL and MariaDB that it starts
    #[arg(long, group = "mode")]
    store: bool,
    /// A short run: its medians tell orders of magnitude; not saved
    #[arg(long)]
    quick: bool,
    /// Save also what is otherwise not saved: the run of a filter, a quick run, or what `--table` shows
    #[arg(long)]
    save: bool,
    /// Passed on to criterion (or with `--growth` to its program): a regular expression as a filter, or `--save-baseline NAME`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Does what is wanted.
///
/// # Errors
/// Where a bench fails, or a file can not be read or written; a bar that is missed is no error.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    match options {
        Options { check: true, .. } => check(workspace).map(drop),
        Options { page: true, .. } => write_page(workspace, &Record::read(workspace)?),
        Options { growth: true, .. } => growth(workspace, options),
        _ => benches(workspace, options),
    }
}

/// The step of `cargo xtask ci`: the page and the chart are what the record gives.
///
/// # Errors
/// Where one of them is not, or the bars are not of their form.
pub(crate) fn check(workspace: &Workspace) -> Result<Outcome> {
    let (record, bars) = (Record::read(workspace)?, read_bars(workspace)?);
    page::page(&record).check(workspace)?;
    if let Some(growth) = &record.growth {
        chart::chart(growth)?.check(workspace)?;
    }
    Ok(match record.bars == bars {
        true => Outcome::Passed,
        false => Outcome::PassedWith(format!("{BARS} has changed since the benches ran: `cargo xtask bench`")),
    })
}

fn read_bars(workspace: &Workspace) -> Result<Vec<Bar>> {
    bars::read(&workspace.read(BARS)?).with_context(|| format!("`{BARS}`"))
}

/// Runs the benches, or reads what they found, and holds it to the bars.
fn benches(workspace: &Workspace, options: &Options) -> Result<()> {
    let bars = read_bars(workspace)?; // a fault in them should not be told after ten minutes
    let mut machine = Machine::here(workspace)?;
    let folder = results(workspace)?;
    let since = SystemTime::now();
    let is_whole = !options.table && !options.python && !options.node && !options.store && options.arguments.is_empty();
    if options.table {
        machine.load_before = None; // it is not known how busy it was
    } else {
        if machine.was_busy() {
            println!(
                "{machine}: other work runs beside this, so medians say little and only ratios of one run something\n"
            );
        }
        let is_rust = !options.python && !options.node;
        if is_rust {
            let folder = folder.to_str().context("the target folder has a name that is no UTF-8")?;
            let servers = if is_whole || options.store { store::for_benches(workspace)? } else { Vec::new() };
            let urls: Vec<_> = servers.iter().map(|(name, server)| (*name, server.url())).collect();
            let mut variables = vec![("CRITERION_HOME", folder)];
            variables.extend(urls.iter().map(|(name, url)| (*name, url.as_str())));
            cargo(workspace, &command_line(options), &variables)?;
        }
        if options.python || is_whole {
            python::bench(workspace, &folder, options.quick)?;
        }
        if options.node || is_whole {
            node::bench(workspace, &folder, options.quick)?;
        }
    }
    let found = criterion::read(&folder, since)?;
    let found = if is_whole { found.without_earlier() } else { found };
    let earlier = if options.table { BTreeSet::new() } else { found.earlier.clone() };
    println!("\n{machine}\n\n{}", summary(&bars, &found, &earlier));
    if options.save || is_whole && !options.quick {
        let growth = Record::read(workspace)?.growth;
        let machine = Some(machine).filter(|_| !found.figures.is_empty());
        save(workspace, &Record { machine, bars, benches: found.figures, growth })?;
    }
    Ok(())
}

/// The command line of the benches. Only targets that are benches: a library's own harness does not
/// know the arguments of criterion. Only their package, as `--growth` does, so that both are one build.
fn command_line(options: &Options) -> Vec<&str> {
    let benches = if options.store { "store" } else { "*" };
    let mut line = vec!["bench", "--package", "counterfoil-benches", "--locked", "--bench", benches, "--"];
    if options.quick {
        line.extend(QUICK);
    }
    line.extend(options.arguments.iter().map(String::as_str));
    line
}

/// Where Criterion keeps its results.
fn results(workspace: &Workspace) -> Result<PathBuf> {
    match env::var_os("CRITERION_HOME") {
        Some(folder) => Ok(folder.into()),
        None => Ok(workspace.target()?.join("criterion")),
    }
}

/// The table of the bars, and what is to be known of it.
fn summary(bars: &[Bar], found: &Found, earlier: &BTreeSet<String>) -> String {
    let lines = show::lines(bars, &found.figures);
    let mut table = table::ruled(&show::HEADER, 1..4);
    let mut is_mixed = false;
    for (bar, mut line) in bars.iter().zip(lines) {
        let is_earlier = bar.benches().any(|bench| earlier.contains(bench));
        let is_told = matches!(line.ruling, Ruling::Passed | Ruling::MissedBy(_));
        if let (true, true, [.., result]) = (is_earlier, is_told, &mut line.cells) {
            result.push_str(" (earlier)");
            is_mixed = true;
        }
        table.add_row(line.cells);
    }
    let note = if is_mixed { "\nearlier: by figures that this run did not measure" } else { "" };
    format!("{}\n\n{}{note}", table.trim_fmt(), show::count(&show::lines(bars, &found.figures)))
}

/// Measures how cost grows.
fn growth(workspace: &Workspace, options: &Options) -> Result<()> {
    let machine = Machine::here(workspace)?;
    let mut line =
        vec!["run", "--profile", "bench", "--package", "counterfoil-benches", "--example", "growth", "--locked", "--"];
    if options.quick {
        line.extend(["--most", QUICK_ROWS]);
    }
    line.extend(options.arguments.iter().map(String::as_str));
    let output = Command::new(steps::program())
        .args(&line)
        .current_dir(workspace.root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo can not be run")?;
    if !output.status.success() {
        bail!("`cargo {}` ended with {}", line.join(" "), output.status);
    }
    let growth = measured(&String::from_utf8(output.stdout)?, machine)?;
    println!("\n{}", growth.machine);
    if options.save || options.arguments.is_empty() && !options.quick {
        save(workspace, &Record { growth: Some(growth), ..Record::read(workspace)? })?;
    }
    Ok(())
}

/// What the program of growth printed, on this machine.
fn measured(json: &str, machine: Machine) -> Result<Growth> {
    let fault = "the program of growth did not print what it should";
    let mut printed: serde_json::Value = serde_json::from_str(json).context(fault)?;
    let members = printed.as_object_mut().context(fault)?;
    members.insert("machine".to_owned(), serde_json::to_value(machine)?);
    let mut growth: Growth = serde_json::from_value(printed).context(fault)?;
    for point in growth.curves.iter_mut().flat_map(|curve| &mut curve.points) {
        point.ns_per_row = criterion::rounded(point.ns_per_row);
    }
    Ok(growth)
}

fn save(workspace: &Workspace, record: &Record) -> Result<()> {
    workspace.write(record::PATH, &record.text()?)?;
    println!("{} written", record::PATH);
    write_page(workspace, record)
}

fn write_page(workspace: &Workspace, record: &Record) -> Result<()> {
    page::page(record).write(workspace)?;
    match &record.growth {
        Some(growth) => chart::chart(growth)?.write(workspace),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{record::samples, *};
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn options(arguments: &[&str]) -> Options {
        Line::try_parse_from([&["bench"], arguments].concat()).unwrap().options
    }

    #[test]
    fn a_filter_and_the_arguments_of_criterion_are_passed_on() {
        let whole = ["bench", "--package", "counterfoil-benches", "--locked", "--bench", "*", "--"];
        assert_eq!(command_line(&options(&[])), whole);
        assert_eq!(command_line(&options(&["deduct"])), [&whole[..], &["deduct"]].concat());
        let baseline = options(&["--save-baseline", "before", "deduct"]);
        assert_eq!(command_line(&baseline), [&whole[..], &["--save-baseline", "before", "deduct"]].concat());
        let store = ["bench", "--package", "counterfoil-benches", "--locked", "--bench", "store", "--", "SQLite"];
        assert_eq!(command_line(&options(&["--store", "SQLite"])), store);
        let quick = options(&["--quick", "deduct|tiers"]);
        assert_eq!(command_line(&quick), [&whole[..], &QUICK, &["deduct|tiers"]].concat());
    }

    #[test]
    fn one_thing_at_a_time() {
        assert!(Line::try_parse_from(["bench", "--table", "--growth"]).is_err());
        assert!(options(&["--table", "--save"]).save);
    }

    #[test]
    fn figures_that_this_run_did_not_measure_are_marked() {
        let record = samples::record();
        let found = Found { figures: record.benches.clone(), earlier: ["bulk/by hand".to_owned()].into() };
        let text = summary(&record.bars, &found, &found.earlier);
        assert!(text.contains("missed by 25 % (earlier)") && text.contains("\nearlier: "), "{text}");
        assert!(!text.contains("pass (earlier)"), "{text}");
        let fresh = found.without_earlier();
        assert_eq!(fresh.figures.keys().collect::<Vec<_>>(), ["bulk/rows", "day"]);
        assert!(!summary(&record.bars, &fresh, &fresh.earlier).contains("earlier"));
    }

    #[test]
    fn what_the_program_of_growth_prints_is_read() {
        let printed = r#"{"peak_memory_mib":64,"curves":[{"name":"n","what":"w","points":[
            {"rows":10000,"threads":1,"ns_per_row":12.345678,"timings":7}]}]}"#;
        let growth = measured(printed, samples::machine()).unwrap();
        assert_eq!((growth.peak_memory_mib, growth.curves[0].points[0].ns_per_row), (Some(64), 12.35));
        assert!(measured("[]", samples::machine()).is_err());
        assert!(measured(r#"{"curves":[{}]}"#, samples::machine()).is_err());
    }

    #[test]
    fn the_bars_of_the_project_can_be_read() {
        let bars = read_bars(&Workspace::here().unwrap()).unwrap();
        let mut seen = BTreeSet::new();
        assert!(bars.iter().all(|bar| seen.insert(&bar.what)), "two bars are about the same");
    }
}
