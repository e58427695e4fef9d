use super::{
    StatementKey,
    groups::{GroupKey, Grouper},
    totals::Totals,
};
use crate::{
    error::{StatementError, excerpt},
    metering::{Kind, ReadingId},
    money::Money,
    time::{BillingDay, Period},
    units::Name,
    wallet::Owner,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

/// A reading with its amounts and who pays for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedReading {
    /// The reading.
    pub reading: ReadingId,
    /// Who pays.
    pub owner: Owner,
    /// The service unit that is paid.
    pub unit: Name,
    /// The kind of resource.
    pub kind: Kind,
    /// What all that was used costs, rounded.
    pub original: Money,
    /// What is to be paid, rounded.
    pub payable: Money,
}

/// A reading as statements hold it already: the sum of its lines in all of them.
///
/// One that was taken back stays in the list with amounts of zero, so that the corrections of its
/// group go on counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The reading with the amounts that were stated.
    pub charged: ChargedReading,
    /// The sequence of the last statement of its group.
    pub sequence: u32,
}

/// What an owner is asked to pay for one service unit and kind of resource on one day.
///
/// # Rule
/// R-S1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    key: StatementKey,
    lines: Vec<StatementLine>,
    original: Money,
    payable: Money,
    status: StatementStatus,
}

/// What one reading adds to a statement; in a correction, what it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The reading.
    pub reading: ReadingId,
    /// The original amount, or the change of it.
    pub original: Money,
    /// The payable amount, or the change of it.
    pub payable: Money,
}

/// Whether a statement is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementStatus {
    /// It may be paid.
    Unpaid,
    /// It is paid, or there was nothing to pay.
    Paid,
    /// It was withdrawn.
    Cancelled,
}

/// What a day that was stated before comes to now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// New statements: first ones, and corrections of those that stand.
    pub statements: Vec<Statement>,
    /// How many readings stand as they were.
    pub unchanged: usize,
    /// Readings that are stated with amounts of zero and not there any more: nothing is to be corrected,
    /// and whoever keeps readings has to forget them. Those that were taken back before are among them.
    pub gone: Vec<ReadingId>,
}

/// The statements of a day: its readings by owner, service unit and kind of resource.
///
/// One with nothing to pay is settled at once.
///
/// # Errors
/// `statement.other_day` for a reading of another window; `statement.repeated_reading`;
/// `money.currency_mismatch` where one statement would hold two currencies; `money.overflow`.
///
/// # Rule
/// R-S1
pub fn daily(
    day: BillingDay,
    readings: impl IntoIterator<Item = ChargedReading>,
) -> Result<Vec<Statement>, StatementError> {
    Ok(restate(day, &[], readings)?.statements)
}

/// What a day comes to when it is run again.
///
/// Readings that stand as they were change nothing. One that came late or came out otherwise goes
/// into a correction statement with the difference, positive or negative; one that is stated and
/// not among the readings any more is taken back in full, or, if it cost nothing, only named as
/// [`gone`](Restated::gone). A statement that stands is never edited.
///
/// # Errors
/// As [`daily`].
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, ReadingId};
/// use counterfoil::money::{CNY, Money};
/// use counterfoil::statement::{ChargedReading, Stated, restate};
/// use counterfoil::time::{BillingDay, Zone, parse_date};
/// use counterfoil::wallet::{Owner, OwnerKind};
///
/// let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
/// let charged = |amount: &str| {
///     Ok::<_, counterfoil::error::Error>(ChargedReading {
///         reading: ReadingId { resource: "s-1".parse()?, window: day.period() },
///         owner: Owner::new(OwnerKind::User, "ada"),
///         unit: "vm".parse()?,
///         kind: Kind::Server,
///         original: Money::parse(amount, CNY)?,
///         payable: Money::parse(amount, CNY)?,
///     })
/// };
/// let stated = [Stated { charged: charged("2.06")?, sequence: 0 }];
/// assert!(restate(day, &stated, [charged("2.06")?])?.statements.is_empty());
///
/// let corrected = restate(day, &stated, [charged("1.50")?])?.statements;
/// assert_eq!(corrected[0].id(), "2024-02-20/UTC/user/ada/vm/server/1");
/// assert_eq!(corrected[0].payable().to_string(), "-0.56");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S2, R-U6
pub fn restate(
    day: BillingDay,
    stated: &[Stated],
    readings: impl IntoIterator<Item = ChargedReading>,
) -> Result<Restated, StatementError> {
    let (mut known, mut groups) = (BTreeMap::new(), Groups::default());
    for stated in stated {
        check_day(day, &stated.charged)?;
        groups.was_stated(&stated.charged, stated.sequence);
        if known.insert(&stated.charged.reading, &stated.charged).is_some() {
            return Err(StatementError::RepeatedReading { reading: stated.charged.reading.to_string() });
        }
    }
    let mut seen = BTreeSet::new();
    let mut unchanged = 0_usize;
    for charged in readings {
        check_day(day, &charged)?;
        match known.remove(&charged.reading) {
            _ if seen.contains(&charged.reading) => {
                return Err(StatementError::RepeatedReading { reading: charged.reading.to_string() });
            }
            None => groups.add(&charged, charged.line()),
            Some(before) if *before == charged => unchanged = unchanged.saturating_add(1),
            Some(before) if before.is_of_the_statement_of(&charged) => groups.add(&charged, charged.less(before)?),
            Some(before) => {
                if !before.is_nothing() {
                    groups.add(before, before.taken_back());
                }
                groups.add(&charged, charged.line());
            }
        }
        seen.insert(charged.reading);
    }
    let mut gone = Vec::new();
    for charged in known.into_values() {
        if charged.is_nothing() {
            gone.push(charged.reading.clone());
        } else {
            groups.add(charged, charged.taken_back());
        }
    }
    Ok(Restated { statements: groups.into_statements(day)?, unchanged, gone })
}

