//! A payment by two coupons and the balance, refunded in three parts: each source gets back exactly what it paid (R-W15).

use anyhow::{Context, Result, bail};
use counterfoil::{
    money::{CNY, Money},
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundOutcome, RefundRequest,
        Refunds, ReturnOrder, Source,
    },
};

fn main() -> Result<()> {
    let cny = |text| Money::parse(text, CNY);
    let charge = Charge {
        application: "portal".into(),
        order: "o-1".into(),
        unit: "vm".into(),
        payer: Owner::User("zhang".into()),
        amount: cny("333.30")?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    let legs = vec![
        Leg::new(Source::Coupon("spring".into()), cny("10.00")?, cny("10.00")?)?,
        Leg::new(Source::Coupon("summer".into()), cny("20.00")?, cny("20.00")?)?,
        Leg::new(Source::Balance, cny("303.30")?, cny("500.00")?)?,
    ];
    let mut refunds = Refunds::new(Payment::new(charge, Plan::new(cny("333.30")?, legs)?)?, vec![])?;
    println!("paid: {}\n", refunds.payment().plan());

    for (id, amount) in [("r-1", "222.20"), ("r-2", "33.33"), ("r-3", "77.77")] {
        let request = RefundRequest {
            id: id.into(),
            application: "portal".into(),
            order: "o-1".into(),
            amount: cny(amount)?,
            fee: cny("0.00")?,
            step: "0.01".parse()?,
            returned: ReturnOrder::Proportional,
            give_back: GiveBack::SameCoupon,
        };
        let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse()? };
        let RefundOutcome::New(plan) = refunds.plan(&request, &books)? else { bail!("`{id}` is not there yet") };
        println!("{id}: {plan}");
        refunds = refunds.with(plan.into_refund())?;
        print_table(&refunds)?;
    }

    let more = refunds.refund("r-3").map(|third| third.request().clone()).context("`r-3` is there")?;
    let more = RefundRequest { id: "r-4".into(), amount: cny("0.01")?, ..more };
    let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse()? };
    if let Err(error) = refunds.plan(&more, &books) {
        println!("a cent more: {error}");
    }
    Ok(())
}

fn print_table(refunds: &Refunds) -> Result<()> {
    println!("    {:<18}{:>10}{:>10}{:>10}", "source", "paid", "returned", "left");
    for standing in refunds.standings() {
        let source = standing.source().to_string();
        let [paid, returned, left] =
            [standing.paid(), standing.returned(), standing.left()?].map(|money| money.to_string());
        println!("    {source:<18}{paid:>10}{returned:>10}{left:>10}");
    }
    println!("    {:<18}{:>10}{:>10}{:>10}\n", "", refunds.paid(), refunds.refunded(), refunds.left()?);
    Ok(())
}
