//! The laws of orders: chains that never drift, dunning that only goes on, books that are never over-committed
//! (R-O2, R-O3, R-O6).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use chrono::{Datelike, NaiveDate};
use counterfoil::{
    money::{CNY, Money},
    order::{
        AccountFunds, AutoRenew, CountLock, CycleLength, Dates, DeviceLease, Dunning, DunningAction, DunningFacts,
        LeaseBook, PlanOrder, Release, Renewal, Trial,
    },
    time::{Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Zone},
};
use proptest::prelude::*;

/// 2000 to 2050, to the second.
fn instants() -> impl Strategy<Value = Instant> {
    (946_684_800..2_524_608_000_i64).prop_map(|second| Instant::from_micros(second * MICROS_PER_SECOND).unwrap())
}

fn zones() -> impl Strategy<Value = Zone> {
    proptest::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin"])
        .prop_map(|name| name.parse().unwrap())
}

fn lengths() -> impl Strategy<Value = CycleLength> {
    proptest::sample::select(CycleLength::ALL.to_vec())
}

fn renewed(order: PlanOrder) -> PlanOrder {
    match order.renew(order.renewals()).unwrap() {
        Renewal::Renewed(order) => order,
        Renewal::Stale { .. } => panic!("its own count is not old"),
    }
}

fn facts(id: usize, order: PlanOrder, price: u32) -> DunningFacts {
    DunningFacts {
        id: format!("o-{id}"),
        order,
        auto_renew: AutoRenew::On,
        price: Money::new(price.into(), CNY),
        account: "ada".into(),
        last_warned: None,
        retries: 0,
    }
}

fn funds(usable: u32) -> [AccountFunds; 1] {
    [AccountFunds { account: "ada".into(), usable: Money::new(usable.into(), CNY) }]
}

proptest! {
    /// However often it is renewed, a deadline is on the start's day, or on the last one of a shorter month.
    #[test]
    fn a_chain_never_drifts(start in instants(), length in lengths(), zone in zones(), renewals in 0_u32..60) {
        let mut order = PlanOrder::new(start, length, zone).unwrap().start().unwrap();
        for _ in 0..renewals {
            order = renewed(order);
        }
        let (first, last) = (zone.date_of(start), zone.date_of(order.deadline().unwrap()));
        let months = i64::from(last.year() - first.year()) * 12 + i64::from(last.month()) - i64::from(first.month());
        prop_assert_eq!(months, i64::from(length.months()) * (i64::from(renewals) + 1));
        prop_assert_eq!(last.day(), first.day().min(u32::from(last.num_days_in_month())));
    }

    /// When it is renewed does not matter: runs of dunning on any days lead along one chain.
    #[test]
    fn late_and_early_renewals_give_the_same_chain(
        start in instants(), zone in zones(), length in lengths(), gaps in proptest::collection::vec(0_i64..90, 1..30),
    ) {
        let mut order = PlanOrder::new(start, length, zone).unwrap().start().unwrap();
        let chain = order.deadlines(40).unwrap();
        let mut now = start;
        for gap in gaps {
            now = now.plus_micros(gap * MICROS_PER_DAY).unwrap();
            let step = &Dunning::USAGE.steps(&[facts(0, order, 1)], &funds(1), now).unwrap()[0];
            if step.action() == DunningAction::Renew {
                order = renewed(order);
                prop_assert_eq!(step.next_deadline(), Some(order.deadline().unwrap()));
            }
            prop_assert_eq!(order.deadline().unwrap(), chain[usize::try_from(order.renewals()).unwrap()]);
        }
    }

    /// With the same facts, later is never less: wait, then renew or warn, then end.
    #[test]
    fn dunning_only_goes_on(start in instants(), zone in zones(), enough: bool, from in 0_i64..60, more in 0_i64..60) {
        let order = PlanOrder::new(start, CycleLength::Monthly, zone).unwrap().start().unwrap();
        let rank = |days: i64| {
            let now = start.plus_micros(days * MICROS_PER_DAY).unwrap();
            let step = &Dunning::USAGE.steps(&[facts(0, order, 2)], &funds(if enough { 2 } else { 1 }), now).unwrap()[0];
            match step.action() {
                DunningAction::Wait => 0,
                DunningAction::Renew | DunningAction::Warn => 1,
                DunningAction::End => 2,
                DunningAction::Nothing => panic!("it is running"),
            }
        };
        prop_assert!(rank(from) <= rank(from + more));
    }

    /// Until it is to be looked at again, nothing else is to be done than when it was looked at.
    #[test]
    fn nothing_changes_before_it_is_to_be_looked_at_again(
        start in instants(), days in 0_i64..60, hours in 0_i64..30, share in 0_i64..100,
    ) {
        let order = PlanOrder::new(start, CycleLength::Monthly, Zone::UTC).unwrap().start().unwrap();
        let now = start.plus_micros(days * MICROS_PER_DAY).unwrap();
        let last_warned = Some(now.plus_micros(-hours * 3_600 * MICROS_PER_SECOND).unwrap());
        let facts = DunningFacts { last_warned, ..facts(0, order, 2) };
        let at = |now| Dunning::USAGE.steps(std::slice::from_ref(&facts), &funds(1), now).unwrap()[0].clone();
        let first = at(now);
        let Some(again) = first.look_again() else { return Ok(()) };
        prop_assert!(again > now);
        if first.action() == DunningAction::Wait {
            let between = now.plus_micros(again.micros_since(now) / 100 * share).unwrap();
            prop_assert_eq!(at(between).action(), DunningAction::Wait);
            // It may be that it opens then and was warned about too lately to be warned about again.
            let then = at(again);
            prop_assert_ne!((then.action(), then.reason().name()), (first.action(), first.reason().name()));
        }
    }

    /// The answer does not depend on the order of the question, and never spends more than there is.
    #[test]
    fn funds_are_spent_once(prices in proptest::collection::vec(0_u32..50, 1..12), usable in 0_u32..200, turn in 0_usize..12) {
        let start: Instant = "2016-10-01T00:00:00Z".parse().unwrap();
        let now = start.plus_micros(31 * MICROS_PER_DAY).unwrap();
        let order = PlanOrder::new(start, CycleLength::Monthly, Zone::UTC).unwrap().start().unwrap();
        let mut orders: Vec<_> = prices.iter().enumerate().map(|(id, price)| facts(id, order, *price)).collect();
        let steps = Dunning::USAGE.steps(&orders, &funds(usable), now).unwrap();
        let turn = turn % orders.len();
        orders.rotate_left(turn);
        prop_assert_eq!(&steps, &Dunning::USAGE.steps(&orders, &funds(usable), now).unwrap());
        let spent = steps.iter().filter(|step| step.action() == DunningAction::Renew).map(|step| step.price());
        let spent = Money::sum(spent, CNY).unwrap();
        prop_assert!(spent.compare(Money::new(usable.into(), CNY)).unwrap().is_le());
    }

    /// The book and its prepared form answer as a slow model does, day by day and device by device.
    #[test]
    fn the_book_is_the_slow_model(steps in proptest::collection::vec(any_step(), 0..40), from in 0_u32..30, days in 1_u32..12) {
        let mut book = LeaseBook::new((0..5).map(|device| format!("d-{device}"))).unwrap();
        for (number, step) in steps.into_iter().enumerate() {
            let next = step.on(book.clone(), number);
            book = next.unwrap_or(book);
            never_over_committed(&book)?;
        }
        let asked = dates(from, from + days);
        prop_assert_eq!(book.free(asked), slow_free(&book, asked));
        prop_assert_eq!(book.vacancy().free(asked), slow_free(&book, asked));
        // What is free can be locked, and not one more.
        let free = book.free(asked);
        let lock = |count| CountLock { id: "new".into(), order: "new".into(), count, dates: asked };
        prop_assert!(free == 0 || book.clone().lock(lock(free)).is_ok());
        prop_assert_eq!(book.lock(lock(free + 1)).unwrap_err().code(), "order.not_enough_devices");
    }
}

