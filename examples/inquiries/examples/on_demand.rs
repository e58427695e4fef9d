//! Usage on demand: what is shown, what is charged, and what that leaves out (R-P7).
//!
//! Run: `cargo run -p inquiries --example on_demand`

use counterfoil::{
    pricing::{MeasuredValue, OnDemand, OnDemandPrice},
    units::MeasureTable,
};

fn main() -> anyhow::Result<()> {
    let measures = MeasureTable::bss()?;
    let asked = OnDemand {
        factor: "Duration".parse()?,
        usage: MeasuredValue { value: "25874".parse()?, measure: MeasureTable::BSS_SECOND },
        size: Some(MeasuredValue { value: "10240".parse()?, measure: MeasureTable::BSS_MB }),
        price: OnDemandPrice::parse("0.00064", MeasureTable::BSS_HOUR)?.for_each(MeasureTable::BSS_GB),
    };
    let charge = asked.charge(&measures)?;
    println!("shown {}, charged {}, left out {}", charge.shown(), charge.charged(), charge.truncated());
    println!("{}", charge.derivation());
    Ok(())
}
