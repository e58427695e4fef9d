//! The statements of a day, as they are written.

use super::{LOOKED_FOR, Version, known::Known};
use crate::{
    StoreError,
    sql::{
        engine::{Connection, Query, composed},
        rows::{Fields, amount, insert_all, insert_numbered, places},
    },
};
use counterfoil::{
    metering::ReadingId,
    statement::{Statement, StatementKey, StatementLine},
    time::BillingDay,
};
use std::collections::{BTreeMap, BTreeSet};

/// The statements of a day with the sequences that follow those in the store.
pub(super) async fn numbered(
    connection: &mut Connection,
    day: BillingDay,
    statements: Vec<Statement>,
) -> Result<Vec<Statement>, StoreError> {
    let last = last_sequences(connection, day, &statements).await?;
    let follow = |statement: Statement| {
        let key = statement.key();
        let sequence = last.get(&group_of(key)).map_or(0, |last| last.saturating_add(1));
        if sequence == key.sequence {
            return Ok(statement);
        }
        let key = StatementKey { sequence, ..key.clone() };
        Ok(Statement::new(key, statement.lines().to_vec())?)
    };
    statements.into_iter().map(follow).collect()
}

/// The last sequence of each group that owners of some statements have in a day.
async fn last_sequences(
    connection: &mut Connection,
    day: BillingDay,
    statements: &[Statement],
) -> Result<BTreeMap<[String; 3], u32>, StoreError> {
    let owners: BTreeSet<String> = statements.iter().map(|statement| statement.key().owner.to_string()).collect();
    let owners: Vec<String> = owners.into_iter().collect();
    let mut last = BTreeMap::new();
    for owners in owners.chunks(LOOKED_FOR) {
        let text = format!(
            "select owner, unit, kind, max(sequence) as sequence from statements \
             where owner in ({}) and date = ? and zone = ? group by owner, unit, kind",
            places(owners.len())
        );
        let query = composed(text).kept(matches!(owners.len(), 1 | LOOKED_FOR));
        let query = owners.iter().fold(query, |query, owner| query.bind(&**owner));
        for row in query.bind(day.date().to_string()).bind(day.zone().to_string()).fetch_all(connection).await? {
            let row = Fields::of("statements", "owner", &row);
            let group = [row.text("owner")?, row.text("unit")?, row.text("kind")?];
            last.insert(group.map(str::to_owned), row.count("sequence")?);
        }
    }
    Ok(last)
}

/// The owner, the unit and the kind of a statement.
fn group_of(key: &StatementKey) -> [String; 3] {
    [key.owner.to_string(), key.unit.to_string(), key.kind.to_string()]
}

pub(super) async fn insert(
    connection: &mut Connection,
    statements: &[Statement],
    known: &BTreeMap<ReadingId, Known>,
    versions: &BTreeMap<ReadingId, (&Version<'_>, i64)>,
) -> Result<(), StoreError> {
    let bind = |sql: Query, statement: &Statement| {
        let key = statement.key();
        sql.bind(statement.id())
            .bind(key.date().to_string())
            .bind(key.day.zone().to_string())
            .bind(key.owner.to_string())
            .bind(key.unit.as_str())
            .bind(key.kind.as_str())
            .bind(i64::from(key.sequence))
            .bind(statement.original().currency().code())
            .bind(amount(statement.original()))
            .bind(amount(statement.payable()))
            .bind(statement.status().name())
    };
    let insert = "insert into statements (statement, date, zone, owner, unit, kind, sequence, currency, original, \
         payable, status) values";
    let numbers = insert_numbered(connection, insert, 11, statements, bind).await?;

    let mut lines: Vec<(i64, i64, i64, bool, &StatementLine)> = Vec::new();
    for (number, statement) in numbers.into_iter().zip(statements) {
        for (position, line) in (0..).zip(statement.lines()) {
            let (reading, taken_back) = what_it_states(line, statement.key(), known, versions)?;
            lines.push((number, position, reading, taken_back, line));
        }
    }
    let bind =
        |sql: Query, (statement, position, reading, taken_back, line): &(i64, i64, i64, bool, &StatementLine)| {
            sql.bind(*statement)
                .bind(*position)
                .bind(*reading)
                .bind(i64::from(*taken_back))
                .bind(amount(line.original))
                .bind(amount(line.payable))
        };
    let insert = "insert into statement_lines (statement, position, reading, taken_back, original, payable) values";
    insert_all(connection, insert, 6, &lines, bind).await
}

/// The version of its reading that a line states, or takes back.
fn what_it_states(
    line: &StatementLine,
    key: &StatementKey,
    known: &BTreeMap<ReadingId, Known>,
    versions: &BTreeMap<ReadingId, (&Version<'_>, i64)>,
) -> Result<(i64, bool), StoreError> {
    let stated = versions.get(&line.reading).filter(|(version, _)| {
        let reading = version.reading;
        (&reading.owner, &reading.unit, reading.reading.kind()) == (&key.owner, &key.unit, &key.kind)
    });
    match (stated, known.get(&line.reading)) {
        (Some((_, number)), _) => Ok((*number, false)),
        (None, Some(known)) => Ok((known.id, true)),
        (None, None) => Err(StoreError::NotFound { what: "reading", id: line.reading.to_string() }),
    }
}
