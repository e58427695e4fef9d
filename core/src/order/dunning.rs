use super::status::not_negative;
use super::words::words;
use super::{PlanOrder, PlanState};
use crate::{
    error::{Language, OrderError},
    money::Money,
    time::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR},
};
use std::{collections::BTreeMap, collections::BTreeSet, fmt};

/// How a plan order is renewed, warned about, and ended.
///
/// # Rule
/// R-O3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dunning {
    /// Renewal opens when the deadline is nearer than so many days.
    pub opens_days: u32,
    /// An order that was not renewed ends so many days after its deadline.
    pub grace_days: u32,
    /// A warning comes at most once in so many hours.
    pub warn_every_hours: u32,
    /// After so many renewals that were tried and failed none is tried any more.
    pub most_retries: u32,
}

impl Dunning {
    /// 7 days before, 7 days after, a warning in 24 hours, 100 retries.
    pub const USAGE: Self = Self { opens_days: 7, grace_days: 7, warn_every_hours: 24, most_retries: 100 };
}

/// Whether an order is renewed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AutoRenew {
    /// When renewal opens and funds are there.
    On,
    /// Only by hand.
    Off,
}

/// What there is to know about an order that may have to be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DunningFacts {
    /// Its id.
    pub id: String,
    /// The order: its start, its cycle, its state, how often it was renewed.
    pub order: PlanOrder,
    /// Whether it is renewed by itself.
    pub auto_renew: AutoRenew,
    /// What its next cycle costs.
    pub price: Money,
    /// Whose funds pay it.
    pub account: String,
    /// When it was last warned about.
    pub last_warned: Option<Instant>,
    /// How many renewals for this deadline were tried and failed, as when a payment was refused.
    pub retries: u32,
}

/// What an account can pay with: R-W11, as [`wallet`](crate::wallet) computes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFunds {
    /// The account.
    pub account: String,
    /// Its usable funds, in one currency.
    pub usable: Money,
}

words! {
    /// What is to be done about an order.
    ///
    /// # Rule
    /// R-O3
    DunningAction, "dunning action" {
        /// Nothing, now or later: it is not running.
        Nothing = "nothing",
        /// Nothing now; look again.
        Wait = "wait",
        /// Take the price and renew it.
        Renew = "renew",
        /// Tell its owner.
        Warn = "warn",
        /// End it.
        End = "end",
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DunningReason {
    /// It has not started.
    NotStarted,
    /// It is ending or over.
    Over,
    /// Its renewal is not open yet.
    NotOpen,
    /// Its account has the price.
    Funded {
        /// What the account has left when those before it are paid.
        usable: Money,
    },
    /// Its account has not the price.
    FundsShort {
        /// What the account has left when those before it are paid.
        usable: Money,
        /// What is missing.
        missing: Money,
    },
    /// It is not renewed by itself.
    AutoRenewOff,
    /// Renewals were tried and failed too often.
    RetriesUsedUp {
        /// How often.
        retries: u32,
    },
}

impl DunningReason {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Over => "over",
            Self::NotOpen => "not_open",
            Self::Funded { .. } => "funded",
            Self::FundsShort { .. } => "funds_short",
            Self::AutoRenewOff => "auto_renew_off",
            Self::RetriesUsedUp { .. } => "retries_used_up",
        }
    }
}

/// What is to be done about one order, why, and when to look again.
///
/// `Display` says it in English, [`text`](Self::text) in either language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DunningStep {
    id: String,
    action: DunningAction,
    reason: DunningReason,
    price: Money,
    renewals: u32,
    instants: Instants,
    last_warned: Option<Instant>,
    look_again: Option<Instant>,
}

/// The instants that decide about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instants {
    opens: Instant,
    deadline: Instant,
    ends: Instant,
    next_deadline: Option<Instant>,
}

/// The most orders that are looked at in one call.
pub const MOST_DUNNED: usize = 100_000;

