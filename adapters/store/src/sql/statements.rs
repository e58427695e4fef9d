//! Statements as they are kept.

use super::{
    SqlStore, charging,
    engine::{Connection, Row, sql},
    refunding,
    rows::{Fields, rows_of},
    settling, settling_batch,
};
use crate::{
    ChargeTerms, SettleProgress, SettledBatch, Settlement, StatementFilter, StatementSummary, Statements, StoreError,
    StoredStatement, texts,
};
use async_trait::async_trait;
use counterfoil::{
    metering::ReadingId,
    money::Money,
    statement::{Statement, StatementKey, StatementLine, StatementStatus},
    time::{BillingDay, Instant, parse_date},
};
use std::{collections::BTreeMap, ops::ControlFlow};

#[async_trait]
impl Statements for SqlStore {
    async fn statement(&self, id: &str) -> Result<Option<StoredStatement>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let Some(head) = find(&mut snapshot, id).await? else { return Ok(None) };
        let statement = whole(&mut snapshot, &head).await?;
        let payment = match head.payment {
            Some(number) => Some(charging::payment_of_number(&mut snapshot, number).await?),
            None => None,
        };
        let refunds = refunding::rows::of_correction(&mut snapshot, head.number).await?;
        let refunds = refunds.into_iter().map(|known| known.stored).collect();
        let settled_with = settling::leader(&mut snapshot, head.number).await?.map(|leader| leader.id);
        Ok(Some(StoredStatement { statement, payment, refunds, settled_with }))
    }

    async fn statements(&self, filter: &StatementFilter) -> Result<Vec<StatementSummary>, StoreError> {
        let rows = sql(
            "select s.id, s.statement, s.date, s.zone, s.owner, s.unit, s.kind, s.sequence, s.currency, s.original, \
             s.payable, s.status, s.payment, p.paid_us, \
             (select count(*) from statement_lines l where l.statement = s.id) as line_count \
             from statements s left join settled_with w on w.statement = s.id \
             left join statements m on m.id = coalesce(w.leader, s.id) left join payments p on p.id = m.payment \
             where s.date between ?1 and ?2 and (?3 is null or s.zone = ?3) and (?4 is null or s.owner = ?4) \
             and (?5 is null or s.status = ?5) order by s.date, s.zone, s.owner, s.unit, s.kind, s.sequence",
        )
        .bind(filter.dates.start().to_string())
        .bind(filter.dates.end().to_string())
        .bind(filter.zone.map(|zone| zone.to_string()))
        .bind(filter.owner.as_ref().map(ToString::to_string))
        .bind(filter.status.map(StatementStatus::name))
        .fetch_all(&mut self.read().await?)
        .await?;
        rows.iter().map(|row| Head::of(row)?.summary(Fields::of("statements", "statement", row))).collect()
    }

    async fn settle_statement(&self, id: &str, terms: &ChargeTerms) -> Result<Settlement, StoreError> {
        texts::name("application", &terms.application)?;
        texts::coupons(&terms.coupons)?;
        self.retry(|| settling::settle_statement(self, id, terms)).await
    }

    async fn settle_statements(
        &self,
        filter: &StatementFilter,
        terms: &ChargeTerms,
        watch: &mut (dyn FnMut(SettleProgress) -> ControlFlow<()> + Send),
    ) -> Result<SettledBatch, StoreError> {
        texts::name("application", &terms.application)?;
        texts::coupons(&terms.coupons)?;
        settling_batch::settle_statements(self, filter, terms, watch).await
    }
}

/// A row of the table of statements.
pub(super) struct Head {
    pub(super) number: i64,
    pub(super) id: String,
    pub(super) key: StatementKey,
    pub(super) original: Money,
    pub(super) payable: Money,
    pub(super) status: StatementStatus,
    pub(super) payment: Option<i64>,
}

