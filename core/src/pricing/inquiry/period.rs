use super::{Asked, Quote, Term, TermMonths};
use crate::{
    error::PricingError,
    exact::decimal,
    metering::Spec,
    pricing::{
        Tariff, Terms,
        discount::{DiscountFacts, Discounts},
    },
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;

/// An inquiry of a public cloud: years, months, days and hours, so many items, so many subscriptions.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, Spec};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{RateCard, Terms, discount::Discounts};
/// use counterfoil::pricing::inquiry::{PeriodInquiry, Term, TermMonths};
///
/// let card = RateCard::from_toml(r#"
///     revision = "2024-02"
///     currency = "CNY"
///     rates = [{ kind = "disk", part = "size", price = "0.7", per = "GiB", every = "month", month = "fixed_30" }]
/// "#)?;
/// let optional = Discounts::from_toml(r#"
///     combine = "best"
///     rules = [
///         { name = "partner", source = "agreement", ratio = "0.8" },
///         { name = "spring", source = "unified_discount", ratio = "0.9" },
///     ]
/// "#)?;
/// let start = "2024-02-20T00:00:00Z".parse()?;
/// let inquiry = PeriodInquiry { term: Term::years(1)?, months: TermMonths::Fixed30, number: 2, subscriptions: 3, start };
/// let disk = Spec::size_gib("100")?;
/// let quote = card.tariff(&Kind::Disk, start)?.inquire_period(&disk, &inquiry, Terms::list(Rounding::BSS), &optional)?;
/// assert_eq!(quote.official().to_string(), "5040.00"); // 100 GiB × 0.7 × 12 months × 2 × 3
/// let offers: Vec<String> = quote.optional().iter().map(|offer| offer.quote.payable().to_string()).collect();
/// assert_eq!(offers, ["4032.00", "4536.00"]);
/// assert_eq!(quote.best_offer().expect("two are offered").rule.as_str(), "partner");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodInquiry {
    /// For how long.
    pub term: Term,
    /// How long each of its months is.
    pub months: TermMonths,
    /// How many items.
    pub number: u32,
    /// How many subscriptions of so many items.
    pub subscriptions: u32,
    /// When it begins.
    pub start: Instant,
}

/// What a period costs: officially, with the discounts that hold, and with each that can be chosen.
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodQuote {
    quote: Quote,
    discount: Decimal,
    optional: Vec<OptionalQuote>,
    best: Option<usize>,
}

/// The quote with one optional discount, and no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalQuote {
    /// The rule.
    pub rule: Name,
    /// What it makes of the whole.
    pub quote: Quote,
    /// The official amount less what is to be paid.
    pub discount: Decimal,
}

impl PeriodInquiry {
    /// What is asked for of a spec.
    ///
    /// # Errors
    /// `pricing.no_duration`, `pricing.no_items`, `time.out_of_range`; `pricing.too_many_items` above
    /// 2³² − 1.
    pub fn asked(&self, spec: Spec) -> Result<Asked, PricingError> {
        let window = self.term.period(self.start, self.months)?;
        let too_many = || PricingError::TooManyItems { number: self.number, subscriptions: self.subscriptions };
        Asked::new(spec, window).times(self.number.checked_mul(self.subscriptions).ok_or_else(too_many)?)
    }
}

impl Tariff {
    /// Quotes a period, and once more with each of the optional discounts alone.
    ///
    /// # Errors
    /// As [`PeriodInquiry::asked`] and [`inquire`](Self::inquire).
    ///
    /// # Rule
    /// R-P7
    pub fn inquire_period(
        &self,
        spec: &Spec,
        inquiry: &PeriodInquiry,
        terms: Terms<'_>,
        optional: &Discounts,
    ) -> Result<PeriodQuote, PricingError> {
        let asked = inquiry.asked(spec.clone())?;
        let quote = self.inquire(&asked, terms)?;
        let anybody = DiscountFacts::anybody(self.at());
        let facts = terms.discounts().map_or(&anybody, |(_, facts)| facts);
        let mut offers: Vec<OptionalQuote> = Vec::with_capacity(optional.rules().len());
        let mut best: Option<usize> = None;
        for alone in optional.alone() {
            let Some(rule) = alone.rules().first() else { continue };
            let offered = self.inquire(&asked, Terms::discounted(&alone, facts, terms.rounding()))?;
            let so_far = best.and_then(|best| offers.get(best));
            if offered.payable() < offered.original()
                && so_far.is_none_or(|best| offered.payable() < best.quote.payable())
            {
                best = Some(offers.len());
            }
            offers.push(OptionalQuote { rule: rule.name.clone(), discount: saved(&offered)?, quote: offered });
        }
        Ok(PeriodQuote { discount: saved(&quote)?, quote, optional: offers, best })
    }
}

fn saved(quote: &Quote) -> Result<Decimal, PricingError> {
    Ok(decimal::subtract(quote.original(), quote.payable())?)
}

impl PeriodQuote {
    /// The amount by the list.
    pub const fn official(&self) -> Decimal {
        self.quote.original()
    }

    /// What is to be paid.
    pub const fn amount(&self) -> Decimal {
        self.quote.payable()
    }

    /// The official amount less what is to be paid.
    pub const fn discount(&self) -> Decimal {
        self.discount
    }

    /// The quote, with its lines and its derivation.
    pub const fn quote(&self) -> &Quote {
        &self.quote
    }

    /// The quote with each optional discount alone, in their order.
    pub fn optional(&self) -> &[OptionalQuote] {
        &self.optional
    }

    /// The optional discount with the lowest amount, of equals the earlier; none where none
    /// takes anything off for this customer, kind and time.
    pub fn best_offer(&self) -> Option<&OptionalQuote> {
        self.best.and_then(|best| self.optional.get(best))
    }
}
