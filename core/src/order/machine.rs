use super::words::words;
use super::{ItemStatus, OrderStatus, PlanState, TradingStatus, Word};
use crate::error::OrderError;

/// One row of a table of states: what is in `from` and meets `event` is in `to` from then on.
///
/// What no row says is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<S, E> {
    /// The state before.
    pub from: S,
    /// What happens.
    pub event: E,
    /// The state after.
    pub to: S,
}

/// States that move by a table.
///
/// # Examples
/// ```
/// use counterfoil::order::{Machine, OrderEvent, OrderStatus};
///
/// assert_eq!(OrderStatus::Unpaid.after(OrderEvent::Pay)?, OrderStatus::Paid);
///
/// let error = OrderStatus::Cancelled.after(OrderEvent::Pay).unwrap_err();
/// assert_eq!(error.code(), "order.illegal_transition");
/// assert_eq!(error.to_string(), "`pay` does not lead from `cancelled` to `paid`: from `cancelled` there is no way on");
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O1, R-O2
pub trait Machine: Word {
    /// What happens to it.
    type Event: Word;

    /// The table.
    fn transitions() -> &'static [Transition<Self, Self::Event>];

    /// The state after an event.
    ///
    /// # Errors
    /// `order.illegal_transition`, which names the state, the event, the state that it leads to, and
    /// what is possible instead.
    fn after(self, event: Self::Event) -> Result<Self, OrderError> {
        match Self::transitions().iter().find(|row| row.from == self && row.event == event) {
            Some(row) => Ok(row.to),
            None => Err(OrderError::IllegalTransition {
                from: self.word(),
                event: event.word(),
                to: leads_to::<Self>(event).map_or("nowhere", Word::word),
                ways: ways(self),
            }),
        }
    }

    /// Whether no event leads on from here.
    fn is_final(self) -> bool {
        !Self::transitions().iter().any(|row| row.from == self)
    }
}

words! {
    /// The tables of states there are.
    MachineName, "table of states" {
        /// [`OrderStatus`]: what is paid and given back.
        Order = "order",
        /// [`TradingStatus`]: what of it is delivered.
        Trading = "trading",
        /// [`ItemStatus`]: one thing of an order.
        Item = "item",
        /// [`PlanState`]: an order that is consumed in cycles.
        Plan = "plan",
    }
}

/// A table of states in words, for documentation and for other languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which table it is.
    pub name: MachineName,
    /// Its states, in the order of their life.
    pub states: Vec<&'static str>,
    /// The states from which nothing leads on.
    pub last: Vec<&'static str>,
    /// Its rows: from, event, to.
    pub rows: Vec<Transition<&'static str, &'static str>>,
}

impl MachineName {
    /// The table in words.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::order::MachineName;
    ///
    /// let table = MachineName::Plan.table();
    /// assert_eq!(table.states, ["pending", "consuming", "ending", "ended"]);
    /// assert_eq!((table.rows[1].from, table.rows[1].event, table.rows[1].to), ("consuming", "end", "ended"));
    /// ```
    pub fn table(self) -> Table {
        match self {
            Self::Order => table::<OrderStatus>(self),
            Self::Trading => table::<TradingStatus>(self),
            Self::Item => table::<ItemStatus>(self),
            Self::Plan => table::<PlanState>(self),
        }
    }

    /// The state after an event, both in words.
    ///
    /// # Errors
    /// `order.unknown_word` for the state, then for the event; `order.illegal_transition`.
    pub fn after(self, from: &str, event: &str) -> Result<&'static str, OrderError> {
        Ok(match self {
            Self::Order => from.parse::<OrderStatus>()?.after(event.parse()?)?.name(),
            Self::Trading => from.parse::<TradingStatus>()?.after(event.parse()?)?.name(),
            Self::Item => from.parse::<ItemStatus>()?.after(event.parse()?)?.name(),
            Self::Plan => from.parse::<PlanState>()?.after(event.parse()?)?.name(),
        })
    }
}

