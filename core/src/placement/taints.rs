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

#[cfg(test)]
mod tests {
    use super::*;

    fn taint(key: &str, value: &str, effect: Effect) -> Taint {
        Taint { key: key.into(), value: value.into(), effect }
    }

    fn toleration(key: &str, operator: TolerationOperator, value: &str, effect: Option<Effect>) -> Toleration {
        Toleration { key: key.into(), operator, value: value.into(), effect }
    }

    #[test]
    fn every_operator_of_a_toleration() {
        use TolerationOperator::*;
        let sla = taint("sla", "800", Effect::NoSchedule);
        let tolerates = |key, operator, value| toleration(key, operator, value, None).tolerates(&sla);
        assert!(tolerates("sla", Equal, "800") && !tolerates("sla", Equal, "801") && !tolerates("slb", Equal, "800"));
        assert!(tolerates("sla", Exists, "") && tolerates("", Exists, "") && !tolerates("", Equal, "800"));
        assert!(tolerates("sla", Gt, "799") && !tolerates("sla", Gt, "800") && !tolerates("sla", Gt, "950"));
        assert!(tolerates("sla", Lt, "801") && !tolerates("sla", Lt, "800") && !tolerates("sla", Lt, "x"));
        assert!(!toleration("a", Gt, "1", None).tolerates(&taint("a", "high", Effect::NoSchedule)));
    }

    #[test]
    fn an_effect_that_is_named_is_the_only_one() {
        let exists = |effect| toleration("k", TolerationOperator::Exists, "", effect);
        let execute = taint("k", "", Effect::NoExecute);
        assert!(exists(None).tolerates(&execute) && exists(Some(Effect::NoExecute)).tolerates(&execute));
        assert!(!exists(Some(Effect::NoSchedule)).tolerates(&execute));
    }

    #[test]
    fn the_first_untolerated_taint_is_told_and_a_wish_is_none() {
        let taints = [
            taint("wish", "", Effect::PreferNoSchedule),
            taint("b", "1", Effect::NoSchedule),
            taint("a", "2", Effect::NoExecute),
        ];
        assert_eq!(Taint::first_untolerated(&taints, &[]).unwrap().to_string(), "{b: 1}");
        let tolerated = [toleration("b", TolerationOperator::Exists, "", None)];
        assert_eq!(Taint::first_untolerated(&taints, &tolerated).unwrap().to_string(), "{a: 2}");
        assert_eq!(Taint::first_untolerated(&taints[..1], &[]), None);
    }
}
