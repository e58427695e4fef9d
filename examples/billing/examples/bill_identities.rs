//! Rows of a bill, each checked by its identities: what is wrong is named, row by row (R-S4).
//!
//! `cargo run -p billing --example bill_identities`

use counterfoil::{
    exact::decimal::parse,
    money::CNY,
    statement::{BillFacts, BillSources, check_bills},
};

fn main() -> anyhow::Result<()> {
    let row = BillFacts {
        id: "b-1".into(),
        type_number: 5,
        currency: CNY,
        official: parse("100.12345678")?,
        discount: parse("20")?,
        truncated: parse("0.00345678")?,
        consumed: parse("80.12")?,
        amount: parse("80.12")?,
        sources: BillSources { voucher: parse("30")?, cash: parse("50.12")?, ..BillSources::default() },
    };
    let cent_off = BillFacts { id: "b-2".into(), consumed: parse("80.13")?, ..row.clone() };
    let wrong_side = BillFacts { id: "b-3".into(), type_number: 4, ..row.clone() };
    let unknown = BillFacts { id: "b-4".into(), type_number: 6, ..row.clone() };

    let checked = check_bills([row, cent_off, wrong_side, unknown])?;
    for bill in &checked.good {
        let (facts, less) = (bill.facts(), bill.amount_less_vouchers()?);
        println!("{} {}: {} paid, {less} of it not by vouchers", facts.id, bill.bill_type(), facts.amount);
    }
    for row in &checked.faulty {
        for fault in &row.faults {
            println!("row {}: {}: {fault}", row.index, fault.code());
        }
    }
    for ((bill_type, currency), sums) in &checked.sums {
        println!("{bill_type}: {} rows, {} {currency}", sums.rows, sums.amount);
    }
    Ok(())
}
