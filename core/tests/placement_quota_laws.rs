//! R-A12: a quota is never used beyond its total nor below nothing, and what is taken can be given back.

#![allow(clippy::unwrap_used, reason = "a test: a fault must stop it")]

use counterfoil::{
    error::PlacementError,
    placement::{Allotment, ByPart, DiskQuota, Pool, PortalQuota, QuotaPart},
};
use proptest::prelude::*;

mod shared;

fn allotment(total: u64, used: u64) -> Allotment {
    Allotment::new(total, used).unwrap()
}

#[test]
fn every_small_amount_of_every_small_quota() {
    let mut tried = 0;
    for total in 0..=6 {
        for used in 0..=8 {
            for amount in 0..=9 {
                for part in QuotaPart::ALL {
                    for pool in [Pool::Private, Pool::Shared] {
                        one(total, used, amount, part, pool);
                        tried += 1;
                    }
                }
            }
        }
    }
    assert_eq!(tried, 7 * 9 * 10 * 5 * 2);
}

fn one(total: u64, used: u64, amount: u64, part: QuotaPart, pool: Pool) {
    let mut quota = PortalQuota::default();
    let mut amounts = ByPart::default();
    match pool {
        Pool::Private => *quota.private.of_mut(part) = allotment(total, used),
        Pool::Shared => *quota.shared.of_mut(part) = allotment(total, used),
    }
    *amounts.of_mut(part) = amount;
    let left = i64::try_from(total).unwrap() - i64::try_from(used).unwrap();
    assert_eq!(quota.free(pool, part), left);

    let deducted = quota.deduct(pool, &amounts);
    if amount == 0 {
        assert_eq!(deducted, Ok(quota));
    } else if used + amount <= total {
        let deducted = deducted.unwrap();
        assert_eq!(*deducted.pool(pool).of(part), allotment(total, used + amount));
        assert_eq!(deducted.release(pool, &amounts), Ok(quota));
    } else {
        let error = PlacementError::QuotaExceeded { pool: pool.name(), part: part.name(), needed: amount, left };
        assert_eq!(deducted, Err(error));
    }

    let released = quota.release(pool, &amounts);
    if amount <= used {
        let released = released.unwrap();
        assert_eq!(*released.pool(pool).of(part), allotment(total, used - amount));
        if used <= total {
            assert_eq!(released.deduct(pool, &amounts), Ok(quota));
        }
    } else {
        let error = PlacementError::QuotaNotUsed { pool: pool.name(), part: part.name(), released: amount, used };
        assert_eq!(released, Err(error));
    }
}

#[test]
fn all_parts_or_none_and_the_first_fault_is_told() {
    let full = allotment(4, 4);
    let quota = PortalQuota {
        private: ByPart { vcpu: allotment(8, 0), ram: full, disk: allotment(8, 0), public_ip: full, private_ip: full },
        shared: ByPart { vcpu: allotment(9, 9), ..ByPart::default() },
    };
    let amounts = ByPart { vcpu: 2, ram: 1, disk: 1, public_ip: 1, private_ip: 0 };
    let error = quota.deduct(Pool::Private, &amounts).unwrap_err();
    assert_eq!(error, PlacementError::QuotaExceeded { pool: "private", part: "ram", needed: 1, left: 0 });
    let error = quota.release(Pool::Private, &amounts).unwrap_err();
    assert_eq!(error, PlacementError::QuotaNotUsed { pool: "private", part: "vcpu", released: 2, used: 0 });

    // What is private is no reserve of what is shared, nor the other way round.
    let error = quota.deduct(Pool::Shared, &ByPart { vcpu: 1, ..ByPart::default() }).unwrap_err();
    assert_eq!(error, PlacementError::QuotaExceeded { pool: "shared", part: "vcpu", needed: 1, left: 0 });
}

