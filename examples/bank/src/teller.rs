//! The teller: takes an operation to the store and brings the answer back.

use crate::{
    answers::{Answer, legs, refund, settled_by, text},
    days,
    operations::{GiveBack, Operation},
    world::{APPLICATION, Beyond, UNIT, cents, coupon, owner},
};
use anyhow::{Context, Result};
use counterfoil::{
    money::Money,
    order::{AutoRenew, CycleLength},
    statement::Statement,
    time::{Instant, Zone},
    wallet::{Charge, Coupons, Funding, RefundRequest},
};
use counterfoil_store::{
    Act, ChargeTerms, CycleOutcome, Days, Locks, PaidCycle, Payments, PlanTerms, Plans, Put, Redemptions, Refunding,
    SqlStore, Statements, StoreError, TopUp, TopUps,
};
use rust_decimal::Decimal;
use std::{
    ops::ControlFlow,
    time::{Duration, SystemTime},
};

/// How far the clock of each client is ahead of that of the client before it.
const AHEAD: Duration = Duration::from_millis(400);

/// Asks for an operation, once.
pub(crate) async fn ask(store: &SqlStore, operation: &Operation, now: Instant) -> Result<Answer, StoreError> {
    Ok(match operation {
        Operation::Charge { order, wallet, cents, coupons, only_coupons } => {
            let funding = if *only_coupons { Funding::CouponsOnly } else { Beyond::of(*wallet).funding() };
            let coupons = coupons.clone().map_or(Coupons::Automatic, Coupons::Named);
            let paid = store.charge(&charge(order, *wallet, *cents, coupons, funding), now).await?;
            Answer::Paid { parts: legs(paid.payment.payment.plan().legs()), is_replay: paid.is_replay }
        }
        Operation::TopUp { id, wallet, cents: amount } => {
            let top_up = TopUp { id: id.clone(), owner: owner(*wallet), amount: cents(*amount) };
            Answer::ToppedUp { is_replay: store.top_up(&top_up, now).await?.is_replay }
        }
        Operation::Refund { id, order, cents: amount, fee, returned, give_back } => {
            let request = RefundRequest {
                id: id.clone(),
                application: APPLICATION.to_owned(),
                order: order.clone(),
                amount: cents(*amount),
                fee: cents(*fee),
                step: Decimal::new(1, 2),
                returned: returned.parse()?,
                give_back: give_back.policy(),
            };
            let done = store.refund(&request, now).await?;
            let (parts, state) = refund(&done.refund);
            Answer::Refunded { parts, state, is_replay: done.is_replay }
        }
        Operation::Authorise { order, wallet, cents, lasts_ms } => {
            let charge = charge(order, *wallet, *cents, Coupons::Automatic, Beyond::of(*wallet).funding());
            let expires = now.plus_micros(i64::from(*lasts_ms) * 1_000)?;
            let locked = store.authorise(&charge, expires, now).await?;
            Answer::Locked { parts: legs(locked.lock.lock.legs()), is_replay: locked.is_replay }
        }
        Operation::Capture { order, cents: amount } => {
            let captured = store.capture(APPLICATION, order, cents(*amount), now).await?;
            Answer::Captured { parts: legs(captured.payment.payment.plan().legs()), is_replay: captured.is_replay }
        }
        Operation::Void { order } => Answer::Voided { is_replay: store.void(APPLICATION, order, now).await?.is_replay },
        Operation::Release => {
            let released = store.release_expired(now).await?;
            Answer::Released { orders: released.into_iter().map(|lock| lock.lock.charge().order.clone()).collect() }
        }
        Operation::Issue { coupon: id, code, cents: amount } => {
            let issued = coupon(id.clone(), cents(*amount), None)?;
            Answer::Issued { is_replay: store.issue_coupon(&issued, code).await? == Put::Unchanged }
        }
        Operation::Redeem { coupon, code, wallet } => {
            let redeemed = store.redeem(coupon, code, &owner(*wallet), now).await?;
            Answer::Redeemed { is_replay: redeemed.is_replay }
        }
        Operation::Cancel { coupon } => {
            Answer::Cancelled { is_replay: store.cancel_coupon(coupon, now).await?.is_replay }
        }
        Operation::ChangeRange(change) => change.ask(store, &act(now)).await?,
        Operation::StartPlan { plan, wallet, cents: price } => {
            let (act, funding) = (act(now), Beyond::of(*wallet).funding());
            store.create_plan(&plan_terms(plan, *wallet, cents(*price))?, &act).await?;
            cycle(store.start_plan(APPLICATION, plan, Coupons::Automatic, funding, &act).await?)?
        }
        Operation::RenewPlan { plan, asked } => {
            let (coupons, funding) = (Coupons::Automatic, Funding::EnoughFunds);
            cycle(store.renew_plan(APPLICATION, plan, *asked, coupons, funding, &act(now)).await?)?
        }
        Operation::RecordDay { wallet, day, hours } | Operation::CorrectDay { wallet, day, hours } => {
            let recorded = store.record_day(&days::record(*wallet, *day, hours)?).await?;
            let is_replay = recorded.inserted + recorded.corrected + recorded.withdrawn == 0;
            let statement = |statement: &Statement| (statement.id(), text(statement.payable()));
            Answer::Recorded { statements: recorded.statements.iter().map(statement).collect(), is_replay }
        }
        Operation::SettleStatement { wallet, day, sequence } => {
            let statement = days::statement(*wallet, *day, *sequence)?;
            let settlement = store.settle_statement(&statement, &terms(now)).await?;
            let by = settled_by(settlement.payment(), settlement.refunds());
            Answer::Settled { statements: settlement.statements, by, is_replay: settlement.is_replay }
        }
        Operation::SettleDay { day } => {
            let mut watch = |_| ControlFlow::Continue(());
            let batch = store.settle_statements(&days::of_day(*day)?, &terms(now), &mut watch).await?;
            let (settled, of) = (batch.done - batch.refused.len(), batch.done);
            let mut refusals = batch.refused.into_iter().map(|refused| refused.error);
            match refusals.find(|error| !operation.may_be_refused(error.code())) {
                Some(error) => return Err(error),
                None => Answer::SettledDay { settled, of },
            }
        }
    })
}

