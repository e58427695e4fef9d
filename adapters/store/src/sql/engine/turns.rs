//! Turns: what only one transaction at a time may decide about.
//!
//! A plan of the core is right for the books that it was made against; so whoever plans for an owner holds the owner's
//! turn until it is written. A turn is a row of the table `turns`, locked by the transaction that holds it; which row
//! is decided by a digest, so two of different names may wait for each other, a little and for nothing. SQLite has one
//! writer at a time, which holds every turn.

use super::{Connection, composed, connection::Link, sql};
use crate::StoreError;
use counterfoil::wallet::Owner;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// How many rows there are for each sort of turn.
const ROWS: u64 = 1024;

/// How many rows the readings of one day take.
const ROWS_OF_A_DAY: u64 = 64;

/// So few turns are taken one by one, each by its key; more with one statement, which locks them in order.
const FEW: usize = 8;

/// What only one transaction at a time may decide about.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) enum Turn<'a> {
    /// The balance, the debt, the coupons, the locks, the payments, the refunds, the orders and the plans of an owner.
    Owner(&'a Owner),
    /// What an order of an application is paid by, or held by, whoever pays.
    Order(&'a str, &'a str),
    /// Who has a coupon.
    Coupon(&'a str),
    /// The readings and statements of an owner in a day, as they are recorded.
    Readings(&'a str, &'a Owner),
    /// Which rate card is in force when.
    RateCards,
    /// The address ranges and supernets of a family.
    Ranges(&'static str),
}

impl Connection {
    /// Waits for turns and holds them until the transaction ends; in one order for all, so that nobody waits in a ring.
    ///
    /// Gives whether there was something to wait for: what was read before may be otherwise now. Owners come first: who
    /// holds another turn takes no owner's any more.
    pub(in crate::sql) async fn take(&mut self, turns: &[Turn<'_>]) -> Result<bool, StoreError> {
        if matches!(self.link, Link::Sqlite(_)) {
            return Ok(false);
        }
        let rows: BTreeSet<i64> = turns.iter().map(Turn::row).filter(|row| !self.turns.contains(row)).collect();
        match rows.len() {
            0 => return Ok(false),
            1..=FEW => {
                for row in &rows {
                    let taken = sql("select turn from turns where turn = ? for update").bind(*row);
                    taken.fetch_optional(self).await?.ok_or_else(missing)?;
                }
            }
            count => {
                let places = vec!["?"; count].join(", ");
                let text = format!("select turn from turns where turn in ({places}) order by turn for update");
                let query = rows.iter().fold(composed(text).kept(false), |query, row| query.bind(*row));
                if query.fetch_all(self).await?.len() != count {
                    return Err(missing());
                }
            }
        }
        self.turns.extend(&rows);
        Ok(true)
    }
}

fn missing() -> StoreError {
    StoreError::corrupt("turns", "?", "turn", "rows of it are missing")
}

impl Turn<'_> {
    fn row(&self) -> i64 {
        let (first, row) = match self {
            Self::Owner(owner) => (0, number(&[&owner.to_string()]) % ROWS),
            Self::Order(application, order) => (ROWS, number(&["order", application, order]) % ROWS),
            Self::Coupon(coupon) => (ROWS, number(&["coupon", coupon]) % ROWS),
            Self::RateCards => (ROWS, number(&["rate cards"]) % ROWS),
            Self::Ranges(family) => (ROWS, number(&["ranges", family]) % ROWS),
            // Few for a day, so that a day of many owners takes them all.
            Self::Readings(day, owner) => {
                let row = number(&[&owner.to_string()]) % ROWS_OF_A_DAY;
                (ROWS, (number(&["readings", day]) + row) % ROWS)
            }
        };
        i64::try_from(first + row).unwrap_or_default() // both are small
    }
}

/// A number for a name.
fn number(words: &[&str]) -> u64 {
    let digest = words.iter().fold(Sha256::new(), |digest, word| digest.chain_update(Sha256::digest(word)));
    let digest = digest.finalize();
    digest.iter().take(7).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
