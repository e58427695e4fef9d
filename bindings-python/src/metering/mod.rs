//! What a resource is, what it was and when, and what it used.

mod archive;
mod history;
mod portal;
mod spec;
mod usage;

pub(crate) use archive::ArchiveRow;
pub(crate) use history::{History, Span};
pub(crate) use portal::PortalRows;
pub(crate) use spec::Spec;
pub(crate) use usage::Usage;

/// A hash of what is equal exactly where its text is.
pub(crate) fn hash_of(text: impl std::hash::Hash) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}
