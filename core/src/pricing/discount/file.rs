//! Discounts as text: what is written in a file, checked rule by rule.

use super::{Beside, Combine, DiscountRule, Discounts, Effect, Group, Of, Pick, Policy, Source, Surcharges, Whom};
use crate::{
    error::{Error, PricingError, excerpt},
    metering::Part,
    money::Ratio,
    pricing::file::{Amount, Text, line_at},
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

impl Discounts {
    /// Reads a list in TOML. Numbers are text, a number is refused: `ratio = "0.9"`.
    ///
    /// ```toml
    /// combine = "multiply_best"       # first, best, multiply_first or multiply_best: all in order, of
    ///                                 # each group the first or the best
    /// surcharges = "refused"          # or allowed; default refused
    ///
    /// [[groups]]
    /// name = "voucher"
    /// yields_to = ["agreement"]       # groups before which it steps back
    /// beside = "nothing"              # or others; default others
    ///
    /// [[groups]]
    /// name = "agreement"
    ///
    /// [[rules]]                       # in order
    /// name = "2024"
    /// source = "agreement"            # customer_price, customer_discount, class_discount, agreement,
    ///                                 # reseller, unified_discount or voucher
    /// customer = "acme"               # or class = "vip"; default everybody
    /// kind = "server"                 # default all
    /// dimension = "gpu"               # whatever the model; or part = "gpu[A100]"; default all
    /// from = "2024-01-01T00:00:00Z"   # in force from … to …; default always
    /// to = "2025-01-01T00:00:00Z"
    /// ratio = "0.8"                   # or price, a unit; or off; or effect = "nothing"
    /// group = "agreement"
    /// ```
    ///
    /// # Errors
    /// `pricing.bad_discounts` with the line, and in its fact `cause` the code of what is wrong there;
    /// and those of [`new`](Self::new).
    ///
    /// # Rule
    /// R-P6
    pub fn from_toml(text: &str) -> Result<Self, PricingError> {
        let file: DiscountsFile<Spanned<RuleFile<Text>>> =
            toml::from_str(text).map_err(|error| PricingError::BadDiscounts {
                line: error.span().map_or(0, |span| line_at(text, span.start)),
                fault: excerpt(error.message()),
                cause: "toml",
            })?;
        file.read(|rule| (rule.get_ref(), line_at(text, rule.span().start)))
    }
}

/// A list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiscountsFile<R> {
    combine: CombineName,
    surcharges: Option<SurchargesName>,
    groups: Option<Vec<GroupFile>>,
    rules: Vec<R>,
}

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile<A> {
    name: String,
    #[serde(with = "SourceName")]
    source: Source,
    customer: Option<String>,
    class: Option<String>,
    kind: Option<String>,
    dimension: Option<String>,
    part: Option<String>,
    model: Option<String>,
    from: Option<String>,
    to: Option<String>,
    ratio: Option<A>,
    price: Option<A>,
    off: Option<A>,
    effect: Option<EffectName>,
    group: Option<String>,
}

