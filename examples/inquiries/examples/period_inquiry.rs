//! What a period costs with each discount to choose from: `cargo run -p inquiries --example period_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Rounding,
    pricing::{
        RateCard, Terms,
        discount::Discounts,
        inquiry::{PeriodInquiry, Term, TermMonths},
    },
};

const PRICES: &str = r#"
    revision = "2024-02"
    currency = "CNY"
    rates = [{ kind = "disk", part = "size", price = "0.7", per = "GiB", every = "month", month = "fixed_30" }]
"#;

const OPTIONAL: &str = r#"
    combine = "best"
    rules = [
        { name = "partner", source = "agreement", ratio = "0.85" },
        { name = "spring", source = "unified_discount", off = "500" },
    ]
"#;

fn main() -> Result<()> {
    let start = "2024-02-20T00:00:00Z".parse()?;
    let tariff = RateCard::from_toml(PRICES)?.tariff(&Kind::Disk, start)?;
    let inquiry = PeriodInquiry {
        term: Term::years(1)?.and(Term::months(3))?,
        months: TermMonths::Fixed30,
        number: 2,
        subscriptions: 3,
        start,
    };
    let optional = Discounts::from_toml(OPTIONAL)?;
    let disk = Spec::size_gib("100")?;
    let quote = tariff.inquire_period(&disk, &inquiry, Terms::list(Rounding::BSS), &optional)?;

    println!("official: {} CNY", quote.official());
    for offer in quote.optional() {
        println!("with {}: {} CNY, {} less", offer.rule, offer.quote.payable(), offer.discount);
    }
    if let Some(best) = quote.best_offer() {
        println!("best: {}\n\n{}", best.rule, best.quote);
    }
    Ok(())
}
