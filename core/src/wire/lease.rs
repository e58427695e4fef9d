use super::text::{Object, Show, Shown, Text, all_of, money, null_as_default};
use crate::{
    error::{Error, Language},
    exact::RoundingMode,
    money::Money,
    order::{CountLock, Dates, DeviceLease, LeaseBook, Release, Trial},
    pricing::Locked,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Dates, the last of which does not belong to them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatesIn {
    from: Text<NaiveDate>,
    until: Text<NaiveDate>,
}

impl Object<DatesIn> {
    fn read(&self) -> Result<Dates, Error> {
        Ok(Dates::new(self.0.from.read()?, self.0.until.read()?)?)
    }
}

#[derive(Serialize)]
struct DatesOut {
    from: Shown<NaiveDate>,
    until: Shown<NaiveDate>,
}

impl From<Dates> for DatesOut {
    fn from(dates: Dates) -> Self {
        Self { from: dates.from().shown(), until: dates.until().shown() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeaseIn {
    id: String,
    order: String,
    device: String,
    dates: Object<DatesIn>,
    trial: Option<TrialIn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum TrialIn {
    None,
    Free { days: u32 },
    Paid { price: Text<Money>, days: u32 },
}

impl Object<LeaseIn> {
    fn read(&self) -> Result<DeviceLease, Error> {
        let Self(lease) = self;
        let trial = match &lease.trial {
            None | Some(TrialIn::None) => Trial::NONE,
            Some(TrialIn::Free { days }) => Trial::free(*days)?,
            Some(TrialIn::Paid { price, days }) => Trial::paid(price.read()?, *days)?,
        };
        let (id, order, device) = (lease.id.clone(), lease.order.clone(), lease.device.clone());
        Ok(DeviceLease { id, order, device, dates: lease.dates.read()?, trial })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockIn {
    id: String,
    order: String,
    count: u32,
    dates: Object<DatesIn>,
}

impl Object<LockIn> {
    fn read(&self) -> Result<CountLock, Error> {
        let Self(lock) = self;
        let (id, order) = (lock.id.clone(), lock.order.clone());
        Ok(CountLock { id, order, count: lock.count, dates: lock.dates.read()? })
    }
}

/// Devices with their leases and locks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookIn {
    devices: Vec<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    leases: Vec<Object<LeaseIn>>,
    #[serde(default, deserialize_with = "null_as_default")]
    locks: Vec<Object<LockIn>>,
}

impl Object<BookIn> {
    fn read(&self) -> Result<LeaseBook, Error> {
        let Self(BookIn { devices, leases, locks }) = self;
        let leases = all_of(leases, Object::<LeaseIn>::read)?;
        let locks = all_of(locks, Object::<LockIn>::read)?;
        Ok(LeaseBook::stored(devices.iter().cloned(), leases, locks)?)
    }
}

#[derive(Serialize)]
pub(super) struct BookOut {
    leases: Vec<LeaseOut>,
    locks: Vec<LockOut>,
}

#[derive(Serialize)]
struct LeaseOut {
    id: String,
    order: String,
    device: String,
    dates: DatesOut,
    trial: TrialOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_price: Option<Shown<Money>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_dates: Option<DatesOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum TrialOut {
    None,
    Free,
    Paid,
}

impl From<Trial> for TrialOut {
    fn from(trial: Trial) -> Self {
        match (trial.price(), trial.days()) {
            (Some(_), _) => Self::Paid,
            (None, 0) => Self::None,
            (None, _) => Self::Free,
        }
    }
}

#[derive(Serialize)]
struct LockOut {
    id: String,
    order: String,
    count: u32,
    dates: DatesOut,
}

impl From<&LeaseBook> for BookOut {
    fn from(book: &LeaseBook) -> Self {
        let lease = |lease: &DeviceLease| LeaseOut {
            id: lease.id.clone(),
            order: lease.order.clone(),
            device: lease.device.clone(),
            dates: lease.dates.into(),
            trial: lease.trial.into(),
            trial_price: lease.trial.price().map(money),
            trial_dates: lease.trial.dates(lease.dates).map(DatesOut::from),
        };
        let lock = |lock: &CountLock| LockOut {
            id: lock.id.clone(),
            order: lock.order.clone(),
            count: lock.count,
            dates: lock.dates.into(),
        };
        Self { leases: book.leases().map(lease).collect(), locks: book.locks().map(lock).collect() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaseCall {
    book: Object<BookIn>,
    lease: Object<LeaseIn>,
}

pub(super) fn lease(input: LeaseCall) -> Result<BookOut, Error> {
    Ok((&input.book.read()?.lease(input.lease.read()?)?).into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockCall {
    book: Object<BookIn>,
    lock: Object<LockIn>,
}

pub(super) fn lock(input: LockCall) -> Result<BookOut, Error> {
    Ok((&input.book.read()?.lock(input.lock.read()?)?).into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseCall {
    book: Object<BookIn>,
    what: ReleaseIn,
    on: Text<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReleaseIn {
    Id(String),
    Order(String),
}

#[derive(Serialize)]
pub(super) struct ReleasedOut {
    released: Vec<EndedOut>,
    book: BookOut,
}

#[derive(Serialize)]
struct EndedOut {
    id: String,
    until: Option<Shown<NaiveDate>>,
}

pub(super) fn release(input: ReleaseCall) -> Result<ReleasedOut, Error> {
    let what = match &input.what {
        ReleaseIn::Id(id) => Release::Id(id),
        ReleaseIn::Order(order) => Release::Order(order),
    };
    let (book, released) = input.book.read()?.release(what, input.on.read()?)?;
    let ended = released.into_iter().map(|of| EndedOut { id: of.id, until: of.until.map(|until| until.shown()) });
    Ok(ReleasedOut { released: ended.collect(), book: (&book).into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendCall {
    book: Object<BookIn>,
    lease: String,
    until: Text<NaiveDate>,
}

pub(super) fn extend(input: ExtendCall) -> Result<BookOut, Error> {
    Ok((&input.book.read()?.extend(&input.lease, input.until.read()?)?).into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FreeCall {
    book: Object<BookIn>,
    dates: Vec<Object<DatesIn>>,
}

#[derive(Serialize)]
pub(super) struct Free {
    free: Vec<u32>,
}

pub(super) fn free(input: FreeCall) -> Result<Free, Error> {
    let vacancy = input.book.read()?.vacancy();
    Ok(Free { free: all_of(&input.dates, |dates| Ok(vacancy.free(dates.read()?)))? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayCall {
    book: Object<BookIn>,
    date: Text<NaiveDate>,
    locked_is: LockedIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum LockedIn {
    Idle,
    NotIdle,
}

/// Counts of a date, and the shares, half-up at six digits.
#[derive(Serialize)]
pub(super) struct Day {
    total: u32,
    leased: u32,
    locked: u32,
    rent_rate: Shown<Decimal>,
    idle_rate: Shown<Decimal>,
    /// What is over on this date.
    ended: Vec<String>,
    text: String,
    text_zh: String,
}

pub(super) fn day(input: DayCall) -> Result<Day, Error> {
    let (book, date) = (input.book.read()?, input.date.read()?);
    let locked = match input.locked_is {
        LockedIn::Idle => Locked::IsIdle,
        LockedIn::NotIdle => Locked::IsNotIdle,
    };
    let day = book.on(date);
    let rates = day.rates(locked)?;
    Ok(Day {
        total: day.total,
        leased: day.leased,
        locked: day.locked,
        rent_rate: rates.leased().round_digits(6, RoundingMode::HalfUp)?.shown(),
        idle_rate: rates.idle().round_digits(6, RoundingMode::HalfUp)?.shown(),
        ended: book.ended(date).into_iter().map(str::to_owned).collect(),
        text: rates.derivation().text(Language::English),
        text_zh: rates.derivation().text(Language::Chinese),
    })
}
