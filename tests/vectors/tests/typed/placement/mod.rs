//! Inventories and products.

mod inventory;
