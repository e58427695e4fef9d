use super::words::words;
use crate::{
    error::OrderError,
    money::Money,
    time::{BillingDay, Instant, MICROS_PER_DAY, Period, Zone, counted_end, days_between},
};

/// When something that is paid ahead is warned about, frozen and released.
///
/// # Rule
/// R-O4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryPolicy {
    warn_days: u32,
    freeze_days: u32,
    release_days: u32,
}

/// The days of an [`ExpiryPolicy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryDays {
    /// It is warned about so many days before it expires.
    pub warn_before: u32,
    /// It is frozen so many days after.
    pub freeze_after: u32,
    /// It is released so many days after; not before it is frozen.
    pub release_after: u32,
}

words! {
    /// What something that is paid ahead is at an instant.
    ///
    /// # Rule
    /// R-O4
    ExpiryState, "state of expiry" {
        /// It is paid for, and for longer than the warning.
        Active = "active",
        /// It is paid for, and expires soon.
        Warned = "warned",
        /// It is not paid for any more: it runs on, and may not start.
        Expired = "expired",
        /// It is stopped, and kept.
        Frozen = "frozen",
        /// It is given up.
        Released = "released",
    }
}

/// What expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// Its id.
    pub id: String,
    /// Until when it is paid for.
    pub expiry: Instant,
}

/// How something stands at an instant, and when that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// Its id.
    pub id: String,
    /// What it is.
    pub state: ExpiryState,
    /// The dates from now to its expiry, in a zone; below 0 when it is over.
    pub days_left: i64,
    /// From when it is warned about.
    pub warned: Instant,
    /// From when it is not paid for any more.
    pub expires: Instant,
    /// From when it is frozen.
    pub frozen: Instant,
    /// From when it is released.
    pub released: Instant,
    /// The next of these instants, if one is ahead.
    pub next: Option<Instant>,
}

impl ExpiryPolicy {
    /// A policy of so many days each, of 24 hours.
    ///
    /// # Errors
    /// `order.release_before_freeze`.
    pub const fn new(days: ExpiryDays) -> Result<Self, OrderError> {
        let ExpiryDays { warn_before, freeze_after, release_after } = days;
        if release_after < freeze_after {
            return Err(OrderError::ReleaseBeforeFreeze { freeze_days: freeze_after, release_days: release_after });
        }
        Ok(Self { warn_days: warn_before, freeze_days: freeze_after, release_days: release_after })
    }

    /// How one thing stands at an instant; days are counted in a zone.
    ///
    /// Every state begins at its instant, and of two that begin together the later one holds.
    ///
    /// # Errors
    /// `time.out_of_range`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::order::{Expiring, ExpiryDays, ExpiryPolicy, ExpiryState};
    /// use counterfoil::time::Zone;
    ///
    /// let policy = ExpiryPolicy::new(ExpiryDays { warn_before: 7, freeze_after: 3, release_after: 15 })?;
    /// let machine = Expiring { id: "vm-1".into(), expiry: "2025-06-17T00:00:00Z".parse()? };
    /// let stands = policy.at(&machine, "2025-05-20T00:00:00Z".parse()?, Zone::UTC)?;
    /// assert_eq!((stands.state, stands.days_left), (ExpiryState::Active, 28));
    /// assert_eq!(stands.next, Some("2025-06-10T00:00:00Z".parse()?));
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O4
    pub fn at(&self, thing: &Expiring, now: Instant, zone: Zone) -> Result<Expiry, OrderError> {
        let days = |count: u32| i64::from(count).saturating_mul(MICROS_PER_DAY); // too many, if it saturates
        let expires = thing.expiry;
        let warned = expires.plus_micros(days(self.warn_days).saturating_neg())?;
        let frozen = expires.plus_micros(days(self.freeze_days))?;
        let released = expires.plus_micros(days(self.release_days))?;
        let begins = [
            (ExpiryState::Warned, warned),
            (ExpiryState::Expired, expires),
            (ExpiryState::Frozen, frozen),
            (ExpiryState::Released, released),
        ];
        let state =
            begins.iter().rev().find(|(_, begin)| *begin <= now).map_or(ExpiryState::Active, |(state, _)| *state);
        let next = begins.iter().map(|(_, begin)| *begin).find(|begin| *begin > now);
        let days_left = days_left(now, expires, zone)?;
        Ok(Expiry { id: thing.id.clone(), state, days_left, warned, expires, frozen, released, next })
    }

