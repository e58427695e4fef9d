//! Whether a product still fits a cluster: an inventory that is read once and kept.

mod snapshot;

pub(crate) use snapshot::Snapshot;
