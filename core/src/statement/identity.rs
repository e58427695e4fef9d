use super::{BillSign, BillType};
use crate::{
    error::{MoneyError, StatementError},
    exact::decimal,
    money::Currency,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A row of a bill as it was read: nothing is checked yet.
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillFacts {
    /// What tells it from other rows.
    pub id: String,
    /// The number of its type.
    pub type_number: u32,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What was consumed by the list.
    pub official: Decimal,
    /// What discounts take off.
    pub discount: Decimal,
    /// What was lost below the smallest coin.
    pub truncated: Decimal,
    /// What is left of the official amount.
    pub consumed: Decimal,
    /// What was paid, or is owed.
    pub amount: Decimal,
    /// What paid it.
    pub sources: BillSources,
}

/// What paid a row of a bill, by kind of source. Nothing of a kind is zero.
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BillSources {
    /// Cash.
    pub cash: Decimal,
    /// The credit line.
    pub credit: Decimal,
    /// Vouchers.
    pub voucher: Decimal,
    /// Cash coupons.
    pub cash_coupon: Decimal,
    /// Stored-value cards.
    pub stored_card: Decimal,
    /// Bonus.
    pub bonus: Decimal,
    /// What nobody paid yet.
    pub debt: Decimal,
    /// Adjustments.
    pub adjustment: Decimal,
}

/// A kind of source of a bill.
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the fields of `BillSources` say what they are")]
pub enum BillSource {
    Cash,
    Credit,
    Voucher,
    CashCoupon,
    StoredCard,
    Bonus,
    Debt,
    Adjustment,
}

/// A row of a bill for which all identities hold.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal::parse;
/// use counterfoil::money::CNY;
/// use counterfoil::statement::{Bill, BillFacts, BillSources};
///
/// let facts = BillFacts {
///     id: "b-1".into(),
///     type_number: 5,
///     currency: CNY,
///     official: parse("100.12345678")?,
///     discount: parse("20")?,
///     truncated: parse("0.00345678")?,
///     consumed: parse("80.12")?,
///     amount: parse("80.12")?,
///     sources: BillSources { cash: parse("60.12")?, voucher: parse("20")?, ..BillSources::default() },
/// };
/// assert_eq!(Bill::new(facts.clone())?.amount_less_vouchers()?.to_string(), "60.12");
///
/// let off = BillFacts { consumed: parse("80.13")?, ..facts };
/// let error = Bill::new(off).unwrap_err();
/// assert_eq!(error.code(), "statement.consumed_identity");
/// assert_eq!(error.details().last().unwrap().1, "0.01");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    facts: BillFacts,
    bill_type: BillType,
}

/// Many rows of bills, each checked.
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedBills {
    /// The rows for which all identities hold, in their order.
    pub good: Vec<Bill>,
    /// The others, in their order, each with all that is wrong.
    pub faulty: Vec<FaultyBill>,
    /// What the good rows come to, by type and currency.
    pub sums: BTreeMap<(BillType, Currency), BillSums>,
}

/// A row of a bill with what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyBill {
    /// Its place among the rows, from 0.
    pub index: usize,
    /// The row.
    pub facts: BillFacts,
    /// What is wrong, in the order of the checks; at least one.
    pub faults: Vec<StatementError>,
}

/// What rows of one type and currency come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BillSums {
    /// How many rows.
    pub rows: usize,
    /// Σ official.
    pub official: Decimal,
    /// Σ discount.
    pub discount: Decimal,
    /// Σ truncated.
    pub truncated: Decimal,
    /// Σ consumed.
    pub consumed: Decimal,
    /// Σ amount.
    pub amount: Decimal,
    /// Σ of each kind of source.
    pub sources: BillSources,
}

