use super::words::words;
use super::{OrderStatus, OrderType, PlanState, Word};
use crate::error::{OrderError, excerpt};
use std::{borrow::Cow, collections::BTreeMap};

words! {
    /// What an order does, whoever sells it.
    ///
    /// # Rule
    /// R-O8
    OrderKind, "kind of order" {
        /// Something new.
        New = "new",
        /// More time for what is there.
        Renew = "renew",
        /// Money back.
        Refund = "refund",
        /// A larger specification.
        Upgrade = "upgrade",
        /// A smaller one.
        Downgrade = "downgrade",
        /// Another specification, larger or smaller.
        Resize = "resize",
        /// Something for a fault of the seller.
        Compensation = "compensation",
        /// Another owner.
        Transfer = "transfer",
        /// Paid ahead from now on.
        ToPrePaid = "to_pre_paid",
        /// Paid by the day from now on.
        ToPostPaid = "to_post_paid",
        /// More time without a price.
        Extend = "extend",
    }
}

words! {
    /// How far an order is, whoever sells it.
    ///
    /// # Rule
    /// R-O8
    OrderState, "state of an order" {
        /// It is to be paid.
        AwaitingPayment = "awaiting_payment",
        /// It is to be confirmed.
        AwaitingConfirmation = "awaiting_confirmation",
        /// It is paid, and what was bought is being made.
        Creating = "creating",
        /// What was bought is there.
        Created = "created",
        /// It could not be made.
        Failed = "failed",
        /// It is over, or was never paid.
        Expired = "expired",
        /// It is being given back.
        Refunding = "refunding",
        /// All or a part was given back.
        Refunded = "refunded",
        /// It could not be given back.
        RefundFailed = "refund_failed",
        /// It was withdrawn before it was paid.
        Cancelled = "cancelled",
    }
}

words! {
    /// Vendors whose words are known.
    Vendor, "vendor" {
        /// Our own words.
        Generic = "generic",
        /// The Django portal: its types and statuses.
        Portal = "portal",
        /// The large public cloud: its bill types by number, its order states.
        Bss = "bss",
        /// The plan service: its states by number.
        Usage = "usage",
    }
}

/// How a vendor names kinds and states of orders.
///
/// A word that does not stand in the table is an error and never a default: an order that is taken for
/// another is paid twice or not at all.
///
/// # Examples
/// ```
/// use counterfoil::order::{OrderKind, OrderState, Vendor, VendorWords};
///
/// let portal = VendorWords::of(Vendor::Portal);
/// assert_eq!(portal.kind("post2pre")?, OrderKind::ToPrePaid);
/// assert_eq!(portal.state("unpaid")?, OrderState::AwaitingPayment);
/// assert_eq!(portal.state("Unpaid").unwrap_err().code(), "order.unknown_vendor_word");
///
/// let own = VendorWords::new("acme", [("subscribe", OrderKind::New)], [("done", OrderState::Created)])?;
/// assert_eq!(own.kind("subscribe")?, OrderKind::New);
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorWords {
    vendor: Cow<'static, str>,
    kinds: BTreeMap<Cow<'static, str>, OrderKind>,
    states: BTreeMap<Cow<'static, str>, OrderState>,
}

const PORTAL_KINDS: &[(&str, OrderKind)] = &[
    (OrderType::New.name(), OrderKind::New),
    (OrderType::Renewal.name(), OrderKind::Renew),
    (OrderType::Upgrade.name(), OrderKind::Upgrade),
    (OrderType::Downgrade.name(), OrderKind::Downgrade),
    (OrderType::Post2Pre.name(), OrderKind::ToPrePaid),
];

const PORTAL_STATES: &[(&str, OrderState)] = &[
    (OrderStatus::Unpaid.name(), OrderState::AwaitingPayment),
    (OrderStatus::Paid.name(), OrderState::Creating),
    (OrderStatus::Refunding.name(), OrderState::Refunding),
    (OrderStatus::Refund.name(), OrderState::Refunded),
    (OrderStatus::PartRefund.name(), OrderState::Refunded),
    (OrderStatus::Cancelled.name(), OrderState::Cancelled),
];

