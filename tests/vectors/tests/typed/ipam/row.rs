use crate::input::{Fault, Members, number, text};
use counterfoil::ipam::{Address, Row};
use serde_json::{Value, json};

pub(super) fn row_of<A: Address>(value: &Value) -> Result<Row<A>, Fault> {
    let row = Members::of(value, &["id", "range", "status", "asn", "owner"])?;
    Ok(Row {
        id: row.text("id")?.to_owned(),
        range: row.text("range")?.parse()?,
        status: row.text("status")?.parse()?,
        asn: row.optional("asn").map(number).transpose()?,
        owner: row.optional("owner").map(|owner| text(owner).map(str::to_owned)).transpose()?,
    })
}

pub(super) fn shown<A: Address>(row: &Row<A>) -> Value {
    json!({
        "id": row.id,
        "range": row.range.to_string(),
        "status": row.status.to_string(),
        "asn": row.asn,
        "owner": row.owner,
    })
}