impl Dunning {
    /// What is to be done about these orders at an instant, by deadline and then by id.
    ///
    /// | an order that is consuming | |
    /// |---|---|
    /// | deadline − now ≥ the days in which renewal opens | wait |
    /// | else: funds are there | renew, also when the grace is over: an owner who can pay loses nothing to a run that came late |
    /// | else: now ≥ deadline + grace | end |
    /// | else: warned less than the hours ago | wait |
    /// | else | warn |
    ///
    /// What is not renewed by itself, or was tried too often, is treated as what is short of funds. One
    /// that is not consuming asks for nothing.
    ///
    /// Orders of one account share its funds: in the order of the answer, each that is renewed leaves
    /// less for those after it, and one that is too dear leaves all to them.
    ///
    /// # Errors
    /// In this order: `order.too_many_orders`; `order.repeated_account`; then for each order in the
    /// order of the list `order.repeated_order`, `order.no_such_account`, `order.negative_amount` for
    /// its price; `time.out_of_range`, `time.not_a_month` where one of its instants is in no calendar;
    /// then `money.currency_mismatch` and `money.overflow` in the order of the answer.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{CNY, Money};
    /// use counterfoil::order::{
    ///     AccountFunds, AutoRenew, Dunning, DunningAction, DunningFacts, CycleLength, PlanOrder,
    /// };
    /// use counterfoil::time::Zone;
    ///
    /// let order = PlanOrder::new("2016-10-01T00:00:00Z".parse()?, CycleLength::Monthly, Zone::UTC)?.start()?;
    /// let facts = DunningFacts {
    ///     id: "o-1".into(),
    ///     order,
    ///     auto_renew: AutoRenew::On,
    ///     price: Money::parse("100.00", CNY)?,
    ///     account: "ada".into(),
    ///     last_warned: None,
    ///     retries: 0,
    /// };
    /// let funds = [AccountFunds { account: "ada".into(), usable: Money::parse("99.99", CNY)? }];
    /// let step = |now: &str| {
    ///     let steps = Dunning::USAGE.steps(std::slice::from_ref(&facts), &funds, now.parse()?)?;
    ///     Ok::<_, counterfoil::error::OrderError>(steps[0].clone())
    /// };
    /// // The deadline is 1 November.
    /// assert_eq!(step("2016-10-24T23:59:59Z")?.action(), DunningAction::Wait);
    /// assert_eq!(
    ///     step("2016-11-07T23:59:59Z")?.to_string(),
    ///     "warn: `99.99` is `0.01` short of the price `100.00`; it ends at 2016-11-08T00:00:00Z unless it is renewed"
    /// );
    /// assert_eq!(step("2016-11-08T00:00:00Z")?.action(), DunningAction::End);
    /// # Ok::<(), counterfoil::error::OrderError>(())
    /// ```
    ///
    /// # Rule
    /// R-O3
    pub fn steps(
        &self,
        orders: &[DunningFacts],
        funds: &[AccountFunds],
        now: Instant,
    ) -> Result<Vec<DunningStep>, OrderError> {
        if orders.len() > MOST_DUNNED {
            return Err(OrderError::TooManyOrders { count: orders.len(), limit: MOST_DUNNED });
        }
        let mut left = BTreeMap::new();
        for AccountFunds { account, usable } in funds {
            if left.insert(account.as_str(), *usable).is_some() {
                return Err(OrderError::RepeatedAccount { account: account.clone() });
            }
        }
        let mut known = BTreeSet::new();
        let mut queue = Vec::with_capacity(orders.len());
        for facts in orders {
            if !known.insert(facts.id.as_str()) {
                return Err(OrderError::RepeatedOrder { order: facts.id.clone() });
            }
            if !left.contains_key(facts.account.as_str()) {
                let (order, account) = (facts.id.clone(), facts.account.clone());
                return Err(OrderError::NoSuchAccount { order, account });
            }
            not_negative("the price", facts.price)?;
            queue.push((self.instants(&facts.order)?, facts));
        }
        queue.sort_by(|(one, a), (other, b)| (one.deadline, &a.id).cmp(&(other.deadline, &b.id)));
        queue
            .into_iter()
            .map(|(instants, facts)| {
                let usable = left.get_mut(facts.account.as_str()).ok_or_else(|| OrderError::NoSuchAccount {
                    order: facts.id.clone(),
                    account: facts.account.clone(),
                })?;
                self.step(facts, instants, usable, now)
            })
            .collect()
    }

