use super::{Quote, Stock, quote::check_rounding};
use crate::{
    error::PricingError,
    exact::{Exact, decimal},
    metering::Part,
    pricing::{ExplainedLine, Tariff, Terms, explaining::Explaining, line::Line, plan::Plan},
    time::Period,
    units::{Name, Quantity, Unit},
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, btree_map::Entry};

/// An inquiry for parts of a centre: so much of each, for a window.
///
/// # Examples
/// ```
/// use counterfoil::metering::Kind;
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{RateCard, Terms, inquiry::{PartInquiry, PartRequest, ResellerAnswer, Term, TermMonths}};
/// use counterfoil::units::{Quantity, Unit};
///
/// let centre = RateCard::from_toml(r#"
///     revision = "centre-1"
///     currency = "CNY"
///     rates = [
///         { kind = "container", part = "cpu", price = "1.5", per = "核", every = "小时" },
///         { kind = "container", part = "gpu", model = "RTX5090-32G", price = "6", per = "卡", every = "小时" },
///     ]
/// "#)?;
/// let tariff = centre.tariff(&"container".parse()?, "2025-07-01T00:00:00Z".parse()?)?;
/// let requests = [
///     PartRequest { part: "cpu".parse()?, amount: Quantity::whole(4, Unit::Core) },
///     PartRequest { part: "gpu[RTXs5090-32G]".parse()?, amount: Quantity::whole(2, Unit::Card) },
/// ];
/// let window = Term::hours(1)?.period(tariff.at(), TermMonths::Fixed30)?;
/// let quote = tariff.inquire_parts(&PartInquiry::new(&requests, window), Terms::list(Rounding::RESELLER))?;
/// assert_eq!(quote.quote().payable().to_string(), "6.00"); // the good line
/// assert_eq!(quote.fault().expect("a bad line").code(), "pricing.no_part_model");
/// assert_eq!(ResellerAnswer::from(&quote).message, "无效的 gpu 部件型号: RTXs5090-32G");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P4
#[derive(Debug, Clone, Copy)]
pub struct PartInquiry<'a> {
    requests: &'a [PartRequest],
    window: Period,
    stock: Option<(&'a Stock, Option<&'a Name>)>,
}

/// So much of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRequest {
    /// Its type and model.
    pub part: Part,
    /// How much of it.
    pub amount: Quantity,
}

/// What parts would cost: good lines are priced and summed, a bad line carries its error.
///
/// # Rule
/// R-P4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartQuote {
    quote: Quote,
    lines: Vec<PartLine>,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLine {
    /// What was asked for.
    pub request: PartRequest,
    /// What it costs, rounded so that the good lines add up to what is payable, but for a limit of the whole (see
    /// [`Quote::subtotals`]); or what is wrong with it.
    pub subtotal: Result<Decimal, PricingError>,
}

impl<'a> PartInquiry<'a> {
    /// Parts for a window, without a look at what is in stock.
    pub const fn new(requests: &'a [PartRequest], window: Period) -> Self {
        Self { requests, window, stock: None }
    }

    /// The same inquiry, against what is in stock: in one cluster, or in all of them together.
    #[must_use]
    pub const fn against(self, stock: &'a Stock, cluster: Option<&'a Name>) -> Self {
        Self { stock: Some((stock, cluster)), ..self }
    }
}

impl Tariff {
    /// Quotes parts one by one.
    ///
    /// A bad line does not stop the others: it carries its error, in this order: there is no part of
    /// this type (`pricing.no_part_type`); no such model (`pricing.no_part_model`); another kind of unit
    /// (`units.incompatible`); a price of events, which a sum of them has not (`pricing.needs_events`); not enough in stock (`pricing.not_enough_stock`). Several lines for one
    /// part share its stock, in their order; a bad line takes nothing of it.
    ///
    /// # Rounding
    /// Each line, or the total once.
    ///
    /// # Errors
    /// `pricing.no_items` for no line at all; `pricing.no_duration`; `pricing.too_many_months`;
    /// `pricing.rounds_elsewhere`; `money.overflow`.
    ///
    /// # Rule
    /// R-P4
    pub fn inquire_parts(&self, inquiry: &PartInquiry<'_>, terms: Terms<'_>) -> Result<PartQuote, PricingError> {
        check_rounding(terms.rounding())?;
        if inquiry.requests.is_empty() {
            return Err(PricingError::NoItems {});
        }
        let (mut plan, mut taken) = (Plan::default(), Taken(BTreeMap::new()));
        // For each request how many segments it has in the plan, or what is wrong with it.
        let mut segments = Vec::with_capacity(inquiry.requests.len());
        for request in inquiry.requests {
            segments.push(match self.check_part(request, inquiry, &mut taken) {
                Ok(line) => Ok(plan.add(line, &request.part, request.amount, inquiry.window)?),
                Err(fault) => Err(fault),
            });
        }
        let explanation = Explaining::new(self, 1, terms).plan(&plan)?;
        let lines = answers(inquiry.requests, segments, &explanation.rounded_lines()?)?;
        Ok(PartQuote { quote: Quote::new(explanation, self.at(), inquiry.window), lines })
    }

