use super::{Statement, StatementKey, StatementStatus};
use crate::{error::StatementError, money::Money};
use std::{collections::BTreeSet, fmt};

/// A statement of a group, and under which order it was settled.
///
/// # Rule
/// R-S2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupStatement {
    /// The statement.
    pub statement: Statement,
    /// The order id of the payment that settled it; none for its own id, or where there was none.
    pub paid_as: Option<String>,
}

/// What is to be done about the open statements of a group: a day's statement and its corrections.
///
/// They are settled together. A correction of a statement that nobody paid yet lowers what is paid
/// for it, so nobody is charged first and refunded after; one of a paid statement is refunded. No
/// statement is edited: those that are listed are paid when it is done.
///
/// It prints as its own derivation.
///
/// # Rule
/// R-S2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    action: CorrectionAction,
    open: Vec<OpenStatement>,
    amount: Money,
}

/// An open statement that is settled with the others of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenStatement {
    /// Its id.
    pub id: String,
    /// What it asks for, or gives back.
    pub payable: Money,
}

/// What settles the open statements of a group.
///
/// # Rule
/// R-S2
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionAction {
    /// Nothing: none is open.
    Nothing,
    /// They come to nothing together: they are settled without a payment.
    Settle,
    /// Their sum is charged once.
    Charge {
        /// Under this order id: that of the first open statement that asks for something.
        order: String,
    },
    /// What they give back is refunded of what was paid for the group, the latest payment first.
    Refund {
        /// Under this refund id: that of the last open statement.
        refund: String,
        /// Of the payments of these orders; how much of each depends on what is left of them (R-W14).
        of: Vec<String>,
    },
}

/// What is to be done about the open statements of a group, in any order.
///
/// Withdrawn statements ask for nothing.
///
/// # Errors
/// `statement.other_group` unless all are of one day, owner, unit and kind;
/// `statement.repeated_statement`; `statement.nothing_to_refund` where more would be given back than
/// the group ever asked for; `money.currency_mismatch`, `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, ReadingId};
/// use counterfoil::money::{CNY, Money};
/// use counterfoil::statement::{GroupStatement, Statement, StatementKey, StatementLine, correct};
/// use counterfoil::time::{BillingDay, Zone, parse_date};
/// use counterfoil::wallet::{Owner, OwnerKind};
///
/// let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
/// let statement = |sequence, payable| {
///     let owner = Owner::new(OwnerKind::User, "ada");
///     let key = StatementKey { day, owner, unit: "vm".parse()?, kind: Kind::Server, sequence };
///     let reading = ReadingId { resource: "s-1".parse()?, window: day.period() };
///     let payable = Money::parse(payable, CNY)?;
///     Ok::<_, counterfoil::error::Error>(Statement::new(key, vec![StatementLine { reading, original: payable, payable }])?)
/// };
/// let of = |statement| GroupStatement { statement, paid_as: None };
///
/// // Nobody paid yet: the two are one payment.
/// let unpaid = correct(&[of(statement(0, "2.06")?), of(statement(1, "-0.56")?)])?;
/// assert_eq!(
///     unpaid.to_string(),
///     "charge 1.50 CNY = 2.06 of `2024-02-20/UTC/user/ada/vm/server/0` − 0.56 of `2024-02-20/UTC/user/ada/vm/server/1`",
/// );
/// // The first one is paid: the rest comes back.
/// let paid = correct(&[of(statement(0, "2.06")?.pay()?), of(statement(1, "-0.56")?)])?;
/// assert_eq!(paid.to_string(), "refund 0.56 CNY = 0.56 of `2024-02-20/UTC/user/ada/vm/server/1`");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S2, R-W14
pub fn correct(group: &[GroupStatement]) -> Result<Correction, StatementError> {
    let mut group: Vec<&GroupStatement> = group.iter().collect();
    group.sort_by_key(|member| member.statement.key().sequence);
    let Some(first) = group.first() else {
        return Err(StatementError::EmptyGroup {});
    };
    let currency = first.statement.payable().currency();
    let mut seen = BTreeSet::new();
    for GroupStatement { statement, .. } in &group {
        if !same_group(first.statement.key(), statement.key()) {
            return Err(StatementError::OtherGroup { statement: statement.id(), group: first.statement.id() });
        }
        if !seen.insert(statement.key().sequence) {
            return Err(StatementError::RepeatedStatement { statement: statement.id() });
        }
    }
    let open: Vec<OpenStatement> = of_status(&group, StatementStatus::Unpaid)
        .map(|GroupStatement { statement, .. }| OpenStatement { id: statement.id(), payable: statement.payable() })
        .collect();
    let sum = Money::sum(open.iter().map(|open| open.payable), currency)?;
    let paid = of_status(&group, StatementStatus::Paid).map(|member| member.statement.payable());
    let paid = Money::sum(paid, currency)?;
    let action = match (&open[..], sum.is_zero(), sum.is_negative()) {
        ([], ..) => CorrectionAction::Nothing,
        (_, true, _) => CorrectionAction::Settle,
        (_, _, false) => CorrectionAction::Charge { order: first_that_asks(&open) },
        ([.., last], ..) => {
            if paid.plus(sum)?.is_negative() {
                let (amount, paid) = (sum.negated().amount(), paid.amount());
                return Err(StatementError::NothingToRefund { statement: last.id.clone(), amount, paid });
            }
            CorrectionAction::Refund { refund: last.id.clone(), of: orders(&group) }
        }
    };
    let amount = if sum.is_negative() { sum.negated() } else { sum };
    Ok(Correction { action, open, amount })
}

