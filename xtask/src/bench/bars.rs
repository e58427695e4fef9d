//! The bars: what is measured, beside what, and how dear it may be (`benches/bars.toml`).

use super::criterion::Figures;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// One bar, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bar {
    /// What it is about.
    pub(crate) what: String,
    /// The bench that is held to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ours: Option<String>,
    /// What one of the bench's elements is called, where the bar is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) per: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<Peer>,
    /// The time that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) most_ns: Option<f64>,
    /// How many there have to be in a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) least_per_second: Option<f64>,
    /// How many times faster than the peer it has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) least_ratio: Option<f64>,
    /// How many times the time of the peer it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) most_times_peer: Option<f64>,
    /// What it waits for, where it can not be measured yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) later: Option<String>,
}

/// What it is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Peer {
    /// A bench of the same run.
    Measured { name: String, bench: String },
    /// A figure of another program.
    Stated { name: String, ns: f64 },
}

impl Peer {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Measured { name, .. } | Self::Stated { name, .. } => name,
        }
    }

    pub(crate) fn is_stated(&self) -> bool {
        matches!(self, Self::Stated { .. })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bar: Vec<Bar>,
}

/// Reads the bars.
///
/// # Errors
/// Where the file is not of its form, or a bar says too little or contradicts itself.
pub(crate) fn read(text: &str) -> Result<Vec<Bar>> {
    let File { bar: bars } = toml::from_str(text)?;
    for bar in &bars {
        bar.check().with_context(|| format!("the bar `{}`", bar.what))?;
    }
    Ok(bars)
}

/// A bar beside what was measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    /// Our time, of one element where the bar is of one.
    pub(crate) ours: Option<f64>,
    pub(crate) peer: Option<f64>,
    pub(crate) ruling: Ruling,
}

/// What became of a bar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ruling {
    Passed,
    /// By what share of the time allowed it took longer.
    MissedBy(f64),
    /// A figure is missing: which.
    NotMeasured(String),
    /// It waits for something.
    Later(String),
}

impl Bar {
    fn check(&self) -> Result<()> {
        if self.ours.is_some() == self.later.is_some() {
            bail!("needs either `ours` or `later`");
        }
        if (self.least_ratio.is_some() || self.most_times_peer.is_some()) && self.peer.is_none() {
            bail!("is beside a peer and names none: give it a `peer`");
        }
        let limits = self.limits();
        if limits.is_empty() || limits.iter().any(|limit| !(limit.is_finite() && *limit > 0.0)) {
            bail!("needs `most_ns`, `least_per_second`, `least_ratio` or `most_times_peer`, above 0");
        }
        Ok(())
    }

    fn limits(&self) -> Vec<f64> {
        let limits = [self.most_ns, self.least_per_second, self.least_ratio, self.most_times_peer];
        limits.into_iter().flatten().collect()
    }

    /// The benches that it is told from.
    pub(crate) fn benches(&self) -> impl Iterator<Item = &str> {
        let peer = match &self.peer {
            Some(Peer::Measured { bench, .. }) => Some(bench.as_str()),
            _ => None,
        };
        self.ours.as_deref().into_iter().chain(peer)
    }

    /// Holds what was measured to it.
    pub(crate) fn judge(&self, figures: &Figures) -> Judged {
        let of = |bench: &str| {
            let figure = figures.get(bench).ok_or_else(|| format!("`{bench}`"))?;
            match (&self.per, figure.elements) {
                (None, _) => Ok(figure.median_ns),
                (Some(_), Some(elements)) if elements > 0 => Ok(figure.median_ns / elements as f64),
                (Some(_), _) => Err(format!("`{bench}` does not declare its elements")),
            }
        };
        let ours = self.ours.as_deref().map(of).transpose();
        let peer = match &self.peer {
            None => Ok(None),
            Some(Peer::Stated { ns, .. }) => Ok(Some(*ns)),
            Some(Peer::Measured { bench, .. }) => of(bench).map(Some),
        };
        let ruling = match (&self.later, &ours, &peer) {
            (Some(later), _, _) => Ruling::Later(later.clone()),
            (None, Ok(Some(ours)), Ok(peer)) => self.rule(*ours, *peer),
            // A bar that is not beside its peer can be told without it.
            (None, Ok(Some(ours)), Err(_)) if self.least_ratio.or(self.most_times_peer).is_none() => {
                self.rule(*ours, None)
            }
            (None, Err(why), _) | (None, _, Err(why)) => Ruling::NotMeasured(why.clone()),
            (None, Ok(None), _) => Ruling::NotMeasured("it names no bench".to_owned()),
        };
        Judged { ours: ours.unwrap_or_default(), peer: peer.unwrap_or_default(), ruling }
    }

    fn rule(&self, ours: f64, peer: Option<f64>) -> Ruling {
        let allowed = self.allowed(peer);
        if ours <= allowed { Ruling::Passed } else { Ruling::MissedBy(ours / allowed - 1.0) }
    }

