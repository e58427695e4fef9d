use super::words::words;
use std::collections::BTreeMap;

/// Requirements that a node must meet, all of them; of several terms one is enough.
///
/// A term without any requirement matches nothing, and so does one with an invalid requirement, as in Kubernetes: what
/// was mistyped greys a product instead of letting it run anywhere.
///
/// # Rule
/// R-A8
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Term {
    /// Requirements on labels.
    pub expressions: Vec<Requirement>,
    /// Requirements on fields of the node itself; there is one, `metadata.name`.
    pub fields: Vec<FieldRequirement>,
}

impl Term {
    /// Whether a node of that name and those labels meets all of it.
    pub fn matches(&self, name: &str, labels: &BTreeMap<String, String>) -> bool {
        let is_empty = self.expressions.is_empty() && self.fields.is_empty();
        !is_empty
            && self.expressions.iter().all(|requirement| requirement.matches(labels))
            && self.fields.iter().all(|requirement| requirement.matches(name))
    }
}

/// A requirement on a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// The key of the label.
    pub key: String,
    /// How it compares.
    pub operator: Operator,
    /// With what: one or more for `In` and `NotIn`, one whole number for `Gt` and `Lt`, none for the others.
    pub values: Vec<String>,
}

impl Requirement {
    /// Whether labels meet it; never where it is invalid.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.is_valid() && self.holds(labels.get(&self.key).map(String::as_str))
    }

    /// Whether the number and the form of its values is that of its operator.
    pub fn is_valid(&self) -> bool {
        match (self.operator, self.values.as_slice()) {
            (Operator::In | Operator::NotIn, values) => !values.is_empty(),
            (Operator::Exists | Operator::DoesNotExist, values) => values.is_empty(),
            (Operator::Gt | Operator::Lt, [value]) => integer(value).is_some(),
            (Operator::Gt | Operator::Lt, _) => false,
        }
    }

    pub(super) fn holds(&self, label: Option<&str>) -> bool {
        let is_listed = |label: &str| self.values.iter().any(|value| value == label);
        let compared = |label: &str| Some(integer(label)?.cmp(&integer(self.values.first()?)?));
        match self.operator {
            Operator::In => label.is_some_and(is_listed),
            Operator::NotIn => !label.is_some_and(is_listed),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
            Operator::Gt => label.and_then(compared).is_some_and(|order| order.is_gt()),
            Operator::Lt => label.and_then(compared).is_some_and(|order| order.is_lt()),
        }
    }
}

/// A requirement on a field of a node.
///
/// It is valid with the key `metadata.name`, the operator `In` or `NotIn`, and one value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldRequirement {
    /// The field.
    pub key: String,
    /// How it compares.
    pub operator: Operator,
    /// With what.
    pub values: Vec<String>,
}

impl FieldRequirement {
    /// Whether a node of that name meets it; never where it is invalid.
    pub fn matches(&self, name: &str) -> bool {
        self.is_valid() && self.values.iter().all(|value| (value == name) == (self.operator == Operator::In))
    }

    /// Whether it is of the one form that there is.
    pub fn is_valid(&self) -> bool {
        let is_of_form = matches!(self.operator, Operator::In | Operator::NotIn) && self.values.len() == 1;
        is_of_form && self.key == "metadata.name"
    }
}

/// How a requirement compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// The label is there and its value one of these.
    In,
    /// The label is not there, or its value none of these.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is not there.
    DoesNotExist,
    /// The label is a whole number above this one.
    Gt,
    /// The label is a whole number below this one.
    Lt,
}

words!(Operator, "operator of a requirement", "In" => In, "NotIn" => NotIn, "Exists" => Exists, "DoesNotExist" => DoesNotExist, "Gt" => Gt, "Lt" => Lt);

/// A whole number of 64 bits, written in digits with a sign at most.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(operator: Operator, values: &[&str]) -> Requirement {
        Requirement { key: "k".into(), operator, values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    fn holds(operator: Operator, values: &[&str], label: Option<&str>) -> bool {
        let labels = label.map(|label| ("k".to_owned(), label.to_owned())).into_iter().collect();
        requirement(operator, values).matches(&labels)
    }

    #[test]
    fn every_operator_with_and_without_the_label() {
        use Operator::*;
        assert!(holds(In, &["a", "b"], Some("b")) && !holds(In, &["a"], Some("b")) && !holds(In, &["a"], None));
        assert!(holds(In, &[""], Some("")), "an empty value is a value");
        assert!(holds(NotIn, &["a"], Some("b")) && !holds(NotIn, &["a"], Some("a")) && holds(NotIn, &["a"], None));
        assert!(holds(Exists, &[], Some("")) && !holds(Exists, &[], None));
        assert!(holds(DoesNotExist, &[], None) && !holds(DoesNotExist, &[], Some("")));
        assert!(holds(Gt, &["4"], Some("5")) && !holds(Gt, &["5"], Some("5")) && !holds(Gt, &["4"], None));
        assert!(holds(Lt, &["6"], Some("5")) && !holds(Lt, &["5"], Some("5")) && !holds(Lt, &["6"], Some("five")));
    }

    #[test]
    fn what_is_invalid_matches_nothing() {
        use Operator::*;
        for (operator, values) in [
            (In, &[] as &[&str]),
            (NotIn, &[]),
            (Exists, &["a"]),
            (DoesNotExist, &["a"]),
            (Gt, &[]),
            (Gt, &["1", "2"]),
            (Lt, &["x"]),
            (Gt, &["9223372036854775808"]),
        ] {
            assert!(!requirement(operator, values).is_valid(), "{operator} {values:?}");
            for label in [None, Some("0"), Some("a")] {
                assert!(!holds(operator, values, label), "{operator} {values:?} {label:?}");
            }
        }
    }

    #[test]
    fn a_term_is_all_of_its_requirements_and_never_empty() {
        let labels = [("k".to_owned(), "v".to_owned())].into();
        let field = |operator, values: &[&str]| FieldRequirement {
            key: "metadata.name".into(),
            operator,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let term = |expressions: &[Requirement], fields: &[FieldRequirement]| {
            Term { expressions: expressions.to_vec(), fields: fields.to_vec() }.matches("n1", &labels)
        };
        let (met, unmet) = (requirement(Operator::Exists, &[]), requirement(Operator::DoesNotExist, &[]));
        assert!(!term(&[], &[]));
        assert!(term(std::slice::from_ref(&met), &[]) && !term(&[met.clone(), unmet], &[]));
        assert!(term(&[met], &[field(Operator::In, &["n1"])]));
        assert!(term(&[], &[field(Operator::NotIn, &["n2"])]) && !term(&[], &[field(Operator::NotIn, &["n1"])]));
        assert!(!term(&[], &[field(Operator::In, &["n1", "n2"])]), "one value, and no more");
        assert!(!term(&[], &[field(Operator::Exists, &[])]));
        assert!(!term(&[], &[FieldRequirement { key: "metadata.uid".into(), ..field(Operator::In, &["n1"]) }]));
    }
}
