//! What `cargo xtask instructions` runs under callgrind: one kernel, so many times.
//!
//! `instructions list` prints each kernel's name and how many runs are to be counted, a tab between them;
//! `instructions run NAME RUNS` runs one.

use counterfoil_benches::kernels::{Fault, KERNELS};
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Fault> {
    match arguments {
        ["list"] => {
            KERNELS.iter().for_each(|kernel| println!("{}\t{}", kernel.name, kernel.runs));
            Ok(())
        }
        ["run", name, runs] => {
            let kernel = KERNELS.iter().find(|kernel| kernel.name == *name);
            (kernel.ok_or_else(|| format!("no kernel is called `{name}`"))?.repeat)(runs.parse()?)
        }
        _ => Err("`instructions list` or `instructions run NAME RUNS`".into()),
    }
}