impl Head {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
        let row = Fields::of("statements", "statement", row);
        let date = row.checked("date", parse_date(row.text("date")?))?;
        let key = StatementKey {
            day: row.checked("date", BillingDay::new(date, row.parse("zone")?))?,
            owner: row.owner("owner")?,
            unit: row.parse("unit")?,
            kind: row.parse("kind")?,
            sequence: row.count("sequence")?,
        };
        let id = row.text("statement")?.to_owned();
        if key.to_string() != id {
            return Err(row.corrupt("statement", "it is not the id of its day, owner, unit, kind and sequence"));
        }
        Ok(Self {
            number: row.integer("id")?,
            id,
            key,
            original: row.money("original")?,
            payable: row.money("payable")?,
            status: row.parse("status")?,
            payment: row.optional_integer("payment")?,
        })
    }

    /// The id of the next correction of its group.
    pub(super) fn next_id(&self) -> String {
        StatementKey { sequence: self.key.sequence.saturating_add(1), ..self.key.clone() }.to_string()
    }

    /// The statement, if its lines come to what it says.
    pub(super) fn with_lines(&self, lines: Vec<StatementLine>) -> Result<Statement, StoreError> {
        let statement = Statement::new(self.key.clone(), lines)?;
        for (column, sum, kept) in
            [("original", statement.original(), self.original), ("payable", statement.payable(), self.payable)]
        {
            if sum != kept {
                let fault = format!("its lines add up to {sum}");
                return Err(StoreError::corrupt("statements", &*self.id, column, &fault));
            }
        }
        Ok(statement.with_status(self.status))
    }

    fn summary(self, row: Fields<'_>) -> Result<StatementSummary, StoreError> {
        let paid_at: Option<Instant> = row.optional_instant("paid_us")?;
        let Self { id, key, original, payable, status, .. } = self;
        Ok(StatementSummary { id, key, lines: row.count("line_count")?, original, payable, status, paid_at })
    }
}

/// A query for statements without their lines.
macro_rules! heads {
    ($rest:literal) => {
        concat!(
            "select id, statement, date, zone, owner, unit, kind, sequence, currency, original, payable, status, payment ",
            "from statements ",
            $rest
        )
    };
}

/// A query for the lines of statements.
macro_rules! lines {
    ($rest:literal) => {
        concat!(
            "select l.statement, l.original, l.payable, r.currency, r.resource, r.start_us, r.end_us ",
            "from statement_lines l join readings r on r.id = l.reading where l.statement ",
            $rest
        )
    };
}

/// A query for the lines of several statements, by their numbers.
pub(super) const LINES_OF: &str = lines!("in");

pub(super) async fn find(connection: &mut Connection, id: &str) -> Result<Option<Head>, StoreError> {
    let row = sql(heads!("where statement = ?")).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(Head::of).transpose()
}

/// Those of some ids, in their order.
pub(super) async fn heads(connection: &mut Connection, ids: &[String]) -> Result<Vec<Head>, StoreError> {
    let mut found = BTreeMap::new();
    for row in rows_of(connection, heads!("where statement in"), ids).await? {
        let head = Head::of(&row)?;
        found.insert(head.id.clone(), head);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The ids of the unpaid ones of a filter, in the order of [`Statements::statements`].
pub(super) async fn unpaid(connection: &mut Connection, filter: &StatementFilter) -> Result<Vec<String>, StoreError> {
    if filter.status.is_some_and(|status| status != StatementStatus::Unpaid) {
        return Ok(Vec::new());
    }
    let rows = sql("select statement from statements where status = 'unpaid' and date between ?1 and ?2 \
         and (?3 is null or zone = ?3) and (?4 is null or owner = ?4) order by date, zone, owner, unit, kind, sequence")
    .bind(filter.dates.start().to_string())
    .bind(filter.dates.end().to_string())
    .bind(filter.zone.map(|zone| zone.to_string()))
    .bind(filter.owner.as_ref().map(ToString::to_string))
    .fetch_all(connection)
    .await?;
    let id = |row: &Row| Ok(Fields::of("statements", "statement", row).text("statement")?.to_owned());
    rows.iter().map(id).collect()
}

/// The statements of the day, owner, unit and kind of one, by sequence.
pub(super) async fn group(connection: &mut Connection, key: &StatementKey) -> Result<Vec<Head>, StoreError> {
    let rows = sql(heads!("where owner = ? and date = ? and zone = ? and unit = ? and kind = ? order by sequence"))
        .bind(key.owner.to_string())
        .bind(key.date().to_string())
        .bind(key.day.zone().to_string())
        .bind(key.unit.to_string())
        .bind(key.kind.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(Head::of).collect()
}

/// A statement with its lines.
pub(super) async fn whole(connection: &mut Connection, head: &Head) -> Result<Statement, StoreError> {
    let rows = sql(lines!("= ? order by l.position")).bind(head.number).fetch_all(connection).await?;
    let lines = rows.iter().map(line_of).collect::<Result<_, _>>()?;
    head.with_lines(lines)
}

/// A line of a row of the query.
pub(super) fn line_of(row: &Row) -> Result<StatementLine, StoreError> {
    let row = Fields::of("statement_lines", "resource", row);
    Ok(StatementLine {
        reading: ReadingId { resource: row.parse("resource")?, window: row.window()? },
        original: row.money("original")?,
        payable: row.money("payable")?,
    })
}
