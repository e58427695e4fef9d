//! What is paid from today to the end of the month, where today is a date of a zone? R-P11.
//!
//! `cargo run -p inquiries --example month_end`

use anyhow::Result;
use counterfoil::{
    exact::decimal,
    money::Rounding,
    pricing::change::to_month_end,
    time::{Instant, Zone},
};

fn main() -> Result<()> {
    let at: Instant = "2024-02-20T18:00:00Z".parse()?;
    for zone in [Zone::UTC, "Asia/Shanghai".parse()?] {
        let paid = to_month_end(decimal::parse("100")?, at, zone, Rounding::BSS)?;
        println!("{zone}\n{}", paid.derivation());
    }
    Ok(())
}
