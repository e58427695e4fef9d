use crate::{
    error::Language,
    metering::Kind,
    money::Currency,
    pricing::{Entry, Limits, RateCard, Validity},
    units::Name,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one revision of a rate card has that another has not.
///
/// Entries are the same one where kind, part and begin of validity agree. What is left of a part is paired in
/// the order of validity, as changed.
///
/// # Examples
/// ```
/// use counterfoil::pricing::RateCard;
///
/// let card = |revision: &str, rates: &str| {
///     RateCard::from_toml(&format!("revision = \"{revision}\"\ncurrency = \"CNY\"\nrates = [{rates}]"))
/// };
/// let rate = |part: &str, price: &str| {
///     format!(r#"{{ kind = "server", part = "{part}", price = "{price}", per = "core", every = "hour" }},"#)
/// };
/// let old = card("2024-02", &(rate("cpu", "0.066") + &rate("npu", "1")))?;
/// let new = card("2024-03", &(rate("cpu", "0.070") + &rate("gpu[A100]", "9")))?;
/// let difference = old.difference_to(&new);
/// assert_eq!((difference.added().len(), difference.removed().len(), difference.changed().len()), (1, 1, 1));
/// assert!(difference.to_string().contains("~ server cpu: 0.066 / core·hour → 0.070 / core·hour"));
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardDifference {
    revisions: (Name, Name),
    currencies: (Currency, Currency),
    validities: (Validity, Validity),
    added: Vec<Entry>,
    removed: Vec<Entry>,
    changed: Vec<ChangedEntry>,
    unchanged: Vec<Entry>,
    limits: Vec<ChangedLimits>,
}

/// An entry as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedEntry {
    /// In the old revision.
    pub old: Entry,
    /// In the new one.
    pub new: Entry,
    /// What of it changed; never empty.
    pub what: Vec<RateMember>,
}

/// What of an entry may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateMember {
    /// The price, the tiers, the kind of shape.
    Shape,
    /// Of what one unit is.
    Per,
    /// For how long one unit is.
    Every,
    /// The free units.
    Free,
    /// The limits of the line.
    Limits,
    /// Whether no usage is charged.
    ZeroUsage,
    /// From when and until when it is in force.
    Validity,
}

/// The limits of a kind, where they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLimits {
    /// The kind.
    pub kind: Kind,
    /// In the old revision; none where it had none.
    pub old: Option<Limits>,
    /// In the new one.
    pub new: Option<Limits>,
}

impl RateCard {
    /// What another revision has that this one has not, and the reverse.
    ///
    /// # Rule
    /// R-P1
    pub fn difference_to(&self, new: &Self) -> CardDifference {
        let mut difference = CardDifference {
            revisions: (self.revision().clone(), new.revision().clone()),
            currencies: (self.currency(), new.currency()),
            validities: (self.validity(), new.validity()),
            added: Vec::new(),
            removed: Vec::new(),
            changed: Vec::new(),
            unchanged: Vec::new(),
            limits: changed_limits(self, new),
        };
        let (mut old, mut new) = (by_part(self), by_part(new));
        let parts: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        for part in parts {
            let of = |entries: &mut BTreeMap<_, Vec<_>>| entries.remove(&part).unwrap_or_default();
            difference.part(of(&mut old), of(&mut new));
        }
        difference
    }
}

impl CardDifference {
    /// The revisions, old and new.
    pub const fn revisions(&self) -> (&Name, &Name) {
        (&self.revisions.0, &self.revisions.1)
    }

    /// The currencies, old and new.
    pub const fn currencies(&self) -> (Currency, Currency) {
        self.currencies
    }

    /// The validities of the whole cards, old and new.
    pub const fn validities(&self) -> (Validity, Validity) {
        self.validities
    }

    /// Entries that only the new one has, by kind, part and begin of validity.
    pub fn added(&self) -> &[Entry] {
        &self.added
    }

    /// Entries that only the old one has.
    pub fn removed(&self) -> &[Entry] {
        &self.removed
    }

    /// Entries that are not as they were.
    pub fn changed(&self) -> &[ChangedEntry] {
        &self.changed
    }

    /// Entries that are as they were.
    pub fn unchanged(&self) -> &[Entry] {
        &self.unchanged
    }

    /// Limits that are not as they were.
    pub fn limits(&self) -> &[ChangedLimits] {
        &self.limits
    }

