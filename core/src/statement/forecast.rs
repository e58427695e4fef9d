use super::Month;
use crate::{
    error::{MoneyError, StatementError},
    exact::{Exact, RoundingMode},
    money::{Derivation, Money, Term},
};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// What is asked of a balance: whether it lasts to the end of the month.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastTerms {
    /// What the account holds.
    pub balance: Money,
    /// The first date that is not charged yet; it and those after it are the rest of the month.
    pub from: NaiveDate,
    /// What a day is expected to cost.
    pub expect: ExpectedCost,
}

/// What a day of the rest of a month is expected to cost.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedCost {
    /// The average of the days of the month that are charged already, which cost this together.
    AverageSoFar(Money),
    /// What the last day that is charged cost.
    LastDay(Money),
    /// An amount of the caller's.
    Daily(Money),
}

/// Whether a balance lasts, and how that came about.
///
/// # Rule
/// R-S7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    expected: Exact,
    missing: Exact,
    days_left: u32,
    lasts_days: Option<Decimal>,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("forecast", "balance forecast", "余额预测");
const BALANCE: Term = Term::new("balance", "balance", "余额");
const COST_SO_FAR: Term = Term::new("cost_so_far", "cost so far", "本月已计费");
const DAYS_SO_FAR: Term = Term::new("days_so_far", "days so far", "已计费天数");
const LAST_DAY: Term = Term::new("last_day", "cost of the last day", "最近一日费用");
const DAILY: Term = Term::new("daily", "cost of a day", "每日费用");
const DAYS_LEFT: Term = Term::new("days_left", "days left", "剩余天数");
const EXPECTED: Term = Term::new("expected", "expected cost", "预计费用");
const MISSING: Term = Term::new("missing", "missing", "缺口");
const USABLE: Term = Term::new("usable", "usable", "可用余额");
const LASTS: Term = Term::new("lasts", "days that it lasts", "可支撑天数");

impl ForecastTerms {
    /// Whether the balance is below what the rest of the month is expected to cost, and how many whole
    /// days it lasts.
    ///
    /// # Rounding
    /// None, but for the whole days that it lasts: rounded down.
    ///
    /// # Errors
    /// `statement.negative_amount` for a cost below zero; `statement.nothing_to_average` on the first
    /// of a month; `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, statement::{ExpectedCost, ForecastTerms}, time::parse_date};
    ///
    /// // 20 days of February cost 41.20, so 9 more cost 18.54.
    /// let cny = |text| Money::parse(text, CNY);
    /// let (from, expect) = (parse_date("2024-02-21")?, ExpectedCost::AverageSoFar(cny("41.20")?));
    /// let forecast = ForecastTerms { balance: cny("18.53")?, from, expect }.forecast()?;
    /// assert!(forecast.is_notice_due());
    /// assert_eq!((forecast.expected().to_string(), forecast.missing().to_string()), ("18.54".into(), "0.01".into()));
    /// assert_eq!(forecast.lasts_days().map(|days| days.to_string()), Some("8".into()));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-S7
    pub fn forecast(&self) -> Result<Forecast, StatementError> {
        let Self { balance, from, expect } = *self;
        let (ExpectedCost::AverageSoFar(cost) | ExpectedCost::LastDay(cost) | ExpectedCost::Daily(cost)) = expect;
        balance.currency().same_as(cost.currency())?;
        if cost.is_negative() {
            return Err(StatementError::NegativeAmount { what: "cost", amount: cost.amount() });
        }
        let days_so_far = from.day().saturating_sub(1);
        let days_left = Month::of(from).last().day().saturating_sub(days_so_far);

        let mut derivation = Derivation::new("R-S7", ABOUT);
        let known_balance = derivation.given(BALANCE, balance.exact());
        let daily = match expect {
            ExpectedCost::Daily(cost) => derivation.given(DAILY, cost.exact()),
            ExpectedCost::LastDay(cost) => derivation.given(LAST_DAY, cost.exact()),
            ExpectedCost::AverageSoFar(cost) => {
                if days_so_far == 0 {
                    return Err(StatementError::NothingToAverage { date: from });
                }
                let cost = derivation.given(COST_SO_FAR, cost.exact());
                let days = derivation.given(DAYS_SO_FAR, Exact::from(i64::from(days_so_far)));
                derivation.share(DAILY, &[&cost], &days)?
            }
        };
        let days = derivation.given(DAYS_LEFT, Exact::from(i64::from(days_left)));
        let expected = derivation.product(EXPECTED, &[&daily, &days])?;
        let missing = derivation.difference(MISSING, &expected, &[&known_balance])?;
        let missing = derivation.not_below_zero(MISSING, &missing)?;
        let lasts_days = if daily.value().is_zero() {
            None
        } else {
            let usable = derivation.not_below_zero(USABLE, &known_balance)?;
            let days = derivation.share(LASTS, &[&usable], &daily)?;
            let whole = derivation.rounded_to(LASTS, &days, RoundingMode::Floor, Decimal::ONE)?;
            Some(whole.value().to_decimal().ok_or(MoneyError::Overflow { operation: "days that a balance lasts" })?)
        };
        let (expected, missing) = (expected.value().clone(), missing.value().clone());
        Ok(Forecast { expected, missing, days_left, lasts_days, derivation })
    }
}

