use std::time::Duration;

/// How a store waits, and how many connections it has.
///
/// # Examples
/// ```
/// use counterfoil_store::StoreOptions;
/// use std::time::Duration;
///
/// let options = StoreOptions::default().with_patience(Duration::from_secs(5)).with_writers(16);
/// assert_eq!(options.patience(), Duration::from_secs(5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    pub(crate) patience: Duration,
    pub(crate) tries: u32,
    pub(crate) writers: u32,
    pub(crate) readers: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { patience: Duration::from_secs(60), tries: 50, writers: 8, readers: 4 }
    }
}

impl StoreOptions {
    /// How long a call waits for other calls and other processes before it is `store.busy` or `store.contended`: 60 s.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// Another patience, of at least a second.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience: patience.max(Duration::from_secs(1)), ..self }
    }

    /// How often a call that others overtake tries before it is `store.contended`: 50.
    #[must_use]
    pub fn with_tries(self, tries: u32) -> Self {
        Self { tries: tries.max(1), ..self }
    }

    /// How many calls write at one time: 8. SQLite has one writer, whatever is said here.
    #[must_use]
    pub fn with_writers(self, writers: u32) -> Self {
        Self { writers: writers.max(1), ..self }
    }

    /// How many calls read at one time: 4.
    #[must_use]
    pub fn with_readers(self, readers: u32) -> Self {
        Self { readers: readers.max(1), ..self }
    }
}
