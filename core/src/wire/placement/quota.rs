//! The quota of a portal: private and shared.

use crate::{
    error::Error,
    placement::{Allotment, ByPart, Pool, PortalQuota, QuotaPart},
    wire::text::{Object, Text},
};
use serde::{Deserialize, Serialize};

/// A use, or a use that ended.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct QuotaCall {
    quota: Object<QuotaIn>,
    pool: Text<Pool>,
    amounts: Object<AmountsIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotaIn {
    private: Object<PoolIn>,
    shared: Object<PoolIn>,
}

/// Every part is told: what is left out would be nothing, or without limit, and nobody could say which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolIn {
    vcpu: Object<AllotmentIn>,
    ram: Object<AllotmentIn>,
    disk: Object<AllotmentIn>,
    public_ip: Object<AllotmentIn>,
    private_ip: Object<AllotmentIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllotmentIn {
    total: u64,
    used: u64,
}

/// What is not named is not asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmountsIn {
    vcpu: Option<u64>,
    ram: Option<u64>,
    disk: Option<u64>,
    public_ip: Option<u64>,
    private_ip: Option<u64>,
}

#[derive(Serialize)]
pub(in crate::wire) struct QuotaOut {
    private: PoolOut,
    shared: PoolOut,
}

#[derive(Serialize)]
struct PoolOut {
    vcpu: AllotmentOut,
    ram: AllotmentOut,
    disk: AllotmentOut,
    public_ip: AllotmentOut,
    private_ip: AllotmentOut,
}

#[derive(Serialize)]
struct AllotmentOut {
    total: u64,
    used: u64,
    free: i64,
}

pub(in crate::wire) fn deduct(input: QuotaCall) -> Result<QuotaOut, Error> {
    let (quota, pool, amounts) = input.read()?;
    Ok(QuotaOut::of(&quota.deduct(pool, &amounts)?))
}

pub(in crate::wire) fn release(input: QuotaCall) -> Result<QuotaOut, Error> {
    let (quota, pool, amounts) = input.read()?;
    Ok(QuotaOut::of(&quota.release(pool, &amounts)?))
}

impl QuotaCall {
    fn read(&self) -> Result<(PortalQuota, Pool, ByPart<u64>), Error> {
        let Object(quota) = &self.quota;
        let Object(AmountsIn { vcpu, ram, disk, public_ip, private_ip }) = &self.amounts;
        let [vcpu, ram, disk, public_ip, private_ip] =
            [vcpu, ram, disk, public_ip, private_ip].map(|amount| amount.unwrap_or(0));
        let quota = PortalQuota { private: PoolIn::read(&quota.private)?, shared: PoolIn::read(&quota.shared)? };
        Ok((quota, self.pool.read()?, ByPart { vcpu, ram, disk, public_ip, private_ip }))
    }
}

impl PoolIn {
    fn read(Object(input): &Object<Self>) -> Result<ByPart<Allotment>, Error> {
        let allotment = |Object(input): &Object<AllotmentIn>| Allotment::new(input.total, input.used);
        Ok(ByPart {
            vcpu: allotment(&input.vcpu)?,
            ram: allotment(&input.ram)?,
            disk: allotment(&input.disk)?,
            public_ip: allotment(&input.public_ip)?,
            private_ip: allotment(&input.private_ip)?,
        })
    }
}

impl QuotaOut {
    fn of(quota: &PortalQuota) -> Self {
        Self { private: PoolOut::of(&quota.private), shared: PoolOut::of(&quota.shared) }
    }
}

impl PoolOut {
    fn of(pool: &ByPart<Allotment>) -> Self {
        let of = |part| {
            let allotment = *pool.of(part);
            AllotmentOut { total: allotment.total(), used: allotment.used(), free: allotment.free() }
        };
        Self {
            vcpu: of(QuotaPart::Vcpu),
            ram: of(QuotaPart::Ram),
            disk: of(QuotaPart::Disk),
            public_ip: of(QuotaPart::PublicIp),
            private_ip: of(QuotaPart::PrivateIp),
        }
    }
}
