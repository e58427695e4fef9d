use super::{Remaining, not_below_zero};
use crate::{
    error::PricingError,
    exact::Exact,
    money::{Derivation, Known, Ratio, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;

const ABOUT: Term = Term::new("change_of_specification", "change of specification", "变更规格");
const OLD_AMOUNT: Term = Term::new("old_amount", "old amount", "原数量");
const NEW_AMOUNT: Term = Term::new("new_amount", "new amount", "新数量");
const UNIT_PRICE: Term = Term::new("unit_price", "price of one for a month", "单价（每月）");
const OLD: Term = Term::new("old", "old price of a month", "原月价");
const NEW: Term = Term::new("new", "new price of a month", "新月价");
const DIFFERENCE: Term = Term::new("difference", "difference of a month", "每月差价");
const DISCOUNT: Term = Term::new("discount", "discount", "折扣");
const DISCOUNTED: Term = Term::new("discounted", "discounted difference", "折后差价");
const EXACT: Term = Term::new("exact", "difference of what remains", "剩余时间差价");
const OLD_LEFT: Term = Term::new("old_left", "what is left of the old one", "原规格剩余价值");
const NEW_LEFT: Term = Term::new("new_left", "what the new one costs", "新规格费用");
const CREDIT: Term = Term::new("credit", "credit", "退还");
const CHARGE: Term = Term::new("charge", "charge", "收取");
const PAYABLE: Term = Term::new("payable", "payable", "应付");

/// What a month costs before a change and after it.
///
/// # Rule
/// R-P8
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Another specification at another price.
    Price {
        /// The price of a month before.
        old: Decimal,
        /// And after.
        new: Decimal,
    },
    /// More or fewer of the same: seats, gigabytes.
    Amount {
        /// How many before.
        old: Decimal,
        /// And after.
        new: Decimal,
        /// What one of them costs a month.
        price: Decimal,
    },
}

/// How a change is settled. There is no default.
///
/// # Rule
/// R-P8, R-M2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeTerms {
    /// What the difference is multiplied with; [`Ratio::ONE`] is no discount.
    pub discount: Ratio,
    /// What happens when the new one costs less.
    pub downgrade: Downgrade,
    /// What is rounded.
    pub legs: Legs,
    /// How.
    pub rounding: Rounding,
}

/// Whether a change to something cheaper gives the difference back.
///
/// # Rule
/// R-P8
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Downgrade {
    /// The difference is given back.
    Refund,
    /// It is `pricing.downgrade_refused`.
    Refuse,
}

/// Whether the net is rounded, or each of the two amounts that it is made of.
///
/// # Rule
/// R-P8, R-M2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Legs {
    /// The net, once.
    Net,
    /// The credit for the old one and the charge for the new one, each by itself; the net is what
    /// they come to. It may be a step away from the net rounded once.
    Each,
}

impl ChangeTerms {
    /// The net, truncated to cents; a downgrade is refunded; no discount.
    pub const BSS: Self =
        Self { discount: Ratio::ONE, downgrade: Downgrade::Refund, legs: Legs::Net, rounding: Rounding::BSS };
}

impl Change {
    /// More of what costs so much a month: an expansion by 60 GB.
    pub const fn expansion(by: Decimal, price: Decimal) -> Self {
        Self::Amount { old: Decimal::ZERO, new: by, price }
    }

