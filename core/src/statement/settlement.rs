use crate::{
    error::{MoneyError, StatementError},
    exact::{Exact, decimal},
    money::{Currency, Derivation, Known, Money, Ratio, RoundAt, Rounded, Rounding, Term},
    pricing::discount::RowMode,
    units::Name,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A bill of a provider that a reseller settles.
///
/// # Rule
/// R-S6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderBill {
    /// What tells it from other bills.
    pub id: String,
    /// The provider.
    pub provider: Name,
    /// The day that it is of.
    pub date: NaiveDate,
    /// Whether it charges or gives back.
    pub kind: SettledKind,
    /// What it comes to, by its mode; all numbers are zero or more.
    pub terms: SettledTerms,
}

/// Whether a bill charges or gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettledKind {
    /// It adds to what is settled.
    Charge,
    /// It takes from it.
    Refund,
}

/// What a bill comes to between reseller and provider, by the mode in which it was sold.
///
/// # Rule
/// R-S6, R-P6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettledTerms {
    /// 折扣: list × ratio.
    Discount {
        /// What it costs by the list.
        list: Decimal,
        /// The ratio.
        ratio: Ratio,
    },
    /// 底价: floor × quantity.
    FloorPrice {
        /// The floor of one.
        floor: Decimal,
        /// How many.
        quantity: Decimal,
    },
    /// 回佣: amount − commission.
    Commission {
        /// What the customer paid.
        amount: Decimal,
        /// What of it the reseller keeps.
        commission: Decimal,
    },
}

/// What is to be settled: all bills of a provider, from a day to a day, both included.
///
/// # Rule
/// R-S6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementOrder {
    /// What makes the settlement itself, once.
    pub id: String,
    /// The provider.
    pub provider: Name,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The currency of all bills.
    pub currency: Currency,
    /// How the total is rounded.
    pub rounding: Rounding,
}

/// What is known of bills when they are settled.
#[derive(Debug, Clone, Copy)]
pub struct SettlementBooks<'a> {
    /// The bills; those of others and of other days are left out.
    pub bills: &'a [ProviderBill],
    /// Which settlement has settled which bill.
    pub settled: &'a BTreeMap<String, String>,
    /// The settlement of the same id, if there is one.
    pub earlier: Option<&'a ProviderSettlement>,
}

/// What is settled with a provider: by mode and in all, rounded once, with its derivation.
///
/// # Rule
/// R-S6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettlement {
    order: SettlementOrder,
    bills: Vec<ProviderBill>,
    modes: Vec<SettledMode>,
    total: Rounded,
    derivation: Derivation,
}

/// What bills of one mode come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledMode {
    /// The mode.
    pub mode: RowMode,
    /// How many bills charge.
    pub charges: usize,
    /// How many give back.
    pub refunds: usize,
    /// What they come to, exactly.
    pub exact: Exact,
    /// What of the rounded total is theirs: the modes add up to it.
    pub amount: Decimal,
}

/// A settlement, and the bills that are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementAnswer {
    /// The settlement.
    pub settlement: ProviderSettlement,
    /// Whether it was made before.
    pub repeated: bool,
    /// The bills that were left out, by id, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

/// Why a bill is not in a settlement.
///
/// Where several reasons hold, the first in this order is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// It is of another provider.
    OtherProvider,
    /// It is of a day before the first.
    TooEarly,
    /// It is of a day after the last.
    TooLate,
    /// It is settled already.
    Settled {
        /// By which settlement.
        by: String,
    },
}

