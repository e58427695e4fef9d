//! Inventories and products.

pub(crate) mod quantity;
