//! Ranges: each request is decided by the core inside the transaction that writes it.

pub(super) mod requests;
pub(super) mod rows;
pub(super) mod supernets;

use super::{SqlStore, engine::Turn};
use crate::{
    Act, Cut, KeptFamily, Put, RangeChange, RangeFilter, Ranges, StoreError, StoredRangeRecord, Supernet, texts,
};
use async_trait::async_trait;
use counterfoil::{
    error::IpamError,
    ipam::{Interval, NewRow, Occupied, PrefixLen, Range, Row, RowCheck, RowFacts, SupernetUsage, UsageIndex},
};
use requests::Asked;

#[async_trait]
impl<A: KeptFamily> Ranges<A> for SqlStore {
    async fn add_supernet(&self, supernet: &Supernet<A>) -> Result<Put, StoreError> {
        if supernet.id.is_empty() {
            return Err(IpamError::EmptyText { what: "id of a supernet" }.into());
        }
        texts::name("supernet", &supernet.id)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Ranges(A::FAMILY.name())]).await?;
            if let Some(known) = supernets::family_of(&mut transaction, &supernet.id).await? {
                let same = known == A::FAMILY.name()
                    && supernets::find(&mut transaction, &supernet.id).await?.as_ref() == Some(supernet);
                let fact = if known == A::FAMILY.name() { "network" } else { "family" };
                return super::wallets::unchanged("supernet", supernet.id.clone(), &[(fact, same)]);
            }
            let others: Vec<Supernet<A>> = supernets::all(&mut transaction).await?;
            let occupied = others.iter().map(|other| Occupied { id: &other.id, interval: other.prefix.interval() });
            RowCheck::new(Range::from(supernet.prefix)).check(occupied)?;
            supernets::insert(&mut transaction, supernet).await?;
            transaction.commit().await?;
            Ok(Put::Inserted)
        })
        .await
    }

    async fn supernets(&self) -> Result<Vec<Supernet<A>>, StoreError> {
        supernets::all(&mut self.read().await?).await
    }

    async fn supernet_usage(&self, supernet: &str) -> Result<SupernetUsage<A>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let missing = || StoreError::NotFound { what: "supernet", id: supernet.to_owned() };
        let interval = supernets::find::<A>(&mut snapshot, supernet).await?.ok_or_else(missing)?.prefix.interval();
        let filter = RangeFilter { within: Some(interval), ..RangeFilter::default() };
        Ok(SupernetUsage::of(interval, &rows::ranges(&mut snapshot, &filter).await?)?)
    }

    async fn usage_of_supernets(&self) -> Result<Vec<(Supernet<A>, SupernetUsage<A>)>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let supernets: Vec<Supernet<A>> = supernets::all(&mut snapshot).await?;
        let ranges = rows::ranges(&mut snapshot, &RangeFilter::default()).await?;
        let index = UsageIndex::new(&ranges)?;
        let usage = |supernet: Supernet<A>| {
            let usage = index.usage(supernet.prefix.interval())?;
            Ok((supernet, usage))
        };
        supernets.into_iter().map(usage).collect()
    }

    async fn add_range(
        &self,
        request: &str,
        new: &NewRow<A>,
        asn: Option<u32>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Add { new, asn }, act).await
    }

    async fn reserve_range(
        &self,
        request: &str,
        range: &str,
        owner: &str,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Reserve { range, owner }, act).await
    }

    async fn assign_range(
        &self,
        request: &str,
        range: &str,
        owner: &str,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Assign { range, owner }, act).await
    }

    async fn recover_range(&self, request: &str, range: &str, act: &Act) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Recover { range }, act).await
    }

    async fn change_range(
        &self,
        request: &str,
        range: &str,
        to: RowFacts<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Change { range, to }, act).await
    }

    async fn delete_range(&self, request: &str, range: &str, act: &Act) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Delete { range }, act).await
    }

    async fn split_range(
        &self,
        request: &str,
        range: &str,
        cut: &Cut<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Split { range, cut }, act).await
    }

    async fn merge_ranges(
        &self,
        request: &str,
        ranges: &[&str],
        length: PrefixLen<A>,
        act: &Act,
    ) -> Result<RangeChange<A>, StoreError> {
        self.carry_out(request, &Asked::Merge { ranges, length }, act).await
    }

    async fn range(&self, range: &str) -> Result<Option<Row<A>>, StoreError> {
        rows::range(&mut self.read().await?, range).await
    }

    async fn range_at(&self, address: A) -> Result<Option<Row<A>>, StoreError> {
        let filter = RangeFilter { within: Some(Interval::of(address)), ..RangeFilter::default() };
        Ok(rows::ranges(&mut self.read().await?, &filter).await?.pop())
    }

    async fn ranges(&self, filter: &RangeFilter<A>) -> Result<Vec<Row<A>>, StoreError> {
        rows::ranges(&mut self.read().await?, filter).await
    }

    async fn range_history(&self, range: &str) -> Result<Vec<StoredRangeRecord<A>>, StoreError> {
        rows::history(&mut self.snapshot().await?, range).await
    }
}
