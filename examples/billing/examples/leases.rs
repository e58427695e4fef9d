//! Devices that are leased for dates: who has which, how many are free, and what share is leased (R-O6).
//!
//! Run: `cargo run -p billing --example leases`

use counterfoil::{
    exact::RoundingMode,
    money::{CNY, Money},
    order::{CountLock, Dates, DeviceLease, LeaseBook, Release, Trial},
    pricing::Locked,
    time::parse_date,
};

fn main() -> anyhow::Result<()> {
    let dates = |from, until| anyhow::Ok(Dates::new(parse_date(from)?, parse_date(until)?)?);
    let mut book = LeaseBook::new((1..=15).map(|number| format!("gpu-{number:02}")))?;
    for number in 1..=6 {
        book = book.lease(DeviceLease {
            id: format!("lease-{number}"),
            order: "order-1".into(),
            device: format!("gpu-{number:02}"),
            dates: dates("2025-06-01", "2025-07-01")?,
            trial: Trial::paid(Money::parse("9.90", CNY)?, 3)?,
        })?;
    }
    let kept = dates("2025-06-10", "2025-06-20")?;
    book = book.lock(CountLock { id: "lock-1".into(), order: "order-2".into(), count: 2, dates: kept })?;

    for lease in book.leases().take(1) {
        let trial = lease.trial.dates(lease.dates).map(|dates| dates.to_string()).unwrap_or_default();
        println!("{}: {} for {}, on trial {trial}", lease.id, lease.device, lease.dates);
    }
    let vacancy = book.vacancy();
    for asked in [dates("2025-06-01", "2025-06-10")?, kept, dates("2025-06-25", "2025-07-05")?] {
        println!("free on all of {asked}: {}", vacancy.free(asked));
    }
    let day = book.on(parse_date("2025-06-15")?);
    let rates = day.rates(Locked::IsNotIdle)?;
    println!(
        "{}: {} of {} leased, {} locked: rent rate {}, idle rate {}",
        day.date,
        day.leased,
        day.total,
        day.locked,
        rates.leased().round_digits(6, RoundingMode::HalfUp)?,
        rates.idle().round_digits(6, RoundingMode::HalfUp)?,
    );

    let again = DeviceLease {
        id: "lease-7".into(),
        order: "order-3".into(),
        device: "gpu-01".into(),
        dates: dates("2025-06-30", "2025-07-02")?,
        trial: Trial::NONE,
    };
    if let Err(error) = book.clone().lease(again) {
        println!("{error}");
    }
    let (book, released) = book.release(Release::Order("order-1"), parse_date("2025-06-15")?)?;
    println!("released on 2025-06-15: {} leases; free on all of {kept}: {}", released.len(), book.free(kept));
    Ok(())
}
