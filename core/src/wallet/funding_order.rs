use super::{SourceKind, fund::Ranked};
use crate::{
    error::{WalletError, excerpt},
    money::Money,
};
use std::{borrow::Cow, cmp::Ordering, fmt, str::FromStr};

/// In which order the sources of a payer pay, and what becomes of a shortfall: data.
///
/// Text is its steps and its shortfall, as `coupon(expiry created id) > balance > refuse`, or the name
/// of a preset.
///
/// # Presets
///
/// | preset | steps | a shortfall |
/// |---|---|---|
/// | [`PORTAL`](Self::PORTAL) | coupons, the next to expire first; balance | is refused |
/// | [`BSS_ON_DEMAND`](Self::BSS_ON_DEMAND) | coupons, restricted ones first; cash coupons; cards; balance; credit | is debt |
/// | [`BSS_AUTO_RENEW`](Self::BSS_AUTO_RENEW) | the same, but of the coupons the largest first | is debt |
/// | [`ORB`](Self::ORB) | credits: expiry, restricted first, free first, created | is debt: invoiced |
/// | [`METRONOME`](Self::METRONOME) | credits: priority, restricted first, expiry, free first, smaller first, created | is debt: invoiced |
/// | [`STIGG`](Self::STIGG) | credits: priority, expiry, free first, effective, created | is refused |
/// | [`FLEXPRICE`](Self::FLEXPRICE) | credits: priority, expiry, created | is debt: invoiced |
///
/// Blocks of credits are [`FundKind::StoredCard`](super::FundKind::StoredCard)s.
///
/// # Examples
/// ```
/// use counterfoil::wallet::FundingOrder;
///
/// let order: FundingOrder = "stored_card(free expiry id) > balance > debt".parse()?;
/// assert_eq!(order.to_string(), "stored_card(free expiry id) > balance > debt");
/// assert_eq!("portal".parse::<FundingOrder>()?, FundingOrder::PORTAL);
///
/// let open = "stored_card(free expiry) > debt".parse::<FundingOrder>();
/// assert_eq!(open.unwrap_err().code(), "wallet.order_not_total"); // two cards may tie
/// # Ok::<(), counterfoil::error::WalletError>(())
/// ```
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingOrder {
    steps: Cow<'static, [Step]>,
    shortfall: Shortfall,
}

/// One kind of sources, and in which order those of the kind pay.
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The kind.
    pub kind: SourceKind,
    /// What decides, the first key first; [`SortKey::Id`] last. The balance is one and needs none.
    pub keys: Cow<'static, [SortKey]>,
}

/// What decides which of two sources of one kind pays first.
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SortKey {
    /// The lower priority number; one without goes last.
    Priority,
    /// The earlier expiration; what never expires goes last.
    Expiry,
    /// What is restricted before what pays for anything.
    Scoped,
    /// What was given before what was paid for.
    Free,
    /// The smaller balance.
    Smaller,
    /// The larger balance.
    Larger,
    /// What took effect earlier; what always had effect goes first.
    Effective,
    /// What was issued earlier.
    Created,
    /// The lower id: no two are equal, so it ends every order.
    Id,
}

/// What becomes of that part of a payment which no step pays.
///
/// # Rule
/// R-W10
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The payment is an error.
    Refuse,
    /// It is taken from the balance, which goes below zero.
    Overdraft {
        /// How far below zero, as zero or more; without one there is no end to it.
        limit: Option<Money>,
    },
    /// It is owed beside the balance.
    Debt {
        /// How far the balance goes below zero first, as zero or more; not at all without one.
        overdraft: Option<Money>,
    },
}

use SortKey::{Created, Effective, Expiry, Free, Id, Larger, Priority, Scoped, Smaller};

