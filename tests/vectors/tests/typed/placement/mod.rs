//! Inventories and products.
