//! Rate cards and resources.

use super::{
    super::{
        engine::{Connection, sql},
        inventory, rate_cards,
        rows::Fields,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::{metering::History, pricing::Validity};

impl Auditor {
    /// Every card is the text that was put in, and no two that say when they are in force are so at once.
    pub(super) async fn rate_cards(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows = sql("select revision, currency, source, digest, format, from_us, to_us from rate_cards \
             order by from_us is not null, from_us, revision")
        .stream(connection)?;
        let mut before: Option<(String, Validity)> = None;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("rate_cards", "revision", &row);
            let Some(card) = self.sound(rate_cards::rate_card(fields))? else { continue };
            let validity = card.validity();
            if validity == Validity::ALWAYS {
                continue;
            }
            if let Some((other, known)) = &before
                && let Some(at) = known.overlap(validity)
            {
                self.find("rate_cards", fields.name(), format!("it is in force at {at}, and so is `{other}`"));
            }
            // By begin: if any before overlaps, the one that ends last does.
            let ends_later = before
                .as_ref()
                .is_none_or(|(_, known)| known.to.is_some_and(|known| validity.to.is_none_or(|to| to > known)));
            if ends_later {
                before = Some((fields.name(), validity));
            }
        }
        Ok(())
    }

    pub(super) async fn resources(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows =
            sql("select r.resource, r.kind, r.owner, r.unit, s.position, s.start_us, s.end_us, s.mode, s.spec \
             from resources r left join spans s on s.resource = r.id order by r.id, s.position")
            .stream(connection)?;
        let mut spans = Vec::new();
        let mut resource = String::new();
        loop {
            let row = rows.try_next().await?;
            let name = row.as_ref().map(|row| Fields::of("resources", "resource", row).name());
            if name.as_ref() != Some(&resource) {
                if !spans.is_empty()
                    && let Err(error) = History::new(std::mem::take(&mut spans))
                {
                    self.find("spans", &*resource, error.to_string());
                }
                spans.clear();
            }
            let (Some(row), Some(name)) = (row, name) else { return Ok(()) };
            let head = Fields::of("resources", "resource", &row);
            if name != resource {
                let checked = head.owner("owner").and_then(|_| {
                    head.parse::<counterfoil::metering::Kind>("kind")?;
                    head.parse::<counterfoil::units::Name>("unit")
                });
                self.sound(checked)?;
            }
            if head.optional_integer("position")?.is_some() {
                let span = inventory::span(Fields::of("spans", "resource", &row));
                spans.extend(self.sound(span)?);
            }
            resource = name;
        }
    }
}
