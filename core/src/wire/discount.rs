use super::text::{DerivationOut, Object, RoundedOut, Show, Shown, Text, Word, optional};
use crate::{
    error::{Error, Language},
    exact::Exact,
    metering::{Kind, Part},
    money::{Ratio, Rounding},
    pricing::discount::{
        DiscountFacts, Discounted, Discounts, DiscountsFile, Listed, Lost, Offer, ResellerMode, RowMode, RuleFile,
        Sale, Share, Source, TraceLine, Verdict,
    },
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Discounts as they stand in a file, in JSON.
pub(super) type DiscountsIn = Object<DiscountsFile<Object<RuleFile<Text<Decimal>>>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactsIn {
    customer: Option<Text<Name>>,
    class: Option<Text<Name>>,
    at: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedIn {
    kind: Text<Kind>,
    part: Option<Text<Part>>,
    units: Text<Exact>,
    amount: Text<Exact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscountCall {
    discounts: DiscountsIn,
    facts: Object<FactsIn>,
    listed: Object<ListedIn>,
}

impl DiscountsIn {
    pub(super) fn read(&self) -> Result<Discounts, Error> {
        Ok(self.0.read(|rule| (&rule.0, 0))?)
    }
}

impl Object<FactsIn> {
    pub(super) fn read(&self) -> Result<DiscountFacts, Error> {
        let FactsIn { customer, class, at } = &self.0;
        Ok(DiscountFacts { customer: optional(customer)?, class: optional(class)?, at: at.read()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscountLinesCall {
    discounts: DiscountsIn,
    facts: Object<FactsIn>,
    lines: Vec<Object<ListedIn>>,
}

impl ListedIn {
    fn read(&self) -> Result<Line, Error> {
        let (kind, part) = (self.kind.read()?, optional(&self.part)?);
        Ok(Line { kind, part, units: self.units.read()?, amount: self.amount.read()? })
    }
}

/// A line, with the names that a [`Listed`] borrows.
struct Line {
    kind: Kind,
    part: Option<Part>,
    units: Exact,
    amount: Exact,
}

impl Line {
    fn listed(&self) -> Listed<'_> {
        let Self { kind, part, units, amount } = self;
        Listed { kind, part: part.as_ref(), units: units.clone(), amount: amount.clone() }
    }
}

impl DiscountCall {
    /// Hands what was read to an operation.
    fn read<O>(
        self,
        answer: impl FnOnce(&Discounts, &DiscountFacts, &Listed<'_>) -> Result<O, Error>,
    ) -> Result<O, Error> {
        let (discounts, facts) = (self.discounts.read()?, self.facts.read()?);
        let line = self.listed.0.read()?;
        answer(&discounts, &facts, &line.listed())
    }
}

#[derive(Serialize)]
pub(super) struct DiscountOut {
    listed: Shown<Exact>,
    amount: Shown<Exact>,
    saved: Shown<Exact>,
    trace: Vec<TraceLineOut>,
    /// The amount again, from nothing but what the trace shows.
    recomputed: Shown<Exact>,
    derivation: DerivationOut,
    text: String,
    text_zh: String,
}

/// A rule that was applied, or lost.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum TraceLineOut {
    Applied(AppliedLineOut),
    Lost(LostLineOut),
}

#[derive(Serialize)]
pub(super) struct AppliedLineOut {
    rule: String,
    source: Word<Source>,
    effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<ShareOut>,
    applied: AppliedOut,
}

#[derive(Serialize)]
pub(super) struct LostLineOut {
    rule: String,
    source: Word<Source>,
    effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<ShareOut>,
    lost: LostOut,
}

#[derive(Serialize)]
struct ShareOut {
    among: Shown<Exact>,
    amount: Shown<Exact>,
}

#[derive(Serialize)]
struct AppliedOut {
    before: Shown<Exact>,
    after: Shown<Exact>,
}

/// Why a rule is not for a line, and whom it is for, when, or what came before it.
#[derive(Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
enum LostOut {
    OtherCustomer { by: String },
    OtherClass { by: String },
    NotYet { by: String },
    NoLonger { by: String },
    OtherKind { by: String },
    OtherPart { by: String },
    Correction,
    OtherSign,
    Dearer,
    YieldsTo { by: String },
    ExcludedBy { by: String },
    GroupWonBy { by: String },
    NotFirst { by: String },
    BeatenBy { by: String },
    PricedBy { by: String },
}

impl From<&TraceLine> for TraceLineOut {
    fn from(line: &TraceLine) -> Self {
        let (rule, source, effect) = (line.rule.to_string(), Word(line.source), line.effect.to_string());
        let share = line.share.as_ref().map(ShareOut::from);
        match &line.verdict {
            Verdict::Applied { before, after } => {
                let applied = AppliedOut { before: before.shown(), after: after.shown() };
                Self::Applied(AppliedLineOut { rule, source, effect, share, applied })
            }
            Verdict::Lost(lost) => Self::Lost(LostLineOut { rule, source, effect, share, lost: lost.into() }),
        }
    }
}

impl From<&Share> for ShareOut {
    fn from(share: &Share) -> Self {
        Self { among: share.among().shown(), amount: share.amount().shown() }
    }
}

impl From<&Lost> for LostOut {
    fn from(lost: &Lost) -> Self {
        match lost {
            Lost::OtherCustomer { only } => Self::OtherCustomer { by: only.to_string() },
            Lost::OtherClass { only } => Self::OtherClass { by: only.to_string() },
            Lost::NotYet { from } => Self::NotYet { by: from.to_string() },
            Lost::NoLonger { to } => Self::NoLonger { by: to.to_string() },
            Lost::OtherKind { only } => Self::OtherKind { by: only.to_string() },
            Lost::OtherPart { only } => Self::OtherPart { by: only.to_string() },
            Lost::Correction => Self::Correction,
            Lost::OtherSign => Self::OtherSign,
            Lost::Dearer => Self::Dearer,
            Lost::YieldsTo { group } => Self::YieldsTo { by: group.to_string() },
            Lost::ExcludedBy { group } => Self::ExcludedBy { by: group.to_string() },
            Lost::GroupWonBy { rule } => Self::GroupWonBy { by: rule.to_string() },
            Lost::NotFirst { first } => Self::NotFirst { by: first.to_string() },
            Lost::BeatenBy { rule } => Self::BeatenBy { by: rule.to_string() },
            Lost::PricedBy { rule } => Self::PricedBy { by: rule.to_string() },
        }
    }
}

impl DiscountOut {
    fn of(discounted: &Discounted) -> Result<Self, Error> {
        let trace = discounted.trace();
        Ok(Self {
            listed: discounted.listed().shown(),
            amount: discounted.amount().shown(),
            saved: discounted.saved()?.shown(),
            trace: trace.lines().iter().map(TraceLineOut::from).collect(),
            recomputed: trace.recompute()?.shown(),
            derivation: (&discounted.derivation()?).into(),
            text: trace.text(Language::English),
            text_zh: trace.text(Language::Chinese),
        })
    }
}

pub(super) fn discount(input: DiscountCall) -> Result<DiscountOut, Error> {
    input.read(|discounts, facts, listed| DiscountOut::of(&discounts.apply(facts, listed)?))
}

#[derive(Serialize)]
pub(super) struct DiscountLinesOut {
    listed: Shown<Exact>,
    amount: Shown<Exact>,
    lines: Vec<DiscountOut>,
}

pub(super) fn discount_lines(input: DiscountLinesCall) -> Result<DiscountLinesOut, Error> {
    let discounts = input.discounts.read()?;
    let facts = input.facts.read()?;
    let lines = input.lines.iter().map(|line| line.0.read()).collect::<Result<Vec<_>, _>>()?;
    let listed: Vec<Listed<'_>> = lines.iter().map(Line::listed).collect();
    let discounted = discounts.apply_all(&facts, &listed)?;
    Ok(DiscountLinesOut {
        listed: Exact::sum(listed.iter().map(|line| &line.amount))?.shown(),
        amount: Exact::sum(discounted.iter().map(Discounted::amount))?.shown(),
        lines: discounted.iter().map(DiscountOut::of).collect::<Result<_, _>>()?,
    })
}

#[derive(Serialize)]
pub(super) struct OptionalOut {
    official_amount: Shown<Exact>,
    offers: Vec<OfferOut>,
    best: Option<String>,
}

#[derive(Serialize)]
struct OfferOut {
    rule: String,
    source: Word<Source>,
    amount: Shown<Exact>,
    discount_amount: Shown<Exact>,
    /// Why it is not for this line.
    lost: Option<LostOut>,
}

impl OfferOut {
    fn of(offer: &Offer) -> Result<Self, Error> {
        let lost = offer.result.trace().lines().iter().find_map(|line| match &line.verdict {
            Verdict::Lost(lost) => Some(lost.into()),
            Verdict::Applied { .. } => None,
        });
        Ok(Self {
            rule: offer.rule.to_string(),
            source: Word(offer.source),
            amount: offer.result.amount().shown(),
            discount_amount: offer.result.saved()?.shown(),
            lost,
        })
    }
}

pub(super) fn optional_discounts(input: DiscountCall) -> Result<OptionalOut, Error> {
    input.read(|discounts, facts, listed| {
        let optional = discounts.each_alone(facts, listed)?;
        Ok(OptionalOut {
            official_amount: optional.listed().shown(),
            offers: optional.offers().iter().map(OfferOut::of).collect::<Result<_, _>>()?,
            best: optional.best().map(|best| best.rule.to_string()),
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResellerCall {
    mode: Text<RowMode>,
    /// Of the product row: of a discount.
    ratio: Option<Text<Decimal>>,
    /// Of the product row: of a floor price.
    price: Option<Text<Decimal>>,
    list: Text<Exact>,
    sold_at: Option<Text<Exact>>,
    commission_rate: Option<Text<Ratio>>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct ResellerOut {
    customer_pays: RoundedOut,
    reseller_pays: Option<RoundedOut>,
    margin: Option<RoundedOut>,
    commission: Option<RoundedOut>,
    derivation: DerivationOut,
}

pub(super) fn reseller_price(input: ResellerCall) -> Result<ResellerOut, Error> {
    let mode = ResellerMode::from_row(input.mode.read()?, optional(&input.ratio)?, optional(&input.price)?)?;
    let sale = Sale {
        list: input.list.read()?,
        sold_at: optional(&input.sold_at)?,
        commission_rate: optional(&input.commission_rate)?,
    };
    let settled = mode.settle(&sale, input.rounding.read()?)?;
    Ok(ResellerOut {
        customer_pays: RoundedOut::of(settled.customer_pays())?,
        reseller_pays: settled.reseller_pays().map(RoundedOut::of).transpose()?,
        margin: settled.margin().map(RoundedOut::of).transpose()?,
        commission: settled.commission().map(RoundedOut::of).transpose()?,
        derivation: settled.derivation().into(),
    })
}
