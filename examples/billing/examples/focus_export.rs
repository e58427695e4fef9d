//! A day's statement as a file in the FOCUS format: rated, made into rows, proved, written (R-S5).
//!
//! `cargo run -p billing --example focus_export`

use counterfoil::{
    exact::decimal,
    metering::{History, Kind, Part, Span, Spec},
    money::{CNY, Rounding},
    pricing::{RateCard, Terms},
    statement::focus::{
        BillingPeriodState, Corrected, FocusAccount, FocusBilling, FocusCharge, FocusFact, FocusFile, FocusInvoice,
        FocusResource, check, validate,
    },
    time::{Instant, Period},
    units::{Quantity, Unit},
};

const CARD: &str = r#"
revision = "2024-01"
currency = "CNY"

[[rates]]
kind = "server"
part = "cpu"
price = "0.066"
per = "core"
every = "hour"

[[rates]]
kind = "server"
part = "ram"
price = "0.012"
per = "GiB"
every = "hour"
"#;

fn main() -> anyhow::Result<()> {
    let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    let noon: Instant = "2024-02-20T12:00:01Z".parse()?;
    let spec = || Spec::new([(Part::CPU, Quantity::whole(2, Unit::Core)), (Part::RAM, Quantity::whole(4, Unit::GiB))]);
    // Twelve hours and a second are prepaid, the rest is paid by the day.
    let history = History::new([
        Span::pre_paid(day.start(), Some(noon), spec()?),
        Span::post_paid(noon, Some(day.end()), spec()?),
    ])?;
    let Some(usage) = history.usage(day)? else { anyhow::bail!("nothing was used") };
    let card = RateCard::from_toml(CARD)?;
    let bill = card.tariff(&Kind::Server, day.start())?.bill(&usage, Terms::list(Rounding::PORTAL))?;

    let billing = FocusBilling {
        provider: "Science Cloud".into(),
        publisher: "Science Cloud".into(),
        issuer: "Science Cloud".into(),
        account: FocusAccount { id: "user:ada".into(), name: "Ada".into(), kind: "user".into() },
        sub_account: None,
        currency: CNY,
        period: Period::parse("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")?,
        invoice: Some("2024-02-20/UTC/user/ada/vm/server/0".into()),
    };
    let charge = FocusCharge {
        service: "vm".into(),
        subcategory: "Virtual Machines".parse()?,
        resource: Some(FocusResource {
            id: "s-1".into(),
            name: Some("web".into()),
            kind: "server".into(),
            region: None,
            zone: None,
            tags: None,
        }),
        period: day,
        description: "server s-1".into(),
    };
    let mut rows = billing.usage(&charge, bill.explain())?;
    for row in &rows {
        let text = |value: Option<String>| value.unwrap_or_default();
        println!(
            "{}: list {}, contracted {}, billed {}",
            text(row.charge_description.clone()),
            row.list_cost,
            row.contracted_cost,
            row.billed_cost
        );
    }

    // A day of January, which was invoiced, comes out lower.
    let january = FocusCharge {
        period: Period::parse("2024-01-31T00:00:00Z", "2024-02-01T00:00:00Z")?,
        description: "server s-1, corrected".into(),
        ..charge
    };
    let corrected = FocusFact::Correction(Corrected {
        original: decimal::parse("-0.56")?,
        payable: decimal::parse("-0.56")?,
        of: BillingPeriodState::Invoiced,
    });
    let correction = FocusBilling { invoice: Some("2024-01-31/UTC/user/ada/vm/server/1".into()), ..billing };
    rows.extend(correction.rows(&january, &corrected)?);

    let payable = bill.payable_money();
    let invoices = [
        FocusInvoice::payable("2024-02-20/UTC/user/ada/vm/server/0", payable),
        FocusInvoice::payable("2024-01-31/UTC/user/ada/vm/server/1", counterfoil::money::Money::parse("-0.56", CNY)?),
    ];
    let file = FocusFile::new(rows.clone(), &invoices)?;
    println!("\n{} rows, Σ BilledCost of the day = {payable:#}", file.rows().len());
    println!("{}", file.csv());
    println!("read back: {} faults", check(&file.csv(), &invoices)?.len());

    // One cent more, and it is no file.
    if let Some(row) = rows.first_mut() {
        row.list_cost = decimal::add(row.list_cost, decimal::parse("0.01")?)?;
    }
    for fault in validate(&rows, &invoices) {
        println!("row {}: {} breaks {}: {}, not {}", fault.row, fault.column, fault.rule, fault.expected, fault.value);
    }
    Ok(())
}
