use super::{NO_GROUP, Placed, StatementColumns};

/// The lines of statements as lists of rows: statement *s* has the rows `rows[offsets[s]..offsets[s + 1]]`,
/// in their order, so that lines are written without copying any column.
///
/// # Rule
/// R-S1
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineLists {
    /// Where the lines of each statement begin, and one more.
    pub offsets: Vec<usize>,
    /// The rows of the batch, statement by statement; those in no group are in none.
    pub rows: Vec<usize>,
    /// The place of each group among the statements; here for its memory.
    places: Vec<usize>,
}

impl LineLists {
    /// Fills in the lines that the rows of one batch are of the statements. It takes time in proportion to both.
    ///
    /// A statement has no lines here that are of other batches.
    pub fn fill(&mut self, statements: &StatementColumns, placed: &Placed) {
        let Self { offsets, rows, places } = self;
        let groups = statements.group.iter().max().map_or(0, |last| last.saturating_add(1));
        places.clear();
        places.resize(groups, NO_GROUP);
        for (place, group) in statements.group.iter().enumerate() {
            if let Some(of_group) = places.get_mut(*group) {
                *of_group = place;
            }
        }
        // How many lines come before each; first one place further on, so that it can be moved while they are put.
        let place_of = |group: &usize| places.get(*group).copied().filter(|place| *place != NO_GROUP);
        offsets.clear();
        offsets.resize(statements.group.len().saturating_add(1), 0);
        for place in placed.group.iter().filter_map(place_of) {
            if let Some(count) = offsets.get_mut(place.saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut before = 0_usize;
        for offset in offsets.iter_mut() {
            before = before.saturating_add(*offset);
            *offset = before;
        }
        rows.clear();
        rows.resize(before, 0);
        for (row, place) in placed.group.iter().enumerate().filter_map(|(row, group)| Some((row, place_of(group)?))) {
            let Some(next) = offsets.get_mut(place) else { continue };
            if let Some(line) = rows.get_mut(*next) {
                *line = row;
            }
            *next = next.saturating_add(1);
        }
        // Each has moved to where the next begins.
        offsets.rotate_right(1);
        if let Some(first) = offsets.first_mut() {
            *first = 0;
        }
    }
}
