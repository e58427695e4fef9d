//! Address ranges of one network, which all writers cut, merge, give away and take back.

use crate::{answers::Answer, random::Random, world::owner};
use counterfoil::ipam::{Ipv4, NewRow, PrefixLen, Row};
use counterfoil_store::{Act, Cut, Ranges, SqlStore, StoreError, Supernet};
use serde::{Deserialize, Serialize};

/// How many /24 the network has.
const BLOCKS: u32 = 256;

/// The length of the network, of what is entered in it, and of the least piece.
const NETWORK: u8 = 16;
const BLOCK: u8 = 24;
const PIECE: u8 = 30;

/// A change of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RangeChange {
    pub(crate) request: String,
    /// The row that is changed.
    pub(crate) row: String,
    /// Its length.
    length: u8,
    what: What,
}

/// What is done to a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// It is entered as the /24 of a number.
    Enter {
        block: u32,
    },
    Halve,
    /// It is made one with the other half of what it was.
    Merge {
        with: String,
    },
    Assign {
        wallet: u32,
    },
    Recover,
    Delete,
}

impl RangeChange {
    /// A row is entered.
    pub(crate) fn enter(request: String, random: &mut Random) -> Self {
        let what = What::Enter { block: random.below(BLOCKS) };
        Self { row: request.clone(), request, length: BLOCK, what }
    }

    /// Something is done to a row that this change leaves.
    pub(crate) fn then(&self, request: String, random: &mut Random) -> Self {
        let half = random.below(2);
        let (row, length) = match self.what {
            What::Halve => (self.piece(half), self.length + 1),
            What::Merge { .. } => (self.piece(0), self.length - 1),
            _ => (self.row.clone(), self.length),
        };
        let what = match (random.below(6), &self.what) {
            (0 | 1, _) if length < PIECE => What::Halve,
            (2, What::Halve) => What::Merge { with: self.piece(1 - half) },
            (3, _) => What::Recover,
            (4, _) => What::Delete,
            _ => What::Assign { wallet: random.below(3) },
        };
        Self { request, row, length, what }
    }

    /// A row that it makes, as the store names it.
    fn piece(&self, number: u32) -> String {
        format!("{}/{number}", self.request)
    }

    /// Asks for it, once.
    pub(crate) async fn ask(&self, store: &SqlStore, act: &Act) -> Result<Answer, StoreError> {
        let (store, request): (&dyn Ranges<Ipv4>, &str) = (store, &self.request);
        let changed = match &self.what {
            What::Enter { block } => {
                let new = NewRow { id: self.row.clone(), range: format!("10.0.{block}.0/{BLOCK}").parse()? };
                store.add_range(request, &new, None, act).await?
            }
            What::Halve => {
                let cut = Cut::by_length(PrefixLen::new(self.length + 1)?);
                store.split_range(request, &self.row, &cut, act).await?
            }
            What::Merge { with } => {
                let length = PrefixLen::new(self.length - 1)?;
                store.merge_ranges(request, &[&self.row, with], length, act).await?
            }
            What::Assign { wallet } => store.assign_range(request, &self.row, &owner(*wallet).to_string(), act).await?,
            What::Recover => store.recover_range(request, &self.row, act).await?,
            What::Delete => store.delete_range(request, &self.row, act).await?,
        };
        let rows = changed.record.map_or_else(Vec::new, |stored| shown(stored.record.after()));
        Ok(Answer::Changed { rows, is_replay: changed.is_replay })
    }
}

/// Makes the network known.
pub(crate) async fn open(store: &SqlStore) -> Result<(), StoreError> {
    let supernet = Supernet::<Ipv4> { id: "bank".to_owned(), prefix: format!("10.0.0.0/{NETWORK}").parse()? };
    store.add_supernet(&supernet).await.map(|_| ())
}

/// Rows with their addresses.
pub(crate) fn shown(rows: &[Row<Ipv4>]) -> Vec<String> {
    rows.iter().map(|row| format!("{} {} {}", row.id, row.range, row.status)).collect()
}
