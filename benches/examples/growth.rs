//! How the cost of a row grows with the number of rows, as JSON: what `cargo xtask bench --growth` runs.

use clap::Parser;
use counterfoil_benches::{
    growth::{Subject, subjects},
    kernels::Fault,
};
use serde_json::{Value, json};
use std::{fs, process::ExitCode, time::Duration};

/// Times each subject over 10,000 rows, ten times as many, and so on; JSON goes to the standard output
#[derive(Parser)]
struct Arguments {
    /// The largest number of rows
    #[arg(long, default_value_t = 100_000_000)]
    most: u64,
    /// Numbers of threads, one after the other
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<usize>,
    /// Only subjects with this in their name
    #[arg(default_value = "")]
    filter: String,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(measured) => {
            println!("{measured}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Value, Fault> {
    let mut curves = Vec::new();
    for subject in subjects().iter().filter(|subject| subject.name.contains(&arguments.filter)) {
        let mut points = Vec::new();
        let mut rows = 10_000;
        while rows <= arguments.most {
            points.extend(sizes(subject, rows, &arguments.threads)?);
            rows *= 10;
        }
        curves.push(json!({ "name": subject.name, "what": subject.what, "points": points }));
    }
    Ok(json!({ "curves": curves, "peak_memory_mib": peak_memory_mib() }))
}

/// The cost of a row among so many, for each number of threads; all of them must have done the same.
fn sizes(subject: &Subject, rows: u64, threads: &[usize]) -> Result<Vec<Value>, Fault> {
    let (mut points, mut seen) = (Vec::new(), None);
    // Small numbers of rows are over in an instant, so one timing says little.
    let times = if rows <= 1_000_000 {
        7
    } else if rows <= 10_000_000 {
        3
    } else {
        1
    };
    for &threads in threads {
        let mut elapsed = Vec::new();
        for _ in 0..times {
            let timing = subject.time(rows, threads)?;
            elapsed.push(timing.elapsed);
            if *seen.get_or_insert(timing.seen) != timing.seen {
                return Err(format!("{}: {threads} threads came to another result", subject.name).into());
            }
        }
        let per_row = median(&mut elapsed).as_nanos() as f64 / rows as f64;
        eprintln!("{}: {rows} rows, threads {threads}: {per_row:.2} ns a row, median of {times}", subject.name);
        points.push(json!({ "rows": rows, "threads": threads, "ns_per_row": per_row, "timings": times }));
    }
    Ok(points)
}

fn median(elapsed: &mut [Duration]) -> Duration {
    elapsed.sort();
    elapsed.get(elapsed.len() / 2).copied().unwrap_or_default()
}

/// The most memory that this process has had, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(kib.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.div_ceil(1024))
}
