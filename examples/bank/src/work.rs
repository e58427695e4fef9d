//! A client: writers that ask at one time, each its own rounds one after another.

use crate::{
    answers::Answer,
    args::Bank,
    diary::{Diary, Done, Line},
    operations::{Operation, Place},
    random::Random,
    store, teller,
    world::World,
};
use anyhow::{Context, Result, bail};
use counterfoil_store::{SqlStore, StoreError};
use std::time::{Duration, Instant};

/// How long something may be sent again and again before the client gives up.
const TOO_LONG: Duration = Duration::from_secs(120);

/// Works for some seconds and rounds, after it has asked again what an earlier life of the client did not see answered.
pub(crate) async fn work(bank: &Bank, client: u32, seconds: Duration, rounds: u32) -> Result<()> {
    let end = Instant::now() + seconds;
    let (diary, past) = Diary::open(&bank.diary(client))?;
    let store = opened(bank).await?;
    let writers = (0..bank.world().writers).map(|writer| {
        let (world, store, diary) = (bank.world(), store.clone(), diary.clone());
        let (open, next_round) = (past.open_of(writer), past.next_round(writer));
        let writer = Writer { world, store, diary, open, place: Place { client, writer, round: next_round } };
        tokio::spawn(writer.work(end, rounds))
    });
    let writers: Vec<_> = writers.collect();
    for writer in writers {
        writer.await.context("a writer broke off")??;
    }
    store.close().await;
    Ok(())
}

/// The store, as soon as its server answers.
async fn opened(bank: &Bank) -> Result<SqlStore> {
    let began = Instant::now();
    loop {
        match store(bank).await {
            Err(error) if is_transient(&error) && began.elapsed() < TOO_LONG => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            opened => return opened,
        }
    }
}

fn is_transient(error: &anyhow::Error) -> bool {
    error.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient)
}

struct Writer {
    world: World,
    store: SqlStore,
    diary: Diary,
    /// What it asked in its last life.
    open: Option<(Place, Operation)>,
    place: Place,
}

impl Writer {
    async fn work(mut self, end: Instant, rounds: u32) -> Result<()> {
        if let Some((place, operation)) = self.open.take() {
            self.ask(place, &operation).await?;
        }
        while Instant::now() < end && self.place.round < rounds {
            let operation = self.world.operation(self.place);
            self.diary.write(&Line::Asked { place: self.place, operation: operation.clone() })?;
            self.ask(self.place, &operation).await?;
            self.place.round += 1;
        }
        Ok(())
    }

    /// Asks until there is an answer, and writes it down.
    async fn ask(&self, place: Place, operation: &Operation) -> Result<()> {
        let began = Instant::now();
        let mut pauses = Random::of(self.world.seed, &[place.client, place.writer, place.round, u32::MAX]);
        let answer = loop {
            match teller::ask(&self.store, operation, teller::now(place.client)?).await {
                Ok(answer) => break answer,
                Err(error) if error.is_transient() && began.elapsed() < TOO_LONG => {
                    self.diary.write(&Line::Again { place, code: error.code().to_owned() })?;
                    tokio::time::sleep(Duration::from_millis(pauses.between(20, 200).into())).await;
                }
                Err(error) if operation.may_be_refused(error.code()) => {
                    break Answer::Refused { code: error.code().to_owned() };
                }
                Err(error) => bail!("{place}: {operation:?} was answered by `{}`: {error}", error.code()),
            }
        };
        let micros = began.elapsed().as_micros().try_into()?;
        self.diary.write(&Line::Done { place, done: Done { answer, micros } })
    }
}
