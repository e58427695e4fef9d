use super::{
    metering::Of,
    pricing::{CardIn, RateIn},
    text::{Object, PeriodIn, Show, Shown, Text, Word, all, all_of, null_as_default, optional},
};
use crate::{
    error::{Error, Language, WireError},
    exact::Exact,
    metering::{Kind, Part, QuotaCharge},
    money::{Currency, Rounding},
    pricing::{
        Billed, CardFormat, Catalogue, CatalogueChange, ChangeOfRate, Compared, ComparedFact, ComparedLine,
        ComparedOwner, ComparisonTerms, Counted, Entry, IfListed, Lease, Limits, Locked, LowerBounds, NewPart, PartKey,
        RateCard, RateMember, Shape, Stock, StockChange, Tier, TierBlock, TierSpan, TierStart, Validity, compare,
    },
    time::Instant,
    units::{Name, Quantity, Unit},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsCall {
    currency: Text<Currency>,
    rate: RateIn,
    events: Vec<Text<Exact>>,
}

#[derive(Serialize)]
pub(super) struct EventsOut {
    amount: Shown<Exact>,
}

pub(super) fn amount_of_events(input: EventsCall) -> Result<EventsOut, Error> {
    let rate = input.rate.0.read(input.currency.read()?)?.rate;
    Ok(EventsOut { amount: rate.amount_of_events(&all(&input.events)?)?.shown() })
}

#[derive(Serialize)]
pub(super) struct PricedOut {
    events: Vec<EventOut>,
    sum: Shown<Exact>,
    amount: Shown<Exact>,
    text: String,
    text_zh: String,
}

#[derive(Serialize)]
struct EventOut {
    value: Shown<Exact>,
    free: Shown<Exact>,
    amount: Shown<Exact>,
}

pub(super) fn price_events(input: EventsCall) -> Result<PricedOut, Error> {
    let rate = input.rate.0.read(input.currency.read()?)?.rate;
    let priced = rate.price_events(&all(&input.events)?)?;
    let event = |event: &crate::pricing::PricedEvent| EventOut {
        value: event.value.shown(),
        free: event.free.shown(),
        amount: event.amount.shown(),
    };
    Ok(PricedOut {
        events: priced.events().iter().map(event).collect(),
        sum: priced.sum().shown(),
        amount: priced.amount().shown(),
        text: priced.text(Language::English),
        text_zh: priced.text(Language::Chinese),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TiersCall {
    shape: TieredIn,
    tiers: TiersIn,
    /// Whether the bounds of `from` may lie in their lower tiers.
    bounds: Option<BoundsIn>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum TieredIn {
    Graduated,
    Volume,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum BoundsIn {
    InLowerTiers,
}

/// Tiers by their convention.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TiersIn {
    From(Vec<Object<StartIn>>),
    Inclusive(Vec<Object<SpanOfUnits>>),
    HalfOpen(Vec<Object<SpanOfUnits>>),
    Blocks(Vec<Object<BlockIn>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StartIn {
    from: Text<Decimal>,
    price: Text<Decimal>,
    flat: Option<Text<Decimal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanOfUnits {
    from: Text<Decimal>,
    to: Option<Text<Decimal>>,
    price: Text<Decimal>,
    flat: Option<Text<Decimal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockIn {
    size: Text<Decimal>,
    price: Text<Decimal>,
}

impl Object<SpanOfUnits> {
    fn read(&self) -> Result<TierSpan, Error> {
        let SpanOfUnits { from, to, price, flat } = &self.0;
        let flat = optional(flat)?.unwrap_or_default();
        Ok(TierSpan { from: from.read()?, to: optional(to)?, price: price.read()?, flat })
    }
}

/// The members of a rate in a card.
#[derive(Serialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub(super) enum ShapeOut {
    Graduated { tiers: Vec<TierOut> },
    Volume { tiers: Vec<TierOut> },
    Package { package_size: Shown<Decimal>, price: Shown<Decimal> },
}

#[derive(Serialize)]
pub(super) struct TierOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    up_to: Option<Shown<Decimal>>,
    price: Shown<Decimal>,
    flat: Shown<Decimal>,
}

pub(super) fn read_tiers(input: TiersCall) -> Result<ShapeOut, Error> {
    match &input.tiers {
        TiersIn::Inclusive(spans) => {
            input.shape.of(&Tier::from_inclusive(&all_of(spans, Object::<SpanOfUnits>::read)?)?)
        }
        TiersIn::HalfOpen(spans) => {
            input.shape.of(&Tier::from_half_open(&all_of(spans, Object::<SpanOfUnits>::read)?)?)
        }
        TiersIn::Blocks(blocks) => {
            let block = |Object(block): &Object<BlockIn>| {
                Ok(TierBlock { size: block.size.read()?, price: block.price.read()? })
            };
            let blocks = all_of(blocks, block)?;
            Shape::from_blocks(&blocks)?;
            let only = blocks.first().ok_or(WireError::NotWritten {})?; // there is just one
            Ok(ShapeOut::Package { package_size: only.size.shown(), price: only.price.shown() })
        }
        TiersIn::From(starts) => {
            let start = |Object(start): &Object<StartIn>| {
                let flat = optional(&start.flat)?.unwrap_or_default();
                Ok(TierStart { from: start.from.read()?, price: start.price.read()?, flat })
            };
            let bounds = LowerBounds::new(&all_of(starts, start)?)?;
            match (input.bounds, input.shape) {
                (Some(BoundsIn::InLowerTiers), _) => {}
                (None, TieredIn::Graduated) => drop(bounds.graduated()?),
                (None, TieredIn::Volume) => drop(bounds.volume()?),
            }
            input.shape.of(bounds.with_bounds_in_lower_tiers())
        }
    }
}

impl TieredIn {
    fn of(self, tiers: &[Tier]) -> Result<ShapeOut, Error> {
        let out = |tier: &Tier| TierOut {
            up_to: tier.up_to.map(|bound| bound.shown()),
            price: tier.price.shown(),
            flat: tier.flat.shown(),
        };
        let tiers = tiers.iter().map(out).collect();
        Ok(match self {
            Self::Graduated => ShapeOut::Graduated { tiers },
            Self::Volume => ShapeOut::Volume { tiers },
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadCall {
    format: FormatIn,
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FormatIn {
    Toml,
    Json,
}

#[derive(Serialize)]
pub(super) struct CardOut {
    revision: String,
    currency: String,
    from: Option<Shown<Instant>>,
    to: Option<Shown<Instant>>,
    rates: usize,
    /// The card as it is written in both formats.
    toml: String,
    json: String,
}

pub(super) fn read_card(input: ReadCall) -> Result<CardOut, Error> {
    let format = match input.format {
        FormatIn::Toml => CardFormat::Toml,
        FormatIn::Json => CardFormat::Json,
    };
    let card = RateCard::from_text(&input.text, format)?;
    let at = |at: Option<Instant>| at.map(|at| at.shown());
    Ok(CardOut {
        revision: card.revision().to_string(),
        currency: card.currency().to_string(),
        from: at(card.validity().from),
        to: at(card.validity().to),
        rates: card.entries().len(),
        toml: card.to_toml(),
        json: card.to_json(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareCall {
    old: CardIn,
    new: CardIn,
}

#[derive(Serialize)]
pub(super) struct CardsCompared {
    added: Vec<EntryOut>,
    removed: Vec<EntryOut>,
    changed: Vec<ChangedOut>,
    unchanged: Vec<EntryOut>,
    limits: Vec<LimitsChanged>,
    currency: Option<[String; 2]>,
    validity: Option<[ValidityOut; 2]>,
    text: String,
    text_zh: String,
}

#[derive(Serialize)]
struct EntryOut {
    kind: String,
    part: String,
    rate: String,
    from: Option<Shown<Instant>>,
    to: Option<Shown<Instant>>,
}

#[derive(Serialize)]
struct ChangedOut {
    what: Vec<Word<RateMember>>,
    old: EntryOut,
    new: EntryOut,
}

#[derive(Serialize)]
struct LimitsChanged {
    kind: String,
    old: Option<LimitsOut>,
    new: Option<LimitsOut>,
}

#[derive(Serialize)]
struct LimitsOut {
    minimum: Option<Shown<Decimal>>,
    maximum: Option<Shown<Decimal>>,
}

#[derive(Serialize)]
struct ValidityOut {
    from: Option<Shown<Instant>>,
    to: Option<Shown<Instant>>,
}

impl From<Validity> for ValidityOut {
    fn from(validity: Validity) -> Self {
        let at = |at: Option<Instant>| at.map(|at| at.shown());
        Self { from: at(validity.from), to: at(validity.to) }
    }
}

impl From<Limits> for LimitsOut {
    fn from(limits: Limits) -> Self {
        let limit = |limit: Option<Decimal>| limit.map(|limit| limit.shown());
        Self { minimum: limit(limits.minimum), maximum: limit(limits.maximum) }
    }
}

impl From<&Entry> for EntryOut {
    fn from(entry: &Entry) -> Self {
        let ValidityOut { from, to } = entry.validity().into();
        Self {
            kind: entry.kind.to_string(),
            part: entry.part.to_string(),
            rate: format!("{} per {} per {}", entry.rate, entry.rate.per, entry.rate.every.time_unit()),
            from,
            to,
        }
    }
}

pub(super) fn compare_cards(input: CompareCall) -> Result<CardsCompared, Error> {
    let difference = input.old.read()?.difference_to(&input.new.read()?);
    let entries = |entries: &[Entry]| entries.iter().map(EntryOut::from).collect();
    let (old_currency, new_currency) = difference.currencies();
    let (old_validity, new_validity) = difference.validities();
    let changed = difference.changed().iter().map(|changed| ChangedOut {
        what: changed.what.iter().copied().map(Word).collect(),
        old: (&changed.old).into(),
        new: (&changed.new).into(),
    });
    let limits = difference.limits().iter().map(|limits| LimitsChanged {
        kind: limits.kind.to_string(),
        old: limits.old.map(Into::into),
        new: limits.new.map(Into::into),
    });
    Ok(CardsCompared {
        added: entries(difference.added()),
        removed: entries(difference.removed()),
        changed: changed.collect(),
        unchanged: entries(difference.unchanged()),
        limits: limits.collect(),
        currency: (old_currency != new_currency).then(|| [old_currency, new_currency].map(|each| each.to_string())),
        validity: (old_validity != new_validity).then(|| [old_validity, new_validity].map(Into::into)),
        text: difference.text(Language::English),
        text_zh: difference.text(Language::Chinese),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedCall {
    old: CardIn,
    new: CardIn,
    facts: Vec<Object<FactIn>>,
    counted: CountedIn,
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CountedIn {
    Used,
    Payable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactIn {
    owner: Text<Name>,
    id: Text<Name>,
    kind: Text<Kind>,
    of: Of,
    window: Object<PeriodIn>,
    quota: Option<Text<QuotaCharge>>,
    /// When rates have to be in force; the window's start where it is left out.
    at: Option<Text<Instant>>,
}

impl Object<FactIn> {
    /// None where there is no reading.
    fn read(&self) -> Result<Option<Billed>, Error> {
        let FactIn { owner, id, kind, of, window, quota, at } = &self.0;
        let window = window.read()?;
        let (owner, id, kind) = (owner.read()?, id.read()?, kind.read()?);
        let at = optional(at)?.unwrap_or(window.start());
        let usage = of.usage(window, optional(quota)?.unwrap_or_default())?;
        Ok(usage.map(|usage| Billed { owner, id, kind, usage, at }))
    }
}

#[derive(Serialize)]
pub(super) struct ChangedAll {
    currency: String,
    owners: Vec<OwnerOut>,
    exact: ComparedOut,
    amount: ComparedAmountOut,
    text: String,
    text_zh: String,
}

#[derive(Serialize)]
struct OwnerOut {
    owner: String,
    facts: Vec<FactOut>,
    exact: ComparedOut,
    amount: ComparedAmountOut,
}

#[derive(Serialize)]
struct FactOut {
    id: String,
    kind: String,
    lines: Vec<ComparedLineOut>,
    exact: ComparedOut,
    amount: Option<ComparedAmountOut>,
}

#[derive(Serialize)]
struct ComparedLineOut {
    part: String,
    change: Word<ChangeOfRate>,
    exact: ComparedOut,
    amount: Option<ComparedAmountOut>,
}

#[derive(Serialize)]
struct ComparedOut {
    old: Shown<Exact>,
    new: Shown<Exact>,
    difference: Shown<Exact>,
}

impl From<&Compared<Exact>> for ComparedOut {
    fn from(Compared { old, new, difference }: &Compared<Exact>) -> Self {
        Self { old: old.shown(), new: new.shown(), difference: difference.shown() }
    }
}

#[derive(Serialize)]
struct ComparedAmountOut {
    old: Shown<Decimal>,
    new: Shown<Decimal>,
    difference: Shown<Decimal>,
}

impl From<&Compared<Decimal>> for ComparedAmountOut {
    fn from(Compared { old, new, difference }: &Compared<Decimal>) -> Self {
        Self { old: old.shown(), new: new.shown(), difference: difference.shown() }
    }
}
impl From<&ComparedLine> for ComparedLineOut {
    fn from(line: &ComparedLine) -> Self {
        Self {
            part: line.part.to_string(),
            change: Word(line.change),
            exact: (&line.exact).into(),
            amount: line.amount.as_ref().map(Into::into),
        }
    }
}

impl From<&ComparedFact> for FactOut {
    fn from(fact: &ComparedFact) -> Self {
        Self {
            id: fact.id.to_string(),
            kind: fact.kind.to_string(),
            lines: fact.lines.iter().map(Into::into).collect(),
            exact: (&fact.exact).into(),
            amount: fact.amount.as_ref().map(Into::into),
        }
    }
}

impl From<&ComparedOwner> for OwnerOut {
    fn from(owner: &ComparedOwner) -> Self {
        Self {
            owner: owner.owner.to_string(),
            facts: owner.facts.iter().map(Into::into).collect(),
            exact: (&owner.exact).into(),
            amount: (&owner.amount).into(),
        }
    }
}

pub(super) fn what_changed(input: ChangedCall) -> Result<ChangedAll, Error> {
    let counted = match input.counted {
        CountedIn::Used => Counted::Used,
        CountedIn::Payable => Counted::Payable,
    };
    let terms = ComparisonTerms { counted, rounding: input.rounding.read()? };
    let facts = all_of(&input.facts, Object::<FactIn>::read)?.into_iter().flatten().collect::<Vec<_>>();
    let comparison = compare(&input.old.read()?, &input.new.read()?, &facts, terms)?;
    Ok(ChangedAll {
        currency: comparison.currency().to_string(),
        owners: comparison.owners().iter().map(Into::into).collect(),
        exact: comparison.exact().into(),
        amount: (&comparison.amount()).into(),
        text: comparison.text(Language::English),
        text_zh: comparison.text(Language::Chinese),
    })
}

/// A catalogue, as it is written: prices as in a card, stock by cluster.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueIn {
    currency: Text<Currency>,
    parts: Vec<Object<ListingIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListingIn {
    centre: Text<Name>,
    rate: RateIn,
    unit: Text<Unit>,
    clusters: Vec<Object<ClusterIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterIn {
    cluster: Text<Name>,
    stock: Text<Quantity>,
    consumed: Option<Text<Quantity>>,
}

impl Object<CatalogueIn> {
    fn read(&self) -> Result<(Catalogue, Currency), Error> {
        let currency = self.0.currency.read()?;
        let mut changes = Vec::new();
        for Object(listing) in &self.0.parts {
            let new = new_part(&listing.centre, &listing.rate, &listing.unit, currency)?;
            let key = new.key.clone();
            changes.push(CatalogueChange::Add { new, if_listed: IfListed::Refuse });
            for Object(cluster) in &listing.clusters {
                let of = |quantity: Quantity| -> Result<StockChange, Error> {
                    Ok(StockChange { key: key.clone(), cluster: cluster.cluster.read()?, quantity })
                };
                changes.push(CatalogueChange::Supply(of(cluster.stock.read()?)?));
                if let Some(consumed) = optional(&cluster.consumed)? {
                    changes.push(CatalogueChange::Consume(of(consumed)?));
                }
            }
        }
        Ok((Catalogue::default().after(changes)?, currency))
    }
}

fn new_part(centre: &Text<Name>, rate: &RateIn, unit: &Text<Unit>, currency: Currency) -> Result<NewPart, Error> {
    let entry = rate.0.read(currency)?;
    Ok(NewPart { key: PartKey { centre: centre.read()?, part: entry.part }, rate: entry.rate, unit: unit.read()? })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeIn {
    Add(Object<AddIn>),
    Reprice(Object<RepriceIn>),
    Supply(Object<StockIn>),
    Consume(Object<StockIn>),
    Release(Object<StockIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddIn {
    centre: Text<Name>,
    rate: RateIn,
    unit: Text<Unit>,
    #[serde(default, deserialize_with = "null_as_default")]
    if_listed: IfListedIn,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum IfListedIn {
    #[default]
    Refuse,
    AddStock,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepriceIn {
    centre: Text<Name>,
    rate: RateIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockIn {
    centre: Text<Name>,
    part: Text<Part>,
    cluster: Text<Name>,
    quantity: Text<Quantity>,
}

impl Object<StockIn> {
    fn read(&self) -> Result<StockChange, Error> {
        let key = PartKey { centre: self.0.centre.read()?, part: self.0.part.read()? };
        Ok(StockChange { key, cluster: self.0.cluster.read()?, quantity: self.0.quantity.read()? })
    }
}

impl ChangeIn {
    fn read(&self, currency: Currency) -> Result<CatalogueChange, Error> {
        Ok(match self {
            Self::Add(Object(add)) => CatalogueChange::Add {
                new: new_part(&add.centre, &add.rate, &add.unit, currency)?,
                if_listed: match add.if_listed {
                    IfListedIn::Refuse => IfListed::Refuse,
                    IfListedIn::AddStock => IfListed::AddStock,
                },
            },
            Self::Reprice(Object(reprice)) => {
                let entry = reprice.rate.0.read(currency)?;
                CatalogueChange::Reprice {
                    key: PartKey { centre: reprice.centre.read()?, part: entry.part },
                    rate: entry.rate,
                }
            }
            Self::Supply(change) => CatalogueChange::Supply(change.read()?),
            Self::Consume(change) => CatalogueChange::Consume(change.read()?),
            Self::Release(change) => CatalogueChange::Release(change.read()?),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueCall {
    catalogue: Object<CatalogueIn>,
    changes: Vec<ChangeIn>,
}

#[derive(Serialize)]
pub(super) struct CatalogueOut {
    parts: Vec<ListingOut>,
}

#[derive(Serialize)]
struct ListingOut {
    centre: String,
    part: String,
    rate: String,
    stock: Shown<Quantity>,
    consumed: Shown<Quantity>,
    free: Shown<Quantity>,
    reads: String,
    reads_zh: String,
    clusters: BTreeMap<String, StockOut>,
}

#[derive(Serialize)]
pub(super) struct StockOut {
    stock: Shown<Quantity>,
    consumed: Shown<Quantity>,
    free: Shown<Quantity>,
    reads: String,
    reads_zh: String,
}

impl From<&Stock> for StockOut {
    fn from(stock: &Stock) -> Self {
        Self {
            stock: stock.stock().shown(),
            consumed: stock.consumed().shown(),
            free: stock.free().shown(),
            reads: stock.text(Language::English),
            reads_zh: stock.text(Language::Chinese),
        }
    }
}

pub(super) fn catalogue_change(input: CatalogueCall) -> Result<CatalogueOut, Error> {
    let (catalogue, currency) = input.catalogue.read()?;
    let changes = input.changes.iter().map(|change| change.read(currency)).collect::<Result<Vec<_>, _>>()?;
    let changed = catalogue.after(changes)?;
    let parts = changed.parts().map(|(key, listing)| {
        let StockOut { stock, consumed, free, reads, reads_zh } = listing.stock().into();
        ListingOut {
            centre: key.centre.to_string(),
            part: key.part.to_string(),
            rate: format!("{} per {} per {}", listing.rate(), listing.rate().per, listing.rate().every.time_unit()),
            stock,
            consumed,
            free,
            reads,
            reads_zh,
            clusters: listing.clusters().map(|(cluster, stock)| (cluster.to_string(), stock.into())).collect(),
        }
    });
    Ok(CatalogueOut { parts: parts.collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StockCall {
    catalogue: Object<CatalogueIn>,
    centre: Text<Name>,
    part: Text<Part>,
    cluster: Option<Text<Name>>,
}

/// None where the part is not for sale.
pub(super) fn catalogue_stock(input: StockCall) -> Result<Option<StockOut>, Error> {
    let key = PartKey { centre: input.centre.read()?, part: input.part.read()? };
    let cluster = optional(&input.cluster)?;
    let (catalogue, _) = input.catalogue.read()?;
    Ok(catalogue.stock(&key, cluster.as_ref()).as_ref().map(Into::into))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaseCall {
    total: u32,
    leased: u32,
    locked: u32,
    locked_is: LockedIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum LockedIn {
    Idle,
    NotIdle,
}

#[derive(Serialize)]
pub(super) struct LeaseOut {
    idle: Shown<Exact>,
    leased: Shown<Exact>,
    text: String,
    text_zh: String,
}

pub(super) fn lease_rates(input: LeaseCall) -> Result<LeaseOut, Error> {
    let locked = match input.locked_is {
        LockedIn::Idle => Locked::IsIdle,
        LockedIn::NotIdle => Locked::IsNotIdle,
    };
    let rates = Lease::new(input.total)?.leased(input.leased)?.locked(input.locked)?.rates(locked)?;
    Ok(LeaseOut {
        idle: rates.idle().shown(),
        leased: rates.leased().shown(),
        text: rates.derivation().text(Language::English),
        text_zh: rates.derivation().text(Language::Chinese),
    })
}