/// Of the bill types of R-S4 those that an order makes; usage, adjustments and the like are none.
const BSS_KINDS: &[(&str, OrderKind)] = &[
    ("1", OrderKind::New),
    ("2", OrderKind::Renew),
    ("3", OrderKind::Resize),
    ("4", OrderKind::Refund),
    ("8", OrderKind::Renew),
    ("9", OrderKind::Compensation),
    ("20", OrderKind::Downgrade),
    ("24", OrderKind::ToPostPaid),
];

const BSS_STATES: &[(&str, OrderState)] = &[
    ("pending_payment", OrderState::AwaitingPayment),
    ("pending_approval", OrderState::AwaitingConfirmation),
    ("processing", OrderState::Creating),
    ("completed", OrderState::Created),
    ("cancelled", OrderState::Cancelled),
];

const USAGE_STATES: &[(&str, OrderState)] = &[
    ("0", OrderState::Creating),
    ("5", OrderState::Created),
    ("15", OrderState::Expired),
    (PlanState::Pending.name(), OrderState::Creating),
    (PlanState::Consuming.name(), OrderState::Created),
    (PlanState::Ended.name(), OrderState::Expired),
];

const USAGE_KINDS: &[(&str, OrderKind)] = &[("new", OrderKind::New), ("renew", OrderKind::Renew)];

