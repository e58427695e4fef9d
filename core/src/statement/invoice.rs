use crate::{
    error::{StatementError, excerpt},
    money::Money,
    wallet::Owner,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

/// Something that an invoice may be drawn from: a top-up or a payment.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSource {
    /// What tells it from others.
    pub id: String,
    /// Who paid it.
    pub owner: Owner,
    /// How much.
    pub amount: Money,
    /// How much of it was refunded: that can not be invoiced.
    pub refunded: Money,
}

/// A wish for an invoice. Its id makes it idempotent.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceRequest {
    /// The id of the invoice.
    pub id: String,
    /// For whom.
    pub owner: Owner,
    /// From what.
    pub from: InvoiceFrom,
}

/// What an invoice is drawn from.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceFrom {
    /// Everything of the owner that can be invoiced.
    All,
    /// These, by their ids.
    Chosen(Vec<String>),
}

/// An invoice: what it is drawn from, and how it stands.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    id: String,
    owner: Owner,
    lines: Vec<InvoiceLine>,
    amount: Money,
    state: InvoiceState,
}

/// What an invoice has of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// The source.
    pub source: String,
    /// What was invoiced of it: all that was not refunded.
    pub amount: Money,
}

/// How an invoice stands.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceState {
    /// It was asked for.
    Requested,
    /// It is written.
    Issued,
    /// It was refused; its sources are free.
    Rejected,
    /// Who asked for it took it back; its sources are free.
    Cancelled,
    /// It was written and is taken back by another document; its sources are free.
    Voided,
}

/// What happens to an invoice.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceEvent {
    /// It is written.
    Issue,
    /// It is refused.
    Reject,
    /// It is taken back before it is written.
    Cancel,
    /// It is taken back after it was written.
    Void,
}

/// From which state an event leads to which.
const TRANSITIONS: [(InvoiceState, InvoiceEvent, InvoiceState); 4] = [
    (InvoiceState::Requested, InvoiceEvent::Issue, InvoiceState::Issued),
    (InvoiceState::Requested, InvoiceEvent::Reject, InvoiceState::Rejected),
    (InvoiceState::Requested, InvoiceEvent::Cancel, InvoiceState::Cancelled),
    (InvoiceState::Issued, InvoiceEvent::Void, InvoiceState::Voided),
];

/// What comes of a wish for an invoice.
///
/// # Rule
/// R-S8
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceOutcome<'a> {
    /// A new invoice, requested.
    New(Invoice),
    /// The same wish came before: this invoice, as it stands.
    Replay(&'a Invoice),
}

