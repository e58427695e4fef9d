//! The life of a row: what may be done to it, and the record of it.

use super::{
    Repeated, by_family,
    row::{RowIn, RowOut},
};
use crate::{
    error::Error,
    ipam::{Address, LIFE, NewRow, RangeRecord, Remark, Row, RowAction, RowFacts, RowStatus},
    wire::text::{Word, null_as_default},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct LifeCall {}

#[derive(Serialize)]
pub(in crate::wire) struct StepOut {
    from: Option<Word<RowStatus>>,
    action: Word<RowAction>,
    to: Option<Word<RowStatus>>,
}

pub(in crate::wire) fn life(_: LifeCall) -> Result<Vec<StepOut>, Error> {
    let steps = LIFE.iter();
    Ok(steps
        .map(|step| StepOut { from: step.from.map(Word), action: Word(step.action), to: step.to.map(Word) })
        .collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRowIn {
    id: String,
    range: String,
}

#[derive(Serialize)]
#[serde(rename = "RangeRecord")]
pub(in crate::wire) struct RecordOut {
    action: Word<RowAction>,
    before: Vec<RowOut>,
    after: Vec<RowOut>,
    owner: Option<String>,
    remark: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Adding {
    id: String,
    range: String,
    asn: Option<u32>,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn add(input: Adding) -> Result<RecordOut, Error> {
    by_family!(&input.range, add_in(&input))
}

fn add_in<A: Address>(input: &Adding) -> Result<RecordOut, Error> {
    let new = NewRow::<A> { id: input.id.clone(), range: input.range.parse()? };
    Ok(written(&Row::add(new, input.asn, input.remark.parse()?)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Giving {
    row: RowIn,
    owner: String,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn reserve(input: Giving) -> Result<RecordOut, Error> {
    by_family!(&input.row.range, give_in(RowAction::Reserve, &input))
}

pub(in crate::wire) fn assign(input: Giving) -> Result<RecordOut, Error> {
    by_family!(&input.row.range, give_in(RowAction::Assign, &input))
}

fn give_in<A: Address>(action: RowAction, input: &Giving) -> Result<RecordOut, Error> {
    let (row, remark) = (input.row.read::<A>()?, input.remark.parse()?);
    let owner = input.owner.as_str();
    let record = if action == RowAction::Reserve { row.reserve(owner, remark) } else { row.assign(owner, remark) };
    Ok(written(&record?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Taking {
    row: RowIn,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn recover(input: Taking) -> Result<RecordOut, Error> {
    by_family!(&input.row.range, take_in(RowAction::Recover, &input))
}

pub(in crate::wire) fn delete(input: Taking) -> Result<RecordOut, Error> {
    by_family!(&input.row.range, take_in(RowAction::Delete, &input))
}

fn take_in<A: Address>(action: RowAction, input: &Taking) -> Result<RecordOut, Error> {
    let (row, remark) = (input.row.read::<A>()?, input.remark.parse()?);
    let record = if action == RowAction::Recover { row.recover(remark) } else { row.delete(remark) };
    Ok(written(&record?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Changing {
    row: RowIn,
    range: String,
    asn: Option<u32>,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn change(input: Changing) -> Result<Option<RecordOut>, Error> {
    by_family!(&input.row.range, change_in(&input))
}

fn change_in<A: Address>(input: &Changing) -> Result<Option<RecordOut>, Error> {
    let row = input.row.read::<A>()?;
    let to = RowFacts { range: input.range.parse()?, asn: input.asn };
    Ok(row.change(to, input.remark.parse()?)?.as_ref().map(written))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Splitting {
    row: RowIn,
    pieces: Vec<NewRowIn>,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn split(input: Splitting) -> Result<Option<RecordOut>, Error> {
    by_family!(&input.row.range, split_in(&input))
}

fn split_in<A: Address>(input: &Splitting) -> Result<Option<RecordOut>, Error> {
    let row = input.row.read::<A>()?;
    // Each piece is its owner's.
    Repeated::default().add(row.owner.as_ref().map_or(0, String::len).saturating_mul(input.pieces.len()))?;
    let pieces = input.pieces.iter().map(NewRowIn::read).collect::<Result<Vec<NewRow<A>>, Error>>()?;
    Ok(row.split(&pieces, input.remark.parse()?)?.as_ref().map(written))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct Merging {
    rows: Vec<RowIn>,
    into: NewRowIn,
    #[serde(default, deserialize_with = "null_as_default")]
    remark: String,
}

pub(in crate::wire) fn merge(input: Merging) -> Result<Option<RecordOut>, Error> {
    let first = input.rows.first().map_or(&input.into.range, |row| &row.range);
    by_family!(first, merge_in(&input))
}

fn merge_in<A: Address>(input: &Merging) -> Result<Option<RecordOut>, Error> {
    let rows = input.rows.iter().map(RowIn::read).collect::<Result<Vec<Row<A>>, Error>>()?;
    let remark: Remark = input.remark.parse()?;
    Ok(Row::merge(&rows, input.into.read()?, remark)?.as_ref().map(written))
}

impl NewRowIn {
    fn read<A: Address>(&self) -> Result<NewRow<A>, Error> {
        Ok(NewRow { id: self.id.clone(), range: self.range.parse()? })
    }
}

fn written<A: Address>(record: &RangeRecord<A>) -> RecordOut {
    RecordOut {
        action: Word(record.action()),
        before: record.before().iter().map(RowOut::of).collect(),
        after: record.after().iter().map(RowOut::of).collect(),
        owner: record.owner().map(str::to_owned),
        remark: record.remark().as_str().to_owned(),
    }
}