impl Statement {
    /// A statement of lines; settled already if there is nothing to pay.
    ///
    /// # Errors
    /// `statement.no_lines`; `money.currency_mismatch`, `money.overflow`.
    pub fn new(key: StatementKey, lines: Vec<StatementLine>) -> Result<Self, StatementError> {
        let Some(first) = lines.first() else {
            return Err(StatementError::NoLines { statement: key.to_string() });
        };
        let (currency, mut totals) = (first.original.currency(), Totals::nothing(0));
        for line in &lines {
            currency.same_as(line.original.currency())?;
            currency.same_as(line.payable.currency())?;
            totals.add(line.original.amount().into(), line.payable.amount().into())?;
        }
        let settled = totals.settle()?;
        let (original, payable) = (Money::new(settled.original, currency), Money::new(settled.payable, currency));
        Ok(Self { key, lines, original, payable, status: settled.status })
    }

    /// The same statement in a state that was stored.
    pub const fn with_status(mut self, status: StatementStatus) -> Self {
        self.status = status;
        self
    }

    /// Its id, which is the order id of its payment.
    pub fn id(&self) -> String {
        self.key.to_string()
    }

    /// What identifies it.
    pub const fn key(&self) -> &StatementKey {
        &self.key
    }

    /// Its lines, one for each reading.
    pub fn lines(&self) -> &[StatementLine] {
        &self.lines
    }

    /// The sum of the original amounts.
    pub const fn original(&self) -> Money {
        self.original
    }

    /// The sum of the payable amounts.
    pub const fn payable(&self) -> Money {
        self.payable
    }

    /// Whether it is paid.
    pub const fn status(&self) -> StatementStatus {
        self.status
    }

    /// The statement, paid.
    ///
    /// # Errors
    /// `statement.already_paid`, `statement.cancelled`.
    ///
    /// # Rule
    /// R-S1
    pub fn pay(self) -> Result<Self, StatementError> {
        self.check_unpaid()?;
        Ok(self.with_status(StatementStatus::Paid))
    }

    /// The statement, withdrawn.
    ///
    /// # Errors
    /// `statement.already_paid`, `statement.cancelled`.
    pub fn cancel(self) -> Result<Self, StatementError> {
        self.check_unpaid()?;
        Ok(self.with_status(StatementStatus::Cancelled))
    }

    /// The error, unless it may be paid.
    ///
    /// # Errors
    /// `statement.already_paid`, `statement.cancelled`.
    ///
    /// # Rule
    /// R-S1
    pub fn check_unpaid(&self) -> Result<(), StatementError> {
        match self.status {
            StatementStatus::Unpaid => Ok(()),
            StatementStatus::Paid => Err(StatementError::AlreadyPaid { statement: self.id() }),
            StatementStatus::Cancelled => Err(StatementError::Cancelled { statement: self.id() }),
        }
    }
}

impl ChargedReading {
    /// Whether both are lines of the same statement.
    fn is_of_the_statement_of(&self, other: &Self) -> bool {
        (&self.owner, &self.unit, &self.kind) == (&other.owner, &other.unit, &other.kind)
    }

    fn is_nothing(&self) -> bool {
        self.original.is_zero() && self.payable.is_zero()
    }

