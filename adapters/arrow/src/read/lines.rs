use super::{
    bound::{column, not_found},
    cells::{Quantities, QuantityBuffer, each_place},
    days::{Days, day_text},
    names::Names,
    words::{NoWord, Words, text_at},
};
use crate::{
    BatchError,
    schema::{KIND, LinePlaces, ORIGINAL, OWNER, PAYABLE, RESOURCE, SERVICE_UNIT, STATE},
};
use arrow_array::{Array, RecordBatch};
use counterfoil::{
    metering::{
        Kind,
        bulk::{Ids, Numbers},
    },
    money::bulk::Amounts,
    pricing::bulk::RowState,
    statement::bulk::ChargedColumns,
    units::Name,
    wallet::{Owner, OwnerKind},
};

/// The place of what there is not, so that the core refuses it.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Memory for the lines of a batch, used again for the next.
#[derive(Debug, Default)]
pub(crate) struct LineInputs {
    state: Vec<RowState>,
    day: Vec<u32>,
    owners: Names<Owner>,
    units: Names<Name>,
    kinds: Names<Kind>,
    resource: Vec<u32>,
    original: QuantityBuffer,
    payable: QuantityBuffer,
    faults: Vec<(usize, LineFault)>,
}

/// The lines of a batch as the core takes them.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// The rows that lack something are in it as faulty, so that the core passes over them.
    pub(crate) charged: ChargedColumns<'a>,
    /// The rows that lack something, in order and each once.
    pub(crate) faults: &'a [(usize, LineFault)],
}

/// What is wrong with a row that the core never sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineFault {
    /// A column has no value.
    Null(&'static str),
    /// The state is none.
    State,
    /// The day is not stated.
    Day,
    /// The name in a column is none, for this reason.
    Name(&'static str, &'static str),
}

impl LineFault {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Null(_) => "arrow.null_in_column",
            Self::State => "arrow.unknown_state",
            Self::Day => "arrow.no_day",
            Self::Name(_, code) => code,
        }
    }
}

/// Rows that lack something are put down here, unless they are not stated anyway.
pub(super) struct Notes<'n> {
    state: &'n [RowState],
    faults: &'n mut Vec<(usize, LineFault)>,
}

impl Notes<'_> {
    fn is_stated(&self, row: usize) -> bool {
        self.state.get(row) == Some(&RowState::Rated)
    }

    pub(super) fn add(&mut self, row: usize, fault: LineFault) {
        if self.is_stated(row) {
            self.faults.push((row, fault));
        }
    }
}

impl LineInputs {
    /// Reads a batch.
    pub(crate) fn read<'a>(
        &'a mut self,
        places: &LinePlaces,
        days: &Days,
        batch: &'a RecordBatch,
    ) -> Result<Lines<'a>, BatchError> {
        let Self { state, day, owners, units, kinds, resource, original, payable, faults } = self;
        let columns = batch.columns();
        faults.clear();
        read_state(places.state.map(|place| column(columns, place)).transpose()?, batch.num_rows(), state, faults);
        let mut notes = Notes { state, faults };
        let day = days.read(places.day, batch, day, &mut notes)?;
        read_names(
            owners,
            &**column(columns, places.owner)?,
            OWNER,
            |text| owner(text).map_err(|error| error.code()),
            &mut notes,
        );
        read_names(
            units,
            &**column(columns, places.unit)?,
            SERVICE_UNIT,
            |text| text.parse::<Name>().map_err(|error| error.code()),
            &mut notes,
        );
        read_names(
            kinds,
            &**column(columns, places.kind)?,
            KIND,
            |text| text.parse::<Kind>().map_err(|error| error.code()),
            &mut notes,
        );
        let resource = match places.resource {
            None => None,
            Some(place) => {
                resource.clear();
                each_place(&**column(columns, place)?, 0..batch.num_rows(), resource, |row, place| {
                    if place.is_none() {
                        notes.add(row, LineFault::Null(RESOURCE));
                    }
                    place.and_then(|place| u32::try_from(place).ok()).unwrap_or(NOWHERE)
                });
                Some(&resource[..])
            }
        };
        let original = read_amounts(&**column(columns, places.original)?, ORIGINAL, original, &mut notes)?;
        let payable = read_amounts(&**column(columns, places.payable)?, PAYABLE, payable, &mut notes)?;
        // Of several faults of a row, the first is told: they stand in the order of the columns.
        faults.sort_by_key(|(row, _)| *row);
        faults.dedup_by_key(|(row, _)| *row);
        for (row, _) in &*faults {
            if let Some(state) = state.get_mut(*row) {
                *state = RowState::Faulty;
            }
        }
        let charged = ChargedColumns {
            owners: &owners.list,
            units: &units.list,
            kinds: &kinds.list,
            day,
            owner: Ids::Each(&owners.places),
            unit: Ids::Each(&units.places),
            kind: Ids::Each(&kinds.places),
            resource,
            windows: None, // the day was found by the window
            state: Some(state),
            original,
            payable,
        };
        Ok(Lines { charged, faults })
    }
}

