//! A portal's day from rows to money.
//!
//! The pure half decides: [`input`] reads lives and prices, [`bill`] meters and rates them. The other half
//! carries it out.

mod args;
mod bill;
mod input;
mod portfolio;
mod problem;
mod progress;
mod sample;

use args::{Cli, Command};
use clap::Parser;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let Some(Command::Sample(args)) = &cli.command {
        sample::write(args.seed, &cli.run.out)?;
        return Ok(());
    }
    let source = cli.run.input.clone().map_or(input::Source::Shipped, input::Source::Folder);
    let input = input::Input::read(&source)?;
    for p in &input.problems {
        println!("{p}");
    }
    let mut portfolio = input.portfolio;
    let terms = portfolio::Terms {
        from: "2024-03-30".parse()?,
        to: "2024-04-01".parse()?,
        zone: "Europe/Berlin".parse()?,
        rounding: counterfoil::money::Rounding::PORTAL,
        quota: Default::default(),
        now: None,
    };
    let days = terms.days()?;
    let (bills, problems) = bill::bill(&mut portfolio, &terms, &days, || ()).map_err(problem::Unusable::from)?;
    for p in &problems {
        println!("{p}");
    }
    for bill in &bills {
        let mut sum = std::collections::BTreeMap::new();
        for b in bill.owners.values().flatten() {
            *sum.entry(b.reading.kind().to_string()).or_insert(rust_decimal::Decimal::ZERO) += b.payable.amount();
        }
        println!("{} {:?}", bill.day, sum);
    }
    Ok(())
}