/// Checks every row: all faulty ones are told, and the good ones are kept.
///
/// # Errors
/// `money.overflow` where a sum of good rows has more than 28 digits. What is wrong with a row is in
/// the answer.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal::parse;
/// use counterfoil::money::CNY;
/// use counterfoil::statement::{BillFacts, BillSources, check_bills};
///
/// let row = |id: &str, type_number, amount: &str| {
///     let amount = parse(amount)?;
///     Ok::<_, counterfoil::error::Error>(BillFacts {
///         id: id.into(),
///         type_number,
///         currency: CNY,
///         official: amount,
///         discount: parse("0")?,
///         truncated: parse("0")?,
///         consumed: amount,
///         amount,
///         sources: BillSources { cash: amount, ..BillSources::default() },
///     })
/// };
/// let checked = check_bills([row("a", 5, "3.00")?, row("b", 4, "1.00")?, row("c", 6, "1.00")?])?;
/// assert_eq!(checked.good.len(), 1);
/// let codes: Vec<_> = checked.faulty.iter().map(|row| row.faults[0].code()).collect();
/// assert_eq!(codes, ["statement.bill_sign", "statement.unknown_bill_type"]);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S4
pub fn check_bills(rows: impl IntoIterator<Item = BillFacts>) -> Result<CheckedBills, StatementError> {
    let mut checked = CheckedBills { good: Vec::new(), faulty: Vec::new(), sums: BTreeMap::new() };
    let mut seen = BTreeSet::new();
    for (index, facts) in rows.into_iter().enumerate() {
        let mut faults = facts.faults();
        if !seen.insert(facts.id.clone()) {
            faults.insert(0, StatementError::RepeatedBill { bill: facts.id.clone() });
        }
        match (BillType::from_number(facts.type_number), faults.is_empty()) {
            (Ok(bill_type), true) => {
                let sums = checked.sums.entry((bill_type, facts.currency)).or_default();
                *sums = sums.with(&facts)?;
                checked.good.push(Bill { facts, bill_type });
            }
            _ => checked.faulty.push(FaultyBill { index, facts, faults }),
        }
    }
    Ok(checked)
}

impl Bill {
    /// A row, if all identities hold.
    ///
    /// # Errors
    /// The first of: `statement.unknown_bill_type`, `statement.amount_identity`,
    /// `statement.consumed_identity`, `statement.bill_sign`; `money.overflow`.
    ///
    /// # Rule
    /// R-S4
    pub fn new(facts: BillFacts) -> Result<Self, StatementError> {
        match facts.faults().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self { bill_type: BillType::from_number(facts.type_number)?, facts }),
        }
    }

    /// What stands in the row.
    pub const fn facts(&self) -> &BillFacts {
        &self.facts
    }

    /// What it is for.
    pub const fn bill_type(&self) -> BillType {
        self.bill_type
    }

    /// The amount less what vouchers paid: what the formula column of a bill shows.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn amount_less_vouchers(&self) -> Result<Decimal, StatementError> {
        Ok(decimal::subtract(self.facts.amount, self.facts.sources.voucher)?)
    }
}

impl BillFacts {
    /// All that is wrong with the row, in the order of the checks; empty if it is good.
    ///
    /// # Rule
    /// R-S4
    pub fn faults(&self) -> Vec<StatementError> {
        let mut faults = Vec::new();
        let bill_type = BillType::from_number(self.type_number);
        if let Err(unknown) = &bill_type {
            faults.push(unknown.clone());
        }
        for check in [self.amount_identity(), self.consumed_identity()] {
            faults.extend(check.err());
        }
        if let Ok(bill_type) = bill_type {
            let amounts = [("consumption", self.consumed), ("amount", self.amount)];
            faults.extend(amounts.into_iter().filter_map(|(what, amount)| self.sign(bill_type, what, amount).err()));
        }
        faults
    }

    fn amount_identity(&self) -> Result<(), StatementError> {
        let (expected, found) = (self.sources.total()?, self.amount);
        if expected == found {
            return Ok(());
        }
        let difference = decimal::subtract(found, expected)?.normalize();
        Err(StatementError::AmountIdentity { bill: self.id.clone(), expected, found, difference })
    }

    fn consumed_identity(&self) -> Result<(), StatementError> {
        let off = [decimal::negate(self.discount), decimal::negate(self.truncated)];
        let (expected, found) = (decimal::sum([self.official].into_iter().chain(off))?, self.consumed);
        if expected == found {
            return Ok(());
        }
        let difference = decimal::subtract(found, expected)?.normalize();
        let expected = decimal::with_scale(expected.normalize(), found.scale());
        Err(StatementError::ConsumedIdentity { bill: self.id.clone(), expected, found, difference })
    }

    fn sign(&self, bill_type: BillType, what: &'static str, amount: Decimal) -> Result<(), StatementError> {
        let allowed = match bill_type.sign() {
            BillSign::Charge => amount >= Decimal::ZERO,
            BillSign::Refund => amount <= Decimal::ZERO,
            BillSign::Either => true,
        };
        if allowed {
            return Ok(());
        }
        let (bill, allowed) = (self.id.clone(), bill_type.sign().name());
        Err(StatementError::BillSign { bill, bill_type: bill_type.name(), what, amount, allowed })
    }
}

