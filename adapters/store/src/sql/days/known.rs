//! The readings that stand, each in its latest version.

use super::LOOKED_FOR;
use crate::{
    DayReading, DayRecord, StoreError, StoredReading,
    sql::{
        codec,
        engine::{Connection, Row, composed},
        rows::{Fields, places},
    },
};
use counterfoil::{
    metering::{Reading, ReadingId},
    statement::{ChargedReading, Stated},
};
use std::collections::BTreeMap;

/// What stands in every column of a reading; and whether it was taken back.
pub(super) const LATEST: &str = "select r.id, r.resource, r.start_us, r.end_us, r.version, r.owner, r.unit, r.kind, r.revision, \
     r.usage, r.currency, r.original, r.payable, \
     (select count(*) from statement_lines l where l.reading = r.id and l.taken_back = 1) \
     + (select count(*) from withdrawals w where w.reading = r.id) as withdrawn \
     from readings r";

/// Only the latest version of each; looked for one by one, never by reading the table into a hash.
pub(super) const AND_LATEST: &str = "and (select n.id from readings n where n.resource = r.resource \
     and n.start_us = r.start_us and n.end_us = r.end_us and n.version = r.version + 1) is null";

/// A reading in its latest version.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) version: u32,
    pub(super) charged: ChargedReading,
    revision: String,
    usage: String,
    pub(super) withdrawn: bool,
}

impl Known {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
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

    pub(super) fn stated(&self) -> Stated {
        // The sequence is looked up in the table of statements, which knows groups without readings too.
        Stated { charged: self.charged.clone(), sequence: 0 }
    }

    /// Whether a reading is this one, as it stands.
    pub(super) fn is(&self, reading: &DayReading, usage: &str) -> Result<bool, StoreError> {
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

    pub(super) fn stored(self) -> Result<StoredReading, StoreError> {
        let reading = self.reading()?;
        let ChargedReading { owner, unit, original, payable, .. } = self.charged;
        let revision = self.revision.parse()?;
        let reading = DayReading { reading, owner, unit, original, payable, revision };
        Ok(StoredReading { reading, version: self.version, withdrawn: self.withdrawn })
    }
}

/// What stands of the readings of a day: all that its owners have, and those of its resources that were
/// somebody else's.
pub(super) async fn known(
    connection: &mut Connection,
    record: &DayRecord,
) -> Result<BTreeMap<ReadingId, Known>, StoreError> {
    let mut known = BTreeMap::new();
    let owners: Vec<String> = record.owners.iter().map(ToString::to_string).collect();
    look_for(connection, record, "r.owner", &owners, &mut known).await?;
    let others = record.readings.iter().map(|reading| reading.reading.id()).filter(|id| !known.contains_key(id));
    let others: Vec<String> = others.map(|id| id.resource.to_string()).collect();
    look_for(connection, record, "r.resource", &others, &mut known).await?;
    Ok(known)
}

/// Adds the readings of the day that have one of some names in a column.
async fn look_for(
    connection: &mut Connection,
    record: &DayRecord,
    column: &'static str,
    names: &[String],
    known: &mut BTreeMap<ReadingId, Known>,
) -> Result<(), StoreError> {
    let window = record.day.period();
    for names in names.chunks(LOOKED_FOR) {
        let list = places(names.len());
        let sql = format!("{LATEST} where {column} in ({list}) and r.start_us = ? and r.end_us = ? {AND_LATEST}");
        let query = composed(sql).kept(matches!(names.len(), 1 | LOOKED_FOR));
        let query = names.iter().fold(query, |query, name| query.bind(&**name));
        let query = query.bind(window.start().micros()).bind(window.end().micros());
        for row in query.fetch_all(connection).await? {
            let reading = Known::of(&row)?;
            known.insert(reading.charged.reading.clone(), reading);
        }
    }
    Ok(())
}
