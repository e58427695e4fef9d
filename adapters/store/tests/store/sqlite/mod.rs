//! What only SQLite has: files, schemas of earlier versions, a copy of the books for each fault.

mod auditing;
mod migrating;
mod opening;
