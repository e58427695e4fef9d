//! What a change in the middle of a period costs (R-P8 … R-P11), day by day and hour by hour.

use crate::{
    calendar::{Clock, DAY, Date, HOUR, days_in_month},
    number::{Fraction, ratio, whole, zero},
    rounding,
};

/// From when to when an order runs, which one changes at an instant inside of it: what is left of it (R-P8). From the
/// next whole hour on; what was bought on the same date, from the next 00:00 on.
pub fn left_of_order(clock: &Clock, (start, end): (i64, i64), at: i64) -> (i64, i64) {
    let (today, _) = clock.shows(at);
    let bought_today = clock.shows(start).0 == today;
    let from = if bought_today { clock.midnight(today.next()) } else { clock.next_whole_hour(at) };
    let end = clock.counted_end(end);
    (from.min(end), end)
}

/// Σ over the days of what of them is inside, ÷ the days of their month (R-P8, R-T5).
pub fn natural_months(clock: &Clock, (from, end): (i64, i64)) -> Fraction {
    let mut months = zero();
    let (mut date, _) = clock.shows(from);
    while clock.midnight(date) < end {
        let (midnight, next) = (clock.midnight(date), clock.midnight(date.next()));
        let inside = end.min(next) - from.max(midnight);
        months += ratio(inside, next - midnight) / whole(days_in_month(date.year, date.month));
        date = date.next();
    }
    months
}

/// The same in months of 30 × 24 hours.
pub fn months_of_30_days((from, end): (i64, i64)) -> Fraction {
    ratio(end - from, 30 * DAY)
}

/// What a change costs: (new − old) × discount × months, rounded once.
pub fn net(
    old: &Fraction,
    new: &Fraction,
    discount: &Fraction,
    months: &Fraction,
    step: &Fraction,
    mode: &str,
) -> Fraction {
    rounding::round(&((new - old) * discount * months), step, mode)
}

/// The same, where the credit for the old one and the charge for the new one are each rounded.
pub fn legs(
    old: &Fraction,
    new: &Fraction,
    discount: &Fraction,
    months: &Fraction,
    step: &Fraction,
    mode: &str,
) -> Fraction {
    let leg = |price: &Fraction| rounding::round(&(price * discount * months), step, mode);
    leg(new) - leg(old)
}

/// What the cycles of a plan, each from when to when at what price, are still worth (R-P9), by a clock that is never
/// moved: the whole days left of the running one, and those ahead in full; floored to the cent.
pub fn plan_left(cycles: &[(i64, i64, Fraction)], now: i64) -> Fraction {
    let mut left = zero();
    for (start, end, price) in cycles {
        if now < *start {
            left += price;
        } else if now < *end {
            let mut days = 0;
            while now + (days + 1) * DAY <= *end {
                days += 1;
            }
            let length = rounding::round(&ratio(end - start, DAY), &whole(1), "half_up");
            left += whole(days).min(length.clone()) / length * price;
        }
    }
    rounding::round(&left, &ratio(1, 100), "floor")
}

/// The hours of an order and those of them that are used at an instant (R-P10), counted one by one.
pub fn hours(clock: &Clock, (start, end): (i64, i64), at: i64) -> (i64, i64) {
    let count = |until: i64| {
        let mut hours = 0;
        let mut hour = clock.floor_to_hour(start);
        while hour + HOUR <= until {
            hours += 1;
            hour += HOUR;
        }
        hours
    };
    let ordered = count(clock.floor_to_hour(clock.counted_end(end)));
    (if at == end { ordered } else { count(clock.floor_to_hour(at)) }, ordered)
}

/// The same by dates: that of the start counts, that of the end does not.
pub fn days(clock: &Clock, (start, end): (i64, i64), at: i64) -> (i64, i64) {
    let count = |until: Date| {
        let (mut date, mut days) = (clock.shows(start).0, 0);
        while date < until {
            date = date.next();
            days += 1;
        }
        days
    };
    let ordered = count(clock.shows(clock.counted_end(end)).0);
    (if at == end { ordered } else { count(clock.shows(at).0) }, ordered)
}

/// In which year of its use an order is (R-P10): a year is over when date and time come round again, on the last day of
/// a month that has no such date; that instant belongs to it.
pub fn year_of_use(clock: &Clock, start: i64, at: i64) -> i64 {
    let (date, time) = clock.shows(start);
    let mut year = 1;
    loop {
        let later = date.year + year;
        let day = date.day.min(days_in_month(later, date.month));
        if at <= clock.instant(Date { year: later, day, ..date }, time) {
            return year;
        }
        year += 1;
    }
}

/// The share of the fee in percent, by the years of an order (0 for a monthly one) and the year of its use (R-P10).
pub fn fee_percent(years: i64, year: i64) -> Option<i64> {
    match (years, year) {
        (0, _) | (1, 1) => Some(10),
        (2, 1) | (3, 1) => Some(15),
        (2, 2) | (3, 2) => Some(10),
        (3, 3) => Some(5),
        _ => None,
    }
}

/// max(0, paid − paid × used ÷ ordered − paid × fee), truncated to the cent (R-P10).
pub fn refund(paid: &Fraction, (used, ordered): (i64, i64), fee: &Fraction) -> Fraction {
    let left = paid - paid * ratio(used, ordered) - paid * fee;
    rounding::round(&left.max(zero()), &ratio(1, 100), "down")
}

/// The price of a month for the days that are left of it, today counted (R-P11).
pub fn to_month_end(clock: &Clock, price: &Fraction, at: i64, step: &Fraction, mode: &str) -> Fraction {
    let (today, _) = clock.shows(at);
    let (mut date, mut days) = (today, 0);
    while (date.year, date.month) == (today.year, today.month) {
        days += 1;
        date = date.next();
    }
    rounding::round(&(price * ratio(days, days_in_month(today.year, today.month))), step, mode)
}
