use crate::{Put, StoreError};
use async_trait::async_trait;
use counterfoil::{
    money::Currency,
    pricing::{CardFormat, RateCard, Validity},
    time::Instant,
    units::Name,
};

/// The price lists that readings were rated with, and which of them is in force when.
///
/// No two cards that say when they are in force are so at one instant. A card that says nothing of it is in force
/// wherever none of those is.
///
/// # Rule
/// R-P1
#[async_trait]
pub trait RateCards: Send + Sync {
    /// Keeps a card in TOML under the revision that its text names. A card is never edited.
    ///
    /// # Errors
    /// As [`put_rate_card_in`](Self::put_rate_card_in).
    async fn put_rate_card(&self, source: &str) -> Result<Put, StoreError> {
        self.put_rate_card_in(CardFormat::Toml, source).await
    }

    /// Keeps a card, as the text that it is, under the revision that it names. A card is never edited.
    ///
    /// # Errors
    /// `store.conflict` where that revision stands with another text or in another format; `store.two_in_force` where
    /// another card with a validity is in force at an instant at which this one is, too; what
    /// [`RateCard::from_text`] finds wrong with the text.
    async fn put_rate_card_in(&self, format: CardFormat, source: &str) -> Result<Put, StoreError>;

    /// The card of a revision, read from the text that was kept.
    ///
    /// # Errors
    /// `store.corrupt` where the text is not the one that was kept.
    async fn rate_card(&self, revision: &Name) -> Result<Option<RateCard>, StoreError>;

    /// The text of a revision, as it was put in.
    ///
    /// # Errors
    /// As [`rate_card`](Self::rate_card).
    async fn rate_card_source(&self, revision: &Name) -> Result<Option<(CardFormat, String)>, StoreError>;

    /// All revisions, by the begin of their validity and by name.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn rate_cards(&self) -> Result<Vec<StoredRateCard>, StoreError>;

    /// The card that is in force at an instant.
    ///
    /// # Errors
    /// `store.two_in_force` where no card with a validity is, and several without one are kept; as
    /// [`rate_card`](Self::rate_card).
    async fn rate_card_in_force(&self, at: Instant) -> Result<Option<RateCard>, StoreError>;
}

/// What the store knows of a card without reading its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRateCard {
    /// What tells it from others.
    pub revision: Name,
    /// The currency of its prices.
    pub currency: Currency,
    /// What it is written in.
    pub format: CardFormat,
    /// When it is in force.
    pub validity: Validity,
}
