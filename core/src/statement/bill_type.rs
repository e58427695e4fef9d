use crate::{
    error::{StatementError, excerpt},
    pricing,
};
use std::{fmt, str::FromStr};

/// What a row of a bill is for, by the number that the public cloud gives it.
///
/// A closed table: a number that is not in it is an error, and never taken for another.
///
/// | number | name | its amounts |
/// |---|---|---|
/// | 1 | `new` | not below zero |
/// | 2 | `renew` | not below zero |
/// | 3 | `change` | either: a downgrade gives back |
/// | 4 | `unsubscribe_refund` | not above zero |
/// | 5 | `usage` | not below zero |
/// | 8 | `auto_renew` | not below zero |
/// | 9 | `adjust_compensation` | not above zero |
/// | 12 | `hourly` | not below zero |
/// | 13 | `unsubscribe_fee` | not below zero |
/// | 14 | `support_month_end` | not below zero |
/// | 16 | `adjust_deduct` | not below zero |
/// | 17 | `minimum_guarantee` | not below zero |
/// | 18 | `monthly_payment` | not below zero |
/// | 20 | `change_refund` | not above zero |
/// | 23 | `savings_plan` | not below zero |
/// | 24 | `period_to_on_demand_refund` | not above zero |
/// | 25 | `truncation_top_up` | not below zero |
/// | 103 | `yearly_payment` | not below zero |
///
/// # Examples
/// ```
/// use counterfoil::statement::{BillSign, BillType};
///
/// let refund = BillType::from_number(4)?;
/// assert_eq!((refund.name(), refund.sign()), ("unsubscribe_refund", BillSign::Refund));
/// assert_eq!(BillType::from_number(6).unwrap_err().code(), "statement.unknown_bill_type");
/// # Ok::<(), counterfoil::error::StatementError>(())
/// ```
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BillType {
    /// A first order.
    New,
    /// A renewal.
    Renew,
    /// A change of specification.
    Change,
    /// What comes back of an order that ends early.
    UnsubscribeRefund,
    /// Usage.
    Usage,
    /// A renewal that nobody had to ask for.
    AutoRenew,
    /// A compensation.
    AdjustCompensation,
    /// Usage by the hour.
    Hourly,
    /// What an unsubscription costs.
    UnsubscribeFee,
    /// Support, at the end of the month.
    SupportMonthEnd,
    /// A deduction by hand.
    AdjustDeduct,
    /// What is missing to a guarantee (R-P13).
    MinimumGuarantee,
    /// A payment of each month.
    MonthlyPayment,
    /// What comes back of a change.
    ChangeRefund,
    /// A savings plan.
    SavingsPlan,
    /// What comes back of a period that becomes on demand.
    PeriodToOnDemandRefund,
    /// What truncated digits come to.
    TruncationTopUp,
    /// A payment of each year.
    YearlyPayment,
}

/// On which side of zero the amounts of a bill may be.
///
/// # Rule
/// R-S4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillSign {
    /// Not below zero.
    Charge,
    /// Not above zero.
    Refund,
    /// Both.
    Either,
}

