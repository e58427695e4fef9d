//! A price by keys that match exactly, and which key failed where none does (R-P18).
//!
//! Run: `cargo run -p inquiries --example table_price`

use counterfoil::{
    money::{Ratio, Rounding},
    pricing::PriceTable,
};

const LINES: &str = r#"
currency = "CNY"
keys = ["from", "to", "routes", "bandwidth"]
rows = [
    { of = { from = "Beijing", to = "Shanghai", routes = "1", bandwidth = "100M" }, price = "1200", label = "BJ-SH 100" },
    { of = { from = "Beijing", to = "Shanghai", routes = "2", bandwidth = "100M" }, price = "2100", label = "BJ-SH 2×100" },
    { of = { from = "Beijing", to = "Guangzhou", routes = "1", bandwidth = "100M" }, price = "1850", label = "BJ-GZ 100" },
]
"#;

fn main() -> anyhow::Result<()> {
    let table = PriceTable::from_toml(LINES)?;
    let asked = [("from", "Beijing"), ("to", "Shanghai"), ("routes", "1"), ("bandwidth", "100M")];
    let price = table.price(&asked, Some(Ratio::parse("0.85")?), Rounding::PORTAL)?;
    println!("{}: {}\n{}", price.label(), price.amount(), price.derivation());

    let asked = [("from", "Beijing"), ("to", "Guangzhou"), ("routes", "2"), ("bandwidth", "100M")];
    match table.price(&asked, None, Rounding::PORTAL) {
        Ok(price) => println!("{}", price.amount()),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