const ABOUT: Term = Term::new("provider_settlement", "settlement with a provider", "与供应商结算");
const LIST: Term = Term::new("list", "list", "目录价");
const RATIO: Term = Term::new("ratio", "ratio", "折扣率");
const FLOOR: Term = Term::new("floor", "floor price", "底价");
const QUANTITY: Term = Term::new("quantity", "quantity", "数量");
const PAID: Term = Term::new("amount", "amount", "金额");
const COMMISSION: Term = Term::new("commission", "commission", "佣金");
const DUE: Term = Term::new("due", "due", "应结");
const REFUNDED: Term = Term::new("refunded", "refunded", "退款");
const CHARGES: Term = Term::new("charges", "charges", "收费合计");
const MODE: Term = Term::new("mode_total", "total of the mode", "模式合计");
const TOTAL: Term = Term::new("total", "total", "合计");
const SETTLED: Term = Term::new("settled", "settled", "结算金额");

/// Settles the bills of a provider.
///
/// | mode | a bill comes to |
/// |---|---|
/// | discount | list × ratio |
/// | floor price | floor × quantity |
/// | commission | amount − commission |
///
/// A refund takes the same from the sum. A bill is settled once: one that another settlement holds is left out, and
/// told. The same order again is the first settlement; with other facts it is a conflict.
///
/// # Rounding
/// Once, of the exact total; what a mode has of it is rounded with what was lost so far carried into the next.
///
/// # Errors
/// In this order: `statement.settlement_dates`; `statement.repeated_bill`, `statement.below_zero`, bill by bill;
/// `statement.settlement_conflict` with the fact that differs; `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal::parse;
/// use counterfoil::money::{CNY, Ratio, Rounding};
/// use counterfoil::statement::{
///     ProviderBill, SettledKind, SettledTerms, SettlementBooks, SettlementOrder, settle,
/// };
/// use counterfoil::time::parse_date;
/// use std::collections::BTreeMap;
///
/// let bill = |id: &str, kind, list: &str| {
///     Ok::<_, counterfoil::error::Error>(ProviderBill {
///         id: id.into(),
///         provider: "cloud-a".parse()?,
///         date: parse_date("2024-02-29")?,
///         kind,
///         terms: SettledTerms::Discount { list: parse(list)?, ratio: Ratio::parse("0.85")? },
///     })
/// };
/// let bills = [bill("b-1", SettledKind::Charge, "100.01")?, bill("b-2", SettledKind::Refund, "20.00")?];
/// let order = SettlementOrder {
///     id: "2024-02".into(),
///     provider: "cloud-a".parse()?,
///     from: parse_date("2024-02-01")?,
///     to: parse_date("2024-02-29")?,
///     currency: CNY,
///     rounding: Rounding::RESELLER,
/// };
/// let books = SettlementBooks { bills: &bills, settled: &BTreeMap::new(), earlier: None };
/// let answer = settle(&order, books)?;
/// // (100.01 − 20.00) × 0.85 = 68.0085
/// assert_eq!(answer.settlement.total().amount().to_string(), "68.01");
/// let books = SettlementBooks { earlier: Some(&answer.settlement), ..books };
/// assert!(settle(&order, books)?.repeated);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S6
pub fn settle(order: &SettlementOrder, books: SettlementBooks<'_>) -> Result<SettlementAnswer, StatementError> {
    if order.from > order.to {
        return Err(StatementError::SettlementDates { from: order.from, to: order.to });
    }
    let mut seen = BTreeSet::new();
    for bill in books.bills {
        if !seen.insert(&bill.id) {
            return Err(StatementError::RepeatedBill { bill: bill.id.clone() });
        }
        bill.check()?;
    }
    let (mut bills, mut left_out) = (Vec::new(), Vec::new());
    for bill in books.bills {
        match order.leaves_out(bill, books.settled) {
            Some(why) => left_out.push((bill.id.clone(), why)),
            None => bills.push(bill.clone()),
        }
    }
    bills.sort_by(|a, b| a.id.cmp(&b.id));
    match books.earlier {
        Some(earlier) => {
            earlier.same(order, &bills)?;
            Ok(SettlementAnswer { settlement: earlier.clone(), repeated: true, left_out })
        }
        None => {
            let settlement = ProviderSettlement::new(order.clone(), bills)?;
            Ok(SettlementAnswer { settlement, repeated: false, left_out })
        }
    }
}