type Row = (BillType, u32, &'static str, BillSign);

const TABLE: [Row; 18] = {
    use BillSign::{Charge, Either, Refund};
    [
        (BillType::New, 1, "new", Charge),
        (BillType::Renew, 2, "renew", Charge),
        (BillType::Change, 3, "change", Either),
        (BillType::UnsubscribeRefund, 4, "unsubscribe_refund", Refund),
        (BillType::Usage, 5, "usage", Charge),
        (BillType::AutoRenew, 8, "auto_renew", Charge),
        (BillType::AdjustCompensation, 9, "adjust_compensation", Refund),
        (BillType::Hourly, 12, "hourly", Charge),
        (BillType::UnsubscribeFee, 13, "unsubscribe_fee", Charge),
        (BillType::SupportMonthEnd, 14, "support_month_end", Charge),
        (BillType::AdjustDeduct, 16, "adjust_deduct", Charge),
        (BillType::MinimumGuarantee, 17, "minimum_guarantee", Charge),
        (BillType::MonthlyPayment, 18, "monthly_payment", Charge),
        (BillType::ChangeRefund, 20, "change_refund", Refund),
        (BillType::SavingsPlan, 23, "savings_plan", Charge),
        (BillType::PeriodToOnDemandRefund, 24, "period_to_on_demand_refund", Refund),
        (BillType::TruncationTopUp, 25, "truncation_top_up", Charge),
        (BillType::YearlyPayment, 103, "yearly_payment", Charge),
    ]
};

impl BillType {
    /// Every type, by number.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        TABLE.iter().map(|(bill_type, ..)| *bill_type)
    }

    /// The type of a number.
    ///
    /// # Errors
    /// `statement.unknown_bill_type`.
    pub fn from_number(number: u32) -> Result<Self, StatementError> {
        let row = TABLE.iter().find(|(_, known, ..)| *known == number);
        row.map(|(bill_type, ..)| *bill_type).ok_or_else(|| unknown(&number.to_string()))
    }

    /// The number that the public cloud gives it.
    pub const fn number(self) -> u32 {
        self.row().1
    }

    /// The name, as `unsubscribe_refund`.
    pub const fn name(self) -> &'static str {
        self.row().2
    }

    /// On which side of zero its amounts may be.
    pub const fn sign(self) -> BillSign {
        self.row().3
    }

    const fn row(self) -> &'static Row {
        #[expect(
            clippy::indexing_slicing,
            clippy::as_conversions,
            reason = "a table of all types, in their order; a test walks it"
        )]
        &TABLE[self as usize]
    }
}

impl From<pricing::BillType> for BillType {
    fn from(bill_type: pricing::BillType) -> Self {
        match bill_type {
            pricing::BillType::MinimumGuarantee => Self::MinimumGuarantee,
        }
    }
}

impl FromStr for BillType {
    type Err = StatementError;

    /// Reads the names.
    fn from_str(text: &str) -> Result<Self, StatementError> {
        let row = TABLE.iter().find(|(_, _, name, _)| *name == text);
        row.map(|(bill_type, ..)| *bill_type).ok_or_else(|| unknown(text))
    }
}

impl fmt::Display for BillType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl BillSign {
    /// The name, as `not_below_zero`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charge => "not_below_zero",
            Self::Refund => "not_above_zero",
            Self::Either => "either",
        }
    }
}

fn unknown(text: &str) -> StatementError {
    let known: Vec<String> = TABLE.iter().map(|(_, number, ..)| number.to_string()).collect();
    StatementError::UnknownBillType { text: excerpt(text), known: known.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_closed() {
        // R-S4
        let numbers: Vec<u32> = BillType::all().map(BillType::number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 8, 9, 12, 13, 14, 16, 17, 18, 20, 23, 24, 25, 103]);
        for (row, bill_type) in TABLE.iter().zip(BillType::all()) {
            assert_eq!(bill_type.row(), row);
            assert_eq!(BillType::from_number(bill_type.number()).unwrap(), bill_type);
            assert_eq!(bill_type.name().parse::<BillType>().unwrap(), bill_type);
        }
        for number in (0..300).filter(|number| !numbers.contains(number)) {
            assert_eq!(BillType::from_number(number).unwrap_err().code(), "statement.unknown_bill_type");
        }
        assert_eq!("New".parse::<BillType>().unwrap_err().code(), "statement.unknown_bill_type");
        let guarantee = BillType::from(pricing::BillType::MinimumGuarantee);
        assert_eq!(guarantee.number(), pricing::BillType::MinimumGuarantee.bss_number());
        assert_eq!(guarantee.name(), pricing::BillType::MinimumGuarantee.name());
    }
}
