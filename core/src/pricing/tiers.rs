use crate::{
    error::PricingError,
    exact::{Exact, Integer, Whole, any_width, decimal},
};
use rust_decimal::Decimal;

/// A stretch of units with a price of its own; the next tier starts right where it ends.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// The last unit that belongs to it; none for all the rest.
    pub up_to: Option<Decimal>,
    /// The price of each unit.
    pub price: Decimal,
    /// A fee for reaching into the tier.
    pub flat: Decimal,
}

impl Tier {
    /// Units up to and including a bound, at a price each.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn up_to(bound: &str, price: &str) -> Result<Self, PricingError> {
        Ok(Self { up_to: Some(decimal::parse(bound)?), price: decimal::parse(price)?, flat: Decimal::ZERO })
    }

    /// All units after the tier before, at a price each.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn rest(price: &str) -> Result<Self, PricingError> {
        Ok(Self { up_to: None, price: decimal::parse(price)?, flat: Decimal::ZERO })
    }

    /// The same tier with a fee for reaching into it.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn with_flat(self, flat: &str) -> Result<Self, PricingError> {
        Ok(Self { flat: decimal::parse(flat)?, ..self })
    }
}

impl Tier {
    /// Amounts up to and including a bound, at so many of a hundred.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn percent_up_to(bound: &str, percent: &str) -> Result<Self, PricingError> {
        Ok(Self { price: of_a_hundred(decimal::parse(percent)?)?, ..Self::up_to(bound, "0")? })
    }

    /// All amounts after the tier before, at so many of a hundred.
    ///
    /// # Errors
    /// As [`decimal::parse`].
    pub fn percent_rest(percent: &str) -> Result<Self, PricingError> {
        Ok(Self { price: of_a_hundred(decimal::parse(percent)?)?, ..Self::rest("0")? })
    }
}

/// A percentage as the price of one unit of money.
pub(super) fn of_a_hundred(percent: Decimal) -> Result<Decimal, PricingError> {
    const HUNDREDTH: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
    Ok(decimal::multiply(percent, HUNDREDTH)?)
}

/// The tiers at one scale for bounds and one for prices, so that an amount is a few integer products.
#[derive(Debug, Clone)]
pub(super) struct Tiers {
    prepared: Prepared,
    shown: Vec<Tier>,
}

/// Rows in the narrowest width that all of them fit in; they are widened as they are used.
#[derive(Debug, Clone)]
enum Prepared {
    Narrow(Rows<i64>),
    Wide(Rows<Integer>),
}

#[derive(Debug, Clone)]
struct Rows<T> {
    rows: Vec<Row<T>>,
    /// 10^scale of the bounds.
    bound_unit: T,
    /// 10^(scale of bounds + scale of prices), what amounts are over.
    amount_unit: T,
}

#[derive(Debug, Clone)]
struct Row<T> {
    /// Where the tier starts, over `bound_unit`.
    start: T,
    /// Its last unit, over `bound_unit`.
    end: Option<T>,
    /// The price of a unit.
    price: T,
    /// Its own fee, over `amount_unit`.
    flat: T,
    /// What all tiers before cost in full, and its own fee, over `amount_unit`.
    reached: T,
}

/// Whether each unit costs the price of its tier, or all units that of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    Graduated,
    Volume,
}

impl Tiers {
    pub(super) fn new(tiers: &[Tier]) -> Result<Self, PricingError> {
        check_tiers(tiers)?;
        let wide = Rows::new(tiers)?;
        let prepared = wide.narrowed().map_or_else(|| Prepared::Wide(wide), Prepared::Narrow);
        Ok(Self { prepared, shown: tiers.to_vec() })
    }

    pub(super) fn graduated(&self, units: &Exact) -> Result<Exact, PricingError> {
        self.amount(units, Counting::Graduated)
    }

    pub(super) fn volume(&self, units: &Exact) -> Result<Exact, PricingError> {
        self.amount(units, Counting::Volume)
    }

    /// As they were given.
    pub(super) fn tiers(&self) -> &[Tier] {
        &self.shown
    }

    #[inline]
    fn amount(&self, units: &Exact, counting: Counting) -> Result<Exact, PricingError> {
        Ok(any_width!("an amount of tiers", W => match &self.prepared {
            Prepared::Narrow(rows) => rows.amount_at_width::<W>(units, counting, |narrow| Some(W::from(*narrow))),
            Prepared::Wide(rows) => rows.amount_at_width::<W>(units, counting, W::of),
        })?)
    }
}

