//! Inventories and products over the wire.
//!
//! | on the wire | is |
//! |---|---|
//! | `"500m"`, `"8192Mi"`, `"15.30Gi"` | a quantity of a resource (R-A5) |
//! | `"cpu"`, `"disk[SYS]"`, `"gpu[A100-80G]"` | a resource (R-A4) |
//!
//! Amounts in answers are canonical quantities, exactly: `"1600m"` cores, `"10Gi"`, `"460m"` of a card. Sums in the proofs of
//! R-A10 are digits, in the smallest unit: `"204"` milli-cores.

mod answer;
pub(super) mod check;
mod claim;
mod inventory;
mod kept;
pub(super) mod place;
pub(super) mod quantity;

pub(super) mod gpus;
mod hint;
pub(super) mod quota;
pub(super) mod reseller;
pub(super) mod stages;
mod told;
mod verified;

pub use kept::Inventory;