impl BillSources {
    /// What sources paid, added up by kind.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn of(legs: impl IntoIterator<Item = (BillSource, Decimal)>) -> Result<Self, MoneyError> {
        let mut sources = Self::default();
        for (source, amount) in legs {
            let place = sources.place(source);
            *place = decimal::add(*place, amount)?;
        }
        Ok(sources)
    }

    /// The sum of all kinds.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn total(&self) -> Result<Decimal, MoneyError> {
        decimal::sum(BillSource::ALL.map(|source| self.get(source)))
    }

    /// What sources of a kind paid.
    pub const fn get(&self, source: BillSource) -> Decimal {
        match source {
            BillSource::Cash => self.cash,
            BillSource::Credit => self.credit,
            BillSource::Voucher => self.voucher,
            BillSource::CashCoupon => self.cash_coupon,
            BillSource::StoredCard => self.stored_card,
            BillSource::Bonus => self.bonus,
            BillSource::Debt => self.debt,
            BillSource::Adjustment => self.adjustment,
        }
    }

    const fn place(&mut self, source: BillSource) -> &mut Decimal {
        match source {
            BillSource::Cash => &mut self.cash,
            BillSource::Credit => &mut self.credit,
            BillSource::Voucher => &mut self.voucher,
            BillSource::CashCoupon => &mut self.cash_coupon,
            BillSource::StoredCard => &mut self.stored_card,
            BillSource::Bonus => &mut self.bonus,
            BillSource::Debt => &mut self.debt,
            BillSource::Adjustment => &mut self.adjustment,
        }
    }
}

impl BillSource {
    /// Every kind, in the order of the identity.
    pub const ALL: [Self; 8] = [
        Self::Cash,
        Self::Credit,
        Self::Voucher,
        Self::CashCoupon,
        Self::StoredCard,
        Self::Bonus,
        Self::Debt,
        Self::Adjustment,
    ];

    /// The name, as `cash_coupon`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credit => "credit",
            Self::Voucher => "voucher",
            Self::CashCoupon => "cash_coupon",
            Self::StoredCard => "stored_card",
            Self::Bonus => "bonus",
            Self::Debt => "debt",
            Self::Adjustment => "adjustment",
        }
    }
}