impl ProviderSettlement {
    /// What was asked for.
    pub const fn order(&self) -> &SettlementOrder {
        &self.order
    }

    /// The bills that are settled, by id.
    pub fn bills(&self) -> &[ProviderBill] {
        &self.bills
    }

    /// What each mode comes to; those without bills are left out.
    pub fn modes(&self) -> &[SettledMode] {
        &self.modes
    }

    /// What is settled; below zero where more is given back than charged.
    pub const fn total(&self) -> &Rounded {
        &self.total
    }

    /// What is settled, with its currency.
    pub const fn money(&self) -> Money {
        Money::new(self.total.amount(), self.order.currency)
    }

    /// All of it, step by step.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    fn new(order: SettlementOrder, bills: Vec<ProviderBill>) -> Result<Self, StatementError> {
        let mut derivation = Derivation::new("R-S6", ABOUT);
        let (mut modes, mut totals) = (Vec::new(), Vec::new());
        for mode in [RowMode::Discount, RowMode::FloorPrice, RowMode::Commission] {
            let (mut charges, mut refunds) = (Vec::new(), Vec::new());
            for bill in bills.iter().filter(|bill| bill.terms.mode() == mode) {
                let due = bill.due(&mut derivation)?;
                match bill.kind {
                    SettledKind::Charge => charges.push(due),
                    SettledKind::Refund => refunds.push(due),
                }
            }
            if charges.is_empty() && refunds.is_empty() {
                continue;
            }
            let (charged, refunded) = (charges.iter().collect::<Vec<_>>(), refunds.iter().collect::<Vec<_>>());
            let total = match (charges.is_empty(), refunds.is_empty()) {
                (_, true) => derivation.sum(MODE, &charged)?,
                (all_refunds, false) => {
                    let charged = match all_refunds {
                        true => derivation.given(CHARGES, Exact::ZERO),
                        false => derivation.sum(CHARGES, &charged)?,
                    };
                    derivation.label(&charged, mode.name());
                    derivation.difference(MODE, &charged, &refunded)?
                }
            };
            derivation.label(&total, mode.name());
            let exact = total.value().clone();
            modes.push(SettledMode {
                mode,
                charges: charges.len(),
                refunds: refunds.len(),
                exact,
                amount: Decimal::ZERO,
            });
            totals.push(total);
        }
        let total = match totals.is_empty() {
            true => derivation.given(TOTAL, Exact::ZERO),
            false => derivation.sum(TOTAL, &totals.iter().collect::<Vec<_>>())?,
        };
        let (_, total) = derivation.round(SETTLED, &total, order.rounding)?;
        let carrying = order.rounding.rounding_at(RoundAt::LineCarry);
        let amounts = carrying.round_lines(modes.iter().map(|mode| &mode.exact))?;
        for (mode, amount) in modes.iter_mut().zip(amounts) {
            mode.amount = amount;
        }
        let parts = decimal::sum(modes.iter().map(|mode| mode.amount))?;
        if parts != total.amount() {
            return Err(MoneyError::NotConserved { whole: total.amount(), parts }.into());
        }
        Ok(Self { order, bills, modes, total, derivation })
    }

    /// The error, unless this is the settlement of an order and its bills.
    fn same(&self, order: &SettlementOrder, bills: &[ProviderBill]) -> Result<(), StatementError> {
        let facts = |order: &SettlementOrder| {
            [
                ("id", order.id.clone()),
                ("provider", order.provider.to_string()),
                ("from", order.from.to_string()),
                ("to", order.to.to_string()),
                ("currency", order.currency.to_string()),
                ("rounding", order.rounding.to_string()),
            ]
        };
        let conflict = |fact, earlier, now| {
            Err(StatementError::SettlementConflict { settlement: self.order.id.clone(), fact, earlier, now })
        };
        for ((fact, earlier), (_, now)) in facts(&self.order).into_iter().zip(facts(order)) {
            if earlier != now {
                return conflict(fact, earlier, now);
            }
        }
        let by_id = |bills: &'_ [ProviderBill]| -> BTreeMap<String, ProviderBill> {
            bills.iter().map(|bill| (bill.id.clone(), bill.clone())).collect()
        };
        let (earlier, now) = (by_id(&self.bills), by_id(bills));
        let ids: BTreeSet<&String> = earlier.keys().chain(now.keys()).collect();
        for id in ids {
            let (was, is) = (earlier.get(id), now.get(id));
            if was != is {
                let shown = |bill: Option<&ProviderBill>| match bill {
                    Some(bill) => format!("bill {id}: {}", bill.text()),
                    None => format!("no bill {id}"),
                };
                return conflict("bills", shown(was), shown(is));
            }
        }
        Ok(())
    }
}

