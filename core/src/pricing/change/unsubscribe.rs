use super::{super::check_not_below_zero, FeeTable, OrderTerm, not_below_zero};
use crate::{
    error::{PricingError, TimeError},
    exact::Exact,
    money::{Derivation, Known, Ratio, Rounded, Rounding, Term},
    time::{
        BillingDay, Cycle, Instant, MICROS_PER_DAY, Period, Zone, counted_end, days_between, floor_to_hour,
        hours_between,
    },
};
use rust_decimal::Decimal;

const ABOUT: Term = Term::new("refund", "refund of an unsubscribed order", "退订退款");
const NOT_STARTED: Term =
    Term::new("refund_not_started", "refund in full: the period has not started", "全额退款：周期尚未开始");
const EARLY: Term =
    Term::new("refund_early", "refund in full: within the days after purchase", "全额退款：在购买后的期限内");
const AMOUNT: Term = Term::new("amount", "amount of the order", "订单金额");
const VOUCHERS: Term = Term::new("vouchers", "paid by vouchers", "代金券支付");
const PAID: Term = Term::new("paid", "paid", "实付金额");
const USED: Term = Term::new("used", "used", "已用");
const ORDERED: Term = Term::new("ordered", "ordered", "订购");
const CONSUMED: Term = Term::new("consumed", "consumed", "已消费金额");
const FEE_RATIO: Term = Term::new("fee_ratio", "share of the fee", "手续费比例");
const FEE: Term = Term::new("fee", "fee", "手续费");
const LEFT: Term = Term::new("left", "left", "剩余金额");
const EXACT: Term = Term::new("refund_exact", "exact refund", "精确退款");
const REFUND: Term = Term::new("refund", "refund", "退款");

/// What was paid for an order. Vouchers do not count: they are neither used up first nor given back.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    amount: Decimal,
    vouchers: Decimal,
}

/// How much of an order was used, and how much was ordered, in the same unit.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    used: Exact,
    ordered: Exact,
    by: Option<CountsBy>,
}

/// What an order is counted in.
///
/// # Rule
/// R-P10, R-T5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CountsBy {
    /// Hours that pass, both ends floored to the whole hour of the clock.
    Hours,
    /// Dates: that of the start counts, that of the end does not.
    Days,
}

/// How an order that is unsubscribed is refunded. There is no default.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPolicy {
    /// What is counted.
    pub by: CountsBy,
    /// What is kept.
    pub fee: Fee,
    /// For so many days of 24 hours after the purchase, the last instant included, all is refunded;
    /// `None` where there is no such time.
    pub in_full_days: Option<u32>,
    /// Of the refund, and of nothing else.
    pub rounding: Rounding,
}

/// What is kept of what was paid.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fee {
    /// This share of it; [`Ratio::ZERO`] is no fee.
    Share(Ratio),
    /// By a table.
    Table {
        /// The table.
        table: FeeTable,
        /// For how long it was ordered.
        term: OrderTerm,
    },
}

/// An order that runs, ran or will run.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    purchased: Instant,
    period: Period,
    zone: Zone,
}

impl Paid {
    /// Paid by anything but vouchers.
    ///
    /// # Errors
    /// `pricing.below_zero`.
    pub fn new(amount: Decimal) -> Result<Self, PricingError> {
        not_below_zero("paid amount", amount)?;
        Ok(Self { amount, vouchers: Decimal::ZERO })
    }

