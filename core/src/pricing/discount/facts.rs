use crate::{
    exact::Exact,
    metering::{Kind, Part},
    time::Instant,
    units::Name,
};

/// Who asks, and when: what rules are matched with.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountFacts {
    /// The customer, if it is one that has a name.
    pub customer: Option<Name>,
    /// The class of the customer, as `vip`.
    pub class: Option<Name>,
    /// When rules have to be in force.
    pub at: Instant,
}

impl DiscountFacts {
    /// Somebody without a name and a class.
    pub const fn anybody(at: Instant) -> Self {
        Self { customer: None, class: None, at }
    }
}

/// A line at its list price.
///
/// A negative amount is a correction, which takes back what was charged before: ratios and prices
/// treat it as the charge's mirror image, and the best rule is the one that was best for the charge.
///
/// # Units
/// `units` are those of the rate that made `amount`, as GiB·hours.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Of what kind of resource.
    pub kind: &'a Kind,
    /// Of which part; none for a whole resource.
    pub part: Option<&'a Part>,
    /// How many units of the rate.
    pub units: Exact,
    /// What they cost by the list.
    pub amount: Exact,
}
