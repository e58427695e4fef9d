//! Tables for notebooks.

/// How many rows of a long table are shown.
pub(crate) const SHOWN: usize = 100;

/// A table with a header, and below it a line that says what is left out.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    below: Option<&str>,
) -> String {
    let row = |cell: &str, cells: &[String]| {
        let cells: String = cells.iter().map(|text| format!("<{cell}>{}</{cell}>", escaped(text))).collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = rows.into_iter().take(SHOWN).map(|cells| row("td", &cells)).collect();
    let below = below.map(|text| format!("<caption>{}</caption>", escaped(text))).unwrap_or_default();
    format!("<table>{below}<thead>{}</thead><tbody>{rows}</tbody></table>", row("th", &header.map(str::to_owned)))
}

/// The line below a table of so many rows, where some are not shown.
pub(crate) fn more(rows: impl std::fmt::Display, shown: bool) -> Option<String> {
    (!shown).then(|| format!("the first {SHOWN} of {rows}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
