//! What does it cost to move to a bigger specification in the middle of a month, and what does it give back to
//! move down again? R-P8.
//!
//! `cargo run -p inquiries --example change_specification`

use anyhow::Result;
use counterfoil::{
    exact::decimal,
    money::Ratio,
    pricing::change::{Change, ChangeTerms, Downgrade, Due, Months, Remaining},
    time::{Period, Zone},
};

fn main() -> Result<()> {
    let zone: Zone = "Asia/Shanghai".parse()?;
    let order = Period::parse("2026-04-30T09:00:00+08:00", "2026-06-30T23:59:59+08:00")?;
    let now = "2026-05-25T13:40:00+08:00".parse()?;
    let remaining = Remaining::of_order(order, now, Months::Natural, zone)?;

    let up = Change::Price { old: decimal::parse("0")?, new: decimal::parse("39")? };
    let cost = up.cost(&remaining, ChangeTerms::BSS)?;
    anyhow::ensure!(cost.payable() == decimal::parse("47.07")?);
    println!("{}", cost.derivation());

    // The same at nine tenths, where the policy refuses to go back.
    let terms = ChangeTerms { discount: Ratio::parse("0.9")?, downgrade: Downgrade::Refuse, ..ChangeTerms::BSS };
    println!("discounted: {}\n", up.cost(&remaining, terms)?.payable());

    let down = Change::Price { old: decimal::parse("39")?, new: decimal::parse("19")? };
    if let Due::Refund(refund) = down.cost(&remaining, ChangeTerms::BSS)?.due() {
        println!("back to 19 a month: {refund} refunded");
    }
    if let Err(refused) = down.cost(&remaining, terms) {
        println!("or not: {refused} ({})", refused.code());
    }
    Ok(())
}
