//! Tiers as other systems write them, read into tiers *up to and including* a bound.
//!
//! | convention | 250 units in three tiers | here |
//! |---|---|---|
//! | [half-open](Tier::from_half_open) | 0 < u ≤ 100, 100 < u ≤ 200, 200 < u | the same |
//! | [inclusive](Tier::from_inclusive) | 0 … 100, 101 … 200, 201 … | the same for whole units; 100.5 lies in the upper tier |
//! | [lower bounds](LowerBounds) | from 0, from 100, from 200 | the bound itself lies in the upper tier there, and in the lower one here |
//! | [blocks](Shape::from_blocks) | started blocks of 100, at most 10 | a package where there is one tier |

use super::{Shape, Tier};
use crate::{
    error::PricingError,
    exact::{Exact, decimal},
};
use rust_decimal::Decimal;

/// A tier between two bounds.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierSpan {
    /// Where it begins.
    pub from: Decimal,
    /// Its last unit; none for all the rest.
    pub to: Option<Decimal>,
    /// The price of each unit.
    pub price: Decimal,
    /// A fee for reaching into the tier.
    pub flat: Decimal,
}

/// A tier by where it begins: it ends where the next one begins.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierStart {
    /// The first unit that belongs to it.
    pub from: Decimal,
    /// The price of each unit.
    pub price: Decimal,
    /// A fee for reaching into the tier.
    pub flat: Decimal,
}

/// A tier of started blocks.
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierBlock {
    /// How many units a block has.
    pub size: Decimal,
    /// The price of each started block.
    pub price: Decimal,
}

impl Tier {
    /// Tiers of `from < u ≤ to`: the same as these.
    ///
    /// # Errors
    /// `pricing.bad_tiers` naming the tier that does not begin where the one before ends, or that
    /// has no bound to be last.
    ///
    /// # Rule
    /// R-P3
    pub fn from_half_open(spans: &[TierSpan]) -> Result<Vec<Self>, PricingError> {
        let mut end = Some(Decimal::ZERO);
        for (tier, span) in spans.iter().enumerate() {
            let Some(before) = end else {
                return Err(PricingError::BadTiers { tier, fault: "the one before takes all the rest" });
            };
            meets(tier, before, span.from, "it must begin at 0")?;
            end = span.to;
        }
        closed(spans.iter().map(Self::of_span).collect())
    }

    /// Tiers of whole bounds that both belong to them, `0 … 100`, `101 … 200`: a fraction between two
    /// lies in the upper one.
    ///
    /// The first may begin at 0 or at 1.
    ///
    /// # Errors
    /// `pricing.bad_tiers` naming the tier that does not begin one after the end of the one before,
    /// or whose bound is no whole number.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::{Shape, Tier, TierSpan, ZeroUsage};
    ///
    /// let span = |from: i64, to: Option<i64>, price: &str, flat: i64| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(TierSpan { from: from.into(), to: to.map(Into::into), price: price.parse()?, flat: flat.into() })
    /// };
    /// let tiers = Tier::from_inclusive(&[
    ///     span(0, Some(100), "2", 10)?,
    ///     span(101, Some(200), "1", 0)?,
    ///     span(201, None, "0.5", 50)?,
    /// ])?;
    /// let amount = Shape::volume(&tiers)?.amount(&"100.5".parse()?, ZeroUsage::Free)?;
    /// assert_eq!(amount.to_string(), "100.5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Rule
    /// R-P3
    pub fn from_inclusive(spans: &[TierSpan]) -> Result<Vec<Self>, PricingError> {
        let mut next = None;
        for (tier, span) in spans.iter().enumerate() {
            let fault = |fault| Err(PricingError::BadTiers { tier, fault });
            if [Some(span.from), span.to].into_iter().flatten().any(|bound| !is_whole(bound)) {
                return fault("bounds that both belong to their tier are whole numbers: use half-open ones");
            }
            match next {
                None if tier > 0 => return fault("the one before takes all the rest"),
                None if span.from == Decimal::ZERO || span.from == Decimal::ONE => {}
                None => return fault("it must begin at 0 or at 1"),
                Some(next) => meets(tier, next, span.from, "")?,
            }
            next = span.to.map(|to| decimal::add(to, Decimal::ONE)).transpose()?;
        }
        closed(spans.iter().map(Self::of_span).collect())
    }

    fn of_span(span: &TierSpan) -> Self {
        Self { up_to: span.to, price: span.price, flat: span.flat }
    }
}

