use crate::{Put, StoreError};
use async_trait::async_trait;
use counterfoil::{
    time::Instant,
    wallet::{Coupon, Owner},
};

/// What redeeming or cancelling a coupon came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCoupon {
    /// The coupon as it stands.
    pub coupon: Coupon,
    /// Whether it was done before.
    pub is_replay: bool,
}

/// Coupons that wait for somebody who knows their codes.
///
/// The store keeps a digest of each code and never the code: who reads the file can not redeem. Short codes
/// can be guessed from it all the same; make them long.
///
/// # Rule
/// R-W1, R-W5
#[async_trait]
pub trait Redemptions: Send + Sync {
    /// Takes in a coupon with its code, or gives one that is there its code. One transaction.
    ///
    /// # Errors
    /// `wallet.empty_id` for an empty code; `store.conflict` where the coupon stands with other facts, or
    /// with another code.
    async fn issue_coupon(&self, coupon: &Coupon, code: &str) -> Result<Put, StoreError>;

    /// Gives a coupon to whoever knows its code. One transaction.
    ///
    /// The same owner again, with the right code, gets the coupon as it stands, and nothing changes.
    ///
    /// # Errors
    /// `wallet.wrong_code`, also for a coupon that is not there or has no code: who does not know a code
    /// learns nothing. Then what [`Coupon::redeem`] refuses: `wallet.not_waiting`, `wallet.already_owned`,
    /// `wallet.coupon_without_unit`, `wallet.group_category`. Then nothing is changed.
    ///
    /// # Rule
    /// R-W5
    async fn redeem(
        &self,
        coupon: &str,
        presented: &str,
        by: &Owner,
        now: Instant,
    ) -> Result<ChangedCoupon, StoreError>;

    /// Withdraws a coupon: it pays no more. What it holds stays on it. One transaction.
    ///
    /// # Errors
    /// `store.not_found`; `store.conflict` for one that was deleted.
    async fn cancel_coupon(&self, coupon: &str, now: Instant) -> Result<ChangedCoupon, StoreError>;
}