    /// Whether the two charge alike, whatever they are called.
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.limits.is_empty()
            && self.currencies.0 == self.currencies.1
            && self.validities.0 == self.validities.1
    }

    /// The difference as text: `+` added, `-` removed, `~` changed.
    pub fn text(&self, language: Language) -> String {
        let (unchanged, limits) = match language {
            Language::Chinese => ("项未变", "限额"),
            _ => ("unchanged", "limits"),
        };
        let mut text = format!("{} → {}\n", self.revisions.0, self.revisions.1);
        if self.currencies.0 != self.currencies.1 {
            text.push_str(&format!("~ {} → {}\n", self.currencies.0, self.currencies.1));
        }
        if self.validities.0 != self.validities.1 {
            text.push_str(&format!("~ {} → {}\n", span(self.validities.0), span(self.validities.1)));
        }
        for (mark, entries) in [("+", &self.added), ("-", &self.removed)] {
            for entry in entries {
                text.push_str(&format!("{mark} {entry}: {}\n", rate(entry, language)));
            }
        }
        for ChangedEntry { old, new, .. } in &self.changed {
            text.push_str(&format!("~ {new}: {} → {}\n", rate(old, language), rate(new, language)));
        }
        for ChangedLimits { kind, old, new } in &self.limits {
            text.push_str(&format!("~ {limits} {kind}: {} → {}\n", bounds(*old), bounds(*new)));
        }
        text.push_str(&format!("= {} {unchanged}\n", self.unchanged.len()));
        text
    }

    /// Takes in the entries of one part, each side in the order of validity, and each begin once.
    fn part(&mut self, old: Vec<&Entry>, new: Vec<&Entry>) {
        let (mut left, mut unpaired) = (Vec::new(), Vec::new());
        let mut old = old.into_iter().peekable();
        for entry in new {
            while let Some(earlier) = old.next_if(|known| known.from < entry.from) {
                left.push(earlier);
            }
            match old.next_if(|known| known.from == entry.from) {
                Some(known) => self.pair(known, entry),
                None => unpaired.push(entry),
            }
        }
        let mut unpaired = unpaired.into_iter();
        for known in left.into_iter().chain(old) {
            match unpaired.next() {
                Some(entry) => self.pair(known, entry),
                None => self.removed.push(known.clone()),
            }
        }
        self.added.extend(unpaired.cloned());
    }

    fn pair(&mut self, old: &Entry, new: &Entry) {
        let changes = [
            (RateMember::Shape, old.rate.shape != new.rate.shape),
            (RateMember::Per, old.rate.per != new.rate.per),
            (RateMember::Every, old.rate.every != new.rate.every),
            (RateMember::Free, old.rate.free != new.rate.free),
            (RateMember::Limits, (old.rate.minimum, old.rate.maximum) != (new.rate.minimum, new.rate.maximum)),
            (RateMember::ZeroUsage, old.rate.zero != new.rate.zero),
            (RateMember::Validity, old.validity() != new.validity()),
        ];
        let what: Vec<RateMember> = changes.into_iter().filter_map(|(what, on)| on.then_some(what)).collect();
        if what.is_empty() {
            self.unchanged.push(new.clone());
        } else {
            self.changed.push(ChangedEntry { old: old.clone(), new: new.clone(), what });
        }
    }
}

impl std::fmt::Display for CardDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl RateMember {
    /// The name, as `zero_usage`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Per => "per",
            Self::Every => "every",
            Self::Free => "free",
            Self::Limits => "limits",
            Self::ZeroUsage => "zero_usage",
            Self::Validity => "validity",
        }
    }
}

fn by_part(card: &RateCard) -> BTreeMap<(&Kind, &crate::metering::Part), Vec<&Entry>> {
    let mut parts: BTreeMap<_, Vec<&Entry>> = BTreeMap::new();
    for entry in card.entries() {
        parts.entry((&entry.kind, &entry.part)).or_default().push(entry);
    }
    parts
}

fn changed_limits(old: &RateCard, new: &RateCard) -> Vec<ChangedLimits> {
    let of =
        |card: &RateCard| card.all_limits().map(|(kind, limits)| (kind.clone(), limits)).collect::<BTreeMap<_, _>>();
    let (old, new) = (of(old), of(new));
    let kinds: BTreeSet<&Kind> = old.keys().chain(new.keys()).collect();
    let changed = kinds.into_iter().map(|kind| ChangedLimits {
        kind: kind.clone(),
        old: old.get(kind).copied(),
        new: new.get(kind).copied(),
    });
    changed.filter(|limits| limits.old != limits.new).collect()
}

