//! Readings, and the statements that are made of them.

mod known;
mod stated;

use super::{
    SqlStore, codec,
    engine::{Connection, Query, Turn, composed, sql},
    rows::{amount, insert_all, insert_numbered},
};
use crate::{DayReading, DayRecord, Days, ReadingFilter, Recorded, StoreError, StoredReading, texts};
use async_trait::async_trait;
use counterfoil::{
    metering::ReadingId,
    statement::{Stated, restate},
};
use known::{AND_LATEST, Known, LATEST, known};
use std::collections::{BTreeMap, BTreeSet};

/// How many owners or resources are looked for with one statement.
const LOOKED_FOR: usize = 100;

#[async_trait]
impl Days for SqlStore {
    async fn record_day(&self, record: &DayRecord) -> Result<Recorded, StoreError> {
        record.owners.iter().try_for_each(texts::owner)?;
        let usages = usages(record)?;
        self.engine.look_at_sizes(record.readings.len()).await;
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
            recorded.statements = stated::numbered(&mut transaction, record.day, restated.statements).await?;
            withdraw(&mut transaction, record, &known).await?;
            let by_reading = versions.iter().map(|version| version.reading.reading.id());
            let by_reading = by_reading.zip(versions.iter().zip(numbers)).collect();
            stated::insert(&mut transaction, &recorded.statements, &known, &by_reading).await?;
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

/// A version of a reading that is not there yet.
struct Version<'a> {
    version: u32,
    reading: &'a DayReading,
    usage: &'a str,
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
