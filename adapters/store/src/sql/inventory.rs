//! Resources and their spans.

use super::{
    SqlStore, codec,
    engine::{Connection, Query, sql},
    rows::{Fields, insert_all},
};
use crate::{Puts, Resource, Resources, StoreError, texts};
use async_trait::async_trait;
use counterfoil::{
    metering::{History, Span},
    units::Name,
};

#[async_trait]
impl Resources for SqlStore {
    async fn put_resources(&self, resources: &[Resource]) -> Result<Puts, StoreError> {
        resources.iter().try_for_each(|resource| texts::owner(&resource.owner))?;
        for resource in resources.iter().filter(|resource| !resource.spans.is_empty()) {
            History::new(resource.spans.iter().cloned())?;
        }
        self.retry(|| async {
            let mut puts = Puts::default();
            let mut transaction = self.write().await?;
            for resource in resources {
                match find(&mut transaction, &resource.id).await? {
                    Some((_, known)) if known == *resource => puts.unchanged += 1,
                    Some((id, _)) => {
                        puts.replaced += 1;
                        replace(&mut transaction, id, resource).await?;
                    }
                    None => {
                        puts.inserted += 1;
                        insert(&mut transaction, resource).await?;
                    }
                }
            }
            transaction.commit().await?;
            Ok(puts)
        })
        .await
    }

    async fn resource(&self, id: &Name) -> Result<Option<Resource>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(find(&mut snapshot, id).await?.map(|(_, resource)| resource))
    }
}

async fn insert(connection: &mut Connection, resource: &Resource) -> Result<(), StoreError> {
    let number = sql("insert into resources (resource, kind, owner, unit) values (?, ?, ?, ?)")
        .bind(resource.id.as_str())
        .bind(resource.kind.as_str())
        .bind(resource.owner.to_string())
        .bind(resource.unit.as_str())
        .insert(connection)
        .await?;
    insert_spans(connection, number, &resource.spans).await
}

async fn replace(connection: &mut Connection, id: i64, resource: &Resource) -> Result<(), StoreError> {
    sql("update resources set kind = ?, owner = ?, unit = ? where id = ?")
        .bind(resource.kind.as_str())
        .bind(resource.owner.to_string())
        .bind(resource.unit.as_str())
        .bind(id)
        .execute(connection)
        .await?;
    sql("delete from spans where resource = ?").bind(id).execute(connection).await?;
    insert_spans(connection, id, &resource.spans).await
}

async fn insert_spans(connection: &mut Connection, resource: i64, spans: &[Span]) -> Result<(), StoreError> {
    let numbered: Vec<(i64, &Span)> = (0..).zip(spans).collect();
    let bind = |statement: Query, (position, span): &(i64, &Span)| {
        statement
            .bind(resource)
            .bind(*position)
            .bind(span.start().micros())
            .bind(span.end().map(|end| end.micros()))
            .bind(span.mode().name())
            .bind(codec::spec_to_text(span.spec()))
    };
    let insert = "insert into spans (resource, position, start_us, end_us, mode, spec) values";
    insert_all(connection, insert, 6, &numbered, bind).await
}

async fn find(connection: &mut Connection, id: &Name) -> Result<Option<(i64, Resource)>, StoreError> {
    let resource = sql("select id, resource, kind, owner, unit from resources where resource = ?")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    let Some(row) = resource else { return Ok(None) };
    let row = Fields::of("resources", "resource", &row);
    let number = row.integer("id")?;
    let spans = sql("select resource, start_us, end_us, mode, spec from spans where resource = ? order by position")
        .bind(number)
        .fetch_all(connection)
        .await?;
    let spans = spans.iter().map(|row| span(Fields::of("spans", "resource", row)));
    let resource = Resource {
        id: row.parse("resource")?,
        kind: row.parse("kind")?,
        owner: row.owner("owner")?,
        unit: row.parse("unit")?,
        spans: spans.collect::<Result<_, _>>()?,
    };
    Ok(Some((number, resource)))
}

pub(super) fn span(row: Fields<'_>) -> Result<Span, StoreError> {
    let spec = row.checked("spec", codec::spec_from_text(row.text("spec")?))?;
    Ok(Span::new(row.instant("start_us")?, row.optional_instant("end_us")?, spec, row.parse("mode")?))
}