    fn instants(&self, order: &PlanOrder) -> Result<Instants, OrderError> {
        let deadline = order.deadline()?;
        let days = |count: u32| i64::from(count).saturating_mul(MICROS_PER_DAY); // too many, if it saturates
        Ok(Instants {
            opens: deadline.plus_micros(days(self.opens_days).saturating_neg())?,
            deadline,
            ends: deadline.plus_micros(days(self.grace_days))?,
            next_deadline: order.next_cycle().ok().map(|cycle| cycle.end()),
        })
    }

    fn step(
        &self,
        facts: &DunningFacts,
        instants: Instants,
        usable: &mut Money,
        now: Instant,
    ) -> Result<DunningStep, OrderError> {
        let step = |action, reason, look_again| DunningStep {
            id: facts.id.clone(),
            action,
            reason,
            price: facts.price,
            renewals: facts.order.renewals(),
            instants,
            last_warned: facts.last_warned,
            look_again,
        };
        match facts.order.state() {
            PlanState::Pending => return Ok(step(DunningAction::Nothing, DunningReason::NotStarted, None)),
            PlanState::Ending | PlanState::Ended => {
                return Ok(step(DunningAction::Nothing, DunningReason::Over, None));
            }
            PlanState::Consuming => {}
        }
        if now <= instants.opens {
            return Ok(step(DunningAction::Wait, DunningReason::NotOpen, just_after(instants.opens)));
        }
        let reason = self.reason(facts, *usable)?;
        if let DunningReason::Funded { .. } = reason {
            *usable = usable.minus(facts.price)?;
            // Behind by more than a cycle it may be renewed again at once.
            let opens_next = instants.next_deadline.and_then(|next| {
                let days = i64::from(self.opens_days).saturating_mul(MICROS_PER_DAY);
                just_after(next.plus_micros(days.saturating_neg()).ok()?)
            });
            return Ok(step(DunningAction::Renew, reason, opens_next.map(|opens| opens.max(now))));
        }
        if now >= instants.ends {
            return Ok(step(DunningAction::End, reason, None));
        }
        let hours = i64::from(self.warn_every_hours).saturating_mul(MICROS_PER_HOUR); // 2^32 hours fit
        let warn_again = |after: Instant| after.plus_micros(hours).unwrap_or(Instant::MAX).min(instants.ends);
        Ok(match facts.last_warned.map(warn_again) {
            Some(again) if now < again => step(DunningAction::Wait, reason, Some(again)),
            _ => step(DunningAction::Warn, reason, Some(warn_again(now))),
        })
    }

    fn reason(&self, facts: &DunningFacts, usable: Money) -> Result<DunningReason, OrderError> {
        if facts.auto_renew == AutoRenew::Off {
            return Ok(DunningReason::AutoRenewOff);
        }
        if facts.retries >= self.most_retries {
            return Ok(DunningReason::RetriesUsedUp { retries: facts.retries });
        }
        // What costs nothing needs no funds, as in R-W7.
        if usable.compare(facts.price)?.is_ge() || facts.price.is_zero() {
            return Ok(DunningReason::Funded { usable });
        }
        Ok(DunningReason::FundsShort { usable, missing: facts.price.minus(usable)? })
    }
}

impl DunningStep {
    /// The order.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is to be done.
    pub const fn action(&self) -> DunningAction {
        self.action
    }

    /// Why.
    pub const fn reason(&self) -> DunningReason {
        self.reason
    }

    /// How often it was renewed: what [`PlanOrder::renew`] is to be asked with.
    pub const fn renewals(&self) -> u32 {
        self.renewals
    }

    /// The price of its next cycle.
    pub const fn price(&self) -> Money {
        self.price
    }

    /// Its renewal is open after this instant.
    pub const fn opens(&self) -> Instant {
        self.instants.opens
    }

    /// Until when it is paid.
    pub const fn deadline(&self) -> Instant {
        self.instants.deadline
    }

    /// From this instant on it is ended if it was not renewed.
    pub const fn ends(&self) -> Instant {
        self.instants.ends
    }

    /// The deadline that a renewal would move it to, if there is such an instant.
    pub const fn next_deadline(&self) -> Option<Instant> {
        self.instants.next_deadline
    }

