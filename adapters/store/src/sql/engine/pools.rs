//! The connections to a database: so many for those that write, so many for those that read.

use super::connection::{Session, Speaks};
use crate::StoreError;
use sqlx::{Pool, pool::PoolConnection};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long the pool of a server tries to connect before it is asked again. Between two tries it waits for a fifth of it
/// at most, so a server that is back is found within a second.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) const CONNECT: Duration = Duration::from_secs(5);

/// The connections to a database.
#[derive(Debug)]
pub(in crate::sql) struct Pools<D: Speaks> {
    // Dropped before those that write: the last of a SQLite file puts it in order, which one that reads can not.
    pub(super) readers: Places<D>,
    pub(super) writers: Places<D>,
}

/// So many connections, and who has them.
#[derive(Debug)]
pub(super) struct Places<D: Speaks> {
    pool: Pool<D>,
    /// The words that begin a transaction.
    begin: &'static str,
    /// Who waits for one that others have waits here, in the order in which they came. To the pool that is one wait with
    /// that for a server, which is not to be left alone for so long.
    free: Arc<Semaphore>,
    patience: Duration,
}

impl<D: Speaks> Pools<D> {
    pub(super) async fn write(&self) -> Result<Session<D>, StoreError> {
        self.writers.transaction().await
    }

    pub(super) async fn read(&self) -> Result<Session<D>, StoreError> {
        self.readers.connection().await
    }

    pub(super) async fn snapshot(&self) -> Result<Session<D>, StoreError> {
        self.readers.transaction().await
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl<D: Speaks> Places<D> {
    pub(super) fn new(pool: Pool<D>, begin: &'static str, patience: Duration) -> Self {
        let count = usize::try_from(pool.options().get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        Self { pool, begin, free: Arc::new(Semaphore::new(count)), patience }
    }

    /// The same connections, whose transactions begin otherwise.
    pub(super) fn beginning(&self, begin: &'static str) -> Self {
        Self { begin, ..self.clone() }
    }

    pub(super) async fn connection(&self) -> Result<Session<D>, StoreError> {
        let (connection, place) = self.take().await?;
        Ok(Session::new(connection, place, self.patience))
    }

    async fn transaction(&self) -> Result<Session<D>, StoreError> {
        let mut session = self.connection().await?;
        session.begin(self.begin).await?;
        Ok(session)
    }

    /// Waits for a place, and then for the server: for as long as the patience lasts, and [`CONNECT`] longer at most.
    async fn take(&self) -> Result<(PoolConnection<D>, OwnedSemaphorePermit), StoreError> {
        let began = Instant::now();
        let place = timeout(self.patience, self.free.clone().acquire_owned()).await;
        let place = place.map_err(|_| StoreError::Busy)?.map_err(|_| sqlx::Error::PoolClosed)?;
        loop {
            match self.pool.acquire().await {
                Ok(connected) => return Ok((connected, place)),
                // There is a place: it is the server that does not answer.
                Err(error @ sqlx::Error::PoolTimedOut) => {
                    if began.elapsed() >= self.patience {
                        return Err(StoreError::Unreachable(error));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn close(&self) {
        self.free.close();
        self.pool.close().await;
    }
}

impl<D: Speaks> Clone for Pools<D> {
    fn clone(&self) -> Self {
        Self { writers: self.writers.clone(), readers: self.readers.clone() }
    }
}

impl<D: Speaks> Clone for Places<D> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), free: self.free.clone(), ..*self }
    }
}
