//! An order from unpaid to ended: its payment, its delivery, its renewals and its dunning (R-O1 … R-O3).
//!
//! Run: `cargo run -p billing --example order_cycle`

use counterfoil::{
    money::{CNY, Money},
    order::{
        AccountFunds, AutoRenew, CycleLength, DeliveryEvent, Dunning, DunningAction, DunningFacts, Order, OrderEvent,
        OrderType, PaymentWindow, PlanOrder, PlanState, Renewal,
    },
    time::{Instant, MICROS_PER_DAY, Zone},
};

fn main() -> anyhow::Result<()> {
    let start: Instant = "2016-08-31T10:00:00Z".parse()?;
    let window = PaymentWindow::new(start, 3600)?;
    let order = Order::new(OrderType::New, 1)?;
    println!("{start}  {}: to be paid before {}", window.status(order.status(), start), window.until());
    let order = order.after(OrderEvent::Pay)?.deliver(0, DeliveryEvent::Deliver)?;
    println!("{start}  {}, {}", order.status(), order.trading());

    let mut plan = PlanOrder::new(start, CycleLength::Monthly, Zone::UTC)?.start()?;
    let price = Money::parse("100.00", CNY)?;
    let mut usable = Money::parse("250.00", CNY)?;
    let (mut last_warned, mut now) = (None, start);
    println!("{now}  {}: paid until {}, {usable} left", plan.state(), plan.deadline()?);
    // A job that runs once a day: the deadlines stay on the last of the month whenever it does.
    while plan.state() == PlanState::Consuming {
        now = now.plus_micros(MICROS_PER_DAY)?;
        let account = "ada".to_owned();
        let facts = DunningFacts {
            id: "plan-1".into(),
            order: plan,
            auto_renew: AutoRenew::On,
            price,
            account: account.clone(),
            last_warned,
            retries: 0,
        };
        for step in Dunning::USAGE.steps(&[facts], &[AccountFunds { account, usable }], now)? {
            match step.action() {
                DunningAction::Renew => {
                    if let Renewal::Renewed(next) = plan.renew(step.renewals())? {
                        (plan, usable) = (next, usable.minus(price)?);
                    }
                }
                DunningAction::Warn => last_warned = Some(now),
                DunningAction::End => plan = plan.end()?,
                DunningAction::Wait | DunningAction::Nothing => continue,
            }
            println!("{now}  {step}");
        }
    }
    println!("{now}  {}", plan.state());
    Ok(())
}