/// Tiers of `from ≤ u < next from`, which differ from *up to and including* exactly at their bounds.
///
/// Where a graduated amount has no fees it is the same either way; otherwise 100 units lie in another
/// tier there than here. So a shape is made of them only where nothing differs, and
/// [`with_bounds_in_lower_tiers`](Self::with_bounds_in_lower_tiers) says aloud that the bound moves.
///
/// # Examples
/// ```
/// use counterfoil::pricing::{LowerBounds, Shape, TierStart, ZeroUsage};
///
/// let start = |from: i64, price: &str| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(TierStart { from: from.into(), price: price.parse()?, flat: 0.into() })
/// };
/// let tiers = LowerBounds::new(&[start(0, "1.0")?, start(100, "0.5")?, start(200, "0.25")?])?;
/// assert_eq!(tiers.graduated()?.amount(&150.into(), ZeroUsage::Free)?.to_string(), "125");
/// assert_eq!(tiers.volume().unwrap_err().code(), "pricing.unsupported_tiers");
/// let volume = Shape::volume(tiers.with_bounds_in_lower_tiers())?;
/// assert_eq!(volume.amount(&"99.5".parse()?, ZeroUsage::Free)?.to_string(), "99.5");
/// assert_eq!(volume.amount(&100.into(), ZeroUsage::Free)?.to_string(), "100"); // and 50 there
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-P3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerBounds {
    tiers: Vec<Tier>,
}

impl LowerBounds {
    /// Tiers by where they begin, rising from 0.
    ///
    /// # Errors
    /// `pricing.bad_tiers`, naming the tier.
    ///
    /// # Rule
    /// R-P3
    pub fn new(starts: &[TierStart]) -> Result<Self, PricingError> {
        if let Some(first) = starts.first()
            && !first.from.is_zero()
        {
            return Err(PricingError::BadTiers { tier: 0, fault: "it must begin at 0" });
        }
        for (tier, pair) in (1..).zip(starts.windows(2)) {
            if let [before, start] = pair
                && start.from <= before.from
            {
                return Err(PricingError::BadTiers { tier, fault: "it must begin above the one before" });
            }
        }
        let ends = starts.iter().skip(1).map(|next| Some(next.from)).chain([None]);
        let tiers = starts.iter().zip(ends);
        let tiers = tiers.map(|(start, up_to)| Tier { up_to, price: start.price, flat: start.flat }).collect();
        Ok(Self { tiers: closed(tiers)? })
    }

    /// Each unit at the price of its tier.
    ///
    /// # Errors
    /// `pricing.unsupported_tiers` where a tier above the first has a flat fee: a usage that ends
    /// exactly at its bound pays it there, and not here.
    ///
    /// # Rule
    /// R-P3
    pub fn graduated(&self) -> Result<Shape, PricingError> {
        match self.tiers.iter().skip(1).all(|tier| tier.flat.is_zero()) {
            true => Shape::graduated(&self.tiers),
            false => Err(self.differs("a fee of a tier is due at its bound there, and above it here")),
        }
    }

    /// All units at the price of the tier that the last one falls into.
    ///
    /// # Errors
    /// `pricing.unsupported_tiers` where there is more than one tier: a usage that ends exactly at a
    /// bound has the price of the upper tier there, and of the lower one here.
    ///
    /// # Rule
    /// R-P3
    pub fn volume(&self) -> Result<Shape, PricingError> {
        match self.tiers.as_slice() {
            [_] => Shape::volume(&self.tiers),
            _ => {
                Err(self.differs("at a bound all units have the price of the upper tier there, and of the lower here"))
            }
        }
    }

    /// The tiers *up to and including* each bound: a usage that ends exactly at one lies in the lower
    /// tier.
    ///
    /// # Rule
    /// R-P3
    pub fn with_bounds_in_lower_tiers(&self) -> &[Tier] {
        &self.tiers
    }

    fn differs(&self, fault: &'static str) -> PricingError {
        PricingError::UnsupportedTiers { convention: "from", fault }
    }
}

impl Shape {
    /// Tiers of started blocks, each of a size of its own: a package, where there is one.
    ///
    /// # Errors
    /// `pricing.bad_package`; `pricing.bad_tiers` of none; `pricing.unsupported_tiers` of several: a
    /// price for each started block inside a tier is no shape of R-P3.
    ///
    /// # Rule
    /// R-P3
    pub fn from_blocks(blocks: &[TierBlock]) -> Result<Self, PricingError> {
        match blocks {
            [] => Err(PricingError::BadTiers { tier: 0, fault: "there is none" }),
            [block] => Self::package(block.size, block.price),
            _ => Err(PricingError::UnsupportedTiers {
                convention: "blocks",
                fault: "a package has one size and one price: write tiers with prices for each unit",
            }),
        }
    }
}

/// The error, unless a tier begins where it has to.
fn meets(tier: usize, wanted: Decimal, from: Decimal, first: &'static str) -> Result<(), PricingError> {
    let fault = match from.cmp(&wanted) {
        std::cmp::Ordering::Equal => return Ok(()),
        _ if tier == 0 => first,
        std::cmp::Ordering::Greater => "there is a gap between it and the one before",
        std::cmp::Ordering::Less => "it overlaps with the one before",
    };
    Err(PricingError::BadTiers { tier, fault })
}

