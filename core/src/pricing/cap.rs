use super::check_not_below_zero;
use crate::{
    error::PricingError,
    exact::{Exact, decimal},
    money::{Derivation, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;

/// The most that the lines of a period cost together, with what was billed before.
///
/// # Examples
/// ```
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::Cap;
///
/// let capped = Cap::parse("170")?.apply(&160.into(), &[15.into(), 7.into()], Rounding::PORTAL)?;
/// let discounts: Vec<String> = capped.lines().iter().map(|line| line.discount().to_string()).collect();
/// assert_eq!(discounts, ["5", "7"]);
/// assert_eq!(capped.amount().to_string(), "10.00");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P13, R-P3 (*maximum*)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    maximum: Decimal,
}

/// A line below a [`Cap`]: what it costs, what of that is above, and what is left to bill.
///
/// # Rule
/// R-P13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CappedLine {
    amount: Exact,
    discount: Exact,
    billed: Exact,
}

/// Lines below a [`Cap`], and what is to bill for all of them.
///
/// # Rounding
/// The total, once; lines stay exact.
///
/// # Rule
/// R-P13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capped {
    lines: Vec<CappedLine>,
    amount: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("cap", "maximum of a period", "周期封顶");
const MAXIMUM: Term = Term::new("maximum", "maximum", "封顶金额");
const BILLED_BEFORE: Term = Term::new("billed_before", "billed before", "此前已收");
const LINE: Term = Term::new("line", "line", "费用行");
const RUNNING: Term = Term::new("running", "running total", "累计金额");
const WITHIN: Term = Term::new("within", "within the maximum", "封顶内累计");
const BILLED: Term = Term::new("billed", "to bill", "应收");
const DISCOUNT: Term = Term::new("discount", "above the maximum", "超封顶减免");
const TO_BILL: Term = Term::new("to_bill", "to bill in all", "合计应收");
const CHARGED: Term = Term::new("charged", "charged", "收取金额");

impl Cap {
    /// A maximum for a period.
    ///
    /// # Errors
    /// `pricing.below_zero`.
    pub fn new(maximum: Decimal) -> Result<Self, PricingError> {
        check_not_below_zero("maximum", &Exact::from(maximum))?;
        Ok(Self { maximum })
    }

    /// A maximum written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`] and [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, PricingError> {
        Self::new(decimal::parse(text)?)
    }

    /// Bills lines in order, each as far as the running total stays within the maximum.
    ///
    /// What lies above is the line's discount: amount = discount + billed. A line below zero gives
    /// back only what lies within the maximum.
    ///
    /// # Rounding
    /// The total, once.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P13
    pub fn apply(self, already_billed: &Exact, lines: &[Exact], rounding: Rounding) -> Result<Capped, PricingError> {
        let mut derivation = Derivation::new("R-P13", ABOUT);
        let maximum = derivation.given(MAXIMUM, Exact::from(self.maximum));
        let before = derivation.given(BILLED_BEFORE, already_billed.clone());
        let mut within = derivation.smallest(WITHIN, &[&maximum, &before])?;
        let mut running = before;
        let (mut capped, mut billed) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
        for (number, line) in (1_usize..).zip(lines) {
            let of = number.to_string();
            let amount = derivation.given_of(LINE, of.clone(), line.clone());
            running = derivation.sum(RUNNING, &[&running, &amount])?;
            derivation.label(&running, of.clone());
            let now_within = derivation.smallest(WITHIN, &[&maximum, &running])?;
            derivation.label(&now_within, of.clone());
            let to_bill = derivation.difference(BILLED, &now_within, &[&within])?;
            derivation.label(&to_bill, of.clone());
            let discount = derivation.difference(DISCOUNT, &amount, &[&to_bill])?;
            derivation.label(&discount, of);
            capped.push(CappedLine {
                amount: line.clone(),
                discount: discount.value().clone(),
                billed: to_bill.value().clone(),
            });
            billed.push(to_bill);
            within = now_within;
        }
        let total = derivation.sum(TO_BILL, &billed.iter().collect::<Vec<_>>())?;
        let (_, amount) = derivation.round(CHARGED, &total, rounding)?;
        Ok(Capped { lines: capped, amount, derivation })
    }
}