fn read_state(
    column: Option<&arrow_array::ArrayRef>,
    rows: usize,
    state: &mut Vec<RowState>,
    faults: &mut Vec<(usize, LineFault)>,
) {
    state.clear();
    let Some(column) = column else {
        state.resize(rows, RowState::Rated);
        return;
    };
    Words::new(&**column, state_of).at(0..rows, state_of, |found| {
        match found {
            Ok(_) => {}
            Err(NoWord::Null) => faults.push((state.len(), LineFault::Null(STATE))),
            Err(NoWord::Unknown) => faults.push((state.len(), LineFault::State)),
        }
        state.push(found.unwrap_or(RowState::Faulty));
    });
}

fn state_of(word: &str) -> Option<RowState> {
    match word {
        "rated" => Some(RowState::Rated),
        "absent" => Some(RowState::Absent),
        "faulty" => Some(RowState::Faulty),
        _ => None,
    }
}

fn read_names<T>(
    names: &mut Names<T>,
    array: &dyn Array,
    column: &'static str,
    parse: impl Fn(&str) -> Result<T, &'static str>,
    notes: &mut Notes<'_>,
) {
    let state = notes.state;
    let is_stated = |row: usize| state.get(row) == Some(&RowState::Rated);
    names.read(array, is_stated, parse, |row, code| {
        notes.add(row, code.map_or(LineFault::Null(column), |code| LineFault::Name(column, code)));
    });
}

fn read_amounts<'a>(
    array: &'a dyn Array,
    column: &'static str,
    buffer: &'a mut QuantityBuffer,
    notes: &mut Notes<'_>,
) -> Result<Amounts<'a>, BatchError> {
    let (numbers, present) = Quantities::of(array)?.at(0..array.len(), buffer);
    let nulls = present.unwrap_or_default().iter().enumerate().filter(|(_, is_there)| !**is_there);
    nulls.for_each(|(row, _)| notes.add(row, LineFault::Null(column)));
    match numbers {
        Numbers::Each(numbers) => Ok(Amounts::Narrow(numbers)),
        Numbers::Wide(numbers) => Ok(Amounts::Wide(numbers)),
        Numbers::All(_) => Err(not_found()), // each column has its numbers
    }
}

/// An owner as it is written in a column, and in the core.
fn owner(text: &str) -> Result<Owner, BatchError> {
    let owner = text.split_once(':').filter(|(_, id)| !id.is_empty());
    let owner = owner.and_then(|(kind, id)| Some(Owner::new(kind.parse::<OwnerKind>().ok()?, id)));
    owner.ok_or_else(|| BatchError::BadOwner { text: text.to_owned() })
}

/// The whole error of what a row of a batch lacks.
pub(crate) fn line_error(fault: LineFault, places: &LinePlaces, batch: &RecordBatch, row: usize) -> BatchError {
    let text = |place: Option<usize>| {
        let array = place.and_then(|place| batch.columns().get(place));
        array.and_then(|array| text_at(&**array, row)).unwrap_or_default()
    };
    let refused = match fault {
        LineFault::Null(column) => return BatchError::NullInColumn { column: column.to_owned() },
        LineFault::State => return BatchError::UnknownState { text: text(places.state) },
        LineFault::Day => return BatchError::NoDay { day: day_text(places.day, batch, row).unwrap_or_default() },
        LineFault::Name(OWNER, _) => owner(&text(Some(places.owner))).err(),
        LineFault::Name(SERVICE_UNIT, _) => text(Some(places.unit)).parse::<Name>().err().map(BatchError::from),
        LineFault::Name(_, _) => text(Some(places.kind)).parse::<Kind>().err().map(BatchError::from),
    };
    refused.unwrap_or_else(not_found)
}
