//! Work, counted.

/// How much work an answer may cost, in steps: the same number gives the same answer on every machine.
///
/// A step is about one look at one node, one number of a proof, or one branch of a search. A budget belongs to one call: what the
/// reading of the nodes and the first groups spend is not there for the later ones.
///
/// # Examples
/// ```
/// use counterfoil::placement::WorkBudget;
///
/// assert_eq!(WorkBudget::DEFAULT.steps(), 20_000_000);
/// assert_eq!(WorkBudget::of(1_000).steps(), 1_000);
/// ```
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkBudget(u64);

impl WorkBudget {
    /// Twenty million steps: some tenths of a second, and at most some hundred megabytes.
    pub const DEFAULT: Self = Self(20_000_000);

    /// So many steps.
    pub const fn of(steps: u64) -> Self {
        Self(steps)
    }

    /// How many steps.
    pub const fn steps(self) -> u64 {
        self.0
    }
}

/// The budget is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent;

/// What is left of a budget.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    left: u64,
    spent: u64,
}

impl Steps {
    pub(super) const fn of(budget: WorkBudget) -> Self {
        Self { left: budget.0, spent: 0 }
    }

    pub(super) const fn spent(&self) -> u64 {
        self.spent
    }

    pub(super) const fn left(&self) -> u64 {
        self.left
    }

    /// Takes steps before they are made. What is refused is not taken, so that something cheaper may still be done.
    pub(super) fn take(&mut self, steps: u64) -> Result<(), Spent> {
        self.left = self.left.checked_sub(steps).ok_or(Spent)?;
        self.spent = self.spent.saturating_add(steps);
        Ok(())
    }

    /// The same for a table of so many rows and columns.
    pub(super) fn take_table(&mut self, rows: usize, columns: usize) -> Result<(), Spent> {
        self.take(u64::try_from(rows.saturating_mul(columns)).unwrap_or(u64::MAX))
    }

    /// Runs with a part of what is left (`1/of`), and books what it spent.
    pub(super) fn part<T>(&mut self, of: u64, run: impl FnOnce(&mut Self) -> T) -> T {
        let mut part = Self { left: self.left.checked_div(of).unwrap_or(0), spent: 0 };
        let answer = run(&mut part);
        self.left = self.left.saturating_sub(part.spent);
        self.spent = self.spent.saturating_add(part.spent);
        answer
    }
}
