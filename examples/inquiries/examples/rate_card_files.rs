//! A rate card in TOML and in JSON, what is said about a misspelt one, and a price by the event.
//!
//! ```sh
//! cargo run -p inquiries --example rate_card_files
//! ```

use counterfoil::{error::Language, exact::Exact, pricing::RateCard};

const CARD: &str = r#"
revision = "2024-02"
currency = "CNY"

[[rates]]
kind = "market"
part = "sales"
shape = "percentage"
percent = "2.9"
event_fee = "0.30"
event_maximum = "20"
per = "amount"
every = "once"
"#;

fn main() -> anyhow::Result<()> {
    let card = RateCard::from_toml(CARD)?;
    assert_eq!(RateCard::from_json(&card.to_json())?, card);
    println!("{}", card.to_json());

    let misspelt = card.to_json().replace("event_fee", "event_free");
    if let Err(error) = RateCard::from_json(&misspelt) {
        println!("{error}\n");
    }

    let [entry] = card.entries() else { anyhow::bail!("one rate") };
    let rate = &entry.rate;
    let payments: [Exact; 3] = ["100".parse()?, "10".parse()?, "999.99".parse()?];
    let priced = rate.price_events(&payments)?;
    println!("{}\n{}", priced.text(Language::English), priced.text(Language::Chinese));
    if let Err(error) = rate.amount(&"1109.99".parse()?) {
        println!("{error}"); // a sum forgets its events
    }
    Ok(())
}
