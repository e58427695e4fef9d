use crate::error::PlacementError;
use crate::placement::{Request, Resource, Rules, stages::ledger::missing};
use std::collections::BTreeMap;

/// How much of a resource a tenant may have, and has.
///
/// # Units
/// The smallest of the resource.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The most that the tenant may have; none is without limit.
    pub limit: Option<u64>,
    /// What the tenant has.
    pub used: u64,
}

/// What a tenant may have. A resource that is not set is not limited.
///
/// # Units
/// The smallest of the resource.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Allowance, Request, Resource, Rules, TenantQuota};
///
/// let quota = TenantQuota::new([(Resource::Cpu, Allowance { limit: Some(10_000), used: 9_000 })])?;
/// let request = Request::new([(Resource::Cpu, 2_000), (Resource::Memory, 1 << 40)])?;
/// let over = quota.excesses(&request, &Rules::strict());
/// assert_eq!((over[0].limit, over[0].used, over[0].missing), (10_000, 9_000, 1_000));
/// assert_eq!(over.len(), 1);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenantQuota {
    allowances: BTreeMap<Resource, Allowance>,
}

impl TenantQuota {
    /// What a tenant may have of each resource. More may be used than is allowed: the limit may have been lowered.
    ///
    /// # Errors
    /// `placement.duplicate_allowance`; `placement.amount_overflow` for an amount beyond 63 bits.
    pub fn new(allowances: impl IntoIterator<Item = (Resource, Allowance)>) -> Result<Self, PlacementError> {
        let mut quota = Self::default();
        for (resource, allowance) in allowances {
            if quota.allowances.contains_key(&resource) {
                return Err(PlacementError::DuplicateAllowance { resource: resource.to_string() });
            }
            if i64::try_from(allowance.used.max(allowance.limit.unwrap_or(0))).is_err() {
                let operation = "the quota";
                return Err(PlacementError::AmountOverflow { resource: resource.to_string(), operation });
            }
            quota.allowances.insert(resource, allowance);
        }
        Ok(quota)
    }

    /// What is left of a resource, below zero where more is used than is allowed; none where nothing limits it.
    pub fn left(&self, resource: &Resource) -> Option<i64> {
        let Allowance { limit, used } = self.allowances.get(resource)?;
        Some(limit.as_ref()?.cast_signed().saturating_sub(used.cast_signed())) // both are of 63 bits
    }

    /// Everything of which the tenant would have more than is allowed, in the order of [`Resource`]. Equal is enough.
    ///
    /// What the rules ignore is not judged here either.
    pub fn excesses(&self, request: &Request, rules: &Rules) -> Vec<QuotaExcess> {
        let judged = request.iter().filter(|(resource, _)| !rules.ignores(resource));
        judged.filter_map(|(resource, asked)| self.excess(resource, asked)).collect()
    }

    fn excess(&self, resource: &Resource, asked: u64) -> Option<QuotaExcess> {
        let missing = missing(asked, self.left(resource)?)?;
        let Allowance { limit, used } = *self.allowances.get(resource)?;
        Some(QuotaExcess { resource: resource.clone(), asked, used, limit: limit?, missing })
    }
}

/// A resource of which a tenant would have more than is allowed.
///
/// # Units
/// The smallest of the resource.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaExcess {
    /// Of what.
    pub resource: Resource,
    /// What is asked for.
    pub asked: u64,
    /// What the tenant has.
    pub used: u64,
    /// The most that the tenant may have.
    pub limit: u64,
    /// How much more would have to be allowed.
    pub missing: u64,
}