    /// How many things stand, the first to expire first, then by id.
    ///
    /// # Errors
    /// `order.too_many_orders` beyond [`MOST_DUNNED`](super::MOST_DUNNED); `time.out_of_range`.
    ///
    /// # Rule
    /// R-O4
    pub fn list(&self, things: &[Expiring], now: Instant, zone: Zone) -> Result<Vec<Expiry>, OrderError> {
        if things.len() > super::MOST_DUNNED {
            return Err(OrderError::TooManyOrders { count: things.len(), limit: super::MOST_DUNNED });
        }
        let mut list: Vec<Expiry> = things.iter().map(|thing| self.at(thing, now, zone)).collect::<Result<_, _>>()?;
        list.sort_by(|a, b| (a.expires, &a.id).cmp(&(b.expires, &b.id)));
        Ok(list)
    }
}

/// How something is paid for, as far as it decides whether it may start.
///
/// # Rule
/// R-O4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartGate {
    /// Ahead, until an instant.
    PrePaid {
        /// Until when.
        expiry: Instant,
    },
    /// By the day, from an account.
    PostPaid {
        /// The balance, which may be below zero.
        balance: Money,
        /// What its coupons hold that could pay for it.
        coupons: Money,
    },
}

/// Whether something may start.
///
/// # Rule
/// R-O4
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayStart {
    /// It may.
    Yes,
    /// It is not paid for any more.
    Expired {
        /// Since when.
        since: Instant,
    },
    /// Its account owes more than its coupons hold.
    InDebt {
        /// How much more.
        debt: Money,
    },
}

impl StartGate {
    /// Whether it may start at an instant.
    ///
    /// What is paid ahead may until it expires; what is paid by the day unless the account is below
    /// zero by more than its coupons hold. An account of exactly zero may.
    ///
    /// # Errors
    /// `order.negative_amount` for coupons; `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{CNY, Money}, order::{MayStart, StartGate}};
    ///
    /// let account = |balance| {
    ///     let (balance, coupons) = (Money::parse(balance, CNY)?, Money::parse("10.00", CNY)?);
    ///     StartGate::PostPaid { balance, coupons }.may_start("2025-03-14T00:00:00Z".parse()?)
    /// };
    /// assert_eq!(account("-10.00")?, MayStart::Yes);
    /// assert_eq!(account("-10.01")?, MayStart::InDebt { debt: Money::parse("0.01", CNY)? });
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O4
    pub fn may_start(self, now: Instant) -> Result<MayStart, OrderError> {
        match self {
            Self::PrePaid { expiry } if now < expiry => Ok(MayStart::Yes),
            Self::PrePaid { expiry } => Ok(MayStart::Expired { since: expiry }),
            Self::PostPaid { balance, coupons } => {
                super::status::not_negative("what coupons hold", coupons)?;
                let left = balance.plus(coupons)?;
                Ok(if left.is_negative() { MayStart::InDebt { debt: left.negated() } } else { MayStart::Yes })
            }
        }
    }
}

