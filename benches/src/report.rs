//! Thirty days of servers, as rows of a month report.

use counterfoil::{
    error::Error,
    metering::{Kind, Spec, Usage},
    money::{CNY, Money},
    statement::{Month, MonthlyReport, Report, ReportRow, ReportTerms},
    time::{BillingDay, Zone, parse_date},
    units::Name,
    wallet::Owner,
};
use std::hint::black_box;

/// Every day of a month of so many servers of so many owners.
pub struct ReportDays {
    terms: ReportTerms,
    windows: Vec<Usage>,
    owners: Vec<Owner>,
    servers: Vec<(usize, Name)>,
    unit: Name,
    price: Money,
}

impl ReportDays {
    /// Servers are shared out among the owners, neighbours to the same.
    ///
    /// # Errors
    /// None: the text is fixed.
    pub fn new(servers: usize, owners: usize) -> Result<Self, Error> {
        let spec = Spec::server("2", "4", "50", true)?;
        let server = |number: usize| Ok((number * owners / servers, format!("server-{number:05}").parse()?));
        Ok(Self {
            terms: ReportTerms { days: "2024-06".parse::<Month>()?.days(Zone::UTC)?, currency: CNY, top: 10 },
            windows: BillingDay::days(parse_date("2024-06-01")?..=parse_date("2024-06-30")?, Zone::UTC)?
                .map(|day| Usage::timed(day.period(), &spec))
                .collect::<Result<_, _>>()?,
            owners: (0..owners).map(|number| Owner::User(format!("owner-{number:04}"))).collect(),
            servers: (0..servers).map(server).collect::<Result<_, Error>>()?,
            unit: "vm".parse()?,
            price: Money::parse("8.16", CNY)?,
        })
    }

    /// The same month as a table would give it in another order: neighbours are of other owners, so that each row has to
    /// be looked up.
    pub fn in_no_order(mut self) -> Self {
        let count = self.servers.len();
        self.servers = (0..count).filter_map(|number| self.servers.get(number * 7_919 % count)).cloned().collect();
        self
    }

    /// How many rows a whole month has.
    pub fn rows(&self) -> u64 {
        self.windows.len() as u64 * self.servers.len() as u64
    }

    /// Reads the rows of day after day, so many of them at most.
    ///
    /// # Errors
    /// None: the rows are right.
    pub fn report(&self, most: u64, with_usage: bool) -> Result<Report, Error> {
        let mut report = MonthlyReport::new(self.terms);
        let mut left = most;
        for usage in &self.windows {
            let window = usage.window();
            for (owner, resource) in &self.servers {
                let (Some(owner), Some(after)) = (self.owners.get(*owner), left.checked_sub(1)) else { break };
                left = after;
                report.read(black_box(&ReportRow {
                    owner,
                    unit: &self.unit,
                    kind: &Kind::Server,
                    resource,
                    window,
                    usage: with_usage.then_some(usage),
                    lifetime_micros: Some(window.micros()),
                    original: self.price,
                    payable: self.price,
                }))?;
            }
        }
        Ok(report.finish()?)
    }
}
