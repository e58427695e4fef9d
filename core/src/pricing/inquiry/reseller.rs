use super::{PartInquiry, PartQuote, PartRequest, Stock, Term, TermMonths, TermUnit};
use crate::{
    error::{Error, Language, PricingError},
    exact::decimal,
    metering::{Dimension, Kind, Model, Part},
    money::{CNY, Rounding},
    pricing::{Entry, Every, Rate, RateCard, Terms},
    time::Instant,
    units::{Name, Quantity, TimeUnit, Unit},
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// An inquiry as the reseller's portal sends it: its parts with their prices, and what is asked for.
///
/// # Examples
/// ```
/// use counterfoil::pricing::inquiry::{ResellerInquiry, Resource, TermMonths, TermUnit, Widget, reseller_unit};
///
/// let memory = "Samsung DDR4 DIMMs";
/// let inquiry = ResellerInquiry {
///     widgets: vec![Widget::new("memory", Some(memory), "0.005".parse().unwrap(), "Gi", "小时", "元")?],
///     resources: vec![Resource::new("memory", Some(memory), 8192, "Mi")?],
///     duration: 1,
///     duration_unit: TermUnit::Hour,
///     months: TermMonths::Fixed30,
///     start: "2025-07-01T00:00:00Z".parse()?,
///     stock: None,
/// };
/// assert_eq!(inquiry.answer()?.total.to_string(), "0.04");
/// assert_eq!(reseller_unit("GB")?.name(), "GiB"); // as this portal reads it
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P4
#[derive(Debug, Clone)]
pub struct ResellerInquiry {
    /// The parts of the centre.
    pub widgets: Vec<Widget>,
    /// What is asked for.
    pub resources: Vec<Resource>,
    /// For how many of a unit.
    pub duration: u32,
    /// The unit.
    pub duration_unit: TermUnit,
    /// How long a month is.
    pub months: TermMonths,
    /// When it begins.
    pub start: Instant,
    /// How much there is of a part, in the unit that it is asked in; none to not look at it. What is not
    /// named is not counted.
    pub stock: Option<BTreeMap<Part, u64>>,
}

/// A part of a centre, with its price.
#[derive(Debug, Clone)]
pub struct Widget {
    part: Part,
    rate: Rate,
}

/// So much of a part.
#[derive(Debug, Clone)]
pub struct Resource {
    request: PartRequest,
}

/// A quote in the words of the reseller's portal.
///
/// # Rule
/// R-P4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResellerAnswer {
    /// Whether all lines are good.
    pub status: bool,
    /// `汇算正常`, or the message of the first bad line.
    pub message: String,
    /// The sum of the good lines.
    pub total: Decimal,
    /// `元`, or the code of another currency.
    pub currency: String,
    /// The good lines, in order.
    pub subtotals: Vec<Decimal>,
    /// The messages of the bad lines by their place, from 0.
    pub line_errors: BTreeMap<usize, String>,
}

impl Widget {
    /// A part of a type and a model (`STANDARD` if there is none), at a price in a sub-unit of the yuan
    /// for each amount-unit and time-unit.
    ///
    /// # Errors
    /// `units.bad_name`, `units.unknown_unit`, `units.unknown_time_unit`, `money.unknown_sub_unit`;
    /// `pricing.bad_rate` for a price by the month.
    pub fn new(
        part_type: &str,
        model: Option<&str>,
        unit_price: Decimal,
        price_unit: &str,
        charge_unit: &str,
        account_unit: &str,
    ) -> Result<Self, Error> {
        let price = decimal::multiply(unit_price, CNY.sub_unit(account_unit)?)?;
        let part = part(part_type, model)?;
        let every = match charge_unit.parse()? {
            TimeUnit::Second => Every::Second,
            TimeUnit::Minute => Every::Minute,
            TimeUnit::Hour => Every::Hour,
            TimeUnit::Day => Every::Day,
            TimeUnit::Once => Every::Once,
            TimeUnit::Month => {
                let fault = "the reseller prices by the hour or the day: a month has no one length";
                return Err(PricingError::BadRate { entry: part.to_string(), fault }.into());
            }
        };
        Ok(Self { part, rate: Rate::per_unit(price, reseller_unit(price_unit)?, every) })
    }
}

impl Resource {
    /// So many whole units of a part of a type and a model.
    ///
    /// # Errors
    /// `units.bad_name`, `units.unknown_unit`.
    pub fn new(part_type: &str, model: Option<&str>, amount: u64, unit: &str) -> Result<Self, Error> {
        let amount = Quantity::whole(amount, reseller_unit(unit)?);
        Ok(Self { request: PartRequest { part: part(part_type, model)?, amount } })
    }
}

