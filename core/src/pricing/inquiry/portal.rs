use super::{Asked, Quote, Term, TermMonths};
use crate::{
    error::PricingError,
    metering::{Kind, Spec},
    money::{Ratio, Rounding},
    pricing::{
        RateCard, Terms,
        discount::{DiscountFacts, Discounts},
    },
    time::{Instant, MICROS_PER_SECOND, Period},
};

/// How the Django portal answers inquiries: months of 30 days, half-even to the cent once after the
/// count, a percentage for what is paid ahead.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, Part, Spec};
/// use counterfoil::money::Ratio;
/// use counterfoil::pricing::{RateCard, inquiry::{PayMode, Portal, PortalOrder, Term}};
/// use counterfoil::units::{Quantity, Unit};
///
/// let card = RateCard::from_toml(r#"
///     revision = "figures"
///     currency = "CNY"
///     rates = [
///         { kind = "server", part = "base", price = "3.90", per = "count", every = "hour" },
///         { kind = "server", part = "ram", price = "3.97", per = "GiB", every = "hour" },
///         { kind = "server", part = "cpu", price = "1.46", per = "core", every = "hour" },
///         { kind = "server", part = "public_ip", price = "3.50", per = "count", every = "hour" },
///     ]
/// "#)?;
/// let server = Spec::new([
///     (Part::BASE, Quantity::whole(1, Unit::Count)),
///     (Part::CPU, Quantity::whole(100, Unit::Core)),
///     (Part::RAM, Quantity::whole(1000, Unit::MiB)),
///     (Part::PUBLIC_IP, Quantity::whole(1, Unit::Count)),
/// ])?;
/// let portal = Portal::new(&card, Ratio::parse("0.90")?)?;
/// let order = PortalOrder { term: Some(Term::months(8)), count: 1, pay: PayMode::PrePaid };
/// let quote = portal.order(&Kind::Server, server, order, "2024-02-20T00:00:00Z".parse()?)?;
/// assert_eq!(quote.payable().to_string(), "815323.72");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P5, D-P2
#[derive(Debug, Clone)]
pub struct Portal<'a> {
    card: &'a RateCard,
    prepaid: Discounts,
    bucket: BucketInquiry,
}

/// How the price of a bucket is asked for.
///
/// # Rule
/// D-P2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BucketInquiry {
    /// By the rate that metering uses.
    SameRate,
    /// 24 times that, as when the price of a day was the price of an hour.
    Legacy,
}

/// Whether something is paid ahead or by the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayMode {
    /// Ahead, with the percentage.
    PrePaid,
    /// By the day, at list price.
    PostPaid,
}

/// A new order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalOrder {
    /// For how long; for one day where it is left out. Months and days add up.
    pub term: Option<Term>,
    /// How many alike.
    pub count: u32,
    /// How it is paid. A scan is always discounted.
    pub pay: PayMode,
}

/// A renewal of what is paid until an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalRenewal {
    /// Until when it is paid for.
    pub expiry: Instant,
    /// By how much it is renewed.
    pub by: RenewBy,
}

/// By how much something is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewBy {
    /// By a term.
    Term(Term),
    /// Until an instant; what of a second is over, is dropped.
    Until(Instant),
}

impl RenewBy {
    /// What a form says that has a field for each.
    ///
    /// # Errors
    /// `pricing.renewal_twice` for both, `pricing.renewal_missing` for neither.
    ///
    /// # Rule
    /// R-P5
    pub const fn from_fields(term: Option<Term>, until: Option<Instant>) -> Result<Self, PricingError> {
        match (term, until) {
            (Some(term), None) => Ok(Self::Term(term)),
            (None, Some(until)) => Ok(Self::Until(until)),
            (Some(_), Some(_)) => Err(PricingError::RenewalTwice {}),
            (None, None) => Err(PricingError::RenewalMissing {}),
        }
    }
}

impl<'a> Portal<'a> {
    /// A portal with a rate card, and what is paid of the original amount where it is paid ahead.
    ///
    /// # Errors
    /// None for a ratio that is one.
    pub fn new(card: &'a RateCard, prepaid: Ratio) -> Result<Self, PricingError> {
        Ok(Self { card, prepaid: Discounts::unified("prepaid".parse()?, prepaid), bucket: BucketInquiry::SameRate })
    }

    /// The same portal, with another way to ask for buckets.
    #[must_use]
    pub fn asking_buckets(self, bucket: BucketInquiry) -> Self {
        Self { bucket, ..self }
    }

    /// Quotes a new order, with the rates that are in force now.
    ///
    /// # Errors
    /// `pricing.no_items`, `pricing.no_duration`; as [`Tariff::inquire`](crate::pricing::Tariff::inquire).
    ///
    /// # Rule
    /// R-P5
    pub fn order(&self, kind: &Kind, spec: Spec, order: PortalOrder, now: Instant) -> Result<Quote, PricingError> {
        let term = order.term.map_or_else(|| Term::days(1), Ok)?;
        let window = term.period(now, TermMonths::Fixed30)?;
        self.quote(kind, Asked::new(spec, window).times(order.count)?, order.pay, now)
    }

    /// Quotes a renewal, with the rates that are in force now; it is always paid ahead.
    ///
    /// # Errors
    /// `pricing.renewal_not_later` for an instant that is not after the expiry; as [`order`](Self::order).
    ///
    /// # Rule
    /// R-P5
    pub fn renew(&self, kind: &Kind, spec: Spec, renewal: PortalRenewal, now: Instant) -> Result<Quote, PricingError> {
        let PortalRenewal { expiry, by } = renewal;
        let term = match by {
            RenewBy::Term(term) => term,
            RenewBy::Until(until) if until <= expiry => {
                return Err(PricingError::RenewalNotLater { expiry: expiry.to_chrono(), until: until.to_chrono() });
            }
            RenewBy::Until(until) => whole_seconds(Period::new(expiry, until)?)?,
        };
        let window = term.period(expiry, TermMonths::Fixed30)?;
        self.quote(kind, Asked::new(spec, window), PayMode::PrePaid, now)
    }

    fn quote(&self, kind: &Kind, asked: Asked, pay: PayMode, now: Instant) -> Result<Quote, PricingError> {
        let tariff = self.card.tariff(kind, now)?;
        let facts = DiscountFacts::anybody(now);
        let terms = match (kind, pay) {
            (Kind::Scan, _) | (_, PayMode::PrePaid) => Terms::discounted(&self.prepaid, &facts, Rounding::PORTAL),
            (_, PayMode::PostPaid) => Terms::list(Rounding::PORTAL),
        };
        match (kind, self.bucket) {
            (Kind::Bucket, BucketInquiry::Legacy) => tariff.inquire(&asked.lasting(24)?, terms),
            _ => tariff.inquire(&asked, terms),
        }
    }
}

/// A period without what of a second is over.
fn whole_seconds(period: Period) -> Result<Term, PricingError> {
    let over = period.micros().checked_rem(MICROS_PER_SECOND).unwrap_or(0);
    let end = period.end().plus_micros(over.checked_neg().unwrap_or(0))?;
    Ok(Term::between(Period::new(period.start(), end)?))
}
