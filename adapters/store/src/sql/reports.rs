//! Sums for people, and the proof that the books add up.

use super::{SqlStore, audit, engine::sql, rows::Fields};
use crate::{Act, Audit, Repair, Reports, StatementFilter, StoreError, Total, texts};
use async_trait::async_trait;
use counterfoil::{
    metering::Kind, money::Currency, money::Money, statement::StatementStatus, units::Name, wallet::Owner,
};
use std::collections::BTreeMap;

#[async_trait]
impl Reports for SqlStore {
    async fn totals(&self, filter: &StatementFilter) -> Result<Vec<Total>, StoreError> {
        let mut totals = BTreeMap::new();
        let mut connection = self.snapshot().await?;
        // A statement stands here once for each leg that paid it.
        let mut rows =
            sql("select s.statement, s.owner, s.unit, s.kind, s.currency, s.original, s.payable, s.status, \
             (select count(*) from statement_lines l where l.statement = s.id) as line_count, \
             coalesce(g.position, 0) as leg, g.source, g.amount \
             from statements s left join legs g on g.payment = s.payment \
             where s.date between ?1 and ?2 and (?3 is null or s.zone = ?3) and (?4 is null or s.owner = ?4) \
             and (?5 is null or s.status = ?5) order by s.id, g.position")
            .bind(filter.dates.start().to_string())
            .bind(filter.dates.end().to_string())
            .bind(filter.zone.map(|zone| zone.to_string()))
            .bind(filter.owner.as_ref().map(ToString::to_string))
            .bind(filter.status.map(StatementStatus::name))
            .stream(&mut connection)?;
        while let Some(row) = rows.try_next().await? {
            add(&mut totals, Fields::of("statements", "statement", &row))?;
        }
        drop(rows);
        let mut refunds = sql("select s.owner, s.unit, s.kind, s.currency, r.amount, s.statement \
             from refunds r join statements s on s.id = r.correction \
             where s.date between ?1 and ?2 and (?3 is null or s.zone = ?3) and (?4 is null or s.owner = ?4) \
             and (?5 is null or s.status = ?5) order by r.id")
        .bind(filter.dates.start().to_string())
        .bind(filter.dates.end().to_string())
        .bind(filter.zone.map(|zone| zone.to_string()))
        .bind(filter.owner.as_ref().map(ToString::to_string))
        .bind(filter.status.map(StatementStatus::name))
        .stream(&mut connection)?;
        while let Some(row) = refunds.try_next().await? {
            let row = Fields::of("statements", "statement", &row);
            let total = totals.entry(group_of(row)?).or_insert_with_key(nothing);
            total.given_back = total.given_back.plus(row.money("amount")?)?;
        }
        Ok(totals.into_values().collect())
    }

    async fn verify(&self) -> Result<Audit, StoreError> {
        audit::verify(&mut self.snapshot().await?).await
    }

    async fn repair(&self, repair: &Repair, act: &Act) -> Result<(), StoreError> {
        texts::act(act)?;
        let conflict = || StoreError::Conflict { what: "repair", id: repair.row.clone(), fact: "value" };
        let update = match (repair.table, repair.column) {
            ("accounts", "balance") => "update accounts set balance = ? where owner = ? and balance = ?",
            ("accounts", "debt") => "update accounts set debt = ? where owner = ? and debt = ?",
            ("coupons", "balance") => "update coupons set balance = ? where coupon = ? and balance = ?",
            _ => return Err(conflict()),
        };
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let changed = sql(update)
                .bind(&*repair.to)
                .bind(&*repair.row)
                .bind(&*repair.from)
                .execute(&mut transaction)
                .await?;
            if changed != 1 {
                return Err(conflict());
            }
            sql("insert into repairs (table_name, row_name, column_name, value_before, value_after, actor, reason, at_us) \
                 values (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(repair.table)
            .bind(&*repair.row)
            .bind(repair.column)
            .bind(&*repair.from)
            .bind(&*repair.to)
            .bind(&*act.by)
            .bind(&*act.reason)
            .bind(act.now.micros())
            .execute(&mut transaction)
            .await?;
            transaction.commit().await
        })
        .await
    }
}

type Group = (Owner, Name, Kind, Currency);

/// Adds a statement, or a further leg of one.
fn add(totals: &mut BTreeMap<Group, Total>, row: Fields<'_>) -> Result<(), StoreError> {
    let total = totals.entry(group_of(row)?).or_insert_with_key(nothing);
    if row.integer("leg")? == 0 {
        let payable = row.money("payable")?;
        total.statements += 1;
        total.lines += row.count::<usize>("line_count")?;
        total.original = total.original.plus(row.money("original")?)?;
        total.payable = total.payable.plus(payable)?;
        match row.parse("status")? {
            StatementStatus::Unpaid => total.unpaid = total.unpaid.plus(payable)?,
            StatementStatus::Cancelled => total.cancelled = total.cancelled.plus(payable)?,
            StatementStatus::Paid => {}
        }
    }
    let paid_by = match row.optional_text("source")? {
        None => return Ok(()),
        Some("coupon") => &mut total.by_coupon,
        Some("balance") => &mut total.by_balance,
        Some("debt") => &mut total.by_debt,
        Some(other) => return Err(row.corrupt("source", &format!("there is no source `{other}`"))),
    };
    *paid_by = paid_by.plus(row.money("amount")?)?;
    Ok(())
}

fn group_of(row: Fields<'_>) -> Result<Group, StoreError> {
    Ok((row.owner("owner")?, row.parse("unit")?, row.parse("kind")?, row.parse("currency")?))
}

fn nothing((owner, unit, kind, currency): &Group) -> Total {
    let zero = Money::zero(*currency);
    Total {
        owner: owner.clone(),
        unit: unit.clone(),
        kind: kind.clone(),
        currency: *currency,
        statements: 0,
        lines: 0,
        original: zero,
        payable: zero,
        by_coupon: zero,
        by_balance: zero,
        by_debt: zero,
        given_back: zero,
        unpaid: zero,
        cancelled: zero,
    }
}
