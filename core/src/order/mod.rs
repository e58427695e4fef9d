//! Orders and their cycles: states, renewals, dunning, expiry, leases (R-O1 … R-O8).
//!
//! Everything here is a decision: facts and an instant in, the next state or a list of actions out.
//! Nothing reads a clock, and nothing changes what it was given.
