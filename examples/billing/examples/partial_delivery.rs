//! An order of three servers of which one was never delivered: what comes back, and from which payment (R-W17, R-W15).

use anyhow::{Result, bail};
use counterfoil::{
    money::{CNY, Money},
    wallet::{
        Charge, Coupons, Funding, GiveBack, ItemShares, Leg, OrderItem, Owner, Payment, Plan, RefundBooks,
        RefundOutcome, RefundRequest, Refunds, ReturnOrder, Source,
    },
};

fn main() -> Result<()> {
    let cny = |text| Money::parse(text, CNY);
    let item = |id: &str, delivered| OrderItem { id: id.into(), weight: 1.into(), delivered };
    let items = [item("vm-1", true), item("vm-2", false), item("vm-3", true)];
    let shares = ItemShares::new(cny("100.00")?, &items, "0.01".parse()?)?;
    println!("undelivered: {shares}");

    let charge = Charge {
        application: "portal".into(),
        order: "o-1".into(),
        unit: "vm".into(),
        payer: Owner::User("zhang".into()),
        amount: cny("100.00")?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    let legs = vec![
        Leg::new(Source::Coupon("spring".into()), cny("40.00")?, cny("40.00")?)?,
        Leg::new(Source::Balance, cny("60.00")?, cny("500.00")?)?,
    ];
    let refunds = Refunds::new(Payment::new(charge, Plan::new(cny("100.00")?, legs)?)?, vec![])?;
    let request = RefundRequest {
        id: "o-1/vm-2".into(),
        application: "portal".into(),
        order: "o-1".into(),
        amount: shares.undelivered(),
        fee: cny("0.00")?,
        step: "0.01".parse()?,
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse()? };
    let RefundOutcome::New(plan) = refunds.plan(&request, &books)? else { bail!("it is not there yet") };
    println!("refund: {plan}");
    println!("left of the payment: {:#}", plan.left());
    Ok(())
}
