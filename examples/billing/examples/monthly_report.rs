//! A month by owner and service, its most expensive resources, the trend of a bucket, and what the balance does (R-S3, R-S7).
//!
//! Run: `cargo run -p billing --example monthly_report`

use anyhow::Context;
use counterfoil::{
    metering::{Kind, Part, Spec, Usage},
    money::{CNY, Money},
    statement::{
        ExpectedCost, ForecastTerms, Month, MonthlyReport, PaidLeg, PaymentRow, ReportFigures, ReportRow, ReportTerms,
        StatementRow, StatementStatus, TrendPoint, trend,
    },
    time::{BillingDay, Zone, parse_date},
    wallet::{Owner, SourceKind},
};

fn main() -> anyhow::Result<()> {
    let month: Month = "2024-02".parse()?;
    let days = month.days(Zone::UTC)?;
    let mut report = MonthlyReport::new(ReportTerms { days, currency: CNY, top: 3 });
    report.owner(&Owner::User("new".into()), "2024-03-01T08:00:00Z".parse()?)?; // not before the end of February

    let spec = Spec::server("2", "4", "50", false)?;
    let (vm, price) = ("vm".parse()?, Money::parse("8.16", CNY)?);
    for day in BillingDay::days(parse_date("2024-02-01")?..=parse_date("2024-02-20")?, Zone::UTC)? {
        let (window, usage) = (day.period(), Usage::timed(day.period(), &spec)?);
        for (owner, resource) in [("ada", "s-1"), ("ada", "s-2"), ("bob", "s-3")] {
            let owner = Owner::User(owner.into());
            report.read(&ReportRow {
                owner: &owner,
                unit: &vm,
                kind: &Kind::Server,
                resource: &resource.parse()?,
                window,
                usage: Some(&usage),
                lifetime_micros: Some(window.micros()),
                original: price,
                payable: price,
            })?;
            let (owner, unit) = (&owner, &vm);
            let is_paid = resource != "s-3"; // bob has not paid yet
            let status = if is_paid { StatementStatus::Paid } else { StatementStatus::Unpaid };
            report.state(&StatementRow { owner, unit, window, payable: price, status })?;
            if is_paid {
                let by = if resource == "s-1" { SourceKind::Coupon } else { SourceKind::Balance };
                report.pay(&PaymentRow { owner, unit, window, legs: &[PaidLeg { by, amount: price }] })?;
            }
        }
    }

    let report = report.finish()?;
    report.total.check_settled()?;
    println!("{month}: {} owners, {} left out\n", report.owners.len(), report.left_out);
    println!(
        "{:<10}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "hours", "original", "payable", "coupon", "balance", "open"
    );
    for owner in &report.owners {
        for unit in &owner.units {
            print_row(&format!("{} {}", owner.owner.id(), unit.unit), &unit.total);
        }
    }
    print_row("total", &report.total);
    for kind in report.owners.iter().flat_map(|owner| &owner.units).flat_map(|unit| &unit.kinds).take(1) {
        let cores = kind.usage.used(&Part::CPU).map(|used| used.hours().to_string()).unwrap_or_default();
        println!("\nada's {}s: {} core-hours", kind.kind, cores);
    }
    for item in &report.top {
        println!("{:>10} {:>8} {} of {}", item.resource, item.payable, item.kind, item.owner);
    }

    println!("\na bucket in GiB at the end of each month:");
    let point = |at: &str, size: i64| anyhow::Ok(TrendPoint { subject: "logs", month: at.parse()?, size: size.into() });
    for row in trend("2023-12".parse()?..=month, [point("2023-12", 40)?, point("2024-01", 50)?])? {
        println!("{} {:?}", row.month, row.change);
    }

    println!("\nwill 100.00 do for the rest of the month?");
    let so_far = report.owners.first().context("ada has a part of the report")?.total.payable;
    let (from, expect) = (parse_date("2024-02-21")?, ExpectedCost::AverageSoFar(so_far));
    let forecast = ForecastTerms { balance: Money::parse("100.00", CNY)?, from, expect }.forecast()?;
    println!("{}", forecast.derivation());
    println!("{}", if forecast.is_notice_due() { "no: tell ada" } else { "yes" });
    Ok(())
}

fn print_row(name: &str, figures: &ReportFigures) {
    println!(
        "{name:<10}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}",
        figures.hours().to_string(),
        figures.original.to_string(),
        figures.payable.to_string(),
        figures.by_coupon().to_string(),
        figures.by_balance().to_string(),
        figures.open.to_string(),
    );
}
