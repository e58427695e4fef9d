use crate::units::Name;

/// How the rules of a list come together.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which of the rules that match apply.
    pub combine: Combine,
    /// The groups that rules may be in.
    pub groups: Vec<Group>,
    /// Whether an amount may grow.
    pub surcharges: Surcharges,
}

/// Which of the rules that match a line apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// The first of the list.
    First,
    /// The one that leaves the lowest amount; of equals, the earlier.
    Best,
    /// All of them, one after the other in the order of the list.
    ///
    /// But a price comes first wherever it stands, since it takes the place of the list's; and of
    /// several prices only the first one applies.
    Multiply {
        /// Which one of a group.
        in_group: Pick,
    },
}

/// Which one of several rules applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The first of the list.
    First,
    /// The one that by itself leaves the lowest amount; of equals, the earlier.
    Best,
}

/// Whether a rule may make an amount larger than the list's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surcharges {
    /// A ratio above 1 is an error, and a price above the list's does not apply.
    Refused,
    /// Both apply.
    Allowed,
}

/// Rules of which only one applies to a line.
///
/// # Examples
/// ```
/// use counterfoil::pricing::discount::{Combine, Group, Policy};
///
/// // A voucher may not be combined with an agreement: it yields. A gift may be combined with nothing.
/// let groups = vec![
///     Group::new("agreement".parse()?),
///     Group::new("voucher".parse()?).yielding_to("agreement".parse()?),
///     Group::new("gift".parse()?).alone(),
/// ];
/// let policy = Policy { groups, ..Policy::new(Combine::Best) };
/// assert_eq!(policy.groups.len(), 3);
/// # Ok::<(), counterfoil::error::UnitsError>(())
/// ```
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// The groups before which it steps back: where a rule of one of them applies, none of its own
    /// does.
    pub yields_to: Vec<Name>,
    /// What may apply beside it.
    pub beside: Beside,
}

/// What may apply beside a rule of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Rules of other groups, and of none.
    Others,
    /// Nothing: where a rule of it applies, all others are out, except those that it yields to.
    Nothing,
}

impl Policy {
    /// A policy without groups and surcharges.
    pub const fn new(combine: Combine) -> Self {
        Self { combine, groups: Vec::new(), surcharges: Surcharges::Refused }
    }
}

impl Group {
    /// A group that combines with all others.
    pub const fn new(name: Name) -> Self {
        Self { name, yields_to: Vec::new(), beside: Beside::Others }
    }

    /// The same, stepping back before a group.
    pub fn yielding_to(mut self, group: Name) -> Self {
        self.yields_to.push(group);
        self
    }

    /// The same, with nothing beside it.
    pub fn alone(self) -> Self {
        Self { beside: Beside::Nothing, ..self }
    }
}

impl Combine {
    /// Which one of a group it takes.
    pub(super) const fn in_group(self) -> Pick {
        match self {
            Self::First => Pick::First,
            Self::Best => Pick::Best,
            Self::Multiply { in_group } => in_group,
        }
    }
}
