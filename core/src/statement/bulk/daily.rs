use super::ChargedColumns;
use crate::{
    bulk::check_scale,
    error::{BulkError, MoneyError, RowFault, StatementError},
    exact::decimal::{self, Sum},
    metering::Kind,
    money::Currency,
    statement::{
        StatementKey, StatementStatus,
        groups::{GroupKey, Grouper, KeyNumbers},
        totals::Totals,
    },
    time::BillingDay,
    units::Name,
    wallet::Owner,
};
use rust_decimal::Decimal;

/// What holds for all batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyTerms {
    /// The days that are stated, in the order in which their statements are written. A day that stands
    /// twice is one day.
    pub days: Vec<BillingDay>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How many digits after the point amounts have; at most 28.
    pub scale: u32,
    /// How many resources are numbered, from 0: those beyond are unknown. It bounds what is kept of them,
    /// one bit for each resource of each day. 0 where batches do not number resources.
    pub resources: usize,
}

/// Statements that are being made: batches go in, and sums of each group are kept.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, bulk::Ids};
/// use counterfoil::money::{CNY, bulk::Amounts};
/// use counterfoil::statement::StatementStatus;
/// use counterfoil::statement::bulk::{ChargedColumns, DailySums, DailyTerms, LineLists, Placed, StatementColumns};
/// use counterfoil::time::{BillingDay, Zone, parse_date};
/// use counterfoil::wallet::Owner;
///
/// let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
/// let terms = DailyTerms { days: vec![day], currency: CNY, scale: 2, resources: 4 };
/// let (owners, units) = ([Owner::User("bob".into()), Owner::User("ada".into())], ["vm".parse()?]);
/// let batch = ChargedColumns {
///     owners: &owners, units: &units, kinds: &[Kind::Server],
///     day: Ids::All(0), owner: Ids::Each(&[1, 0, 1, 1]), unit: Ids::All(0), kind: Ids::All(0),
///     resource: Some(&[0, 1, 2, 0]), windows: None, state: None,
///     original: Amounts::Narrow(&[300, 300, 300, 300]), payable: Amounts::Narrow(&[110, 0, 205, 110]),
/// };
/// let mut sums = DailySums::new(terms)?;
/// let mut placed = Placed::default();
/// sums.add(&batch, &mut placed)?;
/// assert_eq!((placed.faults[0].row, placed.faults[0].code), (3, "statement.repeated_reading"));
///
/// let mut statements = StatementColumns::default();
/// sums.statements(&mut statements)?;
/// assert_eq!(sums.key(statements.group[0]).expect("a group").to_string(), "2024-02-20/UTC/user/ada/vm/server/0");
/// assert_eq!((&statements.payable[..], &statements.lines[..]), (&[315, 0][..], &[2, 1][..]));
/// assert_eq!(statements.status, [StatementStatus::Unpaid, StatementStatus::Paid]);
///
/// let mut lines = LineLists::default();
/// lines.fill(&statements, &placed);
/// assert_eq!((&lines.offsets[..], &lines.rows[..]), (&[0, 2, 3][..], &[0, 2, 1][..]));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S1
#[derive(Debug, Clone)]
pub struct DailySums {
    terms: DailyTerms,
    /// For each day, the place of the first one that is the same.
    same_day: Vec<usize>,
    grouper: Grouper,
    /// One for each group.
    sums: Vec<GroupSums>,
    /// The readings that came, one bit for each resource, for each day.
    seen: Vec<Vec<u64>>,
    /// What all lines came to, which the sums of groups are compared with.
    all: Whole,
    /// The numbers of the names of the batch; here for its memory.
    names: BatchNames,
}

/// A row that is in no group.
pub const NO_GROUP: usize = usize::MAX;

/// Where the rows of one batch went; filled again for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// The group of each row, a number that stays what it is from batch to batch; [`NO_GROUP`] for a row
    /// that is not stated: it has a fault, or was not rated.
    pub group: Vec<usize>,
    /// The rows that have a fault, in order.
    pub faults: Vec<RowFault>,
}

/// Statements as columns, in the order of [`daily`](crate::statement::daily), day after day.
///
/// # Units
/// Amounts are `number × 10^−scale` of the terms' currency.
///
/// # Rule
/// R-S1
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementColumns {
    /// The group that each is of, as [`DailySums::key`] takes it and [`Placed`] gives it.
    pub group: Vec<usize>,
    /// The day of each, by its place in the terms.
    pub day: Vec<usize>,
    /// Who pays, by the place in [`DailySums::owners`].
    pub owner: Vec<usize>,
    /// The service unit, by the place in [`DailySums::units`].
    pub unit: Vec<usize>,
    /// The kind of resource, by the place in [`DailySums::kinds`].
    pub kind: Vec<usize>,
    /// How many lines each has.
    pub lines: Vec<u64>,
    /// The sum of the original amounts, exactly.
    pub original: Vec<i128>,
    /// The sum of the payable amounts, exactly.
    pub payable: Vec<i128>,
    /// Whether each is paid: one with nothing to pay is.
    pub status: Vec<StatementStatus>,
    /// The statements whose sum is no amount any more: `money.overflow` for more than 28 digits; by their
    /// place among the statements. All of their lines have a part in it.
    pub faults: Vec<RowFault>,
}

