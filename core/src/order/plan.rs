use super::words::words;
use super::{Machine, Transition};
use crate::{
    error::OrderError,
    time::{Cycle, Instant, Period, Zone},
};

words! {
    /// The states of a plan order.
    ///
    /// # Rule
    /// R-O2
    PlanState, "state of a plan order" {
        /// It has not started.
        Pending = "pending",
        /// It runs, cycle after cycle.
        Consuming = "consuming",
        /// Reserved: nothing leads here and nothing leads on.
        Ending = "ending",
        /// It is over.
        Ended = "ended",
    }
}

words! {
    /// What happens to a plan order.
    PlanEvent, "event of a plan order" {
        /// It starts.
        Start = "start",
        /// It ends.
        End = "end",
    }
}

words! {
    /// How long a cycle of a plan is.
    ///
    /// # Rule
    /// R-O2
    CycleLength, "plan cycle" {
        /// A month.
        Monthly = "monthly",
        /// Three months.
        Quarterly = "quarterly",
        /// Twelve months.
        Yearly = "yearly",
    }
}

const TRANSITIONS: &[Transition<PlanState, PlanEvent>] = &[
    Transition { from: PlanState::Pending, event: PlanEvent::Start, to: PlanState::Consuming },
    Transition { from: PlanState::Consuming, event: PlanEvent::End, to: PlanState::Ended },
];

impl PlanState {
    /// The number by which it is stored: 0, 5, 10, 15.
    pub const fn number(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Consuming => 5,
            Self::Ending => 10,
            Self::Ended => 15,
        }
    }

    /// The state that is stored by a number.
    ///
    /// # Errors
    /// `order.unknown_word`.
    pub fn from_number(number: u8) -> Result<Self, OrderError> {
        let known = Self::ALL.iter().copied().find(|state| state.number() == number);
        known.ok_or_else(|| OrderError::UnknownWord {
            what: "state of a plan order",
            text: number.to_string(),
            known: "0, 5, 10, 15",
        })
    }
}

impl Machine for PlanState {
    type Event = PlanEvent;

    fn transitions() -> &'static [Transition<Self, PlanEvent>] {
        TRANSITIONS
    }
}

impl CycleLength {
    /// Its months.
    pub const fn months(self) -> u32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Yearly => 12,
        }
    }
}

/// An order that is consumed in cycles, each paid before it begins.
///
/// Its deadlines are the ends of the cycles that are anchored at its start, so that they never drift
/// (R-T4): the first is a cycle after the start, and a renewal moves it to the next end, whenever it is
/// carried out.
///
/// # Examples
/// ```
/// use counterfoil::order::{CycleLength, PlanOrder, Renewal};
/// use counterfoil::time::Zone;
///
/// let order = PlanOrder::new("2016-01-31T10:00:00Z".parse()?, CycleLength::Monthly, Zone::UTC)?.start()?;
/// assert_eq!(order.deadline()?.to_string(), "2016-02-29T10:00:00Z");
///
/// let Renewal::Renewed(renewed) = order.renew(0)? else { panic!("it was not renewed yet") };
/// assert_eq!(renewed.deadline()?.to_string(), "2016-03-31T10:00:00Z");
/// assert_eq!(renewed.renew(0)?, Renewal::Stale { asked: 0, renewals: 1 }); // the same renewal again
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOrder {
    cycle: CycleLength,
    ends: Cycle,
    renewals: u32,
    state: PlanState,
}

/// What a renewal of a plan order comes to.
///
/// # Rule
/// R-O2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// The order with its next deadline.
    Renewed(PlanOrder),
    /// Nothing: the order was renewed since.
    Stale {
        /// How often it was renewed when this renewal was asked for.
        asked: u32,
        /// How often it is by now.
        renewals: u32,
    },
}

