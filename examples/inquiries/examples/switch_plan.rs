//! What is a plan still worth, and what does another one cost when that is counted against it? R-P9.
//!
//! `cargo run -p inquiries --example switch_plan`

use anyhow::Result;
use counterfoil::{
    error::Language,
    exact::decimal,
    money::{Ratio, Rounding},
    pricing::change::{PaidPlan, PlanCycle},
    time::{Period, Zone},
};

fn main() -> Result<()> {
    let october = Period::parse("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z")?;
    let plan = PaidPlan::new([PlanCycle { period: october, price: decimal::parse("300")? }], Zone::UTC)?;
    let now = "2016-10-11T12:00:00Z".parse()?;

    let switch = plan.switch(decimal::parse("500")?, now, Rounding::USAGE_REMAINING)?;
    anyhow::ensure!(switch.remaining().amount() == decimal::parse("193.54")?);
    println!("{}", switch.derivation());
    println!("{}", switch.derivation().text(Language::Chinese));

    if let Err(refused) = plan.switch(decimal::parse("100")?, now, Rounding::USAGE_REMAINING) {
        println!("to a plan of 100: {refused} ({})", refused.code());
    }
    println!("cancelled: {} given back", plan.cancel(Ratio::ZERO, now, Rounding::USAGE_REMAINING)?.amount());
    Ok(())
}
