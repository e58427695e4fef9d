//! What pays: coupons and a balance, and what a charge takes from them.

mod coupon;
mod purse;
