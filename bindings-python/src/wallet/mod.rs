//! What pays: coupons and a balance, and what a charge takes from them.

mod coupon;
mod owner;
mod plan;
mod purse;

pub(crate) use coupon::Coupon;
pub(crate) use owner::Owner;
pub(crate) use plan::{Leg, Plan};
pub(crate) use purse::Wallet;