#[test]
fn at_the_ends_of_the_numbers() {
    const MOST: u64 = i64::MAX as u64;
    let quota = |used| PortalQuota {
        private: ByPart { disk: allotment(MOST, used), ..ByPart::default() },
        shared: ByPart::default(),
    };
    let disk = |disk| ByPart { disk, ..ByPart::default() };
    assert_eq!(quota(0).deduct(Pool::Private, &disk(MOST)), Ok(quota(MOST)));
    assert_eq!(quota(MOST).release(Pool::Private, &disk(MOST)), Ok(quota(0)));
    assert_eq!(quota(1).deduct(Pool::Private, &disk(u64::MAX)).unwrap_err().code(), "placement.quota_exceeded");
    assert_eq!(quota(1).release(Pool::Private, &disk(u64::MAX)).unwrap_err().code(), "placement.quota_not_used");
    assert_eq!(allotment(0, MOST).free(), -i64::MAX);
    assert_eq!(Allotment::new(MOST + 1, 0).unwrap_err().code(), "placement.amount_overflow");
    assert_eq!(Allotment::new(0, MOST + 1).unwrap_err().code(), "placement.amount_overflow");
}

#[test]
fn the_worked_example() {
    let Some(examples) = shared::examples("worked_examples.json", "op", &["quota_free"], 1) else { return };
    for example in examples {
        let of = |key: &str| example["inputs"][key].as_u64().unwrap();
        let quota = DiskQuota::from(allotment(of("total"), of("used")));
        assert_eq!(Some(quota.free), example["expected"]["free"].as_i64());
        assert_eq!((quota.total, quota.used), (of("total"), of("used")));
    }
}

fn any_pool() -> impl Strategy<Value = ByPart<Allotment>> {
    let any = || (0_u64..1000, 0_u64..1000).prop_map(|(total, used)| allotment(total, used));
    (any(), any(), any(), any(), any()).prop_map(|(vcpu, ram, disk, public_ip, private_ip)| ByPart {
        vcpu,
        ram,
        disk,
        public_ip,
        private_ip,
    })
}

fn any_amounts() -> impl Strategy<Value = ByPart<u64>> {
    let any = || prop_oneof![Just(0_u64), 0_u64..300];
    (any(), any(), any(), any(), any()).prop_map(|(vcpu, ram, disk, public_ip, private_ip)| ByPart {
        vcpu,
        ram,
        disk,
        public_ip,
        private_ip,
    })
}

proptest! {
    #[test]
    fn a_long_life_keeps_within_bounds_and_every_unit_once(
        private in any_pool(),
        shared in any_pool(),
        steps in prop::collection::vec((any::<bool>(), any::<bool>(), any_amounts()), 0..40),
    ) {
        let start = PortalQuota { private, shared };
        let mut quota = start;
        let mut net = [[0_i64; 5]; 2];
        for (is_private, is_use, amounts) in steps {
            let pool = if is_private { Pool::Private } else { Pool::Shared };
            let after = if is_use { quota.deduct(pool, &amounts) } else { quota.release(pool, &amounts) };
            let signed = |part| i64::try_from(*amounts.of(part)).unwrap() * if is_use { 1 } else { -1 };
            let fits = |part| {
                let (asked, allotment) = (*amounts.of(part), quota.pool(pool).of(part));
                asked == 0
                    || if is_use { allotment.used() + asked <= allotment.total() } else { asked <= allotment.used() }
            };
            let all_fit = QuotaPart::ALL.iter().all(|part| fits(*part));
            prop_assert_eq!(after.is_ok(), all_fit);
            if let Ok(after) = after {
                quota = after;
                let sums = &mut net[usize::from(is_private)];
                for (sum, part) in sums.iter_mut().zip(QuotaPart::ALL) {
                    *sum += signed(part);
                }
            }
        }
        for (sums, pool) in net.iter().zip([Pool::Shared, Pool::Private]) {
            for (sum, part) in sums.iter().zip(QuotaPart::ALL) {
                let (before, after) = (start.pool(pool).of(part), quota.pool(pool).of(part));
                prop_assert_eq!(after.total(), before.total());
                prop_assert_eq!(i128::from(after.used()), i128::from(before.used()) + i128::from(*sum));
                prop_assert!(after.used() <= after.total().max(before.used()));
            }
        }
    }
}
