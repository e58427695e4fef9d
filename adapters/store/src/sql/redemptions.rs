//! Codes of coupons, and what becomes of a coupon besides its balance.

use super::{
    SqlStore,
    engine::{Connection, Row, Turn, sql},
    rows::Fields,
    wallets,
};
use crate::{ChangedCoupon, Put, Redemptions, StoreError, texts};
use async_trait::async_trait;
use counterfoil::{
    error::WalletError,
    time::Instant,
    wallet::{Coupon, CouponStatus, CouponTerms, Owner, Redemption},
};
use sha2::{Digest, Sha256};

#[async_trait]
impl Redemptions for SqlStore {
    async fn issue_coupon(&self, coupon: &Coupon, code: &str) -> Result<Put, StoreError> {
        texts::coupon(coupon)?;
        if code.is_empty() {
            return Err(WalletError::EmptyId { what: "coupon code" }.into());
        }
        let digest = digest(coupon.id(), code);
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Coupon(coupon.id())]).await?;
            let put = wallets::put_coupon(&mut transaction, coupon).await?;
            match digest_of(&mut transaction, coupon.id()).await? {
                Some(known) if known == digest => return Ok(put),
                Some(_) => {
                    return Err(StoreError::Conflict { what: "coupon", id: coupon.id().to_owned(), fact: "code" });
                }
                None => {}
            }
            sql("insert into coupon_codes (coupon, digest) values (?, ?)")
                .bind(coupon.id().to_owned())
                .bind(digest.to_vec())
                .execute(&mut transaction)
                .await?;
            transaction.commit().await?;
            Ok(Put::Inserted)
        })
        .await
    }

    async fn redeem(
        &self,
        coupon: &str,
        presented: &str,
        by: &Owner,
        now: Instant,
    ) -> Result<ChangedCoupon, StoreError> {
        texts::owner(by)?;
        let wrong = || WalletError::WrongCode { coupon: coupon.to_owned() };
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Owner(by), Turn::Coupon(coupon)]).await?;
            let known = digest_of(&mut transaction, coupon).await?;
            let Some(code) = known.filter(|known| !presented.is_empty() && *known == digest(coupon, presented)) else {
                return Err(wrong().into());
            };
            let Some(held) = wallets::coupon(&mut transaction, coupon).await? else { return Err(wrong().into()) };
            if redeemed_by(&mut transaction, coupon).await?.as_ref() == Some(by) {
                return Ok(ChangedCoupon { coupon: held, is_replay: true });
            }
            // The core compares what it is given; the digests are equal where the codes are.
            let code = hex(&code);
            let changed = held.redeem(Redemption { by: by.clone(), presented: &code, code: &code })?;
            change(&mut transaction, "redeem", &held, &changed, now).await?;
            transaction.commit().await?;
            Ok(ChangedCoupon { coupon: changed, is_replay: false })
        })
        .await
    }

    async fn cancel_coupon(&self, coupon: &str, now: Instant) -> Result<ChangedCoupon, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let missing = || StoreError::NotFound { what: "coupon", id: coupon.to_owned() };
            let mut held = wallets::coupon(&mut transaction, coupon).await?.ok_or_else(missing)?;
            let owner = held.owner().cloned();
            let turns: Vec<Turn<'_>> =
                owner.as_ref().map(Turn::Owner).into_iter().chain([Turn::Coupon(coupon)]).collect();
            if transaction.take(&turns).await? {
                held = wallets::coupon(&mut transaction, coupon).await?.ok_or_else(missing)?;
            }
            if held.owner() != owner.as_ref() {
                return Err(StoreError::overtaken()); // it is somebody else's turn now
            }
            match held.status() {
                CouponStatus::Wait | CouponStatus::Available => {}
                CouponStatus::Cancelled => return Ok(ChangedCoupon { coupon: held, is_replay: true }),
                CouponStatus::Deleted => {
                    return Err(StoreError::Conflict { what: "coupon", id: coupon.to_owned(), fact: "status" });
                }
            }
            let changed = Coupon::new(CouponTerms { status: CouponStatus::Cancelled, ..held.terms().clone() })?;
            change(&mut transaction, "cancel", &held, &changed, now).await?;
            transaction.commit().await?;
            Ok(ChangedCoupon { coupon: changed, is_replay: false })
        })
        .await
    }
}

