//! What a bucket costs for a day: `cargo run -p inquiries --example bucket_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Ratio,
    pricing::inquiry::{BucketInquiry, PayMode, Portal, PortalOrder},
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let portal = Portal::new(&prices, Ratio::ONE)?;
    let (bucket, day) = (Spec::size_gib("1")?, PortalOrder { term: None, count: 1, pay: PayMode::PostPaid });
    let now = "2024-02-20T08:00:00Z".parse()?;

    let quote = portal.order(&Kind::Bucket, bucket.clone(), day, now)?;
    println!("a GiB for a day, by the rate that metering uses: {} CNY", quote.payable());

    // The portal once priced buckets by the hour, and its inquiry still multiplies by 24 (D-P2).
    let legacy = portal.asking_buckets(BucketInquiry::Legacy).order(&Kind::Bucket, bucket, day, now)?;
    println!("as the portal's inquiry says: {} CNY", legacy.payable());
    Ok(())
}