impl InvoiceRequest {
    /// Draws an invoice from sources, each once, for all that was not refunded of them.
    ///
    /// The same id again is the invoice that stands, whatever became of it: a rejected one is asked
    /// for again under a new id.
    ///
    /// # Errors
    /// In this order: `statement.invoice_conflict` for a known id of another owner or of other
    /// sources; `statement.repeated_source` among those chosen or given; for each chosen id
    /// `statement.unknown_source`, `statement.foreign_source`, `statement.already_invoiced`,
    /// `statement.nothing_to_invoice` of what was refunded in full; the last also where nothing is
    /// left at all; `statement.refunded_above_paid` and `statement.negative_amount` for a source
    /// that can not be; `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, wallet::Owner};
    /// use counterfoil::statement::{InvoiceEvent, InvoiceFrom, InvoiceOutcome, InvoiceRequest, InvoiceSource};
    ///
    /// let cny = |text| Money::parse(text, CNY);
    /// let ada = Owner::User("ada".into());
    /// let top_up = |id: &str, amount, refunded| Ok::<_, counterfoil::error::Error>(
    ///     InvoiceSource { id: id.into(), owner: ada.clone(), amount: cny(amount)?, refunded: cny(refunded)? }
    /// );
    /// let sources = [top_up("t-1", "100.00", "0")?, top_up("t-2", "50.00", "20.00")?];
    /// let request = |id: &str| InvoiceRequest { id: id.into(), owner: ada.clone(), from: InvoiceFrom::All };
    /// let InvoiceOutcome::New(invoice) = request("i-1").draw(&sources, &[])? else { panic!("it is the first") };
    /// assert_eq!(invoice.to_string(), "130.00 CNY = 100.00 of `t-1` + 30.00 of `t-2`");
    ///
    /// // Each is invoiced once; a rejected invoice frees them.
    /// let twice = request("i-2").draw(&sources, std::slice::from_ref(&invoice));
    /// assert_eq!(twice.unwrap_err().code(), "statement.nothing_to_invoice");
    /// let rejected = invoice.after(InvoiceEvent::Reject, &sources)?;
    /// assert!(matches!(request("i-2").draw(&sources, &[rejected])?, InvoiceOutcome::New(_)));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-S8
    pub fn draw<'a>(
        &self,
        sources: &[InvoiceSource],
        invoices: &'a [Invoice],
    ) -> Result<InvoiceOutcome<'a>, StatementError> {
        if let Some(known) = invoices.iter().find(|invoice| invoice.id == self.id) {
            self.check_same(known)?;
            return Ok(InvoiceOutcome::Replay(known));
        }
        let known = by_id(sources)?;
        let held: BTreeMap<&str, &Invoice> = invoices
            .iter()
            .filter(|invoice| invoice.state.holds())
            .flat_map(|invoice| invoice.lines.iter().map(move |line| (line.source.as_str(), invoice)))
            .collect();
        let drawn: Vec<&InvoiceSource> = match &self.from {
            InvoiceFrom::All => {
                let mine = known.values().filter(|source| source.owner == self.owner);
                mine.filter(|source| !held.contains_key(source.id.as_str())).copied().collect()
            }
            InvoiceFrom::Chosen(ids) => self.chosen(ids, &known, &held)?,
        };
        let mut lines = Vec::with_capacity(drawn.len());
        for source in drawn {
            let amount = source.invoiceable()?;
            if !amount.is_zero() {
                lines.push(InvoiceLine { source: source.id.clone(), amount });
            }
        }
        Ok(InvoiceOutcome::New(Invoice::new(self.id.clone(), self.owner.clone(), lines)?))
    }

    fn check_same(&self, known: &Invoice) -> Result<(), StatementError> {
        let conflict = |fact| Err(StatementError::InvoiceConflict { invoice: self.id.clone(), fact });
        if self.owner != known.owner {
            return conflict("owner");
        }
        if let InvoiceFrom::Chosen(ids) = &self.from {
            let chosen: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
            if chosen != known.lines.iter().map(|line| line.source.as_str()).collect() {
                return conflict("sources");
            }
        }
        Ok(())
    }

    fn chosen<'a>(
        &self,
        ids: &[String],
        known: &BTreeMap<&str, &'a InvoiceSource>,
        held: &BTreeMap<&str, &Invoice>,
    ) -> Result<Vec<&'a InvoiceSource>, StatementError> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = ids.iter().find(|id| !seen.insert(id.as_str())) {
            return Err(StatementError::RepeatedSource { origin: twice.clone() });
        }
        let mut chosen = Vec::with_capacity(ids.len());
        for id in ids {
            let origin = id.clone();
            let Some(source) = known.get(id.as_str()) else {
                return Err(StatementError::UnknownSource { origin });
            };
            if source.owner != self.owner {
                return Err(StatementError::ForeignSource { origin, owner: self.owner.to_string() });
            }
            if let Some(invoice) = held.get(id.as_str()) {
                return Err(StatementError::AlreadyInvoiced { origin, invoice: invoice.id.clone() });
            }
            if source.invoiceable()?.is_zero() {
                return Err(StatementError::NothingToInvoice { invoice: self.id.clone() });
            }
            chosen.push(*source);
        }
        Ok(chosen)
    }
}

impl InvoiceSource {
    /// What of it can be invoiced: all that was not refunded.
    ///
    /// # Errors
    /// `statement.negative_amount`; `statement.refunded_above_paid`; `money.currency_mismatch`.
    ///
    /// # Rule
    /// R-S8
    pub fn invoiceable(&self) -> Result<Money, StatementError> {
        for (what, money) in [("top-up", self.amount), ("refund", self.refunded)] {
            if money.is_negative() {
                return Err(StatementError::NegativeAmount { what, amount: money.amount() });
            }
        }
        let rest = self.amount.minus(self.refunded)?;
        if rest.is_negative() {
            let (paid, refunded) = (self.amount.amount(), self.refunded.amount());
            return Err(StatementError::RefundedAbovePaid { origin: self.id.clone(), paid, refunded });
        }
        Ok(rest)
    }
}

