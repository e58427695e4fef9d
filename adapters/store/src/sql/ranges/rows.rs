//! Ranges, records and supernets in rows of SQL.

use super::super::{
    engine::{Connection, Query, Row as Kept, sql},
    rows::{Fields, insert_all},
};
use crate::{RangeFilter, StoreError, StoredRangeRecord};
use counterfoil::ipam::{Address, Interval, PrefixLen, Range, RangeRecord, Row, RowStatus};

/// A query for ranges.
macro_rules! ranges {
    ($rest:literal) => {
        concat!(
            "select r.range_id, r.family, r.first_address, r.last_address, r.length, r.status, r.asn, r.owner \
             from ranges r ",
            $rest
        )
    };
}

/// A query for the rows of records.
macro_rules! record_rows {
    ($rest:literal) => {
        concat!(
            "select w.record, w.side, w.range_id, w.first_address, w.last_address, w.length, w.status, w.asn, w.owner \
             from range_record_rows w ",
            $rest
        )
    };
}

/// A query for records.
macro_rules! records {
    ($rest:literal) => {
        concat!(
            "select h.id, h.request_id, h.family, h.action, h.asked, h.remark, h.actor, h.at_us from range_records h ",
            $rest
        )
    };
}

/// Every range of a family by its addresses, every record and every row of one in their order, for the audit.
pub(in super::super) const RANGES: &str = ranges!("where r.family = ? order by r.first_address");
pub(in super::super) const RECORDS: &str = records!("where h.family = ? order by h.id");
pub(in super::super) const RECORD_ROWS: &str =
    record_rows!("join range_records h on h.id = w.record where h.family = ? order by w.record, w.side, w.position");

/// An address as it is kept.
pub(super) fn bytes<A: Address>(address: A) -> Vec<u8> {
    address.to_bits().to_be_bytes().to_vec()
}

fn address_of<A: Address>(row: Fields<'_>, column: &'static str) -> Result<A, StoreError> {
    let bytes = <[u8; 16]>::try_from(row.bytes(column)?).ok();
    let address = bytes.and_then(|bytes| A::from_bits(u128::from_be_bytes(bytes)));
    address.ok_or_else(|| row.corrupt(column, &format!("it is no {} address", A::FAMILY)))
}

pub(super) fn interval_of<A: Address>(row: Fields<'_>) -> Result<Interval<A>, StoreError> {
    let (first, last) = (address_of(row, "first_address")?, address_of(row, "last_address")?);
    row.checked("last_address", Interval::new(first, last))
}

pub(super) fn length_of<A: Address>(row: Fields<'_>) -> Result<PrefixLen<A>, StoreError> {
    row.checked("length", PrefixLen::new(row.count("length")?))
}

/// A row of `ranges`, or of a record.
pub(in super::super) fn row_of<A: Address>(row: Fields<'_>) -> Result<Row<A>, StoreError> {
    let range = row.checked("length", Range::new(interval_of(row)?, length_of(row)?))?;
    let asn = match row.optional_integer("asn")? {
        Some(_) => Some(row.count("asn")?),
        None => None,
    };
    let status: RowStatus = row.parse("status")?;
    let owner = row.optional_text("owner")?.map(str::to_owned);
    if owner.is_none() != (status == RowStatus::Wait) {
        return Err(row.corrupt("owner", &format!("it does not fit `{status}`")));
    }
    Ok(Row { id: row.text("range_id")?.to_owned(), range, status, asn, owner })
}

pub(super) async fn range<A: Address>(connection: &mut Connection, range: &str) -> Result<Option<Row<A>>, StoreError> {
    let row = sql(ranges!("where r.range_id = ? and r.family = ?"))
        .bind(range.to_owned())
        .bind(A::FAMILY.name())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row_of(Fields::of("ranges", "range_id", &row))).transpose()
}

/// Those of some ids that are there, by their addresses.
pub(super) async fn ranges_of<A: Address>(
    connection: &mut Connection,
    ids: &[&str],
) -> Result<Vec<Row<A>>, StoreError> {
    let mut found: Vec<Row<A>> = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(range(connection, id).await?);
    }
    found.sort_by_key(|row| row.range);
    found.dedup_by(|left, right| left.id == right.id);
    Ok(found)
}