impl SettlementOrder {
    fn leaves_out(&self, bill: &ProviderBill, settled: &BTreeMap<String, String>) -> Option<LeftOut> {
        if bill.provider != self.provider {
            Some(LeftOut::OtherProvider)
        } else if bill.date < self.from {
            Some(LeftOut::TooEarly)
        } else if bill.date > self.to {
            Some(LeftOut::TooLate)
        } else {
            settled.get(&bill.id).filter(|by| **by != self.id).map(|by| LeftOut::Settled { by: by.clone() })
        }
    }
}

impl ProviderBill {
    fn check(&self) -> Result<(), StatementError> {
        let numbers = match self.terms {
            SettledTerms::Discount { list, .. } => [("list", list), ("list", list)],
            SettledTerms::FloorPrice { floor, quantity } => [("floor", floor), ("quantity", quantity)],
            SettledTerms::Commission { amount, commission } => [("amount", amount), ("commission", commission)],
        };
        if let Some((what, amount)) = numbers.into_iter().find(|(_, number)| *number < Decimal::ZERO) {
            return Err(StatementError::BelowZero { of: self.id.clone(), what, amount });
        }
        if let SettledTerms::Commission { amount, commission } = self.terms {
            let left = decimal::subtract(amount, commission)?;
            if left < Decimal::ZERO {
                let what = "amount less commission";
                return Err(StatementError::BelowZero { of: self.id.clone(), what, amount: left });
            }
        }
        Ok(())
    }

    /// What it comes to, without the sign of its kind.
    fn due(&self, derivation: &mut Derivation) -> Result<Known, MoneyError> {
        let id = || self.id.clone();
        let term = match self.kind {
            SettledKind::Charge => DUE,
            SettledKind::Refund => REFUNDED,
        };
        let due = match self.terms {
            SettledTerms::Discount { list, ratio } => {
                let list = derivation.given_of(LIST, id(), Exact::from(list));
                let ratio = derivation.given_of(RATIO, id(), ratio.exact());
                derivation.product(term, &[&list, &ratio])?
            }
            SettledTerms::FloorPrice { floor, quantity } => {
                let floor = derivation.given_of(FLOOR, id(), Exact::from(floor));
                let quantity = derivation.given_of(QUANTITY, id(), Exact::from(quantity));
                derivation.product(term, &[&floor, &quantity])?
            }
            SettledTerms::Commission { amount, commission } => {
                let amount = derivation.given_of(PAID, id(), Exact::from(amount));
                let commission = derivation.given_of(COMMISSION, id(), Exact::from(commission));
                derivation.difference(term, &amount, &[&commission])?
            }
        };
        derivation.label(&due, id());
        Ok(due)
    }

    fn text(&self) -> String {
        let terms = match self.terms {
            SettledTerms::Discount { list, ratio } => format!("{list} × {}", ratio.exact()),
            SettledTerms::FloorPrice { floor, quantity } => format!("{floor} × {quantity}"),
            SettledTerms::Commission { amount, commission } => format!("{amount} − {commission}"),
        };
        format!("{} of {}, {terms}", self.kind.name(), self.date)
    }
}

