//! The program as a user runs it: every test starts the binary, and reads what it left behind.

mod bad_input;
mod explain;
mod figures;
mod killed;
mod portal;
mod sample;
mod trace;
