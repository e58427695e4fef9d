//! The closed sets of the specification, and its key-value columns.

use crate::error::{StatementError, excerpt};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Writes a closed set of words: the enum, its words, and how they are read.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it stands in a file.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl FromStr for $name {
            type Err = StatementError;

            fn from_str(text: &str) -> Result<Self, StatementError> {
                let named = Self::ALL.iter().find(|value| value.name() == text);
                named.copied().ok_or_else(|| StatementError::UnknownWord {
                    what: $what,
                    text: excerpt(text),
                    known: Self::ALL.iter().map(|value| value.name()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

words! {
    /// What a charge is by the nature of how it is billed.
    ///
    /// # Rule
    /// R-S5, FOCUS 1.2 *Charge Category*
    ChargeCategory, "charge category" {
        /// For what was used, refunds of it included.
        Usage = "Usage",
        /// For what is bought, once or again and again, refunds of it included.
        Purchase = "Purchase",
        /// Taxes.
        Tax = "Tax",
        /// What the provider grants.
        Credit = "Credit",
        /// Anything else.
        Adjustment = "Adjustment",
    }
}

words! {
    /// Whether a row corrects a billing period that was invoiced already; else it has none.
    ///
    /// # Rule
    /// R-S5, FOCUS 1.2 *Charge Class*
    ChargeClass, "charge class" {
        /// It does.
        Correction = "Correction",
    }
}

words! {
    /// How often a charge occurs.
    ///
    /// # Rule
    /// R-S5, FOCUS 1.2 *Charge Frequency*
    ChargeFrequency, "charge frequency" {
        /// Once.
        OneTime = "One-Time",
        /// Every period, used or not.
        Recurring = "Recurring",
        /// Whenever something is used.
        UsageBased = "Usage-Based",
    }
}

words! {
    /// By what model a charge is priced.
    ///
    /// # Rule
    /// R-S5, FOCUS 1.2 *Pricing Category*
    PricingCategory, "pricing category" {
        /// At a rate that was agreed before.
        Standard = "Standard",
        /// At a rate that the provider may change.
        Dynamic = "Dynamic",
        /// Under a commitment.
        Committed = "Committed",
        /// Otherwise.
        Other = "Other",
    }
}

words! {
    /// What a service is for, at the highest level.
    ///
    /// # Rule
    /// R-S5, FOCUS 1.2 *Service Category*
    #[expect(missing_docs, reason = "the names are the categories of the specification")]
    ServiceCategory, "service category" {
        AiAndMachineLearning = "AI and Machine Learning",
        Analytics = "Analytics",
        BusinessApplications = "Business Applications",
        Compute = "Compute",
        Databases = "Databases",
        DeveloperTools = "Developer Tools",
        Multicloud = "Multicloud",
        Identity = "Identity",
        Integration = "Integration",
        InternetOfThings = "Internet of Things",
        ManagementAndGovernance = "Management and Governance",
        Media = "Media",
        Migration = "Migration",
        Mobile = "Mobile",
        Networking = "Networking",
        Security = "Security",
        Storage = "Storage",
        Web = "Web",
        Other = "Other",
    }
}

/// What a service is for, one level below its category; each has one category.
///
/// ```
/// use counterfoil::statement::focus::{ServiceCategory, ServiceSubcategory};
///
/// let machines: ServiceSubcategory = "Virtual Machines".parse()?;
/// assert_eq!(machines.category(), ServiceCategory::Compute);
/// # Ok::<(), counterfoil::error::StatementError>(())
/// ```
///
/// # Rule
/// R-S5, FOCUS 1.2 *Service Subcategory*
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceSubcategory {
    category: ServiceCategory,
    name: &'static str,
}

/// A category and its subcategories, besides `Other (…)`.
const SUBCATEGORIES: [(ServiceCategory, &[&str]); 19] = {
    use ServiceCategory::*;
    [
        (
            AiAndMachineLearning,
            &[
                "Bots",
                "Generative AI",
                "Machine Learning",
                "Natural Language Processing",
                "Other (AI and Machine Learning)",
            ],
        ),
        (
            Analytics,
            &[
                "Analytics Platform",
                "Business Intelligence",
                "Data Processing",
                "Search",
                "Streaming Analytics",
                "Other (Analytics)",
            ],
        ),
        (BusinessApplications, &["Other (Business Applications)"]),
        (
            Compute,
            &[
                "Containers",
                "End User Computing",
                "Quantum",
                "Serverless Compute",
                "Virtual Machines",
                "Other (Compute)",
            ],
        ),
        (
            Databases,
            &["Caching", "Data Warehouse", "Relational", "NoSQL", "Ledger", "Time Series", "Other (Databases)"],
        ),
        (DeveloperTools, &["Other (Developer Tools)"]),
        (Multicloud, &["Other (Multicloud)"]),
        (Identity, &["Other (Identity)"]),
        (Integration, &["API Management", "Messaging", "Workflow Automation", "Other (Integration)"]),
        (InternetOfThings, &["Other (Internet of Things)"]),
        (
            ManagementAndGovernance,
            &[
                "Administration",
                "Architecture",
                "Compliance",
                "Cost Management",
                "Data Governance",
                "Disaster Recovery",
                "Observability",
                "Support",
                "Other (Management and Governance)",
            ],
        ),
        (Media, &["Other (Media)"]),
        (Migration, &["Other (Migration)"]),
        (Mobile, &["Other (Mobile)"]),
        (
            Networking,
            &[
                "Content Delivery",
                "Data Transfer",
                "Load Balancing",
                "Network Management",
                "Network Security",
                "Other (Networking)",
            ],
        ),
        (Security, &["CSPM", "Credentials", "SIEM", "Threat Detection", "Other (Security)"]),
        (Storage, &["Backups", "Bulk Transfer", "Disk", "Files", "Object Storage", "Other (Storage)"]),
        (Web, &["Other (Web)"]),
        (Other, &["Other (Other)"]),
    ]
};

impl ServiceSubcategory {
    /// Every subcategory, by category.
    pub fn all() -> impl Iterator<Item = Self> {
        SUBCATEGORIES.iter().flat_map(|(category, names)| names.iter().map(|name| Self { category: *category, name }))
    }

    /// The category that it is of.
    pub const fn category(self) -> ServiceCategory {
        self.category
    }

    /// The value as it stands in a file.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl FromStr for ServiceSubcategory {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        Self::all().find(|known| known.name == text).ok_or_else(|| StatementError::UnknownWord {
            what: "service subcategory",
            text: excerpt(text),
            known: Self::all().map(Self::name).collect::<Vec<_>>().join(", "),
        })
    }
}

impl fmt::Display for ServiceSubcategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

/// Tags, or the details of a price: keys, each once, with values that are no objects and no lists.
///
/// ```
/// use counterfoil::statement::focus::{KeyValue, KeyValues};
///
/// let tags = KeyValues::parse(r#"{"team":"physics","frozen":true}"#)?;
/// assert_eq!(tags.get("team"), Some(&KeyValue::Text("physics".into())));
/// assert_eq!(tags.to_string(), r#"{"frozen":true,"team":"physics"}"#);
/// assert!(KeyValues::parse(r#"{"a":1,"a":2}"#).is_err());
/// # Ok::<(), counterfoil::error::StatementError>(())
/// ```
///
/// # Rule
/// R-S5, FOCUS 1.2 *Key-Value Format*
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyValues(BTreeMap<String, KeyValue>);

/// One value of key-value pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyValue {
    /// Text.
    Text(String),
    /// A number, as it was written.
    Number(Number),
    /// `true` or `false`: `true` for a tag that has no value.
    Flag(bool),
    /// `null`.
    Null,
}

/// A JSON number as it was written; made by reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl KeyValues {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// `statement.unknown_word` for what is no such object.
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        serde_json::from_str(text).map_err(|_| StatementError::UnknownWord {
            what: "set of key-value pairs",
            text: excerpt(text),
            known: "a JSON object whose keys are unique and whose values are text, numbers, true, false or null".into(),
        })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&KeyValue> {
        self.0.get(key)
    }

    /// The pairs, by key.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &KeyValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl FromIterator<(String, KeyValue)> for KeyValues {
    fn from_iter<I: IntoIterator<Item = (String, KeyValue)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for KeyValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = KeyValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of key-value pairs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<KeyValues, A::Error> {
                let mut pairs = BTreeMap::new();
                while let Some((key, value)) = members.next_entry::<String, Box<RawValue>>()? {
                    let token = value.get();
                    let value = match token.as_bytes().first() {
                        Some(b'"') => KeyValue::Text(serde_json::from_str(token).map_err(de::Error::custom)?),
                        Some(b't') => KeyValue::Flag(true),
                        Some(b'f') => KeyValue::Flag(false),
                        Some(b'n') => KeyValue::Null,
                        Some(b'{' | b'[') => return Err(de::Error::custom("a value is an object or a list")),
                        _ => KeyValue::Number(Number(token.to_owned())),
                    };
                    if pairs.insert(key, value).is_some() {
                        return Err(de::Error::custom("a key stands twice"));
                    }
                }
                Ok(KeyValues(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl fmt::Display for KeyValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| Value::from(text).to_string();
        f.write_str("{")?;
        for (index, (key, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let value = match value {
                KeyValue::Text(text) => quoted(text),
                KeyValue::Number(Number(number)) => number.clone(),
                KeyValue::Flag(flag) => flag.to_string(),
                KeyValue::Null => "null".to_owned(),
            };
            write!(f, "{comma}{}:{value}", quoted(key))?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_category_has_its_others_and_no_name_stands_twice() {
        let categories: Vec<ServiceCategory> = SUBCATEGORIES.iter().map(|(category, _)| *category).collect();
        assert_eq!(categories, ServiceCategory::ALL);
        for (category, names) in SUBCATEGORIES {
            assert_eq!(names.last().unwrap(), &format!("Other ({category})"));
        }
        let names: BTreeSet<&str> = ServiceSubcategory::all().map(ServiceSubcategory::name).collect();
        assert_eq!(names.len(), ServiceSubcategory::all().count());
        for known in ServiceSubcategory::all() {
            assert_eq!(known.name().parse::<ServiceSubcategory>().unwrap(), known);
        }
        for bad in ["usage", "Refund", ""] {
            assert_eq!(bad.parse::<ChargeCategory>().unwrap_err().code(), "statement.unknown_word");
        }
    }

    #[test]
    fn key_values_are_a_flat_object_whose_keys_are_unique() {
        for good in ["{}", r#"{"a":"1","b":1.50,"c":true,"d":false,"e":null}"#] {
            assert_eq!(KeyValues::parse(good).unwrap().to_string(), good);
        }
        for bad in ["", "[]", "null", "{", r#"{"a":{}}"#, r#"{"a":[1]}"#, r#"{"a":1,"a":1}"#, r#"{"a":x}"#, "{} {}"] {
            assert_eq!(KeyValues::parse(bad).unwrap_err().code(), "statement.unknown_word", "{bad}");
        }
    }
}
