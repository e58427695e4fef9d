//! Closed sets whose words the wire reads or writes as text.

use super::model::{Content, Id, Kind, Type, Variant};
use counterfoil::{
    error::Error,
    order::{CycleLength, DeliveryEvent, MachineName, OrderType, PlanState, Vendor},
    placement::{Detail, Heuristic, Operator, Pool, Role, Sharing, Telling, Unlisted, Unstocked, WhereUnknown},
    statement::{InvoiceEvent, SettledKind},
    time::{Proration, Resolve},
    wallet::{CostBasis, FundKind, RefundEvent, ReturnOrder},
};
use std::str::FromStr;

/// What is no word of any of them.
const NO_WORD: &str = "no word of them";

/// Those of answers that a call may also say in another language.
pub(super) const IN_SEVERAL_LANGUAGES: &[&str] = &["RowMode"];

/// The words of a type, by its name; none where it is open, or reads its words in several languages.
fn words(name: &str) -> Option<Vec<String>> {
    if let Some(words) = counterfoil::wire::words(name) {
        return Some(words.into_iter().map(ToOwned::to_owned).collect());
    }
    macro_rules! told_by_their_error {
        ($($known:ident),*) => {
            match name {
                $(stringify!($known) => told::<$known>(),)*
                _ => None,
            }
        };
    }
    told_by_their_error!(
        CostBasis,
        CycleLength,
        DeliveryEvent,
        Detail,
        FundKind,
        Heuristic,
        InvoiceEvent,
        MachineName,
        Operator,
        OrderType,
        PlanState,
        Pool,
        Proration,
        RefundEvent,
        Resolve,
        ReturnOrder,
        Role,
        SettledKind,
        Sharing,
        Telling,
        Unlisted,
        Unstocked,
        Vendor,
        WhereUnknown
    )
}

/// The words that the error of another word says.
fn told<T: FromStr>() -> Option<Vec<String>>
where
    Error: From<T::Err>,
{
    let error = Error::from(T::from_str(NO_WORD).err()?);
    let (_, known) = error.details().into_iter().find(|(name, _)| *name == "known")?;
    Some(known.split(", ").map(ToOwned::to_owned).collect())
}

/// A closed set as a type of the wire; none where a text stands.
pub(super) fn closed(name: &str) -> Option<(Id, Type)> {
    let variant = |name| Variant { name, about: String::new(), content: Content::Nothing };
    let variants = words(name)?.into_iter().map(variant).collect();
    let id = Id { module: "known".to_owned(), name: name.to_owned() };
    Some((id, Type { name: name.to_owned(), about: String::new(), kind: Kind::OneOf(variants) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_that_are_read() {
        assert_eq!(words("OwnerKind").unwrap_or_default(), ["user", "group"]);
        assert_eq!(words("ChargeMode").unwrap_or_default(), ["post_paid", "pre_paid", "quota"]);
        for (name, word) in [("Effect", "NoSchedule"), ("Vendor", "portal"), ("Proration", "hours")] {
            let words = words(name).unwrap_or_default();
            assert!(words.iter().any(|each| each == word), "{name}: {words:?}");
            assert!(words.iter().all(|word| !word.is_empty() && !word.contains([' ', ','])), "{name}: {words:?}");
        }
    }

    #[test]
    fn what_is_open_has_no_words() {
        for open in ["Kind", "Unit", "Currency", "TimeUnit", "FundingOrder"] {
            assert_eq!(words(open), None, "{open}");
        }
    }
}
