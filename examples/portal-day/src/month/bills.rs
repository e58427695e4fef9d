//! What each day of a month comes to, by what was known when: lives as they were said to be, and as they
//! really were from the instant on at which that was known. Pure.

use crate::{
    bill::{Billed, DayBill, Tariffs, bill},
    events::Timeline,
    portfolio::{Portfolio, Terms},
    problem::Problem,
};
use counterfoil::{
    time::{BillingDay, Instant, Period},
    units::Name,
    wallet::Owner,
};

/// The bills of a month.
#[derive(Debug)]
pub(crate) struct MonthBills {
    /// By lives as they were said to be.
    said: Vec<DayBill>,
    /// Resources whose lives were otherwise, by the instant at which that was known.
    late: Vec<LateBill>,
}

/// What a resource really comes to.
#[derive(Debug)]
pub(crate) struct LateBill {
    /// Since when it is known.
    pub(crate) known: Instant,
    /// Whose resource.
    pub(crate) owner: Owner,
    /// Its id.
    pub(crate) id: Name,
    /// Its reading of each day; none for one on which it did not live.
    pub(crate) days: Vec<Option<Billed>>,
}

impl MonthBills {
    /// Meters and rates every day of every sound owner, twice where a life was otherwise.
    pub(crate) fn of(
        portfolio: &mut Portfolio,
        timeline: &Timeline,
        terms: &Terms,
        days: &[BillingDay],
        done: impl Fn(),
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let (said, mut problems) = bill(portfolio, terms, days, done)?;
        let tariffs = days.iter().map(|day| Tariffs::of(portfolio, *day)).collect::<Result<Vec<_>, _>>()?;
        let mut late = Vec::new();
        for known in &timeline.late {
            let days = days.iter().zip(&tariffs);
            let days = days.map(|(day, tariffs)| tariffs.bill(&known.owner, &known.id, &known.resource, *day, terms));
            match days.collect::<Result<Vec<_>, _>>() {
                Ok(days) => {
                    let (owner, id) = (known.owner.clone(), known.id.clone());
                    late.push(LateBill { known: known.known, owner, id, days });
                }
                Err(problem) => problems.push(problem.of(Some(&known.owner))),
            }
        }
        portfolio.left_out.extend(problems.iter().filter_map(|problem| problem.owner.clone()));
        Ok((Self { said, late }, problems))
    }

    /// The days.
    pub(crate) fn days(&self) -> impl Iterator<Item = BillingDay> {
        self.said.iter().map(|bill| bill.day)
    }

    /// How many readings the days have.
    pub(crate) fn readings(&self) -> usize {
        self.said.iter().flat_map(|bill| bill.owners.values()).map(Vec::len).sum()
    }

    /// The readings of a day of some owners, by what is known at an instant.
    pub(crate) fn known(&self, day: usize, until: Instant, of: impl Fn(&Owner) -> bool) -> Option<DayBill> {
        let said = self.said.get(day)?;
        let owners = said.owners.iter().filter(|(owner, _)| of(owner)).map(|(owner, said)| {
            let late: Vec<&LateBill> =
                self.late.iter().filter(|late| late.owner == *owner && late.known <= until).collect();
            let otherwise = |billed: &&Billed| !late.iter().any(|late| late.id == *billed.reading.resource());
            let really = late.iter().filter_map(|late| late.days.get(day)?.as_ref());
            let mut readings: Vec<Billed> = said.iter().filter(otherwise).chain(really).cloned().collect();
            readings.sort_by(|a, b| a.reading.resource().cmp(b.reading.resource()));
            (owner.clone(), readings)
        });
        Some(DayBill { day: said.day, owners: owners.collect() })
    }

    /// What comes to be known within a period, with the days before a day that it changes.
    pub(crate) fn late_within(&self, period: Period, before: usize) -> impl Iterator<Item = (&LateBill, Vec<usize>)> {
        self.late.iter().filter(move |late| period.contains(late.known)).map(move |late| {
            let changes = |day: &usize| {
                let said = self.said.get(*day).and_then(|bill| bill.owners.get(&late.owner)).into_iter().flatten();
                let said = said.into_iter().find(|billed| *billed.reading.resource() == late.id);
                said != late.days.get(*day).and_then(Option::as_ref)
            };
            (late, (0..before).filter(changes).collect())
        })
    }
}
