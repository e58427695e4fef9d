//! Requests: known again by their ids, decided on the rows as they stand, written with their records.

use super::super::engine::{Connection, Turn};
use super::{
    super::{SqlStore, wallets},
    rows,
};
use crate::{Act, Cut, RangeChange, RangeFilter, StoreError, StoredRangeRecord, texts};
use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Merge, NewRow, Occupied, PlanDraft, PrefixLen, Range, RangeRecord, Remark, Row, RowAction, RowCheck,
        RowFacts,
    },
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is asked for.
pub(super) enum Asked<'a, A> {
    Add { new: &'a NewRow<A>, asn: Option<u32> },
    Reserve { range: &'a str, owner: &'a str },
    Assign { range: &'a str, owner: &'a str },
    Recover { range: &'a str },
    Change { range: &'a str, to: RowFacts<A> },
    Delete { range: &'a str },
    Split { range: &'a str, cut: &'a Cut<A> },
    Merge { ranges: &'a [&'a str], length: PrefixLen<A> },
}

impl SqlStore {
    /// Carries a request out, once.
    pub(super) async fn carry_out<A: Address>(
        &self,
        request: &str,
        asked: &Asked<'_, A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        if request.is_empty() {
            return Err(IpamError::EmptyText { what: "id of a request" }.into());
        }
        texts::request(request)?;
        texts::act(act)?;
        asked.check_texts()?;
        let remark = Remark::new(&*act.reason)?;
        let text = asked.text();
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Ranges(A::FAMILY.name())]).await?;
            if let Some(known) = rows::request(&mut transaction, request).await? {
                let facts = [
                    ("call", known.asked == text),
                    ("remark", known.remark == act.reason),
                    ("actor", known.by == act.by),
                ];
                wallets::unchanged("request", request.to_owned(), &facts)?;
                let record = rows::record_of_number(&mut transaction, known.number).await?;
                return Ok(RangeChange { record, is_replay: true });
            }
            let Some(record) = decide(&mut transaction, request, asked, remark.clone()).await? else {
                return Ok(RangeChange { record: None, is_replay: false });
            };
            check_names(&mut transaction, &record).await?;
            let stored = StoredRangeRecord { request: request.to_owned(), record, by: act.by.clone(), at: act.now };
            rows::carry_out(&mut transaction, &stored).await?;
            rows::insert_record(&mut transaction, &stored, &text).await?;
            transaction.commit().await?;
            Ok(RangeChange { record: Some(stored), is_replay: false })
        })
        .await
    }
}

impl<A: Address> Asked<'_, A> {
    fn check_texts(&self) -> Result<(), StoreError> {
        match self {
            Self::Add { new, .. } => texts::name("range", &new.id),
            Self::Reserve { range, owner } | Self::Assign { range, owner } => {
                texts::name("range", range)?;
                texts::name("owner", owner)
            }
            Self::Recover { range }
            | Self::Change { range, .. }
            | Self::Delete { range }
            | Self::Split { range, .. } => texts::name("range", range),
            Self::Merge { ranges, .. } => ranges.iter().try_for_each(|range| texts::name("range", range)),
        }
    }

    /// All of it as text, by which it is known again. The limits of a split are none of it: what was carried out was
    /// within them.
    fn text(&self) -> String {
        let (action, what) = match self {
            Self::Add { new, asn } => (RowAction::Add, json!([new.id, new.range.to_string(), asn])),
            Self::Reserve { range, owner } => (RowAction::Reserve, json!([range, owner])),
            Self::Assign { range, owner } => (RowAction::Assign, json!([range, owner])),
            Self::Recover { range } => (RowAction::Recover, json!([range])),
            Self::Change { range, to } => (RowAction::Change, json!([range, to.range.to_string(), to.asn])),
            Self::Delete { range } => (RowAction::Delete, json!([range])),
            Self::Split { range, cut: Cut::Length { length, .. } } => (RowAction::Split, json!([range, length.get()])),
            Self::Split { range, cut: Cut::Plan { entries, .. } } => {
                let entry = |entry: &_| -> Value { written(entry).into() };
                (RowAction::Split, json!([range, entries.iter().map(entry).collect::<Vec<_>>()]))
            }
            Self::Merge { ranges, length } => {
                let ranges: BTreeSet<&str> = ranges.iter().copied().collect();
                (RowAction::Merge, json!([ranges, length.get()]))
            }
        };
        json!([A::FAMILY.name(), action.name(), what]).to_string()
    }
}