/// The dates from one instant to another, as a zone's calendar shows them.
///
/// An expiry in the last second of a day is the midnight after (R-T5), and stays that when it is over: it
/// counts down to 0 and on to −1 a day later, as one that is written as that midnight does.
fn days_left(now: Instant, expires: Instant, zone: Zone) -> Result<i64, OrderError> {
    if now < expires {
        return Ok(days_between(Period::new(now, expires)?, zone)?);
    }
    let end = counted_end(Period::new(expires.plus_micros(-1)?, expires)?, zone)?;
    let (end, today) = (BillingDay::of(end, zone)?.date(), BillingDay::of(now, zone)?.date());
    Ok(end.signed_duration_since(today).num_days().min(0)) // over is never ahead, not in that second either
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::CNY;

    fn policy() -> ExpiryPolicy {
        ExpiryPolicy::new(ExpiryDays { warn_before: 7, freeze_after: 3, release_after: 15 }).unwrap()
    }

    fn thing(id: &str, expiry: &str) -> Expiring {
        Expiring { id: id.into(), expiry: expiry.parse().unwrap() }
    }

    fn at(now: &str) -> Expiry {
        policy().at(&thing("vm", "2025-06-17T00:00:00Z"), now.parse().unwrap(), Zone::UTC).unwrap()
    }

    /// R-O4: every state begins at its instant.
    #[test]
    fn states_begin_at_their_instants() {
        for (now, state, days_left, next) in [
            ("2025-05-20T00:00:00Z", ExpiryState::Active, 28, Some("2025-06-10T00:00:00Z")), // reseller-expire-01
            ("2025-06-09T23:59:59.999999Z", ExpiryState::Active, 8, Some("2025-06-10T00:00:00Z")),
            ("2025-06-10T00:00:00Z", ExpiryState::Warned, 7, Some("2025-06-17T00:00:00Z")),
            ("2025-06-16T12:00:00Z", ExpiryState::Warned, 1, Some("2025-06-17T00:00:00Z")),
            ("2025-06-17T00:00:00Z", ExpiryState::Expired, 0, Some("2025-06-20T00:00:00Z")),
            ("2025-06-20T00:00:00Z", ExpiryState::Frozen, -3, Some("2025-07-02T00:00:00Z")),
            ("2025-07-02T00:00:00Z", ExpiryState::Released, -15, None),
        ] {
            let stands = at(now);
            let expected = (state, days_left, next.map(|next| next.parse().unwrap()));
            assert_eq!((stands.state, stands.days_left, stands.next), expected, "{now}");
        }
    }

    /// A day that is written by its last second is over when the next one is: no day is skipped or counted twice.
    #[test]
    fn an_expiry_at_the_last_second_counts_as_midnight() {
        for (now, last_second, midnight) in [
            ("2025-06-15T12:00:00Z", 2, 2),
            ("2025-06-16T12:00:00Z", 1, 1),
            ("2025-06-16T23:59:58Z", 1, 1),
            ("2025-06-16T23:59:59Z", 0, 1), // the one is over, the other not yet
            ("2025-06-16T23:59:59.5Z", 0, 1),
            ("2025-06-17T00:00:00Z", 0, 0),
            ("2025-06-17T23:59:59Z", 0, 0),
            ("2025-06-18T00:00:00Z", -1, -1),
            ("2025-06-20T10:00:00Z", -3, -3),
        ] {
            let left = |expiry| {
                let now = now.parse().unwrap();
                policy().at(&thing("vm", expiry), now, Zone::UTC).unwrap().days_left
            };
            assert_eq!((left("2025-06-16T23:59:59Z"), left("2025-06-17T00:00:00Z")), (last_second, midnight), "{now}");
        }
        // At noon the date is its own, before and after.
        let noon =
            |now: &str| policy().at(&thing("vm", "2025-06-17T12:00:00Z"), now.parse().unwrap(), Zone::UTC).unwrap();
        let left: Vec<_> =
            ["2025-06-16T23:00:00Z", "2025-06-17T11:00:00Z", "2025-06-17T23:59:59Z", "2025-06-18T00:00:00Z"]
                .map(|now| noon(now).days_left)
                .into();
        assert_eq!(left, [1, 0, 0, -1]);
    }

    #[test]
    fn of_states_that_begin_together_the_later_holds() {
        let strict = ExpiryPolicy::new(ExpiryDays { warn_before: 0, freeze_after: 0, release_after: 0 }).unwrap();
        let stands =
            |now: &str| strict.at(&thing("vm", "2025-06-17T00:00:00Z"), now.parse().unwrap(), Zone::UTC).unwrap();
        assert_eq!(stands("2025-06-16T23:59:59Z").state, ExpiryState::Active);
        assert_eq!(stands("2025-06-17T00:00:00Z").state, ExpiryState::Released);
        let days = ExpiryDays { warn_before: 0, freeze_after: 2, release_after: 1 };
        assert_eq!(ExpiryPolicy::new(days).unwrap_err().code(), "order.release_before_freeze");
        let never = ExpiryDays { warn_before: 0, freeze_after: 0, release_after: u32::MAX };
        let error =
            ExpiryPolicy::new(never).unwrap().list(&[thing("vm", "2025-06-17T00:00:00Z")], Instant::MIN, Zone::UTC);
        assert_eq!(error.unwrap_err().code(), "time.out_of_range");
    }

    #[test]
    fn the_list_is_in_a_total_order() {
        let things = [
            thing("b", "2025-06-17T00:00:00Z"),
            thing("c", "2025-06-01T00:00:00Z"),
            thing("a", "2025-06-17T00:00:00Z"),
        ];
        let list = policy().list(&things, "2025-05-20T00:00:00Z".parse().unwrap(), Zone::UTC).unwrap();
        assert_eq!(list.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c", "a", "b"]);
    }

    /// R-O4: debt after coupons, and the instant of expiry itself.
    #[test]
    fn who_may_start() {
        let cny = |text| Money::parse(text, CNY).unwrap();
        let post = |balance, coupons| StartGate::PostPaid { balance: cny(balance), coupons: cny(coupons) };
        let now: Instant = "2025-03-14T00:00:00Z".parse().unwrap();
        assert_eq!(post("0", "0").may_start(now).unwrap(), MayStart::Yes);
        assert_eq!(post("-0.01", "0").may_start(now).unwrap(), MayStart::InDebt { debt: cny("0.01") });
        assert_eq!(post("5", "-1").may_start(now).unwrap_err().code(), "order.negative_amount");
        let pre = StartGate::PrePaid { expiry: now };
        assert_eq!(pre.may_start(now).unwrap(), MayStart::Expired { since: now });
        assert_eq!(pre.may_start(now.plus_micros(-1).unwrap()).unwrap(), MayStart::Yes);
    }
}
