use super::{DiscountFacts, Discounted, Discounts, Listed, Source, TraceLine, Verdict, rule::is_further_from_zero};
use crate::{error::PricingError, exact::Exact, units::Name};

/// Each rule of a list by itself, to choose from.
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalDiscounts {
    listed: Exact,
    offers: Vec<Offer>,
    best: Option<usize>,
}

/// What one rule alone makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The rule.
    pub rule: Name,
    /// What it is.
    pub source: Source,
    /// The line with this rule only: the list's amount where it is not for this line.
    pub result: Discounted,
}

impl Discounts {
    /// Each rule applied alone, as a customer is shown the discounts to choose from.
    ///
    /// Groups and the policy's [`Combine`](super::Combine) do not matter here: no rule meets another.
    ///
    /// # Rounding
    /// None.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::Kind;
    /// use counterfoil::pricing::discount::{DiscountFacts, Discounts, Listed};
    ///
    /// let discounts = Discounts::from_toml(r#"
    ///     combine = "first"
    ///     rules = [
    ///         { name = "partner", source = "agreement", ratio = "0.9" },
    ///         { name = "spring", source = "unified_discount", off = "30" },
    ///         { name = "disks", source = "unified_discount", kind = "disk", ratio = "0.5" },
    ///     ]
    /// "#)?;
    /// let facts = DiscountFacts::anybody("2024-02-20T00:00:00Z".parse()?);
    /// let listed = Listed { kind: &Kind::Server, part: None, units: 1.into(), amount: 200.into() };
    /// let optional = discounts.each_alone(&facts, &listed)?;
    ///
    /// let amounts: Vec<String> = optional.offers().iter().map(|offer| offer.result.amount().to_string()).collect();
    /// assert_eq!(amounts, ["180", "170", "200"]);
    /// let best = optional.best().expect("two of them are for this line");
    /// assert_eq!((best.rule.as_str(), best.result.saved()?.to_string().as_str()), ("spring", "30"));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P7
    pub fn each_alone(&self, facts: &DiscountFacts, listed: &Listed<'_>) -> Result<OptionalDiscounts, PricingError> {
        let (mut offers, mut best): (Vec<Offer>, Option<usize>) = (Vec::with_capacity(self.rules.len()), None);
        for rule in &self.rules {
            let (amount, verdict) = match rule.alone(facts, listed, None, self.surcharges)? {
                Err(lost) => (listed.amount.clone(), Verdict::Lost(lost)),
                Ok(after) => {
                    let so_far = best.and_then(|best| offers.get(best)).map(|best| best.result.amount());
                    if so_far.is_none_or(|so_far| is_further_from_zero(so_far, &after)) {
                        best = Some(offers.len());
                    }
                    (after.clone(), Verdict::Applied { before: listed.amount.clone(), after })
                }
            };
            let (source, effect) = (rule.source, rule.effect);
            let line = TraceLine { rule: rule.name.clone(), source, effect, share: None, verdict };
            let result = Discounted::new(listed, amount, vec![line]);
            offers.push(Offer { rule: rule.name.clone(), source: rule.source, result });
        }
        Ok(OptionalDiscounts { listed: listed.amount.clone(), offers, best })
    }
}

impl OptionalDiscounts {
    /// The official amount: the list's.
    pub const fn listed(&self) -> &Exact {
        &self.listed
    }

    /// An offer for each rule, in the order of the list, those that are not for this line among them.
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// The one that leaves the lowest amount, of equals the earlier; none where no rule is for this
    /// line.
    pub fn best(&self) -> Option<&Offer> {
        self.best.and_then(|best| self.offers.get(best))
    }
}
