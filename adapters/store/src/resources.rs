use crate::{Puts, StoreError};
use async_trait::async_trait;
use counterfoil::{
    metering::{Kind, Span},
    units::Name,
    wallet::Owner,
};

/// A resource as the inventory knows it: whose it is, and what it was made of when.
///
/// # Rule
/// R-U1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its id.
    pub id: Name,
    /// Its kind.
    pub kind: Kind,
    /// Who pays for it.
    pub owner: Owner,
    /// The service unit that is paid.
    pub unit: Name,
    /// Its spans in order; none for what has no life, such as a scan.
    pub spans: Vec<Span>,
}

/// The inventory: resources and their spans.
#[async_trait]
pub trait Resources: Send + Sync {
    /// Keeps resources as they are now; what stood under the same id is replaced.
    ///
    /// An inventory lives: an open span is closed, another is added. What was metered from it before stays
    /// as it was; metering the day again gives a correction ([`Days::record_day`](crate::Days::record_day)).
    ///
    /// # Errors
    /// What [`History::new`](counterfoil::metering::History::new) finds wrong with the spans of one of them;
    /// then none is kept.
    async fn put_resources(&self, resources: &[Resource]) -> Result<Puts, StoreError>;

    /// A resource by id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn resource(&self, id: &Name) -> Result<Option<Resource>, StoreError>;
}