#[derive(Deserialize)]
#[serde(remote = "Source", rename_all = "snake_case")]
enum SourceName {
    CustomerPrice,
    CustomerDiscount,
    ClassDiscount,
    Agreement,
    Reseller,
    #[serde(rename = "unified_discount")]
    Unified,
    Voucher,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    name: String,
    yields_to: Option<Vec<String>>,
    beside: Option<BesideName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CombineName {
    First,
    Best,
    MultiplyFirst,
    MultiplyBest,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum SurchargesName {
    Refused,
    Allowed,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum BesideName {
    Others,
    Nothing,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum EffectName {
    Nothing,
}

impl<R> DiscountsFile<R> {
    /// The list; `entry` gives the rule and its line, 0 where lines are not known.
    pub(crate) fn read<A: Amount>(
        &self,
        entry: impl Fn(&R) -> (&RuleFile<A>, usize),
    ) -> Result<Discounts, PricingError> {
        let policy = self.policy()?;
        let mut rules = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            let (rule, line) = entry(rule);
            let bad = |error: Error| PricingError::bad_discounts(line, &rule.name, &error);
            rules.push(rule.read().map_err(bad)?);
        }
        Discounts::new(rules, policy)
    }

    fn policy(&self) -> Result<Policy, PricingError> {
        let groups = self.groups.iter().flatten();
        Ok(Policy {
            combine: match self.combine {
                CombineName::First => Combine::First,
                CombineName::Best => Combine::Best,
                CombineName::MultiplyFirst => Combine::Multiply { in_group: Pick::First },
                CombineName::MultiplyBest => Combine::Multiply { in_group: Pick::Best },
            },
            groups: groups.map(GroupFile::read).collect::<Result<_, _>>()?,
            surcharges: match self.surcharges {
                Some(SurchargesName::Allowed) => Surcharges::Allowed,
                Some(SurchargesName::Refused) | None => Surcharges::Refused,
            },
        })
    }
}

impl PricingError {
    fn bad_discounts(line: usize, named: &str, error: &Error) -> Self {
        let fault = match error {
            Error::Pricing(Self::BadDiscount { fault, .. }) => (*fault).to_owned(),
            _ => error.to_string(),
        };
        Self::BadDiscounts { line, fault: format!("`{}`: {fault}", excerpt(named)), cause: error.code() }
    }
}

impl GroupFile {
    fn read(&self) -> Result<Group, PricingError> {
        let name = |text: &String| {
            text.parse::<Name>().map_err(|error| PricingError::bad_discounts(0, &self.name, &Error::Units(error)))
        };
        Ok(Group {
            name: name(&self.name)?,
            yields_to: self.yields_to.iter().flatten().map(name).collect::<Result<_, _>>()?,
            beside: match self.beside {
                Some(BesideName::Nothing) => Beside::Nothing,
                Some(BesideName::Others) | None => Beside::Others,
            },
        })
    }
}

impl<A: Amount> RuleFile<A> {
    fn read(&self) -> Result<DiscountRule, Error> {
        let instant = |text: &Option<String>| text.as_deref().map(str::parse::<Instant>).transpose();
        Ok(DiscountRule {
            name: self.name.parse()?,
            source: self.source,
            whom: self.whom()?,
            kind: self.kind.as_deref().map(str::parse).transpose()?,
            of: self.of()?,
            from: instant(&self.from)?,
            to: instant(&self.to)?,
            effect: self.effect()?,
            group: self.group.as_deref().map(str::parse).transpose()?,
        })
    }

    fn whom(&self) -> Result<Whom, Error> {
        match (&self.customer, &self.class) {
            (None, None) => Ok(Whom::Everybody),
            (Some(customer), None) => Ok(Whom::Customer(customer.parse()?)),
            (None, Some(class)) => Ok(Whom::Class(class.parse()?)),
            (Some(_), Some(_)) => Err(self.fault("it is for a customer or for a class, not for both")),
        }
    }

    fn of(&self) -> Result<Of, Error> {
        match (&self.dimension, &self.part, &self.model) {
            (None, None, None) => Ok(Of::Everything),
            (Some(dimension), None, None) => Ok(Of::Dimension(dimension.parse()?)),
            (None, Some(part), None) => Ok(Of::Part(part.parse()?)),
            // With a model of its own, a part is a dimension by any name, as in a rate card.
            (None, Some(part), Some(model)) => Ok(Of::Part(Part { dimension: part.parse()?, model: model.parse()? })),
            (Some(_), Some(_), _) => Err(self.fault("it is of a dimension or of a part, not of both")),
            (_, None, Some(_)) => Err(self.fault("only a part has a model: a dimension is of all models")),
        }
    }

    fn effect(&self) -> Result<Effect, Error> {
        match (&self.ratio, &self.price, &self.off, self.effect) {
            (Some(ratio), None, None, None) => Ok(effect_of_ratio(ratio.read()?)?),
            (None, Some(price), None, None) => Ok(Effect::Price(price.read()?)),
            (None, None, Some(off), None) => Ok(Effect::Off(off.read()?)),
            (None, None, None, Some(EffectName::Nothing)) => Ok(Effect::Nothing),
            _ => Err(self.fault("it has one of ratio, price, off, or effect = nothing")),
        }
    }

    fn fault(&self, fault: &'static str) -> Error {
        Error::Pricing(PricingError::BadDiscount { rule: excerpt(&self.name), fault })
    }
}

/// A ratio as it is written: above 1 it is a surcharge, which the policy has to allow.
fn effect_of_ratio(ratio: Decimal) -> Result<Effect, Error> {
    if ratio > Decimal::ONE { Ok(Effect::Surcharge(ratio)) } else { Ok(Effect::Ratio(Ratio::new(ratio)?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_their_line_and_cause() {
        let rule = |more: &str| format!("[[rules]]\nname = \"vip\"\nsource = \"class_discount\"\n{more}\n");
        let read = |rules: &str| Discounts::from_toml(&format!("combine = \"first\"\n{rules}"));
        let good = rule("ratio = \"0.9\"");
        for (rules, line, cause) in [
            (rule("ratio = 0.9"), 5, "toml"),
            (rule("ratio = \"0.9\"\nklass = \"vip\""), 6, "toml"),
            (rule("ratio = \"0,9\""), 2, "money.not_a_decimal"),
            (rule("ratio = \"-0.1\""), 2, "money.ratio_out_of_range"),
            (rule(""), 2, "pricing.bad_discount"),
            (good.replace("class_discount", "friendship"), 4, "toml"),
            (
                format!("{good}{}", rule("price = \"1\"\noff = \"1\"").replace("vip", "other")),
                6,
                "pricing.bad_discount",
            ),
        ] {
            match read(&rules).expect_err(&rules) {
                PricingError::BadDiscounts { line: at, cause: why, fault } => {
                    assert_eq!((at, why), (line, cause), "{fault}\n{rules}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(read(&format!("{good}{good}")).unwrap_err().code(), "pricing.discount_name_twice");
        assert_eq!(read("rules = []").unwrap(), Discounts::NONE);
    }

    #[test]
    fn every_source_is_written_by_its_name() {
        for source in [
            "customer_price",
            "customer_discount",
            "class_discount",
            "agreement",
            "reseller",
            "unified_discount",
            "voucher",
        ] {
            let text = format!("combine = \"best\"\nrules = [{{ name = \"r\", source = \"{source}\", off = \"1\" }}]");
            assert_eq!(Discounts::from_toml(&text).unwrap().rules()[0].source.name(), source);
        }
    }
}
