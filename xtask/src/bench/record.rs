//! What is kept of a run: `docs/performance.json`, of which the page is written and nothing else.

use super::{bars::Bar, criterion::Figures};
use crate::{machine::Machine, workspace::Workspace};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

pub(crate) const PATH: &str = "docs/performance.json";

/// All that is known of what things cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// What the benches ran on; none before the first run.
    pub(crate) machine: Option<Machine>,
    /// The bars as they were then.
    pub(crate) bars: Vec<Bar>,
    /// All benches.
    pub(crate) benches: Figures,
    /// How cost grows; none before the first run.
    pub(crate) growth: Option<Growth>,
}

/// What a row costs, by the number of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Growth {
    pub(crate) machine: Machine,
    /// The most memory that the measuring process had; all curves were measured in one.
    pub(crate) peak_memory_mib: Option<u64>,
    pub(crate) curves: Vec<Curve>,
}

/// One thing that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Curve {
    pub(crate) name: String,
    /// What is timed, and on which rows.
    pub(crate) what: String,
    pub(crate) points: Vec<Point>,
}

/// A number of rows in a number of threads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Point {
    pub(crate) rows: u64,
    pub(crate) threads: usize,
    pub(crate) ns_per_row: f64,
    /// Of how many timings this is the median.
    pub(crate) timings: u32,
}

impl Record {
    /// The one that is kept; an empty one where there is none yet.
    ///
    /// # Errors
    /// Where it can not be read or is not of its form.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        match workspace.root().join(PATH).is_file() {
            true => Self::parse(&workspace.read(PATH)?),
            false => Ok(Self::default()),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).with_context(|| format!("`{PATH}` is not what `cargo xtask bench` writes"))
    }

    /// As it stands in its file.
    ///
    /// # Errors
    /// None: every figure is finite.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Curve {
    /// The points of a number of threads, by their rows.
    pub(crate) fn of(&self, threads: usize) -> Vec<&Point> {
        let mut points: Vec<_> = self.points.iter().filter(|point| point.threads == threads).collect();
        points.sort_by_key(|point| point.rows);
        points
    }

    /// The numbers of threads, each once and in order.
    pub(crate) fn threads(&self) -> Vec<usize> {
        let mut threads: Vec<_> = self.points.iter().map(|point| point.threads).collect();
        threads.sort();
        threads.dedup();
        threads
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::{
        super::{bars, criterion::Figure},
        *,
    };

    pub(crate) fn machine() -> Machine {
        Machine {
            cpu: Some("Some CPU".to_owned()),
            cores: Some(2),
            memory_gib: Some(24),
            system: "linux x86_64".to_owned(),
            rustc: "1.95.0".to_owned(),
            load_before: Some(0.25),
        }
    }

    /// A record in which one bar is passed, one missed, one not measured and one of later.
    pub(crate) fn record() -> Record {
        let bars = r#"
            [[bar]]
            what = "a day"
            ours = "day"
            peer = { name = "Python", ns = 15_000 }
            most_ns = 150

            [[bar]]
            what = "rows | in bulk"
            ours = "bulk/rows"
            per = "row"
            peer = { name = "by hand", bench = "bulk/by hand" }
            least_per_second = 25_000_000
            least_ratio = 2

            [[bar]]
            what = "tiers"
            ours = "tiers"
            most_ns = 40

            [[bar]]
            what = "from Python"
            later = "the Python binding"
            peer = { name = "by hand", bench = "bulk/by hand" }
            most_times_peer = 1.3
        "#;
        let figure = |median_ns: f64, elements| Figure {
            median_ns,
            low_ns: median_ns * 0.75,
            high_ns: median_ns * 1.25,
            elements,
        };
        let benches = [
            ("day", figure(120.0, None)),
            ("bulk/rows", figure(50_000.0, Some(1_000))),
            ("bulk/by hand", figure(200_000.0, Some(1_000))),
        ];
        let point = |rows, threads, ns_per_row| Point { rows, threads, ns_per_row, timings: 7 };
        Record {
            machine: Some(machine()),
            bars: bars::read(bars).unwrap(),
            benches: benches.into_iter().map(|(id, figure)| (id.to_owned(), figure)).collect(),
            growth: Some(Growth {
                machine: machine(),
                peak_memory_mib: Some(64),
                curves: vec![Curve {
                    name: "rows".to_owned(),
                    what: "each row once".to_owned(),
                    points: vec![
                        point(10_000, 1, 50.0),
                        point(10_000, 2, 40.0),
                        point(100_000_000, 1, 52.0),
                        point(100_000_000, 2, 26.0),
                    ],
                }],
            }),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for record in [record(), Record::default()] {
            let text = record.text().unwrap();
            assert_eq!(Record::parse(&text).unwrap(), record);
            assert_eq!(Record::parse(&text).unwrap().text().unwrap(), text);
        }
        assert!(Record::parse("{}").is_err());
    }
}