/// Writes what becomes of a coupon, and that it did.
pub(super) async fn change(
    connection: &mut Connection,
    change: &'static str,
    before: &Coupon,
    after: &Coupon,
    now: Instant,
) -> Result<(), StoreError> {
    let owner = |coupon: &Coupon| coupon.owner().map(ToString::to_string);
    sql("update coupons set status = ?, owner = ?, expiration_us = ? where coupon = ? and status = ?")
        .bind(after.status().name())
        .bind(owner(after))
        .bind(after.terms().expiration.micros())
        .bind(after.id().to_owned())
        .bind(before.status().name())
        .change_one(connection)
        .await?;
    sql("insert into coupon_changes (coupon, \"change\", at_us, status_before, status_after, owner_before, owner_after, \
         expiration_before_us, expiration_after_us) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(after.id().to_owned())
    .bind(change)
    .bind(now.micros())
    .bind(before.status().name())
    .bind(after.status().name())
    .bind(owner(before))
    .bind(owner(after))
    .bind(before.terms().expiration.micros())
    .bind(after.terms().expiration.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A change of a coupon as it is kept.
pub(super) struct Change {
    pub(super) coupon: String,
    pub(super) change: String,
    pub(super) before: State,
    pub(super) after: State,
}

/// What changes of a coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) status: CouponStatus,
    pub(super) owner: Option<Owner>,
    pub(super) expiration: Instant,
}

impl State {
    pub(super) fn of(coupon: &Coupon) -> Self {
        let CouponTerms { status, owner, expiration, .. } = coupon.terms().clone();
        Self { status, owner, expiration }
    }
}

impl Change {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
        let row = Fields::of("coupon_changes", "coupon", row);
        row.instant("at_us")?;
        let state = |status, owner, expiration| {
            Ok::<_, StoreError>(State {
                status: row.parse(status)?,
                owner: row.optional_owner(owner)?,
                expiration: row.instant(expiration)?,
            })
        };
        Ok(Self {
            coupon: row.text("coupon")?.to_owned(),
            change: row.text("change")?.to_owned(),
            before: state("status_before", "owner_before", "expiration_before_us")?,
            after: state("status_after", "owner_after", "expiration_after_us")?,
        })
    }

    /// Why it can not have happened, if so.
    pub(super) fn fault(&self) -> Option<&'static str> {
        use CouponStatus::{Available, Cancelled, Wait};
        let State { status, owner, expiration } = &self.after;
        let same_time = *expiration == self.before.expiration;
        let legal = match &*self.change {
            "redeem" => {
                same_time
                    && (self.before.status, *status) == (Wait, Available)
                    && self.before.owner.is_none()
                    && owner.is_some()
            }
            "cancel" => {
                same_time
                    && matches!(self.before.status, Wait | Available)
                    && *status == Cancelled
                    && *owner == self.before.owner
            }
            "extend" => {
                *expiration > self.before.expiration && (status, owner) == (&self.before.status, &self.before.owner)
            }
            _ => false,
        };
        (!legal).then_some("it is no change that a coupon can go through")
    }
}

/// Who redeemed a coupon.
async fn redeemed_by(connection: &mut Connection, coupon: &str) -> Result<Option<Owner>, StoreError> {
    let row = sql("select coupon, owner_after from coupon_changes where coupon = ? and \"change\" = 'redeem'")
        .bind(coupon.to_owned())
        .fetch_optional(connection)
        .await?;
    match row {
        Some(row) => Fields::of("coupon_changes", "coupon", &row).optional_owner("owner_after"),
        None => Ok(None),
    }
}

async fn digest_of(connection: &mut Connection, coupon: &str) -> Result<Option<Vec<u8>>, StoreError> {
    sql("select digest from coupon_codes where coupon = ?").bind(coupon).bytes(connection).await
}

/// SHA-256 of the digest of the id and the code: one code of two coupons has two digests.
fn digest(coupon: &str, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(Sha256::digest(coupon)).chain_update(code).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
