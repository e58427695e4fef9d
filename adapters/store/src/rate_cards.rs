use crate::{Put, StoreError};
use async_trait::async_trait;
use counterfoil::{pricing::RateCard, units::Name};

/// The price lists that readings were rated with.
///
/// # Rule
/// R-P1
#[async_trait]
pub trait RateCards: Send + Sync {
    /// Keeps a card under the revision that its text names. A card is never edited.
    ///
    /// # Errors
    /// `store.conflict` where that revision stands with another text; what
    /// [`RateCard::from_toml`] finds wrong with the text.
    async fn put_rate_card(&self, source: &str) -> Result<Put, StoreError>;

    /// The card of a revision, read from the text that was kept.
    ///
    /// # Errors
    /// `store.corrupt` where the text is not the one that was kept.
    async fn rate_card(&self, revision: &Name) -> Result<Option<RateCard>, StoreError>;
}
