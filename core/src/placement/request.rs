use super::Resource;
use crate::error::PlacementError;
use std::collections::BTreeMap;

/// A whole card, in milli-cards.
pub(super) const CARD: u64 = 1000;

/// What a product asks of one node: an amount of each resource, none of them zero.
///
/// One resource named twice is summed; a zero amount asks for nothing (R-A4). Cards are asked for whole, or as a share
/// of one card: 460 milli-cards are to be free on **one** card, 2000 are two whole cards, and 1500 are
/// `placement.share_beyond_one_card`.
///
/// # Units
/// The smallest of the resource: milli-core, byte, milli-card, one.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Request, Resource};
///
/// let request = Request::new([(Resource::Cpu, 1500), (Resource::Cpu, 500), (Resource::Memory, 0)])?;
/// assert_eq!(request.amount(&Resource::Cpu), 2000);
/// assert_eq!(request.iter().count(), 1);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A4
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Request {
    amounts: BTreeMap<Resource, u64>,
}

impl Request {
    /// The sum of parts.
    ///
    /// # Errors
    /// `placement.amount_overflow` where a sum is beyond 63 bits; `placement.share_beyond_one_card`.
    pub fn new(parts: impl IntoIterator<Item = (Resource, u64)>) -> Result<Self, PlacementError> {
        let mut amounts = BTreeMap::new();
        for (resource, amount) in parts {
            add(&mut amounts, resource, amount)?;
        }
        Self::checked(amounts)
    }

    /// How much of a resource; zero where it is not asked for.
    pub fn amount(&self, resource: &Resource) -> u64 {
        self.amounts.get(resource).copied().unwrap_or(0)
    }

    /// Each resource that is asked for, in order, and how much of it.
    pub fn iter(&self) -> impl Iterator<Item = (&Resource, u64)> {
        self.amounts.iter().map(|(resource, amount)| (resource, *amount))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.amounts.is_empty()
    }

    /// Both at once.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn plus(&self, other: &Self) -> Result<Self, PlacementError> {
        Self::new(self.iter().chain(other.iter()).map(|(resource, amount)| (resource.clone(), amount)))
    }

    fn checked(mut amounts: BTreeMap<Resource, u64>) -> Result<Self, PlacementError> {
        amounts.retain(|_, amount| *amount > 0);
        for (resource, &amount) in &amounts {
            if let Resource::Gpu(model) = resource
                && amount > CARD
                && !amount.is_multiple_of(CARD)
            {
                return Err(PlacementError::ShareBeyondOneCard { model: model.to_string(), milli: amount });
            }
        }
        Ok(Self { amounts })
    }
}

/// What a pod asks for, container by container, as Kubernetes counts it.
///
/// Containers run together, so their amounts add up. Init containers run one after another before them, so the largest
/// counts, beside the sidecars (init containers that keep running) that were started before it. What the pod itself
/// costs is added in the end.
///
/// # Rule
/// R-A4, and Kubernetes' own: the larger of the two sums, and the overhead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PodRequest {
    /// The containers that run together.
    pub containers: Vec<Vec<(Resource, u64)>>,
    /// The containers that run before them, in order; `true` marks a sidecar, which keeps running.
    pub init: Vec<(Vec<(Resource, u64)>, bool)>,
    /// What the pod itself costs.
    pub overhead: Vec<(Resource, u64)>,
}

impl PodRequest {
    /// What the node must have free.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn effective(self) -> Result<Request, PlacementError> {
        let mut running = summed(self.containers.into_iter().flatten())?;
        let mut sidecars = BTreeMap::new();
        let mut starting: BTreeMap<Resource, u64> = BTreeMap::new();
        for (amounts, is_sidecar) in self.init {
            let mut moment = sidecars.clone();
            for (resource, amount) in summed(amounts)? {
                if is_sidecar {
                    add(&mut sidecars, resource.clone(), amount)?;
                    add(&mut running, resource.clone(), amount)?;
                }
                add(&mut moment, resource, amount)?;
            }
            for (resource, amount) in moment {
                let largest = starting.entry(resource).or_default();
                *largest = amount.max(*largest);
            }
        }
        for (resource, amount) in starting {
            let effective = running.entry(resource).or_default();
            *effective = amount.max(*effective);
        }
        for (resource, amount) in self.overhead {
            add(&mut running, resource, amount)?;
        }
        Request::checked(running)
    }
}

