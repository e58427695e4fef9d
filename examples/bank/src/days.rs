//! Days of wallets: what servers ran, what it costs by the card, and what the statements of it are called.

use crate::world::{UNIT, owner};
use counterfoil::{
    metering::{History, Kind, Part, Reading, Span, Spec},
    money::{Money, Rounding},
    pricing::RateCard,
    time::{BillingDay, Instant, Zone, parse_date},
    units::{Quantity, Unit},
};
use counterfoil_store::{DayReading, DayRecord, StatementFilter, StoreError};
use std::ops::RangeInclusive;

/// What a core costs in an hour, in hundredths: what the card says too.
pub(crate) const PRICE: i64 = 12;

/// The card that readings are rated with.
pub(crate) const CARD: &str = r#"
revision = "bank"
currency = "CNY"
rates = [{ kind = "server", part = "cpu", price = "0.12", per = "core", every = "hour" }]
"#;

/// The days that readings are of.
const DAYS: RangeInclusive<&str> = "2024-01-01"..="2099-12-31";

const HOUR: i64 = 3_600_000_000;

/// Who a statement is of and for which day; its statements have this name and a number after it.
pub(crate) fn group(wallet: u32, day: u32) -> Result<String, StoreError> {
    Ok(format!("{}/UTC/user/wallet-{wallet}/{UNIT}/server", billing_day(day)?.date()))
}

/// The group of the statement that an id is of: the statement's own, or that of a payment or a refund of it.
pub(crate) fn group_of(id: &str) -> Option<&str> {
    let (end, _) = id.match_indices('/').nth(5)?;
    id.get(..end)
}

/// A statement of a day of a wallet: the day's own, or one of the corrections after it.
pub(crate) fn statement(wallet: u32, day: u32, sequence: u32) -> Result<String, StoreError> {
    Ok(format!("{}/{sequence}", group(wallet, day)?))
}

/// The statements of a day, of all wallets.
pub(crate) fn of_day(day: u32) -> Result<StatementFilter, StoreError> {
    let date = billing_day(day)?.date();
    Ok(StatementFilter::dated(date..=date))
}

/// The statements of all days.
pub(crate) fn of_all_days() -> Result<StatementFilter, StoreError> {
    Ok(StatementFilter::dated(parse_date(DAYS.start())?..=parse_date(DAYS.end())?))
}

/// A day of a wallet on which its servers ran for so many hours each, rated by the card. One that did not run is not
/// there.
pub(crate) fn record(wallet: u32, day: u32, hours: &[u32]) -> Result<DayRecord, StoreError> {
    let (card, day) = (RateCard::from_toml(CARD)?, billing_day(day)?);
    let tariff = card.tariff(&Kind::Server, day.period().start())?;
    let mut readings = Vec::new();
    for ((resource, cores), hours) in servers(wallet).zip(hours).filter(|(_, hours)| **hours > 0) {
        let end = day.period().start().plus_micros(i64::from(*hours) * HOUR)?;
        let spec = Spec::new([(Part::CPU, Quantity::parse(&cores.to_string(), Unit::Core)?)])?;
        let history = History::new([Span::post_paid(day.period().start(), Some(end), spec)])?;
        let Some(usage) = history.usage(day.period())? else { continue };
        let rated = tariff.rate(&usage, Rounding::PORTAL)?;
        readings.push(DayReading {
            original: Money::new(rated.original(), card.currency()),
            payable: rated.payable_money(),
            reading: Reading::new(resource.parse()?, Kind::Server, usage),
            owner: owner(wallet),
            unit: UNIT.parse()?,
            revision: card.revision().clone(),
        });
    }
    Ok(DayRecord { day, owners: [owner(wallet)].into(), readings })
}

/// The servers of a wallet, with how many cores each has.
pub(crate) fn servers(wallet: u32) -> impl Iterator<Item = (String, u32)> {
    (1..).map(move |cores| (format!("wallet-{wallet}-{cores}"), cores))
}

fn billing_day(day: u32) -> Result<BillingDay, StoreError> {
    let first = BillingDay::new(parse_date(DAYS.start())?, Zone::UTC)?;
    let start: Instant = first.period().start().plus_micros(i64::from(day) * 24 * HOUR)?;
    Ok(BillingDay::of(start, Zone::UTC)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil::statement::StatementKey;

    #[test]
    fn a_day_costs_what_the_price_says_and_its_statement_is_found_by_its_name() {
        let day = record(3, 59, &[24, 0, 1]).unwrap();
        let costs: Vec<_> = day.readings.iter().map(|reading| (reading.payable, reading.original)).collect();
        assert_eq!(
            costs,
            [24 * PRICE, 3 * PRICE].map(|cents| (crate::world::cents(cents), crate::world::cents(cents)))
        );

        let (owner, unit) = (owner(3), UNIT.parse().unwrap());
        let key = StatementKey { day: day.day, owner, unit, kind: Kind::Server, sequence: 0 };
        assert_eq!((key.to_string(), &*day.day.date().to_string()), (statement(3, 59, 0).unwrap(), "2024-02-29"));
        let id = key.to_string();
        assert_eq!(group_of(&id), Some(&*group(3, 59).unwrap()));
        assert_eq!((group_of(&(id + "/2")), group_of("0.1.2")), (Some(&*group(3, 59).unwrap()), None));
    }
}
