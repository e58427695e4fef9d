//! Plans stand where their payments lead: the first cycle and one for each renewal, at their price, and no other.

use super::{books::Books, told::Told};
use crate::{
    operations::cycle,
    world::{cents, owner},
};
use counterfoil::order::PlanState;

/// Plans that are paid too often or too seldom, or at another price.
pub(super) fn check(told: &Told, books: &Books) -> Vec<String> {
    let mut findings = Vec::new();
    for (plan, (wallet, price)) in &told.plans {
        let stored = books.plans.get(plan).map(|stored| &stored.plan);
        let started = stored.filter(|stored| stored.state() != PlanState::Pending);
        let cycles = started.map_or(0, |stored| stored.renewals() + 1);
        let unpaid = (0..cycles).find(|number| {
            let paid = books.payments.get(&cycle(plan, *number)).map(|stored| stored.payment.charge());
            paid.is_none_or(|charge| (charge.amount, &charge.payer) != (cents(*price), &owner(*wallet)))
        });
        findings.extend(unpaid.map(|number| format!("cycle {number} of the plan {plan} is not paid at its price")));
        let paid = told.cycles.iter().filter(|order| books.payments.contains_key(*order));
        let of_plan = paid.filter(|order| order.rsplit_once('/').is_some_and(|(known, _)| known == plan)).count();
        if u32::try_from(of_plan) != Ok(cycles) {
            findings.push(format!("the plan {plan} stands at {cycles} cycles, and {of_plan} are paid"));
        }
    }
    findings
}
