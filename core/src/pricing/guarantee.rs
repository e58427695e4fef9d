use super::check_not_below_zero;
use crate::{
    error::PricingError,
    exact::{Exact, decimal},
    money::{Derivation, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;

/// What a customer guarantees to spend: where it spends less, the difference is a line of its own.
///
/// # Examples
/// ```
/// use counterfoil::exact::Exact;
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::Guarantee;
///
/// let line = Guarantee::parse("1000")?.charge(&"730.55".parse()?, Rounding::BSS)?;
/// assert_eq!(line.amount().to_string(), "269.45");
/// assert_eq!(line.bill_type().bss_number(), 17);
///
/// // 25 days of 28: prorated exactly, and rounded once.
/// let prorated = Guarantee::parse("1000")?.prorated(Exact::ratio(25, 28)?)?;
/// let line = prorated.charge(&800.into(), "half_up 1 total".parse()?)?;
/// assert_eq!(line.amount().to_string(), "93");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarantee {
    amount: Decimal,
    /// Of a whole period, from 0 to 1; none for all of it.
    share: Option<Exact>,
}

/// What a line of a bill is for, where it is not for usage.
///
/// # Rule
/// R-P13
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BillType {
    /// What is missing to a guarantee.
    MinimumGuarantee,
}

/// The line for what is missing to a guarantee; nothing where it was reached.
///
/// # Rule
/// R-P13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuaranteeLine {
    guaranteed: Exact,
    amount: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("minimum_guarantee", "minimum guarantee", "保底差额");
const GUARANTEED: Term = Term::new("guaranteed", "guaranteed", "保底金额");
const SHARE: Term = Term::new("share", "share of the period", "周期份额");
const PRORATED: Term = Term::new("prorated", "guaranteed for the share", "按份额保底金额");
const ACTUAL: Term = Term::new("actual", "actual", "实际消费");
const MISSING: Term = Term::new("missing", "guaranteed less actual", "保底与实际之差");
const DUE: Term = Term::new("due", "due", "应补差额");
const CHARGED: Term = Term::new("charged", "charged", "收取金额");

impl BillType {
    /// The name, as `minimum_guarantee`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MinimumGuarantee => "minimum_guarantee",
        }
    }

    /// The number that the public cloud gives it in its bills.
    pub const fn bss_number(self) -> u32 {
        match self {
            Self::MinimumGuarantee => 17,
        }
    }
}

impl Guarantee {
    /// An amount for a whole period.
    ///
    /// # Errors
    /// `pricing.below_zero`.
    pub fn new(amount: Decimal) -> Result<Self, PricingError> {
        check_not_below_zero("guaranteed", &Exact::from(amount))?;
        Ok(Self { amount, share: None })
    }

    /// An amount written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`] and [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, PricingError> {
        Self::new(decimal::parse(text)?)
    }

    /// The same guarantee for a share of its period, as [`Proration`](crate::time::Proration) tells
    /// it: 25 days of 28.
    ///
    /// # Errors
    /// `pricing.share_out_of_range` below 0 and above 1.
    pub fn prorated(self, share: Exact) -> Result<Self, PricingError> {
        if share.is_negative() || share > Exact::ONE {
            return Err(PricingError::ShareOutOfRange { share: share.to_string() });
        }
        Ok(Self { share: Some(share), ..self })
    }

    /// The line for what is missing: max(0, guaranteed − actual).
    ///
    /// # Rounding
    /// Once, at the end.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P13
    pub fn charge(&self, actual: &Exact, rounding: Rounding) -> Result<GuaranteeLine, PricingError> {
        let mut derivation = Derivation::new("R-P13", ABOUT);
        let mut guaranteed = derivation.given(GUARANTEED, Exact::from(self.amount));
        if let Some(share) = &self.share {
            let share = derivation.given(SHARE, share.clone());
            guaranteed = derivation.product(PRORATED, &[&guaranteed, &share])?;
        }
        let actual = derivation.given(ACTUAL, actual.clone());
        let missing = derivation.difference(MISSING, &guaranteed, &[&actual])?;
        let due = derivation.not_below_zero(DUE, &missing)?;
        let (_, amount) = derivation.round(CHARGED, &due, rounding)?;
        Ok(GuaranteeLine { guaranteed: guaranteed.value().clone(), amount, derivation })
    }
}

impl GuaranteeLine {
    /// What the line is for.
    pub const fn bill_type(&self) -> BillType {
        BillType::MinimumGuarantee
    }

    /// What was guaranteed for the period, or for its share, exactly.
    pub const fn guaranteed(&self) -> &Exact {
        &self.guaranteed
    }

    /// What is charged.
    pub const fn amount(&self) -> Decimal {
        self.amount.amount()
    }

    /// What is charged, with its exact value and the remainder.
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

    fn guarantee(amount: &str, share: Option<&str>, actual: &str, rounding: &str) -> String {
        let mut guarantee = Guarantee::parse(amount).unwrap();
        if let Some(share) = share {
            guarantee = guarantee.prorated(share.parse().unwrap()).unwrap();
        }
        let line = guarantee.charge(&actual.parse().unwrap(), rounding.parse().unwrap()).unwrap();
        assert_eq!(line.derivation().recompute().unwrap().last(), Some(&Exact::from(line.amount())));
        line.amount().to_string()
    }

    #[test]
    fn what_is_missing_is_charged() {
        // R-P13; bss-min-04, lago-trueup-25of28, om-package-min
        assert_eq!(guarantee("1000", None, "730.55", "bss"), "269.45");
        assert_eq!(guarantee("1000", Some("25/28"), "800", "half_up 1 total"), "93");
        assert_eq!(guarantee("100", None, "0", "portal"), "100.00");
        for (actual, charged) in
            [("1000", "0.00"), ("1000.01", "0.00"), ("999.999", "0.00"), ("999.99", "0.01"), ("-5", "1005.00")]
        {
            assert_eq!(guarantee("1000", None, actual, "bss"), charged, "{actual}");
        }
        assert_eq!(
            (guarantee("1000", Some("0"), "0", "bss"), guarantee("1000", Some("1"), "0", "bss")),
            ("0.00".into(), "1000.00".into())
        );
        // Rounded once: 1000 ÷ 3 − 333.33 is 0.00333…, and only that is rounded: up to a cent, to the nearest to nothing.
        assert_eq!(guarantee("1000", Some("1/3"), "333.33", "up 0.01 total"), "0.01");
        assert_eq!(guarantee("1000", Some("1/3"), "333.33", "half_up 0.01 total"), "0.00");
    }

    #[test]
    fn what_is_no_guarantee_is_refused() {
        assert_eq!(Guarantee::parse("-0.01").unwrap_err().code(), "pricing.below_zero");
        for share in ["-1/28", "29/28"] {
            let refused = Guarantee::parse("1").unwrap().prorated(share.parse().unwrap());
            assert_eq!(refused.unwrap_err().code(), "pricing.share_out_of_range");
        }
    }
}