fn charge(order: &str, wallet: u32, amount: i64, coupons: Coupons, funding: Funding) -> Charge {
    Charge {
        application: APPLICATION.to_owned(),
        order: order.to_owned(),
        unit: UNIT.to_owned(),
        payer: owner(wallet),
        amount: cents(amount),
        coupons,
        funding,
    }
}

/// What a plan is, whenever it is asked for.
fn plan_terms(plan: &str, wallet: u32, price: Money) -> Result<PlanTerms, StoreError> {
    Ok(PlanTerms {
        application: APPLICATION.to_owned(),
        plan: plan.to_owned(),
        owner: owner(wallet),
        unit: UNIT.to_owned(),
        price,
        cycle: CycleLength::Monthly,
        zone: Zone::UTC,
        start: "2024-01-01T00:00:00Z".parse()?,
        auto_renew: AutoRenew::Off,
    })
}

fn act(now: Instant) -> Act {
    Act { by: "bank".to_owned(), reason: String::new(), now }
}

fn cycle(cycle: PaidCycle) -> Result<Answer, StoreError> {
    let (payment, is_replay) = match cycle.outcome {
        CycleOutcome::Paid(payment) => (payment, false),
        CycleOutcome::Replayed(payment) => (payment, true),
        CycleOutcome::Refused(error) => return Err(error.into()),
    };
    Ok(Answer::Paid { parts: legs(payment.payment.plan().legs()), is_replay })
}

/// How every statement is settled: of what a wallet has, and nothing beyond.
fn terms(now: Instant) -> ChargeTerms {
    ChargeTerms { funding: Funding::EnoughFunds, ..ChargeTerms::daily(APPLICATION, now) }
}

/// The clock of a client: that of the machine, and for each further client a little ahead, as clocks of machines differ.
pub(crate) fn now(client: u32) -> Result<Instant> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).context("the clock stands before 1970")?;
    let ahead = AHEAD.saturating_mul(client);
    Ok(Instant::from_micros((since + ahead).as_micros().try_into()?)?)
}

impl Operation {
    /// Whether a refusal by this code is an answer that somebody may get, because others were faster.
    pub(crate) fn may_be_refused(&self, code: &str) -> bool {
        let codes: &[&str] = match self {
            Self::Charge { .. } => &[
                "wallet.funds_not_enough",
                "wallet.coupons_not_enough",
                "wallet.overdraft_exceeded",
                "wallet.coupon_no_balance",
                "wallet.coupon_locked",
                "wallet.coupon_not_available",
            ],
            Self::Authorise { .. } => &["wallet.funds_not_enough"],
            Self::Capture { .. } | Self::Void { .. } => {
                &["store.not_found", "wallet.lock_transition", "wallet.lock_expired"]
            }
            Self::Refund { .. } => &["store.not_found", "wallet.refund_above_rest"],
            Self::Redeem { .. } => &["wallet.wrong_code", "wallet.not_waiting", "wallet.already_owned"],
            Self::Cancel { .. } => &["store.not_found"],
            Self::ChangeRange(_) => {
                &["store.not_found", "ipam.overlap", "ipam.illegal_change", "ipam.merge_not_found", "ipam.merge_status"]
            }
            Self::StartPlan { .. } => &["wallet.funds_not_enough", "wallet.overdraft_exceeded"],
            Self::RenewPlan { .. } => {
                &["store.not_found", "order.future_renewal", "order.not_consuming", "wallet.funds_not_enough"]
            }
            Self::SettleStatement { .. } => &["store.not_found", "wallet.funds_not_enough"],
            Self::SettleDay { .. } => &["wallet.funds_not_enough"],
            Self::TopUp { .. }
            | Self::Release
            | Self::Issue { .. }
            | Self::RecordDay { .. }
            | Self::CorrectDay { .. } => &[],
        };
        codes.contains(&code)
    }
}

impl GiveBack {
    fn policy(self) -> counterfoil::wallet::GiveBack {
        use counterfoil::wallet::GiveBack as Policy;
        match self {
            Self::SameCoupon => Policy::SameCoupon,
            Self::BalanceIfExpired => Policy::BalanceIfExpired,
            Self::Balance => Policy::Balance,
            Self::RecordedOnly => Policy::RecordedOnly,
        }
    }
}
