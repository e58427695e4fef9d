//! Whether a month adds up: what came in is what is held and what was spent, statements are what was paid, the
//! monthly report is the statements, and the FOCUS file is what is payable.

use super::{Monthly, books::MonthRefund};
use crate::{
    books::Books,
    portfolio::Portfolio,
    reconcile::{Check, Reconciliation},
};
use anyhow::Result;
use counterfoil::{exact::Exact, money::Money, statement::StatementStatus, wallet::Owner};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// What an owner was asked for, and what came back of it.
#[derive(Clone, Copy)]
struct Asked {
    statements: Money,
    orders: Money,
    refunds: Money,
}

/// Adds the checks of a month.
pub(crate) fn extend(
    reconciliation: &mut Reconciliation,
    portfolio: &Portfolio,
    books: &Books,
    monthly: &Monthly,
) -> Result<()> {
    let nothing = Money::new(Decimal::new(0, 2), books.currency);
    let sum = |amounts: &mut dyn Iterator<Item = Money>| -> Result<Money> {
        let mut sum = nothing;
        for amount in amounts {
            sum = sum.plus(amount)?;
        }
        Ok(sum)
    };
    let month = &monthly.books;

    // What came in, by the rows of the input and of the top-ups.
    let openings = sum(&mut portfolio.sound().filter_map(|(_, holding)| holding.balance))?;
    let owned = portfolio.sound().flat_map(|(_, holding)| &holding.coupons);
    let coupons = sum(&mut owned.chain(&portfolio.waiting).map(counterfoil::wallet::Coupon::balance))?;
    let top_ups = sum(&mut month.top_ups.iter().map(|stored| stored.top_up.amount))?;
    let put_in = openings.plus(coupons)?.plus(top_ups)?;
    // What is held, by the rows of the store; a coupon that nobody redeemed holds what it was issued with.
    let balances = sum(&mut books.balances.values().copied())?;
    let held: Vec<_> = month.coupons.values().flatten().collect();
    let redeemed: BTreeSet<&str> = held.iter().map(|coupon| coupon.id()).collect();
    let waiting = portfolio.waiting.iter().filter(|coupon| !redeemed.contains(coupon.id()));
    let on_coupons = sum(&mut held.iter().copied().chain(waiting).map(counterfoil::wallet::Coupon::balance))?;
    let held = balances.plus(on_coupons)?;

    let mut checks = Vec::new();
    let check = |left_of, left: Money, right_of, right: Money| {
        Check::new("month", left_of, &left.exact(), right_of, &right.exact())
    };
    for sums in books.audit.sums.iter().filter(|sums| sums.currency == books.currency) {
        let given_back = Exact::sum(&[sums.to_coupons.clone(), sums.to_balance.clone(), sums.to_debt.clone()])?;
        let right = sums.held.plus(&sums.payments)?.minus(&given_back)?;
        checks.push(Check::new("month", "openings + coupons + top-ups", &put_in.exact(), "put in", &sums.put_in)?);
        checks.push(Check::new("month", "put in", &sums.put_in, "held + spent − given back", &right)?);
        checks.push(Check::new("month", "balances + coupons now", &held.exact(), "held", &sums.held)?);
    }

    // What was asked for, by owner.
    let asked = asked(books, monthly, nothing)?;
    let total = |of: fn(&Asked) -> Money| sum(&mut asked.values().map(of));
    let (statements, orders, refunds) =
        (total(|asked| asked.statements)?, total(|asked| asked.orders)?, total(|asked| asked.refunds)?);
    let of_statements = books.statements.iter().filter_map(|stored| stored.payment.as_ref());
    let payments = sum(&mut of_statements.map(|payment| payment.payment.charge().amount))?;
    let corrections = month.refunds.iter().filter(|refund| refund.is_correction());
    let corrected = sum(&mut corrections.map(MonthRefund::amount))?;
    let open = books.statements.iter().filter(|stored| stored.statement.status() == StatementStatus::Unpaid);
    let open = sum(&mut open.map(|stored| stored.statement.payable()))?;
    checks.push(check(
        "statements + corrections",
        statements,
        "payments − refunds + open",
        payments.minus(corrected)?.plus(open)?,
    )?);
    checks.push(check("refunds above what was paid", above_paid(books, monthly, nothing)?, "nothing", nothing)?);
    let legs = month.refunds.iter().flat_map(MonthRefund::returned).map(|(_, amount)| amount);
    checks.push(check(
        "refunds",
        sum(&mut month.refunds.iter().map(MonthRefund::amount))?,
        "refund legs",
        sum(&mut legs.into_iter())?,
    )?);
    checks.push(check("monthly report", monthly.report.total.payable, "statements + corrections", statements)?);
    let of_owners = sum(&mut monthly.report.owners.iter().map(|owner| owner.total.payable))?;
    checks.push(check("report by owner", of_owners, "report by service", {
        sum(&mut monthly.report.units.iter().map(|(_, figures)| figures.payable))?
    })?);
    checks.push(check(
        "FOCUS billed cost",
        monthly.focus.billed,
        "statements + orders − refunds",
        statements.plus(orders)?.minus(refunds)?,
    )?);
    reconciliation.whole.extend(checks);
    if let Err(error) = monthly.report.total.check_settled() {
        reconciliation.findings.push(format!("the monthly report: {error}"));
    }
    for (owner, asked) in &asked {
        let invoiced = monthly.focus.invoices.get(owner).copied().unwrap_or(nothing);
        let payable = asked.statements.plus(asked.orders)?.minus(asked.refunds)?;
        let (left, right) = (invoiced.exact(), payable.exact());
        let scope = owner.to_string();
        reconciliation.owners.push(Check::new(
            &scope,
            "FOCUS invoice",
            &left,
            "statements + orders − refunds",
            &right,
        )?);
    }
    Ok(())
}

