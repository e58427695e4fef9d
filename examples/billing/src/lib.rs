//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `statement` | a day's statement, its correction, and what settles both | R-S1, R-S2 |
//! | `monthly_report` | a month by owner and service, a bucket's trend, and whether a balance lasts | R-S3, R-S7 |
//! | `invoice` | an invoice of top-ups: once, rejected, and after a refund | R-S8 |
//! | `deduction` | a payment from coupons and the balance | R-W6, R-W7 |
//! | `funding_order` | a payment from sources of many kinds in a declared order | R-W9, R-W10 |
//! | `locks` | money that an unpaid order sets aside | R-W12 |
//! | `order_cycle` | an order from unpaid to ended, with its renewals and its dunning | R-O1, R-O2, R-O3 |
//! | `expiry_list` | what expires soon, what is frozen, and who may start something | R-O4 |
//! | `convert` | what stays payable of a day on which a server was paid ahead | R-O5 |
//! | `leases` | devices leased for dates: which are free, and what share is leased | R-O6 |
//! | `bill_identities` | rows of a bill, each checked by its identities | R-S4 |
//! | `focus_export` | a statement as a file in the FOCUS format, proved | R-S5 |
//! | `settlement` | what a reseller settles with a provider, once | R-S6 |
//! | `refund` | a payment refunded in three parts, as a table of its sources | R-W14, R-W15 |
//! | `partial_delivery` | one of three items was never delivered: what comes back | R-W17 |