impl SettledTerms {
    /// The mode in which it was sold.
    pub const fn mode(self) -> RowMode {
        match self {
            Self::Discount { .. } => RowMode::Discount,
            Self::FloorPrice { .. } => RowMode::FloorPrice,
            Self::Commission { .. } => RowMode::Commission,
        }
    }
}

impl SettledKind {
    /// The name, as `charge`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Refund => "refund",
        }
    }
}

impl std::str::FromStr for SettledKind {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        let named = [Self::Charge, Self::Refund].into_iter().find(|kind| kind.name() == text);
        named.ok_or_else(|| StatementError::UnknownWord {
            what: "kind of bill",
            text: crate::error::excerpt(text),
            known: "charge, refund".to_owned(),
        })
    }
}

impl LeftOut {
    /// The name, as `other_provider`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OtherProvider => "other_provider",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::Settled { .. } => "settled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{money::CNY, time::parse_date};

    fn dec(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    fn bill(id: &str, date: &str, kind: SettledKind, terms: SettledTerms) -> ProviderBill {
        ProviderBill { id: id.into(), provider: "a".parse().unwrap(), date: parse_date(date).unwrap(), kind, terms }
    }

    fn discount(list: &str, ratio: &str) -> SettledTerms {
        SettledTerms::Discount { list: dec(list), ratio: Ratio::parse(ratio).unwrap() }
    }

    fn floor(floor: &str, quantity: &str) -> SettledTerms {
        SettledTerms::FloorPrice { floor: dec(floor), quantity: dec(quantity) }
    }

    fn commission(amount: &str, commission: &str) -> SettledTerms {
        SettledTerms::Commission { amount: dec(amount), commission: dec(commission) }
    }

    fn order() -> SettlementOrder {
        SettlementOrder {
            id: "s-1".into(),
            provider: "a".parse().unwrap(),
            from: parse_date("2024-02-01").unwrap(),
            to: parse_date("2024-02-29").unwrap(),
            currency: CNY,
            rounding: Rounding::RESELLER,
        }
    }

    fn books<'a>(bills: &'a [ProviderBill], settled: &'a BTreeMap<String, String>) -> SettlementBooks<'a> {
        SettlementBooks { bills, settled, earlier: None }
    }

    const DAY: &str = "2024-02-10";
    use SettledKind::{Charge, Refund};

    #[test]
    fn each_mode_by_its_formula_and_refunds_negative() {
        // R-S6
        let bills = [
            bill("d", DAY, Charge, discount("100.005", "0.9")),  // 90.0045
            bill("d-", DAY, Refund, discount("10", "0.9")),      // −9
            bill("f", DAY, Charge, floor("12.34", "3")),         // 37.02
            bill("c", DAY, Charge, commission("50", "7.555")),   // 42.445
            bill("c-", DAY, Refund, commission("100", "10.00")), // −90
        ];
        let answer = settle(&order(), books(&bills, &BTreeMap::new())).unwrap();
        let shown: Vec<_> = answer.settlement.modes().iter().map(|mode| mode.exact.to_string()).collect();
        assert_eq!(shown, ["81.0045", "37.02", "-47.555"]);
        assert_eq!(answer.settlement.total().exact().to_string(), "70.4695");
        assert_eq!(answer.settlement.money().to_string(), "70.47");
        let amounts: Vec<_> = answer.settlement.modes().iter().map(|mode| mode.amount.to_string()).collect();
        assert_eq!(amounts, ["81.00", "37.02", "-47.55"]);
        let derivation = answer.settlement.derivation();
        let values: Vec<Exact> = derivation.steps().iter().map(|step| step.value.clone()).collect();
        assert_eq!(derivation.recompute().unwrap(), values);
    }

    #[test]
    fn both_ends_are_included_and_what_is_left_out_is_told() {
        let mut bills = vec![
            bill("before", "2024-01-31", Charge, floor("1", "1")),
            bill("first", "2024-02-01", Charge, floor("1", "1")),
            bill("last", "2024-02-29", Charge, floor("1", "1")),
            bill("after", "2024-03-01", Charge, floor("1", "1")),
            bill("old", DAY, Charge, floor("1", "1")),
            bill("other", DAY, Charge, floor("1", "1")),
        ];
        bills[5].provider = "b".parse().unwrap();
        let settled = BTreeMap::from([("old".to_owned(), "s-0".to_owned()), ("first".to_owned(), "s-1".to_owned())]);
        let answer = settle(&order(), books(&bills, &settled)).unwrap();
        let ids: Vec<&str> = answer.settlement.bills().iter().map(|bill| bill.id.as_str()).collect();
        assert_eq!(ids, ["first", "last"]);
        let why: Vec<_> = answer.left_out.iter().map(|(id, why)| (id.as_str(), why.name())).collect();
        let expected =
            [("before", "too_early"), ("after", "too_late"), ("old", "settled"), ("other", "other_provider")];
        assert_eq!(why, expected);
        assert_eq!(settle(&order(), books(&[], &settled)).unwrap().settlement.money().to_string(), "0.00");
    }

    #[test]
    fn the_same_again_is_the_first_and_other_facts_are_a_conflict() {
        let bills = [bill("b", DAY, Charge, floor("2.50", "2"))];
        let none = BTreeMap::new();
        let first = settle(&order(), books(&bills, &none)).unwrap().settlement;
        let again = |order: &SettlementOrder, bills: &[ProviderBill], settled: &BTreeMap<String, String>| {
            settle(order, SettlementBooks { bills, settled, earlier: Some(&first) })
        };
        let settled = BTreeMap::from([("b".to_owned(), "s-1".to_owned())]);
        let repeated = again(&order(), &bills, &settled).unwrap();
        assert!(repeated.repeated && repeated.settlement == first);
        let fact = |order: SettlementOrder, bills: &[ProviderBill]| {
            let error = again(&order, bills, &settled).unwrap_err();
            assert_eq!(error.code(), "statement.settlement_conflict");
            error.details()[1].1.clone()
        };
        assert_eq!(fact(SettlementOrder { to: parse_date("2024-02-28").unwrap(), ..order() }, &bills), "to");
        assert_eq!(fact(SettlementOrder { rounding: Rounding::BSS, ..order() }, &bills), "rounding");
        assert_eq!(fact(order(), &[bill("b", DAY, Charge, floor("2.51", "2"))]), "bills");
        assert_eq!(fact(order(), &[]), "bills");
        let late = [bills[0].clone(), bill("late", DAY, Charge, floor("1", "1"))];
        assert_eq!(fact(order(), &late), "bills");
    }

    #[test]
    fn what_is_wrong_is_told_in_its_order() {
        let code = |order: SettlementOrder, bills: &[ProviderBill]| {
            settle(&order, books(bills, &BTreeMap::new())).unwrap_err().code()
        };
        let bad = bill("b", DAY, Charge, floor("-1", "1"));
        let early = SettlementOrder { to: parse_date("2024-01-31").unwrap(), ..order() };
        assert_eq!(code(early, std::slice::from_ref(&bad)), "statement.settlement_dates");
        assert_eq!(code(order(), &[bad.clone(), bad]), "statement.below_zero");
        let good = bill("b", DAY, Charge, floor("1", "1"));
        assert_eq!(code(order(), &[good.clone(), good]), "statement.repeated_bill");
        assert_eq!(code(order(), &[bill("c", DAY, Refund, commission("1", "1.01"))]), "statement.below_zero");
        assert_eq!(code(order(), &[bill("d", DAY, Charge, discount("-0.01", "1"))]), "statement.below_zero");
    }
}
