use super::{
    metering::{Of, PortalIn, SpanIn, history},
    text::{Object, PeriodIn, PeriodOut, RoundedOut, Show, Shown, SpecIn, Text, optional},
};
use crate::{
    error::{Error, Language},
    exact::Exact,
    metering::{Kind, QuotaCharge, Usage},
    money::{Currency, Rounding},
    pricing::{Amount, CardFile, ExplainedLine, Explanation, LimitsFile, Placeless, RateCard, RateFile, Rated, Tariff},
    time::{Instant, Period},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A rate as it stands in a card file, in JSON.
pub(super) type RateIn = Object<RateFile<Text<Decimal>>>;
/// A card as it stands in a file, in JSON.
pub(super) type CardIn =
    Object<CardFile<Placeless<String>, Placeless<RateIn>, Placeless<Object<LimitsFile<Text<Decimal>>>>>>;

impl Amount for Text<Decimal> {
    fn read(&self) -> Result<Decimal, Error> {
        Self::read(self)
    }
}

impl CardIn {
    pub(super) fn read(&self) -> Result<RateCard, Error> {
        Ok(self.0.read::<Text<Decimal>>("")?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AmountCall {
    currency: Text<Currency>,
    rate: RateIn,
    units: Text<Exact>,
}

#[derive(Serialize)]
pub(super) struct AmountOut {
    amount: Shown<Exact>,
}

pub(super) fn amount(input: AmountCall) -> Result<AmountOut, Error> {
    let entry = input.rate.0.read(input.currency.read()?)?;
    Ok(AmountOut { amount: entry.rate.amount(&input.units.read()?)?.shown() })
}

/// What is rated together, and how it was metered.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Metered {
    /// A life of spans, as one usage.
    Spans(Vec<Object<SpanIn>>),
    /// A life of spans, segment by segment.
    Segments(Vec<Object<SpanIn>>),
    /// What is counted and not timed.
    Counted(SpecIn),
    /// The rows of a portal, metered as it does itself.
    Portal(Object<PortalIn>),
}

/// Usages that are rated as one, or segments that may be rounded apart.
enum Usages {
    Whole(Box<Usage>),
    Segments(Vec<Usage>),
}

impl Metered {
    /// None where there is no reading.
    fn read(self, window: Period, quota: QuotaCharge) -> Result<Option<Usages>, Error> {
        Ok(match self {
            Self::Spans(spans) => Of::Spans(spans).usage(window, quota)?.map(Usages::whole),
            Self::Counted(spec) => Of::Counted(spec).usage(window, quota)?.map(Usages::whole),
            Self::Portal(rows) => rows.segments(window)?.map(Usages::Segments),
            Self::Segments(spans) => {
                let history = history(&spans)?;
                match history.usage_under(window, quota)? {
                    Some(_) => Some(Usages::Segments(history.segments(window, quota)?)),
                    None => None,
                }
            }
        })
    }
}

impl Usages {
    fn whole(usage: Usage) -> Self {
        Self::Whole(Box::new(usage))
    }

    fn rate<'a>(&'a self, tariff: &'a Tariff, rounding: Rounding) -> Result<Rated<'a>, Error> {
        Ok(match self {
            Self::Whole(usage) => tariff.rate(usage, rounding)?,
            Self::Segments(segments) => tariff.rate_segments(segments, rounding)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateCall {
    card: CardIn,
    kind: Text<Kind>,
    of: Metered,
    window: Object<PeriodIn>,
    quota: Option<Text<QuotaCharge>>,
    rounding: Text<Rounding>,
    /// When rates have to be in force; the window's start where it is left out.
    at: Option<Text<Instant>>,
}

impl RateCall {
    /// Rates, and hands what came out to a reader; none where there is no reading.
    fn rated<O>(self, answer: impl Fn(&Rated<'_>) -> Result<O, Error>) -> Result<Option<O>, Error> {
        let window = self.window.read()?;
        let at = optional(&self.at)?.unwrap_or(window.start());
        let rounding = self.rounding.read()?;
        let tariff = self.card.read()?.tariff(&self.kind.read()?, at)?;
        let usages = self.of.read(window, optional(&self.quota)?.unwrap_or_default())?;
        usages.map(|usages| answer(&usages.rate(&tariff, rounding)?)).transpose()
    }
}

#[derive(Serialize)]
pub(super) struct RatedOut {
    revision: String,
    kind: String,
    currency: String,
    rounding: String,
    original: RoundedOut,
    payable: RoundedOut,
}

pub(super) fn rate(input: RateCall) -> Result<Option<RatedOut>, Error> {
    input.rated(|rated| {
        let tariff = rated.tariff();
        Ok(RatedOut {
            revision: tariff.revision().to_string(),
            kind: tariff.kind().to_string(),
            currency: tariff.currency().to_string(),
            rounding: rated.rounding().to_string(),
            original: RoundedOut::of(rated.original_rounded())?,
            payable: RoundedOut::of(rated.payable_rounded())?,
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExactCall {
    card: CardIn,
    kind: Text<Kind>,
    of: Of,
    window: Object<PeriodIn>,
    quota: Option<Text<QuotaCharge>>,
    at: Option<Text<Instant>>,
}

#[derive(Serialize)]
pub(super) struct ExactOut {
    revision: String,
    currency: String,
    original: Shown<Exact>,
    payable: Shown<Exact>,
}

pub(super) fn exact(input: ExactCall) -> Result<Option<ExactOut>, Error> {
    let window = input.window.read()?;
    let at = optional(&input.at)?.unwrap_or(window.start());
    let tariff = input.card.read()?.tariff(&input.kind.read()?, at)?;
    let Some(usage) = input.of.usage(window, optional(&input.quota)?.unwrap_or_default())? else {
        return Ok(None);
    };
    let amounts = tariff.exact(&usage)?;
    Ok(Some(ExactOut {
        revision: tariff.revision().to_string(),
        currency: tariff.currency().to_string(),
        original: amounts.original.shown(),
        payable: amounts.payable.shown(),
    }))
}

#[derive(Serialize)]
pub(super) struct Explained {
    revision: String,
    kind: String,
    currency: String,
    rounding: String,
    lines: Vec<LineOut>,
    /// The limits that stand in place of the sums of the lines.
    limited: Limited,
    original: RoundedOut,
    payable: RoundedOut,
    /// Both amounts again, from nothing but the lines.
    recomputed: Recomputed,
    text: String,
    text_zh: String,
}

#[derive(Serialize)]
pub(super) struct LineOut {
    pub(super) segment: usize,
    pub(super) window: PeriodOut,
    pub(super) part: String,
    pub(super) unit: String,
    pub(super) used: Shown<Exact>,
    pub(super) payable_units: Shown<Exact>,
    pub(super) price: String,
    pub(super) price_zh: String,
    pub(super) original: Shown<Exact>,
    pub(super) payable: Shown<Exact>,
}

#[derive(Serialize)]
struct Limited {
    original: Option<Shown<Exact>>,
    payable: Option<Shown<Exact>>,
}

#[derive(Serialize)]
pub(super) struct Recomputed {
    original: Shown<Decimal>,
    payable: Shown<Decimal>,
}

impl Recomputed {
    pub(super) fn of(original: Decimal, payable: Decimal) -> Self {
        Self { original: original.shown(), payable: payable.shown() }
    }
}

impl From<&ExplainedLine> for LineOut {
    fn from(line: &ExplainedLine) -> Self {
        Self {
            segment: line.segment,
            window: line.window.into(),
            part: line.part.to_string(),
            unit: line.unit(),
            used: line.used.shown(),
            payable_units: line.payable_units.shown(),
            price: line.rate.text(Language::English),
            price_zh: line.rate.text(Language::Chinese),
            original: line.original.shown(),
            payable: line.payable.shown(),
        }
    }
}

pub(super) fn explain(input: RateCall) -> Result<Option<Explained>, Error> {
    input.rated(|rated| explained(&rated.explain()?))
}

fn explained(explanation: &Explanation) -> Result<Explained, Error> {
    let (limited_original, limited_payable) = explanation.limited()?;
    let (original, payable) = explanation.recompute()?;
    Ok(Explained {
        revision: explanation.revision().to_string(),
        kind: explanation.kind().to_string(),
        currency: explanation.currency().to_string(),
        rounding: explanation.rounding().to_string(),
        lines: explanation.lines().iter().map(LineOut::from).collect(),
        limited: Limited {
            original: limited_original.map(|limit| limit.shown()),
            payable: limited_payable.map(|limit| limit.shown()),
        },
        original: RoundedOut::of(explanation.original())?,
        payable: RoundedOut::of(explanation.payable())?,
        recomputed: Recomputed::of(original, payable),
        text: explanation.text(Language::English),
        text_zh: explanation.text(Language::Chinese),
    })
}
