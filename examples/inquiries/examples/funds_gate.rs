//! Whether there are funds enough to order what is paid later, and what is missing (R-P16).
//!
//! Run: `cargo run -p inquiries --example funds_gate`

use counterfoil::{
    money::{CNY, Money},
    pricing::{FundsGate, GatedOrder},
};

fn main() -> anyhow::Result<()> {
    let server = GatedOrder::PostPaid { day_price: Money::parse("312.96", CNY)?, existing: 2 };
    let bucket = GatedOrder::Bucket { existing: 3 };
    // As `wallet` tells them: coupons + max(balance, 0).
    let usable = Money::parse("700.00", CNY)?;
    for order in [server, bucket] {
        let verdict = FundsGate::PORTAL.check(order, usable)?;
        match verdict.is_enough() {
            true => println!("enough: {} of {}", verdict.available(), verdict.required()),
            false => println!("not enough: {} missing", verdict.missing()),
        }
        println!("{}", verdict.derivation());
    }
    Ok(())
}
