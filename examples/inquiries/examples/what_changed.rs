//! Two revisions of a rate card: entry by entry, and on the usage of a day.
//!
//! ```sh
//! cargo run -p inquiries --example what_changed
//! ```

use counterfoil::{
    error::Language,
    metering::{Kind, Spec, Usage},
    money::Rounding,
    pricing::{Billed, ComparisonTerms, Counted, RateCard, compare},
    time::Period,
};

const OLD: &str = r#"
revision = "2024-02"
currency = "CNY"
rates = [
    { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
    { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
    { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
]
"#;

fn main() -> anyhow::Result<()> {
    let old = RateCard::from_toml(OLD)?;
    let new =
        RateCard::from_toml(&OLD.replace("2024-02", "2024-03").replace("0.066", "0.070").replace("0.66", "0.50"))?;
    println!("{}", old.difference_to(&new));

    let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    let billed = |owner: &str, id: &str, cores: &str, address: bool| -> anyhow::Result<Billed> {
        let usage = Usage::timed(day, &Spec::server(cores, "2", "50", address)?)?;
        Ok(Billed { owner: owner.parse()?, id: id.parse()?, kind: Kind::Server, usage, at: day.start() })
    };
    let facts = [billed("bob", "s-2", "8", false)?, billed("ada", "s-1", "1", true)?];
    let terms = ComparisonTerms { counted: Counted::Payable, rounding: Rounding::PORTAL };
    let comparison = compare(&old, &new, &facts, terms)?;
    println!("{comparison}\n{}", comparison.text(Language::Chinese));
    Ok(())
}
