//! Inventories and products.

mod inventory;
pub(crate) mod quantity;

pub(crate) mod gpus;
pub(crate) mod quota;
pub(crate) mod reseller;
pub(crate) mod stages;
mod told;
