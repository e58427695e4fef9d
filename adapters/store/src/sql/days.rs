//! Readings, and the statements that are made of them.

use super::{
    SqlStore, codec,
    engine::{Connection, Query, Row, Turn, composed, sql},
    rows::{Fields, amount, insert_all, insert_numbered, places},
};
use crate::{DayReading, DayRecord, Days, ReadingFilter, Recorded, StoreError, StoredReading, texts};
use async_trait::async_trait;
use counterfoil::{
    metering::{Reading, ReadingId},
    statement::{ChargedReading, Stated, Statement, StatementKey, StatementLine, restate},
};
use std::collections::{BTreeMap, BTreeSet};

/// How many resources are looked for with one statement.
const LOOKED_FOR: usize = 100;

#[async_trait]
impl Days for SqlStore {
    async fn record_day(&self, record: &DayRecord) -> Result<Recorded, StoreError> {
        record.owners.iter().try_for_each(texts::owner)?;
        let usages = usages(record)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let day = record.day.to_string();
            let turns: Vec<Turn<'_>> = record.owners.iter().map(|owner| Turn::Readings(&day, owner)).collect();
            transaction.take(&turns).await?;
            let known = known(&mut transaction, record).await?;

            let stated: Vec<Stated> = known.values().filter(|known| !known.withdrawn).map(Known::stated).collect();
            let restated = restate(record.day, &stated, record.readings.iter().map(DayReading::charged))?;

            let (versions, mut recorded) = versions(record, &usages, &known)?;
            let numbers = insert_versions(&mut transaction, &versions).await?;
            recorded.statements = numbered(&mut transaction, restated.statements).await?;
            withdraw(&mut transaction, record, &known).await?;
            let by_reading = versions.iter().map(|version| version.reading.reading.id());
            let by_reading = by_reading.zip(versions.iter().zip(numbers)).collect();
            insert_statements(&mut transaction, &recorded.statements, &known, &by_reading).await?;
            transaction.commit().await?;
            Ok(recorded)
        })
        .await
    }

    async fn readings(&self, filter: &ReadingFilter) -> Result<Vec<StoredReading>, StoreError> {
        let of_owner = if filter.owner.is_some() { "and r.owner = ?3" } else { "" };
        let of_resource = if filter.resource.is_some() { "and r.resource = ?4" } else { "" };
        let sql = format!(
            "{LATEST} where r.start_us >= ?1 and r.start_us < ?2 {of_owner} {of_resource} {AND_LATEST} \
             order by r.start_us, r.end_us, r.resource"
        );
        let rows = composed(sql)
            .bind(filter.starting_in.start().micros())
            .bind(filter.starting_in.end().micros())
            .bind(filter.owner.as_ref().map(ToString::to_string))
            .bind(filter.resource.as_ref().map(ToString::to_string))
            .fetch_all(&mut self.read().await?)
            .await?;
        rows.iter().map(|row| Known::of(row)?.stored()).collect()
    }
}

/// What stands in every column of a reading; and whether it was taken back.
const LATEST: &str = "select r.id, r.resource, r.start_us, r.end_us, r.version, r.owner, r.unit, r.kind, r.revision, \
     r.usage, r.currency, r.original, r.payable, \
     (select count(*) from statement_lines l where l.reading = r.id and l.taken_back = 1) \
     + (select count(*) from withdrawals w where w.reading = r.id) as withdrawn \
     from readings r";

/// Only the latest version of each; looked for one by one, never by reading the table into a hash.
const AND_LATEST: &str = "and (select n.id from readings n where n.resource = r.resource \
     and n.start_us = r.start_us and n.end_us = r.end_us and n.version = r.version + 1) is null";

/// A reading in its latest version.
struct Known {
    id: i64,
    version: u32,
    charged: ChargedReading,
    revision: String,
    usage: String,
    withdrawn: bool,
}

/// A version of a reading that is not there yet.
struct Version<'a> {
    version: u32,
    reading: &'a DayReading,
    usage: &'a str,
}