#[derive(Debug, Clone, Copy)]
struct GroupSums {
    totals: Totals,
    lines: u64,
}

/// Sums modulo 2^128, and how many lines: what is lost or counted twice changes them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Whole {
    original: i128,
    payable: i128,
    lines: u64,
}

#[derive(Debug, Clone, Default)]
struct BatchNames {
    owners: Vec<usize>,
    units: Vec<usize>,
    kinds: Vec<usize>,
}

impl DailySums {
    /// Nothing stated yet.
    ///
    /// # Errors
    /// `bulk.bad_scale`.
    pub fn new(terms: DailyTerms) -> Result<Self, BulkError> {
        check_scale("original", terms.scale)?;
        let first = |day: &BillingDay| terms.days.iter().position(|known| known == day).unwrap_or_default();
        let same_day = terms.days.iter().map(first).collect();
        let seen = vec![vec![]; terms.days.len()];
        let (grouper, all, names) = (Grouper::default(), Whole::default(), BatchNames::default());
        Ok(Self { terms, same_day, grouper, sums: vec![], seen, all, names })
    }

    /// What holds for all batches.
    pub const fn terms(&self) -> &DailyTerms {
        &self.terms
    }

    /// Adds a batch, each row to its statement.
    ///
    /// A row with a fault is left out of its statement and costs none of the others. Of two rows with one
    /// day and resource the first stands, in this batch or one before, and the later one is reported;
    /// a row with another fault is no reading and does not stand in the way of one. A sum that leaves 28
    /// digits is no fault of any row: [`statements`](Self::statements) reports the statement.
    ///
    /// # Errors
    /// `bulk.column_length`, and then nothing is added. What is wrong with a row is among the faults: as
    /// [`ChargedColumns::reading`] says; `statement.repeated_reading`; `money.overflow` where a sum would
    /// leave 128 bits, which takes more than 2³¹ of the largest amounts.
    ///
    /// # Rule
    /// R-S1
    pub fn add(&mut self, batch: &ChargedColumns<'_>, into: &mut Placed) -> Result<(), BulkError> {
        batch.check()?;
        self.names.number(batch, &mut self.grouper);
        into.faults.clear();
        into.group.clear();
        into.group.reserve(batch.rows());
        for row in 0..batch.rows() {
            into.group.push(match self.place(batch, row) {
                Ok(group) => group.unwrap_or(NO_GROUP),
                Err(code) => {
                    into.faults.push(RowFault { row, code });
                    NO_GROUP
                }
            });
        }
        Ok(())
    }

