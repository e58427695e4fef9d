use super::spec::{self, Parts};
use crate::border::{
    Result,
    text::{packed, unpacked},
    time::period,
};
use counterfoil::{
    metering::{
        History, Usage,
        portal::{self, ArchiveRow, CurrentRow, RowsOf},
    },
    time::Period,
};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;
use serde::{Deserialize, Serialize};

/// What a portal's tables say of a resource: the current row, and the rows of its archive.
#[derive(PartialEq)]
pub(crate) struct PortalRows {
    rows_of: RowsOf,
    current: CurrentRow,
    archive: Vec<ArchiveRow>,
}

impl PortalRows {
    /// What the portal itself computes for a window; none where it has no reading.
    pub(crate) fn usage(&self, window: Period) -> Result<Option<Vec<Usage>>> {
        Ok(portal::usage(self.rows_of, window, &self.current, &self.archive)?)
    }
}

/// When it was created and became what it is, when it was deleted, how it is charged, and its parts.
#[derive(Deserialize, Serialize)]
struct PackedCurrent(String, String, Option<String>, String, Parts);

/// What ended it, its start and end, its parts, and how it was charged if that is known.
#[derive(Deserialize, Serialize)]
struct PackedArchive(String, String, String, Parts, Option<String>);

impl PackedCurrent {
    fn read(&self) -> Result<CurrentRow> {
        let Self(created, start, deleted, mode, parts) = self;
        Ok(CurrentRow {
            created: created.parse()?,
            start: start.parse()?,
            deleted: deleted.as_ref().map(|deleted| deleted.parse()).transpose()?,
            mode: mode.parse()?,
            spec: spec::read(parts)?,
        })
    }

    fn of(row: &CurrentRow) -> Self {
        let deleted = row.deleted.map(|deleted| deleted.to_string());
        let (created, start) = (row.created.to_string(), row.start.to_string());
        Self(created, start, deleted, row.mode.to_string(), spec::parts_of(&row.spec))
    }
}

impl PackedArchive {
    fn read(&self) -> Result<ArchiveRow> {
        let Self(change, start, end, parts, mode) = self;
        Ok(ArchiveRow {
            change: change.parse()?,
            start: start.parse()?,
            end: end.parse()?,
            spec: spec::read(parts)?,
            mode: mode.as_ref().map(|mode| mode.parse()).transpose()?,
        })
    }

    fn of(row: &ArchiveRow) -> Self {
        let mode = row.mode.map(|mode| mode.to_string());
        let (start, end) = (row.start.to_string(), row.end.to_string());
        Self(row.change.name().to_owned(), start, end, spec::parts_of(&row.spec), mode)
    }
}

/// The rows of a resource, from JSON of the current row and of its archive.
#[napi(catch_unwind)]
pub(crate) fn portal_rows(disk: bool, rows: String) -> Result<External<PortalRows>> {
    let (current, archive): (PackedCurrent, Vec<PackedArchive>) = unpacked(&rows)?;
    let rows_of = if disk { RowsOf::Disk } else { RowsOf::Server };
    let archive = archive.iter().map(PackedArchive::read);
    let (current, archive) = (current.read()?, archive.collect::<Result<Vec<_>>>()?);
    Ok(External::new(PortalRows { rows_of, current, archive }))
}

/// The same JSON of rows, with what they are rows of before it.
#[napi(catch_unwind)]
pub(crate) fn portal_rows_told(rows: &External<PortalRows>) -> Result<String> {
    let archive: Vec<_> = rows.archive.iter().map(PackedArchive::of).collect();
    packed((rows.rows_of.name(), PackedCurrent::of(&rows.current), archive))
}

/// What the portal itself computes for a window; none where it has no reading.
#[napi(catch_unwind)]
pub(crate) fn portal_rows_segments(
    rows: &External<PortalRows>,
    start: Either<f64, String>,
    end: Either<f64, String>,
) -> Result<Option<Vec<External<Usage>>>> {
    let segments = rows.usage(period(&start, &end)?)?;
    Ok(segments.map(|segments| segments.into_iter().map(External::new).collect()))
}

/// The life that the rows tell.
#[napi(catch_unwind)]
pub(crate) fn portal_rows_history(rows: &External<PortalRows>) -> Result<External<History>> {
    Ok(External::new(portal::history(&rows.current, &rows.archive)?.history))
}

/// Whether two sets of rows are equal.
#[napi(catch_unwind)]
pub(crate) fn portal_rows_equals(rows: &External<PortalRows>, other: &External<PortalRows>) -> bool {
    rows.as_ref() == other.as_ref()
}
