//! Inventories and products.

mod inventory;
pub(crate) mod quantity;
