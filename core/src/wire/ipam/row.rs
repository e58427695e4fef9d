//! Rows on the wire.

use crate::wire::text::{Show, Shown, Word};
use crate::{
    error::Error,
    ipam::{Address, IpRange, Row, RowStatus},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowIn {
    id: String,
    pub(super) range: String,
    status: String,
    asn: Option<u32>,
    owner: Option<String>,
}

#[derive(Serialize)]
pub(super) struct RowOut {
    id: String,
    range: Shown<IpRange>,
    status: Word<RowStatus>,
    asn: Option<u32>,
    owner: Option<String>,
}

impl RowIn {
    pub(super) fn read<A: Address>(&self) -> Result<Row<A>, Error> {
        Ok(Row {
            id: self.id.clone(),
            range: self.range.parse()?,
            status: self.status.parse()?,
            asn: self.asn,
            owner: self.owner.clone(),
        })
    }
}

impl RowOut {
    pub(super) fn of<A: Address>(row: &Row<A>) -> Self {
        Self {
            id: row.id.clone(),
            range: row.range.shown(),
            status: Word(row.status),
            asn: row.asn,
            owner: row.owner.clone(),
        }
    }
}
