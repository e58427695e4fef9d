use super::{
    by_family,
    row::{row_of, shown},
};
use crate::input::{Answer, Fault, Members, all, number};
use counterfoil::{
    error::IpamError,
    ipam::{Address, LIFE, NewRow, RangeRecord, Remark, Row, RowAction, RowFacts},
};
use serde_json::{Value, json};

pub(crate) fn life(_: Members<'_>) -> Answer {
    let name = |state: Option<counterfoil::ipam::RowStatus>| state.map(|state| state.to_string());
    let steps = LIFE
        .iter()
        .map(|step| json!({ "from": name(step.from), "action": step.action.to_string(), "to": name(step.to) }));
    Ok(steps.collect())
}

/// What is done with the input of an operation of [`RowAction`].
pub(crate) fn change(action: RowAction, input: Members<'_>) -> Answer {
    let range = match action {
        RowAction::Add => input.text("range")?,
        RowAction::Merge => match input.list("rows")?.first() {
            Some(row) => Members::any(row)?.text("range")?,
            None => Members::any(input.value("into")?)?.text("range")?,
        },
        _ => Members::any(input.value("row")?)?.text("range")?,
    };
    by_family!(range, change_in(action, input))
}

fn change_in<A: Address>(action: RowAction, input: Members<'_>) -> Answer {
    let row = || row_of::<A>(input.value("row")?);
    let owner = || input.text("owner");
    let asn = || input.optional("asn").map(number).transpose();
    let remark = || -> Result<Remark, Fault> { Ok(input.parse_optional("remark")?.unwrap_or_default()) };
    let record = match action {
        RowAction::Add => Some(Row::add(new_row::<A>(input)?, asn()?, remark()?)?),
        RowAction::Reserve => Some(row()?.reserve(owner()?, remark()?)?),
        RowAction::Assign => Some(row()?.assign(owner()?, remark()?)?),
        RowAction::Recover => Some(row()?.recover(remark()?)?),
        RowAction::Delete => Some(row()?.delete(remark()?)?),
        RowAction::Change => {
            let (row, range) = (row()?, input.text("range")?.parse()?);
            row.change(RowFacts { range, asn: asn()? }, remark()?)?
        }
        RowAction::Split => {
            let row = row()?;
            let pieces = all(input.list("pieces")?, piece::<A>)?;
            row.split(&pieces, remark()?)?
        }
        RowAction::Merge => {
            let rows = all(input.list("rows")?, row_of::<A>)?;
            let remark = remark()?;
            Row::merge(&rows, piece::<A>(input.value("into")?)?, remark)?
        }
    };
    Ok(record.as_ref().map(recorded).transpose()?.unwrap_or(Value::Null))
}

fn piece<A: Address>(value: &Value) -> Result<NewRow<A>, Fault> {
    new_row(Members::of(value, &["id", "range"])?)
}

fn new_row<A: Address>(input: Members<'_>) -> Result<NewRow<A>, Fault> {
    Ok(NewRow { id: input.text("id")?.to_owned(), range: input.text("range")?.parse()? })
}

/// A record, which made again of its parts is the same.
fn recorded<A: Address>(record: &RangeRecord<A>) -> Result<Value, IpamError> {
    let (before, after) = (record.before().to_vec(), record.after().to_vec());
    let again = RangeRecord::new(record.action(), before, after, record.remark().clone())?;
    Ok(json!({
        "action": again.action().to_string(),
        "before": again.before().iter().map(shown).collect::<Vec<_>>(),
        "after": again.after().iter().map(shown).collect::<Vec<_>>(),
        "owner": again.owner(),
        "remark": again.remark().to_string(),
    }))
}
