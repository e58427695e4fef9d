//! What a snapshot costs until an instant: `cargo run -p inquiries --example snapshot_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Rounding,
    pricing::{Terms, inquiry::Asked},
    time::Period,
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let window = Period::parse("2024-02-20T08:00:00+08:00", "2024-04-02T12:30:00+08:00")?;
    let asked = Asked::new(Spec::size_gib("50")?, window);
    let quote = prices.inquire(&Kind::Snapshot, &asked, Terms::list(Rounding::PORTAL))?;
    println!("{quote}");
    Ok(())
}
