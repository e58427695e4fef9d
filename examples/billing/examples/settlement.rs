//! What a reseller settles with a provider: by mode, refunds negative, each bill once (R-S6).
//!
//! `cargo run -p billing --example settlement`

use counterfoil::{
    error::Language,
    exact::decimal::parse,
    money::{CNY, Ratio, Rounding},
    statement::{ProviderBill, SettledKind, SettledTerms, SettlementBooks, SettlementOrder, settle},
    time::parse_date,
};
use std::collections::BTreeMap;

fn main() -> anyhow::Result<()> {
    let bill = |id: &str, date: &str, kind, terms| {
        anyhow::Ok(ProviderBill { id: id.into(), provider: "cloud-a".parse()?, date: parse_date(date)?, kind, terms })
    };
    let discount = SettledTerms::Discount { list: parse("100.005")?, ratio: Ratio::parse("0.9")? };
    let refunded = SettledTerms::Discount { list: parse("10")?, ratio: Ratio::parse("0.9")? };
    let floor = SettledTerms::FloorPrice { floor: parse("12.34")?, quantity: parse("3")? };
    let commission = SettledTerms::Commission { amount: parse("50")?, commission: parse("7.555")? };
    let bills = [
        bill("b-1", "2024-02-01", SettledKind::Charge, discount)?,
        bill("b-2", "2024-02-29", SettledKind::Refund, refunded)?,
        bill("b-3", "2024-02-10", SettledKind::Charge, floor)?,
        bill("b-4", "2024-02-11", SettledKind::Charge, commission)?,
        bill("b-5", "2024-03-01", SettledKind::Charge, floor)?,
        bill("b-6", "2024-02-12", SettledKind::Charge, floor)?,
    ];
    let settled = BTreeMap::from([("b-6".to_owned(), "cloud-a 2024-01".to_owned())]);
    let order = SettlementOrder {
        id: "cloud-a 2024-02".into(),
        provider: "cloud-a".parse()?,
        from: parse_date("2024-02-01")?,
        to: parse_date("2024-02-29")?,
        currency: CNY,
        rounding: Rounding::RESELLER,
    };
    let answer = settle(&order, SettlementBooks { bills: &bills, settled: &settled, earlier: None })?;
    for mode in answer.settlement.modes() {
        println!("{}: {} charges, {} refunds, {}", mode.mode, mode.charges, mode.refunds, mode.amount);
    }
    for (bill, why) in &answer.left_out {
        println!("left out: {bill}, {}", why.name());
    }
    println!("settled: {:#}\n\n{}", answer.settlement.money(), answer.settlement.derivation().text(Language::English));

    // Asked again, it is the first one; with another end it is a conflict.
    let again = SettlementBooks { bills: &bills, settled: &settled, earlier: Some(&answer.settlement) };
    println!("again: repeated = {}", settle(&order, again)?.repeated);
    match settle(&SettlementOrder { to: parse_date("2024-03-31")?, ..order }, again) {
        Ok(_) => println!("settled"),
        Err(error) => println!("{}: {error}", error.code()),
    }
    Ok(())
}
