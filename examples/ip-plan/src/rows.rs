//! Rows of a portal from a file: `id,range,status,asn,owner`.

use crate::args::Rows;
use anyhow::{Context, Result, bail};
use counterfoil::{
    error::Error,
    ipam::{Address, Family, Row},
};
use serde::Deserialize;
use std::path::Path;

/// The most faults of a file that are shown.
const SHOWN: usize = 20;

/// A line as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    range: String,
    status: String,
    asn: Option<u32>,
    owner: Option<String>,
}

impl Rows {
    /// The rows that are there: of the file, or none.
    ///
    /// # Errors
    /// As [`read`].
    pub(crate) fn read<A: Address>(&self) -> Result<Vec<Row<A>>> {
        self.rows.as_deref().map_or_else(|| Ok(Vec::new()), read)
    }
}

/// The family of a file: that of its first row.
///
/// # Errors
/// Where it can not be read.
pub(crate) fn family(path: &Path) -> Result<Family> {
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can not be read", path.display()))?;
    let first = reader(&text).into_deserialize::<Line>().find_map(Result::ok);
    Ok(Family::of(first.as_ref().map_or("", |line| &line.range)))
}

/// The rows of a file.
///
/// # Errors
/// Where it can not be read, or a line is wrong: all of them are told, with their places and codes.
pub(crate) fn read<A: Address>(path: &Path) -> Result<Vec<Row<A>>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can not be read", path.display()))?;
    parse(&text, &path.display().to_string())
}

/// The rows of a text.
///
/// # Errors
/// As [`read`].
pub(crate) fn parse<A: Address>(text: &str, name: &str) -> Result<Vec<Row<A>>> {
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for line in reader(text).into_deserialize::<Line>() {
        match line {
            Ok(line) => match row(&line) {
                Ok(row) => rows.push(row),
                Err(error) => faults.push(format!("{name}: row `{}`: {error} ({})", line.id, error.code())),
            },
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    if !faults.is_empty() {
        let more = faults.len().saturating_sub(SHOWN);
        faults.truncate(SHOWN);
        if more > 0 {
            faults.push(format!("{name}: … {more} more"));
        }
        bail!("{}", faults.join("\n"));
    }
    Ok(rows)
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes())
}

fn row<A: Address>(line: &Line) -> Result<Row<A>, Error> {
    Ok(Row {
        id: line.id.clone(),
        range: line.range.parse()?,
        status: line.status.parse()?,
        asn: line.asn,
        owner: line.owner.clone().filter(|owner| !owner.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil::ipam::{Ipv4, RowStatus};

    #[test]
    fn a_line_is_a_row_and_every_fault_is_told() {
        let rows: Vec<Row<Ipv4>> = parse(
            "id,range,status,asn,owner\na,10.0.0.0/24,assigned,64500,lab\nb,10.0.1.1-10.0.1.9/24,wait,,\n",
            "rows",
        )
        .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].status, rows[1].asn, rows[1].owner.as_deref()), (RowStatus::Wait, None, None));

        let text =
            "id,range,status,asn,owner\na,10.0.0.1/24,wait,,\nb,::/0,wait,,\nc,10.0.0.0/24,sold,,\nd,10.0.0.0/24\n";
        let error = parse::<Ipv4>(text, "rows").unwrap_err().to_string();
        for expected in ["`a`", "(ipam.host_bits)", "`b`", "(ipam.mixed_families)", "`c`", "(ipam.unknown_word)"] {
            assert!(error.contains(expected), "{expected} in {error}");
        }
        assert_eq!(error.lines().count(), 4);
    }
}
