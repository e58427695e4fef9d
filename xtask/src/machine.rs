//! What a figure was measured on.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::{env, fmt, fs, process::Command, thread};

/// A machine; what its system does not tell is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Machine {
    /// The model of its processor.
    pub(crate) cpu: Option<String>,
    /// How many cores this process may use.
    pub(crate) cores: Option<usize>,
    pub(crate) memory_gib: Option<u64>,
    /// As `linux x86_64`.
    pub(crate) system: String,
    /// As `1.95.0`.
    pub(crate) rustc: String,
    /// How many processes wanted a core in the minute before; none where figures were read that stood there already.
    pub(crate) load_before: Option<f64>,
}

impl Machine {
    /// This one, now.
    ///
    /// # Errors
    /// Where there is no compiler.
    pub(crate) fn here(workspace: &Workspace) -> Result<Self> {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Ok(Self {
            cpu: field(&read("/proc/cpuinfo"), "model name"),
            cores: thread::available_parallelism().ok().map(Into::into),
            memory_gib: field(&read("/proc/meminfo"), "MemTotal").and_then(|total| gib(&total)),
            system: format!("{} {}", env::consts::OS, env::consts::ARCH),
            rustc: rustc(workspace)?,
            load_before: load(&read("/proc/loadavg")),
        })
    }

    /// Whether so much else ran before that medians say little.
    pub(crate) fn was_busy(&self) -> bool {
        let cores = self.cores.unwrap_or(1) as f64;
        self.load_before.is_some_and(|load| load > cores / 2.0)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, memory_gib, system, rustc, load_before } = self;
        write!(f, "{}", cpu.as_deref().unwrap_or("unknown processor"))?;
        if let Some(cores) = cores {
            write!(f, ", {cores} core{}", if *cores == 1 { "" } else { "s" })?;
        }
        if let Some(memory) = memory_gib {
            write!(f, ", {memory} GiB")?;
        }
        write!(f, ", {system}, rustc {rustc}, ")?;
        match load_before {
            Some(load) => write!(f, "load {load:.2} before the run"),
            None => f.write_str("load before the run unknown"),
        }
    }
}

/// The version of the compiler that cargo uses here, as `1.95.0`.
///
/// # Errors
/// Where there is none, or it does not say.
pub(crate) fn rustc(workspace: &Workspace) -> Result<String> {
    let program = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program).arg("--version").current_dir(workspace.root()).output();
    let said = String::from_utf8(output.context("rustc can not be run")?.stdout)?;
    match said.split_whitespace().nth(1) {
        Some(version) => Ok(version.to_owned()),
        None => bail!("rustc does not say its version, but `{said}`"),
    }
}

/// The first value of a name in lines of `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    let value = |line: &str| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_owned())
    };
    text.lines().find_map(value)
}

/// `16384 kB` in GiB, to the nearest.
fn gib(text: &str) -> Option<u64> {
    let kib: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_add(1 << 19).map(|kib| kib >> 20)
}

/// The first of the three averages.
fn load(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_system_are_read() {
        let cpus = "processor\t: 0\nmodel name\t: Some CPU: fast\n\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(field(cpus, "model name").as_deref(), Some("Some CPU: fast"));
        assert_eq!(field("", "model name"), None);
        assert_eq!(gib("24600000 kB"), Some(23));
        assert_eq!(gib("lots"), None);
        assert_eq!(load("0.35 0.48 1.12 1/97 1234\n"), Some(0.35));
        assert_eq!(load(""), None);
    }

    #[test]
    fn a_machine_is_a_line() {
        let mut machine = Machine {
            cpu: Some("Some CPU".to_owned()),
            cores: Some(2),
            memory_gib: Some(24),
            system: "linux x86_64".to_owned(),
            rustc: "1.95.0".to_owned(),
            load_before: Some(1.5),
        };
        let line = "Some CPU, 2 cores, 24 GiB, linux x86_64, rustc 1.95.0, load 1.50 before the run";
        assert_eq!(machine.to_string(), line);
        assert!(machine.was_busy());
        (machine.cpu, machine.cores, machine.memory_gib, machine.load_before) = (None, Some(1), None, None);
        let line = "unknown processor, 1 core, linux x86_64, rustc 1.95.0, load before the run unknown";
        assert_eq!(machine.to_string(), line);
        assert!(!machine.was_busy());
    }
}
