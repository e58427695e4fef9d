//! What a resource is, what it was and when, and what it used.

mod history;
mod portal;
mod spec;
mod usage;

pub(crate) use portal::PortalRows;