impl ResellerInquiry {
    /// The quote, with typed results.
    ///
    /// # Rounding
    /// [`Rounding::RESELLER`]: half-up to the cent, at each line.
    ///
    /// # Errors
    /// `pricing.two_in_force` where a part stands twice; as
    /// [`Tariff::inquire_parts`](crate::pricing::Tariff::inquire_parts).
    ///
    /// # Rule
    /// R-P4
    pub fn quote(&self) -> Result<PartQuote, Error> {
        let kind: Kind = "container".parse()?;
        let entry = |widget: &Widget| Entry {
            kind: kind.clone(),
            part: widget.part.clone(),
            rate: widget.rate.clone(),
            from: None,
            to: None,
        };
        let card = RateCard::new("reseller".parse()?, CNY, self.widgets.iter().map(entry))?;
        let window = Term::of(self.duration, self.duration_unit)?.period(self.start, self.months)?;
        let requests: Vec<PartRequest> = self.resources.iter().map(|resource| resource.request.clone()).collect();
        let stock = self.stock.as_ref().map(|stock| stock_of(stock, &requests)).transpose()?;
        let mut inquiry = PartInquiry::new(&requests, window);
        if let Some(stock) = &stock {
            inquiry = inquiry.against(stock, None);
        }
        Ok(card.tariff(&kind, self.start)?.inquire_parts(&inquiry, Terms::list(Rounding::RESELLER))?)
    }

    /// The quote in the portal's own shape, with its Chinese messages.
    ///
    /// # Errors
    /// As [`quote`](Self::quote).
    ///
    /// # Rule
    /// R-P4
    pub fn answer(&self) -> Result<ResellerAnswer, Error> {
        Ok(ResellerAnswer::from(&self.quote()?))
    }
}

impl From<&PartQuote> for ResellerAnswer {
    fn from(quote: &PartQuote) -> Self {
        let currency = quote.quote().currency();
        let errors = quote.lines().iter().enumerate();
        Self {
            status: quote.fault().is_none(),
            message: quote.fault().map_or_else(|| "汇算正常".to_owned(), message_of),
            total: quote.quote().payable(),
            currency: if currency == CNY { "元".to_owned() } else { currency.to_string() },
            subtotals: quote.lines().iter().filter_map(|line| line.subtotal.as_ref().ok().copied()).collect(),
            line_errors: errors
                .filter_map(|(place, line)| Some((place, message_of(line.subtotal.as_ref().err()?))))
                .collect(),
        }
    }
}

/// A fault in the words that this portal always had.
fn message_of(fault: &PricingError) -> String {
    match fault {
        PricingError::NoPartType { .. } => "没有该类型组件".to_owned(),
        PricingError::NoPartModel { part_type, model } => format!("无效的 {part_type} 部件型号: {model}"),
        PricingError::NotEnoughStock { part_type, model, stock, requested } => {
            format!("{part_type} {model} 库存不足 (库存: {stock}, 请求: {requested})")
        }
        other => other.message(Language::Chinese),
    }
}

/// A unit as this portal reads it: `GB` is 1024 × 1024 × 1024 bytes there.
///
/// # Errors
/// `units.unknown_unit`.
///
/// # Rule
/// R-P4, R-U2
pub fn reseller_unit(text: &str) -> Result<Unit, Error> {
    Ok(match text {
        "KB" | "kB" => Unit::KiB,
        "MB" => Unit::MiB,
        "GB" => Unit::GiB,
        "TB" => Unit::TiB,
        "PB" => Unit::PiB,
        _ => text.parse()?,
    })
}

fn part(part_type: &str, model: Option<&str>) -> Result<Part, Error> {
    let model = model.map_or(Ok(Model::Standard), str::parse)?;
    Ok(Part { dimension: part_type.parse::<Dimension>()?, model })
}

/// What is named, in the unit of its first request.
fn stock_of(stock: &BTreeMap<Part, u64>, requests: &[PartRequest]) -> Result<Stock, Error> {
    let cluster: Name = "all".parse()?;
    let mut seen: BTreeMap<&Part, Unit> = BTreeMap::new();
    for request in requests {
        seen.entry(&request.part).or_insert(request.amount.unit());
    }
    let row = |(part, unit): (&Part, Unit)| {
        let amount = stock.get(part)?;
        Some((part.clone(), cluster.clone(), Quantity::whole(*amount, unit)))
    };
    Ok(Stock::new(seen.into_iter().filter_map(row))?)
}