    /// The longest time that meets all of it.
    fn allowed(&self, peer: Option<f64>) -> f64 {
        let by_peer = |limit: Option<f64>, time: fn(f64, f64) -> f64| Some(time(peer?, limit?));
        let limits = [
            self.most_ns,
            self.least_per_second.map(|rate| 1e9 / rate),
            by_peer(self.least_ratio, |peer, ratio| peer / ratio),
            by_peer(self.most_times_peer, |peer, times| peer * times),
        ];
        limits.into_iter().flatten().fold(f64::INFINITY, f64::min)
    }
}

impl Judged {
    /// How many times faster than the peer.
    pub(crate) fn ratio(&self) -> Option<f64> {
        Some(self.peer? / self.ours?)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::criterion::Figure, *};

    const BARS: &str = r#"
        [[bar]]
        what = "a"
        ours = "one"
        peer = { name = "by hand", bench = "hand" }
        most_ns = 100
        least_ratio = 2.5

        [[bar]]
        what = "b"
        ours = "many"
        per = "row"
        peer = { name = "Python", ns = 5_000 }
        least_per_second = 20_000_000

        [[bar]]
        what = "c"
        later = "a binding"
        peer = { name = "by hand", bench = "hand" }
        most_times_peer = 1.3
    "#;

    fn figures(figures: &[(&str, f64, Option<u64>)]) -> Figures {
        let figure = |median_ns, elements| Figure { median_ns, low_ns: median_ns, high_ns: median_ns, elements };
        figures.iter().map(|(bench, median, elements)| ((*bench).to_owned(), figure(*median, *elements))).collect()
    }

    fn judge(measured: &[(&str, f64, Option<u64>)]) -> Vec<Judged> {
        let figures = figures(measured);
        read(BARS).unwrap().iter().map(|bar| bar.judge(&figures)).collect()
    }

    #[test]
    fn a_bar_passes_only_with_all_that_it_asks_for() {
        let [a, b, c] =
            judge(&[("one", 100.0, None), ("hand", 250.0, None), ("many", 50_000.0, Some(1_000))]).try_into().unwrap();
        assert_eq!(a, Judged { ours: Some(100.0), peer: Some(250.0), ruling: Ruling::Passed });
        assert_eq!(a.ratio(), Some(2.5));
        assert_eq!(b, Judged { ours: Some(50.0), peer: Some(5_000.0), ruling: Ruling::Passed });
        assert_eq!(c.ruling, Ruling::Later("a binding".to_owned()));
        assert_eq!((c.ours, c.peer), (None, Some(250.0)));
    }

    #[test]
    fn how_far_it_is_missed_is_a_share_of_the_time_allowed() {
        let ruled = |one: f64, hand: f64| judge(&[("one", one, None), ("hand", hand, None)])[0].ruling.clone();
        assert_eq!(ruled(150.0, 1_000.0), Ruling::MissedBy(0.5), "100 ns are allowed");
        assert_eq!(ruled(80.0, 100.0), Ruling::MissedBy(1.0), "40 ns are allowed: 2.5 times faster than 100");
        let many = &judge(&[("many", 75_000.0, Some(1_000))])[1];
        assert_eq!(many.ruling, Ruling::MissedBy(0.5), "50 ns are 20 million in a second");
    }

    #[test]
    fn the_bound_may_be_the_time_of_the_peer() {
        let mut bar = read(BARS).unwrap().remove(2);
        (bar.later, bar.ours) = (None, Some("one".to_owned()));
        let ruled = |one: f64| bar.judge(&figures(&[("one", one, None), ("hand", 100.0, None)])).ruling;
        assert_eq!((ruled(130.0), ruled(195.0)), (Ruling::Passed, Ruling::MissedBy(0.5)));
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_passes_without_it() {
        let missing = |bench: &str| Ruling::NotMeasured(format!("`{bench}`"));
        let judged = judge(&[("one", 1.0, None)]);
        assert_eq!((&judged[0].ruling, judged[0].ours), (&missing("hand"), Some(1.0)));
        assert_eq!(judged[1].ruling, missing("many"));
        let undeclared = judge(&[("many", 1.0, None)]).remove(1).ruling;
        assert_eq!(undeclared, Ruling::NotMeasured("`many` does not declare its elements".to_owned()));
    }

    #[test]
    fn a_peer_that_is_not_in_the_bar_may_be_missing() {
        let bar = Bar { least_ratio: None, ..read(BARS).unwrap().remove(0) };
        assert_eq!(bar.judge(&figures(&[("one", 100.0, None)])).ruling, Ruling::Passed);
    }

    #[test]
    fn a_bar_that_says_too_little_is_refused() {
        let fault = |bar: &str| format!("{:#}", read(&format!("[[bar]]\nwhat = \"x\"\n{bar}")).unwrap_err());
        assert!(fault("most_ns = 1").contains("either `ours` or `later`"));
        assert!(fault("ours = \"a\"\nlater = \"b\"\nmost_ns = 1").contains("either `ours` or `later`"));
        assert!(fault("ours = \"a\"").contains("needs `most_ns`"));
        assert!(fault("ours = \"a\"\nmost_ns = 0").contains("above 0"));
        assert!(fault("ours = \"a\"\nleast_ratio = 2").contains("give it a `peer`"));
        assert!(fault("ours = \"a\"\nmost = 2").contains("unknown field"));
    }
}
