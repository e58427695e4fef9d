use super::{Month, trend::absolute};
use crate::{
    error::{MoneyError, StatementError},
    exact::Exact,
    money::{Derivation, Money, Rounding, Term},
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What came in and went out over a time.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// What customers paid for purchases.
    pub paid: Money,
    /// What was refunded to them.
    pub refunded: Money,
    /// What the provider is paid; below zero where it gave more back.
    pub cost: Money,
}

/// What a turnover leaves, and how it came about.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profit {
    revenue: Money,
    profit: Money,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("profit", "profit", "利润");
const PAID: Term = Term::new("paid", "paid purchases", "已付购买");
const REFUNDED: Term = Term::new("refunded", "refunds", "退款");
const REVENUE: Term = Term::new("revenue", "revenue", "收入");
const COST: Term = Term::new("cost", "provider cost", "供应商成本");
const PROFIT: Term = Term::new("profit", "profit", "利润");

impl Turnover {
    /// Revenue = paid purchases − refunds; profit = revenue − provider cost. Either may be below zero.
    ///
    /// # Errors
    /// `statement.negative_amount` of purchases or refunds below zero; `money.currency_mismatch`,
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, statement::Turnover};
    ///
    /// let cny = |text| Money::parse(text, CNY);
    /// let of = Turnover { paid: cny("1000.00")?, refunded: cny("54.61")?, cost: cny("700.00")? }.profit()?;
    /// assert_eq!((of.revenue(), of.profit()), (cny("945.39")?, cny("245.39")?));
    /// assert_eq!(of.derivation().value("revenue").expect("a step").to_string(), "945.39");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-S7
    pub fn profit(&self) -> Result<Profit, StatementError> {
        let Self { paid, refunded, cost } = *self;
        let (revenue, profit) = (paid.minus(refunded)?, paid.minus(refunded)?.minus(cost)?);
        for (what, money) in [("purchase", paid), ("refund", refunded)] {
            if money.is_negative() {
                return Err(StatementError::NegativeAmount { what, amount: money.amount() });
            }
        }
        let mut derivation = Derivation::new("R-S7", ABOUT);
        let paid = derivation.given(PAID, paid.exact());
        let refunded = derivation.given(REFUNDED, refunded.exact());
        let derived = derivation.difference(REVENUE, &paid, &[&refunded])?;
        let cost = derivation.given(COST, cost.exact());
        let left = derivation.difference(PROFIT, &derived, &[&cost])?;
        if *left.value() != profit.exact() {
            return Err(MoneyError::Overflow { operation: "a profit" }.into()); // the same differences
        }
        Ok(Profit { revenue, profit, derivation })
    }
}

impl Profit {
    /// Paid purchases − refunds.
    pub const fn revenue(&self) -> Money {
        self.revenue
    }

    /// Revenue − provider cost.
    pub const fn profit(&self) -> Money {
        self.profit
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

/// How a figure changed against an earlier one.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChange {
    base: Money,
    difference: Money,
    ratio: Option<Exact>,
}

impl FigureChange {
    /// From `base` to `now`: the difference, and as a share of the base without its sign, so that more
    /// is above zero and less below, also from a loss: −4 to −2 is +50 %.
    ///
    /// # Errors
    /// `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, statement::FigureChange};
    ///
    /// let cny = |text| Money::parse(text, CNY);
    /// let change = FigureChange::between(cny("300.00")?, cny("400.00")?)?;
    /// assert_eq!((change.difference(), change.ratio()), (cny("100.00")?, Some(&"1/3".parse()?)));
    /// assert_eq!(change.percent("half_up 0.01 total".parse()?)?.map(|percent| percent.to_string()), Some("33.33".into()));
    /// assert_eq!(FigureChange::between(cny("0")?, cny("400.00")?)?.ratio(), None);
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-S7
    pub fn between(base: Money, now: Money) -> Result<Self, StatementError> {
        let difference = now.minus(base)?;
        let share = |base: Exact| difference.exact().divided_by(&absolute(&base)?).map_err(StatementError::from);
        let ratio = if base.is_zero() { None } else { Some(share(base.exact())?) };
        Ok(Self { base, difference, ratio })
    }

    /// What it was.
    pub const fn base(&self) -> Money {
        self.base
    }

    /// What it is more.
    pub const fn difference(&self) -> Money {
        self.difference
    }

    /// The difference as a share of the base, exactly; none of a base of 0.
    pub const fn ratio(&self) -> Option<&Exact> {
        self.ratio.as_ref()
    }

