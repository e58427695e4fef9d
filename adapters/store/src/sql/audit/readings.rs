//! Readings, and the lines that state them.

use super::super::engine::{Connection, Row, sql};
use super::{
    super::{codec, rows::Fields},
    Auditor,
};
use crate::StoreError;
use counterfoil::{exact::Exact, money::Currency, time::Period};
use std::collections::BTreeMap;

impl Auditor {
    /// Every reading, with the lines that state it: they come to its latest version, or to nothing where that
    /// was taken back.
    pub(super) async fn readings(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows =
            sql("select r.resource, r.start_us, r.end_us, r.version, r.usage, r.currency, r.original, r.payable, \
             s.original as stated_original, s.payable as stated_payable, \
             t.original as taken_original, t.payable as taken_payable, \
             (t.reading is not null or w.reading is not null) as withdrawn, w.reading is not null as marked \
             from readings r \
             left join statement_lines s on s.reading = r.id and s.taken_back = 0 \
             left join statement_lines t on t.reading = r.id and t.taken_back = 1 \
             left join withdrawals w on w.reading = r.id \
             order by r.start_us, r.end_us, r.resource, r.version")
            .stream(connection)?;
        let mut group: Option<ReadingGroup> = None;
        while let Some(row) = rows.try_next().await? {
            let Some(version) = self.sound(ReadingVersion::of(&row))? else {
                group = None; // its sum would say the same again
                continue;
            };
            if version.marked && !(version.original.is_zero() && version.payable.is_zero()) {
                self.find("readings", version.name(), "it is withdrawn, and no statement takes it back");
            }
            match group.as_mut().filter(|group| group.is_of(&version)) {
                Some(group) => group.add(version)?,
                None => {
                    if let Some(group) = group.replace(ReadingGroup::of(version)?) {
                        self.reading(group)?;
                    }
                }
            }
        }
        match group {
            Some(group) => self.reading(group),
            None => Ok(()),
        }
    }

    fn reading(&mut self, group: ReadingGroup) -> Result<(), StoreError> {
        let latest = &group.latest;
        let sums = self.sums(latest.currency);
        if !latest.withdrawn {
            sums.readings = sums.readings.plus(&latest.payable)?;
        }
        for (currency, (original, payable)) in &group.stated {
            let stands = *currency == latest.currency && !latest.withdrawn;
            let expected =
                if stands { (latest.original.clone(), latest.payable.clone()) } else { (Exact::ZERO, Exact::ZERO) };
            for (what, stated, expected) in [("original", original, expected.0), ("payable", payable, expected.1)] {
                if *stated != expected {
                    let fault = format!("its {what} amount is {expected} {currency}, and statements ask for {stated}");
                    self.find("readings", latest.name(), fault);
                }
            }
        }
        if !group.in_order {
            self.find("readings", latest.name(), "a version of it is missing");
        }
        Ok(())
    }
}

/// A version of a reading, with what its lines state and take back.
struct ReadingVersion {
    resource: String,
    window: Period,
    version: u32,
    currency: Currency,
    original: Exact,
    payable: Exact,
    stated: (Exact, Exact),
    withdrawn: bool,
    /// Withdrawn without a statement, because it cost nothing.
    marked: bool,
}

/// The versions of a reading.
struct ReadingGroup {
    latest: ReadingVersion,
    /// What the lines of all versions come to: original and payable.
    stated: BTreeMap<Currency, (Exact, Exact)>,
    in_order: bool,
}

impl ReadingVersion {
    fn of(row: &Row) -> Result<Self, StoreError> {
        let row = Fields::of("readings", "resource", row);
        let window = row.window()?;
        row.checked("usage", codec::usage_from_text(window, row.text("usage")?))?;
        let stated = |stated: &'static str, taken: &'static str| {
            let line = |column| match row.optional_text(column)? {
                Some(_) => Ok::<_, StoreError>(row.money(column)?.exact()),
                None => Ok(Exact::ZERO),
            };
            Ok::<_, StoreError>(line(stated)?.plus(&line(taken)?)?)
        };
        Ok(Self {
            resource: row.text("resource")?.to_owned(),
            window,
            version: row.count("version")?,
            currency: row.parse("currency")?,
            original: row.money("original")?.exact(),
            payable: row.money("payable")?.exact(),
            stated: (stated("stated_original", "taken_original")?, stated("stated_payable", "taken_payable")?),
            withdrawn: row.integer("withdrawn")? != 0,
            marked: row.integer("marked")? != 0,
        })
    }

    fn name(&self) -> String {
        format!("{}@{}", self.resource, self.window)
    }
}

impl ReadingGroup {
    fn of(first: ReadingVersion) -> Result<Self, StoreError> {
        let stated = BTreeMap::from([(first.currency, first.stated.clone())]);
        Ok(Self { in_order: first.version == 0, latest: first, stated })
    }

    fn is_of(&self, version: &ReadingVersion) -> bool {
        (&self.latest.resource, self.latest.window) == (&version.resource, version.window)
    }

    fn add(&mut self, version: ReadingVersion) -> Result<(), StoreError> {
        self.in_order &= Some(version.version) == self.latest.version.checked_add(1);
        let (original, payable) = self.stated.entry(version.currency).or_insert((Exact::ZERO, Exact::ZERO));
        *original = original.plus(&version.stated.0)?;
        *payable = payable.plus(&version.stated.1)?;
        self.latest = version;
        Ok(())
    }
}