/// By their addresses. Rows share none, so those that have one of an interval begin with the last that begins before it.
pub(super) async fn ranges<A: Address>(
    connection: &mut Connection,
    filter: &RangeFilter<A>,
) -> Result<Vec<Row<A>>, StoreError> {
    let within = filter.within.unwrap_or(Interval::WHOLE);
    let query = match filter.owner {
        None => ranges!(
            "where r.family = ?1 and r.first_address <= ?3 and r.last_address >= ?2 and r.first_address >= coalesce( \
             (select b.first_address from ranges b where b.family = ?1 and b.first_address <= ?2 \
              order by b.first_address desc limit 1), ?2) \
             and (?4 is null or r.status = ?4) and ?5 is null order by r.first_address"
        ),
        Some(_) => ranges!(
            "where r.family = ?1 and r.first_address <= ?3 and r.last_address >= ?2 and (?4 is null or r.status = ?4) \
             and r.owner = ?5 order by r.first_address"
        ),
    };
    let rows = sql(query)
        .bind(A::FAMILY.name())
        .bind(bytes(within.first()))
        .bind(bytes(within.last()))
        .bind(filter.status.map(RowStatus::name))
        .bind(filter.owner.clone())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row_of(Fields::of("ranges", "range_id", row))).collect()
}

/// Makes the rows those after a record. One that stays is updated, so that it is never gone.
pub(super) async fn carry_out<A: Address>(
    connection: &mut Connection,
    stored: &StoredRangeRecord<A>,
) -> Result<(), StoreError> {
    let (before, after) = (stored.record.before(), stored.record.after());
    if let ([old], [new]) = (before, after)
        && old.id == new.id
    {
        return update(connection, new).await;
    }
    for row in before {
        sql("delete from ranges where range_id = ?").bind(row.id.clone()).execute(connection).await?;
    }
    let insert =
        "insert into ranges (range_id, family, first_address, last_address, length, status, asn, owner) values";
    let bind = |sql: Query, row: &Row<A>| bind_facts(sql.bind(row.id.clone()).bind(A::FAMILY.name()), row);
    insert_all(connection, insert, 8, after, bind).await
}

async fn update<A: Address>(connection: &mut Connection, row: &Row<A>) -> Result<(), StoreError> {
    let update = "update ranges set first_address = ?, last_address = ?, length = ?, status = ?, asn = ?, owner = ? \
                  where range_id = ?";
    bind_facts(sql(update), row).bind(row.id.clone()).execute(connection).await?;
    Ok(())
}

fn bind_facts<A: Address>(sql: Query, row: &Row<A>) -> Query {
    sql.bind(bytes(row.range.first()))
        .bind(bytes(row.range.last()))
        .bind(i64::from(row.range.length().get()))
        .bind(row.status.name())
        .bind(row.asn.map(i64::from))
        .bind(row.owner.clone())
}

