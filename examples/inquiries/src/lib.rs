//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
//! | `packages` | what free packages cover, and what the rest costs | R-P12 |
//! | `guarantee` | what is missing to a minimum guarantee, what a maximum leaves | R-P13 |
//! | `bandwidth_95` | a month of bandwidth by its 95th percentile | R-P14 |
//! | `funds_gate` | whether there are funds enough to order | R-P16 |
//! | `table_price` | a price by keys that match exactly | R-P18 |
//! | `on_demand` | usage on demand, shown and charged | R-P7 |