impl Invoice {
    /// An invoice of lines, requested.
    ///
    /// [`InvoiceRequest::draw`] makes one; this and [`in_state`](Self::in_state) are how a store reads
    /// one back.
    ///
    /// # Errors
    /// `statement.nothing_to_invoice` without lines; `statement.repeated_source`;
    /// `money.currency_mismatch`, `money.overflow`.
    pub fn new(id: String, owner: Owner, lines: Vec<InvoiceLine>) -> Result<Self, StatementError> {
        let Some(first) = lines.first() else {
            return Err(StatementError::NothingToInvoice { invoice: id });
        };
        let mut seen = BTreeSet::new();
        if let Some(twice) = lines.iter().find(|line| !seen.insert(&line.source)) {
            return Err(StatementError::RepeatedSource { origin: twice.source.clone() });
        }
        let amount = Money::sum(lines.iter().map(|line| line.amount), first.amount.currency())?;
        Ok(Self { id, owner, lines, amount, state: InvoiceState::Requested })
    }

    /// The same invoice in a state that was stored.
    pub const fn in_state(mut self, state: InvoiceState) -> Self {
        self.state = state;
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// For whom.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// What it has of each source.
    pub fn lines(&self) -> &[InvoiceLine] {
        &self.lines
    }

    /// The sum of its lines.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// How it stands.
    pub const fn state(&self) -> InvoiceState {
        self.state
    }

    /// The invoice after an event. Before it is issued its lines are compared with the sources as they
    /// are now.
    ///
    /// # Errors
    /// `statement.invoice_transition`; as [`check_covered`](Self::check_covered) when it is issued.
    ///
    /// # Rule
    /// R-S8
    pub fn after(self, event: InvoiceEvent, sources: &[InvoiceSource]) -> Result<Self, StatementError> {
        let state = self.state.after(event).map_err(|(from, to)| StatementError::InvoiceTransition {
            invoice: self.id.clone(),
            from: from.name(),
            to: to.name(),
        })?;
        if event == InvoiceEvent::Issue {
            self.check_covered(sources)?;
        }
        Ok(self.in_state(state))
    }

    /// The error, unless its sources still come to what it says: a refund since then makes it stale.
    ///
    /// One that is requested is rejected and drawn anew then, an issued one voided.
    ///
    /// # Errors
    /// `statement.unknown_source`, `statement.foreign_source`, `statement.invoice_stale`; as
    /// [`InvoiceSource::invoiceable`].
    ///
    /// # Rule
    /// R-S8
    pub fn check_covered(&self, sources: &[InvoiceSource]) -> Result<(), StatementError> {
        let known = by_id(sources)?;
        for InvoiceLine { source: origin, amount } in &self.lines {
            let Some(source) = known.get(origin.as_str()) else {
                return Err(StatementError::UnknownSource { origin: origin.clone() });
            };
            if source.owner != self.owner {
                return Err(StatementError::ForeignSource { origin: origin.clone(), owner: self.owner.to_string() });
            }
            let left = source.invoiceable()?;
            if left.compare(*amount)?.is_ne() {
                return Err(StatementError::InvoiceStale {
                    invoice: self.id.clone(),
                    origin: origin.clone(),
                    invoiced: amount.amount(),
                    left: left.amount(),
                });
            }
        }
        Ok(())
    }
}

impl InvoiceState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Requested, Self::Issued, Self::Rejected, Self::Cancelled, Self::Voided];

    /// The name, as `requested`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Issued => "issued",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Voided => "voided",
        }
    }

    /// Whether its sources can not be invoiced again.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Requested | Self::Issued)
    }

    /// Where an event leads; else both states, of which the second is where it would have led.
    fn after(self, event: InvoiceEvent) -> Result<Self, (Self, Self)> {
        let to = TRANSITIONS.iter().find(|(from, by, _)| *from == self && *by == event);
        to.map(|(_, _, to)| *to).ok_or((self, event.leads_to()))
    }
}

impl InvoiceEvent {
    /// Every event.
    pub const ALL: [Self; 4] = [Self::Issue, Self::Reject, Self::Cancel, Self::Void];