/// The tiers, if their bounds rise and the last has none.
fn closed(tiers: Vec<Tier>) -> Result<Vec<Tier>, PricingError> {
    super::tiers::check_tiers(&tiers)?;
    Ok(tiers)
}

fn is_whole(value: Decimal) -> bool {
    Exact::from(value).to_decimal().is_some_and(|value| value.normalize().scale() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> TierSpan {
        let to = (!to.is_empty()).then(|| decimal::parse(to).unwrap());
        TierSpan { from: decimal::parse(from).unwrap(), to, price: 1.into(), flat: 0.into() }
    }

    fn spans(bounds: &[(&str, &str)]) -> Vec<TierSpan> {
        bounds.iter().map(|(from, to)| span(from, to)).collect()
    }

    fn fault(read: Result<Vec<Tier>, PricingError>) -> (usize, &'static str) {
        match read.unwrap_err() {
            PricingError::BadTiers { tier, fault } => (tier, fault),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn gaps_and_overlaps_name_their_tier() {
        // R-P3: no gaps
        let half_open = |bounds: &[(&str, &str)]| Tier::from_half_open(&spans(bounds));
        assert_eq!(half_open(&[("0", "100"), ("100", "200.5"), ("200.5", "")]).unwrap().len(), 3);
        for (bounds, tier, says) in [
            (&[("0", "100"), ("101", "")][..], 1, "gap"),
            (&[("0", "100"), ("99.9", "")], 1, "overlaps"),
            (&[("0", "100"), ("100", "100"), ("100", "")], 1, "above the one before"),
            (&[("0", "100"), ("100", "50"), ("50", "")], 1, "above the one before"),
            (&[("1", "")], 0, "begin at 0"),
            (&[("0", "100")], 0, "all the rest"),
            (&[("0", ""), ("0", "")], 1, "all the rest"),
            (&[], 0, "there is none"),
        ] {
            let (at, fault) = fault(half_open(bounds));
            assert!(at == tier && fault.contains(says), "{bounds:?}: {at} {fault}");
        }
        let inclusive = |bounds: &[(&str, &str)]| Tier::from_inclusive(&spans(bounds));
        assert_eq!(inclusive(&[("0", "100"), ("101", "200"), ("201", "")]).unwrap().len(), 3);
        assert_eq!(inclusive(&[("1", "100.0"), ("101", "")]).unwrap().len(), 2);
        for (bounds, tier, says) in [
            (&[("0", "100"), ("102", "")][..], 1, "gap"),
            (&[("0", "100"), ("100", "")], 1, "overlaps"),
            (&[("2", "100"), ("101", "")], 0, "0 or at 1"),
            (&[("0", "99.5"), ("100.5", "")], 0, "whole"),
            (&[("0", ""), ("1", "")], 1, "all the rest"),
            (&[("0", "100")], 0, "all the rest"),
        ] {
            let (at, fault) = fault(inclusive(bounds));
            assert!(at == tier && fault.contains(says), "{bounds:?}: {at} {fault}");
        }
    }

    #[test]
    fn lower_bounds_are_taken_only_where_nothing_differs() {
        let start = |from: i64, flat: i64| TierStart { from: from.into(), price: 1.into(), flat: flat.into() };
        let read = |starts: &[TierStart]| LowerBounds::new(starts);
        assert_eq!(read(&[start(1, 0)]).unwrap_err().code(), "pricing.bad_tiers");
        assert_eq!(read(&[start(0, 0), start(0, 0)]).unwrap_err().code(), "pricing.bad_tiers");
        assert_eq!(read(&[]).unwrap_err().code(), "pricing.bad_tiers");
        let one = read(&[start(0, 10)]).unwrap();
        assert!(one.graduated().is_ok() && one.volume().is_ok());
        let fees = read(&[start(0, 10), start(100, 5)]).unwrap();
        assert_eq!(fees.graduated().unwrap_err().code(), "pricing.unsupported_tiers");
        assert_eq!(fees.volume().unwrap_err().code(), "pricing.unsupported_tiers");
        assert_eq!(fees.with_bounds_in_lower_tiers().len(), 2);
        assert!(read(&[start(0, 10), start(100, 0)]).unwrap().graduated().is_ok());
    }

    #[test]
    fn blocks_are_a_package_or_nothing() {
        let block = TierBlock { size: 100.into(), price: 1.into() };
        assert_eq!(Shape::from_blocks(&[block]).unwrap(), Shape::package(100.into(), 1.into()).unwrap());
        assert_eq!(Shape::from_blocks(&[block, block]).unwrap_err().code(), "pricing.unsupported_tiers");
        assert_eq!(Shape::from_blocks(&[]).unwrap_err().code(), "pricing.bad_tiers");
    }
}