fn table<S: Machine>(name: MachineName) -> Table {
    let row = |row: &Transition<S, S::Event>| Transition {
        from: row.from.word(),
        event: row.event.word(),
        to: row.to.word(),
    };
    Table {
        name,
        states: S::all().iter().map(|state| state.word()).collect(),
        last: S::all().iter().filter(|state| state.is_final()).map(|state| state.word()).collect(),
        rows: S::transitions().iter().map(row).collect(),
    }
}

/// Where an event leads, from wherever it may happen: every event leads to one state.
fn leads_to<S: Machine>(event: S::Event) -> Option<S> {
    S::transitions().iter().find(|row| row.event == event).map(|row| row.to)
}

/// The events that are possible in a state.
fn ways<S: Machine>(from: S) -> String {
    let ways: Vec<String> =
        S::transitions().iter().filter(|row| row.from == from).map(|row| format!("`{}`", row.event)).collect();
    if ways.is_empty() { "no way on".to_owned() } else { ways.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{OrderEvent, PlanEvent},
        *,
    };

    /// Walks every (state, event) pair: it does what the only row of the table says, or is refused
    /// by an error that names both states.
    fn walk<S: Machine>() -> usize {
        let mut allowed = 0;
        for &from in S::all() {
            for &event in S::Event::all() {
                let rows: Vec<_> =
                    S::transitions().iter().filter(|row| row.from == from && row.event == event).collect();
                match (rows.as_slice(), from.after(event)) {
                    ([row], Ok(to)) => {
                        assert!(to == row.to);
                        allowed += 1;
                    }
                    ([], Err(error)) => {
                        assert_eq!(error.code(), "order.illegal_transition");
                        let message = error.to_string();
                        let to = leads_to::<S>(event).unwrap();
                        for name in [from.to_string(), event.to_string(), to.to_string()] {
                            assert!(message.contains(&format!("`{name}`")), "{message} does not name `{name}`");
                        }
                    }
                    (rows, answer) => {
                        panic!("{from} {event}: {} rows, {:?}", rows.len(), answer.map(|to| to.to_string()))
                    }
                }
            }
        }
        assert_eq!(allowed, S::transitions().len());
        allowed
    }

    /// An error names one state that an event leads to, so it must not lead to two.
    fn every_event_leads_to_one_state<S: Machine>() {
        for &event in S::Event::all() {
            let mut to = S::transitions().iter().filter(|row| row.event == event).map(|row| row.to);
            let first = to.next().unwrap();
            assert!(to.all(|other| other == first), "{event} leads to two states");
        }
    }

    /// R-O1, R-O2.
    #[test]
    fn every_pair_does_what_its_table_says() {
        assert_eq!(walk::<OrderStatus>(), 8);
        assert_eq!(walk::<TradingStatus>(), 4);
        assert_eq!(walk::<ItemStatus>(), 2);
        assert_eq!(walk::<PlanState>(), 2);
        every_event_leads_to_one_state::<OrderStatus>();
        every_event_leads_to_one_state::<TradingStatus>();
        every_event_leads_to_one_state::<ItemStatus>();
        every_event_leads_to_one_state::<PlanState>();
    }

    #[test]
    fn tables_in_words_do_the_same() {
        for &name in MachineName::ALL {
            let table = name.table();
            for row in &table.rows {
                assert_eq!(name.after(row.from, row.event).unwrap(), row.to);
            }
            assert!(table.last.iter().all(|last| table.rows.iter().all(|row| row.from != *last)));
        }
        assert_eq!(MachineName::Order.table().last, ["refund", "cancelled"]);
        assert_eq!(MachineName::Order.after("lost", "pay").unwrap_err().code(), "order.unknown_word");
        assert_eq!(MachineName::Order.after("paid", "lose").unwrap_err().code(), "order.unknown_word");
        assert_eq!("".parse::<MachineName>().unwrap_err().code(), "order.unknown_word");
    }

    #[test]
    fn the_error_speaks_both_languages() {
        let error = PlanState::Ended.after(PlanEvent::End).unwrap_err();
        assert_eq!(error.to_string(), "`end` does not lead from `ended` to `ended`: from `ended` there is no way on");
        let error = OrderStatus::Unpaid.after(OrderEvent::StartRefund).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`start_refund` does not lead from `unpaid` to `refunding`: from `unpaid` there is `pay`, `cancel`, `time_out`"
        );
    }
}
