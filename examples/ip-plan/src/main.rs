//! Plans of address ranges, as tables and as maps.
//!
//! ```text
//! args ─→ main ─→ split, allocate, usage, diff, lists ─→ show ─→ a table on the terminal
//!                 each decides with the library               map ─→ a picture in SVG
//! ```
//!
//! Every command works for both families: that of the range, network or file that it is given.

mod allocate;
mod args;
mod diff;
mod lists;
mod map;
mod rows;
mod show;
mod split;
mod usage;

use anyhow::Result;
use args::{Cli, Command};
use clap::Parser;
use counterfoil::{
    error::{Error, IpamError},
    ipam::Family,
};
use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    match perform(&Cli::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match code(&error) {
                Some(code) => eprintln!("ip-plan: {error:#} ({code})"),
                None => eprintln!("ip-plan: {error:#}"),
            }
            ExitCode::FAILURE
        }
    }
}

/// Calls a command in the family of a text.
macro_rules! by_family {
    ($family:expr, $call:path, ($($argument:expr),* $(,)?)) => {
        match $family {
            Family::Ipv6 => {
                use $call as call;
                call::<counterfoil::ipam::Ipv6>($($argument),*)
            }
            _ => {
                use $call as call;
                call::<counterfoil::ipam::Ipv4>($($argument),*)
            }
        }
    };
}

fn perform(cli: &Cli, to: &mut impl Write) -> Result<()> {
    let output = &cli.output;
    match &cli.command {
        None => usage::sample(output, to),
        Some(Command::Split { range, into }) => {
            by_family!(Family::of(range), split::flat, (range, *into, output, to))
        }
        Some(Command::Plan { range, want }) => {
            by_family!(Family::of(range), split::minimal, (range, want, output, to))
        }
        Some(Command::MiniSplit { range, into, diff }) => {
            by_family!(Family::of(range), split::mini, (range, *into, *diff, output, to))
        }
        Some(Command::Allocate { network, rows, want, policy }) => {
            by_family!(Family::of(network), allocate::allocate, (network, rows, want, *policy, output, to))
        }
        Some(Command::Usage { network, rows }) => {
            by_family!(Family::of(network), usage::usage, (network, rows, output, to))
        }
        Some(Command::Diff { old, new }) => {
            by_family!(rows::family(old)?, diff::diff, (old, new, output, to))
        }
        Some(Command::Lists { paths }) => lists::lists(paths, output, to),
    }
}

/// The stable code of the library's error behind this one.
fn code(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let of_room = cause.downcast_ref::<IpamError>().map(IpamError::code);
        of_room.or_else(|| cause.downcast_ref::<Error>().map(Error::code))
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