impl Known {
    fn of(row: &Row) -> Result<Self, StoreError> {
        let row = Fields::of("readings", "resource", row);
        Ok(Self {
            id: row.integer("id")?,
            version: row.count("version")?,
            charged: ChargedReading {
                reading: ReadingId { resource: row.parse("resource")?, window: row.window()? },
                owner: row.owner("owner")?,
                unit: row.parse("unit")?,
                kind: row.parse("kind")?,
                original: row.money("original")?,
                payable: row.money("payable")?,
            },
            revision: row.text("revision")?.to_owned(),
            usage: row.text("usage")?.to_owned(),
            withdrawn: row.integer("withdrawn")? != 0,
        })
    }

    fn stated(&self) -> Stated {
        // The sequence is looked up in the table of statements, which knows groups without readings too.
        Stated { charged: self.charged.clone(), sequence: 0 }
    }

    /// Whether a reading is this one, as it stands.
    fn is(&self, reading: &DayReading, usage: &str) -> Result<bool, StoreError> {
        let same = !self.withdrawn && self.charged == reading.charged() && self.revision == reading.revision.as_str();
        // The same usage may be written in other units.
        Ok(same && (self.usage == usage || self.reading()? == reading.reading))
    }

    fn reading(&self) -> Result<Reading, StoreError> {
        let ReadingId { resource, window } = &self.charged.reading;
        let usage = codec::usage_from_text(*window, &self.usage);
        let usage = usage.map_err(|fault| StoreError::corrupt("readings", resource.as_str(), "usage", &fault))?;
        Ok(Reading::new(resource.clone(), self.charged.kind.clone(), usage))
    }

    fn stored(self) -> Result<StoredReading, StoreError> {
        let reading = self.reading()?;
        let ChargedReading { owner, unit, original, payable, .. } = self.charged;
        let revision = self.revision.parse()?;
        let reading = DayReading { reading, owner, unit, original, payable, revision };
        Ok(StoredReading { reading, version: self.version, withdrawn: self.withdrawn })
    }
}

/// The usage of each reading as it is kept; computed before the write lock is taken.
fn usages(record: &DayRecord) -> Result<Vec<String>, StoreError> {
    record
        .readings
        .iter()
        .map(|reading| {
            if !record.owners.contains(&reading.owner) {
                let (reading, owner) = (reading.reading.id().to_string(), reading.owner.to_string());
                return Err(StoreError::OtherOwner { reading, owner });
            }
            Ok(codec::usage_to_text(reading.reading.usage())?)
        })
        .collect()
}

/// What stands of the readings of a day: all that its owners have, and those of its resources that were
/// somebody else's.
async fn known(connection: &mut Connection, record: &DayRecord) -> Result<BTreeMap<ReadingId, Known>, StoreError> {
    let window = record.day.period();
    let mut known = BTreeMap::new();
    let of_owner = format!("{LATEST} where r.owner = ?1 and r.start_us = ?2 and r.end_us = ?3 {AND_LATEST}");
    for owner in &record.owners {
        let rows = composed(of_owner.clone())
            .bind(owner.to_string())
            .bind(window.start().micros())
            .bind(window.end().micros())
            .fetch_all(connection)
            .await?;
        keep(&mut known, &rows)?;
    }
    let others = record.readings.iter().map(|reading| reading.reading.id()).filter(|id| !known.contains_key(id));
    let others: Vec<ReadingId> = others.collect();
    for chunk in others.chunks(LOOKED_FOR) {
        let list = places(chunk.len());
        let sql = format!("{LATEST} where r.resource in ({list}) and r.start_us = ? and r.end_us = ? {AND_LATEST}");
        let query = composed(sql).kept(matches!(chunk.len(), 1 | LOOKED_FOR));
        let query = chunk.iter().fold(query, |query, id| query.bind(id.resource.to_string()));
        let query = query.bind(window.start().micros()).bind(window.end().micros());
        keep(&mut known, &query.fetch_all(connection).await?)?;
    }
    Ok(known)
}

fn keep(known: &mut BTreeMap<ReadingId, Known>, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let reading = Known::of(row)?;
        known.insert(reading.charged.reading.clone(), reading);
    }
    Ok(())
}