pub(super) async fn insert_record<A: Address>(
    connection: &mut Connection,
    stored: &StoredRangeRecord<A>,
    asked: &str,
) -> Result<(), StoreError> {
    let number = sql(
        "insert into range_records (request_id, family, action, asked, remark, actor, at_us) values (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(stored.request.clone())
    .bind(A::FAMILY.name())
    .bind(stored.record.action().name())
    .bind(asked.to_owned())
    .bind(stored.record.remark().as_str().to_owned())
    .bind(stored.by.clone())
    .bind(stored.at.micros())
    .insert(connection)
    .await?;
    let insert = "insert into range_record_rows (record, side, position, range_id, first_address, last_address, length, \
                  status, asn, owner) values";
    for (side, rows) in [("before", stored.record.before()), ("after", stored.record.after())] {
        let rows: Vec<(i64, &Row<A>)> = (0..).zip(rows).collect();
        let bind = |sql: Query, (position, row): &(i64, &Row<A>)| {
            bind_facts(sql.bind(number).bind(side).bind(*position).bind(row.id.clone()), row)
        };
        insert_all(connection, insert, 10, &rows, bind).await?;
    }
    Ok(())
}

/// A request that was carried out.
pub(super) struct Request {
    pub(super) number: i64,
    pub(super) asked: String,
    pub(super) remark: String,
    pub(super) by: String,
}

/// A request by its id, of either family.
pub(super) async fn request(connection: &mut Connection, id: &str) -> Result<Option<Request>, StoreError> {
    let row = sql(records!("where h.request_id = ?")).bind(id.to_owned()).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let row = Fields::of("range_records", "request_id", &row);
    let text = |column| Ok::<_, StoreError>(row.text(column)?.to_owned());
    Ok(Some(Request { number: row.integer("id")?, asked: text("asked")?, remark: text("remark")?, by: text("actor")? }))
}

pub(super) async fn record_of_number<A: Address>(
    connection: &mut Connection,
    number: i64,
) -> Result<Option<StoredRangeRecord<A>>, StoreError> {
    let rows = sql(records!("where h.id = ?")).bind(number).fetch_all(connection).await?;
    Ok(records_of(connection, &rows).await?.pop())
}

/// Whether a row ever had a name.
pub(super) async fn is_named(connection: &mut Connection, id: &str) -> Result<bool, StoreError> {
    let named = sql("select 1 from range_record_rows where range_id = ? limit 1").bind(id);
    Ok(named.integer(connection).await?.is_some())
}

/// The records of a row, and of the rows that it came of.
pub(super) async fn history<A: Address>(
    connection: &mut Connection,
    id: &str,
) -> Result<Vec<StoredRangeRecord<A>>, StoreError> {
    // It begins with a column, not with the name that is asked for: of a name an engine takes the length for all.
    let rows = sql(concat!(
        "with recursive line (range_id) as (select w.range_id from range_record_rows w where w.range_id = ?1 union select b.range_id from line \
         join range_record_rows a on a.range_id = line.range_id and a.side = 'after' \
         join range_record_rows b on b.record = a.record and b.side = 'before') ",
        records!(
            "where h.family = ?2 and h.id in (select w.record from line join range_record_rows w on w.range_id = line.range_id) \
             order by h.id"
        )
    ))
    .bind(id.to_owned())
    .bind(A::FAMILY.name())
    .fetch_all(connection)
    .await?;
    records_of(connection, &rows).await
}

async fn records_of<A: Address>(
    connection: &mut Connection,
    rows: &[Kept],
) -> Result<Vec<StoredRangeRecord<A>>, StoreError> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let row = Fields::of("range_records", "request_id", row);
        let sides = sql(record_rows!("where w.record = ? order by w.side, w.position"))
            .bind(row.integer("id")?)
            .fetch_all(connection)
            .await?;
        let sides = sides.iter().map(side_of).collect::<Result<_, _>>()?;
        records.push(record_of(row, sides)?);
    }
    Ok(records)
}

/// A row of a record.
pub(in super::super) struct Side<A> {
    pub(in super::super) record: i64,
    is_before: bool,
    row: Row<A>,
}

pub(in super::super) fn side_of<A: Address>(row: &Kept) -> Result<Side<A>, StoreError> {
    let row = Fields::of("range_record_rows", "range_id", row);
    Ok(Side { record: row.integer("record")?, is_before: row.text("side")? == "before", row: row_of(row)? })
}

/// A record with its rows, which the core checks again.
pub(in super::super) fn record_of<A: Address>(
    row: Fields<'_>,
    sides: Vec<Side<A>>,
) -> Result<StoredRangeRecord<A>, StoreError> {
    let (before, after): (Vec<Side<A>>, Vec<Side<A>>) = sides.into_iter().partition(|side| side.is_before);
    let [before, after] = [before, after].map(|sides| sides.into_iter().map(|side| side.row).collect());
    let record = RangeRecord::new(row.parse("action")?, before, after, row.parse("remark")?);
    Ok(StoredRangeRecord {
        request: row.text("request_id")?.to_owned(),
        record: row.checked("action", record)?,
        by: row.text("actor")?.to_owned(),
        at: row.instant("at_us")?,
    })
}
