//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
//! | `rate_card_files` | a card in TOML and JSON, and a price by the event | R-P1, R-P3 |
//! | `what_changed` | two revisions of a card, by themselves and on a day's usage | R-P1, R-P15 |
//! | `parts_catalogue` | a centre's parts, their prices and their stock | R-P17 |
