//! Settling statements: what is open of a group is charged, refunded, or nothing, as the core decides.

use super::{
    SqlStore, charging,
    engine::{Connection, Row, Turn, sql},
    refunding,
    rows::Fields,
    statements,
    statements::Head,
};
use crate::{Act, ChargeTerms, Settled, Settlement, StoreError, StoredPayment, StoredRefund};
use counterfoil::{
    error::StatementError,
    money::Money,
    statement::{Correction, CorrectionAction, GroupStatement, StatementStatus, correct},
    wallet::{Charge, RefundRequest, Refundable, refund_of_correction},
};

/// R-S1, R-S2, R-W13: one transaction, from the statements' status to the legs.
pub(super) async fn settle_statement(
    store: &SqlStore,
    id: &str,
    terms: &ChargeTerms,
) -> Result<Settlement, StoreError> {
    let mut transaction = store.write().await?;
    let head = held(&mut transaction, id).await?;
    match head.status {
        StatementStatus::Paid => return replay(&mut transaction, head, terms).await,
        StatementStatus::Cancelled => return Err(StatementError::Cancelled { statement: head.id }.into()),
        StatementStatus::Unpaid => {}
    }
    let group = Group::of(&mut transaction, &head).await?;
    let correction = correct(&group.members)?;
    let settlement = match correction.action() {
        CorrectionAction::Nothing | CorrectionAction::Settle => {
            group.settle(&mut transaction, &correction, None).await?;
            Settlement { statements: ids(&correction), settled: Settled::Nothing, is_replay: false }
        }
        CorrectionAction::Charge { order } => {
            let charge = terms.charge(&head, order.clone(), correction.amount());
            let (paid, number) =
                charging::carry_out(&mut transaction, &charge, &Act::of_the_store("settle", terms.now)).await?;
            group.settle(&mut transaction, &correction, Some((order, number))).await?;
            // A payment of the same order that was made before the statement was recorded settles it all the same.
            Settlement { statements: ids(&correction), settled: Settled::Paid(paid.payment), is_replay: paid.is_replay }
        }
        CorrectionAction::Refund { refund, of } => {
            let refunds = group.refund(&mut transaction, correction.amount(), refund, of, terms).await?;
            group.settle(&mut transaction, &correction, None).await?;
            Settlement { statements: ids(&correction), settled: Settled::Refunded(refunds), is_replay: false }
        }
    };
    transaction.commit().await?;
    Ok(settlement)
}

/// A statement whose owner's turn this transaction holds: nobody else settles it.
async fn held(connection: &mut Connection, id: &str) -> Result<Head, StoreError> {
    let missing = || StoreError::NotFound { what: "statement", id: id.to_owned() };
    let head = statements::find(connection, id).await?.ok_or_else(missing)?;
    if connection.take(&[Turn::Owner(&head.key.owner)]).await? {
        return statements::find(connection, id).await?.ok_or_else(missing);
    }
    Ok(head)
}

/// The statement that another was settled with.
pub(super) async fn leader(connection: &mut Connection, number: i64) -> Result<Option<Head>, StoreError> {
    let id = sql("select s.statement from settled_with w join statements s on s.id = w.leader where w.statement = ?")
        .bind(number)
        .text(connection)
        .await?;
    match id {
        Some(id) => statements::find(connection, &id).await,
        None => Ok(None),
    }
}

/// What settled a statement that is settled.
async fn replay(connection: &mut Connection, head: Head, terms: &ChargeTerms) -> Result<Settlement, StoreError> {
    let leader = leader(connection, head.number).await?.unwrap_or(head);
    let already_paid = || StatementError::AlreadyPaid { statement: leader.id.clone() };
    let settled = if let Some(number) = leader.payment {
        let paid = charging::payment_of_number(connection, number).await?;
        let charge = terms.charge(&leader, leader.id.clone(), paid.payment.plan().amount());
        if paid.payment.replay(&charge)?.is_none() {
            return Err(already_paid().into());
        }
        Settled::Paid(paid)
    } else {
        let refunds = refunding::rows::of_correction(connection, leader.number).await?;
        let refunds: Vec<StoredRefund> = refunds.into_iter().map(|known| known.stored).collect();
        if refunds.iter().any(|stored| stored.refund.request().application != terms.application) {
            return Err(already_paid().into());
        }
        if refunds.is_empty() { Settled::Nothing } else { Settled::Refunded(refunds) }
    };
    let statements = sql("select s.statement from statements s left join settled_with w on w.statement = s.id \
         where coalesce(w.leader, s.id) = ? order by s.sequence")
    .bind(leader.number)
    .fetch_all(connection)
    .await?;
    let statement = |row: &Row| Ok(Fields::of("statements", "statement", row).text("statement")?.to_owned());
    let statements = statements.iter().map(statement).collect::<Result<_, StoreError>>()?;
    Ok(Settlement { statements, settled, is_replay: true })
}