    /// Of that amount, so much was paid by vouchers.
    ///
    /// # Errors
    /// `pricing.below_zero`; `pricing.vouchers_above_paid` for more than the amount.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::change::Paid;
    ///
    /// let paid = Paid::new("100".parse()?)?;
    /// assert!(paid.by_vouchers("100".parse()?).is_ok());
    /// assert_eq!(paid.by_vouchers("100.01".parse()?).unwrap_err().code(), "pricing.vouchers_above_paid");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_vouchers(self, vouchers: Decimal) -> Result<Self, PricingError> {
        not_below_zero("vouchers", vouchers)?;
        if vouchers > self.amount {
            return Err(PricingError::VouchersAbovePaid { vouchers, paid: self.amount });
        }
        Ok(Self { vouchers, ..self })
    }

    /// The amount of the order, with vouchers.
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// What of it was paid by vouchers.
    pub const fn vouchers(self) -> Decimal {
        self.vouchers
    }

    /// What is refunded by counts that are known already.
    ///
    /// # Units
    /// The unit of the counts does not matter, as both have the same.
    ///
    /// # Rounding
    /// The refund, once.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{Ratio, Rounding};
    /// use counterfoil::pricing::change::{Counts, Paid};
    ///
    /// let counts = Counts::new(344.into(), 758.into())?;
    /// let refund = Paid::new("100".parse()?)?.refund(&counts, Ratio::parse("0.1")?, Rounding::BSS)?;
    /// assert_eq!(refund.amount().to_string(), "44.61"); // 100 − 45.3825… − 10
    /// assert_eq!(refund.consumed().to_string(), "17200/379");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P10
    pub fn refund(self, counts: &Counts, fee: Ratio, rounding: Rounding) -> Result<Refund, PricingError> {
        let mut derivation = Derivation::new("R-P10", ABOUT);
        let paid = self.derive(&mut derivation)?;
        let unit = counts.by.map_or("", CountsBy::name).to_owned();
        let used = derivation.given_of(USED, unit.clone(), counts.used.clone());
        let ordered = derivation.given_of(ORDERED, unit, counts.ordered.clone());
        let consumed = derivation.share(CONSUMED, &[&paid, &used], &ordered)?;
        let ratio = derivation.given(FEE_RATIO, fee.exact());
        let fee = derivation.product(FEE, &[&paid, &ratio])?;
        let left = derivation.difference(LEFT, &paid, &[&consumed, &fee])?;
        let exact = derivation.not_below_zero(EXACT, &left)?;
        let (_, rounded) = derivation.round(REFUND, &exact, rounding)?;
        let uncovered = exact.value().minus(left.value())?;
        Ok(Refund {
            basis: Basis::Use,
            paid: paid.value().clone(),
            consumed: consumed.value().clone(),
            fee: fee.value().clone(),
            uncovered,
            rounded,
            derivation,
        })
    }

    /// Everything that was paid is given back.
    fn refund_in_full(self, basis: Basis, rounding: Rounding) -> Result<Refund, PricingError> {
        let about = if basis == Basis::NotStarted { NOT_STARTED } else { EARLY };
        let mut derivation = Derivation::new("R-P10", about);
        let paid = self.derive(&mut derivation)?;
        let (_, rounded) = derivation.round(REFUND, &paid, rounding)?;
        Ok(Refund {
            basis,
            paid: paid.value().clone(),
            consumed: Exact::ZERO,
            fee: Exact::ZERO,
            uncovered: Exact::ZERO,
            rounded,
            derivation,
        })
    }

    fn derive(self, derivation: &mut Derivation) -> Result<Known, PricingError> {
        if self.vouchers.is_zero() {
            return Ok(derivation.given(PAID, Exact::from(self.amount)));
        }
        let amount = derivation.given(AMOUNT, Exact::from(self.amount));
        let vouchers = derivation.given(VOUCHERS, Exact::from(self.vouchers));
        Ok(derivation.difference(PAID, &amount, &[&vouchers])?)
    }
}

impl Counts {
    /// So much used of so much ordered.
    ///
    /// # Errors
    /// `pricing.below_zero`; `time.empty_cycle` where nothing was ordered;
    /// `pricing.used_more_than_ordered`.
    pub fn new(used: Exact, ordered: Exact) -> Result<Self, PricingError> {
        check_not_below_zero("used", &used)?;
        check_not_below_zero("ordered", &ordered)?;
        if ordered.is_zero() {
            return Err(TimeError::EmptyCycle {}.into());
        }
        if used > ordered {
            return Err(PricingError::UsedMoreThanOrdered { used: used.to_string(), ordered: ordered.to_string() });
        }
        Ok(Self { used, ordered, by: None })
    }