    /// The name, as `issue`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Reject => "reject",
            Self::Cancel => "cancel",
            Self::Void => "void",
        }
    }

    /// The state that it leads to, wherever it comes from.
    const fn leads_to(self) -> InvoiceState {
        match self {
            Self::Issue => InvoiceState::Issued,
            Self::Reject => InvoiceState::Rejected,
            Self::Cancel => InvoiceState::Cancelled,
            Self::Void => InvoiceState::Voided,
        }
    }
}

fn by_id(sources: &[InvoiceSource]) -> Result<BTreeMap<&str, &InvoiceSource>, StatementError> {
    let mut known = BTreeMap::new();
    for source in sources {
        if known.insert(source.id.as_str(), source).is_some() {
            return Err(StatementError::RepeatedSource { origin: source.id.clone() });
        }
    }
    Ok(known)
}

impl fmt::Display for Invoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#} =", self.amount)?;
        for (index, InvoiceLine { source, amount }) in self.lines.iter().enumerate() {
            let plus = if index == 0 { "" } else { " +" };
            write!(f, "{plus} {amount} of `{source}`")?;
        }
        Ok(())
    }
}

impl fmt::Display for InvoiceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for InvoiceState {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or_else(|| StatementError::UnknownInvoiceWord {
            what: "state of an invoice",
            text: excerpt(text),
            known: "requested, issued, rejected, cancelled, voided",
        })
    }
}

