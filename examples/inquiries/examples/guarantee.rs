//! What is missing to a minimum guarantee, and what a maximum leaves of lines (R-P13).
//!
//! Run: `cargo run -p inquiries --example guarantee`

use counterfoil::{
    exact::Exact,
    money::Rounding,
    pricing::{Cap, Guarantee},
};

fn main() -> anyhow::Result<()> {
    let line = Guarantee::parse("1000")?.charge(&"730.55".parse()?, Rounding::BSS)?;
    println!("{} of bill type {} ({} in bss)", line.amount(), line.bill_type().name(), line.bill_type().bss_number());
    println!("{}", line.derivation());

    // 25 days of 28, in cents: prorated exactly, and rounded once.
    let prorated = Guarantee::parse("1000")?.prorated(Exact::ratio(25, 28)?)?;
    println!("{}", prorated.charge(&800.into(), "half_up 1 total".parse()?)?.derivation());

    // At most 170 for the period, 160 of it billed before.
    let capped = Cap::parse("170")?.apply(&160.into(), &[15.into(), 7.into()], Rounding::PORTAL)?;
    for line in capped.lines() {
        println!("{} − {} = {}", line.amount(), line.discount(), line.billed());
    }
    println!("{}", capped.derivation());
    Ok(())
}