/// The statements of a day, owner, unit and kind, with what was paid for them.
struct Group {
    heads: Vec<Head>,
    members: Vec<GroupStatement>,
}

impl Group {
    async fn of(connection: &mut Connection, head: &Head) -> Result<Self, StoreError> {
        let heads = statements::group(connection, &head.key).await?;
        let mut members = Vec::with_capacity(heads.len());
        for head in &heads {
            let statement = statements::whole(connection, head).await?;
            let leader = leader(connection, head.number).await?;
            let paid_as = leader.filter(|leader| leader.payment.is_some()).map(|leader| leader.id);
            members.push(GroupStatement { statement, paid_as });
        }
        Ok(Self { heads, members })
    }

    /// Refunds so much of the payments of orders, the latest first.
    async fn refund(
        &self,
        connection: &mut Connection,
        amount: Money,
        id: &str,
        orders: &[String],
        terms: &ChargeTerms,
    ) -> Result<Vec<StoredRefund>, StoreError> {
        let correction = self.heads.iter().find(|head| head.id == id).map(|head| head.number);
        // What was settled by a refund, or by nothing, has no payment of its own.
        let paid = self.heads.iter().filter(|head| orders.contains(&head.id)).filter_map(|head| head.payment);
        let (mut applications, mut payments) = (Vec::new(), Vec::new());
        for number in paid {
            let StoredPayment { payment, paid_at } = charging::payment_of_number(connection, number).await?;
            let charge = payment.charge().clone();
            let left = refunding::refunds_of(connection, number, payment).await?.left_under(terms.give_back.coupons)?;
            payments.push(Refundable { order: charge.order.clone(), paid_at, left });
            applications.push((charge.order, charge.application));
        }
        let act = Act::of_the_store("settle", terms.now);
        let mut refunds = Vec::new();
        for (place, part) in (1_usize..).zip(refund_of_correction(amount, &payments)?) {
            let application = applications.iter().find(|(order, _)| *order == part.order);
            let request = RefundRequest {
                id: if place == 1 { id.to_owned() } else { format!("{id}/{place}") },
                application: application.map(|(_, application)| application.clone()).unwrap_or_default(),
                order: part.order,
                amount: part.amount,
                fee: Money::zero(part.amount.currency()),
                step: terms.give_back.step,
                returned: terms.give_back.returned,
                give_back: terms.give_back.coupons,
            };
            let refunded = refunding::carry_out(connection, &request, correction, &act).await?;
            if refunded.is_replay || refunded.refund.correction.as_deref() != Some(id) {
                // Somebody took the id of a statement for a refund of another reason.
                return Err(StoreError::Conflict { what: "refund", id: request.id, fact: "reason" });
            }
            refunds.push(refunded.refund);
        }
        Ok(refunds)
    }

    /// Marks what was open as paid: by the payment of one of them, or with the last of them.
    async fn settle(
        &self,
        connection: &mut Connection,
        correction: &Correction,
        paid: Option<(&String, i64)>,
    ) -> Result<(), StoreError> {
        let number = |id: &str| self.heads.iter().find(|head| head.id == id).map(|head| head.number);
        let last = correction.open().last().map(|open| &open.id);
        let leader = paid.map(|(order, _)| order).or(last).and_then(|id| number(id));
        for open in correction.open().iter().filter_map(|open| number(&open.id)) {
            let payment = paid.filter(|_| Some(open) == leader).map(|(_, payment)| payment);
            sql("update statements set status = 'paid', payment = ? where id = ? and status = 'unpaid'")
                .bind(payment)
                .bind(open)
                .change_one(connection)
                .await?;
            if Some(open) != leader {
                sql("insert into settled_with (statement, leader) values (?, ?)")
                    .bind(open)
                    .bind(leader)
                    .execute(connection)
                    .await?;
            }
        }
        Ok(())
    }
}

impl ChargeTerms {
    pub(super) fn charge(&self, statement: &Head, order: String, amount: Money) -> Charge {
        Charge {
            application: self.application.clone(),
            order,
            unit: statement.key.unit.to_string(),
            payer: statement.key.owner.clone(),
            amount,
            coupons: self.coupons.clone(),
            funding: self.funding.clone(),
        }
    }
}

fn ids(correction: &Correction) -> Vec<String> {
    correction.open().iter().map(|open| open.id.clone()).collect()
}