fn asked(books: &Books, monthly: &Monthly, nothing: Money) -> Result<BTreeMap<Owner, Asked>> {
    let mut asked: BTreeMap<Owner, Asked> = BTreeMap::new();
    let none = Asked { statements: nothing, orders: nothing, refunds: nothing };
    for stored in &books.statements {
        let of_owner = asked.entry(stored.statement.key().owner.clone()).or_insert(none);
        of_owner.statements = of_owner.statements.plus(stored.statement.payable())?;
    }
    for (_, payment) in &monthly.books.payments {
        let charge = payment.payment.charge();
        let of_owner = asked.entry(charge.payer.clone()).or_insert(none);
        of_owner.orders = of_owner.orders.plus(charge.amount)?;
    }
    for refund in monthly.books.refunds.iter().filter(|refund| !refund.is_correction()) {
        let of_owner = asked.entry(refund.owner.clone()).or_insert(none);
        of_owner.refunds = of_owner.refunds.plus(refund.amount())?;
    }
    Ok(asked)
}

/// By how much refunds are above their payments, over all payments: nothing in books that are right (R-W14).
fn above_paid(books: &Books, monthly: &Monthly, nothing: Money) -> Result<Money> {
    let mut left: BTreeMap<(&str, &str), Money> = BTreeMap::new();
    let of_statements = books.statements.iter().filter_map(|stored| stored.payment.as_ref());
    let of_orders = monthly.books.payments.iter().map(|(_, payment)| payment);
    for payment in of_statements.chain(of_orders).chain(&monthly.books.earlier) {
        let charge = payment.payment.charge();
        left.insert((&charge.application, &charge.order), charge.amount);
    }
    for refund in &monthly.books.refunds {
        let request = refund.stored.refund.request();
        let of_payment = left.entry((&request.application, &request.order)).or_insert(nothing);
        *of_payment = of_payment.minus(refund.amount())?;
    }
    let above = left.values().filter(|left| left.is_negative()).map(|left| left.negated());
    Ok(above.into_iter().try_fold(nothing, Money::plus)?)
}