    /// The rate of a good request.
    fn check_part<'a>(
        &'a self,
        request: &'a PartRequest,
        inquiry: &PartInquiry<'a>,
        taken: &mut Taken,
    ) -> Result<&'a Line, PricingError> {
        let PartRequest { part, amount } = request;
        let Some((place, line)) = self.line(part) else {
            let part_type = part.dimension.to_string();
            return Err(match self.has_dimension(&part.dimension) {
                true => PricingError::NoPartModel { part_type, model: part.model.to_string() },
                false => PricingError::NoPartType { part_type },
            });
        };
        amount.unit().per(line.rate.per)?;
        line.check_sum()?;
        if let Some((stock, cluster)) = inquiry.stock {
            taken.take(place, request, stock, cluster)?;
        }
        Ok(line)
    }
}

/// What each request costs; each segment is of one part, and so it has one line.
fn answers(
    requests: &[PartRequest],
    segments: Vec<Result<usize, PricingError>>,
    rounded: &[Decimal],
) -> Result<Vec<PartLine>, PricingError> {
    let mut rounded = rounded.iter().copied();
    let mut lines = Vec::with_capacity(requests.len());
    for (request, segments) in requests.iter().zip(segments) {
        let subtotal = match segments {
            Ok(segments) => Ok(decimal::sum(rounded.by_ref().take(segments))?),
            Err(fault) => Err(fault),
        };
        lines.push(PartLine { request: request.clone(), subtotal });
    }
    Ok(lines)
}

/// What the lines before have taken of each part, in the unit of the first of them; by the place of
/// its rate.
struct Taken(BTreeMap<usize, Quantities>);

/// A sum of quantities.
struct Quantities {
    amount: Exact,
    unit: Unit,
}

impl Taken {
    fn take(
        &mut self,
        place: usize,
        request: &PartRequest,
        stock: &Stock,
        cluster: Option<&Name>,
    ) -> Result<(), PricingError> {
        let PartRequest { part, amount } = request;
        let Some(in_stock) = stock.of(part, cluster, amount.unit())? else { return Ok(()) };
        let requested = Exact::from(amount.amount());
        let not_enough = |left: &Exact| PricingError::NotEnoughStock {
            part_type: part.dimension.to_string(),
            model: part.model.to_string(),
            stock: left.to_string(),
            requested: requested.to_string(),
        };
        match self.0.entry(place) {
            Entry::Vacant(_) if requested > in_stock => Err(not_enough(&in_stock)),
            Entry::Vacant(first) => {
                first.insert(Quantities { amount: requested, unit: amount.unit() });
                Ok(())
            }
            Entry::Occupied(mut before) => {
                let before = before.get_mut();
                let (numerator, denominator) = before.unit.per(amount.unit())?;
                let to_requested = Exact::ratio(numerator, denominator)?;
                let left = in_stock.minus(&before.amount.times(&to_requested)?)?;
                if requested > left {
                    return Err(not_enough(&left));
                }
                before.amount = before.amount.plus(&amount.exact_in(before.unit)?)?;
                Ok(())
            }
        }
    }
}

impl PartQuote {
    /// The quote of all good lines.
    pub const fn quote(&self) -> &Quote {
        &self.quote
    }

    /// The answer to each request, in their order.
    pub fn lines(&self) -> &[PartLine] {
        &self.lines
    }

    /// What is wrong with the first bad line; none where all are good.
    pub fn fault(&self) -> Option<&PricingError> {
        self.lines.iter().find_map(|line| line.subtotal.as_ref().err())
    }

    /// The derivation of the good lines.
    ///
    /// # Rule
    /// R-P15
    pub fn explained(&self) -> &[ExplainedLine] {
        self.quote.lines()
    }
}
