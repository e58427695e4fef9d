//! Inventories and products.

pub(crate) mod check;
mod inventory;
pub(crate) mod quantity;

pub(crate) mod gpus;
pub(crate) mod place;
pub(crate) mod quota;
pub(crate) mod reseller;
pub(crate) mod stages;
mod told;