    /// The ratio in hundredths, for people.
    ///
    /// # Rounding
    /// Once, as named.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn percent(&self, rounding: Rounding) -> Result<Option<Decimal>, StatementError> {
        let Some(ratio) = &self.ratio else { return Ok(None) };
        Ok(Some(rounding.round(ratio.times(&Exact::from(100))?)?.amount()))
    }
}

/// A month's figure against the month before and the same month a year before.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Against the month before; none if that has no figure.
    pub month_on_month: Option<FigureChange>,
    /// Against the same month of the year before; none if that has no figure.
    pub year_on_year: Option<FigureChange>,
}

/// Compares a month's figure with those of earlier months.
///
/// # Errors
/// `statement.repeated_month` where a month has two figures; `statement.no_figure` where the month
/// itself has none; `money.currency_mismatch`, `money.overflow`.
///
/// # Rule
/// R-S7
pub fn compare_months(
    figures: impl IntoIterator<Item = (Month, Money)>,
    month: Month,
) -> Result<Comparison, StatementError> {
    let mut known = BTreeMap::new();
    for (month, figure) in figures {
        if known.insert(month, figure).is_some() {
            return Err(StatementError::RepeatedMonth { subject: "the figures".into(), month: month.to_string() });
        }
    }
    let figures = known;
    let Some(now) = figures.get(&month) else {
        return Err(StatementError::NoFigure { month: month.to_string() });
    };
    let against = |months: i64| {
        // A month before the first one of all has no figure.
        let base = month.plus(months).ok().and_then(|base| figures.get(&base));
        base.map(|base| FigureChange::between(*base, *now)).transpose()
    };
    Ok(Comparison { month_on_month: against(-1)?, year_on_year: against(-12)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::CNY;

    fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    #[test]
    fn revenue_is_net_of_refunds_and_profit_of_costs() {
        // R-S7
        let of = |paid, refunded, cost| {
            Turnover { paid: cny(paid), refunded: cny(refunded), cost: cny(cost) }
                .profit()
                .map_err(|error| error.code())
        };
        let shown = |of: Profit| (of.revenue().to_string(), of.profit().to_string());
        assert_eq!(of("100.00", "2.50", "80").map(shown), Ok(("97.50".into(), "17.50".into())));
        assert_eq!(of("0", "2.50", "1").map(shown), Ok(("-2.50".into(), "-3.50".into())));
        assert_eq!(of("1", "0", "-1").map(shown), Ok(("1".into(), "2".into())));
        assert_eq!(of("-1", "0", "0"), Err("statement.negative_amount"));
        assert_eq!(of("1", "-0.01", "0"), Err("statement.negative_amount"));
    }

    #[test]
    fn a_change_from_nothing_is_no_share_and_from_a_loss_keeps_its_direction() {
        // R-S7: none when the base is 0
        let ratio = |base, now| FigureChange::between(cny(base), cny(now)).unwrap().ratio().map(ToString::to_string);
        assert_eq!(ratio("0", "5"), None);
        assert_eq!(ratio("0.00", "0"), None);
        assert_eq!(ratio("4", "5").unwrap(), "0.25");
        assert_eq!(ratio("4", "0").unwrap(), "-1");
        assert_eq!(ratio("-4", "-2").unwrap(), "0.5");
        assert_eq!(ratio("-4", "-6").unwrap(), "-0.5");
        assert_eq!(ratio("-4", "4").unwrap(), "2");
        let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
        assert_eq!(FigureChange::between(cny("1"), dollars).unwrap_err().code(), "money.currency_mismatch");
    }

    #[test]
    fn a_month_is_compared_with_the_one_before_and_the_year_before() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let figures = [(month("2023-01"), cny("80")), (month("2023-12"), cny("200")), (month("2024-01"), cny("100"))];
        let of = |at: &str| compare_months(figures, month(at)).unwrap();
        let ratio = |change: &Option<FigureChange>| change.as_ref().map(|change| change.ratio().unwrap().to_string());
        let january = of("2024-01");
        assert_eq!(ratio(&january.month_on_month).unwrap(), "-0.5");
        assert_eq!(ratio(&january.year_on_year).unwrap(), "0.25");
        assert_eq!(of("2023-01"), Comparison { month_on_month: None, year_on_year: None });
        assert_eq!(compare_months(figures, month("2024-02")).unwrap_err().code(), "statement.no_figure");
        let first = [(month("0001-01"), cny("1"))];
        assert!(compare_months(first, month("0001-01")).unwrap().year_on_year.is_none());
        let twice = [figures[0], figures[0]];
        assert_eq!(compare_months(twice, month("2023-01")).unwrap_err().code(), "statement.repeated_month");
    }
}