/// Whether a record is what a text asked for: the audit's, because by that text the request is known again.
pub(in super::super) fn is_asked<A: Address>(record: &RangeRecord<A>, text: &str) -> bool {
    let asks = |asked: &Asked<'_, A>| asked.text() == text;
    let (before, after) = (record.before().first(), record.after().first());
    match (record.action(), before, after) {
        (RowAction::Add, _, Some(row)) => {
            asks(&Asked::Add { new: &NewRow { id: row.id.clone(), range: row.range }, asn: row.asn })
        }
        (RowAction::Reserve, Some(row), _) => {
            asks(&Asked::Reserve { range: &row.id, owner: record.owner().unwrap_or_default() })
        }
        (RowAction::Assign, Some(row), _) => {
            asks(&Asked::Assign { range: &row.id, owner: record.owner().unwrap_or_default() })
        }
        (RowAction::Recover, Some(row), _) => asks(&Asked::Recover { range: &row.id }),
        (RowAction::Delete, Some(row), _) => asks(&Asked::Delete { range: &row.id }),
        (RowAction::Change, Some(row), Some(to)) => {
            asks(&Asked::Change { range: &row.id, to: RowFacts { range: to.range, asn: to.asn } })
        }
        (RowAction::Split, Some(row), Some(first)) => {
            let plan = Cut::Plan { entries: record.new_ranges().map(Into::into).collect(), limit: usize::MAX };
            let length = first.range.length();
            let grid = || row.range.split(length).is_ok_and(|pieces| pieces.eq(record.new_ranges()));
            asks(&Asked::Split { range: &row.id, cut: &plan })
                || asks(&Asked::Split { range: &row.id, cut: &Cut::by_length(length) }) && grid()
        }
        (RowAction::Merge, _, Some(into)) => {
            let ranges: Vec<&str> = record.before().iter().map(|row| row.id.as_str()).collect();
            asks(&Asked::Merge { ranges: &ranges, length: into.range.length() })
        }
        _ => false,
    }
}

fn written<A: Address>(entry: &counterfoil::ipam::UncheckedRange<A>) -> String {
    format!("{}-{}/{}", entry.first, entry.last, entry.length)
}

/// The record of what is asked for, by the core; none where all is so already.
async fn decide<A: Address>(
    connection: &mut Connection,
    request: &str,
    asked: &Asked<'_, A>,
    remark: Remark,
) -> Result<Option<RangeRecord<A>>, StoreError> {
    Ok(match asked {
        Asked::Add { new, asn } => {
            let record = Row::add((*new).clone(), *asn, remark)?;
            check_apart(connection, None, new.range).await?;
            Some(record)
        }
        Asked::Reserve { range, owner } => Some(existing(connection, range).await?.reserve(*owner, remark)?),
        Asked::Assign { range, owner } => Some(existing(connection, range).await?.assign(*owner, remark)?),
        Asked::Recover { range } => Some(existing(connection, range).await?.recover(remark)?),
        Asked::Delete { range } => Some(existing(connection, range).await?.delete(remark)?),
        Asked::Change { range, to } => {
            let record = existing(connection, range).await?.change(*to, remark)?;
            check_apart(connection, Some(range), to.range).await?;
            record
        }
        Asked::Split { range, cut } => {
            let row = existing(connection, range).await?;
            RowAction::Split.after(Some(row.status))?;
            let names = |(position, range): (usize, Range<A>)| NewRow { id: format!("{request}/{position}"), range };
            let pieces: Vec<NewRow<A>> = pieces(row.range, cut)?.into_iter().enumerate().map(names).collect();
            row.split(&pieces, remark)?
        }
        Asked::Merge { ranges, length } => {
            let rows = rows::ranges_of(connection, ranges).await?;
            let merge = Merge { rows: &rows, ids: ranges, length: length.get() };
            let merged = merge.merge().map_err(first_of)?;
            Row::merge(&rows, NewRow { id: format!("{request}/0"), range: merged.range() }, remark)?
        }
    })
}

/// The pieces of a cut.
fn pieces<A: Address>(range: Range<A>, cut: &Cut<A>) -> Result<Vec<Range<A>>, StoreError> {
    match cut {
        Cut::Length { length, limits } => {
            let most = limits.pieces().unwrap_or(Cut::<A>::MOST_PIECES).min(Cut::<A>::MOST_PIECES);
            Ok(range.split_within(*length, limits.with_pieces(most))?.collect())
        }
        Cut::Plan { entries, limit } => {
            let draft = PlanDraft { parent: range, entries, limit: *limit };
            Ok(draft.check().map_err(first_of)?.into_ranges())
        }
    }
}

/// The first of several faults: the core puts them in the order of the rule.
fn first_of(faults: Vec<IpamError>) -> StoreError {
    match faults.into_iter().next() {
        Some(fault) => fault.into(),
        None => IpamError::EmptyMerge {}.into(), // a refusal has a fault
    }
}

async fn existing<A: Address>(connection: &mut Connection, range: &str) -> Result<Row<A>, StoreError> {
    let missing = || StoreError::NotFound { what: "range", id: range.to_owned() };
    rows::range(connection, range).await?.ok_or_else(missing)
}

/// No other row has an address of a range (R-I9).
async fn check_apart<A: Address>(
    connection: &mut Connection,
    id: Option<&str>,
    range: Range<A>,
) -> Result<(), StoreError> {
    let filter = RangeFilter { within: Some(range.interval()), ..RangeFilter::default() };
    let others: Vec<Row<A>> = rows::ranges(connection, &filter).await?;
    Ok(RowCheck::new(range).excluding(id).check(others.iter().map(Occupied::from))?)
}

/// A name is of one row for ever, so that a history is of one row.
async fn check_names<A: Address>(connection: &mut Connection, record: &RangeRecord<A>) -> Result<(), StoreError> {
    let before: BTreeSet<&str> = record.before().iter().map(|row| row.id.as_str()).collect();
    for row in record.after().iter().filter(|row| !before.contains(row.id.as_str())) {
        if rows::is_named(connection, &row.id).await? {
            return Err(StoreError::Conflict { what: "range", id: row.id.clone(), fact: "history" });
        }
    }
    Ok(())
}
