//! What a resource is, what it was and when, and what it used.

mod history;
mod portal;
mod spec;
mod usage;

pub(crate) use history::quota_of;
pub(crate) use portal::PortalRows;
pub(crate) use spec::read as spec_of;
