//! What Criterion found, as it keeps it: `<id>/new/benchmark.json` and `estimates.json` in its folder.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::SystemTime,
};

/// The figures of benches, by their ids.
pub(crate) type Figures = BTreeMap<String, Figure>;

/// What one run of a bench takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figure {
    pub(crate) median_ns: f64,
    /// The ends of the interval that the median lies in with a confidence of 95 %.
    pub(crate) low_ns: f64,
    pub(crate) high_ns: f64,
    /// How many things are done in a run, where the bench says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) elements: Option<u64>,
}

/// The figures in a folder, and which of them were there before.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) figures: Figures,
    /// The ids of those that are older than was asked for.
    pub(crate) earlier: BTreeSet<String>,
}

impl Found {
    /// Only those that are not: others may be of code that is no more.
    pub(crate) fn without_earlier(mut self) -> Self {
        let earlier = std::mem::take(&mut self.earlier);
        self.figures.retain(|id, _| !earlier.contains(id));
        self
    }
}

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
    throughput: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

/// Reads all figures below a folder; a folder that does not exist has none.
///
/// # Errors
/// Where a file can not be read or is not Criterion's.
pub(crate) fn read(folder: &Path, since: SystemTime) -> Result<Found> {
    let mut found = Found::default();
    if folder.is_dir() {
        walk(folder, since, &mut found)?;
    }
    Ok(found)
}

fn walk(folder: &Path, since: SystemTime, found: &mut Found) -> Result<()> {
    let (benchmark, estimates) = (folder.join("new/benchmark.json"), folder.join("new/estimates.json"));
    if benchmark.is_file() && estimates.is_file() {
        let text = |path: &Path| fs::read_to_string(path).with_context(|| format!("`{}`", path.display()));
        let (id, figure) = figure(&text(&benchmark)?, &text(&estimates)?)
            .with_context(|| format!("`{}` is not what Criterion writes", folder.display()))?;
        if fs::metadata(&estimates)?.modified()? < since {
            found.earlier.insert(id.clone());
        }
        found.figures.insert(id, figure);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("`{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, since, found)?;
        }
    }
    Ok(())
}

/// A bench's id and figure, by the two files.
fn figure(benchmark: &str, estimates: &str) -> Result<(String, Figure)> {
    let Benchmark { full_id, throughput } = serde_json::from_str(benchmark)?;
    let Estimates { median: Estimate { point_estimate, confidence_interval } } = serde_json::from_str(estimates)?;
    let figure = Figure {
        median_ns: rounded(point_estimate),
        low_ns: rounded(confidence_interval.lower_bound),
        high_ns: rounded(confidence_interval.upper_bound),
        elements: throughput.and_then(|throughput| throughput.get("Elements")?.as_u64()),
    };
    Ok((full_id, figure))
}

/// To four digits: more are noise, and make every line of a committed file another one.
pub(super) fn rounded(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const ESTIMATES: &str = r#"{
        "mean": {"confidence_interval":{"confidence_level":0.95,"lower_bound":1,"upper_bound":2},"point_estimate":1.5,"standard_error":1},
        "median": {"confidence_interval":{"confidence_level":0.95,"lower_bound":1271.1060,"upper_bound":1297.51342},"point_estimate":1288.2272,"standard_error":7.01}
    }"#;

    fn benchmark(id: &str, throughput: &str) -> String {
        format!(
            r#"{{"group_id":"g","function_id":null,"value_str":null,"throughput":{throughput},"full_id":"{id}","directory_name":"d","title":"t"}}"#
        )
    }

    #[test]
    fn the_median_and_its_interval_are_read() {
        let expected = Figure { median_ns: 1288.0, low_ns: 1271.0, high_ns: 1298.0, elements: None };
        assert_eq!(figure(&benchmark("a: b", "null"), ESTIMATES).unwrap(), ("a: b".to_owned(), expected.clone()));
        let (_, many) = figure(&benchmark("a", r#"{"Elements":2500000}"#), ESTIMATES).unwrap();
        assert_eq!(many, Figure { elements: Some(2_500_000), ..expected.clone() });
        let (_, bytes) = figure(&benchmark("a", r#"{"Bytes":10}"#), ESTIMATES).unwrap();
        assert_eq!(bytes, expected);
        assert!(figure("{}", ESTIMATES).is_err() && figure(&benchmark("a", "null"), "{}").is_err());
    }

    #[test]
    fn figures_have_four_digits() {
        let rounded = [0.123_449, 1_288.227, 835_768_789.0, 0.0].map(super::rounded);
        assert_eq!(rounded, [0.1234, 1_288.0, 835_800_000.0, 0.0]);
    }

    #[test]
    fn a_folder_is_read_with_its_groups_and_without_the_baselines() {
        let folder = std::env::temp_dir().join(format!("counterfoil-xtask-{}", std::process::id()));
        for (path, id) in [("one/new", "one"), ("one/base", "older"), ("group/two/new", "group/two"), ("report", "")] {
            fs::create_dir_all(folder.join(path)).unwrap();
            if !id.is_empty() {
                fs::write(folder.join(path).join("benchmark.json"), benchmark(id, "null")).unwrap();
                fs::write(folder.join(path).join("estimates.json"), ESTIMATES).unwrap();
            }
        }
        let ids = |found: &Figures| found.keys().cloned().collect::<Vec<_>>();
        let fresh = read(&folder, SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!((ids(&fresh.figures), fresh.earlier.len()), (vec!["group/two".to_owned(), "one".to_owned()], 0));
        let old = read(&folder, SystemTime::now() + Duration::from_secs(3_600)).unwrap();
        assert_eq!((old.figures.len(), old.earlier.len()), (2, 2));
        fs::remove_dir_all(&folder).unwrap();
        assert!(read(&folder, SystemTime::UNIX_EPOCH).unwrap().figures.is_empty());
    }
}