/// The order of R-W3.
pub(super) static BY_EXPIRY: [SortKey; 3] = [Expiry, Created, Id];
pub(super) static COUPONS_ONLY: [Step; 1] = [step(SourceKind::Coupon, &BY_EXPIRY)];
pub(super) static PORTAL: [Step; 2] = [step(SourceKind::Coupon, &BY_EXPIRY), step(SourceKind::Balance, &[])];
static BSS_ON_DEMAND: [Step; 5] = bss(&[Scoped, Expiry, Created, Id]);
static BSS_AUTO_RENEW: [Step; 5] = bss(&[Larger, Scoped, Expiry, Created, Id]);
static ORB: [Step; 1] = [step(SourceKind::StoredCard, &[Expiry, Scoped, Free, Created, Id])];
static METRONOME: [Step; 1] = [step(SourceKind::StoredCard, &[Priority, Scoped, Expiry, Free, Smaller, Created, Id])];
static STIGG: [Step; 1] = [step(SourceKind::StoredCard, &[Priority, Expiry, Free, Effective, Created, Id])];
static FLEXPRICE: [Step; 1] = [step(SourceKind::StoredCard, &[Priority, Expiry, Created, Id])];

const OWED: Shortfall = Shortfall::Debt { overdraft: None };

impl FundingOrder {
    /// R-W3 and R-W7: coupons, the next to expire first, then the balance.
    ///
    /// A payment with [`Funding::EnoughFunds`](super::Funding::EnoughFunds) is funded by it.
    pub const PORTAL: Self = preset(&PORTAL, Shortfall::Refuse);

    /// A public cloud, usage on demand: coupons, cash coupons, stored-value cards (the next to expire
    /// first), cash, credit; the rest is debt.
    ///
    /// The kinds and the order of the cards are the vendor's; that restricted coupons go first is R-W9's.
    pub const BSS_ON_DEMAND: Self = preset(&BSS_ON_DEMAND, OWED);

    /// The same cloud, renewals by itself: of the coupons, the one with the largest balance first.
    pub const BSS_AUTO_RENEW: Self = preset(&BSS_AUTO_RENEW, OWED);

    /// Orb's blocks of credits.
    ///
    /// What its public pages say of the order could not be had: the keys are decided here, expiry first,
    /// since that is what a holder of credits expects; what the credits do not cover is invoiced.
    pub const ORB: Self = preset(&ORB, OWED);

    /// Metronome's commits and credits.
    ///
    /// From its public interface: the lower priority number goes first. The keys after that, and that the
    /// rest is invoiced, are decided here.
    pub const METRONOME: Self = preset(&METRONOME, OWED);

    /// Stigg's credit grants.
    ///
    /// The keys are those of its public pages: priority (lower first), expiration (never last),
    /// promotional before paid, effective, created. That a shortfall is refused is decided here.
    pub const STIGG: Self = preset(&STIGG, Shortfall::Refuse);

    /// Flexprice's wallet credits.
    ///
    /// From its public pages: priority (lower first, none last), expiration, the oldest first; what is
    /// left is due by another way of payment, here a debt.
    pub const FLEXPRICE: Self = preset(&FLEXPRICE, OWED);

    /// Every preset by its name.
    pub const PRESETS: [(&'static str, Self); 7] = [
        ("portal", Self::PORTAL),
        ("bss_on_demand", Self::BSS_ON_DEMAND),
        ("bss_auto_renew", Self::BSS_AUTO_RENEW),
        ("orb", Self::ORB),
        ("metronome", Self::METRONOME),
        ("stigg", Self::STIGG),
        ("flexprice", Self::FLEXPRICE),
    ];

    /// An order of these steps.
    ///
    /// # Errors
    /// In the order of the steps: `wallet.unfit_step` for debt, which is no step but a shortfall;
    /// `wallet.step_twice`; `wallet.key_twice`; `wallet.order_not_total` where the keys of a step do not
    /// end in [`SortKey::Id`], or go on after it (the balance may have no keys). Then
    /// `wallet.negative_limit`.
    ///
    /// # Rule
    /// R-W9
    pub fn new(steps: Vec<Step>, shortfall: Shortfall) -> Result<Self, WalletError> {
        for (index, Step { kind, keys }) in steps.iter().enumerate() {
            let step = kind.name();
            if *kind == SourceKind::Debt {
                return Err(WalletError::UnfitStep { step });
            }
            if steps.iter().take(index).any(|earlier| earlier.kind == *kind) {
                return Err(WalletError::StepTwice { step });
            }
            let twice =
                keys.iter().enumerate().find(|(index, key)| keys.iter().take(*index).any(|other| other == *key));
            if let Some((_, key)) = twice {
                return Err(WalletError::KeyTwice { step, key: key.name() });
            }
            let is_alone = *kind == SourceKind::Balance && keys.is_empty();
            if !is_alone && keys.last() != Some(&Id) {
                return Err(WalletError::OrderNotTotal { step });
            }
        }
        shortfall.check()?;
        Ok(Self { steps: steps.into(), shortfall })
    }

    /// The same steps with another shortfall.
    ///
    /// # Errors
    /// `wallet.negative_limit`.
    pub fn with_shortfall(self, shortfall: Shortfall) -> Result<Self, WalletError> {
        shortfall.check()?;
        Ok(Self { shortfall, ..self })
    }

    /// The kinds of sources, the first to pay first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What becomes of what they do not pay.
    pub const fn shortfall(&self) -> Shortfall {
        self.shortfall
    }
}

impl Shortfall {
    /// The bound of an overdraft, where there is one.
    pub(super) const fn limit(self) -> Option<Money> {
        match self {
            Self::Refuse => None,
            Self::Overdraft { limit } => limit,
            Self::Debt { overdraft } => overdraft,
        }
    }

