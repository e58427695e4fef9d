//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `order_cycle` | an order from unpaid to ended, with its renewals and its dunning | R-O1, R-O2, R-O3 |
//! | `expiry_list` | what expires soon, what is frozen, and who may start something | R-O4 |
//! | `convert` | what stays payable of a day on which a server was paid ahead | R-O5 |
//! | `leases` | devices leased for dates: which are free, and what share is leased | R-O6 |