impl Forecast {
    /// Whether the balance is below the expected cost; one that is just enough is not.
    pub fn is_notice_due(&self) -> bool {
        !self.missing.is_zero()
    }

    /// What the rest of the month is expected to cost, exactly.
    pub const fn expected(&self) -> &Exact {
        &self.expected
    }

    /// What the balance lacks of it, exactly; nothing where it is enough.
    pub const fn missing(&self) -> &Exact {
        &self.missing
    }

    /// How many days the rest of the month has.
    pub const fn days_left(&self) -> u32 {
        self.days_left
    }

    /// How many whole days the balance pays for, this month and after; none where a day costs nothing.
    pub const fn lasts_days(&self) -> Option<Decimal> {
        self.lasts_days
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{money::CNY, time::parse_date};

    fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    fn forecast(balance: &str, from: &str, expect: ExpectedCost) -> Result<Forecast, StatementError> {
        ForecastTerms { balance: cny(balance), from: parse_date(from).unwrap(), expect }.forecast()
    }

    fn lasts(forecast: &Forecast) -> Option<String> {
        forecast.lasts_days().map(|days| days.to_string())
    }

    #[test]
    fn a_notice_is_due_below_the_expected_cost_and_not_at_it() {
        // R-S7: balance < expected cost of the rest of the month
        let due = |balance| forecast(balance, "2024-02-21", ExpectedCost::Daily(cny("2.06"))).unwrap().is_notice_due();
        assert!(due("18.53") && due("0") && due("-1"));
        assert!(!due("18.54") && !due("18.55"));
    }

    #[test]
    fn an_average_is_exact_and_the_days_are_those_of_the_month() {
        let of = |from, cost| forecast("10", from, ExpectedCost::AverageSoFar(cny(cost))).unwrap();
        let third = of("2023-02-04", "1"); // 3 days so far, 25 left
        assert_eq!((third.days_left(), third.expected().to_string()), (25, "25/3".to_owned()));
        assert_eq!(lasts(&third), Some("30".into()));
        assert_eq!(of("2024-02-29", "28").days_left(), 1);
        assert_eq!(third.derivation().recompute().unwrap().len(), third.derivation().steps().len());
        let first = forecast("10", "2024-02-01", ExpectedCost::AverageSoFar(cny("1")));
        assert_eq!(first.unwrap_err().code(), "statement.nothing_to_average");
        assert_eq!(forecast("10", "2024-02-01", ExpectedCost::LastDay(cny("1"))).unwrap().days_left(), 29);
    }

    #[test]
    fn a_balance_lasts_whole_days() {
        let of = |balance, daily| lasts(&forecast(balance, "2024-02-21", ExpectedCost::Daily(cny(daily))).unwrap());
        assert_eq!(of("10", "2.50"), Some("4".into()));
        assert_eq!(of("9.99", "2.50"), Some("3".into()));
        assert_eq!(of("-5", "2.50"), Some("0".into()));
        assert_eq!(of("5", "0"), None);
    }

    #[test]
    fn faults_have_their_codes() {
        let code = |result: Result<Forecast, StatementError>| result.unwrap_err().code();
        assert_eq!(code(forecast("1", "2024-02-21", ExpectedCost::Daily(cny("-1")))), "statement.negative_amount");
        let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
        assert_eq!(code(forecast("1", "2024-02-21", ExpectedCost::Daily(dollars))), "money.currency_mismatch");
        // The last month of all has an end too.
        assert_eq!(forecast("1", "9999-12-01", ExpectedCost::Daily(cny("1"))).unwrap().days_left(), 31);
    }
}
