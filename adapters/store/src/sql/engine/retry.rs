//! Trying again: a transaction that another one overtook has changed nothing, and is done once more.

use crate::StoreError;
use std::time::{Duration, Instant};

/// How long the second try waits at most; each further one twice as long.
const FIRST: Duration = Duration::from_millis(2);

/// How long a try waits at most.
const LONGEST: Duration = Duration::from_millis(250);

/// How often, and how long, a call tries.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct Retry {
    /// Calls that are overtaken so often give up.
    pub(in crate::sql) tries: u32,
    /// And those that tried for so long.
    pub(in crate::sql) patience: Duration,
}

impl Retry {
    /// Does some work until no other transaction overtakes it.
    ///
    /// # Errors
    /// What the work fails with; `store.contended` where it is overtaken again and again.
    pub(in crate::sql) async fn run<T, F>(self, work: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let began = Instant::now();
        let mut tries = 0_u32;
        loop {
            tries = tries.saturating_add(1);
            match work().await {
                Err(StoreError::Contended { fault, .. }) => {
                    if tries >= self.tries || began.elapsed() >= self.patience {
                        return Err(StoreError::Contended { tries, fault });
                    }
                    tokio::time::sleep(pause(tries)).await;
                }
                done => return done,
            }
        }
    }
}

/// Any time up to a bound that doubles: those that met once do not meet again.
fn pause(tries: u32) -> Duration {
    let bound = FIRST.saturating_mul(1_u32.checked_shl(tries.min(16)).unwrap_or(u32::MAX)).min(LONGEST);
    Duration::from_micros(fastrand::u64(0..=u64::try_from(bound.as_micros()).unwrap_or(0)))
}