impl VendorWords {
    /// The table of a vendor that is known.
    pub fn of(vendor: Vendor) -> Self {
        fn table<T: Copy>(rows: &[(&'static str, T)]) -> BTreeMap<Cow<'static, str>, T> {
            rows.iter().map(|(word, meant)| (Cow::Borrowed(*word), *meant)).collect()
        }
        let (kinds, states) = match vendor {
            Vendor::Generic => (own(OrderKind::ALL), own(OrderState::ALL)),
            Vendor::Portal => (table(PORTAL_KINDS), table(PORTAL_STATES)),
            Vendor::Bss => (table(BSS_KINDS), table(BSS_STATES)),
            Vendor::Usage => (table(USAGE_KINDS), table(USAGE_STATES)),
        };
        Self { vendor: Cow::Borrowed(vendor.name()), kinds, states }
    }

    /// A table of one's own. Several words may mean the same.
    ///
    /// # Errors
    /// `order.repeated_word` for a word that stands twice among kinds, then among states.
    pub fn new<W: Into<String>>(
        vendor: impl Into<String>,
        kinds: impl IntoIterator<Item = (W, OrderKind)>,
        states: impl IntoIterator<Item = (W, OrderState)>,
    ) -> Result<Self, OrderError> {
        let vendor = vendor.into();
        let kinds = checked(&vendor, "kind of order", kinds)?;
        let states = checked(&vendor, "state of an order", states)?;
        Ok(Self { vendor: Cow::Owned(vendor), kinds, states })
    }

    /// The kind of order that a word names.
    ///
    /// # Errors
    /// `order.unknown_vendor_word`.
    pub fn kind(&self, word: &str) -> Result<OrderKind, OrderError> {
        self.meant(&self.kinds, "kind of order", word)
    }

    /// The state of an order that a word names.
    ///
    /// # Errors
    /// `order.unknown_vendor_word`.
    pub fn state(&self, word: &str) -> Result<OrderState, OrderError> {
        self.meant(&self.states, "state of an order", word)
    }

    /// Every word for a kind, with what it means.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, OrderKind)> {
        self.kinds.iter().map(|(word, meant)| (word.as_ref(), *meant))
    }

    /// Every word for a state, with what it means.
    pub fn states(&self) -> impl Iterator<Item = (&str, OrderState)> {
        self.states.iter().map(|(word, meant)| (word.as_ref(), *meant))
    }

    fn meant<T: Copy>(
        &self,
        table: &BTreeMap<Cow<'static, str>, T>,
        what: &'static str,
        word: &str,
    ) -> Result<T, OrderError> {
        table.get(word).copied().ok_or_else(|| OrderError::UnknownVendorWord {
            vendor: excerpt(&self.vendor),
            what,
            word: excerpt(word),
        })
    }
}

fn own<T: Word>(all: &'static [T]) -> BTreeMap<Cow<'static, str>, T> {
    all.iter().map(|meant| (Cow::Borrowed(meant.word()), *meant)).collect()
}

fn checked<T, W: Into<String>>(
    vendor: &str,
    what: &'static str,
    rows: impl IntoIterator<Item = (W, T)>,
) -> Result<BTreeMap<Cow<'static, str>, T>, OrderError> {
    let mut table = BTreeMap::new();
    for (word, meant) in rows {
        let word: String = word.into();
        let again = || OrderError::RepeatedWord { vendor: excerpt(vendor), what, word: excerpt(&word) };
        if table.contains_key(word.as_str()) {
            return Err(again());
        }
        table.insert(Cow::Owned(word), meant);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-O8: every type and status of the portal, and every word of ours, has a place.
    #[test]
    fn presets_leave_nothing_out() {
        let portal = VendorWords::of(Vendor::Portal);
        assert!(OrderType::ALL.iter().all(|word| portal.kind(word.name()).is_ok()));
        assert!(OrderStatus::ALL.iter().all(|word| portal.state(word.name()).is_ok()));
        let generic = VendorWords::of(Vendor::Generic);
        assert!(OrderKind::ALL.iter().all(|kind| generic.kind(kind.name()) == Ok(*kind)));
        assert!(OrderState::ALL.iter().all(|state| generic.state(state.name()) == Ok(*state)));
        let usage = VendorWords::of(Vendor::Usage);
        for state in PlanState::ALL {
            let numbered = usage.state(&state.number().to_string());
            assert_eq!(numbered.is_ok(), *state != PlanState::Ending); // reserved: nothing is in it
            assert_eq!(numbered.ok(), usage.state(state.name()).ok());
        }
        // No preset has a word twice.
        for (preset, words) in [
            (Vendor::Portal, PORTAL_KINDS.len() + PORTAL_STATES.len()),
            (Vendor::Bss, BSS_KINDS.len() + BSS_STATES.len()),
            (Vendor::Usage, USAGE_KINDS.len() + USAGE_STATES.len()),
        ] {
            let table = VendorWords::of(preset);
            assert_eq!(table.kinds().count() + table.states().count(), words, "{preset}");
        }
    }

    #[test]
    fn no_word_is_guessed() {
        for &vendor in Vendor::ALL {
            let words = VendorWords::of(vendor);
            for word in ["", "NEW", " new", "新购", "5.0"] {
                assert_eq!(words.kind(word).unwrap_err().code(), "order.unknown_vendor_word", "{vendor} {word}");
                assert_eq!(words.state(word).unwrap_err().code(), "order.unknown_vendor_word", "{vendor} {word}");
            }
        }
        assert_eq!(VendorWords::of(Vendor::Bss).kind("5").unwrap_err().code(), "order.unknown_vendor_word"); // usage
    }

    #[test]
    fn a_word_stands_once() {
        let twice = VendorWords::new("x", [("a", OrderKind::New), ("a", OrderKind::New)], []);
        assert_eq!(twice.unwrap_err().code(), "order.repeated_word");
        let twice = VendorWords::new("x", [], [("a", OrderState::Created), ("a", OrderState::Failed)]);
        assert_eq!(twice.unwrap_err().code(), "order.repeated_word");
        let both = VendorWords::new("x", [("a", OrderKind::New)], [("a", OrderState::Failed)]);
        assert!(both.is_ok());
    }
}