/// The readings of a day that are new or came out otherwise, and how many are what.
fn versions<'a>(
    record: &'a DayRecord,
    usages: &'a [String],
    known: &BTreeMap<ReadingId, Known>,
) -> Result<(Vec<Version<'a>>, Recorded), StoreError> {
    let mut recorded = Recorded::default();
    let mut versions = Vec::new();
    for (reading, usage) in record.readings.iter().zip(usages) {
        let version = match known.get(&reading.reading.id()) {
            Some(known) if known.is(reading, usage)? => {
                recorded.unchanged += 1;
                continue;
            }
            Some(known) => {
                recorded.corrected += 1;
                known.version + 1
            }
            None => {
                recorded.inserted += 1;
                0
            }
        };
        versions.push(Version { version, reading, usage });
    }
    recorded.withdrawn = gone(record, known).count();
    Ok((versions, recorded))
}

/// The readings that stood and are not among those of the day any more.
fn gone<'k>(record: &DayRecord, known: &'k BTreeMap<ReadingId, Known>) -> impl Iterator<Item = &'k Known> {
    let here: BTreeSet<ReadingId> = record.readings.iter().map(|reading| reading.reading.id()).collect();
    known.iter().filter(move |(id, known)| !known.withdrawn && !here.contains(id)).map(|(_, known)| known)
}

/// Marks the readings that are gone and cost nothing: no statement takes them back.
async fn withdraw(
    connection: &mut Connection,
    record: &DayRecord,
    known: &BTreeMap<ReadingId, Known>,
) -> Result<(), StoreError> {
    let free = |known: &&Known| known.charged.original.is_zero() && known.charged.payable.is_zero();
    let ids: Vec<i64> = gone(record, known).filter(free).map(|known| known.id).collect();
    insert_all(connection, "insert into withdrawals (reading) values", 1, &ids, |sql, id| sql.bind(*id)).await
}

/// Writes them, and gives their numbers.
async fn insert_versions(connection: &mut Connection, versions: &[Version<'_>]) -> Result<Vec<i64>, StoreError> {
    let revisions: BTreeSet<&str> = versions.iter().map(|version| version.reading.revision.as_str()).collect();
    for revision in revisions {
        let card = sql("select 1 from rate_cards where revision = ?").bind(revision).integer(connection).await?;
        if card.is_none() {
            return Err(StoreError::NotFound { what: "rate card", id: revision.to_owned() });
        }
    }
    let bind = |statement: Query, version: &Version<'_>| {
        let DayReading { reading, owner, unit, original, payable, revision } = version.reading;
        let window = reading.usage().window();
        statement
            .bind(reading.resource().as_str())
            .bind(window.start().micros())
            .bind(window.end().micros())
            .bind(i64::from(version.version))
            .bind(owner.to_string())
            .bind(unit.as_str())
            .bind(reading.kind().as_str())
            .bind(revision.as_str())
            .bind(version.usage)
            .bind(original.currency().code())
            .bind(amount(*original))
            .bind(amount(*payable))
    };
    let insert = "insert into readings (resource, start_us, end_us, version, owner, unit, kind, revision, \"usage\", \
         currency, original, payable) values";
    insert_numbered(connection, insert, 12, versions, bind).await
}

/// The statements with the sequences that follow those in the store.
async fn numbered(connection: &mut Connection, statements: Vec<Statement>) -> Result<Vec<Statement>, StoreError> {
    let mut numbered = Vec::with_capacity(statements.len());
    for statement in statements {
        let key = statement.key();
        let last = sql(
            "select max(sequence) from statements where owner = ? and date = ? and zone = ? and unit = ? and kind = ?",
        )
        .bind(key.owner.to_string())
        .bind(key.date().to_string())
        .bind(key.day.zone().to_string())
        .bind(key.unit.as_str())
        .bind(key.kind.as_str())
        .integer(connection)
        .await?;
        let sequence = last.map_or(0, |last| u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1));
        if sequence == key.sequence {
            numbered.push(statement);
        } else {
            let key = StatementKey { sequence, ..key.clone() };
            numbered.push(Statement::new(key, statement.lines().to_vec())?);
        }
    }
    Ok(numbered)
}

async fn insert_statements(
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
