//! What parts of a centre cost, against its stock: `cargo run -p inquiries --example part_inquiry`.

use anyhow::Result;
use counterfoil::{
    error::Language,
    metering::Part,
    money::Rounding,
    pricing::{
        RateCard, Terms,
        inquiry::{PartInquiry, PartRequest, ResellerAnswer, Stock, Term, TermMonths},
    },
    units::{Quantity, Unit},
};

const CENTRE: &str = r#"
    revision = "centre-1"
    currency = "CNY"
    rates = [
        { kind = "container", part = "cpu", price = "1.5", per = "core", every = "hour" },
        { kind = "container", part = "memory", price = "0.005", per = "MiB", every = "hour" },
        { kind = "container", part = "gpu", model = "RTX5090-32G", price = "6", per = "card", every = "hour" },
    ]
"#;

fn main() -> Result<()> {
    let tariff = RateCard::from_toml(CENTRE)?.tariff(&"container".parse()?, "2025-07-01T00:00:00Z".parse()?)?;
    let (cpu, memory, gpu): (Part, Part, Part) = ("cpu".parse()?, "memory".parse()?, "gpu[RTX5090-32G]".parse()?);
    let requests = [
        PartRequest { part: cpu, amount: Quantity::whole(4, Unit::Core) },
        PartRequest { part: memory, amount: Quantity::whole(8, Unit::GiB) },
        PartRequest { part: gpu.clone(), amount: Quantity::whole(4, Unit::Card) },
        PartRequest { part: gpu.clone(), amount: Quantity::whole(2, Unit::Card) }, // shares the stock of the line above
        PartRequest { part: "npu".parse()?, amount: Quantity::whole(1, Unit::Card) },
    ];
    let stock = Stock::new([
        (gpu.clone(), "east".parse()?, Quantity::whole(2, Unit::Card)),
        (gpu, "west".parse()?, Quantity::whole(3, Unit::Card)),
    ])?;

    let window = Term::days(2)?.period(tariff.at(), TermMonths::Fixed30)?;
    let inquiry = PartInquiry::new(&requests, window).against(&stock, None); // all clusters together
    let quote = tariff.inquire_parts(&inquiry, Terms::list(Rounding::RESELLER))?;

    for line in quote.lines() {
        let answer = match &line.subtotal {
            Ok(amount) => format!("{amount} CNY"),
            Err(fault) => format!("{} ({})", fault.message(Language::English), fault.code()),
        };
        println!("{:>8} of {:<18} {answer}", line.request.amount.to_string(), line.request.part.to_string());
    }
    println!("\n{}", quote.quote());

    let answer = ResellerAnswer::from(&quote);
    println!("in the reseller's shape: {} {} {} {}", answer.status, answer.message, answer.total, answer.currency);
    Ok(())
}