    /// What the change costs: (new − old) × discount × what remains.
    ///
    /// # Units
    /// Prices are of a month, in one currency; the result is in the same.
    ///
    /// # Rounding
    /// As the terms say: the net once, or each leg once, as an amount of its own.
    ///
    /// # Errors
    /// `pricing.below_zero` for a price or an amount below zero; `pricing.downgrade_refused`;
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{Ratio, Rounding};
    /// use counterfoil::pricing::change::{Change, ChangeTerms, Due, Legs, PartOfMonth, Remaining};
    ///
    /// let remaining = Remaining::of_days([PartOfMonth { days: 17.into(), of: 31.into() }])?;
    /// let change = Change::Price { old: "10".parse()?, new: "20".parse()? };
    /// let net = ChangeTerms { rounding: Rounding::RESELLER, ..ChangeTerms::BSS };
    /// let each = ChangeTerms { legs: Legs::Each, ..net };
    /// assert_eq!(change.cost(&remaining, net)?.payable().to_string(), "5.48"); // 170/31 = 5.4838…
    /// assert_eq!(change.cost(&remaining, each)?.payable().to_string(), "5.49"); // 10.97 − 5.48
    ///
    /// let back = Change::Price { old: "20".parse()?, new: "10".parse()? };
    /// assert_eq!(back.cost(&remaining, net)?.due(), Due::Refund("5.48".parse()?));
    ///
    /// let discounted = ChangeTerms { discount: Ratio::parse("0.8")?, ..ChangeTerms::BSS };
    /// assert_eq!(change.cost(&remaining, discounted)?.payable().to_string(), "4.38");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P8
    pub fn cost(&self, remaining: &Remaining, terms: ChangeTerms) -> Result<ChangeCost, PricingError> {
        let mut derivation = Derivation::new("R-P8", ABOUT);
        let (old, new) = self.prices(&mut derivation)?;
        if terms.downgrade == Downgrade::Refuse && new.value() < old.value() {
            let (old, new) = (old.value().to_string(), new.value().to_string());
            return Err(PricingError::DowngradeRefused { old, new });
        }
        match terms.legs {
            Legs::Net => net(derivation, [&old, &new], remaining, terms),
            Legs::Each => each(derivation, [&old, &new], remaining, terms),
        }
    }

    /// The price of a month before and after.
    fn prices(&self, derivation: &mut Derivation) -> Result<(Known, Known), PricingError> {
        match *self {
            Self::Price { old, new } => {
                let (old, new) = (not_below_zero("old price", old)?, not_below_zero("new price", new)?);
                Ok((derivation.given(OLD, old), derivation.given(NEW, new)))
            }
            Self::Amount { old, new, price } => {
                let old = derivation.given(OLD_AMOUNT, not_below_zero("old amount", old)?);
                let new = derivation.given(NEW_AMOUNT, not_below_zero("new amount", new)?);
                let price = derivation.given(UNIT_PRICE, not_below_zero("unit price", price)?);
                Ok((derivation.product(OLD, &[&old, &price])?, derivation.product(NEW, &[&new, &price])?))
            }
        }
    }
}

fn net(
    mut derivation: Derivation,
    [old, new]: [&Known; 2],
    remaining: &Remaining,
    terms: ChangeTerms,
) -> Result<ChangeCost, PricingError> {
    let mut difference = derivation.difference(DIFFERENCE, new, &[old])?;
    if terms.discount != Ratio::ONE {
        let discount = derivation.given(DISCOUNT, terms.discount.exact());
        difference = derivation.product(DISCOUNTED, &[&difference, &discount])?;
    }
    let months = remaining.derive(&mut derivation)?;
    let exact = derivation.product(EXACT, &[&difference, &months])?;
    let (_, rounded) = derivation.round(PAYABLE, &exact, terms.rounding)?;
    Ok(ChangeCost { rounded, legs: None, derivation })
}

fn each(
    mut derivation: Derivation,
    [old, new]: [&Known; 2],
    remaining: &Remaining,
    terms: ChangeTerms,
) -> Result<ChangeCost, PricingError> {
    let discount = (terms.discount != Ratio::ONE).then(|| derivation.given(DISCOUNT, terms.discount.exact()));
    let months = remaining.derive(&mut derivation)?;
    let mut leg = |left: Term, leg: Term, price: &Known| {
        let factors: Vec<&Known> = [Some(price), discount.as_ref(), Some(&months)].into_iter().flatten().collect();
        let exact = derivation.product(left, &factors)?;
        derivation.round(leg, &exact, terms.rounding)
    };
    let (credit, credited) = leg(OLD_LEFT, CREDIT, old)?;
    let (charge, charged) = leg(NEW_LEFT, CHARGE, new)?;
    derivation.difference(PAYABLE, &charge, &[&credit])?;
    let exact = charged.exact().minus(credited.exact())?;
    let amount = crate::exact::decimal::subtract(charged.amount(), credited.amount())?;
    let rounded = Rounded::settled(exact, amount, terms.rounding);
    Ok(ChangeCost { rounded, legs: Some((credited, charged)), derivation })
}