    /// What was used.
    pub const fn used(&self) -> &Exact {
        &self.used
    }

    /// What was ordered.
    pub const fn ordered(&self) -> &Exact {
        &self.ordered
    }
}

impl CountsBy {
    /// The name, as `hours`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }
}

impl Subscription {
    /// An order that was bought when it starts, in the zone that its hours and days are of.
    pub const fn new(period: Period, zone: Zone) -> Self {
        Self { purchased: period.start(), period, zone }
    }

    /// The same, bought earlier than it starts: a renewal.
    ///
    /// # Errors
    /// `time.reversed` for a purchase after the start.
    pub fn purchased(self, at: Instant) -> Result<Self, PricingError> {
        Period::new(at, self.period.start())?;
        Ok(Self { purchased: at, ..self })
    }

    /// How much of it is used at an instant, and how much was ordered.
    ///
    /// The last second of the order, 23:59:59, counts as the midnight after; the end of its use does
    /// not. On the date of the unsubscription it was used up to the day before.
    ///
    /// # Errors
    /// `pricing.outside_order` after its end; `time.empty_cycle` for an order of no whole hour, or
    /// within one date; `time.out_of_range`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::change::{CountsBy, Subscription};
    /// use counterfoil::time::Period;
    ///
    /// let period = Period::parse("2024-01-01T10:30:00+08:00", "2024-02-01T23:59:59+08:00")?;
    /// let order = Subscription::new(period, "Asia/Shanghai".parse()?);
    /// let counts = order.counts("2024-01-15T18:40:00+08:00".parse()?, CountsBy::Hours)?;
    /// assert_eq!((counts.used(), counts.ordered()), (&344.into(), &758.into()));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P10, R-T5
    pub fn counts(&self, at: Instant, by: CountsBy) -> Result<Counts, PricingError> {
        let (period, zone) = (self.period, self.zone);
        self.check(at)?;
        let measure = |period: Period| match by {
            CountsBy::Hours => hours_between(period, zone),
            CountsBy::Days => days_between(period, zone).map(Exact::from),
        };
        let ordered = measure(period)?;
        let used = if at == period.end() {
            ordered.clone()
        } else {
            // Floored first: only the end of the order, not that of its use, has a last second.
            let until = match by {
                CountsBy::Hours => floor_to_hour(at, zone)?,
                CountsBy::Days => BillingDay::of(at, zone)?.period().start(),
            };
            measure(Period::new(period.start(), until.max(period.start()))?)?
        };
        Ok(Counts { by: Some(by), ..Counts::new(used, ordered)? })
    }

    /// In which year of its use it is at an instant, from 1; a year includes the instant at which
    /// it is over, and the last one the rest of its date where the order lasts to the end of that.
    ///
    /// # Errors
    /// `pricing.outside_order` after its end; `time.out_of_range`.
    pub fn year_of_use(&self, at: Instant) -> Result<u32, PricingError> {
        self.check(at)?;
        let before = at.plus_micros(-1).unwrap_or(at).max(self.period.start());
        let (year, running) = Cycle::new(self.period.start(), 12, self.zone)?.containing(before)?;
        let year = u32::try_from(year).unwrap_or(u32::MAX); // an order lasts 9,999 years at most
        // A year from 14 June, 10:30, that expires on 14 June at 23:59:59 is one year: what comes after 10:30 is no second.
        let last_date = BillingDay::of(running.start(), self.zone)?.period();
        let is_rest_of_last = year > 1 && counted_end(self.period, self.zone)? <= last_date.end();
        Ok(if is_rest_of_last { year.saturating_sub(1) } else { year })
    }

