use super::discount::{DiscountFacts, Discounts};
use crate::money::Rounding;

/// On which terms something is priced: which discounts hold for whom, and how it is rounded.
///
/// # Rule
/// R-P6, R-M2
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    rounding: Rounding,
    discounts: Option<(&'a Discounts, &'a DiscountFacts)>,
}

impl<'a> Terms<'a> {
    /// At list price.
    pub const fn list(rounding: Rounding) -> Self {
        Self { rounding, discounts: None }
    }

    /// With discounts, for a customer at an instant.
    pub const fn discounted(discounts: &'a Discounts, facts: &'a DiscountFacts, rounding: Rounding) -> Self {
        Self { rounding, discounts: Some((discounts, facts)) }
    }

    /// How it is rounded.
    pub const fn rounding(self) -> Rounding {
        self.rounding
    }

    /// The discounts, and for whom they are asked.
    pub const fn discounts(self) -> Option<(&'a Discounts, &'a DiscountFacts)> {
        self.discounts
    }
}