/// What a change costs, or gives back.
///
/// # Rule
/// R-P8, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCost {
    rounded: Rounded,
    /// The credit and the charge, where each is rounded.
    legs: Option<(Rounded, Rounded)>,
    derivation: Derivation,
}

/// Who pays whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The customer pays so much.
    Pay(Decimal),
    /// The customer gets so much back; above zero.
    Refund(Decimal),
    /// Nobody pays.
    Nothing,
}

impl ChangeCost {
    /// What the customer pays; below zero where money is given back.
    pub const fn payable(&self) -> Decimal {
        self.rounded.amount()
    }

    /// The same as who pays whom.
    pub fn due(&self) -> Due {
        match self.payable() {
            zero if zero.is_zero() => Due::Nothing,
            refund if refund < Decimal::ZERO => Due::Refund(crate::exact::decimal::negate(refund)),
            pay => Due::Pay(pay),
        }
    }

    /// The exact net, what is paid of it, and what rounding took.
    pub const fn rounded(&self) -> &Rounded {
        &self.rounded
    }

    /// The exact net.
    pub const fn exact(&self) -> &Exact {
        self.rounded.exact()
    }

    /// What is given back for the old one, where each leg is rounded.
    pub fn credit(&self) -> Option<&Rounded> {
        self.legs.as_ref().map(|(credit, _)| credit)
    }

    /// What is charged for the new one, where each leg is rounded.
    pub fn charge(&self) -> Option<&Rounded> {
        self.legs.as_ref().map(|(_, charge)| charge)
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Months, PartOfMonth};
    use super::*;
    use crate::{
        exact::decimal,
        time::{Instant, Period, Zone},
    };
    use rust_decimal::Decimal;

