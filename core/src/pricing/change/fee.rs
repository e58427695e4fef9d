use super::not_below_zero;
use crate::{
    error::{PricingError, excerpt},
    money::{Derivation, Ratio, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, fmt, str::FromStr};

const ABOUT: Term = Term::new("handling_fee", "handling fee", "手续费");
const PAID: Term = Term::new("paid", "paid", "实付金额");
const RATIO: Term = Term::new("fee_ratio", "share of the fee", "手续费比例");
const EXACT: Term = Term::new("fee_exact", "exact fee", "精确手续费");
const FEE: Term = Term::new("fee", "fee", "手续费");

/// For how long something was ordered. Text is `monthly`, `1-year`, `3-year`.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderTerm {
    /// By the month, however many.
    Monthly,
    /// For so many years at once; one or more.
    Years(u32),
}

impl fmt::Display for OrderTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Monthly => f.write_str("monthly"),
            Self::Years(years) => write!(f, "{years}-year"),
        }
    }
}

impl FromStr for OrderTerm {
    type Err = PricingError;

    fn from_str(text: &str) -> Result<Self, PricingError> {
        if text == "monthly" {
            return Ok(Self::Monthly);
        }
        let digits = text.strip_suffix("-year").filter(|digits| !digits.starts_with(['0', '+']));
        let years = digits.and_then(|digits| digits.parse().ok());
        years.map(Self::Years).ok_or_else(|| PricingError::UnknownTerm { text: excerpt(text) })
    }
}

/// Which share of what was paid is kept as a fee: by the term of the order, and the year of use.
///
/// A row for so many years has a share for each of them; that of a monthly order has one, for
/// whatever year.
///
/// # Examples
/// ```
/// use counterfoil::money::Ratio;
/// use counterfoil::pricing::change::{FeeTable, OrderTerm};
///
/// let percent = |percent: &str| Ratio::percent(percent.parse().unwrap());
/// let table = FeeTable::new([
///     (OrderTerm::Monthly, vec![percent("10")?]),
///     (OrderTerm::Years(2), vec![percent("15")?, percent("10")?]),
/// ])?;
/// assert_eq!(table.ratio(OrderTerm::Years(2), 1)?, percent("15")?);
/// assert_eq!(table.ratio(OrderTerm::Years(3), 1).unwrap_err().code(), "pricing.no_fee");
///
/// let a_gap = FeeTable::new([(OrderTerm::Years(2), vec![percent("15")?])]);
/// assert_eq!(a_gap.unwrap_err().code(), "pricing.bad_fee_table");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeTable(BTreeMap<OrderTerm, Vec<Ratio>>);

impl FeeTable {
    /// A table by its rows.
    ///
    /// # Errors
    /// `pricing.bad_fee_table` for a term that stands twice, and for a row with more or fewer shares
    /// than its term has years.
    pub fn new(rows: impl IntoIterator<Item = (OrderTerm, Vec<Ratio>)>) -> Result<Self, PricingError> {
        let mut table = BTreeMap::new();
        for (term, ratios) in rows {
            let bad = |fault| Err(PricingError::BadFeeTable { term: term.to_string(), fault });
            let needed = match term {
                OrderTerm::Monthly => 1,
                OrderTerm::Years(0) => return bad("a term is of one year or more"),
                OrderTerm::Years(years) => usize::try_from(years).unwrap_or(usize::MAX),
            };
            if ratios.len() != needed {
                return bad("it needs a share for each year of the term, and one for a monthly order");
            }
            if table.insert(term, ratios).is_some() {
                return bad("it stands twice");
            }
        }
        Ok(Self(table))
    }

    /// Of the public cloud, international: 15, 10 and 5 % in the first, second and third year of
    /// three; 15 and 10 % of two; 10 % of one; 10 % of a monthly order.
    pub fn bss_intl() -> Self {
        let [five, ten, fifteen] = [5, 10, 15].map(Ratio::of_hundred);
        Self(BTreeMap::from([
            (OrderTerm::Monthly, vec![ten]),
            (OrderTerm::Years(1), vec![ten]),
            (OrderTerm::Years(2), vec![fifteen, ten]),
            (OrderTerm::Years(3), vec![fifteen, ten, five]),
        ]))
    }

    /// The share for an order in a year of its use, from 1.
    ///
    /// # Errors
    /// `pricing.no_fee` where the table has none.
    pub fn ratio(&self, term: OrderTerm, year: u32) -> Result<Ratio, PricingError> {
        let place = year.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        let found = self.0.get(&term).zip(place).and_then(|(ratios, place)| match term {
            OrderTerm::Monthly => ratios.first(),
            OrderTerm::Years(_) => ratios.get(place),
        });
        found.copied().ok_or_else(|| PricingError::NoFee { term: term.to_string(), year })
    }

