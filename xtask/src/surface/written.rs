//! Where the lines of an example end.

/// Where an example stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// The longest line.
    pub(super) width: usize,
    /// How far what is inside of something is indented.
    pub(super) indent: usize,
}

/// Something in a language, in one line or in several.
pub(super) enum Written {
    Text(String),
    /// Between an opening and a closing several, each with what stands before it. A space at the inner end of one is for
    /// a single line.
    Of {
        open: String,
        items: Vec<(String, Written)>,
        close: &'static str,
    },
}

impl Written {
    pub(super) fn in_a_line(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Of { open, items, close } => {
                let items: Vec<_> =
                    items.iter().map(|(before, item)| format!("{before}{}", item.in_a_line())).collect();
                format!("{open}{}{close}", items.join(", "))
            }
        }
    }

    /// As a formatter lays it out: what does not fit in a line has a line for each of its items.
    pub(super) fn lines(&self, before: &str, after: &str, depth: usize, page: Page, into: &mut Vec<String>) {
        let indent = " ".repeat(page.indent * depth);
        let line = format!("{indent}{before}{}{after}", self.in_a_line());
        match self {
            Self::Of { open, items, close } if line.chars().count() > page.width && !items.is_empty() => {
                into.push(format!("{indent}{before}{}", open.trim_end()));
                items.iter().for_each(|(before, item)| item.lines(before, ",", depth + 1, page, into));
                into.push(format!("{indent}{}{after}", close.trim_start()));
            }
            _ => into.push(line),
        }
    }

    /// What it is between the places where a line may end.
    pub(super) fn pieces(&self) -> Vec<String> {
        let mut pieces = vec![String::new()];
        self.add_pieces(&mut pieces);
        pieces
    }

    fn add_pieces(&self, into: &mut Vec<String>) {
        let add = |into: &mut Vec<String>, text: &str| {
            into.iter_mut().next_back().into_iter().for_each(|last| last.push_str(text))
        };
        match self {
            Self::Text(text) => add(into, text),
            Self::Of { open, items, close } => {
                add(into, open);
                for (index, (before, item)) in items.iter().enumerate() {
                    if index > 0 {
                        add(into, ",");
                        into.push(String::new());
                    }
                    add(into, before);
                    item.add_pieces(into);
                }
                add(into, close);
            }
        }
    }
}

/// Pieces in as few lines as hold them. Doctest takes the end of a line for a space, since `pyproject.toml` says so.
pub(super) fn filled(pieces: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + piece.chars().count() <= width => {
                line.push(' ');
                line.push_str(piece);
            }
            Some(_) => lines.push(format!("    {piece}")),
            None => lines.push(piece.clone()),
        }
    }
    lines
}