    fn dec(text: &str) -> Decimal {
        decimal::parse(text).unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn of_days(parts: &[(&str, &str)]) -> Remaining {
        let part = |(days, of): &(&str, &str)| PartOfMonth { days: days.parse().unwrap(), of: of.parse().unwrap() };
        Remaining::of_days(parts.iter().map(part)).unwrap()
    }

    fn price(old: &str, new: &str) -> Change {
        Change::Price { old: dec(old), new: dec(new) }
    }

    fn bss(change: Change, remaining: &Remaining) -> ChangeCost {
        change.cost(remaining, ChangeTerms::BSS).unwrap()
    }

    /// bss-up-02, -05, -06 and x-up-02
    #[test]
    fn figures_of_given_days() {
        let half = of_days(&[("15", "30")]);
        let two = of_days(&[("12", "31"), ("17", "30")]);
        // 2861.2903…: down and half-even agree.
        assert_eq!(bss(price("3000", "6000"), &two).payable().to_string(), "2861.29");
        assert_eq!(bss(Change::expansion(dec("60"), dec("1")), &half).payable().to_string(), "30.00");
        assert_eq!(bss(price("470", "534"), &half).payable().to_string(), "32.00");
        assert_eq!(bss(price("7200", "14400"), &of_days(&[("50", "30")])).payable().to_string(), "12000.00");
    }

    /// bss-up-04: from 14:00 on, 6 days and 10 hours of May, and June.
    #[test]
    fn counted_from_the_next_whole_hour() {
        let shanghai: Zone = "Asia/Shanghai".parse().unwrap();
        let order = Period::parse("2026-04-30T09:00:00+08:00", "2026-06-30T23:59:59+08:00").unwrap();
        let left = |now: &str| Remaining::of_order(order, at(now), Months::Natural, shanghai).unwrap();
        let remaining = left("2026-05-25T13:40:00+08:00");
        assert_eq!(remaining.counted().unwrap().start(), at("2026-05-25T14:00:00+08:00"));
        let cost = bss(price("0", "39"), &remaining);
        assert_eq!(cost.payable().to_string(), "47.07");
        assert_eq!(cost.derivation().value("days").unwrap().to_string(), "77/12");
        assert_eq!(cost.derivation().value("share").unwrap().to_string(), "77/372");
        assert_eq!(cost.derivation().value("whole_months").unwrap().to_string(), "1");
        // The peer's 47.07258075 has its days rounded to 8 digits first; the exact one is 5837/124.
        assert_eq!(cost.exact().to_string(), "5837/124");
        assert_eq!(left("2026-05-25T14:00:00+08:00"), remaining);
        assert_ne!(left("2026-05-25T14:00:00.000001+08:00"), remaining);
    }

    #[test]
    fn bought_today_counts_from_midnight_in_the_zone() {
        let shanghai: Zone = "Asia/Shanghai".parse().unwrap();
        let order = Period::parse("2024-05-20T00:10:00+08:00", "2024-06-20T00:00:00+08:00").unwrap();
        let from = |now: &str, zone| {
            Remaining::of_order(order, at(now), Months::Natural, zone).unwrap().counted().unwrap().start()
        };
        assert_eq!(from("2024-05-20T13:40:00+08:00", shanghai), at("2024-05-21T00:00:00+08:00"));
        assert_eq!(from("2024-05-20T00:10:00+08:00", shanghai), at("2024-05-21T00:00:00+08:00"));
        assert_eq!(from("2024-05-21T00:00:00+08:00", shanghai), at("2024-05-21T00:00:00+08:00"));
        // In UTC it was bought the day before.
        assert_eq!(from("2024-05-20T13:40:00+08:00", Zone::UTC), at("2024-05-20T14:00:00+08:00"));
    }

    #[test]
    fn nothing_is_left_in_the_last_hour() {
        let order = Period::parse("2024-05-01T00:00:00Z", "2024-05-31T23:59:59Z").unwrap();
        let left = |now: &str| Remaining::of_order(order, at(now), Months::Natural, Zone::UTC);
        let last = left("2024-05-31T23:00:01Z").unwrap();
        assert!(last.months().is_zero());
        let cost = bss(price("10", "20"), &last);
        assert_eq!((cost.due(), cost.payable().to_string().as_str()), (Due::Nothing, "0.00"));
        assert_eq!(left("2024-05-31T23:00:00Z").unwrap().months().to_string(), "1/744");
        for outside in ["2024-05-31T23:59:59Z", "2024-04-30T23:59:59Z"] {
            assert_eq!(left(outside).unwrap_err().code(), "pricing.outside_order");
        }
        // An order that ends in the middle of an hour has less than one left.
        let order = Period::parse("2024-05-01T00:00:00Z", "2024-05-31T13:50:00Z").unwrap();
        let late = Remaining::of_order(order, at("2024-05-31T13:40:00Z"), Months::Natural, Zone::UTC).unwrap();
        assert!(late.months().is_zero());
    }

    /// A day that the clock changed on is one day, and an hour of it 1/23 of it.
    #[test]
    fn hours_of_a_short_day() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let order = Period::parse("2024-03-01T00:00:00+01:00", "2024-04-01T00:00:00+02:00").unwrap();
        let left = Remaining::of_order(order, at("2024-03-31T01:30:00+01:00"), Months::Natural, berlin).unwrap();
        assert_eq!(left.counted().unwrap().start(), at("2024-03-31T03:00:00+02:00"));
        assert_eq!(left.months().to_string(), "21/713"); // 21/23 of a day of 31
    }