impl PlanOrder {
    /// An order that is to start at an instant, counted in a zone.
    ///
    /// # Errors
    /// None for a cycle of months.
    pub fn new(start: Instant, cycle: CycleLength, zone: Zone) -> Result<Self, OrderError> {
        let ends = Cycle::new(start, cycle.months(), zone)?;
        Ok(Self { cycle, ends, renewals: 0, state: PlanState::Pending })
    }

    /// The same order in a state that was stored, renewed so often.
    #[must_use]
    pub const fn stored(self, state: PlanState, renewals: u32) -> Self {
        Self { state, renewals, ..self }
    }

    /// When it starts.
    pub const fn start_instant(&self) -> Instant {
        self.ends.start()
    }

    /// How long its cycles are.
    pub const fn cycle(&self) -> CycleLength {
        self.cycle
    }

    /// How often it was renewed.
    pub const fn renewals(&self) -> u32 {
        self.renewals
    }

    /// Its state.
    pub const fn state(&self) -> PlanState {
        self.state
    }

    /// Until when it is paid.
    ///
    /// # Errors
    /// `time.not_a_month`, `time.out_of_range` beyond the year 9999.
    ///
    /// # Rule
    /// R-O2, R-T4
    pub fn deadline(&self) -> Result<Instant, OrderError> {
        Ok(self.ends.end(u64::from(self.renewals).saturating_add(1))?)
    }

    /// The cycle that the next renewal pays for: from the deadline to the one after it.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline).
    pub fn next_cycle(&self) -> Result<Period, OrderError> {
        Ok(self.ends.period(u64::from(self.renewals).saturating_add(2))?)
    }

    /// Its deadlines, from the first one on: those before and after each renewal.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline); `order.too_many_deadlines` for more than
    /// [`MOST_DEADLINES`].
    pub fn deadlines(&self, count: u32) -> Result<Vec<Instant>, OrderError> {
        if count > MOST_DEADLINES {
            return Err(OrderError::TooManyDeadlines { count, limit: MOST_DEADLINES });
        }
        (1..=u64::from(count)).map(|number| Ok(self.ends.end(number)?)).collect()
    }

    /// The order, started.
    ///
    /// # Errors
    /// `order.illegal_transition`.
    pub fn start(self) -> Result<Self, OrderError> {
        Ok(Self { state: self.state.after(PlanEvent::Start)?, ..self })
    }

    /// The order, ended.
    ///
    /// What is left of its cycle is not given back by this; [`pricing`](crate::pricing) says what a
    /// refund would be (R-P9).
    ///
    /// # Errors
    /// `order.illegal_transition` unless it is consuming: ending twice is one.
    pub fn end(self) -> Result<Self, OrderError> {
        Ok(Self { state: self.state.after(PlanEvent::End)?, ..self })
    }

    /// The order, renewed from its old deadline, by a renewal that was decided when it had been renewed
    /// `asked` times.
    ///
    /// A renewal for an old count does nothing, whatever the order is by now: this is what makes it safe
    /// to send twice.
    ///
    /// # Errors
    /// In this order, after the answer for an old count: `order.future_renewal` for a count that is
    /// not reached yet; `order.not_consuming`; as [`deadline`](Self::deadline) for the new one.
    ///
    /// # Rule
    /// R-O2
    pub fn renew(self, asked: u32) -> Result<Renewal, OrderError> {
        let renewals = self.renewals;
        if asked < renewals {
            return Ok(Renewal::Stale { asked, renewals });
        }
        if asked > renewals {
            return Err(OrderError::FutureRenewal { asked, renewals });
        }
        if self.state != PlanState::Consuming {
            return Err(OrderError::NotConsuming { state: self.state.name() });
        }
        let next = renewals.checked_add(1).ok_or(OrderError::FutureRenewal { asked, renewals })?;
        let renewed = Self { renewals: next, ..self };
        renewed.deadline()?;
        Ok(Renewal::Renewed(renewed))
    }
}

