//! An invoice of top-ups: drawn once, rejected, drawn again, and what a refund does to it (R-S8).
//!
//! Run: `cargo run -p billing --example invoice`

use counterfoil::{
    error::Error,
    money::{CNY, Money},
    statement::{InvoiceEvent, InvoiceFrom, InvoiceOutcome, InvoiceRequest, InvoiceSource},
    wallet::Owner,
};

fn main() -> anyhow::Result<()> {
    let mut top_ups = [top_up("t-1", "100.00", "0")?, top_up("t-2", "50.00", "20.00")?];
    let request = |id: &str| InvoiceRequest { id: id.into(), owner: ada(), from: InvoiceFrom::All };
    let InvoiceOutcome::New(invoice) = request("i-1").draw(&top_ups, &[])? else { anyhow::bail!("it is the first") };
    println!("{}: {invoice}", invoice.id());

    let again = request("i-2").draw(&top_ups, std::slice::from_ref(&invoice));
    println!("i-2: {}", again.map_or_else(|error| error.to_string(), |_| "drawn twice".to_owned()));

    // A refund in between: it must not be issued as it is.
    top_ups[0].refunded = Money::parse("30.00", CNY)?;
    let stale = invoice.clone().after(InvoiceEvent::Issue, &top_ups);
    println!("issue: {}", stale.map_or_else(|error| error.to_string(), |_| "issued".to_owned()));

    let rejected = invoice.after(InvoiceEvent::Reject, &top_ups)?;
    let standing = [rejected];
    let InvoiceOutcome::New(invoice) = request("i-2").draw(&top_ups, &standing)? else { anyhow::bail!("a new id") };
    let issued = invoice.after(InvoiceEvent::Issue, &top_ups)?;
    println!("{}: {issued}, {}", issued.id(), issued.state());
    Ok(())
}

fn ada() -> Owner {
    Owner::User("ada".into())
}

fn top_up(id: &str, amount: &str, refunded: &str) -> Result<InvoiceSource, Error> {
    let (amount, refunded) = (Money::parse(amount, CNY)?, Money::parse(refunded, CNY)?);
    Ok(InvoiceSource { id: id.into(), owner: ada(), amount, refunded })
}