/// Something that is done to a book.
#[derive(Debug, Clone)]
enum Step {
    Lease { device: u32, from: u32, days: u32 },
    Lock { count: u32, from: u32, days: u32 },
    Release { number: usize, on: u32 },
    Extend { number: usize, until: u32 },
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_u32..5, 0_u32..30, 1_u32..10).prop_map(|(device, from, days)| Step::Lease { device, from, days }),
        2 => (1_u32..4, 0_u32..30, 1_u32..10).prop_map(|(count, from, days)| Step::Lock { count, from, days }),
        1 => (0_usize..40, 0_u32..40).prop_map(|(number, on)| Step::Release { number, on }),
        1 => (0_usize..40, 0_u32..40).prop_map(|(number, until)| Step::Extend { number, until }),
    ]
}

impl Step {
    fn on(self, book: LeaseBook, number: usize) -> Option<LeaseBook> {
        let id = format!("l-{number}");
        match self {
            Self::Lease { device, from, days } => {
                let (order, device) = (id.clone(), format!("d-{device}"));
                book.lease(DeviceLease { id, order, device, dates: dates(from, from + days), trial: Trial::NONE }).ok()
            }
            Self::Lock { count, from, days } => {
                book.lock(CountLock { order: id.clone(), id, count, dates: dates(from, from + days) }).ok()
            }
            Self::Release { number, on } => {
                book.release(Release::Id(&format!("l-{number}")), day(on)).ok().map(|(book, _)| book)
            }
            Self::Extend { number, until } => book.extend(&format!("l-{number}"), day(until)).ok(),
        }
    }
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 1).unwrap() + chrono::Days::new(number.into())
}

fn dates(from: u32, until: u32) -> Dates {
    Dates::new(day(from), day(until)).unwrap()
}

fn days_of(dates: Dates) -> impl Iterator<Item = NaiveDate> {
    dates.from().iter_days().take_while(move |date| *date < dates.until())
}

/// On every date all is counted, and on every device all is looked at.
fn slow_free(book: &LeaseBook, asked: Dates) -> u32 {
    let taken = |date| {
        let leased = book.leases().filter(|lease| lease.dates.contains(date)).count();
        leased + book.locks().filter(|lock| lock.dates.contains(date)).map(|lock| lock.count as usize).sum::<usize>()
    };
    let unclaimed = days_of(asked).map(|date| 5_usize.saturating_sub(taken(date))).min().unwrap();
    let engaged = |device: usize| {
        let of_it = |lease: &&DeviceLease| lease.device == format!("d-{device}");
        days_of(asked).any(|date| book.leases().filter(of_it).any(|lease| lease.dates.contains(date)))
    };
    let whole = (0..5).filter(|device| !engaged(*device)).count();
    u32::try_from(unclaimed.min(whole)).unwrap()
}

fn never_over_committed(book: &LeaseBook) -> Result<(), TestCaseError> {
    for number in 0..50 {
        let on = book.on(day(number));
        prop_assert!(on.leased + on.locked <= on.total, "{on:?}");
    }
    // What was stored can be stored again.
    let devices = (0..5).map(|device| format!("d-{device}"));
    let again = LeaseBook::stored(devices, book.leases().cloned(), book.locks().cloned());
    prop_assert_eq!(again.as_ref(), Ok(book));
    Ok(())
}
