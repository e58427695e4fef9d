//! Rate cards: their texts, and which of them is in force when.

use super::{
    SqlStore,
    engine::{Connection, Turn, sql},
    rows::Fields,
};
use crate::{Put, RateCards, StoreError, StoredRateCard, texts};
use async_trait::async_trait;
use counterfoil::{
    pricing::{CardFormat, RateCard, Validity},
    time::Instant,
    units::Name,
};
use sha2::{Digest, Sha256};

#[async_trait]
impl RateCards for SqlStore {
    async fn put_rate_card_in(&self, format: CardFormat, source: &str) -> Result<Put, StoreError> {
        texts::document("rate card", source)?;
        let card = RateCard::from_text(source, format)?;
        let conflict = |fact| StoreError::Conflict { what: "rate card", id: card.revision().to_string(), fact };
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::RateCards]).await?;
            if let Some((known_format, known)) = source_of(&mut transaction, card.revision()).await? {
                return match (known == source, known_format == format) {
                    (true, true) => Ok(Put::Unchanged),
                    (true, false) => Err(conflict("format")),
                    (false, _) => Err(conflict("text")),
                };
            }
            let validity = card.validity();
            if validity != Validity::ALWAYS {
                for known in listed(&mut transaction).await?.iter().filter(|known| known.validity != Validity::ALWAYS) {
                    if let Some(at) = known.validity.overlap(validity) {
                        return Err(two_in_force(&known.revision, card.revision(), at));
                    }
                }
            }
            let insert = "insert into rate_cards (revision, currency, source, digest, format, from_us, to_us) \
                 values (?, ?, ?, ?, ?, ?, ?)";
            sql(insert)
                .bind(card.revision().as_str())
                .bind(card.currency().code())
                .bind(source)
                .bind(&Sha256::digest(source)[..])
                .bind(format.name())
                .bind(validity.from.map(Instant::micros))
                .bind(validity.to.map(Instant::micros))
                .execute(&mut transaction)
                .await?;
            transaction.commit().await?;
            Ok(Put::Inserted)
        })
        .await
    }

    async fn rate_card(&self, revision: &Name) -> Result<Option<RateCard>, StoreError> {
        card_of(&mut self.read().await?, revision).await
    }

    async fn rate_card_source(&self, revision: &Name) -> Result<Option<(CardFormat, String)>, StoreError> {
        let mut connection = self.read().await?;
        // The card is read for its sake: a text that was edited is not handed out.
        match card_of(&mut connection, revision).await? {
            Some(_) => source_of(&mut connection, revision).await,
            None => Ok(None),
        }
    }

    async fn rate_cards(&self) -> Result<Vec<StoredRateCard>, StoreError> {
        listed(&mut self.read().await?).await
    }

    async fn rate_card_in_force(&self, at: Instant) -> Result<Option<RateCard>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let listed = listed(&mut snapshot).await?;
        let (always, scheduled): (Vec<&StoredRateCard>, Vec<_>) =
            listed.iter().partition(|card| card.validity == Validity::ALWAYS);
        let in_force = scheduled.into_iter().filter(|card| card.validity.holds_at(at)).collect::<Vec<_>>();
        let candidates = if in_force.is_empty() { always } else { in_force };
        match candidates.as_slice() {
            [] => Ok(None),
            [only] => card_of(&mut snapshot, &only.revision).await,
            [one, other, ..] => Err(two_in_force(&one.revision, &other.revision, at)),
        }
    }
}

/// A card as it was kept.
pub(super) fn rate_card(row: Fields<'_>) -> Result<RateCard, StoreError> {
    let source = row.text("source")?;
    if Sha256::digest(source)[..] != *row.bytes("digest")? {
        return Err(row.corrupt("source", "it is not the text that was put in"));
    }
    let kept = stored(row)?;
    let card = row.checked("source", RateCard::from_text(source, kept.format))?;
    if *card.revision() != kept.revision {
        return Err(row.corrupt("revision", "the text names another"));
    }
    if card.currency() != kept.currency {
        return Err(row.corrupt("currency", "the text names another"));
    }
    if card.validity() != kept.validity {
        return Err(row.corrupt("from_us", "the text says otherwise when it is in force"));
    }
    Ok(card)
}

/// What a row says of a card, besides its text.
pub(super) fn stored(row: Fields<'_>) -> Result<StoredRateCard, StoreError> {
    let format = row.text("format")?;
    let known = CardFormat::ALL.into_iter().find(|known| known.name() == format);
    Ok(StoredRateCard {
        revision: row.parse("revision")?,
        currency: row.parse("currency")?,
        format: known.ok_or_else(|| row.corrupt("format", "it is no format of a rate card"))?,
        validity: Validity { from: row.optional_instant("from_us")?, to: row.optional_instant("to_us")? },
    })
}

async fn card_of(connection: &mut Connection, revision: &Name) -> Result<Option<RateCard>, StoreError> {
    let select = "select revision, currency, source, digest, format, from_us, to_us from rate_cards where revision = ?";
    let row = sql(select).bind(revision.as_str()).fetch_optional(connection).await?;
    row.map(|row| rate_card(Fields::of("rate_cards", "revision", &row))).transpose()
}

async fn source_of(connection: &mut Connection, revision: &Name) -> Result<Option<(CardFormat, String)>, StoreError> {
    let select = "select revision, currency, source, format, from_us, to_us from rate_cards where revision = ?";
    let row = sql(select).bind(revision.as_str()).fetch_optional(connection).await?;
    row.map(|row| {
        let row = Fields::of("rate_cards", "revision", &row);
        Ok((stored(row)?.format, row.text("source")?.to_owned()))
    })
    .transpose()
}

/// Every card, by the begin of its validity and by name.
async fn listed(connection: &mut Connection) -> Result<Vec<StoredRateCard>, StoreError> {
    let rows =
        sql("select revision, currency, format, from_us, to_us from rate_cards order by from_us is not null, from_us, revision")
            .fetch_all(connection)
            .await?;
    rows.iter().map(|row| stored(Fields::of("rate_cards", "revision", row))).collect()
}

fn two_in_force(one: &Name, other: &Name, at: Instant) -> StoreError {
    StoreError::TwoInForce { revision: one.to_string(), other: other.to_string(), at: at.to_string() }
}
