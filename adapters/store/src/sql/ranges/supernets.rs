//! Supernets in rows of SQL.

use super::{
    super::{
        engine::{Connection, sql},
        rows::Fields,
    },
    rows::{bytes, interval_of, length_of},
};
use crate::{StoreError, Supernet};
use counterfoil::ipam::{Address, Interval, Prefix};

pub(super) async fn insert<A: Address>(connection: &mut Connection, supernet: &Supernet<A>) -> Result<(), StoreError> {
    sql("insert into supernets (supernet_id, family, first_address, last_address, length) values (?, ?, ?, ?, ?)")
        .bind(supernet.id.clone())
        .bind(A::FAMILY.name())
        .bind(bytes(supernet.prefix.first()))
        .bind(bytes(supernet.prefix.last()))
        .bind(i64::from(supernet.prefix.length().get()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Every supernet of a family, by its addresses.
pub(in super::super) const SUPERNETS: &str = "select supernet_id, first_address, last_address, length from supernets \
                                              where family = ? order by first_address";

pub(super) async fn all<A: Address>(connection: &mut Connection) -> Result<Vec<Supernet<A>>, StoreError> {
    let rows = sql(SUPERNETS).bind(A::FAMILY.name()).fetch_all(connection).await?;
    rows.iter().map(|row| supernet_of(Fields::of("supernets", "supernet_id", row))).collect()
}

pub(super) async fn find<A: Address>(connection: &mut Connection, id: &str) -> Result<Option<Supernet<A>>, StoreError> {
    let row = sql(
        "select supernet_id, first_address, last_address, length from supernets where supernet_id = ? and family = ?",
    )
    .bind(id.to_owned())
    .bind(A::FAMILY.name())
    .fetch_optional(connection)
    .await?;
    row.map(|row| supernet_of(Fields::of("supernets", "supernet_id", &row))).transpose()
}

/// The family of a supernet, by its id alone.
pub(super) async fn family_of(connection: &mut Connection, id: &str) -> Result<Option<String>, StoreError> {
    sql("select family from supernets where supernet_id = ?").bind(id).text(connection).await
}

pub(in super::super) fn supernet_of<A: Address>(row: Fields<'_>) -> Result<Supernet<A>, StoreError> {
    let interval: Interval<A> = interval_of(row)?;
    let prefix = row.checked("first_address", Prefix::new(interval.first(), length_of(row)?))?;
    if prefix.interval() != interval {
        return Err(row.corrupt("last_address", &format!("it is not the last of {prefix}")));
    }
    Ok(Supernet { id: row.text("supernet_id")?.to_owned(), prefix })
}
