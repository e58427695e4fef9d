use crate::error::PlacementError;
use crate::placement::words::words;

/// What the quota of a portal counts.
///
/// # Rule
/// R-A12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotaPart {
    /// Cores of servers.
    Vcpu,
    /// Main memory.
    Ram,
    /// Disks.
    Disk,
    /// Public addresses.
    PublicIp,
    /// Private addresses.
    PrivateIp,
}

words!(QuotaPart, "part of a quota", "vcpu" => Vcpu, "ram" => Ram, "disk" => Disk, "public_ip" => PublicIp, "private_ip" => PrivateIp);

impl QuotaPart {
    /// All of them, in the order in which they are checked.
    pub const ALL: [Self; 5] = [Self::Vcpu, Self::Ram, Self::Disk, Self::PublicIp, Self::PrivateIp];
}

/// Whose a quota is.
///
/// # Rule
/// R-A12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pool {
    /// One group's alone.
    Private,
    /// Everybody's.
    Shared,
}

words!(Pool, "pool of a quota", "private" => Private, "shared" => Shared);

/// A total, and how much of it is used.
///
/// # Units
/// Those of the portal: cores, its unit of memory and of disks, addresses.
///
/// # Examples
/// ```
/// use counterfoil::placement::Allotment;
///
/// assert_eq!(Allotment::new(100, 37)?.free(), 63);
/// assert_eq!(Allotment::new(30, 37)?.free(), -7);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A12
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allotment {
    total: u64,
    used: u64,
}

impl Allotment {
    /// A total and what is used of it, which may be more: the total may have been lowered.
    ///
    /// # Errors
    /// `placement.amount_overflow` beyond 63 bits.
    pub fn new(total: u64, used: u64) -> Result<Self, PlacementError> {
        match i64::try_from(total.max(used)) {
            Ok(_) => Ok(Self { total, used }),
            Err(_) => {
                Err(PlacementError::AmountOverflow { resource: "an allotment".into(), operation: "the total or use" })
            }
        }
    }

    /// What there is.
    pub const fn total(self) -> u64 {
        self.total
    }

    /// What is used of it.
    pub const fn used(self) -> u64 {
        self.used
    }

    /// What is left, below zero where more is used than there is.
    pub const fn free(self) -> i64 {
        self.total.cast_signed().saturating_sub(self.used.cast_signed()) // both are of 63 bits
    }
}

/// Something for each part of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByPart<T> {
    /// Cores of servers.
    pub vcpu: T,
    /// Main memory.
    pub ram: T,
    /// Disks.
    pub disk: T,
    /// Public addresses.
    pub public_ip: T,
    /// Private addresses.
    pub private_ip: T,
}

impl<T> ByPart<T> {
    /// That of a part.
    pub const fn of(&self, part: QuotaPart) -> &T {
        match part {
            QuotaPart::Vcpu => &self.vcpu,
            QuotaPart::Ram => &self.ram,
            QuotaPart::Disk => &self.disk,
            QuotaPart::PublicIp => &self.public_ip,
            QuotaPart::PrivateIp => &self.private_ip,
        }
    }

    /// That of a part, to be changed.
    pub const fn of_mut(&mut self, part: QuotaPart) -> &mut T {
        match part {
            QuotaPart::Vcpu => &mut self.vcpu,
            QuotaPart::Ram => &mut self.ram,
            QuotaPart::Disk => &mut self.disk,
            QuotaPart::PublicIp => &mut self.public_ip,
            QuotaPart::PrivateIp => &mut self.private_ip,
        }
    }
}

/// The quota of a portal: what is private and what is shared, each with its own totals.
///
/// A use is of one pool: nothing that the private pool lacks is taken from the shared one.
///
/// # Units
/// Those of the portal.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Allotment, ByPart, Pool, PortalQuota, QuotaPart};
///
/// let quota = PortalQuota {
///     private: ByPart { vcpu: Allotment::new(100, 37)?, ..ByPart::default() },
///     shared: ByPart { vcpu: Allotment::new(8, 0)?, ..ByPart::default() },
/// };
/// let after = quota.deduct(Pool::Private, &ByPart { vcpu: 60, ..ByPart::default() })?;
/// assert_eq!(after.free(Pool::Private, QuotaPart::Vcpu), 3);
/// assert_eq!(after.release(Pool::Private, &ByPart { vcpu: 60, ..ByPart::default() })?, quota);
///
/// let error = after.deduct(Pool::Private, &ByPart { vcpu: 4, ..ByPart::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "4 `vcpu` is needed of the private quota, of which 3 is left: free some, or raise the total");
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A12
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PortalQuota {
    /// One group's alone.
    pub private: ByPart<Allotment>,
    /// Everybody's.
    pub shared: ByPart<Allotment>,
}

impl PortalQuota {
    /// The allotments of a pool.
    pub const fn pool(&self, pool: Pool) -> &ByPart<Allotment> {
        match pool {
            Pool::Private => &self.private,
            Pool::Shared => &self.shared,
        }
    }

    /// What is left of a part in a pool, below zero where more is used than there is.
    pub const fn free(&self, pool: Pool, part: QuotaPart) -> i64 {
        self.pool(pool).of(part).free()
    }

    /// The quota after so much more of a pool is used: all parts, or none of them. A zero amount asks for nothing, of a
    /// part that is over-used too.
    ///
    /// # Errors
    /// `placement.quota_exceeded` for the first part of which more is needed than is left.
    pub fn deduct(&self, pool: Pool, amounts: &ByPart<u64>) -> Result<Self, PlacementError> {
        self.changed(pool, amounts, |part, allotment, needed| {
            let exceeded = || PlacementError::QuotaExceeded {
                pool: pool.name(),
                part: part.name(),
                needed,
                left: allotment.free(),
            };
            let used = allotment.used.checked_add(needed).filter(|used| *used <= allotment.total);
            used.ok_or_else(exceeded)
        })
    }

    /// The quota after so much of a pool is given back: all parts, or none of them.
    ///
    /// # Errors
    /// `placement.quota_not_used` for the first part of which more is given back than is used.
    pub fn release(&self, pool: Pool, amounts: &ByPart<u64>) -> Result<Self, PlacementError> {
        self.changed(pool, amounts, |part, allotment, released| {
            let not_used = || PlacementError::QuotaNotUsed {
                pool: pool.name(),
                part: part.name(),
                released,
                used: allotment.used,
            };
            allotment.used.checked_sub(released).ok_or_else(not_used)
        })
    }

    fn changed(
        &self,
        pool: Pool,
        amounts: &ByPart<u64>,
        used: impl Fn(QuotaPart, Allotment, u64) -> Result<u64, PlacementError>,
    ) -> Result<Self, PlacementError> {
        let mut after = *self;
        let allotments = match pool {
            Pool::Private => &mut after.private,
            Pool::Shared => &mut after.shared,
        };
        for part in QuotaPart::ALL {
            let amount = *amounts.of(part);
            if amount > 0 {
                let allotment = allotments.of_mut(part);
                allotment.used = used(part, *allotment, amount)?;
            }
        }
        Ok(after)
    }
}