    fn check(self) -> Result<(), WalletError> {
        match self.limit() {
            Some(limit) if limit.is_negative() => Err(WalletError::NegativeLimit { limit: limit.amount() }),
            _ => Ok(()),
        }
    }
}

impl SortKey {
    /// Every key.
    pub const ALL: [Self; 9] = [Priority, Expiry, Scoped, Free, Smaller, Larger, Effective, Created, Id];

    /// The name, as `expiry`.
    pub const fn name(self) -> &'static str {
        match self {
            Priority => "priority",
            Expiry => "expiry",
            Scoped => "scoped",
            Free => "free",
            Smaller => "smaller",
            Larger => "larger",
            Effective => "effective",
            Created => "created",
            Id => "id",
        }
    }

    /// Which of two sources of one kind and currency goes first.
    fn compare<R: Ranked>(self, a: &R, b: &R) -> Ordering {
        match self {
            Priority => none_last(a.priority(), b.priority()),
            Expiry => none_last(a.expiration(), b.expiration()),
            Scoped => b.is_scoped().cmp(&a.is_scoped()),
            Free => a.basis().cmp(&b.basis()),
            Smaller => a.balance().amount().cmp(&b.balance().amount()),
            Larger => b.balance().amount().cmp(&a.balance().amount()),
            Effective => a.effective().cmp(&b.effective()),
            Created => a.created().cmp(&b.created()),
            Id => a.id().cmp(b.id()),
        }
    }
}

/// Puts sources of one kind in order; each id stands once, so the order is total.
pub(super) fn sort<R: Ranked>(sources: &mut [&R], keys: &[SortKey]) {
    sources.sort_unstable_by(|a, b| compare(keys, *a, *b));
}

/// Which of two sources of one kind and currency goes first by these keys.
pub(super) fn compare<R: Ranked>(keys: &[SortKey], a: &R, b: &R) -> Ordering {
    keys.iter().map(|key| key.compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn none_last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then(a.cmp(&b))
}

const fn preset(steps: &'static [Step], shortfall: Shortfall) -> FundingOrder {
    FundingOrder { steps: Cow::Borrowed(steps), shortfall }
}

const fn step(kind: SourceKind, keys: &'static [SortKey]) -> Step {
    Step { kind, keys: Cow::Borrowed(keys) }
}

const fn bss(coupons: &'static [SortKey]) -> [Step; 5] {
    [
        step(SourceKind::Coupon, coupons),
        step(SourceKind::CashCoupon, &[Scoped, Expiry, Created, Id]),
        step(SourceKind::StoredCard, &[Expiry, Created, Id]),
        step(SourceKind::Balance, &[]),
        step(SourceKind::Credit, &[Expiry, Created, Id]),
    ]
}

impl fmt::Display for FundingOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            write!(f, "{step} > ")?;
        }
        write!(f, "{}", self.shortfall)
    }
}

