use super::Month;
use crate::{error::StatementError, exact::Exact};
use std::{collections::BTreeMap, fmt, ops::RangeInclusive};

/// How much there was of something in a month: the size of a bucket at its end, what an owner used.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendPoint<K> {
    /// Of what: a bucket, an owner, an owner and a unit.
    pub subject: K,
    /// The month.
    pub month: Month,
    /// How much.
    pub size: Exact,
}

/// How much there was of something in a month, against the month before.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendRow<K> {
    /// Of what.
    pub subject: K,
    /// The month.
    pub month: Month,
    /// How much; none where it went.
    pub size: Option<Exact>,
    /// How that differs from the month before.
    pub change: TrendChange,
}

/// How something differs from the month before.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrendChange {
    /// The month before is not among those that are looked at.
    Unknown,
    /// It was not there the month before.
    Came,
    /// It was there the month before, so large, and is not any more.
    Went {
        /// How much there was.
        before: Exact,
    },
    /// It was there and is.
    Stayed {
        /// How much more there is, or less.
        difference: Exact,
        /// That as a share of what there was; none where there was nothing.
        ratio: Option<Exact>,
    },
}

/// A row for each subject and month in which it was there or had just gone, by subject and month.
///
/// A subject that has no point in a month was not there; one whose size is 0 was.
///
/// # Errors
/// `statement.months_reversed`; `statement.month_outside` for a point of another month;
/// `statement.repeated_month` for a second point of a subject and month; `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::statement::{Month, TrendChange, TrendPoint, trend};
///
/// let month = |text: &str| text.parse::<Month>();
/// let point = |subject, at: &str, size: i64| Ok::<_, counterfoil::error::Error>(
///     TrendPoint { subject, month: month(at)?, size: size.into() }
/// );
/// let points = [point("logs", "2024-01", 40)?, point("logs", "2024-02", 50)?, point("photos", "2024-02", 8)?];
/// let rows = trend(month("2024-01")?..=month("2024-03")?, points)?;
/// assert_eq!(rows[0].change, TrendChange::Unknown);
/// assert_eq!(rows[1].change, TrendChange::Stayed { difference: 10.into(), ratio: Some("0.25".parse()?) });
/// assert_eq!((rows[2].month.to_string(), &rows[2].change), ("2024-03".into(), &TrendChange::Went { before: 50.into() }));
/// assert_eq!((rows[3].subject, &rows[3].change), ("photos", &TrendChange::Came));
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S3
pub fn trend<K: Ord + Clone + fmt::Display>(
    months: RangeInclusive<Month>,
    points: impl IntoIterator<Item = TrendPoint<K>>,
) -> Result<Vec<TrendRow<K>>, StatementError> {
    let (first, last) = (*months.start(), *months.end());
    if last < first {
        return Err(StatementError::MonthsReversed { first: first.to_string(), last: last.to_string() });
    }
    let mut subjects: BTreeMap<K, BTreeMap<Month, Exact>> = BTreeMap::new();
    for TrendPoint { subject, month, size } in points {
        if !months.contains(&month) {
            let (month, first, last) = (month.to_string(), first.to_string(), last.to_string());
            return Err(StatementError::MonthOutside { month, first, last });
        }
        let shown = subject.to_string();
        if subjects.entry(subject).or_default().insert(month, size).is_some() {
            return Err(StatementError::RepeatedMonth { subject: shown, month: month.to_string() });
        }
    }
    let mut rows = Vec::new();
    for (subject, sizes) in subjects {
        for (month, size) in &sizes {
            let change = match sizes.get(&month.plus(-1).unwrap_or(*month)) {
                _ if *month == first => TrendChange::Unknown,
                None => TrendChange::Came,
                Some(before) => TrendChange::stayed(before, size)?,
            };
            rows.push(TrendRow { subject: subject.clone(), month: *month, size: Some(size.clone()), change });
            if *month == last {
                continue;
            }
            let next = month.plus(1)?;
            if !sizes.contains_key(&next) {
                let change = TrendChange::Went { before: size.clone() };
                rows.push(TrendRow { subject: subject.clone(), month: next, size: None, change });
            }
        }
    }
    Ok(rows)
}

impl TrendChange {
    fn stayed(before: &Exact, size: &Exact) -> Result<Self, StatementError> {
        let difference = size.minus(before)?;
        let ratio = if before.is_zero() { None } else { Some(difference.divided_by(&absolute(before)?)?) };
        Ok(Self::Stayed { difference, ratio })
    }

    /// The name, as `stayed`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Came => "came",
            Self::Went { .. } => "went",
            Self::Stayed { .. } => "stayed",
        }
    }
}

/// The number without its sign.
pub(super) fn absolute(value: &Exact) -> Result<Exact, StatementError> {
    Ok(if value.is_negative() { value.negated()? } else { value.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn point(subject: &'static str, at: &str, size: i64) -> TrendPoint<&'static str> {
        TrendPoint { subject, month: month(at), size: size.into() }
    }

    fn shown(points: &[TrendPoint<&'static str>]) -> Vec<String> {
        let rows = trend(month("2023-12")..=month("2024-03"), points.iter().cloned()).unwrap();
        let size = |row: &TrendRow<_>| row.size.as_ref().map_or("-".to_owned(), ToString::to_string);
        rows.iter().map(|row| format!("{} {} {} {}", row.subject, row.month, size(row), row.change.name())).collect()
    }

    #[test]
    fn buckets_come_stay_and_go() {
        // R-S3
        let points = [point("b", "2024-01", 7), point("b", "2023-12", 7), point("b", "2024-03", 0)];
        assert_eq!(
            shown(&points),
            ["b 2023-12 7 unknown", "b 2024-01 7 stayed", "b 2024-02 - went", "b 2024-03 0 came"]
        );
        assert_eq!(shown(&[]), [""; 0]);
    }

    #[test]
    fn a_change_is_a_share_of_what_there_was() {
        let change = |before: i64, now: i64| match TrendChange::stayed(&before.into(), &now.into()).unwrap() {
            TrendChange::Stayed { difference, ratio } => (difference.to_string(), ratio.map(|ratio| ratio.to_string())),
            other => panic!("{other:?}"),
        };
        assert_eq!(change(3, 4), ("1".into(), Some("1/3".into())));
        assert_eq!(change(4, 0), ("-4".into(), Some("-1".into())));
        assert_eq!(change(0, 4), ("4".into(), None));
        assert_eq!(change(-4, -2), ("2".into(), Some("0.5".into())));
    }

    #[test]
    fn faults_have_their_codes() {
        let code = |from, to, points: &[TrendPoint<&'static str>]| {
            trend(month(from)..=month(to), points.iter().cloned()).map_err(|error| error.code())
        };
        assert_eq!(code("2024-02", "2024-01", &[]), Err("statement.months_reversed"));
        assert_eq!(code("2024-01", "2024-02", &[point("b", "2024-03", 1)]), Err("statement.month_outside"));
        let twice = [point("b", "2024-01", 1), point("b", "2024-01", 2)];
        assert_eq!(code("2024-01", "2024-02", &twice), Err("statement.repeated_month"));
        // The first and the last month of all have no neighbour to fall over.
        assert_eq!(code("0001-01", "9999-12", &[point("b", "0001-01", 1), point("b", "9999-12", 1)]).unwrap().len(), 3);
    }
}
