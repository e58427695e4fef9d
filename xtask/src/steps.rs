//! Running steps one after the other, and the table that closes a run.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsString,
    fmt::{self, Write as _},
    process::Command,
    time::{Duration, Instant},
};

/// One step of a run.
pub(crate) struct Step {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) action: Action,
}

/// What a step does.
pub(crate) enum Action {
    /// Runs cargo with arguments and environment variables.
    Cargo(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// Calls a function; the text is the command that does the same by hand.
    Call(&'static str, fn(&Workspace) -> Result<Outcome>),
}

/// How a step that did not fail came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Passed,
    /// By another way than usual.
    PassedWith(String),
    /// It did not run, and why.
    Skipped(String),
}

/// A line of the table.
struct Row {
    name: &'static str,
    result: String,
    took: Option<Duration>,
}

/// Of the steps those that are named, in the order of the steps; all of them where none is named.
///
/// # Errors
/// Where there is no step of a name; the message lists those there are.
pub(crate) fn named(steps: Vec<Step>, names: &[String]) -> Result<Vec<Step>> {
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        bail!("there is no step `{unknown}`: there are {}", known.join(", "));
    }
    let is_wanted = |step: &Step| names.is_empty() || names.iter().any(|name| name == step.name);
    Ok(steps.into_iter().filter(is_wanted).collect())
}

/// Runs the steps in order up to the first that fails, and closes with the table.
///
/// # Errors
/// Where a step fails; the message names it.
pub(crate) fn run(workspace: &Workspace, steps: &[Step]) -> Result<()> {
    let mut rows = Vec::with_capacity(steps.len());
    let mut failure = None;
    for (index, step) in (1..).zip(steps) {
        if failure.is_some() {
            rows.push(Row { name: step.name, result: "not run".to_owned(), took: None });
            continue;
        }
        println!("\n[{index}/{}] {}\n$ {}", steps.len(), step.name, step.action);
        let start = Instant::now();
        let result = step.action.run(workspace);
        let took = Some(start.elapsed());
        let result = match result {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::PassedWith(how)) => format!("passed, {how}"),
            Ok(Outcome::Skipped(why)) => {
                println!("SKIPPED: {why}");
                format!("SKIPPED: {why}")
            }
            Err(error) => {
                failure = Some(error.context(format!("step `{}` failed", step.name)));
                "FAILED".to_owned()
            }
        };
        rows.push(Row { name: step.name, result, took });
    }
    print!("\n{}", table(&rows));
    failure.map_or(Ok(()), Err)
}

/// Runs cargo in the workspace's root, with its output as it comes.
///
/// # Errors
/// Where it can not be run or fails; the message holds the command.
pub(crate) fn cargo(workspace: &Workspace, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let shown = show(arguments, variables);
    let status = Command::new(program())
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(workspace.root())
        .status()
        .with_context(|| format!("`{shown}` can not be run"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// The cargo that runs this program, so that every step uses one toolchain.
pub(crate) fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

impl Action {
    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        match self {
            Self::Cargo(arguments, variables) => cargo(workspace, arguments, variables).map(|()| Outcome::Passed),
            Self::Call(_, call) => call(workspace),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cargo(arguments, variables) => f.write_str(&show(arguments, variables)),
            Self::Call(shown, _) => f.write_str(shown),
        }
    }
}

/// A command as one would type it.
fn show(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let quoted = |word: &str| match word.contains([' ', '*']) {
        true => format!("'{word}'"),
        false => word.to_owned(),
    };
    let variables = variables.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
    let words = arguments.iter().map(|word| quoted(word));
    variables.chain(["cargo".to_owned()]).chain(words).collect::<Vec<_>>().join(" ")
}

/// Name, seconds and result of each step, and the total.
fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max("total".len());
    let mut text = format!("{:width$}  {:>8}  result\n", "step", "seconds");
    let mut line = |name: &str, took: Option<Duration>, result: &str| {
        let seconds = took.map_or_else(|| "-".to_owned(), |took| format!("{:.1}", took.as_secs_f64()));
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:width$}  {seconds:>8}  {result}");
    };
    for row in rows {
        line(row.name, row.took, &row.result);
    }
    line("total", Some(rows.iter().filter_map(|row| row.took).sum()), "");
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_step_and_a_total() {
        let rows = [
            Row { name: "fmt", result: "passed".to_owned(), took: Some(Duration::from_millis(400)) },
            Row { name: "doctests", result: "FAILED".to_owned(), took: Some(Duration::from_secs(12)) },
            Row { name: "tests", result: "not run".to_owned(), took: None },
        ];
        assert_eq!(
            table(&rows),
            "step       seconds  result\n\
             fmt            0.4  passed\n\
             doctests      12.0  FAILED\n\
             tests            -  not run\n\
             total         12.4\n"
        );
    }

    #[test]
    fn a_run_stops_at_the_first_failure() {
        let workspace = Workspace::here().unwrap();
        let steps = [
            Step { name: "good", action: Action::Call("good", |_| Ok(Outcome::Passed)) },
            Step { name: "bad", action: Action::Call("bad", |_| bail!("it is bad")) },
            Step { name: "never", action: Action::Call("never", |_| panic!("it ran after a failure")) },
        ];
        let error = run(&workspace, &steps).unwrap_err();
        assert_eq!(format!("{error:#}"), "step `bad` failed: it is bad");
    }

    #[test]
    fn steps_are_chosen_by_their_names() {
        let steps = || ["doctests", "tests", "wheel"].map(|name| Step { name, action: Action::Cargo(&[], &[]) }).into();
        let chosen = |names: &[&str]| -> Result<Vec<&str>> {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            Ok(named(steps(), &names)?.into_iter().map(|step| step.name).collect())
        };
        assert_eq!(chosen(&[]).unwrap(), ["doctests", "tests", "wheel"]);
        assert_eq!(chosen(&["wheel", "doctests"]).unwrap(), ["doctests", "wheel"]);
        let told = chosen(&["wheel", "pytset"]).unwrap_err().to_string();
        assert_eq!(told, "there is no step `pytset`: there are doctests, tests, wheel");
    }

    #[test]
    fn commands_are_shown_as_one_would_type_them() {
        assert_eq!(
            show(&["doc", "--bench", "*"], &[("RUSTDOCFLAGS", "--deny warnings")]),
            "RUSTDOCFLAGS='--deny warnings' cargo doc --bench '*'"
        );
    }
}