    /// The first instant at which something else may be to be done though no fact has changed; none where
    /// nothing will be.
    pub const fn look_again(&self) -> Option<Instant> {
        self.look_again
    }

    /// All of it in a sentence.
    pub fn text(&self, language: Language) -> String {
        let english = language != Language::Chinese;
        let Instants { opens, deadline, ends, next_deadline } = self.instants;
        let why = self.why(english);
        match (self.action, english) {
            (DunningAction::Nothing, true) => format!("nothing: {why}"),
            (DunningAction::Nothing, false) => format!("无需处理：{why}"),
            (DunningAction::Wait, _) if self.reason == DunningReason::NotOpen => {
                if english {
                    format!("wait: renewal opens after {opens}, before the deadline {deadline}")
                } else {
                    format!("等待：{opens} 之后方可续费，到期时刻 {deadline}")
                }
            }
            (DunningAction::Wait, _) => {
                let warned = self.last_warned.map(|at| at.to_string()).unwrap_or_default();
                let again = self.look_again.map(|at| at.to_string()).unwrap_or_default();
                if english {
                    format!("wait: {why}; it was warned about at {warned}, look again at {again}")
                } else {
                    format!("等待：{why}；已于 {warned} 提醒，{again} 再看")
                }
            }
            (DunningAction::Renew, _) => {
                let next = next_deadline.map(|at| at.to_string()).unwrap_or_default();
                if english {
                    format!("renew: {why}; the deadline moves from {deadline} to {next}")
                } else {
                    format!("续费：{why}；到期时刻由 {deadline} 延至 {next}")
                }
            }
            (DunningAction::Warn, true) => format!("warn: {why}; it ends at {ends} unless it is renewed"),
            (DunningAction::Warn, false) => format!("提醒：{why}；若不续费，将于 {ends} 终止"),
            (DunningAction::End, true) => {
                format!("end: {why}, and the grace after the deadline {deadline} was over at {ends}")
            }
            (DunningAction::End, false) => format!("终止：{why}，且到期时刻 {deadline} 之后的宽限期已于 {ends} 结束"),
        }
    }

    fn why(&self, english: bool) -> String {
        let price = self.price;
        match (self.reason, english) {
            (DunningReason::NotStarted, true) => "it has not started".to_owned(),
            (DunningReason::NotStarted, false) => "尚未开始".to_owned(),
            (DunningReason::Over, true) => "it is over".to_owned(),
            (DunningReason::Over, false) => "已终止".to_owned(),
            (DunningReason::NotOpen, true) => "renewal is not open".to_owned(),
            (DunningReason::NotOpen, false) => "续费尚未开放".to_owned(),
            (DunningReason::Funded { usable }, true) => format!("`{usable}` covers the price `{price}`"),
            (DunningReason::Funded { usable }, false) => format!("可用资金 `{usable}` 足够支付 `{price}`"),
            (DunningReason::FundsShort { usable, missing }, true) => {
                format!("`{usable}` is `{missing}` short of the price `{price}`")
            }
            (DunningReason::FundsShort { usable, missing }, false) => {
                format!("可用资金 `{usable}` 不足以支付 `{price}`，还差 `{missing}`")
            }
            (DunningReason::AutoRenewOff, true) => "it is not renewed by itself".to_owned(),
            (DunningReason::AutoRenewOff, false) => "未开启自动续费".to_owned(),
            (DunningReason::RetriesUsedUp { retries }, true) => format!("its renewal failed {retries} times"),
            (DunningReason::RetriesUsedUp { retries }, false) => format!("续费已失败 {retries} 次"),
        }
    }
}

impl fmt::Display for DunningStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

