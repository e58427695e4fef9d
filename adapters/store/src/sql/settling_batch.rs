//! Settling many statements: those of a group of their own are planned one after another and written together, so many
//! in a transaction; all others, of corrections, orders and locks, one by one, as [`super::settling`] does.

use super::{
    SqlStore,
    engine::{Connection, Turn, composed},
    purses::{Purses, cases},
    rows::{Fields, ROWS, places, rows_of},
    settling,
    statements::{self, Head},
};
use crate::{ChargeTerms, Refused, SettleProgress, Settled, SettledBatch, StatementFilter, StoreError};
use counterfoil::{
    statement::{CorrectionAction, GroupStatement, StatementLine, StatementStatus, correct},
    wallet::{Charge, Owner},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// How many statements one transaction settles.
const TOGETHER: usize = 500;

/// Settles the unpaid statements of a filter, by date, zone, owner, unit, kind and sequence.
pub(super) async fn settle_statements(
    store: &SqlStore,
    filter: &StatementFilter,
    terms: &ChargeTerms,
    watch: &mut (dyn FnMut(SettleProgress) -> ControlFlow<()> + Send),
) -> Result<SettledBatch, StoreError> {
    let open = statements::unpaid(&mut store.read().await?, filter).await?;
    let mut batch = SettledBatch::default();
    for ids in open.chunks(TOGETHER) {
        store.engine.look_at_sizes(ids.len()).await;
        let together = store.retry(|| settle_together(store, ids, terms)).await?;
        batch.paid += together.paid;
        batch.refused.extend(together.refused);
        for id in &together.left {
            settle_one(store, id, terms, &mut batch).await?;
        }
        batch.done += ids.len();
        if watch(SettleProgress { done: batch.done, of: open.len() }).is_break() {
            break;
        }
    }
    Ok(batch)
}

/// One that is not alone in its group.
async fn settle_one(
    store: &SqlStore,
    id: &str,
    terms: &ChargeTerms,
    batch: &mut SettledBatch,
) -> Result<(), StoreError> {
    match store.retry(|| settling::settle_statement(store, id, terms)).await {
        // Settled with an earlier one of its group, or by somebody else meanwhile.
        Ok(settlement) if settlement.is_replay => batch.along += 1,
        Ok(settlement) => match settlement.settled {
            Settled::Paid(_) => batch.paid += 1,
            Settled::Refunded(_) => batch.refunded += 1,
            Settled::Nothing => batch.nothing += 1,
        },
        Err(error) if is_refusal(&error) => batch.refused.push(Refused { statement: id.to_owned(), error }),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Whether it is the statement's own fault, or its payer's: the others can be settled all the same.
fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Core(_) | StoreError::NotFound { .. } | StoreError::Conflict { .. })
}

/// What a transaction came to.
#[derive(Default)]
struct Together {
    paid: usize,
    refused: Vec<Refused>,
    /// Those that are not simple.
    left: Vec<String>,
}

async fn settle_together(store: &SqlStore, ids: &[String], terms: &ChargeTerms) -> Result<Together, StoreError> {
    let mut transaction = store.write().await?;
    let owners: BTreeSet<Owner> =
        statements::heads(&mut transaction, ids).await?.into_iter().map(|head| head.key.owner).collect();
    let orders = ids.iter().map(|id| Turn::Order(&terms.application, id));
    transaction.take(&owners.iter().map(Turn::Owner).chain(orders).collect::<Vec<_>>()).await?;
    let mut purses = Purses::of(&mut transaction, &owners, terms.now).await?;
    // As they stand now that nobody else settles them.
    let heads = statements::heads(&mut transaction, ids).await?;
    let mut lines = lines_of(&mut transaction, &heads).await?;
    let entangled = entangled(&mut transaction, &heads, ids, terms).await?;
    let units = units_of(&mut transaction, &heads).await?;

    let mut together = Together::default();
    let mut paid: Vec<i64> = Vec::new();
    // Each owner pays in order: what comes after one that is left is left too.
    let mut waiting: BTreeSet<Owner> = BTreeSet::new();
    for head in heads {
        let lines = lines.remove(&head.number).unwrap_or_default();
        let is_alone = head.status == StatementStatus::Unpaid && !entangled.contains(&head.id);
        let planned = match is_alone && !waiting.contains(&head.key.owner) {
            true => charge_of(&head, lines, terms).and_then(|charge| {
                let Some(charge) = charge else { return Ok(false) };
                let application = units.get(head.key.unit.as_str()).map(String::as_str);
                purses.plan(&charge, application, terms.now).map(|()| true)
            }),
            false => Ok(false),
        };
        match planned {
            Ok(true) => paid.push(head.number),
            Ok(false) => {
                waiting.insert(head.key.owner);
                together.left.push(head.id);
            }
            Err(error) if is_refusal(&error) => together.refused.push(Refused { statement: head.id, error }),
            Err(error) => return Err(error),
        }
    }
    let numbers = purses.write(&mut transaction).await?;
    mark(&mut transaction, &paid.iter().copied().zip(numbers).collect::<Vec<_>>()).await?;
    transaction.commit().await?;
    together.paid = paid.len();
    Ok(together)
}

/// What is charged for an unpaid statement that is alone in its group; none where it comes to nothing.
fn charge_of(head: &Head, lines: Vec<StatementLine>, terms: &ChargeTerms) -> Result<Option<Charge>, StoreError> {
    let correction = correct(&[GroupStatement { statement: head.with_lines(lines)?, paid_as: None }])?;
    Ok(match correction.action() {
        CorrectionAction::Charge { order } => Some(terms.charge(head, order.clone(), correction.amount())),
        _ => None,
    })
}

/// The lines of statements, by their numbers.
async fn lines_of(
    connection: &mut Connection,
    heads: &[Head],
) -> Result<BTreeMap<i64, Vec<StatementLine>>, StoreError> {
    let mut lines: BTreeMap<i64, Vec<StatementLine>> = BTreeMap::new();
    for heads in heads.chunks(ROWS) {
        let text = format!("{} ({}) order by l.statement, l.position", statements::LINES_OF, places(heads.len()));
        let query = composed(text).kept(heads.len() == ROWS);
        let query = heads.iter().fold(query, |query, head| query.bind(head.number));
        for row in query.fetch_all(connection).await? {
            let statement = Fields::of("statement_lines", "resource", &row).integer("statement")?;
            lines.entry(statement).or_default().push(statements::line_of(&row)?);
        }
    }
    Ok(lines)
}

/// The statements that others of their group stand beside, and those under whose id something is ordered, paid or
/// locked already.
async fn entangled(
    connection: &mut Connection,
    heads: &[Head],
    ids: &[String],
    terms: &ChargeTerms,
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for table in ["payments", "orders", "locks"] {
        for ids in ids.chunks(ROWS) {
            let text =
                format!("select order_id from {table} where application = ? and order_id in ({})", places(ids.len()));
            let query = composed(text).kept(ids.len() == ROWS).bind(&*terms.application);
            for row in ids.iter().fold(query, |query, id| query.bind(&**id)).fetch_all(connection).await? {
                found.insert(Fields::of(table, "order_id", &row).text("order_id")?.to_owned());
            }
        }
    }
    // A group has a statement of the sequence 0, and further ones are corrections.
    found.extend(heads.iter().filter(|head| head.key.sequence > 0).map(|head| head.id.clone()));
    let first = |head: &&Head| head.key.sequence == 0;
    let next: BTreeMap<String, &Head> = heads.iter().filter(first).map(|head| (head.next_id(), head)).collect();
    let keys: Vec<String> = next.keys().cloned().collect();
    for row in rows_of(connection, "select statement from statements where statement in", &keys).await? {
        let row = Fields::of("statements", "statement", &row);
        found.extend(next.get(row.text("statement")?).map(|head| head.id.clone()));
    }
    Ok(found)
}

/// The applications of the settlement units of statements.
async fn units_of(connection: &mut Connection, heads: &[Head]) -> Result<BTreeMap<String, String>, StoreError> {
    let units: BTreeSet<String> = heads.iter().map(|head| head.key.unit.to_string()).collect();
    let units: Vec<String> = units.into_iter().collect();
    let rows = rows_of(connection, "select unit, application from service_units where unit in", &units).await?;
    let pair = |row: &_| {
        let row = Fields::of("service_units", "unit", row);
        Ok((row.text("unit")?.to_owned(), row.text("application")?.to_owned()))
    };
    rows.iter().map(pair).collect()
}

/// Marks statements as paid, each by its payment.
async fn mark(connection: &mut Connection, paid: &[(i64, i64)]) -> Result<(), StoreError> {
    for paid in paid.chunks(ROWS) {
        let text = format!(
            "update statements set status = 'paid', payment = {} where id in ({}) and status = 'unpaid'",
            cases("id", paid.len()),
            places(paid.len())
        );
        let query = composed(text).kept(paid.len() == ROWS);
        let query = paid.iter().fold(query, |query, (number, payment)| query.bind(*number).bind(*payment));
        let query = paid.iter().fold(query, |query, (number, _)| query.bind(*number));
        query.change_all(connection, paid.len()).await?;
    }
    Ok(())
}