impl Rows<Integer> {
    fn new(tiers: &[Tier]) -> Result<Self, PricingError> {
        let bound_scale = tiers.iter().filter_map(|tier| tier.up_to).map(|bound| bound.scale()).max().unwrap_or(0);
        let price_scale = tiers.iter().map(|tier| tier.price.scale().max(tier.flat.scale())).max().unwrap_or(0);
        let (bound_unit, price_unit) = (Integer::power_of_ten(bound_scale)?, Integer::power_of_ten(price_scale)?);
        let at_scale = |value: Decimal, scale: u32| {
            let factor = Integer::power_of_ten(scale.saturating_sub(value.scale()))?;
            Integer::from(value.mantissa()).times(&factor)
        };
        let mut rows = Vec::with_capacity(tiers.len());
        let (mut start, mut cost) = (Integer::ZERO, Integer::ZERO);
        for tier in tiers {
            let price = at_scale(tier.price, price_scale)?;
            let flat = at_scale(tier.flat, price_scale)?.times(&bound_unit)?;
            let reached = cost.plus(&flat)?;
            let end = tier.up_to.map(|bound| at_scale(bound, bound_scale)).transpose()?;
            rows.push(Row {
                start: start.clone(),
                end: end.clone(),
                price: price.clone(),
                flat,
                reached: reached.clone(),
            });
            if let Some(end) = end {
                cost = reached.plus(&end.minus(&start)?.times(&price)?)?;
                start = end;
            }
        }
        let amount_unit = bound_unit.times(&price_unit)?;
        Ok(Self { rows, bound_unit, amount_unit })
    }

    /// The same in 64 bits, if all of it fits.
    fn narrowed(&self) -> Option<Rows<i64>> {
        let narrow = |row: &Row<Integer>| {
            Some(Row {
                start: i64::of(&row.start)?,
                end: match &row.end {
                    Some(end) => Some(i64::of(end)?),
                    None => None,
                },
                price: i64::of(&row.price)?,
                flat: i64::of(&row.flat)?,
                reached: i64::of(&row.reached)?,
            })
        };
        Some(Rows {
            rows: self.rows.iter().map(narrow).collect::<Option<_>>()?,
            bound_unit: i64::of(&self.bound_unit)?,
            amount_unit: i64::of(&self.amount_unit)?,
        })
    }
}

impl<T> Rows<T> {
    /// The amount over `amount_unit × the units' denominator`; none where something does not fit.
    #[inline]
    fn amount_at_width<W: Whole>(
        &self,
        units: &Exact,
        counting: Counting,
        widen: impl Fn(&T) -> Option<W>,
    ) -> Option<Exact> {
        let (numerator, denominator) = (W::of(units.numerator())?, W::of(units.denominator())?);
        let scaled = numerator.times(&widen(&self.bound_unit)?)?;
        let mut reached = None;
        for row in &self.rows {
            reached = Some(row);
            match &row.end {
                Some(end) if scaled > widen(end)?.times(&denominator)? => {}
                _ => break,
            }
        }
        let row = reached?;
        let (counted, before) = match counting {
            Counting::Graduated => (scaled.minus(&widen(&row.start)?.times(&denominator)?)?, &row.reached),
            Counting::Volume => (scaled, &row.flat),
        };
        let amount = counted.times(&widen(&row.price)?)?.plus_product(&widen(before)?, &denominator)?;
        let over = widen(&self.amount_unit)?.times(&denominator)?;
        Some(Exact::above_zero(amount.into_integer(), over.into_integer()))
    }
}

/// By what was given: the same tiers may be prepared at other scales, as of `0.00` and of `0`.
impl PartialEq for Tiers {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown
    }
}

impl Eq for Tiers {}

pub(super) fn check_tiers(tiers: &[Tier]) -> Result<(), PricingError> {
    let fault = |tier, fault| Err(PricingError::BadTiers { tier, fault });
    if tiers.is_empty() {
        return fault(0, "there is none");
    }
    let mut before = Decimal::ZERO;
    for (index, tier) in tiers.iter().enumerate() {
        let last = index.saturating_add(1) == tiers.len();
        match tier.up_to {
            None if last => {}
            None => return fault(index, "only the last tier may take all the rest"),
            Some(_) if last => return fault(index, "the last tier must take all the rest: leave out its bound"),
            Some(bound) if bound <= before => {
                return fault(index, "its bound must be above the one before, and above zero");
            }
            Some(bound) => before = bound,
        }
    }
    Ok(())
}