fn summed(parts: impl IntoIterator<Item = (Resource, u64)>) -> Result<BTreeMap<Resource, u64>, PlacementError> {
    let mut amounts = BTreeMap::new();
    for (resource, amount) in parts {
        add(&mut amounts, resource, amount)?;
    }
    Ok(amounts)
}

fn add(amounts: &mut BTreeMap<Resource, u64>, resource: Resource, amount: u64) -> Result<(), PlacementError> {
    let sum = amounts.get(&resource).copied().unwrap_or(0).checked_add(amount);
    match sum.filter(|sum| i64::try_from(*sum).is_ok()) {
        Some(sum) => {
            amounts.insert(resource, sum);
            Ok(())
        }
        None => {
            Err(PlacementError::AmountOverflow { resource: resource.to_string(), operation: "the sum of requests" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(milli: u64) -> Vec<(Resource, u64)> {
        vec![(Resource::Cpu, milli)]
    }

    #[test]
    fn cards_are_asked_for_whole_or_as_a_share_of_one() {
        let gpu = |milli| Request::new([("gpu[T4]".parse().unwrap(), milli)]);
        for milli in [0, 1, 999, 1000, 2000, 8000] {
            assert!(gpu(milli).is_ok(), "{milli}");
        }
        for milli in [1001, 1500, 2001] {
            assert_eq!(gpu(milli).unwrap_err().code(), "placement.share_beyond_one_card");
        }
        let halves = [("gpu[T4]".parse().unwrap(), 500), ("gpu[T4]".parse().unwrap(), 500)];
        assert_eq!(Request::new(halves).unwrap().amount(&"gpu[T4]".parse().unwrap()), 1000, "two halves are a card");
    }

    #[test]
    fn a_sum_beyond_63_bits_is_an_error() {
        let most = i64::MAX.unsigned_abs();
        assert!(Request::new(cpu(most)).is_ok());
        assert_eq!(Request::new(cpu(most + 1)).unwrap_err().code(), "placement.amount_overflow");
        let one_more = cpu(most).into_iter().chain(cpu(1));
        assert_eq!(Request::new(one_more).unwrap_err().code(), "placement.amount_overflow");
    }

    #[test]
    fn a_pod_asks_for_the_larger_of_starting_and_running() {
        let pod = |containers: &[u64], init: &[(u64, bool)], overhead: u64| {
            let request = PodRequest {
                containers: containers.iter().map(|milli| cpu(*milli)).collect(),
                init: init.iter().map(|(milli, is_sidecar)| (cpu(*milli), *is_sidecar)).collect(),
                overhead: cpu(overhead),
            };
            request.effective().unwrap().amount(&Resource::Cpu)
        };
        assert_eq!(pod(&[1, 2], &[], 0), 3, "they run together");
        assert_eq!(pod(&[1], &[(3, false), (2, false)], 0), 3, "one after another");
        assert_eq!(pod(&[5], &[(3, false)], 0), 5);
        assert_eq!(pod(&[1], &[(3, false)], 2), 5, "and the overhead");
        assert_eq!(pod(&[1], &[(1, true)], 0), 2, "a sidecar keeps running");
        assert_eq!(pod(&[1], &[(1, true), (3, false)], 0), 4, "and runs while the next one starts");
        assert_eq!(pod(&[1], &[(3, false), (1, true)], 0), 3, "but not while one before it does");
    }
}