    /// Adds a row to its group; none if it was not rated.
    #[inline]
    fn place(&mut self, batch: &ChargedColumns<'_>, row: usize) -> Result<Option<usize>, &'static str> {
        if !batch.is_rated(row) {
            return Ok(None);
        }
        let charged = batch.charged(&self.terms, row, |window| format!("row {row}@{window}"));
        let charged = charged.map_err(|error| error.code())?;
        let day = self.same_day.get(charged.day).copied().unwrap_or(charged.day);
        let resource = batch.resource.and_then(|resource| resource.get(row)).copied();
        let reading = resource.map(Bit::of);
        if reading.is_some_and(|reading| reading.is_in(self.seen.get(day))) {
            return Err(repeated(row));
        }
        let number = |numbers: &[usize], place: usize| numbers.get(place).copied().unwrap_or(place);
        let group = self.grouper.group(KeyNumbers {
            day,
            owner: number(&self.names.owners, charged.owner),
            unit: number(&self.names.units, charged.unit),
            kind: number(&self.names.kinds, charged.kind),
        });
        let nothing = GroupSums { totals: Totals::nothing(self.terms.scale), lines: 0 };
        if group >= self.sums.len() {
            self.sums.resize(group.saturating_add(1), nothing);
        }
        if let Some(sums) = self.sums.get_mut(group) {
            sums.totals.add(charged.original.into(), charged.payable.into()).map_err(|error| error.code())?;
            sums.lines = sums.lines.wrapping_add(1);
            self.all.add(charged.original.mantissa(), charged.payable.mantissa(), 1);
        }
        if let (Some(reading), Some(seen)) = (reading, self.seen.get_mut(day)) {
            reading.put_in(seen);
        }
        Ok(Some(group))
    }

    /// What all batches so far come to: the statements of the days, in order.
    ///
    /// # Errors
    /// `money.not_conserved` where the statements do not add up to the rows, which would be a fault of the
    /// library.
    ///
    /// # Rule
    /// R-S1
    pub fn statements(&self, into: &mut StatementColumns) -> Result<(), StatementError> {
        into.clear();
        let mut parts = Whole::default();
        for group in self.grouper.in_order() {
            let (Some(key), Some(sums)) = (self.grouper.numbers(group), self.sums.get(group)) else { continue };
            let scale = self.terms.scale;
            let number = |sum: Sum| sum.mantissa_at(scale).unwrap_or_default();
            let (original, payable) = (number(sums.totals.original), number(sums.totals.payable));
            parts.add(original, payable, sums.lines);
            if sums.lines == 0 {
                continue; // its only row had a fault
            }
            let status = match sums.totals.settle() {
                Ok(settled) => settled.status,
                Err(error) => {
                    into.faults.push(RowFault { row: into.group.len(), code: error.code() });
                    StatementStatus::Unpaid
                }
            };
            into.group.push(group);
            into.day.push(key.day);
            into.owner.push(key.owner);
            into.unit.push(key.unit);
            into.kind.push(key.kind);
            into.lines.push(sums.lines);
            into.original.push(original);
            into.payable.push(payable);
            into.status.push(status);
        }
        self.all.conserved(&parts, self.terms.scale)
    }

    /// What identifies the statement of a group; none where there is no such group.
    pub fn key(&self, group: usize) -> Option<StatementKey> {
        let GroupKey { day, owner, unit, kind } = self.grouper.key(group)?;
        let day = *self.terms.days.get(day)?;
        Some(StatementKey { day, owner: owner.clone(), unit: unit.clone(), kind: kind.clone(), sequence: 0 })
    }

    /// The owners of all batches, each once, in the order in which they came.
    pub fn owners(&self) -> &[Owner] {
        self.grouper.owners.names()
    }

    /// The service units of all batches, each once, in the order in which they came.
    pub fn units(&self) -> &[Name] {
        self.grouper.units.names()
    }

    /// The kinds of all batches, each once, in the order in which they came.
    pub fn kinds(&self) -> &[Kind] {
        self.grouper.kinds.names()
    }
}

#[cold]
fn repeated(row: usize) -> &'static str {
    StatementError::RepeatedReading { reading: format!("row {row}") }.code()
}

impl Whole {
    #[inline]
    const fn add(&mut self, original: i128, payable: i128, lines: u64) {
        self.original = self.original.wrapping_add(original);
        self.payable = self.payable.wrapping_add(payable);
        self.lines = self.lines.wrapping_add(lines);
    }

    fn conserved(&self, parts: &Self, scale: u32) -> Result<(), StatementError> {
        if self == parts {
            return Ok(());
        }
        let decimal = |number| decimal::from_parts(number, scale).unwrap_or(Decimal::MAX);
        Err(MoneyError::NotConserved { whole: decimal(self.payable), parts: decimal(parts.payable) }.into())
    }
}

impl BatchNames {
    /// Numbers the names of a batch.
    fn number(&mut self, batch: &ChargedColumns<'_>, grouper: &mut Grouper) {
        let Self { owners, units, kinds } = self;
        owners.clear();
        owners.extend(batch.owners.iter().map(|owner| grouper.owners.number(owner)));
        units.clear();
        units.extend(batch.units.iter().map(|unit| grouper.units.number(unit)));
        kinds.clear();
        kinds.extend(batch.kinds.iter().map(|kind| grouper.kinds.number(kind)));
    }
}

/// The bit of a resource.
#[derive(Debug, Clone, Copy)]
struct Bit {
    word: usize,
    mask: u64,
}

impl Bit {
    #[inline]
    fn of(resource: u32) -> Self {
        let word = usize::try_from(resource.wrapping_shr(6)).unwrap_or(usize::MAX);
        Self { word, mask: 1_u64.wrapping_shl(resource & 63) }
    }

    #[inline]
    fn is_in(self, words: Option<&Vec<u64>>) -> bool {
        words.and_then(|words| words.get(self.word)).is_some_and(|word| word & self.mask != 0)
    }

    #[inline]
    fn put_in(self, words: &mut Vec<u64>) {
        if self.word >= words.len() {
            words.resize(self.word.saturating_add(1), 0);
        }
        if let Some(word) = words.get_mut(self.word) {
            *word |= self.mask;
        }
    }
}

impl StatementColumns {
    fn clear(&mut self) {
        let Self { group, day, owner, unit, kind, lines, original, payable, status, faults } = self;
        for column in [group, day, owner, unit, kind] {
            column.clear();
        }
        lines.clear();
        original.clear();
        payable.clear();
        status.clear();
        faults.clear();
    }
}