impl FromStr for FundingOrder {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        if let Some((_, preset)) = Self::PRESETS.into_iter().find(|(name, _)| *name == text) {
            return Ok(preset);
        }
        let (steps, shortfall) = match text.rsplit_once(" > ") {
            Some((steps, shortfall)) => (Some(steps), shortfall),
            None => (None, text),
        };
        let shortfall = shortfall.parse()?;
        let steps = steps.into_iter().flat_map(|steps| steps.split(" > "));
        // One more than there are kinds: then one of them stands twice.
        let steps: Result<Vec<Step>, _> =
            steps.take(SourceKind::ALL.len().saturating_add(1)).map(Step::from_str).collect();
        Self::new(steps?, shortfall)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        if self.keys.is_empty() {
            return Ok(());
        }
        let keys: Vec<&str> = self.keys.iter().map(|key| key.name()).collect();
        write!(f, "({})", keys.join(" "))
    }
}

impl FromStr for Step {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        let Some((kind, keys)) = text.split_once('(') else {
            return Ok(Self { kind: text.parse()?, keys: Cow::Borrowed(&[]) });
        };
        let kind = kind.parse()?;
        let keys = keys.strip_suffix(')').ok_or_else(|| WalletError::UnknownWord {
            what: "step of a funding order",
            text: excerpt(text),
            known: "a kind of source and its keys, as `stored_card(expiry id)`",
        })?;
        let keys = keys.split(' ').take(SortKey::ALL.len().saturating_add(1));
        Ok(Self { kind, keys: keys.map(SortKey::from_str).collect::<Result<Vec<_>, _>>()?.into() })
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SortKey {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|key| key.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "sort key",
            text: excerpt(text),
            known: "priority, expiry, scoped, free, smaller, larger, effective, created, id",
        })
    }
}

/// `refuse`, `overdraft`, `overdraft(10.00 CNY)`, `debt`, `overdraft(10.00 CNY) and debt`.
impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse => f.write_str("refuse"),
            Self::Overdraft { limit: None } => f.write_str("overdraft"),
            Self::Overdraft { limit: Some(limit) } => write!(f, "overdraft({limit:#})"),
            Self::Debt { overdraft: None } => f.write_str("debt"),
            Self::Debt { overdraft: Some(limit) } => write!(f, "overdraft({limit:#}) and debt"),
        }
    }
}

