//! Progress bars; silent where standard error is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// The bar of one step of so many pieces of work.
pub(crate) fn bar(step: &'static str, pieces: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(pieces).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{prefix:>10.cyan.bold} [{bar:32.cyan/blue}] {pos}/{len} {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar.with_prefix(step)
}