impl CorrectionAction {
    /// The name, as `charge`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Settle => "settle",
            Self::Charge { .. } => "charge",
            Self::Refund { .. } => "refund",
        }
    }
}

impl Correction {
    /// What to do.
    pub const fn action(&self) -> &CorrectionAction {
        &self.action
    }

    /// What is charged or refunded: zero or more.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// The statements that are settled by it, in the order of their numbers.
    pub fn open(&self) -> &[OpenStatement] {
        &self.open
    }
}

fn same_group(a: &StatementKey, b: &StatementKey) -> bool {
    // Without `..`: what is added to the key must be thought of here.
    let StatementKey { day, owner, unit, kind, sequence: _ } = a;
    (day, owner, unit, kind) == (&b.day, &b.owner, &b.unit, &b.kind)
}

fn of_status<'a>(group: &[&'a GroupStatement], status: StatementStatus) -> impl Iterator<Item = &'a GroupStatement> {
    group.iter().copied().filter(move |member| member.statement.status() == status)
}

/// An id that no payment has: an open statement is not paid. There is one where the sum is above zero.
fn first_that_asks(open: &[OpenStatement]) -> String {
    let asks = |open: &&OpenStatement| !open.payable.is_negative() && !open.payable.is_zero();
    open.iter().find(asks).map(|open| open.id.clone()).unwrap_or_default()
}

