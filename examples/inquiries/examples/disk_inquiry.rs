//! What a disk costs, and that its bill is the same: `cargo run -p inquiries --example disk_inquiry`.

use anyhow::{Context, Result};
use counterfoil::{
    metering::{History, Kind, Span, Spec},
    money::Rounding,
    pricing::{
        Terms,
        inquiry::{Asked, Term, TermMonths},
    },
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let disk = Spec::size_gib("150")?;
    let window = Term::days(60)?.period("2024-02-20T08:00:00Z".parse()?, TermMonths::Fixed30)?;

    let terms = Terms::list(Rounding::PORTAL);
    let quote = prices.inquire(&Kind::Disk, &Asked::new(disk.clone(), window), terms)?;
    println!("{quote}");

    // The same disk, sixty days later: what was metered is billed by the routine that quoted it.
    let history = History::new([Span::post_paid(window.start(), Some(window.end()), disk)])?;
    let usage = history.usage(window)?.context("it was there")?;
    let tariff = prices.tariff(&Kind::Disk, window.start())?;
    let bill = tariff.rate(&usage, Rounding::PORTAL)?;
    println!("quoted {}, billed {}", quote.payable(), bill.payable());
    Ok(())
}
