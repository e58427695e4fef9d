//! Which discounts apply to a line, which do not, and why (R-P6); which of them a customer would choose (R-P7); and what a
//! voucher takes of each line of an inquiry (R-P6).
//!
//! `cargo run -p inquiries --example discounts`

use counterfoil::{
    error::Language,
    exact::Exact,
    metering::{Kind, Part},
    money::Rounding,
    pricing::discount::{DiscountFacts, Discounts, Listed},
};

/// As it stands in a configuration file.
const DISCOUNTS: &str = r#"
combine = "multiply_best"

[[groups]]
name = "agreement"

[[groups]]
name = "voucher"            # it may not be combined with an agreement
yields_to = ["agreement"]

[[rules]]
name = "vip"
source = "class_discount"
class = "vip"
ratio = "0.95"

[[rules]]
name = "acme-2023"
source = "agreement"
customer = "acme"
to = "2024-01-01T00:00:00Z"
ratio = "0.7"
group = "agreement"

[[rules]]
name = "acme-2024"
source = "agreement"
customer = "acme"
from = "2024-01-01T00:00:00Z"
to = "2025-01-01T00:00:00Z"
ratio = "0.8"
group = "agreement"

[[rules]]
name = "acme-gpu"
source = "customer_price"
customer = "acme"
dimension = "gpu"
price = "5.50"

[[rules]]
name = "welcome"
source = "voucher"
off = "10"
group = "voucher"
"#;

fn main() -> anyhow::Result<()> {
    let discounts = Discounts::from_toml(DISCOUNTS)?;
    let facts = DiscountFacts {
        customer: Some("acme".parse()?),
        class: Some("vip".parse()?),
        at: "2024-02-20T08:00:00+08:00".parse()?,
    };
    // Two cards for 10 hours at 6.00 by the list.
    let gpu = "gpu[A100]".parse()?;
    let listed = Listed { kind: &Kind::Server, part: Some(&gpu), units: 20.into(), amount: 120.into() };

    let discounted = discounts.apply(&facts, &listed)?;
    println!("{}", discounted.trace().text(Language::English));
    println!("{}", discounted.trace().text(Language::Chinese));
    println!("{}", discounted.derivation()?);
    println!("to pay: {}\n", Rounding::PORTAL.round(discounted.into_amount())?);

    let optional = discounts.each_alone(&facts, &listed)?;
    for offer in optional.offers() {
        println!("{} alone: {} (saves {})", offer.rule, offer.result.amount(), offer.result.saved()?);
    }
    if let Some(best) = optional.best() {
        println!("best: {}\n", best.rule);
    }

    // An amount off is off the inquiry, once: its lines share it by what they cost.
    let somebody = DiscountFacts::anybody(facts.at);
    let line =
        |part, amount: i64| Listed { kind: &Kind::Server, part: Some(part), units: 1.into(), amount: amount.into() };
    let (cpu, ram) = (Part::CPU, Part::RAM);
    let lines = [line(&cpu, 30), line(&ram, 50), line(&gpu, 120)];
    let discounted = discounts.apply_all(&somebody, &lines)?;
    for one in &discounted {
        println!("{}", one.trace());
    }
    let saved: Vec<Exact> = discounted.iter().map(|one| one.saved()).collect::<Result<_, _>>()?;
    println!("off in all: {}", Exact::sum(&saved)?);
    Ok(())
}
