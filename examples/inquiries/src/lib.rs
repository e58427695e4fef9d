//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
