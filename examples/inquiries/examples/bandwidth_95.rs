//! A month of bandwidth by its 95th percentile, enhanced and classic (R-P14).
//!
//! Run: `cargo run -p inquiries --example bandwidth_95`

use counterfoil::{
    money::Rounding,
    pricing::bandwidth::{BandwidthDay, BandwidthPrice, Classic95, Enhanced95, UsedDays},
};
use rust_decimal::Decimal;

fn main() -> anyhow::Result<()> {
    // 16 days of June: 500 Mbit/s ordered, 288 samples a day, the five highest of them 300.
    let samples: Vec<Decimal> = (0..283).map(|sample| sample % 200).chain([300; 5]).map(Decimal::from).collect();
    let day = |day| BandwidthDay { day, largest_size: 500.into(), samples: samples.clone() };
    let days: Vec<BandwidthDay> = (1..=16).map(day).collect();
    let month = Enhanced95 { days: &days, days_in_month: 30, price: 120.into() }.charge(Rounding::BSS)?;
    println!("enhanced: {} Mbit/s for {} days: {}", month.charged(), month.days_used(), month.fee());
    println!("{}", month.derivation());

    // A whole month of samples 1 … 8640.
    let samples: Vec<Decimal> = (1..=8_640).map(Decimal::from).collect();
    let price = BandwidthPrice::new(120.into(), UsedDays { used: 30, in_month: 30 })?;
    let month = Classic95 { samples: &samples, price }.charge(Rounding::BSS)?;
    println!("classic: {} of {} samples do not count, {} Mbit/s", month.dropped(), month.samples(), month.peak());
    println!("{}", month.derivation());
    Ok(())
}