/// The most deadlines that are listed at once.
pub const MOST_DEADLINES: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn order(start: &str, cycle: CycleLength) -> PlanOrder {
        PlanOrder::new(start.parse().unwrap(), cycle, Zone::UTC).unwrap().start().unwrap()
    }

    /// R-O2: usage-cyc-01, -02, -03, -05, by one renewal after the other.
    #[test]
    fn renewals_walk_the_chain() {
        for (start, deadlines) in [
            ("2016-01-31T10:00:00Z", vec!["2016-02-29", "2016-03-31", "2016-04-30", "2016-05-31"]),
            ("2017-01-31T10:00:00Z", vec!["2017-02-28", "2017-03-31"]),
            ("2016-12-15T23:59:59Z", vec!["2017-01-15", "2017-02-15"]),
            ("2016-08-31T00:00:00Z", vec!["2016-09-30", "2016-10-31", "2016-11-30", "2016-12-31", "2017-01-31"]),
        ] {
            let mut order = order(start, CycleLength::Monthly);
            for (count, date) in (0..).zip(deadlines) {
                assert_eq!(order.deadline().unwrap().to_string(), format!("{date}{}", &start[10..]));
                let Renewal::Renewed(renewed) = order.renew(count).unwrap() else { panic!("{count} is not old") };
                assert_eq!(order.next_cycle().unwrap().end(), renewed.deadline().unwrap());
                order = renewed;
            }
        }
    }

    #[test]
    fn cycles_are_so_many_months() {
        let deadline = |cycle| order("2015-11-30T00:00:00Z", cycle).deadline().unwrap().to_string();
        assert_eq!(deadline(CycleLength::Monthly), "2015-12-30T00:00:00Z");
        assert_eq!(deadline(CycleLength::Quarterly), "2016-02-29T00:00:00Z");
        assert_eq!(deadline(CycleLength::Yearly), "2016-11-30T00:00:00Z");
    }

    /// R-O2: only consuming may end, and once.
    #[test]
    fn only_consuming_may_end() {
        let running = order("2016-01-31T10:00:00Z", CycleLength::Monthly);
        let ended = running.end().unwrap();
        assert_eq!(ended.end().unwrap_err().code(), "order.illegal_transition");
        assert_eq!(running.start().unwrap_err().code(), "order.illegal_transition");
        for state in [PlanState::Pending, PlanState::Ending] {
            assert_eq!(running.stored(state, 0).end().unwrap_err().code(), "order.illegal_transition");
        }
        let numbers: Vec<u8> = PlanState::ALL.iter().map(|state| state.number()).collect();
        assert_eq!(numbers, [0, 5, 10, 15]);
        assert!(PlanState::ALL.iter().all(|state| PlanState::from_number(state.number()).unwrap() == *state));
        assert_eq!(PlanState::from_number(1).unwrap_err().code(), "order.unknown_word");
    }

    /// R-O2: an old count is an answer, before anything else is looked at.
    #[test]
    fn the_count_makes_a_renewal_itself() {
        let running = order("2016-01-31T10:00:00Z", CycleLength::Monthly).stored(PlanState::Consuming, 3);
        assert_eq!(running.renew(2).unwrap(), Renewal::Stale { asked: 2, renewals: 3 });
        assert_eq!(running.end().unwrap().renew(2).unwrap(), Renewal::Stale { asked: 2, renewals: 3 });
        assert_eq!(running.renew(4).unwrap_err().code(), "order.future_renewal");
        assert_eq!(running.end().unwrap().renew(4).unwrap_err().code(), "order.future_renewal");
        assert_eq!(running.end().unwrap().renew(3).unwrap_err().code(), "order.not_consuming");
        assert!(matches!(running.renew(3).unwrap(), Renewal::Renewed(_)));
        let last = running.stored(PlanState::Consuming, u32::MAX);
        assert!(last.renew(u32::MAX).is_err() && last.deadline().is_err());
        assert_eq!(running.deadlines(MOST_DEADLINES + 1).unwrap_err().code(), "order.too_many_deadlines");
    }
}
