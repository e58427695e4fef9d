//! Comma-separated values as RFC 4180 has them: text in, text out.
//!
//! `core` does no input and no output, so it needs neither the buffers nor the readers of a library: quoting is
//! all that is left, and a null must be told from an empty text, which libraries do not.

use crate::error::StatementError;

/// A cell; none for nothing between two commas, while `""` is an empty text.
pub(super) type CsvCell = Option<String>;

/// Appends a line.
pub(super) fn write_line<'a>(out: &mut String, cells: impl IntoIterator<Item = Option<&'a str>>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match cell {
            None => {}
            Some(text) if text.is_empty() || text.contains([',', '"', '\r', '\n']) => {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            }
            Some(text) => out.push_str(text),
        }
    }
    out.push_str("\r\n");
}

/// Reads lines, each with the number of the line on which it begins.
pub(super) fn read_lines(text: &str) -> Result<Vec<(usize, Vec<CsvCell>)>, StatementError> {
    let mut lines = Vec::new();
    let (mut line, mut begins) = (1_usize, 1_usize);
    let mut cells: Vec<CsvCell> = Vec::new();
    let mut characters = text.chars().peekable();
    while characters.peek().is_some() {
        // One cell.
        let not_csv = |line, fault| Err(StatementError::NotCsv { line, fault });
        if characters.next_if_eq(&'"').is_some() {
            let mut cell = String::new();
            loop {
                match characters.next() {
                    None => return not_csv(line, "a quoted cell does not end"),
                    Some('"') if characters.next_if_eq(&'"').is_some() => cell.push('"'),
                    Some('"') => break,
                    Some(character) => {
                        line = line.saturating_add(usize::from(character == '\n'));
                        cell.push(character);
                    }
                }
            }
            cells.push(Some(cell));
        } else {
            let mut cell = String::new();
            while let Some(character) = characters.next_if(|next| !matches!(next, ',' | '\r' | '\n')) {
                if character == '"' {
                    return not_csv(line, "a quote stands inside of a cell that is not quoted");
                }
                cell.push(character);
            }
            cells.push(Some(cell).filter(|cell| !cell.is_empty()));
        }
        // What ends it.
        match characters.next() {
            Some(',') => {
                if characters.peek().is_none() {
                    cells.push(None);
                    lines.push((begins, std::mem::take(&mut cells)));
                }
                // A line may end right after a comma: its last cell is null.
                continue;
            }
            Some('\r') if characters.next_if_eq(&'\n').is_none() => {
                return not_csv(line, "a carriage return stands without a line feed");
            }
            Some('\r' | '\n') | None => {
                lines.push((begins, std::mem::take(&mut cells)));
                line = line.saturating_add(1);
                begins = line;
            }
            Some(_) => return not_csv(line, "something stands between a closing quote and the next comma"),
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_null_is_no_empty_text() {
        let cells =
            [None, Some(""), Some("a"), Some("a,b"), Some("say \"hi\""), Some("two\r\nlines"), Some("中文"), None];
        let mut text = String::new();
        write_line(&mut text, cells);
        write_line(&mut text, [Some("x"), None]);
        assert_eq!(text, ",\"\",a,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",中文,\r\nx,\r\n");
        let lines = read_lines(&text).unwrap();
        let owned: Vec<CsvCell> = cells.iter().map(|cell| cell.map(str::to_owned)).collect();
        assert_eq!(lines, [(1, owned), (3, vec![Some("x".to_owned()), None])]);
    }

    #[test]
    fn edges() {
        let read = |text: &str| read_lines(text).map(|lines| lines.into_iter().map(|(_, cells)| cells.len()).collect());
        let shape = |text: &str| -> Vec<usize> { read(text).unwrap() };
        assert_eq!(shape(""), [0_usize; 0]);
        assert_eq!(shape("a"), [1]);
        assert_eq!(shape("a,"), [2]);
        assert_eq!(shape(",\n,"), [2, 2]);
        assert_eq!(shape("a\n\nb"), [1, 1, 1]);
        assert_eq!(shape("\"\""), [1]);
        for (bad, line) in [("\"a", 1), ("a\n\"b\nc", 3), ("a\"b", 1), ("\"a\"b", 1), ("a\rb", 1)] {
            let error = read_lines(bad).unwrap_err();
            assert_eq!((error.code(), error.details()[0].1.clone()), ("statement.not_csv", line.to_string()), "{bad}");
        }
    }
}