/// The first instant after one, if there is one.
fn just_after(instant: Instant) -> Option<Instant> {
    instant.plus_micros(1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{money::CNY, order::CycleLength, time::Zone};
    use DunningAction::{End, Nothing, Renew, Wait, Warn};

    fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    fn at(text: &str) -> Instant {
        format!("{text}Z").parse().unwrap()
    }

    /// Ada's order with the deadline 1 November 2016.
    fn facts(id: &str) -> DunningFacts {
        let order = PlanOrder::new(at("2016-10-01T00:00:00"), CycleLength::Monthly, Zone::UTC).unwrap();
        DunningFacts {
            id: id.into(),
            order: order.start().unwrap(),
            auto_renew: AutoRenew::On,
            price: cny("100"),
            account: "ada".into(),
            last_warned: None,
            retries: 0,
        }
    }

    fn funds(usable: &str) -> [AccountFunds; 1] {
        [AccountFunds { account: "ada".into(), usable: cny(usable) }]
    }

    fn step(facts: &DunningFacts, usable: &str, now: &str) -> DunningStep {
        let steps = Dunning::USAGE.steps(std::slice::from_ref(facts), &funds(usable), at(now)).unwrap();
        <[_; 1]>::try_from(steps).unwrap()[0].clone()
    }

    /// R-O3; usage-dun-01 and -03, and the instants on either side of each bound.
    #[test]
    fn bounds_are_where_the_rule_has_them() {
        for (now, short, enough) in [
            ("2016-10-24T23:59:59", Wait, Wait), // usage-dun-01
            ("2016-10-25T00:00:00", Wait, Wait), // the deadline is not before now + 7 days: it is it
            ("2016-10-25T00:00:00.000001", Warn, Renew),
            ("2016-11-01T00:00:00", Warn, Renew),
            ("2016-11-07T23:59:59", Warn, Renew), // usage-dun-03
            ("2016-11-07T23:59:59.999999", Warn, Renew),
            ("2016-11-08T00:00:00", End, Renew),
            ("2017-11-08T00:00:00", End, Renew),
        ] {
            assert_eq!(step(&facts("o"), "99.99", now).action(), short, "{now}");
            assert_eq!(step(&facts("o"), "100", now).action(), enough, "{now}");
        }
    }

    /// R-O3: at most one warning in 24 hours.
    #[test]
    fn warnings_keep_their_distance() {
        let warned = |at_: &str| DunningFacts { last_warned: Some(at(at_)), ..facts("o") };
        let first = step(&warned("2016-10-30T08:00:00"), "0", "2016-10-31T07:59:59.999999");
        assert_eq!((first.action(), first.look_again()), (Wait, Some(at("2016-10-31T08:00:00"))));
        let second = step(&warned("2016-10-30T08:00:00"), "0", "2016-10-31T08:00:00");
        assert_eq!((second.action(), second.look_again()), (Warn, Some(at("2016-11-01T08:00:00"))));
        // A warning that is less than a day old does not put off the end.
        let last = warned("2016-11-07T12:00:00");
        assert_eq!(step(&last, "0", "2016-11-07T13:00:00").look_again(), Some(at("2016-11-08T00:00:00")));
        assert_eq!(step(&last, "0", "2016-11-08T00:00:00").action(), End);
        // One from the future is no reason to warn.
        assert_eq!(step(&warned("2016-11-05T00:00:00"), "0", "2016-11-01T00:00:00").action(), Wait);
    }

    #[test]
    fn retries_and_auto_renewal_stop_it_from_renewing() {
        let retried = |retries| DunningFacts { retries, ..facts("o") };
        assert_eq!(step(&retried(99), "100", "2016-11-01T00:00:00").action(), Renew);
        assert_eq!(step(&retried(100), "100", "2016-11-01T00:00:00").reason().name(), "retries_used_up");
        assert_eq!(step(&retried(100), "100", "2016-11-01T00:00:00").action(), Warn);
        let by_hand = DunningFacts { auto_renew: AutoRenew::Off, ..facts("o") };
        assert_eq!(step(&by_hand, "100", "2016-11-01T00:00:00").reason(), DunningReason::AutoRenewOff);
        assert_eq!(step(&by_hand, "100", "2016-11-08T00:00:00").action(), End);
        let free = DunningFacts { price: cny("0.00"), ..facts("o") };
        assert_eq!(step(&free, "-5", "2016-11-01T00:00:00").action(), Renew);
    }

    /// Two orders that each could be paid, but not both.
    #[test]
    fn orders_of_one_account_share_its_funds() {
        let dear = DunningFacts { price: cny("1000"), ..facts("c") };
        let ended = DunningFacts { order: facts("x").order.end().unwrap(), ..facts("0") };
        let orders = [facts("d"), facts("b"), dear, facts("a"), ended];
        let steps = Dunning::USAGE.steps(&orders, &funds("250"), at("2016-11-01T00:00:00")).unwrap();
        let shown: Vec<_> = steps.iter().map(|step| (step.id(), step.action())).collect();
        assert_eq!(shown, [("0", Nothing), ("a", Renew), ("b", Renew), ("c", Warn), ("d", Warn)]);
        assert_eq!(steps[3].reason(), DunningReason::FundsShort { usable: cny("50"), missing: cny("950") });
        assert_eq!(steps[4].reason(), DunningReason::FundsShort { usable: cny("50"), missing: cny("50") });
    }

    /// Looking again earlier finds the same; then something may be different.
    #[test]
    fn nothing_changes_before_it_is_to_be_looked_at_again() {
        let waiting = step(&facts("o"), "0", "2016-10-02T00:00:00");
        let again = waiting.look_again().unwrap();
        assert_eq!(again, at("2016-10-25T00:00:00.000001"));
        let renewed = step(&facts("o"), "100", "2016-11-01T00:00:00");
        assert_eq!(renewed.look_again(), Some(at("2016-11-24T00:00:00.000001")));
        assert_eq!(step(&facts("o"), "100", "2017-03-01T00:00:00").look_again(), Some(at("2017-03-01T00:00:00")));
    }

    /// The order of the faults.
    #[test]
    fn faults_come_in_their_order() {
        let code = |orders: &[DunningFacts], funds: &[AccountFunds]| {
            Dunning::USAGE.steps(orders, funds, at("2016-11-01T00:00:00")).unwrap_err().code()
        };
        let usd = |text| Money::parse(text, "USD".parse().unwrap()).unwrap();
        let twice = [funds("1"), funds("2")].concat();
        assert_eq!(code(&[facts("a"), facts("a")], &twice), "order.repeated_account");
        let nobody = DunningFacts { account: "bob".into(), price: usd("-1"), ..facts("a") };
        assert_eq!(code(&[facts("a"), nobody.clone()], &funds("1")), "order.repeated_order");
        assert_eq!(code(&[nobody], &funds("1")), "order.no_such_account");
        assert_eq!(code(&[DunningFacts { price: usd("-1"), ..facts("a") }], &funds("1")), "order.negative_amount");
        assert_eq!(code(&[DunningFacts { price: usd("1"), ..facts("a") }], &funds("1")), "money.currency_mismatch");
        let many = vec![facts("a"); MOST_DUNNED + 1];
        assert_eq!(code(&many, &funds("1")), "order.too_many_orders");
        let forever = Dunning { grace_days: u32::MAX, ..Dunning::USAGE };
        let error = forever.steps(&[facts("a")], &funds("1"), at("2016-11-01T00:00:00")).unwrap_err();
        assert_eq!(error.code(), "time.out_of_range");
    }

    #[test]
    fn every_step_speaks_both_languages() {
        let by_hand = DunningFacts { auto_renew: AutoRenew::Off, ..facts("o") };
        let text = |facts: &DunningFacts, usable, now| {
            let step = step(facts, usable, now);
            (step.text(Language::English), step.text(Language::Chinese))
        };
        assert_eq!(
            text(&facts("o"), "0", "2016-10-02T00:00:00"),
            (
                "wait: renewal opens after 2016-10-25T00:00:00Z, before the deadline 2016-11-01T00:00:00Z".to_owned(),
                "等待：2016-10-25T00:00:00Z 之后方可续费，到期时刻 2016-11-01T00:00:00Z".to_owned()
            )
        );
        assert_eq!(
            text(&facts("o"), "100", "2016-11-01T00:00:00").0,
            "renew: `100` covers the price `100`; the deadline moves from 2016-11-01T00:00:00Z to 2016-12-01T00:00:00Z"
        );
        assert_eq!(
            text(&by_hand, "0", "2016-11-09T00:00:00").0,
            "end: it is not renewed by itself, and the grace after the deadline 2016-11-01T00:00:00Z was over at 2016-11-08T00:00:00Z"
        );
    }
}
