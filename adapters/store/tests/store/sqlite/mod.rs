//! What only SQLite has: files, a disk that is full of one, schemas of earlier versions, a copy of the books for each
//! fault.

mod auditing;
mod full;
mod migrating;
mod opening;