    #[test]
    fn a_downgrade_is_refunded_or_refused() {
        let half = of_days(&[("15", "30")]);
        let cost = bss(price("534", "470"), &half);
        assert_eq!((cost.payable().to_string().as_str(), cost.due()), ("-32.00", Due::Refund(dec("32.00"))));
        let refuse = ChangeTerms { downgrade: Downgrade::Refuse, ..ChangeTerms::BSS };
        let refused = price("534", "470").cost(&half, refuse).unwrap_err();
        assert_eq!(refused.details(), [("old", "534".to_owned()), ("new", "470".to_owned())]);
        assert_eq!(price("534", "534").cost(&half, refuse).unwrap().due(), Due::Nothing);
        let fewer = Change::Amount { old: dec("3"), new: dec("2"), price: dec("10") };
        assert_eq!(fewer.cost(&half, refuse).unwrap_err().code(), "pricing.downgrade_refused");
    }

    /// fp-upgrade and fp-seats
    #[test]
    fn the_net_or_each_leg() {
        let left = of_days(&[("17", "31")]);
        let net = ChangeTerms { rounding: Rounding::RESELLER, ..ChangeTerms::BSS };
        let each = ChangeTerms { legs: Legs::Each, ..net };
        let seats = Change::Amount { old: dec("5"), new: dec("10"), price: dec("10") };
        for (change, exact, once, credit, charge, both) in [
            (price("10", "20"), "170/31", "5.48", "5.48", "10.97", "5.49"),
            (seats, "850/31", "27.42", "27.42", "54.84", "27.42"),
        ] {
            let (net, each) = (change.cost(&left, net).unwrap(), change.cost(&left, each).unwrap());
            assert_eq!((net.exact().to_string().as_str(), net.payable()), (exact, dec(once)));
            assert_eq!((net.credit(), net.charge()), (None, None));
            assert_eq!((each.credit().unwrap().amount(), each.charge().unwrap().amount()), (dec(credit), dec(charge)));
            assert_eq!((each.exact(), each.payable()), (net.exact(), dec(both)));
        }
    }

    #[test]
    fn a_discount_multiplies_the_difference() {
        let terms = ChangeTerms { discount: Ratio::parse("0.9").unwrap(), ..ChangeTerms::BSS };
        let left = of_days(&[("15", "30")]);
        assert_eq!(price("470", "534").cost(&left, terms).unwrap().payable(), dec("28.80"));
        let each = ChangeTerms { legs: Legs::Each, ..terms };
        assert_eq!(price("470", "534").cost(&left, each).unwrap().payable(), dec("28.80"));
        let free = ChangeTerms { discount: Ratio::ZERO, ..terms };
        assert_eq!(price("470", "534").cost(&left, free).unwrap().due(), Due::Nothing);
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let left = of_days(&[("15", "30")]);
        for change in [
            price("-1", "2"),
            price("1", "-2"),
            Change::expansion(dec("-1"), dec("1")),
            Change::expansion(dec("1"), dec("-1")),
        ] {
            assert_eq!(change.cost(&left, ChangeTerms::BSS).unwrap_err().code(), "pricing.below_zero");
        }
        let large = price("0", "79228162514264337593543950335");
        assert_eq!(large.cost(&left, ChangeTerms::BSS).unwrap_err().code(), "money.overflow");
        let bad = |days: &str, of: &str| {
            let part = PartOfMonth { days: days.parse().unwrap(), of: of.parse().unwrap() };
            Remaining::of_days([PartOfMonth { days: 1.into(), of: 1.into() }, part]).unwrap_err().details()
        };
        assert_eq!(bad("-1", "30")[0], ("part", "1".to_owned()));
        assert_eq!(bad("1", "0")[0], ("part", "1".to_owned()));
        assert_eq!(bad("1", "-30")[0], ("part", "1".to_owned()));
    }

    /// Years of whole months are one step, however many.
    #[test]
    fn the_whole_of_time_is_three_steps() {
        let all = Period::parse("0001-02-02T00:00:00Z", "9999-11-29T09:00:00Z").unwrap();
        for months in [Months::Natural, Months::Anchored { anchor: at("2024-01-31T10:00:00Z") }] {
            let left = Remaining::of_period(all, months, Zone::UTC).unwrap();
            let mut derivation = Derivation::new("R-P8", ABOUT);
            left.derive(&mut derivation).unwrap();
            assert_eq!(derivation.steps().len(), 8, "{derivation}");
        }
    }
}