impl FromStr for InvoiceEvent {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        Self::ALL.into_iter().find(|event| event.name() == text).ok_or_else(|| StatementError::UnknownInvoiceWord {
            what: "event of an invoice",
            text: excerpt(text),
            known: "issue, reject, cancel, void",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::CNY;

    fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    fn source(id: &str, owner: &str, amount: &str, refunded: &str) -> InvoiceSource {
        let owner = Owner::User(owner.into());
        InvoiceSource { id: id.into(), owner, amount: cny(amount), refunded: cny(refunded) }
    }

    fn sources() -> Vec<InvoiceSource> {
        vec![
            source("t-1", "ada", "100.00", "0"),
            source("t-2", "ada", "50.00", "20.00"),
            source("t-3", "ada", "5.00", "5.00"),
            source("t-4", "bob", "7.00", "0"),
        ]
    }

    fn request(id: &str, chosen: Option<&[&str]>) -> InvoiceRequest {
        let from =
            chosen.map_or(InvoiceFrom::All, |ids| InvoiceFrom::Chosen(ids.iter().map(|id| (*id).to_owned()).collect()));
        InvoiceRequest { id: id.into(), owner: Owner::User("ada".into()), from }
    }

    fn drawn(request: &InvoiceRequest, invoices: &[Invoice]) -> Result<Invoice, &'static str> {
        match request.draw(&sources(), invoices).map_err(|error| error.code())? {
            InvoiceOutcome::New(invoice) => Ok(invoice),
            InvoiceOutcome::Replay(invoice) => panic!("{invoice} is there already"),
        }
    }

    #[test]
    fn an_invoice_is_the_sum_of_what_was_not_refunded() {
        // R-S8: amount = their sum
        let all = drawn(&request("i-1", None), &[]).unwrap();
        assert_eq!(all.to_string(), "130.00 CNY = 100.00 of `t-1` + 30.00 of `t-2`");
        let one = drawn(&request("i-1", Some(&["t-2"])), &[]).unwrap();
        assert_eq!((one.amount(), one.state()), (cny("30.00"), InvoiceState::Requested));
    }

    #[test]
    fn each_is_invoiced_once_and_freed_by_what_undoes_the_invoice() {
        // R-S8
        let first = drawn(&request("i-1", Some(&["t-1"])), &[]).unwrap();
        for state in InvoiceState::ALL {
            let standing = [first.clone().in_state(state)];
            let again = drawn(&request("i-2", Some(&["t-1"])), &standing).map(|invoice| invoice.amount());
            let rest = drawn(&request("i-2", None), &standing).unwrap().amount();
            if matches!(state, InvoiceState::Requested | InvoiceState::Issued) {
                assert_eq!((again, rest), (Err("statement.already_invoiced"), cny("30.00")), "{state}");
            } else {
                assert_eq!((again, rest), (Ok(cny("100.00")), cny("130.00")), "{state}");
            }
        }
    }

    #[test]
    fn the_same_id_is_the_same_invoice() {
        let first = drawn(&request("i-1", Some(&["t-1", "t-2"])), &[]).unwrap().in_state(InvoiceState::Rejected);
        let standing = [first.clone()];
        for again in [request("i-1", Some(&["t-2", "t-1"])), request("i-1", None)] {
            assert_eq!(again.draw(&[], &standing).unwrap(), InvoiceOutcome::Replay(&first));
        }
        let other = request("i-1", Some(&["t-1"])).draw(&sources(), &standing).unwrap_err();
        assert_eq!(other.details(), [("invoice", "i-1".to_owned()), ("fact", "sources".to_owned())]);
        let bob = InvoiceRequest { owner: Owner::User("bob".into()), ..request("i-1", None) };
        assert_eq!(bob.draw(&sources(), &standing).unwrap_err().code(), "statement.invoice_conflict");
    }

    #[test]
    fn transitions_are_those_of_the_table_and_no_others() {
        // R-S8
        let invoice = drawn(&request("i-1", None), &[]).unwrap();
        let mut legal = 0;
        for from in InvoiceState::ALL {
            for event in InvoiceEvent::ALL {
                match invoice.clone().in_state(from).after(event, &sources()) {
                    Ok(moved) => {
                        legal += 1;
                        assert!(TRANSITIONS.contains(&(from, event, moved.state())));
                    }
                    Err(error) => {
                        assert_eq!(error.code(), "statement.invoice_transition");
                        assert_eq!(error.details()[1], ("from", from.name().to_owned()));
                        assert_eq!(error.details()[2], ("to", event.leads_to().name().to_owned()));
                    }
                }
            }
        }
        assert_eq!(legal, TRANSITIONS.len());
        assert!(TRANSITIONS.iter().all(|(_, event, to)| event.leads_to() == *to));
    }

    #[test]
    fn a_refund_after_the_request_makes_it_stale() {
        let invoice = drawn(&request("i-1", Some(&["t-1"])), &[]).unwrap();
        let later = [source("t-1", "ada", "100.00", "0.01")];
        let stale = invoice.clone().after(InvoiceEvent::Issue, &later).unwrap_err();
        assert_eq!(stale.code(), "statement.invoice_stale");
        assert_eq!(stale.details()[2..], [("invoiced", "100.00".to_owned()), ("left", "99.99".to_owned())]);
        assert_eq!(invoice.clone().after(InvoiceEvent::Reject, &later).unwrap().state(), InvoiceState::Rejected);
        assert_eq!(invoice.after(InvoiceEvent::Issue, &[]).unwrap_err().code(), "statement.unknown_source");
    }

    #[test]
    fn faults_have_their_codes_in_their_order() {
        let code = |chosen: &[&str]| drawn(&request("i-1", Some(chosen)), &[]).unwrap_err();
        assert_eq!(code(&["t-9", "t-9"]), "statement.repeated_source");
        assert_eq!(code(&["t-9", "t-4"]), "statement.unknown_source");
        assert_eq!(code(&["t-4"]), "statement.foreign_source");
        assert_eq!(code(&["t-3"]), "statement.nothing_to_invoice");
        assert_eq!(code(&[]), "statement.nothing_to_invoice");
        let of = |source: InvoiceSource| request("i-1", None).draw(&[source], &[]).unwrap_err().code();
        assert_eq!(of(source("t-1", "ada", "1", "1.01")), "statement.refunded_above_paid");
        assert_eq!(of(source("t-1", "ada", "-1", "0")), "statement.negative_amount");
        assert_eq!(of(source("t-1", "ada", "1", "-1")), "statement.negative_amount");
        assert_eq!("void".parse::<InvoiceState>().unwrap_err().code(), "statement.unknown_invoice_word");
        assert_eq!("voided".parse::<InvoiceEvent>().unwrap_err().code(), "statement.unknown_invoice_word");
        for (state, event) in InvoiceState::ALL.into_iter().zip(InvoiceEvent::ALL) {
            assert_eq!(state.name().parse::<InvoiceState>().unwrap(), state);
            assert_eq!(event.name().parse::<InvoiceEvent>().unwrap(), event);
        }
    }
}
