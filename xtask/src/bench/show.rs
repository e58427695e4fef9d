//! The rows of the bars as words, for the terminal and the page.

use super::bars::{Bar, Judged, Ruling};
use super::criterion::Figures;

pub(crate) const HEADER: [&str; 6] = ["what", "ours", "peer", "ratio", "bar", ""];

/// A bar as it stands in a table.
pub(crate) struct Line {
    pub(crate) cells: [String; 6],
    pub(crate) ruling: Ruling,
}

/// All bars.
pub(crate) fn lines(bars: &[Bar], figures: &Figures) -> Vec<Line> {
    let line = |bar: &Bar| {
        let judged = bar.judge(figures);
        let cells =
            [bar.what.clone(), ours(bar, &judged), peer(bar, &judged), ratio(&judged), limit(bar), result(&judged)];
        Line { cells, ruling: judged.ruling }
    };
    bars.iter().map(line).collect()
}

/// How many there are of each.
pub(crate) fn count(lines: &[Line]) -> String {
    let of = |is: fn(&Ruling) -> bool| lines.iter().filter(|line| is(&line.ruling)).count();
    format!(
        "{} bars: {} passed, {} missed, {} not measured, {} of a later part",
        lines.len(),
        of(|ruling| matches!(ruling, Ruling::Passed)),
        of(|ruling| matches!(ruling, Ruling::MissedBy(_))),
        of(|ruling| matches!(ruling, Ruling::NotMeasured(_))),
        of(|ruling| matches!(ruling, Ruling::Later(_))),
    )
}

fn ours(bar: &Bar, judged: &Judged) -> String {
    let Some(ns) = judged.ours else { return "-".to_owned() };
    match (&bar.per, bar.least_per_second) {
        (Some(per), Some(_)) => format!("{} a {per}, {}", time(ns), rate(1e9 / ns)),
        (Some(per), None) => format!("{} a {per}", time(ns)),
        (None, _) => time(ns),
    }
}

fn peer(bar: &Bar, judged: &Judged) -> String {
    let Some(peer) = &bar.peer else { return "-".to_owned() };
    let figure = judged.peer.map_or_else(|| "-".to_owned(), time);
    let stated = if peer.is_stated() { " (stated)" } else { "" };
    format!("{}{stated}: {figure}", peer.name())
}

fn ratio(judged: &Judged) -> String {
    judged.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{} ×", digits(ratio)))
}

fn limit(bar: &Bar) -> String {
    let limits = [
        bar.most_ns.map(|most| format!("≤ {}", time(most))),
        bar.least_per_second.map(|least| format!("≥ {}", rate(least))),
        bar.least_ratio.map(|least| format!("≥ {} ×", digits(least))),
        bar.most_times_peer.map(|most| format!("≤ {} × the peer's time", digits(most))),
    ];
    limits.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn result(judged: &Judged) -> String {
    match &judged.ruling {
        Ruling::Passed => "pass".to_owned(),
        Ruling::MissedBy(share) => format!("missed by {} %", digits(100.0 * share)),
        Ruling::NotMeasured(why) => format!("not measured: {why}"),
        Ruling::Later(what) => format!("later part: {what}"),
    }
}

/// A time with three digits and its unit.
pub(crate) fn time(ns: f64) -> String {
    let (unit, size) = [("s", 1e9), ("ms", 1e6), ("µs", 1e3)]
        .into_iter()
        .find(|(_, size)| rounded(ns) >= *size)
        .unwrap_or(("ns", 1.0));
    format!("{} {unit}", digits(ns / size))
}

/// A number in a second.
fn rate(per_second: f64) -> String {
    let (unit, size) =
        [(" M", 1e6), (" k", 1e3)].into_iter().find(|(_, size)| rounded(per_second) >= *size).unwrap_or(("", 1.0));
    format!("{}{unit}/s", digits(per_second / size))
}

/// Three digits, more only before the point; no zeros at the end of a fraction.
pub(crate) fn digits(number: f64) -> String {
    let number = rounded(number);
    let places = match number.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let text = format!("{number:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn rounded(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::{super::record::samples::record, *};

    #[test]
    fn times_have_three_digits_and_a_unit() {
        let times = [0.2345, 40.0, 150.0, 999.6, 1_288.2, 14_900_000.0, 2.5e9].map(time);
        assert_eq!(times, ["0.234 ns", "40 ns", "150 ns", "1 µs", "1.29 µs", "14.9 ms", "2.5 s"]);
        assert_eq!([25e6, 0.2e6, 12.0].map(rate), ["25 M/s", "200 k/s", "12/s"]);
        assert_eq!([1234.0, 50.04, 2.5, 0.05].map(digits), ["1230", "50", "2.5", "0.05"]);
    }

    #[test]
    fn a_bar_is_a_line_with_what_became_of_it() {
        let record = record();
        let lines = lines(&record.bars, &record.benches);
        let cells: Vec<_> = lines.iter().map(|line| line.cells.each_ref().map(String::as_str)).collect();
        assert_eq!(cells[0], ["a day", "120 ns", "Python (stated): 15 µs", "125 ×", "≤ 150 ns", "pass"]);
        let bulk =
            ["rows | in bulk", "50 ns a row, 20 M/s", "by hand: 200 ns", "4 ×", "≥ 25 M/s, ≥ 2 ×", "missed by 25 %"];
        assert_eq!(cells[1], bulk);
        assert_eq!(cells[2], ["tiers", "-", "-", "-", "≤ 40 ns", "not measured: `tiers`"]);
        assert_eq!(cells[3][4..], ["≤ 1.3 × the peer's time", "later part: the Python binding"]);
        assert_eq!(count(&lines), "4 bars: 1 passed, 1 missed, 1 not measured, 1 of a later part");
    }
}
