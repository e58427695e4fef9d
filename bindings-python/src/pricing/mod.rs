//! What something costs: rate cards, the rates of a kind that are in force, and what they make of a usage or an inquiry.

mod card;
mod line;
mod quote;
mod rateable;
mod rated;
mod tariff;
mod term;

pub(crate) use card::RateCard;
pub(crate) use line::{Line, html};
pub(crate) use quote::Quote;
pub(crate) use rated::Rated;
pub(crate) use tariff::Tariff;
