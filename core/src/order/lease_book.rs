use super::{CountLock, Dates, DeviceLease};
use crate::{
    error::OrderError,
    pricing::{Lease, LeaseRates, Locked},
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The most devices, leases and locks that one book holds, all together.
pub const MOST_LEASES: usize = 100_000;

/// Devices, who has leased which, and how many are locked for whom.
///
/// Nothing in it is ever over-committed: no device is leased twice on a date, on no date are more
/// leased and locked than there are, and each lock could by itself be served by devices that are free
/// on all of its dates.
///
/// Nothing has to be done when a lease ends: its dates are over, and it counts no more.
///
/// # Examples
/// ```
/// use counterfoil::order::{CountLock, Dates, DeviceLease, LeaseBook, Trial};
/// use counterfoil::time::parse_date;
///
/// let dates = |from, until| Dates::new(parse_date(from)?, parse_date(until)?);
/// let lease = |id: &str, device: &str, dates| DeviceLease {
///     id: id.into(),
///     order: "o-1".into(),
///     device: device.into(),
///     dates,
///     trial: Trial::NONE,
/// };
/// let book = LeaseBook::new(["a", "b", "c"])?.lease(lease("l-1", "a", dates("2025-06-01", "2025-06-15")?))?;
/// assert_eq!(book.free(dates("2025-06-10", "2025-06-20")?), 2);
///
/// let lock = CountLock { id: "k-1".into(), order: "o-2".into(), count: 2, dates: dates("2025-06-14", "2025-06-18")? };
/// let book = book.lock(lock)?;
/// assert_eq!(book.free(dates("2025-06-10", "2025-06-20")?), 0);
///
/// let error = book.lease(lease("l-2", "a", dates("2025-06-14", "2025-06-15")?)).unwrap_err();
/// assert_eq!(error.to_string(), "lease `l-2` of `a` overlaps lease `l-1` from 2025-06-01 until 2025-06-15: choose other dates or another device");
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseBook {
    /// Of each device its leases by their first date.
    devices: BTreeMap<String, BTreeMap<NaiveDate, DeviceLease>>,
    /// Of each lease its device and first date.
    places: BTreeMap<String, (String, NaiveDate)>,
    locks: BTreeMap<String, CountLock>,
}

/// How many devices are what on a date.
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseDay {
    /// The date.
    pub date: NaiveDate,
    /// All of them.
    pub total: u32,
    /// Those that are leased.
    pub leased: u32,
    /// Those that are locked besides.
    pub locked: u32,
}

/// Something that was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The id of the lease or lock.
    pub id: String,
    /// Its first date after it now; none where nothing of it is left.
    pub until: Option<NaiveDate>,
}