impl CappedLine {
    /// What the line costs.
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// What of it lies above the maximum.
    pub const fn discount(&self) -> &Exact {
        &self.discount
    }

    /// What of it is to bill.
    pub const fn billed(&self) -> &Exact {
        &self.billed
    }
}

impl Capped {
    /// The lines, in order.
    pub fn lines(&self) -> &[CappedLine] {
        &self.lines
    }

    /// What is to bill for all of them.
    pub const fn amount(&self) -> Decimal {
        self.amount.amount()
    }

    /// What is to bill, with its exact value and the remainder.
    pub const fn rounded(&self) -> &Rounded {
        &self.amount
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn capped(maximum: &str, before: &str, lines: &[&str]) -> (Vec<[String; 3]>, String) {
        let lines: Vec<Exact> = lines.iter().map(|line| line.parse().unwrap()).collect();
        let capped = Cap::parse(maximum).unwrap().apply(&before.parse().unwrap(), &lines, Rounding::PORTAL).unwrap();
        let shown =
            capped.lines().iter().map(|line| [&line.amount, &line.discount, &line.billed].map(Exact::to_string));
        (shown.collect(), capped.amount().to_string())
    }

    /// The sum at the end names every line: its formula is as long as all others together, and only once.
    #[test]
    fn very_many_lines_are_explained_in_reasonable_time() {
        let lines = vec![Exact::ONE; 4_000];
        let capped = Cap::parse("170").unwrap().apply(&Exact::ZERO, &lines, Rounding::PORTAL).unwrap();
        let text = capped.derivation().to_string();
        assert_eq!((capped.amount().to_string().as_str(), text.lines().count()), ("170.00", 20_006));
    }

    #[test]
    fn the_part_above_the_maximum_is_a_discount_of_its_line() {
        let row = |of: [&str; 3]| of.map(str::to_owned);
        // om-graduated-max, ns-fee-cap
        assert_eq!(
            capped("170", "160", &["15", "7"]),
            (vec![row(["15", "5", "10"]), row(["7", "7", "0"])], "10.00".into())
        );
        assert_eq!(capped("10", "0", &["50"]), (vec![row(["50", "40", "10"])], "10.00".into()));
        // Just reached, and more billed before than the maximum.
        assert_eq!(capped("170", "160", &["10"]).0, [row(["10", "0", "10"])]);
        assert_eq!(capped("170", "180", &["15"]).0, [row(["15", "15", "0"])]);
        // 160 + 15 − 8 = 167: of the 8, 5 were above.
        assert_eq!(
            capped("170", "160", &["15", "-8"]),
            (vec![row(["15", "5", "10"]), row(["-8", "-5", "-3"])], "7.00".into())
        );
        assert_eq!(capped("170", "0", &[]), (vec![], "0.00".into()));
        assert_eq!(Cap::parse("-0.01").unwrap_err().code(), "pricing.below_zero");
    }

    proptest! {
        /// Whatever the lines are: amount = discount + billed, and before + billed never passes the maximum.
        #[test]
        fn a_cap_is_conserved_and_holds(
            maximum in 0..100_i64,
            before in 0..100_i64,
            lines in prop::collection::vec(-40..40_i64, 0..8),
        ) {
            let exact: Vec<Exact> = lines.iter().copied().map(Exact::from).collect();
            let before = before.min(maximum);
            let capped = Cap::new(maximum.into()).unwrap().apply(&before.into(), &exact, Rounding::PORTAL).unwrap();
            let mut total = before;
            for (line, amount) in capped.lines().iter().zip(&exact) {
                prop_assert_eq!(&line.discount.plus(&line.billed).unwrap(), amount);
                total += line.billed.to_string().parse::<i64>().unwrap();
                prop_assert!(total <= maximum);
            }
            let uncapped: i64 = before + lines.iter().sum::<i64>();
            prop_assert_eq!(total, uncapped.min(maximum));
        }
    }
}