    /// What is refunded when it is unsubscribed.
    ///
    /// All of it, without a fee, before the period starts and within the policy's days of the purchase.
    /// Else max(0, paid − consumed − fee).
    ///
    /// # Rounding
    /// The refund, once.
    ///
    /// # Errors
    /// `pricing.outside_order` before the purchase and after the end; `pricing.no_fee`; else as
    /// [`counts`](Self::counts).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::Rounding;
    /// use counterfoil::pricing::change::{Basis, CountsBy, Fee, FeeTable, OrderTerm, Paid, RefundPolicy, Subscription};
    /// use counterfoil::time::Period;
    ///
    /// let period = Period::parse("2024-01-01T10:30:00+08:00", "2024-02-01T23:59:59+08:00")?;
    /// let order = Subscription::new(period, "Asia/Shanghai".parse()?);
    /// let policy = RefundPolicy {
    ///     by: CountsBy::Hours,
    ///     fee: Fee::Table { table: FeeTable::bss_intl(), term: OrderTerm::Monthly },
    ///     in_full_days: Some(5),
    ///     rounding: Rounding::BSS,
    /// };
    /// let paid = Paid::new("100".parse()?)?;
    /// let refund = order.refund(paid, "2024-01-15T18:40:00+08:00".parse()?, &policy)?;
    /// assert_eq!((refund.amount().to_string().as_str(), refund.basis()), ("44.61", Basis::Use));
    ///
    /// let early = order.refund(paid, "2024-01-06T10:30:00+08:00".parse()?, &policy)?;
    /// assert_eq!((early.amount().to_string().as_str(), early.basis()), ("100.00", Basis::EarlyEnough));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P10
    pub fn refund(&self, paid: Paid, at: Instant, policy: &RefundPolicy) -> Result<Refund, PricingError> {
        self.check(at)?;
        if at < self.period.start() {
            return paid.refund_in_full(Basis::NotStarted, policy.rounding);
        }
        if policy.in_full_days.is_some_and(|days| self.is_early(at, days)) {
            return paid.refund_in_full(Basis::EarlyEnough, policy.rounding);
        }
        let counts = self.counts(at, policy.by)?;
        let ratio = match &policy.fee {
            Fee::Share(ratio) => *ratio,
            Fee::Table { table, term } => table.ratio(*term, self.year_of_use(at)?)?,
        };
        paid.refund(&counts, ratio, policy.rounding)
    }

    fn is_early(&self, at: Instant, days: u32) -> bool {
        at.micros_since(self.purchased) <= i64::from(days).saturating_mul(MICROS_PER_DAY)
    }

    /// Between the purchase and the end of the order, both included.
    fn check(&self, at: Instant) -> Result<(), PricingError> {
        if at < self.purchased || self.period.end() < at {
            return Err(PricingError::OutsideOrder {
                at: at.to_chrono(),
                start: self.purchased.to_chrono(),
                end: self.period.end().to_chrono(),
            });
        }
        Ok(())
    }
}

/// What is given back of an order.
///
/// # Rule
/// R-P10, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    basis: Basis,
    paid: Exact,
    consumed: Exact,
    fee: Exact,
    uncovered: Exact,
    rounded: Rounded,
    derivation: Derivation,
}

/// Why a refund is what it is.
///
/// # Rule
/// R-P10
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// What was used is paid, and the fee.
    Use,
    /// In full: the period has not started.
    NotStarted,
    /// In full: it was bought not long ago.
    EarlyEnough,
}

impl Basis {
    /// The name, as `not_started`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::NotStarted => "not_started",
            Self::EarlyEnough => "early_enough",
        }
    }
}

impl Refund {
    /// What is given back: zero or more, and no more than was paid in whole steps.
    pub const fn amount(&self) -> Decimal {
        self.rounded.amount()
    }

    /// Why.
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// What was paid, without vouchers.
    pub const fn paid(&self) -> &Exact {
        &self.paid
    }