/// A rate in words, with its unit and its validity.
fn rate(entry: &Entry, language: Language) -> String {
    let rate = &entry.rate;
    let text = format!("{} / {}", rate.text(language), rate.every.unit_text(rate.per));
    match entry.validity() {
        Validity::ALWAYS => text,
        validity => format!("{text}, {}", span(validity)),
    }
}

fn span(validity: Validity) -> String {
    let end = |at: Option<crate::time::Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    format!("{}..{}", end(validity.from), end(validity.to))
}

fn bounds(limits: Option<Limits>) -> String {
    let limits = limits.unwrap_or_default();
    let end = |limit: Option<rust_decimal::Decimal>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    format!("{}..{}", end(limits.minimum), end(limits.maximum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(revision: &str, rates: &str, rest: &str) -> RateCard {
        RateCard::from_toml(&format!("revision = \"{revision}\"\ncurrency = \"CNY\"\nrates = [{rates}]\n{rest}"))
            .unwrap()
    }

    fn rate_of(part: &str, price: &str, more: &str) -> String {
        format!("{{ kind = \"disk\", part = \"{part}\", price = \"{price}\", per = \"GiB\", every = \"day\"{more} }},")
    }

    #[test]
    fn every_member_that_changed_is_named() {
        let old = card("a", &rate_of("size", "1", ""), "");
        for (new, what) in [
            (rate_of("size", "1.00", ""), vec![]), // the same price
            (rate_of("size", "2", ""), vec![RateMember::Shape]),
            (rate_of("size", "1", "").replace("GiB", "MiB"), vec![RateMember::Per]),
            (rate_of("size", "1", "").replace("day", "hour"), vec![RateMember::Every]),
            (rate_of("size", "1", ", free = \"1\", minimum = \"2\""), vec![RateMember::Free, RateMember::Limits]),
            (rate_of("size", "1", ", zero_usage = \"charged\""), vec![RateMember::ZeroUsage]),
            (rate_of("size", "1", ", from = \"2024-02-01T00:00:00Z\""), vec![RateMember::Validity]),
        ] {
            let difference = old.difference_to(&card("b", &new, ""));
            let found: Vec<_> = difference.changed().iter().flat_map(|changed| changed.what.clone()).collect();
            assert_eq!(found, what, "{new}");
            assert_eq!(difference.is_nothing(), what.is_empty());
            assert_eq!(difference.unchanged().len(), usize::from(what.is_empty()));
        }
    }

    #[test]
    fn entries_are_paired_by_their_begin() {
        let times =
            |from: &str, to: &str| format!(", from = \"2024-{from}-01T00:00:00Z\", to = \"2024-{to}-01T00:00:00Z\"");
        let old = rate_of("size", "1", &times("01", "02")) + &rate_of("size", "2", &times("02", "03"));
        let new = rate_of("size", "2", &times("02", "03")) + &rate_of("size", "3", &times("03", "04"));
        let difference = card("a", &old, "").difference_to(&card("b", &new, ""));
        assert_eq!((difference.unchanged().len(), difference.changed().len()), (1, 1));
        let back = card("b", &new, "").difference_to(&card("a", &old, ""));
        assert_eq!(back.changed()[0].old, difference.changed()[0].new);
        let fewer = card("a", &old, "").difference_to(&card("b", &rate_of("base", "1", ""), ""));
        assert_eq!((fewer.added().len(), fewer.removed().len(), fewer.changed().len()), (1, 2, 0));
    }

    #[test]
    fn limits_and_the_head_are_told() {
        let old = card("a", "", "[limits.disk]\nminimum = \"1\"\n[limits.site]\nmaximum = \"9\"");
        let new = card("b", "", "[limits.disk]\nminimum = \"1.0\"\n[limits.scan]\nmaximum = \"9\"");
        let kinds: Vec<String> =
            old.difference_to(&new).limits().iter().map(|limits| limits.kind.to_string()).collect();
        assert_eq!(kinds, ["site", "scan"]);
        let validity = Validity { from: Some("2024-02-01T00:00:00Z".parse().unwrap()), to: None };
        let dated = old.clone().with_validity(validity).unwrap();
        let difference = old.difference_to(&dated);
        assert!(!difference.is_nothing());
        assert_eq!(difference.text(Language::Chinese), "a → a\n~ .. → 2024-02-01T00:00:00Z..\n= 0 项未变\n");
    }
}