/// The orders that something was paid under, each once, that of the last statement first.
fn orders(group: &[&GroupStatement]) -> Vec<String> {
    let (mut orders, mut seen) = (Vec::new(), BTreeSet::new());
    for member in of_status(group, StatementStatus::Paid) {
        let payable = member.statement.payable();
        let asked = !payable.is_negative() && !payable.is_zero();
        let order = member.paid_as.clone().or_else(|| asked.then(|| member.statement.id()));
        if let Some(order) = order.filter(|order| seen.insert(order.clone())) {
            orders.push(order);
        }
    }
    orders.reverse();
    orders
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.action == CorrectionAction::Nothing {
            return f.write_str("nothing to do");
        }
        let refunded = matches!(self.action, CorrectionAction::Refund { .. });
        write!(f, "{} {:#} =", self.action.name(), self.amount)?;
        for (index, OpenStatement { id, payable }) in self.open.iter().enumerate() {
            let payable = if refunded { payable.negated() } else { *payable };
            let (sign, amount) = if payable.is_negative() { ("−", payable.negated()) } else { ("+", payable) };
            let sign = if index == 0 && sign == "+" { String::new() } else { format!("{sign} ") };
            write!(f, " {sign}{amount} of `{id}`")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metering::{Kind, ReadingId},
        money::CNY,
        statement::StatementLine,
        time::{BillingDay, Zone, parse_date},
        wallet::{Owner, OwnerKind},
    };

    fn statement(unit: &str, sequence: u32, payable: &str) -> Statement {
        let day = BillingDay::new(parse_date("2024-02-20").unwrap(), Zone::UTC).unwrap();
        let (owner, kind) = (Owner::new(OwnerKind::User, "ada"), Kind::Server);
        let key = StatementKey { day, owner, unit: unit.parse().unwrap(), kind, sequence };
        let reading = ReadingId { resource: "s-1".parse().unwrap(), window: day.period() };
        let payable = Money::parse(payable, CNY).unwrap();
        Statement::new(key, vec![StatementLine { reading, original: payable, payable }]).unwrap()
    }

    /// Statements in order: what each asks for, and its status, `u`, `p` or `c`.
    fn group(statements: &[(&str, char)]) -> Vec<GroupStatement> {
        let member = |(sequence, (payable, status)): (usize, &(&str, char))| {
            let statement = statement("vm", sequence.try_into().unwrap(), payable);
            let status = match status {
                'u' => StatementStatus::Unpaid,
                'p' => StatementStatus::Paid,
                _ => StatementStatus::Cancelled,
            };
            GroupStatement { statement: statement.with_status(status), paid_as: None }
        };
        statements.iter().enumerate().map(member).collect()
    }

    fn shown(statements: &[(&str, char)]) -> String {
        correct(&group(statements)).unwrap().to_string().replace("2024-02-20/UTC/user/ada/vm/server/", "#")
    }

    #[test]
    fn open_statements_are_settled_together() {
        // R-S2: 2.06 unpaid and −0.56: one payment of 1.50
        assert_eq!(shown(&[("2.06", 'u'), ("-0.56", 'u')]), "charge 1.50 CNY = 2.06 of `#0` − 0.56 of `#1`");
        assert_eq!(shown(&[("2.06", 'p'), ("-0.56", 'u')]), "refund 0.56 CNY = 0.56 of `#1`");
        assert_eq!(shown(&[("2.06", 'p'), ("0.40", 'u')]), "charge 0.40 CNY = 0.40 of `#1`");
        assert_eq!(shown(&[("2.06", 'u'), ("-2.06", 'u')]), "settle 0.00 CNY = 2.06 of `#0` − 2.06 of `#1`");
        assert_eq!(shown(&[("2.06", 'p'), ("-0.56", 'p')]), "nothing to do");
        assert_eq!(shown(&[("0.00", 'p')]), "nothing to do");
        // Mixed: some paid, one too much, one too little.
        let mixed = [("2.06", 'p'), ("-0.56", 'u'), ("1.00", 'u')];
        assert_eq!(shown(&mixed), "charge 0.44 CNY = − 0.56 of `#1` + 1.00 of `#2`");
        let mixed = [("2.06", 'p'), ("0.10", 'u'), ("-0.56", 'u')];
        assert_eq!(shown(&mixed), "refund 0.46 CNY = − 0.10 of `#1` + 0.56 of `#2`");
        // A withdrawn one asks for nothing.
        assert_eq!(shown(&[("2.06", 'c'), ("0.40", 'u')]), "charge 0.40 CNY = 0.40 of `#1`");
    }

    #[test]
    fn a_charge_has_an_order_id_of_its_own_and_a_refund_the_orders_that_paid() {
        let id = |sequence: u32| statement("vm", sequence, "1").id();
        let action = |group: &[GroupStatement]| correct(group).unwrap().action().clone();
        let charged = action(&group(&[("2.06", 'p'), ("-0.56", 'u'), ("1.00", 'u')]));
        assert_eq!(charged, CorrectionAction::Charge { order: id(2) });

        // 2.06 and −0.06 were one payment under the id of the first; 1.00 was paid after.
        let mut paid = group(&[("2.06", 'p'), ("-0.06", 'p'), ("1.00", 'p'), ("-0.20", 'p'), ("-0.56", 'u')]);
        paid[1].paid_as = Some(id(0));
        let refunded = CorrectionAction::Refund { refund: id(4), of: vec![id(2), id(0)] };
        assert_eq!(action(&paid), refunded);
        paid.reverse();
        assert_eq!(action(&paid), refunded);
    }

    #[test]
    fn faults_have_their_codes() {
        let code = |group: &[GroupStatement]| correct(group).unwrap_err().code();
        assert_eq!(code(&[]), "statement.empty_group");
        let other = GroupStatement { statement: statement("web", 1, "1"), paid_as: None };
        assert_eq!(code(&[group(&[("1", 'u')]), vec![other]].concat()), "statement.other_group");
        let twice = [group(&[("1", 'u')]), group(&[("1", 'u')])].concat();
        assert_eq!(code(&twice), "statement.repeated_statement");
        assert_eq!(code(&group(&[("2.06", 'p'), ("-2.07", 'u')])), "statement.nothing_to_refund");
        assert_eq!(code(&group(&[("-0.01", 'u')])), "statement.nothing_to_refund");
        assert!(correct(&group(&[("2.06", 'p'), ("-2.06", 'u')])).is_ok());
    }
}
