use super::{labels::integer, words::words};
use std::fmt;

/// A mark of a node that keeps off whatever does not tolerate it.
///
/// # Rule
/// R-A8
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value, which may be empty.
    pub value: String,
    /// What it does.
    pub effect: Effect,
}

impl Taint {
    /// The first of the taints that keeps off what has these tolerations.
    pub fn first_untolerated<'t>(taints: &'t [Self], tolerations: &[Toleration]) -> Option<&'t Self> {
        let keeps_off = |taint: &&Self| {
            taint.effect.keeps_off() && !tolerations.iter().any(|toleration| toleration.tolerates(taint))
        };
        taints.iter().find(keeps_off)
    }
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}: {}}}", self.key, self.value)
    }
}

/// What a taint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing new comes.
    NoSchedule,
    /// Nothing new comes, and what runs has to go.
    NoExecute,
    /// A wish, which forbids nothing.
    PreferNoSchedule,
}

impl Effect {
    /// Whether it forbids something new.
    pub const fn keeps_off(self) -> bool {
        !matches!(self, Self::PreferNoSchedule)
    }
}

words!(Effect, "effect of a taint", "NoSchedule" => NoSchedule, "NoExecute" => NoExecute, "PreferNoSchedule" => PreferNoSchedule);

/// Leave to run beside a taint.
///
/// # Rule
/// R-A8
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Toleration {
    /// The key of the taint; empty is any key, with `Exists`.
    pub key: String,
    /// How the values compare.
    pub operator: TolerationOperator,
    /// The value.
    pub value: String,
    /// The effect; none is any.
    pub effect: Option<Effect>,
}

impl Toleration {
    /// Whether it lets this taint be.
    ///
    /// With `Gt` and `Lt` both values are whole numbers of 64 bits, and the *taint's* is above or below; a value that is none
    /// tolerates nothing.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        if self.effect.is_some_and(|effect| effect != taint.effect) {
            return false;
        }
        if self.key.is_empty() {
            return self.operator == TolerationOperator::Exists;
        }
        if self.key != taint.key {
            return false;
        }
        let compared = || Some(integer(&taint.value)?.cmp(&integer(&self.value)?));
        match self.operator {
            TolerationOperator::Exists => true,
            TolerationOperator::Equal => self.value == taint.value,
            TolerationOperator::Gt => compared().is_some_and(|order| order.is_gt()),
            TolerationOperator::Lt => compared().is_some_and(|order| order.is_lt()),
        }
    }
}

/// How a toleration compares its value with that of a taint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TolerationOperator {
    /// The same text; what is meant where none is named.
    Equal,
    /// Any value.
    Exists,
    /// The taint's number is greater.
    Gt,
    /// The taint's number is less.
    Lt,
}

words!(TolerationOperator, "operator of a toleration", "Equal" => Equal, "Exists" => Exists, "Gt" => Gt, "Lt" => Lt);
