//! Faults of serde, said as the house says them: with the name that was meant.

use crate::error::excerpt;

/// A fault about a name that is not known, with the nearest that is; any other as it is.
pub(super) fn with_nearest(message: &str) -> String {
    let named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let what = ["unknown field", "unknown variant"].into_iter().find(|what| message.starts_with(what));
    let (Some(what), Some((unknown, known))) = (what, named.split_first()) else {
        return excerpt(message);
    };
    let what = if what == "unknown field" { "member" } else { "value" };
    let unknown = excerpt(unknown);
    match nearest(&unknown, known) {
        Some(nearest) => format!("no {what} `{unknown}`: did you mean `{nearest}`?"),
        None => format!("no {what} `{unknown}`: there are `{}`", known.join("`, `")),
    }
}

/// The known name that is fewest edits away, if those are few for its length.
fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let likely = |name: &&str| {
        let edits = edits(unknown, name);
        (edits <= name.chars().count().div_ceil(3)).then_some(edits)
    };
    known.iter().filter_map(|name| Some((likely(name)?, *name))).min().map(|(_, name)| name)
}

/// How many letters have to be put in, taken out or exchanged.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (done, letter) in from.chars().enumerate() {
        let mut left = done.saturating_add(1);
        let mut next = vec![left];
        for (corner, (above, other)) in row.iter().zip(row.iter().skip(1).zip(&to)) {
            let exchanged = corner.saturating_add(usize::from(letter != *other));
            left = exchanged.min(left.saturating_add(1)).min(above.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        for (from, to, wanted) in
            [("", "abc", 3), ("abc", "", 3), ("price", "prize", 1), ("kitten", "sitting", 3), ("x", "x", 0)]
        {
            assert_eq!(edits(from, to), wanted, "{from} {to}");
        }
        let of =
            |unknown: &str| with_nearest(&format!("unknown field `{unknown}`, expected one of `price`, `per`, `part`"));
        assert_eq!(of("prize"), "no member `prize`: did you mean `price`?");
        assert_eq!(of("colour"), "no member `colour`: there are `price`, `per`, `part`");
        assert_eq!(with_nearest("missing field `kind`"), "missing field `kind`");
        assert_eq!(
            with_nearest("unknown variant `volumes`, expected one of `per_unit`, `volume`"),
            "no value `volumes`: did you mean `volume`?"
        );
    }
}
