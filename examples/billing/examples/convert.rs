//! A server that was paid by the day is paid ahead from six in the morning on: what of that day stays payable (R-O5).
//!
//! Run: `cargo run -p billing --example convert`

use counterfoil::{
    metering::{History, Part, Span, Spec},
    order::{AfterTerm, Conversion, Extension, Paid, to_pre_paid},
    pricing::inquiry::{Term, TermMonths},
    time::{BillingDay, MICROS_PER_HOUR, Zone, parse_date},
    units::{Quantity, Unit},
};

fn main() -> anyhow::Result<()> {
    let spec = Spec::new([(Part::CPU, Quantity::whole(4, Unit::Core)), (Part::RAM, Quantity::whole(8, Unit::GiB))])?;
    let history = History::new([Span::post_paid("2024-02-01T00:00:00Z".parse()?, None, spec)])?;
    let conversion = Conversion {
        at: "2024-02-20T06:00:00Z".parse()?,
        term: Term::months(1),
        months: TermMonths::Fixed30,
        arrears: None,
        then: AfterTerm::PrePaid,
    };
    let converted = to_pre_paid(&history, &conversion)?;
    println!("paid ahead: {}", converted.paid_ahead());
    for span in converted.history().spans() {
        let end = span.end().map_or_else(|| "now".to_owned(), |end| end.to_string());
        println!("{} from {} to {end}", span.mode(), span.start());
    }
    let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
    if let Some(usage) = converted.history().usage(day.period())? {
        for part in usage.to_parts()? {
            let hours = |value: &counterfoil::exact::Exact| value.divided_by(&MICROS_PER_HOUR.into());
            let (used, payable) = (hours(&part.used)?, hours(&part.payable)?);
            println!("{}: {used} {} hours used on {}, {payable} payable", part.part, part.unit, day.date());
        }
    }
    if let Err(error) = to_pre_paid(converted.history(), &conversion) {
        println!("once more: {error}");
    }
    for now in ["2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"] {
        let paid = Paid { until: converted.paid_ahead().end(), now: now.parse()? };
        let more = Extension::by(paid, Term::months(1), TermMonths::Fixed30)?;
        println!("renewed at {now}: {}{}", more.period(), if more.lapsed() { ", it had lapsed" } else { "" });
    }
    Ok(())
}