    fn line(&self) -> StatementLine {
        StatementLine { reading: self.reading.clone(), original: self.original, payable: self.payable }
    }

    fn taken_back(&self) -> StatementLine {
        let (original, payable) = (self.original.negated(), self.payable.negated());
        StatementLine { reading: self.reading.clone(), original, payable }
    }

    fn less(&self, before: &Self) -> Result<StatementLine, StatementError> {
        let original = self.original.minus(before.original)?;
        let payable = self.payable.minus(before.payable)?;
        Ok(StatementLine { reading: self.reading.clone(), original, payable })
    }
}

/// The statements that a day is cut into, with the lines of each.
#[derive(Debug, Default)]
struct Groups {
    grouper: Grouper,
    /// One for each group.
    lines: Vec<GroupLines>,
}

#[derive(Debug, Default)]
struct GroupLines {
    lines: Vec<StatementLine>,
    /// The last sequence that was stated.
    stated: Option<u32>,
}

impl Groups {
    fn was_stated(&mut self, charged: &ChargedReading, sequence: u32) {
        self.change(charged, |group| group.stated = group.stated.max(Some(sequence)));
    }

    fn add(&mut self, charged: &ChargedReading, line: StatementLine) {
        self.change(charged, |group| group.lines.push(line));
    }

    fn change(&mut self, charged: &ChargedReading, change: impl FnOnce(&mut GroupLines)) {
        let place = self.grouper.group_of(&charged.owner, &charged.unit, &charged.kind);
        if place >= self.lines.len() {
            self.lines.resize_with(place.saturating_add(1), GroupLines::default);
        }
        if let Some(group) = self.lines.get_mut(place) {
            change(group);
        }
    }

    fn into_statements(self, day: BillingDay) -> Result<Vec<Statement>, StatementError> {
        let Self { grouper, mut lines } = self;
        let mut statements = Vec::with_capacity(lines.len());
        for place in grouper.in_order() {
            let Some(GroupLines { lines, stated }) = lines.get_mut(place).map(std::mem::take) else { continue };
            let Some(GroupKey { owner, unit, kind, .. }) = grouper.key(place).filter(|_| !lines.is_empty()) else {
                continue; // nothing of it changes
            };
            let sequence = stated.map_or(Some(0), |last| last.checked_add(1));
            let (owner, unit, kind) = (owner.clone(), unit.clone(), kind.clone());
            let key = StatementKey { day, owner, unit, kind, sequence: 0 };
            statements.push(Statement::new(key.at_sequence(sequence)?, lines)?);
        }
        Ok(statements)
    }
}

/// Whether a window is that of a day.
pub(super) fn is_of(day: BillingDay, window: Period) -> bool {
    window == day.period()
}

fn check_day(day: BillingDay, charged: &ChargedReading) -> Result<(), StatementError> {
    if is_of(day, charged.reading.window) {
        return Ok(());
    }
    Err(StatementError::OtherDay { reading: charged.reading.to_string(), day: day.period().to_string() })
}

