//! Plans of address ranges, as tables and as maps.
mod map;
mod rows;
fn main() {}