    /// What was used of it, exactly.
    pub const fn consumed(&self) -> &Exact {
        &self.consumed
    }

    /// The fee, exactly.
    pub const fn fee(&self) -> &Exact {
        &self.fee
    }

    /// What consumption and fee come to beyond what was paid; nobody owes it.
    /// paid + uncovered = consumed + fee + the exact refund.
    pub const fn uncovered(&self) -> &Exact {
        &self.uncovered
    }

    /// The exact refund, what is given back of it, and what rounding took.
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

    fn dec(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    fn paid(text: &str) -> Paid {
        Paid::new(dec(text)).unwrap()
    }

    fn order(start: &str, end: &str) -> Subscription {
        Subscription::new(Period::parse(start, end).unwrap(), "Asia/Shanghai".parse().unwrap())
    }

    /// bss-ref-01 and bss-ref-02
    fn month() -> Subscription {
        order("2024-01-01T10:30:00+08:00", "2024-02-01T23:59:59+08:00")
    }

    fn policy(term: OrderTerm) -> RefundPolicy {
        let fee = Fee::Table { table: FeeTable::bss_intl(), term };
        RefundPolicy { by: CountsBy::Hours, fee, in_full_days: Some(5), rounding: Rounding::BSS }
    }

    fn refunded(order: &Subscription, at: &str, policy: &RefundPolicy) -> (String, Basis) {
        let refund = order.refund(paid("100"), at.parse().unwrap(), policy).unwrap();
        let whole = refund.paid().plus(refund.uncovered()).unwrap();
        let parts = Exact::sum([refund.consumed(), refund.fee(), refund.rounded().exact()]).unwrap();
        assert_eq!(whole, parts);
        (refund.amount().to_string(), refund.basis())
    }

    fn counts(order: &Subscription, at: &str, by: CountsBy) -> [String; 2] {
        let counts = order.counts(at.parse().unwrap(), by).unwrap();
        [counts.used().to_string(), counts.ordered().to_string()]
    }

    /// bss-ref-01 … bss-ref-04
    #[test]
    fn figures() {
        assert_eq!(counts(&month(), "2024-01-15T18:40:00+08:00", CountsBy::Hours), ["344", "758"]);
        let refund = refunded(&month(), "2024-01-15T18:40:00+08:00", &policy(OrderTerm::Monthly));
        assert_eq!(refund, ("44.61".to_owned(), Basis::Use));

        let by_days = order("2024-06-14T00:00:00+08:00", "2024-07-14T23:59:59+08:00");
        let at = "2024-06-21T15:00:00+08:00";
        assert_eq!(counts(&by_days, at, CountsBy::Days), ["7", "31"]);
        let days = RefundPolicy { by: CountsBy::Days, ..policy(OrderTerm::Monthly) };
        let refund = by_days.refund(paid("310"), at.parse().unwrap(), &days).unwrap();
        assert_eq!([refund.consumed(), refund.fee()], [&Exact::from(70), &Exact::from(31)]);
        assert_eq!(refund.amount().to_string(), "209.00");
    }

    #[test]
    fn only_the_order_has_a_last_second() {
        let hours = |at| counts(&month(), at, CountsBy::Hours);
        assert_eq!(hours("2024-01-01T10:30:00+08:00"), ["0", "758"]);
        assert_eq!(hours("2024-01-01T10:59:59+08:00"), ["0", "758"]);
        assert_eq!(hours("2024-01-01T11:00:00+08:00"), ["1", "758"]);
        assert_eq!(hours("2024-01-01T23:59:59+08:00"), ["13", "758"]); // and not 14
        assert_eq!(hours("2024-02-01T23:59:58+08:00"), ["757", "758"]);
        assert_eq!(hours("2024-02-01T23:59:59+08:00"), ["758", "758"]);
        let days = |at| counts(&month(), at, CountsBy::Days);
        assert_eq!(days("2024-01-01T23:59:59.5+08:00"), ["0", "32"]);
        assert_eq!(days("2024-01-02T00:00:00+08:00"), ["1", "32"]);
        assert_eq!(days("2024-02-01T23:59:59+08:00"), ["32", "32"]);
    }

    #[test]
    fn in_full_before_the_start_and_within_five_days() {
        let policy = policy(OrderTerm::Monthly);
        let full = |basis| ("100.00".to_owned(), basis);
        let refund = |at| refunded(&month(), at, &policy);
        assert_eq!(refund("2024-01-01T10:30:00+08:00"), full(Basis::EarlyEnough));
        assert_eq!(refund("2024-01-06T10:30:00+08:00"), full(Basis::EarlyEnough));
        // A microsecond later 120 of 758 hours are used, and there is a fee.
        assert_eq!(refund("2024-01-06T10:30:00.000001+08:00"), ("74.16".to_owned(), Basis::Use));

        let renewed = order("2024-02-02T00:00:00+08:00", "2024-03-01T23:59:59+08:00");
        let renewed = renewed.purchased("2024-01-20T12:00:00+08:00".parse().unwrap()).unwrap();
        let refund = |at| refunded(&renewed, at, &policy);
        assert_eq!(refund("2024-01-20T12:00:00+08:00"), full(Basis::NotStarted));
        assert_eq!(refund("2024-02-01T23:59:59.999999+08:00"), full(Basis::NotStarted));
        assert_eq!(refund("2024-02-02T00:00:00+08:00"), ("90.00".to_owned(), Basis::Use));
        let never = RefundPolicy { in_full_days: None, ..policy.clone() };
        assert_eq!(refunded(&month(), "2024-01-01T10:30:00+08:00", &never), ("90.00".to_owned(), Basis::Use));
        let at_once = RefundPolicy { in_full_days: Some(0), ..policy.clone() };
        assert_eq!(refunded(&month(), "2024-01-01T10:30:00+08:00", &at_once), full(Basis::EarlyEnough));
    }

    #[test]
    fn the_fee_is_of_the_year_of_use() {
        let three = order("2020-02-29T08:00:00+08:00", "2023-02-28T08:00:00+08:00");
        let year = |at: &str| three.year_of_use(at.parse().unwrap()).unwrap();
        assert_eq!(year("2020-02-29T08:00:00+08:00"), 1);
        assert_eq!(year("2021-02-28T08:00:00+08:00"), 1);
        assert_eq!(year("2021-02-28T08:00:00.000001+08:00"), 2);
        assert_eq!(year("2023-02-28T08:00:00+08:00"), 3);
        let policy = policy(OrderTerm::Years(3));
        // 366 and 365 days of 1095, all of them of 24 hours
        assert_eq!(refunded(&three, "2021-02-28T08:00:00+08:00", &policy).0, "51.66");
        assert_eq!(refunded(&three, "2021-02-28T09:00:00+08:00", &policy).0, "56.66");
        assert_eq!(refunded(&three, "2023-02-28T08:00:00+08:00", &policy).0, "0.00");
    }

    /// An order by the year expires at 23:59:59 of its anniversary: those hours are of its last year, and not of one
    /// that no table has a fee for.
    #[test]
    fn the_last_date_is_of_the_last_year() {
        for (start, end, term, years) in [
            ("2024-06-14T00:00:00+08:00", "2025-06-14T23:59:59+08:00", OrderTerm::Years(1), 1),
            ("2024-06-14T10:30:00+08:00", "2025-06-14T23:59:59+08:00", OrderTerm::Years(1), 1),
            ("2024-06-14T10:30:00+08:00", "2025-06-15T00:00:00+08:00", OrderTerm::Years(1), 1),
            ("2020-02-29T10:30:00+08:00", "2023-02-28T23:59:59+08:00", OrderTerm::Years(3), 3),
        ] {
            let order = order(start, end);
            let date = &end[..10].replace("15", "14");
            for clock in ["10:30:00", "10:30:00.000001", "12:00:00", "23:59:59"] {
                let at = format!("{date}T{clock}+08:00").parse().unwrap();
                assert_eq!(order.year_of_use(at).unwrap(), years, "{start} {end} {at}");
                assert!(order.refund(paid("100"), at, &policy(term)).is_ok(), "{start} {end} {at}");
            }
        }
        // A day more is a year more.
        let longer = order("2024-06-14T10:30:00+08:00", "2025-06-15T23:59:59+08:00");
        assert_eq!(longer.year_of_use("2025-06-14T10:30:00+08:00".parse().unwrap()).unwrap(), 1);
        assert_eq!(longer.year_of_use("2025-06-14T12:00:00+08:00".parse().unwrap()).unwrap(), 2);
    }

    #[test]
    fn never_below_zero() {
        let policy = policy(OrderTerm::Monthly);
        let at = "2024-01-31T12:00:00+08:00";
        let refund = month().refund(paid("100"), at.parse().unwrap(), &policy).unwrap();
        assert_eq!(refund.amount().to_string(), "0.00");
        assert!(!refund.uncovered().is_zero());
        let most = RefundPolicy { fee: Fee::Share(Ratio::ONE), ..policy };
        assert_eq!(refunded(&month(), "2024-01-10T12:00:00+08:00", &most).0, "0.00");
    }

    #[test]
    fn vouchers_are_not_paid() {
        let at = "2024-01-15T18:40:00+08:00".parse().unwrap();
        let mixed = paid("130").by_vouchers(dec("30")).unwrap();
        let refund = month().refund(mixed, at, &policy(OrderTerm::Monthly)).unwrap();
        assert_eq!((refund.amount().to_string().as_str(), refund.paid()), ("44.61", &Exact::from(100)));
        let only = paid("30").by_vouchers(dec("30")).unwrap();
        assert_eq!(month().refund(only, at, &policy(OrderTerm::Monthly)).unwrap().amount().to_string(), "0.00");
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let code = |result: Result<Refund, PricingError>| result.unwrap_err().code();
        let refund = |at: &str, policy: &RefundPolicy| month().refund(paid("1"), at.parse().unwrap(), policy);
        let monthly = policy(OrderTerm::Monthly);
        assert_eq!(code(refund("2024-01-01T10:29:59+08:00", &monthly)), "pricing.outside_order");
        assert_eq!(code(refund("2024-02-01T23:59:59.000001+08:00", &monthly)), "pricing.outside_order");
        assert_eq!(code(refund("2024-01-15T18:40:00+08:00", &policy(OrderTerm::Years(7)))), "pricing.no_fee");
        assert_eq!(Paid::new(dec("-1")).unwrap_err().code(), "pricing.below_zero");
        assert_eq!(paid("1").by_vouchers(dec("-1")).unwrap_err().code(), "pricing.below_zero");
        assert_eq!(paid("1").by_vouchers(dec("1.01")).unwrap_err().code(), "pricing.vouchers_above_paid");
        for (used, ordered, code) in [
            (1, 0, "time.empty_cycle"),
            (-1, 1, "pricing.below_zero"),
            (1, -1, "pricing.below_zero"),
            (2, 1, "pricing.used_more_than_ordered"),
        ] {
            assert_eq!(Counts::new(used.into(), ordered.into()).unwrap_err().code(), code, "{used} {ordered}");
        }
        let short = order("2024-01-01T10:30:00+08:00", "2024-01-01T10:50:00+08:00");
        let at: Instant = "2024-01-01T10:40:00+08:00".parse().unwrap();
        assert_eq!(short.counts(at, CountsBy::Hours).unwrap_err().code(), "time.empty_cycle");
        assert_eq!(short.counts(at, CountsBy::Days).unwrap_err().code(), "time.empty_cycle");
        assert_eq!(
            month().purchased("2024-01-01T10:30:01+08:00".parse().unwrap()).unwrap_err().code(),
            "time.reversed"
        );
    }
}