impl FromStr for Shortfall {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        match text {
            "refuse" => return Ok(Self::Refuse),
            "overdraft" => return Ok(Self::Overdraft { limit: None }),
            "debt" => return Ok(Self::Debt { overdraft: None }),
            _ => {}
        }
        let unknown = || WalletError::UnknownWord {
            what: "shortfall",
            text: excerpt(text),
            known: "refuse, overdraft, overdraft(10.00 CNY), debt, overdraft(10.00 CNY) and debt; \
                    or a preset: portal, bss_on_demand, bss_auto_renew, orb, metronome, stigg, flexprice",
        };
        let (limited, is_debt) = text.strip_suffix(" and debt").map_or((text, false), |limited| (limited, true));
        let limit = limited.strip_prefix("overdraft(").and_then(|rest| rest.strip_suffix(')')).ok_or_else(unknown)?;
        let (amount, currency) = limit.split_once(' ').ok_or_else(unknown)?;
        let limit = Some(Money::parse(amount, currency.parse()?)?);
        Ok(if is_debt { Self::Debt { overdraft: limit } } else { Self::Overdraft { limit } })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::*, *};

    fn code(text: &str) -> &'static str {
        text.parse::<FundingOrder>().unwrap_err().code()
    }

    #[test]
    fn every_preset_is_a_total_order_and_reads_back() {
        // R-W9
        for (name, preset) in FundingOrder::PRESETS {
            assert_eq!(name.parse::<FundingOrder>().unwrap(), preset);
            assert_eq!(preset.to_string().parse::<FundingOrder>().unwrap(), preset, "{preset}");
            let again = FundingOrder::new(preset.steps().to_vec(), preset.shortfall());
            assert_eq!(again.unwrap(), preset, "{name}");
        }
        assert_eq!(
            FundingOrder::BSS_ON_DEMAND.to_string(),
            "coupon(scoped expiry created id) > cash_coupon(scoped expiry created id) > \
             stored_card(expiry created id) > balance > credit(expiry created id) > debt"
        );
        assert_eq!(FundingOrder::PORTAL.to_string(), "coupon(expiry created id) > balance > refuse");
        let text = "balance > overdraft(5.00 CNY) and debt";
        assert_eq!(text.parse::<FundingOrder>().unwrap().to_string(), text);
        assert_eq!("debt".parse::<FundingOrder>().unwrap().steps(), []);
    }

    #[test]
    fn an_order_that_is_none_is_refused() {
        // R-W9: it must end in a total order, and no kind stands twice.
        assert_eq!(code("coupon > refuse"), "wallet.order_not_total");
        assert_eq!(code("coupon(expiry) > refuse"), "wallet.order_not_total");
        assert_eq!(code("coupon(id expiry) > refuse"), "wallet.order_not_total");
        assert_eq!(code("balance(created) > refuse"), "wallet.order_not_total");
        assert_eq!(code("balance > coupon(id) > balance > refuse"), "wallet.step_twice");
        assert_eq!(code("coupon(expiry expiry id) > refuse"), "wallet.key_twice");
        assert_eq!(code("debt > refuse"), "wallet.unfit_step");
        assert_eq!(code("balance > overdraft(-1 CNY)"), "wallet.negative_limit");
        assert_eq!(code(&"balance > ".repeat(100_000)), "wallet.unknown_word");
        assert_eq!(code(&format!("{}refuse", "balance > ".repeat(100_000))), "wallet.step_twice");
        assert_eq!(code(&format!("coupon({}) > refuse", "id ".repeat(100_000))), "wallet.key_twice");
        for text in ["", "portals", "coupon(id > refuse", "cash > refuse", "coupon(age id) > refuse", "overdraft(5)"] {
            assert_eq!(code(text), "wallet.unknown_word", "{text}");
        }
        assert_eq!(code("overdraft(5.0.0 CNY)"), "money.not_a_decimal");
        let limit = Shortfall::Overdraft { limit: Some(cny("-1")) };
        assert_eq!(FundingOrder::PORTAL.with_shortfall(limit).unwrap_err().code(), "wallet.negative_limit");
    }

    #[test]
    fn each_key_decides_and_none_goes_last() {
        use super::super::{CostBasis, Fund, FundTerms};
        let good = card("B", "5");
        let first = |key: SortKey, earlier: FundTerms, later: FundTerms| {
            let rows: [Fund; 2] = [fund(later), fund(earlier)];
            let mut sorted: Vec<&Fund> = rows.iter().collect();
            sort(&mut sorted, &[key, Id]);
            assert_eq!(sorted[0], &rows[1], "{key}");
        };
        let id = |id: &str| FundTerms { id: id.into(), ..good.clone() };
        let (z, a) = (id("Z"), id("A"));
        first(Priority, FundTerms { priority: Some(9), ..z.clone() }, FundTerms { priority: None, ..a.clone() });
        first(Priority, FundTerms { priority: Some(1), ..z.clone() }, FundTerms { priority: Some(2), ..a.clone() });
        first(Expiry, FundTerms { expiration: Some(at(9)), ..z.clone() }, FundTerms { expiration: None, ..a.clone() });
        first(Scoped, FundTerms { units: vec![UNIT.into()], ..z.clone() }, a.clone());
        first(Scoped, FundTerms { order: Some("o1".into()), ..z.clone() }, a.clone());
        first(
            Free,
            FundTerms { basis: CostBasis::Free, ..z.clone() },
            FundTerms { basis: CostBasis::Paid, ..a.clone() },
        );
        first(Smaller, FundTerms { balance: cny("4.99"), ..z.clone() }, a.clone());
        first(Larger, FundTerms { balance: cny("5.01"), ..z.clone() }, a.clone());
        first(Effective, FundTerms { effective: None, ..z.clone() }, FundTerms { effective: Some(at(1)), ..a.clone() });
        first(Created, FundTerms { created: at(1), ..z }, FundTerms { created: at(2), ..a.clone() });
        first(Id, a, good);
    }
}