/// What is to be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release<'a> {
    /// A lease or a lock.
    Id(&'a str),
    /// All leases and locks of an order.
    Order(&'a str),
}

impl LeaseBook {
    /// A book of devices, none of which is leased.
    ///
    /// # Errors
    /// As [`stored`](Self::stored).
    pub fn new<D: Into<String>>(devices: impl IntoIterator<Item = D>) -> Result<Self, OrderError> {
        Self::stored(devices, [], [])
    }

    /// A book as it was stored.
    ///
    /// # Errors
    /// In this order: `order.too_many_leases` beyond [`MOST_LEASES`]; `order.repeated_device`; then
    /// for each lease `order.repeated_lease`, `order.no_such_device`, `order.overlapping_leases`; for
    /// each lock `order.repeated_lease`, `order.empty_lock`; `order.over_committed`, which names the
    /// first date; `order.not_enough_devices`, which names the dates of the first lock, by its id, for
    /// which too few devices are free on all of them.
    pub fn stored<D: Into<String>>(
        devices: impl IntoIterator<Item = D>,
        leases: impl IntoIterator<Item = DeviceLease>,
        locks: impl IntoIterator<Item = CountLock>,
    ) -> Result<Self, OrderError> {
        let mut book = Self::default();
        for device in devices {
            book.check_room()?;
            let device = device.into();
            if book.devices.contains_key(&device) {
                return Err(OrderError::RepeatedDevice { device });
            }
            book.devices.insert(device, BTreeMap::new());
        }
        for lease in leases {
            book.check_room()?;
            book.insert(lease)?;
        }
        for lock in locks {
            book.check_room()?;
            book.check_lock(&lock)?;
            book.locks.insert(lock.id.clone(), lock);
        }
        book.check_committed()?;
        book.check_served(None)?;
        Ok(book)
    }

    /// All leases, by device and date.
    pub fn leases(&self) -> impl Iterator<Item = &DeviceLease> {
        self.devices.values().flat_map(BTreeMap::values)
    }

    /// All locks, by id.
    pub fn locks(&self) -> impl Iterator<Item = &CountLock> {
        self.locks.values()
    }

    /// How many devices there are.
    pub fn total(&self) -> u32 {
        u32::try_from(self.devices.len()).unwrap_or(u32::MAX) // never more than `MOST_LEASES`
    }

    /// The book with one more lease.
    ///
    /// # Errors
    /// In this order: `order.too_many_leases`, `order.repeated_lease`, `order.no_such_device`,
    /// `order.overlapping_leases`, which names both; `order.not_enough_devices` where so many are locked
    /// on one of its dates that none is left, or where a lock would be left with too few devices that are
    /// free on all of its dates.
    ///
    /// # Rule
    /// R-O6
    pub fn lease(mut self, lease: DeviceLease) -> Result<Self, OrderError> {
        self.check_room()?;
        let dates = lease.dates;
        self.insert(lease)?;
        self.check_taken(dates)?;
        Ok(self)
    }

    /// The book with one more lock.
    ///
    /// # Errors
    /// In this order: `order.too_many_leases`, `order.repeated_lease`, `order.empty_lock`,
    /// `order.not_enough_devices`.
    ///
    /// # Rule
    /// R-O6
    pub fn lock(mut self, lock: CountLock) -> Result<Self, OrderError> {
        self.check_room()?;
        self.check_lock(&lock)?;
        let free = self.free(lock.dates);
        if free < lock.count {
            return Err(not_enough(lock.count, free, lock.dates));
        }
        self.locks.insert(lock.id.clone(), lock);
        Ok(self)
    }

    /// The book where something ends on a date, and what was changed by it.
    ///
    /// What began before that date keeps the dates that are over; what would have begun then or later is
    /// gone; what was over already stays as it was.
    ///
    /// # Errors
    /// `order.no_such_lease`.
    ///
    /// # Rule
    /// R-O6
    pub fn release(mut self, what: Release<'_>, on: NaiveDate) -> Result<(Self, Vec<Released>), OrderError> {
        let ids: Vec<String> = match what {
            Release::Id(id) => self.held().map(|(id, ..)| id).filter(|held| *held == id).map(str::to_owned).collect(),
            Release::Order(order) => {
                self.held().filter(|(_, of, _)| *of == order).map(|(id, ..)| id.to_owned()).collect()
            }
        };
        if ids.is_empty() {
            let (Release::Id(id) | Release::Order(id)) = what;
            return Err(OrderError::NoSuchLease { id: id.to_owned() });
        }
        let mut released = Vec::new();
        for id in ids {
            if let Some(until) = self.end(&id, on) {
                released.push(Released { id, until });
            }
        }
        Ok((self, released))
    }

    /// The book where a lease ends later.
    ///
    /// # Errors
    /// In this order: `order.no_such_lease`; `order.not_an_extension` unless it is later;
    /// `order.overlapping_leases`; `order.not_enough_devices`.
    ///
    /// # Rule
    /// R-O6
    pub fn extend(mut self, id: &str, until: NaiveDate) -> Result<Self, OrderError> {
        let no_such = || OrderError::NoSuchLease { id: id.to_owned() };
        let (device, from) = self.places.get(id).ok_or_else(no_such)?;
        let leases = self.devices.get_mut(device).ok_or_else(no_such)?;
        let lease = leases.get(from).ok_or_else(no_such)?;
        let more = Dates::new(lease.dates.until(), until).map_err(|_| OrderError::NotAnExtension {
            lease: id.to_owned(),
            until: lease.dates.until(),
            asked: until,
        })?;
        let longer = DeviceLease { dates: Dates::new(*from, until)?, ..lease.clone() };
        if let Some(next) = leases.range(more.from()..more.until()).next().map(|(_, next)| next) {
            return Err(overlap(&longer, next));
        }
        leases.insert(*from, longer);
        self.check_taken(more)?;
        Ok(self)
    }

    /// The leases and locks that are over on a date: by the date on which they ended, then by id.
    ///
    /// # Rule
    /// R-O6
    pub fn ended(&self, on: NaiveDate) -> Vec<&str> {
        let mut ended: Vec<_> =
            self.held().filter(|(.., dates)| dates.until() <= on).map(|(id, _, dates)| (dates.until(), id)).collect();
        ended.sort_unstable();
        ended.into_iter().map(|(_, id)| id).collect()
    }

    /// How many devices are what on a date.
    ///
    /// # Rule
    /// R-O6
    pub fn on(&self, date: NaiveDate) -> LeaseDay {
        let leased = self.leases().filter(|lease| lease.dates.contains(date)).count();
        let locked = self.locks().filter(|lock| lock.dates.contains(date)).map(|lock| i64::from(lock.count));
        LeaseDay {
            date,
            total: self.total(),
            leased: u32::try_from(leased).unwrap_or(u32::MAX), // never more than devices
            locked: u32::try_from(locked.fold(0, i64::saturating_add)).unwrap_or(u32::MAX),
        }
    }

    /// How many devices are free on every one of these dates and could be locked for all of them.
    ///
    /// A device that is leased on one of them does not count; those that are locked do not either, as many
    /// as on the date on which most are. Leasing one of them may still be refused where a lock that goes on
    /// beyond these dates needs that very device.
    ///
    /// # Rule
    /// R-O6
    pub fn free(&self, dates: Dates) -> u32 {
        let unclaimed = i64::from(self.total()).saturating_sub(self.most_taken(dates));
        let whole = i64::try_from(self.free_devices(dates).count()).unwrap_or(i64::MAX);
        u32::try_from(unclaimed.min(whole)).unwrap_or(0) // below zero is none
    }

    /// The devices that are not leased on any of these dates.
    ///
    /// Some of them may be kept by locks: [`free`](Self::free) says how many are not.
    pub fn free_devices(&self, dates: Dates) -> impl Iterator<Item = &str> {
        self.devices.iter().filter(move |(_, leases)| overlapping(leases, dates).is_none()).map(|(id, _)| id.as_str())
    }

    /// The same book, prepared for many questions.
    pub fn vacancy(&self) -> Vacancy {
        Vacancy::new(self)
    }

    /// Whatever is held: its id, its order, its dates.
    fn held(&self) -> impl Iterator<Item = (&str, &str, Dates)> {
        let leases = self.leases().map(|lease| (lease.id.as_str(), lease.order.as_str(), lease.dates));
        leases.chain(self.locks().map(|lock| (lock.id.as_str(), lock.order.as_str(), lock.dates)))
    }

    /// Ends something on a date: its new end, if anything changes.
    fn end(&mut self, id: &str, on: NaiveDate) -> Option<Option<NaiveDate>> {
        if let Some(lock) = self.locks.get_mut(id) {
            let (shorter, until) = ending(lock.dates, on)?;
            match shorter {
                Some(dates) => lock.dates = dates,
                None => drop(self.locks.remove(id)),
            }
            return Some(until);
        }
        let (device, from) = self.places.get(id)?;
        let leases = self.devices.get_mut(device)?;
        let lease = leases.get_mut(from)?;
        let (shorter, until) = ending(lease.dates, on)?;
        match shorter {
            Some(dates) => lease.dates = dates,
            None => {
                leases.remove(from);
                self.places.remove(id);
            }
        }
        Some(until)
    }

    fn insert(&mut self, lease: DeviceLease) -> Result<(), OrderError> {
        self.check_id(&lease.id)?;
        let no_such = || OrderError::NoSuchDevice { device: lease.device.clone() };
        let leases = self.devices.get_mut(&lease.device).ok_or_else(no_such)?;
        if let Some(other) = overlapping(leases, lease.dates) {
            return Err(overlap(&lease, other));
        }
        self.places.insert(lease.id.clone(), (lease.device.clone(), lease.dates.from()));
        leases.insert(lease.dates.from(), lease);
        Ok(())
    }

    fn check_room(&self) -> Result<(), OrderError> {
        let held = self.devices.len().saturating_add(self.places.len()).saturating_add(self.locks.len());
        if held >= MOST_LEASES {
            return Err(OrderError::TooManyLeases { limit: MOST_LEASES });
        }
        Ok(())
    }

    fn check_id(&self, id: &str) -> Result<(), OrderError> {
        if self.places.contains_key(id) || self.locks.contains_key(id) {
            return Err(OrderError::RepeatedLease { id: id.to_owned() });
        }
        Ok(())
    }

    fn check_lock(&self, lock: &CountLock) -> Result<(), OrderError> {
        self.check_id(&lock.id)?;
        if lock.count == 0 {
            return Err(OrderError::EmptyLock { lock: lock.id.clone() });
        }
        Ok(())
    }

    /// That all holds on these dates, on which one more device was just leased.
    fn check_taken(&self, dates: Dates) -> Result<(), OrderError> {
        if self.most_taken(dates) > i64::from(self.total()) {
            return Err(not_enough(1, 0, dates));
        }
        self.check_served(Some(dates))
    }

    /// That each lock could by itself be served by devices that are free on all of its dates: each lock, or
    /// each that shares one of these dates.
    fn check_served(&self, within: Option<Dates>) -> Result<(), OrderError> {
        let mut locks = self.locks().filter(|lock| within.is_none_or(|within| within.overlaps(lock.dates))).peekable();
        if locks.peek().is_none() {
            return Ok(());
        }
        let gaps = Gaps::new(self);
        for lock in locks {
            let free = gaps.free(lock.dates);
            if free < lock.count {
                return Err(not_enough(lock.count, free, lock.dates));
            }
        }
        Ok(())
    }

    fn check_committed(&self) -> Result<(), OrderError> {
        let total = i64::from(self.total());
        match self.running(None).find(|(_, taken)| *taken > total) {
            None => Ok(()),
            Some((date, taken)) => Err(OrderError::OverCommitted { date, taken, total: self.total() }),
        }
    }

    /// The most devices that are leased or locked on one of these dates.
    fn most_taken(&self, dates: Dates) -> i64 {
        self.running(Some(dates)).map(|(_, taken)| taken).max().unwrap_or(0)
    }

    /// How many are leased or locked from each date on at which that changes, on some dates or on all.
    fn running(&self, within: Option<Dates>) -> impl Iterator<Item = (NaiveDate, i64)> + use<> {
        let leases = self.leases().map(|lease| (lease.dates, 1));
        let locks = self.locks().map(|lock| (lock.dates, i64::from(lock.count)));
        let mut changes: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        let mut change = |date, by| {
            let sum = changes.entry(date).or_default();
            *sum = i64::saturating_add(*sum, by); // 10^5 × 2^32 is far from the end
        };
        for (dates, count) in leases.chain(locks) {
            if within.is_none_or(|within| within.overlaps(dates)) {
                change(within.map_or(dates.from(), |within| dates.from().max(within.from())), count);
                if within.is_none_or(|within| dates.until() < within.until()) {
                    change(dates.until(), count.saturating_neg());
                }
            }
        }
        changes.into_iter().scan(0_i64, |taken, (date, by)| {
            *taken = taken.saturating_add(by);
            Some((date, *taken))
        })
    }
}

impl LeaseDay {
    /// The shares that are leased and idle; whether a locked one is idle is a policy.
    ///
    /// # Rounding
    /// None: shown by a rounding with a name, as 0.400000.
    ///
    /// # Errors
    /// `pricing.no_units` where there are no devices; `pricing.over_leased` where more are taken than
    /// there are.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{exact::RoundingMode, order::LeaseDay, pricing::Locked, time::parse_date};
    ///
    /// let day = LeaseDay { date: parse_date("2025-06-01")?, total: 15, leased: 6, locked: 2 };
    /// let rates = day.rates(Locked::IsNotIdle)?;
    /// assert_eq!(rates.leased().round_digits(6, RoundingMode::HalfUp)?.to_string(), "0.400000");
    /// assert_eq!(rates.idle().round_digits(6, RoundingMode::HalfUp)?.to_string(), "0.466667");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-O6, R-P17
    pub fn rates(self, locked: Locked) -> Result<LeaseRates, OrderError> {
        Ok(Lease::new(self.total)?.leased(self.leased)?.locked(self.locked)?.rates(locked)?)
    }
}

/// How many devices are free over how many intervals one likes: [`LeaseBook::free`], in a time that grows
/// with the logarithm of devices, leases and locks.
///
/// # Rule
/// R-O6
#[derive(Debug, Clone)]
pub struct Vacancy {
    total: u32,
    /// The dates at which what is taken changes.
    bounds: Vec<NaiveDate>,
    /// The most that is taken over 1, 2, 4, … stretches between bounds, from each of them on.
    most: Vec<Vec<i64>>,
    gaps: Gaps,
}

impl Vacancy {
    fn new(book: &LeaseBook) -> Self {
        let (bounds, taken): (Vec<_>, Vec<_>) = book.running(None).unzip();
        let mut most = vec![taken];
        let mut width = 1_usize;
        while let Some(last) = most.last()
            && last.len() > width
        {
            let doubled = last.iter().zip(last.iter().skip(width)).map(|(a, b)| *a.max(b)).collect();
            most.push(doubled);
            width = width.saturating_mul(2);
        }
        Self { total: book.total(), bounds, most, gaps: Gaps::new(book) }
    }

    /// How many devices are free on every one of these dates, as [`LeaseBook::free`].
    pub fn free(&self, dates: Dates) -> u32 {
        // The stretch in which the first date lies, and the one after that of the last.
        let first = self.bounds.partition_point(|bound| *bound <= dates.from()).saturating_sub(1);
        let end = self.bounds.partition_point(|bound| *bound < dates.until());
        let unclaimed = i64::from(self.total).saturating_sub(self.most_taken(first, end));
        u32::try_from(unclaimed.min(self.gaps.free(dates).into())).unwrap_or(0) // below zero is none
    }

    /// The most that is taken in the stretches from one to another, which is not among them.
    fn most_taken(&self, first: usize, end: usize) -> i64 {
        let Some(level) = end.checked_sub(first).and_then(usize::checked_ilog2) else { return 0 };
        let width = 1_usize.checked_shl(level).unwrap_or(0);
        let row = usize::try_from(level).ok().and_then(|level| self.most.get(level));
        let at = |place: Option<usize>| row.zip(place).and_then(|(row, place)| row.get(place)).copied().unwrap_or(0);
        // What is taken is never below zero, so a stretch before the first bound counts as nothing.
        at(Some(first)).max(at(end.checked_sub(width)))
    }
}

/// How many devices are not leased on any of some dates, of however many devices and for however many
/// questions: a device is free on all of them where one of the gaps between its leases holds them, and no
/// two gaps of one device do.
#[derive(Debug, Clone)]
struct Gaps {
    /// The devices that were never leased.
    untouched: usize,
    /// The first dates of all gaps, in order.
    starts: Vec<NaiveDate>,
    /// Of the gaps their first dates after them, each row in order. Row `n`, counted from 1, is of as many
    /// gaps up to the `n`-th as the lowest bit of `n` says: so those up to any one are the rows that its bits
    /// name (a Fenwick tree).
    ends: Vec<Vec<NaiveDate>>,
}

impl Gaps {
    fn new(book: &LeaseBook) -> Self {
        let mut gaps = Vec::new();
        let mut untouched = 0_usize;
        for leases in book.devices.values() {
            if leases.is_empty() {
                untouched = untouched.saturating_add(1);
                continue;
            }
            let mut start = NaiveDate::MIN;
            for lease in leases.values() {
                gaps.push((start, lease.dates.from()));
                start = lease.dates.until();
            }
            gaps.push((start, NaiveDate::MAX));
        }
        gaps.sort_unstable();
        let mut ends = vec![Vec::new(); gaps.len()];
        for (number, (_, end)) in (1_usize..).zip(&gaps) {
            let mut row = number;
            while let Some(ends) = row.checked_sub(1).and_then(|index| ends.get_mut(index)) {
                ends.push(*end);
                row = row.saturating_add(row & row.wrapping_neg());
            }
        }
        ends.iter_mut().for_each(|row| row.sort_unstable());
        Self { untouched, starts: gaps.into_iter().map(|(start, _)| start).collect(), ends }
    }

    fn free(&self, dates: Dates) -> u32 {
        let mut free = self.untouched;
        let mut row = self.starts.partition_point(|start| *start <= dates.from());
        while let Some(before) = row.checked_sub(1) {
            let ends = self.ends.get(before).map_or(&[][..], Vec::as_slice);
            let too_early = ends.partition_point(|end| *end < dates.until());
            free = free.saturating_add(ends.len().saturating_sub(too_early));
            row &= before;
        }
        u32::try_from(free).unwrap_or(u32::MAX) // never more than devices
    }
}

/// Of leases of a device the last that shares a date.
fn overlapping(leases: &BTreeMap<NaiveDate, DeviceLease>, dates: Dates) -> Option<&DeviceLease> {
    let (_, last) = leases.range(..dates.until()).next_back()?;
    last.dates.overlaps(dates).then_some(last)
}

/// What is left of dates that end on a date, and their new end; none where nothing changes.
fn ending(dates: Dates, on: NaiveDate) -> Option<(Option<Dates>, Option<NaiveDate>)> {
    if dates.until() <= on {
        return None;
    }
    let shorter = Dates::new(dates.from(), on).ok();
    Some((shorter, shorter.map(Dates::until)))
}

fn overlap(lease: &DeviceLease, other: &DeviceLease) -> OrderError {
    OrderError::OverlappingLeases {
        lease: lease.id.clone(),
        other: other.id.clone(),
        device: lease.device.clone(),
        from: other.dates.from(),
        until: other.dates.until(),
    }
}

const fn not_enough(wanted: u32, free: u32, dates: Dates) -> OrderError {
    OrderError::NotEnoughDevices { wanted, free, from: dates.from(), until: dates.until() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Trial;
    use crate::time::parse_date;

    fn day(number: u32) -> NaiveDate {
        parse_date(&format!("2025-06-{number:02}")).unwrap()
    }

    fn dates(from: u32, until: u32) -> Dates {
        Dates::new(day(from), day(until)).unwrap()
    }

    fn lease(id: &str, device: &str, dates: Dates) -> DeviceLease {
        DeviceLease { id: id.into(), order: format!("o-{id}"), device: device.into(), dates, trial: Trial::NONE }
    }

    fn lock(id: &str, count: u32, dates: Dates) -> CountLock {
        CountLock { id: id.into(), order: format!("o-{id}"), count, dates }
    }

    fn book() -> LeaseBook {
        LeaseBook::new(["a", "b"]).unwrap()
    }

    /// R-O6: neighbours meet and do not overlap; an error names both.
    #[test]
    fn leases_of_one_device_do_not_overlap() {
        let book = book().lease(lease("1", "a", dates(5, 10))).unwrap();
        for (from, until) in [(5, 10), (4, 6), (9, 12), (6, 7), (1, 20)] {
            let error = book.clone().lease(lease("2", "a", dates(from, until))).unwrap_err();
            assert_eq!(error.code(), "order.overlapping_leases");
            assert!(error.to_string().contains("`1`") && error.to_string().contains("`2`"));
            assert!(book.clone().lease(lease("2", "b", dates(from, until))).is_ok());
        }
        let book = book.lease(lease("2", "a", dates(1, 5))).unwrap().lease(lease("3", "a", dates(10, 11))).unwrap();
        assert_eq!(book.leases().map(|lease| lease.id.as_str()).collect::<Vec<_>>(), ["2", "1", "3"]);
    }

    /// Two devices, each leased on one of two days: no device is free on both.
    #[test]
    fn a_count_holds_on_every_date_and_by_one_device() {
        let book = book().lease(lease("1", "a", dates(1, 2))).unwrap().lease(lease("2", "b", dates(2, 3))).unwrap();
        assert_eq!((book.free(dates(1, 2)), book.free(dates(2, 3)), book.free(dates(1, 3))), (1, 1, 0));
        assert_eq!(book.clone().lock(lock("k", 1, dates(1, 3))).unwrap_err().code(), "order.not_enough_devices");
        let locked = book.lock(lock("k", 1, dates(2, 4))).unwrap();
        assert_eq!((locked.free(dates(1, 2)), locked.free(dates(2, 4)), locked.free(dates(3, 4))), (1, 0, 1));
        // Device `a` is what is kept: leasing it would leave none for the lock, on either of its dates.
        for on in [dates(2, 3), dates(3, 4)] {
            let refused = locked.clone().lease(lease("3", "a", on));
            assert_eq!(refused.unwrap_err().code(), "order.not_enough_devices");
        }
    }

    #[test]
    fn a_release_keeps_what_is_over() {
        let book = book().lease(lease("1", "a", dates(5, 10))).unwrap().lock(lock("k", 1, dates(5, 10))).unwrap();
        let until = |what, on| {
            let (book, released) = book.clone().release(what, day(on)).unwrap();
            (book.free(dates(9, 10)), released.first().map(|released| released.until))
        };
        assert_eq!(until(Release::Id("1"), 5), (1, Some(None)));
        assert_eq!(until(Release::Order("o-1"), 7), (1, Some(Some(day(7)))));
        assert_eq!(until(Release::Id("1"), 10), (0, None)); // it is over anyway
        assert_eq!(until(Release::Order("o-k"), 4), (1, Some(None)));
        let gone = book.clone().release(Release::Order("1"), day(5)); // an id, and no order
        assert_eq!(gone.unwrap_err().code(), "order.no_such_lease");
        assert_eq!(book.ended(day(9)), [""; 0]);
        assert_eq!(book.ended(day(10)), ["1", "k"]);
    }

    #[test]
    fn an_extension_may_not_run_into_another() {
        let book = book().lease(lease("1", "a", dates(1, 5))).unwrap().lease(lease("2", "a", dates(8, 9))).unwrap();
        let code = |book: LeaseBook, id, until| book.extend(id, day(until)).map(|_| ()).map_err(|error| error.code());
        assert_eq!(code(book.clone(), "9", 6), Err("order.no_such_lease"));
        assert_eq!(code(book.clone(), "1", 5), Err("order.not_an_extension"));
        assert_eq!(code(book.clone(), "1", 8), Ok(()));
        assert_eq!(code(book.clone(), "1", 9), Err("order.overlapping_leases"));
        let locked = book.clone().lock(lock("k", 2, dates(6, 7))).unwrap();
        assert_eq!(code(locked.clone(), "1", 6), Ok(()));
        assert_eq!(code(locked, "1", 7), Err("order.not_enough_devices"));
    }

    #[test]
    fn a_stored_book_is_checked() {
        let code = |devices: &[&str], leases: Vec<DeviceLease>, locks: Vec<CountLock>| {
            LeaseBook::stored(devices.iter().copied(), leases, locks).unwrap_err().code()
        };
        assert_eq!(code(&["a", "a"], vec![], vec![]), "order.repeated_device");
        let twice = vec![lease("1", "a", dates(1, 2)), lease("1", "x", dates(1, 2))];
        assert_eq!(code(&["a"], twice, vec![]), "order.repeated_lease");
        assert_eq!(code(&["a"], vec![lease("1", "x", dates(1, 2))], vec![]), "order.no_such_device");
        assert_eq!(
            code(&["a"], vec![lease("1", "a", dates(1, 2))], vec![lock("1", 0, dates(1, 2))]),
            "order.repeated_lease"
        );
        assert_eq!(code(&["a"], vec![], vec![lock("1", 0, dates(1, 2))]), "order.empty_lock");
        assert_eq!(
            code(&["a"], vec![lease("1", "a", dates(1, 3))], vec![lock("k", 1, dates(2, 4))]),
            "order.over_committed"
        );
        let many: Vec<String> = (0..=MOST_LEASES).map(|number| number.to_string()).collect();
        assert_eq!(LeaseBook::new(many).unwrap_err().code(), "order.too_many_leases");
    }

    /// What is stored is held to what a lock is held to: no device is free on both days.
    #[test]
    fn a_stored_lock_could_be_served() {
        let leases = || [lease("1", "a", dates(1, 2)), lease("2", "b", dates(2, 3))];
        let stored = |locks: Vec<CountLock>| LeaseBook::stored(["a", "b"], leases(), locks);
        assert_eq!(
            stored(vec![lock("k", 1, dates(1, 3))]).unwrap_err(),
            OrderError::NotEnoughDevices { wanted: 1, free: 0, from: day(1), until: day(3) }
        );
        assert!(stored(vec![lock("k", 1, dates(1, 2)), lock("l", 1, dates(2, 3))]).is_ok());
    }

    /// As many locks and devices as a book holds: one more lease looks at all of them, and so does a
    /// question about each. Device by device it would be 2,500,000,000 looks.
    #[test]
    fn a_full_book_is_no_slower_for_its_locks() {
        let (devices, locks) = (MOST_LEASES / 2, MOST_LEASES / 2 - 2);
        let first = parse_date("2025-06-01").unwrap();
        let on = |number: usize| first.checked_add_days(chrono::Days::new(number as u64)).unwrap();
        let apart = |number: usize| Dates::new(on(number), on(number + 1)).unwrap();
        let names = (0..devices).map(|number| number.to_string());
        let locks = (0..locks).map(|number| lock(&format!("k-{number}"), 1, apart(number)));
        let book = LeaseBook::stored(names, [], locks).unwrap();
        let whole = Dates::new(on(0), on(MOST_LEASES)).unwrap();
        let book = book.lease(lease("1", "7", whole)).unwrap();
        let vacancy = book.vacancy();
        let free = (0..devices).map(|number| vacancy.free(apart(number)) as usize).sum::<usize>();
        assert_eq!(free, devices * (devices - 2) + 2); // on two dates nothing is locked
    }

    /// reseller-lease-01, on a date.
    #[test]
    fn rates_are_of_a_date() {
        let devices: Vec<String> = (0..15).map(|number| format!("d-{number:02}")).collect();
        let leases = (0..6).map(|number| lease(&number.to_string(), &format!("d-{number:02}"), dates(1, 10)));
        let book = LeaseBook::stored(devices, leases, [lock("k", 2, dates(5, 6))]).unwrap();
        let share = |date, locked| {
            let rates = book.on(day(date)).rates(locked).unwrap();
            (rates.leased().to_string(), rates.idle().to_string())
        };
        assert_eq!(share(5, Locked::IsNotIdle), ("0.4".to_owned(), "7/15".to_owned()));
        assert_eq!(share(5, Locked::IsIdle), ("0.4".to_owned(), "0.6".to_owned()));
        assert_eq!(share(10, Locked::IsIdle), ("0".to_owned(), "1".to_owned()));
        assert_eq!(LeaseBook::default().on(day(1)).rates(Locked::IsIdle).unwrap_err().code(), "pricing.no_units");
    }
}
