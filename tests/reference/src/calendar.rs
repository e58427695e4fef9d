//! A calendar that is walked day by day, and clocks that are moved at known instants. Instants are microseconds since
//! the beginning of 2019 by UTC, so that there is not far to walk.

/// Microseconds of an hour that passes.
pub const HOUR: i64 = 3_600_000_000;
/// Microseconds of a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day, from 1.
    pub day: i64,
}

/// A clock: from which instant on it is how far ahead of UTC, in microseconds; the first one always was.
#[derive(Debug, Clone)]
pub struct Clock(pub Vec<(i64, i64)>);

/// The day from which instants are counted.
const EPOCH: Date = Date { year: 2019, month: 1, day: 1 };

/// How many days a month has.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// The next one.
    pub fn next(self) -> Self {
        let Self { year, month, day } = self;
        if day < days_in_month(year, month) {
            Self { day: day + 1, ..self }
        } else if month < 12 {
            Self { year, month: month + 1, day: 1 }
        } else {
            Self { year: year + 1, month: 1, day: 1 }
        }
    }

    /// How many days it is after 1 January 2019: so often it is the next one.
    fn number(self) -> i64 {
        let mut date = EPOCH;
        let mut number = 0;
        while date < self {
            date = date.next();
            number += 1;
        }
        number
    }
}

/// Of so many days after 1 January 2019, the date.
fn date_of_number(number: i64) -> Date {
    (0..number).fold(EPOCH, |date, _| date.next())
}

impl Clock {
    fn ahead(&self, at: i64) -> i64 {
        self.0.iter().rev().find(|(from, _)| *from <= at).unwrap_or(&self.0[0]).1
    }

    /// What the clock shows at an instant: the date, and the microseconds since its 00:00.
    pub fn shows(&self, at: i64) -> (Date, i64) {
        let local = at + self.ahead(at);
        (date_of_number(local.div_euclid(DAY)), local.rem_euclid(DAY))
    }

    /// The instant at which it shows a time of a date, where it shows it just once.
    pub fn instant(&self, date: Date, time: i64) -> i64 {
        let local = date.number() * DAY + time;
        let candidates = self.0.iter().map(|(_, ahead)| local - ahead);
        candidates.into_iter().find(|at| at + self.ahead(*at) == local).expect("a time that the clock shows")
    }

    /// When a date begins.
    pub fn midnight(&self, date: Date) -> i64 {
        self.instant(date, 0)
    }

    /// The whole hour at or before an instant.
    pub fn floor_to_hour(&self, at: i64) -> i64 {
        let (_, time) = self.shows(at);
        at - time % HOUR
    }

    /// The whole hour at or after an instant.
    pub fn next_whole_hour(&self, at: i64) -> i64 {
        let floor = self.floor_to_hour(at);
        if floor == at { at } else { floor + HOUR }
    }

    /// The end of an order, which in the last second of a day is the midnight after.
    pub fn counted_end(&self, end: i64) -> i64 {
        let midnight = self.midnight(self.shows(end).0.next());
        if midnight - end <= 1_000_000 { midnight } else { end }
    }
}
