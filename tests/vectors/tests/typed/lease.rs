use crate::input::{Answer, Fault, Members, all, choice, shape, text};
use crate::wallet::money_shown;
use counterfoil::{
    error::Language,
    exact::RoundingMode,
    order::{CountLock, Dates, DeviceLease, LeaseBook, Release, Trial},
    pricing::Locked,
};
use serde_json::{Value, json};

fn dates(value: &Value) -> Result<Dates, Fault> {
    let dates = Members::of(value, &["from", "until"])?;
    Ok(Dates::new(dates.date("from")?, dates.date("until")?)?)
}

fn dates_shown(dates: Dates) -> Value {
    json!({ "from": dates.from().to_string(), "until": dates.until().to_string() })
}

fn trial(value: Option<&Value>) -> Result<Trial, Fault> {
    let Some(value) = value.filter(|value| value.as_str() != Some("none")) else { return Ok(Trial::NONE) };
    match choice(value)? {
        ("free", of) => Ok(Trial::free(Members::of(of, &["days"])?.number("days")?)?),
        ("paid", of) => {
            let of = Members::of(of, &["price", "days"])?;
            Ok(Trial::paid(of.money("price")?, of.number("days")?)?)
        }
        (other, _) => shape(format!("no trial {other}")),
    }
}

fn lease_of(value: &Value) -> Result<DeviceLease, Fault> {
    let lease = Members::of(value, &["id", "order", "device", "dates", "trial"])?;
    Ok(DeviceLease {
        id: lease.text("id")?.into(),
        order: lease.text("order")?.into(),
        device: lease.text("device")?.into(),
        trial: trial(lease.optional("trial"))?,
        dates: dates(lease.value("dates")?)?,
    })
}

fn lock_of(value: &Value) -> Result<CountLock, Fault> {
    let lock = Members::of(value, &["id", "order", "count", "dates"])?;
    Ok(CountLock {
        id: lock.text("id")?.into(),
        order: lock.text("order")?.into(),
        count: lock.number("count")?,
        dates: dates(lock.value("dates")?)?,
    })
}

fn book(input: Members<'_>) -> Result<LeaseBook, Fault> {
    let book = input.members("book", &["devices", "leases", "locks"])?;
    let devices = all(book.list("devices")?, |device| Ok(text(device)?.to_owned()))?;
    let leases = all(book.list("leases")?, lease_of)?;
    let locks = all(book.list("locks")?, lock_of)?;
    Ok(LeaseBook::stored(devices, leases, locks)?)
}

fn shown(book: &LeaseBook) -> Value {
    let lease = |lease: &DeviceLease| {
        let mut shown = json!({
            "id": lease.id,
            "order": lease.order,
            "device": lease.device,
            "dates": dates_shown(lease.dates),
            "trial": lease.trial.name(),
        });
        if let Some(price) = lease.trial.price() {
            shown["trial_price"] = money_shown(price).into();
        }
        if let Some(dates) = lease.trial.dates(lease.dates) {
            shown["trial_dates"] = dates_shown(dates);
        }
        shown
    };
    let lock = |lock: &CountLock| json!({ "id": lock.id, "order": lock.order, "count": lock.count, "dates": dates_shown(lock.dates) });
    json!({
        "leases": book.leases().map(lease).collect::<Vec<_>>(),
        "locks": book.locks().map(lock).collect::<Vec<_>>(),
    })
}

pub(crate) fn lease(input: Members<'_>) -> Answer {
    Ok(shown(&book(input)?.lease(lease_of(input.value("lease")?)?)?))
}

pub(crate) fn lock(input: Members<'_>) -> Answer {
    Ok(shown(&book(input)?.lock(lock_of(input.value("lock")?)?)?))
}

pub(crate) fn release(input: Members<'_>) -> Answer {
    let what = match choice(input.value("what")?)? {
        ("id", id) => Release::Id(text(id)?),
        ("order", order) => Release::Order(text(order)?),
        (other, _) => return shape(format!("{other} is not released")),
    };
    let (after, released) = book(input)?.release(what, input.date("on")?)?;
    let ended = released.iter().map(|of| json!({ "id": of.id, "until": of.until.map(|until| until.to_string()) }));
    Ok(json!({ "released": ended.collect::<Vec<_>>(), "book": shown(&after) }))
}

pub(crate) fn extend(input: Members<'_>) -> Answer {
    Ok(shown(&book(input)?.extend(input.text("lease")?, input.date("until")?)?))
}

pub(crate) fn free(input: Members<'_>) -> Answer {
    let book = book(input)?;
    let intervals = all(input.list("dates")?, dates)?;
    let vacancy = book.vacancy();
    let free: Vec<u32> = intervals.iter().map(|dates| book.free(*dates)).collect();
    assert!(intervals.iter().zip(&free).all(|(dates, free)| vacancy.free(*dates) == *free));
    Ok(json!({ "free": free }))
}

pub(crate) fn day(input: Members<'_>) -> Answer {
    let (book, date) = (book(input)?, input.date("date")?);
    let locked = match input.text("locked_is")? {
        "idle" => Locked::IsIdle,
        "not_idle" => Locked::IsNotIdle,
        other => return shape(format!("locked is not {other}")),
    };
    let day = book.on(date);
    let rates = day.rates(locked)?;
    Ok(json!({
        "total": day.total,
        "leased": day.leased,
        "locked": day.locked,
        "rent_rate": rates.leased().round_digits(6, RoundingMode::HalfUp)?.to_string(),
        "idle_rate": rates.idle().round_digits(6, RoundingMode::HalfUp)?.to_string(),
        "ended": book.ended(date),
        "text": rates.derivation().to_string(),
        "text_zh": rates.derivation().text(Language::Chinese),
    }))
}