impl BillSums {
    fn with(&self, row: &BillFacts) -> Result<Self, MoneyError> {
        let legs = [&self.sources, &row.sources].map(|of| BillSource::ALL.map(|source| (source, of.get(source))));
        Ok(Self {
            rows: self.rows.saturating_add(1),
            official: decimal::add(self.official, row.official)?,
            discount: decimal::add(self.discount, row.discount)?,
            truncated: decimal::add(self.truncated, row.truncated)?,
            consumed: decimal::add(self.consumed, row.consumed)?,
            amount: decimal::add(self.amount, row.amount)?,
            sources: BillSources::of(legs.into_iter().flatten())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{CNY, Rounding};

    fn dec(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    /// bss-bill-01 and bss-bill-02 in one row each.
    fn bill_01() -> BillFacts {
        let sources = BillSources {
            cash: dec("10"),
            credit: dec("2"),
            voucher: dec("3"),
            cash_coupon: dec("1"),
            stored_card: dec("4"),
            debt: dec("5"),
            ..BillSources::default()
        };
        BillFacts { official: dec("25"), consumed: dec("25.00"), amount: dec("25.00"), sources, ..nothing("bill-01") }
    }

    fn nothing(id: &str) -> BillFacts {
        let zero = Decimal::ZERO;
        BillFacts {
            id: id.into(),
            type_number: 5,
            currency: CNY,
            official: zero,
            discount: zero,
            truncated: zero,
            consumed: zero,
            amount: zero,
            sources: BillSources::default(),
        }
    }

    fn codes(facts: &BillFacts) -> Vec<&'static str> {
        facts.faults().iter().map(StatementError::code).collect()
    }

    #[test]
    fn an_amount_is_the_sum_of_its_sources() {
        // R-S4, bss-bill-01
        let bill = Bill::new(bill_01()).unwrap();
        assert_eq!(bill.amount_less_vouchers().unwrap(), dec("22.00"));
        for source in BillSource::ALL {
            let mut off = bill_01();
            let place = off.sources.place(source);
            *place = decimal::add(*place, dec("0.01")).unwrap();
            let error = Bill::new(off).unwrap_err();
            assert_eq!(error.code(), "statement.amount_identity", "{source:?}");
            let facts: Vec<String> = error.details().into_iter().map(|(_, value)| value).collect();
            assert_eq!(facts, ["bill-01", "25.01", "25.00", "-0.01"]);
        }
    }

    #[test]
    fn a_consumption_is_the_official_amount_less_what_is_off() {
        // R-S4, bss-bill-02: 100.12345678 − 20 − 0.00345678 = 80.12
        let facts = BillFacts {
            official: dec("100.12345678"),
            discount: dec("20"),
            truncated: dec("0.00345678"),
            consumed: dec("80.12"),
            ..nothing("bill-02")
        };
        assert_eq!(codes(&facts), [""; 0]);
        let off = BillFacts { truncated: dec("0.00345679"), ..facts };
        let [fault] = <[_; 1]>::try_from(off.faults()).unwrap();
        let details: Vec<String> = fault.details().into_iter().map(|(_, value)| value).collect();
        assert_eq!(details, ["bill-02", "80.11999999", "80.12", "0.00000001"]);
    }

    #[test]
    fn what_is_truncated_is_what_the_rounding_lost() {
        // bss-rate-02: 512.12456789 is charged as 512.12, and 0.00456789 is reported.
        let rounded = Rounding::BSS.round("512.12456789".parse().unwrap()).unwrap();
        let truncated = rounded.remainder().unwrap().to_decimal().unwrap();
        assert_eq!((rounded.amount(), truncated), (dec("512.12"), dec("0.00456789")));
        let official = rounded.exact().to_decimal().unwrap();
        let facts = BillFacts { official, truncated, consumed: rounded.amount(), ..nothing("rate-02") };
        assert_eq!(codes(&facts), [""; 0]);
    }

    #[test]
    fn signs_are_of_the_type() {
        let row = |type_number: u32, amount: &str| {
            let amount = dec(amount);
            let sources = BillSources { cash: amount, ..BillSources::default() };
            BillFacts { type_number, official: amount, consumed: amount, amount, sources, ..nothing("s") }
        };
        for bill_type in BillType::all() {
            let number = bill_type.number();
            assert_eq!(codes(&row(number, "0")), [""; 0], "{bill_type}");
            let both = ["statement.bill_sign"; 2];
            let (plus, minus) = (codes(&row(number, "0.01")), codes(&row(number, "-0.01")));
            match bill_type.sign() {
                BillSign::Charge => assert_eq!((plus, minus), (vec![], both.to_vec())),
                BillSign::Refund => assert_eq!((plus, minus), (both.to_vec(), vec![])),
                BillSign::Either => assert_eq!((plus, minus), (vec![], vec![])),
            }
        }
    }

    #[test]
    fn all_faults_of_all_rows_are_told_and_good_rows_are_kept() {
        let broken = BillFacts { type_number: 7, amount: dec("1"), consumed: dec("2"), ..nothing("x") };
        let expected = ["statement.unknown_bill_type", "statement.amount_identity", "statement.consumed_identity"];
        assert_eq!(codes(&broken), expected);
        let checked = check_bills([bill_01(), broken, bill_01(), nothing("y")]).unwrap();
        let good: Vec<&str> = checked.good.iter().map(|bill| bill.facts().id.as_str()).collect();
        assert_eq!(good, ["bill-01", "y"]);
        let faulty: Vec<_> = checked.faulty.iter().map(|row| (row.index, row.faults[0].code())).collect();
        assert_eq!(faulty, [(1, "statement.unknown_bill_type"), (2, "statement.repeated_bill")]);
        let sums = checked.sums[&(BillType::Usage, CNY)];
        assert_eq!((sums.rows, sums.amount, sums.sources.cash), (2, dec("25.00"), dec("10")));
    }

    #[test]
    fn what_overflows_is_a_fault_of_its_row() {
        let sources = BillSources { cash: Decimal::MAX, credit: Decimal::MAX, ..BillSources::default() };
        assert_eq!(codes(&BillFacts { sources, ..nothing("o") }), ["money.overflow"]);
    }
}
