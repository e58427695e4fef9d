//! Ranges: they share no address, and stand where their records lead.

use super::{
    super::{
        engine::{Connection, sql},
        ranges::requests::is_asked,
        ranges::{
            rows::{RANGES, RECORD_ROWS, RECORDS, Side, record_of, row_of, side_of},
            supernets::{SUPERNETS, supernet_of},
        },
        rows::Fields,
    },
    Auditor,
};
use crate::{StoreError, StoredRangeRecord, Supernet};
use counterfoil::ipam::{Address, Interval, Ipv4, Ipv6, Row};
use std::collections::{BTreeMap, BTreeSet};

/// The rows that the records lead to, by id.
type Reached<A> = BTreeMap<String, Row<A>>;

impl Auditor {
    pub(super) async fn ranges(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        self.family::<Ipv4>(connection).await?;
        self.family::<Ipv6>(connection).await
    }

    async fn family<A: Address>(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        self.supernets::<A>(connection).await?;
        let mut reached = self.range_records::<A>(connection).await?;
        let mut furthest: Option<(String, Interval<A>)> = None;
        let mut rows = sql(RANGES).bind(A::FAMILY.name()).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("ranges", "range_id", &row);
            let expected = reached.remove(&fields.name());
            let Some(row) = self.sound(row_of::<A>(fields))? else { continue };
            self.apart("ranges", &row.id, row.range.interval(), &mut furthest);
            match expected {
                Some(expected) if expected == row => {}
                Some(expected) => {
                    let fault = format!("its records lead to {} `{}`, and not here", expected.range, expected.status);
                    self.find("ranges", row.id, fault);
                }
                None => self.find("ranges", row.id, "no record leads to it"),
            }
        }
        for (id, row) in reached {
            self.find("ranges", id, format!("its records lead to {}, and it is not there", row.range));
        }
        Ok(())
    }

    async fn supernets<A: Address>(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut furthest: Option<(String, Interval<A>)> = None;
        let mut rows = sql(SUPERNETS).bind(A::FAMILY.name()).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let read = supernet_of::<A>(Fields::of("supernets", "supernet_id", &row));
            if let Some(Supernet { id, prefix }) = self.sound(read)? {
                self.apart("supernets", &id, prefix.interval(), &mut furthest);
            }
        }
        Ok(())
    }

    /// It begins after all before it end.
    fn apart<A: Address>(
        &mut self,
        table: &'static str,
        id: &str,
        interval: Interval<A>,
        furthest: &mut Option<(String, Interval<A>)>,
    ) {
        match furthest {
            Some((other, before)) if before.last() >= interval.first() => {
                self.find(table, id, format!("`{other}` has its address {} too", interval.first()));
                if before.last() < interval.last() {
                    *furthest = Some((id.to_owned(), interval));
                }
            }
            _ => *furthest = Some((id.to_owned(), interval)),
        }
    }

    /// Every record is one that the core allows, and begins where those before it led.
    async fn range_records<A: Address>(&mut self, connection: &mut Connection) -> Result<Reached<A>, StoreError> {
        let mut sides = self.record_rows::<A>(connection).await?;
        let (mut reached, mut named) = (Reached::new(), BTreeSet::new());
        let mut rows = sql(RECORDS).bind(A::FAMILY.name()).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("range_records", "request_id", &row);
            let sides = sides.remove(&fields.integer("id")?).unwrap_or_default();
            let Some(stored) = self.sound(record_of::<A>(fields, sides))? else { continue };
            if !is_asked(&stored.record, fields.text("asked")?) {
                self.find("range_records", &*stored.request, "it is not what was asked for");
            }
            self.follow(&stored, &mut reached, &mut named);
        }
        Ok(reached)
    }

    fn follow<A: Address>(
        &mut self,
        stored: &StoredRangeRecord<A>,
        reached: &mut Reached<A>,
        named: &mut BTreeSet<String>,
    ) {
        let stayed: BTreeSet<&str> = stored.record.before().iter().map(|row| row.id.as_str()).collect();
        for row in stored.record.before() {
            if reached.remove(&row.id).as_ref() != Some(row) {
                self.find("range_records", &*stored.request, format!("`{}` was not so before it", row.id));
            }
        }
        for row in stored.record.after() {
            if reached.insert(row.id.clone(), row.clone()).is_some() {
                self.find("range_records", &*stored.request, format!("`{}` was there before it", row.id));
            } else if !named.insert(row.id.clone()) && !stayed.contains(row.id.as_str()) {
                self.find("range_records", &*stored.request, format!("`{}` was the name of another row", row.id));
            }
        }
    }

    async fn record_rows<A: Address>(
        &mut self,
        connection: &mut Connection,
    ) -> Result<BTreeMap<i64, Vec<Side<A>>>, StoreError> {
        let mut sides: BTreeMap<i64, Vec<Side<A>>> = BTreeMap::new();
        let mut rows = sql(RECORD_ROWS).bind(A::FAMILY.name()).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            if let Some(side) = self.sound(side_of(&row))? {
                sides.entry(side.record).or_default().push(side);
            }
        }
        Ok(sides)
    }
}