impl StatementStatus {
    /// The name, as `unpaid`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for StatementStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for StatementStatus {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        let all = [Self::Unpaid, Self::Paid, Self::Cancelled];
        let named = all.into_iter().find(|status| status.name() == text);
        named.ok_or_else(|| StatementError::UnknownStatus { text: excerpt(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        money::CNY,
        time::{Zone, parse_date},
        wallet::OwnerKind,
    };

    fn day() -> BillingDay {
        BillingDay::new(parse_date("2024-02-20").unwrap(), Zone::UTC).unwrap()
    }

    fn charged(resource: &str, owner: &str, payable: &str) -> ChargedReading {
        ChargedReading {
            reading: ReadingId { resource: resource.parse().unwrap(), window: day().period() },
            owner: Owner::new(OwnerKind::User, owner),
            unit: "vm".parse().unwrap(),
            kind: Kind::Server,
            original: Money::parse("3.00", CNY).unwrap(),
            payable: Money::parse(payable, CNY).unwrap(),
        }
    }

    fn stated(charged: ChargedReading) -> Stated {
        Stated { charged, sequence: 0 }
    }

    fn shown(statements: &[Statement]) -> Vec<(String, String)> {
        statements.iter().map(|statement| (statement.id(), statement.payable().to_string())).collect()
    }

    #[test]
    fn readings_are_grouped_and_nothing_to_pay_is_settled() {
        // R-S1
        let statements =
            daily(day(), [charged("a", "ada", "1.10"), charged("b", "bob", "0.00"), charged("c", "ada", "2.05")])
                .unwrap();
        assert_eq!(
            shown(&statements),
            [
                ("2024-02-20/UTC/user/ada/vm/server/0".to_owned(), "3.15".to_owned()),
                ("2024-02-20/UTC/user/bob/vm/server/0".to_owned(), "0.00".to_owned()),
            ]
        );
        let statuses: Vec<_> = statements.iter().map(Statement::status).collect();
        assert_eq!(statuses, [StatementStatus::Unpaid, StatementStatus::Paid]);
    }

    #[test]
    fn only_unpaid_may_be_paid() {
        // R-S1
        let [statement] = <[_; 1]>::try_from(daily(day(), [charged("a", "ada", "1.10")]).unwrap()).unwrap();
        let paid = statement.clone().pay().unwrap();
        assert_eq!(paid.clone().pay().unwrap_err().code(), "statement.already_paid");
        assert_eq!(paid.cancel().unwrap_err().code(), "statement.already_paid");
        let cancelled = statement.cancel().unwrap();
        assert_eq!(cancelled.pay().unwrap_err().code(), "statement.cancelled");
    }

    #[test]
    fn a_day_run_again_changes_nothing_and_a_correction_is_a_difference() {
        // R-S2
        let first = charged("a", "ada", "1.10");
        let again = restate(day(), &[stated(first.clone())], [first.clone()]).unwrap();
        assert_eq!((again.statements.len(), again.unchanged), (0, 1));

        let late = restate(day(), &[stated(first.clone())], [first.clone(), charged("b", "ada", "0.40")]).unwrap();
        assert_eq!(shown(&late.statements), [("2024-02-20/UTC/user/ada/vm/server/1".to_owned(), "0.40".to_owned())]);

        let gone = restate(day(), &[stated(first.clone())], []).unwrap();
        assert_eq!(shown(&gone.statements), [("2024-02-20/UTC/user/ada/vm/server/1".to_owned(), "-1.10".to_owned())]);

        let moved = restate(day(), &[stated(first)], [charged("a", "bob", "1.10")]).unwrap();
        assert_eq!(
            shown(&moved.statements),
            [
                ("2024-02-20/UTC/user/ada/vm/server/1".to_owned(), "-1.10".to_owned()),
                ("2024-02-20/UTC/user/bob/vm/server/0".to_owned(), "1.10".to_owned()),
            ]
        );
    }

    #[test]
    fn a_reading_that_cost_nothing_and_is_gone_is_named_and_corrects_nothing() {
        // R-S2
        let mut free = charged("a", "ada", "0.00");
        free.original = Money::zero(CNY);
        let gone = restate(day(), &[stated(free.clone())], []).unwrap();
        assert_eq!((shown(&gone.statements), gone.gone), (vec![], vec![free.reading.clone()]));
        // Of another owner now: there is nothing to take back from the first.
        let moved = restate(day(), &[stated(free)], [charged("a", "bob", "1.10")]).unwrap();
        assert_eq!(shown(&moved.statements), [("2024-02-20/UTC/user/bob/vm/server/0".to_owned(), "1.10".to_owned())]);
        assert_eq!(moved.gone, []);
    }

    #[test]
    fn bad_readings_have_their_codes() {
        let mut other_day = charged("a", "ada", "1.10");
        other_day.reading.window = day().next().unwrap().period();
        assert_eq!(daily(day(), [other_day]).unwrap_err().code(), "statement.other_day");
        let twice = [charged("a", "ada", "1.10"), charged("a", "ada", "1.10")];
        assert_eq!(daily(day(), twice).unwrap_err().code(), "statement.repeated_reading");
        let mut dollars = charged("b", "ada", "1.10");
        dollars.payable = Money::parse("1.10", "USD".parse().unwrap()).unwrap();
        let mixed = [charged("a", "ada", "1.10"), dollars];
        assert_eq!(daily(day(), mixed).unwrap_err().code(), "money.currency_mismatch");
    }

    #[test]
    fn two_keys_never_have_one_text() {
        let id = |owner: &str, unit: &str| {
            let mut reading = charged("a", owner, "1.10");
            reading.unit = unit.parse().unwrap();
            daily(day(), [reading]).unwrap()[0].id()
        };
        assert_eq!(id("ada/vm", "x"), "2024-02-20/UTC/user/ada%2Fvm/x/server/0");
        assert_ne!(id("ada/vm", "x"), id("ada", "vm/x"));
        assert_ne!(id("a%2Fb", "x"), id("a/b", "x"));
        assert_eq!(id("UTC/x", "y"), "2024-02-20/UTC/user/UTC%2Fx/y/server/0");
    }
}