    /// The fee on what was paid, not counting vouchers.
    ///
    /// # Rounding
    /// Once, to be shown by itself: the fee inside of a refund is not rounded.
    ///
    /// # Errors
    /// As [`ratio`](Self::ratio); `pricing.below_zero`, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::Rounding;
    /// use counterfoil::pricing::change::{FeeTable, OrderTerm};
    ///
    /// let fee = FeeTable::bss_intl().fee("1000".parse()?, OrderTerm::Years(3), 1, Rounding::BSS)?;
    /// assert_eq!(fee.amount().to_string(), "150.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P10
    pub fn fee(
        &self,
        paid: Decimal,
        term: OrderTerm,
        year: u32,
        rounding: Rounding,
    ) -> Result<HandlingFee, PricingError> {
        let ratio = self.ratio(term, year)?;
        let mut derivation = Derivation::new("R-P10", ABOUT);
        let paid = derivation.given(PAID, not_below_zero("paid amount", paid)?);
        let share = derivation.given_of(RATIO, format!("{term}, {year}"), ratio.exact());
        let exact = derivation.product(EXACT, &[&paid, &share])?;
        let (_, rounded) = derivation.round(FEE, &exact, rounding)?;
        Ok(HandlingFee { ratio, rounded, derivation })
    }

    /// The rows, by term.
    pub fn rows(&self) -> impl Iterator<Item = (OrderTerm, &[Ratio])> {
        self.0.iter().map(|(term, ratios)| (*term, ratios.as_slice()))
    }
}

/// A fee, shown by itself.
///
/// # Rule
/// R-P10, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlingFee {
    ratio: Ratio,
    rounded: Rounded,
    derivation: Derivation,
}

impl HandlingFee {
    /// The fee.
    pub const fn amount(&self) -> Decimal {
        self.rounded.amount()
    }

    /// Which share of what was paid it is.
    pub const fn ratio(&self) -> Ratio {
        self.ratio
    }

    /// The fee, and what it came from.
    pub const fn rounded(&self) -> &Rounded {
        &self.rounded
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::decimal;

    /// bss-fee-01, -04, -06, and the whole table of R-P10
    #[test]
    fn the_table_of_the_rule() {
        let table = FeeTable::bss_intl();
        for (term, year, fee) in [
            ("3-year", 1, "150.00"),
            ("3-year", 2, "100.00"),
            ("3-year", 3, "50.00"),
            ("2-year", 1, "150.00"),
            ("2-year", 2, "100.00"),
            ("1-year", 1, "100.00"),
            ("monthly", 1, "100.00"),
            ("monthly", 2, "100.00"),
        ] {
            let of = table.fee(decimal::parse("1000").unwrap(), term.parse().unwrap(), year, Rounding::BSS).unwrap();
            assert_eq!(of.amount().to_string(), fee, "{term} {year}");
            assert_eq!(of.rounded().remainder().unwrap().to_string(), "0");
        }
        assert_eq!(FeeTable::new(table.rows().map(|(term, ratios)| (term, ratios.to_vec()))).unwrap(), table);
        for (term, year) in [("1-year", 2), ("2-year", 3), ("3-year", 4), ("3-year", 0), ("monthly", 0), ("4-year", 1)]
        {
            let error = table.ratio(term.parse().unwrap(), year).unwrap_err();
            assert_eq!(error.code(), "pricing.no_fee", "{term} {year}");
        }
    }

    #[test]
    fn rows_have_no_gaps_and_no_doubles() {
        let ratio = Ratio::of_hundred(10);
        for rows in [
            vec![(OrderTerm::Years(2), vec![ratio])],
            vec![(OrderTerm::Years(2), vec![ratio; 3])],
            vec![(OrderTerm::Monthly, vec![])],
            vec![(OrderTerm::Monthly, vec![ratio; 2])],
            vec![(OrderTerm::Years(0), vec![])],
            vec![(OrderTerm::Years(u32::MAX), vec![ratio])],
            vec![(OrderTerm::Monthly, vec![ratio]), (OrderTerm::Monthly, vec![ratio])],
        ] {
            assert_eq!(FeeTable::new(rows.clone()).unwrap_err().code(), "pricing.bad_fee_table", "{rows:?}");
        }
        assert!(FeeTable::new([]).unwrap().ratio(OrderTerm::Monthly, 1).is_err());
    }

    #[test]
    fn terms_are_read_strictly() {
        for text in ["monthly", "1-year", "3-year", "4294967295-year"] {
            assert_eq!(text.parse::<OrderTerm>().unwrap().to_string(), text);
        }
        for text in
            ["", "3", "0-year", "03-year", "+3-year", "-3-year", "3-years", "Monthly", "4294967296-year", "-year"]
        {
            assert_eq!(text.parse::<OrderTerm>().unwrap_err().code(), "pricing.unknown_term", "{text}");
        }
    }
}
