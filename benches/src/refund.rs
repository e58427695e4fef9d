//! A payment of which two refunds were made already.

use counterfoil::{
    error::Error,
    money::{CNY, Money},
    wallet::{
        Charge, Coupons, Funding, GiveBack, Leg, Owner, Payment, Plan, RefundBooks, RefundOutcome, RefundRequest,
        Refunds, ReturnOrder, Source,
    },
};

/// What is known besides the payment: no fund has changed since.
///
/// # Errors
/// None: the text is fixed.
pub fn refund_books() -> Result<RefundBooks<'static>, Error> {
    Ok(RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse()? })
}

/// A payment by ten coupons and the balance.
///
/// # Errors
/// None: the text is fixed.
pub fn payment() -> Result<Payment, Error> {
    let cny = |text: &str| Money::parse(text, CNY);
    let mut legs = Vec::new();
    for (number, paid) in
        ["3.33", "20.00", "0.01", "17.50", "9.99", "50.00", "1.25", "8.00", "6.67", "33.25"].iter().enumerate()
    {
        legs.push(Leg::new(Source::Coupon(format!("C{number}").into()), cny(paid)?, cny(paid)?)?);
    }
    legs.push(Leg::new(Source::Balance, cny("303.30")?, cny("1000.00")?)?);
    let amount = Money::sum(legs.iter().map(Leg::amount), CNY)?;
    let charge = Charge {
        application: "portal".into(),
        order: "o-1".into(),
        unit: "vm".into(),
        payer: Owner::User("zhang".into()),
        amount,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    Ok(Payment::new(charge, Plan::new(amount, legs)?)?)
}

/// A part of [`payment`] to be given back.
///
/// # Errors
/// Where the amount is none of the currency.
pub fn refund_request(id: &str, amount: &str) -> Result<RefundRequest, Error> {
    Ok(RefundRequest {
        id: id.into(),
        application: "portal".into(),
        order: "o-1".into(),
        amount: Money::parse(amount, CNY)?,
        fee: Money::parse("0.00", CNY)?,
        step: counterfoil::exact::decimal::parse("0.01")?,
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    })
}

/// [`payment`] after two refunds in part.
///
/// # Errors
/// None: the text is fixed.
pub fn two_refunds() -> Result<Refunds, Error> {
    let books = refund_books()?;
    let mut refunds = Refunds::new(payment()?, vec![])?;
    for (id, amount) in [("r-1", "111.11"), ("r-2", "77.77")] {
        let request = refund_request(id, amount)?;
        let refund = match refunds.plan(&request, &books)? {
            RefundOutcome::New(plan) => plan.into_refund(),
            RefundOutcome::Retry(_) | RefundOutcome::Replay(_) => continue,
        };
        refunds = refunds.with(refund)?;
    }
    Ok(refunds)
}
